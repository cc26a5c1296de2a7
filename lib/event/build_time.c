/* SPDX-License-Identifier: ISC */
/* Times, whole or in parts. */
#include "event/builder.h"

#include "base/num.h"
#include "event/convert.h"

static void
note_time(struct sst_builder *b, struct sst_stamp stamp)
{
	if (!b->has_time || stamp.digits > b->best.digits)
		b->best = stamp;
	b->has_time = true;
}

static bool
read_clf(struct sst_builder *b, struct sst_span value)
{
	bool is_same = value.len == b->stamp_len &&
		       memcmp(value.at, b->stamp_text, value.len) == 0;

	if (!is_same) {
		b->stamp_len = 0;
		if (!sst_stamp_clf(value, &b->stamp))
			return false;
		if (value.len <= SST_STAMP_MAX) {
			memcpy(b->stamp_text, value.at, value.len);
			b->stamp_len = value.len;
		}
		sst_buf_reset(&b->time);
		sst_stamp_put(&b->time, b->stamp);
	}
	b->is_time_written = !b->has_time;
	note_time(b, b->stamp);
	return true;
}

static bool
read_date(struct sst_builder *b, struct sst_span value)
{
	struct sst_stamp midnight;

	if (value.len != 10)
		return false;
	sst_buf_reset(&b->bytes);
	sst_buf_put_span(&b->bytes, value);
	SST_BUF_PUT(&b->bytes, "T00:00:00");
	b->has_date = sst_stamp_iso(sst_buf_span(&b->bytes), true, &midnight);
	b->date = midnight.seconds;
	return b->has_date;
}

/* Date and time of day have columns of their own; a log without the first
 * says it in front of its lines. */
void
sst_build_join_clock(struct sst_builder *b)
{
	struct sst_stamp stamp = b->clock;

	if (!b->has_clock || (!b->has_date && b->day.digits == UINT8_MAX))
		return;
	if (b->has_date) {
		stamp.seconds += b->date;
	} else {
		int64_t midnight = b->day.seconds - b->day.seconds % 86400;

		stamp.seconds += midnight;
		if (stamp.seconds < b->day.seconds)
			stamp.seconds += 86400;
	}
	b->is_time_written = false;
	note_time(b, stamp);
}

bool
sst_build_read_time(struct sst_builder *b, size_t i, struct sst_span value)
{
	const struct sst_cell *cell = &b->record->layout->cells[i];
	struct sst_stamp stamp;
	uint64_t fraction;
	bool is_good;

	switch (cell->conv) {
	case SST_CONV_TIME_CLF:
		return read_clf(b, value);
	case SST_CONV_TIME_ISO:
		is_good = sst_stamp_iso(value, false, &stamp);
		break;
	case SST_CONV_TIME_EPOCH:
		is_good = sst_convert_epoch(value, cell->shift, &stamp);
		break;
	case SST_CONV_TIME_ANY:
		is_good = sst_convert_stamp(value, &stamp);
		break;
	case SST_CONV_TIME_END:
		b->has_end = sst_convert_stamp(value, &b->end);
		return true;
	case SST_CONV_CLOCK:
		b->has_clock = sst_convert_clock(value, &b->clock);
		return b->has_clock;
	case SST_CONV_DATE:
		return read_date(b, value);
	case SST_CONV_TIME_FORMAT:
		is_good =
			sst_stamp_by_format(cell->format, value, true, &stamp);
		break;
	default:
		is_good = sst_num_u64(value, &fraction) && value.len <= 9;
		if (!is_good)
			return false;
		b->has_fraction = true;
		b->fraction_digits = (uint8_t)value.len;
		for (size_t n = value.len; n < 9; n++)
			fraction *= 10;
		b->fraction_nanos = (uint32_t)fraction;
		return true;
	}
	b->is_time_written = false;
	if (is_good)
		note_time(b, stamp);
	return is_good;
}

void
sst_build_time(struct sst_builder *b, int64_t *time_us)
{
	*time_us = INT64_MIN;
	if (!b->has_time)
		return;
	if (b->has_fraction && b->best.digits == 0) {
		b->best.nanos = b->fraction_nanos;
		b->best.digits = b->fraction_digits;
		b->is_time_written = false;
	}
	*time_us = b->best.seconds * 1000000 + b->best.nanos / 1000;
	if (b->is_time_written) {
		sst_build_put(
			b, SST_F_TIME, SST_KIND_STRING, sst_buf_span(&b->time));
		return;
	}
	sst_buf_reset(&b->event->work);
	sst_stamp_put(&b->event->work, b->best);
	sst_build_work(b, SST_F_TIME, SST_KIND_STRING);
}
