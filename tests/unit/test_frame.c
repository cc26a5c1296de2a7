/* SPDX-License-Identifier: ISC */
/* What stands around a line, and is taken off. */
#include "record/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* 2026-11-24T12:00:00Z */
#define NOW (INT64_C(1795521600) * 1000000)

#define LINE "192.0.2.7 - x"

/* What a frame gives: "KIND TIME|LINE", or "none". */
static void
frame_gives(enum sst_frame_kind kind, struct sst_span line,
	const char *expected, int64_t now_us)
{
	struct sst_frames *frames = calloc(1, sizeof(*frames));
	struct sst_buf padded, got;
	struct sst_frame frame;

	assert_non_null(frames);
	sst_frames_init(frames, now_us);
	sst_buf_init(&padded, 1 << 20);
	sst_buf_init(&got, 1 << 20);
	sst_buf_put_span(&padded, line);
	if (line.len > 0 && sst_frame_may(kind, line.at[0]) &&
		sst_frame_take(
			frames, kind, 0, sst_buf_span(&padded), &frame)) {
		SST_BUF_PUT(&got, "");
		sst_buf_printf(&got, "%s", frame.is_sure ? "sure " : "");
		if (frame.has_time)
			sst_stamp_put(&got, frame.time);
		sst_buf_byte(&got, '|');
		sst_buf_put_span(&got, frame.inside);
	} else {
		SST_BUF_PUT(&got, "none");
	}
	sst_buf_byte(&got, '\0');
	assert_string_equal(got.at, expected);
	sst_buf_release(&padded);
	sst_buf_release(&got);
	sst_frames_release(frames);
	free(frames);
}

struct sample {
	enum sst_frame_kind kind;
	struct sst_span line;
	const char *expected;
};

static void
all_give(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		frame_gives(samples[i].kind, samples[i].line,
			samples[i].expected, NOW);
}

#define ALL_GIVE(samples) \
	all_give(samples, sizeof(samples) / sizeof(samples[0]))

