/* SPDX-License-Identifier: ISC */
#include "text/line.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One read: large enough that system calls do not show in a profile. */
#define CHUNK ((size_t)256 * 1024)

struct sst_lines {
	struct sst_reader reader;
	bool is_eof;
	uint64_t number;  /* lines handed out so far */
	uint64_t offset;  /* where the line at hand begins */
	uint64_t dropped; /* bytes of the line at hand that were not kept */
	size_t max;
	size_t start, end; /* the unread bytes are buf[start..end) */
	size_t seen;       /* so many of them hold no newline */
	char buf[];        /* max + CHUNK bytes, and SST_PAD */
};

enum sst_status
sst_lines_open(struct sst_lines **out, struct sst_reader reader, size_t max,
	struct sst_err *err)
{
	struct sst_lines *in;

	*out = NULL;
	if (max == 0 || max > SIZE_MAX / 2)
		return sst_fail(err, SST_EUSAGE, "a line needs room");
	in = calloc(1, sizeof(*in) + max + CHUNK + SST_PAD);
	if (in == NULL)
		return sst_fail_memory(err, "lines");
	in->max = max;
	sst_lines_restart(in, reader, 0);
	*out = in;
	return SST_OK;
}

void
sst_lines_restart(
	struct sst_lines *in, struct sst_reader reader, uint64_t offset)
{
	in->reader = reader;
	in->is_eof = false;
	in->number = in->dropped = 0;
	in->offset = offset;
	in->start = in->end = in->seen = 0;
}

enum sst_status
sst_lines_fill(struct sst_lines *in, struct sst_err *err)
{
	size_t have = in->end - in->start;
	ssize_t got;

	assert(have <= in->max); /* so CHUNK bytes are free behind them */
	memmove(in->buf, in->buf + in->start, have);
	in->start = 0;
	in->end = have;

	got = in->reader.read(in->reader.from, in->buf + have, CHUNK);
	if (got == -1 && (errno == EINTR || errno == EAGAIN))
		return SST_AGAIN;
	if (got == -1)
		return sst_fail(err, SST_EIO,
			"cannot read line %" PRIu64 ": %s", in->number + 1,
			strerror(errno));
	in->is_eof = got == 0;
	in->end += (size_t)got;
	return SST_OK;
}

enum sst_status
sst_lines_next(struct sst_lines *in, struct sst_line *out)
{
	const char *head = in->buf + in->start;
	size_t have = in->end - in->start;
	const char *newline = memchr(head + in->seen, '\n', have - in->seen);
	size_t len = newline != NULL ? (size_t)(newline - head) : have;

	if (newline == NULL && !in->is_eof) {
		size_t kept = have < in->max ? have : in->max;

		in->dropped += have - kept;
		in->end = in->start + kept;
		in->seen = kept;
		return SST_AGAIN;
	}
	if (have == 0)
		return SST_END;

	out->text.at = head;
	out->text.len = len < in->max ? len : in->max;
	out->number = ++in->number;
	out->offset = in->offset;
	out->full_len = in->dropped + len;
	out->has_end = newline != NULL;

	in->offset += out->full_len + out->has_end;
	in->start += len + out->has_end;
	in->seen = 0;
	in->dropped = 0;
	return SST_OK;
}

void
sst_lines_close(struct sst_lines *in)
{
	free(in);
}
