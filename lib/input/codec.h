/* SPDX-License-Identifier: ISC */
/*
 * codec -- one row per compressed format. Used by inflate only.
 *
 * A row decodes one unit (gzip member, zstd frame, xz stream, bzip2 stream) at
 * a time; what may stand between two units is data in the row, and inflate.c
 * walks over it. The limits that a file could raise (xz dictionary, zstd
 * window) are capped at 64 MiB, so that memory does not depend on the input.
 * codec.c is the door to zlib.h, zstd.h, lzma.h and bzlib.h.
 */
#ifndef SST_INPUT_CODEC_H
#define SST_INPUT_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SST_MAGIC_MAX ((size_t)10)

/* What a unit begins with: byte i fits when (byte & mask[i]) == bytes[i]. */
struct sst_magic {
	uint8_t len; /* 0: no such row */
	uint8_t bytes[SST_MAGIC_MAX], mask[SST_MAGIC_MAX];
};

enum sst_magic_fit {
	SST_MAGIC_NO,
	SST_MAGIC_PART, /* so far; more bytes will tell */
	SST_MAGIC_YES
};

/* Zero bytes that may follow a unit. */
enum sst_padding {
	SST_PADDING_NONE,
	SST_PADDING_TO_END,  /* gzip: any number, nothing after them */
	SST_PADDING_IN_FOURS /* xz: a multiple of four, more streams after */
};

enum sst_codec_result {
	SST_CODEC_MORE, /* as far as input and room for output go */
	SST_CODEC_END,  /* the unit is complete */
	SST_CODEC_DAMAGED,
	SST_CODEC_TOO_LARGE, /* wants more memory than it may have */
	SST_CODEC_NO_MEMORY  /* the machine has none */
};

/* run() moves both: what is left of the input, and of the room. */
struct sst_codec_io {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

struct sst_codec {
	const char *name, *library;
	struct sst_magic magics[2];
	/* At the end of input so many bytes of a magic are enough to say that
	 * this is no text, but a file that was cut. */
	uint8_t enough;
	enum sst_padding padding;

	/* A unit begins. *state is NULL, or what an earlier unit left. Only
	 * SST_CODEC_MORE or SST_CODEC_NO_MEMORY; close() is due either way. */
	enum sst_codec_result (*begin)(void **state);
	/* Good bytes stand in the output whatever the result. */
	enum sst_codec_result (*run)(void *state, struct sst_codec_io *io);
	void (*close)(void *state); /* NULL is allowed */
	const char *(*version)(void);
};

#define SST_CODEC_COUNT ((size_t)4)
extern const struct sst_codec sst_codecs[SST_CODEC_COUNT];

/* Do these bytes begin a unit of the codec? */
enum sst_magic_fit sst_codec_fit(
	const struct sst_codec *codec, const uint8_t *at, size_t n);

#endif
