/* SPDX-License-Identifier: ISC */
/*
 * unit -- sizes and durations as people write them.
 *
 * One spelling for options, settings of API files and policies: "64k", "10M",
 * "1G" (powers of 1024), "500ms", "30s", "15m", "24h", "7d", "2w". A number
 * without a unit is bytes, or seconds.
 */
#ifndef SST_BASE_UNIT_H
#define SST_BASE_UNIT_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* The whole span, or false; *out is written on true only. What does not fit is
 * refused. */
bool sst_unit_size(struct sst_span text, uint64_t *out);
bool sst_unit_duration(struct sst_span text, int64_t *out_us);

#endif
