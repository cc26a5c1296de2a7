/* SPDX-License-Identifier: ISC */
/* Conditions: REF, !REF, REF OP VALUE,... joined by " and ". */
#include "push/compile_in.h"

#include "push/value.h"

static const struct {
	const char *text;
	enum sst_test_op op;
} operators[] = {
	/* longer ones before those that they begin with */
	{ "!=", SST_TEST_NE },
	{ "<=", SST_TEST_LE },
	{ ">=", SST_TEST_GE },
	{ "=", SST_TEST_EQ },
	{ "<", SST_TEST_LT },
	{ ">", SST_TEST_GT },
	{ " !has ", SST_TEST_HAS_NOT },
	{ " has ", SST_TEST_HAS },
};

/* The first operator outside quotes and braces. */
static bool
find_operator(
	struct sst_span term, size_t *at, size_t *len, enum sst_test_op *op)
{
	*at = term.len;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t here = sst_find_outside(term, 0, operators[i].text);

		if (here >= *at)
			continue;
		*at = here;
		*len = strlen(operators[i].text);
		*op = operators[i].op;
	}
	return *at < term.len;
}

/* "200-299", "2xx" */
static bool
read_range(struct sst_span text, struct sst_test_value *out)
{
	size_t dash = sst_find_outside(text, 1 < text.len ? 1 : 0, "-");

	if (text.len == 3 && text.at[0] >= '1' && text.at[0] <= '9' &&
		text.at[1] == 'x' && text.at[2] == 'x') {
		out->low = (text.at[0] - '0') * 100;
		out->high = out->low + 99;
		out->is_range = true;
	} else if (dash < text.len &&
		   sst_value_double(sst_span_head(text, dash), &out->low) &&
		   sst_value_double(
			   sst_span_from(text, dash + 1), &out->high)) {
		out->is_range = true;
	}
	return out->is_range;
}

static void
read_value(struct sst_compiler *c, struct sst_span text,
	struct sst_test_value *out, bool is_order)
{
	*out = (struct sst_test_value){ .text = text };
	if (text.len == 0) {
		sst_compile_fail(
			c, c->node, "a value is missing: an empty one is ''");
		return;
	}
	if (text.at[0] == '{') {
		out->is_kept = true;
		return;
	}
	if (text.at[0] == '\'') {
		if (text.len < 2 || text.at[text.len - 1] != '\'')
			sst_compile_fail(c, c->node, "a quote is missing");
		else
			out->text = sst_span(text.at + 1, text.len - 2);
	} else if (read_range(text, out) && is_order) {
		sst_compile_fail(
			c, c->node, "a range can only be equal or not");
	}
}

static void
test(struct sst_compiler *c, enum sst_test_op op, struct sst_span list)
{
	struct sst_code *code = c->code;
	bool is_order = op >= SST_TEST_LT && op <= SST_TEST_GE;
	struct sst_test_value *values;
	size_t n = 1, at = 0;

	for (size_t i = 0; (i = sst_find_outside(list, i, ",")) < list.len; i++)
		n++;
	values = sst_arena_zero(c->arena, n * sizeof(*values));
	if (values == NULL) {
		c->status = sst_fail_memory(c->err, c->path);
		return;
	}
	if (is_order && n > 1)
		sst_compile_fail(c, c->node, "more than one value to compare");
	for (size_t i = 0; i < n; i++) {
		size_t end = sst_find_outside(list, at, ",");

		read_value(c, sst_trim(sst_span(list.at + at, end - at)),
			&values[i], is_order);
		at = end + 1;
	}
	if (code->test_count == SST_CODE_TESTS) {
		sst_compile_fail(c, c->node, "too many comparisons");
		return;
	}
	code->tests[code->test_count] =
		(struct sst_test){ .op = op, .n = n, .values = values };
	(void)sst_emit(c, SST_OP_TEST, 0, 0, code->test_count++);
}

