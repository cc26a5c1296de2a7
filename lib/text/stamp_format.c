/* SPDX-License-Identifier: ISC */
/* Time stamps by a strftime format: sst_stamp_by_format(). */
#include "text/stamp.h"

#include "text/stamp_parts.h"

enum {
	HAS_YEAR = 1,
	HAS_MONTH = 2,
	HAS_DAY = 4,
	HAS_DATE = 7,
	HAS_ZONE = 8,
	HAS_EPOCH = 16,
	HAS_HOUR_12 = 32,
	HAS_HALF = 64 /* AM or PM */
};

struct reading {
	struct sst_span text;
	size_t at;
	struct sst_stamp_parts parts;
	struct sst_stamp stamp;
	unsigned has;
	bool is_pm;
};

/* A conversion; `is_short` allows one digit where two are usual. */
static bool convert(struct reading *r, char letter, bool is_short);

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct sst_span
rest_of(const struct reading *r)
{
	return sst_span_from(r->text, r->at);
}

/* Two digits, or one. */
static bool
take_two(struct reading *r, bool is_short, unsigned *out)
{
	struct sst_span rest = rest_of(r);
	unsigned value =
		rest.len < 2 ? SST_STAMP_NO_DIGITS : sst_stamp_two(rest.at);

	if (value != SST_STAMP_NO_DIGITS) {
		r->at += 2;
	} else {
		if (!is_short || rest.len == 0)
			return false;
		value = (unsigned char)rest.at[0] - (unsigned)'0';
		if (value > 9)
			return false;
		r->at++;
	}
	*out = value;
	return true;
}

/* strftime pads the day of %e with a space. */
static bool
take_day(struct reading *r, bool is_short)
{
	struct sst_span rest = rest_of(r);

	if (rest.len > 0 && rest.at[0] == ' ') {
		r->at++;
		is_short = true;
	}
	r->has |= HAS_DAY;
	return take_two(r, is_short, &r->parts.day);
}

static bool
take_year(struct reading *r)
{
	struct sst_span rest = rest_of(r);

	if (rest.len < 4)
		return false;
	r->parts.year = sst_stamp_year(rest.at);
	r->has |= HAS_YEAR;
	r->at += 4;
	return true;
}

/* POSIX: 69 to 99 are the last century's. */
static bool
take_short_year(struct reading *r)
{
	unsigned year;

	if (!take_two(r, false, &year))
		return false;
	r->parts.year = year + (year < 69 ? 2000 : 1900);
	r->has |= HAS_YEAR;
	return true;
}

/* One of the names, whole or its first three letters, any case: its number
 * from 1, or 0. */
static unsigned
take_name(struct reading *r, const char *const *names, unsigned n)
{
	struct sst_span rest = rest_of(r);

	for (unsigned i = 0; i < n; i++) {
		struct sst_span name = sst_span_of(names[i]);

		for (; name.len >= 3; name.len = name.len > 3 ? 3 : 0)
			if (rest.len >= name.len &&
				sst_span_eq_nocase(
					sst_span_head(rest, name.len), name)) {
				r->at += name.len;
				return i + 1;
			}
	}
	return 0;
}

static bool
take_month_name(struct reading *r)
{
	static const char *const months[] = { "January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December" };

	r->parts.month = take_name(r, months, 12);
	r->has |= HAS_MONTH;
	return r->parts.month != 0;
}

/* The day of the week says nothing that the date does not. */
static bool
take_weekday(struct reading *r)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };

	return take_name(r, days, 7) != 0;
}

static bool
take_half(struct reading *r)
{
	struct sst_span rest = rest_of(r);

	if (rest.len < 2 || sst_lower(rest.at[1]) != 'm' ||
		(sst_lower(rest.at[0]) != 'a' && sst_lower(rest.at[0]) != 'p'))
		return false;
	r->is_pm = sst_lower(rest.at[0]) == 'p';
	r->has |= HAS_HALF;
	r->at += 2;
	return true;
}

/* Names of zones other than these are ambiguous. */
static bool
take_zone_name(struct reading *r)
{
	static const char *const names[] = { "UTC", "GMT", "Z" };
	struct sst_span rest = rest_of(r);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sst_span_starts(rest, sst_span_of(names[i]))) {
			r->at += strlen(names[i]);
			r->parts.offset = 0;
			r->has |= HAS_ZONE;
			return true;
		}
	return false;
}

static bool
take_epoch(struct reading *r)
{
	struct sst_span digits = rest_of(r);
	struct sst_stamp stamp;
	size_t n = 0;

	while (n < digits.len && digits.at[n] >= '0' && digits.at[n] <= '9')
		n++;
	if (n > 10 || !sst_stamp_epoch(sst_span_head(digits, n), &stamp))
		return false;
	r->stamp.seconds = stamp.seconds;
	r->has |= HAS_EPOCH;
	r->at += n;
	return true;
}

/* %f: all the digits there are; %3f: three. */
static bool
take_fraction(struct reading *r, size_t digits)
{
	struct sst_span text = r->text;

	if (digits > text.len - r->at)
		return false;
	if (digits > 0)
		text.len = r->at + digits;
	return sst_stamp_fraction(text, &r->at, &r->stamp) &&
	       (digits == 0 || r->at == text.len);
}

