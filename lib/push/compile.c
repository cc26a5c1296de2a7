/* SPDX-License-Identifier: ISC */
/* JSON values, and the entries of programs. */
#include "push/compile_in.h"

#include "push/value.h"

/* ---- values at hand ---- */

const struct sst_doc_node *
sst_value_form(const struct sst_doc_node *node, const char *name)
{
	return node->kind == SST_DOC_OBJECT && node->first != NULL &&
			       sst_span_is(node->first->name, name)
		       ? node->first
		       : NULL;
}

void
sst_value_to_json_ok(struct sst_compiler *c, const struct sst_doc_node *node)
{
	if (sst_value_to_json(c, node))
		(void)sst_emit(c, SST_OP_OK, 1, 0, 0);
}

static void
no_acc(struct sst_compiler *c)
{
	(void)sst_emit(c, SST_OP_ABSENT, 0, 0, 0);
}

static void
no_json(struct sst_compiler *c)
{
	(void)sst_emit(c, SST_OP_OK, 0, 0, 0);
}

/* {"=case":{COND:V,...,"*":V}} */
static void
cases(struct sst_compiler *c, const struct sst_doc_node *node,
	void (*emit)(struct sst_compiler *, const struct sst_doc_node *),
	void (*none)(struct sst_compiler *))
{
	const struct sst_doc_node *all = node->first;
	uint32_t done = SST_NO_CHAIN;
	bool has_rest = false;

	if (node->count != 1 || all->kind != SST_DOC_OBJECT ||
		all->count == 0) {
		sst_compile_fail(c, node,
			"'=case' has an object of cases, and "
			"no neighbours");
		return;
	}
	for (const struct sst_doc_node *at = all->first; at != NULL;
		at = at->next) {
		uint32_t next = SST_NO_CHAIN;

		if (has_rest)
			sst_compile_fail(c, at, "a case after '*'");
		has_rest = sst_span_is(at->name, "*");
		c->node = at;
		if (!has_rest) {
			sst_condition(c, at->name);
			sst_emit_jump(c, SST_OP_JUMP_FALSE, &next);
		}
		emit(c, at);
		sst_emit_jump(c, SST_OP_JUMP, &done);
		sst_chain_here(c, next);
	}
	if (!has_rest)
		none(c);
	sst_chain_here(c, done);
}

static void
string_to_acc(struct sst_compiler *c, struct sst_span text)
{
	uint32_t absent = SST_NO_CHAIN, done = SST_NO_CHAIN;
	struct sst_span ref;

	if (sst_template_is_ref(text, &ref)) {
		sst_refer(c, ref);
		return;
	}
	if (!sst_template_has_ref(text)) {
		sst_emit_text(c, SST_OP_STRING, 0, text);
		return;
	}
	sst_emit_mark(c, SST_OP_SUB, 0);
	sst_template(c, text, SST_CODING_TEXT, &absent);
	sst_emit_pop(c, SST_OP_SUB_END, 0);
	sst_emit_jump(c, SST_OP_JUMP, &done);
	sst_chain_here(c, absent);
	(void)sst_emit(c, SST_OP_SUB_END, 1, 0, 0);
	sst_chain_here(c, done);
}

void
sst_value_to_acc(struct sst_compiler *c, const struct sst_doc_node *node)
{
	c->node = node;
	switch (node->kind) {
	case SST_DOC_NULL:
		sst_compile_fail(c, node, "null: leave the member out");
		return;
	case SST_DOC_TRUE:
	case SST_DOC_FALSE:
		(void)sst_emit(c,
			node->kind == SST_DOC_TRUE ? SST_OP_TRUE : SST_OP_FALSE,
			0, 0, 0);
		return;
	case SST_DOC_NUMBER:
		sst_emit_text(c, SST_OP_NUMBER, 0, node->text);
		return;
	case SST_DOC_STRING:
		string_to_acc(c, node->text);
		return;
	case SST_DOC_OBJECT:
		if (sst_value_form(node, "=case") != NULL) {
			cases(c, node, sst_value_to_acc, no_acc);
			return;
		}
		break;
	case SST_DOC_ARRAY:
		break;
	}
	sst_emit_mark(c, SST_OP_SUB, 0);
	sst_value_to_json_ok(c, node);
	sst_emit_pop(c, SST_OP_SUB_JSON,
		node->kind == SST_DOC_OBJECT ? SST_KIND_OBJECT
					     : SST_KIND_ARRAY);
}

/* ---- JSON ---- */

static void
put_literal(struct sst_compiler *c, const char *text)
{
	sst_emit_output(c, sst_span_of(text), SST_CODING_TEXT);
}

/* `"text"` */
static void
put_quoted(struct sst_compiler *c, struct sst_span text)
{
	put_literal(c, "\"");
	sst_emit_output(c, text, SST_CODING_JSON);
	put_literal(c, "\"");
}

