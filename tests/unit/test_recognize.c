/* SPDX-License-Identifier: ISC */
/* Log lines to events, by format strings. */
#include "event/recognize.h"
#include "json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CLF "%h %l %u %t \"%r\" %>s %b"

/* What a line becomes by a format string: the event, or the reject's name. */
static void
line_gives(const char *format, enum sst_escape escape, const char *line,
	const char *expected)
{
	const struct sst_builder_options none = { .trusted = { NULL, 0 } };
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_recognizer *r;
	struct sst_layout *layout;
	struct sst_arena arena;
	struct sst_buf padded, out;
	enum sst_reason why = SST_WHY_NONE;
	int64_t time_us;

	sst_arena_init(&arena, 1 << 20);
	sst_buf_init(&padded, 1 << 20);
	sst_buf_init(&out, 1 << 20);
	assert_non_null(event);
	sst_event_init(event);
	assert_int_equal(sst_recognizer_open(&r, &none, NULL), SST_OK);
	assert_int_equal(sst_layout_read(&layout, &arena, sst_span_of(format),
				 escape, NULL),
		SST_OK);
	assert_int_equal(
		sst_recognizer_add(r, layout, sst_span_of("x"), NULL), SST_OK);
	sst_buf_put(&padded, line, strlen(line));
	if (sst_recognizer_fill(
		    r, event, sst_buf_span(&padded), &time_us, &why) == SST_OK)
		assert_true(sst_json_write_object(&out, event));
	else
		sst_buf_printf(&out, "%s", sst_reason_name(why));
	sst_buf_byte(&out, '\0');
	assert_string_equal(out.at, expected);

	sst_recognizer_close(r);
	sst_event_release(event);
	free(event);
	sst_buf_release(&padded);
	sst_buf_release(&out);
	sst_arena_release(&arena);
}

struct sample {
	const char *format, *line, *event;
};

static void
all_give(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		line_gives(samples[i].format, SST_ESCAPE_DEFAULT,
			samples[i].line, samples[i].event);
}

#define ALL_GIVE(samples) \
	all_give(samples, sizeof(samples) / sizeof(samples[0]))

