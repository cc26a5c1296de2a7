/* SPDX-License-Identifier: ISC */
/* Rules: which event fits which conditions, and what a rule then makes. */
#include "enrich/rule.h"
#include "place.h"
#include "rule_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
methods_are_words_and_case_matters(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"method\": "
		    "[ \"GET\", \"PROPFIND\" ] } }",
		YES("\"method\": \"GET\"") YES("\"method\": \"PROPFIND\"")
			NO("\"method\": \"get\"") NO("\"method\": \"GETX\"")
				NO("\"method\": \"\"") LAST,
		12);
	/* more than 8 bytes: compared another way */
	run_samples("{ \"event\": \"yes\", \"when\": { \"method\": "
		    "[ \"PROPPATCH\", \"GET\" ] } }",
		YES("\"method\": \"PROPPATCH\"") YES("\"method\": \"GET\"")
			NO("\"method\": \"PROPPATC\"") LAST,
		8);
}

static void
statuses_are_numbers_classes_and_ranges(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"status\": "
		    "[ 404, \"5xx\", \"201-203\" ] } }",
		YES("\"status\": 404") YES("\"status\": 500") YES(
			"\"status\": 599") YES("\"status\": 201")
			YES("\"status\": 203") NO("\"status\": 200") NO(
				"\"status\": 204") NO("\"status\": 403")
				NO("\"status\": 600") NO("\"status\": 1500")
					NO("\"status\": 40.4") LAST,
		24);
}

static void
texts_are_compared_in_five_ways(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"path\": "
		    "{ \"starts\": [ \"/a/\", \"/b\" ] } } }",
		YES("\"path\": \"/a/x\"") YES("\"path\": \"/b\"")
			NO("\"path\": \"/a\"") NO("\"path\": \"x/a/\"") LAST,
		10);
	run_samples("{ \"event\": \"yes\", \"when\": { \"path\": "
		    "{ \"ends\": \".x\" } } }",
		YES("\"path\": \"/a.x\"") NO("\"path\": \"/a.xy\"")
			NO("\"path\": \"x\"") LAST,
		8);
	run_samples("{ \"event\": \"yes\", \"when\": { \"host\": "
		    "{ \"in\": [ \"a\", \"b\" ] } } }",
		YES("\"host\": \"b\"") NO("\"host\": \"ab\"")
			NO("\"host\": \"\"") LAST,
		8);
	run_samples("{ \"event\": \"yes\", \"when\": { \"x_own\": "
		    "{ \"equals\": \"a\" } } }",
		YES("\"x_own\": \"a\"") NO("\"x_own\": \"A\"")
			NO("\"y_own\": \"a\"") LAST,
		8);
	run_samples("{ \"event\": \"yes\", \"when\": { \"bytes\": 12, "
		    "\"dnt\": true } }",
		YES("\"bytes\": 12, \"dnt\": true") NO("\"bytes\": 12")
			NO("\"bytes\": 12, \"dnt\": false")
				NO("\"bytes\": 120, \"dnt\": true") LAST,
		10);
}

static void
an_extension_is_what_follows_the_last_dot_of_the_last_segment(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"path\": { "
		    "\"extension\": [ \"gz\", \"appimage\", \"7z\", \"x\" ] "
		    "} } }",
		YES("\"path\": \"/a.tar.gz\"") YES("\"path\": \"/A.GZ\"") YES(
			"\"path\": \"/a.AppImage\"") YES("\"path\": \"/.x\"")
			YES("\"path\": \".7z\"") NO("\"path\": \"/gz\"") NO(
				"\"path\": \"/a.gz/\"")
				NO("\"path\": \"/a.gz/b\"") NO(
					"\"path\": \"/a.gzz\"")
					NO("\"path\": \"/a.\"") NO(
						"\"path\": "
						"\"/a.xappimage\"")
						NO("\"path\": \"\"") LAST,
		26);
	run_samples("{ \"event\": \"yes\", \"when\": { \"path\": { "
		    "\"extension\": [ \"\", \"php\" ] } } }",
		YES("\"path\": \"/a\"") YES("\"path\": \"/\"")
			YES("\"path\": \"/a.b/c\"") YES("\"path\": \"/a.php\"")
				YES("\"path\": \"/long.name.\"")
					NO("\"path\": \"/a.html\"") LAST,
		14);
}

