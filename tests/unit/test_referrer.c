/* SPDX-License-Identifier: ISC */
/* Where a visitor came from. What single hosts mean is tested by the samples
 * of formats/referrers.json; here is what the code adds. */
#include "enrich/referrer.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char lists[] =
	"{ \"sources\": [\n"
	"  { \"source\": \"find\", \"kind\": \"search\",\n"
	"    \"hosts\": [ \"find.*\", \"find.com/images\" ],\n"
	"    \"terms\": [ \"q\", \"query\" ] },\n"
	"  { \"source\": \"assistant\", \"kind\": \"ai\",\n"
	"    \"hosts\": [ \"find.com/chat\", \"ask.find.com\" ] },\n"
	"  { \"source\": \"friends\", \"kind\": \"social\",\n"
	"    \"hosts\": [ \"friends.example\" ], \"names\": [ \"fr\" ] } ],\n"
	"  \"campaign\": { \"source\": [ \"utm_source\", \"pk_source\" ],\n"
	"    \"medium\": [ \"utm_medium\" ], \"campaign\": [ \"utm_campaign\" "
	"],\n"
	"    \"term\": [ \"utm_term\" ], \"content\": [ \"utm_content\" ] },\n"
	"  \"click_ids\": [\n"
	"    { \"name\": \"fclid\", \"source\": \"find\", \"medium\": \"cpc\" "
	"},\n"
	"    { \"name\": \"ScId\", \"source\": \"friends\", "
	"\"medium\": \"paid_social\" },\n"
	"    { \"name\": \"any_id\", \"medium\": \"cpc\" } ] }\n";

static struct sst_referrers *
open_lists(const char *const *sites, size_t n)
{
	struct sst_referrers *refs;
	struct sst_err err = { 0 };

	place_write("r.json", 0644, sst_span(lists, sizeof(lists) - 1));
	if (sst_referrers_open(&refs, "r.json", sites, n, &err) != SST_OK)
		fail_msg("%s", err.text);
	return refs;
}

/* All that is known, as one text. */
static void
put_traffic(struct sst_buf *to, const struct sst_traffic *t)
{
	const struct sst_span parts[] = { t->source, t->medium, t->campaign,
		t->term, t->content, t->click_id,
		sst_span_of(t->channel == NULL ? "" : t->channel) };

	sst_buf_reset(to);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (i != 0)
			sst_buf_byte(to, '|');
		sst_buf_put_span(to, parts[i]);
	}
}

