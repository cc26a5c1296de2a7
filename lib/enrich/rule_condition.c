/* SPDX-License-Identifier: ISC */
#include "enrich/rule_reading.h"

#include "base/num.h"

#include <stdlib.h>

/* Bits of a set of statuses, in words. */
#define STATUS_WORDS ((size_t)16)
#define STATUS_MAX 999

/* A text, or a list of at least one: copies of them. */
enum sst_status
sst_rule_read_texts(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, const struct sst_span **out, size_t *n)
{
	bool is_list = node->kind == SST_DOC_ARRAY;
	const struct sst_doc_node *item = is_list ? node->first : node;
	struct sst_span *texts;

	*n = is_list ? node->count : 1;
	texts = sst_rule_take(r, *n + 1, sizeof(*texts));
	if (texts == NULL)
		return sst_rule_no_memory(r);
	if (is_list && node->count == 0)
		return SST_RULE_FAIL(r, node, "expected at least one text");
	for (size_t i = 0; i < *n; i++, item = item->next) {
		struct sst_span text = item->text;

		if (item->kind == SST_DOC_TRUE || item->kind == SST_DOC_FALSE)
			text = sst_span_of(
				item->kind == SST_DOC_TRUE ? "true" : "false");
		else if (item->kind != SST_DOC_STRING &&
			 item->kind != SST_DOC_NUMBER)
			return SST_RULE_FAIL(
				r, item, "expected a text or a list of texts");
		texts[i] = sst_arena_copy(&r->rules->arena, text);
		if (texts[i].at == NULL)
			return sst_rule_no_memory(r);
	}
	*out = texts;
	return SST_OK;
}

/* The same, to compare with. */
static enum sst_status
read_wants(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	const struct sst_span *texts;
	enum sst_status status = sst_rule_read_texts(r, node, &texts, &test->n);
	struct sst_want *wants;

	if (status != SST_OK)
		return status;
	wants = sst_rule_take(r, test->n, sizeof(*wants));
	if (wants == NULL)
		return sst_rule_no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		size_t n = texts[i].len < 8 ? texts[i].len : 8;

		wants[i].text = texts[i];
		memcpy(&wants[i].head, texts[i].at, n);
		memset(&wants[i].mask, 0xff, n);
	}
	test->wants = wants;
	return SST_OK;
}

enum sst_status
sst_rule_read_method(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	enum sst_status status = read_wants(r, node, test);
	uint64_t *methods;

	test->field = SST_F_METHOD;
	test->kind = SST_TEST_IN;
	if (status != SST_OK)
		return status;
	methods = sst_rule_take(r, test->n, sizeof(*methods));
	if (methods == NULL)
		return sst_rule_no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		methods[i] = sst_pack(test->wants[i].text);
		if (methods[i] == 0)
			return SST_OK; /* a long one: compared as texts */
	}
	test->kind = SST_TEST_METHOD;
	test->is.methods = methods;
	return SST_OK;
}

/* "404", "4xx" or "200-299" to first and last. */
static bool
read_status_range(struct sst_span text, uint64_t *first, uint64_t *last)
{
	size_t dash = sst_span_find(text, '-');

	if (text.len == 3 && text.at[0] >= '1' && text.at[0] <= '9' &&
		sst_span_eq_nocase(sst_span_from(text, 1), sst_span("xx", 2))) {
		*first = (uint64_t)(text.at[0] - '0') * 100;
		*last = *first + 99;
		return true;
	}
	if (!sst_num_u64(sst_span_head(text, dash), first))
		return false;
	*last = *first;
	if (dash < text.len &&
		!sst_num_u64(sst_span_from(text, dash + 1), last))
		return false;
	return *first <= *last && *last <= STATUS_MAX;
}