static void
a_parameter_must_be_there_and_not_be_empty(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"query_has\": "
		    "[ \"q\", \"search\" ] } }",
		YES("\"query\": \"q=1\"") YES("\"query\": \"a&search=x&b=\"")
			NO("\"query\": \"q=\"") NO("\"query\": \"q\"") NO(
				"\"query\": \"qq=1\"") NO("\"query\": \"Q=1\"")
				NO("\"query\": \"\"") NO("\"query\": \"a=q\"")
					LAST,
		18);
}

static void
conditions_nest(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"yes\", \"when\": { \"has\": \"user\", "
		    "\"not\": { \"method\": \"POST\", \"path\": \"^/x\" }, "
		    "\"any\": [ { \"status\": 200 }, { \"host\": \"^h$\" } ] } "
		    "}",
		YES("\"user\": \"u\", \"status\": 200")
			YES("\"user\": \"u\", \"host\": \"h\"") YES(
				"\"user\": \"u\", \"status\": 200, "
				"\"method\": \"POST\", \"path\": \"/y\"")
				NO("\"user\": \"u\", \"status\": 200, "
				   "\"method\": \"POST\", \"path\": \"/x\"")
					NO("\"status\": 200")
						NO("\"user\": \"u\"") LAST,
		14);
}

static void
the_first_rule_that_fits_counts(void **state)
{
	(void)state;
	run_samples("{ \"drop\": true, \"when\": { \"path\": \"^/health\" } },"
		    "{ \"event\": \"one\", \"when\": { \"path\": \"^/a\" } },"
		    "{ \"event\": \"two\", \"when\": { \"path\": \"^/ab\" } },"
		    "{ \"event\": \"rest\" }",
		"{ \"given\": { \"path\": \"/health\" }, \"drop\": true },"
		"{ \"given\": { \"path\": \"/ab\" }, \"event\": \"one\" },"
		"{ \"given\": { \"path\": \"/b\" }, \"event\": \"rest\" },"
		"{ \"given\": { }, \"event\": \"rest\" }",
		7);
}

static void
named_groups_become_props_of_the_rule_that_fits(void **state)
{
	(void)state;
	run_samples(
		"{ \"event\": \"no\", \"when\": { "
		"\"path\": \"^/(?<lost>.*)\", \"host\": \"never\" } },"
		"{ \"event\": \"buy\", \"when\": { "
		"\"path\": \"^/order/(?<order>\\\\d+)(?:/(?<step>\\\\w+))?$\","
		"\"not\": { \"host\": \"^(?<never>x)\" } } },"
		"{ \"event\": \"either\", \"when\": { \"any\": [ "
		"{ \"path\": \"^/(?<a>x)y\", \"host\": \"b\" },"
		"{ \"path\": \"^/(?<c>.)\" } ] } }",
		"{ \"given\": { \"path\": \"/order/12/pay\", \"host\": \"h\" },"
		"  \"event\": \"buy\", \"props\": { \"order\": \"12\", "
		"\"step\": \"pay\" } },"
		"{ \"given\": { \"path\": \"/order/12\" },"
		"  \"event\": \"buy\", \"props\": { \"order\": \"12\" } },"
		"{ \"given\": { \"path\": \"/xy\", \"host\": \"c\" },"
		"  \"event\": \"either\", \"props\": { \"c\": \"x\" } },"
		"{ \"given\": { \"path\": \"/\\\"\\u0001\", \"host\": \"c\" },"
		"  \"event\": \"either\", \"props\": { \"c\": \"\\\"\" } }",
		8);
}

