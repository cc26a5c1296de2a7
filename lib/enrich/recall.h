/* SPDX-License-Identifier: ISC */
/*
 * recall -- answers by text, in a table of fixed size.
 *
 * A log says the same user agents, referrer hosts and addresses again and
 * again. The table has sets of two slots; a text may stand in the two of its
 * set, and a new one takes the place of the older. The whole text is compared,
 * so that a collision costs a second look and never gives a wrong answer,
 * whatever an attacker sends. Texts longer than max_text are never kept.
 */
#ifndef SST_ENRICH_RECALL_H
#define SST_ENRICH_RECALL_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_recall_slot;

struct sst_recall {
	unsigned bits; /* 1 << bits sets */
	size_t max_text;
	struct sst_recall_slot *slots; /* NULL: nothing is kept */
	char *texts; /* max_text bytes a slot, touched only to compare */
};

/* 2 << bits texts. { 0 } is valid and keeps nothing. False: no memory. */
bool sst_recall_init(struct sst_recall *recall, unsigned bits, size_t max_text);
void sst_recall_release(struct sst_recall *recall);

/* Of the text, for get and put. Fast, unkeyed: for nothing else. */
uint64_t sst_recall_hash(struct sst_span text);

/* The answer kept for `text`. *out is written on true only. */
bool sst_recall_get(const struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t *out);

/* Keep an answer for a text that get() did not find. */
void sst_recall_put(struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t answer);

#endif
