/* SPDX-License-Identifier: ISC */
/*
 * clock -- what time it is in a log: the newest event time that can be
 * believed.
 *
 * The clock follows the events and never looks at the machine's own. It goes
 * forward only, and by more than an hour only when nine events in a row are
 * that far ahead (the first and eight more that agree), to the earliest of
 * them: a single stamp from the future must not end every open visit. A first
 * stamp that was itself from the future is taken back when one of the eight
 * events after it is more than an hour older.
 */
#ifndef SST_SESSION_CLOCK_H
#define SST_SESSION_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define SST_CLOCK_LEAP_US ((int64_t)3600 * 1000000)
#define SST_CLOCK_AGREE 9

struct sst_clock {
	int64_t now_us;
	int64_t ahead_us; /* the earliest of the events in a row ahead */
	uint32_t ahead;   /* how many */
	uint32_t seen;    /* events so far; stops at SST_CLOCK_AGREE */
};

enum sst_clock_move {
	SST_CLOCK_STAYS,
	SST_CLOCK_ADVANCES,
	SST_CLOCK_IS_AHEAD, /* stays: this stamp is over an hour ahead */
	SST_CLOCK_GOES_BACK /* the first stamp is not believed any more */
};

/* An event was logged at time_us. */
enum sst_clock_move sst_clock_see(struct sst_clock *clock, int64_t time_us);

#endif
