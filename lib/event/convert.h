/* SPDX-License-Identifier: ISC */
/*
 * convert -- values that only some logs spell so, as events have them.
 *
 * For the conversions of record/conv.h that no format string needs. Each
 * appends to a buffer; false: the value says nothing.
 */
#ifndef SST_EVENT_CONVERT_H
#define SST_EVENT_CONVERT_H

#include "base/buf.h"
#include "base/span.h"
#include "text/stamp.h"

#include <stdbool.h>

/* Seconds of "0.042", "12ms", "1.5s", "3us", "250ns", "1h2m3.5s" (Go's
 * durations). A whole number without unit is shifted by `whole` places. */
bool sst_convert_elapsed(struct sst_buf *to, struct sst_span value, int whole);

/* "1.1", "2.0.0.0" and "http1.1" are HTTP/1.1, HTTP/2.0 and HTTP/1.1; what is
 * no number stays. */
void sst_convert_protocol(struct sst_buf *to, struct sst_span value);

/* "771" (RFC 8446), "1.2", "tls1.2" and "TLS 1.2" are TLSv1.2; others stay. */
void sst_convert_tls(struct sst_buf *to, struct sst_span value);

/* Undo %XX. More than once only as long as no space has come of it: what was
 * encoded once less has one already. */
void sst_convert_percent(struct sst_buf *to, struct sst_buf *scratch,
	struct sst_span value, int times);

/* A URL in which percent signs were written %25: "%2520" was "%20". */
void sst_convert_encoded(struct sst_buf *to, struct sst_span value);

/* Spaces that were written '+'; a value that has a space was not. */
void sst_convert_plus(struct sst_buf *to, struct sst_span value);

/* Seconds between two stamps. False: it ended before it began. */
bool sst_convert_between(
	struct sst_buf *to, struct sst_stamp from, struct sst_stamp until);

/* Any common spelling of a time: CLF, ISO 8601 (UTC without a zone), epoch. */
bool sst_convert_stamp(struct sst_span value, struct sst_stamp *out);

/* Seconds, milliseconds (3), ... since 1970, with decimals or without. 0: told
 * by the number of digits. */
bool sst_convert_epoch(struct sst_span value, int shift, struct sst_stamp *out);

/* "04:41:46[.123]" as seconds of a day. */
bool sst_convert_clock(struct sst_span value, struct sst_stamp *out);

#endif
