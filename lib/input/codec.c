/* SPDX-License-Identifier: ISC */
#include "input/codec.h"

#include <bzlib.h>
#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* A 64 MiB window is what `xz -9` and `zstd --ultra -21` ask for. liblzma
 * counts its own tables too: 65 MiB and some for a dictionary of that size. */
#define WINDOW_LOG_MAX 26
#define LZMA_MEMORY_MAX ((uint64_t)66 * 1024 * 1024)

static unsigned
at_most_uint(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

/* gzip: RFC 1952 by zlib, which checks length and CRC of each member. */

static enum sst_codec_result
gzip_begin(void **state)
{
	z_stream *z = *state;

	if (z != NULL)
		return inflateReset(z) == Z_OK ? SST_CODEC_MORE
					       : SST_CODEC_NO_MEMORY;
	z = calloc(1, sizeof(*z));
	if (z == NULL)
		return SST_CODEC_NO_MEMORY;
	/* The largest window, and 16 for the gzip format alone. */
	if (inflateInit2(z, MAX_WBITS + 16) != Z_OK) {
		free(z);
		return SST_CODEC_NO_MEMORY;
	}
	*state = z;
	return SST_CODEC_MORE;
}

static enum sst_codec_result
gzip_run(void *state, struct sst_codec_io *io)
{
	z_stream *z = state;
	unsigned in = at_most_uint(io->in_len), out = at_most_uint(io->out_len);
	int got;

	/* zlib only reads it; its interface is older than const. */
	z->next_in = (Bytef *)(uintptr_t)io->in;
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	got = inflate(z, Z_NO_FLUSH);
	io->in += in - z->avail_in;
	io->in_len -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->out_len -= out - z->avail_out;
	switch (got) {
	case Z_OK:
	case Z_BUF_ERROR: /* no progress was possible */
		return SST_CODEC_MORE;
	case Z_STREAM_END:
		return SST_CODEC_END;
	case Z_MEM_ERROR:
		return SST_CODEC_NO_MEMORY;
	default:
		return SST_CODEC_DAMAGED;
	}
}

static void
gzip_close(void *state)
{
	if (state != NULL)
		(void)inflateEnd(state);
	free(state);
}

/* zstd: RFC 8878; skippable frames are units that give nothing. */

struct zstd {
	ZSTD_DStream *stream;
	size_t want;  /* bytes that the next step can use */
	bool is_full; /* the last output had no room left: flush first */
};

/* Of every block header, which the hint may include. */
#define ZSTD_BLOCK_HEADER ((size_t)3)

static enum sst_codec_result
zstd_begin(void **state)
{
	struct zstd *z = *state;

	if (z == NULL) {
		z = calloc(1, sizeof(*z));
		if (z == NULL)
			return SST_CODEC_NO_MEMORY;
		*state = z;
		z->stream = ZSTD_createDStream();
	}
	if (z->stream == NULL)
		return SST_CODEC_NO_MEMORY;
	z->want = ZSTD_initDStream(z->stream);
	z->is_full = false;
	if (ZSTD_isError(z->want) ||
		ZSTD_isError(ZSTD_DCtx_setParameter(
			z->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
		return SST_CODEC_NO_MEMORY;
	return SST_CODEC_MORE;
}

static enum sst_codec_result
zstd_error(size_t code)
{
	switch (ZSTD_getErrorCode(code)) {
	case ZSTD_error_frameParameter_windowTooLarge:
		return SST_CODEC_TOO_LARGE;
	case ZSTD_error_memory_allocation:
		return SST_CODEC_NO_MEMORY;
	default:
		return SST_CODEC_DAMAGED;
	}
}

/*
 * A call that fails does not say what it wrote before. So no call gets more
 * than one step: either what was held back is flushed, or a block is decoded,
 * or a header read, and a failing step has written nothing that is good.
 */
static size_t
zstd_step(const struct zstd *z, size_t have)
{
	size_t step = z->want;

	if (z->is_full)
		return 0;
	if (step > ZSTD_BLOCK_HEADER)
		step -= ZSTD_BLOCK_HEADER;
	return step < have ? step : have;
}

static enum sst_codec_result
zstd_run(void *state, struct sst_codec_io *io)
{
	struct zstd *z = state;

	while (io->out_len != 0 && (z->is_full || io->in_len != 0)) {
		ZSTD_inBuffer in = { io->in, zstd_step(z, io->in_len), 0 };
		ZSTD_outBuffer out = { io->out, io->out_len, 0 };
		size_t got = ZSTD_decompressStream(z->stream, &out, &in);

		if (ZSTD_isError(got))
			return zstd_error(got);
		io->in += in.pos;
		io->in_len -= in.pos;
		io->out += out.pos;
		io->out_len -= out.pos;
		z->is_full = out.pos == out.size;
		if (got == 0)
			return SST_CODEC_END;
		z->want = got;
	}
	return SST_CODEC_MORE;
}

static void
zstd_close(void *state)
{
	struct zstd *z = state;

	if (z != NULL)
		(void)ZSTD_freeDStream(z->stream);
	free(z);
}

/* xz: one stream at a time, so that padding and what follows is ours to see. */

static enum sst_codec_result
xz_begin(void **state)
{
	lzma_stream *x = *state;

	if (x == NULL) {
		x = malloc(sizeof(*x));
		if (x == NULL)
			return SST_CODEC_NO_MEMORY;
		*x = (lzma_stream)LZMA_STREAM_INIT;
		*state = x;
	}
	return lzma_stream_decoder(x, LZMA_MEMORY_MAX, 0) == LZMA_OK
		       ? SST_CODEC_MORE
		       : SST_CODEC_NO_MEMORY;
}

static enum sst_codec_result
xz_run(void *state, struct sst_codec_io *io)
{
	lzma_stream *x = state;
	lzma_ret got;

	x->next_in = io->in;
	x->avail_in = io->in_len;
	x->next_out = io->out;
	x->avail_out = io->out_len;
	got = lzma_code(x, LZMA_RUN);
	*io = (struct sst_codec_io){ x->next_in, x->avail_in, x->next_out,
		x->avail_out };
	switch (got) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no progress was possible */
		return SST_CODEC_MORE;
	case LZMA_STREAM_END:
		return SST_CODEC_END;
	case LZMA_MEMLIMIT_ERROR:
		return SST_CODEC_TOO_LARGE;
	case LZMA_MEM_ERROR:
		return SST_CODEC_NO_MEMORY;
	default:
		return SST_CODEC_DAMAGED;
	}
}

static void
xz_close(void *state)
{
	if (state != NULL)
		lzma_end(state);
	free(state);
}

/* bzip2: whole blocks of up to 900 kB, 4 MB of memory. */

static enum sst_codec_result
bzip2_begin(void **state)
{
	bz_stream *b = *state;

	if (b == NULL) {
		b = malloc(sizeof(*b));
		if (b == NULL)
			return SST_CODEC_NO_MEMORY;
		*state = b;
	} else {
		(void)BZ2_bzDecompressEnd(b);
	}
	*b = (bz_stream){ 0 };
	/* Silent, and the faster of its two ways. */
	return BZ2_bzDecompressInit(b, 0, 0) == BZ_OK ? SST_CODEC_MORE
						      : SST_CODEC_NO_MEMORY;
}

static enum sst_codec_result
bzip2_run(void *state, struct sst_codec_io *io)
{
	bz_stream *b = state;
	unsigned in = at_most_uint(io->in_len), out = at_most_uint(io->out_len);
	int got;

	/* As with zlib: not const, but only read. */
	b->next_in = (char *)(uintptr_t)io->in;
	b->avail_in = in;
	b->next_out = (char *)io->out;
	b->avail_out = out;
	got = BZ2_bzDecompress(b);
	io->in += in - b->avail_in;
	io->in_len -= in - b->avail_in;
	io->out += out - b->avail_out;
	io->out_len -= out - b->avail_out;
	switch (got) {
	case BZ_OK:
		return SST_CODEC_MORE;
	case BZ_STREAM_END:
		return SST_CODEC_END;
	case BZ_MEM_ERROR:
		return SST_CODEC_NO_MEMORY;
	default:
		return SST_CODEC_DAMAGED;
	}
}

static void
bzip2_close(void *state)
{
	if (state != NULL)
		(void)BZ2_bzDecompressEnd(state);
	free(state);
}

/* The third byte of gzip is the method; zlib judges it. bzip2's three letters
 * could begin a host name, so its block magic counts too (pi, or sqrt(pi) in
 * an empty file), behind a digit that is the block size. */
const struct sst_codec sst_codecs[SST_CODEC_COUNT] = {
	{ .name = "gzip",
		.library = "zlib",
		.magics = { { 2, { 0x1f, 0x8b }, { 0xff, 0xff } } },
		.enough = 2,
		.padding = SST_PADDING_TO_END,
		.begin = gzip_begin,
		.run = gzip_run,
		.close = gzip_close,
		.version = zlibVersion },
	{ .name = "zstd",
		.library = "zstd",
		.magics = { { 4, { 0x28, 0xb5, 0x2f, 0xfd },
				    { 0xff, 0xff, 0xff, 0xff } },
			/* skippable: 0x184D2A50 to 0x184D2A5F */
			{ 4, { 0x50, 0x2a, 0x4d, 0x18 },
				{ 0xf0, 0xff, 0xff, 0xff } } },
		.enough = 4,
		.padding = SST_PADDING_NONE,
		.begin = zstd_begin,
		.run = zstd_run,
		.close = zstd_close,
		.version = ZSTD_versionString },
	{ .name = "xz",
		.library = "liblzma",
		.magics = { { 6, { 0xfd, '7', 'z', 'X', 'Z', 0 },
			{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } } },
		.enough = 6,
		.padding = SST_PADDING_IN_FOURS,
		.begin = xz_begin,
		.run = xz_run,
		.close = xz_close,
		.version = lzma_version_string },
	{ .name = "bzip2",
		.library = "libbz2",
		.magics = { { 10,
				    { 'B', 'Z', 'h', '0', 0x31, 0x41, 0x59,
					    0x26, 0x53, 0x59 },
				    { 0xff, 0xff, 0xff, 0xf0, 0xff, 0xff, 0xff,
					    0xff, 0xff, 0xff } },
			{ 10,
				{ 'B', 'Z', 'h', '0', 0x17, 0x72, 0x45, 0x38,
					0x50, 0x90 },
				{ 0xff, 0xff, 0xff, 0xf0, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff } } },
		.enough = 3,
		.padding = SST_PADDING_NONE,
		.begin = bzip2_begin,
		.run = bzip2_run,
		.close = bzip2_close,
		.version = BZ2_bzlibVersion },
};

static enum sst_magic_fit
fit(const struct sst_magic *magic, const uint8_t *at, size_t n)
{
	if (magic->len == 0)
		return SST_MAGIC_NO;
	for (size_t i = 0; i < magic->len && i < n; i++)
		if ((at[i] & magic->mask[i]) != magic->bytes[i])
			return SST_MAGIC_NO;
	return n < magic->len ? SST_MAGIC_PART : SST_MAGIC_YES;
}

enum sst_magic_fit
sst_codec_fit(const struct sst_codec *codec, const uint8_t *at, size_t n)
{
	enum sst_magic_fit best = SST_MAGIC_NO;

	for (size_t i = 0; i < 2; i++) {
		enum sst_magic_fit one = fit(&codec->magics[i], at, n);

		best = one > best ? one : best;
	}
	return best;
}
