/* SPDX-License-Identifier: ISC */
/* recognize_parts -- what the files of recognize share; for them alone. */
#ifndef SST_EVENT_RECOGNIZE_PARTS_H
#define SST_EVENT_RECOGNIZE_PARTS_H

#include "event/recognize.h"

#define SST_LAYOUTS_MAX 512

/* Header lines that are remembered with their layouts: a log goes back and
 * forth between few. The oldest gives way. */
#define SST_HEADERS_MAX 8

/* The place of the layout that a header line gave; it is empty before one. */
#define SST_HEADER_PLACE 0

struct sst_candidate {
	struct sst_span name;
	struct sst_binding binding;
};

struct sst_header {
	struct sst_arena arena;
	struct sst_candidate *candidate; /* in it; NULL: not in use */
	size_t owner;                    /* whose columns these are */
};

struct sst_recognizer {
	struct sst_builder *builder;
	struct sst_arena arena;
	struct sst_record record;
	size_t n, current; /* current == n: none yet */
	uint64_t changes;
	/* By order; the first place is a header's. */
	struct sst_candidate *candidates[SST_LAYOUTS_MAX];

	/* Where the line was that fitted last: the outermost frame first. */
	struct sst_frames frames;
	size_t frame_count;
	enum sst_frame_kind kinds[SST_FRAME_DEPTH];
	bool has_frame_time;
	struct sst_stamp frame_time; /* of the innermost frame that has one */

	/* What header lines said. */
	struct sst_header headers[SST_HEADERS_MAX];
	const struct sst_header *header; /* that holds now, or NULL */
	size_t next_header;              /* gives way next */
	char software[SST_SOFTWARE_MAX];
	size_t software_len;
	bool has_day;
	struct sst_stamp day;
	bool is_short; /* no memory for a header */
};

static inline const struct sst_layout *
sst_layout_of(const struct sst_recognizer *r, size_t i)
{
	return r->candidates[i]->binding.layout;
}

/* The header that was taken from a state: one of `owner` with these names. */
void sst_recognizer_header(
	struct sst_recognizer *r, size_t owner, struct sst_span names);

/* No header holds. */
void sst_recognizer_no_header(struct sst_recognizer *r);

#endif