static void
what_is_said_last_counts_least(void **state)
{
	static const struct {
		const char *referrer, *host, *query, *traffic;
	} cases[] = {
		{ "", "", "", "||||||Direct" },
		{ "-", "", "", "||||||Direct" },
		{ "about:blank", "", "", "||||||Direct" },
		{ "/local", "", "a=b", "||||||Direct" },

		/* hosts: themselves, below them, any top level domain */
		{ "http://find.com/", "", "",
			"find|organic|||||Organic Search" },
		{ "http://FIND.de./", "", "",
			"find|organic|||||Organic Search" },
		{ "http://www.find.co.uk", "", "",
			"find|organic|||||Organic Search" },
		{ "//find.com.br:80/x", "", "",
			"find|organic|||||Organic Search" },
		{ "http://find.com.evil.example/", "", "",
			"find.com.evil.example|referral|||||Referral" },
		{ "http://myfind.com/", "", "",
			"myfind.com|referral|||||Referral" },
		{ "http://intranet/", "", "",
			"intranet|referral|||||Referral" },
		{ "http://a.friends.example/", "", "",
			"friends|social|||||Organic Social" },

		/* a path first, then the host, the longest host first */
		{ "http://find.com/chat?x", "", "",
			"assistant|ai-assistant|||||AI Assistant" },
		{ "http://find.com/images/1", "", "",
			"find|organic|||||Organic Search" },
		{ "http://find.com/chat", "", "",
			"assistant|ai-assistant|||||AI Assistant" },
		{ "http://x.ask.find.com/", "", "",
			"assistant|ai-assistant|||||AI Assistant" },

		/* terms: the first of the list that is not empty, decoded */
		{ "http://find.com/?query=b&q=a", "", "",
			"find|organic||a|||Organic Search" },
		{ "http://find.com/?q=&query=b+c%21", "", "",
			"find|organic||b c!|||Organic Search" },
		{ "http://find.com/?q=%FF%C3%A9", "", "",
			"find|organic||\xef\xbf\xbd\xc3\xa9|||Organic Search" },

		/* one's own pages say nothing */
		{ "http://www.Own.example/a", "own.example", "", "||||||" },
		{ "http://own.example:8080/a", "www.own.example", "",
			"||||||" },
		{ "http://shop.site.example/", "", "", "||||||" },
		{ "http://site.example/", "other.example", "", "||||||" },
		{ "http://notsite.example/", "", "",
			"notsite.example|referral|||||Referral" },

		/* campaigns win over the referrer, also one's own */
		{ "http://find.com/?q=a", "",
			"utm_source=news&utm_medium=email&utm_campaign=c%20d",
			"news|email|c d||||Email" },
		{ "http://own.example/", "own.example", "utm_source=fr",
			"fr||||||Organic Social" },
		{ "http://find.com/?q=a", "", "utm_campaign=c",
			"find|organic|c|a|||Organic Search" },
		{ "http://find.com/?q=a", "", "utm_campaign=c&utm_term=t",
			"find|organic|c|t|||Organic Search" },
		{ "", "", "utm_source=&utm_medium=", "||||||Direct" },
		{ "", "", "x=1&UTM_Source=News&pk_source=no&utm_content=b",
			"News||||b||Unassigned" },
		{ "", "", "pk_source=yes&utm_medium=sms", "yes|sms|||||SMS" },
		{ "", "", "utm_source=find.de", "find.de||||||Organic Search" },
		{ "", "", "utm_sourcf=x&tm_source=y", "||||||Direct" },

		/* click ids win over the referrer, not over campaigns */
		{ "http://find.com/", "", "fclid=A%20b",
			"find|cpc||||fclid=A%20b|Paid Search" },
		{ "", "", "utm_source=find&fclid=1",
			"find|cpc||||fclid=1|Paid Search" },
		{ "", "", "utm_source=news&fclid=1",
			"news|||||fclid=1|Unassigned" },
		{ "", "", "scid=2",
			"friends|paid_social||||scid=2|Paid Social" },
		{ "", "", "ScId=2&fclid=1", "find|cpc||||fclid=1|Paid Search" },
		{ "http://find.com/", "", "any_id=1",
			"find|cpc||||any_id=1|Paid Search" },
	};
	static const char *const sites[] = { "www.Site.example" };
	struct sst_referrers *refs = open_lists(sites, 1);
	struct sst_buf got;

	(void)state;
	sst_buf_init(&got, 4096);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const struct sst_visit visit = {
				sst_span_of(cases[i].referrer),
				sst_span_of(cases[i].host),
				sst_span_of(cases[i].query)
			};
			struct sst_traffic traffic;

			sst_referrers_classify(refs, &visit, &traffic);
			put_traffic(&got, &traffic);
			if (!sst_span_is(sst_buf_span(&got), cases[i].traffic))
				fail_msg("%s %s %s: %.*s, expected %s",
					cases[i].referrer, cases[i].host,
					cases[i].query, (int)got.len, got.at,
					cases[i].traffic);
		}
	sst_buf_release(&got);
	sst_referrers_close(refs);
}

static void
only_what_can_begin_a_visit_is_direct(void **state)
{
	static const struct {
		const char *event;
		bool is_direct, has_source;
	} cases[] = {
		{ "page_view", true, true },
		{ "form_submit", true, true },
		{ "site_search", true, true },
		{ "file_download", true, true },
		{ "purchase", true, true },
		{ "redirect", false, true },
		{ "error", false, true },
		{ "api_call", false, true },
		{ "request", false, true },
		{ "asset", false, false },
		{ "bot_hit", false, false },
	};
	SST_PADDED(referrer, "http://find.com/");
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_referrers *refs = open_lists(NULL, 0);

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sst_event_reset(event);
		sst_event_set(event, SST_F_EVENT, SST_KIND_STRING,
			sst_event_keep(event, sst_span_of(cases[i].event)));
		sst_referrers_apply(refs, event);
		assert_int_equal(sst_event_has(event, SST_F_CHANNEL),
			cases[i].is_direct);
		assert_false(sst_event_has(event, SST_F_SOURCE));

		sst_event_reset(event);
		sst_event_set(event, SST_F_EVENT, SST_KIND_STRING,
			sst_event_keep(event, sst_span_of(cases[i].event)));
		sst_event_set_text(event, SST_F_REFERRER, referrer);
		sst_referrers_apply(refs, event);
		assert_int_equal(sst_event_has(event, SST_F_SOURCE),
			cases[i].has_source);
	}
	sst_event_release(event);
	free(event);
	sst_referrers_close(refs);
}

