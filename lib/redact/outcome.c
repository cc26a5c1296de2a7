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
};

/* Ids, addresses and short paths, of which there are many, do not need the
 * room of an agent and its reduced form, nor that of a scanner's long path. */
static const struct size {
	size_t longest_key;
	size_t stride; /* bytes of a place */
	size_t count;  /* of places; a power of 2 */
} sizes[] = {
	{ 48, 128, 16384 }, { 240, 512, 8192 }, { 1000, 2048, 512 },
	{ 400, 512, 16384 }, /* for what is lasting */
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))
#define LASTING (SIZES - 1)

#define LINE ((size_t)64) /* of the processor's cache */

/* Places that a value may be in: with one, an eighth of the values of a table
 * that is half full would push each other out again and again. */
#define WAYS ((size_t)4)

/* Of each place a piece of its value's hash, 0 when it is empty: most lookups
 * touch these, which stay in the cache, and one place. */
struct table {
	uint16_t *tags;
	char *places;
};

struct sst_outcomes {
	struct table tables[SIZES];
};

static bool
open_table(struct table *table, const struct size *size)
{
	table->tags = calloc(size->count, sizeof(table->tags[0]));
	table->places = aligned_alloc(LINE, size->count * size->stride);
	if (table->tags == NULL || table->places == NULL)
		return false;
	memset(table->places, 0, size->count * size->stride);
	return true;
}

enum sst_status
sst_outcomes_open(struct sst_outcomes **out, struct sst_err *err)
{
	struct sst_outcomes *outcomes = calloc(1, sizeof(*outcomes));
	bool is_whole = outcomes != NULL;

	for (size_t i = 0; i < SIZES && is_whole; i++)
		is_whole = open_table(&outcomes->tables[i], &sizes[i]);
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
		struct table *table = &outcomes->tables[i];

		/* It is full of what must not be found in memory later. */
		if (table->places != NULL)
			sst_wipe(table->places,
				sizes[i].count * sizes[i].stride);
		free(table->places);
		free(table->tags);
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

/* Where a key is, or would be: the table, and the first of its places. */
struct spot {
	const struct size *size; /* NULL: the key is too long for any */
	const struct table *table;
	size_t first;
	uint16_t tag;
};

static inline struct spot
spot_of(const struct sst_outcomes *outcomes, struct sst_outcome_key key)
{
	struct spot spot = { 0 };
	uint64_t hash;
	size_t i = key.is_lasting ? LASTING : 0;

	while (i < SIZES && key.value.len > sizes[i].longest_key)
		i++;
	if (i == SIZES || (i == LASTING && !key.is_lasting))
		return spot;
	hash = hash_of(key);
	spot.size = &sizes[i];
	spot.table = &outcomes->tables[i];
	spot.first = (size_t)hash & (sizes[i].count - WAYS);
	spot.tag = (uint16_t)(hash >> 48 | 1);
	return spot;
}

static inline struct place *
place_at(const struct spot *spot, size_t way)
{
	/* Strides are whole lines, so a place is aligned. */
	return (void *)(spot->table->places +
			(spot->first + way) * spot->size->stride);
}

bool
sst_outcomes_find(const struct sst_outcomes *outcomes,
	struct sst_outcome_key key, struct sst_outcome *out)
{
	const struct spot spot = spot_of(outcomes, key);

	for (size_t way = 0; spot.size != NULL && way < WAYS; way++) {
		const struct place *place;
		const char *at;

		if (spot.table->tags[spot.first + way] != spot.tag)
			continue;
		place = place_at(&spot, way);
		at = (const char *)(place + 1);
		if (place->context != key.context ||
			place->key_len != key.value.len ||
			memcmp(at, key.value.at, key.value.len) != 0)
			continue;
		out->value = sst_span(at + place->key_len, place->value_len);
		out->kinds = place->kinds;
		out->change = place->change;
		return true;
	}
	return false;
}

void
sst_outcomes_put(struct sst_outcomes *outcomes, struct sst_outcome_key key,
	struct sst_outcome outcome)
{
	const struct spot spot = spot_of(outcomes, key);
	uint16_t *tags;
	struct place *place;

	if (spot.size == NULL || outcome.value.len > spot.size->stride -
							     sizeof(*place) -
							     key.value.len)
		return;
	tags = &spot.table->tags[spot.first];
	place = place_at(&spot, 0);
	memmove(tags + 1, tags, (WAYS - 1) * sizeof(tags[0]));
	memmove((char *)place + spot.size->stride, place,
		(WAYS - 1) * spot.size->stride);
	tags[0] = spot.tag;
	*place = (struct place){ key.context, outcome.kinds,
		(uint16_t)key.value.len, (uint16_t)outcome.value.len,
		outcome.change };
	memcpy(place + 1, key.value.at, key.value.len);
	if (outcome.value.len > 0)
		memcpy((char *)(place + 1) + key.value.len, outcome.value.at,
			outcome.value.len);
}
