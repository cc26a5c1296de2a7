/* SPDX-License-Identifier: ISC */
/*
 * Lines of key=value: a value ends at a space, or is quoted; a key without
 * "=" stands for itself (Go's logfmt says it is true).
 */
#include "record/members_parts.h"

struct tokens {
	const char *at, *end;
	struct sst_pair *pairs;
	size_t n;
};

/* From behind an opening quote to the closing one that no backslash escapes;
 * NULL: there is none. */
static const char *
closing_quote(const char *at, const char *end)
{
	for (; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at : NULL;
}

static bool
take_value(struct tokens *t, struct sst_pair *pair)
{
	const char *start = t->at;

	pair->kind = SST_KIND_STRING;
	if (t->at < t->end && *t->at == '"') {
		const char *quote = closing_quote(++start, t->end);

		if (quote == NULL || (quote + 1 < t->end && quote[1] != ' '))
			return false;
		pair->value = sst_span(start, (size_t)(quote - start));
		t->at = quote + 1;
		return true;
	}
	while (t->at < t->end && *t->at != ' ')
		t->at++;
	pair->value = sst_span(start, (size_t)(t->at - start));
	return true;
}

/* One pair, or a bare key. */
static bool
take_pair(struct tokens *t)
{
	static const char yes[sizeof("true") + SST_PAD] = "true";
	struct sst_pair *pair = &t->pairs[t->n++];
	const char *start = t->at;

	*pair = (struct sst_pair){ .kind = SST_KIND_TRUE, .value = { yes, 4 } };
	while (t->at < t->end && *t->at != '=' && *t->at != ' ')
		t->at++;
	pair->key = sst_span(start, (size_t)(t->at - start));
	if (t->at == t->end || *t->at == ' ')
		return true;
	t->at++;
	return pair->key.len > 0 && take_value(t, pair);
}

bool
sst_logfmt_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	struct sst_work *work = record->work;
	struct tokens t = { .at = line.at, .end = line.at + line.len };

	(void)layout;
	t.pairs = work->pairs;
	work->is_scanned = work->is_repaired = false; /* the pairs are ours */
	if (sst_span_find(line, '=') == line.len)
		return false;
	for (;;) {
		while (t.at < t.end && *t.at == ' ')
			t.at++;
		if (t.at == t.end)
			break;
		if (t.n == SST_MEMBERS_MAX || !take_pair(&t))
			return false;
	}
	return sst_members_take(record, t.n);
}
