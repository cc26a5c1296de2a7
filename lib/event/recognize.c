/* SPDX-License-Identifier: ISC */
#include "event/recognize.h"

#include "record/columns.h"

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

struct sst_recognizer {
	struct sst_builder *builder;
	struct sst_arena arena;
	struct sst_record record;
	size_t n, current; /* current == n: none yet */
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
	sst_record_release(&r->record);
	sst_arena_release(&r->arena);
	for (size_t i = 0; i < HEADERS_MAX; i++)
		sst_arena_release(&r->headers[i].arena);
	free(r);
}

enum sst_status
sst_recognizer_add(struct sst_recognizer *r, const struct sst_layout *layout,
	struct sst_span name, struct sst_err *err)
{
	struct candidate *c = sst_arena_take(&r->arena, sizeof(*c));

	if (c == NULL)
		return sst_fail_memory(err, "layouts");
	if (r->n == LAYOUTS_MAX)
		return sst_fail(
			err, SST_ECONFIG, "more than %d layouts", LAYOUTS_MAX);
	c->name = name;
	c->is_stale = false;
	if (layout->shape != SST_SHAPE_STRING &&
		sst_record_prepare(&r->record, err) != SST_OK)
		return SST_ENOMEM;
	r->candidates[r->n] = c;
	r->current = ++r->n;
	return sst_bind(&c->binding, layout, &r->arena, err);
}

static inline const struct sst_layout *
layout_of(const struct sst_recognizer *r, size_t i)
{
	return r->candidates[i]->binding.layout;
}

/* Which layout fits the line the first way: the one that fitted last, or the
 * first in order; n when none does. */
static inline size_t
first_fit(struct sst_recognizer *r, struct sst_span line)
{
	size_t i;

	if (SST_LIKELY(
		    r->current < r->n &&
		    sst_record_cut(&r->record, layout_of(r, r->current), line)))
		return r->current;
	for (i = 0; i < r->n; i++)
		if (i != r->current && !r->candidates[i]->is_stale &&
			sst_record_cut(&r->record, layout_of(r, i), line))
			break;
	return i;
}

/* The same by all ways: a line that one layout explains twice is ambiguous,
 * whatever others say. */
static size_t
any_fit(struct sst_recognizer *r, struct sst_span line, enum sst_reason *why)
{
	enum sst_reason reason;

	*why = SST_WHY_NO_FORMAT;
	for (size_t k = 0; k <= r->n; k++) {
		size_t i = k == 0 ? r->current : k - 1;

		if (i == r->n || (k > 0 && i == r->current) ||
			r->candidates[i]->is_stale)
			continue;
		if (sst_record_search(&r->record, layout_of(r, i), line,
			    &reason) == SST_OK)
			return i;
		if (reason != SST_WHY_NO_FORMAT)
			*why = reason;
		if (reason == SST_WHY_AMBIGUOUS)
			break;
	}
	return r->n;
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

enum sst_status
sst_recognizer_fill(struct sst_recognizer *r, struct sst_event *event,
	struct sst_span line, int64_t *time_us, enum sst_reason *why)
{
	size_t i;

	sst_record_forget(&r->record);
	i = first_fit(r, line);
	if (SST_UNLIKELY(i == r->n))
		i = any_fit(r, line, why);
	if (SST_UNLIKELY(i == r->n))
		return SST_REJECT;
	if (SST_UNLIKELY(i != r->current)) {
		r->current = i;
		r->changes++;
	}
	return sst_builder_fill(r->builder, event, &r->candidates[i]->binding,
		&r->record, time_us, why);
}

struct sst_recognizer_state
sst_recognizer_state(const struct sst_recognizer *r)
{
	return (struct sst_recognizer_state){ r->current };
}

void
sst_recognizer_resume(
	struct sst_recognizer *r, const struct sst_recognizer_state *state)
{
	r->current = state->current;
}

bool
sst_recognizer_state_eq(const struct sst_recognizer_state *a,
	const struct sst_recognizer_state *b)
{
	return a->current == b->current;
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

const struct sst_record *
sst_recognizer_record(
	const struct sst_recognizer *r, const struct sst_binding **binding)
{
	*binding =
		r->current < r->n ? &r->candidates[r->current]->binding : NULL;
	return &r->record;
}
