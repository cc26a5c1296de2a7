/* SPDX-License-Identifier: ISC */
/* Literals without which a pattern does not match. */
#include "enrich/literal.h"
#include "text/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
literals_are_read_off_patterns(void **state)
{
	static const struct {
		const char *pattern, *want; /* joined with spaces */
	} cases[] = {
		{ "abc", "abc" },
		{ "^/order/(\\d+)/pay$", "/order/" },
		{ "ab.cde", "cde" },
		{ "abc?def", "def" },
		{ "abc*", "ab" },
		{ "abc+d", "abc" },
		{ "abcd{2}ef", "abcd" },
		{ "abcd{0,3}", "abc" },
		{ "abcd{10}", "abcd" },
		{ "a{x", "a{x" },
		{ "(abc|de)f", "abc de" },
		{ "(?:abc|)def", "def" },
		{ "(?:abc|d+)?x", "x" },
		{ "(abc)?", "" },
		{ "(abc)+", "abc" },
		{ "(?<name>abc)|(?P<x>d)|(?'y'e)", "abc d e" },
		{ "a|b|.", "" },
		{ "foo(?=barbaz)", "foo" },
		{ "foo(?!barbaz)x", "foo" },
		{ "(?<!barbaz)foo(?<=o)", "foo" },
		{ "a[.]b", "a.b" },
		{ "a[bc]de", "de" },
		{ "a[]x]de", "de" },
		{ "a[^]xyz]de", "de" },
		{ "a[[:alpha:]]bcd", "" },
		{ "a\\.b\\/c", "a.b/c" },
		{ "ab\\dcde", "cde" },
		{ "ab\\x41cde", "" },
		{ "(ab)\\1cde", "" },
		{ "\\Qab\\E", "" },
		{ "(?i)abc", "" },
		{ "(*UTF)abc", "" },
		{ "caf\xc3\xa9?x", "caf" },
		{ "(((((((((((((((((a)))))))))))))))))", "" },
		{ "everywhere.{0,20} x", " x" },
		{ "where+", "where" },
		{ "[Aa][bB]c[dD]?", "abc" },
		{ "a{,3}bcd", "" },
		{ ".{0,20} x", " x" },
		{ "", "" },
	};

	static const char *const common[] = { "everywhere", NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_literals found;
		char got[256] = "";
		size_t n = 0;

		if (sst_literals_of(
			    &found, sst_span_of(cases[i].pattern), common))
			for (size_t k = 0; k < found.n; k++)
				n += (size_t)snprintf(got + n, sizeof(got) - n,
					"%s%.*s", k == 0 ? "" : " ",
					(int)sst_literal(&found, k).len,
					sst_literal(&found, k).at);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: '%s', expected '%s'", cases[i].pattern,
				got, cases[i].want);
	}
}

/* A pattern of random parts, which may well not compile. */
static size_t
make_pattern(char to[64])
{
	static const char *const parts[] = { "a", "b", "c", "(", ")", "|", "?",
		"*", "+", "{2}", "{0}", ".", "[ab]", "[^a]", "(?:", "\\.",
		"\\b", "^", "$", "(?!", "(?=", "[.]" };
	size_t n = 0;

	for (int i = rand() % 9; i >= 0; i--) {
		const char *part = parts[(size_t)rand() %
					 (sizeof(parts) / sizeof(parts[0]))];

		memcpy(to + n, part, strlen(part));
		n += strlen(part);
	}
	return n;
}

static bool
contains(struct sst_span text, struct sst_span word)
{
	for (size_t i = 0; i + word.len <= text.len; i++)
		if (memcmp(text.at + i, word.at, word.len) == 0)
			return true;
	return false;
}

/* The oracle is PCRE2: where it matches one of the literals is there. */
static void
every_match_has_one_of_the_literals(void **state)
{
	int matched = 0;

	(void)state;
	srand(2026);
	for (int round = 0; round < 20000; round++) {
		struct sst_literals found;
		struct sst_match_options none = { 0 };
		struct sst_match *match;
		char pattern[64], padded[64 + SST_PAD] = { 0 };
		struct sst_span text = { padded, 0 };
		bool has = false;

		size_t n = make_pattern(pattern);

		if (sst_match_open(&match, sst_span(pattern, n), none, NULL) !=
			SST_OK)
			continue;
		for (int i = rand() % 6; i >= 0; i--)
			padded[text.len++] = "abc."[rand() % 4];
		if (sst_literals_of(&found, sst_span(pattern, n), NULL) &&
			sst_match_find(match, text, 0, NULL) == SST_MATCH_YES) {
			matched++;
			for (size_t k = 0; k < found.n; k++)
				has |= contains(text, sst_literal(&found, k));
			if (!has)
				fail_msg("%.*s matches %s", (int)n, pattern,
					padded);
		}
		sst_match_close(match);
	}
	assert_true(matched > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_are_read_off_patterns),
		cmocka_unit_test(every_match_has_one_of_the_literals),
	};

	return cmocka_run_group_tests_name("literal", tests, NULL, NULL);
}
