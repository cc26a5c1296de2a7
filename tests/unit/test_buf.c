/* SPDX-License-Identifier: ISC */
/* Growing bytes: what is in, what does not fit, and the padding behind. */
#include "base/buf.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Every way to append, against one array of bytes. */
static void
appends_are_those_of_an_array(void **state)
{
	static char want[200000];
	char from[64 + SST_PAD];
	uint64_t seed = 99;
	size_t n = 0;
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, sizeof(want));
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (char)i;
	while (n < sizeof(want) - 100) {
		struct sst_span span;

		seed = seed * 6364136223846793005U + 1442695040888963407U;
		span = sst_span(from, (seed >> 40) % 65);
		switch (seed >> 61) {
		case 0:
			sst_buf_byte(&buf, from[span.len]);
			want[n++] = from[span.len];
			continue;
		case 1:
			sst_buf_put_u64(&buf, seed);
			n += (size_t)snprintf(want + n, 32, "%" PRIu64, seed);
			continue;
		case 2:
			sst_buf_printf(&buf, "<%d>", (int)span.len);
			n += (size_t)snprintf(
				want + n, 32, "<%d>", (int)span.len);
			continue;
		case 3:
			sst_buf_put(&buf, span.at, span.len);
			break;
		case 4:
			sst_buf_put_span(&buf, span);
			break;
		default:
			sst_buf_put_padded(&buf, span);
			break;
		}
		memcpy(want + n, from, span.len);
		n += span.len;
	}
	assert_false(buf.is_short);
	assert_true(sst_span_eq(sst_buf_span(&buf), sst_span(want, n)));
	for (size_t cut = 0; cut < n; cut += 1009) {
		sst_buf_cut_head(&buf, cut < 1009 ? 0 : 1009);
		assert_true(sst_span_eq(
			sst_buf_span(&buf), sst_span(want + cut, n - cut)));
	}
	sst_buf_release(&buf);
}

static void
what_does_not_fit_leaves_no_part(void **state)
{
	(void)state;
	for (size_t max = 0; max < 600; max += 13) {
		struct sst_buf buf;

		sst_buf_init(&buf, max);
		for (size_t i = 0; i < max; i++)
			sst_buf_byte(&buf, 'x');
		assert_false(buf.is_short);
		assert_int_equal(buf.len, max);
		SST_BUF_PUT(&buf, "ab");
		assert_true(buf.is_short);
		assert_int_equal(buf.len, max);
		/* Nothing follows a gap, not even what is empty or fits. */
		sst_buf_put(&buf, "", 0);
		assert_true(buf.is_short);
		if (max > 10) {
			sst_buf_reset(&buf);
			assert_false(buf.is_short);
			for (size_t i = 0; i < max - 1; i++)
				sst_buf_byte(&buf, 'x');
			sst_buf_put(&buf, "abc", 3);
			sst_buf_byte(&buf, 'y');
			assert_true(buf.is_short);
			assert_int_equal(buf.len, max - 1);
		}
		sst_buf_release(&buf);
	}
}

static void
a_buffer_of_zeros_takes_nothing(void **state)
{
	struct sst_buf buf = { 0 };

	(void)state;
	sst_buf_byte(&buf, 'x');
	assert_true(buf.is_short);
	assert_int_equal(buf.len, 0);
	sst_buf_release(&buf);
	sst_buf_init(&buf, 5);
	SST_BUF_PUT(&buf, "hello");
	assert_true(sst_span_is(sst_buf_span(&buf), "hello"));
	sst_buf_release(&buf);
	/* Released is reusable, with the same ceiling. */
	SST_BUF_PUT(&buf, "again");
	assert_true(sst_span_is(sst_buf_span(&buf), "again"));
	SST_BUF_PUT(&buf, "!");
	assert_true(buf.is_short);
	sst_buf_release(&buf);
}

static void
numbers_are_written_whole(void **state)
{
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	sst_buf_put_u64(&buf, 0);
	sst_buf_byte(&buf, ' ');
	sst_buf_put_u64(&buf, UINT64_MAX);
	assert_true(sst_span_is(sst_buf_span(&buf), "0 18446744073709551615"));
	sst_buf_release(&buf);
}

/* Under AddressSanitizer a load past the allocation would end this. */
static void
there_is_padding_behind_the_last_byte(void **state)
{
	volatile unsigned char sum = 0;
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 1000);
	for (size_t n = 0; n < 1000; n++) {
		sst_buf_byte(&buf, 'x');
		for (size_t i = 0; i < SST_PAD; i++)
			sum = (unsigned char)(sum + buf.at[buf.len + i]);
	}
	assert_false(buf.is_short);
	sst_buf_release(&buf);
}

static void
a_longer_text_of_printf_grows_the_buffer(void **state)
{
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 3000);
	sst_buf_printf(&buf, "%2000d|", 7);
	assert_false(buf.is_short);
	assert_int_equal(buf.len, 2001);
	assert_int_equal(buf.at[1999], '7');
	assert_int_equal(buf.at[2000], '|');
	sst_buf_printf(&buf, "%1000d", 7);
	assert_true(buf.is_short);
	assert_int_equal(buf.len, 2001);
	sst_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_are_those_of_an_array),
		cmocka_unit_test(what_does_not_fit_leaves_no_part),
		cmocka_unit_test(a_buffer_of_zeros_takes_nothing),
		cmocka_unit_test(numbers_are_written_whole),
		cmocka_unit_test(there_is_padding_behind_the_last_byte),
		cmocka_unit_test(a_longer_text_of_printf_grows_the_buffer),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
