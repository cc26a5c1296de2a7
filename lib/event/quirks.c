/* SPDX-License-Identifier: ISC */
#include "event/quirks.h"

#include "base/num.h"
#include "event/values.h"

SST_PADDED(none, "-");
SST_PADDED(https, "https");

static bool
is_none(const struct sst_layout *layout, struct sst_span value)
{
	for (size_t i = 0; i < layout->absent_count; i++)
		if (sst_span_eq(value, layout->absent[i]))
			return true;
	return false;
}

static bool
is_number(uint8_t conv)
{
	return conv == SST_CONV_INT || conv == SST_CONV_SECONDS;
}

static struct sst_span
trimmed(const struct sst_cell *cell, struct sst_span value)
{
	while (cell->is_padded && value.len > 0 && value.at[0] == ' ')
		value = sst_span_from(value, 1);
	if (is_number(cell->conv) && value.len > 1 && value.at[0] == '+')
		value = sst_span_from(value, 1);
	if (cell->conv == SST_CONV_FRONTEND && value.len > 1 &&
		value.at[value.len - 1] == '~')
		value.len--;
	return value;
}

void
sst_quirks_tidy(struct sst_record *record)
{
	const struct sst_layout *layout = record->layout;
	bool has_hashes = layout->escape == SST_ESCAPE_HAPROXY;

	for (size_t i = 0; i < layout->n; i++) {
		struct sst_span value =
			trimmed(&layout->cells[i], record->value[i]);

		if (is_none(layout, value))
			value = none;
		if (has_hashes && sst_span_find(value, '#') < value.len)
			record->is_odd[i] = true;
		record->value[i] = value;
	}
}

/* The parts of a duration, as a list that can be summed up. */
static bool
put_parts(struct sst_buf *list, const struct sst_record *record)
{
	bool has_any = false;

	for (size_t i = 0; i < record->layout->n; i++) {
		const struct sst_cell *cell = &record->layout->cells[i];
		struct sst_span value = record->value[i];

		if (!cell->is_part)
			continue;
		if (value.len == 0 || value.at[0] == '-')
			return false;
		if (has_any)
			sst_buf_byte(list, ',');
		if (!sst_num_put_shifted(list, value, cell->shift))
			return false;
		has_any = true;
	}
	return has_any;
}

/* "fe~" is a front end that was spoken to by TLS; the mark is now behind the
 * value. */
static bool
has_mark(const struct sst_record *record)
{
	for (size_t i = 0; i < record->layout->n; i++) {
		struct sst_span value = record->value[i];

		if (record->layout->cells[i].conv == SST_CONV_FRONTEND &&
			value.at[value.len] == '~')
			return true;
	}
	return false;
}

void
sst_quirks_finish(struct sst_event *event, const struct sst_record *record)
{
	struct sst_buf *work = &event->work;

	if (has_mark(record) && !sst_event_has(event, SST_F_SCHEME))
		sst_event_put(
			event, SST_F_SCHEME, SST_KIND_STRING, https, false);
	sst_buf_reset(work);
	if (put_parts(work, record) && !sst_event_has(event, SST_F_DURATION)) {
		struct sst_span list =
			sst_event_keep(event, sst_buf_span(work));

		sst_buf_reset(work);
		if (sst_list_put_sum(work, list))
			sst_event_put(event, SST_F_DURATION, SST_KIND_NUMBER,
				sst_event_keep(event, sst_buf_span(work)),
				false);
	}
	event->is_short |= work->is_short;
}
