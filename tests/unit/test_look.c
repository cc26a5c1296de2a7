/* SPDX-License-Identifier: ISC */
/* A look never hides anything: the detectors, run over everything, are the
 * oracle. */
#include "redact/look.h"

#include "redact/decode.h"
#include "redact/detect.h"
#include "redact/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define CASES 300000

static uint64_t seed;

static unsigned
any(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (unsigned)(seed >> 33) % below;
}

/* What detectors are for, what looks like it, and what stands between. */
static const char *const pieces[] = { "/", "/", "/", "-", "-", ".", "_", ":",
	"=", "//", "--", "&", "%", "@", " ", "+", "\\", "a", "b", "f", "g", "Z",
	"0", "1", "7", "12", "255", "0x", "0x7f", "07", "2026", "4111", "1111",
	"123456", "5550132", "415", "555", "078", "05", "1120", "village",
	"recipe-engine-yellow", "guide-556faed3.webp", "phone", "tel", "card",
	"token", "pass", "user_password", "key", "page", "sort", "bearer",
	"basic", "http", "192.0.2.1", "1-2-3-4", ".isp.example", "001002003004",
	"2001:db8::1", "fe80", "::", "00:1b:44:11:3a:b7", "00-1b-44-11-3a-b7",
	"aabb.ccdd.eeff", "DE89370400440532013000", "GB82", "WEST", "1234",
	"4111111111111111", "4111-1111-1111-1111", "078-05-1120",
	"415-555-0132", "12345678", "12345678Z", "X1234567L", "AB123456C",
	"RSSMRA85T10A562S", "ABCPE1234F", "131052-308T", "A12803456",
	"1M8GDM9AXKP042788", "0032698674", "234567890124", "passport",
	"eyJhbGciOiJIUzI1NiJ9", "AKIA", "IOSFODNN7EXAMPLE", "xoxb-abcdefgh",
	"ghp_", "sk_live_", "0123456789abcdefABCDEFGHIJKLMN", "YWJAY2QuY29t",
	"am9obkBleGFtcGxlLm9yZw", "MTkyLjAuMi4x",
	"d41d8cd98f00b204e9800998ecf8427e",
	"123e4567-e89b-12d3-a456-426614174000",
	"deadbeef-dead-beef-dead-beefdeadbeef", "k7Xq2PzR9mW4vTn8", "=2E",
	"=40", "user", "users", "order", "login", ":id", "id", "h1_", "About",
	"js", ".html", ".svg", "20261124", "12345", "deadbeef", "c3434247",
	"xK9fQ2mZ7pLw", "iphone15pro", "ABcdEFghIJklMNopQRst" };
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

struct text {
	char at[SST_LOOK_MAX * 2 + SST_PAD];
	size_t len;
};

static struct sst_span
make_text(struct text *text)
{
	unsigned n = 1 + any(7);

	memset(text, 0, sizeof(*text));
	for (unsigned i = 0; i < n; i++) {
		const char *piece = pieces[any(PIECES)];
		size_t len = strlen(piece);

		if (text->len + len > SST_LOOK_MAX + 8)
			break;
		memcpy(text->at + text->len, piece, len);
		text->len += len;
	}
	/* What stands behind a text is not read as a part of it. */
	memset(text->at + text->len, "\0x7@/:"[any(6)], SST_PAD);
	return sst_span(text->at, text->len);
}

static void
a_look_sees_each_class_of_bytes(void **state)
{
	struct text text;
	struct sst_look look;

	(void)state;
	seed = 1;
	for (int i = 0; i < CASES / 10; i++) {
		struct sst_span span = make_text(&text);
		bool is_plain = span.len <= SST_LOOK_MAX;

		for (size_t k = 0; k < span.len; k++)
			is_plain = is_plain &&
				   memchr("&%@ +\\", span.at[k], 6) == NULL;
		assert_int_equal(sst_look_at(&look, span), is_plain);
		for (size_t k = 0; is_plain && k < SST_LOOK_MAX; k++) {
			char c = k < span.len ? span.at[k] : '\0';
			bool is_upper = c >= 'A' && c <= 'Z';
			bool is_letter = is_upper || (c >= 'a' && c <= 'z');
			bool is_digit = c >= '0' && c <= '9';

			assert_int_equal(look.all >> k & 1, k < span.len);
			assert_int_equal(look.digit >> k & 1, is_digit);
			assert_int_equal(look.upper >> k & 1, is_upper);
			assert_int_equal(look.letter >> k & 1, is_letter);
			assert_int_equal(look.hex >> k & 1,
				is_letter && sst_is_class(c, SST_C_HEX));
			assert_int_equal(look.dot >> k & 1, c == '.');
			assert_int_equal(look.dash >> k & 1, c == '-');
			assert_int_equal(look.under >> k & 1, c == '_');
			assert_int_equal(look.slash >> k & 1, c == '/');
			assert_int_equal(look.colon >> k & 1, c == ':');
			assert_int_equal(look.equals >> k & 1, c == '=');
		}
	}
}

static void
runs_are_as_long_as_asked_for(void **state)
{
	(void)state;
	seed = 2;
	for (int i = 0; i < CASES / 10; i++) {
		uint64_t bits = 0;
		unsigned n = 1 + any(40);

		for (unsigned k = any(4); k < 64; k += 1 + any(9) / 8 + any(2))
			bits |= UINT64_C(1) << k;
		bits |= any(2) ? 0 : sst_look_part(any(64), any(65));
		for (unsigned at = 0; at < 64; at++) {
			bool is_run = at + n <= 64;

			for (unsigned k = at; k < at + n && is_run; k++)
				is_run = bits >> k & 1;
			assert_int_equal(
				sst_look_runs(bits, n) >> at & 1, is_run);
		}
	}
}

