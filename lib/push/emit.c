/* SPDX-License-Identifier: ISC */
/* Operations, texts and jumps; and the searching that templates need. */
#include "push/compile_in.h"

#include "text/scan.h"

#include <stdarg.h>
#include <stdio.h>

void
sst_compile_fail(struct sst_compiler *c, const struct sst_doc_node *node,
	const char *format, ...)
{
	char text[SST_ERR_MAX];
	va_list args;

	if (c->status != SST_OK)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	c->status = sst_doc_fail(c->err, c->path, node, "%s", text);
}

size_t
sst_emit(struct sst_compiler *c, enum sst_op_code code, unsigned arg,
	size_t len, size_t at)
{
	struct sst_code *to = c->code;

	if (c->status != SST_OK)
		return 0;
	if (to->n + 1 >= SST_CODE_OPS || len > UINT16_MAX || at > UINT32_MAX) {
		sst_compile_fail(c, c->node, "too much for one API file");
		return 0;
	}
	to->ops[to->n] = (struct sst_op){ (uint8_t)code, (uint8_t)arg,
		(uint16_t)len, (uint32_t)at };
	return to->n++;
}

static size_t
pool(struct sst_compiler *c, struct sst_span text)
{
	size_t at = c->code->pool.len;

	sst_buf_put_span(&c->code->pool, text);
	if (c->code->pool.is_short)
		sst_compile_fail(c, c->node, "too much text for one API file");
	return at;
}

void
sst_emit_text(struct sst_compiler *c, enum sst_op_code code, unsigned arg,
	struct sst_span text)
{
	(void)sst_emit(c, code, arg, text.len, pool(c, text));
}

/* What a file's author wrote into a URL: its signs mean what they mean there,
 * and what may stand in no URL is encoded. */
static void
put_of_url(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.at[i];

		if (byte > ' ' && byte < 0x7f &&
			strchr("\"<>\\^`{|}", byte) == NULL) {
			sst_buf_byte(to, (char)byte);
		} else {
			sst_buf_printf(to, "%%%02X", byte);
		}
	}
}

void
sst_emit_output(
	struct sst_compiler *c, struct sst_span text, enum sst_coding coding)
{
	struct sst_code *to = c->code;
	struct sst_op *last = to->n > 0 ? &to->ops[to->n - 1] : NULL;
	size_t at = to->pool.len, len;

	if (c->status != SST_OK || text.len == 0)
		return;
	if (coding == SST_CODING_JSON)
		sst_json_put_escaped(&to->pool, text);
	else if (coding == SST_CODING_PCT)
		put_of_url(&to->pool, text);
	else
		sst_buf_put_span(&to->pool, text);
	if (to->pool.is_short) {
		sst_compile_fail(c, c->node, "too much text for one API file");
		return;
	}
	len = to->pool.len - at;
	if (last != NULL && last->code == SST_OP_TEXT && to->label != to->n &&
		last->at + last->len == at && last->len + len <= UINT16_MAX)
		last->len = (uint16_t)(last->len + len);
	else
		(void)sst_emit(c, SST_OP_TEXT, 0, len, at);
}

void
sst_emit_mark(struct sst_compiler *c, enum sst_op_code code, unsigned arg)
{
	if (++c->depth > SST_CODE_MARKS)
		sst_compile_fail(c, c->node, "nested too deep");
	(void)sst_emit(c, code, arg, 0, 0);
}

void
sst_emit_pop(struct sst_compiler *c, enum sst_op_code code, unsigned arg)
{
	c->depth--;
	(void)sst_emit(c, code, arg, 0, 0);
}

void
sst_chain_add(struct sst_compiler *c, size_t op, uint32_t *chain)
{
	if (c->status != SST_OK)
		return;
	c->code->ops[op].at = *chain;
	*chain = (uint32_t)op;
}

void
sst_emit_jump(struct sst_compiler *c, enum sst_op_code code, uint32_t *chain)
{
	sst_chain_add(c, sst_emit(c, code, 0, 0, 0), chain);
}

void
sst_chain_here(struct sst_compiler *c, uint32_t chain)
{
	if (c->status != SST_OK || chain == SST_NO_CHAIN)
		return;
	while (chain != SST_NO_CHAIN) {
		uint32_t next = c->code->ops[chain].at;

		c->code->ops[chain].at = (uint32_t)c->code->n;
		chain = next;
	}
	c->code->label = c->code->n;
}

/* ---- searching ---- */

struct sst_span
sst_trim(struct sst_span text)
{
	while (text.len > 0 && text.at[0] == ' ')
		text = sst_span_from(text, 1);
	while (text.len > 0 && text.at[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* Behind the quoted text that opens at `at`. */
static size_t
skip_quotes(struct sst_span text, size_t at)
{
	for (at++; at < text.len && text.at[at] != '\''; at++)
		;
	return at < text.len ? at + 1 : at;
}

size_t
sst_find_close(struct sst_span text, size_t at)
{
	char open = text.at[at], close = open == '{' ? '}' : ']';
	size_t depth = 0;

	while (at < text.len) {
		/* Quotes count in references only. */
		if (text.at[at] == '\'' && depth > 0 && open == '{') {
			at = skip_quotes(text, at);
			continue;
		}
		if (open == '[' && text.at[at] == '{') {
			at = sst_find_close(text, at);
			if (at == text.len)
				return at;
		} else if (text.at[at] == open) {
			depth++;
		} else if (text.at[at] == close && --depth == 0) {
			return at;
		}
		at++;
	}
	return text.len;
}

size_t
sst_find_outside(struct sst_span text, size_t from, const char *what)
{
	struct sst_span find = sst_span_of(what);

	for (size_t at = from; at < text.len;) {
		if (text.at[at] == '\'') {
			at = skip_quotes(text, at);
		} else if (text.at[at] == '{') {
			at = sst_find_close(text, at) + 1;
		} else {
			if (text.len - at >= find.len &&
				memcmp(text.at + at, find.at, find.len) == 0)
				return at;
			at++;
		}
	}
	return text.len;
}
