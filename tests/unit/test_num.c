/* SPDX-License-Identifier: ISC */
/* Numbers, held against arithmetic on strings. */
#include "base/num.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
digits_become_numbers_or_are_refused(void **state)
{
	static const struct {
		struct sst_span text;
		bool is_u64, is_i64;
		uint64_t u;
		int64_t i;
	} cases[] = {
		{ SST_SPAN("0"), true, true, 0, 0 },
		{ SST_SPAN("007"), true, true, 7, 7 },
		{ SST_SPAN("9223372036854775807"), true, true, INT64_MAX,
			INT64_MAX },
		{ SST_SPAN("9223372036854775808"), true, false,
			(uint64_t)INT64_MAX + 1, 0 },
		{ SST_SPAN("18446744073709551615"), true, false, UINT64_MAX,
			0 },
		{ SST_SPAN("18446744073709551616"), false, false, 0, 0 },
		{ SST_SPAN("18446744073709551625"), false, false, 0, 0 },
		{ SST_SPAN("99999999999999999999"), false, false, 0, 0 },
		{ SST_SPAN("00000000000000000001"), true, true, 1, 1 },
		{ SST_SPAN("000000000000000000001"), false, false, 0, 0 },
		{ SST_SPAN("-1"), false, true, 0, -1 },
		{ SST_SPAN("-9223372036854775807"), false, true, 0,
			-INT64_MAX },
		{ SST_SPAN("-9223372036854775809"), false, false, 0, 0 },
		{ SST_SPAN("--1"), false, false, 0, 0 },
		{ SST_SPAN("-"), false, false, 0, 0 },
		{ SST_SPAN("+1"), false, false, 0, 0 },
		{ SST_SPAN(" 1"), false, false, 0, 0 },
		{ SST_SPAN("1 "), false, false, 0, 0 },
		{ SST_SPAN("1\0"), false, false, 0, 0 },
		{ SST_SPAN("1.0"), false, false, 0, 0 },
		{ SST_SPAN("0x1"), false, false, 0, 0 },
		{ SST_SPAN("/"), false, false, 0, 0 },
		{ SST_SPAN(":"), false, false, 0, 0 },
		{ SST_SPAN(""), false, false, 0, 0 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		uint64_t u = 42;
		int64_t i = 42;

		assert_int_equal(
			sst_num_u64(cases[k].text, &u), cases[k].is_u64);
		assert_true(u == (cases[k].is_u64 ? cases[k].u : 42));
		assert_int_equal(
			sst_num_i64(cases[k].text, &i), cases[k].is_i64);
		assert_true(i == (cases[k].is_i64 ? cases[k].i : 42));
	}
}

static void
numbers_around_every_power_of_ten_come_back(void **state)
{
	(void)state;
	for (uint64_t power = 1;; power *= 10) {
		for (uint64_t k = 0; k < 3; k++) {
			uint64_t value = power - 1 + k, back;
			char text[32];
			int n = snprintf(text, sizeof(text), "%" PRIu64, value);

			assert_true(
				sst_num_u64(sst_span(text, (size_t)n), &back));
			assert_true(back == value);
		}
		if (power > UINT64_MAX / 10)
			break;
	}
}

static void
json_numbers_are_known_by_their_grammar(void **state)
{
	static const struct {
		struct sst_span text;
		bool is_json;
	} cases[] = {
		{ SST_SPAN("0"), true },
		{ SST_SPAN("-0"), true },
		{ SST_SPAN("10"), true },
		{ SST_SPAN("0.0"), true },
		{ SST_SPAN("0.042"), true },
		{ SST_SPAN("-1.5e10"), true },
		{ SST_SPAN("1E+2"), true },
		{ SST_SPAN("1e-2"), true },
		{ SST_SPAN("1e05"), true },
		{ SST_SPAN("123456789012345678901234567890"), true },
		{ SST_SPAN("01"), false },
		{ SST_SPAN("-01"), false },
		{ SST_SPAN("00"), false },
		{ SST_SPAN("1."), false },
		{ SST_SPAN(".5"), false },
		{ SST_SPAN("1.e5"), false },
		{ SST_SPAN("1e"), false },
		{ SST_SPAN("1e+"), false },
		{ SST_SPAN("+1"), false },
		{ SST_SPAN("-"), false },
		{ SST_SPAN("--1"), false },
		{ SST_SPAN("1 "), false },
		{ SST_SPAN("1\0"), false },
		{ SST_SPAN("1e5.0"), false },
		{ SST_SPAN("NaN"), false },
		{ SST_SPAN("Infinity"), false },
		{ SST_SPAN(""), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
			sst_num_is_json(cases[i].text), cases[i].is_json);
}

static void
shifts_are_exact(void **state)
{
	static const struct {
		const char *text;
		int places;
		const char *shifted; /* NULL: refused */
	} cases[] = {
		{ "1500", 3, "1.5" },
		{ "1500", 0, "1500" },
		{ "0.042", 0, "0.042" },
		{ "0.000", 0, "0.000" },
		{ "1.50", 0, "1.50" },
		{ "0", 3, "0" },
		{ "0.000", 3, "0" },
		{ "000", 0, "0" },
		{ "007", 0, "7" },
		{ "00.50", 0, "0.5" },
		{ "1", 6, "0.000001" },
		{ "1000000", 6, "1" },
		{ "10", 6, "0.00001" },
		{ "12.5", 1, "1.25" },
		{ "123456789012345678901234567890", 15,
			"123456789012345.67890123456789" },
		{ "", 3, NULL },
		{ ".", 3, NULL },
		{ ".5", 3, NULL },
		{ "5.", 3, NULL },
		{ "5.", 0, NULL },
		{ "-5", 3, NULL },
		{ "+5", 3, NULL },
		{ "1.2.3", 3, NULL },
		{ "1e3", 3, NULL },
		{ " 1", 3, NULL },
		{ "1 ", 0, NULL },
		{ "-", 0, NULL },
	};
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t i = 0; i < COUNT(cases); i++) {
		sst_buf_reset(&buf);
		assert_int_equal(
			sst_num_put_shifted(&buf, sst_span_of(cases[i].text),
				cases[i].places),
			cases[i].shifted != NULL);
		if (!sst_span_is(sst_buf_span(&buf),
			    cases[i].shifted ? cases[i].shifted : ""))
			fail_msg("%s by %d: %.*s", cases[i].text,
				cases[i].places, (int)buf.len, buf.at);
	}
	sst_buf_release(&buf);
}

/* The obvious way: all digits in a row, zeros before them, a point put in,
 * zeros taken away at both ends. */
static void
model(char to[128], const char *text, int places)
{
	const char *point = strchr(text, '.');
	size_t whole = point ? (size_t)(point - text) : strlen(text);
	size_t n = 0, first = 0, last;
	char digits[128];

	for (int i = 0; i < places; i++)
		digits[n++] = '0';
	for (const char *c = text; *c != '\0'; c++)
		if (*c != '.')
			digits[n++] = *c;
	while (first + 1 < whole && digits[first] == '0')
		first++;
	last = n;
	while (last > whole && digits[last - 1] == '0')
		last--;
	(void)snprintf(to, 128, "%.*s%s%.*s", (int)(whole - first),
		digits + first, last > whole ? "." : "", (int)(last - whole),
		digits + whole);
}

static void
random_shifts_are_those_of_a_plain_model(void **state)
{
	uint64_t seed = 1;
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 128);
	for (int i = 0; i < 100000; i++) {
		char text[64], want[128];
		int n = 0, places;

		for (int part = 0; part < 2; part++) {
			unsigned digits;

			seed = seed * 6364136223846793005U +
			       1442695040888963407U;
			digits = (unsigned)(seed >> 60);
			if (part == 0)
				digits++;
			else if (digits > 0)
				text[n++] = '.';
			for (; digits > 0; digits--) {
				seed = seed * 6364136223846793005U +
				       1442695040888963407U;
				/* Zeros are where it goes wrong. */
				text[n++] = "0000123059"[(seed >> 33) % 10];
			}
		}
		text[n] = '\0';
		places = 1 + (int)((seed >> 20) % 10);
		model(want, text, places);
		sst_buf_reset(&buf);
		assert_true(sst_num_put_shifted(
			&buf, sst_span(text, (size_t)n), places));
		if (!sst_span_is(sst_buf_span(&buf), want))
			fail_msg("%s by %d: %.*s, not %s", text, places,
				(int)buf.len, buf.at, want);
		assert_true(sst_num_is_json(sst_buf_span(&buf)));
	}
	sst_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_become_numbers_or_are_refused),
		cmocka_unit_test(numbers_around_every_power_of_ten_come_back),
		cmocka_unit_test(json_numbers_are_known_by_their_grammar),
		cmocka_unit_test(shifts_are_exact),
		cmocka_unit_test(random_shifts_are_those_of_a_plain_model),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
