/* SPDX-License-Identifier: ISC */
/*
 * recall -- what was found out about a text the last time.
 *
 * A log says the same user agents, referrers and addresses again and again. A
 * recall keeps a number and a short text for each: what it costs to ask is one
 * hash of the text and one comparison.
 *
 * Two arrays of fixed size: slots in sets of two, and a ring of bytes that the
 * texts are written to one behind the other, so that a short text takes little
 * and memory is touched as far as it is needed. The newer text of a set stays,
 * and what the ring has overwritten is forgotten. The whole text is compared:
 * a collision costs a second look and never gives a wrong answer, whatever an
 * attacker sends. What is longer than SST_RECALL_MAX is never kept.
 */
#ifndef SST_BASE_RECALL_H
#define SST_BASE_RECALL_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a key and its text together. */
#define SST_RECALL_MAX ((size_t)1024)

struct sst_recall_slot;

struct sst_recall {
	struct sst_recall_slot *slots; /* NULL: nothing is kept */
	char *ring;
	uint64_t end;  /* bytes ever written, from 2 * size on */
	uint64_t size; /* of the ring, a power of 2 */
	unsigned bits; /* 1 << bits sets */
};

/* Made once, for any number of tables. Keys with another context are others.
 */
struct sst_recall_key {
	struct sst_span text;
	uint64_t context;
	uint64_t hash;
};

struct sst_recall_answer {
	uint64_t number;
	struct sst_span text; /* SST_PAD readable bytes behind it; until the
				 next put */
};

/* 2 << bits slots of 32 bytes, a ring of `size` bytes: a power of 2, at least
 * 2 * SST_RECALL_MAX. { 0 } is valid and keeps nothing. False: no memory. */
bool sst_recall_init(struct sst_recall *recall, unsigned bits, size_t size);
void sst_recall_release(struct sst_recall *recall);

/* The hash is fast and has no secret: good for nothing else. */
struct sst_recall_key sst_recall_key(struct sst_span text, uint64_t context);

/* *out is written on true only. */
bool sst_recall_find(const struct sst_recall *recall,
	const struct sst_recall_key *key, struct sst_recall_answer *out);

/* Keep an answer for a key that find() did not find. */
void sst_recall_put(struct sst_recall *recall, const struct sst_recall_key *key,
	uint64_t number, struct sst_span text);

#endif
