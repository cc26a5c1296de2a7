/* SPDX-License-Identifier: ISC */
/*
 * rules -- when a visit ends: the pure part of sst-session.
 *
 * sst_visit_verdict() looks at an open visit and an event of the same visitor
 * and says whether the event belongs to it. Nothing here keeps state. The
 * presets are data: what the named systems do with the same events, from their
 * documentation and sources (sst-session(1) has the same table).
 */
#ifndef SST_SESSION_RULES_H
#define SST_SESSION_RULES_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Why a visit ended, as `end_reason` spells it. */
#define SST_VISIT_ENDS(X) \
	X(GOES_ON, "") \
	X(TIMEOUT, "timeout") \
	X(MAX_DURATION, "max_duration") \
	X(MAX_EVENTS, "max_events") \
	X(NEW_CAMPAIGN, "new_campaign") \
	X(MIDNIGHT, "midnight") \
	X(EOF, "eof") \
	X(EVICTED, "evicted")

enum sst_visit_end {
#define X(tag, name) SST_VISIT_##tag,
	SST_VISIT_ENDS(X)
#undef X
	SST_VISIT_END_COUNT
};

const char *sst_visit_end_name(enum sst_visit_end end);

/* Which traffic sources begin a new visit when they are not the last ones. */
enum sst_new_on {
	SST_NEW_ON_NOTHING,
	SST_NEW_ON_CAMPAIGN, /* a campaign or a click id */
	SST_NEW_ON_SOURCE    /* these, or any source but a direct one */
};

/* The longest burst that can be asked for: a visit remembers so many times. */
#define SST_BURST_MAX 128

struct sst_visit_rules {
	int64_t timeout_us;      /* inactivity that ends a visit */
	bool exact_splits;       /* a gap of exactly that long ends it */
	int64_t max_duration_us; /* from its start; 0: any */
	uint32_t max_events;     /* that are not passive; 0: any */
	uint32_t burst_events;   /* more than so many in less than burst_us */
	int64_t burst_us;        /* end it; 0: no such rule */
	enum sst_new_on new_on;
	bool at_midnight;
	int32_t midnight_offset_s; /* the zone's, east is positive */
};

/* The names of the presets, as an option table has them. */
#define SST_VISIT_RULES_NAMES "ga4|ua|matomo|snowplow|posthog|plausible|adobe"

/* A preset by its name, or NULL. */
const struct sst_visit_rules *sst_visit_rules_preset(struct sst_span name);

/* The n-th of the names, from 1; 0: our own, 30 minutes and nothing else. */
const struct sst_visit_rules *sst_visit_rules_number(int n);

/* What a verdict depends on: the visit ... */
struct sst_judged_visit {
	int64_t start_us, last_us; /* earliest and latest event that counts */
	uint32_t events;
	uint64_t campaign; /* of the last event that had one, else 0 */
	int64_t burst_us;  /* time of the burst_events-th last event; only
			      when there are that many */
};

/* ... and the event. */
struct sst_judged_event {
	int64_t time_us;
	uint64_t campaign; /* what new_on looks at, hashed; 0: has none */
	bool is_passive;   /* only asks for a place: no limit of events and no
			      campaign ends a visit for it */
};

/*
 * Does the event belong to the visit? SST_VISIT_GOES_ON, or what keeps them
 * apart. An event before the visit's start is judged by the gap to it in the
 * same way.
 */
enum sst_visit_end sst_visit_verdict(const struct sst_visit_rules *rules,
	const struct sst_judged_visit *visit,
	const struct sst_judged_event *event);

/* Is `gap_us` of inactivity the end? */
bool sst_visit_is_over(const struct sst_visit_rules *rules, int64_t gap_us);

#endif
