/* SPDX-License-Identifier: ISC */
/* Programs among the visitors, by their user agent. */
#include "enrich/bot.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char some_bots[] =
	"{ \"except\": [ \"cubot\" ],\n"
	"  \"bots\": [\n"
	"    { \"name\": \"First\", \"kind\": \"search\",\n"
	"      \"match\": [ \"alpha\" ] },\n"
	"    { \"name\": \"Second\", \"kind\": \"seo\",\n"
	"      \"match\": [ \"alphabet\" ], \"words\": [ \"beta\" ],\n"
	"      \"word_ends\": [ \"bot\" ], \"starts\": [ \"curl/\" ],\n"
	"      \"equals\": [ \"Mozilla/5.0\" ] },\n"
	"    { \"name\": \"Third\", \"kind\": \"other\",\n"
	"      \"match\": [ \"(compatible\" ],\n"
	"      \"pattern\": \"compatible; (?!MSIE)\" } ] }\n";

static struct sst_bots *
open_some(void)
{
	struct sst_bots *bots;
	struct sst_err err = { 0 };

	place_write("b.json", 0644, sst_span(some_bots, sizeof(some_bots) - 1));
	if (sst_bots_open(&bots, "b.json", &err) != SST_OK)
		fail_msg("%s", err.text);
	return bots;
}

static void
an_agent_is_the_first_entry_that_fits(void **state)
{
	static const struct {
		const char *agent, *name;
	} cases[] = {
		{ "", "" },
		{ "-", "" },
		{ "Mozilla/5.0 (X11)", "" },
		{ "xALPHAx", "First" },
		/* the later entry ends first, the earlier one counts */
		{ "alphabet", "First" },
		{ "my bot alpha", "First" },
		{ "beta", "Second" },
		{ "a beta/1", "Second" },
		{ "abeta", "" },
		{ "beta2", "" },
		{ "ExampleBot/1.0", "Second" },
		{ "botany", "" },
		{ "bot", "Second" },
		{ "curl/8", "Second" },
		{ "my curl/8", "" },
		{ "mozilla/5.0", "Second" },
		{ "CUBOT X", "" },
		{ "CUBOT X bot", "Second" },
		{ "cubot", "" },
		{ "(compatible; MSIE 9)", "" },
		{ "(compatible; Some/1)", "Third" },
		{ "(COMPATIBLE; Some/1)", "Third" },
	};
	struct sst_bots *bots = open_some();

	(void)state;
	/* Twice, so that the second answer is the remembered one. */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct sst_span got = sst_bots_find(
				bots, sst_span_of(cases[i].agent));

			if (!sst_span_is(got, cases[i].name))
				fail_msg("'%s' is '%.*s', expected '%s'",
					cases[i].agent, (int)got.len, got.at,
					cases[i].name);
		}
	sst_bots_close(bots);
}

static void
a_very_long_agent_is_looked_through_to_its_end(void **state)
{
	size_t n = (size_t)1 << 20;
	char *agent = malloc(n);
	struct sst_bots *bots = open_some();

	(void)state;
	assert_non_null(agent);
	memset(agent, 'x', n);
	assert_int_equal(sst_bots_find(bots, sst_span(agent, n)).len, 0);
	memcpy(agent + n - 5, "alpha", 5);
	assert_true(
		sst_span_is(sst_bots_find(bots, sst_span(agent, n)), "First"));
	free(agent);
	sst_bots_close(bots);
}

static void
an_agent_full_of_exceptions_is_a_person(void **state)
{
	char agent[600];
	struct sst_bots *bots = open_some();

	(void)state;
	for (size_t i = 0; i + 6 <= sizeof(agent); i += 6)
		memcpy(agent + i, "cubot ", 6);
	assert_int_equal(
		sst_bots_find(bots, sst_span(agent, sizeof(agent))).len, 0);
	sst_bots_close(bots);
}

static void
apply_sets_bot_and_nothing_else(void **state)
{
	SST_PADDED(alpha, "alpha");
	SST_PADDED(person, "person");
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_bots *bots = open_some();

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_bots_apply(bots, event);
	assert_int_equal(event->n, 0);
	sst_event_set_text(event, SST_F_USER_AGENT, alpha);
	sst_bots_apply(bots, event);
	assert_int_equal(event->n, 2);
	assert_true(sst_span_is(sst_event_text(event, SST_F_BOT), "First"));
	sst_event_reset(event);
	sst_event_set_text(event, SST_F_USER_AGENT, person);
	sst_bots_apply(bots, event);
	assert_int_equal(event->n, 1);
	sst_event_release(event);
	free(event);
	sst_bots_close(bots);
}

