/* SPDX-License-Identifier: ISC */
/* Answers remembered by text. */
#include "redact/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define RING (2 * SST_MEMO_MAX)

static const struct sst_span none = { "", 0 };

/* The key of a number in decimal; the text is the caller's. */
static struct sst_memo_key
key_of(char text[12], uint32_t number)
{
	size_t n = (size_t)snprintf(text, 12, "%u", number);

	return sst_memo_key(sst_span(text, n), 0);
}

static void
what_was_put_last_is_found_and_never_anothers_answer(void **state)
{
	struct sst_memo memo;
	struct sst_memo_answer got;
	unsigned kept = 0;
	char text[12];

	(void)state;
	/* Four slots for 200 texts: nearly all of them collide. */
	assert_true(sst_memo_init(&memo, 1, RING));
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_memo_key key = key_of(text, i);

		assert_false(sst_memo_find(&memo, &key, &got));
		sst_memo_put(&memo, &key, i, key.text);
		assert_true(sst_memo_find(&memo, &key, &got));
		assert_int_equal(got.number, i);
		assert_true(sst_span_eq(got.text, key.text));
	}
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_memo_key key = key_of(text, i);

		if (!sst_memo_find(&memo, &key, &got))
			continue;
		assert_int_equal(got.number, i);
		assert_true(sst_span_eq(got.text, key.text));
		kept++;
	}
	assert_int_equal(kept, 4); /* the newer two of both sets */
	sst_memo_release(&memo);
}

static void
a_forged_hash_is_found_out(void **state)
{
	struct sst_memo_key a = { SST_SPAN("first"), 0, 42 };
	struct sst_memo_key b = { SST_SPAN("other"), 0, 42 };
	struct sst_memo_answer got = { .number = 7 };
	struct sst_memo memo;

	(void)state;
	assert_true(sst_memo_init(&memo, 4, RING));
	sst_memo_put(&memo, &a, 1, none);
	assert_false(sst_memo_find(&memo, &b, &got));
	b = a;
	b.context = 1;
	assert_false(sst_memo_find(&memo, &b, &got));
	assert_int_equal(got.number, 7);
	assert_true(sst_memo_find(&memo, &a, &got));
	assert_int_equal(got.number, 1);
	sst_memo_release(&memo);
}

static void
what_is_too_long_or_has_no_room_is_not_kept(void **state)
{
	static char text[SST_MEMO_MAX + 1];
	struct sst_memo memo, nothing = { 0 };
	struct sst_memo_answer got;

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(sst_memo_init(&memo, 4, RING));
	for (size_t n = SST_MEMO_MAX - 1; n <= SST_MEMO_MAX + 1; n++) {
		struct sst_memo_key key = sst_memo_key(sst_span(text, n), 0);
		bool fits = n < SST_MEMO_MAX;

		sst_memo_put(&memo, &key, 1, sst_span("y", 1));
		assert_int_equal(sst_memo_find(&memo, &key, &got), fits);
		if (fits)
			assert_memory_equal(got.text.at, "y", 1);
		sst_memo_put(&nothing, &key, 1, none);
		assert_false(sst_memo_find(&nothing, &key, &got));
	}
	sst_memo_release(&memo);
}

/* Texts of all lengths go round a small ring; a table that is large enough
 * loses none but by being overwritten. */
static void
the_ring_forgets_the_oldest_only_and_mixes_nothing_up(void **state)
{
	static char text[SST_MEMO_MAX];
	enum {
		N = 700
	};
	struct sst_memo memo;
	struct sst_memo_answer got;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * 7 % 26);
	assert_true(sst_memo_init(&memo, 16, RING));
	for (size_t i = 0; i < N; i++) {
		size_t n = i % (SST_MEMO_MAX / 4), written = 0;
		struct sst_memo_key key =
			sst_memo_key(sst_span(text + i % 11, n), i);

		sst_memo_put(&memo, &key, i, sst_span(text + i % 13, n / 2));
		for (size_t k = i; k + 1 > 0 && written <= 2 * RING; k--) {
			size_t m = k % (SST_MEMO_MAX / 4);
			struct sst_memo_key old =
				sst_memo_key(sst_span(text + k % 11, m), k);
			bool is_there = sst_memo_find(&memo, &old, &got);

			written += m + m / 2;
			/* At the ring's end at most one text is left free. */
			if (written + SST_MEMO_MAX / 2 <= RING)
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
	sst_memo_release(&memo);
}

/* Each byte of a text of any length counts, and its place. */
static void
texts_that_differ_in_one_byte_have_different_hashes(void **state)
{
	char text[131];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t n = 1; n <= sizeof(text); n++) {
		uint64_t same = sst_memo_key(sst_span(text, n), 0).hash;
		uint64_t before = same;

		assert_int_not_equal(
			same, sst_memo_key(sst_span(text, n - 1), 0).hash);
		assert_int_not_equal(
			same, sst_memo_key(sst_span(text, n), 1).hash);
		for (size_t i = 0; i < n; i++) {
			uint64_t hash;

			text[i] = 'b';
			hash = sst_memo_key(sst_span(text, n), 0).hash;
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

	return cmocka_run_group_tests_name("memo", tests, NULL, NULL);
}
