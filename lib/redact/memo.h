/* SPDX-License-Identifier: ISC */
/*
 * memo -- what became of a text the last time.
 *
 * As base/recall, but with a short text for an answer: the domain of a host,
 * what a referrer became. What it costs to ask is one hash of the text and one
 * comparison.
 *
 * Two arrays of fixed size: slots in sets of two, and a ring of bytes that the
 * texts are written to one behind the other, so that a short text takes little
 * and memory is touched as far as it is needed. The newer text of a set stays,
 * and what the ring has overwritten is forgotten. The whole text is compared:
 * a collision costs a second look and never gives a wrong answer, whatever an
 * attacker sends. What is longer than SST_MEMO_MAX is never kept.
 */
#ifndef SST_REDACT_MEMO_H
#define SST_REDACT_MEMO_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a key and its text together. */
#define SST_MEMO_MAX ((size_t)1024)

struct sst_memo_slot;

struct sst_memo {
	struct sst_memo_slot *slots; /* NULL: nothing is kept */
	char *ring;
	uint64_t end;  /* bytes ever written, from 2 * size on */
	uint64_t size; /* of the ring, a power of 2 */
	unsigned bits; /* 1 << bits sets */
};

/* Made once, for any number of tables. Keys with another context are others.
 */
struct sst_memo_key {
	struct sst_span text;
	uint64_t context;
	uint64_t hash;
};

struct sst_memo_answer {
	uint64_t number;
	struct sst_span text; /* SST_PAD readable bytes behind it; until the
				 next put */
};

/* 2 << bits slots of 32 bytes, a ring of `size` bytes: a power of 2, at least
 * 2 * SST_MEMO_MAX. { 0 } is valid and keeps nothing. False: no memory. */
bool sst_memo_init(struct sst_memo *memo, unsigned bits, size_t size);
void sst_memo_release(struct sst_memo *memo);

/* The hash is fast and has no secret: good for nothing else. */
struct sst_memo_key sst_memo_key(struct sst_span text, uint64_t context);

/* *out is written on true only. */
bool sst_memo_find(const struct sst_memo *memo, const struct sst_memo_key *key,
	struct sst_memo_answer *out);

/* Keep an answer for a key that find() did not find. */
void sst_memo_put(struct sst_memo *memo, const struct sst_memo_key *key,
	uint64_t number, struct sst_span text);

#endif
