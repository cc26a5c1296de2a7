/* SPDX-License-Identifier: ISC */
/*
 * columns -- lines of columns that a header names: W3C extended, TSV, CSV.
 *
 * What a column is follows from its name alone: a table here knows those of
 * the W3C draft, of IIS and of CloudFront ("cs(Foo)" is a request header,
 * "sc(Foo)" a response header), and a format may add names or read known ones
 * in another unit. So a header line in the middle of a file, "#Fields: ...",
 * makes a layout of its own. Lines without a header have the format's default
 * columns.
 *
 * Source of the names: W3C WD-logfile-960323; the manuals of IIS 10 and of
 * CloudFront.
 */
#ifndef SST_RECORD_COLUMNS_H
#define SST_RECORD_COLUMNS_H

#include "record/layout.h"

#define SST_COLUMN_NAMES_MAX ((size_t)128)
#define SST_MARKS_MAX ((size_t)16)

/* Longest list of names that makes a layout. */
#define SST_HEADER_MAX ((size_t)4096)

/* A name that a format reads its own way. */
struct sst_column_name {
	struct sst_span name;
	struct sst_cell cell;
};

/* What a format says of its columns; the spans live as long as it does. */
struct sst_columns {
	char separator;    /* ' ': runs of blanks, or tabs; '\t'; ',' */
	size_t at_least;   /* so many columns must be there; 0: all */
	size_t name_count; /* names of its own */
	struct sst_column_name names[SST_COLUMN_NAMES_MAX];
	/* How it is told from others when a header comes: by a part of the
	 * #Software line, or one of these names in the header. */
	struct sst_span software;
	size_t mark_count;
	struct sst_span marks[SST_MARKS_MAX];
};

/* Say how a name is read, "KEY[:CONV]". */
enum sst_status sst_columns_name(struct sst_columns *columns,
	struct sst_arena *arena, struct sst_span name, struct sst_span mapping,
	struct sst_err *err) SST_MUST_USE;

/* The layout of these columns, their names with blanks between; `columns` must
 * outlive it. SST_ECONFIG: none, or too many. */
enum sst_status sst_columns_layout(struct sst_layout **out,
	struct sst_arena *arena, const struct sst_columns *columns,
	struct sst_span names, struct sst_err *err) SST_MUST_USE;

/* Is a header with these names one of this format? 2: it says so, 1: it may
 * be, 0: no. `software` is what the #Software line said. */
int sst_columns_claim(const struct sst_columns *columns, struct sst_span names,
	struct sst_span software);

/* What a directive line is about: "#Fields: a b" gives FIELDS and "a b". */
enum sst_directive {
	SST_DIRECTIVE_OTHER,
	SST_DIRECTIVE_FIELDS,
	SST_DIRECTIVE_SOFTWARE,
	SST_DIRECTIVE_DATE
};
enum sst_directive sst_directive_of(
	struct sst_span line, struct sst_span *value);

/* ---- for columns.c: the table ---- */

/* The cell of a name that every format reads the same way; false: unknown. */
bool sst_w3c_cell(
	struct sst_arena *arena, struct sst_span name, struct sst_cell *out);

#endif
