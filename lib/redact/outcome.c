/* SPDX-License-Identifier: ISC */
#include "redact/outcome.h"

#include "base/digest.h"
#include "base/wide.h"

#include <stdlib.h>

/* What stands before the key and value of a place. */
struct place {
	uint64_t context;
	uint32_t kinds;
	uint16_t key_len, value_len;
	uint8_t change;
	bool is_used;
};

/* Ids, addresses and short paths, of which there are many, do not need the
 * room of an agent and its reduced form. */
static const struct size {
	size_t longest_key;
	size_t stride; /* bytes of a place */
	size_t count;  /* a power of 2 */
} sizes[] = {
	{ 48, 128, 16384 }, { 400, 512, 8192 },
	{ 400, 512, 16384 }, /* for what is lasting */
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

#define LINE ((size_t)64)

/* Places that a value may be in: with one, an eighth of the values of a table
 * that is half full would push each other out again and again. */
#define WAYS ((size_t)4)

struct sst_outcomes {
	char *tables[SIZES];
};

enum sst_status
sst_outcomes_open(struct sst_outcomes **out, struct sst_err *err)
{
	struct sst_outcomes *outcomes = calloc(1, sizeof(*outcomes));
	bool is_whole = outcomes != NULL;

	for (size_t i = 0; i < SIZES && is_whole; i++) {
		size_t bytes = sizes[i].count * sizes[i].stride;

		/* A place is whole lines of the cache. */
		outcomes->tables[i] = aligned_alloc(LINE, bytes);
		is_whole = outcomes->tables[i] != NULL;
		if (is_whole)
			memset(outcomes->tables[i], 0, bytes);
	}
	*out = outcomes;
	if (is_whole)
		return SST_OK;
	sst_outcomes_close(outcomes);
	*out = NULL;
	return sst_fail_memory(err, "redacted values");
}

void
sst_outcomes_close(struct sst_outcomes *outcomes)
{
	if (outcomes == NULL)
		return;
	for (size_t i = 0; i < SIZES; i++) {
		/* It is full of what must not be found in memory later. */
		if (outcomes->tables[i] != NULL)
			sst_wipe(outcomes->tables[i],
				sizes[i].count * sizes[i].stride);
		free(outcomes->tables[i]);
	}
	free(outcomes);
}

/* Whoever makes values collide makes them slow, nothing else: no key needed. */
static inline uint64_t
hash_of(struct sst_outcome_key key)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t mixed = (key.context + key.value.len) * odd;
	size_t i = 0;

	for (; i + 8 <= key.value.len; i += 8) {
		mixed = (mixed ^ sst_load8(key.value.at + i)) * odd;
		mixed ^= mixed >> 29;
	}
	if (i < key.value.len) {
		uint64_t last = sst_load8(key.value.at + i);
		unsigned spare = 8 * (unsigned)(8 - (key.value.len - i));

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		last >>= spare;
#else
		last <<= spare;
#endif
		mixed = (mixed ^ last) * odd;
	}
	return mixed ^ mixed >> 32;
}

static const struct size *
size_for(struct sst_outcome_key key)
{
	for (size_t i = key.is_lasting ? SIZES - 1 : 0; i < SIZES; i++)
		if (key.value.len <= sizes[i].longest_key)
			return &sizes[i];
	return NULL;
}

/* The first of the places of a key. */
static inline char *
place_of(const struct sst_outcomes *outcomes, const struct size *size,
	struct sst_outcome_key key)
{
	size_t at = (size_t)hash_of(key) & (size->count - WAYS);

	return outcomes->tables[size - sizes] + at * size->stride;
}

static inline bool
is_at(const char *at, struct sst_outcome_key key)
{
	/* The table is aligned, strides are multiples of a line. */
	const struct place *place = (const void *)at;

	return place->is_used && place->context == key.context &&
	       place->key_len == key.value.len &&
	       memcmp(place + 1, key.value.at, key.value.len) == 0;
}

bool
sst_outcomes_find(const struct sst_outcomes *outcomes,
	struct sst_outcome_key key, struct sst_outcome *out)
{
	const struct size *size = size_for(key);
	const struct place *place;
	const char *at;
	size_t way = 0;

	if (size == NULL)
		return false;
	at = place_of(outcomes, size, key);
	while (!is_at(at, key)) {
		if (++way == WAYS)
			return false;
		at += size->stride;
	}
	place = (const void *)at;
	out->value = sst_span(
		at + sizeof(*place) + place->key_len, place->value_len);
	out->kinds = place->kinds;
	out->change = place->change;
	return true;
}

void
sst_outcomes_put(struct sst_outcomes *outcomes, struct sst_outcome_key key,
	struct sst_outcome outcome)
{
	const struct size *size = size_for(key);
	struct place *place;
	char *at;

	if (size == NULL || outcome.value.len > size->stride - sizeof(*place) -
							key.value.len)
		return;
	at = place_of(outcomes, size, key);
	memmove(at + size->stride, at, (WAYS - 1) * size->stride);
	place = (void *)at;
	*place = (struct place){ key.context, outcome.kinds,
		(uint16_t)key.value.len, (uint16_t)outcome.value.len,
		outcome.change, true };
	memcpy(place + 1, key.value.at, key.value.len);
	if (outcome.value.len > 0)
		memcpy(at + sizeof(*place) + key.value.len, outcome.value.at,
			outcome.value.len);
}
