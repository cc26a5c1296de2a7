/* SPDX-License-Identifier: ISC */
#include "push/gzip.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

/* Of one turn. */
#define CHUNK ((size_t)64 * 1024)

/* 15 bits of window, and 16: with a gzip header, which has no time in it. */
#define WINDOW (15 + 16)

static bool
deflate_all(z_stream *z, struct sst_buf *to, struct sst_span text)
{
	char chunk[CHUNK];
	int said;

	do {
		size_t n = text.len < UINT_MAX ? text.len : UINT_MAX;

		if (z->avail_in == 0 && n > 0) {
			/* Only read: the interface is older than const. */
			z->next_in = (Bytef *)(uintptr_t)text.at;
			z->avail_in = (uInt)n;
			text = sst_span_from(text, n);
		}
		z->next_out = (Bytef *)chunk;
		z->avail_out = sizeof(chunk);
		said = deflate(z, text.len == 0 ? Z_FINISH : Z_NO_FLUSH);
		if (said != Z_OK && said != Z_STREAM_END)
			return false;
		sst_buf_put(to, chunk, sizeof(chunk) - z->avail_out);
	} while (said != Z_STREAM_END && !to->is_short);
	return !to->is_short;
}

bool
sst_gzip_put(struct sst_buf *to, struct sst_span text)
{
	z_stream z = { 0 };
	bool is_done;

	/* JSON of one shape: the fastest level wins most of what is to be had.
	 */
	if (deflateInit2(&z, 1, Z_DEFLATED, WINDOW, 8, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		return false;
	is_done = deflate_all(&z, to, text);
	(void)deflateEnd(&z);
	return is_done;
}
