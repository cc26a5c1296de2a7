/* SPDX-License-Identifier: ISC */
#include "pack.h"

#include <bzlib.h>
#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

const char *const pack_names[PACK_COUNT] = { "gzip", "zstd", "xz", "bzip2" };

/* What a packer is given: text, or zeros without end when text.at is NULL. */
struct input {
	struct sst_span text;
	size_t left;
};

#define STEP ((size_t)64 * 1024)

/* Small ones: sanitizers make large allocations slow. */
#define WINDOW_LOG 17

static struct sst_span
next_part(struct input *in)
{
	static const char zeros[STEP];
	size_t n = in->left < STEP ? in->left : STEP;
	size_t at = in->text.len - in->left;

	in->left -= n;
	return sst_span(in->text.at != NULL ? in->text.at + at : zeros, n);
}

static void
pack_gzip(struct sst_buf *to, struct input *in)
{
	z_stream z = { 0 };
	Bytef room[STEP];
	int got;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8,
				 Z_DEFAULT_STRATEGY),
		Z_OK);
	do {
		struct sst_span part = next_part(in);

		z.next_in = (Bytef *)(uintptr_t)part.at;
		z.avail_in = (uInt)part.len;
		do {
			z.next_out = room;
			z.avail_out = sizeof(room);
			got = deflate(
				&z, in->left == 0 ? Z_FINISH : Z_NO_FLUSH);
			sst_buf_put(to, room, sizeof(room) - z.avail_out);
		} while (z.avail_out == 0);
	} while (in->left != 0);
	assert_int_equal(got, Z_STREAM_END);
	assert_int_equal(deflateEnd(&z), Z_OK);
}

static void
pack_zstd_by(struct sst_buf *to, struct input *in, ZSTD_CCtx *z)
{
	char room[STEP];
	size_t left;

	do {
		struct sst_span part = next_part(in);
		ZSTD_inBuffer from = { part.at, part.len, 0 };

		do {
			ZSTD_outBuffer out = { room, sizeof(room), 0 };

			left = ZSTD_compressStream2(z, &out, &from,
				in->left == 0 ? ZSTD_e_end : ZSTD_e_continue);
			assert_false(ZSTD_isError(left));
			sst_buf_put(to, room, out.pos);
		} while (from.pos < from.size || (in->left == 0 && left != 0));
	} while (in->left != 0);
	ZSTD_freeCCtx(z);
}

static void
pack_zstd(struct sst_buf *to, struct input *in)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();

	assert_non_null(z);
	assert_false(ZSTD_isError(
		ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1)));
	assert_false(ZSTD_isError(
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, WINDOW_LOG)));
	pack_zstd_by(to, in, z);
}

static void
pack_xz_by(struct sst_buf *to, struct input *in, lzma_stream *x)
{
	uint8_t room[STEP];
	lzma_ret got;

	do {
		struct sst_span part = next_part(in);

		x->next_in = (const uint8_t *)part.at;
		x->avail_in = part.len;
		do {
			x->next_out = room;
			x->avail_out = sizeof(room);
			got = lzma_code(
				x, in->left == 0 ? LZMA_FINISH : LZMA_RUN);
			sst_buf_put(to, room, sizeof(room) - x->avail_out);
		} while (x->avail_out == 0);
	} while (in->left != 0);
	assert_int_equal(got, LZMA_STREAM_END);
	lzma_end(x);
}

static void
begin_xz(lzma_stream *x, int window_log)
{
	lzma_options_lzma options;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
		{ LZMA_VLI_UNKNOWN, NULL } };

	assert_false(lzma_lzma_preset(&options, 0));
	options.dict_size = UINT32_C(1) << window_log;
	assert_int_equal(
		lzma_stream_encoder(x, filters, LZMA_CHECK_CRC64), LZMA_OK);
}

static void
pack_xz(struct sst_buf *to, struct input *in)
{
	lzma_stream x = LZMA_STREAM_INIT;

	begin_xz(&x, WINDOW_LOG);
	pack_xz_by(to, in, &x);
}

static void
pack_bzip2(struct sst_buf *to, struct input *in)
{
	bz_stream b = { 0 };
	char room[STEP];
	int got;

	assert_int_equal(BZ2_bzCompressInit(&b, 1, 0, 0), BZ_OK);
	do {
		struct sst_span part = next_part(in);

		b.next_in = (char *)(uintptr_t)part.at;
		b.avail_in = (unsigned)part.len;
		do {
			b.next_out = room;
			b.avail_out = sizeof(room);
			got = BZ2_bzCompress(
				&b, in->left == 0 ? BZ_FINISH : BZ_RUN);
			sst_buf_put(to, room, sizeof(room) - b.avail_out);
		} while (b.avail_in != 0 || got == BZ_FINISH_OK);
	} while (in->left != 0);
	assert_int_equal(got, BZ_STREAM_END);
	assert_int_equal(BZ2_bzCompressEnd(&b), BZ_OK);
}

static void
pack_input(struct sst_buf *to, const char *codec, struct input *in)
{
	static void (*const packers[PACK_COUNT])(struct sst_buf *,
		struct input *) = { pack_gzip, pack_zstd, pack_xz, pack_bzip2 };
	size_t i = 0;

	while (strcmp(codec, pack_names[i]) != 0)
		assert_true(++i < PACK_COUNT);
	packers[i](to, in);
	assert_false(to->is_short);
}

void
pack(struct sst_buf *to, const char *codec, struct sst_span text)
{
	struct input in = { text, text.len };

	pack_input(to, codec, &in);
}

void
pack_zeros(struct sst_buf *to, const char *codec, size_t n)
{
	struct input in = { { NULL, n }, n };

	pack_input(to, codec, &in);
}

/* A size is not declared, or zstd would choose a smaller window. */
void
pack_wide(struct sst_buf *to, const char *codec, int log)
{
	struct input in = { SST_SPAN("wide\n"), 5 };
	lzma_stream x = LZMA_STREAM_INIT;

	if (strcmp(codec, "zstd") == 0) {
		ZSTD_CCtx *z = ZSTD_createCCtx();
		ZSTD_inBuffer none = { NULL, 0, 0 };
		char room[64];
		ZSTD_outBuffer out = { room, sizeof(room), 0 };

		assert_non_null(z);
		assert_false(ZSTD_isError(
			ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, log)));
		/* Begin without an end: the size is then unknown. */
		assert_false(ZSTD_isError(
			ZSTD_compressStream2(z, &out, &none, ZSTD_e_flush)));
		sst_buf_put(to, room, out.pos);
		pack_zstd_by(to, &in, z);
		return;
	}
	begin_xz(&x, log);
	pack_xz_by(to, &in, &x);
}
