/* SPDX-License-Identifier: ISC */
/* Events that plainly were not redacted. */
#include "push/personal.h"

#include "json/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct sst_event *event;

/* The key that is found, or "". */
static void
expect(const char *line, const char *allowed, const char *expected)
{
	const struct sst_personal_allowed list = { &allowed,
		allowed == NULL ? 0 : 1 };
	char padded[512 + SST_PAD] = { 0 };
	enum sst_reason why;
	struct sst_span key;

	assert_true(strlen(line) < 512);
	memcpy(padded, line, strlen(line));
	assert_int_equal(
		sst_json_read(event, sst_span(padded, strlen(line)), &why),
		SST_OK);
	key = sst_personal_find(event, &list);
	if (!sst_span_is(key, expected))
		fail_msg("%s: expected '%s', got '%.*s'", line, expected,
			(int)key.len, key.at == NULL ? "" : key.at);
}

static void
direct_identifiers_are_found(void **state)
{
	(void)state;
	expect("{\"user\":\"jo\"}", NULL, "user");
	expect("{\"path\":\"/\",\"cookie\":\"a=b\"}", NULL, "cookie");
	expect("{\"cookie_sid\":\"x\"}", NULL, "cookie_sid");
	expect("{\"cookie_s\\u0069d\":\"x\"}", NULL, "cookie_sid");
	expect("{\"forwarded_for\":\"x\"}", NULL, "forwarded_for");
	expect("{\"user\":null,\"cookies\":\"x\",\"path\":\"/u\"}", NULL, "");
}

static void
an_address_is_personal_until_it_is_masked(void **state)
{
	(void)state;
	static const struct {
		const char *ip;
		bool is_masked;
	} cases[] = {
		{ "192.0.2.1", false },
		{ "192.0.2.0", true },
		{ "192.0.0.0", true },
		{ "2001:db8:1::", true },
		{ "2001:db8::", true },
		{ "2001:db8:1:2::", false },
		{ "2001:db8:1::1", false },
		{ "::ffff:192.0.2.1", false },
		{ "::ffff:192.0.2.0", true },
		{ "h1_0123456789abcdef0123456789abcdef", true },
		{ "", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[128];

		(void)snprintf(line, sizeof(line), "{\"client_ip\":\"%s\"}",
			cases[i].ip);
		expect(line, NULL, cases[i].is_masked ? "" : "client_ip");
	}
}

static void
what_is_allowed_may_pass(void **state)
{
	(void)state;
	expect("{\"user\":\"jo\"}", "user", "");
	expect("{\"user\":\"jo\"}", "cookie*", "user");
	expect("{\"cookie\":\"x\",\"cookie_a\":\"x\"}", "cookie*", "");
	expect("{\"cookie\":\"x\",\"cookie_a\":\"x\"}", "cookie", "cookie_a");
	assert_true(sst_personal_is_name("cookie_sid"));
	assert_true(sst_personal_is_name("client_ip"));
	assert_false(sst_personal_is_name("path"));
	assert_false(sst_personal_is_name("*"));
}

static int
set_up(void **state)
{
	(void)state;
	event = malloc(sizeof(*event));
	if (event == NULL)
		return -1;
	sst_event_init(event);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sst_event_release(event);
	free(event);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct_identifiers_are_found),
		cmocka_unit_test(an_address_is_personal_until_it_is_masked),
		cmocka_unit_test(what_is_allowed_may_pass),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
