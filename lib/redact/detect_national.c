/* SPDX-License-Identifier: ISC */
/* Numbers that a state gave to a person, or a maker to a car or a telephone. */
#include "redact/detect.h"
#include "redact/national.h"

/* What a number must show beside its shape and its check digit, lest order ids
 * and campaigns be taken for it. A word for it near it is always enough. */
enum proof {
	SURE,     /* nothing: fewer than 1 in 200 others pass */
	CAPITALS, /* its letters are upper case, or it is the whole value */
	GROUPED,  /* it is written in groups, or is the whole value */
	ZERO,     /* it begins with 0, as no time stamp does */
	NAMED     /* that word */
};

/* Characters that count, without separators; the longest is a VIN. */
#define CHARS_MAX ((size_t)17)

#define WORDS(...) \
	{ \
		__VA_ARGS__, NULL \
	}

/*
 * A shape: 9 is a digit, A a letter, * one of both, ? any character, ~ one
 * separator or none. Anything else is itself.
 */
static const struct shape {
	const char *shape;
	bool (*is_valid)(const char *id);
	enum proof proof;
	enum sst_found_kind kind;
	const char *words[4];
} shapes[] = {
#define ROW(shape, check, proof, kind, words) \
	{ shape, sst_valid_##check, proof, SST_FOUND_##kind, words },
	ROW("99~999~999~999", de_tax_old, GROUPED, NATIONAL, WORDS(NULL)) ROW(
		"99~999~999~999", de_tax, NAMED, NATIONAL,
		WORDS("steuer", "tax id", "idnr")) ROW("9~99~99~9*~999~999~99",
		fr_nir, SURE, NATIONAL, WORDS("nir", "secu")) ROW("99999999~A",
		es_dni, CAPITALS, NATIONAL,
		WORDS("dni", "nif")) ROW("A~9999999~A", es_nie, CAPITALS,
		NATIONAL, WORDS("nie", "nif")) ROW("AAAAAA**A**A***A", it_cf,
		SURE, NATIONAL,
		WORDS("fiscale")) ROW("999~999~9999", uk_nhs, ZERO, NATIONAL,
		WORDS("nhs")) ROW("AA~99~99~99~A", uk_nino, CAPITALS, NATIONAL,
		WORDS("nino", "national ins")) ROW("99~99~99~999~99", be_rrn,
		SURE, NATIONAL,
		WORDS("rijksregister", "registre nat")) ROW("9999~99~999",
		nl_bsn, NAMED, NATIONAL,
		WORDS("bsn", "burgerservice", "sofi")) ROW("999~999~999",
		nl_bsn, NAMED, NATIONAL,
		WORDS("bsn", "burgerservice", "sofi")) ROW("99999999999",
		pl_pesel, NAMED, NATIONAL,
		WORDS("pesel")) ROW("999999~9999", se_number, NAMED, NATIONAL,
		WORDS("personnummer", "personnr")) ROW("999999~9999", dk_cpr,
		NAMED, NATIONAL, WORDS("cpr")) ROW("999999~99999", no_number,
		SURE, NATIONAL, WORDS("fodselsnummer")) ROW("999999?999*",
		fi_hetu, SURE, NATIONAL,
		WORDS("hetu")) ROW("999~999~999", pt_nif, NAMED, NATIONAL,
		WORDS("nif", "contribuinte")) ROW("999~9999~9999~99", ch_ahv,
		SURE, NATIONAL, WORDS("ahv", "avs")) ROW("999.999.999-99",
		br_cpf, SURE, NATIONAL, WORDS("cpf")) ROW("99999999999", br_cpf,
		NAMED, NATIONAL, WORDS("cpf")) ROW("9999~9999~9999", in_aadhaar,
		GROUPED, NATIONAL, WORDS("aadhaar", "uidai")) ROW("AAAAA9999A",
		in_pan, CAPITALS, NATIONAL,
		WORDS("pan ")) ROW("999~999~999", ca_sin, NAMED, NATIONAL,
		WORDS("social ins", "sin:", "sin=")) ROW("999~999~999", au_tfn,
		NAMED, NATIONAL, WORDS("tfn", "tax file")) ROW("*99999999",
		us_passport, NAMED, NATIONAL,
		WORDS("passport", "travel doc")) ROW("*****************", vin,
		CAPITALS, DEVICE, WORDS("vin:", "vin=", "vin "))
		ROW("99~999999~999999~9", imei, NAMED, DEVICE, WORDS("imei"))
#undef ROW
};

/* One match of a shape in a text. */
struct match {
	char chars[CHARS_MAX];
	size_t end;
	bool is_grouped, has_small;
};

static bool
is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == ':' ||
	       c == '+';
}

