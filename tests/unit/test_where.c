/* SPDX-License-Identifier: ISC */
/* Which events the user asked for. */
#include "event/where.h"

#include "json/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* An event is large: one for all tests, which reset it. */
static int
set_up(void **state)
{
	struct sst_event *event = malloc(sizeof(*event));

	if (event == NULL)
		return -1;
	sst_event_init(event);
	*state = event;
	return 0;
}

static int
tear_down(void **state)
{
	sst_event_release(*state);
	free(*state);
	return 0;
}

static bool
keeps(struct sst_event *event, const char *line,
	const struct sst_where_asked *asked)
{
	char padded[1024 + SST_PAD] = { 0 };
	struct sst_err err = { 0 };
	struct sst_where *where;
	enum sst_reason why;
	size_t len = strlen(line);
	bool is_kept;

	assert_true(len < 1024);
	memcpy(padded, line, len);
	if (sst_json_read(event, sst_span(padded, len), &why) != SST_OK)
		fail_msg("%s: %s", line, sst_reason_name(why));
	if (sst_where_open(&where, asked, &err) != SST_OK)
		fail_msg("%s", err.text);
	is_kept = sst_where_keeps(where, event);
	assert_int_equal(sst_where_keeps(where, event), is_kept);
	sst_where_close(where);
	return is_kept;
}

static const char line[] =
	"{\"id\":\"x\",\"event\":\"page_view\",\"client_ip\":\"192.0.2.77\","
	"\"user\":\"\",\"path\":\"/api/a b\",\"query\":null,\"status\":404,"
	"\"duration\":0.050,\"user_agent\":\"He said \\\"bot\\\" \\u00fc\","
	"\"browser_version\":\"1.10\",\"dnt\":true,\"peer_ip\":\"2001:db8::1\","
	"\"props\":{\"order\":\"A-1\",\"n\":12,\"k\\u0065y\":\"v\","
	"\"none\":null},"
	"\"params\":{\"q\":[\"one\",\"two\",3],\"p\":\"x\"},"
	"\"my_field\":\"100\",\"big\":9007199254740993,\"list\":[]}";

