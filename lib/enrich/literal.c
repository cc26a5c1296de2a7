/* SPDX-License-Identifier: ISC */
#include "enrich/literal.h"

#include <string.h>

#define DEPTH 16

/* Escapes that match some byte, or a place, and take nothing behind them. */
static const char simple_escapes[] = "dDwWsSbBhHvVAzZGRnrtf";

struct reader {
	struct sst_span pattern;
	size_t at;
	bool is_lost; /* at something that is not understood */
	const char *const *common;
};

/* What a literal is worth: nearly nothing where nearly all texts have it. */
static size_t
worth(const struct reader *r, struct sst_span run)
{
	for (size_t i = 0; r->common != NULL && r->common[i] != NULL; i++) {
		struct sst_span word = sst_span_of(r->common[i]);

		for (size_t at = 0; at + run.len <= word.len; at++)
			if (memcmp(word.at + at, run.at, run.len) == 0)
				return 1;
	}
	return run.len;
}

/* What is literal up to where a sequence has been read. A longer one is two. */
struct run {
	size_t len;
	size_t last; /* bytes of its last character */
	char text[64];
};

static void read_choice(struct reader *r, struct sst_literals *out, int depth);

static bool
is_at_end(const struct reader *r)
{
	return r->is_lost || r->at >= r->pattern.len;
}

static char
peek(const struct reader *r, size_t ahead)
{
	size_t at = r->at + ahead;

	return at < r->pattern.len ? r->pattern.at[at] : '\0';
}

/* Add all of `from`; false, and nothing is certain: there is no room. */
static bool
join(struct sst_literals *to, const struct sst_literals *from)
{
	if (to->n + from->n > SST_LITERALS_MAX ||
		to->used + from->used > SST_LITERALS_BYTES)
		return false;
	memcpy(to->text + to->used, from->text, from->used);
	for (size_t i = 0; i < from->n; i++) {
		to->runs[to->n + i] = from->runs[i];
		to->runs[to->n + i].at =
			(uint16_t)(from->runs[i].at + to->used);
	}
	if (to->n == 0 || from->worth < to->worth)
		to->worth = from->worth;
	to->n += from->n;
	to->used += from->used;
	return true;
}

/* Both hold: keep the one that says more. */
static void
prefer(struct sst_literals *best, const struct sst_literals *other)
{
	if (other->n == 0 || other->worth < best->worth ||
		(best->n != 0 && other->worth == best->worth &&
			other->n >= best->n))
		return;
	*best = *other;
}

/* The run is over. */
static void
end_run(const struct reader *r, struct run *run, struct sst_literals *best)
{
	size_t value = worth(r, sst_span(run->text, run->len));

	if (run->len > 0 && value > best->worth) {
		best->n = 1;
		best->worth = value;
		best->runs[0].at = 0;
		best->runs[0].len = (uint16_t)run->len;
		best->used = run->len;
		memcpy(best->text, run->text, run->len);
	}
	run->len = run->last = 0;
}

static void
add_byte(const struct reader *r, struct run *run, char c,
	struct sst_literals *best)
{
	if (run->len == sizeof(run->text))
		end_run(r, run, best);
	run->last = ((uint8_t)c & 0xc0) == 0x80 ? run->last + 1 : 1;
	run->text[run->len++] = c;
}

/* Take a quantifier: 0 when it allows for nothing, 1 when it does not but
 * repeats, -1 when there is none. */
static int
read_quantifier(struct reader *r)
{
	char c = peek(r, 0);
	int least;

	/* Means something since PCRE2 10.43. */
	if (c == '{' && (peek(r, 1) == ',' || peek(r, 1) == ' '))
		r->is_lost = true;
	least = c == '*' || c == '?' ? 0 : c == '+' ? 1 : -1;

	if (c == '{' && peek(r, 1) >= '0' && peek(r, 1) <= '9') {
		least = 0;
		while (!is_at_end(r) && peek(r, 0) != '}') {
			if (peek(r, 0) == ',')
				break;
			least |= peek(r, 0) >= '1' && peek(r, 0) <= '9';
			r->at++;
		}
		while (!is_at_end(r) && peek(r, 0) != '}')
			r->at++;
	}
	if (least < 0)
		return -1;
	r->at++;
	if (peek(r, 0) == '?' || peek(r, 0) == '+')
		r->at++; /* lazy, possessive */
	return least;
}

