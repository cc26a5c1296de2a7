/* SPDX-License-Identifier: ISC */
/*
 * hit -- from an event to what the table of visits looks at.
 */
#ifndef SST_SESSION_HIT_H
#define SST_SESSION_HIT_H

#include "event/event.h"
#include "session/session.h"
#include "session/visitor.h"

#include <stddef.h>

#define SST_PASSIVE_DEFAULT "asset", "bot_hit", "redirect", "error", "request"

/* Different event names that options may give. */
#define SST_HIT_NAMES 256

/* What an event name means. */
struct sst_hit_name {
	struct sst_span name;
	unsigned flags; /* SST_HIT_* */
};

struct sst_hit_reader {
	struct sst_visitor *visitor; /* the caller's */
	/* The caller's, and told of each visitor as soon as it is known. NULL:
	 * hits get no key. */
	const struct sst_sessions *sessions;
	enum sst_new_on new_on;
	struct sst_hit_name names[SST_HIT_NAMES];
	size_t n;
	struct sst_time_text seen; /* the last event's time as it was spelled,
				      and what it is: logs repeat them */
	int64_t seen_us;
	char time[64]; /* a time that was spelled too long */
};

/* The names are borrowed for the reader's life. SST_EUSAGE: too many. */
enum sst_status sst_hit_reader_init(struct sst_hit_reader *reader,
	struct sst_visitor *visitor, enum sst_new_on new_on,
	struct sst_err *err) SST_MUST_USE;
enum sst_status sst_hit_reader_add(struct sst_hit_reader *reader,
	const char *name, unsigned flags, struct sst_err *err) SST_MUST_USE;

/*
 * Fill *hit; it borrows the event and the reader until their next change.
 * SST_OK: it has a visitor. SST_END: nothing tells whose it is, or it is no
 * visitor's doing: hit->is_made. SST_REJECT: NO_TIME or BAD_TIME.
 */
enum sst_status sst_hit_read(struct sst_hit_reader *reader,
	struct sst_event *event, struct sst_hit *hit,
	enum sst_reason *why) SST_MUST_USE;

#endif