static void
a_condition_fits_or_does_not(void **state)
{
	static const struct {
		const char *condition;
		bool is_kept;
	} cases[] = {
		{ "status=404", true },
		{ "status = 404", true },
		{ "  status   =404", true },
		{ "status=404.0", true },
		{ "status=4.04e2", true },
		{ "status=405", false },
		{ "status!=405", true },
		{ "status!=404", false },
		{ "status>=404", true },
		{ "status>=500", false },
		{ "status > 403", true },
		{ "status>404", false },
		{ "status<404", false },
		{ "status<=404", true },
		{ "status<1000", true },
		{ "status<5", false },
		{ "status>-1", true },
		{ "status>abc", false },
		{ "status<abc", true },
		{ "duration=0.05", true },
		{ "duration<0.0501", true },
		{ "duration>5e-2", false },
		{ "big=9007199254740993", true },
		{ "big=9007199254740992", false },
		{ "big>9007199254740992", true },
		/* Bytes, where one side is no number */
		{ "path=/api/a b", true },
		{ "path=/api/a b ", false },
		{ "path=/api/a", false },
		{ "path>/api", true },
		{ "path</b", true },
		{ "user=", true },
		{ "user!=", false },
		{ "user=x", false },
		/* Numbers in strings: by size, not for equality */
		{ "browser_version>=1.2", false },
		{ "browser_version>=1.1", true },
		{ "browser_version=1.1", false },
		{ "browser_version=1.10", true },
		{ "browser_version!=1.1", true },
		{ "my_field>20", true },
		{ "my_field<1000", true },
		{ "my_field=100", true },
		/* Patterns, over decoded text */
		{ "path~^/api/", true },
		{ "path ~ ^/api/", true },
		{ "path~^/a$", false },
		{ "path!~^/a$", true },
		{ "path!~api", false },
		{ "user_agent~\"bot\"", true },
		{ "user_agent~\xc3\xbc$", true },
		{ "user_agent!~bot", false },
		{ "path~ API", false },
		{ "path~(?i)API", true },
		{ "status~^4", true },
		/* Lists */
		{ "client_ip in 192.0.2.0/24", true },
		{ "client_ip in 10.0.0.0/8,192.0.2.64/26", true },
		{ "client_ip in 10.0.0.0/8, 192.0.2.0/26", false },
		{ "client_ip in 192.0.2.77", true },
		{ "client_ip in 2001:db8::/32", false },
		{ "peer_ip in 2001:db8::/32", true },
		{ "status in 403, 404,405", true },
		{ "status in 40", false },
		{ "event in page_view,asset", true },
		{ "path in /api/a b,x", true },
		{ "path in text/html", false },
		/* What is not there */
		{ "query=", false },
		{ "query!=x", true },
		{ "referrer=", false },
		{ "referrer~.", false },
		{ "referrer!~.", true },
		{ "referrer!=x", true },
		{ "referrer<x", false },
		{ "referrer>=0", false },
		{ "referrer in x", false },
		{ "no_such_key=1", false },
		{ "no_such_key!=1", true },
		/* Nested */
		{ "props.order=A-1", true },
		{ "props.order~^A", true },
		{ "props.order~^B", false },
		{ "props.n>=12", true },
		{ "props.n>12", false },
		{ "props.key=v", true },
		{ "props.none=", false },
		{ "props.none!=x", true },
		{ "props.x!=x", true },
		{ "props.x=x", false },
		{ "params.p=x", true },
		{ "order=A-1", false },
		{ "status.x=1", false },
		{ "props~A-1", true },
		/* Arrays: one element is enough */
		{ "params.q=two", true },
		{ "params.q=three", false },
		{ "params.q=3", true },
		{ "params.q!=two", false },
		{ "params.q!=three", true },
		{ "params.q~^t", true },
		{ "params.q!~^t", false },
		{ "params.q in x,one", true },
		{ "list=", false },
		{ "list!=x", true },
		/* Others */
		{ "dnt=true", true },
		{ "dnt=1", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *where[] = { cases[i].condition };

		if (keeps(*state, line,
			    &(struct sst_where_asked){ .where = where,
				    .where_count = 1 }) != cases[i].is_kept)
			fail_msg("%s: %d", cases[i].condition,
				!cases[i].is_kept);
	}
}

static void
a_pattern_past_its_limits_fits_neither_way(void **state)
{
	static const char *const conditions[] = { "path~(a+)+$",
		"path!~(a+)+$" };
	char text[600];

	(void)snprintf(text, sizeof(text), "{\"path\":\"%0500d!\"}", 0);
	for (char *at = text; *at != '\0'; at++)
		if (*at == '0')
			*at = 'a';
	for (size_t i = 0; i < COUNT(conditions); i++)
		assert_false(keeps(*state, text,
			&(struct sst_where_asked){
				.where = conditions + i, .where_count = 1 }));
}

static void
all_conditions_must_hold(void **state)
{
	const char *both[] = { "status=404", "path~^/api/" };
	const char *second[] = { "status=404", "path~^/b/" };
	const char *first[] = { "status=405", "path~^/api/" };

	assert_true(keeps(*state, line,
		&(struct sst_where_asked){ .where = both, .where_count = 2 }));
	assert_false(keeps(*state, line,
		&(struct sst_where_asked){
			.where = second, .where_count = 2 }));
	assert_false(keeps(*state, line,
		&(struct sst_where_asked){ .where = first, .where_count = 2 }));
}

static void
events_are_kept_and_skipped_by_name(void **state)
{
	static const char *const names[] = { "asset", "page_view" };
	static const char *const others[] = { "bot_hit" };
	static const char nameless[] = "{\"id\":\"x\"}";
	static const char escaped[] = "{\"event\":\"page\\u005fview\"}";
	const struct sst_where_asked nothing = { 0 },
				     only = { .only = names, .only_count = 2 },
				     skip = { .skip = names, .skip_count = 2 },
				     other = { .only = others,
					     .only_count = 1 },
				     both = { .only = names,
					     .only_count = 2,
					     .skip = names + 1,
					     .skip_count = 1 };

	assert_true(sst_where_keeps(NULL, *state));
	assert_true(keeps(*state, line, &nothing));
	assert_true(keeps(*state, line, &only));
	assert_true(keeps(*state, escaped, &only));
	assert_false(keeps(*state, line, &other));
	assert_false(keeps(*state, nameless, &only));
	assert_false(keeps(*state, line, &skip));
	assert_false(keeps(*state, escaped, &skip));
	assert_true(keeps(*state, nameless, &skip));
	assert_false(keeps(*state, line, &both));
}

static void
a_changed_event_is_judged_as_it_is_now(void **state)
{
	const char *conditions[] = { "status=200" };
	const struct sst_where_asked asked = { .where = conditions,
		.where_count = 1 };
	struct sst_event *event = *state;
	struct sst_where *where;

	assert_false(keeps(event, line, &asked));
	assert_int_equal(sst_where_open(&where, &asked, NULL), SST_OK);
	sst_event_set_i64(event, SST_F_STATUS, 200);
	assert_true(sst_where_keeps(where, event));
	sst_event_drop(event, sst_event_get(event, SST_F_STATUS));
	assert_false(sst_where_keeps(where, event));
	sst_where_close(where);
}

static void
what_is_wrong_with_a_condition_is_said(void **state)
{
#define EXPECTED "expected KEY OP VALUE, OP being one of = != < <= > >= ~ !~ in"
	static const struct {
		const char *condition, *text;
	} cases[] = {
		{ "status>>5", EXPECTED },
		{ "status==5", EXPECTED },
		{ "path=~x", EXPECTED },
		{ "status<>5", EXPECTED },
		{ "status", EXPECTED },
		{ "status 5", EXPECTED },
		{ "status is 5", EXPECTED },
		{ "status!5", EXPECTED },
		{ "=5", EXPECTED },
		{ "", EXPECTED },
		{ " ", EXPECTED },
		{ "client_ip in", EXPECTED },
		{ "status>", "expected a value" },
		{ "path~", "expected a value" },
		{ "client_ip in ", "expected a value" },
		{ "path~(", "bad pattern at offset 1: missing closing "
			    "parenthesis" },
		{ "client_ip in 10.0.0.0/33", "'10.0.0.0/33' is no network" },
		{ "client_ip in 10.0.0.0/8,", "a list with an empty place" },
		{ "client_ip in ,a", "a list with an empty place" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *conditions[] = { "a=b", cases[i].condition };
		const struct sst_where_asked asked = { .where = conditions,
			.where_count = 2 };
		struct sst_where *where;
		struct sst_err err = { 0 };
		char want[SST_ERR_MAX];

		(void)snprintf(want, sizeof(want), "--where: '%s': %s",
			cases[i].condition, cases[i].text);
		assert_int_equal(
			sst_where_open(&where, &asked, &err), SST_EUSAGE);
		assert_null(where);
		assert_string_equal(err.text, want);
		assert_int_equal(err.status, SST_EUSAGE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_fits_or_does_not),
		cmocka_unit_test(a_pattern_past_its_limits_fits_neither_way),
		cmocka_unit_test(all_conditions_must_hold),
		cmocka_unit_test(events_are_kept_and_skipped_by_name),
		cmocka_unit_test(a_changed_event_is_judged_as_it_is_now),
		cmocka_unit_test(what_is_wrong_with_a_condition_is_said),
	};

	return cmocka_run_group_tests_name("where", tests, set_up, tear_down);
}
