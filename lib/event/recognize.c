/* SPDX-License-Identifier: ISC */
#include "event/recognize_parts.h"

#include <stdlib.h>

/* Names of keys; a layout has at most SST_CELLS_MAX short ones. */
#define NAMES_MAX ((size_t)64 << 20)

/* Layouts that header lines gave. */
#define HEADER_ROOM ((size_t)1 << 20)

enum sst_status
sst_recognizer_open(struct sst_recognizer **out,
	const struct sst_builder_options *options, struct sst_err *err)
{
	struct sst_recognizer *r = calloc(1, sizeof(*r));
	enum sst_status status;

	*out = r;
	if (r == NULL)
		return sst_fail_memory(err, "layouts");
	r->n = r->current = SST_HEADER_PLACE + 1;
	sst_arena_init(&r->arena, NAMES_MAX);
	sst_frames_init(&r->frames, options->now_us);
	for (size_t i = 0; i < SST_HEADERS_MAX; i++)
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
	sst_record_release(&r->record);
	sst_frames_release(&r->frames);
	sst_arena_release(&r->arena);
	for (size_t i = 0; i < SST_HEADERS_MAX; i++)
		sst_arena_release(&r->headers[i].arena);
	free(r);
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
	struct sst_candidate *c;
	size_t at = r->n;

	for (size_t i = SST_HEADER_PLACE + 1; i < r->n; i++)
		if (are_equal(sst_layout_of(r, i), layout))
			return SST_OK;
	if (r->n == SST_LAYOUTS_MAX)
		return sst_fail(err, SST_ECONFIG, "more than %d layouts",
			SST_LAYOUTS_MAX);
	c = sst_arena_take(&r->arena, sizeof(*c));
	if (c == NULL)
		return sst_fail_memory(err, "layouts");
	c->name = name;
	if (layout->shape != SST_SHAPE_STRING &&
		sst_record_prepare(&r->record, err) != SST_OK)
		return SST_ENOMEM;
	for (; at > SST_HEADER_PLACE + 1 &&
		sst_layout_of(r, at - 1)->order > layout->order;
		at--)
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

void
sst_recognizer_state(
	const struct sst_recognizer *r, struct sst_recognizer_state *out)
{
	out->current = r->current;
	out->owner = SIZE_MAX;
	out->names_len = 0;
	if (r->header != NULL) {
		const struct sst_span names =
			r->header->candidate->binding.layout->source;

		out->owner = r->header->owner;
		out->names_len = names.len;
		memcpy(out->names, names.at, names.len);
	}
	out->frame_count = r->frame_count;
	for (size_t i = 0; i < r->frame_count; i++)
		out->kinds[i] = r->kinds[i];
	out->software_len = r->software_len;
	memcpy(out->software, r->software, r->software_len);
	out->has_day = r->has_day;
	out->day = r->day;
}

/* As a builder has it before it was told one. */
static const struct sst_stamp no_day = { .digits = UINT8_MAX };

void
sst_recognizer_resume(
	struct sst_recognizer *r, const struct sst_recognizer_state *state)
{
	if (state->owner == SIZE_MAX)
		sst_recognizer_no_header(r);
	else
		sst_recognizer_header(r, state->owner,
			sst_span(state->names, state->names_len));
	r->current = state->current == SST_HEADER_PLACE && r->header == NULL
			     ? r->n
			     : state->current;
	r->frame_count = state->frame_count;
	for (size_t i = 0; i < state->frame_count; i++)
		r->kinds[i] = state->kinds[i];
	r->software_len = state->software_len;
	memcpy(r->software, state->software, state->software_len);
	r->has_day = state->has_day;
	r->day = state->day;
	sst_builder_day(r->builder, r->has_day ? &r->day : &no_day);
}

bool
sst_recognizer_state_eq(const struct sst_recognizer_state *a,
	const struct sst_recognizer_state *b)
{
	if (a->frame_count != b->frame_count)
		return false;
	for (size_t i = 0; i < a->frame_count; i++)
		if (a->kinds[i] != b->kinds[i])
			return false;
	return a->current == b->current && a->owner == b->owner &&
	       sst_span_eq(sst_span(a->names, a->names_len),
		       sst_span(b->names, b->names_len)) &&
	       sst_span_eq(sst_span(a->software, a->software_len),
		       sst_span(b->software, b->software_len)) &&
	       a->has_day == b->has_day &&
	       (!a->has_day || a->day.seconds == b->day.seconds);
}

struct sst_span
sst_recognizer_name(const struct sst_recognizer *r, struct sst_span *layout,
	uint64_t *changes)
{
	const struct sst_candidate *c;

	*changes = r->changes;
	*layout = sst_span("", 0);
	if (r->current >= r->n || r->candidates[r->current] == NULL)
		return *layout;
	c = r->candidates[r->current];
	*layout = c->binding.layout->source;
	return c->name;
}

const enum sst_frame_kind *
sst_recognizer_frames(const struct sst_recognizer *r, size_t *n)
{
	*n = r->frame_count;
	return r->kinds;
}

const struct sst_record *
sst_recognizer_record(
	const struct sst_recognizer *r, const struct sst_binding **binding)
{
	*binding = r->current < r->n && r->candidates[r->current] != NULL
			   ? &r->candidates[r->current]->binding
			   : NULL;
	return &r->record;
}
