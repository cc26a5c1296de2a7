/* SPDX-License-Identifier: ISC */
/* Patterns: what they find, and what they may cost. Each case runs compiled
 * (JIT) and, with (*NO_JIT) before it, interpreted. */
#include "text/match.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const modes[] = { "", "(*NO_JIT)" };

static struct sst_match *
open_in(const char *mode, const char *pattern, struct sst_match_options options)
{
	struct sst_err err = { 0 };
	struct sst_match *match;
	char text[512];

	(void)snprintf(text, sizeof(text), "%s%s", mode, pattern);
	if (sst_match_open(&match, sst_span_of(text), options, &err) != SST_OK)
		fail_msg("%s", err.text);
	return match;
}

/* "whole|first|-|": '-' for a group that is not set; "no" and "limit". */
static void
find(struct sst_match *match, struct sst_span text, size_t from,
	struct sst_buf *log)
{
	struct sst_span groups[SST_MATCH_GROUPS];
	enum sst_match_result result =
		sst_match_find(match, text, from, groups);

	sst_buf_reset(log);
	if (result == SST_MATCH_LIMIT)
		SST_BUF_PUT(log, "limit");
	if (result == SST_MATCH_NO)
		SST_BUF_PUT(log, "no");
	for (size_t i = 0;
		result == SST_MATCH_YES && i <= sst_match_group_count(match);
		i++) {
		if (groups[i].at == NULL)
			SST_BUF_PUT(log, "-");
		sst_buf_put_span(log, groups[i]);
		SST_BUF_PUT(log, "|");
	}
	assert_int_equal(sst_match_find(match, text, from, NULL), result);
}

static void
patterns_find_their_groups(void **state)
{
	static const struct {
		const char *pattern;
		struct sst_span text, log;
		struct sst_match_options options;
		size_t from;
	} cases[] = {
		{ "b+", SST_SPAN("abbc"), SST_SPAN("bb|"), { 0 }, 0 },
		{ "b+", SST_SPAN("abbc"), SST_SPAN("b|"), { 0 }, 2 },
		{ "b+", SST_SPAN("abbc"), SST_SPAN("no"), { 0 }, 3 },
		{ "b+", SST_SPAN("abbc"), SST_SPAN("no"), { 0 }, 4 },
		{ "(?<=b)c", SST_SPAN("abbc"), SST_SPAN("c|"), { 0 }, 3 },
		{ "^b", SST_SPAN("abbc"), SST_SPAN("no"), { 0 }, 1 },
		{ "b", SST_SPAN("abc"), SST_SPAN("no"), { .is_anchored = true },
			0 },
		{ "b", SST_SPAN("abc"), SST_SPAN("b|"), { .is_anchored = true },
			1 },
		{ "a|x", SST_SPAN("abc"), SST_SPAN("a|"),
			{ .is_anchored = true }, 0 },
		{ "x|b", SST_SPAN("abc"), SST_SPAN("no"),
			{ .is_anchored = true }, 0 },
		{ "B", SST_SPAN("abc"), SST_SPAN("no"), { 0 }, 0 },
		{ "B", SST_SPAN("abc"), SST_SPAN("b|"), { .is_caseless = true },
			0 },
		{ "\xc3\x9c", SST_SPAN("\xc3\xbc"), SST_SPAN("\xc3\xbc|"),
			{ .is_caseless = true }, 0 },
		{ "(x)?(b)", SST_SPAN("abc"), SST_SPAN("b|-|b|"), { 0 }, 0 },
		{ "(b)|(c)", SST_SPAN("abc"), SST_SPAN("b|b|-|"), { 0 }, 0 },
		{ "(b*)c", SST_SPAN("c"), SST_SPAN("c||"), { 0 }, 0 },
		{ "^(a)?$", SST_SPAN(""), SST_SPAN("|-|"), { 0 }, 0 },
		{ "", SST_SPAN(""), SST_SPAN("|"), { 0 }, 0 },
		{ "a.c", SST_SPAN("xa\0cx"), SST_SPAN("a\0c|"), { 0 }, 0 },
		{ "^.$", SST_SPAN("\xc3\xbc"), SST_SPAN("\xc3\xbc|"), { 0 },
			0 },
		/* Any bytes may come; what is not UTF-8 fits nothing. */
		{ "b",
			SST_SPAN("\xff\xc3"
				 "ab"),
			SST_SPAN("b|"), { 0 }, 0 },
		{ "a.b",
			SST_SPAN("a\xff"
				 "b"),
			SST_SPAN("no"), { 0 }, 0 },
		{ "b",
			SST_SPAN("\xc3\xbc"
				 "b"),
			SST_SPAN("b|"), { 0 }, 1 },
		{ "\\d", SST_SPAN("\xd9\xa3"), SST_SPAN("no"), { 0 }, 0 },
	};
	struct sst_buf log;

	(void)state;
	sst_buf_init(&log, 256);
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		struct sst_match *match = open_in(modes[i % 2],
			cases[i / 2].pattern, cases[i / 2].options);

		find(match, cases[i / 2].text, cases[i / 2].from, &log);
		if (!sst_span_eq(sst_buf_span(&log), cases[i / 2].log))
			fail_msg("case %zu: %.*s", i / 2, (int)log.len, log.at);
		sst_match_close(match);
	}
	sst_buf_release(&log);
}

