/* SPDX-License-Identifier: ISC */
/*
 * inside -- what session.c and snapshot.c share; nobody else includes it.
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

#endif
