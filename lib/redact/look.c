/* SPDX-License-Identifier: ISC */
#include "redact/look.h"

#include "base/wide.h"
#include "redact/decode.h"
#include "redact/detect.h"
#include "redact/valid.h"

bool
sst_look_at(struct sst_look *out, struct sst_span text)
{
	struct sst_look look = { .text = text,
		.all = sst_look_part(0, text.len) };
	uint64_t known;

	if (text.len > SST_LOOK_MAX)
		return false;
	for (size_t i = 0; i < text.len; i += 16) {
		struct sst_wide w = sst_wide_load(text.at + i);
		struct sst_wide small = sst_wide_small(w);

		look.digit |= (uint64_t)sst_wide_in(w, '0', '9') << i;
		look.upper |= (uint64_t)sst_wide_in(w, 'A', 'Z') << i;
		look.letter |= (uint64_t)sst_wide_in(small, 'a', 'z') << i;
		look.hex |= (uint64_t)sst_wide_in(small, 'a', 'f') << i;
		look.dot |= (uint64_t)sst_wide_is(w, '.') << i;
		look.dash |= (uint64_t)sst_wide_is(w, '-') << i;
		look.under |= (uint64_t)sst_wide_is(w, '_') << i;
		look.slash |= (uint64_t)sst_wide_is(w, '/') << i;
		look.colon |= (uint64_t)sst_wide_is(w, ':') << i;
		look.equals |= (uint64_t)sst_wide_is(w, '=') << i;
	}
	known = look.digit | look.letter | look.dot | look.dash | look.under |
		look.slash | look.colon | look.equals;
	if ((known & look.all) != look.all)
		return false;
	/* What stands behind the text is no part of it. */
	look.digit &= look.all;
	look.upper &= look.all;
	look.letter &= look.all;
	look.hex &= look.all;
	look.dot &= look.all;
	look.dash &= look.all;
	look.under &= look.all;
	look.slash &= look.all;
	look.colon &= look.all;
	look.equals &= look.all;
	*out = look;
	return true;
}

/* ---- what each detector wants to see ---- */

static inline size_t
place_of(uint64_t bits)
{
	return (size_t)__builtin_ctzll(bits);
}

static inline bool
are_at_least(uint64_t bits, unsigned n)
{
	while (bits != 0 && --n != 0)
		bits &= bits - 1;
	return bits != 0;
}

/* Three separators with a digit behind each, twelve digits in a row, or what
 * stands behind "//". */
static bool
may_have_ipv4(const struct sst_look *look)
{
	uint64_t steps = (look->dot | look->dash) << 1 & look->digit;

	return are_at_least(steps, 3) || sst_look_runs(look->digit, 12) != 0 ||
	       sst_look_runs(look->slash, 2) != 0;
}

/* A ':' beside a hex digit, '.' or another ':'. */
static bool
may_have_ipv6(const struct sst_look *look)
{
	uint64_t run = look->digit | look->hex | look->dot | look->colon;

	return (look->colon & (run << 1 | run >> 1)) != 0;
}

/* Separators as far from each other as hex digits are long: 2, or 4. */
static bool
may_have_mac(const struct sst_look *look)
{
	uint64_t mark = look->dash | look->colon;

	return (mark & mark >> 3 & mark >> 6 & mark >> 9 & mark >> 12) != 0 ||
	       (look->dot & look->dot >> 5) != 0;
}

/* Seven digits with at most three separators between two of them. */
static bool
may_have_numbers(const struct sst_look *look)
{
	const uint64_t mark =
		look->dot | look->dash | look->slash | look->colon;
	uint64_t behind = look->digit << 1 & mark;
	uint64_t before = look->digit >> 1 & mark;
	uint64_t joined;

	if (!are_at_least(look->digit, 7))
		return false;
	behind |= behind << 1 & mark;
	behind |= behind << 1 & mark;
	before |= before >> 1 & mark;
	before |= before >> 1 & mark;
	joined = look->digit | (behind & before);
	while (joined != 0) {
		uint64_t run = sst_look_run(joined);

		if (are_at_least(run & look->digit, 7))
			return true;
		joined &= ~run;
	}
	return false;
}

/* Seven digits, or a word of letters and digits as long as the shortest number
 * with a run of four of them, or as long as those without one. */
static bool
may_have_national(const struct sst_look *look, bool has_numbers)
{
	uint64_t word = look->letter | look->digit;

	if (has_numbers)
		return true;
	return sst_look_runs(word, SST_NATIONAL_MIN) != 0 &&
	       (sst_look_runs(look->digit, 4) != 0 ||
		       sst_look_runs(word, 16) != 0) &&
	       are_at_least(look->digit, 4);
}