enum sst_status
sst_rule_read_status(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	const struct sst_span *texts;
	enum sst_status status = sst_rule_read_texts(r, node, &texts, &test->n);
	uint64_t *bits = sst_rule_take(r, STATUS_WORDS, sizeof(*bits));

	if (status != SST_OK)
		return status;
	if (bits == NULL)
		return sst_rule_no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		uint64_t at, last;

		if (!read_status_range(texts[i], &at, &last))
			return SST_RULE_FAIL(r, node,
				"expected a status: 404, \"4xx\" or "
				"\"200-299\"");
		for (; at <= last; at++)
			bits[at / 64] |= (uint64_t)1 << (at % 64);
	}
	test->kind = SST_TEST_STATUS;
	test->field = SST_F_STATUS;
	test->is.statuses = bits;
	return SST_OK;
}

static enum sst_status
read_extensions(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	const struct sst_span *texts;
	enum sst_status status = sst_rule_read_texts(r, node, &texts, &test->n);
	struct sst_packed_set *set = &test->is.extensions;
	size_t rows = 8;

	if (status != SST_OK)
		return status;
	if (test->field != SST_F_PATH)
		return SST_RULE_FAIL(r, node, "only 'path' has an extension");
	set->shift = 61;
	for (; rows < test->n * 2; rows *= 2)
		set->shift--;
	set->rows = sst_rule_take(r, rows, sizeof(*set->rows));
	if (set->rows == NULL)
		return sst_rule_no_memory(r);
	set->mask = rows - 1;
	for (size_t i = 0; i < rows; i++)
		set->rows[i] = SST_PACK_FREE;
	for (size_t i = 0; i < test->n; i++) {
		uint64_t word = sst_pack(texts[i]);
		size_t at = sst_packed_row(set, word);

		for (size_t k = 0; k < texts[i].len; k++)
			if (texts[i].at[k] == '.' ||
				sst_lower(texts[i].at[k]) != texts[i].at[k])
				word = SST_PACK_FREE;
		if (word == SST_PACK_FREE || (word == 0 && texts[i].len != 0))
			return SST_RULE_FAIL(r, node,
				"expected extensions of up to %zu bytes in "
				"lower case, without '.'",
				SST_PACK_MAX);
		while (set->rows[at] != SST_PACK_FREE)
			at = (at + 1) & set->mask;
		set->rows[at] = word;
	}
	test->kind = SST_TEST_EXTENSION;
	return SST_OK;
}

enum sst_status
sst_rule_read_query_has(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	struct sst_param_names *names = sst_rule_take(r, 1, sizeof(*names));
	const struct sst_span *texts;
	enum sst_status status = sst_rule_read_texts(r, node, &texts, &test->n);

	if (status != SST_OK)
		return status;
	if (names == NULL)
		return sst_rule_no_memory(r);
	names->n = test->n;
	names->at = sst_rule_take(r, test->n, sizeof(*names->at));
	if (names->at == NULL)
		return sst_rule_no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		if (texts[i].len == 0 || texts[i].len > 63)
			return SST_RULE_FAIL(r, node,
				"expected names of parameters of 1 to 63 "
				"bytes");
		names->at[i] = texts[i];
		names->lengths[(uint8_t)texts[i].at[0]] |= (uint64_t)1
							   << texts[i].len;
	}
	test->kind = SST_TEST_QUERY_HAS;
	test->field = SST_F_QUERY;
	test->is.params = names;
	return SST_OK;
}

static bool
is_special(char c)
{
	return c == '\0' || memchr("\\^$.[]|()?*+{}", c, 14) != NULL;
}

/* What every match begins with: literals behind "^", when nothing in the
 * pattern offers a choice. */
static struct sst_span
literal_prefix(struct sst_span pattern)
{
	struct sst_span prefix = { pattern.at + 1, 0 };

	if (pattern.len == 0 || pattern.at[0] != '^' ||
		sst_span_find(pattern, '|') != pattern.len)
		return sst_span("", 0);
	while (prefix.len + 1 < pattern.len &&
		!is_special(prefix.at[prefix.len]))
		prefix.len++;
	/* A quantifier belongs to the byte before it (or to the character,
	 * when that is longer: then not one byte of it is certain). */
	if (prefix.len + 1 < pattern.len &&
		memchr("?*{", prefix.at[prefix.len], 3) != NULL)
		while (prefix.len > 0 &&
			((uint8_t)prefix.at[--prefix.len] & 0xc0) == 0x80)
			continue;
	return prefix;
}

