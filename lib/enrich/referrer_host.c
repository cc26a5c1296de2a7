/* SPDX-License-Identifier: ISC */
#include "enrich/referrer_list.h"

/* Lower case, without a final dot. Empty: no host, or too long to be one. */
void
sst_host_fold(struct sst_host *to, struct sst_span host)
{
	if (host.len != 0 && host.at[host.len - 1] == '.')
		host.len--;
	to->len = host.len > SST_HOST_MAX ? 0 : host.len;
	for (size_t i = 0; i < to->len; i++)
		to->at[i] = sst_lower(host.at[i]);
}

struct sst_span
sst_host_bare(struct sst_span host)
{
	static const struct sst_span www = SST_SPAN("www.");

	return sst_span_starts(host, www) ? sst_span_from(host, www.len) : host;
}

/* How many bytes at the end are a top level domain, as "name.*" means it:
 * one label, or two as in "co.uk". */
static size_t
top_level(struct sst_span host)
{
	static const char *const second[] = { "ac", "co", "com", "edu", "gov",
		"ne", "net", "or", "org" };
	size_t last = host.len, before;

	while (last > 0 && host.at[last - 1] != '.')
		last--;
	if (last < 2 || host.len - last != 2)
		return host.len - last;
	before = last - 1;
	while (before > 0 && host.at[before - 1] != '.')
		before--;
	for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++)
		if (sst_span_is(sst_span(host.at + before, last - 1 - before),
			    second[i]) &&
			before != 0)
			return host.len - before;
	return host.len - last;
}

/* The source that the first of `rules` that fits the path says. */
static uint32_t
by_path(const struct sst_referrer_list *list, uint32_t rules,
	struct sst_span path, bool *is_by_path)
{
	for (; rules != UINT32_MAX; rules = list->rules[rules].next) {
		const struct sst_host_rule *rule = &list->rules[rules];

		*is_by_path |= rule->path.len != 0;
		if (sst_span_starts(path, rule->path))
			return rule->source;
	}
	return SST_NO_SOURCE;
}

uint32_t
sst_host_look(const struct sst_referrer_list *list, struct sst_span host,
	struct sst_span path, bool *is_by_path)
{
	size_t top = top_level(host);

	while (host.len > top) {
		const struct sst_span keys[] = { host,
			sst_span_head(host, host.len - top) };
		size_t dot = sst_span_find(host, '.');

		for (int i = 0; i < 2; i++) {
			uint32_t source = by_path(list,
				sst_index_find(&list->hosts, keys[i]), path,
				is_by_path);

			if (source != SST_NO_SOURCE)
				return source;
		}
		host = sst_span_from(host, dot + (dot < host.len));
	}
	return SST_NO_SOURCE;
}

bool
sst_host_is_page(struct sst_span bare, struct sst_span page_host)
{
	struct sst_span page = sst_host_bare(page_host);

	return page.len != 0 && page.len == bare.len &&
	       (sst_span_eq(bare, page) || sst_span_eq_nocase(bare, page));
}
