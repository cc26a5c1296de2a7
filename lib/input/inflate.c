/* SPDX-License-Identifier: ISC */
#include "input/inflate.h"

#include "input/codec.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Compressed bytes at a time: some 300 KiB of log, so that system calls do not
 * show in a profile. */
#define IN_MAX ((size_t)64 * 1024)

enum mode {
	SNIFFING, /* too few bytes to tell */
	PLAIN,
	BETWEEN, /* a unit ended, or the first one is to come */
	INSIDE,  /* a unit */
	ENDED,
	FAILED
};

/* What a step of the decoder came to. */
enum step {
	STEP_ON,    /* the mode has changed: look again */
	STEP_STARVE /* nothing more without input */
};

struct sst_inflate {
	struct sst_reader inner;
	enum mode mode;
	const struct sst_codec *codec;
	void *state;      /* the codec's */
	bool is_eof;      /* the inner reader has ended */
	bool is_full;     /* the last output was full: there may be more */
	uint64_t padding; /* zeros seen since the last unit */
	uint64_t bytes_read;
	int error;         /* FAILED: errno of every further read */
	char damage[64];   /* FAILED by the data: what is wrong with it */
	size_t start, end; /* the unread bytes are in[start..end) */
	uint8_t in[IN_MAX];
};

enum sst_status
sst_inflate_open(
	struct sst_inflate **out, struct sst_reader inner, struct sst_err *err)
{
	/* Not the 64 KiB: a plain file never touches them. */
	struct sst_inflate *in = malloc(sizeof(*in));

	*out = in;
	if (in == NULL)
		return sst_fail_memory(err, "an input");
	memset(in, 0, offsetof(struct sst_inflate, in));
	in->inner = inner;
	in->mode = SNIFFING;
	return SST_OK;
}

static enum step
fail(struct sst_inflate *in, const char *how)
{
	in->mode = FAILED;
	in->error = EBADMSG;
	(void)snprintf(in->damage, sizeof(in->damage), "%s data %s",
		in->codec->name, how);
	return STEP_ON;
}

static enum step
fail_by(struct sst_inflate *in, enum sst_codec_result result)
{
	if (result == SST_CODEC_TOO_LARGE)
		return fail(in, "needs more than 64 MiB");
	if (result == SST_CODEC_DAMAGED)
		return fail(in, "is damaged");
	in->mode = FAILED;
	in->error = ENOMEM;
	return STEP_ON;
}

/* The only call of the inner reader. */
static ssize_t
take(struct sst_inflate *in, void *to, size_t n)
{
	ssize_t got = in->inner.read(in->inner.from, to, n);

	if (got == -1)
		return -1;
	in->bytes_read += (uint64_t)got;
	in->is_eof = got == 0;
	return got;
}

/* More compressed bytes, behind those that wait (at most part of a magic). */
static ssize_t
fill(struct sst_inflate *in)
{
	ssize_t got;

	memmove(in->in, in->in + in->start, in->end - in->start);
	in->end -= in->start;
	in->start = 0;
	assert(in->end < SST_MAGIC_MAX);
	got = take(in, in->in + in->end, IN_MAX - in->end);
	if (got > 0)
		in->end += (size_t)got;
	return got;
}

/* Between units: padding, the next unit, the end, or what does not belong. */
static enum step
look_for_unit(struct sst_inflate *in)
{
	const struct sst_codec *codec = in->codec;
	enum sst_codec_result result;
	enum sst_magic_fit fit;
	bool is_whole; /* the padding */

	if (codec->padding != SST_PADDING_NONE && in->state != NULL)
		while (in->start < in->end && in->in[in->start] == 0) {
			in->start++;
			in->padding++;
		}
	is_whole =
		codec->padding != SST_PADDING_IN_FOURS || in->padding % 4 == 0;
	if (in->start == in->end && !in->is_eof)
		return STEP_STARVE;
	if (in->start == in->end && is_whole) {
		in->mode = ENDED;
		return STEP_ON;
	}
	if (codec->padding == SST_PADDING_TO_END)
		is_whole = in->padding == 0;
	fit = sst_codec_fit(codec, in->in + in->start, in->end - in->start);
	if (!is_whole || fit == SST_MAGIC_NO)
		return fail(in, "is followed by something else");
	if (fit == SST_MAGIC_PART)
		return in->is_eof ? fail(in, "ends early") : STEP_STARVE;

	result = codec->begin(&in->state);
	if (result != SST_CODEC_MORE)
		return fail_by(in, result);
	in->mode = INSIDE;
	in->padding = 0;
	in->is_full = false;
	return STEP_ON;
}

