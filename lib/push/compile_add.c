/* SPDX-License-Identifier: ISC */
/* =each and =add: members that the event brings. */
#include "push/compile_in.h"

#define EACH_MAX 64 /* members that =each gives unless "max" says */

uint16_t
sst_add_list_new(struct sst_compiler *c)
{
	struct sst_code *code = c->code;

	if (code->list_count == SST_CODE_LISTS) {
		sst_compile_fail(c, c->node, "too many '=add'");
		return 0;
	}
	code->lists[code->list_count].first = (uint16_t)code->name_count;
	code->lists[code->list_count].n = 0;
	return (uint16_t)code->list_count++;
}

void
sst_add_spell(
	struct sst_compiler *c, uint16_t list, const struct sst_doc_node *node)
{
	struct sst_code *code = c->code;

	if (code->name_count == SST_CODE_NAMES) {
		sst_compile_fail(c, node, "too many names");
		return;
	}
	code->names[code->name_count++] = sst_value_spelled(c, node->name);
	code->lists[list].n++;
}

static int64_t
each_max(struct sst_compiler *c, const struct sst_doc_node *node)
{
	int64_t max = EACH_MAX;

	if (sst_doc_member(node, "max") != NULL &&
		(!sst_doc_i64(node, "max", &max) || max < 1 || max > 512))
		sst_compile_fail(c, node, "'max' is a number from 1 to 512");
	return max;
}

/* The members or elements that =each makes; the brackets are the caller's. */
void
sst_add_each(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list)
{
	static const char *const known[] = { "=each", "name", "value", "when",
		"max", "as", NULL };
	const struct sst_doc_node *as = sst_doc_member(node, "as");
	const struct sst_doc_node *name = sst_doc_member(node, "name");
	const struct sst_doc_node *value = sst_doc_member(node, "value");
	const struct sst_doc_node *when = sst_doc_member(node, "when");
	const struct sst_doc_node *unknown =
		sst_doc_unknown_member(node, known);
	uint32_t none = SST_NO_CHAIN, again = SST_NO_CHAIN;
	int64_t max = each_max(c, node);
	size_t next;

	if (unknown != NULL || (as != NULL && (name != NULL || value != NULL)))
		sst_compile_fail(c, unknown != NULL ? unknown : as,
			"'=each' goes with name, value, when and max, or with "
			"as, when and max");
	if (c->in_each)
		sst_compile_fail(c, node, "'=each' in '=each'");
	sst_value_to_acc(c, node->first);
	sst_chain_add(c, sst_emit(c, SST_OP_EACH, 0, (size_t)max, 0), &none);
	c->in_each = true;
	next = c->code->n;
	sst_emit_jump(c, SST_OP_NEXT, &none);
	c->code->label = next;
	if (when != NULL) {
		c->node = when;
		sst_condition(c, when->text);
		sst_emit_jump(c, SST_OP_JUMP_FALSE, &again);
	}
	if (as != NULL) {
		sst_emit_mark(c, SST_OP_MARK, 0);
		sst_value_to_json_ok(c, as);
	} else {
		if (name != NULL)
			sst_value_to_acc(c, name);
		else
			(void)sst_emit(c, SST_OP_NAME, 0, 0, 0);
		c->depth++;
		sst_chain_add(c, sst_emit(c, SST_OP_NAMED, 0, list, 0), &again);
		if (value != NULL)
			sst_value_to_json_ok(c, value);
		else {
			(void)sst_emit(c, SST_OP_VALUE, 0, 0, 0);
			(void)sst_emit(c, SST_OP_PUT_JSON, 0, 0, 0);
		}
	}
	c->depth--;
	(void)sst_emit(c, SST_OP_EACH_END, 0, 0, next);
	while (c->status == SST_OK && again != SST_NO_CHAIN) {
		uint32_t before = c->code->ops[again].at;

		c->code->ops[again].at = (uint32_t)next;
		again = before;
	}
	sst_chain_here(c, none);
	c->in_each = false;
}

