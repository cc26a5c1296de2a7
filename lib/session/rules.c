/* SPDX-License-Identifier: ISC */
#include "session/rules.h"

#define SECONDS(n) ((int64_t)(n)*1000000)
#define MINUTES(n) SECONDS((n)*60)
#define HOURS(n) MINUTES((n)*60)

const char *
sst_visit_end_name(enum sst_visit_end end)
{
	static const char *const names[] = {
#define X(tag, name) name,
		SST_VISIT_ENDS(X)
#undef X
	};

	return names[end];
}

/* In the order of SST_VISIT_RULES_NAMES. The numbers and their edges are those
 * of each system's documentation or source; where it publishes no edge, an
 * exact gap continues. */
static const struct {
	const char *name;
	struct sst_visit_rules rules;
} presets[] = {
	{ "", { .timeout_us = MINUTES(30) } },
	/* Nothing but inactivity. */
	{ "ga4", { .timeout_us = MINUTES(30) } },
	/* "30 minutes or more", midnight, a change of campaign or source. */
	{ "ua", { .timeout_us = MINUTES(30),
			.exact_splits = true,
			.new_on = SST_NEW_ON_SOURCE,
			.at_midnight = true } },
	/* global.ini.php: visit_standard_length, and
	 * create_new_visit_when_campaign_changes, _after_midnight,
	 * _after_x_actions; last > now - length continues. */
	{ "matomo", { .timeout_us = MINUTES(30),
			    .exact_splits = true,
			    .max_events = 10000,
			    .new_on = SST_NEW_ON_CAMPAIGN,
			    .at_midnight = true } },
	/* The session cookie lives 1800 s, and is gone when they are over. */
	{ "snowplow", { .timeout_us = MINUTES(30), .exact_splits = true } },
	/* sessionid.ts: more than 30 min idle, more than 24 h long. */
	{ "posthog",
		{ .timeout_us = MINUTES(30), .max_duration_us = HOURS(24) } },
	/* Whole minutes <= 30: up to 30 min 59 s. */
	{ "plausible", { .timeout_us = MINUTES(31), .exact_splits = true } },
	/* "More than 30 minutes"; 12 h; 2,500 hits; more than 100 hits in
	 * fewer than 100 s. */
	{ "adobe", { .timeout_us = MINUTES(30),
			   .max_duration_us = HOURS(12),
			   .max_events = 2500,
			   .burst_events = 100,
			   .burst_us = SECONDS(100) } },
};

const struct sst_visit_rules *
sst_visit_rules_preset(struct sst_span name)
{
	for (size_t i = 1; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (sst_span_is(name, presets[i].name))
			return &presets[i].rules;
	return NULL;
}

const struct sst_visit_rules *
sst_visit_rules_number(int n)
{
	return &presets[n].rules;
}

bool
sst_visit_is_over(const struct sst_visit_rules *rules, int64_t gap_us)
{
	return rules->exact_splits ? gap_us >= rules->timeout_us
				   : gap_us > rules->timeout_us;
}

/* Days since 1970 in the rules' zone; floors, also before 1970. */
static int64_t
day_of(const struct sst_visit_rules *rules, int64_t time_us)
{
	int64_t day_us = HOURS(24);
	int64_t local = time_us + SECONDS(rules->midnight_offset_s);

	return local / day_us - (local % day_us < 0);
}

/* The limits that count events: only one that counts can pass them. */
static enum sst_visit_end
count_verdict(const struct sst_visit_rules *rules,
	const struct sst_judged_visit *visit,
	const struct sst_judged_event *event)
{
	if (rules->max_events != 0 && visit->events >= rules->max_events)
		return SST_VISIT_MAX_EVENTS;
	if (rules->burst_events != 0 && visit->events >= rules->burst_events &&
		event->time_us - visit->burst_us < rules->burst_us)
		return SST_VISIT_MAX_EVENTS;
	/* An event from before the last one says nothing about a change. */
	if (rules->new_on != SST_NEW_ON_NOTHING && event->campaign != 0 &&
		event->campaign != visit->campaign &&
		event->time_us >= visit->last_us)
		return SST_VISIT_NEW_CAMPAIGN;
	return SST_VISIT_GOES_ON;
}

enum sst_visit_end
sst_visit_verdict(const struct sst_visit_rules *rules,
	const struct sst_judged_visit *visit,
	const struct sst_judged_event *event)
{
	int64_t at = event->time_us;
	int64_t from = at < visit->start_us ? at : visit->start_us;
	int64_t to = at > visit->last_us ? at : visit->last_us;
	int64_t gap = at < visit->start_us ? visit->start_us - at
					   : at - visit->last_us;

	if (SST_UNLIKELY(sst_visit_is_over(rules, gap)))
		return SST_VISIT_TIMEOUT;
	if (rules->at_midnight &&
		day_of(rules, at) != day_of(rules, visit->start_us))
		return SST_VISIT_MIDNIGHT;
	if (rules->max_duration_us != 0 && to - from > rules->max_duration_us)
		return SST_VISIT_MAX_DURATION;
	return event->is_passive ? SST_VISIT_GOES_ON
				 : count_verdict(rules, visit, event);
}
