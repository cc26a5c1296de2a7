/* SPDX-License-Identifier: ISC */
/*
 * geo_guard -- is a value of a MaxMind DB file safe to hand to the library?
 *
 * libmaxminddb before 1.14 follows nesting as deep as a file says, and before
 * 1.13 does not check every length. So each value is walked here first, by the
 * MaxMind DB file format specification 2.0: every length inside the data,
 * pointers to no pointers, nesting of at most SST_GEO_DEPTH, and no more than
 * SST_GEO_VALUES values with all that pointers lead to, cycles included.
 * Published databases nest 4 deep and have some 200 values in an entry.
 */
#ifndef SST_ENRICH_GEO_GUARD_H
#define SST_ENRICH_GEO_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SST_GEO_DEPTH 16
#define SST_GEO_VALUES 4096

/* The value at data[offset], data being a data section (or the metadata). */
bool sst_geo_is_sane(const uint8_t *data, size_t size, size_t offset);

/* Where the metadata begin in the last bytes of a file, behind their marker;
 * or n, when there is no marker. */
size_t sst_geo_find_metadata(const uint8_t *tail, size_t n);

#endif
