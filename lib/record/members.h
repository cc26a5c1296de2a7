/* SPDX-License-Identifier: ISC */
/*
 * members -- lines that name their values: JSON objects and logfmt.
 *
 * A layout of this kind says which members become which cells. A path leads
 * through nested objects ("request.headers.User-Agent"; "\." is a dot of a
 * name); letter case does not count, as producers differ in it. Its last part
 * may end in '*': what the star stands for is put behind a prefix
 * ("request_*": "http_*"). Several members of one key are alternatives, the
 * first in the layout's order that is there wins, and the others are kept
 * under their own names when they say something else.
 *
 * `needs` tells layouts apart: a line fits when all of them are there. What no
 * path names is kept under the log's own name, nested names joined by '_'. A
 * value that does not look like what its cell should be is kept so, too.
 *
 * Absent are null, "", "-", "N/A", and what the layout lists. An array is its
 * one element, or all of them joined by ", ". A string where a path goes on is
 * read as the object that it holds.
 */
#ifndef SST_RECORD_MEMBERS_H
#define SST_RECORD_MEMBERS_H

#include "record/layout.h"

/* An empty layout of SST_SHAPE_JSON or SST_SHAPE_LOGFMT. SST_ENOMEM. */
enum sst_status sst_members_begin(struct sst_layout **out,
	struct sst_arena *arena, enum sst_shape shape,
	struct sst_err *err) SST_MUST_USE;

/* "path": "KEY[:CONV]", or "path.*": "prefix_*". A path may be added twice, for
 * two keys. SST_ECONFIG says what is wrong with it. */
enum sst_status sst_members_add(struct sst_layout *layout,
	struct sst_arena *arena, struct sst_span path, struct sst_span mapping,
	struct sst_err *err) SST_MUST_USE;

/* "path", "path=text", or several such with '|' between, one of which must be
 * there. */
enum sst_status sst_members_need(struct sst_layout *layout,
	struct sst_arena *arena, struct sst_span need,
	struct sst_err *err) SST_MUST_USE;

/* A text that says "no value". */
enum sst_status sst_members_absent(struct sst_layout *layout,
	struct sst_arena *arena, struct sst_span text,
	struct sst_err *err) SST_MUST_USE;

#endif
