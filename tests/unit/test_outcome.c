/* SPDX-License-Identifier: ISC */
/* What is remembered is right, whatever was forgotten. */
#include "redact/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* More values than there are places for. */
#define VALUES 60000

/* The n-th value, of lengths around those that a table ends at. */
static struct sst_span
value_of(unsigned n, char at[2048])
{
	static const size_t lengths[] = { 0, 7, 8, 9, 36, 47, 48, 49, 239, 240,
		241, 999, 1000 };
	size_t len = lengths[n % (sizeof(lengths) / sizeof(lengths[0]))];

	memset(at, 'x', 2048);
	if (len >= 7)
		snprintf(at, 8, "%07u", n);
	if (len >= 7)
		at[7] = 'x';
	return sst_span(at, len);
}

/* Lasting ones have no place for the longest. */
static struct sst_outcome_key
key_of(unsigned n, char at[2048])
{
	struct sst_span value = value_of(n, at);

	return (struct sst_outcome_key){ value, n % 3,
		n % 2 == 0 && value.len < 400 };
}

static void
a_value_has_its_own_outcome_or_none(void **state)
{
	struct sst_outcomes *outcomes;
	unsigned known = 0, fresh = 0;
	char at[2048], other[2048];

	(void)state;
	assert_int_equal(sst_outcomes_open(&outcomes, NULL), SST_OK);
	for (unsigned n = 0; n < VALUES; n++) {
		struct sst_outcome_key key = key_of(n, at);
		struct sst_outcome outcome = { sst_span(at, n % 20), n,
			(uint8_t)(n % 3) };

		sst_outcomes_put(outcomes, key, outcome);
		fresh += sst_outcomes_find(outcomes, key, &outcome);
		/* In another context it is another value. */
		key.context += 3;
		assert_false(sst_outcomes_find(outcomes, key, &outcome));
	}
	/* What was just put is there. */
	assert_int_equal(fresh, VALUES);
	for (unsigned n = 0; n < VALUES; n++) {
		struct sst_outcome_key key = key_of(n, at);
		struct sst_outcome outcome;

		/* Of length 0 there is one value a context. */
		if (key.value.len == 0 ||
			!sst_outcomes_find(outcomes, key, &outcome))
			continue;
		known++;
		assert_int_equal(outcome.kinds, n);
		assert_int_equal(outcome.change, n % 3);
		(void)value_of(n, other);
		assert_int_equal(outcome.value.len, n % 20);
		assert_memory_equal(outcome.value.at, other, n % 20);
	}
	assert_in_range(known, 10000, VALUES - 10000);
	sst_outcomes_close(outcomes);
}

static void
what_has_no_place_is_not_remembered(void **state)
{
	static char text[4096 + SST_PAD];
	const struct sst_outcome_key long_key = { { text, 1001 }, 1, false };
	const struct sst_outcome_key key = { { text, 48 }, 1, false };
	struct sst_outcome outcome = { { text, 200 }, 1, 1 };
	struct sst_outcomes *outcomes;

	(void)state;
	assert_int_equal(sst_outcomes_open(&outcomes, NULL), SST_OK);
	sst_outcomes_put(outcomes, key, outcome);
	assert_false(sst_outcomes_find(outcomes, key, &outcome));
	outcome.value.len = 1;
	sst_outcomes_put(outcomes, long_key, outcome);
	assert_false(sst_outcomes_find(outcomes, long_key, &outcome));
	sst_outcomes_close(outcomes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_has_its_own_outcome_or_none),
		cmocka_unit_test(what_has_no_place_is_not_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
