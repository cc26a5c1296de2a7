/* SPDX-License-Identifier: ISC */
/*
 * The reader of lines against the obvious way to cut them.
 *
 * Input: which limit, how many read sizes, the read sizes (0: would block), and
 * then the text.
 */
#include "fuzz.h"

#include "text/line.h"

#include <errno.h>

static const size_t limits[] = { 1, 2, 7, 64, 1000 };
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

struct drip {
	struct sst_span rest, sizes;
	size_t at; /* in sizes */
};

static ssize_t
drip_read(void *from, void *to, size_t n)
{
	struct drip *drip = from;
	size_t len = drip->rest.len;

	if (drip->sizes.len != 0) {
		len = (uint8_t)drip->sizes.at[drip->at++ % drip->sizes.len];
		/* Not for ever: only in the first round. */
		if (len == 0 && drip->at <= drip->sizes.len) {
			errno = drip->at % 2 == 0 ? EAGAIN : EINTR;
			return -1;
		}
		len += len == 0;
	}
	len = len < drip->rest.len ? len : drip->rest.len;
	len = len < n ? len : n;
	if (len != 0)
		memcpy(to, drip->rest.at, len);
	drip->rest = sst_span_from(drip->rest, len);
	return (ssize_t)len;
}

/* The next line of text from *at on, cut where the first newline is. */
static struct sst_line
cut(struct sst_span text, size_t *at, uint64_t number, size_t max)
{
	struct sst_span rest = sst_span_from(text, *at);
	size_t len = sst_span_find(rest, '\n');
	struct sst_line line = {
		.text = sst_span_head(rest, len < max ? len : max),
		.number = number,
		.offset = *at,
		.full_len = len,
		.has_end = len < rest.len,
	};

	*at += len + line.has_end;
	return line;
}

static void
compare(const struct sst_line *got, const struct sst_line *expected)
{
	char behind = 0;

	FUZZ_CHECK(sst_span_eq(got->text, expected->text));
	FUZZ_CHECK(got->number == expected->number);
	FUZZ_CHECK(got->offset == expected->offset);
	FUZZ_CHECK(got->full_len == expected->full_len);
	FUZZ_CHECK(got->has_end == expected->has_end);
	for (size_t i = 0; i < SST_PAD; i++)
		behind |= got->text.at[got->text.len + i];
	(void)behind;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sst_lines *readers[LIMITS];
	struct sst_span input = sst_span((const char *)data, size);
	size_t which = fuzz_byte(&input) % LIMITS, sizes = fuzz_byte(&input);
	enum sst_status status;
	struct sst_line line, expected;
	struct drip drip;
	uint64_t number = 0;
	size_t at = 0;

	sizes = sizes < input.len ? sizes : input.len;
	drip = (struct drip){ sst_span_from(input, sizes),
		sst_span_head(input, sizes), 0 };
	input = drip.rest;
	if (readers[which] == NULL)
		FUZZ_CHECK(sst_lines_open(&readers[which],
				   (struct sst_reader){ drip_read, &drip },
				   limits[which], NULL) == SST_OK);
	/* The reader is used again: what one input left must not matter. */
	sst_lines_restart(
		readers[which], (struct sst_reader){ drip_read, &drip }, 0);
	while ((status = sst_lines_next(readers[which], &line)) != SST_END) {
		if (status == SST_AGAIN) {
			status = sst_lines_fill(readers[which], NULL);
			FUZZ_CHECK(status == SST_OK || status == SST_AGAIN);
			continue;
		}
		FUZZ_CHECK(status == SST_OK && at < input.len);
		expected = cut(input, &at, ++number, limits[which]);
		compare(&line, &expected);
	}
	FUZZ_CHECK(at == input.len);
	return 0;
}
