/* SPDX-License-Identifier: ISC */
/* members_parts -- the plan of members.h, for those who cut lines by it. */
#ifndef SST_RECORD_MEMBERS_PARTS_H
#define SST_RECORD_MEMBERS_PARTS_H

#include "base/wide.h"
#include "record/members.h"
#include "record/shape.h"

#define SST_ENTRIES_MAX ((size_t)256)
#define SST_ENTRY_SLOTS ((size_t)1024) /* a power of 2 */
#define SST_STARS_MAX ((size_t)8)
#define SST_NEEDS_MAX ((size_t)32) /* bits */
#define SST_ABSENT_MAX ((size_t)16)

/* Objects are numbered: 0 is one that the layout knows nothing of, 1 the
 * line. */
#define SST_NODE_LINE 1

/* One name in one object. */
struct sst_entry {
	struct sst_span name;
	uint16_t node;  /* the object that it is in */
	uint16_t child; /* what it is itself, where a path goes on; or 0 */
	int16_t cell;   /* or -1 */
	int16_t also;   /* a second one, or -1 */
	uint32_t needs; /* bits that are met when it is there */
	uint32_t leads; /* of the line: bits that what is in it may meet */
};

/* A need that names a value. */
struct sst_need {
	uint16_t entry;
	uint32_t bit;
	struct sst_span text;
};

struct sst_star {
	uint16_t node;
	struct sst_span head; /* what a name begins with */
	struct sst_span own;  /* the prefix that stands for it */
};

struct sst_members {
	size_t n, star_count, need_count, absent_count;
	uint16_t node_count;
	unsigned bits;      /* of needs in use */
	uint32_t all_needs; /* all of them */
	struct sst_entry entries[SST_ENTRIES_MAX];
	uint16_t slots[SST_ENTRY_SLOTS]; /* entry + 1 */
	struct sst_star stars[SST_STARS_MAX];
	struct sst_need needs[SST_NEEDS_MAX]; /* those with a value */
	struct sst_span absent[SST_ABSENT_MAX];
	struct sst_span own[SST_CELLS_MAX]; /* each cell's own name */
	uint16_t primary[SST_CELLS_MAX];    /* first cell of its key */
	bool is_shared[SST_CELLS_MAX];      /* its member has two keys */
};

/* Where a name would stand: its length, first and last bytes, letter case
 * aside. Names have SST_PAD bytes behind them. */
static inline size_t
sst_entry_slot(uint16_t node, struct sst_span name)
{
	const uint64_t lower = UINT64_C(0x2020202020202020);
	uint64_t head = 0, tail = 0, mixed;

	if (name.len >= 8) {
		head = sst_load8(name.at);
		tail = sst_load8(name.at + name.len - 8);
	} else {
		for (size_t i = 0; i < name.len; i++)
			head = head << 8 | (uint8_t)name.at[i];
	}
	mixed = (head | lower) ^ ((tail | lower) << 17 | (tail | lower) >> 47);
	mixed = (mixed ^ name.len ^ (uint64_t)node << 32) *
		UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(mixed >> 54); /* 10 bits: SST_ENTRY_SLOTS */
}

/* Equal as they are spelled: both have SST_PAD bytes behind them. */
static inline bool
sst_name_eq(struct sst_span a, struct sst_span b)
{
	size_t i = 0;

	for (; i + 8 <= a.len; i += 8)
		if (sst_load8(a.at + i) != sst_load8(b.at + i))
			return false;
	for (; i < a.len; i++)
		if (a.at[i] != b.at[i])
			return false;
	return true;
}

static inline const struct sst_entry *
sst_entry_find(const struct sst_members *m, uint16_t node, struct sst_span name)
{
	size_t slot = sst_entry_slot(node, name);

	for (; m->slots[slot] != 0; slot = (slot + 1) % SST_ENTRY_SLOTS) {
		const struct sst_entry *entry = &m->entries[m->slots[slot] - 1];

		if (entry->node == node && entry->name.len == name.len &&
			(sst_name_eq(entry->name, name) ||
				sst_span_eq_nocase(entry->name, name)))
			return entry;
	}
	return NULL;
}

/*
 * Take the first n of work->pairs, the members of a line, into the record.
 * False: they are not those that the layout needs, or too many (work->why).
 */
bool sst_members_take(struct sst_record *record, size_t n);

#endif
