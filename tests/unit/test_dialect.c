/* SPDX-License-Identifier: ISC */
/* Format strings of every dialect: what a line becomes by them. */
#include "event/recognize.h"
#include "record/dialect.h"
#include "json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct sample {
	const char *format, *line, *event;
};

/* What a line becomes by a format string: the event, or the reject's name. */
static void
line_gives(const struct sample *sample, const char *dialect)
{
	const struct sst_builder_options none = { .now_us = 0 };
	const struct sst_layout_asked asked = { .order = SST_ORDER,
		.format = sst_span_of(sample->format),
		.dialect = dialect };
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_recognizer *r;
	struct sst_layout *layout;
	struct sst_arena arena;
	struct sst_buf line, out;
	struct sst_err err = { 0 };
	enum sst_reason why = SST_WHY_NONE;
	int64_t time_us;

	sst_arena_init(&arena, 4 << 20);
	sst_buf_init(&line, 1 << 20);
	sst_buf_init(&out, 1 << 20);
	assert_non_null(event);
	sst_event_init(event);
	assert_int_equal(sst_recognizer_open(&r, &none, NULL), SST_OK);
	if (sst_layout_compile(&layout, &arena, &asked, &err) != SST_OK)
		fail_msg("%s: %s", sample->format, err.text);
	assert_int_equal(
		sst_recognizer_add(r, layout, sst_span_of("x"), NULL), SST_OK);
	sst_buf_put(&line, sample->line, strlen(sample->line));
	if (sst_recognizer_fill(
		    r, event, sst_buf_span(&line), &time_us, &why) == SST_OK)
		assert_true(sst_json_write_object(&out, event));
	else
		sst_buf_printf(&out, "%s", sst_reason_name(why));
	sst_buf_byte(&out, '\0');
	assert_string_equal(out.at, sample->event);

	sst_recognizer_close(r);
	sst_event_release(event);
	free(event);
	sst_buf_release(&line);
	sst_buf_release(&out);
	sst_arena_release(&arena);
}

static void
all_give(const struct sample *samples, size_t n, const char *dialect)
{
	/* Named, and told by content: that is the same. */
	for (size_t i = 0; i < n; i++) {
		line_gives(&samples[i], dialect);
		line_gives(&samples[i], NULL);
	}
}

#define ALL_GIVE(samples, dialect) \
	all_give(samples, sizeof(samples) / sizeof(samples[0]), dialect)

static void
fields_name_their_keys_and_conversions(void **state)
{
	static const struct sample samples[] = {
		{ "{client_ip} {status} {bytes}", "192.0.2.7 200 -",
			"{\"client_ip\":\"192.0.2.7\",\"status\":200}" },
		{ "{duration:ms}ms {ttfb:us}", "1500ms 2500",
			"{\"duration\":1.5,\"ttfb\":0.0025}" },
		{ "[{time:%Y-%m-%d %H:%M:%S.%3f}] {status}",
			"[2026-11-24 10:15:02.123] 200",
			"{\"time\":\"2026-11-24T10:15:02.123Z\","
			"\"status\":200}" },
		/* skipped, and still looked at */
		{ "{} {:int} {status}", "x 12 200", "{\"status\":200}" },
		{ "{} {:int} {status}", "x y 200", "no_format" },
		/* the log's own names */
		{ "{router} {=source} {=status}", "a b c",
			"{\"router\":\"a\",\"log_source\":\"b\","
			"\"log_status\":\"c\"}" },
		/* aligned to the right */
		{ "{status} {>duration:ms} {bytes}", "200    15 7",
			"{\"status\":200,\"bytes\":7,\"duration\":0.015}" },
		{ "{status} {>duration:ms} {bytes}", "200 15 7",
			"{\"status\":200,\"bytes\":7,\"duration\":0.015}" },
		/* parts of a duration */
		{ "{+a:seconds} {+upstream_duration:seconds} {+b:ms}",
			"0.001 0.02 300",
			"{\"duration\":0.321,\"upstream_duration\":0.02,"
			"\"a\":\"0.001\",\"b\":\"300\"}" },
		{ "{+a:seconds} {+b:seconds}", "0.001 -", "{\"a\":\"0.001\"}" },
		/* parts that may be missing, one in another */
		{ "{status}{[} {bytes}{[} {host}{]}{]}", "200 1 example.org",
			"{\"host\":\"example.org\",\"status\":200,"
			"\"bytes\":1}" },
		{ "{status}{[} {bytes}{[} {host}{]}{]}", "200 1",
			"{\"status\":200,\"bytes\":1}" },
		{ "{status}{[} {bytes}{[} {host}{]}{]}", "200",
			"{\"status\":200}" },
		/* a brace */
		{ "{{{status}} {bytes}", "{200} 5",
			"{\"status\":200,\"bytes\":5}" },
		{ "{client_ip:endpoint} {status}", "2001:db8::7:51514 200",
			"{\"client_ip\":\"2001:db8::7\",\"client_port\":51514,"
			"\"status\":200}" },
		{ "{host:name} {status}", "www.example.org 200",
			"{\"host\":\"www.example.org\",\"status\":200}" },
		{ "{host:name} {status}", "192.0.2.7 200", "no_format" },
		{ "{host:name} {status}", "localhost 200", "no_format" },
		{ "{host:name} {status}", "- 200", "no_format" },
	};

	(void)state;
	ALL_GIVE(samples, "fields");
}

