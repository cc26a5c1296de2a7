/* SPDX-License-Identifier: ISC */
/*
 * doc -- small JSON documents as a tree. The door to yajl.
 *
 * For what people write (formats, rules, policies, APIs) and what servers
 * answer; events never come here, but for the fuzz target that holds
 * text/scan against it. Comments (both kinds) are allowed when asked for.
 * Bounds: SST_DOC_MAX bytes, SST_DOC_DEPTH levels. Every node knows where it
 * begins, so that a message can name line and column.
 */
#ifndef SST_TEXT_DOC_H
#define SST_TEXT_DOC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_DOC_MAX ((size_t)8 * 1024 * 1024)
#define SST_DOC_DEPTH 32

enum sst_doc_kind {
	SST_DOC_NULL,
	SST_DOC_FALSE,
	SST_DOC_TRUE,
	SST_DOC_NUMBER,
	SST_DOC_STRING,
	SST_DOC_ARRAY,
	SST_DOC_OBJECT
};

struct sst_doc_node {
	enum sst_doc_kind kind;
	uint32_t line, column; /* where it begins, from 1; column in bytes */
	struct sst_span name;  /* of a member: its key, decoded */
	struct sst_span text;  /* string: decoded; number: as spelled */
	size_t count;          /* members or elements */
	struct sst_doc_node *first, *next; /* children; the next sibling */
};

/*
 * Read `text` into a tree that lives in `arena`. A syntax error, a duplicate
 * member name, too much depth or size is SST_ECONFIG with
 * "line L, column C: ..." (the caller puts the file's name before it).
 */
enum sst_status sst_doc_read(struct sst_doc_node **out, struct sst_arena *arena,
	struct sst_span text, bool allow_comments,
	struct sst_err *err) SST_MUST_USE;

/* Read a whole file (SST_EIO or SST_ECONFIG) that allows comments. Messages
 * begin "PATH:LINE:COLUMN: ". The text is kept in the arena too. */
enum sst_status sst_doc_read_file(struct sst_doc_node **out,
	struct sst_arena *arena, const char *path,
	struct sst_err *err) SST_MUST_USE;

/* The member called `name`, or NULL (also when object is NULL or no object). */
const struct sst_doc_node *sst_doc_member(
	const struct sst_doc_node *object, const char *name);

/* Shorthands: the member's text when it is a string, else an empty span with
 * at NULL; its number; whether it is true. */
struct sst_span sst_doc_text(
	const struct sst_doc_node *object, const char *name);
bool sst_doc_i64(
	const struct sst_doc_node *object, const char *name, int64_t *out);
bool sst_doc_is_true(const struct sst_doc_node *object, const char *name);

/*
 * Fail with SST_ECONFIG and "PATH:LINE:COLUMN: message", the position being
 * that of `at`. For whoever checks what a document means.
 */
enum sst_status sst_doc_fail(struct sst_err *err, const char *path,
	const struct sst_doc_node *at, const char *format, ...)
	SST_PRINTF(4, 5);

/* A member whose name is not in the NULL-ended list, or NULL. */
const struct sst_doc_node *sst_doc_unknown_member(
	const struct sst_doc_node *object, const char *const *known);

/* Equal as JSON values: members in any order, numbers by value when both are
 * integers of up to 18 digits, else by spelling or by double. */
bool sst_doc_eq(const struct sst_doc_node *a, const struct sst_doc_node *b);

/* "2.1.0", for --version. */
const char *sst_doc_library_version(void);

#endif