static void
apache_directives_have_their_units_and_keys(void **state)
{
	static const struct sample samples[] = {
		{ "%D %{ms}T %T|%{us}T", "1500000 20 3|7",
			"{\"duration\":1.5,\"duration_2\":\"20\","
			"\"duration_3\":\"3\",\"duration_4\":\"7\"}" },
		{ "%D", "1500", "{\"duration\":0.0015}" },
		{ "%{ms}T", "1500", "{\"duration\":1.5}" },
		{ "%T", "3", "{\"duration\":3}" },
		{ "%^FB %I %O %B", "250 1 2 0",
			"{\"bytes\":0,\"bytes_sent\":2,\"bytes_received\":1,"
			"\"ttfb\":0.00025}" },
		{ "%400,501{User-Agent}i|%!200{X-Foo-Bar}i", "ua|v",
			"{\"user_agent\":\"ua\",\"http_x_foo_bar\":\"v\"}" },
		{ "%{foo}C %{Bar}e %{N}n %{Set-Cookie}o", "a b c d",
			"{\"cookie_foo\":\"a\",\"env_bar\":\"b\","
			"\"note_n\":\"c\",\"sent_http_set_cookie\":\"d\"}" },
		{ "%v:%p %{remote}p", "WWW.Example.ORG:443 51234",
			"{\"client_port\":51234,\"host\":\"www.example.org\","
			"\"server_port\":443}" },
		{ "%m %U%q %H", "GET /a?b=c HTTP/1.1", NULL },
		{ "%m %U \"%q\" %H", "GET /a \"?b=c\" HTTP/1.1",
			"{\"method\":\"GET\",\"path\":\"/a\",\"query\":\"b=c\","
			"\"protocol\":\"HTTP/1.1\"}" },
		{ "%{begin:%Y-%m-%d}t %{end:%H:%M:%S}t", "x y", NULL },
		{ "%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t %s",
			"2026-11-24T04:41:46.123 200",
			"{\"time\":\"2026-11-24T04:41:46.123Z\","
			"\"status\":200}" },
		{ "%{msec}t %s", "1795495306123 200",
			"{\"time\":\"2026-11-24T04:41:46.123Z\","
			"\"status\":200}" },
		{ "%{SSL_PROTOCOL}x %{SSL_CIPHER}x %X %P", "TLSv1.3 - + 12",
			"{\"tls_version\":\"TLSv1.3\","
			"\"connection_status\":\"+\",\"pid\":\"12\"}" },
		{ "100%% %s", "100% 200", "{\"status\":200}" },
		{ "%s\\t%b", "200\t5", "{\"status\":200,\"bytes\":5}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (samples[i].event != NULL)
			line_gives(samples[i].format, SST_ESCAPE_DEFAULT,
				samples[i].line, samples[i].event);
}

static void
nginx_variables_have_their_keys(void **state)
{
	static const struct sample samples[] = {
		{ "$remote_addr:$remote_port", "192.0.2.7:51234",
			"{\"client_ip\":\"192.0.2.7\",\"client_port\":51234}" },
		{ "$msec $time_local|",
			"1795495306.123 24/Nov/2026:04:41:46 +0000|",
			"{\"time\":\"2026-11-24T04:41:46.123Z\"}" },
		{ "$time_iso8601 $status", "2026-11-24T05:41:46+01:00 009",
			"{\"time\":\"2026-11-24T04:41:46Z\",\"status\":9}" },
		{ "$request_uri|$scheme|$https", "/a?b|https|on",
			"{\"scheme\":\"https\",\"path\":\"/a\",\"query\":\"b\","
			"\"scheme_2\":\"on\"}" },
		{ "${status}s $geoip2_x $http_foo_bar", "200s DE v",
			"{\"status\":200,\"geoip2_x\":\"DE\","
			"\"http_foo_bar\":\"v\"}" },
		{ "[$upstream_response_time] [$upstream_status]",
			"[0.010, - : 0.02] [502, 200 : -]",
			"{\"upstream_duration\":0.030}" },
		{ "$upstream_cache_status $http_dnt $http_sec_gpc", "hit 1 0",
			"{\"cache\":\"HIT\",\"dnt\":true}" },
		{ "$status $time_zone $_x", "200 a b",
			"{\"status\":200,\"log_time_zone\":\"a\","
			"\"log__x\":\"b\"}" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
absent_values_are_absent_and_empty_quotes_are_there(void **state)
{
	static const struct sample samples[] = {
		{ "%h \"%{Referer}i\" \"%{User-Agent}i\" %b",
			"192.0.2.7 \"\" \"-\" -",
			"{\"client_ip\":\"192.0.2.7\",\"referrer\":\"\"}" },
		{ "%s %b", "000 -1", "{}" },
		{ "%s %b", "0 +5", "{\"bytes\":5}" },
		{ "%s %b", "+20 5", "no_format" },
		{ "$upstream_status|$status", "5-3|200", "no_format" },
		{ "$upstream_status|$status", ".041|200", "no_format" },
		{ "\"$upstream_status\" $status", "\"502, 2-0\" 200",
			"{\"status\":200}" },
		{ "$upstream_status|$status", "502, -|200",
			"{\"status\":200}" },
		{ "$upstream_cache_status|$status", "a\"b|200",
			"{\"status\":200,\"cache\":\"A\\\"B\"}" },
		{ "\"%r\"", "\"\"", "{\"request\":\"\"}" },
		{ "\"%r\"", "\"-\"", "{}" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
request_lines_of_every_kind_are_events(void **state)
{
	static const struct {
		const char *request, *event;
	} cases[] = {
		{ "GET / HTTP/1.1", "\"method\":\"GET\",\"path\":\"/\","
				    "\"protocol\":\"HTTP/1.1\"" },
		{ "GET /? HTTP/2", "\"method\":\"GET\",\"path\":\"/\","
				   "\"query\":\"\",\"protocol\":\"HTTP/2\"" },
		{ "GET /a b c HTTP/1.1",
			"\"method\":\"GET\",\"path\":\"/a b c\","
			"\"protocol\":\"HTTP/1.1\"" },
		{ "GET  /a  HTTP/1.0", "\"method\":\"GET\",\"path\":\" /a \","
				       "\"protocol\":\"HTTP/1.0\"" },
		{ "GET /", "\"method\":\"GET\",\"path\":\"/\","
			   "\"request\":\"GET /\"" },
		{ "GET  HTTP/1.1", "\"request\":\"GET  HTTP/1.1\"" },
		{ "GET HTTP/1.1", "\"request\":\"GET HTTP/1.1\"" },
		{ "MGLNDD_192.0.2.1_80",
			"\"request\":\"MGLNDD_192.0.2.1_80\"" },
		{ "\\x16\\x03\\x01\\x02\\x00",
			"\"request\":\"\\u0016\\u0003\\u0001\\u0002\\u0000\"" },
		{ "\\x03\\x00 \\xE0 HTTP/1.1", "\"request\":\"\\u0003\\u0000 "
					       "\xEF\xBF\xBD HTTP/1.1\"" },
		{ "CONNECT example.org:443 HTTP/1.1",
			"\"host\":\"example.org\",\"server_port\":443,"
			"\"method\":\"CONNECT\",\"protocol\":\"HTTP/1.1\"" },
		{ "GET http://EXAMPLE.org:8080/p?q HTTP/1.1",
			"\"host\":\"example.org\",\"server_port\":8080,"
			"\"method\":\"GET\",\"scheme\":\"http\","
			"\"path\":\"/p\",\"query\":\"q\","
			"\"protocol\":\"HTTP/1.1\"" },
		{ "GET https://u:p@example.org HTTP/1.1",
			"\"host\":\"example.org\",\"method\":\"GET\","
			"\"scheme\":\"https\",\"protocol\":\"HTTP/1.1\"" },
		{ "OPTIONS * HTTP/1.0", "\"method\":\"OPTIONS\",\"path\":\"*\","
					"\"protocol\":\"HTTP/1.0\"" },
		{ "PRI * HTTP/2.0", "\"method\":\"PRI\",\"path\":\"*\","
				    "\"protocol\":\"HTTP/2.0\"" },
		{ "GET /a?b=http://x/y?z HTTP/1.1",
			"\"method\":\"GET\",\"path\":\"/a\","
			"\"query\":\"b=http://x/y?z\","
			"\"protocol\":\"HTTP/1.1\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_buf line, event;

		sst_buf_init(&line, 1024);
		sst_buf_init(&event, 1024);
		sst_buf_printf(&line, "\"%s\"", cases[i].request);
		sst_buf_printf(&event, "{%s%s}", cases[i].event,
			strstr(cases[i].event, "\xEF\xBF\xBD") != NULL
				? ",\"invalid_utf8\":true"
				: "");
		sst_buf_byte(&line, '\0');
		sst_buf_byte(&event, '\0');
		line_gives("\"%r\"", SST_ESCAPE_DEFAULT, line.at, event.at);
		sst_buf_release(&line);
		sst_buf_release(&event);
	}
}

static void
values_that_hold_their_own_end_are_found_or_refused(void **state)
{
	static const struct sample samples[] = {
		/* a space in a name */
		{ CLF,
			"192.0.2.7 - john x doe [24/Nov/2026:04:41:46 +0000] "
			"\"GET / HTTP/1.1\" 200 5",
			"{\"time\":\"2026-11-24T04:41:46Z\","
			"\"client_ip\":\"192.0.2.7\",\"user\":\"john x doe\","
			"\"method\":\"GET\",\"path\":\"/\","
			"\"protocol\":\"HTTP/"
			"1.1\",\"status\":200,\"bytes\":5}" },
		/* a name that plays time stamp */
		{ CLF,
			"192.0.2.7 - a [24/Nov/2026:04:41:46 +0000] b "
			"[25/Nov/2026:04:41:46 +0000] \"GET / HTTP/1.1\" 200 5",
			"{\"time\":\"2026-11-25T04:41:46Z\","
			"\"client_ip\":\"192.0.2.7\","
			"\"user\":\"a [24/Nov/2026:04:41:46 +0000] b\","
			"\"method\":\"GET\",\"path\":\"/\","
			"\"protocol\":\"HTTP/"
			"1.1\",\"status\":200,\"bytes\":5}" },
		/* a quote that nobody escaped, one way to read it */
		{ CLF,
			"192.0.2.7 - - [24/Nov/2026:04:41:46 +0000] \"GET "
			"/a\"b HTTP/1.1\" 200 5",
			"{\"time\":\"2026-11-24T04:41:46Z\","
			"\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
			"\"path\":\"/a\\\"b\",\"protocol\":\"HTTP/1.1\","
			"\"status\":200,\"bytes\":5}" },
		/* two ways to read it */
		{ "\"%r\" \"%{Referer}i\"", "\"a\" \"b\" \"c\"", "ambiguous" },
		/* none */
		{ CLF,
			"192.0.2.7 - - [24/Nov/2026:04:41:46 +0000] \"GET / "
			"HTTP/1.1\" 2000 5",
			"no_format" },
		{ CLF,
			"192.0.2.7 - - [24/Nov/2026:04:41:46 +0000] \"GET / "
			"HTTP/1.1\" 200 5 ",
			"no_format" },
		{ CLF, "", "no_format" },
		{ CLF,
			"192.0.2.7 - - [30/Feb/2026:04:41:46 +0000] \"GET / "
			"HTTP/1.1\" 200 5",
			"bad_time" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
clients_are_addresses_hosts_or_lists(void **state)
{
	static const struct sample samples[] = {
		{ "%h %s", "::ffff:192.0.2.1 200",
			"{\"client_ip\":\"::ffff:192.0.2.1\",\"status\":200}" },
		{ "%h %s", "[2001:DB8::0]:80 200",
			"{\"client_ip\":\"2001:db8::\",\"client_port\":80,"
			"\"status\":200}" },
		{ "%h %s", "host-1.example.org 200",
			"{\"client_host\":\"host-1.example.org\","
			"\"status\":200}" },
		{ "$remote_addr - $status", "unix: - 200",
			"{\"client_host\":\"unix:\",\"status\":200}" },
		{ "$remote_addr - $status", "192.0.2.1, 198.51.100.2 - 200",
			"{\"client_ip\":\"198.51.100.2\","
			"\"forwarded_for\":\"192.0.2.1, 198.51.100.2\","
			"\"status\":200}" },
		{ "%h %s", "- 200", "no_format" },
		{ "%h %s", "a/b 200", "no_format" },
	};

	(void)state;
	ALL_GIVE(samples);
}

static void
escapes_are_undone_once(void **state)
{
	(void)state;
	line_gives("\"%{User-Agent}i\"", SST_ESCAPE_DEFAULT,
		"\"\\x5cx22 \\\\ \\\" \\q \\t\\v \\x4\"",
		"{\"user_agent\":\"\\\\x22 \\\\ \\\" \\\\q \\t\\u000b "
		"\\\\x4\"}");
	line_gives("\"%{User-Agent}i\"", SST_ESCAPE_JSON,
		"\"\\u00e9\\ud83d\\ude00\\/\\ud800\"",
		"{\"user_agent\":\"\xc3\xa9\xf0\x9f\x98\x80/\xef\xbf\xbd\"}");
	line_gives("%{User-Agent}i", SST_ESCAPE_NONE, "a\\x22\"",
		"{\"user_agent\":\"a\\\\x22\\\"\"}");
}

static void
a_wrong_format_string_says_what_is_wrong(void **state)
{
	static const struct {
		const char *format, *message;
	} cases[] = {
		{ "", "no field" },
		{ "abc", "no field" },
		{ "%h%l", "nothing stands between" },
		{ "%{foo", "'{' is not closed" },
		{ "%h %Z", "unknown directive '%Z'" },
		{ "%h %{x}Z", "unknown directive '%{x}Z'" },
		{ "%h %", "unknown directive" },
		{ "$remote_addr ${x", "expected the name of a variable" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_layout *layout;
		struct sst_arena arena;
		struct sst_err err = { 0 };

		sst_arena_init(&arena, 1 << 20);
		assert_int_equal(sst_layout_read(&layout, &arena,
					 sst_span_of(cases[i].format),
					 SST_ESCAPE_DEFAULT, &err),
			SST_ECONFIG);
		assert_non_null(strstr(err.text, cases[i].message));
		sst_arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apache_directives_have_their_units_and_keys),
		cmocka_unit_test(nginx_variables_have_their_keys),
		cmocka_unit_test(
			absent_values_are_absent_and_empty_quotes_are_there),
		cmocka_unit_test(request_lines_of_every_kind_are_events),
		cmocka_unit_test(
			values_that_hold_their_own_end_are_found_or_refused),
		cmocka_unit_test(clients_are_addresses_hosts_or_lists),
		cmocka_unit_test(escapes_are_undone_once),
		cmocka_unit_test(a_wrong_format_string_says_what_is_wrong),
	};

	return cmocka_run_group_tests_name("recognize", tests, NULL, NULL);
}
