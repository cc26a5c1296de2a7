/* SPDX-License-Identifier: ISC */
#include "text/match.h"

#include <assert.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MAX_PATTERN ((size_t)4096)

/* PCRE2's own defaults are 10 million steps, as deep, and 20 GB. A pattern that
 * people write for a line needs some hundred steps. */
#define MAX_STEPS 100000U
#define MAX_HEAP_KIB 1024U
/* A frame of the interpreter takes 100 bytes and more: so many fill the heap
 * that it may have. */
#define MAX_DEPTH 10000U

/*
 * Without JIT the steps are not enough: the interpreter counts them anew from
 * each place where a match may begin, and runs of one character not at all, so
 * that a+[bc] on a megabyte of "a" takes minutes. There each item of a pattern
 * is a callout, and this many of them, and bytes passed over between them, may
 * be spent on one search: some 50 ms.
 */
#define MAX_WORK 4000000U

/* JIT code begins on 32 KiB of the machine's stack; a match that needs more
 * gets this, which is the bound of the interpreter too. */
#define JIT_STACK_FIRST ((size_t)32 * 1024)
#define JIT_STACK_MAX ((size_t)MAX_HEAP_KIB * 1024)

struct sst_match {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* made when a match first needs it */
	size_t work, at;        /* spent on this search, and where it was */
	size_t count;
	struct sst_span names[SST_MATCH_GROUPS]; /* in the code's table */
};

static enum sst_status
compile(struct sst_match *match, struct sst_span pattern,
	struct sst_match_options options, uint32_t flags, struct sst_err *err)
{
	PCRE2_UCHAR why[256];
	PCRE2_SIZE at;
	int code;

	flags |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	if (options.is_caseless)
		flags |= PCRE2_CASELESS;
	if (options.is_anchored)
		flags |= PCRE2_ANCHORED;
	match->code =
		pcre2_compile((PCRE2_SPTR)(pattern.len == 0 ? "" : pattern.at),
			pattern.len, flags, &code, &at, NULL);
	if (match->code != NULL)
		return SST_OK;
	if (code == PCRE2_ERROR_HEAP_FAILED)
		return sst_fail_memory(err, "a pattern");
	if (pcre2_get_error_message(code, why, sizeof(why)) < 0)
		why[0] = '\0';
	return sst_fail(err, SST_ECONFIG, "bad pattern at offset %zu: %s", at,
		(const char *)why);
}

/* Called before every item of an interpreted pattern. */
static int
count_work(pcre2_callout_block *block, void *ctx)
{
	struct sst_match *match = ctx;
	size_t at = block->current_position;

	match->work += 1 + (at > match->at ? at - match->at : match->at - at);
	match->at = at;
	return match->work > MAX_WORK ? PCRE2_ERROR_CALLOUT : 0;
}

/*
 * JIT, or where there is none (no such machine, a sandbox without executable
 * memory), code that counts its work: slower, nothing else.
 */
static enum sst_status
compile_best(struct sst_match *match, struct sst_span pattern,
	struct sst_match_options options, struct sst_err *err)
{
	enum sst_status status = compile(match, pattern, options, 0, err);
	size_t size = 0;

	if (status != SST_OK)
		return status;
	(void)pcre2_jit_compile(match->code, PCRE2_JIT_COMPLETE);
	(void)pcre2_pattern_info(match->code, PCRE2_INFO_JITSIZE, &size);
	if (size > 0)
		return SST_OK;
	pcre2_code_free(match->code);
	return compile(match, pattern, options, PCRE2_AUTO_CALLOUT, err);
}

/* The name table has rows of one size: the group's number in two bytes, most
 * significant first, and the name with a NUL. */
