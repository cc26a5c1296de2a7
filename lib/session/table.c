/* SPDX-License-Identifier: ISC */
#include "session/table.h"

#include "base/wide.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A chunk is 256 KiB of visits: large enough that growing is rare, small
 * enough that the last one's unused part does not show. */
#define CHUNK_BITS 10
#define CHUNK ((uint32_t)1 << CHUNK_BITS)

#define NONE UINT32_MAX
#define FIRST_BITS 10

/* Which part of the key a bucket repeats. Its top bits say where the search
 * begins, so buckets can be dealt out anew without touching a record. */
struct bucket {
	uint32_t tag;
	uint32_t number; /* NONE: empty */
};

struct sst_table {
	struct bucket *buckets; /* 1 << bits of them */
	unsigned bits;
	size_t count;
	size_t record_size;
	unsigned char **chunks;
	size_t chunk_count, chunk_room;
	uint32_t made; /* records ever taken from chunks */
	uint32_t free; /* list of given-back ones, through `older` */
	uint32_t oldest, newest;
};

static struct sst_entry *
record_at(const struct sst_table *table, uint32_t number)
{
	return (struct sst_entry *)(void
			*)(table->chunks[number >> CHUNK_BITS] +
			   (size_t)(number & (CHUNK - 1)) * table->record_size);
}

static uint32_t
tag_of(const struct sst_digest *key)
{
	return (uint32_t)key->at[0] | (uint32_t)key->at[1] << 8 |
	       (uint32_t)key->at[2] << 16 | (uint32_t)key->at[3] << 24;
}

static size_t
home_of(const struct sst_table *table, uint32_t tag)
{
	return tag >> (32 - table->bits);
}

static size_t
mask_of(const struct sst_table *table)
{
	return ((size_t)1 << table->bits) - 1;
}

static struct bucket *
make_buckets(unsigned bits)
{
	size_t n = (size_t)1 << bits;
	struct bucket *buckets = malloc(n * sizeof(*buckets));

	for (size_t i = 0; buckets != NULL && i < n; i++)
		buckets[i] = (struct bucket){ 0, NONE };
	return buckets;
}

enum sst_status
sst_table_open(struct sst_table **out, size_t record_size, struct sst_err *err)
{
	struct sst_table *table = calloc(1, sizeof(*table));

	assert(record_size >= sizeof(struct sst_entry));
	assert(record_size % sizeof(uint64_t) == 0); /* keeps all aligned */
	*out = NULL;
	if (table == NULL)
		return sst_fail_memory(err, "the table of visits");
	table->bits = FIRST_BITS;
	table->record_size = record_size;
	table->free = table->oldest = table->newest = NONE;
	table->buckets = make_buckets(table->bits);
	if (table->buckets == NULL) {
		free(table);
		return sst_fail_memory(err, "the table of visits");
	}
	*out = table;
	return SST_OK;
}

static void
put_bucket(struct sst_table *table, struct bucket bucket)
{
	size_t mask = mask_of(table), i = home_of(table, bucket.tag);

	while (table->buckets[i].number != NONE)
		i = (i + 1) & mask;
	table->buckets[i] = bucket;
}

static bool
grow_buckets(struct sst_table *table)
{
	size_t n = (size_t)1 << table->bits;
	struct bucket *old = table->buckets;
	struct bucket *wider = make_buckets(table->bits + 1);

	if (wider == NULL)
		return false;
	table->buckets = wider;
	table->bits++;
	for (size_t i = 0; i < n; i++)
		if (old[i].number != NONE)
			put_bucket(table, old[i]);
	free(old);
	return true;
}

void *
sst_table_find(const struct sst_table *table, const struct sst_digest *key)
{
	uint32_t tag = tag_of(key);
	size_t mask = mask_of(table);

	for (size_t i = home_of(table, tag); table->buckets[i].number != NONE;
		i = (i + 1) & mask) {
		struct sst_entry *entry;

		if (table->buckets[i].tag != tag)
			continue;
		entry = record_at(table, table->buckets[i].number);
		if (memcmp(&entry->key, key, sizeof(*key)) == 0)
			return entry;
	}
	return NULL;
}

void
sst_table_expect(const struct sst_table *table, const struct sst_digest *key)
{
	sst_prefetch(&table->buckets[home_of(table, tag_of(key))]);
}

static void
expect_number(const struct sst_table *table, uint32_t number)
{
	const char *at = (const char *)record_at(table, number);

	for (size_t k = 0; k < table->record_size; k += SST_LINE)
		sst_prefetch(at + k);
}