static void
a_beacon_names_its_event_as_far_as_it_may(void **state)
{
	(void)state;
	run_samples("{ \"event\": \"b\", \"name_from\": [ \"e\", \"event\" ], "
		    "\"props_from\": \"query\" }",
		"{ \"given\": { \"query\": \"e=click&x=1\" },"
		"  \"event\": \"click\", \"props\": { \"x\": \"1\" } },"
		"{ \"given\": { \"query\": \"event=a.b:c-d_1\" },"
		"  \"event\": \"a.b:c-d_1\" },"
		"{ \"given\": { \"query\": \"e=&event=late\" },"
		"  \"event\": \"late\", \"props\": { \"e\": \"\" } },"
		"{ \"given\": { \"query\": \"e=a%20b\" },"
		"  \"event\": \"b\", \"props\": { \"e\": \"a b\" } },"
		"{ \"given\": { \"query\": \"e=session\" },"
		"  \"event\": \"b\", \"props\": { \"e\": \"session\" } },"
		"{ \"given\": { \"query\": \"e=alert&event=bot_hit\" },"
		"  \"event\": \"b\", \"props\": { \"e\": \"alert\", "
		"\"event\": \"bot_hit\" } },"
		"{ \"given\": { \"query\": \"a=1&a=2&%61=3&b=x%22%5C%0A&c\" },"
		"  \"event\": \"b\", \"props\": { \"a\": \"1\", "
		"\"b\": \"x\\\"\\\\\\n\", \"c\": \"\" } },"
		"{ \"given\": { }, \"event\": \"b\" }",
		16);
}

/* The bounds of what a visitor's query can make. */
static void
props_are_bounded_in_number_and_in_the_length_of_names(void **state)
{
	static const char rules[] = "{ \"rules\": [ { \"event\": \"b\", "
				    "\"props_from\": \"query\" } ] }";
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_rules *rs;
	struct sst_buf query;
	struct sst_span props;
	size_t quotes = 0;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_buf_init(&query, 1 << 16);
	for (int i = 0; i < 65; i++)
		sst_buf_byte(&query, 'n');
	SST_BUF_PUT(&query, "=1");
	for (int i = 0; i < 100; i++)
		sst_buf_printf(&query, "&k%d=v", i);
	place_write("u.json", 0644, sst_span(rules, sizeof(rules) - 1));
	assert_int_equal(sst_rules_open(&rs, NULL), SST_OK);
	assert_int_equal(sst_rules_add(rs, "u.json", NULL), SST_OK);
	sst_event_set_text(event, SST_F_QUERY, sst_buf_span(&query));
	assert_int_equal(sst_rules_apply(rs, event), SST_OK);
	props = sst_event_text(event, SST_F_PROPS);
	for (size_t i = 0; i < props.len; i++)
		quotes += props.at[i] == '"';
	assert_int_equal(quotes, 4 * 64);
	assert_true(sst_span_starts(props, sst_span_of("{\"k0\":\"v\",")));
	assert_true(sst_span_ends(props, sst_span_of(",\"k63\":\"v\"}")));
	sst_buf_release(&query);
	sst_rules_close(rs);
	sst_event_release(event);
	free(event);
}

/* They are only a short cut: a pattern fits what it fits without. */
static void
literals_at_its_ends_change_no_answer(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool fits;
	} cases[] = {
		{ "^/abc", "/abcd", true },
		{ "^/abc", "x/abc", false },
		{ "^/abc?d", "/abd", true },
		{ "^/abc*d", "/abd", true },
		{ "^/ab{0}c", "/ac", true },
		{ "^/abc+d", "/abccd", true },
		{ "^/x|y", "y", true },
		{ "^/a.c", "/abc", true },
		{ "^/a\\\\.c", "/a.c", true },
		{ "^/a\\\\.c", "/abc", false },
		{ "^(?i)/A", "/a", true },
		{ "^", "/a", true },
		{ "^$", "", true },
		{ "^/\xc3\xa9?x", "/x", true },
		{ "^/a|b$", "b", true },
		{ "^/a(b|c)d$", "/acd", true },
		{ "\\\\.html$", "/a.html", true },
		{ "\\\\.html$", "/axhtml", false },
		{ "\\\\.html$", "/a.html\\n", true },
		{ "\\\\.html$", "/a.htmlx", false },
		{ "\\\\.html\\\\$", "/a.html$x", true },
		{ "/\\\\d$", "/7", true },
		{ "ab*$", "/a", true },
		{ "(?i)/A$", "/a", true },
		{ "/(?i:A)b$", "/ab", true },
		{ "[|]b$", "|b", true },
		{ "^a[]|]b$", "a]b", true },
		{ "^a[x:]b|c$", "c", true },
		{ "^a[[:alpha:]|]b|c$", "c", true },
		{ "\\\\Qa$\\\\E|b", "b", true },
		{ "(?#|a)b$", "b", true },
		{ "(*ANYCRLF)b$", "b", true },
		{ "\xc3\xa9$", "/\xc3\xa9", true },
		{ "/b", "/a/b", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char rule[256], sample[256];

		(void)snprintf(rule, sizeof(rule),
			"{ \"event\": \"yes\", \"when\": { \"path\": \"%s\" } "
			"}",
			cases[i].pattern);
		(void)snprintf(sample, sizeof(sample),
			"{ \"given\": { \"path\": \"%s\" }, \"event\": \"%s\" "
			"}",
			cases[i].path, cases[i].fits ? "yes" : "request");
		run_samples(rule, sample, 2);
	}
}