/* A conversion that stands for others, with single bytes between them. */
static bool
take_all(struct reading *r, const char *letters, char between)
{
	for (; *letters != '\0'; letters++) {
		if (!convert(r, *letters, false))
			return false;
		if (letters[1] == '\0')
			break;
		if (r->at == r->text.len || r->text.at[r->at] != between)
			return false;
		r->at++;
	}
	return true;
}

static bool
convert(struct reading *r, char letter, bool is_short)
{
	switch (letter) {
	case 'Y':
		return take_year(r);
	case 'y':
		return take_short_year(r);
	case 'm':
		r->has |= HAS_MONTH;
		return take_two(r, is_short, &r->parts.month);
	case 'd':
	case 'e':
		return take_day(r, is_short);
	case 'b':
	case 'B':
	case 'h':
		return take_month_name(r);
	case 'a':
	case 'A':
		return take_weekday(r);
	case 'I':
		r->has |= HAS_HOUR_12;
		return take_two(r, is_short, &r->parts.hour);
	case 'H':
		return take_two(r, is_short, &r->parts.hour);
	case 'p':
		return take_half(r);
	case 'M':
		return take_two(r, is_short, &r->parts.minute);
	case 'S':
		return take_two(r, is_short, &r->parts.second);
	case 'T':
		return take_all(r, "HMS", ':');
	case 'R':
		return take_all(r, "HM", ':');
	case 'D':
		return take_all(r, "mdy", '/');
	case 'F':
		return take_all(r, "Ymd", '-');
	case 'z':
		r->has |= HAS_ZONE;
		return sst_stamp_zone(r->text, &r->at, &r->parts.offset);
	case 'Z':
		return take_zone_name(r);
	case 's':
		return take_epoch(r);
	case 'f':
		return take_fraction(r, 0);
	case 'n':
	case 't':
		while (r->at < r->text.len && is_space(r->text.at[r->at]))
			r->at++;
		return true;
	default:
		return false;
	}
}

/* What was read as a whole. */
static bool
conclude(struct reading *r, bool assume_utc)
{
	if (r->has & HAS_EPOCH)
		return true;
	if ((r->has & HAS_DATE) != HAS_DATE ||
		!(r->has & HAS_ZONE || assume_utc))
		return false;
	if (r->has & HAS_HOUR_12) {
		if (!(r->has & HAS_HALF) || r->parts.hour - 1 >= 12)
			return false;
		r->parts.hour = r->parts.hour % 12 + (r->is_pm ? 12 : 0);
	}
	return sst_stamp_of_parts(&r->parts, &r->stamp);
}

bool
sst_stamp_by_format(struct sst_span format, struct sst_span text,
	bool assume_utc, struct sst_stamp *out)
{
	struct reading r = { .text = text };
	bool is_apart = true; /* no conversion directly before */

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < format.len; i++) {
		char c = format.at[i];
		bool is_literal, is_fit;

		if (c == '%' && ++i == format.len)
			return false;
		is_literal = c != '%' || format.at[i] == '%';
		if (is_literal) {
			is_fit = r.at < text.len && text.at[r.at] == c;
			r.at++;
		} else if (format.at[i] >= '1' && format.at[i] <= '9') {
			size_t digits = (size_t)(format.at[i] - '0');

			is_fit = ++i < format.len && format.at[i] == 'f' &&
				 take_fraction(&r, digits);
		} else {
			/* "1/2/2026" is well parted, "1122026" is not. */
			is_apart = is_apart && (i + 1 == format.len ||
						       format.at[i + 1] != '%');
			is_fit = convert(&r, format.at[i], is_apart);
		}
		if (!is_fit)
			return false;
		is_apart = is_literal;
	}
	if (r.at != text.len || !conclude(&r, assume_utc))
		return false;
	*out = r.stamp;
	return true;
}

size_t
sst_stamp_format_length(struct sst_span format)
{
	static const struct {
		char letter;
		uint8_t length;
	} lengths[] = { { 'Y', 4 }, { 'y', 2 }, { 'm', 2 }, { 'd', 2 },
		{ 'e', 2 }, { 'b', 3 }, { 'h', 3 }, { 'a', 3 }, { 'H', 2 },
		{ 'I', 2 }, { 'p', 2 }, { 'M', 2 }, { 'S', 2 }, { 'T', 8 },
		{ 'R', 5 }, { 'D', 8 }, { 'F', 10 }, { 'z', 5 }, { '%', 1 } };
	size_t length = 0;

	for (size_t i = 0; i < format.len; i++, length++) {
		size_t row = 0;

		if (format.at[i] != '%')
			continue;
		if (++i == format.len)
			return 0;
		if (format.at[i] >= '1' && format.at[i] <= '9') {
			length += (size_t)(format.at[i++] - '1');
			continue;
		}
		while (row < sizeof(lengths) / sizeof(lengths[0]) &&
			lengths[row].letter != format.at[i])
			row++;
		if (row == sizeof(lengths) / sizeof(lengths[0]))
			return 0;
		length += lengths[row].length - 1U;
	}
	return length;
}