static void
no_text_at_all_is_empty_text(void **state)
{
	struct sst_match *match =
		open_in("", "^(x?)$", (struct sst_match_options){ 0 });
	struct sst_span groups[SST_MATCH_GROUPS];

	(void)state;
	assert_int_equal(sst_match_find(match, sst_span(NULL, 0), 0, groups),
		SST_MATCH_YES);
	assert_non_null(groups[1].at);
	assert_int_equal(groups[1].len, 0);
	sst_match_close(match);
}

static void
groups_have_their_names(void **state)
{
	struct sst_match *match = open_in("", "(?<year>\\d+)-(\\d+)-(?<d>\\d+)",
		(struct sst_match_options){ 0 });

	(void)state;
	assert_int_equal(sst_match_group_count(match), 3);
	assert_true(sst_span_is(sst_match_group_name(match, 1), "year"));
	assert_int_equal(sst_match_group_name(match, 2).len, 0);
	assert_true(sst_span_is(sst_match_group_name(match, 3), "d"));
	assert_int_equal(sst_match_group_name(match, 0).len, 0);
	assert_int_equal(sst_match_group_name(match, 4).len, 0);
	sst_match_close(match);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
a_catastrophic_pattern_meets_its_limit(void **state)
{
	static const char *const patterns[] = {
		"(a+)+$",
		"^(a|aa)+$",
		"^(a|a?)+$",
		"(.*)*[xz](.*)*[yz]",
		"^(?:a(?=(a*)*b)|a)+$",
	};
	const size_t n = 1024 * 1024;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	text[n - 1] = '!';
	for (size_t i = 0; i < COUNT(patterns) * 2; i++)
		for (size_t len = 64; len <= n; len *= 128) {
			struct sst_match *match =
				open_in(modes[i % 2], patterns[i / 2],
					(struct sst_match_options){ 0 });
			double begin = now();
			enum sst_match_result got = sst_match_find(
				match, sst_span(text + n - len, len), 0, NULL);

			if (got != SST_MATCH_LIMIT)
				fail_msg("%s%s on %zu: %d", modes[i % 2],
					patterns[i / 2], len, got);
			/* Generous, for slow machines under sanitizers: a
			 * match without limits takes longer than the universe
			 * has existed. */
			assert_true(now() - begin < 5);
			/* The next match starts from zero again. */
			assert_int_equal(sst_match_find(match,
						 sst_span_of("aaa"), 0, NULL),
				i / 2 == 3 ? SST_MATCH_NO : SST_MATCH_YES);
			sst_match_close(match);
		}
	free(text);
}

/* Quadratic and cubic ones stay below the limit of steps for long. */
static void
a_slow_pattern_ends_in_time_without_jit(void **state)
{
	static const char *const patterns[] = { "a+[bc]", "x?a+[bc]", "a+-?a+$",
		"a+-?a+-?a+$" };
	const size_t n = 1024 * 1024;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	text[n - 1] = '!';
	for (size_t i = 0; i < COUNT(patterns); i++)
		for (size_t len = 16384; len <= n; len *= 64) {
			struct sst_match *match = open_in("(*NO_JIT)",
				patterns[i], (struct sst_match_options){ 0 });
			double begin = now();

			assert_int_equal(
				sst_match_find(match,
					sst_span(text + n - len, len), 0, NULL),
				SST_MATCH_LIMIT);
			assert_true(now() - begin < 5);
			sst_match_close(match);
		}
	free(text);
}

static void
a_plain_pattern_is_within_its_limits_on_a_long_line(void **state)
{
	static const struct {
		const char *pattern;
		enum sst_match_result result;
	} cases[] = {
		{ "\\bbot\\b", SST_MATCH_NO },
		{ "(?:curl|wget|python)/\\d", SST_MATCH_NO },
		{ "^[^ ]+ [^ ]+ .* (\\d+)$", SST_MATCH_YES },
		{ "\\d{3}-\\d{4}", SST_MATCH_NO },
		{ "[a-z]+@[a-z]+\\.[a-z]{2,}", SST_MATCH_NO },
		{ "end 42$", SST_MATCH_YES },
	};
	struct sst_buf text;

	(void)state;
	sst_buf_init(&text, 1 << 17);
	while (text.len < 65536)
		SST_BUF_PUT(&text, "word and another word, 12 or more; ");
	SST_BUF_PUT(&text, "the end 42");
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		struct sst_match *match = open_in(modes[i % 2],
			cases[i / 2].pattern, (struct sst_match_options){ 0 });

		if (sst_match_find(match, sst_buf_span(&text), 0, NULL) !=
			cases[i / 2].result)
			fail_msg("%s%s", modes[i % 2], cases[i / 2].pattern);
		sst_match_close(match);
	}
	sst_buf_release(&text);
}