static void
a_pattern_at_its_limits_does_not_fit_and_is_counted(void **state)
{
	static const char rules[] =
		"{ \"rules\": [ { \"event\": \"yes\", \"when\": "
		"{ \"path\": \"^(a+)+$\" } } ] }";
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_rules *rs;
	struct sst_buf path;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_buf_init(&path, 4096);
	for (int i = 0; i < 60; i++)
		sst_buf_byte(&path, 'a');
	sst_buf_byte(&path, '!');
	place_write("u.json", 0644, sst_span(rules, sizeof(rules) - 1));
	assert_int_equal(sst_rules_open(&rs, NULL), SST_OK);
	assert_int_equal(sst_rules_add(rs, "u.json", NULL), SST_OK);
	sst_event_set_text(event, SST_F_PATH, sst_buf_span(&path));
	assert_int_equal(sst_rules_apply(rs, event), SST_OK);
	assert_true(sst_span_is(sst_event_text(event, SST_F_EVENT), "request"));
	assert_int_equal(sst_rules_limited(rs), 1);
	sst_buf_release(&path);
	sst_rules_close(rs);
	sst_event_release(event);
	free(event);
}

static void
files_are_asked_in_the_order_they_were_added(void **state)
{
	static const char first[] =
		"{ \"rules\": [ { \"event\": \"mine\", \"when\": "
		"{ \"has\": \"user\" } } ] }";
	static const char second[] =
		"{ \"rules\": [ { \"event\": \"default\" } ] }";
	SST_PADDED(user, "u");
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_rules *rs;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	place_write("1.json", 0644, sst_span_of(first));
	place_write("2.json", 0644, sst_span_of(second));
	assert_int_equal(sst_rules_open(&rs, NULL), SST_OK);
	assert_int_equal(sst_rules_add(rs, "1.json", NULL), SST_OK);
	assert_int_equal(sst_rules_add(rs, "2.json", NULL), SST_OK);
	assert_int_equal(sst_rules_apply(rs, event), SST_OK);
	assert_true(sst_span_is(sst_event_text(event, SST_F_EVENT), "default"));
	sst_event_reset(event);
	sst_event_set_text(event, SST_F_USER, user);
	assert_int_equal(sst_rules_apply(rs, event), SST_OK);
	assert_true(sst_span_is(sst_event_text(event, SST_F_EVENT), "mine"));
	sst_rules_close(rs);
	sst_event_release(event);
	free(event);
}

/* Rules with one condition. */
static struct sst_rules *
open_condition(const char *before, const char *when, const char *after)
{
	struct sst_rules *rs;
	struct sst_buf text;
	struct sst_err err = { 0 };

	sst_buf_init(&text, 4096);
	sst_buf_printf(&text,
		"{ \"rules\": [ { \"event\": \"yes\", \"when\": %s%s%s } ] }",
		before, when, after);
	place_write("u.json", 0644, sst_buf_span(&text));
	sst_buf_release(&text);
	assert_int_equal(sst_rules_open(&rs, &err), SST_OK);
	if (sst_rules_add(rs, "u.json", &err) != SST_OK)
		fail_msg("%s", err.text);
	return rs;
}

static void
give(struct sst_event *event, enum sst_field field, const char *text)
{
	if (text != NULL)
		sst_event_set_text(
			event, field, sst_event_keep(event, sst_span_of(text)));
}

/* What the facts of an event say about a condition is a short cut, and they
 * say nothing about "not", which so is the oracle. */
