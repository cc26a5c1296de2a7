/* SPDX-License-Identifier: ISC */
#include "enrich/uap.h"

#include "enrich/yaml.h"

#define ARENA ((size_t)64 * 1024 * 1024)

/* A list, and for each part: what replaces it, and its group. A device's brand
 * has no group, and its model is the first one too. */
static const struct {
	const char *list;
	const char *parts[SST_AGENT_PARTS];
	uint8_t groups[SST_AGENT_PARTS];
} kinds[SST_UAP_KINDS] = {
	[SST_UAP_BROWSER] = { "user_agent_parsers",
		{ "family_replacement", "v1_replacement", "v2_replacement",
			"v3_replacement" },
		{ 1, 2, 3, 4 } },
	[SST_UAP_SYSTEM] = { "os_parsers",
		{ "os_replacement", "os_v1_replacement", "os_v2_replacement",
			"os_v3_replacement", "os_v4_replacement" },
		{ 1, 2, 3, 4, 5 } },
	[SST_UAP_DEVICE] = { "device_parsers",
		{ "device_replacement", "brand_replacement",
			"model_replacement" },
		{ 1, 0, 1 } },
};

static enum sst_status
take(void *self, const struct sst_yaml_item *item, struct sst_err *err)
{
	struct sst_uap *uap = self;
	struct sst_agent_pattern pattern = { .text = sst_yaml_value(
						     item, "regex") };
	enum sst_status status;
	size_t kind = 0;

	while (kind < SST_UAP_KINDS &&
		!sst_span_is(item->list, kinds[kind].list))
		kind++;
	if (kind == SST_UAP_KINDS)
		return SST_OK; /* a newer file's */
	if (pattern.text.at == NULL)
		return sst_fail(err, SST_ECONFIG, "%s:%lu: expected a 'regex'",
			item->path, item->line);
	pattern.is_caseless =
		sst_span_is(sst_yaml_value(item, "regex_flag"), "i");
	for (size_t i = 0; i < SST_AGENT_PARTS; i++) {
		if (kinds[kind].parts[i] != NULL)
			pattern.parts[i] =
				sst_yaml_value(item, kinds[kind].parts[i]);
		pattern.groups[i] = kinds[kind].groups[i];
	}
	status = sst_agent_list_add(
		&uap->lists[kind], &uap->arena, &pattern, err);
	if (status == SST_OK && kind == SST_UAP_DEVICE &&
		sst_span_is(pattern.parts[0], "Spider") &&
		uap->spiders.n + 1 == uap->lists[kind].n)
		status = sst_agent_list_add(
			&uap->spiders, &uap->arena, &pattern, err);
	return status;
}

void
sst_uap_init(struct sst_uap *uap)
{
	*uap = (struct sst_uap){ .spiders = { .n = 0 } };
	sst_arena_init(&uap->arena, ARENA);
}

enum sst_status
sst_uap_read(struct sst_uap *uap, const char *path, struct sst_err *err)
{
	const struct sst_yaml_taker taker = { take, uap };
	size_t before[SST_UAP_KINDS];
	enum sst_status status;

	for (size_t i = 0; i < SST_UAP_KINDS; i++)
		before[i] = uap->lists[i].n;
	status = sst_yaml_read(path, taker, err);
	for (size_t i = 0; i < SST_UAP_KINDS && status == SST_OK; i++)
		if (uap->lists[i].n == before[i])
			status = sst_fail(err, SST_ECONFIG,
				"%s: expected a list '%s'", path,
				kinds[i].list);
	return status;
}

enum sst_status
sst_uap_compile(struct sst_uap *uap, struct sst_err *err)
{
	enum sst_status status = sst_agent_list_compile(&uap->spiders, err);

	for (size_t i = 0; i < SST_UAP_KINDS && status == SST_OK; i++)
		status = sst_agent_list_compile(&uap->lists[i], err);
	return status;
}

uint64_t
sst_uap_bad(const struct sst_uap *uap)
{
	uint64_t bad = uap->spiders.bad;

	for (size_t i = 0; i < SST_UAP_KINDS; i++)
		bad += uap->lists[i].bad;
	return bad;
}

void
sst_uap_release(struct sst_uap *uap)
{
	for (size_t i = 0; i < SST_UAP_KINDS; i++)
		sst_agent_list_release(&uap->lists[i]);
	sst_agent_list_release(&uap->spiders);
	sst_arena_release(&uap->arena);
}
