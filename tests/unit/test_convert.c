/* SPDX-License-Identifier: ISC */
/* The words of KEY[:CONV], and what they do to a value. */
#include "event/convert.h"
#include "record/conv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct pair {
	const char *value, *expected;
};

typedef bool convert(struct sst_buf *to, struct sst_span value);

static void
all_become(convert *run, const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sst_buf buf, in;

		sst_buf_init(&buf, 4096);
		sst_buf_init(&in, 4096);
		sst_buf_put(&in, pairs[i].value, strlen(pairs[i].value));
		if (!run(&buf, sst_buf_span(&in))) {
			sst_buf_reset(&buf);
			SST_BUF_PUT(&buf, "none");
		}
		sst_buf_byte(&buf, '\0');
		assert_string_equal(buf.at, pairs[i].expected);
		sst_buf_release(&buf);
		sst_buf_release(&in);
	}
}
#define ALL_BECOME(run, pairs) \
	all_become(run, pairs, sizeof(pairs) / sizeof((pairs)[0]))

static bool
elapsed(struct sst_buf *to, struct sst_span value)
{
	return sst_convert_elapsed(to, value, 0);
}

static bool
elapsed_ms(struct sst_buf *to, struct sst_span value)
{
	return sst_convert_elapsed(to, value, 3);
}

static void
durations_have_units_of_their_own(void **state)
{
	static const struct pair pairs[] = {
		{ "0.042", "0.042" },
		{ "12", "12" },
		{ "0.000", "0.000" },
		{ "12ms", "0.012" },
		{ "1.5ms", "0.0015" },
		{ "1.5s", "1.5" },
		{ "0.002058s", "0.002058" },
		{ "250ns", "0.00000025" },
		{ "3us", "0.000003" },
		{ "3\xc2\xb5s", "0.000003" },
		{ "3\xce\xbcs", "0.000003" },
		{ "1m2.5s", "62.5" },
		{ "1h0m3s", "3603" },
		{ "2m", "120" },
		{ "-1", "none" },
		{ "1x", "none" },
		{ "1m2", "none" },
		{ "1.s", "none" },
		{ "ms", "none" },
		{ "99999999999h", "none" },
	};
	static const struct pair ms[] = {
		{ "205", "0.205" },
		{ "0.035", "0.035" },
		{ "0", "0" },
		{ "12s", "12" },
	};

	(void)state;
	ALL_BECOME(elapsed, pairs);
	ALL_BECOME(elapsed_ms, ms);
}

static bool
protocol(struct sst_buf *to, struct sst_span value)
{
	sst_convert_protocol(to, value);
	return true;
}

static bool
tls(struct sst_buf *to, struct sst_span value)
{
	sst_convert_tls(to, value);
	return true;
}

static void
versions_are_spelled_as_servers_do(void **state)
{
	static const struct pair protocols[] = {
		{ "1.1", "HTTP/1.1" },
		{ "2", "HTTP/2" },
		{ "2.0.0.0", "HTTP/2.0" },
		{ "http1.1", "HTTP/1.1" },
		{ "HTTP/1.1", "HTTP/1.1" },
		{ "h2", "h2" },
		{ "1.x", "1.x" },
		{ "", "" },
	};
	static const struct pair versions[] = {
		{ "772", "TLSv1.3" },
		{ "769", "TLSv1" },
		{ "1.2", "TLSv1.2" },
		{ "tls1.3", "TLSv1.3" },
		{ "TLS 1.2", "TLSv1.2" },
		{ "TLSv1.2", "TLSv1.2" },
		{ "774", "774" },
		{ "tls", "tls" },
	};

	(void)state;
	ALL_BECOME(protocol, protocols);
	ALL_BECOME(tls, versions);
}

static bool
percent2(struct sst_buf *to, struct sst_span value)
{
	struct sst_buf scratch;

	sst_buf_init(&scratch, 4096);
	sst_convert_percent(to, &scratch, value, 2);
	sst_buf_release(&scratch);
	return true;
}

static bool
encoded(struct sst_buf *to, struct sst_span value)
{
	sst_convert_encoded(to, value);
	return true;
}

static bool
plus(struct sst_buf *to, struct sst_span value)
{
	sst_convert_plus(to, value);
	return true;
}

static void
encodings_are_undone_as_often_as_they_were_done(void **state)
{
	static const struct pair twice[] = {
		{ "a%2520b", "a b" },
		{ "a%20b", "a b" },
		{ "a%20b%2541", "a b%41" },
		{ "a%252", "a%2" },
		{ "a%", "a%" },
		{ "abc", "abc" },
	};
	static const struct pair once[] = {
		{ "/a%2520b", "/a%20b" },
		{ "/a%20b", "/a%20b" },
		{ "/a%25", "/a%25" },
		{ "/a%252x", "/a%252x" },
		{ "/%2541%2542", "/%41%42" },
	};
	static const struct pair spaces[] = {
		{ "a+b+c", "a b c" },
		{ "a+b c", "a+b c" },
		{ "", "" },
	};

	(void)state;
	ALL_BECOME(percent2, twice);
	ALL_BECOME(encoded, once);
	ALL_BECOME(plus, spaces);
}

static bool
epoch_ms(struct sst_buf *to, struct sst_span value)
{
	struct sst_stamp stamp;

	if (!sst_convert_epoch(value, 3, &stamp))
		return false;
	sst_stamp_put(to, stamp);
	return true;
}

static bool
any_stamp(struct sst_buf *to, struct sst_span value)
{
	struct sst_stamp stamp;

	if (!sst_convert_stamp(value, &stamp))
		return false;
	sst_stamp_put(to, stamp);
	return true;
}