static bool
constant_to_json(struct sst_compiler *c, const struct sst_op *op)
{
	struct sst_span text = sst_emit_constant(c, op);

	if (op->code == SST_OP_STRING)
		put_quoted(c, text);
	else
		sst_emit_output(c, text, SST_CODING_TEXT);
	return true;
}

static bool
reference_to_json(struct sst_compiler *c, struct sst_span ref)
{
	const struct sst_doc_node *let = sst_let_find(c, ref);
	size_t start = c->code->n;
	struct sst_op constant;
	bool is_always;

	if (let != NULL) {
		struct sst_let_place place = sst_let_enter(c, let);

		is_always = c->status == SST_OK && sst_value_to_json(c, let);
		sst_let_leave(c, place);
		return is_always;
	}
	sst_refer(c, ref);
	if (sst_emit_fold(c, start, &constant))
		return constant_to_json(c, &constant);
	(void)sst_emit(c, SST_OP_PUT_JSON, 0, 0, 0);
	return false;
}

static bool
string_to_json(struct sst_compiler *c, const struct sst_doc_node *node)
{
	uint32_t absent = SST_NO_CHAIN, done = SST_NO_CHAIN;
	struct sst_span ref;

	if (sst_span_is(node->text, "=items")) {
		if (!(c->refs & SST_REFS_ITEMS))
			sst_compile_fail(c, node,
				"'=items' stands in body, "
				"once");
		c->refs &= ~(unsigned)SST_REFS_ITEMS;
		(void)sst_emit(c, SST_OP_ITEMS, 0, 0, 0);
		return false;
	}
	if (sst_template_is_ref(node->text, &ref))
		return reference_to_json(c, ref);
	if (!sst_template_has_ref(node->text)) {
		put_quoted(c, node->text);
		return true;
	}
	sst_emit_mark(c, SST_OP_MARK, 0);
	put_literal(c, "\"");
	sst_template(c, node->text, SST_CODING_JSON, &absent);
	put_literal(c, "\"");
	sst_emit_pop(c, SST_OP_POP, 0);
	(void)sst_emit(c, SST_OP_OK, 1, 0, 0);
	sst_emit_jump(c, SST_OP_JUMP, &done);
	sst_chain_here(c, absent);
	(void)sst_emit(c, SST_OP_CUT, 0, 0, 0);
	sst_chain_here(c, done);
	return false;
}

/* What is written so far as a member or element: keep it if there was a value.
 * `name` at not NULL: later =adds look whether it was written. */
static void
end_member(struct sst_compiler *c, struct sst_span name)
{
	c->depth--;
	if (name.at != NULL)
		sst_emit_text(c, SST_OP_MEMBER, 1, name);
	else
		(void)sst_emit(c, SST_OP_MEMBER, 0, 0, 0);
}

/* An =each of elements gives them to the array that it stands in. */
static void
element(struct sst_compiler *c, const struct sst_doc_node *node)
{
	if (sst_value_form(node, "=each") != NULL &&
		sst_doc_member(node, "as") != NULL) {
		sst_add_each(c, node, sst_add_list_new(c));
		return;
	}
	sst_emit_mark(c, SST_OP_MARK, 0);
	sst_value_to_json_ok(c, node);
	end_member(c, sst_span(NULL, 0));
}

/* A name in JSON spelling, in the arena. */
struct sst_span
sst_value_spelled(struct sst_compiler *c, struct sst_span name)
{
	struct sst_buf text;
	struct sst_span copy;

	sst_buf_init(&text, name.len * 6 + 1);
	sst_json_put_escaped(&text, name);
	copy = sst_arena_copy(c->arena, sst_buf_span(&text));
	if (copy.at == NULL)
		c->status = sst_fail_memory(c->err, c->path);
	sst_buf_release(&text);
	return copy;
}

/* Is every value in it there, whatever the event is? */
static bool
is_constant(const struct sst_doc_node *node)
{
	return node->kind == SST_DOC_NUMBER || node->kind == SST_DOC_TRUE ||
	       node->kind == SST_DOC_FALSE ||
	       (node->kind == SST_DOC_STRING &&
		       !sst_template_has_ref(node->text) &&
		       !sst_span_starts(node->text, sst_span_of("=")));
}

void
sst_value_member(
	struct sst_compiler *c, const struct sst_doc_node *node, bool is_added)
{
	bool is_whole = is_constant(node) && !is_added;

	c->node = node;
	if (!is_whole)
		sst_emit_mark(c, SST_OP_MARK, 0);
	put_quoted(c, node->name);
	put_literal(c, ":");
	if (is_whole) {
		(void)sst_value_to_json(c, node);
		put_literal(c, ",");
		return;
	}
	sst_value_to_json_ok(c, node);
	end_member(c, is_added ? sst_value_spelled(c, node->name)
			       : sst_span(NULL, 0));
}

