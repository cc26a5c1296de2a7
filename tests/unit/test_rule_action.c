/* SPDX-License-Identifier: ISC */
/* Rules: what they do with an event that fits. */
#include "enrich/rule.h"
#include "place.h"
#include "rule_kit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
numbers_are_compared_by_size(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"duration\": "
		    "{ \"at_least\": 0.5, \"at_most\": 2 } } }",
		YES("\"duration\": 0.5") YES("\"duration\": 2.0")
			YES("\"duration\": 1e0") NO("\"duration\": 0.499")
				NO("\"duration\": 2.001") NO("\"duration\": -1")
					NO("\"bytes\": 1") LAST,
		16);
	/* a log's own field, which is text that looks like a number */
	run_samples("{ \"event\": \"yes\", \"when\": { \"x_n\": "
		    "{ \"at_least\": 10 } } }",
		YES("\"x_n\": \"10\"") YES("\"x_n\": \"1e3\"")
			NO("\"x_n\": \"9\"") NO("\"x_n\": \"\"")
				NO("\"x_n\": \"11x\"") LAST,
		12);
	run_samples("{ \"event\": \"yes\", \"when\": { \"x_n\": "
		    "{ \"at_most\": -1 } } }",
		YES("\"x_n\": -1") NO("\"x_n\": 0") LAST, 6);
}

static void
addresses_are_compared_by_network(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"client_ip\": "
		    "{ \"net\": [ \"192.0.2.0/25\", \"2001:db8::/32\", "
		    "\"loopback\" ] } } }",
		YES("\"client_ip\": \"192.0.2.127\"")
			YES("\"client_ip\": \"2001:db8:1::1\"")
				YES("\"client_ip\": \"::1\"")
					NO("\"client_ip\": \"192.0.2.128\"")
						NO("\"client_ip\": \"x\"") LAST,
		12);
	run_samples("{ \"event\": \"yes\", \"when\": { \"not\": { "
		    "\"client_ip\": { \"net\": \"private\" } } } }",
		YES("\"client_ip\": \"192.0.2.1\"")
			NO("\"client_ip\": \"10.1.2.3\"") NO(
				"\"client_ip\": \"fd00::1\"")
				YES("\"path\": \"/\"") "{ \"given\": { }, "
						       "\"event\": \"yes\" }",
		10);
}

static void
keys_are_set_and_renamed(void **state)
{
	(void)state;
	run_samples("{ \"when\": { \"path\": \"^/shop/(?<part>.*)\" }, "
		    "\"set\": { \"section\": \"a\\\"b\", \"status\": 299, "
		    "\"props.shop\": true, \"host\": \"first\" } },"
		    "{ \"rename\": { \"http_x_tenant\": \"tenant\", "
		    "\"http_x_ip\": \"client_ip\", \"bytes\": \"size\" } },"
		    "{ \"event\": \"yes\", \"when\": { \"status\": 200 }, "
		    "\"set\": { \"host\": \"second\", \"dnt\": true, "
		    "\"props.n\": 1.5, \"props.shop\": false } }",
		/* conditions see what was logged: the status is still 200 */
		"{ \"given\": { \"path\": \"/shop/x\", \"status\": 200, "
		"\"http_x_tenant\": \"t\", \"http_x_ip\": \"2001:DB8::1\", "
		"\"client_ip\": \"192.0.2.1\", \"bytes\": 7 }, "
		"\"event\": \"yes\", \"props\": { \"part\": \"x\", "
		"\"shop\": true, \"n\": 1.5 }, \"keys\": { "
		"\"section\": \"a\\\"b\", \"status\": 299, "
		"\"host\": \"first\", \"dnt\": true, \"tenant\": \"t\", "
		"\"http_x_tenant\": null, \"client_ip\": \"2001:db8::1\", "
		"\"http_x_ip\": null, \"size\": 7, \"bytes\": null } },"
		/* no rule decides, but those that add still do */
		"{ \"given\": { \"path\": \"/shop/\" }, "
		"\"event\": \"request\", \"props\": { \"part\": \"\", "
		"\"shop\": true }, \"keys\": { \"host\": \"first\" } },"
		/* what is no address is nobody's */
		"{ \"given\": { \"http_x_ip\": \"me\", "
		"\"client_ip\": \"192.0.2.1\" }, \"event\": \"request\", "
		"\"keys\": { \"client_ip\": \"192.0.2.1\", "
		"\"http_x_ip\": \"me\" } }",
		2 + 10 + 2 + 1 + 2 + 2);
}

