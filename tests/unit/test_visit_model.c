/* SPDX-License-Identifier: ISC */
/* Random streams, held against a model that looks at everything each time. */
#include "session_kit.h"

#define S KIT_SECOND
#define M KIT_MINUTE
#define H KIT_HOUR

#define FACTS 500
#define NO_VISIT SIZE_MAX

/* What the model knows of an event, and what it says of it. */
struct fact {
	int64_t at_us;
	unsigned who;
	uint64_t campaign;
	bool is_passive;
	size_t first; /* the index of its visit's first event, or NO_VISIT */
	uint32_t seq;
};

/* Gaps that meet the edges, and now and then a quiet night. */
static const int64_t gaps[] = { 0, S, 17 * S, M, 5 * M, 10 * M, 15 * M,
	15 * M + S, 20 * M, 30 * M, 30 * M + S, 59 * M, 10 * H };

static void
make_facts(struct fact *facts, uint64_t *seed)
{
	const size_t n = sizeof(gaps) / sizeof(gaps[0]);
	int64_t at_us = 0;

	for (size_t i = 0; i < FACTS; i++) {
		uint64_t die = kit_random(seed);

		at_us += gaps[die % 64 < 40 ? die % 5 : die % n];
		facts[i] = (struct fact){ .at_us = at_us,
			.who = (unsigned)(kit_random(seed) % 7),
			.campaign = kit_random(seed) % 8 == 0
					    ? 1 + kit_random(seed) % 3
					    : 0,
			.is_passive = kit_random(seed) % 4 == 0 };
	}
}

static int64_t
day_in(int32_t offset_s, int64_t at_us)
{
	return (KIT_NOON + at_us + offset_s * S) / (24 * H);
}

static bool
counts_for(const struct fact *fact, unsigned who)
{
	return fact->who == who && !fact->is_passive;
}

/* Does the visit that event `last` belongs to end before event i? */
static bool
is_over(const struct fact *facts, size_t last, size_t i,
	const struct sst_visit_rules *rules)
{
	const struct fact *now = &facts[i];
	const struct fact *start = &facts[facts[last].first];
	int64_t gap = now->at_us - facts[last].at_us;
	uint64_t campaign = 0;

	for (size_t k = facts[last].first; k <= last; k++)
		if (counts_for(&facts[k], now->who) && facts[k].campaign != 0)
			campaign = facts[k].campaign;
	if (gap > rules->timeout_us ||
		(rules->exact_splits && gap == rules->timeout_us))
		return true;
	if (rules->max_duration_us != 0 &&
		now->at_us > start->at_us + rules->max_duration_us)
		return true;
	if (rules->at_midnight &&
		day_in(rules->midnight_offset_s, now->at_us) !=
			day_in(rules->midnight_offset_s, start->at_us))
		return true;
	if (now->is_passive)
		return false;
	if (rules->max_events != 0 && facts[last].seq == rules->max_events)
		return true;
	return rules->new_on != SST_NEW_ON_NOTHING && now->campaign != 0 &&
	       now->campaign != campaign;
}

static void
stitch(struct fact *facts, size_t i, const struct sst_visit_rules *rules)
{
	struct fact *now = &facts[i];
	size_t last = NO_VISIT;
	bool begins;

	for (size_t k = 0; k < i; k++)
		if (counts_for(&facts[k], now->who))
			last = k;
	begins = last == NO_VISIT || is_over(facts, last, i, rules);
	if (now->is_passive) {
		now->first = begins ? NO_VISIT : facts[last].first;
		return;
	}
	now->first = begins ? i : facts[last].first;
	now->seq = begins ? 1 : facts[last].seq + 1;
}

