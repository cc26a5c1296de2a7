/* SPDX-License-Identifier: ISC */
/* Conversions of API files. */
#include "push/auth.h"
#include "push/value.h"

#include "text/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct sst_buf scratch;

/* "S:text" or "N:text"; "-" when nothing is left. */
static void
expect(char kind, const char *text, const char *call, const char *expected)
{
	struct sst_buf in;
	struct sst_value value;
	struct sst_span name = sst_span_of(call), arg = { NULL, 0 }, got;
	size_t colon = sst_span_find(name, ':');
	enum sst_conv conv;
	int number = 0;
	char said[256];

	if (colon < name.len) {
		arg = sst_span_from(name, colon + 1);
		number = atoi(arg.at);
		name = sst_span_head(name, colon);
	}
	conv = sst_conv_of(name);
	assert_true(conv != SST_CONV_COUNT);
	sst_buf_init(&in, 65536);
	sst_buf_put_span(&in, sst_span_of(text));
	sst_buf_grow(&in, SST_PAD);
	sst_buf_reset(&scratch);
	value = kind == 'S' ? sst_value_string(sst_buf_span(&in))
			    : sst_value_number(sst_buf_span(&in));
	sst_value_convert(&scratch, &value, conv, number, arg);
	if (!value.is_there) {
		(void)snprintf(said, sizeof(said), "-");
	} else {
		got = sst_value_text(&scratch, &value);
		(void)snprintf(said, sizeof(said), "%c:%.*s",
			value.kind == SST_KIND_STRING ? 'S' : 'N', (int)got.len,
			got.at);
	}
	if (strcmp(said, expected) != 0)
		fail_msg("%s|%s: expected %s, got %s", text, call, expected,
			said);
	sst_buf_release(&in);
}

static void
times(void **state)
{
	(void)state;
	expect('S', "2026-11-24T04:41:46Z", "s", "N:1795495306");
	expect('S', "2026-11-24T04:41:48.5Z", "s", "N:1795495308");
	expect('S', "2026-11-24T04:41:48.5Z", "s:3", "N:1795495308.500");
	expect('S', "2026-11-24T04:41:48.5Z", "ms", "N:1795495308500");
	expect('S', "2026-11-24T04:41:48.5Z", "us", "N:1795495308500000");
	expect('S', "2026-11-24T04:41:48.5Z", "ns", "N:1795495308500000000");
	expect('S', "2026-11-24T05:41:48.5+01:00", "iso:3",
		"S:2026-11-24T04:41:48.500Z");
	expect('S', "yesterday", "s", "-");
	expect('N', "1795495308", "s", "-");
}

static void
numbers(void **state)
{
	(void)state;
	expect('S', "42", "num", "N:42");
	expect('S', "4.5e3", "num", "N:4.5e3");
	expect('S', "042", "num", "-");
	expect('S', "", "num", "-");
	expect('N', "42.7", "int", "N:42");
	expect('S', "-42abc", "int", "N:-42");
	expect('S', "-0042", "int", "N:-42");
	expect('S', "-0", "int", "N:0");
	expect('S', "000", "int", "N:0");
	expect('S', "1e3", "int", "-");
	expect('S', "x1", "int", "-");
	expect('S', "", "int", "-");
	expect('S', "-", "int", "-");
	expect('S', "1234567890123456789012", "int", "-");
	expect('N', "42", "str", "S:42");
}

static void
a_shift_is_exact(void **state)
{
	(void)state;
	expect('N', "0.042", "shift:3", "N:42");
	expect('N', "0.042", "shift:9", "N:42000000");
	expect('N', "0.0421", "shift:3", "N:42.1");
	expect('N', "42", "shift:3", "N:42000");
	expect('N', "42", "shift:-3", "N:0.042");
	expect('N', "1500", "shift:-3", "N:1.5");
	expect('N', "-1.25", "shift:1", "N:-12.5");
	expect('N', "0.1", "shift:1", "N:1");
	expect('N', "0", "shift:5", "N:0");
	expect('N', "-0.0", "shift:2", "N:0");
	expect('N', "12.5e-1", "shift:2", "N:125");
	expect('N', "1e3", "shift:0", "N:1000");
	expect('S', "0.1", "shift:18", "N:100000000000000000");
	expect('S', "a", "shift:1", "-");
}

