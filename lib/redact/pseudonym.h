/* SPDX-License-Identifier: ISC */
/*
 * pseudonym -- keyed hashes of values and ids.
 *
 * "h1_" and 32 hex digits for a value (SipHash-2-4, 128 bits); for an id a UUID
 * of version 8 whose byte 6 is 0x81 (SipHash-1-3). Keys are derived from the
 * installation's secret with a label and the namespace, for `rekey:day` also
 * with the day: ids of two days, or of two namespaces, cannot be joined. What
 * has one of these forms already is left alone, so that doing it twice is
 * doing it once.
 */
#ifndef SST_REDACT_PSEUDONYM_H
#define SST_REDACT_PSEUDONYM_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/span.h"

#include <stdint.h>

/* Days in use at once: a live stream has two, a backfill one after another. */
#define SST_PSEUDONYM_DAYS 32

struct sst_pseudonyms {
	uint8_t secret[SST_KEY_LEN];
	struct sst_span name_space; /* borrowed */
	struct sst_digest hash_key, id_key;
	struct {
		uint32_t day; /* 0: none */
		struct sst_digest key;
	} days[SST_PSEUDONYM_DAYS];
};

void sst_pseudonyms_init(struct sst_pseudonyms *out, const uint8_t *secret,
	struct sst_span name_space);
void sst_pseudonyms_wipe(struct sst_pseudonyms *pseudonyms);

/* Append the hash of a text. */
void sst_pseudonym_put_hash(struct sst_buf *to,
	const struct sst_pseudonyms *pseudonyms, struct sst_span text);

/* The id for an id: of a UUID its bytes count, not its spelling. `day` is
 * YYYYMMDD, or 0 for `rekey` without day. False: it is one already, and `to`
 * was not written. */
bool sst_pseudonym_of_id(char to[SST_UUID_LEN],
	struct sst_pseudonyms *pseudonyms, struct sst_span id, uint32_t day);

/* Append it. */
void sst_pseudonym_put_id(struct sst_buf *to, struct sst_pseudonyms *pseudonyms,
	struct sst_span id, uint32_t day);

#endif
