/* SPDX-License-Identifier: ISC */
#include "redact/find.h"

#include "base/digest.h"
#include "redact/decode.h"
#include "redact/detect.h"
#include "redact/look.h"

#include <stdlib.h>

struct sst_finder {
	uint32_t kinds;
	struct sst_level levels[2]; /* the one at hand and the next */
	struct sst_found found[SST_FIND_RANGES];
};

static const struct sst_span placeholders[SST_FOUND_COUNT] = {
#define X(tag, name, help) SST_SPAN("redacted-" name),
	SST_FOUND_KINDS(X)
#undef X
};

const char *
sst_found_name(enum sst_found_kind kind)
{
	return placeholders[kind].at + sizeof("redacted-") - 1;
}

struct sst_span
sst_found_placeholder(enum sst_found_kind kind)
{
	return placeholders[kind];
}

enum sst_status
sst_finder_open(struct sst_finder **out, uint32_t kinds, struct sst_err *err)
{
	struct sst_finder *finder = calloc(1, sizeof(*finder));

	*out = finder;
	if (finder == NULL)
		return sst_fail_memory(err, "the search for personal data");
	finder->kinds = kinds | 1U << SST_FOUND_ENCODED;
	for (size_t i = 0; i < 2; i++)
		sst_level_init(&finder->levels[i], SST_FIND_MAX + SST_PAD);
	return SST_OK;
}

void
sst_finder_close(struct sst_finder *finder)
{
	if (finder == NULL)
		return;
	for (size_t i = 0; i < 2; i++)
		sst_level_release(&finder->levels[i]);
	free(finder);
}

/* ---- the first look ---- */

/* What a longer text must have before it is searched, in the terms of one
 * pass: a number has 7 digits, an IPv4 address 4 and 3 separators, or begins
 * with "0x", IPv6 and names of secrets a ':', all that is a word, national
 * number or base64 9 characters in a row. The rest has a byte that is hard or
 * coded. */
#define NUMBER_MIN 7
#define DIGITS_MIN 4
#define SEPARATORS_MIN 3
#define RUN_MIN SST_NATIONAL_MIN

static bool
is_worth_it(struct sst_span text)
{
	unsigned seen = 0, digits = 0, colons = 0, separators = 0;
	unsigned run = 0, longest = 0;
	bool has_hex = false;
	char previous = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		unsigned class = sst_class_of[(unsigned char)c];

		seen |= class;
		digits += class & SST_C_DIGIT;
		colons += c == ':';
		separators += c == '.' || c == '-';
		has_hex |= previous == '0' && (c | 0x20) == 'x';
		run = class & (SST_C_TOKEN | SST_C_BASE64) ? run + 1 : 0;
		longest = run > longest ? run : longest;
		previous = c;
	}
	return (seen & (SST_C_CODED | SST_C_HARD)) || digits >= NUMBER_MIN ||
	       (digits >= DIGITS_MIN && separators >= SEPARATORS_MIN) ||
	       colons > 0 || longest >= RUN_MIN || has_hex;
}

/* Bits of enum sst_detector. */
static unsigned
evidence_of(struct sst_span text)
{
	struct sst_look look;

	if (sst_look_at(&look, text))
		return sst_look_evidence(&look);
	return is_worth_it(text) ? SST_DETECT_ALL : 0;
}

bool
sst_find_is_possible(struct sst_span text)
{
	return evidence_of(text) != 0;
}

/* ---- marks ---- */

void
sst_probe_mark(struct sst_probe *probe, size_t start, size_t end,
	enum sst_found_kind kind)
{
	struct sst_found *last;

