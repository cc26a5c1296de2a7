/* SPDX-License-Identifier: ISC */
#include "push/retry.h"

#define SECOND INT64_C(1000000)

const struct sst_retry_policy sst_retry_standard = {
	.base_us = SECOND,
	.cap_us = 60 * SECOND,
	.after_cap_us = 3600 * SECOND,
	.retries = UINT64_MAX,
	.max_age_us = INT64_MAX,
};

const struct sst_retry_policy sst_retry_hold = {
	.base_us = 5 * SECOND,
	.cap_us = 300 * SECOND,
	.after_cap_us = 3600 * SECOND,
	.retries = UINT64_MAX,
	.max_age_us = INT64_MAX,
};

static int64_t
ceiling(const struct sst_retry_policy *policy, uint64_t attempts)
{
	int64_t wait = policy->base_us;

	for (uint64_t n = 1; n < attempts && wait < policy->cap_us; n++)
		wait *= 2;
	return wait < policy->cap_us ? wait : policy->cap_us;
}

enum sst_retry_next
sst_retry(const struct sst_retry_policy *policy,
	const struct sst_retry_facts *facts, int64_t *wait_us)
{
	int64_t jitter, after = facts->after_us;

	if (facts->attempts > policy->retries ||
		facts->age_us >= policy->max_age_us)
		return SST_RETRY_GIVE_UP;
	jitter = (int64_t)(facts->random %
			   (uint64_t)(ceiling(policy, facts->attempts) + 1));
	if (after > policy->after_cap_us)
		after = policy->after_cap_us;
	if (after < 0) {
		*wait_us = jitter;
	} else {
		/* Not all at the very second that the server named. */
		*wait_us = after + jitter % (after / 10 + 1);
	}
	/* The last attempt is made before the batch is too old. */
	if (*wait_us > policy->max_age_us - facts->age_us)
		*wait_us = policy->max_age_us - facts->age_us;
	return SST_RETRY_WAIT;
}
