/* SPDX-License-Identifier: ISC */
/*
 * inside -- what the parts of the table of visits share; private to
 * session/.
 */
#ifndef SST_SESSION_INSIDE_H
#define SST_SESSION_INSIDE_H

#include "base/buf.h"
#include "session/clock.h"
#include "session/session.h"

struct sst_sessions {
	struct sst_sessions_config config;
	struct sst_digest find_key; /* who -> key in the tables */
	struct sst_digest id_key;   /* -> session ids */
	struct sst_table *visits;   /* struct sst_visit */
	struct sst_table *touches;  /* struct sst_touch */
	struct sst_clock clock;
	size_t text_bytes, max_text_bytes; /* of all visits' strings */
	/* A visitor's id when there is no visit to hold it. */
	char visitor_id[SST_UUID_LEN + SST_PAD];
};

/* Free what the record points to, and the record. */
void sst_sessions_drop_visit(
	struct sst_sessions *sessions, struct sst_visit *visit);
void sst_sessions_drop_touch(
	struct sst_sessions *sessions, struct sst_touch *touch);

/* Make the visit's strings these; false: no memory. */
bool sst_sessions_set_texts(struct sst_sessions *sessions,
	struct sst_visit *visit, const struct sst_text_set *set);

/* ---- body.c ---- */

/* Where bytes go, piece by piece; what is returned other than SST_OK ends it.
 */
struct sst_drain {
	enum sst_status (*take)(
		void *self, struct sst_span bytes, struct sst_err *err);
	void *self;
};

/* All that is known, as bytes. SST_ENOMEM, or what the drain returned. */
enum sst_status sst_sessions_put(const struct sst_sessions *sessions,
	const struct sst_drain *to, struct sst_err *err) SST_MUST_USE;

/* Learn it again; false: these are no such bytes (or memory ran out), and
 * nothing is known. */
bool sst_sessions_take(struct sst_sessions *sessions, struct sst_span body);

/* ---- touch.c ---- */

/* Remember a redirect's first touch. Redirects that follow one another are one
 * chain: its first keeps its strings, its last says when it ended. */
enum sst_status sst_touch_keep(struct sst_sessions *sessions,
	const struct sst_digest *key, const struct sst_hit *hit,
	struct sst_err *err) SST_MUST_USE;

/* The redirect that led here, if one did in the last 30 s. */
struct sst_touch *sst_touch_find(const struct sst_sessions *sessions,
	const struct sst_digest *key, int64_t time_us);

/* Its strings go before the event's own; the source keys are one group, so
 * that no two sources are mixed. */
void sst_touch_put(struct sst_text_set *set, const struct sst_touch *touch);

/* ---- learn.c ---- */

/* Keep what the summary will tell of an event that is not passive, and its
 * time for the rules, before it is counted. False: no memory. */
bool sst_visit_learn(struct sst_sessions *sessions, struct sst_visit *visit,
	const struct sst_hit *hit);

/* When the burst_events-th last event was, if there are that many. */
int64_t sst_visit_burst_us(
	const struct sst_sessions *sessions, const struct sst_visit *visit);

#endif
