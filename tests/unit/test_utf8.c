/* SPDX-License-Identifier: ISC */
/* UTF-8, held against the Unicode Standard's table of well-formed bytes. */
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Table 3-7, row by row. */
static const struct {
	size_t len;
	unsigned char low[4], high[4];
} well_formed[] = {
	{ 1, { 0x00 }, { 0x7f } },
	{ 2, { 0xc2, 0x80 }, { 0xdf, 0xbf } },
	{ 3, { 0xe0, 0xa0, 0x80 }, { 0xe0, 0xbf, 0xbf } },
	{ 3, { 0xe1, 0x80, 0x80 }, { 0xec, 0xbf, 0xbf } },
	{ 3, { 0xed, 0x80, 0x80 }, { 0xed, 0x9f, 0xbf } },
	{ 3, { 0xee, 0x80, 0x80 }, { 0xef, 0xbf, 0xbf } },
	{ 4, { 0xf0, 0x90, 0x80, 0x80 }, { 0xf0, 0xbf, 0xbf, 0xbf } },
	{ 4, { 0xf1, 0x80, 0x80, 0x80 }, { 0xf3, 0xbf, 0xbf, 0xbf } },
	{ 4, { 0xf4, 0x80, 0x80, 0x80 }, { 0xf4, 0x8f, 0xbf, 0xbf } },
};

/* Do the n bytes begin a well-formed sequence; and are they all of one? */
static bool
begins(const unsigned char *at, size_t n, bool *is_whole)
{
	for (size_t row = 0; row < COUNT(well_formed); row++) {
		bool fits = n <= well_formed[row].len;

		for (size_t i = 0; fits && i < n; i++)
			fits = at[i] >= well_formed[row].low[i] &&
			       at[i] <= well_formed[row].high[i];
		if (fits) {
			*is_whole = n == well_formed[row].len;
			return true;
		}
	}
	return false;
}

struct model {
	size_t valid; /* length of the valid head */
	size_t len;   /* of the repaired text */
	unsigned char text[64];
};

static struct model
model_of(const unsigned char *at, size_t n)
{
	struct model m = { .valid = n };
	size_t i = 0;

	while (i < n) {
		bool is_whole = false, is_longer;
		size_t len = 1;

		for (size_t k = 1; i + k <= n && !is_whole; k++) {
			is_longer = begins(at + i, k, &is_whole);
			if (!is_longer)
				break;
			len = k;
		}
		if (is_whole) {
			memcpy(m.text + m.len, at + i, len);
			m.len += len;
		} else {
			if (m.valid == n)
				m.valid = i;
			memcpy(m.text + m.len, "\xef\xbf\xbd", 3);
			m.len += 3;
		}
		i += len;
	}
	return m;
}

static void
check(struct sst_buf *buf, const unsigned char *at, size_t n)
{
	struct sst_span text = sst_span((const char *)at, n);
	struct model want = model_of(at, n);
	size_t valid = sst_utf8_valid(text);
	bool is_same;

	sst_buf_reset(buf);
	is_same = sst_utf8_put_repaired(buf, text);
	if (valid != want.valid || is_same != (want.valid == n) ||
		!sst_span_eq(sst_buf_span(buf),
			sst_span((const char *)want.text, want.len)))
		fail_msg("%02x %02x %02x %02x (%zu)", at[0], at[1], at[2],
			at[3], n);
	/* Walking gives the code points of the repaired text. */
	for (size_t i = 0, k = 0; i < n;) {
		uint32_t c = sst_utf8_next(text, &i);

		assert_true(c == sst_utf8_next(sst_buf_span(buf), &k));
		assert_true(i <= n);
		assert_int_equal(i == n, k == buf->len);
	}
}

/* Every sequence of up to four bytes that are at an edge of some range. */
static void
every_edge_is_repaired_as_the_standard_says(void **state)
{
	static const unsigned char edges[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90,
		0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
		0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff };
	const size_t n = COUNT(edges);
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t i = 0; i < n * n * n * n; i++) {
		unsigned char text[4] = { edges[i / n / n / n],
			edges[i / n / n % n], edges[i / n % n], edges[i % n] };

		check(&buf, text, 4);
		if (i % n == 0)
			check(&buf, text, 3);
		if (i % (n * n) == 0)
			check(&buf, text, 2);
		if (i % (n * n * n) == 0)
			check(&buf, text, 1);
	}
	sst_buf_release(&buf);
}

static void
every_code_point_survives(void **state)
{
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 8);
	for (uint32_t c = 0; c < 0x110200; c++) {
		bool is_scalar = c < 0xd800 || (c > 0xdfff && c <= 0x10ffff);
		size_t at = 0;

		sst_buf_reset(&buf);
		sst_utf8_put(&buf, c);
		assert_true(sst_utf8_valid(sst_buf_span(&buf)) == buf.len);
		assert_true(sst_utf8_next(sst_buf_span(&buf), &at) ==
			    (is_scalar ? c : 0xfffd));
		assert_true(at == buf.len);
	}
	sst_buf_release(&buf);
}

/* ASCII is skipped in words: a bad byte must be seen wherever it stands in
 * one, and bytes behind the end must not. */
static void
a_bad_byte_is_found_at_every_place(void **state)
{
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t shift = 0; shift < 8; shift++)
		for (size_t len = 0; len <= 20; len++)
			for (size_t bad = 0; bad <= len; bad++) {
				unsigned char text[40];

				memset(text, 0xff, sizeof(text));
				memset(text + shift, 'a', len);
				if (bad < len)
					text[shift + bad] = 0x80;
				check(&buf, text + shift, len);
			}
	sst_buf_release(&buf);
}

static void
known_repairs_are_those_of_the_standard(void **state)
{
	static const struct {
		struct sst_span text, repaired;
	} cases[] = {
		/* Tables 3-8 to 3-11 */
		{ SST_SPAN("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
			SST_SPAN("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd\x41") },
		{ SST_SPAN("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
			SST_SPAN("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd\x41") },
		{ SST_SPAN("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
			SST_SPAN("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\xef\xbf\xbd\x41\xef\xbf\xbd"
				 "\xef\xbf\xbd\x42") },
		{ SST_SPAN("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"),
			SST_SPAN("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				 "\xef\xbf\xbd\x41") },
		{ SST_SPAN(""), SST_SPAN("") },
	};
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t i = 0; i < COUNT(cases); i++) {
		sst_buf_reset(&buf);
		assert_int_equal(sst_utf8_put_repaired(&buf, cases[i].text),
			cases[i].text.len == 0);
		assert_true(sst_span_eq(sst_buf_span(&buf), cases[i].repaired));
	}
	sst_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_edge_is_repaired_as_the_standard_says),
		cmocka_unit_test(every_code_point_survives),
		cmocka_unit_test(a_bad_byte_is_found_at_every_place),
		cmocka_unit_test(known_repairs_are_those_of_the_standard),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
