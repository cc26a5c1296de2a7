/* SPDX-License-Identifier: ISC */
#include "cli/opt.h"

#include "base/num.h"

#include <string.h>

/* One option as it was typed. */
struct typed {
	const struct sst_opt *opt;
	const char *arg; /* NULL: none was given */
	const char *as;  /* for messages: "--format", "-f" */
};

static const struct sst_opt *
find(const struct sst_opts *opts, struct sst_span name, char letter)
{
	for (size_t t = 0; opts->tables[t] != NULL; t++)
		for (const struct sst_opt *o = opts->tables[t];
			o->kind != SST_OPT_END; o++)
			if (letter != 0 ? o->letter == letter
					: sst_span_is(name, o->name))
				return o;
	return NULL;
}

static enum sst_status
unknown(const struct sst_opts *opts, struct sst_span name, struct sst_err *err)
{
	const char *names[256], *like;
	size_t n = 0;

	for (size_t t = 0; opts->tables[t] != NULL; t++)
		for (const struct sst_opt *o = opts->tables[t];
			o->kind != SST_OPT_END && n < 256; o++)
			names[n++] = o->name;
	like = sst_suggest(name, names, n);
	if (like != NULL)
		return sst_fail(err, SST_EUSAGE,
			"unknown option '--%.*s', did you mean '--%s'?",
			(int)name.len, name.at, like);
	return sst_fail(err, SST_EUSAGE, "unknown option '--%.*s'",
		(int)name.len, name.at);
}

static bool
list_add(struct sst_arena *arena, struct sst_list *list, const char *word)
{
	/* Doubled at each power of two, the old array stays in the arena. */
	if ((list->n & (list->n - 1)) == 0) {
		size_t room = list->n == 0 ? 1 : list->n * 2;
		const char **at =
			sst_arena_take(arena, room * sizeof(list->at[0]));

		if (at == NULL)
			return false;
		if (list->n != 0)
			memcpy(at, list->at, list->n * sizeof(at[0]));
		list->at = at;
	}
	list->at[list->n++] = word;
	return true;
}

/* Add each name of "a,b,c"; empty ones are skipped. */
static bool
names_add(struct sst_arena *arena, struct sst_list *list, const char *words)
{
	struct sst_span rest = sst_span_of(words);

	while (rest.len > 0) {
		size_t len = sst_span_find(rest, ',');
		struct sst_span word =
			sst_arena_copy(arena, sst_span_head(rest, len));

		if (word.at == NULL ||
			(len > 0 && !list_add(arena, list, word.at)))
			return false;
		rest = sst_span_from(rest, len + (len < rest.len));
	}
	return true;
}

static int
choice_of(const char *choices, struct sst_span word)
{
	struct sst_span rest = sst_span_of(choices);

	for (int i = 1;; i++) {
		size_t len = sst_span_find(rest, '|');

		if (sst_span_eq(sst_span_head(rest, len), word))
			return i;
		if (len == rest.len)
			return 0;
		rest = sst_span_from(rest, len + 1);
	}
}

static bool
in_bounds(const struct sst_opt *opt, int64_t value)
{
	return value >= opt->min && (opt->max == 0 || value <= opt->max);
}

static enum sst_status
expected(const struct typed *typed, const char *what, struct sst_err *err)
{
	return sst_fail(err, SST_EUSAGE, "%s: expected %s, not '%s'", typed->as,
		what, typed->arg);
}

static enum sst_status
out_of_bounds(const struct typed *typed, struct sst_err *err)
{
	if (typed->opt->max == 0)
		return sst_fail(err, SST_EUSAGE, "%s: '%s' is too small",
			typed->as, typed->arg);
	return sst_fail(err, SST_EUSAGE, "%s: '%s' is out of bounds", typed->as,
		typed->arg);
}

static enum sst_status
store_number(const struct sst_opts *opts, const struct typed *typed, void *at,
	struct sst_err *err)
{
	struct sst_span arg = sst_span_of(typed->arg);
	uint64_t number = 0;
	int64_t us = 0;

	switch (typed->opt->kind) {
	case SST_OPT_COUNT:
		if (!sst_num_u64(arg, &number) || number > INT64_MAX)
			return expected(typed, "a number", err);
		break;
	case SST_OPT_SIZE:
		if (!sst_opt_size(arg, &number) || number > INT64_MAX)
			return expected(
				typed, "a size such as 64k or 10M", err);
		break;
	case SST_OPT_DURATION:
		if (!sst_opt_duration(arg, &us))
			return expected(typed,
				"a duration such as 500ms, 30s, 15m or 24h",
				err);
		if (!in_bounds(typed->opt, us))
			return out_of_bounds(typed, err);
		*(int64_t *)at = us;
		return SST_OK;
	default:
		if (!sst_opt_time(arg, opts->now_us, &us))
			return expected(typed,
				"a time such as 2026-11-23T12:00:00Z, @epoch, "
				"yesterday or -2h",
				err);
		*(int64_t *)at = us;
		return SST_OK;
	}
	if (!in_bounds(typed->opt, (int64_t)number))
		return out_of_bounds(typed, err);
	*(uint64_t *)at = number;
	return SST_OK;
}

