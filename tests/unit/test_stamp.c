/* SPDX-License-Identifier: ISC */
/* Time stamps, held against gmtime_r and a calendar that only counts. */
#include "text/stamp.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* 2026-11-24T04:41:46Z */
#define THEN INT64_C(1795495306)

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static const char *
printed(struct sst_stamp stamp, char to[64])
{
	struct sst_buf buf;

	sst_buf_init(&buf, 63);
	sst_stamp_put(&buf, stamp);
	assert_false(buf.is_short);
	memcpy(to, buf.at, buf.len);
	to[buf.len] = '\0';
	sst_buf_release(&buf);
	return to;
}

static void
every_day_from_1970_to_2100_is_that_of_gmtime(void **state)
{
	unsigned days = 0;

	(void)state;
	for (int64_t t = 86399; t < INT64_C(4133980800); t += 86400, days++) {
		char text[64], want[64];
		struct sst_stamp stamp;
		struct tm tm;
		time_t at = (time_t)t;

		assert_non_null(gmtime_r(&at, &tm));
		(void)snprintf(text, sizeof(text),
			"%02d/%s/%04d:%02d:%02d:%02d +0000", tm.tm_mday,
			month_names[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
			tm.tm_min, tm.tm_sec);
		assert_true(sst_stamp_clf(sst_span_of(text), &stamp));
		assert_true(stamp.seconds == t);
		assert_true(strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ",
				    &tm) > 0);
		assert_string_equal(printed(stamp, text), want);
		assert_true(sst_stamp_iso(sst_span_of(want), false, &stamp));
		assert_true(stamp.seconds == t);
	}
	assert_int_equal(days, 47847);
}

static void
every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int64_t count = -719528; /* 0000-01-01 */

	(void)state;
	for (int year = 0; year <= 9999; year++)
		for (unsigned month = 1; month <= 12; month++) {
			bool is_leap = (year % 4 == 0 && year % 100 != 0) ||
				       year % 400 == 0;
			unsigned n =
				month == 2 && is_leap ? 29 : days[month - 1];

			for (unsigned day = 1; day <= n; day++, count++) {
				unsigned m, d;
				int y;

				sst_date_of(count, &y, &m, &d);
				if (sst_days_of(year, month, day) != count ||
					y != year || m != month || d != day)
					fail_msg("%04d-%02u-%02u", year, month,
						day);
			}
		}
	assert_int_equal(count, 2932897); /* 10000-01-01 */
}

struct reading {
	const char *text;
	int64_t seconds; /* BAD: refused */
	uint32_t nanos;
	uint8_t digits;
};

#define BAD INT64_MIN

static void
check(const struct reading *want, bool is_read, const struct sst_stamp *got)
{
	if (is_read != (want->seconds != BAD))
		fail_msg("'%s': %d", want->text, is_read);
	if (is_read &&
		(got->seconds != want->seconds || got->nanos != want->nanos ||
			got->digits != want->digits))
		fail_msg("'%s': %" PRId64 " %" PRIu32 " %d", want->text,
			got->seconds, got->nanos, got->digits);
}

