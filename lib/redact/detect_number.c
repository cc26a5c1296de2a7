/* SPDX-License-Identifier: ISC */
/* Numbers that belong to somebody: cards, telephones, social security, IBAN. */
#include "redact/detect.h"
#include "redact/valid.h"

/* Groups of digits with one separator (or ") " and the like) between them. */
#define GROUPS 8
#define DIGITS_MAX ((size_t)24)

struct group {
	size_t start, end; /* of digits in the text */
	size_t digits;     /* of all groups before this one */
	char separator;    /* before it; 0 for the first, '?' for several */
};

struct number {
	struct group groups[GROUPS];
	size_t n;
	char digits[DIGITS_MAX];
	size_t count;
	size_t end; /* where the next number may begin */
};

/* What may stand between two groups: one of these, or up to three: ") (". */
static bool
is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '+' || c == '/' ||
	       c == ':' || c == '(' || c == ')';
}

/* Read groups from `at` on, which is a digit. */
static void
read_number(struct sst_span text, size_t at, struct number *out)
{
	out->n = 0;
	out->count = 0;
	for (size_t i = at; out->n < GROUPS;) {
		struct group *group = &out->groups[out->n];
		size_t gap;

		group->start = i;
		group->digits = out->count;
		while (i < text.len && sst_is_class(text.at[i], SST_C_DIGIT)) {
			if (out->count < DIGITS_MAX)
				out->digits[out->count++] = text.at[i];
			i++;
		}
		group->end = i;
		out->n++;
		out->end = i;
		for (gap = 0;
			gap < 4 && i < text.len && is_separator(text.at[i]);
			gap++)
			i++;
		if (gap == 0 || gap == 4 || i >= text.len ||
			!sst_is_class(text.at[i], SST_C_DIGIT))
			return;
		if (out->n < GROUPS)
			out->groups[out->n].separator =
				gap == 1 ? text.at[i - 1] : '?';
	}
}

/* The groups a..b as one string of digits. */
static struct sst_span
digits_of(const struct number *number, size_t a, size_t b)
{
	size_t first = number->groups[a].digits;
	size_t last = number->groups[b].digits + number->groups[b].end -
		      number->groups[b].start;

	if (last > number->count)
		return sst_span(number->digits, 0);
	return sst_span(number->digits + first, last - first);
}

static bool
are_separated_by(
	const struct number *number, size_t a, size_t b, const char *separators)
{
	for (size_t i = a + 1; i <= b; i++)
		if (strchr(separators, number->groups[i].separator) == NULL)
			return false;
	return true;
}

static void
find_cards(struct sst_probe *probe, const struct number *number)
{
	static const char *const words[] = { "card", "amex", "visa",
		"mastercard", "diners", "credit", NULL };

	for (size_t a = 0; a < number->n; a++)
		for (size_t b = number->n; b-- > a;) {
			struct sst_span digits = digits_of(number, a, b);
			size_t start = number->groups[a].start;

			if (!are_separated_by(number, a, b, " -+."))
				continue;
			if (!sst_valid_card(digits) &&
				(digits.len < 14 || digits.len > 16 ||
					!sst_probe_has_context(
						probe, start, words)))
				continue;
			sst_probe_mark(probe, start, number->groups[b].end,
				SST_FOUND_CARD);
			return;
		}
}

static size_t
group_length(const struct number *number, size_t i)
{
	return number->groups[i].end - number->groups[i].start;
}

static void
find_ssns(struct sst_probe *probe, const struct number *number)
{
	static const char *const words[] = { "ssn", "social sec", "itin",
		"taxpayer", "tax id", NULL };

	for (size_t a = 0; a < number->n; a++) {
		size_t b = a + 2;
		size_t start = number->groups[a].start;
		bool is_shaped = b < number->n &&
				 group_length(number, a) == 3 &&
				 group_length(number, a + 1) == 2 &&
				 group_length(number, b) == 4 &&
				 are_separated_by(number, a, b, " -.+");

		if (!is_shaped)
			b = a;
		if (!sst_valid_ssn(digits_of(number, a, b)))
			continue;
		/* As plain digits only where somebody says so. */
		if ((is_shaped &&
			    (are_separated_by(number, a, b, "-") ||
				    are_separated_by(number, a, b, " "))) ||
			sst_probe_has_context(probe, start, words))
			sst_probe_mark(probe, start, number->groups[b].end,
				SST_FOUND_SSN);
	}
}