static enum sst_status
store(const struct sst_opts *opts, const struct typed *typed,
	struct sst_err *err)
{
	void *at = (char *)opts->config + typed->opt->at;
	bool is_stored = true;

	switch (typed->opt->kind) {
	case SST_OPT_FLAG:
	case SST_OPT_OFF:
		*(bool *)at = typed->opt->kind == SST_OPT_FLAG;
		return SST_OK;
	case SST_OPT_TEXT:
		*(const char **)at = typed->arg;
		return SST_OK;
	case SST_OPT_LIST:
		is_stored = list_add(opts->arena, at, typed->arg);
		break;
	case SST_OPT_NAMES:
		is_stored = names_add(opts->arena, at, typed->arg);
		break;
	case SST_OPT_CHOICE:
		*(int *)at =
			choice_of(typed->opt->choices, sst_span_of(typed->arg));
		if (*(int *)at == 0)
			return expected(typed, typed->opt->choices, err);
		return SST_OK;
	default:
		return store_number(opts, typed, at, err);
	}
	return is_stored ? SST_OK : sst_fail_memory(err, "options");
}

/* argv[i] is "--name" or "--name=arg"; returns how many words it took. */
static enum sst_status
take_long(const struct sst_opts *opts, char **argv, int *i, struct sst_err *err)
{
	struct sst_span word = sst_span_of(argv[*i] + 2);
	size_t len = sst_span_find(word, '=');
	struct sst_span name = sst_span_head(word, len);
	const struct sst_opt *opt = find(opts, name, 0);
	struct typed typed = { opt, NULL, NULL };

	if (opt == NULL)
		return unknown(opts, name, err);
	typed.as = sst_arena_copy(opts->arena, sst_span(argv[*i], name.len + 2))
			   .at;
	if (typed.as == NULL)
		return sst_fail_memory(err, "options");
	if (len < word.len)
		typed.arg = word.at + len + 1;
	if (opt->arg == NULL && typed.arg != NULL)
		return sst_fail(
			err, SST_EUSAGE, "%s takes no argument", typed.as);
	if (opt->arg != NULL && typed.arg == NULL) {
		if (opt->is_arg_optional)
			typed.arg = opt->default_arg;
		else
			typed.arg = argv[++*i];
		if (typed.arg == NULL)
			return sst_fail(err, SST_EUSAGE,
				"%s needs an argument: %s", typed.as, opt->arg);
	}
	return store(opts, &typed, err);
}

/* "-abc", "-fARG" or "-f ARG". */
static enum sst_status
take_short(
	const struct sst_opts *opts, char **argv, int *i, struct sst_err *err)
{
	for (const char *at = argv[*i] + 1; *at != '\0'; at++) {
		char as[3] = { '-', *at, '\0' };
		struct typed typed = { find(opts, sst_span_of(""), *at), NULL,
			as };
		enum sst_status status;
		bool is_last = false;

		if (typed.opt == NULL)
			return sst_fail(
				err, SST_EUSAGE, "unknown option '%s'", as);
		if (typed.opt->arg != NULL && !typed.opt->is_arg_optional) {
			typed.arg = at[1] != '\0' ? at + 1 : argv[++*i];
			is_last = true;
			if (typed.arg == NULL)
				return sst_fail(err, SST_EUSAGE,
					"%s needs an argument: %s", as,
					typed.opt->arg);
		} else if (typed.opt->arg != NULL) {
			typed.arg = typed.opt->default_arg;
		}
		status = store(opts, &typed, err);
		if (status != SST_OK || is_last)
			return status;
	}
	return SST_OK;
}

enum sst_status
sst_opts_parse(const struct sst_opts *opts, int argc, char **argv,
	struct sst_list *operands, struct sst_err *err)
{
	bool only_operands = false;

	for (int i = 1; i < argc; i++) {
		enum sst_status status = SST_OK;
		const char *word = argv[i];

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			if (!list_add(opts->arena, operands, word))
				status = sst_fail_memory(err, "operands");
		} else if (word[1] != '-') {
			status = take_short(opts, argv, &i, err);
		} else if (word[2] == '\0') {
			only_operands = true;
		} else {
			status = take_long(opts, argv, &i, err);
		}
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}
