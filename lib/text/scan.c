/* SPDX-License-Identifier: ISC */
#include "text/scan.h"

#include "base/wide.h"
#include "text/utf8.h"

#include <stdbool.h>

/* What is left of the text, and why it is wrong. */
struct cursor {
	const char *at, *end;
	enum sst_reason why;
};

static bool
refuse(struct cursor *c, enum sst_reason why)
{
	c->why = why;
	return false;
}

static inline void
skip_space(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' ||
					 *c->at == '\r' || *c->at == '\n'))
		c->at++;
}

/* Take one byte that must be there. */
static inline bool
take(struct cursor *c, char byte)
{
	if (c->at >= c->end || *c->at != byte)
		return refuse(c, SST_WHY_BAD_JSON);
	c->at++;
	return true;
}

static int
hex4(const struct cursor *c)
{
	int value = 0;

	if (c->end - c->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char digit = sst_lower(c->at[i]);

		if (digit >= '0' && digit <= '9')
			value = value << 4 | (digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			value = value << 4 | (digit - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* Behind "\u": the digits of one character, a pair of surrogates included. */
static bool
skip_code(struct cursor *c)
{
	int unit = hex4(c);

	if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return refuse(c, SST_WHY_BAD_JSON);
	c->at += 4;
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (!take(c, '\\') || !take(c, 'u'))
		return false;
	unit = hex4(c);
	if (unit < 0xdc00 || unit > 0xdfff)
		return refuse(c, SST_WHY_BAD_JSON);
	c->at += 4;
	return true;
}

static bool
skip_escape(struct cursor *c)
{
	c->at++; /* the backslash */
	if (c->at >= c->end)
		return refuse(c, SST_WHY_BAD_JSON);
	switch (*c->at++) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return true;
	case 'u':
		return skip_code(c);
	default:
		return refuse(c, SST_WHY_BAD_JSON);
	}
}

/* A run of bytes that are not ASCII must be valid UTF-8. */
static bool
skip_wide(struct cursor *c)
{
	const char *at = c->at;

	while (at < c->end && (unsigned char)*at >= 0x80)
		at++;
	if (sst_utf8_valid(sst_span(c->at, (size_t)(at - c->at))) !=
		(size_t)(at - c->at))
		return refuse(c, SST_WHY_BAD_UTF8);
	c->at = at;
	return true;
}

/* From behind the opening quote to behind the closing one; *inside is between
 * them. */
static inline bool
scan_string(struct cursor *c, struct sst_span *inside, bool *has_escape)
{
	const char *start = c->at;

	*has_escape = false;
	for (;;) {
		unsigned char byte;

		c->at = sst_wide_plain(c->at, c->end);
		if (SST_UNLIKELY(c->at >= c->end))
			return refuse(c, SST_WHY_BAD_JSON);
		byte = (unsigned char)*c->at;
		if (SST_LIKELY(byte == '"'))
			break;
		if (byte == '\\') {
			*has_escape = true;
			if (!skip_escape(c))
				return false;
		} else if (byte >= 0x80) {
			if (!skip_wide(c))
				return false;
		} else if (byte == 0x7f) {
			c->at++;
		} else {
			return refuse(c, SST_WHY_BAD_JSON);
		}
	}
	*inside = sst_span(start, (size_t)(c->at - start));
	c->at++;
	return true;
}

static inline const char *
skip_digits(const struct cursor *c, const char *at)
{
	while (at < c->end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

static bool
skip_number(struct cursor *c)
{
	const char *at = c->at, *digits;

	if (*at == '-')
		at++;
	digits = at;
	at = skip_digits(c, at);
	if (at == digits || (at - digits > 1 && *digits == '0'))
		return refuse(c, SST_WHY_BAD_JSON);
	if (at < c->end && *at == '.') {
		digits = at + 1;
		at = skip_digits(c, digits);
		if (at == digits)
			return refuse(c, SST_WHY_BAD_JSON);
	}
	if (at < c->end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < c->end && (*at == '+' || *at == '-'))
			at++;
		digits = at;
		at = skip_digits(c, digits);
		if (at == digits)
			return refuse(c, SST_WHY_BAD_JSON);
	}
	c->at = at;
	return true;
}

static bool
skip_word(struct cursor *c, const char *word, size_t len)
{
	if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
		return refuse(c, SST_WHY_BAD_JSON);
	c->at += len;
	return true;
}

/* A number, true, false or null, by its first byte. */
static inline bool
skip_plain_value(struct cursor *c, uint8_t *kind)
{
	/* Most are whole numbers, and then this is all of it. */
	if (SST_LIKELY(*c->at >= '1' && *c->at <= '9')) {
		const char *at = skip_digits(c, c->at + 1);

		if (SST_LIKELY(at < c->end && (*at == ',' || *at == '}'))) {
			*kind = SST_KIND_NUMBER;
			c->at = at;
			return true;
		}
	}
	switch (*c->at) {
	case 't':
		*kind = SST_KIND_TRUE;
		return skip_word(c, "true", 4);
	case 'f':
		*kind = SST_KIND_FALSE;
		return skip_word(c, "false", 5);
	case 'n':
		*kind = SST_KIND_NULL;
		return skip_word(c, "null", 4);
	default:
		*kind = SST_KIND_NUMBER;
		return skip_number(c);
	}
}

/* "key": of a member, with white space around the colon. */
static inline bool
scan_key(struct cursor *c, struct sst_span *key, bool *has_escape)
{
	if (!take(c, '"') || !scan_string(c, key, has_escape))
		return false;
	skip_space(c);
	if (!take(c, ':'))
		return false;
	skip_space(c);
	return true;
}

/*
 * Skip an object or array, checking everything in it. No recursion: what is
 * open is a bit each in `objects` (1: object), `depth` says how many.
 */
static bool
skip_nested(struct cursor *c)
{
	uint64_t objects = 0;
	unsigned depth = 0;
	struct sst_span ignored;
	bool escaped;
	uint8_t kind;

	for (;;) {
		/* At a value. */
		if (c->at >= c->end)
			return refuse(c, SST_WHY_BAD_JSON);
		if (*c->at == '{' || *c->at == '[') {
			bool is_object = *c->at == '{';

			/* The caller's own object is the first level. */
			if (++depth >= SST_SCAN_DEPTH)
				return refuse(c, SST_WHY_TOO_DEEP);
			objects = objects << 1 | is_object;
			c->at++;
			skip_space(c);
			if (c->at < c->end && *c->at == (is_object ? '}' : ']'))
				goto close;
			if (is_object && !scan_key(c, &ignored, &escaped))
				return false;
			continue;
		}
		if (*c->at == '"') {
			c->at++;
			if (!scan_string(c, &ignored, &escaped))
				return false;
		} else if (!skip_plain_value(c, &kind)) {
			return false;
		}

		/* Behind a value. */
		for (;;) {
			skip_space(c);
			if (c->at < c->end && *c->at == ',')
				break;
		close:
			if (!take(c, (objects & 1) ? '}' : ']'))
				return false;
			objects >>= 1;
			if (--depth == 0)
				return true;
		}
		c->at++;
		skip_space(c);
		if ((objects & 1) && !scan_key(c, &ignored, &escaped))
			return false;
	}
}

static inline bool
scan_value(struct cursor *c, struct sst_pair *pair)
{
	const char *start = c->at;

	if (c->at >= c->end)
		return refuse(c, SST_WHY_BAD_JSON);
	if (*c->at == '"') {
		bool escaped;

		c->at++;
		pair->kind = SST_KIND_STRING;
		if (!scan_string(c, &pair->value, &escaped))
			return false;
		pair->flags |= (uint8_t)(escaped ? SST_PAIR_ESCAPED : 0);
		return true;
	}
	if (*c->at == '{' || *c->at == '[') {
		pair->kind = *c->at == '{' ? SST_KIND_OBJECT : SST_KIND_ARRAY;
		if (!skip_nested(c))
			return false;
	} else if (!skip_plain_value(c, &pair->kind)) {
		return false;
	}
	pair->value = sst_span(start, (size_t)(c->at - start));
	return true;
}

/* The members or elements of what `open` and `close` enclose. */
static bool
scan_members(struct cursor *c, const char edges[2], struct sst_pair *pairs,
	size_t max, size_t *n)
{
	bool is_object = edges[0] == '{';

	*n = 0;
	if (!take(c, edges[0]))
		return false;
	skip_space(c);
	if (c->at < c->end && *c->at == edges[1]) {
		c->at++;
		return true;
	}
	for (;;) {
		struct sst_pair *pair = &pairs[*n];
		bool escaped = false;

		if (*n == max)
			return refuse(c, SST_WHY_TOO_MANY_KEYS);
		pair->tag = 0;
		pair->flags = 0;
		pair->key = sst_span(c->at, 0);
		if (is_object && !scan_key(c, &pair->key, &escaped))
			return false;
		if (escaped)
			pair->flags = SST_PAIR_KEY_ESCAPED;
		if (!scan_value(c, pair))
			return false;
		++*n;
		skip_space(c);
		if (c->at >= c->end || *c->at != ',')
			return take(c, edges[1]);
		c->at++;
		skip_space(c);
	}
}

/* ---- clean lines ----
 *
 * A line without a backslash, a control or a byte that is not ASCII is the
 * common case, and in it every quote begins or ends a string: one pass finds
 * all quotes, and then nothing of a string need be looked at again. Whatever
 * is not written the way sst writes it (white space, nesting, an error) is
 * left to the general scanner, from the start.
 */

/* Lines of up to 4 KiB are scanned this way: the quotes' bits fit in 512
 * bytes. */
#define CLEAN_MAX ((size_t)4096)

/* Where the quotes are that have not been taken. */
struct quotes {
	const uint64_t *word, *end;
	uint64_t rest;    /* of this word */
	const char *base; /* its first byte */
};

static inline SST_ALWAYS_INLINE bool
find_quote(struct quotes *q)
{
	while (q->rest == 0) {
		if (++q->word >= q->end)
			return false;
		q->rest = *q->word;
		q->base += 64;
	}
	return true;
}

/* False: there is none. */
static inline SST_ALWAYS_INLINE bool
skip_quote(struct quotes *q)
{
	if (!find_quote(q))
		return false;
	q->rest &= q->rest - 1;
	return true;
}

static inline SST_ALWAYS_INLINE bool
next_quote(struct quotes *q, const char **to)
{
	if (!find_quote(q))
		return false;
	*to = q->base + __builtin_ctzll(q->rest);
	q->rest &= q->rest - 1;
	return true;
}

/* From an opening quote, which is the next one, to behind the closing one. */
static inline SST_ALWAYS_INLINE bool
take_clean(struct quotes *q, const char **at, struct sst_span *inside)
{
	const char *start = *at + 1, *close;

	if (SST_UNLIKELY(!skip_quote(q) || !next_quote(q, &close)))
		return false;
	*inside = sst_span(start, (size_t)(close - start));
	*at = close + 1;
	return true;
}

static inline SST_ALWAYS_INLINE bool
take_plain(const char **at, const char *end, struct sst_pair *pair)
{
	struct cursor c = { .at = *at, .end = end };

	pair->tag = 0;
	pair->flags = 0;
	if (*at >= end || !skip_plain_value(&c, &pair->kind))
		return false;
	pair->value = sst_span(*at, (size_t)(c.at - *at));
	*at = c.at;
	return true;
}

/* Strings follow one another with no byte between them that could hide a
 * quote, so the quote at hand is always the next one of the list. */
static inline SST_ALWAYS_INLINE bool
scan_clean_by(
	struct sst_span text, struct sst_pair *pairs, size_t max, size_t *n)
{
	uint64_t bits[CLEAN_MAX / 64];
	struct quotes quotes = { bits, bits + (text.len + 63) / 64, 0,
		text.at };
	const char *at = text.at + 1, *end = text.at + text.len;
	struct sst_pair *pair = pairs;

	if (text.len < 2 || text.len > CLEAN_MAX || text.at[0] != '{' ||
		!sst_wide_quotes(text.at, text.len, bits))
		return false;
	quotes.rest = bits[0];
	for (;; at++, pair++) {
		if (SST_UNLIKELY(pair == pairs + max || *at != '"' ||
				 !take_clean(&quotes, &at, &pair->key) ||
				 *at != ':'))
			return false;
		if (SST_LIKELY(*++at == '"')) {
			pair->tag = 0;
			pair->kind = SST_KIND_STRING;
			pair->flags = 0;
			if (!take_clean(&quotes, &at, &pair->value))
				return false;
		} else if (!take_plain(&at, end, pair)) {
			return false;
		}
		if (at >= end || *at != ',')
			break;
	}
	*n = (size_t)(pair - pairs) + 1;
	return at + 1 == end && *at == '}';
}

/* For processors that have instructions for sets of bits, which here are half
 * of the work, and for all. */
#ifdef SST_WIDE_BITS
static SST_WIDE_BITS bool
scan_clean_fast(
	struct sst_span text, struct sst_pair *pairs, size_t max, size_t *n)
{
	return scan_clean_by(text, pairs, max, n);
}
#endif

static bool
scan_clean(struct sst_span text, struct sst_pair *pairs, size_t max, size_t *n)
{
#ifdef SST_WIDE_BITS
	if (SST_LIKELY(sst_wide_has_bits()))
		return scan_clean_fast(text, pairs, max, n);
#endif
	return scan_clean_by(text, pairs, max, n);
}

/* Is the text a JSON value at all? For telling "not an object" from "not
 * JSON". */
static bool
is_other_value(struct cursor *c)
{
	struct sst_pair pair = { .flags = 0 };

	if (c->at >= c->end || *c->at == '{' || !scan_value(c, &pair))
		return false;
	skip_space(c);
	return c->at == c->end;
}

static enum sst_status
scan(struct sst_span text, const char edges[2], struct sst_pair *pairs,
	size_t max, size_t *n, enum sst_reason *why)
{
	struct cursor c = { text.at, text.at + text.len, SST_WHY_BAD_JSON };
	bool is_good;

	skip_space(&c);
	is_good = scan_members(&c, edges, pairs, max, n);
	skip_space(&c);
	if (is_good && c.at == c.end)
		return SST_OK;
	*why = is_good ? SST_WHY_BAD_JSON : c.why;
	if (*why == SST_WHY_BAD_JSON) {
		c = (struct cursor){ text.at, text.at + text.len,
			SST_WHY_BAD_JSON };
		skip_space(&c);
		if (is_other_value(&c))
			*why = SST_WHY_NOT_OBJECT;
		else if (c.why != SST_WHY_BAD_JSON)
			*why = c.why;
	}
	return SST_REJECT;
}

enum sst_status
sst_scan_object(struct sst_span text, struct sst_pair *pairs, size_t max,
	size_t *n, enum sst_reason *why)
{
	if (SST_LIKELY(scan_clean(text, pairs, max, n)))
		return SST_OK;
	return scan(text, "{}", pairs, max, n, why);
}

enum sst_status
sst_scan_array(struct sst_span text, struct sst_pair *pairs, size_t max,
	size_t *n, enum sst_reason *why)
{
	return scan(text, "[]", pairs, max, n, why);
}
