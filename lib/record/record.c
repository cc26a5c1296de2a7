/* SPDX-License-Identifier: ISC */
#include "record/record.h"

#include "base/wide.h"
#include "record/cut.h"
#include "record/shape.h"

static inline bool
has_literal(const char *at, const char *end, struct sst_span literal)
{
	if (SST_LIKELY(literal.len == 1))
		return at < end && *at == literal.at[0];
	if (literal.len == 2)
		return end - at >= 2 && at[0] == literal.at[0] &&
		       at[1] == literal.at[1];
	return (size_t)(end - at) >= literal.len &&
	       memcmp(at, literal.at, literal.len) == 0;
}

/* The quote that ends the value at `at`: not one that a backslash escapes. */
static const char *
closing_quote(const char *at, const char *end, unsigned *is_odd)
{
	const char *start = at;

	for (;;) {
		const char *quote = sst_wide_until(at, end, '"', is_odd);
		const char *slash = quote;

		if (SST_LIKELY(!*is_odd) || quote == end)
			return quote;
		while (slash > start && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote;
		at = quote + 1;
	}
}

/* Where the literal occurs first, or end + 1. */
const char *
sst_find_literal(const char *at, const char *end, struct sst_span literal)
{
	while (at < end) {
		at = memchr(at, literal.at[0], (size_t)(end - at));
		if (at == NULL)
			break;
		if (has_literal(at, end, literal))
			return at;
		at++;
	}
	return end + 1;
}

/* The end of the value at `at`; beyond `end` when there is none. */
static inline const char *
end_of_value(const struct sst_step *step, const char *at, const char *end,
	unsigned *is_odd)
{
	const char *stop;

	switch (step->cut) {
	case SST_CUT_BYTE:
		stop = sst_wide_until(at, end, step->stop, is_odd);
		break;
	case SST_CUT_QUOTE:
		stop = closing_quote(at, end, is_odd);
		break;
	case SST_CUT_TEXT:
		stop = sst_find_literal(at, end, step->literal);
		if (stop <= end)
			*is_odd = sst_wide_plain(at, stop) != stop;
		return stop;
	case SST_CUT_PADDED:
		while (at < end && *at == ' ')
			at++;
		stop = sst_wide_until(at, end, step->stop, is_odd);
		break;
	case SST_CUT_OPEN:
		stop = end;
		*is_odd = sst_wide_plain(at, stop) != stop;
		return sst_wide_find(at, end, '"') == end ? end : end + 1;
	case SST_CUT_FIXED:
		if ((size_t)(end - at) < step->fixed)
			return end + 1;
		stop = at + step->fixed;
		*is_odd = sst_wide_plain(at, stop) != stop;
		break;
	default:
		stop = end;
		*is_odd = sst_wide_plain(at, stop) != stop;
		break;
	}
	return has_literal(stop, end, step->literal) ? stop : end + 1;
}

const char *
sst_end_of_value(const struct sst_step *step, const char *at, const char *end,
	unsigned *is_odd)
{
	return end_of_value(step, at, end, is_odd);
}

/*
 * The same for a line without a byte that needs work, as most are: quotes end
 * values, and only what no quote ends can hold one. What a value looks like is
 * seen while looking for its end. NULL: not by this way.
 */
static inline const char *
end_of_clean_value(const struct sst_cell *cell, const struct sst_step *step,
	const char *at, const char *end, bool *is_odd)
{
	const char *stop = at;
	unsigned odd = 0;

	*is_odd = false;
	switch (cell->conv) {
	case SST_CONV_STATUS:
	case SST_CONV_INT:
		while (stop < end && sst_is_digit(*stop))
			stop++;
		if (stop > at &&
			(stop - at == 3 || cell->conv == SST_CONV_INT) &&
			has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_CLIENT:
		while (stop < end && sst_is_host_byte(*stop))
			stop++;
		if (stop - at > 1 && has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_TIME_CLF:
		stop = at + SST_CLF_LEN;
		if (end - at > SST_CLF_LEN && *stop == step->stop &&
			sst_is_clf_time(sst_span(at, SST_CLF_LEN)) &&
			has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_NAME: /* "-" is none */
		break;
	default:
		if (step->cut == SST_CUT_QUOTE) {
			stop = sst_wide_find(at, end, '"');
			if (has_literal(stop, end, step->literal))
				return stop;
		} else if (*at == '-' && step->cut != SST_CUT_REST &&
			   has_literal(at + 1, end, step->literal)) {
			return at + 1;
		}
		break;
	}
	stop = end_of_value(step, at, end, &odd);
	*is_odd = odd != 0;
	return stop <= end && sst_cell_fits(
				      cell, sst_span(at, (size_t)(stop - at)))
		       ? stop
		       : NULL;
}

static inline const char *
end_of_odd_value(const struct sst_cell *cell, const struct sst_step *step,
	const char *at, const char *end, bool *is_odd)
{
	unsigned odd = 0;
	const char *stop = end_of_value(step, at, end, &odd);

	*is_odd = odd != 0;
	return stop <= end && sst_cell_fits(
				      cell, sst_span(at, (size_t)(stop - at)))
		       ? stop
		       : NULL;
}

static bool
cut_first_way(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	const char *at = line.at + layout->head.len;
	const char *end = line.at + line.len;
	bool is_clean = sst_wide_is_clean(at, end);

	for (size_t i = 0; i < layout->n; i++) {
		const struct sst_cell *cell = &layout->cells[i];
		const struct sst_step *step = &layout->steps[i];
		const char *stop = is_clean ? end_of_clean_value(cell, step, at,
						      end, &record->is_odd[i])
					    : end_of_odd_value(cell, step, at,
						      end, &record->is_odd[i]);

		if (stop == NULL)
			return false;
		record->value[i] = sst_span(at, (size_t)(stop - at));
		at = stop + step->literal.len;
	}
	return at == end;
}

bool
sst_record_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	record->layout = layout;
	if (SST_UNLIKELY(layout->shape != SST_SHAPE_STRING))
		return sst_shape_cut(record, layout, line);
	return sst_span_starts(line, layout->head) &&
	       cut_first_way(record, layout, line);
}
