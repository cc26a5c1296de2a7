/* SPDX-License-Identifier: ISC */
/* The loop over files that are followed (--follow). */
#include "cli/frame.h"
#include "cli/loop.h"

#include "input/follow.h"

#include <stdlib.h>
#include <string.h>

/* What is followed, and whose lines were read last. */
struct following {
	struct sst_follow *follow;
	char *name; /* run->input; lives until lines of another log come */
	uint64_t log;
};

enum sst_status
sst_follow_check(const struct sst_run *run, struct sst_err *err)
{
	const struct sst_list *inputs = &run->frame->inputs;

	if (inputs->n == 0)
		return sst_fail(
			err, SST_EUSAGE, "--follow: name the files to follow");
	for (size_t i = 0; i < inputs->n; i++)
		if (strcmp(inputs->at[i], "-") == 0)
			return sst_fail(err, SST_EUSAGE,
				"--follow: standard input ends by itself; name "
				"files, or leave out --follow");
	return SST_OK;
}

/* Lines of another log come next. */
static enum sst_status
enter(struct sst_run *run, struct following *f, const struct sst_followed *got,
	struct sst_err *err)
{
	char *name = strdup(got->path);

	if (name == NULL)
		return sst_fail_memory(err, "a name");
	run->input = name;
	free(f->name);
	f->name = name;
	f->log = got->log;
	return run->tool->begin == NULL
		       ? SST_OK
		       : run->tool->begin(run->frame->self, run, err);
}

static enum sst_status
take_lines(struct sst_run *run, struct following *f, struct sst_followed *got,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;
	struct sst_line line;

	if (got->log != f->log)
		status = enter(run, f, got, err);
	while (status == SST_OK && sst_slice_next(&got->lines, &line))
		status = sst_loop_take(run, &line, err);
	return status;
}

/* A compressed file is read once, to its end. */
static enum sst_status
read_archive(struct sst_run *run, struct following *f, const char *path,
	struct sst_err *err)
{
	char *name = strdup(path);
	enum sst_status status;

	if (name == NULL)
		return sst_fail_memory(err, "a name");
	sst_say(&run->say, SST_SAY_NOTE,
		"%s: compressed, is read once and not followed", path);
	status = sst_loop_input(run, name, err);
	free(f->name);
	f->name = name;
	f->log = 0; /* no log has this number */
	return status;
}

/* Say what is no line. */
static enum sst_status
mind(struct sst_run *run, struct following *f, const struct sst_followed *got,
	struct sst_err *err)
{
	struct sst_say *say = &run->say;

	switch (got->what) {
	case SST_FOLLOW_MISSING:
		sst_say(say, SST_SAY_WARNING,
			"%s: no such file yet, waiting for it", got->path);
		break;
	case SST_FOLLOW_FOUND:
		sst_say(say, SST_SAY_NOTE, "%s: a new file", got->path);
		break;
	case SST_FOLLOW_TRUNCATED:
		run->following->truncated++;
		if (got->times == 1)
			sst_say(say, SST_SAY_WARNING,
				"%s: was truncated, lines may be lost",
				got->path);
		break;
	case SST_FOLLOW_PASSED_BY:
		sst_say(say, SST_SAY_NOTE, "%s: compressed, is not followed",
			got->path);
		break;
	case SST_FOLLOW_UNREADABLE:
		sst_say(say, SST_SAY_WARNING, "cannot read '%s': %s", got->path,
			got->why);
		break;
	case SST_FOLLOW_UNFIT:
		run->frame->is_broken = true;
		sst_say(say, SST_SAY_ERROR, "cannot follow '%s': %s", got->path,
			got->why);
		break;
	case SST_FOLLOW_ARCHIVE:
		return read_archive(run, f, got->path, err);
	case SST_FOLLOW_LINES:
		break;
	}
	return SST_OK;
}

/* Nothing came: write what waits; then wait where signals, the tool's clock and
 * a reader that goes away are seen. SST_END: stop. */
static enum sst_status
rest(struct sst_run *run, int wait_ms, struct sst_err *err)
{
	struct sst_output *output = &run->frame->output;
	struct pollfd fds[2] = {
		{ -1, 0, 0 },        /* no input can be waited for */
		{ output->fd, 0, 0 } /* POLLERR alone */
	};
	nfds_t n = run->tool->takes_no_output ? 1 : 2;

	if (run->out.len > 0)
		return sst_run_flush(run, err);
	if (wait_ms < 0 || wait_ms > SST_FOLLOW_WAIT_MS)
		wait_ms = SST_FOLLOW_WAIT_MS;
	if (sst_loop_poll(run, fds, n, wait_ms) > 0 &&
		(fds[1].revents & POLLERR) != 0) {
		output->is_gone = true;
		return SST_END;
	}
	return SST_OK;
}

/* One step: signals, then lines, something to say, or a rest. */
static enum sst_status
go_on(struct sst_run *run, struct following *f, struct sst_err *err)
{
	struct sst_followed got;
	int wait_ms;
	enum sst_status status = sst_loop_mind(run, &wait_ms, err);

	if (status != SST_OK)
		return status;
	status = sst_follow_next(f->follow, sst_monotonic_us(), &got, err);
	if (status == SST_AGAIN)
		return rest(run, wait_ms, err);
	if (status != SST_OK)
		return status;
	return got.what == SST_FOLLOW_LINES ? take_lines(run, f, &got, err)
					    : mind(run, f, &got, err);
}

enum sst_status
sst_follow_read(struct sst_run *run, struct sst_err *err)
{
	const struct sst_list *inputs = &run->frame->inputs;
	const struct sst_follow_plan plan = { .names = inputs->at,
		.n = inputs->n,
		.max_line = (size_t)run->common->max_line + 1,
		.from_end = run->following->from_end };
	struct following f = { .log = 0 };
	enum sst_status status = sst_follow_open(&f.follow, &plan, err);

	while (status == SST_OK)
		status = go_on(run, &f, err);
	sst_follow_close(f.follow);
	run->input = "-";
	free(f.name);
	return status;
}