static void
a_wrong_file_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{ \"bots\": 1 }", "b.json:1:1: expected a list 'bots'" },
		{ "{ \"bots\": [ ] }", "b.json:1:1: expected a list 'bots'" },
		{ "{ \"bots\": [ 1 ] }", "b.json:1:13: expected an object" },
		{ "{ \"bots\":\n [ { \"name\": \"a\",\n"
		  "\"kind\": \"x\", \"match\": [ \"b\" ] } ] }",
			"b.json:2:4: expected a 'kind' like" },
		{ "{ \"bots\": [ { \"name\": \"a\\\"\", \"kind\": \"seo\", "
		  "\"match\": [ \"b\" ] } ] }",
			"b.json:1:13: expected a 'name' without" },
		{ "{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\" } ] }",
			"b.json:1:13: expected 'match', 'words'" },
		{ "{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\", "
		  "\"match\": [ \"\" ] } ] }",
			"b.json:1:54: expected a word of 1 to 256 bytes" },
		{ "{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\", "
		  "\"match\": \"b\" } ] }",
			"b.json:1:52: expected a list of words" },
		{ "{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\", "
		  "\"match\": [ \"b\" ], \"pattern\": \"(\" } ] }",
			"b.json:1:72: " },
		{ "{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\", "
		  "\"macht\": [ \"b\" ] } ] }",
			"'macht' is no member of a bot" },
		{ "{ \"bots\": [ ", "b.json:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_err err = { 0 };
		struct sst_bots *bots;

		place_write("b.json", 0644, sst_span_of(cases[i].text));
		assert_int_equal(
			sst_bots_open(&bots, "b.json", &err), SST_ECONFIG);
		assert_null(bots);
		if (strstr(err.text, cases[i].message) == NULL)
			fail_msg("'%s', expected '%s'", err.text,
				cases[i].message);
	}
}

static void
a_failing_sample_is_reported_with_its_place(void **state)
{
	static const char text[] =
		"{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\",\n"
		"  \"match\": [ \"b\" ], \"samples\": [ \"b\", \"c\" ] } ],\n"
		"  \"people\": [ \"abc\" ] }";
	struct sst_buf report;
	struct sst_err err = { 0 };

	(void)state;
	sst_buf_init(&report, 4096);
	place_write("b.json", 0644, sst_span(text, sizeof(text) - 1));
	assert_int_equal(sst_bots_test("b.json", &report, &err), SST_EIO);
	sst_buf_byte(&report, '\0');
	assert_string_equal(report.at,
		"b.json:2:39: the agent is '', expected 'a'\n"
		"b.json:3:15: the agent is 'a', expected ''\n"
		"b.json: 3 samples, 2 failed\n");
	assert_string_equal(err.text, "b.json: 2 of 3 samples failed");
	sst_buf_release(&report);
}

static void
a_file_without_samples_fails_its_test(void **state)
{
	static const char text[] =
		"{ \"bots\": [ { \"name\": \"a\", \"kind\": \"seo\", "
		"\"match\": [ \"b\" ] } ] }";
	struct sst_buf report;

	(void)state;
	sst_buf_init(&report, 4096);
	place_write("b.json", 0644, sst_span(text, sizeof(text) - 1));
	assert_int_equal(sst_bots_test("b.json", &report, NULL), SST_EIO);
	sst_buf_release(&report);
}

/* At least so many bots, or somebody emptied the file. */
static void
the_samples_of_our_own_file_hold(void **state)
{
	struct sst_buf report;
	struct sst_err err = { 0 };
	char path[4096];
	unsigned run = 0;

	(void)state;
	assert_true(snprintf(path, sizeof(path), "%s/formats/bots.json",
			    getenv("SRC")) < (int)sizeof(path));
	sst_buf_init(&report, (size_t)1 << 20);
	if (sst_bots_test(path, &report, &err) != SST_OK)
		fail_msg("%s\n%.*s", err.text, (int)report.len, report.at);
	sst_buf_byte(&report, '\0');
	assert_int_equal(sscanf(strrchr(report.at, ':'), ": %u", &run), 1);
	assert_true(run > 500);
	sst_buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(an_agent_is_the_first_entry_that_fits),
		IN_PLACE(a_very_long_agent_is_looked_through_to_its_end),
		IN_PLACE(an_agent_full_of_exceptions_is_a_person),
		IN_PLACE(apply_sets_bot_and_nothing_else),
		IN_PLACE(a_wrong_file_is_refused_with_its_place),
		IN_PLACE(a_failing_sample_is_reported_with_its_place),
		IN_PLACE(a_file_without_samples_fails_its_test),
		cmocka_unit_test(the_samples_of_our_own_file_hold),
	};

	return cmocka_run_group_tests_name("bot", tests, NULL, NULL);
}
