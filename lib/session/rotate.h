/* SPDX-License-Identifier: ISC */
/*
 * rotate -- the key under which visitor ids are made, a new one every day.
 *
 * A day's key is derived from the installation's secret and the date, so that
 * several hosts, and a backfill, give a visitor the same id. It also means
 * that whoever has the secret can make the ids of any day again: the rotation
 * hides visitors from those who see the events, not from the key's owner.
 */
#ifndef SST_SESSION_ROTATE_H
#define SST_SESSION_ROTATE_H

#include "base/digest.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Around midnight events of two days alternate. */
#define SST_ROTATE_KEYS 4

struct sst_rotate {
	uint8_t secret[SST_KEY_LEN];
	bool is_never;    /* one key for good */
	int32_t offset_s; /* the zone whose midnight counts, east positive */
	struct {
		bool is_made;
		int64_t day; /* since 1970 */
		struct sst_digest key;
	} keys[SST_ROTATE_KEYS];
};

/* The secret is copied; release wipes it. */
void sst_rotate_init(
	struct sst_rotate *rotate, const uint8_t secret[SST_KEY_LEN]);
void sst_rotate_release(struct sst_rotate *rotate);

/* "daily", "daily:ZONE" or "never". */
bool sst_rotate_read(struct sst_rotate *rotate, struct sst_span text);

/* The key of the day that a time falls on; good until the next call. */
const struct sst_digest *sst_rotate_key(
	struct sst_rotate *rotate, int64_t time_us);

/* "UTC", "Z", "+01:00", "+0100", "+01", with either sign, up to 14 hours:
 * seconds east of UTC. There are no daylight rules in it. */
bool sst_zone_read(struct sst_span text, int32_t *offset_s);

#endif
