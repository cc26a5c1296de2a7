/* SPDX-License-Identifier: ISC */
/*
 * dialect -- how servers spell format strings.
 *
 * Each dialect is a function that takes a format string apart, piece by piece;
 * layout.c makes a plan of the pieces. Which dialect a string is in is told by
 * its content: the first row of the table whose mark it bears. sst-format(5)
 * has that order and what each dialect calls what; a lint test holds the two
 * against each other.
 */
#ifndef SST_RECORD_DIALECT_H
#define SST_RECORD_DIALECT_H

#include "base/arena.h"
#include "base/err.h"
#include "record/layout.h"

/* What a dialect's parser makes of the next piece of a format string. */
enum sst_piece_kind {
	SST_PIECE_LITERAL, /* one byte */
	SST_PIECE_FIELD,
	SST_PIECE_OPEN,   /* what follows may be missing in a line ... */
	SST_PIECE_CLOSE,  /* ... up to here */
	SST_PIECE_NOTHING /* changes what follows, is not written itself */
};

struct sst_piece {
	enum sst_piece_kind kind;
	struct sst_cell cell;  /* of a field */
	uint16_t fixed;        /* its length where that is always the same */
	char opening, closing; /* brackets that belong to the field, or 0 */
	bool is_optional;      /* may be missing, with the blank behind it */
	char literal;
};

struct sst_dialect {
	const char *name;
	/* Is `format` in this dialect? */
	bool (*is)(struct sst_span format);
	/* Take the piece at format.at[*at]; SST_END at the end. */
	enum sst_status (*piece)(struct sst_arena *arena,
		struct sst_span format, size_t *at, struct sst_piece *out,
		struct sst_err *err);
	enum sst_escape escape;        /* its own, where the user says none */
	const struct sst_span *absent; /* values that mean "none" there */
	size_t absent_count;
	bool merges_blanks; /* writes one blank where the string has several */
	const char *macro, *expansion; /* a name for a whole string, or NULL */
};

/* By name; NULL: there is none. */
const struct sst_dialect *sst_dialect_named(const char *name);

/* By content; NULL: it bears no mark, so it has no field. */
const struct sst_dialect *sst_dialect_of(struct sst_span format);

/* The format with the dialect's macro written out; at is NULL when there is no
 * memory. */
struct sst_span sst_dialect_expanded(struct sst_arena *arena,
	const struct sst_dialect *dialect, struct sst_span format);

/* ---- the dialects ---- */

bool sst_nginx_is(struct sst_span format);
enum sst_status sst_nginx_piece(struct sst_arena *arena, struct sst_span format,
	size_t *at, struct sst_piece *out, struct sst_err *err) SST_MUST_USE;

bool sst_apache_is(struct sst_span format);
enum sst_status sst_apache_piece(struct sst_arena *arena,
	struct sst_span format, size_t *at, struct sst_piece *out,
	struct sst_err *err) SST_MUST_USE;

bool sst_haproxy_is(struct sst_span format);
enum sst_status sst_haproxy_piece(struct sst_arena *arena,
	struct sst_span format, size_t *at, struct sst_piece *out,
	struct sst_err *err) SST_MUST_USE;

bool sst_envoy_is(struct sst_span format);
enum sst_status sst_envoy_piece(struct sst_arena *arena, struct sst_span format,
	size_t *at, struct sst_piece *out, struct sst_err *err) SST_MUST_USE;

bool sst_gunicorn_is(struct sst_span format);
enum sst_status sst_gunicorn_piece(struct sst_arena *arena,
	struct sst_span format, size_t *at, struct sst_piece *out,
	struct sst_err *err) SST_MUST_USE;

bool sst_caddy_is(struct sst_span format);
enum sst_status sst_caddy_piece(struct sst_arena *arena, struct sst_span format,
	size_t *at, struct sst_piece *out, struct sst_err *err) SST_MUST_USE;

bool sst_fields_is(struct sst_span format);
enum sst_status sst_fields_piece(struct sst_arena *arena,
	struct sst_span format, size_t *at, struct sst_piece *out,
	struct sst_err *err) SST_MUST_USE;

/* ---- what they share ---- */

/* A placeholder whose name says all: the key of the event that it becomes, and
 * how its text is read (conv and shift of a cell). */
struct sst_placeholder {
	const char *name, *key;
	enum sst_conv conv;
	int8_t shift;
};

/* The cell of the row of that name. False: there is none, and *out was not
 * written. */
bool sst_placeholder_cell(const struct sst_placeholder *rows, size_t n,
	struct sst_span name, struct sst_cell *out);

/* A cell under the log's own name, as text. */
bool sst_own_cell(struct sst_arena *arena, const char *prefix,
	struct sst_span name, struct sst_cell *out);

/* Take one byte of literal text. */
void sst_piece_literal(
	struct sst_piece *out, size_t *at, char byte, size_t len);

#endif
