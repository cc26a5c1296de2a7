/* SPDX-License-Identifier: ISC */
/* When to try again. */
#include "push/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define S INT64_C(1000000)

static int64_t
wait_of(uint64_t attempts, int64_t after_us, uint64_t random)
{
	const struct sst_retry_facts facts = {
		.attempts = attempts, .after_us = after_us, .random = random
	};
	int64_t wait_us = -1;

	assert_int_equal(sst_retry(&sst_retry_standard, &facts, &wait_us),
		SST_RETRY_WAIT);
	return wait_us;
}

static void
the_ceiling_doubles_up_to_a_minute(void **state)
{
	(void)state;
	static const int64_t ceilings[] = { 1 * S, 2 * S, 4 * S, 8 * S, 16 * S,
		32 * S, 60 * S, 60 * S };

	for (uint64_t n = 1; n <= COUNT(ceilings); n++) {
		int64_t ceiling = ceilings[n - 1];

		/* All of 0..ceiling, both ends included. */
		assert_int_equal(wait_of(n, -1, 0), 0);
		assert_int_equal(wait_of(n, -1, (uint64_t)ceiling), ceiling);
		assert_int_equal(wait_of(n, -1, (uint64_t)ceiling + 1), 0);
	}
	assert_in_range(wait_of(UINT64_MAX - 1, -1, UINT64_MAX), 0, 60 * S);
}

static void
what_the_server_asks_for_is_waited_at_least(void **state)
{
	(void)state;
	for (uint64_t random = 0; random < 5000000; random += 9973) {
		int64_t wait = wait_of(3, 20 * S, random);

		assert_in_range(wait, 20 * S, 22 * S);
	}
	assert_int_equal(wait_of(1, 0, 12345), 0);
}

static void
no_server_is_believed_beyond_an_hour(void **state)
{
	(void)state;
	assert_in_range(wait_of(1, INT64_MAX, 77), 3600 * S, 3960 * S);
}

static void
after_the_last_retry_it_is_given_up(void **state)
{
	(void)state;
	struct sst_retry_policy policy = sst_retry_standard;
	struct sst_retry_facts facts = { .after_us = -1 };
	int64_t wait_us = -1;

	policy.retries = 2;
	for (facts.attempts = 1; facts.attempts <= 2; facts.attempts++)
		assert_int_equal(
			sst_retry(&policy, &facts, &wait_us), SST_RETRY_WAIT);
	wait_us = -1;
	assert_int_equal(
		sst_retry(&policy, &facts, &wait_us), SST_RETRY_GIVE_UP);
	assert_int_equal(wait_us, -1);
}

static void
no_wait_passes_the_greatest_age(void **state)
{
	(void)state;
	struct sst_retry_policy policy = sst_retry_standard;
	struct sst_retry_facts facts = {
		.attempts = 7, .age_us = 9 * S, .after_us = 30 * S
	};
	int64_t wait_us = -1;

	policy.max_age_us = 10 * S;
	assert_int_equal(sst_retry(&policy, &facts, &wait_us), SST_RETRY_WAIT);
	assert_int_equal(wait_us, 1 * S);
	facts.age_us = 10 * S;
	assert_int_equal(
		sst_retry(&policy, &facts, &wait_us), SST_RETRY_GIVE_UP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ceiling_doubles_up_to_a_minute),
		cmocka_unit_test(what_the_server_asks_for_is_waited_at_least),
		cmocka_unit_test(no_server_is_believed_beyond_an_hour),
		cmocka_unit_test(after_the_last_retry_it_is_given_up),
		cmocka_unit_test(no_wait_passes_the_greatest_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