static void
what_is_ruled_out_by_facts_would_not_have_fitted(void **state)
{
	static const char *const conditions[] = {
		"{ \"method\": [ \"GET\", \"PUT\" ] }",
		"{ \"method\": [ \"HEAD\", \"POST\" ] }",
		"{ \"status\": [ \"2xx\", \"5xx\" ] }",
		"{ \"status\": [ \"200-299\", 404 ] }",
		"{ \"has\": \"user\" }",
		"{ \"query_has\": \"q\" }",
		"{ \"path\": { \"in\": [ \"/\", \"/ab\", \"/a.js\", \"\" ] } }",
		"{ \"path\": { \"starts\": \"/\" } }",
		"{ \"path\": { \"starts\": [ \"/a\", \"x\" ] } }",
		"{ \"path\": { \"starts\": [ \"/ab/\", \"/a.\" ] } }",
		"{ \"path\": { \"starts\": \"\" } }",
		"{ \"path\": { \"ends\": \"\" } }",
		"{ \"path\": { \"ends\": [ \"s\", \"/\" ] } }",
		"{ \"path\": { \"ends\": [ \".js\", \".JS\", \"/b\" ] } }",
		"{ \"path\": { \"ends\": \".toolongone\" } }",
		"{ \"path\": { \"ends\": \"longone\" } }",
		"{ \"path\": { \"extension\": [ \"js\", \"abcdefgh\" ] } }",
		"{ \"path\": { \"extension\": \"\" } }",
		"{ \"path\": \"^/ab\" }",
		"{ \"path\": \"b\" }",
		"{ \"any\": [ { \"has\": \"user\" }, { \"any\": "
		"[ { \"has\": \"query\" }, { \"status\": 404 } ] } ] }",
		"{ \"any\": [ { \"path\": { \"ends\": \"b\" } }, "
		"{ \"path\": { \"extension\": \"js\" }, "
		"\"method\": \"GET\" } ], \"status\": \"2xx\" }",
	};
	static const char *const paths[] = { NULL, "", "/", "x", "/a", "/ab",
		"/abc", "/ab/", "/a/b", "/a.js", "/A.JS", "/a.Js", "/a.b/c",
		"/a.", "/.js", ".js", "a.js", "/a.abcdefgh", "/a.abcdefghi",
		"/a.toolongone", "/abcdefgh", "/xabcdefgh", "/a/.js/b", "/a[js",
		"/a/js" };
	static const struct {
		const char *method, *status, *query, *user;
	} others[] = { { NULL, NULL, NULL, NULL }, { "GET", "200", "q=1", "u" },
		{ "HEAD", "404", "x=1", NULL }, { "PUT", "099", "", "u" },
		{ "POST", "503", "q=", NULL }, { "get", "20", "a&q=2", NULL },
		{ "TRACE", "404", NULL, NULL } };
	struct sst_event *event = malloc(sizeof(*event));
	size_t fits = 0, fits_not = 0;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	for (size_t c = 0; c < sizeof(conditions) / sizeof(conditions[0]);
		c++) {
		struct sst_rules *rs = open_condition("", conditions[c], "");
		struct sst_rules *oracle =
			open_condition("{ \"not\": ", conditions[c], " }");

		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) * 7;
			i++) {
			bool want, got;

			sst_event_reset(event);
			give(event, SST_F_PATH, paths[i / 7]);
			give(event, SST_F_METHOD, others[i % 7].method);
			give(event, SST_F_STATUS, others[i % 7].status);
			give(event, SST_F_QUERY, others[i % 7].query);
			give(event, SST_F_USER, others[i % 7].user);
			assert_int_equal(
				sst_rules_apply(oracle, event), SST_OK);
			want = !sst_span_is(
				sst_event_text(event, SST_F_EVENT), "yes");
			assert_int_equal(sst_rules_apply(rs, event), SST_OK);
			got = sst_span_is(
				sst_event_text(event, SST_F_EVENT), "yes");
			if (got != want)
				fail_msg("%s, path %s, others %zu: fits %d",
					conditions[c],
					paths[i / 7] == NULL ? "none"
							     : paths[i / 7],
					i % 7, got);
			fits += got;
			fits_not += !got;
		}
		sst_rules_close(rs);
		sst_rules_close(oracle);
	}
	assert_true(fits > 500 && fits_not > 500);
	sst_event_release(event);
	free(event);
}