static void
haproxy_aliases_have_their_units_and_marks(void **state)
{
	static const struct sample samples[] = {
		{ "%ci:%cp [%tr] %ft %b/%s %Tr/%Ta %ST %B %tsc %hr %hs %{+Q}r",
			"192.0.2.7:51514 [24/Nov/2026:10:15:02.655] fe~ "
			"bk/<NOSRV> -1/+14 -1 +27 cR-- {a|b c} {} "
			"\"<BADREQ>\"",
			"{\"time\":\"2026-11-24T10:15:02.655Z\","
			"\"client_ip\":\"192.0.2.7\",\"client_port\":51514,"
			"\"scheme\":\"https\",\"bytes_sent\":27,"
			"\"duration\":0.014,\"frontend\":\"fe\","
			"\"backend\":\"bk\",\"termination_state\":\"cR--\","
			"\"captured_request_headers\":\"a|b c\"}" },
		/* captures may be missing, and blanks are merged */
		{ "%ST  %hr %hs %{+Q}r", "200 {a} \"GET /#22 HTTP/1.1\"",
			"{\"method\":\"GET\",\"path\":\"/\\\"\","
			"\"protocol\":\"HTTP/1.1\",\"status\":200,"
			"\"captured_request_headers\":\"a\"}" },
		{ "%ST  %hr %hs %{+Q}r", "200 \"GET / HTTP/1.1\"",
			"{\"method\":\"GET\",\"path\":\"/\","
			"\"protocol\":\"HTTP/1.1\",\"status\":200}" },
		{ "%{+Q}o %{-Q}ci [%trg] %r %ST %ms",
			"192.0.2.7 [24/Nov/2026:10:15:02 +0000] "
			"\"GET / HTTP/1.1\" 200 655",
			"{\"time\":\"2026-11-24T10:15:02.655Z\","
			"\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
			"\"path\":\"/\",\"protocol\":\"HTTP/1.1\","
			"\"status\":200}" },
		{ "%HM %HU %HV %[ssl_fc_sni,lower]/%sslv %[src] %ST",
			"GET /a?b HTTP/2.0 www.example.org/TLSv1.3 192.0.2.7 "
			"200",
			"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
			"\"path\":\"/a\",\"query\":\"b\","
			"\"protocol\":\"HTTP/2.0\",\"status\":200,"
			"\"tls_version\":\"TLSv1.3\","
			"\"ssl_fc_sni\":\"www.example.org\"}" },
		{ "%ci \"%[req.hdr(User-Agent)]\" \"%[req.hdr(Host)]\" %ID",
			"192.0.2.7 \"curl/8.9\" \"Example.org:8080\" u1",
			"{\"client_ip\":\"192.0.2.7\","
			"\"host\":\"example.org\",\"server_port\":8080,"
			"\"user_agent\":\"curl/8.9\",\"request_id\":\"u1\"}" },
	};

	(void)state;
	ALL_GIVE(samples, "haproxy");
}

