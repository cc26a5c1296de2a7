/* SPDX-License-Identifier: ISC */
/*
 * table -- records of one size, by a 128-bit key, in the order of their last
 * touch.
 *
 * Open addressing with linear probes; deletion moves the following entries
 * back, so there are no tombstones and a table that churns for months stays
 * as fast as a new one. The keys must be keyed hashes: then they are evenly
 * spread, and nobody outside can choose keys that collide.
 *
 * A bucket is 8 bytes (32 bits of the key and the record's number), so that a
 * lookup touches a record only when it is nearly certain to be the right one.
 * Records live in chunks that never move: a pointer to one stays good until it
 * is removed. Memory grows with the most records there ever were at once, and
 * is given back at the end.
 *
 * A table of more than the processor's caches is slow for one reason, waiting
 * for memory. So a record of a whole number of cache lines touches no more of
 * them than it must, and who knows a key early says so (sst_table_expect).
 */
#ifndef SST_SESSION_TABLE_H
#define SST_SESSION_TABLE_H

#include "base/digest.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* The first member of every record; the table's own but for `key`. */
struct sst_entry {
	struct sst_digest key;
	uint32_t number;
	uint32_t older, newer; /* neighbours in the order of touch */
};

struct sst_table;

/* More records than this are refused (16 TiB would be needed for buckets). */
#define SST_TABLE_MAX ((size_t)1 << 30)

/* record_size counts the sst_entry. SST_ENOMEM. */
enum sst_status sst_table_open(struct sst_table **out, size_t record_size,
	struct sst_err *err) SST_MUST_USE;

/* The record with this key, or NULL. */
void *sst_table_find(
	const struct sst_table *table, const struct sst_digest *key);

/* This key will be asked for soon: begin to load where it is searched, and,
 * called again when that may have come, its record. Changes nothing. */
void sst_table_expect(
	const struct sst_table *table, const struct sst_digest *key);
void sst_table_expect_record(
	const struct sst_table *table, const struct sst_digest *key);

/* The one that was touched next after this record will be asked for soon. */
void sst_table_expect_next(const struct sst_table *table, const void *record);

/* A new record for a key that is not there, filled with zeros, the newest in
 * the order. NULL: no memory; nothing has changed. */
void *sst_table_add(struct sst_table *table, const struct sst_digest *key);

/* Make a record the newest. */
void sst_table_touch(struct sst_table *table, void *record);

void sst_table_remove(struct sst_table *table, void *record);

size_t sst_table_count(const struct sst_table *table);

/* From the one that was touched longest ago on: the first, and the next one.
 * NULL at the end. */
void *sst_table_oldest(const struct sst_table *table);
void *sst_table_next(const struct sst_table *table, const void *record);

/* NULL is allowed. What records point to is the caller's to free, before. */
void sst_table_close(struct sst_table *table);

#endif
