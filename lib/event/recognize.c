/* SPDX-License-Identifier: ISC */
#include "event/recognize.h"

#include "event/quirks.h"
#include "record/columns.h"
#include "record/gate.h"

#include <stdlib.h>

#define LAYOUTS_MAX 512

/* Names of keys; a layout has at most SST_CELLS_MAX short ones. */
#define NAMES_MAX ((size_t)64 << 20)

/* Header lines that are remembered with their layouts: a log goes back and
 * forth between few. An older one gives way. */
#define HEADERS_MAX 8
#define HEADER_ROOM ((size_t)1 << 20)
#define SOFTWARE_MAX ((size_t)256)

struct candidate {
	struct sst_span name;
	bool is_stale; /* of a header that holds no more */
	struct sst_binding binding;
};

struct header {
	struct sst_arena arena;
	const struct sst_columns *columns; /* NULL: not in use */
	struct sst_span names;
	size_t candidate;
};

/* Where the line was that fitted last. */
struct place {
	size_t n;
	enum sst_frame_kind kinds[SST_FRAME_DEPTH];
};

struct sst_recognizer {
	struct sst_builder *builder;
	struct sst_arena arena;
	struct sst_record record;
	struct sst_frames frames;
	struct place place;
	bool has_frame_time;
	struct sst_stamp frame_time; /* of the innermost frame that has one */
	size_t n, current;           /* current == n: none yet */
	uint64_t changes;
	struct candidate *candidates[LAYOUTS_MAX];
	struct header headers[HEADERS_MAX];
	size_t next_header; /* gives way next */
	char software[SOFTWARE_MAX];
	size_t software_len;
};

enum sst_status
sst_recognizer_open(struct sst_recognizer **out,
	const struct sst_builder_options *options, struct sst_err *err)
{
	struct sst_recognizer *r = calloc(1, sizeof(*r));
	enum sst_status status;

	*out = r;
	if (r == NULL)
		return sst_fail_memory(err, "layouts");
	sst_arena_init(&r->arena, NAMES_MAX);
	sst_frames_init(&r->frames, options->now_us);
	for (size_t i = 0; i < HEADERS_MAX; i++)
		sst_arena_init(&r->headers[i].arena, HEADER_ROOM);
	status = sst_builder_open(&r->builder, options, err);
	if (status != SST_OK) {
		sst_recognizer_close(r);
		*out = NULL;
	}
	return status;
}

void
sst_recognizer_close(struct sst_recognizer *r)
{
	if (r == NULL)
		return;
	sst_builder_close(r->builder);
	sst_frames_release(&r->frames);
	sst_record_release(&r->record);
	sst_arena_release(&r->arena);
	for (size_t i = 0; i < HEADERS_MAX; i++)
		sst_arena_release(&r->headers[i].arena);
	free(r);
}

/* ---- layouts ---- */

static inline const struct sst_layout *
layout_of(const struct sst_recognizer *r, size_t i)
{
	return r->candidates[i]->binding.layout;
}

static bool
equal_cells(const struct sst_cell *a, const struct sst_cell *b)
{
	return sst_span_eq(a->key, b->key) && a->conv == b->conv &&
	       a->shift == b->shift && a->is_own == b->is_own &&
	       a->is_padded == b->is_padded && a->is_part == b->is_part &&
	       sst_span_eq(a->format, b->format);
}

/* Would they give the same event of every line? */
static bool
are_equal(const struct sst_layout *a, const struct sst_layout *b)
{
	if (a->shape != SST_SHAPE_STRING || b->shape != SST_SHAPE_STRING ||
		a->n != b->n || a->escape != b->escape ||
		a->absent_count != b->absent_count ||
		!sst_span_eq(a->head, b->head))
		return false;
	for (size_t i = 0; i < a->absent_count; i++)
		if (!sst_span_eq(a->absent[i], b->absent[i]))
			return false;
	for (size_t i = 0; i < a->n; i++)
		if (!equal_cells(&a->cells[i], &b->cells[i]) ||
			a->steps[i].fixed != b->steps[i].fixed ||
			!sst_span_eq(a->steps[i].literal, b->steps[i].literal))
			return false;
	return true;
}

