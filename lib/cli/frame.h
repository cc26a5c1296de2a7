/* SPDX-License-Identifier: ISC */
/*
 * frame -- what the parts of the frame share; private to cli/.
 */
#ifndef SST_CLI_FRAME_H
#define SST_CLI_FRAME_H

#include "cli/tool.h"
#include "input/source.h"

#include <stdio.h>

/* ---- signals.c ---- */

/* What signals have asked for since sst_signals_install(). */
struct sst_asked {
	int stops;   /* SIGTERM, SIGINT, or SIGHUP on a terminal */
	bool report; /* SIGUSR1; cleared by reading */
	bool reopen; /* SIGHUP; cleared by reading */
};
void sst_signals_install(void);
struct sst_asked sst_signals_asked(void);
int sst_signals_stops(void);

/* ---- output.c ---- */

struct sst_output {
	int fd;
	bool is_owned;      /* opened by us: closed by us, reopened on SIGHUP */
	const char *path;   /* for messages: "standard output" */
	bool is_gone;       /* its reader went away */
	int64_t give_up_us; /* monotonic; 0: never */
};

/* path NULL: stdout. */
enum sst_status sst_output_open(struct sst_output *out, const char *path,
	struct sst_err *err) SST_MUST_USE;
/* Write and empty buf. SST_END: the reader has gone away, buf is emptied. */
enum sst_status sst_output_write(struct sst_output *out, struct sst_buf *buf,
	struct sst_err *err) SST_MUST_USE;
/* -o only: open the same name again, for append. */
enum sst_status sst_output_reopen(
	struct sst_output *out, struct sst_err *err) SST_MUST_USE;
/* Errors that only close(2) tells count too. */
enum sst_status sst_output_close(
	struct sst_output *out, struct sst_err *err) SST_MUST_USE;

/* ---- common.c ---- */

extern const struct sst_opt sst_common_opts[];

/* Put the lines of --config FILE before the words of the command line. */
enum sst_status sst_config_words(struct sst_arena *arena, const char *path,
	int *argc, char ***argv, struct sst_err *err) SST_MUST_USE;

/* ---- control.c ---- */

/* Is this a control line? "_barrier" comes first, a string of digits, and all
 * else has the keys and types of sst-event(5). No other object is let past a
 * tool. SST_PAD readable bytes behind it. */
bool sst_is_control(struct sst_span line);

/* ---- the frame itself ---- */

struct sst_frame {
	void *self;
	struct sst_output output;
	FILE *rejects;
	struct sst_source *source; /* the input at hand */
	struct sst_lines *lines;
	struct sst_list inputs;
	bool is_broken; /* an input was missing or ended early: exit 1 */
	int64_t started_us, stop_us;       /* monotonic */
	struct sst_parallel_run *parallel; /* NULL: no threads so far */
	bool has_key;
	struct sst_key key;
	struct sst_list dirs; /* data folders, in order */
};

#endif
