/* SPDX-License-Identifier: ISC */
/* Many literals in one pass; answers remembered by text. */
#include "enrich/recall.h"
#include "enrich/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MANY 16
#define HITS 1024

/* The obvious way: every word at every place, in the order of its end and, of
 * one end, of its start. */
static size_t
obvious(const struct sst_span *words, size_t n, struct sst_span text,
	struct sst_words_hit *hits)
{
	size_t found = 0;

	for (size_t end = 1; end <= text.len; end++)
		for (size_t start = 0; start < end; start++)
			for (size_t w = 0; w < n; w++)
				if (sst_span_eq_nocase(sst_span(text.at + start,
							       end - start),
					    words[w]))
					hits[found++] = (struct sst_words_hit){
						(uint32_t)w, start, end
					};
	return found;
}

/* xorshift64 of Marsaglia: the same cases on every run. */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
fill(char *at, size_t n, const char *letters, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		at[i] = letters[next_random(seed) % strlen(letters)];
}

/* Twins have no order among themselves: compare places, and count words. */
static void
same_hits(const struct sst_words_hit *got, size_t n,
	const struct sst_words_hit *want, size_t m)
{
	uint32_t got_sum = 0, want_sum = 0;

	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(got[i].start, want[i].start);
		assert_int_equal(got[i].end, want[i].end);
		got_sum += (got[i].word + 1) * (got[i].word + 1);
		want_sum += (want[i].word + 1) * (want[i].word + 1);
	}
	assert_int_equal(got_sum, want_sum);
}

static void
words_are_found_as_by_looking_everywhere(void **state)
{
	uint64_t seed = 0x1234567;
	size_t hits_seen = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		char letters[MANY][4], text[33];
		struct sst_words_hit got[HITS], want[HITS];
		struct sst_span words[MANY];
		struct sst_words *w;
		size_t n = 1 + next_random(&seed) % MANY, m;

		for (size_t i = 0; i < n; i++) {
			size_t len = 1 + next_random(&seed) % 4;

			fill(letters[i], len, "aAbB.", &seed);
			words[i] = sst_span(letters[i], len);
		}
		fill(text, sizeof(text), "aAbB.-", &seed);
		assert_int_equal(sst_words_open(&w, words, n, NULL), SST_OK);
		m = obvious(words, n, sst_span(text, sizeof(text)), want);
		same_hits(got,
			sst_words_find(
				w, sst_span(text, sizeof(text)), got, HITS),
			want, m);
		hits_seen += m;
		sst_words_close(w);
	}
	assert_true(hits_seen > 1000);
}

static void
the_search_stops_at_the_last_hit_there_is_room_for(void **state)
{
	const struct sst_span words[] = { SST_SPAN("a"), SST_SPAN("aa") };
	struct sst_words_hit hits[3];
	struct sst_words *w;

	(void)state;
	assert_int_equal(sst_words_open(&w, words, 2, NULL), SST_OK);
	for (size_t max = 0; max <= 3; max++)
		assert_int_equal(
			sst_words_find(w, sst_span("aaaa", 4), hits, max), max);
	sst_words_close(w);
}

static void
bytes_of_any_value_may_be_in_words_and_texts(void **state)
{
	const struct sst_span words[] = { SST_SPAN("\0\xff"),
		SST_SPAN("\xc3\xa9") };
	const struct sst_span text = SST_SPAN("x\0\xff\xc3\xa9");
	struct sst_words_hit hits[4];
	struct sst_words *w;

	(void)state;
	assert_int_equal(sst_words_open(&w, words, 2, NULL), SST_OK);
	assert_int_equal(sst_words_find(w, text, hits, 4), 2);
	assert_int_equal(hits[0].start, 1);
	assert_int_equal(hits[1].start, 3);
	sst_words_close(w);
}

