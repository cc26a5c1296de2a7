/* SPDX-License-Identifier: ISC */
/*
 * shape -- lines that are not written by a format string.
 *
 * Internal to record: where sst_record_cut() goes on for JSON, logfmt and
 * columns, and the work space that these have in common. What a line needs
 * beside its own bytes (repaired text, joined lists, names) is in work->room
 * until the next line; what it may hold is bounded there.
 */
#ifndef SST_RECORD_SHAPE_H
#define SST_RECORD_SHAPE_H

#include "record/record.h"

/* Members of all objects that are open at once. */
#define SST_MEMBERS_MAX ((size_t)1024)

/* Longest name of the log's own that is kept as it is; longer ones are cut. */
#define SST_OWN_NAME_MAX ((size_t)256)

/* Ceiling of what a line may need beside its own bytes. */
#define SST_WORK_ROOM ((size_t)4 * 1024 * 1024)

/* Names that a line has used: a power of 2, twice as many as there may be. */
#define SST_NAMES_SEEN ((size_t)1024)

struct sst_work {
	struct sst_arena room;
	struct sst_buf buf, spare;

	/* The line's scan, good for all layouts of its shape. */
	bool is_scanned, is_good, is_repaired;
	enum sst_reason why; /* where it is not good */
	size_t n;            /* members of the outermost object */

	const struct sst_layout *fitted; /* the last of members that did */

	uint32_t round; /* of the names below: those of others are not there */
	struct {
		uint32_t round;
		uint16_t extra;
	} seen[SST_NAMES_SEEN];
	struct sst_pair extras[SST_EXTRAS_MAX];
	struct sst_pair pairs[SST_MEMBERS_MAX];
};

/* As sst_record_cut(), for layouts of other shapes than a format string. */
bool sst_shape_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line) SST_MUST_USE;

/* Why such a line does not fit: NO_FORMAT, or what is wrong with its JSON. */
enum sst_reason sst_shape_why(const struct sst_record *record,
	const struct sst_layout *layout, struct sst_span line);

/* Begin a record: no value, nothing beside the layout's. */
void sst_record_clear(struct sst_record *record);

/*
 * Keep a value that the layout does not name, under prefix and name; a second
 * one of that key becomes KEY_2. False: there are too many.
 */
struct sst_own_key {
	struct sst_span prefix; /* in an event's spelling */
	struct sst_span name;   /* as the log has it */
};
bool sst_record_add(struct sst_record *record, struct sst_own_key key,
	enum sst_kind kind, struct sst_span value);

/* Set a cell's value. */
void sst_record_set(
	struct sst_record *record, size_t cell, struct sst_span value);

/* ---- one per shape ---- */

bool sst_json_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line);
bool sst_logfmt_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line);
bool sst_columns_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line);

/* A line that is nearly JSON, made JSON in work->buf: what nginx writes for
 * absent numbers and with escape=default, and bytes that are not UTF-8
 * (work->is_repaired). */
void sst_json_repair(struct sst_work *work, struct sst_span line);

#endif
