/* SPDX-License-Identifier: ISC */
/* What options take: sizes, durations, times, and what was meant instead. */
#include "base/num.h"
#include "cli/opt.h"
#include "text/stamp.h"

#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)

bool
sst_opt_size(struct sst_span text, uint64_t *out)
{
	static const char units[] = "kmgt";
	uint64_t value, factor = 1;
	const char *unit = NULL;

	if (text.len > 1)
		unit = memchr(units, sst_lower(text.at[text.len - 1]), 4);
	if (unit != NULL) {
		factor = UINT64_C(1) << (10 * (unit - units + 1));
		text.len--;
	}
	if (!sst_num_u64(text, &value) || value > UINT64_MAX / factor)
		return false;
	*out = value * factor;
	return true;
}

bool
sst_opt_duration(struct sst_span text, int64_t *out_us)
{
	/* A month and a year as calendars average them. */
	static const struct {
		const char *unit;
		int64_t us;
	} units[] = {
		{ "ms", 1000 },
		{ "s", SECOND },
		{ "m", 60 * SECOND },
		{ "h", 3600 * SECOND },
		{ "d", 86400 * SECOND },
		{ "w", 7 * 86400 * SECOND },
		{ "mo", 2629746 * SECOND },
		{ "y", 31556952 * SECOND },
	};
	size_t digits = 0;
	uint64_t value;

	while (digits < text.len && text.at[digits] >= '0' &&
		text.at[digits] <= '9')
		digits++;
	if (!sst_num_u64(sst_span_head(text, digits), &value))
		return false;
	if (digits == text.len && value == 0) {
		*out_us = 0; /* zero is zero in any unit */
		return true;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (sst_span_is(sst_span_from(text, digits), units[i].unit)) {
			if (value > (uint64_t)(INT64_MAX / units[i].us))
				return false;
			*out_us = (int64_t)value * units[i].us;
			return true;
		}
	return false;
}

/* Midnight of the day that holds `us`, in the zone that TZ names. */
static int64_t
midnight(int64_t us, int days)
{
	time_t seconds = (time_t)(us / SECOND);
	struct tm day;

	if (localtime_r(&seconds, &day) == NULL)
		return us;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_mday += days;
	day.tm_isdst = -1;
	return (int64_t)mktime(&day) * SECOND;
}

static bool
date_only(struct sst_span text, int64_t *out_us)
{
	struct tm day = { .tm_isdst = -1 };
	uint64_t year, month, date;
	struct sst_stamp stamp;
	char whole[20];

	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
		return false;
	/* The reader of time stamps knows which dates there are. */
	memcpy(whole, text.at, 10);
	memcpy(whole + 10, "T00:00:00Z", 10);
	if (!sst_stamp_iso(sst_span(whole, 20), false, &stamp) ||
		!sst_num_u64(sst_span(text.at, 4), &year) ||
		!sst_num_u64(sst_span(text.at + 5, 2), &month) ||
		!sst_num_u64(sst_span(text.at + 8, 2), &date))
		return false;
	day.tm_year = (int)year - 1900;
	day.tm_mon = (int)month - 1;
	day.tm_mday = (int)date;
	*out_us = (int64_t)mktime(&day) * SECOND;
	return true;
}

bool
sst_opt_time(struct sst_span text, int64_t now_us, int64_t *out_us)
{
	struct sst_stamp stamp;

	if (sst_span_is(text, "now")) {
		*out_us = now_us;
	} else if (sst_span_is(text, "today")) {
		*out_us = midnight(now_us, 0);
	} else if (sst_span_is(text, "yesterday")) {
		*out_us = midnight(now_us, -1);
	} else if (text.len > 1 && text.at[0] == '-') {
		if (!sst_opt_duration(sst_span_from(text, 1), out_us))
			return false;
		*out_us = now_us - *out_us;
	} else if (text.len > 1 && text.at[0] == '@') {
		if (!sst_stamp_epoch(sst_span_from(text, 1), &stamp))
			return false;
		*out_us = stamp.seconds * SECOND + stamp.nanos / 1000;
	} else if (!date_only(text, out_us)) {
		if (!sst_stamp_iso(text, false, &stamp))
			return false;
		*out_us = stamp.seconds * SECOND + stamp.nanos / 1000;
	}
	return true;
}

/* Longest word that is compared; a name is never longer. */
#define WORD_MAX 40

/* Edits (insert, delete, change, swap of neighbours) from a to b. */
static size_t
distance(struct sst_span a, struct sst_span b)
{
	size_t row[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = row[i % 3], *last = row[(i + 2) % 3];
		size_t *before = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best =
				last[j - 1] + (sst_lower(a.at[i - 1]) !=
						      sst_lower(b.at[j - 1]));

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
				a.at[i - 2] == b.at[j - 1] &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[a.len % 3][b.len];
}

const char *
sst_suggest(struct sst_span word, const char *const *words, size_t n)
{
	const char *found = NULL;
	size_t best = word.len / 3 + 1;

	if (word.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct sst_span other = sst_span_of(words[i]);
		size_t far;

		if (other.len > WORD_MAX)
			continue;
		/* A word that was cut short is near whatever is missing. */
		far = word.len >= 3 && sst_span_starts(other, word)
			      ? 1
			      : distance(word, other);
		if (far < best || (far == best && found == NULL)) {
			best = far;
			found = words[i];
		}
	}
	return found;
}
