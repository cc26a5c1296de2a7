/* SPDX-License-Identifier: ISC */
/*
 * snapshot -- open visits in a file, from one run to the next.
 *
 * A snapshot holds everything that the next event's place depends on: open
 * visits in their order, redirects that wait, the clock. It is bytes of fixed
 * layout, integers little-endian:
 *
 *   "sstvisit"           8 bytes
 *   version              u32, 1
 *   length of settings   u32
 *   length of the body   u64
 *   fingerprint          16 bytes, of the installation's key
 *   settings             text: what the ids and visits depend on
 *   check of all above   8 bytes, SipHash under a public key: tells damage
 *                        from another key or other settings
 *   body
 *   check of all above   16 bytes, SipHash under a key derived from the
 *                        installation's: nobody else can make a snapshot
 *
 * A file that has another fingerprint or other settings is refused; one that
 * is damaged is passed over for its previous generation, PATH.1.
 */
#ifndef SST_SESSION_SNAPSHOT_H
#define SST_SESSION_SNAPSHOT_H

#include "base/err.h"
#include "session/session.h"
#include "state/key.h"

#include <stdbool.h>

/* The largest snapshot that is read or written. */
#define SST_SNAPSHOT_MAX ((size_t)INT32_MAX)

/* What ties a snapshot to its maker. `settings` is lines of "name=value\n";
 * a difference is named in the message. */
struct sst_snapshot_ties {
	const struct sst_key *key;
	struct sst_span settings;
};

/* Append the snapshot. SST_ENOMEM: the buffer is full; what was there is left
 * in it. */
enum sst_status sst_snapshot_put(struct sst_buf *to,
	const struct sst_sessions *sessions,
	const struct sst_snapshot_ties *ties, struct sst_err *err) SST_MUST_USE;

/*
 * Fill sessions, which have seen no event, from a snapshot. SST_ECONFIG: not
 * ours, or other settings. SST_REJECT: damaged; nothing has been changed. Both
 * write err.
 */
enum sst_status sst_snapshot_take(struct sst_sessions *sessions,
	struct sst_span bytes, const struct sst_snapshot_ties *ties,
	struct sst_err *err) SST_MUST_USE;

/* Replace PATH, its old content becomes PATH.1. Takes no memory to speak of,
 * however many visits are open. */
enum sst_status sst_snapshot_save(const struct sst_sessions *sessions,
	const char *path, const struct sst_snapshot_ties *ties,
	struct sst_err *err) SST_MUST_USE;

/*
 * Fill sessions from PATH, or from PATH.1 when that is damaged or missing:
 * *is_previous then is true, and err says why. No file of the two: SST_OK,
 * nothing is open. SST_ECONFIG: there are files, and none can be used.
 */
enum sst_status sst_snapshot_load(struct sst_sessions *sessions,
	const char *path, const struct sst_snapshot_ties *ties,
	bool *is_previous, struct sst_err *err) SST_MUST_USE;

#endif