/* Where a number with the "+" or "(" before it begins. */
static size_t
phone_start(struct sst_span text, size_t at)
{
	while (at > 0 && (text.at[at - 1] == '(' || text.at[at - 1] == '+'))
		at--;
	return at;
}

/* "+" and 8 to 15 digits. Behind a letter or digit '+' is a space in a query
 * string. */
static bool
is_international(struct sst_span text, const struct number *number)
{
	size_t start = number->groups[0].start;

	if (start == 0 || text.at[start - 1] != '+' || text.at[start] == '0')
		return false;
	return number->count >= 8 &&
	       (start < 2 || !sst_is_class(text.at[start - 2], SST_C_ALNUM));
}

/* Groups of 3, 3 and 4, a country's 1 before them or not: so distinct that
 * nobody has to say what it is. */
static size_t
north_american(const struct number *number)
{
	size_t a = number->n > 3 && group_length(number, 0) == 1 &&
		   number->digits[0] == '1';

	return number->n >= a + 3 && group_length(number, a) == 3 &&
			       group_length(number, a + 1) == 3 &&
			       group_length(number, a + 2) == 4 &&
			       number->digits[a] >= '2'
		       ? a + 3
		       : 0;
}

static void
find_phones(struct sst_probe *probe, const struct number *number)
{
	static const char *const words[] = { "phone", "tel:", "tel=", "tel ",
		"mobil", "cell", "call me", "a call", "whatsapp", "msisdn",
		"fax", "sms", "number is", "handy", NULL };
	size_t start = number->groups[0].start, last = number->n;
	size_t digits = number->count;

	if (is_international(probe->text, number)) {
		while (last > 1 && digits_of(number, 0, last - 1).len > 15)
			last--;
	} else if (north_american(number) != 0) {
		last = north_american(number);
	} else if (digits < 7 || digits > 15 ||
		   !sst_probe_has_context(probe, start, words)) {
		return;
	}
	sst_probe_mark(probe, phone_start(probe->text, start),
		number->groups[last - 1].end, SST_FOUND_PHONE);
}

/* A number inside of a word ("utf8", hex) is none; but people forget the space
 * in "one is415-555-0132". */
static bool
begins(const struct sst_probe *probe, size_t at)
{
	if (!sst_is_class(probe->text.at[at], SST_C_DIGIT))
		return false;
	return at == 0 || !sst_is_class(probe->text.at[at - 1], SST_C_DIGIT);
}

void
sst_detect_numbers(struct sst_probe *probe)
{
	struct number number;

	for (size_t at = 0; at + 7 <= probe->text.len; at++) {
		if (!begins(probe, at))
			continue;
		read_number(probe->text, at, &number);
		at = number.end - 1;
		if (number.count < 7 || !sst_probe_is_gap(probe, number.end))
			continue;
		find_cards(probe, &number);
		find_ssns(probe, &number);
		find_phones(probe, &number);
	}
}

/* ---- IBAN ---- */

/* Letters and digits from `at` on, single spaces between them skipped, until
 * `want` of them. Returns where that is, or `at`. */
static size_t
gather(struct sst_span text, size_t at, size_t want, char *to)
{
	size_t n = 0, i = at;

	while (i < text.len && n < want) {
		if (sst_is_class(text.at[i], SST_C_ALNUM))
			to[n++] = text.at[i++];
		else if (n > 0 && strchr(" -+", text.at[i]) != NULL &&
			 i + 1 < text.len &&
			 sst_is_class(text.at[i + 1], SST_C_ALNUM))
			i++;
		else
			break;
	}
	return n == want ? i : at;
}

static bool
is_letter(char c)
{
	return sst_is_class(c, SST_C_ALNUM) && !sst_is_class(c, SST_C_DIGIT);
}

void
sst_detect_iban(struct sst_probe *probe)
{
	struct sst_span text = probe->text;

	for (size_t at = 0; at + SST_IBAN_MIN <= text.len; at++) {
		char plain[SST_IBAN_MAX];
		size_t want, end;

		if (!is_letter(text.at[at]) || !is_letter(text.at[at + 1]) ||
			!sst_is_class(text.at[at + 2], SST_C_DIGIT) ||
			!sst_is_class(text.at[at + 3], SST_C_DIGIT) ||
			(at > 0 && !sst_probe_is_gap(probe, at - 1)))
			continue;
		want = sst_iban_length(text.at[at], text.at[at + 1]);
		end = want == 0 ? at : gather(text, at, want, plain);
		if (end == at || !sst_valid_iban(sst_span(plain, want)))
			continue;
		sst_probe_mark(probe, at, end, SST_FOUND_IBAN);
		at = end - 1;
	}
}
