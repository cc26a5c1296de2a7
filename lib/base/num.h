/* SPDX-License-Identifier: ISC */
/*
 * num -- digits to checked integers, and decimal shifts.
 *
 * Decimal digits only, no sign, no space, no locale. Whatever does not fit is
 * refused, never wrapped or saturated.
 */
#ifndef SST_BASE_NUM_H
#define SST_BASE_NUM_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* All of the span is 1 to 20 digits and fits. *out is written on true only. */
bool sst_num_u64(struct sst_span text, uint64_t *out);

/* The same, with an optional leading '-'. */
bool sst_num_i64(struct sst_span text, int64_t *out);

/* Is it a number as JSON writes one (RFC 8259 section 6)? */
bool sst_num_is_json(struct sst_span text);

/*
 * Append `text` (digits, with an optional '.' and more digits) divided by
 * 10^places, exactly, as a JSON number: "1500" by 3 places gives 1.5, "0.042"
 * by 0 is copied as it stands. False and nothing appended when text is no such
 * number.
 */
bool sst_num_put_shifted(struct sst_buf *to, struct sst_span text, int places);

#endif
