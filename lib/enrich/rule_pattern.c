/* SPDX-License-Identifier: ISC */
/* Patterns of rules, and the literals at their ends. */
#include "enrich/rule_reading.h"

#include <stdlib.h>

static bool
is_special(char c)
{
	return c == '\0' || memchr("\\^$.[]|()?*+{}", c, 14) != NULL;
}

static bool
is_word_char(char c)
{
	c = sst_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (uint8_t)c >= 0x80;
}

/* What follows "(?" and changes no letter's meaning: a name, a group that is
 * not captured, one that looks ahead or behind. */
static bool
is_plain_group(struct sst_span rest)
{
	return rest.len > 1 && memchr("<:P=!>'", rest.at[1], 7) != NULL;
}

/* Past the class that begins at `i`. */
static size_t
skip_class(struct sst_span p, size_t i)
{
	i += i + 1 < p.len && p.at[i + 1] == '^' ? 2 : 1;
	/* A "]" that comes first stands for itself. */
	for (bool is_first = true; i < p.len; i++, is_first = false) {
		if (p.at[i] == '\\')
			i++;
		else if (p.at[i] == '[' && i + 1 < p.len && p.at[i + 1] == ':')
			return p.len + 1; /* [:alpha:] */
		else if (p.at[i] == ']' && !is_first)
			return i + 1;
	}
	return p.len + 1;
}

/*
 * May literals be read off its ends? Not when it offers a choice as a whole,
 * sets options, quotes, talks to the engine, or names a class of POSIX.
 */
static bool
is_simple(struct sst_span p)
{
	size_t depth = 0;

	for (size_t i = 0; i < p.len; i++)
		switch (p.at[i]) {
		case '\\':
			if (++i < p.len && p.at[i] == 'Q')
				return false;
			break;
		case '[':
			i = skip_class(p, i) - 1;
			if (i >= p.len)
				return false;
			break;
		case '(':
			depth++;
			if (i + 1 < p.len && p.at[i + 1] == '*')
				return false;
			if (i + 1 < p.len && p.at[i + 1] == '?' &&
				!is_plain_group(sst_span_from(p, i + 1)))
				return false;
			break;
		case ')':
			depth -= depth > 0;
			break;
		case '|':
			if (depth == 0)
				return false;
			break;
		default:
			break;
		}
	return true;
}

/* What every match begins with: literals behind "^". */
static size_t
literal_prefix(struct sst_span pattern, char *to)
{
	size_t n = 0, at = 1;

	if (pattern.len == 0 || pattern.at[0] != '^')
		return 0;
	while (at < pattern.len) {
		bool is_escape = pattern.at[at] == '\\' &&
				 at + 1 < pattern.len &&
				 !is_word_char(pattern.at[at + 1]);

		if (!is_escape && is_special(pattern.at[at]))
			break;
		at += is_escape;
		to[n++] = pattern.at[at++];
	}
	/* A quantifier belongs to the byte before it (or to the character,
	 * when that is longer: then not one byte of it is certain). */
	if (at < pattern.len && memchr("?*{", pattern.at[at], 3) != NULL)
		while (n > 0 && ((uint8_t)to[--n] & 0xc0) == 0x80)
			continue;
	return n;
}

/* Is the byte at `i` behind an odd number of backslashes? */
static bool
is_escaped(struct sst_span pattern, size_t i)
{
	size_t n = 0;

	while (n < i && pattern.at[i - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* What every match ends with: literals before "$". */
static size_t
literal_suffix(struct sst_span pattern, char *to)
{
	size_t at = pattern.len, n = 0;

	if (at == 0 || pattern.at[--at] != '$' || is_escaped(pattern, at))
		return 0;
	while (at > 0) {
		char c = pattern.at[at - 1];
		bool is_escape = is_escaped(pattern, at - 1);

		if (is_escape ? is_word_char(c) : is_special(c))
			break;
		at -= is_escape ? 2 : 1;
		memmove(to + 1, to, n++);
		to[0] = c;
	}
	return n;
}

/* A copy of what `find` reads off; at NULL: no memory. */
static struct sst_span
keep_literal(const struct sst_rule_reading *r, struct sst_span pattern,
	size_t (*find)(struct sst_span pattern, char *to))
{
	struct sst_span literal;

	/* Not longer than the pattern, which is a bounded document's. */
	char *to = sst_rule_take(r, pattern.len + 1, 1);

	if (to == NULL)
		return sst_span(NULL, 0);
	literal = sst_span(to, find(pattern, to));
	return sst_arena_copy(&r->rules->arena, literal);
}

static enum sst_status
keep_match(const struct sst_rule_reading *r, struct sst_match *match)
{
	struct sst_rules *rules = r->rules;

	if (rules->match_count == rules->match_cap) {
		size_t cap = rules->match_cap == 0 ? 16 : rules->match_cap * 2;
		struct sst_match **at = realloc(
			rules->matches, cap * sizeof(struct sst_match *));

		if (at == NULL) {
			sst_match_close(match);
			return sst_rule_no_memory(r);
		}
		rules->matches = at;
		rules->match_cap = cap;
	}
	rules->matches[rules->match_count++] = match;
	return SST_OK;
}

enum sst_status
sst_rule_read_pattern(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test)
{
	struct sst_match_options options = { 0 };
	struct sst_err why = { 0 };
	struct sst_match *match;
	enum sst_status status;

	if (sst_match_open(&match, node->text, options, &why) != SST_OK)
		return SST_RULE_FAIL(r, node, "%s", why.text);
	status = keep_match(r, match);
	if (status != SST_OK)
		return status;
	test->kind = SST_TEST_PATTERN;
	test->is.pattern.match = match;
	test->is.pattern.text = sst_arena_copy(&r->rules->arena, node->text);
	test->is.pattern.prefix = test->is.pattern.suffix = sst_span("", 0);
	if (is_simple(node->text)) {
		test->is.pattern.prefix =
			keep_literal(r, node->text, literal_prefix);
		test->is.pattern.suffix =
			keep_literal(r, node->text, literal_suffix);
	}
	if (test->is.pattern.text.at == NULL ||
		test->is.pattern.prefix.at == NULL ||
		test->is.pattern.suffix.at == NULL)
		return sst_rule_no_memory(r);
	test->is.pattern.groups = sst_match_group_count(match);
	for (size_t i = 1; i <= test->is.pattern.groups; i++)
		if (sst_match_group_name(match, i).len != 0)
			test->is.pattern.has_names = true;
	return SST_OK;
}
