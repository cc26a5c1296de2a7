/* SPDX-License-Identifier: ISC */
/*
 * recall -- answers by text, direct-mapped.
 *
 * A log says the same user agents, referrer hosts and addresses again and
 * again. It keeps the last answer for each slot of its table; a new text
 * takes the place of what was there. It compares the whole text, so that a
 * collision costs a second look and never gives a wrong answer, whatever an
 * attacker sends. Texts longer than max_text are never kept.
 */
#ifndef SST_ENRICH_RECALL_H
#define SST_ENRICH_RECALL_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_recall {
	unsigned bits; /* 1 << bits slots */
	size_t max_text;
	size_t stride; /* bytes of a slot */
	char *slots;   /* NULL: nothing is kept */
};

/* { 0 } is valid and keeps nothing. False: no memory. */
bool sst_recall_init(struct sst_recall *recall, unsigned bits, size_t max_text);
void sst_recall_release(struct sst_recall *recall);

/* Of the text, for get and put. Fast, unkeyed: for nothing else. */
uint64_t sst_recall_hash(struct sst_span text);

/* The answer kept for `text`. *out is written on true only. */
bool sst_recall_get(const struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t *out);

void sst_recall_put(struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t answer);

#endif
