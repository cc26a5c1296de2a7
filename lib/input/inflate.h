/* SPDX-License-Identifier: ISC */
/*
 * inflate -- a reader that decompresses another reader.
 *
 * gzip, zstd, xz and bzip2 are recognized by their first bytes; anything else
 * is handed through, read straight into the caller's buffer. Units that follow
 * one another (members, frames, streams) are one stream. gzip's trailing zeros
 * and xz's padding are skipped; anything else behind a unit is damage, told
 * after what was good.
 *
 * A read calls the inner reader at most once, and not at all while
 * sst_inflate_has_more(). So a read that got input which gives no output yet
 * (half a magic, a header, the first part of a block) says EAGAIN, like a pipe
 * without data, and the caller polls or calls again. A first byte that begins
 * no magic decides at once: a line that arrives alone on a pipe is not kept.
 * EAGAIN, EINTR and errors of the inner reader come through; nothing is lost.
 *
 * Memory: 64 KiB of input, and what the codec needs, at most some 66 MiB (by
 * the file's own header, not by its ratio).
 */
#ifndef SST_INPUT_INFLATE_H
#define SST_INPUT_INFLATE_H

#include "base/err.h"
#include "text/line.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sst_inflate;

/* What `inner` points to stays the caller's. SST_ENOMEM: *out is NULL. */
enum sst_status sst_inflate_open(struct sst_inflate **out,
	struct sst_reader inner, struct sst_err *err) SST_MUST_USE;

/*
 * As read(2), n > 0. On damage -1 with EBADMSG, and the same at every later
 * call. The room to[0..n) may hold anything behind the bytes that were given.
 */
ssize_t sst_inflate_read(struct sst_inflate *in, void *to, size_t n);

/* "gzip data ends early", "xz data is damaged", "zstd data needs more than 64
 * MiB", "bzip2 data is followed by something else"; NULL while there is none.
 * Lives as long as `in`. */
const char *sst_inflate_damage(const struct sst_inflate *in);

/* True when the next read would not call the inner reader. */
bool sst_inflate_has_more(const struct sst_inflate *in);

/* Bytes taken from the inner reader so far. */
uint64_t sst_inflate_bytes_read(const struct sst_inflate *in);

void sst_inflate_close(struct sst_inflate *in); /* NULL is allowed */

#endif
