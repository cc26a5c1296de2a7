/* SPDX-License-Identifier: ISC */
/* Numbers remembered by text. */
#include "base/recall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The key of a number in decimal. */
static struct sst_recall_key
key_of(const struct sst_recall *recall, uint32_t number)
{
	char text[12];
	size_t n = (size_t)snprintf(text, sizeof(text), "%u", number);

	return sst_recall_key(recall, sst_span(text, n), 0);
}

static bool
is_same(struct sst_recall_key a, struct sst_recall_key b)
{
	return a.low == b.low && a.high == b.high;
}

static void
what_was_put_last_is_found_and_never_anothers_number(void **state)
{
	struct sst_recall recall;
	unsigned kept = 0;
	uint64_t got;

	(void)state;
	/* Four slots for 200 texts: nearly all of them collide. */
	assert_true(sst_recall_init(&recall, 1));
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_recall_key key = key_of(&recall, i);

		assert_false(sst_recall_find(&recall, &key, &got));
		sst_recall_put(&recall, &key, i);
		assert_true(sst_recall_find(&recall, &key, &got));
		assert_int_equal(got, i);
	}
	for (uint32_t i = 0; i < 200; i++) {
		struct sst_recall_key key = key_of(&recall, i);

		if (!sst_recall_find(&recall, &key, &got))
			continue;
		assert_int_equal(got, i);
		kept++;
	}
	assert_int_equal(kept, 4); /* the newer two of both sets */
	sst_recall_release(&recall);
}

static void
what_is_too_long_or_has_no_room_is_not_kept(void **state)
{
	static char text[SST_RECALL_MAX + 1];
	struct sst_recall recall, nothing = { 0 };
	uint64_t got = 7;

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(sst_recall_init(&recall, 4));
	for (size_t n = SST_RECALL_MAX - 1; n <= SST_RECALL_MAX + 1; n++) {
		struct sst_recall_key key =
			sst_recall_key(&recall, sst_span(text, n), 0);

		sst_recall_put(&recall, &key, n);
		assert_int_equal(sst_recall_find(&recall, &key, &got),
			n <= SST_RECALL_MAX);
		sst_recall_put(&nothing, &key, n);
		assert_false(sst_recall_find(&nothing, &key, &got));
	}
	assert_int_equal(got, SST_RECALL_MAX);
	sst_recall_release(&recall);
}

/* NH the slow way: the text as words, the last 16 bytes once more where it
 * does not end with a pair, the products summed up with all their carries. */
static struct sst_recall_key
naive_key(
	const struct sst_recall *recall, struct sst_span text, uint64_t context)
{
	uint32_t sum[4] = { 0 };
	size_t pairs = text.len <= 16 ? 1 : (text.len + 15) / 16;

	for (size_t p = 0; p <= pairs; p++) {
		uint8_t bytes[16] = { 0 };
		uint64_t pair[2] = { text.len, context };
		uint32_t a[2], b[2];

		for (size_t i = 0; p > 0 && i < 16 && i < text.len; i++)
			bytes[i] = (uint8_t)text.at[p == pairs && text.len > 16
							    ? text.len - 16 + i
							    : 16 * (p - 1) + i];
		if (p > 0)
			memcpy(pair, bytes, sizeof(pair));
		for (int i = 0; i < 2; i++)
			pair[i] += recall->secret[2 * p + (size_t)i];
		a[0] = (uint32_t)pair[0], a[1] = (uint32_t)(pair[0] >> 32);
		b[0] = (uint32_t)pair[1], b[1] = (uint32_t)(pair[1] >> 32);
		for (int i = 0; i < 2; i++)
			for (int k = 0; k < 2; k++) {
				uint64_t carry = (uint64_t)a[i] * b[k];

				for (int at = i + k; at < 4; at++) {
					carry += sum[at];
					sum[at] = (uint32_t)carry;
					carry >>= 32;
				}
			}
	}
	return (struct sst_recall_key){ (uint64_t)sum[1] << 32 | sum[0],
		(uint64_t)sum[3] << 32 | sum[2] };
}

static void
a_key_is_what_the_definition_says(void **state)
{
	static char text[SST_RECALL_MAX];
	struct sst_recall recall;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 131 + i / 7);
	assert_true(sst_recall_init(&recall, 1));
	memset(recall.secret, 0xff, 9 * sizeof(recall.secret[0]));
	for (size_t n = 0; n <= sizeof(text); n++) {
		struct sst_span span = sst_span(text, n);

		assert_true(is_same(sst_recall_key(&recall, span, n % 3),
			naive_key(&recall, span, n % 3)));
	}
	sst_recall_release(&recall);
}

/* Each byte of a text of any length counts, and its place. */
static void
texts_that_differ_in_one_byte_have_different_keys(void **state)
{
	struct sst_recall recall;
	char text[131];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(sst_recall_init(&recall, 1));
	for (size_t n = 1; n <= sizeof(text); n++) {
		struct sst_span span = sst_span(text, n);
		struct sst_recall_key same = sst_recall_key(&recall, span, 0);
		struct sst_recall_key before = same;

		assert_false(is_same(same,
			sst_recall_key(&recall, sst_span(text, n - 1), 0)));
		assert_false(is_same(same, sst_recall_key(&recall, span, 1)));
		for (size_t i = 0; i < n; i++) {
			struct sst_recall_key key;

			text[i] = 'b';
			key = sst_recall_key(&recall, span, 0);
			text[i] = 'a';
			assert_false(is_same(key, same));
			assert_false(is_same(key, before));
			before = key;
		}
	}
	sst_recall_release(&recall);
}

static void
two_recalls_have_two_secrets(void **state)
{
	struct sst_recall a, b;

	(void)state;
	assert_true(sst_recall_init(&a, 1));
	assert_true(sst_recall_init(&b, 1));
	assert_false(is_same(key_of(&a, 1), key_of(&b, 1)));
	sst_recall_release(&a);
	sst_recall_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_was_put_last_is_found_and_never_anothers_number),
		cmocka_unit_test(what_is_too_long_or_has_no_room_is_not_kept),
		cmocka_unit_test(a_key_is_what_the_definition_says),
		cmocka_unit_test(
			texts_that_differ_in_one_byte_have_different_keys),
		cmocka_unit_test(two_recalls_have_two_secrets),
	};

	return cmocka_run_group_tests_name("recall", tests, NULL, NULL);
}
