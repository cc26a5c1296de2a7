/* SPDX-License-Identifier: ISC */
/* Templates and JSON values. */
#include "push/compile.h"

#include "push/value.h"

#define EACH_MAX 64 /* members that =each gives unless "max" says */

/* ---- templates ---- */

/* What a reference compiled to, when it is one constant: undone, and given. */
static bool
fold(struct sst_compiler *c, size_t start, struct sst_op *out)
{
	struct sst_code *code = c->code;
	struct sst_op *op = &code->ops[start];

	if (c->status != SST_OK || code->n != start + 1 ||
		code->label > start ||
		(op->code != SST_OP_STRING && op->code != SST_OP_NUMBER &&
			op->code != SST_OP_TRUE && op->code != SST_OP_FALSE))
		return false;
	*out = *op;
	code->n = start;
	return true;
}

/* The text of a constant, copied: the pool moves when it grows. */
static struct sst_span
constant_text(struct sst_compiler *c, const struct sst_op *op)
{
	struct sst_span text;

	if (op->code == SST_OP_TRUE)
		return sst_span_of("true");
	if (op->code == SST_OP_FALSE)
		return sst_span_of("false");
	text = sst_arena_copy(
		c->arena, sst_span(c->code->pool.at + op->at, op->len));
	if (text.at == NULL)
		c->status = sst_fail_memory(c->err, c->path);
	return text;
}

static bool
is_url_setting(const struct sst_compiler *c, struct sst_span ref)
{
	static const struct sst_span set = SST_SPAN("set.");

	if (!sst_span_starts(ref, set))
		return false;
	ref = sst_span_from(ref, set.len);
	for (size_t i = 0; i < c->settings.n; i++)
		if (sst_span_eq(c->settings.at[i].name, ref))
			return c->settings.at[i].type == SST_SETTING_URL;
	return false;
}

static void
put_reference(struct sst_compiler *c, struct sst_span ref, bool before_slash,
	enum sst_coding coding, uint32_t *chain)
{
	size_t start = c->code->n;
	struct sst_op constant;

	/* Who configured a URL means its slashes. */
	if (coding == SST_CODING_PCT && is_url_setting(c, ref))
		coding = SST_CODING_TEXT;
	c->joins_path = before_slash;
	sst_refer(c, ref);
	c->joins_path = false;
	if (fold(c, start, &constant) && coding != SST_CODING_PCT &&
		coding != SST_CODING_HEADER) {
		sst_emit_output(c, constant_text(c, &constant), coding);
		return;
	}
	if (c->status == SST_OK && c->code->n == start)
		c->code->n++; /* folded, but needs coding: it stands there */
	sst_chain_add(c, sst_emit(c, SST_OP_PUT_PART, coding, 0, 0), chain);
}

static void parts(struct sst_compiler *c, struct sst_span text,
	enum sst_coding coding, uint32_t *chain, bool in_group);

/* "[...]": left out when something in it is absent. */
static void
group(struct sst_compiler *c, struct sst_span text, enum sst_coding coding)
{
	uint32_t absent = SST_NO_CHAIN, done = SST_NO_CHAIN;

	sst_emit_mark(c, SST_OP_MARK, 0);
	parts(c, text, coding, &absent, true);
	sst_emit_pop(c, SST_OP_POP, 0);
	sst_emit_jump(c, SST_OP_JUMP, &done);
	sst_chain_here(c, absent);
	(void)sst_emit(c, SST_OP_CUT, 0, 0, 0);
	sst_chain_here(c, done);
}

static void
parts(struct sst_compiler *c, struct sst_span text, enum sst_coding coding,
	uint32_t *chain, bool in_group)
{
	for (size_t at = 0; at < text.len && c->status == SST_OK;) {
		size_t end = at;

		while (end < text.len && strchr("{}[]", text.at[end]) == NULL)
			end++;
		sst_emit_output(c, sst_span(text.at + at, end - at), coding);
		at = end;
		if (at == text.len)
			break;
		end = text.at[at] == '{' || (text.at[at] == '[' && !in_group)
			      ? sst_find_close(text, at)
			      : text.len;
		if (end == text.len) {
			sst_compile_fail(c, c->node,
				"a '%c' too many: a literal one is {'%c'}",
				text.at[at], text.at[at]);
			return;
		}
		if (text.at[at] == '[')
			group(c, sst_span(text.at + at + 1, end - at - 1),
				coding);
		else
			put_reference(c,
				sst_span(text.at + at + 1, end - at - 1),
				end + 1 < text.len && text.at[end + 1] == '/',
				coding, chain);
		at = end + 1;
	}
}

void
sst_template(struct sst_compiler *c, struct sst_span text,
	enum sst_coding coding, uint32_t *chain)
{
	parts(c, text, coding, chain, false);
}

/* A string that is one reference: what is between its braces. */
static bool
is_whole_reference(struct sst_span text, struct sst_span *ref)
{
	if (text.len < 3 || text.at[0] != '{' ||
		sst_find_close(text, 0) != text.len - 1)
		return false;
	*ref = sst_span(text.at + 1, text.len - 2);
	return true;
}

static bool
has_reference(struct sst_span text)
{
	return sst_span_find(text, '{') < text.len ||
	       sst_span_find(text, '[') < text.len ||
	       sst_span_find(text, '}') < text.len ||
	       sst_span_find(text, ']') < text.len;
}

/* ---- values at hand ---- */

