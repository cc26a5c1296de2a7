/* SPDX-License-Identifier: ISC */
/*
 * arena -- memory that is all given back at once.
 *
 * Two uses: what lives as long as a tool (compiled rules, formats), and what
 * lives for one line (changed values), for which sst_arena_reset() keeps the
 * memory. An allocation never moves, so spans into an arena stay good until
 * reset or release.
 */
#ifndef SST_BASE_ARENA_H
#define SST_BASE_ARENA_H

#include "base/span.h"

struct sst_arena_block;

struct sst_arena {
	struct sst_arena_block *first, *block; /* block: the one in use */
	size_t used;                           /* of it */
	size_t total, max;                     /* bytes allocated, ceiling */
};

/* Empty, will hold at most max bytes. Allocates nothing yet. */
void sst_arena_init(struct sst_arena *arena, size_t max);
void sst_arena_release(struct sst_arena *arena);

/* Forget all allocations, keep the memory. */
void sst_arena_reset(struct sst_arena *arena);

/* n bytes of any content, aligned for any type, with SST_PAD readable bytes
 * behind them. NULL: no memory, or past the ceiling. */
void *sst_arena_take(struct sst_arena *arena, size_t n);

/* The same, filled with zeros. */
void *sst_arena_zero(struct sst_arena *arena, size_t n);

/* A copy of a span; at is NULL when it does not fit. A NUL follows it. */
struct sst_span sst_arena_copy(struct sst_arena *arena, struct sst_span span);

#endif
