/* SPDX-License-Identifier: ISC */
/*
 * scan -- one line of JSON to key and value spans, in one pass.
 *
 * The scanner checks the whole line against RFC 8259 (grammar, UTF-8, escapes,
 * depth) and gives the members of its outermost object as spans of the line.
 * Nothing is decoded, copied or allocated; nested values are checked and given
 * as one span, which can be scanned again. yajl (text/doc) is the oracle that
 * a fuzz target holds it against.
 *
 * It is stricter than RFC 8259 in bounds only: SST_SCAN_DEPTH levels, and as
 * many members as the caller has room for. Lone surrogates in \u escapes are
 * refused: nothing valid could be made of them.
 */
#ifndef SST_TEXT_SCAN_H
#define SST_TEXT_SCAN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

#define SST_SCAN_DEPTH 32

enum sst_kind {
	SST_KIND_STRING,
	SST_KIND_NUMBER,
	SST_KIND_TRUE,
	SST_KIND_FALSE,
	SST_KIND_NULL,
	SST_KIND_OBJECT,
	SST_KIND_ARRAY
};

/* Facts about a pair; the last three are set by who changes an event. */
enum {
	SST_PAIR_KEY_ESCAPED = 1, /* the key has a backslash */
	SST_PAIR_ESCAPED = 2,     /* the string value has a backslash */
	SST_PAIR_CHANGED = 4,     /* value is not a part of the line */
	SST_PAIR_ADDED = 8,       /* nor is the key */
	SST_PAIR_DROPPED = 16     /* not to be written */
};

struct sst_pair {
	struct sst_span key;   /* between its quotes, as spelled */
	struct sst_span value; /* a string: between its quotes; else whole */
	uint16_t tag;          /* the scanner leaves 0: for the caller */
	uint8_t kind;          /* enum sst_kind */
	uint8_t flags;         /* SST_PAIR_* */
};

/*
 * Scan `text` (SST_PAD readable bytes behind it), which must be one object
 * with nothing but white space around it. SST_OK: *n pairs are written, in the
 * order of the line. SST_REJECT: *why is BAD_JSON, NOT_OBJECT, TOO_DEEP,
 * TOO_MANY_KEYS or BAD_UTF8; the pairs mean nothing. Does not look for
 * duplicate keys.
 */
enum sst_status sst_scan_object(struct sst_span text, struct sst_pair *pairs,
	size_t max, size_t *n, enum sst_reason *why) SST_MUST_USE;

/* The same for the elements of an array; their keys are empty. */
enum sst_status sst_scan_array(struct sst_span text, struct sst_pair *pairs,
	size_t max, size_t *n, enum sst_reason *why) SST_MUST_USE;

/*
 * Append text as the inside of a JSON string: '"', '\', C0 and C1 controls and
 * DEL are escaped, and U+2028 and U+2029. Text must be valid UTF-8.
 */
void sst_json_put_escaped(struct sst_buf *to, struct sst_span text);

/* Append the inside of a scanned JSON string with its escapes undone. */
void sst_json_put_unescaped(struct sst_buf *to, struct sst_span inside);

/* Could text stand in a JSON string as it is (no escape needed, ASCII or valid
 * UTF-8 without controls)? */
bool sst_json_is_plain(struct sst_span text);

#endif
