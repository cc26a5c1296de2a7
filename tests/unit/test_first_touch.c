/* SPDX-License-Identifier: ISC */
/* Where a visit came from and what its summary tells. */
#include "session_kit.h"

#define S KIT_SECOND
#define M KIT_MINUTE
#define H KIT_HOUR

static const struct sst_visit_rules half_hour = { .timeout_us = 30 * M };

static const struct kit_event campaign_link = { .who = "a",
	.path = "/go",
	.referrer = "https://r.example/",
	.source = "mail",
	.campaign = 7,
	.flags = SST_HIT_PASSIVE | SST_HIT_REDIRECT };

static void
a_redirect_gives_its_first_touch_to_the_visit_it_leads_to(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 30 * S,
				    .who = "a",
				    .path = "/landing",
				    .source = "other",
				    .flags = SST_HIT_PAGE });
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 31 * S,
				    .who = "a",
				    .path = "/more",
				    .flags = SST_HIT_PAGE });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"30+1 2 2 0 /go /more https://r.example/ mail - eof\n");
	kit_stop(&kit);
}

static void
a_redirect_is_forgotten_after_thirty_seconds(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(&kit,
		&(struct kit_event){
			.at_us = 30 * S + 1, .who = "a", .path = "/landing" });
	kit_end(&kit);
	assert_string_equal(
		kit_ends(&kit), "30+0 1 0 0 /landing /landing - - - eof\n");
	kit_stop(&kit);
}

static void
redirects_that_follow_one_another_are_one(void **state)
{
	struct kit kit;
	struct kit_event next = { .at_us = 20 * S,
		.who = "a",
		.path = "/next",
		.source = "not this",
		.flags = SST_HIT_PASSIVE | SST_HIT_REDIRECT };

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(&kit, &next);
	(void)kit_hit(&kit,
		&(struct kit_event){
			.at_us = 45 * S, .who = "a", .path = "/landing" });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"45+0 1 0 0 /go /landing https://r.example/ mail - eof\n");
	kit_stop(&kit);
}

static void
a_redirect_of_somebody_else_says_nothing(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = S, .who = "b", .path = "/landing" });
	kit_end(&kit);
	assert_string_equal(
		kit_ends(&kit), "1+0 1 0 0 /landing /landing - - - eof\n");
	kit_stop(&kit);
}

static void
a_campaign_by_way_of_a_redirect_splits_too(void **state)
{
	static const struct sst_visit_rules rules = { .timeout_us = 30 * M,
		.new_on = SST_NEW_ON_CAMPAIGN };
	struct kit kit;
	struct kit_event link = campaign_link;

	(void)state;
	kit_start(&kit, &rules, 10);
	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = 0, .who = "a", .path = "/1" });
	link.at_us = 10 * S;
	(void)kit_hit(&kit, &link);
	assert_true(kit_hit(&kit,
		&(struct kit_event){
			.at_us = 11 * S, .who = "a", .path = "/2" })
			    .is_new);
	assert_false(kit_hit(&kit,
		&(struct kit_event){
			.at_us = 12 * S, .who = "a", .path = "/3" })
			     .is_new);
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"0+0 1 0 0 /1 /1 - - - new_campaign\n"
		"11+1 2 0 0 /go /3 https://r.example/ mail - eof\n");
	kit_stop(&kit);
}

static void
redirects_that_lead_nowhere_are_bounded(void **state)
{
	struct kit kit;
	struct kit_event link = campaign_link;
	char who[24];

	(void)state;
	kit_start(&kit, &half_hour, 10);
	link.who = who;
	for (unsigned i = 0; i <= SST_TOUCH_MAX; i++) {
		(void)snprintf(who, sizeof(who), "%u", i);
		(void)kit_hit(&kit, &link);
		sst_buf_reset(&kit.log);
	}
	/* The first was forgotten for the last; the second was not. */
	(void)kit_hit(&kit, &(struct kit_event){
				    .at_us = S, .who = "0", .path = "/first" });
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = S, .who = "1", .path = "/second" });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"1+0 1 0 0 /first /first - - - eof\n"
		"1+0 1 0 0 /go /second https://r.example/ mail - eof\n");
	kit_stop(&kit);
}

/* ---- what summaries tell ---- */

static void
entry_and_exit_are_pages_when_there_are_any(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = 0, .who = "a", .path = "/api" });
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = S,
				    .who = "a",
				    .path = "/p1",
				    .flags = SST_HIT_PAGE });
	(void)kit_hit(
		&kit, &(struct kit_event){ .at_us = 2 * S,
			      .who = "a",
			      .path = "/a/page/with/quite/a/long/path/indeed",
			      .flags = SST_HIT_PAGE });
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 3 * S,
				    .who = "a",
				    .path = "/thanks",
				    .flags = SST_HIT_CONVERSION });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"0+3 4 2 1 /p1 /a/page/with/quite/a/long/path/indeed - - - "
		"eof\n");
	kit_stop(&kit);
}

