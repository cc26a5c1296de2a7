/* SPDX-License-Identifier: ISC */
#include "enrich/rule_reading.h"

#define TESTS ((size_t)16)
#define DEPTH 4

static const char *const file_keys[] = { "name", "title", "rules", "samples",
	NULL };
static const char *const rule_keys[] = { "event", "drop", "when", "name_from",
	"names", "props_from", "props", "page_from", "referrer_from",
	"time_from", "sent_from", "set", "rename", "sample", NULL };

static enum sst_status read_when(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, int depth, struct sst_tests *out);

/* "not": { } or "any": [ { }, { } ]. */
static enum sst_status
read_nested(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	int depth, struct sst_test *test)
{
	bool is_any = test->kind == SST_TEST_ANY;
	const struct sst_doc_node *item = is_any ? node->first : node;
	struct sst_tests *lists;

	if (is_any && (node->kind != SST_DOC_ARRAY || node->count == 0))
		return SST_RULE_FAIL(r, node, "expected a list of conditions");
	test->n = is_any ? node->count : 1;
	lists = sst_rule_take(r, test->n, sizeof(*lists));
	if (lists == NULL)
		return sst_rule_no_memory(r);
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
read_test(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	int depth, struct sst_test *test)
{
	enum sst_status status;

	if (sst_span_is(node->name, "any") || sst_span_is(node->name, "not")) {
		test->kind =
			node->name.at[0] == 'a' ? SST_TEST_ANY : SST_TEST_NOT;
		return read_nested(r, node, depth, test);
	}
	if (sst_span_is(node->name, "method") && node->kind != SST_DOC_OBJECT)
		status = sst_rule_read_method(r, node, test);
	else if (sst_span_is(node->name, "status"))
		status = sst_rule_read_status(r, node, test);
	else if (sst_span_is(node->name, "query_has"))
		status = sst_rule_read_query_has(r, node, test);
	else if (sst_span_is(node->name, "has"))
		status = sst_rule_read_has(r, node, test);
	else
		status = sst_rule_read_key(r, node, test);
	test->cost = test->kind;
	return status;
}

/* The conditions of a "when", the cheap ones first. */
static enum sst_status
read_when(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	int depth, struct sst_tests *out)
{
	struct sst_test *tests;

	if (node->kind != SST_DOC_OBJECT || node->count > TESTS)
		return SST_RULE_FAIL(r, node,
			"expected an object with up to %zu conditions", TESTS);
	if (depth > DEPTH)
		return SST_RULE_FAIL(
			r, node, "nested more than %d deep", DEPTH);
	tests = sst_rule_take(r, node->count + 1, sizeof(*tests));
	if (tests == NULL)
		return sst_rule_no_memory(r);
	*out = (struct sst_tests){ .at = tests };
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

static enum sst_status
read_rule(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	const struct sst_doc_node *bad, *when;
	enum sst_status status;

	if (node->kind != SST_DOC_OBJECT)
		return SST_RULE_FAIL(r, node, "expected a rule");
	bad = sst_doc_unknown_member(node, rule_keys);
	if (bad != NULL)
		return SST_RULE_FAIL(r, bad, "'%.*s' is no member of a rule",
			(int)bad->name.len, bad->name.at);
	when = sst_doc_member(node, "when");
	status = sst_rule_read_actions(r, node, rule);
	if (status == SST_OK && when != NULL)
		status = read_when(r, when, 1, &rule->when);
	if (status == SST_OK && !sst_rule_index(r->rules, rule))
		status = sst_rule_no_memory(r);
	return status;
}

enum sst_status
sst_rules_read(struct sst_rules *rules, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	const struct sst_rule_reading r = { rules, path, err };
	const struct sst_doc_node *list = sst_doc_member(root, "rules"), *bad;

	if (list == NULL || list->kind != SST_DOC_ARRAY)
		return SST_RULE_FAIL(&r, root, "expected a list 'rules'");
	bad = sst_doc_unknown_member(root, file_keys);
	if (bad != NULL)
		return SST_RULE_FAIL(&r, bad,
			"'%.*s' is no member of a file of rules",
			(int)bad->name.len, bad->name.at);
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		enum sst_status status;

		if (rules->n == SST_RULES_MAX)
			return SST_RULE_FAIL(
				&r, node, "more than %zu rules", SST_RULES_MAX);
		status = read_rule(&r, node, &rules->rules[rules->n]);
		if (status != SST_OK)
			return status;
		rules->n++;
	}
	return SST_OK;
}