static void
no_pattern_can_raise_its_limit(void **state)
{
	struct sst_match *match = open_in("",
		"(*LIMIT_MATCH=4000000000)(*LIMIT_HEAP=4000000000)(a+)+$",
		(struct sst_match_options){ 0 });

	(void)state;
	assert_int_equal(
		sst_match_find(match,
			sst_span_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), 0,
			NULL),
		SST_MATCH_LIMIT);
	sst_match_close(match);
}

/* Needs more than the 32 KiB that JIT code has at first. */
static void
a_long_match_gets_a_larger_stack(void **state)
{
	struct sst_match *match =
		open_in("", "^(?:(a)|b)*$", (struct sst_match_options){ 0 });
	char text[4000];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (int i = 0; i < 2; i++)
		assert_int_equal(sst_match_find(match,
					 sst_span(text, sizeof(text)), 0, NULL),
			SST_MATCH_YES);
	sst_match_close(match);
}

static void
what_is_wrong_with_a_pattern_is_said(void **state)
{
	static const struct {
		struct sst_span pattern;
		const char *text;
	} cases[] = {
		{ SST_SPAN("a(b"), "bad pattern at offset 3: missing closing "
				   "parenthesis" },
		{ SST_SPAN("ab[c"),
			"bad pattern at offset 4: missing terminating ] for "
			"character class" },
		{ SST_SPAN("a\\Cb"),
			"bad pattern at offset 3: using \\C is disabled by the "
			"application" },
		{ SST_SPAN("\xff"), "bad pattern at offset 0: UTF-8 error: "
				    "illegal byte (0xfe or 0xff)" },
		{ SST_SPAN("()()()()()()()()()()()()()()()()"
			   "()()()()()()()()()()()()()()()()"),
			"a pattern with 32 groups: 31 are allowed" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_err err = { 0 };
		struct sst_match *match;

		assert_int_equal(sst_match_open(&match, cases[i].pattern,
					 (struct sst_match_options){ 0 }, &err),
			SST_ECONFIG);
		assert_null(match);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void
a_pattern_has_a_greatest_length(void **state)
{
	struct sst_err err = { 0 };
	struct sst_match *match;
	char text[4097];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(sst_match_open(&match, sst_span(text, 4096),
				 (struct sst_match_options){ 0 }, &err),
		SST_OK);
	sst_match_close(match);
	assert_int_equal(sst_match_open(&match, sst_span(text, 4097),
				 (struct sst_match_options){ 0 }, &err),
		SST_ECONFIG);
	assert_null(match);
	assert_string_equal(
		err.text, "a pattern of 4097 bytes: 4096 are allowed");
}

static void
as_many_groups_as_allowed_are_given(void **state)
{
	struct sst_match *match = open_in("",
		"()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()"
		"(a)",
		(struct sst_match_options){ 0 });
	struct sst_span groups[SST_MATCH_GROUPS];

	(void)state;
	assert_int_equal(sst_match_group_count(match), 31);
	assert_int_equal(sst_match_find(match, sst_span_of("ba"), 0, groups),
		SST_MATCH_YES);
	assert_true(sst_span_is(groups[31], "a"));
	sst_match_close(match);
}

static void
the_library_says_its_version(void **state)
{
	int major, minor;

	(void)state;
	assert_int_equal(
		sscanf(sst_match_library_version(), "%d.%d", &major, &minor),
		2);
	assert_int_equal(major, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_find_their_groups),
		cmocka_unit_test(no_text_at_all_is_empty_text),
		cmocka_unit_test(groups_have_their_names),
		cmocka_unit_test(a_catastrophic_pattern_meets_its_limit),
		cmocka_unit_test(a_slow_pattern_ends_in_time_without_jit),
		cmocka_unit_test(
			a_plain_pattern_is_within_its_limits_on_a_long_line),
		cmocka_unit_test(no_pattern_can_raise_its_limit),
		cmocka_unit_test(a_long_match_gets_a_larger_stack),
		cmocka_unit_test(what_is_wrong_with_a_pattern_is_said),
		cmocka_unit_test(a_pattern_has_a_greatest_length),
		cmocka_unit_test(as_many_groups_as_allowed_are_given),
		cmocka_unit_test(the_library_says_its_version),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
