/* SPDX-License-Identifier: ISC */
/* Memory that is given back at once. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PIECES 2000

struct piece {
	unsigned char *at;
	size_t len;
};

/* Sizes of all kinds, some larger than a block. */
static size_t
size_of(size_t i)
{
	return i % 97 == 96 ? 20000 + i : i * i % 700;
}

static void
fill(struct sst_arena *arena, struct piece pieces[PIECES])
{
	for (size_t i = 0; i < PIECES; i++) {
		pieces[i].len = size_of(i);
		pieces[i].at = sst_arena_take(arena, pieces[i].len);
		assert_non_null(pieces[i].at);
		assert_int_equal(
			(uintptr_t)pieces[i].at % alignof(max_align_t), 0);
		memset(pieces[i].at, (int)(i % 251), pieces[i].len);
	}
}

static void
allocations_neither_overlap_nor_move(void **state)
{
	static struct piece pieces[PIECES];
	struct sst_arena arena;

	(void)state;
	sst_arena_init(&arena, 64 * 1024 * 1024);
	for (int round = 0; round < 3; round++) {
		fill(&arena, pieces);
		for (size_t i = 0; i < PIECES; i++)
			for (size_t k = 0; k < pieces[i].len; k++)
				assert_int_equal(pieces[i].at[k], i % 251);
		sst_arena_reset(&arena);
	}
	sst_arena_release(&arena);
}

static void
a_reset_keeps_the_memory(void **state)
{
	static struct piece pieces[PIECES];
	struct sst_arena arena;
	size_t total;

	(void)state;
	sst_arena_init(&arena, 64 * 1024 * 1024);
	fill(&arena, pieces);
	total = arena.total;
	assert_true(total > 0);
	for (int round = 0; round < 10; round++) {
		sst_arena_reset(&arena);
		fill(&arena, pieces);
		assert_int_equal(arena.total, total);
	}
	sst_arena_release(&arena);
	assert_int_equal(arena.total, 0);
	/* Released is reusable. */
	fill(&arena, pieces);
	sst_arena_release(&arena);
}

static void
the_ceiling_is_kept(void **state)
{
	struct sst_arena arena;
	size_t n = 0;

	(void)state;
	sst_arena_init(&arena, 100000);
	while (sst_arena_take(&arena, 1000) != NULL)
		n++;
	assert_true(arena.total <= 100000);
	assert_in_range(n, 80, 100);
	assert_null(sst_arena_take(&arena, SIZE_MAX));
	assert_null(sst_arena_take(&arena, SIZE_MAX - 40));
	assert_null(sst_arena_zero(&arena, 1000));
	assert_null(sst_arena_copy(&arena, sst_span("x", SIZE_MAX / 2)).at);
	/* What there is still serves after a reset. */
	sst_arena_reset(&arena);
	assert_non_null(sst_arena_take(&arena, 1000));
	sst_arena_release(&arena);
}

static void
copies_end_in_a_nul_and_have_padding(void **state)
{
	struct sst_arena arena;
	volatile unsigned char sum = 0;

	(void)state;
	sst_arena_init(&arena, 1024 * 1024);
	for (size_t n = 0; n < 300; n++) {
		char text[300];
		struct sst_span copy;

		memset(text, 'a', sizeof(text));
		copy = sst_arena_copy(&arena, sst_span(text, n));
		assert_true(sst_span_eq(copy, sst_span(text, n)));
		assert_int_equal(copy.at[n], '\0');
		for (size_t i = 0; i < SST_PAD; i++)
			sum = (unsigned char)(sum + copy.at[n + i]);
	}
	assert_non_null(sst_arena_copy(&arena, sst_span(NULL, 0)).at);
	sst_arena_release(&arena);
}

static void
zeroed_memory_is_zero_also_when_used_before(void **state)
{
	struct sst_arena arena;
	char *at;

	(void)state;
	sst_arena_init(&arena, 1024 * 1024);
	at = sst_arena_take(&arena, 500);
	assert_non_null(at);
	memset(at, 'x', 500);
	sst_arena_reset(&arena);
	at = sst_arena_zero(&arena, 500);
	assert_non_null(at);
	for (size_t i = 0; i < 500; i++)
		assert_int_equal(at[i], 0);
	sst_arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_neither_overlap_nor_move),
		cmocka_unit_test(a_reset_keeps_the_memory),
		cmocka_unit_test(the_ceiling_is_kept),
		cmocka_unit_test(copies_end_in_a_nul_and_have_padding),
		cmocka_unit_test(zeroed_memory_is_zero_also_when_used_before),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
