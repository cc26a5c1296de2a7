/* SPDX-License-Identifier: ISC */
/*
 * The loop over a file when several threads share its lines (--jobs).
 *
 * This thread reads, cuts the file into slices that end with a line, gives them
 * to workers, and takes them back in order: only then are ids settled, rejects
 * reported, lines counted and output written, so that nothing shows how many
 * workers there were.
 */
#include "cli/frame.h"
#include "cli/loop.h"

#include "os/crew.h"
#include "text/slice.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Large enough that handing over costs nothing, small enough that a slice and
 * its output stay in the cache. */
#define SLICE ((size_t)256 * 1024)

/* Below this, starting threads takes longer than they save. */
#define WORTH_IT ((uint64_t)1024 * 1024)

/* Slices a worker: one at work, one that waits; and one that is settled. */
#define SLICES(workers) (2 * (workers) + 1)

#define OUT_MAX ((size_t)1 << 30)

struct reject {
	struct sst_line line; /* its text is the slice's */
	enum sst_reason why;
};

struct slice {
	char *text; /* room for SLICE bytes, a line and SST_PAD */
	struct sst_slice lines;
	struct sst_run run; /* out and stats are the slice's own */
	struct reject *rejects;
	size_t reject_count, reject_room;
	enum sst_status status;
	struct sst_err err;
	void *tools;
};

struct sst_parallel_run {
	struct sst_crew *crew;
	void **workers, **slices;
	size_t worker_count, slice_count;

	/* Of the input at hand. */
	struct sst_slicer slicer;
	bool is_first, is_end;
};

/* ---- a slice's lines ---- */

/* Take all lines by a function; they can be taken again. */
static enum sst_status
take_lines(struct sst_run *run, void *self, struct slice *slice,
	enum sst_status (*take)(struct sst_run *run, void *self,
		struct sst_line *line, struct slice *slice,
		struct sst_err *err),
	struct sst_err *err)
{
	struct sst_slice lines = slice->lines;
	enum sst_status status = SST_OK;
	struct sst_line line;

	while (status == SST_OK && sst_slice_next(&lines, &line))
		status = take(run, self, &line, slice, err);
	return status;
}

static enum sst_status
remember_reject(struct slice *slice, const struct sst_line *line,
	enum sst_reason why, struct sst_err *err)
{
	if (slice->reject_count == slice->reject_room) {
		size_t room = slice->reject_room * 2 + 64;
		struct reject *larger = realloc(
			slice->rejects, room * sizeof(slice->rejects[0]));

		if (larger == NULL)
			return sst_fail_memory(err, "rejects");
		slice->rejects = larger;
		slice->reject_room = room;
	}
	slice->rejects[slice->reject_count++] = (struct reject){ *line, why };
	return SST_OK;
}

/* In a worker. */
static enum sst_status
take_aside(struct sst_run *run, void *worker, struct sst_line *line,
	struct slice *slice, struct sst_err *err)
{
	enum sst_reason why;
	enum sst_status status = sst_loop_line(run, worker, line, &why, err);

	if (status > SST_REJECT)
		return status;
	if (run->out.is_short)
		return sst_fail_memory(err, "output");
	return status == SST_REJECT ? remember_reject(slice, line, why, err)
				    : SST_OK;
}

/* In the main thread, once more. */
static enum sst_status
take_again(struct sst_run *run, void *self, struct sst_line *line,
	struct slice *slice, struct sst_err *err)
{
	enum sst_reason why;
	enum sst_status status = sst_loop_line(run, self, line, &why, err);

	(void)slice;
	return sst_loop_after(run, line, status, why, err);
}

/* What a worker does. */
static void
work(void *worker, void *job)
{
	struct slice *slice = job;
	const struct sst_parallel *tool = slice->run.tool->parallel;

	tool->enter(worker, slice->tools);
	slice->status =
		take_lines(&slice->run, worker, slice, take_aside, &slice->err);
	tool->leave(worker, slice->tools);
}

/* ---- slices ---- */

static size_t
text_room(const struct sst_run *run)
{
	return SLICE + (size_t)run->common->max_line + 1;
}

static enum sst_status
open_slice(struct sst_run *run, void **out, struct sst_err *err)
{
	struct slice *slice = calloc(1, sizeof(*slice));

	*out = slice;
	if (slice == NULL)
		return sst_fail_memory(err, "slices");
	sst_buf_init(&slice->run.out, OUT_MAX);
	slice->text = calloc(1, text_room(run) + SST_PAD);
	if (slice->text == NULL)
		return sst_fail_memory(err, "slices");
	return run->tool->parallel->open_slice(
		run->frame->self, &slice->tools, err);
}

