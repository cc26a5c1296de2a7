/* SPDX-License-Identifier: ISC */
/*
 * What log writers call JSON: nginx's escape=default writes \xHH into strings,
 * an absent number is a hole ("a":,) or a hyphen ("a":-), the times of several
 * upstreams are a bare list ("a":0.1, 0.2), and bytes of a request that are
 * not UTF-8 pass through.
 */
#include "record/shape.h"

#include "base/num.h"
#include "record/escape.h"
#include "text/utf8.h"

struct repairing {
	struct sst_buf *to;
	struct sst_span line;
	size_t at;
};

static int
hex(struct sst_span text, size_t at)
{
	char c = at < text.len ? sst_lower(text.at[at]) : 0;

	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
put_byte(struct sst_buf *to, unsigned byte)
{
	static const char digits[] = "0123456789abcdef";

	if (byte == '"' || byte == '\\') {
		sst_buf_byte(to, '\\');
		sst_buf_byte(to, (char)byte);
	} else if (byte < 0x20) {
		SST_BUF_PUT(to, "\\u00");
		sst_buf_byte(to, digits[byte >> 4]);
		sst_buf_byte(to, digits[byte & 15]);
	} else {
		sst_buf_byte(to, (char)byte);
	}
}

/* At a backslash of a string. */
static void
put_escape(struct repairing *r)
{
	struct sst_span line = r->line;
	int high = hex(line, r->at + 2), low = hex(line, r->at + 3);
	int first = sst_escape_unit(line, r->at),
	    second = sst_escape_unit(line, r->at + 6);
	char kind = r->at + 1 < line.len ? line.at[r->at + 1] : 0;
	size_t len = 2;

	if (kind == 'x' && high >= 0 && low >= 0) {
		put_byte(r->to, (unsigned)(high << 4 | low));
		r->at += 4;
		return;
	}
	if (first >= 0xd800 && first < 0xe000 &&
		!(first < 0xdc00 && second >= 0xdc00 && second < 0xe000)) {
		SST_BUF_PUT(r->to, "\\ufffd"); /* a lone surrogate */
		r->at += 6;
		return;
	}
	if (first >= 0)
		len = first >= 0xd800 && first < 0xdc00 ? 12 : 6;
	else if (kind == 0 || memchr("\"\\/bfnrt", kind, 8) == NULL)
		len = 0;
	if (len == 0) { /* no escape of JSON: a backslash */
		SST_BUF_PUT(r->to, "\\\\");
		r->at++;
		return;
	}
	sst_buf_put(r->to, line.at + r->at, len);
	r->at += len;
}

/* From an opening quote to behind the closing one. */
static void
put_string(struct repairing *r)
{
	sst_buf_byte(r->to, '"');
	r->at++;
	while (r->at < r->line.len && r->line.at[r->at] != '"') {
		if (r->line.at[r->at] == '\\')
			put_escape(r);
		else
			put_byte(r->to, (uint8_t)r->line.at[r->at++]);
	}
	if (r->at < r->line.len) {
		sst_buf_byte(r->to, '"');
		r->at++;
	}
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the bare value at r->at ends: before a comma that a name follows, or
 * before a brace. */
static size_t
bare_end(const struct repairing *r)
{
	struct sst_span line = r->line;
	size_t end = r->at;

	for (; end < line.len; end++) {
		size_t next = end + 1;

		if (line.at[end] == '}' || line.at[end] == ']')
			break;
		while (next < line.len && is_space(line.at[next]))
			next++;
		if (line.at[end] == ',' && next < line.len &&
			line.at[next] == '"')
			break;
	}
	return end;
}

/* Behind a colon: a number, a list of numbers, or nothing. */
static void
put_bare(struct repairing *r)
{
	size_t end = bare_end(r);
	struct sst_span value = sst_span(r->line.at + r->at, end - r->at);
	bool is_list;

	while (value.len > 0 && is_space(value.at[value.len - 1]))
		value.len--;
	is_list = value.len > 0 && value.at[value.len - 1] != ',';
	for (size_t i = 0; i < value.len; i++)
		is_list &= memchr("0123456789.,: -", value.at[i], 15) != NULL;
	if (value.len == 0 || sst_span_is(value, "-")) {
		SST_BUF_PUT(r->to, "null");
	} else if (is_list && !sst_num_is_json(value)) {
		sst_buf_byte(r->to, '"');
		sst_buf_put_span(r->to, value);
		sst_buf_byte(r->to, '"');
	} else {
		sst_buf_put_span(r->to, value);
	}
	r->at = end;
}

static void
put_repaired(struct repairing *r)
{
	struct sst_span line = r->line;

	while (r->at < line.len) {
		char c = line.at[r->at];

		if (c == '"') {
			put_string(r);
			continue;
		}
		sst_buf_byte(r->to, c);
		r->at++;
		if (c != ':')
			continue;
		while (r->at < line.len && is_space(line.at[r->at]))
			r->at++;
		if (r->at < line.len &&
			memchr("\"{[tfn", line.at[r->at], 6) == NULL)
			put_bare(r);
	}
}

void
sst_json_repair(struct sst_work *work, struct sst_span line)
{
	struct repairing r = { .to = &work->spare, .line = line };
	struct sst_span plain;

	sst_buf_reset(&work->spare);
	put_repaired(&r);
	plain = sst_buf_span(&work->spare);
	work->is_repaired = sst_utf8_valid(plain) != plain.len;
	sst_buf_reset(&work->buf);
	if (work->is_repaired)
		(void)sst_utf8_put_repaired(&work->buf, plain);
	else
		sst_buf_put_span(&work->buf, plain);
	work->buf.is_short |= work->spare.is_short;
}
