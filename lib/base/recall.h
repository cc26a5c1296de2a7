/* SPDX-License-Identifier: ISC */
/*
 * recall -- what was found out about a text the last time.
 *
 * A log says the same user agents, referrers and addresses again and again. A
 * recall keeps a number for each: to ask costs one hash of the text and one
 * cache line. The text itself is not kept, only a tag of 128 bits, so that a
 * busy site's agents stay in the processor's cache.
 *
 * The tag is NH under a secret of this process (Black, Halevi, Krawczyk,
 * Krovetz, Rogaway: "UMAC: Fast and Secure Message Authentication", CRYPTO
 * 1999, with 64-bit words): two texts of one length that were chosen without
 * the secret have the same tag with a probability of 2^-64 at most, length and
 * context are hashed in, and no answer shows a tag. So a wrong answer is
 * nothing that happens, or that anybody can make happen.
 *
 * Slots are in sets of two; the newer text of a set stays. What is longer than
 * SST_RECALL_MAX is never kept.
 */
#ifndef SST_BASE_RECALL_H
#define SST_BASE_RECALL_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_RECALL_MAX ((size_t)1024)
/* Words of the secret: for length and context, and for the text. */
#define SST_RECALL_WORDS (2 + SST_RECALL_MAX / 8)

struct sst_recall_slot;

struct sst_recall {
	struct sst_recall_slot *slots; /* NULL: nothing is kept */
	unsigned bits;                 /* 1 << bits sets */
	uint64_t secret[SST_RECALL_WORDS];
};

/* Of one recall; all zero: too long to be kept. */
struct sst_recall_key {
	uint64_t low, high;
};

/* 2 << bits slots of 32 bytes. { 0 } is valid and keeps nothing. False: no
 * memory. */
bool sst_recall_init(struct sst_recall *recall, unsigned bits);
void sst_recall_release(struct sst_recall *recall);

/* Keys with another context are others. */
struct sst_recall_key sst_recall_key(const struct sst_recall *recall,
	struct sst_span text, uint64_t context);

/* Begin to fetch what find() will look at: memory takes as long as a hundred
 * other instructions. */
void sst_recall_expect(
	const struct sst_recall *recall, const struct sst_recall_key *key);

/* *number is written on true only. */
bool sst_recall_find(const struct sst_recall *recall,
	const struct sst_recall_key *key, uint64_t *number);

/* Keep a number for a key that find() did not find. */
void sst_recall_put(struct sst_recall *recall, const struct sst_recall_key *key,
	uint64_t number);

#endif
