/* SPDX-License-Identifier: ISC */
/*
 * ident -- event ids that a line always gets again.
 *
 * An id is SipHash-1-3-128 of the line as read, under a key derived from the
 * installation's secret and the namespace. The n-th identical line of one
 * time, from the second on, has the hash of the first one's hash and n, so
 * that two equal requests of one second are two events. Occurrences are
 * remembered per second of log time, in a ring of as many seconds as the
 * window has; what falls out of the ring, or past the bound, is forgotten.
 * sst-event(5), "Event ids", is the permanent definition.
 */
#ifndef SST_EVENT_IDENT_H
#define SST_EVENT_IDENT_H

#include "base/digest.h"
#include "base/err.h"

struct sst_ident;

/* `secret` is the installation's (SST_KEY_LEN bytes). window_s: seconds that
 * occurrences are remembered for; max: how many lines at most. */
enum sst_status sst_ident_open(struct sst_ident **out, const uint8_t *secret,
	struct sst_span name_space, uint64_t window_s, uint64_t max,
	struct sst_err *err) SST_MUST_USE;

/*
 * Another source of lines: the same key and window, occurrences of its own, and
 * one bound for all: where it is reached, the oldest second of the one that
 * remembers most is forgotten. To be closed before `like`, which counts for all
 * of them what was forgotten.
 */
enum sst_status sst_ident_open_like(struct sst_ident **out,
	struct sst_ident *like, struct sst_err *err) SST_MUST_USE;

/* The id of a line logged at `second`, as UUID text. Must be called for every
 * line that is an event, before any filter. */
void sst_ident_write(struct sst_ident *ident, struct sst_span line,
	int64_t second, char to[SST_UUID_LEN]);

/*
 * The same in two steps, for several threads: the id that a line has where it
 * is the first of its kind, which any thread may ask for; and the count, in
 * the order of the lines, which gives the id of a later one. True: the id was
 * another.
 */
void sst_ident_first(const struct sst_ident *ident, struct sst_span line,
	struct sst_digest *hash, char to[SST_UUID_LEN]);
bool sst_ident_settle(struct sst_ident *ident, const struct sst_digest *hash,
	int64_t second, char to[SST_UUID_LEN]);

/* Seconds whose lines were forgotten because the bound was reached, in all
 * that are like it. */
uint64_t sst_ident_forgotten(const struct sst_ident *ident);

void sst_ident_close(struct sst_ident *ident);

#endif