static void
the_first_of_many_rules_is_found_wherever_it_stands(void **state)
{
	enum {
		N = 300
	};
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_rules *rs;
	struct sst_buf text;
	char path[16], name[16];

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_buf_init(&text, 1 << 16);
	SST_BUF_PUT(&text, "{ \"rules\": [ { \"event\": \"none\", \"when\": "
			   "{ \"status\": 404 } }");
	/* Each twice: the second one is never asked. */
	for (int i = 0; i < 2 * N; i++)
		sst_buf_printf(&text,
			", { \"event\": \"%c%d\", \"when\": { \"path\": "
			"{ \"in\": \"/%d\" } } }",
			i < N ? 'e' : 'x', i % N, i % N);
	SST_BUF_PUT(&text, " ] }");
	assert_false(text.is_short);
	place_write("u.json", 0644, sst_buf_span(&text));
	assert_int_equal(sst_rules_open(&rs, NULL), SST_OK);
	assert_int_equal(sst_rules_add(rs, "u.json", NULL), SST_OK);
	for (int i = 0; i <= N; i++) {
		(void)snprintf(path, sizeof(path), "/%d", i);
		(void)snprintf(name, sizeof(name), "e%d", i);
		sst_event_reset(event);
		give(event, SST_F_PATH, path);
		assert_int_equal(sst_rules_apply(rs, event), SST_OK);
		assert_true(sst_span_is(sst_event_text(event, SST_F_EVENT),
			i < N ? name : "request"));
	}
	sst_buf_release(&text);
	sst_rules_close(rs);
	sst_event_release(event);
	free(event);
}

static void
a_wrong_file_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *rule, *message;
	} cases[] = {
		{ "7", "u.json:1:14: expected a rule" },
		{ "{ }", "u.json:1:14: expected either 'event' or" },
		{ "{ \"event\": \"a\", \"drop\": true }",
			"expected either 'event' or" },
		{ "{ \"event\": \"a\\\"b\" }", "expected a name of 1 to 64" },
		{ "{ \"evnet\": \"a\" }", "'evnet' is no member of a rule" },
		{ "{ \"drop\": true, \"set\": { \"a\": 1 } }",
			"expected either 'event' or" },
		{ "{ \"set\": { \"a\": 1 }, \"name_from\": \"e\" }",
			"only a rule with 'event' reads" },
		{ "{ \"set\": { \"id\": \"x\" } }",
			"'id' is no key that a rule may set" },
		{ "{ \"set\": { \"visitor_id\": \"x\" } }",
			"'visitor_id' is no key" },
		{ "{ \"set\": { \"_barrier\": \"x\" } }",
			"'_barrier' is no key" },
		{ "{ \"set\": { \"status\": \"x\" } }",
			"u.json:1:35: 'status' takes another type" },
		{ "{ \"set\": { \"status\": 1.5 } }",
			"'status' takes another type" },
		{ "{ \"set\": { \"a\": { } } }", "'a' takes another type" },
		{ "{ \"set\": { } }", "expected an object" },
		{ "{ \"rename\": { \"a\": 1 } }", "expected a key" },
		{ "{ \"rename\": { \"a\": \"status\" } }",
			"expected a key that holds text" },
		{ "{ \"sample\": 0 }", "expected a rate" },
		{ "{ \"sample\": 2 }", "expected a rate" },
		{ "{ \"sample\": \"0.1\" }", "expected a rate" },
		{ "{ \"event\": \"a\", \"time_from\": \"t\" }",
			"need 'page_from'" },
		{ "{ \"event\": \"a\", \"names\": { \"b\": 1 } }",
			"expected a name of 1 to 64" },
		{ "{ \"event\": \"a\", \"when\": { \"bytes\": "
		  "{ \"at_least\": \"1\" } } }",
			"expected a number" },
		{ "{ \"event\": \"a\", \"when\": { \"bytes\": "
		  "{ \"at_least\": 1, \"below\": 2 } } }",
			"expected 'at_least' and 'at_most'" },
		{ "{ \"event\": \"a\", \"when\": { \"client_ip\": "
		  "{ \"net\": \"10.0.0.0/33\" } } }",
			"'10.0.0.0/33' is no network" },
		{ "{ \"event\": \"a\", \"props_from\": \"cookie\" }",
			"expected \"query\"" },
		{ "{ \"event\": \"a\", \"when\": 1 }",
			"expected an object with up to 16 conditions" },
		{ "{ \"event\": \"a\",\n \"when\": { \"status\": \"4x\" } }",
			"u.json:2:22: expected a status" },
		{ "{ \"event\": \"a\", \"when\": { \"status\": 1000 } }",
			"expected a status" },
		{ "{ \"event\": \"a\", \"when\": { \"status\": \"9-2\" } }",
			"expected a status" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": \"(\" } }",
			"u.json:1:48: " },
		{ "{ \"event\": \"a\", \"when\": { \"path\": null } }",
			"expected a pattern, a number" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": "
		  "{ \"begins\": \"x\" } } }",
			"expected one of 'starts'" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": { } } }",
			"expected one of 'starts'" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": "
		  "{ \"in\": [ ] } } }",
			"expected at least one text" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": "
		  "{ \"extension\": \"PDF\" } } }",
			"expected extensions of up to 8 bytes" },
		{ "{ \"event\": \"a\", \"when\": { \"path\": "
		  "{ \"extension\": \"webmanifest\" } } }",
			"expected extensions of up to 8 bytes" },
		{ "{ \"event\": \"a\", \"when\": { \"host\": "
		  "{ \"extension\": \"x\" } } }",
			"only 'path' has an extension" },
		{ "{ \"event\": \"a\", \"when\": { \"has\": 1 } }",
			"expected the name of a key" },
		{ "{ \"event\": \"a\", \"when\": { \"query_has\": \"\" } }",
			"expected names of parameters" },
		{ "{ \"event\": \"a\", \"when\": { \"any\": { } } }",
			"expected a list of conditions" },
		{ "{ \"event\": \"a\", \"when\": { \"not\": { \"not\": "
		  "{ \"not\": { \"not\": { } } } } } }",
			"nested more than 4 deep" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512];
		struct sst_rules *rules;
		struct sst_err err = { 0 };

		(void)snprintf(text, sizeof(text), "{ \"rules\": [ %s ] }",
			cases[i].rule);
		place_write("u.json", 0644, sst_span_of(text));
		assert_int_equal(sst_rules_open(&rules, &err), SST_OK);
		assert_int_equal(
			sst_rules_add(rules, "u.json", &err), SST_ECONFIG);
		if (strstr(err.text, cases[i].message) == NULL)
			fail_msg("'%s', expected '%s'", err.text,
				cases[i].message);
		sst_rules_close(rules);
	}
}

