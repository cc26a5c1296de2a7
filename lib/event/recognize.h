/* SPDX-License-Identifier: ISC */
/*
 * recognize -- lines to events, by whichever layout explains them.
 *
 * A recognizer has one layout or many. The one that fitted last is tried
 * first, in the frame that the last line had (record/frame.h); when a line does
 * not fit so, all are tried in their order, inside of every frame that the line
 * may be in, so that a log whose layout changes in mid-file (concatenated,
 * reconfigured, rotated) loses not even the line that shows it. A line that no
 * layout explains is rejected.
 *
 * The first layout in order is taken of several that explain a line. Where
 * they would give different events, the order in the format files says which
 * is right; layouts that are equal in all but their format are kept once.
 */
#ifndef SST_EVENT_RECOGNIZE_H
#define SST_EVENT_RECOGNIZE_H

#include "event/from_record.h"
#include "record/columns.h"
#include "record/frame.h"

struct sst_recognizer;

/* So much of a "#Software:" line is looked at. */
#define SST_SOFTWARE_MAX ((size_t)256)

enum sst_status sst_recognizer_open(struct sst_recognizer **out,
	const struct sst_builder_options *options,
	struct sst_err *err) SST_MUST_USE;

/* Add a layout and those linked to it; `name` is what sst_recognizer_name()
 * says of it. Both live longer than the recognizer. */
enum sst_status sst_recognizer_add(struct sst_recognizer *r,
	const struct sst_layout *layout, struct sst_span name,
	struct sst_err *err) SST_MUST_USE;

/*
 * A line that begins with '#' describes those that follow: "#Fields:" gives
 * them a new layout, "#Date:" the day of lines without one, "#Software:" tells
 * whose units hold. Others are ignored. SST_ENOMEM; never because of what the
 * line says. It matters only where a format of columns is among the layouts.
 */
enum sst_status sst_recognizer_directive(struct sst_recognizer *r,
	struct sst_span line, struct sst_err *err) SST_MUST_USE;

/*
 * Fill the event from a line. *time_us as in sst_builder_fill(). SST_REJECT:
 * *why is NO_FORMAT, AMBIGUOUS or BAD_TIME, or says what is wrong with the
 * line's JSON. SST_ENOMEM.
 */
enum sst_status sst_recognizer_fill(struct sst_recognizer *r,
	struct sst_event *event, struct sst_span line, int64_t *time_us,
	enum sst_reason *why) SST_MUST_USE;

/*
 * What a recognizer has learnt of a log so far: with the same state, two of
 * them that have the same layouts understand the lines that follow alike.
 */
struct sst_recognizer_state {
	size_t current; /* the layout that fitted last, or how many there are */

	size_t frame_count; /* what stood around the line that fitted last */
	enum sst_frame_kind kinds[SST_FRAME_DEPTH];

	/* What lines that begin with '#' said. */
	size_t owner; /* whose columns the header names; SIZE_MAX: no header */
	size_t names_len, software_len;
	bool has_day;
	struct sst_stamp day;
	char names[SST_HEADER_MAX];
	char software[SST_SOFTWARE_MAX];
};

void sst_recognizer_state(
	const struct sst_recognizer *r, struct sst_recognizer_state *out);
void sst_recognizer_resume(
	struct sst_recognizer *r, const struct sst_recognizer_state *state);
bool sst_recognizer_state_eq(const struct sst_recognizer_state *a,
	const struct sst_recognizer_state *b);

/* The layout that fitted last: the name of its format, and its text. Empty
 * before the first one. *changes counts how often that became another. */
struct sst_span sst_recognizer_name(const struct sst_recognizer *r,
	struct sst_span *layout, uint64_t *changes);

/* What stood around the line that fitted last: *n frames, the outermost first.
 * Borrowed until the next line. */
const enum sst_frame_kind *sst_recognizer_frames(
	const struct sst_recognizer *r, size_t *n);

/* The record of the line that fitted last, for showing it taken apart. */
const struct sst_record *sst_recognizer_record(
	const struct sst_recognizer *r, const struct sst_binding **binding);

void sst_recognizer_close(struct sst_recognizer *r);

#endif
