/* SPDX-License-Identifier: ISC */
/* How text is spelled inside a JSON string: the writing half of scan.h. */
#include "base/wide.h"
#include "text/scan.h"
#include "text/utf8.h"

/* The first byte that is no plain character, or end. Text to be escaped comes
 * from anywhere: nothing behind its end is read. */
static const char *
plain_end(const char *at, const char *end)
{
	const char *wide = at + ((size_t)(end - at) & ~(size_t)15);

	for (at = sst_wide_plain(at, wide); at < end; at++) {
		unsigned char c = (unsigned char)*at;

		if (c < 32 || c >= 127 || c == '"' || c == '\\')
			break;
	}
	return at;
}

static void
put_u(struct sst_buf *to, unsigned unit)
{
	SST_BUF_PUT(to, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		sst_buf_byte(to, "0123456789abcdef"[unit >> shift & 15]);
}

static void
put_odd(struct sst_buf *to, unsigned char byte)
{
	static const char letters[] = "btn fr"; /* of 8 to 13 */

	if (byte == '"' || byte == '\\') {
		sst_buf_byte(to, '\\');
		sst_buf_byte(to, (char)byte);
	} else if (byte >= 8 && byte <= 13 && byte != 11) {
		sst_buf_byte(to, '\\');
		sst_buf_byte(to, letters[byte - 8]);
	} else {
		put_u(to, byte);
	}
}

/* C1 controls, and the two separators that end a line in JavaScript. */
static inline bool
is_wide_control(uint32_t code)
{
	return code < 0xa0 || code == 0x2028 || code == 0x2029;
}

void
sst_json_put_escaped(struct sst_buf *to, struct sst_span text)
{
	const char *end;
	size_t i = 0;

	if (text.len == 0) /* at may be NULL then */
		return;
	end = text.at + text.len;
	while (i < text.len) {
		const char *at = text.at + i;
		const char *odd = plain_end(at, end);
		uint32_t code;
		size_t from;

		sst_buf_put(to, at, (size_t)(odd - at));
		i += (size_t)(odd - at);
		if (i == text.len)
			break;
		if ((unsigned char)*odd < 0x80) {
			put_odd(to, (unsigned char)*odd);
			i++;
			continue;
		}
		from = i;
		code = sst_utf8_next(text, &i);
		if (is_wide_control(code))
			put_u(to, code);
		else
			sst_buf_put(to, text.at + from, i - from);
	}
}

bool
sst_json_is_plain(struct sst_span text)
{
	const char *end;
	size_t i;

	if (text.len == 0) /* at may be NULL then */
		return true;
	end = text.at + text.len;
	i = (size_t)(plain_end(text.at, end) - text.at);
	while (i < text.len) {
		size_t from = i;

		if ((unsigned char)text.at[i] < 0x80) {
			if (plain_end(text.at + i, text.at + i + 1) ==
				text.at + i)
				return false;
			i++;
		} else if (is_wide_control(sst_utf8_next(text, &i)) ||
			   sst_utf8_valid(sst_span(text.at + from, i - from)) !=
				   i - from) {
			return false;
		}
	}
	return true;
}

static unsigned
unit_at(struct sst_span inside, size_t at)
{
	unsigned unit = 0;

	for (size_t i = at; i < at + 4 && i < inside.len; i++) {
		char c = sst_lower(inside.at[i]);

		unit = unit << 4 | (unsigned)(c > '9' ? c - 'a' + 10 : c - '0');
	}
	return unit;
}

/* Behind "\u"; returns how many bytes of `inside` it took. */
static size_t
put_code(struct sst_buf *to, struct sst_span inside, size_t at)
{
	uint32_t code = unit_at(inside, at);

	if (code < 0xd800 || code > 0xdbff) {
		sst_utf8_put(to, code);
		return 4;
	}
	/* The scanner has seen the other half: "\uXXXX" behind it. */
	code = 0x10000 + ((code - 0xd800) << 10) +
	       (unit_at(inside, at + 6) - 0xdc00);
	sst_utf8_put(to, code);
	return 10;
}

void
sst_json_put_unescaped(struct sst_buf *to, struct sst_span inside)
{
	static const char names[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	size_t i = 0;

	while (i < inside.len) {
		size_t plain = sst_span_find(sst_span_from(inside, i), '\\');
		const char *name;
		char letter;

		sst_buf_put(to, inside.at + i, plain);
		i += plain;
		if (i + 1 >= inside.len)
			break;
		letter = inside.at[i + 1];
		i += 2;
		if (letter == 'u') {
			i += put_code(to, inside, i);
			continue;
		}
		name = memchr(names, letter, sizeof(names) - 1);
		sst_buf_byte(to, name != NULL ? bytes[name - names] : letter);
	}
}
