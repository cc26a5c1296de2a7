/* SPDX-License-Identifier: ISC */
/* pieces -- a format string taken apart; internal to layout. */
#ifndef SST_RECORD_PIECES_H
#define SST_RECORD_PIECES_H

#include "record/dialect.h"

/* Pieces of one format string, and optional parts in it: so many that any real
 * log has room, so few that all ways to leave parts out can be tried. */
#define SST_PIECES_MAX 1024
#define SST_GROUPS_MAX 10
#define SST_NO_GROUP SST_GROUPS_MAX

/* Each piece is in an optional part, or in none; parts are in others. */
struct sst_pieces {
	size_t n, groups;
	struct {
		struct sst_piece piece;
		unsigned group;
	} at[SST_PIECES_MAX];
	unsigned parent[SST_GROUPS_MAX];
};

/* Take a format string apart. Times that are spread over several fields become
 * one. SST_ECONFIG says what is wrong and where. */
enum sst_status sst_pieces_read(struct sst_pieces *pieces,
	struct sst_arena *arena, const struct sst_dialect *dialect,
	struct sst_span format, struct sst_err *err) SST_MUST_USE;

#endif
