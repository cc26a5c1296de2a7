/* SPDX-License-Identifier: ISC */
/* Answers remembered by text. */
#include "base/recall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define RING (2 * SST_RECALL_MAX)

static const struct sst_span none = { "", 0 };

/* The key of a number in decimal; the text is the caller's. */
static struct sst_recall_key
key_of(char text[12], uint32_t number)
{
	size_t n = (size_t)snprintf(text, 12, "%u", number);

	return sst_recall_key(sst_span(text, n), 0);
}

static void
what_was_put_last_is_found_and_never_anothers_answer(void **state)
{
	struct sst_recall recall;
	struct sst_recall_answer got;
	unsigned kept = 0;
	char text[12];

	(void)state;
	/* Four slots for 200 texts: nearly all of them collide. */
	assert_true(sst_recall_init(&recall, 1, RING));
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_recall_key key = key_of(text, i);

		assert_false(sst_recall_find(&recall, &key, &got));
		sst_recall_put(&recall, &key, i, key.text);
		assert_true(sst_recall_find(&recall, &key, &got));
		assert_int_equal(got.number, i);
		assert_true(sst_span_eq(got.text, key.text));
	}
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_recall_key key = key_of(text, i);

		if (!sst_recall_find(&recall, &key, &got))
			continue;
		assert_int_equal(got.number, i);
		assert_true(sst_span_eq(got.text, key.text));
		kept++;
	}
	assert_in_range(kept, 2, 4);
	sst_recall_release(&recall);
}

static void
a_forged_hash_is_found_out(void **state)
{
	struct sst_recall_key a = { SST_SPAN("first"), 0, 42 };
	struct sst_recall_key b = { SST_SPAN("other"), 0, 42 };
	struct sst_recall_answer got = { .number = 7 };
	struct sst_recall recall;

	(void)state;
	assert_true(sst_recall_init(&recall, 4, RING));
	sst_recall_put(&recall, &a, 1, none);
	assert_false(sst_recall_find(&recall, &b, &got));
	b = a;
	b.context = 1;
	assert_false(sst_recall_find(&recall, &b, &got));
	assert_int_equal(got.number, 7);
	assert_true(sst_recall_find(&recall, &a, &got));
	assert_int_equal(got.number, 1);
	sst_recall_release(&recall);
}

static void
what_is_too_long_or_has_no_room_is_not_kept(void **state)
{
	static char text[SST_RECALL_MAX + 1];
	struct sst_recall recall, nothing = { 0 };
	struct sst_recall_answer got;

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(sst_recall_init(&recall, 4, RING));
	for (size_t n = SST_RECALL_MAX - 1; n <= SST_RECALL_MAX + 1; n++) {
		struct sst_recall_key key =
			sst_recall_key(sst_span(text, n), 0);
		bool fits = n < SST_RECALL_MAX;

		sst_recall_put(&recall, &key, 1, sst_span("y", 1));
		assert_int_equal(sst_recall_find(&recall, &key, &got), fits);
		if (fits)
			assert_memory_equal(got.text.at, "y", 1);
		sst_recall_put(&nothing, &key, 1, none);
		assert_false(sst_recall_find(&nothing, &key, &got));
	}
	sst_recall_release(&recall);
}

/* Texts of all lengths go round a small ring; a table that is large enough
 * loses none but by being overwritten. */
static void
the_ring_forgets_the_oldest_only_and_mixes_nothing_up(void **state)
{
	static char text[SST_RECALL_MAX];
	enum {
		N = 700
	};
	struct sst_recall recall;
	struct sst_recall_answer got;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * 7 % 26);
	assert_true(sst_recall_init(&recall, 16, RING));
	for (size_t i = 0; i < N; i++) {
		size_t n = i % (SST_RECALL_MAX / 4), written = 0;
		struct sst_recall_key key =
			sst_recall_key(sst_span(text + i % 11, n), i);

		sst_recall_put(
			&recall, &key, i, sst_span(text + i % 13, n / 2));
		for (size_t k = i; k + 1 > 0 && written <= 2 * RING; k--) {
			size_t m = k % (SST_RECALL_MAX / 4);
			struct sst_recall_key old =
				sst_recall_key(sst_span(text + k % 11, m), k);
			bool is_there = sst_recall_find(&recall, &old, &got);

			written += m + m / 2;
			/* At the ring's end at most one text is left free. */
			if (written + SST_RECALL_MAX / 2 <= RING)
				assert_true(is_there);
			if (written > RING)
				assert_false(is_there);
			if (!is_there)
				continue;
			assert_int_equal(got.number, k);
			assert_true(sst_span_eq(
				got.text, sst_span(text + k % 13, m / 2)));
		}
	}
	sst_recall_release(&recall);
}

/* Each byte of a text of any length counts, and its place. */
static void
texts_that_differ_in_one_byte_have_different_hashes(void **state)
{
	char text[131];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t n = 1; n <= sizeof(text); n++) {
		uint64_t same = sst_recall_key(sst_span(text, n), 0).hash;
		uint64_t before = same;

		assert_int_not_equal(
			same, sst_recall_key(sst_span(text, n - 1), 0).hash);
		assert_int_not_equal(
			same, sst_recall_key(sst_span(text, n), 1).hash);
		for (size_t i = 0; i < n; i++) {
			uint64_t hash;

			text[i] = 'b';
			hash = sst_recall_key(sst_span(text, n), 0).hash;
			text[i] = 'a';
			assert_int_not_equal(hash, same);
			assert_true(hash != before);
			before = hash;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_was_put_last_is_found_and_never_anothers_answer),
		cmocka_unit_test(a_forged_hash_is_found_out),
		cmocka_unit_test(what_is_too_long_or_has_no_room_is_not_kept),
		cmocka_unit_test(
			the_ring_forgets_the_oldest_only_and_mixes_nothing_up),
		cmocka_unit_test(
			texts_that_differ_in_one_byte_have_different_hashes),
	};

	return cmocka_run_group_tests_name("recall", tests, NULL, NULL);
}
