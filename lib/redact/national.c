/* SPDX-License-Identifier: ISC */
#include "redact/national.h"

#include <stdint.h>
#include <string.h>

/* ---- what several have in common ---- */

static unsigned
digit(char c)
{
	return (unsigned)(c - '0');
}

static unsigned
number(const char *id, size_t n)
{
	unsigned value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + digit(id[i]);
	return value;
}

static unsigned
weigh(const char *id, const uint8_t *weights, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += digit(id[i]) * weights[i];
	return sum;
}

static bool
is_one_digit(const char *id, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (id[i] != id[0])
			return false;
	return true;
}

static bool
is_luhn(const char *id, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = digit(id[n - 1 - i]);

		if (i % 2 == 1)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return sum % 10 == 0;
}

static bool
is_day(unsigned day, unsigned month)
{
	return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/* n modulo 97, of up to 19 digits. */
static unsigned
modulo_97(const char *id, size_t n, unsigned before)
{
	unsigned rest = before;

	for (size_t i = 0; i < n; i++)
		rest = (rest * 10 + digit(id[i])) % 97;
	return rest;
}

/* ---- country by country ---- */

/* Of the first ten digits one occurs two or three times and the others once;
 * numbers for tests have all ten. */
static bool
is_de_tax(const char *id, unsigned most_often)
{
	unsigned counts[10] = { 0 }, product = 10, most = 0, different = 0;

	if (id[0] == '0')
		return false;
	for (size_t i = 0; i < 10; i++) {
		unsigned sum = (digit(id[i]) + product) % 10;

		counts[digit(id[i])]++;
		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	for (size_t i = 0; i < 10; i++) {
		most = counts[i] > most ? counts[i] : most;
		different += counts[i] > 0;
	}
	/* 10 digits: once each, or one twice, or one three times. */
	return most <= most_often && different == 11 - most &&
	       (11 - product) % 10 == digit(id[10]);
}

bool
sst_valid_de_tax(const char *id)
{
	return is_de_tax(id, 3);
}

bool
sst_valid_de_tax_old(const char *id)
{
	return is_de_tax(id, 2);
}

/* Sex, year, month (20 and more: unknown), place, number, key. */
bool
sst_valid_fr_nir(const char *id)
{
	char digits[13];
	unsigned month = number(id + 3, 2), rest;

	if (strchr("123478", id[0]) == NULL ||
		!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) ||
			month >= 50))
		return false;
	memcpy(digits, id, sizeof(digits));
	if (id[6] == 'A' || id[6] == 'B') {
		if (id[5] != '2')
			return false;
		digits[5] = '1';
		digits[6] = id[6] == 'A' ? '9' : '8';
	} else if (id[6] < '0' || id[6] > '9') {
		return false;
	}
	rest = modulo_97(digits, sizeof(digits), 0);
	return 97 - rest == number(id + 13, 2);
}

static char
es_letter(unsigned n)
{
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n % 23];
}

bool
sst_valid_es_dni(const char *id)
{
	return id[8] == es_letter(number(id, 8));
}

bool
sst_valid_es_nie(const char *id)
{
	if (id[0] < 'X' || id[0] > 'Z')
		return false;
	return id[8] == es_letter((unsigned)(id[0] - 'X') * 10000000 +
				  number(id + 1, 7));
}

/* What a character counts at an odd place: the table of the decree, of digits
 * and of the letters from A on. */
static const uint8_t it_odd[26] = { 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18,
	20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23 };

/* Letters stand for digits (L M N P Q R S T U V) where two persons would have
 * the same number. */
static bool
is_it_digit(char c)
{
	return (c >= '0' && c <= '9') || strchr("LMNPQRSTUV", c) != NULL;
}

bool
sst_valid_it_cf(const char *id)
{
	static const char places[] = "AAAAAA99A99A999A";
	unsigned sum = 0;

	for (size_t i = 0; i < 15; i++) {
		bool is_digit = id[i] >= '0' && id[i] <= '9';
		unsigned value = (unsigned)(id[i] - (is_digit ? '0' : 'A'));

		if (places[i] == 'A' ? is_digit : !is_it_digit(id[i]))
			return false;
		sum += i % 2 == 0 ? it_odd[value] : value;
	}
	return strchr("ABCDEHLMPRST", id[8]) != NULL &&
	       (unsigned)(id[15] - 'A') == sum % 26;
}