static enum sst_status
add_one(struct sst_recognizer *r, const struct sst_layout *layout,
	struct sst_span name, struct sst_err *err)
{
	struct candidate *c;
	size_t at = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (are_equal(layout_of(r, i), layout))
			return SST_OK;
	if (r->n == LAYOUTS_MAX)
		return sst_fail(
			err, SST_ECONFIG, "more than %d layouts", LAYOUTS_MAX);
	c = sst_arena_take(&r->arena, sizeof(*c));
	if (c == NULL)
		return sst_fail_memory(err, "layouts");
	c->name = name;
	c->is_stale = false;
	if (layout->shape != SST_SHAPE_STRING &&
		sst_record_prepare(&r->record, err) != SST_OK)
		return SST_ENOMEM;
	for (; at > 0 && layout_of(r, at - 1)->order > layout->order; at--)
		r->candidates[at] = r->candidates[at - 1];
	r->candidates[at] = c;
	r->current = ++r->n;
	return sst_bind(&c->binding, layout, &r->arena, err);
}

enum sst_status
sst_recognizer_add(struct sst_recognizer *r, const struct sst_layout *layout,
	struct sst_span name, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (; layout != NULL && status == SST_OK; layout = layout->next)
		status = add_one(r, layout, name, err);
	return status;
}

/* ---- header lines ---- */

/* Whose header it is: the format of columns that says so, else the first one
 * that may be, else the first one. NULL: there is none. */
static const struct candidate *
owner_of(const struct sst_recognizer *r, struct sst_span names)
{
	struct sst_span software = sst_span(r->software, r->software_len);
	const struct candidate *best = NULL;
	int best_claim = -1;

	for (size_t i = 0; i < r->n; i++) {
		const struct candidate *c = r->candidates[i];
		const struct sst_columns *columns = c->binding.layout->columns;
		int claim;

		if (columns == NULL)
			continue;
		claim = sst_columns_claim(columns, names, software);
		if (claim > best_claim) {
			best = c;
			best_claim = claim;
		}
	}
	return best;
}

static void
use_header(struct sst_recognizer *r, struct header *header)
{
	for (size_t i = 0; i < HEADERS_MAX; i++)
		if (r->headers[i].columns != NULL)
			r->candidates[r->headers[i].candidate]->is_stale = true;
	r->candidates[header->candidate]->is_stale = false;
	if (r->current != header->candidate)
		r->changes++;
	r->current = header->candidate;
}

/* A header that is not among those remembered, in place of the oldest. What it
 * says may make no layout: then the layouts stay as they are. */
static enum sst_status
add_header(struct sst_recognizer *r, const struct candidate *owner,
	struct sst_span names, struct sst_err *err)
{
	struct header *header = &r->headers[r->next_header];
	bool is_new = header->columns == NULL;
	const struct sst_span name = owner->name;
	const struct sst_columns *columns = owner->binding.layout->columns;
	struct sst_layout *layout;
	struct candidate *c;

	if (is_new && r->n == LAYOUTS_MAX)
		return SST_OK;
	if (!is_new && r->current == header->candidate)
		r->current = r->n;
	header->names = sst_span("", 0);
	sst_arena_reset(&header->arena);
	c = sst_arena_zero(&header->arena, sizeof(*c));
	if (c == NULL)
		return sst_fail_memory(err, "a header");
	c->is_stale = true;
	if (!is_new)
		r->candidates[header->candidate] = c;
	if (sst_columns_layout(&layout, &header->arena, columns, names, NULL) !=
			SST_OK ||
		sst_bind(&c->binding, layout, &header->arena, NULL) != SST_OK)
		return SST_OK;
	c->name = name;
	header->columns = columns;
	header->names = layout->source;
	if (is_new)
		header->candidate = r->n++;
	r->candidates[header->candidate] = c;
	r->next_header = (r->next_header + 1) % HEADERS_MAX;
	use_header(r, header);
	return SST_OK;
}

static enum sst_status
take_header(
	struct sst_recognizer *r, struct sst_span names, struct sst_err *err)
{
	const struct candidate *owner = owner_of(r, names);

	if (owner == NULL)
		return SST_OK;
	for (size_t i = 0; i < HEADERS_MAX; i++)
		if (r->headers[i].columns == owner->binding.layout->columns &&
			sst_span_eq(r->headers[i].names, names)) {
			use_header(r, &r->headers[i]);
			return SST_OK;
		}
	return add_header(r, owner, names, err);
}

