/* SPDX-License-Identifier: ISC */
/* Browser, system and kind of device, as formats/agents.json knows them. */
#include "enrich/agent.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
the_samples_of_our_own_file_hold(void **state)
{
	struct sst_buf report;
	struct sst_err err = { 0 };
	char path[4096];

	(void)state;
	(void)snprintf(
		path, sizeof(path), "%s/formats/agents.json", getenv("SRC"));
	sst_buf_init(&report, (size_t)1 << 20);
	if (sst_agents_test(path, &report, &err) != SST_OK)
		fail_msg("%s\n%.*s", err.text, (int)report.len, report.at);
	sst_buf_release(&report);
}

/* What is known already stays, and past what is remembered answers are found
 * anew. */
static void
answers_stay_the_same_past_what_is_remembered(void **state)
{
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_agents *agents;
	char text[64], version[16];

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	place_write("a.json", 0644,
		sst_span_of("{ \"browsers\": [ { \"browser\": \"B\\\\x\", "
			    "\"pattern\": \"Bx/(\\\\d+)\" } ], \"devices\": [ "
			    "{ \"device\": \"tv\", \"pattern\": \"^Bx\" } ] "
			    "}"));
	assert_int_equal(sst_agents_open(&agents, "a.json", NULL, NULL),
		SST_ECONFIG); /* a backslash in a name */
	place_write("a.json", 0644,
		sst_span_of("{ \"browsers\": [ { \"browser\": \"B\", "
			    "\"pattern\": \"Bx/(\\\\d+)\" } ], \"devices\": [ "
			    "{ \"device\": \"tv\", \"pattern\": \"^Bx\" } ] "
			    "}"));
	assert_int_equal(
		sst_agents_open(&agents, "a.json", NULL, NULL), SST_OK);
	for (int i = 0; i < 150000; i++) {
		int n = i % 70000; /* more than are kept */

		(void)snprintf(text, sizeof(text), "Bx/%d", n);
		(void)snprintf(version, sizeof(version), "%d", n);
		sst_event_reset(event);
		sst_event_set_text(event, SST_F_USER_AGENT, sst_span_of(text));
		if (i % 2 == 0)
			sst_agents_expect(agents, event);
		if (i % 3 == 0)
			sst_event_set_text(
				event, SST_F_BOT, sst_span_of("bot"));
		sst_agents_apply(agents, event);
		assert_true(
			sst_span_is(sst_event_text(event, SST_F_BROWSER), "B"));
		assert_true(sst_span_is(
			sst_event_text(event, SST_F_BROWSER_VERSION), version));
		assert_true(sst_span_is(sst_event_text(event, SST_F_DEVICE),
			i % 3 == 0 ? "bot" : "tv"));
		assert_false(sst_event_has(event, SST_F_OS));
	}
	sst_agents_close(agents);
	sst_event_release(event);
	free(event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_samples_of_our_own_file_hold),
		IN_PLACE(answers_stay_the_same_past_what_is_remembered),
	};

	return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