static void
clf_times_are_read_or_refused(void **state)
{
	static const struct reading cases[] = {
		{ "24/Nov/2026:04:41:46 +0000", THEN, 0, 0 },
		{ "24/Nov/2026:04:41:46 -0000", THEN, 0, 0 },
		{ "24/nov/2026:04:41:46 +0000", THEN, 0, 0 },
		{ "24/NOV/2026:04:41:46 +0000", THEN, 0, 0 },
		{ "24/Nov/2026:05:41:46 +0100", THEN, 0, 0 },
		{ "23/Nov/2026:21:11:46 -0730", THEN, 0, 0 },
		{ "24/Nov/2026:18:41:46 +1400", THEN, 0, 0 },
		{ "24/Nov/2026:19:40:46 +1459", THEN, 0, 0 },
		{ "24/Nov/2026:19:41:46 +1500", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46 +0060", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46.5 +0000", THEN, 500000000, 1 },
		{ "24/Nov/2026:04:41:46.123 +0000", THEN, 123000000, 3 },
		{ "24/Nov/2026:04:41:46.123456789 +0000", THEN, 123456789, 9 },
		{ "24/Nov/2026:04:41:46.1234567899 +0000", THEN, 123456789, 9 },
		{ "24/Nov/2026:04:41:46. +0000", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46,5 +0000", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46.123", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46 0000", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46  +000", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46 +00:00", BAD, 0, 0 },
		{ "24/Nov/2026:04:41:46 +0000 ", BAD, 0, 0 },
		{ " 4/Nov/2026:04:41:46 +0000", BAD, 0, 0 },
		{ "24/Nox/2026:04:41:46 +0000", BAD, 0, 0 },
		{ "24/Nov/202x:04:41:46 +0000", BAD, 0, 0 },
		{ "24/Nov/-026:04:41:46 +0000", BAD, 0, 0 },
		{ "24-Nov-2026:04:41:46 +0000", BAD, 0, 0 },
		{ "24/Nov/2026 04:41:46 +0000", BAD, 0, 0 },
		{ "00/Nov/2026:04:41:46 +0000", BAD, 0, 0 },
		{ "31/Nov/2026:04:41:46 +0000", BAD, 0, 0 },
		{ "31/Feb/2026:04:41:46 +0000", BAD, 0, 0 },
		{ "29/Feb/2026:00:00:00 +0000", BAD, 0, 0 },
		{ "29/Feb/2100:00:00:00 +0000", BAD, 0, 0 },
		{ "29/Feb/2000:00:00:00 +0000", 951782400, 0, 0 },
		{ "29/Feb/2024:00:00:00 +0000", 1709164800, 0, 0 },
		{ "32/Dec/2026:00:00:00 +0000", BAD, 0, 0 },
		{ "24/Nov/2026:24:00:00 +0000", BAD, 0, 0 },
		{ "24/Nov/2026:23:60:00 +0000", BAD, 0, 0 },
		{ "24/Nov/2026:23:59:61 +0000", BAD, 0, 0 },
		{ "24/Nov/2026:x3:59:00 +0000", BAD, 0, 0 },
		/* A leap second is the next minute's first. */
		{ "31/Dec/2016:23:59:60 +0000", 1483228800, 0, 0 },
		{ "01/Jan/2017:00:59:60 +0100", 1483228800, 0, 0 },
		{ "31/Dec/1969:23:59:59 +0000", -1, 0, 0 },
		{ "01/Jan/1970:00:00:00 +0001", -60, 0, 0 },
		{ "01/Jan/0001:00:00:00 +0000", -INT64_C(62135596800), 0, 0 },
		{ "01/Jan/0001:00:00:00 +0001", BAD, 0, 0 },
		{ "31/Dec/9999:23:59:59 +0000", INT64_C(253402300799), 0, 0 },
		{ "31/Dec/9999:23:59:59 -0001", BAD, 0, 0 },
		{ "31/Dec/9999:23:59:60 +0000", BAD, 0, 0 },
		{ "01/Jan/0000:00:00:00 +0000", BAD, 0, 0 },
		{ "", BAD, 0, 0 },
		{ "-", BAD, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_stamp got;

		check(&cases[i],
			sst_stamp_clf(sst_span_of(cases[i].text), &got), &got);
	}
}

static void
iso_times_are_read_or_refused(void **state)
{
	static const struct reading cases[] = {
		{ "2026-11-24T04:41:46Z", THEN, 0, 0 },
		{ "2026-11-24t04:41:46z", THEN, 0, 0 },
		{ "2026-11-24 04:41:46Z", THEN, 0, 0 },
		{ "2026-11-24_04:41:46Z", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+01:00", THEN, 0, 0 },
		{ "2026-11-24T05:41:46+0100", THEN, 0, 0 },
		{ "2026-11-24T05:41:46+01", THEN, 0, 0 },
		{ "2026-11-24T01:11:46-03:30", THEN, 0, 0 },
		{ "2026-11-24T19:40:46+14:59", THEN, 0, 0 },
		{ "2026-11-24T19:41:46+15:00", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+01:60", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+01:0", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+01:", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+010", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+1", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+", BAD, 0, 0 },
		{ "2026-11-24T05:41:46+01:00:00", BAD, 0, 0 },
		{ "2026-11-24T04:41:46.1Z", THEN, 100000000, 1 },
		{ "2026-11-24T04:41:46,12Z", THEN, 120000000, 2 },
		{ "2026-11-24T04:41:46.000Z", THEN, 0, 3 },
		{ "2026-11-24T04:41:46.0001Z", THEN, 100000, 4 },
		{ "2026-11-24T04:41:46.12345Z", THEN, 123450000, 5 },
		{ "2026-11-24T04:41:46.123456Z", THEN, 123456000, 6 },
		{ "2026-11-24T04:41:46.1234567Z", THEN, 123456700, 7 },
		{ "2026-11-24T04:41:46.12345678Z", THEN, 123456780, 8 },
		{ "2026-11-24T04:41:46.999999999Z", THEN, 999999999, 9 },
		{ "2026-11-24T04:41:46.9999999999Z", THEN, 999999999, 9 },
		{ "2026-11-24T05:41:46.5+01:00", THEN, 500000000, 1 },
		{ "2026-11-24T04:41:46.Z", BAD, 0, 0 },
		{ "2026-11-24T04:41:46.-1Z", BAD, 0, 0 },
		{ "2026-11-24T04:41:46", BAD, 0, 0 },
		{ "2026-11-24T04:41:46.5", BAD, 0, 0 },
		{ "2026-11-24T04:41Z", BAD, 0, 0 },
		{ "2026-11-24", BAD, 0, 0 },
		{ "2026-11-24T04:41:46ZZ", BAD, 0, 0 },
		{ "2026-11-24T04:41:46 Z", BAD, 0, 0 },
		{ "2026-1-24T04:41:46Z", BAD, 0, 0 },
		{ "2026-13-24T04:41:46Z", BAD, 0, 0 },
		{ "2026-00-24T04:41:46Z", BAD, 0, 0 },
		{ "2026-11-31T04:41:46Z", BAD, 0, 0 },
		{ "2026-02-29T04:41:46Z", BAD, 0, 0 },
		{ "2026-11-24T24:00:00Z", BAD, 0, 0 },
		{ "0000-01-01T00:00:00Z", BAD, 0, 0 },
		{ "1972-06-30T23:59:60Z", 78796800, 0, 0 },
		{ "1969-12-31T23:59:59.25Z", -1, 250000000, 2 },
		{ "", BAD, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_stamp got;

		check(&cases[i],
			sst_stamp_iso(sst_span_of(cases[i].text), false, &got),
			&got);
	}
}

static void
a_missing_zone_is_utc_only_when_assumed(void **state)
{
	static const struct reading cases[] = {
		{ "2026-11-24T04:41:46", THEN, 0, 0 },
		{ "2026-11-24 04:41:46,5", THEN, 500000000, 1 },
		{ "2026-11-24T05:41:46+01:00", THEN, 0, 0 },
		{ "2026-11-24T05:41:46 ", BAD, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_stamp got;

		check(&cases[i],
			sst_stamp_iso(sst_span_of(cases[i].text), true, &got),
			&got);
	}
}

static void
the_length_of_an_epoch_tells_its_unit(void **state)
{
	static const struct reading cases[] = {
		{ "1795495306", THEN, 0, 0 },
		{ "1795495306123", THEN, 123000000, 3 },
		{ "1795495306000", THEN, 0, 3 },
		{ "1795495306123456", THEN, 123456000, 6 },
		{ "1795495306123456789", THEN, 123456789, 9 },
		{ "9999999999999999999", INT64_C(9999999999), 999999999, 9 },
		{ "1795495306.1", THEN, 100000000, 1 },
		{ "1795495306.123", THEN, 123000000, 3 },
		{ "1795495306.1234567891", THEN, 123456789, 9 },
		{ "17954953061.5", INT64_C(17954953061), 500000000, 1 },
		{ "253402300799.0", INT64_C(253402300799), 0, 1 },
		{ "253402300800.0", BAD, 0, 0 },
		{ "1795495306123.5", BAD, 0, 0 },
		{ "0", 0, 0, 0 },
		{ "0.5", 0, 500000000, 1 },
		{ "17954953061", BAD, 0, 0 },
		{ "179549530612", BAD, 0, 0 },
		{ "17954953061234", BAD, 0, 0 },
		{ "179549530612345", BAD, 0, 0 },
		{ "17954953061234567", BAD, 0, 0 },
		{ "179549530612345678", BAD, 0, 0 },
		{ "17954953061234567890", BAD, 0, 0 },
		{ "1795495306.", BAD, 0, 0 },
		{ ".5", BAD, 0, 0 },
		{ "1795495306.1.2", BAD, 0, 0 },
		{ "1795495306,1", BAD, 0, 0 },
		{ "-1", BAD, 0, 0 },
		{ "+1", BAD, 0, 0 },
		{ "1e9", BAD, 0, 0 },
		{ " 1", BAD, 0, 0 },
		{ "", BAD, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_stamp got;

		check(&cases[i],
			sst_stamp_epoch(sst_span_of(cases[i].text), &got),
			&got);
	}
}

/* The formats are a table: that is the point of the test. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
a_format_reads_what_strftime_writes(void **state)
{
	static const char *const formats[] = {
		"%Y-%m-%dT%H:%M:%SZ%z",
		"%d/%b/%Y:%H:%M:%S %z",
		"%a, %d %b %Y %T %z",
		"%A %B %e %T %Y %z",
		"%a%n%h%t%d %R:%S %z %Y",
		"%D %I:%M:%S %p %z",
		"%F %T%%%z",
		"%y%m%d%H%M%S%z",
		"%Y%m%dT%H%M%S %Z",
		"%s",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++)
		for (int64_t t = 12345; t < INT64_C(3124224000);
			t += 86400 * 13 + 3607) {
			time_t at = (time_t)t;
			struct sst_stamp got;
			char text[128];
			struct tm tm;

			assert_non_null(gmtime_r(&at, &tm));
			assert_true(strftime(text, sizeof(text), formats[i],
					    &tm) > 0);
			if (!sst_stamp_by_format(sst_span_of(formats[i]),
				    sst_span_of(text), false, &got) ||
				got.seconds != t)
				fail_msg("%s: '%s'", formats[i], text);
		}
}

static void
a_format_reads_or_refuses(void **state)
{
	static const struct {
		const char *format;
		struct reading want;
		bool assume_utc;
	} cases[] = {
		{ "%Y-%m-%d %T.%3f %z",
			{ "2026-11-24 05:41:46.123 +0100", THEN, 123000000, 3 },
			false },
		{ "%Y-%m-%d %T.%3f %z",
			{ "2026-11-24 05:41:46.12 +0100", BAD, 0, 0 }, false },
		{ "%Y-%m-%d %T.%3f%z",
			{ "2026-11-24 05:41:46.1234+0100", BAD, 0, 0 }, false },
		{ "%Y-%m-%d %T.%f %z",
			{ "2026-11-24 05:41:46.1234 +01:00", THEN, 123400000,
				4 },
			false },
		{ "%Y%m%d%H%M%S%3f",
			{ "20261124044146123", THEN, 123000000, 3 }, true },
		{ "%Y%m%d%H%M%S%3f", { "20261124044146123", BAD, 0, 0 },
			false },
		{ "%s.%3f", { "1795495306.123", THEN, 123000000, 3 }, false },
		{ "%s%6f", { "1795495306123456", BAD, 0, 0 }, false },
		{ "%s", { "17954953061", BAD, 0, 0 }, false },
		{ "%m/%d/%Y %I:%M:%S %p",
			{ "11/24/2026 4:41:46 am", THEN, 0, 0 }, true },
		{ "%m/%d/%Y %I:%M:%S %p",
			{ "11/24/2026 04:41:46 PM", THEN + 43200, 0, 0 },
			true },
		{ "%F %I:%M %p %Z", { "1970-01-01 12:00 AM UTC", 0, 0, 0 },
			false },
		{ "%F %I:%M %p %Z", { "1970-01-01 12:00 PM GMT", 43200, 0, 0 },
			false },
		{ "%F %I:%M %p %Z", { "1970-01-01 13:00 PM GMT", BAD, 0, 0 },
			false },
		{ "%F %I:%M %p %Z", { "1970-01-01 00:00 PM GMT", BAD, 0, 0 },
			false },
		{ "%F %I:%M", { "1970-01-01 11:00", BAD, 0, 0 }, true },
		{ "%F %T %Z", { "1970-01-01 00:00:00 CET", BAD, 0, 0 }, true },
		{ "%F", { "1970-01-02", 86400, 0, 0 }, true },
		{ "%F", { "1970-01-02", BAD, 0, 0 }, false },
		{ "%Y %b %e %T",
			{ "2026 Nov  4 04:41:46", THEN - 1728000, 0, 0 },
			true },
		{ "%Y %b %d %T",
			{ "2026 Nov  4 04:41:46", THEN - 1728000, 0, 0 },
			true },
		{ "%Y %b %e %T", { "2026 Nov   4 04:41:46", BAD, 0, 0 }, true },
		{ "%b %e %T", { "Nov  4 04:41:46", BAD, 0, 0 }, true },
		{ "%Y %e %T", { "2026  4 04:41:46", BAD, 0, 0 }, true },
		{ "%Y%m%d", { "2026114", BAD, 0, 0 }, true },
		{ "%y-%m-%d", { "69-01-01", -31536000, 0, 0 }, true },
		{ "%y-%m-%d", { "68-01-01", INT64_C(3092601600), 0, 0 }, true },
		{ "%B %d %Y", { "march 1 1970", 5097600, 0, 0 }, true },
		{ "%B %d %Y", { "may 1 1970", 10368000, 0, 0 }, true },
		{ "%A %F", { "Sun 1970-01-02", 86400, 0, 0 }, true },
		{ "%A %F", { "Som 1970-01-02", BAD, 0, 0 }, true },
		{ "%F%n%R", { "1970-01-02 \t00:01", 86460, 0, 0 }, true },
		{ "%F%t%R", { "1970-01-0200:01", 86460, 0, 0 }, true },
		{ "%F %H", { "1970-01-02 5", 104400, 0, 0 }, true },
		{ "%F x", { "1970-01-02", BAD, 0, 0 }, true },
		{ "%F", { "1970-01-02 ", BAD, 0, 0 }, true },
		{ "%F", { "1970-02-30", BAD, 0, 0 }, true },
		{ "%F", { "1970-02", BAD, 0, 0 }, true },
		{ "%F%", { "1970-01-02", BAD, 0, 0 }, true },
		{ "%F%", { "1970-01-02%", BAD, 0, 0 }, true },
		{ "%F%%", { "1970-01-02%", 86400, 0, 0 }, true },
		{ "%F%Q", { "1970-01-02", BAD, 0, 0 }, true },
		{ "%F%3", { "1970-01-02", BAD, 0, 0 }, true },
		{ "%F%3Y", { "1970-01-02", BAD, 0, 0 }, true },
		{ "%F%0f", { "1970-01-020", BAD, 0, 0 }, true },
		{ "%F.%9f", { "1970-01-02.12345678", BAD, 0, 0 }, true },
		{ "%F.%9f", { "1970-01-02.123456789", 86400, 123456789, 9 },
			true },
		{ "%F.%1f", { "1970-01-02.1", 86400, 100000000, 1 }, true },
		{ "", { "", BAD, 0, 0 }, true },
		{ "%F", { "", BAD, 0, 0 }, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_stamp got;

		check(&cases[i].want,
			sst_stamp_by_format(sst_span_of(cases[i].format),
				sst_span_of(cases[i].want.text),
				cases[i].assume_utc, &got),
			&got);
	}
}

static void
a_stamp_is_printed_with_its_own_digits(void **state)
{
	static const struct {
		struct sst_stamp stamp;
		const char *text;
	} cases[] = {
		{ { THEN, 0, 0 }, "2026-11-24T04:41:46Z" },
		{ { THEN, 123456789, 0 }, "2026-11-24T04:41:46Z" },
		{ { THEN, 123456789, 1 }, "2026-11-24T04:41:46.1Z" },
		{ { THEN, 123456789, 3 }, "2026-11-24T04:41:46.123Z" },
		{ { THEN, 123456789, 9 }, "2026-11-24T04:41:46.123456789Z" },
		{ { THEN, 456, 9 }, "2026-11-24T04:41:46.000000456Z" },
		{ { THEN, 0, 6 }, "2026-11-24T04:41:46.000000Z" },
		{ { -1, 500000000, 1 }, "1969-12-31T23:59:59.5Z" },
		{ { -INT64_C(62135596800), 0, 0 }, "0001-01-01T00:00:00Z" },
		{ { INT64_C(253402300799), 0, 0 }, "9999-12-31T23:59:59Z" },
		{ { INT64_C(253402300800), 0, 0 }, "10000-01-01T00:00:00Z" },
	};
	char got[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
			printed(cases[i].stamp, got), cases[i].text);
}

static void
microseconds_are_cut_not_rounded(void **state)
{
	static const struct {
		const char *text;
		int64_t us; /* BAD: refused */
	} cases[] = {
		{ "2026-11-24T04:41:46Z", THEN * 1000000 },
		{ "2026-11-24T04:41:46.5Z", THEN * 1000000 + 500000 },
		{ "2026-11-24T04:41:46.999999999Z", THEN * 1000000 + 999999 },
		{ "2026-11-24T05:41:46.000001+01:00", THEN * 1000000 + 1 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999) },
		{ "0001-01-01T00:00:00Z", -INT64_C(62135596800000000) },
		{ "2026-11-24T04:41:46", BAD },
		{ "2026-11-31T04:41:46Z", BAD },
		{ "", BAD },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_span text = sst_span_of(cases[i].text);
		struct sst_stamp back, stamp;
		int64_t us = BAD;

		assert_int_equal(sst_stamp_us(text, &us), cases[i].us != BAD);
		assert_true(us == cases[i].us);
		if (us == BAD)
			continue;
		assert_true(sst_stamp_iso(text, false, &stamp));
		back = sst_stamp_of_us(us);
		assert_true(back.seconds == stamp.seconds);
		assert_int_equal(back.nanos, stamp.nanos / 1000 * 1000);
		assert_int_equal(back.digits, us % 1000000 == 0 ? 0 : 6);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_from_1970_to_2100_is_that_of_gmtime),
		cmocka_unit_test(
			every_day_of_ten_thousand_years_follows_the_one_before),
		cmocka_unit_test(clf_times_are_read_or_refused),
		cmocka_unit_test(iso_times_are_read_or_refused),
		cmocka_unit_test(a_missing_zone_is_utc_only_when_assumed),
		cmocka_unit_test(the_length_of_an_epoch_tells_its_unit),
		cmocka_unit_test(a_format_reads_what_strftime_writes),
		cmocka_unit_test(a_format_reads_or_refuses),
		cmocka_unit_test(a_stamp_is_printed_with_its_own_digits),
		cmocka_unit_test(microseconds_are_cut_not_rounded),
	};

	return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
