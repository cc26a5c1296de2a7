/* SPDX-License-Identifier: ISC */
/* Lines of columns that a header names. */
#include "shape_kit.h"

static struct sst_columns *
columns_with(struct kit *kit, char separator, const char *const *names)
{
	struct sst_columns *columns =
		sst_arena_zero(&kit->arena, sizeof(*columns));

	assert_non_null(columns);
	columns->separator = separator;
	for (; *names != NULL; names += 2)
		assert_int_equal(sst_columns_name(columns, &kit->arena,
					 sst_span_of(names[0]),
					 sst_span_of(names[1]), NULL),
			SST_OK);
	return columns;
}

static void
add_default(
	struct kit *kit, const struct sst_columns *columns, const char *names)
{
	struct sst_layout *layout;

	assert_int_equal(sst_columns_layout(&layout, &kit->arena, columns,
				 sst_span_of(names), NULL),
		SST_OK);
	layout->is_guessed = true;
	kit_add(kit, layout);
}

static void
say(struct kit *kit, const char *directive)
{
	assert_int_equal(sst_recognizer_directive(
				 kit->recognizer, sst_span_of(directive), NULL),
		SST_OK);
}

static const char *const no_names[] = { NULL };

static void
columns_are_read_by_their_names(void **state)
{
	static const struct {
		const char *fields, *line, *event;
	} cases[] = {
		{ "date time c-ip cs-method cs-uri-stem cs-uri-query sc-status",
			"2026-11-24 04:41:46 192.0.2.7 GET /a b=1 200",
			"{\"time\":\"2026-11-24T04:41:46Z\","
			"\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
			"\"path\":\"/a\",\"query\":\"b=1\",\"status\":200}" },
		{ "time-taken sc-bytes cs-bytes bytes cs-version s-port",
			"1.250 10 20 - 1.1 8080",
			"{\"server_port\":8080,\"protocol\":\"HTTP/1.1\","
			"\"bytes_sent\":10,\"bytes_received\":20,"
			"\"duration\":1.250}" },
		{ "cs(User-Agent) cs(X-Foo) sc(Set-Cookie) x-Bar-Baz "
		  "cs(Host)",
			"Mozilla/5.0+(X11) a b c EXAMPLE.org:81",
			"{\"host\":\"example.org\",\"server_port\":81,"
			"\"user_agent\":\"Mozilla/5.0 (X11)\","
			"\"http_x_foo\":\"a\",\"sent_http_set_cookie\":\"b\","
			"\"x_bar_baz\":\"c\"}" },
		/* quotes, doubled ones, blanks in them, tabs between */
		{ "cs-uri-stem cs(User-Agent)", "\"/a \"\"b\"\"\"   \"c++ d\"",
			"{\"path\":\"/a \\\"b\\\"\","
			"\"user_agent\":\"c++ d\"}" },
		{ "cs-uri-stem cs-username", "/a b\tc d",
			"{\"user\":\"c d\",\"path\":\"/a b\"}" },
		/* a quote that is not closed, or not at its end, is text */
		{ "cs-uri-stem sc-status", "\"/a 200",
			"{\"path\":\"\\\"/a\",\"status\":200}" },
		{ "cs-uri-stem sc-status", "\"/a\"b 200",
			"{\"path\":\"\\\"/a\\\"b\",\"status\":200}" },
		/* zones, and nothing at all */
		{ "c-ip s-ip sc-status", "::1%0 fe80::1%12 -",
			"{\"client_ip\":\"::1\","
			"\"server_ip\":\"fe80::1\"}" },
		{ "c-ip sc-status x", "192.0.2.7 0 -",
			"{\"client_ip\":\"192.0.2.7\"}" },
		{ "cs-uri-stem sc-status", "/\xff 200",
			"{\"path\":\"/\xef\xbf\xbd\",\"status\":200,"
			"\"invalid_utf8\":true}" },
		/* what does not fit */
		{ "c-ip sc-status", "192.0.2.7", "no_format" },
		{ "c-ip sc-status", "192.0.2.7 200 1", "no_format" },
		{ "c-ip sc-status", "192.0.2.7 2000", "no_format" },
		{ "date c-ip", "24.11.2026 192.0.2.7", "no_format" },
		{ "date time", "2026-02-30 04:41:46", "bad_time" },
		{ "date time", "2026-02-20 24:41:46", "bad_time" },
		{ "date x", "2026-02-20 a", "bad_time" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char header[256] = "#Fields: ";
		struct kit kit;

		kit_open(&kit);
		add_default(&kit, columns_with(&kit, ' ', no_names),
			"date time x y sc-status");
		memcpy(header + 9, cases[i].fields,
			strlen(cases[i].fields) + 1);
		say(&kit, header);
		assert_string_equal(
			kit_line(&kit, cases[i].line), cases[i].event);
		kit_close(&kit);
	}
}

static void
a_header_holds_until_the_next_one(void **state)
{
	struct kit kit;
	char header[4096] = "#Fields: ";

	(void)state;
	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ' ', no_names),
		"c-ip cs-method sc-status");
	assert_string_equal(kit_line(&kit, "192.0.2.7 GET 200"),
		"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
		"\"status\":200}");
	say(&kit, "#fields:\tcs-method c-ip");
	assert_string_equal(kit_line(&kit, "GET 192.0.2.7"),
		"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\"}");
	/* The default is still there for lines that the header does not
	 * explain. */
	assert_string_equal(kit_line(&kit, "192.0.2.7 GET 200"),
		"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
		"\"status\":200}");
	assert_string_equal(kit_line(&kit, "GET 192.0.2.8"),
		"{\"client_ip\":\"192.0.2.8\",\"method\":\"GET\"}");
	/* But an older header is not. */
	say(&kit, "#Fields: x-a x-b x-c x-d");
	assert_string_equal(kit_line(&kit, "GET 192.0.2.8"), "no_format");
	/* Directives that say nothing change nothing. */
	say(&kit, "#Fields:");
	say(&kit, "#");
	say(&kit, "#Remark: #Fields: a");
	say(&kit, "#Version: 1.0");
	assert_string_equal(kit_line(&kit, "1 2 3 4"),
		"{\"x_a\":\"1\",\"x_b\":\"2\",\"x_c\":\"3\","
		"\"x_d\":\"4\"}");
	/* Nor does one that names too many columns. */
	for (int i = 0; i < 129; i++)
		memcpy(header + 9 + 2 * i, "x ", 3);
	say(&kit, header);
	assert_string_equal(kit_line(&kit, "1 2 3 -"),
		"{\"x_a\":\"1\",\"x_b\":\"2\",\"x_c\":\"3\"}");
	kit_close(&kit);
}

