/* SPDX-License-Identifier: ISC */
/*
 * fuzz -- what all targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput(): it takes any bytes, and
 * aborts when an oracle disagrees, which is more than not to crash. With
 * --enable-fuzzing libFuzzer calls it; else replay.c does, over its corpus.
 */
#ifndef SST_FUZZ_H
#define SST_FUZZ_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Returns 0: the input may go into a corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An oracle: says what did not hold, and ends the process. */
#define FUZZ_CHECK(holds) \
	((holds) ? (void)0 \
		 : (fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
			    __LINE__, #holds), \
			   abort()))

/*
 * A copy of the input on the heap, with as many readable bytes behind it as a
 * span promises and not one more, so that a sanitizer sees a longer reach.
 * free() what at points to.
 */
static inline struct sst_span
fuzz_copy(struct sst_span from)
{
	char *at = malloc(from.len + SST_PAD);

	FUZZ_CHECK(at != NULL);
	if (from.len != 0)
		memcpy(at, from.at, from.len);
	/* Bytes that a scanner must not take for its own. */
	memset(at + from.len, '"', SST_PAD);
	return sst_span(at, from.len);
}

/* The first byte of the input, which chooses what a target does; 0 at the end.
 */
static inline uint8_t
fuzz_byte(struct sst_span *input)
{
	uint8_t byte = 0;

	if (input->len != 0) {
		byte = (uint8_t)input->at[0];
		*input = sst_span_from(*input, 1);
	}
	return byte;
}

#endif
