/* SPDX-License-Identifier: ISC */
/*
 * tool -- the frame that the four tools share.
 *
 * A tool is a table of options and a few callbacks; main() is one call of
 * sst_tool_main(). The frame parses options, opens inputs, finds lines, passes
 * control lines through in their place, counts, flushes when the input pauses,
 * minds signals and a reader that has gone away, and ends with the right exit
 * status. It does not know what a tool does with a line.
 *
 * `self` in every callback is the tool's own struct, whose first member is a
 * struct sst_common. Callbacks append output to run->out; the frame writes it.
 */
#ifndef SST_CLI_TOOL_H
#define SST_CLI_TOOL_H

#include "base/buf.h"
#include "base/err.h"
#include "cli/opt.h"
#include "cli/say.h"
#include "cli/stats.h"
#include "state/key.h"
#include "text/line.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* Values of the options that all tools have. */
struct sst_common {
	const char *output;
	int stats; /* 1 text, 2 json */
	const char *rejects;
	int rejects_text; /* 1 masked, 2 raw */
	bool fail_on_reject;
	struct sst_list where, skip, only;
	const char *hash_key;
	uint64_t stop_after;
	int64_t grace_us;
	int64_t now_us; /* --now; 0: the clock */
	uint64_t max_line;
	struct sst_list data_dirs, files_from;
	const char *config;
	const char *test;
	bool validate;
	bool is_quiet, is_verbose;
	int help; /* 1 main, 2 all */
	bool version;
};

/* How files are followed: values of a tool's options, and what became of it. */
struct sst_following {
	bool is_asked; /* --follow */
	bool from_end;
	uint64_t truncated; /* how often files were: lines may be lost */
};

/* What the frame lends to callbacks. */
struct sst_run {
	const struct sst_tool *tool;
	const struct sst_common *common;
	struct sst_say say;
	struct sst_stats stats;
	struct sst_buf out;     /* output that waits to be written */
	const char *input;      /* name of the input at hand; "-" is stdin */
	struct sst_arena arena; /* lives as long as the run */
	struct sst_following *following; /* start() sets it: follow inputs */
	bool has_found;   /* set it: exit 3 when nothing worse happens */
	bool is_stopping; /* a signal asked for the end */
	struct sst_frame *frame;
};

/*
 * For a tool whose lines can be taken by several threads (--jobs). A file is
 * cut into slices of whole lines; each is taken by a worker, a copy of `self`
 * of its own, into output of its own. What depends on the lines before is
 * settled by the main thread, slice by slice in the order of the file, so that
 * the output is that of one thread, byte for byte.
 */
struct sst_parallel {
	/* How many workers the options ask for; below 2: none. */
	size_t (*jobs)(const void *self);

	/* Make a worker; called in the main thread. */
	enum sst_status (*hire)(void *self, struct sst_run *run, void **worker,
		struct sst_err *err);

	/* Make what the tool keeps of a slice until it is settled. */
	enum sst_status (*open_slice)(
		void *self, void **slice, struct sst_err *err);

	/* In the main thread: a slice is about to be given to a worker. */
	void (*give)(void *self, void *slice);

	/* In the worker's thread: its lines follow, and have ended. */
	void (*enter)(void *worker, void *slice);
	void (*leave)(void *worker, void *slice);

	/*
	 * In the main thread, in order: the slice's output may be changed in
	 * place. False: it was taken under a wrong assumption; the frame then
	 * lets `self` take its lines, as if there were no workers.
	 */
	bool (*settle)(void *self, void *slice, struct sst_buf *out);

	void (*close_slice)(void *slice);
	void (*dismiss)(void *worker);
};

struct sst_tool {
	const char *name;     /* "sst-parse" */
	const char *synopsis; /* "[OPTION...] [FILE...]" */
	const char *about;    /* what it does, one line */
	const char *examples; /* lines for the end of --help, or NULL */
	const struct sst_opt *opts;
	const struct sst_counter *counters; /* offsets in self; or NULL */
	uint64_t max_line;                  /* default of --max-line */
	bool reads_events;                  /* input has control lines */
	bool takes_no_output; /* stdout carries no events (sst-push) */

	/*
	 * Open everything that options name, before any input is read. SST_OK:
	 * go on. SST_END: it was another job (--list-formats), what is in
	 * run->out is written, exit 0. Else the message is in err.
	 */
	enum sst_status (*start)(
		void *self, struct sst_run *run, struct sst_err *err);

	/* --test FILE: run the samples in that file. SST_EIO when one fails,
	 * a report on run->out. NULL: the tool has no such files. */
	enum sst_status (*test)(void *self, struct sst_run *run,
		const char *path, struct sst_err *err);

	/* Optional: put the operands into the order to be read. */
	enum sst_status (*arrange)(void *self, struct sst_run *run,
		struct sst_list *inputs, struct sst_err *err);

