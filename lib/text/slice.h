/* SPDX-License-Identifier: ISC */
/*
 * slice -- whole lines, in slices, of bytes that somebody else reads.
 *
 * Where text/line owns the buffer and reads for one consumer, here the reader
 * owns it: one buffer may serve many files in turn, or each slice may have one
 * of its own and be taken by another thread. A slicer knows what lies between
 * two slices: where the next line begins, its number, and the head of a line
 * whose end has not come yet. The lines are those of text/line: of a longer one
 * than `max` bytes the head is there, with its true length, and the rest is
 * dropped, so that a slicer never holds more than `max` bytes.
 *
 *	size_t len = sst_slicer_carried(&slicer);
 *	len += read(fd, buffer + len, room - len);
 *	sst_slicer_cut(&slicer, buffer, len, false, &slice, err);
 *	while (sst_slice_next(&slice, &line))
 *		...
 */
#ifndef SST_TEXT_SLICE_H
#define SST_TEXT_SLICE_H

#include "base/buf.h"
#include "text/line.h"

/* Lines that wait to be taken; a copy of one can be taken again. */
struct sst_slice {
	struct sst_span text;    /* the buffer's; SST_PAD bytes behind it */
	uint64_t number, offset; /* of the first line */
	uint64_t dropped; /* bytes of the first line that were not kept */
	size_t max;
};

struct sst_slicer {
	size_t max;
	uint64_t number, offset; /* of the first line that is in no slice */
	uint64_t dropped;        /* bytes of it that were not kept */
	struct sst_buf carry;    /* and those that were: at most max */
};

/* Line 1 begins at `offset`. max > 0. Allocates nothing yet. */
void sst_slicer_init(struct sst_slicer *slicer, size_t max, uint64_t offset);
void sst_slicer_release(struct sst_slicer *slicer);

/* Leave so many bytes before those that are read: the room of a buffer is max,
 * as much as is read at once, and SST_PAD. */
static inline size_t
sst_slicer_carried(const struct sst_slicer *slicer)
{
	return slicer->carry.len;
}

/* True when a line has begun that is in no slice. */
static inline bool
sst_slicer_has_part(const struct sst_slicer *slicer)
{
	return slicer->carry.len > 0;
}

/*
 * text[0..len) is room for the bytes that are carried, and behind them what has
 * been read. *out is its whole lines, none perhaps, and lies in text; with
 * `is_end` also a last line without end, and the next slice begins there.
 * SST_ENOMEM: what follows cannot be carried.
 */
enum sst_status sst_slicer_cut(struct sst_slicer *slicer, char *text,
	size_t len, bool is_end, struct sst_slice *out,
	struct sst_err *err) SST_MUST_USE;

/* Take the first line off; false: there is none left. */
bool sst_slice_next(struct sst_slice *slice, struct sst_line *out);

#endif
