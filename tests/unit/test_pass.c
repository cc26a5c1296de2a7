/* SPDX-License-Identifier: ISC */
/* Lines that wait to be copied on. */
#include "push/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
lines_go_on_in_order_whatever_is_settled_first(void **state)
{
	(void)state;
	/* Tickets 0..5, a line without an event behind each second one; every
	 * order of settling gives the same, never more than what is settled
	 * from the beginning on. */
	static const int orders[][6] = { { 0, 1, 2, 3, 4, 5 },
		{ 5, 4, 3, 2, 1, 0 }, { 1, 0, 3, 2, 5, 4 },
		{ 2, 5, 0, 1, 4, 3 } };
	static const char *const whole = "0\n1\n-\n2\n3\n-\n4\n5\n-\n";

	for (size_t o = 0; o < COUNT(orders); o++) {
		struct sst_pass pass;
		struct sst_buf out;
		bool is_settled[6] = { false };

		sst_pass_init(&pass, 4096);
		sst_buf_init(&out, 4096);
		for (uint64_t t = 0; t < 6; t++) {
			char digit = (char)('0' + t);

			assert_true(
				sst_pass_add(&pass, t, sst_span(&digit, 1)));
			if (t % 2 == 1)
				assert_true(sst_pass_add(&pass,
					SST_PASS_NO_EVENT, sst_span("-", 1)));
		}
		sst_pass_take(&pass, &out);
		assert_int_equal(out.len, 0);
		for (size_t i = 0; i < 6; i++) {
			size_t head = 0;

			sst_pass_settle(&pass, (uint64_t)orders[o][i], 1, true);
			is_settled[orders[o][i]] = true;
			sst_pass_take(&pass, &out);
			while (head < 6 && is_settled[head])
				head++;
			assert_int_equal(out.len, (head + head / 2) * 2);
			assert_memory_equal(
				out.at == NULL ? "" : out.at, whole, out.len);
		}
		assert_int_equal(out.len, strlen(whole));
		assert_int_equal(pass.bytes.len, 0);
		sst_pass_release(&pass);
		sst_buf_release(&out);
	}
}

static void
what_was_lost_is_left_out(void **state)
{
	(void)state;
	struct sst_pass pass;
	struct sst_buf out;

	sst_pass_init(&pass, 4096);
	sst_buf_init(&out, 4096);
	for (uint64_t t = 10; t < 14; t++)
		assert_true(
			sst_pass_add(&pass, t, sst_span("abcd" + (t - 10), 1)));
	sst_pass_settle(&pass, 11, 2, false);
	sst_pass_settle(&pass, 13, 1, true);
	sst_pass_settle(&pass, 10, 1, true);
	sst_pass_take(&pass, &out);
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.at, "a\nd\n", 4);
	sst_pass_release(&pass);
	sst_buf_release(&out);
}

static void
a_full_buffer_says_so(void **state)
{
	(void)state;
	struct sst_pass pass;

	sst_pass_init(&pass, 8);
	assert_true(sst_pass_add(&pass, 0, sst_span("abc", 3)));
	assert_false(sst_pass_add(&pass, 1, sst_span("abcdefgh", 8)));
	sst_pass_release(&pass);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			lines_go_on_in_order_whatever_is_settled_first),
		cmocka_unit_test(what_was_lost_is_left_out),
		cmocka_unit_test(a_full_buffer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
