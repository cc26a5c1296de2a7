/* SPDX-License-Identifier: ISC */
/*
 * line -- bounded lines from any source of bytes.
 *
 * A line is the bytes before a newline, or before the end of input. Any byte
 * may occur in it, NUL included. The reader never holds more than `max` bytes
 * of one line: of a longer one the caller sees the first `max`, once, with its
 * true length, and the rest is read and dropped, so that a hostile line costs
 * neither memory nor its neighbours.
 *
 * Taking a line never waits: when none is whole, sst_lines_next() says
 * SST_AGAIN, and the caller may flush and poll before it lets
 * sst_lines_fill() read.
 */
#ifndef SST_TEXT_LINE_H
#define SST_TEXT_LINE_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sst_lines;

/* Where the bytes come from: a file, a decompressor, a test. As read(2). */
struct sst_reader {
	ssize_t (*read)(void *from, void *to, size_t n);
	void *from;
};

struct sst_line {
	struct sst_span text; /* until the next fill; SST_PAD bytes behind it
				 may be read */
	uint64_t number;      /* the first line is 1 */
	uint64_t offset;      /* of its first byte in the input */
	uint64_t full_len;    /* more than text.len: text is only its head */
	bool has_end;         /* false: the input ended before a newline */
};

/*
 * Start reading. What `reader` points to stays the caller's. Fails with
 * SST_ENOMEM, or SST_EUSAGE if max is 0; *out is then NULL.
 */
enum sst_status sst_lines_open(struct sst_lines **out, struct sst_reader reader,
	size_t max, struct sst_err *err) SST_MUST_USE;

/* Begin again with another input, whose first byte has this offset: line 1,
 * same memory. */
void sst_lines_restart(
	struct sst_lines *in, struct sst_reader reader, uint64_t offset);

/* Read once. SST_AGAIN: interrupted or would block, nothing is lost. Else
 * SST_EIO. */
enum sst_status sst_lines_fill(
	struct sst_lines *in, struct sst_err *err) SST_MUST_USE;

/* Take the next line. SST_AGAIN: fill first. *out is written only on SST_OK. */
enum sst_status sst_lines_next(
	struct sst_lines *in, struct sst_line *out) SST_MUST_USE;

/* Release the reader. NULL is allowed. */
void sst_lines_close(struct sst_lines *in);

#endif