static void
envoy_operators_have_their_units(void **state)
{
	static const struct sample samples[] = {
		{ "[%START_TIME%] \"%REQ(:METHOD)% "
		  "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" "
		  "%RESPONSE_CODE% %DURATION% "
		  "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
			"[2026-11-24T10:15:02.310Z] \"GET /a?b HTTP/2\" 200 "
			"12 7",
			"{\"time\":\"2026-11-24T10:15:02.310Z\","
			"\"method\":\"GET\",\"path\":\"/a\",\"query\":\"b\","
			"\"protocol\":\"HTTP/2\",\"status\":200,"
			"\"duration\":0.012,\"upstream_duration\":0.007}" },
		{ "%RESPONSE_CODE% \"%REQ(USER-AGENT):10%\" %BYTES_SENT%",
			"0 \"say \"hi\" there\" 5",
			"{\"bytes\":5,\"user_agent\":\"say \\\"hi\\\" "
			"there\"}" },
		{ "%START_TIME(%Y/%m/%dT%H:%M:%S%z)% %RESPONSE_CODE%",
			"2026/11/24T10:15:02+0100 200",
			"{\"time\":\"2026-11-24T09:15:02Z\",\"status\":200}" },
		{ "%START_TIME(%s.%3f)% %DOWNSTREAM_REMOTE_ADDRESS% "
		  "%DYNAMIC_METADATA(ns:key)% %RESP(X-Foo)%",
			"1795515302.310 192.0.2.7:40112 v w",
			"{\"time\":\"2026-11-24T10:15:02.310Z\","
			"\"client_ip\":\"192.0.2.7\",\"client_port\":40112,"
			"\"dynamic_metadata_ns_key\":\"v\","
			"\"sent_http_x_foo\":\"w\"}" },
	};

	(void)state;
	ALL_GIVE(samples, "envoy");
}

static void
gunicorn_and_caddy_have_their_names(void **state)
{
	static const struct sample gunicorn[] = {
		{ "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s %(D)s "
		  "\"%({x-forwarded-for}i)s\" %(p)s",
			"192.0.2.7 - - [24/Nov/2026:10:15:02 +0000] "
			"\"GET / HTTP/1.1\" 200 5 1500 \"198.51.100.9\" <42>",
			"{\"time\":\"2026-11-24T10:15:02Z\","
			"\"client_ip\":\"192.0.2.7\","
			"\"forwarded_for\":\"198.51.100.9\","
			"\"method\":\"GET\",\"path\":\"/\","
			"\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes\":5,"
			"\"duration\":0.0015,\"pid\":\"42\"}" },
	};
	static const struct sample caddy[] = {
		{ "{common_log}",
			"192.0.2.7 - jane [24/Nov/2026:10:15:02 +0000] "
			"\"GET /a?b HTTP/2.0\" 200 5",
			"{\"time\":\"2026-11-24T10:15:02Z\","
			"\"client_ip\":\"192.0.2.7\",\"user\":\"jane\","
			"\"method\":\"GET\",\"path\":\"/a\",\"query\":\"b\","
			"\"protocol\":\"HTTP/2.0\",\"status\":200,"
			"\"bytes\":5}" },
		{ "{request>client_ip} {duration} "
		  "\"{request>headers>User-Agent>[0]}\"",
			"192.0.2.7 1.5ms \"curl/8.9\"",
			"{\"client_ip\":\"192.0.2.7\","
			"\"user_agent\":\"curl/8.9\",\"duration\":0.0015}" },
	};

	(void)state;
	ALL_GIVE(gunicorn, "gunicorn");
	ALL_GIVE(caddy, "caddy");
}

static void
times_in_several_directives_are_one(void **state)
{
	static const struct sample samples[] = {
		{ "[%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] %s",
			"[24/Nov/2026 10:15:02.123 +0100] 200",
			"{\"time\":\"2026-11-24T09:15:02.123Z\","
			"\"status\":200}" },
		{ "%{%T}t on %{%Y-%m-%d}t %s", "10:15:02 on 2026-11-24 200",
			"{\"time\":\"2026-11-24T10:15:02Z\",\"status\":200}" },
		/* begin and end are two */
		{ "%{begin:%Y-%m-%dT%T}t %{end:%Y-%m-%dT%T}t %s",
			"2026-11-24T10:15:02 2026-11-24T10:15:03 200",
			"{\"time\":\"2026-11-24T10:15:02Z\",\"status\":200}" },
	};

	(void)state;
	ALL_GIVE(samples, "apache");
}