/* What a detector without evidence would have found is a failure. */
static void
no_detector_finds_what_the_look_ruled_out(void **state)
{
	struct sst_found found[SST_FIND_RANGES];
	struct sst_level level;
	struct text text;
	struct sst_look look;
	size_t ruled_out = 0;

	(void)state;
	seed = 3;
	sst_level_init(&level, 1024);
	for (int i = 0; i < CASES; i++) {
		struct sst_span span = make_text(&text);
		unsigned evidence;

		if (!sst_look_at(&look, span))
			continue;
		evidence = sst_look_evidence(&look);
		for (unsigned d = 0; d < SST_DETECT_CODED; d++) {
			struct sst_probe probe = { .text = span,
				.kinds = SST_FOUND_ALL,
				.found = found };

			if (evidence >> d & 1)
				continue;
			ruled_out++;
			sst_detect(&probe, 1U << d);
			if (probe.n != 0)
				print_error("'%.*s': detector %u\n",
					(int)span.len, span.at, d);
			assert_int_equal(probe.n, 0);
		}
		if (!(evidence >> SST_DETECT_CODED & 1))
			assert_false(sst_decode_step(&level, span, NULL));
	}
	sst_level_release(&level);
	/* Or nothing was tested. */
	assert_true(ruled_out > CASES);
}

/* The search, by all detectors at every depth. */
static size_t
search_all(struct sst_probe *probe, struct sst_level levels[2])
{
	for (unsigned depth = 0; depth <= SST_FIND_DEPTH; depth++) {
		struct sst_level *next = &levels[depth % 2];

		sst_detect(probe, SST_DETECT_ALL);
		if (!sst_decode_step(next, probe->text, probe->from))
			break;
		probe->text = sst_buf_span(&next->text);
		probe->from = next->from;
	}
	return probe->n;
}

/* Of any text, with any name: also those that are no plain ones. */
static void
nothing_is_found_by_all_that_is_not_found(void **state)
{
	static const char *const names[] = { "", "", "", "q", "phone",
		"token" };
	struct sst_found found[SST_FIND_RANGES];
	const struct sst_found *seen;
	struct sst_finder *finder;
	struct sst_level levels[2];
	struct text text;

	(void)state;
	seed = 4;
	sst_level_init(&levels[0], 1024);
	sst_level_init(&levels[1], 1024);
	assert_int_equal(sst_finder_open(&finder, SST_FOUND_ALL, NULL), SST_OK);
	for (int i = 0; i < CASES / 3; i++) {
		struct sst_span span = make_text(&text);
		struct sst_probe probe = { .text = span,
			.key = sst_span_of(names[any(6)]),
			.kinds = SST_FOUND_ALL,
			.found = found };
		size_t n = sst_find(finder, span, probe.key, &seen);

		if (probe.key.len == 0)
			assert_int_equal(
				sst_find_is_possible(span) || n == 0, true);
		if ((search_all(&probe, levels) == 0) != (n == 0))
			print_error("'%.*s' under '%.*s'\n", (int)span.len,
				span.at, (int)probe.key.len, probe.key.at);
		assert_int_equal(probe.n == 0, n == 0);
	}
	sst_finder_close(finder);
	sst_level_release(&levels[0]);
	sst_level_release(&levels[1]);
}

static void
a_path_that_is_kept_is_its_own_template(void **state)
{
	struct sst_template template;
	struct sst_buf out;
	struct text text;
	struct sst_look look;
	size_t kept = 0;

	(void)state;
	seed = 5;
	sst_template_init(&template);
	sst_buf_init(&out, 1024);
	for (int i = 0; i < CASES; i++) {
		struct sst_span path = make_text(&text);

		if (!sst_look_at(&look, path) ||
			!sst_template_keeps(&template, &look))
			continue;
		kept++;
		sst_buf_reset(&out);
		sst_template_put(&out, &template, path);
		if (!sst_span_eq(path, sst_buf_span(&out)))
			print_error("'%.*s'\n", (int)path.len, path.at);
		assert_true(sst_span_eq(path, sst_buf_span(&out)));
	}
	sst_buf_release(&out);
	assert_true(kept > CASES / 10);
}

/* Spellings that are short, and were once missed. */
static void
short_ones_are_found_too(void **state)
{
	static const char *const texts[] = { "xoxb-abcdefgh", "/YWJAY2QuY29t/x",
		"token:abc", "/pass:abc" };
	const struct sst_found *found;
	struct sst_finder *finder;

	(void)state;
	assert_int_equal(sst_finder_open(&finder, SST_FOUND_ALL, NULL), SST_OK);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char padded[64 + SST_PAD] = { 0 };

		memcpy(padded, texts[i], strlen(texts[i]));
		assert_true(sst_find(finder, sst_span(padded, strlen(texts[i])),
				    sst_span_of(""), &found) > 0);
	}
	sst_finder_close(finder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_sees_each_class_of_bytes),
		cmocka_unit_test(runs_are_as_long_as_asked_for),
		cmocka_unit_test(no_detector_finds_what_the_look_ruled_out),
		cmocka_unit_test(nothing_is_found_by_all_that_is_not_found),
		cmocka_unit_test(a_path_that_is_kept_is_its_own_template),
		cmocka_unit_test(short_ones_are_found_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
