/* SPDX-License-Identifier: ISC */
/*
 * say -- messages to stderr. Nothing else in lib/ writes there.
 *
 * "sst-parse: access.log:42: timestamp has no zone". Control bytes and bytes
 * that are not UTF-8 are escaped, so that no input can steer a terminal.
 * Messages of one kind (one format string, unless the caller says what the kind
 * is) are said SST_SAY_REPEATS times, then counted, and the count is said at
 * the end, with the first of them as a sample.
 */
#ifndef SST_CLI_SAY_H
#define SST_CLI_SAY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_SAY_REPEATS 8
#define SST_SAY_KINDS 64
#define SST_SAY_SAMPLE 96 /* bytes of a sample, its end included */

enum sst_say_level {
	SST_SAY_ERROR,   /* always shown */
	SST_SAY_WARNING, /* not with -q */
	SST_SAY_NOTE,    /* with -v */
};

struct sst_say_kind_row {
	const char *kind; /* compared as a pointer */
	uint64_t count;
	char sample[SST_SAY_SAMPLE]; /* the first message */
};

struct sst_say {
	const char *tool;
	bool is_quiet, is_verbose;
	bool has_levels; /* "<4>" before each line, for the journal */
	struct sst_say_kind_row kinds[SST_SAY_KINDS];
};

void sst_say_init(struct sst_say *say, const char *tool);

void sst_say(struct sst_say *say, enum sst_say_level level, const char *format,
	...) SST_PRINTF(3, 4);

/* The same for messages that share a format but not a kind, a literal. */
void sst_say_kind(struct sst_say *say, enum sst_say_level level,
	const char *kind, const char *format, ...) SST_PRINTF(4, 5);

/* Say what an error holds. */
void sst_say_err(struct sst_say *say, const struct sst_err *err);

/* How many messages of each kind were held back. */
void sst_say_end(struct sst_say *say);

/* Lines for people that are no message: --stats, --help on stderr. */
void sst_say_raw(const char *text, size_t len);

#endif