/* Does one character of a shape fit? */
static bool
fits(char want, char c)
{
	bool is_digit = sst_is_class(c, SST_C_DIGIT);
	bool is_alnum = sst_is_class(c, SST_C_ALNUM);

	switch (want) {
	case '9':
		return is_digit;
	case 'A':
		return is_alnum && !is_digit;
	case '*':
		return is_alnum;
	case '?':
		return true;
	default:
		return c == want;
	}
}

/* Separators are all the same: "12-345 678" is no number. */
static bool
match_shape(
	struct sst_span text, size_t at, const char *shape, struct match *out)
{
	char separator = 0;
	size_t n = 0;

	out->is_grouped = out->has_small = false;
	for (; *shape != '\0'; shape++) {
		char c;

		if (at == text.len)
			return false;
		c = text.at[at];
		if (*shape == '~') {
			if (!is_separator(c))
				continue;
			if (separator != 0 && c != separator)
				return false;
			separator = c;
			out->is_grouped = true;
			at++;
			continue;
		}
		if (!fits(*shape, c))
			return false;
		at++;
		if (*shape == '.' || *shape == '-')
			continue;
		out->has_small |= c >= 'a' && c <= 'z';
		out->chars[n++] = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c;
	}
	out->end = at;
	return true;
}

/* Does the number go on, behind '.', '-' or ':', as versions and times do? */
static bool
goes_on(struct sst_span text, size_t mark, size_t beyond)
{
	return mark < text.len && beyond < text.len &&
	       (text.at[mark] == '.' || text.at[mark] == '-' ||
		       text.at[mark] == ':') &&
	       sst_is_class(text.at[beyond], SST_C_DIGIT);
}

/* All of a value, or of a parameter's. */
static bool
is_whole(struct sst_span text, size_t start, size_t end)
{
	return (start == 0 || text.at[start - 1] == '=') &&
	       (end == text.len || text.at[end] == '&');
}

/* The digits of a day and a time, 202611240441, stand alone as well. */
static bool
is_date(const char *chars)
{
	return memcmp(chars, "20", 2) == 0 &&
	       (chars[4] == '0' || chars[4] == '1') && chars[6] <= '3';
}

static bool
is_proven(const struct sst_probe *probe, const struct shape *shape,
	size_t start, const struct match *match)
{
	bool is_alone = is_whole(probe->text, start, match->end);

	switch (shape->proof) {
	case SURE:
		return true;
	case CAPITALS:
		if (!match->has_small || is_alone)
			return true;
		break;
	case GROUPED:
		if (match->is_grouped || (is_alone && !is_date(match->chars)))
			return true;
		break;
	case ZERO:
		if (match->chars[0] == '0' && is_alone)
			return true;
		break;
	case NAMED:
		break;
	}
	return sst_probe_has_context(probe, start, shape->words);
}

static void
find_at(struct sst_probe *probe, size_t at)
{
	struct sst_span text = probe->text;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct match match;

		if (!match_shape(text, at, shapes[i].shape, &match) ||
			!sst_probe_is_gap(probe, match.end) ||
			goes_on(text, match.end, match.end + 1) ||
			!shapes[i].is_valid(match.chars) ||
			!is_proven(probe, &shapes[i], at, &match))
			continue;
		sst_probe_mark(probe, at, match.end, shapes[i].kind);
	}
}

/* Of the shapes that begin with a letter, groups have one or two characters
 * and words as many as the shortest number: other words are passed over. */
static bool
may_begin(const struct sst_probe *probe, size_t at)
{
	size_t end = at + 1;

	if (sst_is_class(probe->text.at[at], SST_C_DIGIT))
		return true;
	while (end - at < SST_NATIONAL_MIN && !sst_probe_is_gap(probe, end))
		end++;
	return end - at <= 2 || end - at >= SST_NATIONAL_MIN;
}

void
sst_detect_national(struct sst_probe *probe)
{
	struct sst_span text = probe->text;

	for (size_t at = 0; at + SST_NATIONAL_MIN <= text.len; at++)
		if (!sst_probe_is_gap(probe, at) &&
			(at == 0 || sst_probe_is_gap(probe, at - 1)) &&
			(at < 2 || !goes_on(text, at - 1, at - 2)) &&
			may_begin(probe, at))
			find_at(probe, at);
}