/* Where letters and digits begin. */
static inline uint64_t
word_starts(const struct sst_look *look)
{
	uint64_t word = look->letter | look->digit;

	return word & ~(word << 1);
}

/* Two letters and two digits at the start of a word. */
static bool
may_have_iban(const struct sst_look *look)
{
	return (word_starts(look) & look->letter & look->letter >> 1 &
		       look->digit >> 2 & look->digit >> 3) != 0;
}

/* Something random, a UUID or a hash, from end to end of a word or value. */
static bool
may_have_random(const struct sst_look *look, uint64_t token)
{
	const uint64_t dash = look->dash;

	if ((dash & dash >> 5 & dash >> 10 & dash >> 15) != 0 ||
		sst_look_runs(look->digit | look->hex, 32) != 0)
		return true;
	if (sst_look_runs(token, 16) == 0)
		return false;
	/* The dots of a file name end it. */
	return look->equals != 0 || (((token & ~look->dot) == look->all) &&
					    sst_is_token_like(look->text));
}

/* A key of a known kind, which begins where a word does. */
static bool
may_have_key(const struct sst_look *look, uint64_t token)
{
	uint64_t starts = word_starts(look) & look->letter;

	if (sst_look_runs(token, 12) == 0)
		return false;
	for (; starts != 0; starts &= starts - 1)
		if (sst_may_be_key(sst_span_from(look->text, place_of(starts))))
			return true;
	return false;
}

/* Of each 4 characters of base64 the first: of something ASCII it is one of A
 * to Z and a to f. */
#define FOURTHS UINT64_C(0x1111111111111111)

/* One of the long runs is base64 of something readable. */
static bool
may_hide(const struct sst_look *look, uint64_t base64)
{
	const uint64_t other = ~(look->upper | look->hex);
	uint64_t starts = sst_look_runs(base64, SST_HIDDEN_MIN);

	while (starts != 0) {
		size_t at = place_of(starts);
		uint64_t run = sst_look_run(base64 >> at << at);
		uint64_t rest = ~(run >> at);
		size_t len = rest == 0 ? 64 : place_of(rest);
		/* The last one alone gives no byte. */
		uint64_t odd = run & run >> 1 & other & FOURTHS << at;

		if (!are_at_least(odd, SST_HIDDEN_SPARE(len) + 1) &&
			sst_may_hide(sst_span(look->text.at + at, len)))
			return true;
		starts &= ~run;
	}
	return false;
}

/* A name before ':' or '=' that promises a secret. Before ':' any name is
 * asked for. */
static bool
may_have_secret(const struct sst_look *look, uint64_t token)
{
	uint64_t equals = look->equals;

	if ((look->colon & token << 1) != 0)
		return true;
	for (; equals != 0; equals &= equals - 1)
		if (sst_may_name_secret(look->text, place_of(equals)))
			return true;
	return false;
}

/* Of the encodings only quoted-printable: "=2E". */
static bool
may_be_coded(const struct sst_look *look)
{
	uint64_t equals = look->equals;

	for (; equals != 0; equals &= equals - 1)
		if (sst_is_quoted(look->text, place_of(equals)))
			return true;
	return false;
}

unsigned
sst_look_evidence(const struct sst_look *look)
{
	const uint64_t token = look->letter | look->digit | look->dot |
			       look->dash | look->under;
	const uint64_t base64 = (token & ~look->dot) | look->slash;
	bool has_token = may_have_random(look, token) ||
			 may_have_key(look, token) || may_hide(look, base64) ||
			 may_hide(look, base64 & ~look->slash);

	bool has_numbers = may_have_numbers(look);

	return (unsigned)may_have_ipv4(look) << SST_DETECT_IPV4 |
	       (unsigned)may_have_ipv6(look) << SST_DETECT_IPV6 |
	       (unsigned)may_have_mac(look) << SST_DETECT_MAC |
	       (unsigned)has_numbers << SST_DETECT_NUMBERS |
	       (unsigned)may_have_national(look, has_numbers)
		       << SST_DETECT_NATIONAL |
	       (unsigned)may_have_iban(look) << SST_DETECT_IBAN |
	       (unsigned)has_token << SST_DETECT_TOKENS |
	       (unsigned)may_have_secret(look, token) << SST_DETECT_SECRETS |
	       (unsigned)may_be_coded(look) << SST_DETECT_CODED;
}