/* A name of an added object that the template spells is a mistake. */
static void
check_added(struct sst_compiler *c, const struct sst_doc_node *object,
	uint16_t list)
{
	struct sst_code *code = c->code;

	for (const struct sst_doc_node *at = object->first; at != NULL;
		at = at->next) {
		struct sst_span name = sst_value_spelled(c, at->name);

		for (size_t i = 0; i < code->lists[list].n; i++)
			if (sst_span_eq(
				    code->names[code->lists[list].first + i],
				    name))
				sst_compile_fail(c, at,
					"'%.*s' is spelled twice",
					(int)at->name.len, at->name.at);
	}
}

/* =case whose values are added. */
static void
add_cases(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list)
{
	uint32_t done = SST_NO_CHAIN;
	const struct sst_doc_node *all = node->first;

	if (all->kind != SST_DOC_OBJECT) {
		sst_compile_fail(c, node, "'=case' has an object of cases");
		return;
	}
	for (const struct sst_doc_node *at = all->first; at != NULL;
		at = at->next) {
		uint32_t next = SST_NO_CHAIN;

		c->node = at;
		if (!sst_span_is(at->name, "*")) {
			sst_condition(c, at->name);
			sst_emit_jump(c, SST_OP_JUMP_FALSE, &next);
		} else if (at->next != NULL) {
			sst_compile_fail(c, at->next, "a case after '*'");
		}
		sst_add_one(c, at, list);
		sst_emit_jump(c, SST_OP_JUMP, &done);
		sst_chain_here(c, next);
	}
	sst_chain_here(c, done);
}

void
sst_add_one(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list)
{
	c->node = node;
	if (sst_value_form(node, "=each") != NULL) {
		sst_add_each(c, node, list);
	} else if (sst_value_form(node, "=case") != NULL) {
		add_cases(c, node, list);
	} else if (node->kind == SST_DOC_OBJECT) {
		check_added(c, node, list);
		for (const struct sst_doc_node *at = node->first; at != NULL;
			at = at->next) {
			if (sst_span_starts(at->name, sst_span_of("=")))
				sst_compile_fail(c, at,
					"'%.*s' may not stand here",
					(int)at->name.len, at->name.at);
			sst_value_member(c, at, true);
		}
	} else if (node->kind == SST_DOC_STRING) {
		sst_value_to_acc(c, node);
		(void)sst_emit(c, SST_OP_ADD_ALL, 0, 0, list);
	} else {
		sst_compile_fail(c, node, "'=add' adds objects");
	}
}

/* The plain objects of two =adds of one list must not share a name. */
static void
check_apart(struct sst_compiler *c, const struct sst_doc_node *a,
	const struct sst_doc_node *b)
{
	if (a->kind != SST_DOC_OBJECT || b->kind != SST_DOC_OBJECT ||
		sst_value_form(a, "=each") != NULL ||
		sst_value_form(b, "=each") != NULL)
		return;
	if (sst_value_form(a, "=case") != NULL) {
		for (a = a->first->first; a != NULL; a = a->next)
			check_apart(c, a, b);
	} else if (sst_value_form(b, "=case") != NULL) {
		for (b = b->first->first; b != NULL; b = b->next)
			check_apart(c, a, b);
	} else {
		for (a = a->first; a != NULL; a = a->next)
			for (const struct sst_doc_node *at = b->first;
				at != NULL; at = at->next)
				if (sst_span_eq(a->name, at->name))
					sst_compile_fail(c, at,
						"'%.*s' is spelled twice",
						(int)at->name.len, at->name.at);
	}
}

void
sst_add_list(
	struct sst_compiler *c, const struct sst_doc_node *add, uint16_t list)
{
	for (const struct sst_doc_node *at = add->first; at != NULL;
		at = at->next) {
		for (const struct sst_doc_node *before = add->first;
			before != at; before = before->next)
			check_apart(c, before, at);
		sst_add_one(c, at, list);
	}
}