static void
an_earlier_event_becomes_the_first(void **state)
{
	struct kit kit;
	struct sst_place place;
	char session[SST_UUID_LEN];

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_hit(&kit, &(struct kit_event){ .at_us = 10 * S,
				      .who = "a",
				      .path = "/2",
				      .source = "second",
				      .flags = SST_HIT_PAGE });
	memcpy(session, place.session_id.at, SST_UUID_LEN);
	place = kit_hit(&kit, &(struct kit_event){ .at_us = 5 * S,
				      .who = "a",
				      .path = "/1",
				      .source = "first",
				      .flags = SST_HIT_PAGE });
	assert_memory_equal(place.session_id.at, session, SST_UUID_LEN);
	assert_false(place.is_new || place.is_late);
	assert_int_equal(place.seq, 2);
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit), "5+5 2 2 0 /1 /2 - first - eof\n");
	kit_stop(&kit);
}

/* The signals of a visit's events, and what is left. */
static const struct {
	const char *signals[4];
	size_t n;
	const char *left;
} consents[] = {
	{ { "yes" }, 1, "yes" },
	{ { "yes", "yes" }, 2, "yes" },
	{ { "yes", NULL }, 2, "-" },
	{ { NULL, "yes" }, 2, "-" },
	{ { "yes", "denied" }, 2, "denied" },
	{ { "denied", "yes" }, 2, "denied" },
	{ { "CPabc", "CPdef" }, 2, "-" },
	{ { "CPabc", "CPdef", "CPabc" }, 3, "-" },
	{ { "CPabc", "CPdef", "no" }, 3, "no" },
	{ { "CPabc", "CPdef", "no", "CPabc" }, 4, "no" },
	{ { "CPabc", NULL, "Opt-Out", NULL }, 4, "Opt-Out" },
};

static void
consent_is_the_most_restrictive(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(consents) / sizeof(consents[0]); i++) {
		struct kit kit;
		char want[64];

		kit_start(&kit, &half_hour, 10);
		for (size_t k = 0; k < consents[i].n; k++) {
			struct kit_event event = { .at_us = 0,
				.consent = consents[i].signals[k] };

			(void)kit_hit(&kit, &event);
		}
		kit_end(&kit);
		(void)snprintf(want, sizeof(want),
			"0+0 %zu 0 0 / / - - %s eof\n", consents[i].n,
			consents[i].left);
		assert_string_equal(kit_ends(&kit), want);
		kit_stop(&kit);
	}
}

static void
a_redirect_counts_once(void **state)
{
	static const struct sst_visit_rules rules = { .timeout_us = 30 * M,
		.max_events = 1 };
	struct kit kit;

	(void)state;
	kit_start(&kit, &rules, 10);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = S, .who = "a" });
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 2 * S, .who = "a" });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"1+0 1 0 0 /go / https://r.example/ mail - max_events\n"
		"2+0 1 0 0 / / - - - eof\n");
	kit_stop(&kit);
}

static void
a_redirect_from_the_future_hides_no_other(void **state)
{
	struct kit kit;
	struct kit_event mad = campaign_link;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &(struct kit_event){ .who = "b" });
	mad.at_us = 5 * H;
	mad.path = "/mad";
	(void)kit_hit(&kit, &mad);
	(void)kit_hit(&kit, &campaign_link);
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = S, .who = "a" });
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit),
		"0+0 1 0 0 / / - - - eof\n"
		"1+0 1 0 0 /go / https://r.example/ mail - eof\n");
	kit_stop(&kit);
}

static void
an_earlier_event_that_is_no_page_leaves_the_entry(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 10 * S,
				    .path = "/page",
				    .flags = SST_HIT_PAGE });
	(void)kit_hit(
		&kit, &(struct kit_event){ .path = "/api", .source = "first" });
	kit_end(&kit);
	assert_string_equal(
		kit_ends(&kit), "0+10 2 1 0 /page /page - first - eof\n");
	kit_stop(&kit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_redirect_gives_its_first_touch_to_the_visit_it_leads_to),
		cmocka_unit_test(a_redirect_is_forgotten_after_thirty_seconds),
		cmocka_unit_test(redirects_that_follow_one_another_are_one),
		cmocka_unit_test(a_redirect_of_somebody_else_says_nothing),
		cmocka_unit_test(a_campaign_by_way_of_a_redirect_splits_too),
		cmocka_unit_test(redirects_that_lead_nowhere_are_bounded),
		cmocka_unit_test(entry_and_exit_are_pages_when_there_are_any),
		cmocka_unit_test(an_earlier_event_becomes_the_first),
		cmocka_unit_test(consent_is_the_most_restrictive),
		cmocka_unit_test(a_redirect_counts_once),
		cmocka_unit_test(a_redirect_from_the_future_hides_no_other),
		cmocka_unit_test(
			an_earlier_event_that_is_no_page_leaves_the_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