static enum step
run_codec(struct sst_inflate *in, struct sst_codec_io *io)
{
	enum sst_codec_result result;

	io->in = in->in + in->start;
	io->in_len = in->end - in->start;
	result = in->codec->run(in->state, io);
	in->start = in->end - io->in_len;
	in->is_full = io->out_len == 0;
	if (result == SST_CODEC_END) {
		in->mode = BETWEEN;
		return STEP_ON;
	}
	if (result != SST_CODEC_MORE)
		return fail_by(in, result);
	if (in->is_full || !in->is_eof)
		return STEP_STARVE;
	return fail(in, "ends early");
}

/* What the waiting input gives: as read(2), without reading. */
static ssize_t
decode(struct sst_inflate *in, void *to, size_t n)
{
	struct sst_codec_io io = { .out = to, .out_len = n };
	enum step step = STEP_ON;

	while (step == STEP_ON && io.out_len != 0) {
		if (in->mode == INSIDE)
			step = run_codec(in, &io);
		else if (in->mode == BETWEEN)
			step = look_for_unit(in);
		else
			break;
	}
	if (io.out_len != n)
		return (ssize_t)(n - io.out_len);
	if (in->mode == ENDED)
		return 0;
	errno = in->mode == FAILED ? in->error : EAGAIN;
	return -1;
}

/* Does a codec know these first bytes? Leaves SNIFFING when it is certain. */
static void
recognize(struct sst_inflate *in, const uint8_t *at, size_t n)
{
	bool is_open = false;

	for (size_t i = 0; i < SST_CODEC_COUNT; i++) {
		const struct sst_codec *codec = &sst_codecs[i];
		enum sst_magic_fit fit = sst_codec_fit(codec, at, n);

		if (fit == SST_MAGIC_YES ||
			(fit == SST_MAGIC_PART && in->is_eof &&
				n >= codec->enough)) {
			in->codec = codec;
			in->mode = BETWEEN;
			return;
		}
		is_open = is_open || fit == SST_MAGIC_PART;
	}
	if (!is_open || in->is_eof)
		in->mode = PLAIN;
}

/*
 * The first bytes of all: read into the caller's room, where plain data may
 * stay. Later ones, when the first were too few, no more than a magic needs.
 */
static ssize_t
sniff(struct sst_inflate *in, void *to, size_t n)
{
	ssize_t got;

	if (in->end == 0) {
		got = take(in, to, n < IN_MAX ? n : IN_MAX);
		if (got <= 0)
			return got;
		recognize(in, to, (size_t)got);
		if (in->mode == PLAIN)
			return got;
		memcpy(in->in, to, (size_t)got);
	} else {
		got = take(in, in->in + in->end, SST_MAGIC_MAX - in->end);
		if (got == -1)
			return got;
		recognize(in, in->in, in->end + (size_t)got);
	}
	in->end += (size_t)got;
	if (in->mode != SNIFFING)
		return sst_inflate_read(in, to, n);
	errno = EAGAIN;
	return -1;
}

/* Plain bytes that were read to see what they are, then the input itself. */
static ssize_t
read_plain(struct sst_inflate *in, void *to, size_t n)
{
	size_t have = in->end - in->start;

	if (have == 0)
		return take(in, to, n);
	if (n > have)
		n = have;
	memcpy(to, in->in + in->start, n);
	in->start += n;
	return (ssize_t)n;
}

ssize_t
sst_inflate_read(struct sst_inflate *in, void *to, size_t n)
{
	assert(n != 0);
	if (in->mode == PLAIN)
		return read_plain(in, to, n);
	if (in->mode == SNIFFING)
		return sniff(in, to, n);
	if (!sst_inflate_has_more(in) && fill(in) == -1)
		return -1;
	return decode(in, to, n);
}

const char *
sst_inflate_damage(const struct sst_inflate *in)
{
	return in->damage[0] != '\0' ? in->damage : NULL;
}

bool
sst_inflate_has_more(const struct sst_inflate *in)
{
	switch (in->mode) {
	case SNIFFING:
		return false;
	case PLAIN:
		return in->start < in->end;
	case BETWEEN:
		/* Less than a magic waits for the rest of it. */
		return in->is_eof ||
		       (in->start < in->end &&
			       sst_codec_fit(in->codec, in->in + in->start,
				       in->end - in->start) != SST_MAGIC_PART);
	case INSIDE:
		return in->is_eof || in->is_full || in->start < in->end;
	case ENDED:
	case FAILED:
		return true;
	}
	return false;
}

uint64_t
sst_inflate_bytes_read(const struct sst_inflate *in)
{
	return in->bytes_read;
}

void
sst_inflate_close(struct sst_inflate *in)
{
	if (in == NULL)
		return;
	if (in->codec != NULL)
		in->codec->close(in->state);
	free(in);
}
