/* SPDX-License-Identifier: ISC */
/* Strings with references in them. */
#include "push/compile_in.h"

/* What a reference compiled to, when it is one constant: undone, and given. */
bool
sst_emit_fold(struct sst_compiler *c, size_t start, struct sst_op *out)
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
struct sst_span
sst_emit_constant(struct sst_compiler *c, const struct sst_op *op)
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
	if (sst_emit_fold(c, start, &constant) && coding != SST_CODING_PCT &&
		coding != SST_CODING_HEADER) {
		sst_emit_output(c, sst_emit_constant(c, &constant), coding);
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
bool
sst_template_is_ref(struct sst_span text, struct sst_span *ref)
{
	if (text.len < 3 || text.at[0] != '{' ||
		sst_find_close(text, 0) != text.len - 1)
		return false;
	*ref = sst_span(text.at + 1, text.len - 2);
	return true;
}

bool
sst_template_has_ref(struct sst_span text)
{
	return sst_span_find(text, '{') < text.len ||
	       sst_span_find(text, '[') < text.len ||
	       sst_span_find(text, '}') < text.len ||
	       sst_span_find(text, ']') < text.len;
}