static void
object(struct sst_compiler *c, const struct sst_doc_node *node)
{
	const struct sst_doc_node *add = NULL;
	uint16_t list = 0;

	sst_emit_mark(c, SST_OP_OPEN, '{');
	for (const struct sst_doc_node *at = node->first; at != NULL;
		at = at->next) {
		if (sst_span_is(at->name, "=add"))
			add = at;
		else if (sst_span_starts(at->name, sst_span_of("=")))
			sst_compile_fail(c, at, "there is no form '%.*s' here",
				(int)at->name.len, at->name.at);
		else
			sst_value_member(c, at, false);
	}
	if (add != NULL) {
		list = sst_add_list_new(c);
		for (const struct sst_doc_node *at = node->first; at != NULL;
			at = at->next)
			if (at != add)
				sst_add_spell(c, list, at);
		if (add->kind != SST_DOC_ARRAY)
			sst_add_one(c, add, list);
		else
			sst_add_list(c, add, list);
	}
	sst_emit_pop(c, SST_OP_CLOSE, '}');
}

static void
each_to_json(struct sst_compiler *c, const struct sst_doc_node *node)
{
	bool is_list = sst_doc_member(node, "as") != NULL;
	uint16_t list = sst_add_list_new(c);

	sst_emit_mark(c, SST_OP_OPEN, is_list ? '[' : '{');
	sst_add_each(c, node, list);
	sst_emit_pop(c, SST_OP_CLOSE, is_list ? ']' : '}');
}

bool
sst_value_to_json(struct sst_compiler *c, const struct sst_doc_node *node)
{
	c->node = node;
	switch (node->kind) {
	case SST_DOC_NULL:
		sst_compile_fail(c, node, "null: leave the member out");
		return false;
	case SST_DOC_TRUE:
		put_literal(c, "true");
		return true;
	case SST_DOC_FALSE:
		put_literal(c, "false");
		return true;
	case SST_DOC_NUMBER:
		sst_emit_output(c, node->text, SST_CODING_TEXT);
		return true;
	case SST_DOC_STRING:
		return string_to_json(c, node);
	case SST_DOC_ARRAY:
		sst_emit_mark(c, SST_OP_OPEN, '[');
		for (const struct sst_doc_node *at = node->first; at != NULL;
			at = at->next)
			element(c, at);
		sst_emit_pop(c, SST_OP_CLOSE, ']');
		return false;
	case SST_DOC_OBJECT:
		break;
	}
	if (sst_value_form(node, "=case") != NULL)
		cases(c, node, sst_value_to_json_ok, no_json);
	else if (sst_value_form(node, "=each") != NULL)
		each_to_json(c, node);
	else
		object(c, node);
	return false;
}

/* ---- entries ---- */

static size_t
begin(struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs)
{
	c->refs = refs;
	c->node = node;
	c->let = NULL;
	c->is_grouped = false;
	c->in_each = false;
	c->depth = 0;
	c->code->label = c->code->n;
	return c->code->n;
}

static size_t
end(struct sst_compiler *c, size_t entry)
{
	(void)sst_emit(c, SST_OP_END, 0, 0, 0);
	return c->status == SST_OK ? entry : SST_NO_ENTRY;
}

size_t
sst_compile_json(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs)
{
	size_t entry = begin(c, node, refs);

	sst_value_to_json_ok(c, node);
	return end(c, entry);
}

size_t
sst_compile_value(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs)
{
	size_t entry = begin(c, node, refs);

	sst_value_to_acc(c, node);
	return end(c, entry);
}

size_t
sst_compile_ref(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs)
{
	size_t entry = begin(c, node, refs);

	sst_refer(c, node->text);
	return end(c, entry);
}

size_t
sst_compile_text(struct sst_compiler *c, const struct sst_doc_node *node,
	enum sst_coding coding, unsigned refs)
{
	size_t entry = begin(c, node, refs);
	uint32_t absent = SST_NO_CHAIN, done = SST_NO_CHAIN;

	if (node->kind != SST_DOC_STRING) {
		/* A number, or a =case of strings. */
		sst_value_to_acc(c, node);
		sst_chain_add(
			c, sst_emit(c, SST_OP_PUT_PART, coding, 0, 0), &absent);
		(void)sst_emit(c, SST_OP_OK, 1, 0, 0);
		sst_chain_here(c, absent);
		return end(c, entry);
	}
	sst_emit_mark(c, SST_OP_MARK, 0);
	sst_template(c, node->text, coding, &absent);
	sst_emit_pop(c, SST_OP_POP, 0);
	(void)sst_emit(c, SST_OP_OK, 1, 0, 0);
	sst_emit_jump(c, SST_OP_JUMP, &done);
	sst_chain_here(c, absent);
	(void)sst_emit(c, SST_OP_CUT, 0, 0, 0);
	sst_chain_here(c, done);
	return end(c, entry);
}
