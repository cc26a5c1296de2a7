/* SPDX-License-Identifier: ISC */
#include "redact/valid.h"

#include <stdint.h>

static bool
passes_luhn(struct sst_span digits)
{
	unsigned sum = 0;

	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit =
			(unsigned)(digits.at[digits.len - 1 - i] - '0');

		if (i % 2 == 1)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* Prefixes of six digits, both ends included, and the lengths they go with. */
static const struct issuer {
	uint32_t from, to;
	uint8_t min, max;
} issuers[] = {
	{ 100000, 199999, 15, 15 }, /* UATP */
	{ 222100, 272099, 16, 16 }, /* Mastercard */
	{ 300000, 305999, 14, 19 }, /* Diners Club */
	{ 340000, 349999, 15, 15 }, /* American Express */
	{ 352800, 358999, 16, 19 }, /* JCB */
	{ 360000, 369999, 14, 19 }, /* Diners Club */
	{ 370000, 379999, 15, 15 }, /* American Express */
	{ 380000, 399999, 14, 19 }, /* Diners Club */
	{ 400000, 499999, 13, 13 }, /* Visa */
	{ 400000, 499999, 16, 16 }, /* Visa */
	{ 400000, 499999, 19, 19 }, /* Visa */
	{ 501800, 501899, 12, 19 }, /* Maestro */
	{ 501900, 501999, 16, 16 }, /* Dankort */
	{ 502000, 502099, 12, 19 }, /* Maestro */
	{ 503800, 503899, 12, 19 }, /* Maestro */
	{ 510000, 559999, 16, 16 }, /* Mastercard */
	{ 589300, 589399, 12, 19 }, /* Maestro */
	{ 601100, 601199, 16, 19 }, /* Discover */
	{ 620000, 629999, 16, 19 }, /* UnionPay */
	{ 630400, 630499, 12, 19 }, /* Maestro */
	{ 644000, 659999, 16, 19 }, /* Discover */
	{ 675900, 675999, 12, 19 }, /* Maestro */
	{ 676100, 676399, 12, 19 }, /* Maestro */
};

static bool
has_issuer(struct sst_span digits)
{
	uint32_t head = 0;

	for (size_t i = 0; i < 6; i++)
		head = head * 10 + (uint32_t)(digits.at[i] - '0');
	for (size_t i = 0; i < sizeof(issuers) / sizeof(issuers[0]); i++)
		if (head >= issuers[i].from && head <= issuers[i].to &&
			digits.len >= issuers[i].min &&
			digits.len <= issuers[i].max)
			return true;
	return false;
}

static bool
is_one_digit(struct sst_span digits)
{
	for (size_t i = 1; i < digits.len; i++)
		if (digits.at[i] != digits.at[0])
			return false;
	return true;
}

bool
sst_valid_card(struct sst_span digits)
{
	return digits.len >= SST_CARD_MIN && digits.len <= SST_CARD_MAX &&
	       has_issuer(digits) && passes_luhn(digits) &&
	       !is_one_digit(digits);
}

/* The IBAN registry, release 99. */
static const struct {
	char country[3];
	uint8_t length;
} iban_lengths[] = {
	{ "AD", 24 },
	{ "AE", 23 },
	{ "AL", 28 },
	{ "AT", 20 },
	{ "AZ", 28 },
	{ "BA", 20 },
	{ "BE", 16 },
	{ "BG", 22 },
	{ "BH", 22 },
	{ "BI", 27 },
	{ "BR", 29 },
	{ "BY", 28 },
	{ "CH", 21 },
	{ "CR", 22 },
	{ "CY", 28 },
	{ "CZ", 24 },
	{ "DE", 22 },
	{ "DJ", 27 },
	{ "DK", 18 },
	{ "DO", 28 },
	{ "EE", 20 },
	{ "EG", 29 },
	{ "ES", 24 },
	{ "FI", 18 },
	{ "FK", 18 },
	{ "FO", 18 },
	{ "FR", 27 },
	{ "GB", 22 },
	{ "GE", 22 },
	{ "GI", 23 },
	{ "GL", 18 },
	{ "GR", 27 },
	{ "GT", 28 },
	{ "HN", 28 },
	{ "HR", 21 },
	{ "HU", 28 },
	{ "IE", 22 },
	{ "IL", 23 },
	{ "IQ", 23 },
	{ "IS", 26 },
	{ "IT", 27 },
	{ "JO", 30 },
	{ "KW", 30 },
	{ "KZ", 20 },
	{ "LB", 28 },
	{ "LC", 32 },
	{ "LI", 21 },
	{ "LT", 20 },
	{ "LU", 20 },
	{ "LV", 21 },
	{ "LY", 25 },
	{ "MC", 27 },
	{ "MD", 24 },
	{ "ME", 22 },
	{ "MK", 19 },
	{ "MN", 20 },
	{ "MR", 27 },
	{ "MT", 31 },
	{ "MU", 30 },
	{ "NI", 28 },
	{ "NL", 18 },
	{ "NO", 15 },
	{ "OM", 23 },
	{ "PK", 24 },
	{ "PL", 28 },
	{ "PS", 29 },
	{ "PT", 25 },
	{ "QA", 29 },
	{ "RO", 24 },
	{ "RS", 22 },
	{ "RU", 33 },
	{ "SA", 24 },
	{ "SC", 31 },
	{ "SD", 18 },
	{ "SE", 24 },
	{ "SI", 19 },
	{ "SK", 24 },
	{ "SM", 27 },
	{ "SO", 23 },
	{ "ST", 25 },
	{ "SV", 28 },
	{ "TL", 23 },
	{ "TN", 24 },
	{ "TR", 26 },
	{ "UA", 29 },
	{ "VA", 22 },
	{ "VG", 24 },
	{ "XK", 20 },
	{ "YE", 30 },
};

size_t
sst_iban_length(char first, char second)
{
	char a = (char)(sst_lower(first) - 0x20);
	char b = (char)(sst_lower(second) - 0x20);

	for (size_t i = 0; i < sizeof(iban_lengths) / sizeof(iban_lengths[0]);
		i++)
		if (iban_lengths[i].country[0] == a &&
			iban_lengths[i].country[1] == b)
			return iban_lengths[i].length;
	return 0;
}

bool
sst_valid_iban(struct sst_span text)
{
	unsigned rest = 0;

	if (text.len < SST_IBAN_MIN ||
		text.len != sst_iban_length(text.at[0], text.at[1]))
		return false;
	/* The number with its first four characters moved to the end. */
	for (size_t i = 0; i < text.len; i++) {
		char c = sst_lower(text.at[(i + 4) % text.len]);

		if (c >= '0' && c <= '9')
			rest = rest * 10 + (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'z')
			rest = rest * 100 + (unsigned)(c - 'a' + 10);
		else
			return false;
		rest %= 97;
	}
	return rest == 1;
}

bool
sst_valid_ssn(struct sst_span digits)
{
	static const struct sst_span none = SST_SPAN("000"),
				     never = SST_SPAN("666"),
				     serial = SST_SPAN("0000");
	struct sst_span area = sst_span_head(digits, 3);

	return digits.len == 9 && !sst_span_eq(area, none) &&
	       !sst_span_eq(area, never) &&
	       !(digits.at[3] == '0' && digits.at[4] == '0') &&
	       !sst_span_ends(digits, serial) && !is_one_digit(digits);
}

enum {
	LOWER,
	UPPER,
	DIGIT,
	OTHER
};

static int
class_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	return c >= '0' && c <= '9' ? DIGIT : OTHER;
}

/*
 * A random base64 character is of another class than its neighbour in about
 * 60 % of places, a random hex digit in 47 %; "iphone15pro" is in 20 %,
 * CamelCase in 25 % without having digits. '-' and '_' are passed over, since
 * they stand between words. So: from 10 letters and digits on, both at least
 * twice and a change in at least 30 % of places; or, from 20 on, without regard
 * to digits, in 40 %.
 */
bool
sst_is_token_like(struct sst_span text)
{
	size_t seen[4] = { 0 }, changes = 0, letters, n;
	int last = OTHER;

	for (size_t i = 0; i < text.len; i++) {
		int class = class_of(text.at[i]);

		seen[class]++;
		if (class == OTHER)
			continue;
		changes += last != OTHER && class != last;
		last = class;
	}
	letters = seen[LOWER] + seen[UPPER];
	n = letters + seen[DIGIT];
	if (n >= 10 && seen[DIGIT] >= 2 && letters >= 2 &&
		changes * 10 >= n * 3)
		return true;
	return n >= 20 && letters > 0 && changes * 10 >= n * 4;
}
