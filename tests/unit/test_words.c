/* SPDX-License-Identifier: ISC */
/* Many literals in one pass. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_as_by_looking_everywhere),
		cmocka_unit_test(
			the_search_stops_at_the_last_hit_there_is_room_for),
		cmocka_unit_test(bytes_of_any_value_may_be_in_words_and_texts),
		cmocka_unit_test(too_long_and_empty_words_are_refused),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