/* One event with a page's host and a referrer, and what it got. */
static void
apply_to(struct sst_buf *got, struct sst_referrers *refs,
	struct sst_event *event, const struct sst_visit *visit)
{
	static const enum sst_field fields[] = { SST_F_SOURCE, SST_F_MEDIUM,
		SST_F_CAMPAIGN, SST_F_TERM, SST_F_CONTENT, SST_F_CLICK_ID,
		SST_F_CHANNEL };

	sst_event_reset(event);
	/* Kept first: literals have no padding. */
	sst_event_set_text(event, SST_F_EVENT,
		sst_event_keep(event, sst_span("page_view", 9)));
	sst_event_set_text(
		event, SST_F_REFERRER, sst_event_keep(event, visit->referrer));
	sst_event_set_text(
		event, SST_F_HOST, sst_event_keep(event, visit->host));
	sst_event_set_text(
		event, SST_F_QUERY, sst_event_keep(event, visit->query));
	sst_referrers_apply(refs, event);
	sst_buf_reset(got);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct sst_pair *pair = sst_event_get(event, fields[i]);
		struct sst_span text = sst_event_text(event, fields[i]);

		assert_true(pair == NULL || text.len != 0);
		assert_true(pair == NULL || pair->flags & SST_PAIR_ESCAPED ||
			    sst_json_is_plain(pair->value));
		if (i != 0)
			sst_buf_byte(got, '|');
		if (text.len != 0)
			sst_buf_put_span(got, text);
	}
}

/* Whatever an event said before it, an event gets what it would get alone:
 * each case follows each other one, in a list that remembers all of them. */
static void
what_is_remembered_is_what_would_be_found(void **state)
{
	static const char *const sites[] = { "own.example" };
	static const char *const referrers[] = { "", "http://find.com/",
		"https://find.com/", "https://find.com/?q=a",
		"https://find.de/", "https://find.de?q=b",
		"https://find.de/?query=c", "https://Other.Example/",
		"https://other.example/", "https://PAGE.example/",
		"https://find.com/x?b=1#?q=", "https://find.com/chat",
		"https://find.com/images/", "https://find.com/chat?q=1",
		"https://ask.find.com", "https://FIND.com/",
		"https://www.find.com", "https://find.com./",
		"https://me:pw@find.com:80/?x", "https://find.com?q=a",
		"android-app://find.com/", "//find.com/", "https://[::1]:8/",
		"https://www./", "https://www../", "https://b\xc3\xa4r.de/",
		"https://a\"b.de/", "https:///x", "https://own.example/",
		"https://a.own.example/x", "https://page.example/1",
		"https://www.page.example/2", "https://friends.example/",
		"https://sms/" };
	static const char *const hosts[] = { "", "page.example",
		"www.page.example", "find.com", "PAGE.example" };
	static const char *const queries[] = { "", "x=1", "utm_source=fr",
		"utm_medium=cpc" };
	enum {
		N = sizeof(referrers) / sizeof(referrers[0]),
		H = sizeof(hosts) / sizeof(hosts[0]),
		Q = sizeof(queries) / sizeof(queries[0]),
		ALL = N * H * Q
	};
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_referrers *refs = open_lists(sites, 1);
	struct sst_buf got, want;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_buf_init(&got, 4096);
	sst_buf_init(&want, 4096);
	/* 11 is no factor of ALL: all are there, three times, mixed. */
	assert_int_not_equal(ALL % 11, 0);
	for (size_t i = 0; i < (size_t)3 * ALL; i++) {
		size_t k = i * 11 % ALL;
		struct sst_visit visit = {
			.referrer = sst_span_of(referrers[k % N]),
			.host = sst_span_of(hosts[k / N % H]),
			.query = sst_span_of(queries[k / N / H]),
		};
		struct sst_traffic alone;

		/* Asking for the answer remembers nothing. */
		sst_referrers_classify(refs, &visit, &alone);
		put_traffic(&want, &alone);
		apply_to(&got, refs, event, &visit);
		if (!sst_span_eq(sst_buf_span(&got), sst_buf_span(&want)))
			fail_msg("%s %s %s: %.*s, expected %.*s",
				referrers[k % N], hosts[k / N % H],
				queries[k / N / H], (int)got.len, got.at,
				(int)want.len, want.at);
	}
	sst_buf_release(&got);
	sst_buf_release(&want);
	sst_event_release(event);
	free(event);
	sst_referrers_close(refs);
}