/* More headers than are remembered, back and forth, in a bounded room. */
static void
headers_may_come_as_often_as_they_like(void **state)
{
	uint32_t seed = 7;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ' ', no_names), "x y z");
	for (int round = 0; round < 5000; round++) {
		unsigned k = kit_random(&seed, 40), skip = k % 4;
		char header[64], line[64], event[96];

		(void)snprintf(header, sizeof(header),
			"#Fields: %sn%u c-ip x-%u", &"a b c "[6 - 2 * skip], k,
			k);
		(void)snprintf(line, sizeof(line), "%s%u 192.0.2.7 -",
			&"- - - "[6 - 2 * skip], k);
		(void)snprintf(event, sizeof(event),
			"{\"client_ip\":\"192.0.2.7\",\"n%u\":\"%u\"}", k, k);
		say(&kit, header);
		assert_string_equal(kit_line(&kit, line), event);
	}
	kit_close(&kit);
}

static void
a_header_belongs_to_the_format_that_knows_it(void **state)
{
	static const char *const ms[] = { "time-taken", "duration:ms", NULL };
	struct sst_columns *iis;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	iis = columns_with(&kit, ' ', ms);
	iis->software = sst_span_of("internet information");
	iis->marks[0] = sst_span_of("sc-substatus");
	iis->mark_count = 1;
	add_default(&kit, iis, "x y z");
	add_default(&kit, columns_with(&kit, ' ', no_names), "x y z");

	say(&kit, "#Fields: time-taken c-ip");
	assert_string_equal(kit_line(&kit, "1500 192.0.2.7"),
		"{\"client_ip\":\"192.0.2.7\",\"duration\":1500}");
	say(&kit, "#Fields: time-taken sc-substatus");
	assert_string_equal(kit_line(&kit, "1500 1"),
		"{\"duration\":1.5,\"sc_substatus\":\"1\"}");
	say(&kit, "#Software: Microsoft Internet Information Services 10.0");
	say(&kit, "#Fields: time-taken c-ip");
	assert_string_equal(kit_line(&kit, "1500 192.0.2.7"),
		"{\"client_ip\":\"192.0.2.7\",\"duration\":1.5}");
	say(&kit, "#Software: something else");
	say(&kit, "#Fields: time-taken c-ip");
	assert_string_equal(kit_line(&kit, "1500 192.0.2.7"),
		"{\"client_ip\":\"192.0.2.7\",\"duration\":1500}");
	kit_close(&kit);
}

