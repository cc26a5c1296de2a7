/* SPDX-License-Identifier: ISC */
/* What is remembered of an agent is right, whatever was forgotten. */
#include "redact/known_agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* More than there are places for. */
#define AGENTS 60000

/* The n-th agent: many differ in one byte, or in their length, alone. */
static struct sst_span
agent_of(unsigned n, char at[1024])
{
	size_t len = 5 + n % 200;

	memset(at, 'x', 1024);
	memcpy(at,
		&(uint8_t[]){
			(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n },
		3);
	/* What stands behind an agent is no part of it. */
	at[len] = (char)n;
	return sst_span(at, len);
}

static bool
find(struct sst_known_agents *known, struct sst_span agent,
	struct sst_span *form)
{
	sst_known_agents_ask(known, agent);
	return sst_known_agents_find(known, agent, form);
}

static void
put(struct sst_known_agents *known, struct sst_span agent, struct sst_span form)
{
	sst_known_agents_ask(known, agent);
	sst_known_agents_put(known, agent, form);
}

static struct sst_span
form_of(unsigned n, char at[64])
{
	return sst_span(at, (size_t)snprintf(at, 64, "Form/%u", n % 300));
}

static void
an_agent_has_the_form_that_it_was_given(void **state)
{
	struct sst_known_agents *known;
	char text[1024], form_text[64];
	struct sst_span form;
	unsigned fresh = 0, kept = 0;

	(void)state;
	assert_int_equal(sst_known_agents_open(&known, NULL), SST_OK);
	for (unsigned n = 0; n < AGENTS; n++) {
		struct sst_span agent = agent_of(n, text);

		assert_false(find(known, agent, &form));
		put(known, agent, form_of(n, form_text));
		fresh += find(known, agent, &form);
		assert_true(sst_span_eq(form, form_of(n, form_text)));
	}
	assert_int_equal(fresh, AGENTS);
	for (unsigned n = 0; n < AGENTS; n++) {
		if (!find(known, agent_of(n, text), &form))
			continue;
		kept++;
		assert_true(sst_span_eq(form, form_of(n, form_text)));
	}
	/* Nearly as many as there are places. */
	assert_true(kept > 14000);
	sst_known_agents_close(known);
}

static void
too_long_or_too_many_is_not_remembered(void **state)
{
	struct sst_known_agents *known;
	static char text[SST_KNOWN_AGENT_MAX + 1 + SST_PAD];
	struct sst_span form;

	(void)state;
	assert_int_equal(sst_known_agents_open(&known, NULL), SST_OK);
	for (size_t n = 0; n <= SST_KNOWN_FORMS; n++) {
		char form_text[64];
		struct sst_span agent = sst_span(text, 100);

		snprintf(text, sizeof(text), "agent %zu", n);
		form = sst_span(form_text,
			(size_t)snprintf(form_text, 64, "Form/%zu", n));
		put(known, agent, form);
		assert_int_equal(
			find(known, agent, &form), n < SST_KNOWN_FORMS);
	}
	form = sst_span(text, SST_KNOWN_FORM_MAX);
	put(known, sst_span(text, SST_KNOWN_AGENT_MAX + 1),
		sst_span("Form/1", 6));
	assert_false(
		find(known, sst_span(text, SST_KNOWN_AGENT_MAX + 1), &form));
	sst_known_agents_close(known);

	assert_int_equal(sst_known_agents_open(&known, NULL), SST_OK);
	put(known, sst_span(text, SST_KNOWN_AGENT_MAX),
		sst_span(text, SST_KNOWN_FORM_MAX));
	assert_true(find(known, sst_span(text, SST_KNOWN_AGENT_MAX), &form));
	assert_int_equal(form.len, SST_KNOWN_FORM_MAX);
	put(known, sst_span(text, 9), sst_span(text, SST_KNOWN_FORM_MAX + 1));
	assert_false(find(known, sst_span(text, 9), &form));
	sst_known_agents_close(known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agent_has_the_form_that_it_was_given),
		cmocka_unit_test(too_long_or_too_many_is_not_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