static void
close_slice(const struct sst_run *run, struct slice *slice)
{
	if (slice == NULL)
		return;
	if (slice->tools != NULL)
		run->tool->parallel->close_slice(slice->tools);
	sst_buf_release(&slice->run.out);
	free(slice->rejects);
	free(slice->text);
	free(slice);
}

static enum sst_status
hire(struct sst_run *run, struct sst_parallel_run *p, struct sst_err *err)
{
	const struct sst_parallel *tool = run->tool->parallel;
	enum sst_status status = SST_OK;

	p->workers = calloc(p->worker_count, sizeof(p->workers[0]));
	p->slices = calloc(p->slice_count, sizeof(p->slices[0]));
	if (p->workers == NULL || p->slices == NULL)
		return sst_fail_memory(err, "threads");
	for (size_t i = 0; i < p->worker_count && status == SST_OK; i++)
		status = tool->hire(run->frame->self, run, &p->workers[i], err);
	for (size_t i = 0; i < p->slice_count && status == SST_OK; i++)
		status = open_slice(run, &p->slices[i], err);
	if (status != SST_OK)
		return status;
	return sst_crew_open(&p->crew,
		&(struct sst_crew_plan){ .work = work,
			.workers = p->workers,
			.worker_count = p->worker_count,
			.jobs = p->slices,
			.job_count = p->slice_count },
		err);
}

bool
sst_parallel_suits(const struct sst_run *run)
{
	const struct sst_frame *frame = run->frame;

	return run->tool->parallel != NULL && run->common->stop_after == 0 &&
	       run->tool->parallel->jobs(frame->self) > 1 &&
	       sst_source_kind(frame->source) == SST_SOURCE_FILE &&
	       sst_source_size(frame->source) >= WORTH_IT;
}

/* Make the threads at the first input that wants them. */
static enum sst_status
get_ready(struct sst_run *run, struct sst_err *err)
{
	const struct sst_tool *tool = run->tool;
	struct sst_parallel_run *p = run->frame->parallel;
	enum sst_status status = SST_OK;

	if (p == NULL) {
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			return sst_fail_memory(err, "threads");
		run->frame->parallel = p;
		p->worker_count = tool->parallel->jobs(run->frame->self);
		p->slice_count = SLICES(p->worker_count);
		status = hire(run, p, err);
	}
	sst_slicer_release(&p->slicer);
	sst_slicer_init(&p->slicer, (size_t)run->common->max_line + 1,
		sst_source_offset(run->frame->source));
	p->is_first = true;
	p->is_end = false;
	if (tool->begin == NULL)
		return status;
	for (size_t i = 0; i < p->worker_count && status == SST_OK; i++)
		status = tool->begin(p->workers[i], run, err);
	return status;
}

/* ---- reading ---- */

/* Read so much behind what is carried, or until the input ends. */
static enum sst_status
read_into(struct sst_run *run, struct slice *slice, size_t *len,
	struct sst_err *err)
{
	struct sst_parallel_run *p = run->frame->parallel;
	struct sst_reader reader = sst_source_reader(run->frame->source);
	size_t carried = sst_slicer_carried(&p->slicer);

	*len = carried;
	while (*len < carried + SLICE) {
		ssize_t n = reader.read(
			reader.from, slice->text + *len, text_room(run) - *len);

		if (n == 0) {
			p->is_end = true;
			return SST_OK;
		}
		if (n > 0) {
			*len += (size_t)n;
			continue;
		}
		if (errno != EINTR && errno != EAGAIN)
			return sst_fail(err, SST_EIO, "cannot read: %s",
				strerror(errno));
	}
	return SST_OK;
}

/* Fill a slice with whole lines. SST_END: there are no more. */
static enum sst_status
fill(struct sst_run *run, struct slice *slice, struct sst_err *err)
{
	struct sst_parallel_run *p = run->frame->parallel;
	enum sst_status status, cut;
	size_t len;

	do {
		status = read_into(run, slice, &len, err);
		/* A damaged input: the line at hand is not whole. */
		cut = sst_slicer_cut(&p->slicer, slice->text, len,
			status == SST_OK && p->is_end, &slice->lines, err);
		if (cut != SST_OK)
			return cut;
	} while (status == SST_OK && slice->lines.text.len == 0 && !p->is_end);
	if (status != SST_OK)
		p->is_end = true;
	return slice->lines.text.len == 0 && status == SST_OK ? SST_END
							      : status;
}