static void
the_day_of_lines_without_one_is_said_before_them(void **state)
{
	struct kit kit;

	(void)state;
	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ' ', no_names), "x y z");
	say(&kit, "#Fields: time c-ip");
	assert_string_equal(kit_line(&kit, "04:41:46 192.0.2.7"), "bad_time");
	say(&kit, "#Date: 2026-11-24 22:00:00");
	assert_string_equal(kit_line(&kit, "23:59:59.5 192.0.2.7"),
		"{\"time\":\"2026-11-24T23:59:59.5Z\","
		"\"client_ip\":\"192.0.2.7\"}");
	assert_string_equal(kit_line(&kit, "00:00:01 192.0.2.7"),
		"{\"time\":\"2026-11-25T00:00:01Z\","
		"\"client_ip\":\"192.0.2.7\"}");
	say(&kit, "#Date: whenever");
	assert_string_equal(kit_line(&kit, "23:00 192.0.2.7"),
		"{\"time\":\"2026-11-24T23:00:00Z\","
		"\"client_ip\":\"192.0.2.7\"}");
	kit_close(&kit);
}

static void
tabs_and_commas_separate_exactly(void **state)
{
	static const char *const cf[] = { "cs(User-Agent)",
		"user_agent:percent2", "cs(Referer)", "referrer:encoded",
		NULL };
	struct sst_columns *columns;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	columns = columns_with(&kit, '\t', cf);
	columns->at_least = 3;
	add_default(&kit, columns,
		"c-ip sc-status cs-method cs(User-Agent) cs(Referer)");
	assert_string_equal(
		kit_line(&kit, "192.0.2.7\t200\tGET\ta%2520b%2522\t/%2541%41"),
		"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
		"\"status\":200,\"referrer\":\"/%41%41\","
		"\"user_agent\":\"a b\\\"\"}");
	assert_string_equal(kit_line(&kit, "192.0.2.7\t200\tGET\ta%20b"),
		"{\"client_ip\":\"192.0.2.7\",\"method\":\"GET\","
		"\"status\":200,\"user_agent\":\"a b\"}");
	assert_string_equal(kit_line(&kit, "192.0.2.7\t200\t\t\t\t7\t"),
		"{\"client_ip\":\"192.0.2.7\",\"status\":200,"
		"\"column_6\":\"7\"}");
	assert_string_equal(kit_line(&kit, "192.0.2.7\t200"), "no_format");
	kit_close(&kit);

	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ',', no_names),
		"c-ip sc-status cs-uri-stem");
	assert_string_equal(
		kit_line(&kit, "\"192.0.2.7\",\"200\",\"/a,\"\"b\"\"\""),
		"{\"client_ip\":\"192.0.2.7\",\"path\":\"/a,\\\"b\\\"\","
		"\"status\":200}");
	assert_string_equal(kit_line(&kit, "192.0.2.7,200,"),
		"{\"client_ip\":\"192.0.2.7\",\"status\":200}");
	assert_string_equal(kit_line(&kit, "192.0.2.7,200"), "no_format");
	kit_close(&kit);
}

