/* SPDX-License-Identifier: ISC */
#include "record/escape.h"

#include "text/utf8.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = sst_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of the escape at text.at[at], a backslash; its byte goes to *out. 0:
 * it is none. */
static size_t
backslash(struct sst_span text, size_t at, char *out)
{
	static const char names[] = "bnrtv\"\\", bytes[] = "\b\n\r\t\v\"\\";
	const char *name;

	if (at + 1 >= text.len)
		return 0;
	if (text.at[at + 1] == 'x') {
		int high, low;

		if (at + 3 >= text.len)
			return 0;
		high = hex(text.at[at + 2]);
		low = hex(text.at[at + 3]);
		if (high < 0 || low < 0)
			return 0;
		*out = (char)(high << 4 | low);
		return 4;
	}
	name = memchr(names, text.at[at + 1], sizeof(names) - 1);
	if (name == NULL)
		return 0;
	*out = bytes[name - names];
	return 2;
}

int
sst_escape_unit(struct sst_span text, size_t at)
{
	int value = 0;

	if (at + 6 > text.len || text.at[at] != '\\' || text.at[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = hex(text.at[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* JSON's own escapes, which are the ones above and these; a broken one stays
 * as it is. */
static size_t
json_escape(struct sst_buf *to, struct sst_span text, size_t at)
{
	int first = sst_escape_unit(text, at), second;
	char byte;
	size_t len;

	if (first >= 0xd800 && first < 0xdc00) {
		second = sst_escape_unit(text, at + 6);
		if (second >= 0xdc00 && second < 0xe000) {
			sst_utf8_put(to,
				0x10000U + ((uint32_t)(first - 0xd800) << 10) +
					(uint32_t)(second - 0xdc00));
			return 12;
		}
	}
	if (first >= 0) {
		sst_utf8_put(to, (uint32_t)first);
		return 6;
	}
	if (at + 1 < text.len &&
		(text.at[at + 1] == '/' || text.at[at + 1] == 'f')) {
		sst_buf_byte(to, text.at[at + 1] == '/' ? '/' : '\f');
		return 2;
	}
	len = backslash(text, at, &byte);
	if (len != 0)
		sst_buf_byte(to, byte);
	return len;
}

/* HAProxy's #HH; a '#' before anything else stays. */
static void
put_hashed(struct sst_buf *to, struct sst_span text)
{
	for (size_t at = 0; at < text.len; at++) {
		int high = -1, low = -1;

		if (text.at[at] == '#' && at + 2 < text.len) {
			high = hex(text.at[at + 1]);
			low = hex(text.at[at + 2]);
		}
		if (high < 0 || low < 0) {
			sst_buf_byte(to, text.at[at]);
			continue;
		}
		sst_buf_byte(to, (char)(high << 4 | low));
		at += 2;
	}
}

void
sst_unescape_put(
	struct sst_buf *to, struct sst_span text, enum sst_escape escape)
{
	size_t at = 0;

	if (escape == SST_ESCAPE_HAPROXY) {
		put_hashed(to, text);
		return;
	}
	while (at < text.len && escape != SST_ESCAPE_NONE) {
		size_t plain = sst_span_find(sst_span_from(text, at), '\\');
		size_t len;
		char byte;

		sst_buf_put(to, text.at + at, plain);
		at += plain;
		if (at == text.len)
			return;
		if (escape == SST_ESCAPE_JSON) {
			len = json_escape(to, text, at);
		} else {
			len = backslash(text, at, &byte);
			if (len != 0)
				sst_buf_byte(to, byte);
		}
		if (len == 0)
			sst_buf_byte(to, text.at[at++]);
		at += len;
	}
	if (escape == SST_ESCAPE_NONE)
		sst_buf_put_span(to, text);
}
