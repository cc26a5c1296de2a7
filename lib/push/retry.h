/* SPDX-License-Identifier: ISC */
/*
 * retry -- when to try again. Pure: no clock, no random source.
 *
 * Capped exponential backoff with full jitter: the n-th wait is uniform between
 * 0 and min(cap, base * 2^(n-1)), so that senders that failed together do not
 * come back together. What the server says (Retry-After) is waited at least,
 * up to a cap of its own.
 */
#ifndef SST_PUSH_RETRY_H
#define SST_PUSH_RETRY_H

#include <stdbool.h>
#include <stdint.h>

struct sst_retry_policy {
	int64_t base_us, cap_us;
	int64_t after_cap_us; /* no server is believed beyond this */
	uint64_t retries;     /* after the first attempt; UINT64_MAX: any */
	int64_t max_age_us;   /* of a batch; then it is given up */
};

/* 1 s doubling up to 60 s, Retry-After up to an hour. */
extern const struct sst_retry_policy sst_retry_standard;
/* Of a destination that must be looked at: 5 s doubling up to 5 min. */
extern const struct sst_retry_policy sst_retry_hold;

enum sst_retry_next {
	SST_RETRY_WAIT,
	SST_RETRY_GIVE_UP
};

/* What has happened to a batch. */
struct sst_retry_facts {
	uint64_t attempts; /* that failed, 1 or more */
	int64_t age_us;
	int64_t after_us; /* that the server asked for; -1: it did not */
	uint64_t random;  /* 64 uniform bits */
};

/* *wait_us is written when the answer is to wait. */
enum sst_retry_next sst_retry(const struct sst_retry_policy *policy,
	const struct sst_retry_facts *facts, int64_t *wait_us);

#endif