/* Any values, written as the draft says, come back as they were. */
static void
quoted_columns_are_what_was_written(void **state)
{
	static const char alphabet[] = "ab \t\"-+%\\/,{}";
	uint32_t seed = 11;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ',', no_names), "x-a x-b x-c");
	for (int round = 0; round < 20000; round++) {
		struct sst_buf line, want;
		bool has_any = false;

		sst_buf_init(&line, 4096);
		sst_buf_init(&want, 4096);
		sst_buf_byte(&want, '{');
		for (int k = 0; k < 3; k++) {
			char value[8];
			size_t n = kit_random(&seed, 6);

			SST_BUF_PUT(&line, "\"");
			for (size_t i = 0; i < n; i++) {
				value[i] = alphabet[kit_random(
					&seed, sizeof(alphabet) - 1)];
				sst_buf_byte(&line, value[i]);
				if (value[i] == '"')
					sst_buf_byte(&line, '"');
			}
			sst_buf_printf(&line, "\"%s", k < 2 ? "," : "");
			if (n == 0 || (n == 1 && value[0] == '-'))
				continue;
			sst_buf_printf(&want, "%s\"x_%c\":\"",
				has_any ? "," : "", 'a' + k);
			sst_json_put_escaped(&want, sst_span(value, n));
			sst_buf_byte(&want, '"');
			has_any = true;
		}
		SST_BUF_PUT(&want, "}\0");
		assert_string_equal(
			kit_take(&kit, sst_buf_span(&line)), want.at);
		sst_buf_release(&line);
		sst_buf_release(&want);
	}
	kit_close(&kit);
}

static void
a_recognizer_goes_on_where_another_one_was(void **state)
{
	static struct sst_recognizer_state learnt, again;
	struct kit a, b;

	(void)state;
	kit_open(&a);
	kit_open(&b);
	add_default(&a, columns_with(&a, ' ', no_names), "x y z");
	add_default(&b, columns_with(&b, ' ', no_names), "x y z");
	sst_recognizer_state(a.recognizer, &learnt);
	sst_recognizer_state(b.recognizer, &again);
	assert_true(sst_recognizer_state_eq(&learnt, &again));

	say(&a, "#Date: 2026-11-24 00:00:00");
	say(&a, "#Fields: time c-ip");
	sst_recognizer_state(a.recognizer, &learnt);
	assert_false(sst_recognizer_state_eq(&learnt, &again));
	assert_string_equal(kit_line(&b, "04:41:46 192.0.2.7"), "no_format");
	say(&b, "#Fields: c-ip time");

	sst_recognizer_resume(b.recognizer, &learnt);
	sst_recognizer_state(b.recognizer, &again);
	assert_true(sst_recognizer_state_eq(&learnt, &again));
	assert_string_equal(kit_line(&b, "04:41:46 192.0.2.7"),
		"{\"time\":\"2026-11-24T04:41:46Z\","
		"\"client_ip\":\"192.0.2.7\"}");
	kit_close(&a);
	kit_close(&b);
}

/* Two logs in turns: the day of one is not that of the other. */
static void
a_log_without_a_day_has_none_after_one_with_a_day(void **state)
{
	static struct sst_recognizer_state dated, undated;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	add_default(&kit, columns_with(&kit, ' ', no_names), "x y z");
	say(&kit, "#Fields: time c-ip");
	sst_recognizer_state(kit.recognizer, &undated);
	say(&kit, "#Date: 2026-11-24 00:00:00");
	sst_recognizer_state(kit.recognizer, &dated);
	for (int turn = 0; turn < 2; turn++) {
		sst_recognizer_resume(kit.recognizer, &undated);
		assert_string_equal(
			kit_line(&kit, "04:41:46 192.0.2.7"), "bad_time");
		sst_recognizer_resume(kit.recognizer, &dated);
		assert_string_equal(kit_line(&kit, "04:41:46 192.0.2.7"),
			"{\"time\":\"2026-11-24T04:41:46Z\","
			"\"client_ip\":\"192.0.2.7\"}");
	}
	kit_close(&kit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_read_by_their_names),
		cmocka_unit_test(a_header_holds_until_the_next_one),
		cmocka_unit_test(headers_may_come_as_often_as_they_like),
		cmocka_unit_test(a_header_belongs_to_the_format_that_knows_it),
		cmocka_unit_test(
			the_day_of_lines_without_one_is_said_before_them),
		cmocka_unit_test(tabs_and_commas_separate_exactly),
		cmocka_unit_test(quoted_columns_are_what_was_written),
		cmocka_unit_test(a_recognizer_goes_on_where_another_one_was),
		cmocka_unit_test(
			a_log_without_a_day_has_none_after_one_with_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