static void
hosts_and_values_of_any_size_are_taken(void **state)
{
	size_t n = (size_t)1 << 17;
	char *text = malloc(n);
	struct sst_referrers *refs = open_lists(NULL, 0);
	struct sst_traffic traffic;
	struct sst_visit visit = { .host = { "", 0 } };

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	memcpy(text, "http://", 7);
	visit.referrer = sst_span(text, n);
	sst_referrers_classify(refs, &visit, &traffic);
	assert_string_equal(traffic.channel, "Direct"); /* no host is so long */

	memset(text, '\xff', n);
	memcpy(text, "utm_source=", 11);
	visit.referrer.len = 0;
	visit.query = sst_span(text, n);
	sst_referrers_classify(refs, &visit, &traffic);
	assert_int_equal(traffic.source.len, 3 * (n - 11));
	free(text);
	sst_referrers_close(refs);
}

static void
a_wrong_file_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
		{ "\"kind\": \"ai\"", "\"kind\": \"??\"",
			"r.json:5:3: expected a 'kind'" },
		{ "\"names\"", "\"nomes\"", "'nomes' is not known here" },
		{ "\"utm_term\"", "\"utm_medium\"",
			"'utm_medium' is there already" },
		{ "\"ask.find.com\"", "\"find.com/chat\"",
			"r.json:6:33: 'find.com/chat' is there already" },
		{ "[ \"utm_content\" ]", "[ ]", "expected a list 'content'" },
		{ "\"medium\": \"cpc\" },", "\"median\": \"cpc\" },",
			"'median' is not known here" },
		{ "\"friends.example\"", "7", "expected a host" },
		{ "\"sources\"", "\"saucers\"", "'saucers' is not known" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(lists, cases[i].from);
		struct sst_referrers *refs;
		struct sst_err err = { 0 };
		struct sst_buf text;

		assert_non_null(at);
		sst_buf_init(&text, 8192);
		sst_buf_put(&text, lists, (size_t)(at - lists));
		sst_buf_put_span(&text, sst_span_of(cases[i].to));
		sst_buf_put_span(
			&text, sst_span_of(at + strlen(cases[i].from)));
		place_write("r.json", 0644, sst_buf_span(&text));
		sst_buf_release(&text);
		assert_int_equal(
			sst_referrers_open(&refs, "r.json", NULL, 0, &err),
			SST_ECONFIG);
		assert_null(refs);
		if (strstr(err.text, cases[i].message) == NULL)
			fail_msg("'%s', expected '%s'", err.text,
				cases[i].message);
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
	assert_true(snprintf(path, sizeof(path), "%s/formats/referrers.json",
			    getenv("SRC")) < (int)sizeof(path));
	sst_buf_init(&report, (size_t)1 << 20);
	if (sst_referrers_test(path, &report, &err) != SST_OK)
		fail_msg("%s\n%.*s", err.text, (int)report.len, report.at);
	sst_buf_byte(&report, '\0');
	assert_int_equal(sscanf(strrchr(report.at, ':'), ": %u", &run), 1);
	assert_true(run > 2000);
	sst_buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(what_is_said_last_counts_least),
		IN_PLACE(only_what_can_begin_a_visit_is_direct),
		IN_PLACE(hosts_and_values_of_any_size_are_taken),
		IN_PLACE(a_wrong_file_is_refused_with_its_place),
		IN_PLACE(what_is_remembered_is_what_would_be_found),
		cmocka_unit_test(the_samples_of_our_own_file_hold),
	};

	return cmocka_run_group_tests_name("referrer", tests, NULL, NULL);
}
