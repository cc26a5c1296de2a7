/* SPDX-License-Identifier: ISC */
#include "event/recognize.h"

#include <stdlib.h>

#define LAYOUTS_MAX 512

/* Names of keys; a layout has at most SST_CELLS_MAX short ones. */
#define NAMES_MAX ((size_t)64 << 20)

/* Header lines that are remembered with their layouts: a log goes back and
 * forth between few. The oldest gives way. */
#define HEADERS_MAX 8
#define HEADER_ROOM ((size_t)1 << 20)

/* The place of the layout that a header line gave; it is empty before one. */
#define HEADER 0

struct candidate {
	struct sst_span name;
	struct sst_binding binding;
};

struct header {
	struct sst_arena arena;
	struct candidate *candidate; /* in it; NULL: not in use */
	size_t owner;                /* whose columns these are */
};

struct sst_recognizer {
	struct sst_builder *builder;
	struct sst_arena arena;
	struct sst_record record;
	size_t n, current; /* current == n: none yet */
	uint64_t changes;
	struct candidate *candidates[LAYOUTS_MAX];

	/* What header lines said. */
	struct header headers[HEADERS_MAX];
	const struct header *header; /* that holds now, or NULL */
	size_t next_header;          /* gives way next */
	char software[SST_SOFTWARE_MAX];
	size_t software_len;
	bool has_day;
	struct sst_stamp day;
	bool is_short; /* no memory for a header */
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
	r->n = r->current = HEADER + 1;
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
		if (i != r->current && r->candidates[i] != NULL &&
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
			r->candidates[i] == NULL)
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

static const struct sst_columns *
columns_of(const struct sst_recognizer *r, size_t i)
{
	return r->candidates[i] == NULL ? NULL : layout_of(r, i)->columns;
}

/* Whose header it is: the format of columns that says so, else the first one
 * that may be, else the first one. r->n: there is none. */
static size_t
owner_of(const struct sst_recognizer *r, struct sst_span names)
{
	struct sst_span software = sst_span(r->software, r->software_len);
	size_t best = r->n;
	int best_claim = -1;

	for (size_t i = HEADER + 1; i < r->n; i++) {
		int claim;

		if (columns_of(r, i) == NULL)
			continue;
		claim = sst_columns_claim(columns_of(r, i), names, software);
		if (claim > best_claim) {
			best = i;
			best_claim = claim;
		}
	}
	return best;
}

static void
use_header(struct sst_recognizer *r, const struct header *header)
{
	struct candidate *c = header == NULL ? NULL : header->candidate;

	r->header = header;
	if (c == r->candidates[HEADER])
		return;
	r->candidates[HEADER] = c;
	r->changes++;
}

/* Make a layout in place of the oldest. What the line says may make none: then
 * those that there are stay. NULL. */
static const struct header *
add_header(struct sst_recognizer *r, size_t owner, struct sst_span names)
{
	struct header *header = &r->headers[r->next_header];
	const struct sst_columns *columns = columns_of(r, owner);
	struct sst_layout *layout;
	struct sst_err err = { 0 };

	if (header == r->header)
		header = &r->headers[++r->next_header % HEADERS_MAX];
	sst_arena_reset(&header->arena);
	header->owner = owner;
	header->candidate =
		sst_arena_zero(&header->arena, sizeof(*header->candidate));
	if (header->candidate == NULL ||
		sst_columns_layout(&layout, &header->arena, columns, names,
			&err) != SST_OK ||
		sst_bind(&header->candidate->binding, layout, &header->arena,
			&err) != SST_OK) {
		r->is_short |=
			header->candidate == NULL || err.status == SST_ENOMEM;
		header->candidate = NULL;
		return NULL;
	}
	header->candidate->name = r->candidates[owner]->name;
	r->next_header = (r->next_header + 1) % HEADERS_MAX;
	return header;
}

static void
take_header(struct sst_recognizer *r, size_t owner, struct sst_span names)
{
	const struct header *header = NULL;

	for (size_t i = 0; i < HEADERS_MAX && header == NULL; i++) {
		const struct candidate *c = r->headers[i].candidate;

		if (c != NULL && r->headers[i].owner == owner &&
			sst_span_eq(c->binding.layout->source, names))
			header = &r->headers[i];
	}
	if (header == NULL)
		header = add_header(r, owner, names);
	if (header == NULL)
		return;
	use_header(r, header);
	r->current = HEADER;
}

static void
take_fields(struct sst_recognizer *r, struct sst_span names)
{
	size_t owner = owner_of(r, names);

	if (owner < r->n)
		take_header(r, owner, names);
}

enum sst_status
sst_recognizer_directive(
	struct sst_recognizer *r, struct sst_span line, struct sst_err *err)
{
	struct sst_span value;

	switch (sst_directive_of(line, &value)) {
	case SST_DIRECTIVE_FIELDS:
		take_fields(r, value);
		break;
	case SST_DIRECTIVE_SOFTWARE:
		r->software_len = value.len < SST_SOFTWARE_MAX
					  ? value.len
					  : SST_SOFTWARE_MAX;
		memcpy(r->software, value.at, r->software_len);
		break;
	case SST_DIRECTIVE_DATE:
		value = sst_span_head(value, value.len < 19 ? value.len : 19);
		if (!sst_stamp_iso(value, true, &r->day))
			break;
		r->has_day = true;
		sst_builder_day(r->builder, &r->day);
		break;
	default:
		break;
	}
	return r->is_short ? sst_fail_memory(err, "a header") : SST_OK;
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
		return r->is_short ? SST_ENOMEM : SST_REJECT;
	if (SST_UNLIKELY(i != r->current)) {
		r->current = i;
		r->changes++;
	}
	return sst_builder_fill(r->builder, event, &r->candidates[i]->binding,
		&r->record, time_us, why);
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
	out->software_len = r->software_len;
	memcpy(out->software, r->software, r->software_len);
	out->has_day = r->has_day;
	out->day = r->day;
}

void
sst_recognizer_resume(
	struct sst_recognizer *r, const struct sst_recognizer_state *state)
{
	if (state->owner == SIZE_MAX)
		use_header(r, NULL);
	else
		take_header(r, state->owner,
			sst_span(state->names, state->names_len));
	r->current = state->current == HEADER && r->header == NULL
			     ? r->n
			     : state->current;
	r->software_len = state->software_len;
	memcpy(r->software, state->software, state->software_len);
	r->has_day = state->has_day;
	r->day = state->day;
	if (r->has_day)
		sst_builder_day(r->builder, &r->day);
}

bool
sst_recognizer_state_eq(const struct sst_recognizer_state *a,
	const struct sst_recognizer_state *b)
{
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
	const struct candidate *c;

	*changes = r->changes;
	*layout = sst_span("", 0);
	if (r->current >= r->n || r->candidates[r->current] == NULL)
		return *layout;
	c = r->candidates[r->current];
	*layout = c->binding.layout->source;
	return c->name;
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