static void
compare_with_model(const struct sst_visit_rules *rules, uint64_t seed)
{
	static struct fact facts[FACTS];
	static char sessions[FACTS][SST_UUID_LEN];
	struct kit kit;
	size_t visits = 0;

	kit_start(&kit, rules, 100);
	make_facts(facts, &seed);
	for (size_t i = 0; i < FACTS; i++) {
		char who[2] = { (char)('a' + facts[i].who), '\0' };
		struct kit_event event = { .at_us = facts[i].at_us,
			.who = who,
			.campaign = facts[i].campaign,
			.flags = facts[i].is_passive ? SST_HIT_PASSIVE : 0 };
		struct sst_place place;

		stitch(facts, i, rules);
		place = kit_hit(&kit, &event);
		assert_int_equal(place.seq, facts[i].seq);
		assert_int_equal(place.session_id.at == NULL,
			facts[i].first == NO_VISIT);
		if (place.session_id.at == NULL)
			continue;
		assert_int_equal(place.is_new, facts[i].first == i);
		visits += place.is_new;
		if (place.is_new)
			memcpy(sessions[i], place.session_id.at, SST_UUID_LEN);
		assert_memory_equal(place.session_id.at,
			sessions[facts[i].first], SST_UUID_LEN);
	}
	assert_true(visits > 10);
	kit_end(&kit);
	assert_int_equal(kit.counts.visits, visits);
	kit_stop(&kit);
}

static void
random_streams_agree_with_a_naive_model(void **state)
{
	static const struct sst_visit_rules own[] = {
		{ .timeout_us = 30 * M },
		{ .timeout_us = M, .exact_splits = true },
		{ .timeout_us = 30 * M, .max_duration_us = H },
		{ .timeout_us = 30 * M, .max_events = 3 },
		{ .timeout_us = 10 * H,
			.at_midnight = true,
			.midnight_offset_s = -19800 },
		{ .timeout_us = 30 * M,
			.exact_splits = true,
			.max_duration_us = 2 * H,
			.max_events = 9,
			.new_on = SST_NEW_ON_CAMPAIGN,
			.at_midnight = true },
	};

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			compare_with_model(&own[i], seed * 1000 + i);
}

static void
presets_agree_with_a_naive_model(void **state)
{
	/* Not adobe: the model knows no bursts. */
	static const char *const presets[] = { "ga4", "ua", "matomo",
		"snowplow", "posthog", "plausible" };

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]);
			i++)
			compare_with_model(
				sst_visit_rules_preset(sst_span_of(presets[i])),
				seed * 2000 + i);
}

static void
disorder_loses_and_doubles_nothing(void **state)
{
	static const struct sst_visit_rules rules = { .timeout_us = 30 * M };
	static struct fact facts[FACTS];
	uint64_t seed = 77, in_visits = 0, in_ends = 0;
	const char *line;
	struct kit kit;

	(void)state;
	kit_start(&kit, &rules, 5);
	make_facts(facts, &seed);
	for (size_t i = 0; i < FACTS; i++) {
		char who[2] = { (char)('a' + facts[i].who), '\0' };
		int64_t off = (int64_t)(kit_random(&seed) % 200) * M - 100 * M;
		struct kit_event event = { .at_us = facts[i].at_us + off,
			.who = who };
		struct sst_place place = kit_hit(&kit, &event);

		assert_non_null(place.visitor_id.at);
		assert_true(place.session_id.at != NULL || place.is_late);
		assert_int_equal(place.session_id.at == NULL, place.seq == 0);
		in_visits += place.seq != 0;
	}
	kit_end(&kit);
	sst_buf_byte(&kit.ends, '\0');
	for (line = kit.ends.at; *line != '\0'; line = strchr(line, '\n') + 1) {
		int64_t start, duration;
		uint64_t events;

		assert_int_equal(sscanf(line + SST_UUID_LEN,
					 " %" SCNd64 "+%" SCNd64 " %" SCNu64,
					 &start, &duration, &events),
			3);
		assert_true(duration >= 0);
		in_ends += events;
	}
	assert_true(in_visits > FACTS / 2);
	assert_int_equal(in_ends, in_visits);
	kit_stop(&kit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_streams_agree_with_a_naive_model),
		cmocka_unit_test(presets_agree_with_a_naive_model),
		cmocka_unit_test(disorder_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