enum sst_status
sst_recognizer_directive(
	struct sst_recognizer *r, struct sst_span line, struct sst_err *err)
{
	struct sst_span value;
	struct sst_stamp stamp;

	switch (sst_directive_of(line, &value)) {
	case SST_DIRECTIVE_FIELDS:
		return take_header(r, value, err);
	case SST_DIRECTIVE_SOFTWARE:
		r->software_len =
			value.len < SOFTWARE_MAX ? value.len : SOFTWARE_MAX;
		memcpy(r->software, value.at, r->software_len);
		return SST_OK;
	case SST_DIRECTIVE_DATE:
		value = sst_span_head(value, value.len < 19 ? value.len : 19);
		if (sst_stamp_iso(value, true, &stamp))
			sst_builder_day(r->builder, &stamp);
		return SST_OK;
	default:
		return SST_OK;
	}
}

/* ---- one line ---- */

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
	r->place.n = depth;
	if (i == r->current)
		return;
	r->current = i;
	r->changes++;
}

/* Is the i-th layout worth a try? */
static bool
may_fit(const struct sst_recognizer *r, size_t i, const struct sst_look *look)
{
	const struct sst_layout *layout = layout_of(r, i);

	return !r->candidates[i]->is_stale &&
	       (layout->shape != SST_SHAPE_STRING ||
		       sst_gate_lets(&layout->gate, look));
}

/* The layouts that explain the line the first way, in order; the first that
 * makes an event of it. */
static bool
try_layouts(struct sst_recognizer *r, struct sst_span line, unsigned depth,
	const struct attempt *a)
{
	struct sst_look look = sst_look_at(line);

	sst_record_forget(&r->record);
	for (size_t i = 0; i < r->n; i++)
		if (may_fit(r, i, &look) &&
			sst_record_cut(&r->record, layout_of(r, i), line) &&
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
	struct sst_look look = sst_look_at(line);
	enum sst_reason why = SST_WHY_NO_FORMAT;
	enum sst_reason said = SST_WHY_NO_FORMAT;

	sst_record_forget(&r->record);
	for (size_t k = 0; k <= r->n; k++) {
		size_t i = k == 0 ? r->current : k - 1;

		if (i == r->n || (k > 0 && i == r->current) ||
			!may_fit(r, i, &look))
			continue;
		/* Other shapes have one way: cutting says what is wrong. */
		if ((layout_of(r, i)->shape != SST_SHAPE_STRING &&
			    sst_record_cut(
				    &r->record, layout_of(r, i), line)) ||
			sst_record_search(&r->record, layout_of(r, i), line,
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
	r->place.kinds[depth] = kind;
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
		r->place.kinds[depth] = (enum sst_frame_kind)kind;
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
	for (size_t i = 0; i < r->place.n; i++) {
		if (!open_frame(
			    r, r->place.kinds[i], (unsigned)i, *line, &frame))
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
	if (SST_LIKELY((r->place.n == 0 || unframe(r, &inside)) &&
		       r->current < r->n &&
		       sst_record_cut(
			       &r->record, layout_of(r, r->current), inside)))
		status = build(r, r->current, &a);
	if (SST_UNLIKELY(status != SST_OK))
		status = find(r, line, &a);
	if (SST_UNLIKELY(r->place.n > 0 && status == SST_OK &&
			 *time_us == INT64_MIN && r->has_frame_time))
		put_frame_time(r, &a);
	return status;
}

struct sst_span
sst_recognizer_name(const struct sst_recognizer *r, struct sst_span *layout,
	uint64_t *changes)
{
	const struct candidate *c;

	*changes = r->changes;
	*layout = sst_span("", 0);
	if (r->current >= r->n)
		return *layout;
	c = r->candidates[r->current];
	*layout = c->binding.layout->source;
	return c->name;
}

const enum sst_frame_kind *
sst_recognizer_frames(const struct sst_recognizer *r, size_t *n)
{
	*n = r->place.n;
	return r->place.kinds;
}

const struct sst_record *
sst_recognizer_record(
	const struct sst_recognizer *r, const struct sst_binding **binding)
{
	*binding =
		r->current < r->n ? &r->candidates[r->current]->binding : NULL;
	return &r->record;
}
