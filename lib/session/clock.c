/* SPDX-License-Identifier: ISC */
#include "session/clock.h"

/* More than an hour ahead: believed when enough in a row say so. */
static enum sst_clock_move
see_ahead(struct sst_clock *clock, int64_t time_us)
{
	if (clock->ahead == 0 || time_us < clock->ahead_us)
		clock->ahead_us = time_us;
	if (++clock->ahead < SST_CLOCK_AGREE)
		return SST_CLOCK_IS_AHEAD;
	clock->now_us = clock->ahead_us;
	clock->ahead = 0;
	return SST_CLOCK_ADVANCES;
}

enum sst_clock_move
sst_clock_see(struct sst_clock *clock, int64_t time_us)
{
	bool is_young = clock->seen < SST_CLOCK_AGREE;
	bool is_first = clock->seen == 0;

	clock->seen += is_young;
	if (is_first) {
		clock->now_us = time_us;
		return SST_CLOCK_ADVANCES;
	}
	if (time_us > clock->now_us + SST_CLOCK_LEAP_US)
		return see_ahead(clock, time_us);
	clock->ahead = 0;
	if (is_young && time_us < clock->now_us - SST_CLOCK_LEAP_US) {
		clock->now_us = time_us;
		return SST_CLOCK_GOES_BACK;
	}
	if (time_us <= clock->now_us)
		return SST_CLOCK_STAYS;
	clock->now_us = time_us;
	return SST_CLOCK_ADVANCES;
}