/* Past "[...]"; the only byte in it, where case does not count, or NUL. */
static char
read_class(struct reader *r)
{
	char only = peek(r, 1);
	size_t start = r->at + 1;

	if (only >= 'A' && (only ^ peek(r, 2)) == 0x20 &&
		sst_lower(only) >= 'a' && sst_lower(only) <= 'z' &&
		peek(r, 3) == ']') {
		r->at += 4;
		return sst_lower(only);
	}
	if (only != '^' && only != '\\' && only != ']' && only != '[' &&
		peek(r, 2) == ']') {
		r->at += 3;
		return only;
	}
	r->at = start + (only == '^');
	for (bool is_first = true; !is_at_end(r); is_first = false) {
		char c = peek(r, 0);

		if (c == '[' && strchr(":.=", peek(r, 1)) != NULL)
			break; /* [:alpha:], or a NUL: not understood */
		r->at += c == '\\' ? 2 : 1;
		if (c == ']' && !is_first)
			return '\0';
	}
	r->is_lost = true;
	return '\0';
}

/* Past "(" and what says which kind of group it is. True: what is in it is part
 * of every match. */
static bool
begin_group(struct reader *r)
{
	char end = '\0';

	r->at++;
	if (peek(r, 0) == '*')
		r->is_lost = true;
	if (peek(r, 0) != '?')
		return true;
	r->at++;
	if (peek(r, 0) == 'P' && peek(r, 1) == '<')
		r->at++;
	switch (peek(r, 0)) {
	case ':':
	case '>':
		r->at++;
		return true;
	case '=':
	case '!':
		r->at++;
		return false;
	case '<':
		if (peek(r, 1) == '=' || peek(r, 1) == '!') {
			r->at += 2;
			return false;
		}
		end = '>';
		break;
	case '\'':
		end = '\'';
		break;
	default:
		r->is_lost = true;
		return false;
	}
	r->at++;
	while (!is_at_end(r) && peek(r, 0) != end)
		r->at++;
	r->at++;
	return true;
}

static void
read_group(
	struct reader *r, struct run *run, struct sst_literals *best, int depth)
{
	struct sst_literals inner = { .n = 0 };
	bool counts;

	end_run(r, run, best);
	counts = begin_group(r);
	if (r->is_lost || depth == DEPTH) {
		r->is_lost = true;
		return;
	}
	read_choice(r, &inner, depth + 1);
	r->at++; /* ")" */
	if (read_quantifier(r) != 0 && counts)
		prefer(best, &inner);
}

/* One byte that stands for itself, read already, and how often. */
static void
read_literal(
	struct reader *r, struct run *run, struct sst_literals *best, char c)
{
	int least;

	add_byte(r, run, c, best);
	least = read_quantifier(r);
	if (least == 0)
		run->len -= run->last < run->len ? run->last : run->len;
	if (least >= 0)
		end_run(r, run, best);
}

static void
read_escape(struct reader *r, struct run *run, struct sst_literals *best)
{
	char c = peek(r, 1), low = sst_lower(c);
	bool is_word = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9');

	r->at += 2;
	if (!is_word && c != '\0') {
		read_literal(r, run, best, c);
		return;
	}
	end_run(r, run, best);
	if (c == '\0' || strchr(simple_escapes, c) == NULL)
		r->is_lost = true;
	(void)read_quantifier(r);
}

/* Up to a "|" or a ")". */
static void
read_sequence(struct reader *r, struct sst_literals *best, int depth)
{
	struct run run = { .len = 0 };
	char c;

	while (!is_at_end(r) && peek(r, 0) != '|' && peek(r, 0) != ')') {
		switch (c = peek(r, 0)) {
		case '\\':
			read_escape(r, &run, best);
			break;
		case '(':
			read_group(r, &run, best, depth);
			break;
		case '[':
			c = read_class(r);
			if (c != '\0') {
				read_literal(r, &run, best, c);
				break;
			}
			end_run(r, &run, best);
			(void)read_quantifier(r);
			break;
		case '\0':
		case '.':
		case '^':
		case '$':
			r->at++;
			end_run(r, &run, best);
			(void)read_quantifier(r);
			break;
		default:
			r->at++;
			read_literal(r, &run, best, c);
			break;
		}
	}
	end_run(r, &run, best);
}

/* Each branch must have literals. */
static void
read_choice(struct reader *r, struct sst_literals *out, int depth)
{
	bool is_certain = true;

	for (;;) {
		struct sst_literals one = { .n = 0 };

		read_sequence(r, &one, depth);
		is_certain = is_certain && one.n > 0 && join(out, &one);
		if (is_at_end(r) || peek(r, 0) != '|')
			break;
		r->at++;
	}
	if (!is_certain)
		*out = (struct sst_literals){ .n = 0 };
}

bool
sst_literals_of(struct sst_literals *out, struct sst_span pattern,
	const char *const *common)
{
	struct reader r = { .pattern = pattern, .common = common };

	*out = (struct sst_literals){ .n = 0 };
	read_choice(&r, out, 0);
	return !r.is_lost && r.at == pattern.len && out->n > 0;
}
