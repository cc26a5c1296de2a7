/* SPDX-License-Identifier: ISC */
#include "text/utf8.h"

#define REPLACEMENT 0xfffdU
#define ILL_FORMED UINT32_MAX

/* The top bit of each of eight bytes: none set, all are ASCII. */
#define HIGH_BITS UINT64_C(0x8080808080808080)

/*
 * The code point at at[0..n), n > 0, or ILL_FORMED; returns how many bytes it
 * takes, of an ill-formed one those of its maximal subpart. Ranges from the
 * Unicode Standard, table 3-7: only the second byte's depends on the first.
 */
static inline size_t
decode(const unsigned char *at, size_t n, uint32_t *out)
{
	unsigned lead = at[0], low = 0x80, high = 0xbf;
	size_t more;
	uint32_t value;

	*out = lead;
	if (lead < 0x80)
		return 1;
	*out = ILL_FORMED;
	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
	if (lead == 0xe0)
		low = 0xa0; /* less is overlong */
	else if (lead == 0xed)
		high = 0x9f; /* more is a surrogate */
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f; /* more is past U+10FFFF */
	value = lead & 0x3fU >> more;
	for (size_t i = 1; i <= more; i++) {
		if (i == n || at[i] < low || at[i] > high)
			return i;
		value = value << 6 | (at[i] & 0x3fU);
		low = 0x80;
		high = 0xbf;
	}
	*out = value;
	return more + 1;
}

size_t
sst_utf8_valid(struct sst_span text)
{
	const unsigned char *at = (const unsigned char *)text.at;
	size_t i = 0;

	while (i < text.len) {
		uint32_t code_point;
		size_t n;

		while (i + 8 <= text.len) {
			uint64_t word;

			memcpy(&word, at + i, 8);
			if (word & HIGH_BITS)
				break;
			i += 8;
		}
		/* Fewer than eight bytes are left, or one is not ASCII. */
		while (i < text.len && at[i] < 0x80)
			i++;
		if (i == text.len)
			break;
		n = decode(at + i, text.len - i, &code_point);
		if (code_point == ILL_FORMED)
			break;
		i += n;
	}
	return i;
}

bool
sst_utf8_put_repaired(struct sst_buf *to, struct sst_span text)
{
	bool is_valid = true;

	for (;;) {
		size_t valid = sst_utf8_valid(text);
		uint32_t code_point;

		sst_buf_put_span(to, sst_span_head(text, valid));
		if (valid == text.len)
			return is_valid;
		is_valid = false;
		sst_utf8_put(to, REPLACEMENT);
		text = sst_span_from(text, valid);
		text = sst_span_from(
			text, decode((const unsigned char *)text.at, text.len,
				      &code_point));
	}
}

void
sst_utf8_put(struct sst_buf *to, uint32_t c)
{
	char text[4];
	size_t n = 0;

	if ((c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		c = REPLACEMENT;
	if (c < 0x80) {
		text[n++] = (char)c;
	} else if (c < 0x800) {
		text[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		text[n++] = (char)(0xe0 | c >> 12);
	} else {
		text[n++] = (char)(0xf0 | c >> 18);
		text[n++] = (char)(0x80 | (c >> 12 & 0x3f));
	}
	if (c >= 0x800)
		text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	if (c >= 0x80)
		text[n++] = (char)(0x80 | (c & 0x3f));
	sst_buf_put(to, text, n);
}

uint32_t
sst_utf8_next(struct sst_span text, size_t *at)
{
	uint32_t code_point;

	*at += decode((const unsigned char *)text.at + *at, text.len - *at,
		&code_point);
	return code_point == ILL_FORMED ? REPLACEMENT : code_point;
}
