/* SPDX-License-Identifier: ISC */
#include "session_kit.h"

#include "session/clock.h"
#include "session/rotate.h"
#include "session/rules.h"

#define S KIT_SECOND
#define M KIT_MINUTE
#define H KIT_HOUR

/* An open visit and an event, times after noon UTC. */
struct edge {
	const char *preset;
	int64_t start_us, last_us, at_us;
	uint32_t events;
	uint64_t had, has; /* campaigns */
	enum sst_visit_end end;
};

static const struct edge edges[] = {
	/* A gap of 30 minutes, a second around it, a microsecond around it. */
	{ "ga4", 0, 0, 30 * M - S, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "ga4", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "ga4", 0, 0, 30 * M + 1, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "ga4", 0, 0, 30 * M + S, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "ua", 0, 0, 30 * M - 1, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "ua", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "matomo", 0, 0, 30 * M - S, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "matomo", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "snowplow", 0, 0, 30 * M - S, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "snowplow", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "posthog", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "posthog", 0, 0, 30 * M + S, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "plausible", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "plausible", 0, 0, 30 * M + 59 * S, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "plausible", 0, 0, 31 * M, 1, 0, 0, SST_VISIT_TIMEOUT },
	{ "adobe", 0, 0, 30 * M, 1, 0, 0, SST_VISIT_GOES_ON },
	{ "adobe", 0, 0, 30 * M + S, 1, 0, 0, SST_VISIT_TIMEOUT },
	/* The gap counts from the last event, not from the start. */
	{ "ga4", 0, 5 * H, 5 * H + 30 * M, 9, 0, 0, SST_VISIT_GOES_ON },
	/* An event before the start is judged by the gap to it. */
	{ "ga4", 0, M, -30 * M, 2, 0, 0, SST_VISIT_GOES_ON },
	{ "ga4", 0, M, -30 * M - S, 2, 0, 0, SST_VISIT_TIMEOUT },
	{ "ua", 0, M, -30 * M, 2, 0, 0, SST_VISIT_TIMEOUT },
	{ "ga4", 0, H, 30 * M, 2, 0, 0, SST_VISIT_GOES_ON },

	/* Midnight. */
	{ "ga4", 12 * H - M, 12 * H - S, 12 * H, 2, 0, 0, SST_VISIT_GOES_ON },
	{ "ua", 12 * H - M, 12 * H - S, 12 * H, 2, 0, 0, SST_VISIT_MIDNIGHT },
	{ "ua", 12 * H - M, 12 * H - M, 12 * H - 1, 2, 0, 0,
		SST_VISIT_GOES_ON },
	{ "matomo", 12 * H - M, 12 * H - S, 12 * H, 2, 0, 0,
		SST_VISIT_MIDNIGHT },
	{ "plausible", 12 * H - M, 12 * H - S, 12 * H, 2, 0, 0,
		SST_VISIT_GOES_ON },
	/* From the day before. */
	{ "ua", 12 * H, 12 * H + S, 12 * H - 1, 2, 0, 0, SST_VISIT_MIDNIGHT },

	/* Campaigns: another one, the same, none, the first. */
	{ "ga4", 0, M, 2 * M, 2, 7, 8, SST_VISIT_GOES_ON },
	{ "ua", 0, M, 2 * M, 2, 7, 8, SST_VISIT_NEW_CAMPAIGN },
	{ "ua", 0, M, 2 * M, 2, 7, 7, SST_VISIT_GOES_ON },
	{ "ua", 0, M, 2 * M, 2, 7, 0, SST_VISIT_GOES_ON },
	{ "ua", 0, M, 2 * M, 2, 0, 7, SST_VISIT_NEW_CAMPAIGN },
	{ "matomo", 0, M, 2 * M, 2, 7, 8, SST_VISIT_NEW_CAMPAIGN },
	{ "adobe", 0, M, 2 * M, 2, 7, 8, SST_VISIT_GOES_ON },
	/* Out of order: it cannot end what went on after it. */
	{ "ua", 0, M, M - S, 2, 7, 8, SST_VISIT_GOES_ON },

	/* How long a visit may be. */
	{ "posthog", 0, 24 * H - M, 24 * H, 99, 0, 0, SST_VISIT_GOES_ON },
	{ "posthog", 0, 24 * H, 24 * H + S, 99, 0, 0, SST_VISIT_MAX_DURATION },
	{ "adobe", 0, 12 * H - M, 12 * H, 99, 0, 0, SST_VISIT_GOES_ON },
	{ "adobe", 0, 12 * H, 12 * H + S, 99, 0, 0, SST_VISIT_MAX_DURATION },
	{ "ga4", 0, 47 * H, 47 * H + M, 99, 0, 0, SST_VISIT_GOES_ON },
	{ "adobe", 0, 12 * H, -S, 99, 0, 0, SST_VISIT_MAX_DURATION },

	/* How many events: the 2,500th is the last, then comes a new visit. */
	{ "adobe", 0, H, H + S, 2499, 0, 0, SST_VISIT_GOES_ON },
	{ "adobe", 0, H, H + S, 2500, 0, 0, SST_VISIT_MAX_EVENTS },
	{ "matomo", 0, H, H + S, 9999, 0, 0, SST_VISIT_GOES_ON },
	{ "matomo", 0, H, H + S, 10000, 0, 0, SST_VISIT_MAX_EVENTS },
	{ "ga4", 0, H, H + S, 4000000, 0, 0, SST_VISIT_GOES_ON },
};

