/* SPDX-License-Identifier: ISC */
/* pack -- compressed bytes for tests, by the libraries themselves. */
#ifndef SST_TEST_PACK_H
#define SST_TEST_PACK_H

#include "base/buf.h"

#define PACK_COUNT 4
extern const char *const pack_names[PACK_COUNT]; /* "gzip", "zstd" ... */

/* Append one unit of the codec, checksums on, that holds text. */
void pack(struct sst_buf *to, const char *codec, struct sst_span text);

/* The same for n zero bytes, which are never in memory. */
void pack_zeros(struct sst_buf *to, const char *codec, size_t n);

/* A unit of xz or zstd whose header asks for a window of 2^log bytes. */
void pack_wide(struct sst_buf *to, const char *codec, int log);

#endif