static void
too_long_and_empty_words_are_refused(void **state)
{
	static char zeros[SST_WORD_MAX + 1];
	struct sst_span many[200], word = { zeros, sizeof(zeros) };
	struct sst_err err = { 0 };
	struct sst_words *w;

	(void)state;
	assert_int_equal(sst_words_open(&w, &word, 1, &err), SST_ECONFIG);
	assert_null(w);
	word.len = 0;
	assert_int_equal(sst_words_open(&w, &word, 1, &err), SST_ECONFIG);
	word.len = SST_WORD_MAX;
	assert_int_equal(sst_words_open(&w, &word, 1, &err), SST_OK);
	sst_words_close(w);
	for (size_t i = 0; i < 200; i++)
		many[i] = word;
	assert_int_equal(sst_words_open(&w, many, 200, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "32766 bytes together"));
}

static void
a_recall_gives_what_was_put_last_and_never_anothers_answer(void **state)
{
	struct sst_recall recall;
	uint32_t got, kept = 0;

	(void)state;
	/* Four slots for 200 texts: nearly all of them collide. */
	assert_true(sst_recall_init(&recall, 1, 8));
	for (uint32_t i = 0; i < 200; i++) {
		char text[9];
		struct sst_span key = { text,
			(size_t)snprintf(text, sizeof(text), "%u", i) };

		sst_recall_put(&recall, sst_recall_hash(key), key, i);
		assert_true(sst_recall_get(
			&recall, sst_recall_hash(key), key, &got));
		assert_int_equal(got, i);
	}
	for (uint32_t i = 0; i < 200; i++) {
		char text[9];
		struct sst_span key = { text,
			(size_t)snprintf(text, sizeof(text), "%u", i) };

		if (sst_recall_get(&recall, sst_recall_hash(key), key, &got)) {
			assert_int_equal(got, i);
			kept++;
		}
	}
	assert_in_range(kept, 2, 4);
	sst_recall_release(&recall);
}

static void
a_recall_takes_a_forged_hash_for_what_it_is(void **state)
{
	const struct sst_span a = SST_SPAN("first"), b = SST_SPAN("other");
	struct sst_recall recall;
	uint32_t got = 7;

	(void)state;
	assert_true(sst_recall_init(&recall, 4, 8));
	sst_recall_put(&recall, 42, a, 1);
	assert_false(sst_recall_get(&recall, 42, b, &got));
	assert_int_equal(got, 7);
	assert_true(sst_recall_get(&recall, 42, a, &got));
	assert_int_equal(got, 1);
	sst_recall_release(&recall);
}

static void
a_recall_keeps_no_text_that_is_too_long(void **state)
{
	const struct sst_span text = SST_SPAN("123456789");
	struct sst_recall recall, none = { 0 };
	uint32_t got;

	(void)state;
	assert_true(sst_recall_init(&recall, 4, 8));
	sst_recall_put(&recall, 1, text, 1);
	assert_false(sst_recall_get(&recall, 1, text, &got));
	sst_recall_put(&recall, 1, sst_span_head(text, 8), 1);
	assert_true(sst_recall_get(&recall, 1, sst_span_head(text, 8), &got));
	sst_recall_put(&recall, 2, sst_span_head(text, 0), 3);
	assert_true(sst_recall_get(&recall, 2, sst_span_head(text, 0), &got));
	sst_recall_release(&recall);
	sst_recall_put(&none, 1, text, 1);
	assert_false(sst_recall_get(&none, 1, text, &got));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_as_by_looking_everywhere),
		cmocka_unit_test(
			the_search_stops_at_the_last_hit_there_is_room_for),
		cmocka_unit_test(bytes_of_any_value_may_be_in_words_and_texts),
		cmocka_unit_test(too_long_and_empty_words_are_refused),
		cmocka_unit_test(
			a_recall_gives_what_was_put_last_and_never_anothers_answer),
		cmocka_unit_test(a_recall_takes_a_forged_hash_for_what_it_is),
		cmocka_unit_test(a_recall_keeps_no_text_that_is_too_long),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