static void
each_preset_cuts_at_its_own_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		const struct edge *e = &edges[i];
		const struct sst_visit_rules *rules =
			sst_visit_rules_preset(sst_span_of(e->preset));
		struct sst_judged_visit visit = { KIT_NOON + e->start_us,
			KIT_NOON + e->last_us, e->events, e->had,
			KIT_NOON - H };
		struct sst_judged_event event = { KIT_NOON + e->at_us, e->has,
			false };
		enum sst_visit_end end;

		assert_non_null(rules);
		end = sst_visit_verdict(rules, &visit, &event);
		if (end != e->end)
			fail_msg("edge %zu (%s): '%s', not '%s'", i, e->preset,
				sst_visit_end_name(end),
				sst_visit_end_name(e->end));
	}
}

static void
presets_are_numbered_as_their_names_stand(void **state)
{
	struct sst_span rest = SST_SPAN(SST_VISIT_RULES_NAMES);
	int n = 0;

	(void)state;
	for (;;) {
		size_t end = sst_span_find(rest, '|');

		assert_ptr_equal(sst_visit_rules_number(++n),
			sst_visit_rules_preset(sst_span_head(rest, end)));
		if (end == rest.len)
			break;
		rest = sst_span_from(rest, end + 1);
	}
	assert_int_equal(n, 7);
	assert_null(sst_visit_rules_preset(sst_span_of("")));
	assert_null(sst_visit_rules_preset(sst_span_of("ga")));
	assert_int_equal(
		sst_visit_rules_number(0)->timeout_us, 30 * KIT_MINUTE);
}

static void
a_hundred_hits_in_a_hundred_seconds_are_a_burst(void **state)
{
	const struct sst_visit_rules *adobe =
		sst_visit_rules_preset(sst_span_of("adobe"));
	struct sst_judged_visit visit = { KIT_NOON, KIT_NOON + 99 * S, 100, 0,
		KIT_NOON };
	struct sst_judged_event event = { KIT_NOON + 100 * S - 1, 0, false };

	(void)state;
	assert_int_equal(
		sst_visit_verdict(adobe, &visit, &event), SST_VISIT_MAX_EVENTS);
	event.time_us++;
	assert_int_equal(
		sst_visit_verdict(adobe, &visit, &event), SST_VISIT_GOES_ON);
	event.time_us--;
	visit.events = 99;
	assert_int_equal(
		sst_visit_verdict(adobe, &visit, &event), SST_VISIT_GOES_ON);
}

static void
passive_events_end_nothing_by_count_or_campaign(void **state)
{
	const struct sst_visit_rules *matomo =
		sst_visit_rules_preset(sst_span_of("matomo"));
	struct sst_judged_visit visit = { KIT_NOON, KIT_NOON, 10000, 7, 0 };
	struct sst_judged_event event = { KIT_NOON + S, 8, true };

	(void)state;
	assert_int_equal(
		sst_visit_verdict(matomo, &visit, &event), SST_VISIT_GOES_ON);
	event.time_us = KIT_NOON + 30 * M;
	assert_int_equal(
		sst_visit_verdict(matomo, &visit, &event), SST_VISIT_TIMEOUT);
}

