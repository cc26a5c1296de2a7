/* SPDX-License-Identifier: ISC */
/*
 * span -- bytes that somebody else owns.
 *
 * A span is a pointer and a length; any byte may occur in it, NUL included.
 * Whoever stores one says in the field's comment until when it is good. Spans
 * that come from a line, an event or a buffer have SST_PAD readable bytes
 * behind them (their content is anything), so that a scanner may load whole
 * words.
 */
#ifndef SST_BASE_SPAN_H
#define SST_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Two 16-byte loads past the end are harmless. */
#define SST_PAD ((size_t)32)

struct sst_span {
	const char *at;
	size_t len;
};

/* Of a string literal; usable as an initializer. */
#define SST_SPAN(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static inline struct sst_span
sst_span(const char *at, size_t len)
{
	return (struct sst_span){ at, len };
}

/* Of a C string that is ours: an option, a literal, an environment variable. */
static inline struct sst_span
sst_span_of(const char *text)
{
	return (struct sst_span){ text, strlen(text) };
}

static inline bool
sst_span_eq(struct sst_span a, struct sst_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
sst_span_is(struct sst_span a, const char *text)
{
	return sst_span_eq(a, sst_span_of(text));
}

static inline bool
sst_span_starts(struct sst_span a, struct sst_span head)
{
	return a.len >= head.len &&
	       (head.len == 0 || memcmp(a.at, head.at, head.len) == 0);
}

static inline bool
sst_span_ends(struct sst_span a, struct sst_span tail)
{
	return a.len >= tail.len &&
	       (tail.len == 0 ||
		       memcmp(a.at + a.len - tail.len, tail.at, tail.len) == 0);
}

/* The part from `from` on; from <= a.len. */
static inline struct sst_span
sst_span_from(struct sst_span a, size_t from)
{
	return (struct sst_span){ a.at + from, a.len - from };
}

/* The first `n` bytes; n <= a.len. */
static inline struct sst_span
sst_span_head(struct sst_span a, size_t n)
{
	return (struct sst_span){ a.at, n };
}

/* Where the first `byte` stands, or a.len. */
static inline size_t
sst_span_find(struct sst_span a, char byte)
{
	const char *hit = a.len == 0 ? NULL : memchr(a.at, byte, a.len);

	return hit == NULL ? a.len : (size_t)(hit - a.at);
}

/* ASCII only, whatever the locale. */
static inline char
sst_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Equal but for ASCII case. */
static inline bool
sst_span_eq_nocase(struct sst_span a, struct sst_span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (sst_lower(a.at[i]) != sst_lower(b.at[i]))
			return false;
	return true;
}

/* Order by bytes, then by length; as for qsort. */
int sst_span_order(struct sst_span a, struct sst_span b);

#endif