static void
read_names(struct sst_match *match)
{
	PCRE2_SPTR row = NULL;
	uint32_t n = 0, size = 0;

	(void)pcre2_pattern_info(match->code, PCRE2_INFO_NAMECOUNT, &n);
	(void)pcre2_pattern_info(match->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	(void)pcre2_pattern_info(match->code, PCRE2_INFO_NAMETABLE, &row);
	for (; n > 0; n--, row += size) {
		unsigned group = (unsigned)row[0] << 8 | row[1];

		assert(group < SST_MATCH_GROUPS);
		match->names[group] = sst_span_of((const char *)row + 2);
	}
}

enum sst_status
sst_match_open(struct sst_match **out, struct sst_span pattern,
	struct sst_match_options options, struct sst_err *err)
{
	struct sst_match *match;
	enum sst_status status;
	uint32_t count;

	*out = NULL;
	if (pattern.len > MAX_PATTERN)
		return sst_fail(err, SST_ECONFIG,
			"a pattern of %zu bytes: %zu are allowed", pattern.len,
			MAX_PATTERN);
	match = calloc(1, sizeof(*match));
	if (match == NULL)
		return sst_fail_memory(err, "a pattern");
	status = compile_best(match, pattern, options, err);
	if (status != SST_OK)
		goto out;
	(void)pcre2_pattern_info(match->code, PCRE2_INFO_CAPTURECOUNT, &count);
	if (count >= SST_MATCH_GROUPS) {
		status = sst_fail(err, SST_ECONFIG,
			"a pattern with %u groups: %d are allowed",
			(unsigned)count, SST_MATCH_GROUPS - 1);
		goto out;
	}
	match->count = count;
	match->data = pcre2_match_data_create_from_pattern(match->code, NULL);
	match->limits = pcre2_match_context_create(NULL);
	if (match->data == NULL || match->limits == NULL) {
		status = sst_fail_memory(err, "a pattern");
		goto out;
	}
	(void)pcre2_set_match_limit(match->limits, MAX_STEPS);
	(void)pcre2_set_heap_limit(match->limits, MAX_HEAP_KIB);
	(void)pcre2_set_depth_limit(match->limits, MAX_DEPTH);
	(void)pcre2_set_callout(match->limits, count_work, match);
	read_names(match);
	*out = match;
	return SST_OK;
out:
	sst_match_close(match);
	return status;
}

static int
run(struct sst_match *match, struct sst_span text, size_t from)
{
	match->work = 0;
	match->at = from;
	return pcre2_match(match->code,
		(PCRE2_SPTR)(text.len == 0 ? "" : text.at), text.len, from, 0,
		match->data, match->limits);
}

/* Where group n lies in the text that was matched. */
static struct sst_span
group_of(const struct sst_match *match, struct sst_span text, size_t n)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match->data) + 2 * n;

	if (at[0] == PCRE2_UNSET)
		return (struct sst_span){ NULL, 0 };
	if (text.len == 0)
		return sst_span("", 0); /* set, though text.at may be NULL */
	/* Before 10.38 a \K in a lookahead could put the end first. */
	return sst_span(text.at + at[0], at[1] > at[0] ? at[1] - at[0] : 0);
}

enum sst_match_result
sst_match_find(struct sst_match *match, struct sst_span text, size_t from,
	struct sst_span groups[SST_MATCH_GROUPS])
{
	int found;

	assert(from <= text.len);
	found = run(match, text, from);
	if (found == PCRE2_ERROR_JIT_STACKLIMIT && match->stack == NULL) {
		match->stack = pcre2_jit_stack_create(
			JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
		if (match->stack != NULL) {
			pcre2_jit_stack_assign(
				match->limits, NULL, match->stack);
			found = run(match, text, from);
		}
	}
	if (found == PCRE2_ERROR_NOMATCH)
		return SST_MATCH_NO;
	if (found < 0)
		return SST_MATCH_LIMIT; /* or no memory: as little is known */
	if (groups != NULL)
		for (size_t i = 0; i <= match->count; i++)
			groups[i] = group_of(match, text, i);
	return SST_MATCH_YES;
}

size_t
sst_match_group_count(const struct sst_match *match)
{
	return match->count;
}

struct sst_span
sst_match_group_name(const struct sst_match *match, size_t n)
{
	return n <= match->count ? match->names[n]
				 : (struct sst_span){ NULL, 0 };
}

void
sst_match_close(struct sst_match *match)
{
	if (match == NULL)
		return;
	pcre2_jit_stack_free(match->stack);
	pcre2_match_context_free(match->limits);
	pcre2_match_data_free(match->data);
	pcre2_code_free(match->code);
	free(match);
}

const char *
sst_match_library_version(void)
{
	static char text[64]; /* PCRE2 asks for 24 */

	if (text[0] == '\0')
		(void)pcre2_config(PCRE2_CONFIG_VERSION, text);
	return text;
}
