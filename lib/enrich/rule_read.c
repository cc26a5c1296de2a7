/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "base/num.h"
#include "text/scan.h"

#include <stdlib.h>

#define TESTS ((size_t)16)
#define DEPTH 4
#define NAME_MAX_BYTES ((size_t)64)
/* Bits of a set of statuses, in words. */
#define STATUS_WORDS ((size_t)16)
#define STATUS_MAX 999

static const char *const file_keys[] = { "name", "title", "rules", "samples",
	NULL };
static const char *const rule_keys[] = { "event", "drop", "when", "name_from",
	"props_from", NULL };

struct reading {
	struct sst_rules *rules;
	const char *path;
	struct sst_err *err;
};

static enum sst_status read_when(const struct reading *r,
	const struct sst_doc_node *node, int depth, struct sst_tests *out);

#define FAIL(r, node, ...) sst_doc_fail((r)->err, (r)->path, node, __VA_ARGS__)

static enum sst_status
no_memory(const struct reading *r)
{
	return sst_fail_memory(r->err, "the rules");
}

static void *
take(const struct reading *r, size_t n, size_t size)
{
	/* Both come from a bounded document. */
	return sst_arena_zero(&r->rules->arena, n * size);
}

/* A text, or a list of at least one: copies of them. */
static enum sst_status
read_texts(const struct reading *r, const struct sst_doc_node *node,
	const struct sst_span **out, size_t *n)
{
	bool is_list = node->kind == SST_DOC_ARRAY;
	const struct sst_doc_node *item = is_list ? node->first : node;
	struct sst_span *texts;

	*n = is_list ? node->count : 1;
	texts = take(r, *n + 1, sizeof(*texts));
	if (texts == NULL)
		return no_memory(r);
	if (is_list && node->count == 0)
		return FAIL(r, node, "expected at least one text");
	for (size_t i = 0; i < *n; i++, item = item->next) {
		bool is_text = item->kind == SST_DOC_STRING ||
			       item->kind == SST_DOC_NUMBER;

		if (!is_text)
			return FAIL(
				r, item, "expected a text or a list of texts");
		texts[i] = sst_arena_copy(&r->rules->arena, item->text);
		if (texts[i].at == NULL)
			return no_memory(r);
	}
	*out = texts;
	return SST_OK;
}

