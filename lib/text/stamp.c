/* SPDX-License-Identifier: ISC */
#include "text/stamp.h"

#include "base/num.h"
#include "text/stamp_parts.h"

#define DAY ((int64_t)86400)

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define FIRST_SECOND (-INT64_C(62135596800))
#define LAST_SECOND INT64_C(253402300799)

/* The west of Kiribati is 14 hours ahead; no zone is further from UTC. */
#define MAX_ZONE_HOURS 14

static const uint32_t power_of_ten[10] = { 1, 10, 100, 1000, 10000, 100000,
	1000000, 10000000, 100000000, 1000000000 };

/*
 * Dates as days, by Howard Hinnant's "chrono-Compatible Low-Level Date
 * Algorithms": years begin in March, so that the leap day is the last, and 400
 * of them are an era of 146,097 days. 719,468 days lie between 0000-03-01 and
 * 1970-01-01.
 */
int64_t
sst_days_of(int year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

void
sst_date_of(int64_t days, int *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned of_era = (unsigned)(z - era * 146097);
	unsigned y =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	unsigned of_year = of_era - (365 * y + y / 4 - y / 100);
	unsigned march = (5 * of_year + 2) / 153;

	*day = of_year - (153 * march + 2) / 5 + 1;
	*month = march < 10 ? march + 3 : march - 9;
	*year = (int)(y + era * 400 + (*month <= 2));
}

static unsigned
days_in_month(unsigned year, unsigned month)
{
	static const uint8_t days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30,
		31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && is_leap ? 29 : days[month];
}

bool
sst_stamp_of_parts(const struct sst_stamp_parts *p, struct sst_stamp *out)
{
	int64_t seconds;

	/* Unsigned: 0 minus 1 is out of every range. */
	if (p->year - 1 >= 9999 || p->month - 1 >= 12 || p->day == 0 ||
		p->hour > 23 || p->minute > 59 || p->second > 60)
		return false;
	if (p->day > 28 && p->day > days_in_month(p->year, p->month))
		return false;
	seconds = sst_days_of((int)p->year, p->month, p->day) * DAY +
		  (int64_t)(p->hour * 3600 + p->minute * 60 + p->second) -
		  p->offset;
	if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
		return false;
	out->seconds = seconds;
	return true;
}

#define LETTERS(a, b, c) ((a) << 16 | (b) << 8 | (c))

/* With this bit set a capital letter is its small one, and nothing but letters
 * becomes a letter. */
static inline int
small(char c)
{
	return (unsigned char)c | 0x20;
}

unsigned
sst_stamp_month(const char *at)
{
	switch (LETTERS(small(at[0]), small(at[1]), small(at[2]))) {
	case LETTERS('j', 'a', 'n'):
		return 1;
	case LETTERS('f', 'e', 'b'):
		return 2;
	case LETTERS('m', 'a', 'r'):
		return 3;
	case LETTERS('a', 'p', 'r'):
		return 4;
	case LETTERS('m', 'a', 'y'):
		return 5;
	case LETTERS('j', 'u', 'n'):
		return 6;
	case LETTERS('j', 'u', 'l'):
		return 7;
	case LETTERS('a', 'u', 'g'):
		return 8;
	case LETTERS('s', 'e', 'p'):
		return 9;
	case LETTERS('o', 'c', 't'):
		return 10;
	case LETTERS('n', 'o', 'v'):
		return 11;
	case LETTERS('d', 'e', 'c'):
		return 12;
	default:
		return 0;
	}
}

bool
sst_stamp_fraction(struct sst_span text, size_t *at, struct sst_stamp *out)
{
	size_t i = *at, n = 0;
	uint32_t nanos = 0;

	for (; i < text.len; i++) {
		unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';

		if (digit > 9)
			break;
		if (n < 9) {
			nanos = nanos * 10 + digit;
			n++;
		}
	}
	if (n == 0)
		return false;
	out->nanos = nanos * power_of_ten[9 - n];
	out->digits = (uint8_t)n;
	*at = i;
	return true;
}

bool
sst_stamp_zone(struct sst_span text, size_t *at, int *offset)
{
	struct sst_span zone = sst_span_from(text, *at);
	unsigned hours, minutes = 0;
	size_t i = 3;

	if (zone.len == 0)
		return false;
	if ((zone.at[0] | 0x20) == 'z') {
		*offset = 0;
		++*at;
		return true;
	}
	if (zone.len < 3 || (zone.at[0] != '+' && zone.at[0] != '-'))
		return false;
	hours = sst_stamp_two(zone.at + 1);
	if (i < zone.len && zone.at[i] == ':')
		i++;
	if (i + 2 <= zone.len && sst_stamp_two(zone.at + i) < 60) {
		minutes = sst_stamp_two(zone.at + i);
		i += 2;
	} else {
		i = 3;
	}
	if (hours > MAX_ZONE_HOURS)
		return false;
	*offset = (int)(hours * 3600 + minutes * 60);
	if (zone.at[0] == '-')
		*offset = -*offset;
	*at += i;
	return true;
}

/* 24/Nov/2026:04:41:46 +0100
 * 0         1         2      */
#define CLF_TIME ((size_t)20)
#define CLF_ZONE ((size_t)6)

bool
sst_stamp_clf(struct sst_span text, struct sst_stamp *out)
{
	struct sst_stamp stamp = { 0 };
	struct sst_stamp_parts parts;
	const char *at = text.at, *zone;
	size_t i = CLF_TIME;
	unsigned hours, minutes;

	if (text.len < CLF_TIME + CLF_ZONE || at[2] != '/' || at[6] != '/' ||
		at[11] != ':' || at[14] != ':' || at[17] != ':')
		return false;
	if (text.len > CLF_TIME + CLF_ZONE) {
		i++;
		if (at[CLF_TIME] != '.' ||
			!sst_stamp_fraction(text, &i, &stamp))
			return false;
	}
	zone = at + i;
	if (text.len - i != CLF_ZONE || zone[0] != ' ' ||
		(zone[1] != '+' && zone[1] != '-'))
		return false;
	hours = sst_stamp_two(zone + 2);
	minutes = sst_stamp_two(zone + 4);
	if (hours > MAX_ZONE_HOURS || minutes > 59)
		return false;
	parts.offset = (int)(hours * 3600 + minutes * 60);
	if (zone[1] == '-')
		parts.offset = -parts.offset;
	parts.day = sst_stamp_two(at);
	parts.month = sst_stamp_month(at + 3);
	parts.year = sst_stamp_year(at + 7);
	parts.hour = sst_stamp_two(at + 12);
	parts.minute = sst_stamp_two(at + 15);
	parts.second = sst_stamp_two(at + 18);
	if (!sst_stamp_of_parts(&parts, &stamp))
		return false;
	*out = stamp;
	return true;
}

/* 2026-11-24T04:41:46Z
 * 0         1          */
#define ISO_TIME ((size_t)19)

bool
sst_stamp_iso(struct sst_span text, bool assume_utc, struct sst_stamp *out)
{
	struct sst_stamp stamp = { 0 };
	struct sst_stamp_parts parts = { .offset = 0 };
	const char *at = text.at;
	size_t i = ISO_TIME;

	if (text.len < ISO_TIME || at[4] != '-' || at[7] != '-' ||
		at[13] != ':' || at[16] != ':' ||
		(at[10] != 'T' && at[10] != 't' && at[10] != ' '))
		return false;
	if (i < text.len && (at[i] == '.' || at[i] == ',')) {
		i++;
		if (!sst_stamp_fraction(text, &i, &stamp))
			return false;
	}
	if (i == text.len) {
		if (!assume_utc)
			return false;
	} else if (!sst_stamp_zone(text, &i, &parts.offset) || i != text.len) {
		return false;
	}
	parts.year = sst_stamp_year(at);
	parts.month = sst_stamp_two(at + 5);
	parts.day = sst_stamp_two(at + 8);
	parts.hour = sst_stamp_two(at + 11);
	parts.minute = sst_stamp_two(at + 14);
	parts.second = sst_stamp_two(at + 17);
	if (!sst_stamp_of_parts(&parts, &stamp))
		return false;
	*out = stamp;
	return true;
}

bool
sst_stamp_epoch(struct sst_span text, struct sst_stamp *out)
{
	size_t point = sst_span_find(text, '.'), at = point + 1, below = 0;
	struct sst_stamp stamp = { 0 };
	uint64_t value;

	if (!sst_num_u64(sst_span_head(text, point), &value))
		return false;
	if (point < text.len) {
		if (!sst_stamp_fraction(text, &at, &stamp) || at != text.len)
			return false;
	} else if (text.len > 10) {
		/* Eleven digits of seconds begin in the year 2286, twelve of
		 * milliseconds end in 2001: neither is a log's time. */
		if (text.len != 13 && text.len != 16 && text.len != 19)
			return false;
		below = text.len - 10;
		stamp.digits = (uint8_t)below;
		stamp.nanos = (uint32_t)(value % power_of_ten[below]) *
			      power_of_ten[9 - below];
		value /= power_of_ten[below];
	}
	if (value > (uint64_t)LAST_SECOND)
		return false;
	stamp.seconds = (int64_t)value;
	*out = stamp;
	return true;
}

/* Division that rounds down: the second that a negative time lies in. */
static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static char *
put_two(char *to, unsigned value)
{
	to[0] = (char)('0' + value / 10);
	to[1] = (char)('0' + value % 10);
	return to + 2;
}

void
sst_stamp_put(struct sst_buf *to, struct sst_stamp stamp)
{
	int64_t days = floor_div(stamp.seconds, DAY);
	unsigned second = (unsigned)(stamp.seconds - days * DAY), month, day;
	char text[SST_PAD], *at = text;
	uint32_t rest = stamp.nanos;
	int year;

	sst_date_of(days, &year, &month, &day);
	if (year < 0 || year > 9999) {
		/* No stamp of a text, but arithmetic can lead here. */
		sst_buf_printf(to, "%d", year);
	} else {
		at = put_two(at, (unsigned)year / 100);
		at = put_two(at, (unsigned)year % 100);
	}
	*at++ = '-';
	at = put_two(at, month);
	*at++ = '-';
	at = put_two(at, day);
	*at++ = 'T';
	at = put_two(at, second / 3600);
	*at++ = ':';
	at = put_two(at, second / 60 % 60);
	*at++ = ':';
	at = put_two(at, second % 60);
	if (stamp.digits > 0)
		*at++ = '.';
	for (unsigned i = 0; i < stamp.digits && i < 9; i++) {
		*at++ = (char)('0' + rest / power_of_ten[8]);
		rest = rest % power_of_ten[8] * 10;
	}
	*at++ = 'Z';
	sst_buf_put(to, text, (size_t)(at - text));
}

bool
sst_stamp_us(struct sst_span text, int64_t *out)
{
	struct sst_stamp stamp;

	if (!sst_stamp_iso(text, false, &stamp))
		return false;
	*out = stamp.seconds * 1000000 + stamp.nanos / 1000;
	return true;
}

struct sst_stamp
sst_stamp_of_us(int64_t us)
{
	int64_t seconds = floor_div(us, 1000000);
	uint32_t rest = (uint32_t)(us - seconds * 1000000);

	return (struct sst_stamp){ seconds, rest * 1000, rest == 0 ? 0 : 6 };
}