static void
syslog_headers_are_taken_off(void **state)
{
	static const struct sample samples[] = {
		{ SST_FRAME_SYSLOG,
			SST_SPAN("<190>Nov 24 10:15:02 web1 nginx: " LINE),
			"sure 2026-11-24T10:15:02Z|" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("<190>Nov  4 10:15:02 nginx: " LINE),
			"sure 2026-11-04T10:15:02Z|" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("Nov 24 10:15:02 web1 haproxy[42]: " LINE),
			"sure 2026-11-24T10:15:02Z|" LINE },
		/* no tag: only perhaps a header */
		{ SST_FRAME_SYSLOG, SST_SPAN("Nov 24 10:15:02 web1 " LINE),
			"2026-11-24T10:15:02Z|" LINE },
		{ SST_FRAME_SYSLOG, SST_SPAN("<6>" LINE), "sure |" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("2026-11-24T10:15:02.123456+01:00 web1 "
				 "nginx[7]: " LINE),
			"sure 2026-11-24T09:15:02.123456Z|" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("2026-11-24T10:15:02Z heroku[router]: " LINE),
			"sure 2026-11-24T10:15:02Z|" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("<134>1 2026-11-24T10:15:02.8+01:00 - app 7 "
				 "- - " LINE),
			"sure 2026-11-24T09:15:02.8Z|" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("<134>1 - h app 7 id [a b=\"]\\\"\\\\\"][c] "
				 "\xef\xbb\xbf" LINE),
			"sure |" LINE },
		{ SST_FRAME_SYSLOG,
			SST_SPAN("83 <40>1 2026-11-24T10:15:02+00:00 host "
				 "heroku router - at=info"),
			"sure 2026-11-24T10:15:02Z|at=info" },
		{ SST_FRAME_SYSLOG, SST_SPAN("<1900>x"), "none" },
		{ SST_FRAME_SYSLOG, SST_SPAN("<>x"), "none" },
		{ SST_FRAME_SYSLOG, SST_SPAN("Foo 24 10:15:02 a b: c"),
			"none" },
		{ SST_FRAME_SYSLOG, SST_SPAN("Nov 24 25:15:02 a b: c"),
			"none" },
		{ SST_FRAME_SYSLOG, SST_SPAN(LINE), "none" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
a_year_is_the_newest_that_is_not_in_the_future(void **state)
{
	static const struct {
		const char *line, *expected;
		int64_t now_us;
	} cases[] = {
		{ "Nov 24 10:15:02 h t: x", "sure 2026-11-24T10:15:02Z|x",
			NOW },
		/* a day of grace, for clocks east of UTC */
		{ "Nov 25 10:15:02 h t: x", "sure 2026-11-25T10:15:02Z|x",
			NOW },
		{ "Nov 26 10:15:02 h t: x", "sure 2025-11-26T10:15:02Z|x",
			NOW },
		{ "Dec 31 23:59:59 h t: x", "sure 2025-12-31T23:59:59Z|x",
			NOW },
		{ "Feb 29 10:15:02 h t: x", "sure 2024-02-29T10:15:02Z|x",
			NOW },
		/* on the last evening of a year it is January elsewhere */
		{ "Jan  1 00:15:02 h t: x", "sure 2027-01-01T00:15:02Z|x",
			INT64_C(1798761000) * 1000000 },
		{ "Nov 24 10:15:02 h t: x", "sure |x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		frame_gives(SST_FRAME_SYSLOG, sst_span_of(cases[i].line),
			cases[i].expected, cases[i].now_us);
}

static void
containers_and_journals_are_opened(void **state)
{
	static const struct sample samples[] = {
		{ SST_FRAME_CRI,
			SST_SPAN("2026-11-24T10:15:02.5+01:00 stdout F " LINE),
			"sure 2026-11-24T09:15:02.5Z|" LINE },
		{ SST_FRAME_CRI,
			SST_SPAN("2026-11-24T10:15:02Z stderr P " LINE),
			"sure 2026-11-24T10:15:02Z|" LINE },
		{ SST_FRAME_CRI, SST_SPAN("2026-11-24T10:15:02Z stdin F x"),
			"none" },
		{ SST_FRAME_JSON,
			SST_SPAN("{\"log\":\"a \\\"b\\\" \\u00e9\\r\\n\","
				 "\"stream\":\"stdout\","
				 "\"time\":\"2026-11-24T10:15:02.5Z\"}"),
			"sure 2026-11-24T10:15:02.5Z|a \"b\" \xc3\xa9" },
		{ SST_FRAME_JSON,
			SST_SPAN("{\"__REALTIME_TIMESTAMP\":"
				 "\"1795515302123456\",\"MESSAGE\":\"" LINE
				 "\",\"_PID\":\"7\"}"),
			"sure 2026-11-24T10:15:02.123456Z|" LINE },
		{ SST_FRAME_JSON, SST_SPAN("{\"MESSAGE\":[97, 32,233]}"),
			"sure |a \xe9" },
		{ SST_FRAME_JSON, SST_SPAN("{\"MESSAGE\":[97,256]}"), "none" },
		{ SST_FRAME_JSON, SST_SPAN("{\"MESSAGE\":null}"), "none" },
		{ SST_FRAME_JSON, SST_SPAN("{\"message\":\"" LINE "\"}"),
			"|" LINE },
		{ SST_FRAME_JSON, SST_SPAN("{\"log\":\"\\n\"}"), "none" },
		{ SST_FRAME_JSON, SST_SPAN("{\"log\":\"x\""), "none" },
		{ SST_FRAME_STAMP, SST_SPAN("2026-11-24T10:15:02Z " LINE),
			"2026-11-24T10:15:02Z|" LINE },
		{ SST_FRAME_COMPOSE, SST_SPAN("web-1  | " LINE), "|" LINE },
		{ SST_FRAME_COMPOSE, SST_SPAN("web-1 " LINE), "none" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
colours_and_holes_are_left_out(void **state)
{
	static const struct sample samples[] = {
		{ SST_FRAME_ANSI,
			SST_SPAN("\033[0mGET /a \033[1;32m200\033[0m x"),
			"sure |GET /a 200 x" },
		{ SST_FRAME_ANSI, SST_SPAN("#033[32mINFO#033[0m: x"),
			"sure |INFO: x" },
		{ SST_FRAME_ANSI, SST_SPAN("\033[2Kx"), "none" },
		{ SST_FRAME_ANSI, SST_SPAN("\033"), "none" },
		{ SST_FRAME_BLANKS, SST_SPAN("\0\0\0 \t" LINE), "|" LINE },
		{ SST_FRAME_BLANKS, SST_SPAN("   "), "none" },
	};

	(void)state;
	ALL_GIVE(samples);
}

/* Whatever is cut off a line: what is left is no frame, or its inside is the
 * end of it. */
static void
a_header_that_is_cut_short_is_none(void **state)
{
	static const char whole[] = "<134>1 2026-11-24T10:15:02Z h app 7 id "
				    "[a b=\"c\"] " LINE;
	struct sst_frames *frames = calloc(1, sizeof(*frames));
	struct sst_buf padded;

	(void)state;
	assert_non_null(frames);
	sst_frames_init(frames, NOW);
	sst_buf_init(&padded, 1024);
	for (size_t n = 1; n < sizeof(whole); n++) {
		struct sst_frame frame;

		sst_buf_reset(&padded);
		sst_buf_put(&padded, whole, n);
		for (int kind = 0; kind < SST_FRAME_KINDS; kind++) {
			if (!sst_frame_take(frames, (enum sst_frame_kind)kind,
				    0, sst_buf_span(&padded), &frame))
				continue;
			assert_true(sst_span_ends(
				sst_buf_span(&padded), frame.inside));
		}
	}
	sst_buf_release(&padded);
	sst_frames_release(frames);
	free(frames);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syslog_headers_are_taken_off),
		cmocka_unit_test(
			a_year_is_the_newest_that_is_not_in_the_future),
		cmocka_unit_test(containers_and_journals_are_opened),
		cmocka_unit_test(colours_and_holes_are_left_out),
		cmocka_unit_test(a_header_that_is_cut_short_is_none),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