static enum sst_status
keep_match(const struct sst_rule_reading *r, struct sst_match *match)
{
	struct sst_rules *rules = r->rules;

	if (rules->match_count == rules->match_cap) {
		size_t cap = rules->match_cap == 0 ? 16 : rules->match_cap * 2;
		struct sst_match **at = realloc(
			rules->matches, cap * sizeof(struct sst_match *));

		if (at == NULL) {
			sst_match_close(match);
			return sst_rule_no_memory(r);
		}
		rules->matches = at;
		rules->match_cap = cap;
	}
	rules->matches[rules->match_count++] = match;
	return SST_OK;
}

static enum sst_status
read_pattern(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	struct sst_match_options options = { 0 };
	struct sst_span prefix;
	struct sst_err why = { 0 };
	struct sst_match *match;
	enum sst_status status;

	if (sst_match_open(&match, node->text, options, &why) != SST_OK)
		return SST_RULE_FAIL(r, node, "%s", why.text);
	status = keep_match(r, match);
	if (status != SST_OK)
		return status;
	prefix = literal_prefix(node->text);
	test->kind = SST_TEST_PATTERN;
	test->is.pattern.match = match;
	test->is.pattern.prefix = sst_arena_copy(&r->rules->arena, prefix);
	if (test->is.pattern.prefix.at == NULL)
		return sst_rule_no_memory(r);
	test->is.pattern.groups = sst_match_group_count(match);
	for (size_t i = 1; i <= test->is.pattern.groups; i++)
		if (sst_match_group_name(match, i).len != 0)
			test->is.pattern.has_names = true;
	return SST_OK;
}

/* { "starts": ... } and its like. */
static enum sst_status
read_comparison(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	static const struct {
		const char *name;
		enum sst_test_kind kind;
	} rows[] = {
		{ "starts", SST_TEST_STARTS },
		{ "ends", SST_TEST_ENDS },
		{ "in", SST_TEST_IN },
		{ "equals", SST_TEST_IN },
		{ "extension", SST_TEST_EXTENSION },
	};
	const struct sst_doc_node *what = node->first;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (node->count != 1 || !sst_span_is(what->name, rows[i].name))
			continue;
		test->kind = rows[i].kind;
		if (test->kind == SST_TEST_EXTENSION)
			return read_extensions(r, what, test);
		return read_wants(r, what, test);
	}
	return SST_RULE_FAIL(r, node,
		"expected one of 'starts', 'ends', 'in', 'equals', "
		"'extension'");
}

/* A condition on a key of the event. */
enum sst_status
sst_rule_read_key(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	test->field = sst_field_of(node->name);
	test->key = sst_arena_copy(&r->rules->arena, node->name);
	if (test->key.at == NULL)
		return sst_rule_no_memory(r);
	switch (node->kind) {
	case SST_DOC_STRING:
		return read_pattern(r, node, test);
	case SST_DOC_OBJECT:
		return read_comparison(r, node, test);
	case SST_DOC_NUMBER:
		test->kind = SST_TEST_IN;
		return read_wants(r, node, test);
	case SST_DOC_TRUE:
	case SST_DOC_FALSE:
		test->kind = SST_TEST_IN;
		return read_wants(r, node, test);
	default:
		return SST_RULE_FAIL(r, node,
			"expected a pattern, a number, true, false or an "
			"object like { \"starts\": \"/x\" }");
	}
}

enum sst_status
sst_rule_read_has(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	test->kind = SST_TEST_HAS;
	if (node->kind != SST_DOC_STRING || node->text.len == 0)
		return SST_RULE_FAIL(r, node, "expected the name of a key");
	test->field = sst_field_of(node->text);
	test->key = sst_arena_copy(&r->rules->arena, node->text);
	return test->key.at == NULL ? sst_rule_no_memory(r) : SST_OK;
}
