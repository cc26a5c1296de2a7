/* SPDX-License-Identifier: ISC */
/*
 * key -- the installation's secret.
 *
 * 32 bytes in a file: raw, or 64 hex digits, or base64 (RFC 4648 section 4) of
 * 16 bytes or more, one newline allowed behind the text forms; tried in this
 * order, so a file of exactly 32 bytes is raw whatever it looks like. A base64
 * secret of another length is brought to 32 bytes by BLAKE2b: two halves,
 * sst_digest_derive() under 32 zero bytes with the labels "sst key first half"
 * and "sst key second half". A file that group or others can read, or that
 * anybody but its owner can write, is refused. Uses of the secret derive keys
 * of their own: sst_digest_derive(). Files over 1,024 bytes are no keys.
 */
#ifndef SST_STATE_KEY_H
#define SST_STATE_KEY_H

#include "base/digest.h"
#include "base/err.h"

#include <stdbool.h>

struct sst_key {
	uint8_t secret[SST_KEY_LEN];
	/* 16 hex digits that name the secret and do not reveal it: stored
	 * beside everything that was made with it. */
	char fingerprint[17];
};

/* Read a key file (or a pipe, such as /dev/fd/3). SST_EIO: cannot be opened,
 * errno in the text; SST_ECONFIG: its mode or content is wrong, or it is a
 * directory or device. *out is all zeros unless SST_OK. A pipe is read to its
 * end; a signal ends the wait (SST_EIO). */
enum sst_status sst_key_read(struct sst_key *out, const char *path,
	struct sst_err *err) SST_MUST_USE;

/*
 * Read it, or make it when there is none: mode 0600, the system's random
 * source, written to a temporary file, synced, and link(2)ed to its name, so
 * that of several processes at once one wins and all agree. Makes the last two
 * directories of the path (0700) when missing. *made tells who won. A made key
 * is 32 raw bytes. SST_EIO: it cannot be made, or as sst_key_read().
 */
enum sst_status sst_key_read_or_make(struct sst_key *out, const char *path,
	bool *made, struct sst_err *err) SST_MUST_USE;

void sst_key_wipe(struct sst_key *key);

#endif
