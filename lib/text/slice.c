/* SPDX-License-Identifier: ISC */
#include "text/slice.h"

#include <assert.h>
#include <string.h>

/* What a carry may keep of its memory while it is empty: most lines. */
#define KEPT ((size_t)4096)

void
sst_slicer_init(struct sst_slicer *slicer, size_t max, uint64_t offset)
{
	assert(max > 0);
	*slicer = (struct sst_slicer){
		.max = max, .number = 1, .offset = offset
	};
	sst_buf_init(&slicer->carry, max);
}

void
sst_slicer_release(struct sst_slicer *slicer)
{
	sst_buf_release(&slicer->carry);
}

static uint64_t
count_lines(const char *at, size_t len)
{
	const char *end = at + len;
	uint64_t n = 0;

	for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		n++;
	return n;
}

/* Where the last line that is not whole begins; none ends before `from`. */
static size_t
last_start(const char *text, size_t len, size_t from)
{
	while (len > from && text[len - 1] != '\n')
		len--;
	return len > from ? len : 0;
}

/* Keep the head of what is no whole line yet, as far as it may be long. */
static void
carry(struct sst_slicer *slicer, const char *at, size_t len)
{
	size_t kept = len < slicer->max ? len : slicer->max;

	slicer->dropped += len - kept;
	if (kept == 0 && slicer->carry.cap > KEPT)
		sst_buf_release(&slicer->carry);
	sst_buf_reset(&slicer->carry);
	sst_buf_put(&slicer->carry, at, kept);
}

enum sst_status
sst_slicer_cut(struct sst_slicer *slicer, char *text, size_t len, bool is_end,
	struct sst_slice *out, struct sst_err *err)
{
	size_t carried = slicer->carry.len, whole;

	assert(len >= carried);
	if (carried > 0)
		memcpy(text, slicer->carry.at, carried);
	whole = is_end ? len : last_start(text, len, carried);
	*out = (struct sst_slice){ .text = sst_span(text, whole),
		.number = slicer->number,
		.offset = slicer->offset,
		.dropped = slicer->dropped,
		.max = slicer->max };
	if (whole > 0) {
		slicer->number += count_lines(text, whole);
		slicer->number += text[whole - 1] != '\n';
		slicer->offset += slicer->dropped + whole;
		slicer->dropped = 0;
	}
	carry(slicer, text + whole, len - whole);
	return slicer->carry.is_short ? sst_fail_memory(err, "a line's begin")
				      : SST_OK;
}

bool
sst_slice_next(struct sst_slice *slice, struct sst_line *out)
{
	struct sst_span rest = slice->text;
	size_t len = sst_span_find(rest, '\n');

	if (rest.len == 0)
		return false;
	out->text = sst_span_head(rest, len < slice->max ? len : slice->max);
	out->number = slice->number++;
	out->offset = slice->offset;
	out->full_len = slice->dropped + len;
	out->has_end = len < rest.len;
	slice->offset += out->full_len + out->has_end;
	slice->dropped = 0;
	slice->text = sst_span_from(rest, len + out->has_end);
	return true;
}