static void
a_value_may_stand_for_a_name(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"b\", \"name_from\": \"e\", "
		    "\"names\": { \"pv\": \"page_view\", "
		    "\"A b\": \"a_b\" } }",
		"{ \"given\": { \"query\": \"e=pv\" }, "
		"\"event\": \"page_view\" },"
		"{ \"given\": { \"query\": \"e=A+b\" }, "
		"\"event\": \"a_b\" },"
		"{ \"given\": { \"query\": \"e=other\" }, "
		"\"event\": \"other\" },"
		"{ \"given\": { \"query\": \"e=error\" }, "
		"\"event\": \"b\" }",
		8);
}

/* Rules of a text. */
static struct sst_rules *
open_rules(const char *text)
{
	struct sst_rules *rules;
	struct sst_err err = { 0 };

	place_write("u.json", 0644, sst_span_of(text));
	assert_int_equal(sst_rules_open(&rules, &err), SST_OK);
	if (sst_rules_add(rules, "u.json", &err) != SST_OK)
		fail_msg("%s", err.text);
	return rules;
}

/* Visitor n's event, with one of two paths; its weight is 0 when it is not
 * kept. */
static double
weight_of(struct sst_rules *rules, struct sst_event *event, int n, bool is_odd)
{
	struct sst_span text;
	char ip[32], digits[32] = { 0 };

	(void)snprintf(ip, sizeof(ip), "10.0.%d.%d", n / 256, n % 256);
	sst_event_reset(event);
	sst_event_set_text(event, SST_F_CLIENT_IP, sst_span_of(ip));
	sst_event_set_text(
		event, SST_F_PATH, sst_span_of(is_odd ? "/odd" : "/even"));
	if (sst_rules_apply(rules, event) == SST_DROP)
		return 0;
	text = sst_event_text(event, SST_F_WEIGHT);
	assert_true(text.len < sizeof(digits));
	memcpy(digits, text.at, text.len);
	return strtod(digits, NULL);
}

static void
a_sample_keeps_visitors_whole_and_sums_unbiased(void **state)
{
	enum {
		N = 20000
	};
	struct sst_rules *rules =
		open_rules("{ \"rules\": [ { \"sample\": 0.1 }, "
			   "{ \"event\": \"x\", \"sample\": 0.5 } ] }");
	const struct sst_digest keys[] = { { "one" }, { "two" } };
	struct sst_event *event = malloc(sizeof(*event));
	bool kept[N];
	int both = 0;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	assert_true(sst_rules_sample(rules));
	for (size_t k = 0; k < 2; k++) {
		double sum = 0;

		sst_rules_key(rules, &keys[k]);
		for (int n = 0; n < N; n++) {
			double weight = weight_of(rules, event, n, false);

			/* the first rule that takes a sample counts */
			assert_true(fabs(weight) < 1e-9 ||
				    fabs(weight - 10) < 1e-9);
			assert_true(fabs(weight_of(rules, event, n, true) -
					    weight) < 1e-9);
			both += k == 1 && weight > 0 && kept[n];
			kept[n] = weight > 0;
			sum += weight;
		}
		/* Five standard deviations of 10 x Binomial(N, 0.1). */
		assert_true(fabs(sum - N) < 5 * 10 * sqrt(N * 0.1 * 0.9));
	}
	/* Under another key others are chosen: 0.01 N of them both times. */
	assert_true(both > 100 && both < 300);
	sst_rules_close(rules);
	sst_event_release(event);
	free(event);
}

static void
without_a_sample_no_key_is_asked_for(void **state)
{
	struct sst_rules *rules =
		open_rules("{ \"rules\": [ { \"event\": \"x\" } ] }");

	(void)state;
	assert_false(sst_rules_sample(rules));
	sst_rules_close(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(numbers_are_compared_by_size),
		IN_PLACE(addresses_are_compared_by_network),
		IN_PLACE(keys_are_set_and_renamed),
		IN_PLACE(a_value_may_stand_for_a_name),
		IN_PLACE(a_sample_keeps_visitors_whole_and_sums_unbiased),
		IN_PLACE(without_a_sample_no_key_is_asked_for),
	};

	return cmocka_run_group_tests_name("rule_action", tests, NULL, NULL);
}
