/* SPDX-License-Identifier: ISC */
/*
 * outcome -- what became of a value the last time.
 *
 * Agents, hosts, paths and visitors repeat: a table from a value (and the
 * context that it was in) to its outcome makes the common case one hash and one
 * comparison of bytes. It is no larger than it was made: each value has a few
 * places, the newest one pushes the oldest out, and a value that is too long
 * for a place is worked out each time. Hostile input costs time, not memory.
 */
#ifndef SST_REDACT_OUTCOME_H
#define SST_REDACT_OUTCOME_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_outcomes;

struct sst_outcome_key {
	struct sst_span value; /* SST_PAD readable bytes behind it */
	uint64_t context;      /* outcomes in another one are others */
	/* Long, and again and again the same, as agents are: kept where paths
	 * and referrers do not push them out. */
	bool is_lasting;
};

struct sst_outcome {
	struct sst_span value; /* until the next put */
	uint32_t kinds;        /* the caller's */
	uint8_t change;        /* the caller's */
};

/* 14 MiB. */
enum sst_status sst_outcomes_open(
	struct sst_outcomes **out, struct sst_err *err) SST_MUST_USE;
void sst_outcomes_close(struct sst_outcomes *outcomes);

bool sst_outcomes_find(const struct sst_outcomes *outcomes,
	struct sst_outcome_key key, struct sst_outcome *out);
void sst_outcomes_put(struct sst_outcomes *outcomes, struct sst_outcome_key key,
	struct sst_outcome outcome);

#endif
