/* SPDX-License-Identifier: ISC */
/* How a line finds its frames and its layout. */
#include "event/quirks.h"
#include "event/recognize_parts.h"
#include "record/gate.h"

/* What one attempt at a line is about. */
struct attempt {
	struct sst_event *event;
	int64_t *time_us;
	enum sst_reason *why;
};

/* The record at hand is of the i-th layout: make the event. */
static inline enum sst_status
build(struct sst_recognizer *r, size_t i, const struct attempt *a)
{
	const struct sst_binding *binding = &r->candidates[i]->binding;
	bool has_quirks = binding->layout->has_quirks;
	enum sst_status status;

	if (SST_UNLIKELY(has_quirks))
		sst_quirks_tidy(&r->record);
	status = sst_builder_fill(
		r->builder, a->event, binding, &r->record, a->time_us, a->why);
	if (SST_UNLIKELY(has_quirks) && status == SST_OK)
		sst_quirks_finish(a->event, &r->record);
	return status;
}

static void
settle(struct sst_recognizer *r, size_t i, unsigned depth)
{
	r->frame_count = depth;
	if (i == r->current)
		return;
	r->current = i;
	r->changes++;
}

/* Is the i-th layout worth a try? */
static bool
may_fit(const struct sst_recognizer *r, size_t i,
	const struct sst_gate_facts *look)
{
	const struct sst_layout *layout;

	if (r->candidates[i] == NULL)
		return false;
	layout = sst_layout_of(r, i);
	return layout->shape != SST_SHAPE_STRING ||
	       sst_gate_lets(&layout->gate, look);
}

/* The layouts that explain the line the first way, in order; the first that
 * makes an event of it. */
static bool
try_layouts(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	const struct attempt *a)
{
	struct sst_gate_facts look = sst_gate_count(line);

	sst_record_forget(&r->record);
	for (size_t i = 0; i < r->n; i++)
		if (may_fit(r, i, &look) &&
			sst_record_cut(&r->record, sst_layout_of(r, i), line) &&
			build(r, i, a) == SST_OK) {
			settle(r, i, depth);
			return true;
		}
	return false;
}

/* The same by all ways: a line that one layout explains twice is ambiguous,
 * whatever others say. */
static enum sst_status
search_layouts(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	const struct attempt *a)
{
	struct sst_gate_facts look = sst_gate_count(line);
	enum sst_reason why = SST_WHY_NO_FORMAT;
	enum sst_reason said = SST_WHY_NO_FORMAT;

	sst_record_forget(&r->record);
	for (size_t k = 0; k <= r->n; k++) {
		size_t i = k == 0 ? r->current : k - 1;

		if (i == r->n || (k > 0 && i == r->current) ||
			!may_fit(r, i, &look))
			continue;
		/* Other shapes have one way: cutting says what is wrong. */
		if ((sst_layout_of(r, i)->shape != SST_SHAPE_STRING &&
			    sst_record_cut(
				    &r->record, sst_layout_of(r, i), line)) ||
			sst_record_search(&r->record, sst_layout_of(r, i), line,
				&why) == SST_OK) {
			if (build(r, i, a) == SST_OK) {
				settle(r, i, depth);
				return SST_OK;
			}
			why = SST_WHY_BAD_TIME;
		}
		if (why != SST_WHY_NO_FORMAT)
			said = why;
		if (why == SST_WHY_AMBIGUOUS)
			break;
	}
	*a->why = said;
	return SST_REJECT;
}

/* Take a frame off and remember its time: an inner one's counts more. */
static bool
open_frame(struct sst_recognizer *r, enum sst_frame_kind kind, unsigned depth,
	struct sst_span line, struct sst_frame *out)
{
	if (depth == SST_FRAME_DEPTH || line.len == 0 ||
		!sst_frame_may(kind, line.at[0]) ||
		!sst_frame_take(&r->frames, kind, depth, line, out))
		return false;
	r->kinds[depth] = kind;
	return true;
}

static void
note_time(struct sst_recognizer *r, const struct sst_frame *frame)
{
	if (!frame->has_time)
		return;
	r->has_frame_time = true;
	r->frame_time = frame->time;
}