static enum sst_status
read_method(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	enum sst_status status = read_texts(r, node, &test->texts, &test->n);
	uint64_t *methods;

	test->field = SST_F_METHOD;
	test->kind = SST_TEST_IN;
	if (status != SST_OK)
		return status;
	methods = take(r, test->n, sizeof(*methods));
	if (methods == NULL)
		return no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		methods[i] = sst_pack(test->texts[i]);
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

static enum sst_status
read_status(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	enum sst_status status = read_texts(r, node, &test->texts, &test->n);
	uint64_t *bits = take(r, STATUS_WORDS, sizeof(*bits));

	if (status != SST_OK)
		return status;
	if (bits == NULL)
		return no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		uint64_t at, last;

		if (!read_status_range(test->texts[i], &at, &last))
			return FAIL(r, node,
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
read_extensions(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	enum sst_status status = read_texts(r, node, &test->texts, &test->n);
	struct sst_packed_set *set = &test->is.extensions;
	size_t rows = 8;

	if (status != SST_OK)
		return status;
	if (test->field != SST_F_PATH)
		return FAIL(r, node, "only 'path' has an extension");
	set->shift = 61;
	for (; rows < test->n * 2; rows *= 2)
		set->shift--;
	set->rows = take(r, rows, sizeof(*set->rows));
	if (set->rows == NULL)
		return no_memory(r);
	set->mask = rows - 1;
	for (size_t i = 0; i < rows; i++)
		set->rows[i] = SST_PACK_FREE;
	for (size_t i = 0; i < test->n; i++) {
		uint64_t word = sst_pack(test->texts[i]);
		size_t at = sst_packed_row(set, word);

		for (size_t k = 0; k < test->texts[i].len; k++)
			if (test->texts[i].at[k] == '.' ||
				sst_lower(test->texts[i].at[k]) !=
					test->texts[i].at[k])
				word = SST_PACK_FREE;
		if (word == SST_PACK_FREE ||
			(word == 0 && test->texts[i].len != 0))
			return FAIL(r, node,
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

static enum sst_status
read_query_has(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	struct sst_param_names *names = take(r, 1, sizeof(*names));
	const struct sst_span *texts;
	enum sst_status status = read_texts(r, node, &texts, &test->n);

	if (status != SST_OK)
		return status;
	if (names == NULL)
		return no_memory(r);
	names->n = test->n;
	names->at = take(r, test->n, sizeof(*names->at));
	if (names->at == NULL)
		return no_memory(r);
	for (size_t i = 0; i < test->n; i++) {
		if (texts[i].len == 0 || texts[i].len > 63)
			return FAIL(r, node,
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
keep_match(const struct reading *r, struct sst_match *match)
{
	struct sst_rules *rules = r->rules;

	if (rules->match_count == rules->match_cap) {
		size_t cap = rules->match_cap == 0 ? 16 : rules->match_cap * 2;
		struct sst_match **at = realloc(
			rules->matches, cap * sizeof(struct sst_match *));

		if (at == NULL) {
			sst_match_close(match);
			return no_memory(r);
		}
		rules->matches = at;
		rules->match_cap = cap;
	}
	rules->matches[rules->match_count++] = match;
	return SST_OK;
}

static enum sst_status
read_pattern(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	struct sst_match_options options = { 0 };
	struct sst_span prefix;
	struct sst_err why = { 0 };
	struct sst_match *match;
	enum sst_status status;

	if (sst_match_open(&match, node->text, options, &why) != SST_OK)
		return FAIL(r, node, "%s", why.text);
	status = keep_match(r, match);
	if (status != SST_OK)
		return status;
	prefix = literal_prefix(node->text);
	test->kind = SST_TEST_PATTERN;
	test->is.pattern.match = match;
	test->is.pattern.prefix = sst_arena_copy(&r->rules->arena, prefix);
	if (test->is.pattern.prefix.at == NULL)
		return no_memory(r);
	test->is.pattern.groups = sst_match_group_count(match);
	for (size_t i = 1; i <= test->is.pattern.groups; i++)
		if (sst_match_group_name(match, i).len != 0)
			test->is.pattern.has_names = true;
	return SST_OK;
}

/* { "starts": ... } and its like. */
static enum sst_status
read_comparison(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
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
		return read_texts(r, what, &test->texts, &test->n);
	}
	return FAIL(r, node,
		"expected one of 'starts', 'ends', 'in', 'equals', "
		"'extension'");
}

/* A condition on a key of the event. */
static enum sst_status
read_key(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	static const struct sst_span truth[] = { SST_SPAN("false"),
		SST_SPAN("true") };

	test->field = sst_field_of(node->name);
	test->key = sst_arena_copy(&r->rules->arena, node->name);
	if (test->key.at == NULL)
		return no_memory(r);
	switch (node->kind) {
	case SST_DOC_STRING:
		return read_pattern(r, node, test);
	case SST_DOC_OBJECT:
		return read_comparison(r, node, test);
	case SST_DOC_NUMBER:
		test->kind = SST_TEST_IN;
		return read_texts(r, node, &test->texts, &test->n);
	case SST_DOC_TRUE:
	case SST_DOC_FALSE:
		test->kind = SST_TEST_IN;
		test->texts = &truth[node->kind == SST_DOC_TRUE];
		test->n = 1;
		return SST_OK;
	default:
		return FAIL(r, node,
			"expected a pattern, a number, true, false or an "
			"object like { \"starts\": \"/x\" }");
	}
}

static enum sst_status
read_has(const struct reading *r, const struct sst_doc_node *node,
	struct sst_test *test)
{
	test->kind = SST_TEST_HAS;
	if (node->kind != SST_DOC_STRING || node->text.len == 0)
		return FAIL(r, node, "expected the name of a key");
	test->field = sst_field_of(node->text);
	test->key = sst_arena_copy(&r->rules->arena, node->text);
	return test->key.at == NULL ? no_memory(r) : SST_OK;
}

/* "not": { } or "any": [ { }, { } ]. */
static enum sst_status
read_nested(const struct reading *r, const struct sst_doc_node *node, int depth,
	struct sst_test *test)
{
	bool is_any = test->kind == SST_TEST_ANY;
	const struct sst_doc_node *item = is_any ? node->first : node;
	struct sst_tests *lists;

	if (is_any && (node->kind != SST_DOC_ARRAY || node->count == 0))
		return FAIL(r, node, "expected a list of conditions");
	test->n = is_any ? node->count : 1;
	lists = take(r, test->n, sizeof(*lists));
	if (lists == NULL)
		return no_memory(r);
	for (size_t i = 0; i < test->n; i++, item = item->next) {
		enum sst_status status =
			read_when(r, item, depth + 1, &lists[i]);

		if (status != SST_OK)
			return status;
		for (size_t k = 0; k < lists[i].n; k++)
			if (lists[i].at[k].cost > test->cost)
				test->cost = lists[i].at[k].cost;
	}
	test->is.lists = lists;
	return SST_OK;
}

/* One member of "when". */
static enum sst_status
read_test(const struct reading *r, const struct sst_doc_node *node, int depth,
	struct sst_test *test)
{
	enum sst_status status;

	if (sst_span_is(node->name, "any") || sst_span_is(node->name, "not")) {
		test->kind =
			node->name.at[0] == 'a' ? SST_TEST_ANY : SST_TEST_NOT;
		return read_nested(r, node, depth, test);
	}
	if (sst_span_is(node->name, "method") && node->kind != SST_DOC_OBJECT)
		status = read_method(r, node, test);
	else if (sst_span_is(node->name, "status"))
		status = read_status(r, node, test);
	else if (sst_span_is(node->name, "query_has"))
		status = read_query_has(r, node, test);
	else if (sst_span_is(node->name, "has"))
		status = read_has(r, node, test);
	else
		status = read_key(r, node, test);
	test->cost = test->kind;
	return status;
}

/* The conditions of a "when", the cheap ones first. */
static enum sst_status
read_when(const struct reading *r, const struct sst_doc_node *node, int depth,
	struct sst_tests *out)
{
	struct sst_test *tests;

	if (node->kind != SST_DOC_OBJECT || node->count > TESTS)
		return FAIL(r, node,
			"expected an object with up to %zu conditions", TESTS);
	if (depth > DEPTH)
		return FAIL(r, node, "nested more than %d deep", DEPTH);
	tests = take(r, node->count + 1, sizeof(*tests));
	if (tests == NULL)
		return no_memory(r);
	*out = (struct sst_tests){ tests, 0 };
	for (node = node->first; node != NULL; node = node->next) {
		struct sst_test test = { .kind = SST_TEST_HAS };
		enum sst_status status = read_test(r, node, depth, &test);
		size_t at = out->n++;

		if (status != SST_OK)
			return status;
		for (; at > 0 && tests[at - 1].cost > test.cost; at--)
			tests[at] = tests[at - 1];
		tests[at] = test;
	}
	return SST_OK;
}

/* "event" or "drop", exactly one of them. */
static enum sst_status
read_action(const struct reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	struct sst_span event = sst_doc_text(node, "event");

	rule->is_drop = sst_doc_is_true(node, "drop");
	if (rule->is_drop == (event.at != NULL))
		return FAIL(
			r, node, "expected either 'event' or \"drop\": true");
	if (rule->is_drop)
		return SST_OK;
	if (event.len == 0 || event.len > NAME_MAX_BYTES ||
		!sst_json_is_plain(event))
		return FAIL(r, sst_doc_member(node, "event"),
			"expected a name of 1 to %zu bytes without quotes and "
			"control bytes",
			NAME_MAX_BYTES);
	rule->event = sst_arena_copy(&r->rules->arena, event);
	return rule->event.at == NULL ? no_memory(r) : SST_OK;
}

static enum sst_status
read_rule(const struct reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	const struct sst_doc_node *bad, *when, *name, *props;
	enum sst_status status;

	if (node->kind != SST_DOC_OBJECT)
		return FAIL(r, node, "expected a rule");
	bad = sst_doc_unknown_member(node, rule_keys);
	if (bad != NULL)
		return FAIL(r, bad, "'%.*s' is no member of a rule",
			(int)bad->name.len, bad->name.at);
	status = read_action(r, node, rule);
	if (status != SST_OK)
		return status;
	when = sst_doc_member(node, "when");
	name = sst_doc_member(node, "name_from");
	props = sst_doc_member(node, "props_from");
	if (props != NULL && !sst_span_is(props->text, "query"))
		return FAIL(r, props, "expected \"query\"");
	rule->props_from_query = props != NULL;
	if (name != NULL)
		status = read_texts(
			r, name, &rule->name_from, &rule->name_from_count);
	if (status == SST_OK && when != NULL)
		status = read_when(r, when, 1, &rule->when);
	return status;
}

enum sst_status
sst_rules_read(struct sst_rules *rules, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	const struct reading r = { rules, path, err };
	const struct sst_doc_node *list = sst_doc_member(root, "rules"), *bad;

	if (list == NULL || list->kind != SST_DOC_ARRAY)
		return FAIL(&r, root, "expected a list 'rules'");
	bad = sst_doc_unknown_member(root, file_keys);
	if (bad != NULL)
		return FAIL(&r, bad, "'%.*s' is no member of a file of rules",
			(int)bad->name.len, bad->name.at);
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		enum sst_status status;

		if (rules->n == SST_RULES_MAX)
			return FAIL(
				&r, node, "more than %zu rules", SST_RULES_MAX);
		status = read_rule(&r, node, &rules->rules[rules->n]);
		if (status != SST_OK)
			return status;
		rules->n++;
	}
	return SST_OK;
}
