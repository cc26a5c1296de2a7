/* SPDX-License-Identifier: ISC */
/*
 * place -- an event's place in a visit, as keys of the event.
 */
#ifndef SST_SESSION_PLACE_H
#define SST_SESSION_PLACE_H

#include "event/event.h"
#include "session/session.h"

/* Digits of a 32-bit number. */
#define SST_SEQ_DIGITS 10

/* Where the number of an event is spelled; the event borrows it. */
struct sst_seq_text {
	char at[SST_SEQ_DIGITS + SST_PAD];
};

/* Leave out the keys that an earlier sst-session put, if one did. */
void sst_place_drop(struct sst_event *event);

/* Add the place's keys. The event borrows the place's spans and `seq` until it
 * is written. */
void sst_place_put(struct sst_event *event, const struct sst_place *place,
	struct sst_seq_text *seq);

#endif
