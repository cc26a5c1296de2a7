/* SPDX-License-Identifier: ISC */
#include "event/recognize.h"

#include <stdlib.h>

#define LAYOUTS_MAX 512

/* Names of keys; a layout has at most SST_CELLS_MAX short ones. */
#define NAMES_MAX ((size_t)64 << 20)

struct candidate {
	struct sst_span name;
	struct sst_binding binding;
};

struct sst_recognizer {
	struct sst_builder *builder;
	struct sst_arena arena;
	struct sst_record record;
	size_t n, current; /* current == n: none yet */
	uint64_t changes;
	struct candidate *candidates[LAYOUTS_MAX];
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
	sst_arena_release(&r->arena);
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
		if (i != r->current &&
			sst_record_cut(&r->record, layout_of(r, i), line))
			break;
	return i;
}

/* The same by all ways: a line that one layout explains twice is ambiguous,
 * whatever others say. */
static size_t
any_fit(struct sst_recognizer *r, struct sst_span line, enum sst_reason *why)
{
	*why = SST_WHY_NO_FORMAT;
	for (size_t k = 0; k <= r->n; k++) {
		size_t i = k == 0 ? r->current : k - 1;

		if (i == r->n || (k > 0 && i == r->current))
			continue;
		if (sst_record_search(&r->record, layout_of(r, i), line, why) ==
			SST_OK)
			return i;
		if (*why == SST_WHY_AMBIGUOUS)
			break;
	}
	return r->n;
}

enum sst_status
sst_recognizer_fill(struct sst_recognizer *r, struct sst_event *event,
	struct sst_span line, int64_t *time_us, enum sst_reason *why)
{
	size_t i = first_fit(r, line);

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