static void
the_samples_of_our_own_file_hold(void **state)
{
	struct sst_buf report;
	struct sst_err err = { 0 };
	char path[4096];
	unsigned run = 0;

	(void)state;
	assert_true(
		snprintf(path, sizeof(path), "%s/formats/rules/default.json",
			getenv("SRC")) < (int)sizeof(path));
	sst_buf_init(&report, (size_t)1 << 20);
	if (sst_rules_test(path, &report, &err) != SST_OK)
		fail_msg("%s\n%.*s", err.text, (int)report.len, report.at);
	sst_buf_byte(&report, '\0');
	assert_int_equal(sscanf(strrchr(report.at, ':'), ": %u", &run), 1);
	assert_true(run > 80);
	sst_buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(methods_are_words_and_case_matters),
		IN_PLACE(statuses_are_numbers_classes_and_ranges),
		IN_PLACE(texts_are_compared_in_five_ways),
		IN_PLACE(
			an_extension_is_what_follows_the_last_dot_of_the_last_segment),
		IN_PLACE(a_parameter_must_be_there_and_not_be_empty),
		IN_PLACE(conditions_nest),
		IN_PLACE(the_first_rule_that_fits_counts),
		IN_PLACE(named_groups_become_props_of_the_rule_that_fits),
		IN_PLACE(a_beacon_names_its_event_as_far_as_it_may),
		IN_PLACE(
			props_are_bounded_in_number_and_in_the_length_of_names),
		IN_PLACE(literals_at_its_ends_change_no_answer),
		IN_PLACE(a_pattern_at_its_limits_does_not_fit_and_is_counted),
		IN_PLACE(files_are_asked_in_the_order_they_were_added),
		IN_PLACE(what_is_ruled_out_by_facts_would_not_have_fitted),
		IN_PLACE(the_first_of_many_rules_is_found_wherever_it_stands),
		IN_PLACE(a_wrong_file_is_refused_with_its_place),
		cmocka_unit_test(the_samples_of_our_own_file_hold),
	};

	return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