static bool try_line(struct sst_recognizer *r, struct sst_span line,
	unsigned depth, const struct attempt *a);

static bool
try_frames(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	bool is_sure, const struct attempt *a)
{
	struct sst_frame frame;

	for (int kind = 0; kind < SST_FRAME_KINDS; kind++) {
		if (!open_frame(r, (enum sst_frame_kind)kind, depth, line,
			    &frame) ||
			frame.is_sure != is_sure)
			continue;
		r->kinds[depth] = (enum sst_frame_kind)kind;
		note_time(r, &frame);
		if (try_line(r, frame.inside, depth + 1, a))
			return true;
	}
	return false;
}

/* The first way: in a frame that is one for sure, bare, in what may be one. */
static bool
try_line(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	const struct attempt *a)
{
	return try_frames(r, line, depth, true, a) ||
	       try_layouts(r, line, depth, a) ||
	       try_frames(r, line, depth, false, a);
}

/* All ways: in the frames that are such for sure. */
static enum sst_status
search_line(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	const struct attempt *a)
{
	struct sst_frame frame;

	for (int kind = 0; kind < SST_FRAME_KINDS; kind++)
		if (open_frame(r, (enum sst_frame_kind)kind, depth, line,
			    &frame) &&
			frame.is_sure) {
			note_time(r, &frame);
			return search_line(r, frame.inside, depth + 1, a);
		}
	return search_layouts(r, line, depth, a);
}

/* A line that is not like the last one. */
static enum sst_status
find(struct sst_recognizer *r, struct sst_span line, const struct attempt *a)
{
	bool has_bad_time;

	*a->why = SST_WHY_NO_FORMAT;
	r->has_frame_time = false;
	if (try_line(r, line, 0, a))
		return SST_OK;
	/* A layout fitted, but its time is none: that says more than that no
	 * other fits. */
	has_bad_time = *a->why == SST_WHY_BAD_TIME;
	r->has_frame_time = false;
	if (search_line(r, line, 0, a) == SST_OK)
		return SST_OK;
	if (has_bad_time)
		*a->why = SST_WHY_BAD_TIME;
	return SST_REJECT;
}

/* The line inside the frames that the last one had. */
static bool
unframe(struct sst_recognizer *r, struct sst_span *line)
{
	struct sst_frame frame;

	r->has_frame_time = false;
	for (size_t i = 0; i < r->frame_count; i++) {
		if (!open_frame(r, r->kinds[i], (unsigned)i, *line, &frame))
			return false;
		note_time(r, &frame);
		*line = frame.inside;
	}
	return true;
}

static void
put_frame_time(struct sst_recognizer *r, const struct attempt *a)
{
	struct sst_buf *work = &a->event->work;
	struct sst_stamp stamp = r->frame_time;

	sst_buf_reset(work);
	sst_stamp_put(work, stamp);
	sst_event_put(a->event, SST_F_TIME, SST_KIND_STRING,
		sst_event_keep(a->event, sst_buf_span(work)), false);
	a->event->is_short |= work->is_short;
	*a->time_us = stamp.seconds * 1000000 + stamp.nanos / 1000;
}

enum sst_status
sst_recognizer_fill(struct sst_recognizer *r, struct sst_event *event,
	struct sst_span line, int64_t *time_us, enum sst_reason *why)
{
	const struct attempt a = {
		.event = event, .time_us = time_us, .why = why
	};
	struct sst_span inside = line;
	enum sst_status status = SST_REJECT;

	sst_record_forget(&r->record);
	if (SST_LIKELY((r->frame_count == 0 || unframe(r, &inside)) &&
		       r->current < r->n && r->candidates[r->current] != NULL &&
		       sst_record_cut(&r->record, sst_layout_of(r, r->current),
			       inside)))
		status = build(r, r->current, &a);
	if (SST_UNLIKELY(status != SST_OK))
		status = find(r, line, &a);
	if (SST_UNLIKELY(r->frame_count > 0 && status == SST_OK &&
			 *time_us == INT64_MIN && r->has_frame_time))
		put_frame_time(r, &a);
	return status == SST_REJECT && r->is_short ? SST_ENOMEM : status;
}
