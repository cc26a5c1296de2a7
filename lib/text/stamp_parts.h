/* SPDX-License-Identifier: ISC */
/*
 * stamp_parts -- what the readers of time stamps share; for them alone.
 *
 * A reader fills the parts and leaves the judgement, whether there is such a
 * day and hour, to sst_stamp_of_parts(). The functions that take `at` read
 * from text.at[*at] on and move *at behind what they took, on true only.
 */
#ifndef SST_TEXT_STAMP_PARTS_H
#define SST_TEXT_STAMP_PARTS_H

#include "text/stamp.h"

struct sst_stamp_parts {
	unsigned year, month, day, hour, minute, second;
	int offset; /* of the zone, seconds east of UTC */
};

/* More than any part may be: stands for "not two digits". */
#define SST_STAMP_NO_DIGITS 100U

/* The number that two digits make, else SST_STAMP_NO_DIGITS. */
static inline unsigned
sst_stamp_two(const char *at)
{
	unsigned tens = (unsigned char)at[0] - (unsigned)'0';
	unsigned ones = (unsigned char)at[1] - (unsigned)'0';

	return tens > 9 || ones > 9 ? SST_STAMP_NO_DIGITS : tens * 10 + ones;
}

/* Four digits; 0, which is no year, when they are not. */
static inline unsigned
sst_stamp_year(const char *at)
{
	unsigned century = sst_stamp_two(at), year = sst_stamp_two(at + 2);

	if (century == SST_STAMP_NO_DIGITS || year == SST_STAMP_NO_DIGITS)
		return 0;
	return century * 100 + year;
}

/* 1 to 12 for the three letters of an English month, any case; else 0. */
unsigned sst_stamp_month(const char *at);

/* One digit or more; those past the ninth are cut off. */
bool sst_stamp_fraction(
	struct sst_span text, size_t *at, struct sst_stamp *out);

/* 'Z', 'z', "+01:00", "+0100" or "+01"; at most 14:59 either way. */
bool sst_stamp_zone(struct sst_span text, size_t *at, int *offset);

/* Sets out->seconds. False: no such date or time, or not in years 1 to 9999
 * of UTC. */
bool sst_stamp_of_parts(
	const struct sst_stamp_parts *parts, struct sst_stamp *out);

#endif