static void
texts(void **state)
{
	(void)state;
	expect('S', "AbC\xc3\x89", "lower", "S:abc\xc3\x89");
	expect('S', "a\xc3\xa9z", "chars:2", "S:a\xc3\xa9");
	expect('S', "a\xc3\xa9z", "bytes:2", "S:a");
	expect('S', "a\xc3\xa9z", "bytes:3", "S:a\xc3\xa9");
	expect('N', "12345", "chars:2", "N:12345");
	expect('S', "a b", "name:60", "S:a_b");
	expect('S', "9lives", "name:60", "S:x_9lives");
	expect('S', "_x", "name:60", "S:x_x");
	expect('S', "\xc3\xa9t\xc3\xa9", "name:60", "S:x_t_");
	expect('S', "abcdef", "name:3", "S:abc");
	expect('S', "", "name:3", "-");
	expect('S', "a b/\xc3\xa9", "pct", "S:a%20b%2F%C3%A9");
	expect('S', "a\"b", "json", "S:\"a\\\"b\"");
	expect('N', "1.5", "type", "S:number");
	expect('N', "15", "type", "S:int");
	expect('S', "15", "type", "S:string");
	expect('S', "a\xc3\xa9", "len", "N:2");
	expect('S', "Code: 117. DB", "after:Code: ", "S:117. DB");
	expect('S', "no", "after:Code: ", "-");
}

static void
uuids(void **state)
{
	(void)state;
	static const char id[] = "ffeeddcc-bbaa-8988-8776-655443322110";

	expect('S', id, "hex:16", "S:ffeeddccbbaa8988");
	expect('S', "FFEEDDCC-BBAA-8988-8776-655443322110", "hex:4", "S:ffee");
	expect('S', id, "pair", "S:2146360780.1986352195");
	expect('S', "80000000-0000-8000-8080-000000000000", "pair", "S:1.1");
	expect('S', "h1_00", "hex:16", "-");
	expect('S', "h1_00", "pair", "-");
}

static void
numbers_are_compared_as_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0", 0 },
		{ "200", 200 },
		{ "-1.5", -1.5 },
		{ "25e-1", 2.5 },
		{ "1E+3", 1000 },
	};
	double value;

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(
			sst_value_double(sst_span_of(cases[i].text), &value));
		assert_true(value >= cases[i].value && value <= cases[i].value);
	}
	assert_false(sst_value_double(sst_span_of("1x"), &value));
	assert_false(sst_value_double(sst_span_of(""), &value));
	assert_false(sst_value_double(sst_span_of("1e999"), &value));
}

/* RFC 4648 section 10, RFC 7617 section 2. */
static void
credentials_are_coded_as_the_rfcs_say(void **state)
{
	(void)state;
	static const struct {
		const char *text, *coded;
	} cases[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	struct sst_buf to;

	sst_buf_init(&to, 256);
	for (size_t i = 0; i < COUNT(cases); i++) {
		sst_buf_reset(&to);
		sst_base64_put(&to, sst_span_of(cases[i].text));
		assert_true(sst_span_is(sst_buf_span(&to), cases[i].coded));
	}
	sst_buf_reset(&to);
	sst_auth_put_basic(
		&to, sst_span_of("Aladdin"), sst_span_of("open sesame"));
	assert_true(sst_span_is(
		sst_buf_span(&to), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
	sst_buf_release(&to);
}

static void
keys_are_decoded_or_refused(void **state)
{
	(void)state;
	static const struct {
		bool is_hex;
		const char *text;
		bool is_good;
		const char *bytes;
	} cases[] = {
		{ false, "", true, "" },
		{ false, "Zg==", true, "f" },
		{ false, "Zg", true, "f" },
		{ false, "Zm9vYmFy", true, "foobar" },
		{ false, "Zm9vYg==", true, "foob" },
		{ false, "Zm9vY", false, "" },
		{ false, "Zm 9", false, "" },
		{ false, "Zm9-", false, "" },
		{ false, "=Zm9", false, "" },
		{ true, "", true, "" },
		{ true, "6aB7", true, "\x6a\xb7" },
		{ true, "666f4F", true, "foO" },
		{ true, "666", false, "" },
		{ true, "6g", false, "" },
	};
	struct sst_buf to;

	sst_buf_init(&to, 256);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_span text = sst_span_of(cases[i].text);

		sst_buf_reset(&to);
		assert_int_equal(cases[i].is_good,
			cases[i].is_hex ? sst_hex_get(&to, text)
					: sst_base64_get(&to, text));
		if (cases[i].is_good)
			assert_true(
				sst_span_is(sst_buf_span(&to), cases[i].bytes));
	}
	sst_buf_release(&to);
}

static int
set_up(void **state)
{
	(void)state;
	sst_buf_init(&scratch, 65536);
	return sst_buf_grow(&scratch, 65536) ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	sst_buf_release(&scratch);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(numbers),
		cmocka_unit_test(a_shift_is_exact),
		cmocka_unit_test(texts),
		cmocka_unit_test(uuids),
		cmocka_unit_test(numbers_are_compared_as_numbers),
		cmocka_unit_test(credentials_are_coded_as_the_rfcs_say),
		cmocka_unit_test(keys_are_decoded_or_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