	if (!(probe->kinds >> kind & 1))
		return;
	if (probe->from != NULL) {
		start = probe->from[start];
		end = probe->from[end];
	}
	/* The same again from another level, or a longer one. */
	for (size_t i = 0; i < probe->n; i++) {
		last = &probe->found[i];
		if (last->start <= start && last->end >= end)
			return;
		if (start <= last->start && end >= last->end) {
			*last = (struct sst_found){ (uint32_t)start,
				(uint32_t)end, kind };
			return;
		}
	}
	if (probe->n == SST_FIND_RANGES) {
		probe->is_over = true;
		return;
	}
	probe->found[probe->n++] =
		(struct sst_found){ (uint32_t)start, (uint32_t)end, kind };
}

static int
by_start(const void *a, const void *b)
{
	const struct sst_found *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

/* Put the ranges in order and join those that overlap. Of two the kind of the
 * longer one stays. */
static size_t
join(struct sst_found *found, size_t n)
{
	size_t kept = 0;

	if (n == 0)
		return 0;
	if (n > 1)
		qsort(found, n, sizeof(*found), by_start);
	for (size_t i = 1; i < n; i++) {
		struct sst_found *last = &found[kept];

		if (found[i].start >= last->end) {
			found[++kept] = found[i];
			continue;
		}
		if (found[i].end - found[i].start > last->end - last->start)
			last->kind = found[i].kind;
		if (found[i].end > last->end)
			last->end = found[i].end;
	}
	return kept + 1;
}

/* ---- the search ---- */

static size_t
all_of_it(struct sst_finder *finder, struct sst_span text)
{
	finder->found[0] =
		(struct sst_found){ 0, (uint32_t)text.len, SST_FOUND_ENCODED };
	return 1;
}

size_t
sst_find(struct sst_finder *finder, struct sst_span text, struct sst_span key,
	const struct sst_found **found)
{
	struct sst_probe probe = { .text = text,
		.key = key,
		.kinds = finder->kinds,
		.found = finder->found };

	*found = finder->found;
	if (text.len > SST_FIND_MAX)
		return all_of_it(finder, text);
	for (unsigned depth = 0;; depth++) {
		struct sst_level *next = &finder->levels[depth % 2];
		unsigned which = evidence_of(probe.text);
		bool has_more;

		/* A name promises what the value does not show. */
		if (key.len > 0)
			which |= 1U << SST_DETECT_SECRETS;
		sst_detect(&probe, which);
		if (probe.is_over)
			return all_of_it(finder, text);
		if (!(which >> SST_DETECT_CODED & 1))
			break;
		has_more = sst_decode_step(next, probe.text, probe.from);
		if (next->text.is_short || probe.is_over ||
			(has_more && depth == SST_FIND_DEPTH))
			return all_of_it(finder, text);
		if (!has_more)
			break;
		probe.text = sst_buf_span(&next->text);
		probe.from = next->from;
	}
	return join(finder->found, probe.n);
}

void
sst_find_put_replaced(struct sst_buf *to, struct sst_span text,
	const struct sst_found *found, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		sst_buf_put(to, text.at + at, found[i].start - at);
		sst_buf_put_span(to, placeholders[found[i].kind]);
		at = found[i].end;
	}
	sst_buf_put(to, text.at + at, text.len - at);
}

/* ---- what we wrote ourselves ---- */

static bool
is_lower_hex(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!sst_is_class(text.at[i], SST_C_HEX) ||
			(text.at[i] >= 'A' && text.at[i] <= 'F'))
			return false;
	return true;
}

static bool
is_placeholder(struct sst_span text)
{
	for (size_t i = 0; i < SST_FOUND_COUNT; i++)
		if (sst_span_eq(text, placeholders[i]))
			return true;
	return false;
}

bool
sst_is_redacted_value(struct sst_span text)
{
	static const struct sst_span hash = SST_SPAN("h1_");

	if (text.len == hash.len + 2 * 16 && sst_span_starts(text, hash))
		return is_lower_hex(sst_span_from(text, hash.len));
	if (text.len == 36 && text.at[14] == '8' && text.at[15] == '1') {
		uint8_t raw[16];

		return sst_uuid_read(text, raw);
	}
	return is_placeholder(text);
}