/* ---- in order ---- */

/* Take a slice back: all that its lines did becomes visible. */
static enum sst_status
settle(struct sst_run *run, struct slice *slice, struct sst_err *err)
{
	enum sst_status status;

	if (!run->tool->parallel->settle(
		    run->frame->self, slice->tools, &slice->run.out)) {
		sst_buf_reset(&slice->run.out);
		return take_lines(
			run, run->frame->self, slice, take_again, err);
	}
	sst_stats_add(&run->stats, &slice->run.stats);
	for (size_t i = 0; i < slice->reject_count; i++)
		sst_run_reject(
			run, &slice->rejects[i].line, slice->rejects[i].why);
	status = sst_run_flush(run, err);
	if (status != SST_OK)
		return status;
	run->stats.bytes_out += slice->run.out.len;
	status = sst_output_write(&run->frame->output, &slice->run.out, err);
	if (status == SST_OK && slice->status != SST_OK) {
		*err = slice->err;
		status = slice->status;
	}
	return status;
}

/* Settle what is done; all that is out, if `waits`. */
static enum sst_status
settle_done(struct sst_run *run, bool waits, struct sst_err *err)
{
	struct sst_parallel_run *p = run->frame->parallel;
	enum sst_status status = SST_OK;
	struct slice *slice;

	while (status == SST_OK &&
		(slice = sst_crew_take(p->crew, waits)) != NULL)
		status = settle(run, slice, err);
	return status;
}

static void
give(struct sst_run *run, struct slice *slice)
{
	struct sst_buf out = slice->run.out;

	slice->run = *run;
	slice->run.out = out;
	slice->run.stats = (struct sst_stats){ 0 };
	slice->reject_count = 0;
	slice->err.text[0] = '\0';
	run->tool->parallel->give(run->frame->self, slice->tools);
	sst_crew_give(run->frame->parallel->crew);
}

/* One round: read a slice, give it away. SST_END: that was the last one. */
static enum sst_status
go_on(struct sst_run *run, struct sst_err *err)
{
	struct sst_parallel_run *p = run->frame->parallel;
	struct slice *slice = sst_crew_next(p->crew);
	enum sst_status status, read_status;

	if (slice == NULL) {
		status = settle(run, sst_crew_take(p->crew, true), err);
		if (status != SST_OK)
			return status;
		slice = sst_crew_next(p->crew);
	}
	read_status = fill(run, slice, err);
	if (read_status == SST_END || read_status == SST_ENOMEM)
		return read_status;
	if (slice->lines.text.len > 0)
		give(run, slice);
	/* The first slice shows what the others may assume. */
	status = settle_done(run, p->is_first || read_status != SST_OK, err);
	p->is_first = false;
	if (status != SST_OK)
		return status;
	if (read_status != SST_OK)
		return sst_loop_broken(run, err) == SST_OK ? SST_END : SST_EIO;
	return SST_OK;
}

enum sst_status
sst_parallel_read(struct sst_run *run, struct sst_err *err)
{
	enum sst_status status = get_ready(run, err), rest;
	bool is_asked = false; /* to stop */

	while (status == SST_OK) {
		status = sst_loop_wait(run, err);
		if (status == SST_END)
			is_asked = true;
		if (status == SST_OK)
			status = go_on(run, err);
	}
	if (status != SST_END || run->frame->output.is_gone)
		return status;
	rest = settle_done(run, true, err);
	if (rest != SST_OK)
		return rest;
	return is_asked ? SST_END : SST_OK;
}

void
sst_parallel_close(struct sst_run *run)
{
	struct sst_parallel_run *p = run->frame->parallel;

	if (p == NULL)
		return;
	sst_crew_close(p->crew);
	for (size_t i = 0; p->workers != NULL && i < p->worker_count; i++)
		if (p->workers[i] != NULL)
			run->tool->parallel->dismiss(p->workers[i]);
	for (size_t i = 0; p->slices != NULL && i < p->slice_count; i++)
		close_slice(run, p->slices[i]);
	free(p->workers);
	free(p->slices);
	sst_slicer_release(&p->slicer);
	free(p);
	run->frame->parallel = NULL;
}