static void
midnight_is_that_of_the_zone(void **state)
{
	/* 23:59:59 and 00:00:00 there, in seconds after noon UTC. */
	static const struct {
		const char *zone;
		int64_t midnight_s;
	} zones[] = {
		{ "UTC", 12 * 3600 },
		{ "+01:00", 11 * 3600 },
		{ "-05", 17 * 3600 },
		{ "+0530", 6 * 3600 + 1800 },
		{ "+14:00", -2 * 3600 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct sst_visit_rules rules = { .timeout_us = 30 * M,
			.at_midnight = true };
		int64_t midnight = KIT_NOON + zones[i].midnight_s * S;
		struct sst_judged_visit visit = { midnight - M, midnight - S, 2,
			0, 0 };
		struct sst_judged_event event = { midnight - 1, 0, false };

		assert_true(sst_zone_read(
			sst_span_of(zones[i].zone), &rules.midnight_offset_s));
		assert_int_equal(sst_visit_verdict(&rules, &visit, &event),
			SST_VISIT_GOES_ON);
		event.time_us = midnight;
		assert_int_equal(sst_visit_verdict(&rules, &visit, &event),
			SST_VISIT_MIDNIGHT);
	}
}

static void
days_before_1970_have_midnights_too(void **state)
{
	struct sst_visit_rules rules = { .timeout_us = 30 * M,
		.at_midnight = true };
	struct sst_judged_visit visit = { -S, -S, 1, 0, 0 };
	struct sst_judged_event event = { -1, 0, false };

	(void)state;
	assert_int_equal(
		sst_visit_verdict(&rules, &visit, &event), SST_VISIT_GOES_ON);
	event.time_us = 0;
	assert_int_equal(
		sst_visit_verdict(&rules, &visit, &event), SST_VISIT_MIDNIGHT);
}

static void
zones_are_offsets_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		bool is_good;
		int32_t offset_s;
	} cases[] = {
		{ "UTC", true, 0 },
		{ "Z", true, 0 },
		{ "+00:00", true, 0 },
		{ "+01:00", true, 3600 },
		{ "-0330", true, -12600 },
		{ "+14", true, 50400 },
		{ "+14:01", false, 0 },
		{ "+01:60", false, 0 },
		{ "01:00", false, 0 },
		{ "+1", false, 0 },
		{ "+1:00", false, 0 },
		{ "+010", false, 0 },
		{ "+01:0", false, 0 },
		{ "+01-00", false, 0 },
		{ "Europe/Berlin", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int32_t offset_s = 1;
		bool is_good =
			sst_zone_read(sst_span_of(cases[i].text), &offset_s);

		if (is_good != cases[i].is_good ||
			(is_good && offset_s != cases[i].offset_s))
			fail_msg("'%s': %d %d", cases[i].text, is_good,
				(int)offset_s);
	}
}

/* ---- the clock ---- */

static void
one_stamp_from_the_future_does_not_move_the_clock(void **state)
{
	struct sst_clock clock = { 0 };

	(void)state;
	assert_int_equal(sst_clock_see(&clock, 0), SST_CLOCK_ADVANCES);
	assert_int_equal(sst_clock_see(&clock, H), SST_CLOCK_ADVANCES);
	assert_int_equal(sst_clock_see(&clock, 2 * H + 1), SST_CLOCK_IS_AHEAD);
	assert_int_equal(clock.now_us, H);
	assert_int_equal(sst_clock_see(&clock, H + S), SST_CLOCK_ADVANCES);
	assert_int_equal(clock.now_us, H + S);
}

static void
nine_in_a_row_move_it_to_the_earliest_of_them(void **state)
{
	struct sst_clock clock = { 0 };

	(void)state;
	for (int i = 0; i < 20; i++)
		(void)sst_clock_see(&clock, i * S);
	for (int i = 0; i < 8; i++)
		assert_int_equal(sst_clock_see(&clock, (100 - i) * H),
			SST_CLOCK_IS_AHEAD);
	assert_int_equal(clock.now_us, 19 * S);
	assert_int_equal(sst_clock_see(&clock, 99 * H), SST_CLOCK_ADVANCES);
	assert_int_equal(clock.now_us, 93 * H);
}

static void
an_event_of_now_breaks_the_row(void **state)
{
	struct sst_clock clock = { 0 };

	(void)state;
	for (int i = 0; i < 20; i++)
		(void)sst_clock_see(&clock, i * S);
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 8; i++)
			assert_int_equal(sst_clock_see(&clock, 100 * H),
				SST_CLOCK_IS_AHEAD);
		assert_int_equal(
			sst_clock_see(&clock, 19 * S), SST_CLOCK_STAYS);
	}
}

static void
a_first_stamp_from_the_future_is_taken_back(void **state)
{
	struct sst_clock clock = { 0 };

	(void)state;
	assert_int_equal(sst_clock_see(&clock, 1000 * H), SST_CLOCK_ADVANCES);
	assert_int_equal(sst_clock_see(&clock, 0), SST_CLOCK_GOES_BACK);
	assert_int_equal(clock.now_us, 0);
	/* Once it is established, nothing takes it back. */
	for (int i = 0; i < 20; i++)
		(void)sst_clock_see(&clock, 10 * H + i);
	assert_int_equal(sst_clock_see(&clock, 0), SST_CLOCK_STAYS);
	assert_int_equal(clock.now_us, 10 * H + 19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_preset_cuts_at_its_own_edges),
		cmocka_unit_test(presets_are_numbered_as_their_names_stand),
		cmocka_unit_test(
			a_hundred_hits_in_a_hundred_seconds_are_a_burst),
		cmocka_unit_test(
			passive_events_end_nothing_by_count_or_campaign),
		cmocka_unit_test(midnight_is_that_of_the_zone),
		cmocka_unit_test(days_before_1970_have_midnights_too),
		cmocka_unit_test(zones_are_offsets_and_nothing_else),
		cmocka_unit_test(
			one_stamp_from_the_future_does_not_move_the_clock),
		cmocka_unit_test(nine_in_a_row_move_it_to_the_earliest_of_them),
		cmocka_unit_test(an_event_of_now_breaks_the_row),
		cmocka_unit_test(a_first_stamp_from_the_future_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