static bool
clock_time(struct sst_buf *to, struct sst_span value)
{
	struct sst_stamp stamp;

	if (!sst_convert_clock(value, &stamp))
		return false;
	sst_stamp_put(to, stamp);
	return true;
}

static void
times_are_told_by_their_look(void **state)
{
	static const struct pair stamps[] = {
		{ "1795495306", "2026-11-24T04:41:46Z" },
		{ "1795495306.5", "2026-11-24T04:41:46.5Z" },
		{ "1795495306123", "2026-11-24T04:41:46.123Z" },
		{ "1795495306123000000", "2026-11-24T04:41:46.123000000Z" },
		{ "2026-11-24T05:41:46+01:00", "2026-11-24T04:41:46Z" },
		{ "2026-11-24 04:41:46.1", "2026-11-24T04:41:46.1Z" },
		{ "24/Nov/2026:04:41:46 +0000", "2026-11-24T04:41:46Z" },
		{ "[24/Nov/2026:04:41:46 +0000]", "2026-11-24T04:41:46Z" },
		{ "yesterday", "none" },
		{ "", "none" },
	};
	static const struct pair ms[] = {
		{ "1795495306123", "2026-11-24T04:41:46.123Z" },
		{ "1795495306123.25", "2026-11-24T04:41:46.12325Z" },
		{ "999", "1970-01-01T00:00:00.999Z" },
		{ "1795495306123.1234567", "2026-11-24T04:41:46.123123456Z" },
		{ "99999999999999999999", "none" },
		{ "-1", "none" },
		{ "1.x", "none" },
	};
	static const struct pair clocks[] = {
		{ "04:41:46", "1970-01-01T04:41:46Z" },
		{ "04:41:46.123", "1970-01-01T04:41:46.123Z" },
		{ "04:41", "1970-01-01T04:41:00Z" },
		{ "25:00:00", "none" },
		{ "4:41:46", "none" },
		{ "", "none" },
	};

	(void)state;
	ALL_BECOME(any_stamp, stamps);
	ALL_BECOME(epoch_ms, ms);
	ALL_BECOME(clock_time, clocks);
}

/* For each pair of milliseconds of a day: the difference is theirs. */
static void
what_lies_between_two_times_is_exact(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		unsigned from = i * 7919 % 86400000,
			 until = i * 104729 % 86400000;
		struct sst_stamp a = { from / 1000, from % 1000 * 1000000, 3 };
		struct sst_stamp b = { until / 1000, until % 1000 * 1000000,
			3 };
		struct sst_buf buf, digits;
		bool is_good;

		sst_buf_init(&buf, 64);
		sst_buf_init(&digits, 64);
		is_good = sst_convert_between(&buf, a, b);
		assert_int_equal(is_good, until >= from);
		if (is_good) {
			unsigned ms = until - from, rest = ms % 1000;
			int places = rest == 0 ? 0 : 3;

			for (; places > 0 && rest % 10 == 0; places--)
				rest /= 10;
			sst_buf_printf(&digits, "%u", ms / 1000);
			if (places > 0)
				sst_buf_printf(&digits, ".%0*u", places, rest);
			assert_int_equal(buf.len, digits.len);
			assert_memory_equal(buf.at, digits.at, buf.len);
		}
		sst_buf_release(&buf);
		sst_buf_release(&digits);
	}
}

static void
every_word_is_known_and_described(void **state)
{
	const struct sst_conv_row *rows;
	struct sst_cell cell = { .conv = 0 };
	size_t n;

	(void)state;
	rows = sst_conv_rows(&n);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(sst_conv_read(sst_span_of(rows[i].name), &cell));
		assert_int_equal(cell.conv, rows[i].conv);
		assert_int_equal(cell.shift, rows[i].shift);
		assert_true(rows[i].help[0] != '\0');
	}
	assert_false(sst_conv_read(sst_span_of("second"), &cell));
	assert_false(sst_conv_read(sst_span_of(""), &cell));
	assert_true(sst_conv_read(sst_span_of("%Y-%m-%d"), &cell));
	assert_int_equal(cell.conv, SST_CONV_TIME_FORMAT);
}

static void
a_key_alone_is_read_as_suits_it(void **state)
{
	static const struct {
		const char *mapping, *key;
		enum sst_conv conv;
		int shift;
	} cases[] = {
		{ "client_ip", "client_ip", SST_CONV_CLIENT, 0 },
		{ "time", "time", SST_CONV_TIME_ANY, 0 },
		{ "status", "status", SST_CONV_STATUS, 0 },
		{ "anything", "anything", SST_CONV_TEXT, 0 },
		{ "duration:ms", "duration", SST_CONV_SECONDS, 3 },
		{ "time:%H:%M", "time", SST_CONV_TIME_FORMAT, 0 },
	};
	struct sst_arena arena;

	(void)state;
	sst_arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_cell cell;

		assert_int_equal(sst_conv_cell(&cell, &arena,
					 sst_span_of(cases[i].mapping), NULL),
			SST_OK);
		assert_true(sst_span_is(cell.key, cases[i].key));
		assert_int_equal(cell.conv, cases[i].conv);
		assert_int_equal(cell.shift, cases[i].shift);
	}
	sst_arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_units_of_their_own),
		cmocka_unit_test(versions_are_spelled_as_servers_do),
		cmocka_unit_test(
			encodings_are_undone_as_often_as_they_were_done),
		cmocka_unit_test(times_are_told_by_their_look),
		cmocka_unit_test(what_lies_between_two_times_is_exact),
		cmocka_unit_test(every_word_is_known_and_described),
		cmocka_unit_test(a_key_alone_is_read_as_suits_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