static const struct sst_doc_node *
form_of(const struct sst_doc_node *node, const char *name)
{
	return node->kind == SST_DOC_OBJECT && node->first != NULL &&
			       sst_span_is(node->first->name, name)
		       ? node->first
		       : NULL;
}

static void
value_to_json_ok(struct sst_compiler *c, const struct sst_doc_node *node)
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

	if (is_whole_reference(text, &ref)) {
		sst_refer(c, ref);
		return;
	}
	if (!has_reference(text)) {
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
		if (form_of(node, "=case") != NULL) {
			cases(c, node, sst_value_to_acc, no_acc);
			return;
		}
		break;
	case SST_DOC_ARRAY:
		break;
	}
	sst_emit_mark(c, SST_OP_SUB, 0);
	value_to_json_ok(c, node);
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
	struct sst_span text = constant_text(c, op);

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
	if (fold(c, start, &constant))
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
	if (is_whole_reference(node->text, &ref))
		return reference_to_json(c, ref);
	if (!has_reference(node->text)) {
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

static void
element(struct sst_compiler *c, const struct sst_doc_node *node)
{
	sst_emit_mark(c, SST_OP_MARK, 0);
	value_to_json_ok(c, node);
	end_member(c, sst_span(NULL, 0));
}

/* A name in JSON spelling, in the arena. */
static struct sst_span
spelled(struct sst_compiler *c, struct sst_span name)
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
	       (node->kind == SST_DOC_STRING && !has_reference(node->text) &&
		       !sst_span_starts(node->text, sst_span_of("=")));
}

static void
member(struct sst_compiler *c, const struct sst_doc_node *node, bool is_added)
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
	value_to_json_ok(c, node);
	end_member(c, is_added ? spelled(c, node->name) : sst_span(NULL, 0));
}

/* ---- =each and =add ---- */

static uint16_t
new_list(struct sst_compiler *c)
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

static void
spell(struct sst_compiler *c, uint16_t list, const struct sst_doc_node *node)
{
	struct sst_code *code = c->code;

	if (code->name_count == SST_CODE_NAMES) {
		sst_compile_fail(c, node, "too many names");
		return;
	}
	code->names[code->name_count++] = spelled(c, node->name);
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
static void
each(struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list)
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
		value_to_json_ok(c, as);
	} else {
		if (name != NULL)
			sst_value_to_acc(c, name);
		else
			(void)sst_emit(c, SST_OP_NAME, 0, 0, 0);
		c->depth++;
		sst_chain_add(c, sst_emit(c, SST_OP_NAMED, 0, list, 0), &again);
		if (value != NULL)
			value_to_json_ok(c, value);
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
		struct sst_span name = spelled(c, at->name);

		for (size_t i = 0; i < code->lists[list].n; i++)
			if (sst_span_eq(
				    code->names[code->lists[list].first + i],
				    name))
				sst_compile_fail(c, at,
					"'%.*s' is spelled twice",
					(int)at->name.len, at->name.at);
	}
}

static void add_one(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list);

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
		add_one(c, at, list);
		sst_emit_jump(c, SST_OP_JUMP, &done);
		sst_chain_here(c, next);
	}
	sst_chain_here(c, done);
}

static void
add_one(struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list)
{
	c->node = node;
	if (form_of(node, "=each") != NULL) {
		each(c, node, list);
	} else if (form_of(node, "=case") != NULL) {
		add_cases(c, node, list);
	} else if (node->kind == SST_DOC_OBJECT) {
		check_added(c, node, list);
		for (const struct sst_doc_node *at = node->first; at != NULL;
			at = at->next) {
			if (sst_span_starts(at->name, sst_span_of("=")))
				sst_compile_fail(c, at,
					"'%.*s' may not stand here",
					(int)at->name.len, at->name.at);
			member(c, at, true);
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
		form_of(a, "=each") != NULL || form_of(b, "=each") != NULL)
		return;
	if (form_of(a, "=case") != NULL) {
		for (a = a->first->first; a != NULL; a = a->next)
			check_apart(c, a, b);
	} else if (form_of(b, "=case") != NULL) {
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

static void
add_list(struct sst_compiler *c, const struct sst_doc_node *add, uint16_t list)
{
	for (const struct sst_doc_node *at = add->first; at != NULL;
		at = at->next) {
		for (const struct sst_doc_node *before = add->first;
			before != at; before = before->next)
			check_apart(c, before, at);
		add_one(c, at, list);
	}
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
			member(c, at, false);
	}
	if (add != NULL) {
		list = new_list(c);
		for (const struct sst_doc_node *at = node->first; at != NULL;
			at = at->next)
			if (at != add)
				spell(c, list, at);
		if (add->kind != SST_DOC_ARRAY)
			add_one(c, add, list);
		else
			add_list(c, add, list);
	}
	sst_emit_pop(c, SST_OP_CLOSE, '}');
}

static void
each_to_json(struct sst_compiler *c, const struct sst_doc_node *node)
{
	bool is_list = sst_doc_member(node, "as") != NULL;
	uint16_t list = new_list(c);

	sst_emit_mark(c, SST_OP_OPEN, is_list ? '[' : '{');
	each(c, node, list);
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
	if (form_of(node, "=case") != NULL)
		cases(c, node, value_to_json_ok, no_json);
	else if (form_of(node, "=each") != NULL)
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

	value_to_json_ok(c, node);
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