/* The one {REF} among the values, computed first. */
static void
keep_reference(struct sst_compiler *c, struct sst_span list)
{
	bool has_one = false;

	for (size_t at = 0; at < list.len; at++) {
		size_t end;

		if (list.at[at] == '\'') {
			for (at++; at < list.len && list.at[at] != '\''; at++)
				;
			continue;
		}
		if (list.at[at] != '{')
			continue;
		end = sst_find_close(list, at);
		if (end == list.len || has_one) {
			sst_compile_fail(c, c->node,
				"one reference in {} may be compared with");
			return;
		}
		has_one = true;
		sst_refer(c, sst_span(list.at + at + 1, end - at - 1));
		(void)sst_emit(c, SST_OP_KEEP, 0, 0, 0);
		at = end;
	}
}

static void
left_side(struct sst_compiler *c, struct sst_span text)
{
	size_t plus = sst_find_outside(text, 0, " + ");

	sst_refer(c, sst_trim(sst_span_head(text, plus)));
	while (plus < text.len && c->status == SST_OK) {
		size_t next = sst_find_outside(text, plus + 3, " + ");

		(void)sst_emit(c, SST_OP_LEFT, 0, 0, 0);
		sst_refer(c, sst_trim(sst_span(
				     text.at + plus + 3, next - plus - 3)));
		(void)sst_emit(c, SST_OP_ADD, 0, 0, 0);
		plus = next;
	}
}

static void
term(struct sst_compiler *c, struct sst_span text)
{
	enum sst_test_op op = SST_TEST_EQ;
	size_t at, len = 0;
	bool is_negated;

	if (find_operator(text, &at, &len, &op)) {
		struct sst_span list = sst_span_from(text, at + len);

		keep_reference(c, list);
		left_side(c, sst_span_head(text, at));
		test(c, op, list);
		return;
	}
	is_negated = text.len > 0 && text.at[0] == '!';
	left_side(c, is_negated ? sst_trim(sst_span_from(text, 1)) : text);
	(void)sst_emit(c, SST_OP_TRUTH, is_negated, 0, 0);
}

void
sst_condition(struct sst_compiler *c, struct sst_span text)
{
	uint32_t fails = SST_NO_CHAIN;
	size_t at = 0;

	while (c->status == SST_OK) {
		size_t end = sst_find_outside(text, at, " and ");
		struct sst_span one =
			sst_trim(sst_span(text.at + at, end - at));

		if (one.len == 0) {
			sst_compile_fail(c, c->node, "an empty condition");
			return;
		}
		term(c, one);
		if (end == text.len)
			break;
		sst_emit_jump(c, SST_OP_JUMP_FALSE, &fails);
		at = end + 5;
	}
	sst_chain_here(c, fails);
}

/* A condition stands alone: no let, no =each around it. */
static size_t
begin(struct sst_compiler *c, unsigned refs)
{
	c->refs = refs;
	c->let = NULL;
	c->is_grouped = false;
	c->in_each = false;
	c->depth = 0;
	c->code->label = c->code->n;
	return c->code->n;
}

size_t
sst_compile_condition_text(struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_span text, unsigned refs)
{
	size_t entry = begin(c, refs);

	c->node = node;
	sst_condition(c, text);
	(void)sst_emit(c, SST_OP_END, 0, 0, 0);
	return c->status == SST_OK ? entry : SST_NO_ENTRY;
}

size_t
sst_compile_condition(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs)
{
	const struct sst_doc_node *at = node;
	uint32_t fails = SST_NO_CHAIN;
	size_t entry = begin(c, refs);

	if (node->kind == SST_DOC_ARRAY)
		at = node->first;
	else if (node->kind != SST_DOC_STRING)
		at = NULL;
	if (at == NULL)
		sst_compile_fail(c, node,
			"a condition is a string or a list of strings");
	for (; at != NULL && c->status == SST_OK;
		at = node->kind == SST_DOC_ARRAY ? at->next : NULL) {
		c->node = at;
		if (at->kind != SST_DOC_STRING)
			sst_compile_fail(c, at, "a condition is a string");
		else
			sst_condition(c, at->text);
		sst_emit_jump(c, SST_OP_JUMP_FALSE, &fails);
	}
	sst_chain_here(c, fails);
	(void)sst_emit(c, SST_OP_END, 0, 0, 0);
	return c->status == SST_OK ? entry : SST_NO_ENTRY;
}
