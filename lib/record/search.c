/* SPDX-License-Identifier: ISC */
/* All ways to cut a line, when the first one does not fit. */
#include "record/cut.h"

#include "base/wide.h"
#include "record/shape.h"
#include "text/stamp.h"

/* Enough for any line that a person would call clear. */
#define TRIES_MAX 4096

struct search {
	struct sst_record *record;
	const struct sst_layout *layout;
	const char *end;
	unsigned tries, found;
	const char *start[SST_CELLS_MAX]; /* the way that is being tried */
	size_t len[SST_CELLS_MAX];
};

/* A second way that gives other values makes the line ambiguous. */
static void
keep(struct search *s)
{
	bool is_other = s->found == 0;

	for (size_t i = 0; i < s->layout->n; i++)
		is_other |= s->record->value[i].at != s->start[i] ||
			    s->record->value[i].len != s->len[i];
	if (is_other && s->found++ == 0)
		for (size_t i = 0; i < s->layout->n; i++) {
			const char *stop = s->start[i] + s->len[i];

			s->record->value[i] = sst_span(s->start[i], s->len[i]);
			s->record->is_odd[i] =
				sst_wide_plain(s->start[i], stop) != stop;
		}
}

static bool
ends_once(const struct sst_step *step)
{
	return step->cut == SST_CUT_FIXED || step->cut == SST_CUT_REST ||
	       step->cut == SST_CUT_OPEN || step->cut == SST_CUT_PADDED;
}

/* Looking at all ways, a time must be one: its format says where it ends. */
static bool
may_be(const struct sst_cell *cell, struct sst_span value)
{
	struct sst_stamp stamp;

	return sst_cell_fits(cell, value) &&
	       (cell->conv != SST_CONV_TIME_FORMAT ||
		       sst_stamp_by_format(cell->format, value, true, &stamp));
}

/* May the value at `at` be followed by another end further on? Words and
 * fixed fields end in one place only. */
static bool
may_go_on(const struct sst_cell *cell, const struct sst_step *step)
{
	if (ends_once(step))
		return false;
	if (cell->is_quoted)
		return true;
	return cell->conv == SST_CONV_CLIENT || cell->conv == SST_CONV_TEXT ||
	       cell->conv == SST_CONV_USER ||
	       cell->conv == SST_CONV_FORWARDED ||
	       cell->conv == SST_CONV_REQUEST ||
	       cell->conv == SST_CONV_TARGET || cell->conv == SST_CONV_QUERY ||
	       cell->conv == SST_CONV_TIME_FORMAT ||
	       cell->conv == SST_CONV_LIST || cell->conv == SST_CONV_LAST_INT ||
	       cell->conv == SST_CONV_LAST_SECONDS ||
	       cell->conv == SST_CONV_SUM_SECONDS;
}

/* The recursion is as deep as the layout has fields, whatever the line. */
static void
try_from(struct search *s, size_t i, const char *at)
{
	const struct sst_cell *cell = &s->layout->cells[i];
	const struct sst_step *step = &s->layout->steps[i];
	const char *stop = at;
	unsigned ignored = 0;

	if (i == s->layout->n) {
		if (at == s->end)
			keep(s);
		return;
	}
	if (ends_once(step))
		stop = sst_end_of_value(step, at, s->end, &ignored);
	else
		stop = sst_find_literal(at, s->end, step->literal);
	while (stop <= s->end && s->found < 2 && s->tries++ < TRIES_MAX) {
		s->start[i] = at;
		s->len[i] = (size_t)(stop - at);
		if (may_be(cell, sst_span(at, s->len[i])))
			try_from(s, i + 1, stop + step->literal.len);
		if (!may_go_on(cell, step))
			break;
		stop = sst_find_literal(stop + 1, s->end, step->literal);
	}
}

/* All literals, one behind the other: without them there is no way. */
static bool
has_literals(const struct sst_layout *layout, struct sst_span line)
{
	const char *at = line.at + layout->head.len;
	const char *end = line.at + line.len;

	for (size_t i = 0; i < layout->n; i++) {
		const struct sst_step *step = &layout->steps[i];

		if (step->literal.len == 0)
			continue;
		at = sst_find_literal(at, end, step->literal);
		if (at > end)
			return false;
		at += step->literal.len;
	}
	return true;
}

enum sst_status
sst_record_search(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line, enum sst_reason *why)
{
	struct search s; /* large, and not for lines that have no chance */

	record->layout = layout;
	if (layout->shape != SST_SHAPE_STRING) {
		*why = sst_shape_why(record, layout, line);
		return SST_REJECT;
	}
	*why = SST_WHY_NO_FORMAT;
	if (!sst_span_starts(line, layout->head) || !has_literals(layout, line))
		return SST_REJECT;
	s.record = record;
	s.layout = layout;
	s.end = line.at + line.len;
	s.tries = s.found = 0;
	try_from(&s, 0, line.at + layout->head.len);
	if (s.found == 1 && s.tries < TRIES_MAX)
		return SST_OK;
	if (s.found > 0)
		*why = SST_WHY_AMBIGUOUS;
	return SST_REJECT;
}
