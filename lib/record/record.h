/* SPDX-License-Identifier: ISC */
/*
 * record -- one line cut into the fields of a layout, still text.
 *
 * The first way to cut a line is the one in which every field ends as soon as
 * it can, and takes one pass. A value that holds what also ends it (a user
 * name with a space, a quote that was not escaped) does not fit that way; then
 * all ways are tried, within a bound: exactly one that fits is taken, two are
 * ambiguous. Nothing is guessed.
 */
#ifndef SST_RECORD_RECORD_H
#define SST_RECORD_RECORD_H

#include "record/layout.h"

struct sst_record {
	const struct sst_layout *layout;
	struct sst_span value[SST_CELLS_MAX]; /* of the line; padding behind */
	/* Has a control byte, a quote, a backslash or a byte that is not
	 * ASCII: needs a closer look before it can stand in JSON. */
	bool is_odd[SST_CELLS_MAX];
};

/*
 * Cut `line` (SST_PAD readable bytes behind it) the first way. False: it does
 * not fit so. That a field looks like what it should be (a status has three
 * digits, a time stamp the right shape) is part of fitting; whether such a
 * date exists is not.
 */
bool sst_record_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line) SST_MUST_USE;

/* Try all ways. SST_REJECT with NO_FORMAT or AMBIGUOUS when there is none, or
 * more than one. */
enum sst_status sst_record_search(struct sst_record *record,
	const struct sst_layout *layout, struct sst_span line,
	enum sst_reason *why) SST_MUST_USE;

#endif