void
sst_table_expect_record(
	const struct sst_table *table, const struct sst_digest *key)
{
	uint32_t tag = tag_of(key);
	size_t mask = mask_of(table), i = home_of(table, tag);

	while (table->buckets[i].number != NONE) {
		if (table->buckets[i].tag == tag) {
			expect_number(table, table->buckets[i].number);
			return;
		}
		i = (i + 1) & mask;
	}
}

void
sst_table_expect_next(const struct sst_table *table, const void *record)
{
	const struct sst_entry *entry = record;

	if (entry->newer != NONE)
		expect_number(table, entry->newer);
}

static bool
add_chunk(struct sst_table *table)
{
	if (table->chunk_count == table->chunk_room) {
		size_t room = table->chunk_room * 2 + 16;
		unsigned char **wider =
			realloc(table->chunks, room * sizeof(*wider));

		if (wider == NULL)
			return false;
		table->chunks = wider;
		table->chunk_room = room;
	}
	/* The last line lets spans into the last record be loaded in words. */
	table->chunks[table->chunk_count] =
		aligned_alloc(SST_LINE, CHUNK * table->record_size + SST_LINE);
	if (table->chunks[table->chunk_count] == NULL)
		return false;
	table->chunk_count++;
	return true;
}

/* Take a record's number from the free list or the last chunk. */
static bool
take_record(struct sst_table *table, uint32_t *number)
{
	if (table->free != NONE) {
		*number = table->free;
		table->free = record_at(table, *number)->older;
		return true;
	}
	if (table->made >= SST_TABLE_MAX)
		return false;
	if (table->made >> CHUNK_BITS == table->chunk_count &&
		!add_chunk(table))
		return false;
	*number = table->made++;
	return true;
}

static void
append(struct sst_table *table, struct sst_entry *entry)
{
	entry->older = table->newest;
	entry->newer = NONE;
	if (table->newest != NONE)
		record_at(table, table->newest)->newer = entry->number;
	else
		table->oldest = entry->number;
	table->newest = entry->number;
}

static void
detach(struct sst_table *table, struct sst_entry *entry)
{
	if (entry->older != NONE)
		record_at(table, entry->older)->newer = entry->newer;
	else
		table->oldest = entry->newer;
	if (entry->newer != NONE)
		record_at(table, entry->newer)->older = entry->older;
	else
		table->newest = entry->older;
}

void *
sst_table_add(struct sst_table *table, const struct sst_digest *key)
{
	struct sst_entry *entry;
	uint32_t number;

	/* At most three quarters full: linear probes stay short. */
	if ((table->count + 1) * 4 > ((size_t)3 << table->bits) &&
		!grow_buckets(table))
		return NULL;
	if (!take_record(table, &number))
		return NULL;
	entry = record_at(table, number);
	memset(entry, 0, table->record_size);
	entry->key = *key;
	entry->number = number;
	append(table, entry);
	put_bucket(table, (struct bucket){ tag_of(key), number });
	table->count++;
	return entry;
}

void
sst_table_touch(struct sst_table *table, void *record)
{
	struct sst_entry *entry = record;

	if (entry->number == table->newest)
		return;
	detach(table, entry);
	append(table, entry);
}

/* Close the gap at i: whoever follows in its run and may stand there, does. */
static void
close_gap(struct sst_table *table, size_t i)
{
	size_t mask = mask_of(table);

	for (size_t j = (i + 1) & mask; table->buckets[j].number != NONE;
		j = (j + 1) & mask) {
		size_t home = home_of(table, table->buckets[j].tag);

		/* Its search begins behind the gap: it must stay. */
		if (((j - home) & mask) < ((j - i) & mask))
			continue;
		table->buckets[i] = table->buckets[j];
		i = j;
	}
	table->buckets[i].number = NONE;
}

void
sst_table_remove(struct sst_table *table, void *record)
{
	struct sst_entry *entry = record;
	size_t mask = mask_of(table);
	size_t i = home_of(table, tag_of(&entry->key));

	while (table->buckets[i].number != entry->number) {
		assert(table->buckets[i].number != NONE);
		i = (i + 1) & mask;
	}
	close_gap(table, i);
	detach(table, entry);
	entry->older = table->free;
	table->free = entry->number;
	table->count--;
}

size_t
sst_table_count(const struct sst_table *table)
{
	return table->count;
}

void *
sst_table_oldest(const struct sst_table *table)
{
	return table->oldest == NONE ? NULL : record_at(table, table->oldest);
}

void *
sst_table_next(const struct sst_table *table, const void *record)
{
	const struct sst_entry *entry = record;

	return entry->newer == NONE ? NULL : record_at(table, entry->newer);
}

void
sst_table_close(struct sst_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->chunk_count; i++)
		free(table->chunks[i]);
	free(table->chunks);
	free(table->buckets);
	free(table);
}
