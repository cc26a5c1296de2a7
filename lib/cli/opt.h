/* SPDX-License-Identifier: ISC */
/*
 * opt -- option rows to parsing, --help and completion.
 *
 * An option is a row of a table; nothing else knows it. GNU style: long
 * options, '=' or the next word for the argument, unambiguous prefixes are not
 * taken (scripts would break when an option is added), short ones may be
 * bundled, operands and options may be mixed, "--" ends options. A misspelt
 * option gets a suggestion.
 */
#ifndef SST_CLI_OPT_H
#define SST_CLI_OPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum sst_opt_kind {
	SST_OPT_END,      /* the row that ends a table: { 0 } */
	SST_OPT_FLAG,     /* bool, set to true */
	SST_OPT_OFF,      /* bool, set to false: --no-x */
	SST_OPT_COUNT,    /* uint64_t */
	SST_OPT_SIZE,     /* uint64_t bytes: 64k 10M 1G */
	SST_OPT_DURATION, /* int64_t microseconds: 500ms 30s 15m 24h 7d 2w */
	SST_OPT_TIME,     /* int64_t microseconds since 1970 */
	SST_OPT_TEXT,     /* const char * */
	SST_OPT_LIST,     /* struct sst_list: each use adds its argument */
	SST_OPT_NAMES,    /* struct sst_list: comma-separated, each use adds */
	SST_OPT_CHOICE    /* int: index into `choices` ("text|json"), from 1; 0
			     when the option was not given */
};

struct sst_list {
	const char **at;
	size_t n;
};

struct sst_opt {
	char letter;      /* or 0 */
	const char *name; /* without the dashes */
	const char *arg;  /* what --help calls it; NULL: takes none */
	enum sst_opt_kind kind;
	bool is_arg_optional; /* only as --name=arg; without it: default_arg */
	const char *default_arg; /* of an optional argument */
	const char *choices;     /* "text|json" */
	const char *shown;       /* the default as --help shows it, or NULL */
	size_t at;               /* offsetof the field in the config struct */
	int64_t min, max;        /* of numbers; max 0: no bound */
	const char *group; /* heading in --help; NULL: as the row before */
	const char *help;  /* what it does; may be several sentences */
	bool is_rare;      /* only in --help=all */
};

/* What was typed wrong, or what to do. */
struct sst_opts {
	const struct sst_opt *const *tables; /* NULL-ended list of tables */
	void *config;
	struct sst_arena *arena; /* lists live here */
	int64_t now_us;          /* for SST_OPT_TIME: "-2h", "yesterday" */
};

/*
 * Parse argv[1..argc) into the config; operands go to *operands in their
 * order. SST_EUSAGE names the option and what was expected.
 */
enum sst_status sst_opts_parse(const struct sst_opts *opts, int argc,
	char **argv, struct sst_list *operands,
	struct sst_err *err) SST_MUST_USE;

/* Append the grouped option list for --help, at most 80 columns wide. */
void sst_opts_help(
	struct sst_buf *to, const struct sst_opt *const *tables, bool all);

/* The word of `words` (n of them) most like `word`, or NULL when none is near:
 * at most a third of its letters differ. */
const char *sst_suggest(
	struct sst_span word, const char *const *words, size_t n);

/* What options take, for others that read the same spellings: settings of API
 * files, policies. */
bool sst_opt_duration(struct sst_span text, int64_t *out_us);
bool sst_opt_size(struct sst_span text, uint64_t *out);
bool sst_opt_time(struct sst_span text, int64_t now_us, int64_t *out_us);

#endif
