/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

/* Most lines change less than this; configuration files need a few. */
#define BLOCK ((size_t)16 * 1024)

struct sst_arena_block {
	struct sst_arena_block *next;
	size_t size;
	alignas(max_align_t) char at[];
};

void
sst_arena_init(struct sst_arena *arena, size_t max)
{
	*arena = (struct sst_arena){ .max = max };
}

void
sst_arena_release(struct sst_arena *arena)
{
	struct sst_arena_block *block = arena->first;

	while (block != NULL) {
		struct sst_arena_block *next = block->next;

		free(block);
		block = next;
	}
	*arena = (struct sst_arena){ .max = arena->max };
}

void
sst_arena_reset(struct sst_arena *arena)
{
	arena->block = arena->first;
	arena->used = 0;
}

/* Go on to a block with room for n, an old one or a new one. */
static struct sst_arena_block *
next_block(struct sst_arena *arena, size_t n)
{
	struct sst_arena_block **link =
		arena->block == NULL ? &arena->first : &arena->block->next;
	size_t size = n > BLOCK ? n : BLOCK;
	struct sst_arena_block *block;

	if (*link != NULL && (*link)->size >= n)
		return *link;
	if (size > arena->max - arena->total)
		size = n;
	if (size > arena->max - arena->total)
		return NULL;
	block = calloc(1, sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	arena->total += size;
	block->size = size;
	block->next = *link;
	*link = block;
	return block;
}

void *
sst_arena_take(struct sst_arena *arena, size_t n)
{
	const size_t align = alignof(max_align_t);
	size_t need;
	void *at;

	if (n > SIZE_MAX / 2)
		return NULL;
	need = (n + SST_PAD + align - 1) / align * align;
	if (arena->block == NULL || need > arena->block->size - arena->used) {
		struct sst_arena_block *block = next_block(arena, need);

		if (block == NULL)
			return NULL;
		arena->block = block;
		arena->used = 0;
	}
	at = arena->block->at + arena->used;
	arena->used += need;
	return at;
}

void *
sst_arena_zero(struct sst_arena *arena, size_t n)
{
	void *at = sst_arena_take(arena, n);

	return at == NULL ? NULL : memset(at, 0, n);
}

struct sst_span
sst_arena_copy(struct sst_arena *arena, struct sst_span span)
{
	char *at = sst_arena_take(arena, span.len + 1);

	if (at == NULL)
		return (struct sst_span){ NULL, 0 };
	if (span.len != 0)
		memcpy(at, span.at, span.len);
	at[span.len] = '\0';
	return (struct sst_span){ at, span.len };
}
