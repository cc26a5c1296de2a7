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
#include "text/scan.h"

struct sst_work;

/* Most values that a line may have beside those that its layout names. */
#define SST_EXTRAS_MAX ((size_t)256)

struct sst_record {
	const struct sst_layout *layout;
	struct sst_span value[SST_CELLS_MAX]; /* of the line; padding behind */
	/* Has a control byte, a quote, a backslash or a byte that is not
	 * ASCII: needs a closer look before it can stand in JSON. */
	bool is_odd[SST_CELLS_MAX];

	/* For layouts of other shapes than a format string; NULL where there
	 * are none. */
	struct sst_work *work;
	/* Of such a line: what its layout does not name, in line order. The
	 * key is the log's own name as events spell it; SST_PAIR_ESCAPED says
	 * that a string needs a closer look. */
	const struct sst_pair *extras;
	size_t extra_count;
	bool is_repaired; /* bytes that are no UTF-8 became U+FFFD already */
};

/* Room for lines of other shapes; release gives it back. SST_ENOMEM. */
enum sst_status sst_record_prepare(
	struct sst_record *record, struct sst_err *err) SST_MUST_USE;
void sst_record_release(struct sst_record *record);

/* Another line comes: nothing is known of it. */
void sst_record_forget_work(struct sst_record *record);

static inline void
sst_record_forget(struct sst_record *record)
{
	if (record->work != NULL)
		sst_record_forget_work(record);
}

/*
 * Cut `line` (SST_PAD readable bytes behind it) the first way. False: it does
 * not fit so. That a field looks like what it should be (a status has three
 * digits, a time stamp the right shape) is part of fitting; whether such a
 * date exists is not.
 */
bool sst_record_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line) SST_MUST_USE;

/* Try all ways. SST_REJECT with NO_FORMAT or AMBIGUOUS when there is none, or
 * more than one. A line of another shape has one way only: then *why may also
 * be what is wrong with its JSON. */
enum sst_status sst_record_search(struct sst_record *record,
	const struct sst_layout *layout, struct sst_span line,
	enum sst_reason *why) SST_MUST_USE;

/* Does a value look like what its cell should be? */
bool sst_cell_fits(const struct sst_cell *cell, struct sst_span value);

#endif
