/* SPDX-License-Identifier: ISC */
/*
 * bytes -- integers of fixed layout, little-endian, to a buffer and back;
 * private to session/.
 */
#ifndef SST_SESSION_BYTES_H
#define SST_SESSION_BYTES_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline void
sst_put_u32(struct sst_buf *to, uint32_t value)
{
	uint8_t at[4];

	for (unsigned i = 0; i < sizeof(at); i++)
		at[i] = (uint8_t)(value >> (8 * i));
	sst_buf_put(to, at, sizeof(at));
}

static inline void
sst_put_u64(struct sst_buf *to, uint64_t value)
{
	sst_put_u32(to, (uint32_t)value);
	sst_put_u32(to, (uint32_t)(value >> 32));
}

static inline void
sst_put_i64(struct sst_buf *to, int64_t value)
{
	sst_put_u64(to, (uint64_t)value);
}

/* A reader that remembers that something was missing, as a buffer does. */
struct sst_cursor {
	struct sst_span rest;
	bool is_bad;
};

static inline struct sst_span
sst_take(struct sst_cursor *in, size_t n)
{
	struct sst_span part;

	if (n > in->rest.len) {
		in->is_bad = true;
		in->rest.len = 0;
		return sst_span(NULL, 0);
	}
	part = sst_span_head(in->rest, n);
	in->rest = sst_span_from(in->rest, n);
	return part;
}

static inline void
sst_take_bytes(struct sst_cursor *in, void *to, size_t n)
{
	struct sst_span part = sst_take(in, n);

	if (part.len == n)
		memcpy(to, part.at, n);
	else
		memset(to, 0, n);
}

static inline uint32_t
sst_take_u32(struct sst_cursor *in)
{
	uint8_t at[4];

	sst_take_bytes(in, at, sizeof(at));
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline uint64_t
sst_take_u64(struct sst_cursor *in)
{
	uint64_t low = sst_take_u32(in);

	return low | (uint64_t)sst_take_u32(in) << 32;
}

static inline int64_t
sst_take_i64(struct sst_cursor *in)
{
	return (int64_t)sst_take_u64(in);
}

#endif
