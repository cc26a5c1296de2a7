/* SPDX-License-Identifier: ISC */
#include "enrich/rule_reading.h"

#include "base/num.h"

#include <math.h>
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
read_number(const struct sst_doc_node *node, double *out)
{
	char digits[64] = { 0 };

	if (node->kind != SST_DOC_NUMBER || node->text.len >= sizeof(digits))
		return false;
	memcpy(digits, node->text.at, node->text.len);
	*out = strtod(digits, NULL);
	return true;
}

/* { "at_least": 1, "at_most": 2 }, one of them or both. */
static enum sst_status
read_range(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	test->kind = SST_TEST_RANGE;
	test->is.range.first = -HUGE_VAL;
	test->is.range.last = HUGE_VAL;
	for (node = node->first; node != NULL; node = node->next) {
		bool is_first = sst_span_is(node->name, "at_least");

		if (!is_first && !sst_span_is(node->name, "at_most"))
			return SST_RULE_FAIL(
				r, node, "expected 'at_least' and 'at_most'");
		if (!read_number(node, is_first ? &test->is.range.first
						: &test->is.range.last))
			return SST_RULE_FAIL(r, node, "expected a number");
	}
	return SST_OK;
}

/* { "net": [ "10.0.0.0/8", "loopback" ] }. */
static enum sst_status
read_nets(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	struct sst_nets *nets = sst_rule_take(r, 1, sizeof(*nets));
	const struct sst_span *texts;
	const char **words;
	struct sst_err why = { 0 };
	enum sst_status status = sst_rule_read_texts(r, node, &texts, &test->n);

	if (status != SST_OK)
		return status;
	words = sst_rule_take(r, test->n, sizeof(*words));
	if (nets == NULL || words == NULL)
		return sst_rule_no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		/* Zeros behind it, and none within: a word of C. */
		char *word = sst_rule_take(r, texts[i].len + 1, 1);

		if (word == NULL)
			return sst_rule_no_memory(r);
		memcpy(word, texts[i].at, texts[i].len);
		words[i] = word;
	}
	status = sst_nets_read(nets, &r->rules->arena, words, test->n, &why);
	if (status != SST_OK)
		return SST_RULE_FAIL(r, node, "%s", why.text);
	test->kind = SST_TEST_NET;
	test->is.nets = nets;
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
		{ "net", SST_TEST_NET },
	};
	const struct sst_doc_node *what = node->first;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (node->count != 1 || !sst_span_is(what->name, rows[i].name))
			continue;
		test->kind = rows[i].kind;
		if (test->kind == SST_TEST_EXTENSION)
			return read_extensions(r, what, test);
		if (test->kind == SST_TEST_NET)
			return read_nets(r, what, test);
		return read_wants(r, what, test);
	}
	if (sst_doc_member(node, "at_least") != NULL ||
		sst_doc_member(node, "at_most") != NULL)
		return read_range(r, node, test);
	return SST_RULE_FAIL(r, node,
		"expected one of 'starts', 'ends', 'in', 'equals', "
		"'extension', 'net', 'at_least', 'at_most'");
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
		return sst_rule_read_pattern(r, node, test);
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
