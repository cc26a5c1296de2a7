/* SPDX-License-Identifier: ISC */
/*
 * stamp -- time stamps of logs to UTC, and back.
 *
 * Proleptic Gregorian calendar, years 1 to 9999, no time zone database, no
 * libc time functions, no locale: the log says its offset. A leap second
 * (:60) is read as the first second of the next minute. Times before 1970 are
 * negative.
 */
#ifndef SST_TEXT_STAMP_H
#define SST_TEXT_STAMP_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_stamp {
	int64_t seconds; /* since 1970-01-01T00:00:00Z */
	uint32_t nanos;  /* 0..999,999,999 */
	uint8_t digits;  /* of the fraction as spelled, 0..9 */
};

/* "24/Nov/2026:04:41:46 +0100", fraction (".123") allowed after the seconds;
 * English month names in any case. The whole span must fit. */
bool sst_stamp_clf(struct sst_span text, struct sst_stamp *out);

/* RFC 3339 and its common relatives: 'T', 't' or ' ' between date and time,
 * fraction after '.' or ',', zone 'Z', 'z', "+01:00", "+0100" or "+01". A
 * missing zone is an error unless assume_utc. */
bool sst_stamp_iso(
	struct sst_span text, bool assume_utc, struct sst_stamp *out);

/* Digits with an optional fraction: seconds up to 10 digits, 13 milliseconds,
 * 16 microseconds, 19 nanoseconds; with a '.', always seconds. */
bool sst_stamp_epoch(struct sst_span text, struct sst_stamp *out);

/*
 * By a strftime format, as Apache's %{...}t takes: %Y %y %m %d %e %b %B %h %a
 * %A %H %I %p %M %S %T %D %F %R %z %Z(UTC, GMT, Z) %s %n %t %%, and %f or
 * %1f..%9f (fraction digits). False when text does not fit, when the format
 * has an unknown conversion, or when the whole lacks a date or a zone (zone:
 * unless assume_utc).
 */
bool sst_stamp_by_format(struct sst_span format, struct sst_span text,
	bool assume_utc, struct sst_stamp *out);

/* How long every text of such a format is, as strftime pads it; 0 when they
 * differ (names in full, %s, %f). */
size_t sst_stamp_format_length(struct sst_span format);

/* Append "2026-11-24T04:41:46Z", with `digits` digits of fraction if any. */
void sst_stamp_put(struct sst_buf *to, struct sst_stamp stamp);

/* An event's `time` ("2026-11-24T04:41:46[.fff]Z") to microseconds since 1970,
 * further digits cut off. The form that sst writes is the fast path; any other
 * RFC 3339 time with zone is taken too. */
bool sst_stamp_us(struct sst_span text, int64_t *out);

/* Microseconds since 1970 to a stamp with 0 or 6 digits, as needed. */
struct sst_stamp sst_stamp_of_us(int64_t us);

/* Days since 1970-01-01 of a date, and back. Pure arithmetic. */
int64_t sst_days_of(int year, unsigned month, unsigned day);
void sst_date_of(int64_t days, int *year, unsigned *month, unsigned *day);

#endif
