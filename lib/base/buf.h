/* SPDX-License-Identifier: ISC */
/*
 * buf -- growing bytes with a ceiling.
 *
 * The bytes are at[0..len), with SST_PAD allocated bytes behind `cap`, so that
 * appends may copy in whole words and readers of a span may load past its end.
 * A buffer remembers that it ran out (of memory, or of its ceiling) in
 * `is_short`: appends after that do nothing, and the owner asks once, when it
 * is done, instead of after each append. sst_buf_reset() forgets it.
 *
 * { 0 } is valid: empty, with a ceiling of zero. Give it one with
 * sst_buf_init().
 */
#ifndef SST_BASE_BUF_H
#define SST_BASE_BUF_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_buf {
	char *at;
	size_t len, cap, max;
	bool is_short; /* something did not fit: what is here is not all */
};

/* Empty, may grow up to max bytes. Allocates nothing yet. */
void sst_buf_init(struct sst_buf *buf, size_t max);
void sst_buf_release(struct sst_buf *buf);

static inline void
sst_buf_reset(struct sst_buf *buf)
{
	buf->len = 0;
	buf->is_short = false;
}

/* Make room for n more bytes. False: it cannot, and is_short is set. */
bool sst_buf_grow(struct sst_buf *buf, size_t n);

static inline bool
sst_buf_room(struct sst_buf *buf, size_t n)
{
	return SST_LIKELY(n <= buf->cap - buf->len && !buf->is_short) ||
	       sst_buf_grow(buf, n);
}

static inline void
sst_buf_byte(struct sst_buf *buf, char byte)
{
	if (sst_buf_room(buf, 1))
		buf->at[buf->len++] = byte;
}

/* Append any bytes. */
static inline void
sst_buf_put(struct sst_buf *buf, const void *from, size_t n)
{
	if (n != 0 && sst_buf_room(buf, n)) {
		memcpy(buf->at + buf->len, from, n);
		buf->len += n;
	}
}

/*
 * Append a span that has SST_PAD readable bytes behind it: copies in 16-byte
 * steps, which for the short values of an event beats a call of memcpy.
 */
static inline void
sst_buf_put_padded(struct sst_buf *buf, struct sst_span span)
{
	char *to;

	if (!sst_buf_room(buf, span.len))
		return;
	to = buf->at + buf->len;
	buf->len += span.len;
	for (size_t i = 0; i < span.len; i += 16)
		memcpy(to + i, span.at + i, 16);
}

static inline void
sst_buf_put_span(struct sst_buf *buf, struct sst_span span)
{
	sst_buf_put(buf, span.at, span.len);
}

#define SST_BUF_PUT(buf, literal) sst_buf_put(buf, literal, sizeof(literal) - 1)

/* Decimal digits. */
void sst_buf_put_u64(struct sst_buf *buf, uint64_t value);
void sst_buf_printf(struct sst_buf *buf, const char *format, ...)
	SST_PRINTF(2, 3);

static inline struct sst_span
sst_buf_span(const struct sst_buf *buf)
{
	return (struct sst_span){ buf->at, buf->len };
}

/* Remove the first n bytes; n <= len. */
void sst_buf_cut_head(struct sst_buf *buf, size_t n);

#endif
