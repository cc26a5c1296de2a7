/* SPDX-License-Identifier: ISC */
/*
 * session -- the bounded table of open visits, and when they end.
 *
 * Events come in, one at a time, as a struct sst_hit: spans and numbers that
 * somebody took from an event (session/hit does). Each gets its place at once:
 * whose it is, which visit it belongs to, which number it has there. Visits
 * that are over are handed to a callback, in the order in which their last
 * events came, always before the event that ended them gets its place.
 *
 * Everything follows from the events alone: their order, times and ids. The
 * machine's clock, chunking, and restarts in between (session/snapshot) change
 * nothing. Expiry looks at the visit that was touched longest ago and at no
 * other, so an event costs one hash and one lookup however many visits are
 * open, and nothing is allocated unless a visit begins.
 *
 * Out of order: what an open visit covers joins it, and an earlier event
 * becomes its first. An event whose place in time has passed is `late`: it
 * begins a visit if its visitor has none open, else it gets no visit.
 */
#ifndef SST_SESSION_SESSION_H
#define SST_SESSION_SESSION_H

#include "base/digest.h"
#include "base/err.h"
#include "session/rotate.h"
#include "session/rules.h"
#include "session/visit.h"

#include <stdbool.h>
#include <stdint.h>

/* How long a redirect's first touch waits for the visit it leads to. */
#define SST_TOUCH_US ((int64_t)30 * 1000000)

/* Redirects that wait at once; beyond that the oldest is forgotten. */
#define SST_TOUCH_MAX ((size_t)65536)

/* All strings of all open visits: so many bytes per visit allowed, and as much
 * again as a few long ones need. */
#define SST_VISIT_TEXT ((size_t)512)
#define SST_VISIT_TEXT_FLOOR ((size_t)16 * 1024 * 1024)

enum {
	SST_HIT_PASSIVE = 1, /* neither opens nor extends a visit */
	SST_HIT_PAGE = 2,
	SST_HIT_CONVERSION = 4,
	SST_HIT_REDIRECT = 8, /* and passive: its first touch is kept */
	SST_HIT_DNT = 16,
	SST_HIT_GPC = 32
};

/* One event; everything is borrowed for the call. */
struct sst_hit {
	int64_t time_us;
	struct sst_span time; /* as it is spelled, at most SST_TIME_MAX */
	struct sst_span id;
	struct sst_span who;   /* the visitor, as session/visitor spells it */
	struct sst_digest key; /* of `who`: sst_sessions_expect() */
	uint64_t campaign;     /* what rules.new_on looks at, hashed; or 0 */
	struct sst_text_set texts; /* entry: the path; exit is not used */
	unsigned flags;            /* SST_HIT_* */
	bool is_made; /* a summary or an alert: no event of a visitor */
};

/* Where it belongs. The spans are good until the next call; those that do not
 * apply have at NULL. SST_PAD bytes behind them may be read. */
struct sst_place {
	struct sst_span visitor_id;
	struct sst_span session_id, session_start;
	uint32_t seq; /* 0: not counted */
	bool is_new, is_late;
};

struct sst_session_counts {
	uint64_t visits; /* begun */
	uint64_t ended[SST_VISIT_END_COUNT];
	uint64_t late;
	uint64_t ahead; /* events over an hour ahead of all before them */
	uint64_t open;  /* now */
};

/* A visit has ended; it is gone after this call. What is returned other than
 * SST_OK ends the call that closed it. */
struct sst_closer {
	enum sst_status (*closed)(void *to, const struct sst_visit *visit,
		enum sst_visit_end why, struct sst_err *err);
	void *to;
};

struct sst_sessions_config {
	struct sst_visit_rules rules;
	const uint8_t *secret;     /* the installation's; copied */
	struct sst_rotate *rotate; /* both outlive the sessions */
	struct sst_session_counts *counts;
	struct sst_closer closer;
	size_t max_visits; /* at least 1 */
};

struct sst_sessions;

enum sst_status sst_sessions_open(struct sst_sessions **out,
	const struct sst_sessions_config *config,
	struct sst_err *err) SST_MUST_USE;

/*
 * Somebody's event will come: begin to load their visit, while other things
 * are read. Gives the key of `who`, for struct sst_hit. Halfway to the hit,
 * sst_sessions_prepare() goes on with it.
 */
struct sst_digest sst_sessions_expect(
	const struct sst_sessions *sessions, struct sst_span who);
void sst_sessions_prepare(
	const struct sst_sessions *sessions, const struct sst_digest *key);

/* Give an event its place. SST_ENOMEM, or what the closer returned. */
enum sst_status sst_sessions_hit(struct sst_sessions *sessions,
	const struct sst_hit *hit, struct sst_place *place,
	struct sst_err *err) SST_MUST_USE;

/* End all open visits, with SST_VISIT_EOF. */
enum sst_status sst_sessions_close_all(
	struct sst_sessions *sessions, struct sst_err *err) SST_MUST_USE;

/* Forgets open visits without a word. NULL is allowed. */
void sst_sessions_close(struct sst_sessions *sessions);

#endif