static void
urls_in_parts_are_one(void **state)
{
	static const struct sample samples[] = {
		{ "$remote_addr $scheme://$host$request_uri $status",
			"192.0.2.7 https://www.example.org/a?b 200",
			"{\"client_ip\":\"192.0.2.7\","
			"\"host\":\"www.example.org\",\"scheme\":\"https\","
			"\"path\":\"/a\",\"query\":\"b\",\"status\":200}" },
		{ "$uri$is_args$args $status", "/a 200",
			"{\"path\":\"/a\",\"status\":200}" },
		{ "$upstream_addr $upstream_status $status",
			"192.0.2.1:80, 192.0.2.2:80 502, 200 200",
			"{\"status\":200,"
			"\"upstream\":\"192.0.2.1:80, 192.0.2.2:80\","
			"\"upstream_status\":200}" },
	};

	(void)state;
	ALL_GIVE(samples, "nginx");
}

static void
content_tells_the_dialect(void **state)
{
	static const struct {
		const char *format, *dialect;
	} cases[] = {
		{ "$remote_addr %h", "nginx" },
		{ "${status}", "nginx" },
		{ "%h %l %u %t \"%r\" %>s %b", "apache" },
		{ "rt=%Ts %D", "apache" },
		{ "%{User-Agent}i", "apache" },
		{ "%!200,304{Referer}i", "apache" },
		{ "%ci:%cp", "haproxy" },
		{ "%{+Q}r", "haproxy" },
		{ "%[src]", "haproxy" },
		{ "%REQ(:METHOD)%", "envoy" },
		{ "%PROTOCOL%", "envoy" },
		{ "%(h)s", "gunicorn" },
		{ "{request>uri}", "caddy" },
		{ "{common_log}", "caddy" },
		{ "{status}", "fields" },
		{ "{>duration:ms} {time:%d/%b/%Y}", "fields" },
		{ "status", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sst_dialect *dialect =
			sst_dialect_of(sst_span_of(cases[i].format));

		if (cases[i].dialect == NULL)
			assert_null(dialect);
		else
			assert_string_equal(dialect->name, cases[i].dialect);
	}
}

static void
a_wrong_format_string_says_what_is_wrong(void **state)
{
	static const struct {
		const char *dialect, *format, *message;
	} cases[] = {
		{ "fields", "{status", "byte 1 of the format: '{' is not" },
		{ "fields", "{status:foo}", "unknown conversion 'foo'" },
		{ "fields", "{:foo}", "unknown conversion 'foo'" },
		{ "fields", "{Status}", "is no key" },
		{ "fields", "{status}{bytes}", "nothing stands between" },
		{ "fields", "{status}{[} x", "has no end" },
		{ "fields", "{status}{]}", "did not begin" },
		{ "fields",
			"{status}{[} {a}{]}{[} {b}{]}{[} {c}{]}{[} {d}{]}{[} "
			"{e}{]}{[} {f}{]}",
			"more than 32 layouts" },
		{ "haproxy", "%ci %zz", "unknown alias '%zz'" },
		{ "haproxy", "%[src", "'[' is not closed" },
		{ "haproxy", "%{+Q", "'{' is not closed" },
		{ "envoy", "%REQ(:METHOD)", "expected an operator" },
		{ "gunicorn", "%(h)d", "expected %(name)s" },
		{ "caddy", "{request>uri", "expected a name" },
		{ "iis", "x", "no dialect 'iis'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sst_layout_asked asked = {
			.format = sst_span_of(cases[i].format),
			.dialect = cases[i].dialect,
		};
		struct sst_layout *layout;
		struct sst_arena arena;
		struct sst_err err = { 0 };

		sst_arena_init(&arena, 4 << 20);
		assert_int_equal(
			sst_layout_compile(&layout, &arena, &asked, &err),
			SST_ECONFIG);
		assert_null(layout);
		if (strstr(err.text, cases[i].message) == NULL)
			fail_msg("%s: %s", cases[i].format, err.text);
		sst_arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_name_their_keys_and_conversions),
		cmocka_unit_test(haproxy_aliases_have_their_units_and_marks),
		cmocka_unit_test(envoy_operators_have_their_units),
		cmocka_unit_test(gunicorn_and_caddy_have_their_names),
		cmocka_unit_test(times_in_several_directives_are_one),
		cmocka_unit_test(urls_in_parts_are_one),
		cmocka_unit_test(content_tells_the_dialect),
		cmocka_unit_test(a_wrong_format_string_says_what_is_wrong),
	};

	return cmocka_run_group_tests_name("dialect", tests, NULL, NULL);
}