	/* Optional: the time of a line, microseconds since 1970; INT64_MIN: it
	 * has none. What later lines mean must not depend on it. */
	int64_t (*time_of)(
		void *self, struct sst_run *run, struct sst_span line);

	/* Optional, with time_of: the times that are asked for. What is not
	 * set is INT64_MIN and INT64_MAX. */
	void (*range)(const void *self, int64_t *from_us, int64_t *until_us);

	/* Optional: an input begins (run->input is its name). Where several
	 * are followed at once, lines of another one come next. */
	enum sst_status (*begin)(
		void *self, struct sst_run *run, struct sst_err *err);

	/*
	 * One line. SST_OK, SST_HELD, SST_DROP or SST_REJECT (with *why): the
	 * frame counts it. Anything else ends the run.
	 */
	enum sst_status (*line)(void *self, struct sst_run *run,
		const struct sst_line *line, enum sst_reason *why,
		struct sst_err *err);

	/* Optional: a control line; the frame passes it on after this call,
	 * unless takes_no_output. */
	enum sst_status (*barrier)(void *self, struct sst_run *run,
		struct sst_span line, struct sst_err *err);

	/* Optional: how several threads share the lines of a file. */
	const struct sst_parallel *parallel;

	/*
	 * Optional: the input pauses, or time has come. Returns SST_OK and how
	 * many milliseconds may pass until the next call when nothing else
	 * happens (-1: any).
	 */
	enum sst_status (*idle)(void *self, struct sst_run *run, int *wait_ms,
		struct sst_err *err);

	/* Optional: wait like poll(2), for tools that have descriptors of
	 * their own. fds[0] is the input; may be called with n 0. */
	int (*wait)(void *self, struct pollfd *fds, nfds_t n, int timeout_ms);

	/*
	 * The input has ended. `is_whole` is false when it ended early (a
	 * damaged file, an error upstream): then no state may be advanced.
	 */
	enum sst_status (*end)(void *self, struct sst_run *run, bool is_whole,
		struct sst_err *err);

	/* Optional: append ", NAME VERSION" of libraries that only this tool
	 * has, for --version. */
	void (*put_versions)(struct sst_buf *to);

	/* Release everything; called once, also after a failed start. */
	void (*release)(void *self);
};

/* All of main(): parse, run, end. Returns the exit status. */
int sst_tool_main(
	const struct sst_tool *tool, void *self, int argc, char **argv);

/* Microseconds since 1970, or --now. */
int64_t sst_run_now_us(const struct sst_run *run);

/* Microseconds of a clock that nobody sets, for waiting. */
int64_t sst_monotonic_us(void);

/*
 * The installation's secret: --hash-key, else the default places, else made
 * and said once. Read at the first call.
 */
enum sst_status sst_run_key(struct sst_run *run, const struct sst_key **out,
	struct sst_err *err) SST_MUST_USE;

/*
 * The path of a data file: `name` with a '/' is a path already; else
 * kind/name.json in --data-dir, SST_PATH and the installed folder ("logs",
 * "combined"); kind "" is the folder itself ("", "bots"). Lives in run->arena.
 * SST_ECONFIG with a suggestion when there is none.
 */
enum sst_status sst_run_find(struct sst_run *run, const char *kind,
	const char *name, const char **path, struct sst_err *err) SST_MUST_USE;

/* All names of a kind, sorted, each once; live in run->arena. */
enum sst_status sst_run_names(struct sst_run *run, const char *kind,
	struct sst_list *out, struct sst_err *err) SST_MUST_USE;

/* Put inputs into the order of their first times, when they are files and at
 * least two have one. For sst_tool.arrange() of a tool with time_of(). */
enum sst_status sst_run_by_time(struct sst_run *run, struct sst_list *inputs,
	struct sst_err *err) SST_MUST_USE;

/*
 * For callbacks that wait: mind signals as the loop does between lines. False:
 * stop waiting, because of a second signal, or because --grace is over since
 * the first.
 */
bool sst_run_may_wait(struct sst_run *run);

/* Write run->out now. SST_END: the reader has gone away. */
enum sst_status sst_run_flush(
	struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/*
 * A secret by its source: "file:PATH", "env:NAME", "fd:N", "cred:NAME", or a
 * path with '/'. Anything else is SST_EUSAGE, and is not repeated in the
 * message. One newline at the end is cut off. `name` is what messages call it.
 */
enum sst_status sst_run_secret(struct sst_run *run, const char *name,
	const char *source, struct sst_span *out,
	struct sst_err *err) SST_MUST_USE;

/* Count a line as a reject that the frame did not see (a sink's), and write it
 * to --rejects. */
void sst_run_reject(
	struct sst_run *run, const struct sst_line *line, enum sst_reason why);

#endif