bool
sst_valid_uk_nhs(const char *id)
{
	static const uint8_t weights[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned check = 11 - weigh(id, weights, 9) % 11;

	return check % 11 == digit(id[9]) && check != 10 &&
	       !is_one_digit(id, 10);
}

bool
sst_valid_uk_nino(const char *id)
{
	static const char never[][3] = { "BG", "GB", "KN", "NK", "NT", "TN",
		"ZZ" };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (memcmp(id, never[i], 2) == 0)
			return false;
	return strchr("DFIQUV", id[0]) == NULL &&
	       strchr("DFIQUVO", id[1]) == NULL && id[8] >= 'A' && id[8] <= 'D';
}

bool
sst_valid_be_rrn(const char *id)
{
	unsigned check = number(id + 9, 2);

	if (!is_day(number(id + 4, 2), number(id + 2, 2)))
		return false;
	return 97 - modulo_97(id, 9, 0) == check ||
	       97 - modulo_97(id, 9, 2) == check;
}

bool
sst_valid_nl_bsn(const char *id)
{
	static const uint8_t weights[] = { 9, 8, 7, 6, 5, 4, 3, 2, 10 };

	/* The last counts -1, which is 10 modulo 11. */
	return weigh(id, weights, 9) % 11 == 0 && !is_one_digit(id, 9);
}

bool
sst_valid_pl_pesel(const char *id)
{
	static const uint8_t weights[] = { 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1 };

	/* The month has 20, 40, 60 or 80 more for other centuries. */
	return is_day(number(id + 4, 2), number(id + 2, 2) % 20) &&
	       weigh(id, weights, 11) % 10 == 0;
}

/* Days of coordination numbers are 60 more. */
bool
sst_valid_se_number(const char *id)
{
	unsigned day = number(id + 4, 2);

	return is_day(day > 60 ? day - 60 : day, number(id + 2, 2)) &&
	       is_luhn(id, 10);
}

/* Without a check digit since 2007. */
bool
sst_valid_dk_cpr(const char *id)
{
	return is_day(number(id, 2), number(id + 2, 2));
}

bool
sst_valid_no_number(const char *id)
{
	static const uint8_t first[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2, 1 };
	static const uint8_t second[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
	unsigned day = number(id, 2);

	return is_day(day > 40 ? day - 40 : day, number(id + 2, 2)) &&
	       weigh(id, first, 10) % 11 == 0 &&
	       weigh(id, second, 11) % 11 == 0;
}

bool
sst_valid_fi_hetu(const char *id)
{
	return strchr("+-ABCDEFUVWXY", id[6]) != NULL &&
	       is_day(number(id, 2), number(id + 2, 2)) &&
	       id[10] == "0123456789ABCDEFHJKLMNPRSTUVWXY"
				 [(number(id, 6) * 1000 + number(id + 7, 3)) %
					 31];
}

bool
sst_valid_pt_nif(const char *id)
{
	static const uint8_t weights[] = { 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned rest = weigh(id, weights, 8) % 11;

	return id[0] != '0' && digit(id[8]) == (rest < 2 ? 0 : 11 - rest);
}

bool
sst_valid_ch_ahv(const char *id)
{
	static const uint8_t weights[] = { 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3,
		1 };

	return memcmp(id, "756", 3) == 0 && weigh(id, weights, 13) % 10 == 0;
}

bool
sst_valid_br_cpf(const char *id)
{
	static const uint8_t weights[] = { 11, 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned first = weigh(id, weights + 1, 9) * 10 % 11 % 10;
	unsigned second = weigh(id, weights, 10) * 10 % 11 % 10;

	return first == digit(id[9]) && second == digit(id[10]) &&
	       !is_one_digit(id, 11);
}

/* Verhoeff's multiplication in the dihedral group of the pentagon. */
static unsigned
turn(unsigned a, unsigned b)
{
	if (a < 5)
		return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
	return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

bool
sst_valid_in_aadhaar(const char *id)
{
	static const uint8_t once[10] = { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 };
	unsigned check = 0;

	if (id[0] < '2' || is_one_digit(id, 12))
		return false;
	for (size_t i = 0; i < 12; i++) {
		unsigned d = digit(id[11 - i]);

		for (size_t k = 0; k < i % 8; k++)
			d = once[d];
		check = turn(check, d);
	}
	return check == 0;
}

bool
sst_valid_in_pan(const char *id)
{
	return id[3] == 'P';
}

bool
sst_valid_ca_sin(const char *id)
{
	return id[0] != '0' && id[0] != '8' && is_luhn(id, 9);
}

bool
sst_valid_au_tfn(const char *id)
{
	static const uint8_t weights[] = { 1, 4, 3, 7, 5, 8, 6, 9, 10 };

	return weigh(id, weights, 9) % 11 == 0;
}

/* It has no check digit: the shape and a word near it are all there is. */
bool
sst_valid_us_passport(const char *id)
{
	return !is_one_digit(id, 9);
}

static int
vin_value(char c)
{
	static const uint8_t letters[26] = { 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3,
		4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9 };

	if (c >= '0' && c <= '9')
		return c - '0';
	return letters[c - 'A'] == 0 ? -1 : letters[c - 'A'];
}

bool
sst_valid_vin(const char *id)
{
	static const uint8_t weights[17] = { 8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8,
		7, 6, 5, 4, 3, 2 };
	unsigned sum = 0, letters = 0;

	for (size_t i = 0; i < 17; i++) {
		int value = vin_value(id[i]);

		if (value < 0)
			return false;
		letters += id[i] >= 'A';
		sum += (unsigned)value * weights[i];
	}
	/* The last four count vehicles. */
	for (size_t i = 13; i < 17; i++)
		if (id[i] > '9')
			return false;
	return letters > 0 && id[8] == "0123456789X"[sum % 11];
}

bool
sst_valid_imei(const char *id)
{
	return is_luhn(id, 15) && !is_one_digit(id, 15);
}
