/* SPDX-License-Identifier: ISC */
/* The loop: inputs to lines to callbacks, and waiting in between. */
#include "cli/frame.h"
#include "cli/loop.h"

#include "os/pipe.h"
#include "text/scan.h"
#include "text/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Output is written when so much waits; pipes are enlarged beyond it. */
#define FLUSH_AT ((size_t)256 * 1024)

enum sst_status
sst_run_flush(struct sst_run *run, struct sst_err *err)
{
	run->stats.bytes_out += run->out.len;
	return sst_output_write(&run->frame->output, &run->out, err);
}

/* ---- rejects ---- */

static void
put_text(struct sst_buf *to, struct sst_span text, bool is_masked)
{
	struct sst_buf clean;

	sst_buf_init(&clean, text.len * 3 + 1);
	(void)sst_utf8_put_repaired(&clean, text);
	for (size_t i = 0; is_masked && i < clean.len; i++) {
		char *c = &clean.at[i];

		if (*c >= '0' && *c <= '9')
			*c = '0';
		else if (sst_lower(*c) >= 'a' && sst_lower(*c) <= 'z')
			*c = 'a';
		else if ((unsigned char)*c >= 0x80)
			*c = 'a';
	}
	SST_BUF_PUT(to, ",\"text\":\"");
	sst_json_put_escaped(to, sst_buf_span(&clean));
	SST_BUF_PUT(to, "\"");
	sst_buf_release(&clean);
}

/* {"file":...,"line":N,"offset":N,"length":N,"reason":"..."} */
static void
write_reject(
	struct sst_run *run, const struct sst_line *line, enum sst_reason why)
{
	FILE *to = run->frame->rejects;
	struct sst_buf row, name;

	if (to == NULL)
		return;
	sst_buf_init(&row, line->text.len * 8 + 16384);
	sst_buf_init(&name, 16384);
	(void)sst_utf8_put_repaired(&name, sst_span_of(run->input));
	SST_BUF_PUT(&row, "{\"file\":\"");
	sst_json_put_escaped(&row, sst_buf_span(&name));
	sst_buf_printf(&row,
		"\",\"line\":%" PRIu64 ",\"offset\":%" PRIu64
		",\"length\":%" PRIu64 ",\"reason\":\"%s\"",
		line->number, line->offset, line->full_len,
		sst_reason_name(why));
	if (run->common->rejects_text != 0)
		put_text(&row, line->text, run->common->rejects_text == 1);
	SST_BUF_PUT(&row, "}\n");
	(void)fwrite(row.at, 1, row.len, to); /* checked when it is closed */
	sst_buf_release(&row);
	sst_buf_release(&name);
}

void
sst_run_reject(
	struct sst_run *run, const struct sst_line *line, enum sst_reason why)
{
	write_reject(run, line, why);
	sst_say_kind(&run->say, SST_SAY_WARNING, sst_reason_text(why),
		"%s:%" PRIu64 ": %s", run->input, line->number,
		sst_reason_text(why));
}

/* ---- one line ---- */

static bool
is_blank(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ' && text.at[i] != '\t' &&
			text.at[i] != '\r')
			return false;
	return true;
}

static enum sst_status
take_control(struct sst_run *run, struct sst_span text, struct sst_err *err)
{
	run->stats.control++;
	if (run->tool->barrier != NULL) {
		enum sst_status status =
			run->tool->barrier(run->frame->self, run, text, err);

		if (status != SST_OK)
			return status;
	}
	if (!run->tool->takes_no_output) {
		sst_buf_put_span(&run->out, text);
		SST_BUF_PUT(&run->out, "\n");
	}
	return SST_OK;
}

enum sst_status
sst_loop_line(struct sst_run *run, void *self, struct sst_line *line,
	enum sst_reason *why, struct sst_err *err)
{
	enum sst_status status;

	*why = SST_WHY_NONE;
	run->stats.bytes_in += line->full_len + line->has_end;
	if (line->text.len > 0 && line->text.at[line->text.len - 1] == '\r')
		line->text.len--;

	if (SST_UNLIKELY(line->full_len > run->common->max_line)) {
		status = SST_REJECT;
		*why = SST_WHY_TOO_LONG;
	} else if (SST_UNLIKELY(is_blank(line->text))) {
		status = SST_DROP;
		*why = SST_WHY_BLANK;
	} else if (run->tool->reads_events && sst_is_control(line->text)) {
		return take_control(run, line->text, err);
	} else {
		status = run->tool->line(self, run, line, why, err);
	}
	if (status <= SST_REJECT)
		sst_stats_line(&run->stats, status, *why);
	return status;
}

enum sst_status
sst_loop_after(struct sst_run *run, const struct sst_line *line,
	enum sst_status status, enum sst_reason why, struct sst_err *err)
{
	if (status > SST_REJECT)
		return status;
	if (status == SST_REJECT)
		sst_run_reject(run, line, why);
	if (run->out.is_short)
		return sst_fail_memory(err, "output");
	return run->out.len >= FLUSH_AT ? sst_run_flush(run, err) : SST_OK;
}

static bool
has_enough(const struct sst_run *run)
{
	const struct sst_stats *s = &run->stats;

	return run->common->stop_after != 0 &&
	       s->in - s->rejected - s->dropped >= run->common->stop_after;
}

static inline enum sst_status
take_line(struct sst_run *run, struct sst_line *line, struct sst_err *err)
{
	enum sst_reason why;
	enum sst_status status =
		sst_loop_line(run, run->frame->self, line, &why, err);

	status = sst_loop_after(run, line, status, why, err);
	return status == SST_OK && SST_UNLIKELY(has_enough(run)) ? SST_END
								 : status;
}

enum sst_status
sst_loop_take(struct sst_run *run, struct sst_line *line, struct sst_err *err)
{
	return take_line(run, line, err);
}

/* ---- waiting ---- */

/* Do what signals asked for. SST_END: stop reading. */
static enum sst_status
mind_signals(struct sst_run *run, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;
	struct sst_asked asked = sst_signals_asked();

	if (asked.report)
		sst_run_report(run, true);
	if (asked.reopen) {
		enum sst_status status = sst_output_reopen(&frame->output, err);

		if (status != SST_OK)
			return status;
	}
	if (asked.stops == 0)
		return SST_OK;
	if (frame->stop_us == 0)
		frame->stop_us = sst_monotonic_us();
	run->is_stopping = true;
	frame->output.give_up_us = frame->stop_us + run->common->grace_us;
	/* Upstream of a pipe has the signal too, and ends the pipe. */
	if (frame->source != NULL &&
		sst_source_kind(frame->source) == SST_SOURCE_PIPE &&
		asked.stops == 1 &&
		sst_monotonic_us() < frame->output.give_up_us)
		return SST_OK;
	return SST_END;
}

bool
sst_run_may_wait(struct sst_run *run)
{
	struct sst_frame *frame = run->frame;
	struct sst_asked asked = sst_signals_asked();

	if (asked.report)
		sst_run_report(run, true);
	if (asked.stops == 0)
		return true;
	if (frame->stop_us == 0)
		frame->stop_us = sst_monotonic_us();
	run->is_stopping = true;
	return asked.stops == 1 &&
	       sst_monotonic_us() < frame->stop_us + run->common->grace_us;
}

int
sst_loop_poll(struct sst_run *run, struct pollfd *fds, nfds_t n, int ms)
{
	return run->tool->wait != NULL
		       ? run->tool->wait(run->frame->self, fds, n, ms)
		       : poll(fds, n, ms);
}

enum sst_status
sst_loop_mind(struct sst_run *run, int *wait_ms, struct sst_err *err)
{
	enum sst_status status = mind_signals(run, err);

	*wait_ms = -1;
	if (status != SST_OK || run->tool->idle == NULL)
		return status;
	return run->tool->idle(run->frame->self, run, wait_ms, err);
}

/*
 * Before a read: write what waits if the read would wait, and wait for it
 * here, where signals, the tool's clock and a reader that goes away are seen.
 * SST_END: stop reading.
 */
enum sst_status
sst_loop_wait(struct sst_run *run, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;
	struct pollfd fds[2] = {
		{ sst_source_fd(frame->source), POLLIN, 0 },
		{ frame->output.fd, 0, 0 }, /* POLLERR alone */
	};
	nfds_t n = run->tool->takes_no_output ? 1 : 2;
	bool never_waits = sst_source_kind(frame->source) == SST_SOURCE_FILE ||
			   sst_source_has_more(frame->source);
	bool is_flushed = false;

	for (;;) {
		int wait_ms, ready;
		enum sst_status status = sst_loop_mind(run, &wait_ms, err);

		if (status != SST_OK)
			return status;
		if (never_waits)
			return SST_OK;
		fds[1].fd = frame->output.fd; /* SIGHUP changes it */
		if (!is_flushed) {
			ready = poll(fds, 1, 0);
			if (ready > 0)
				return SST_OK;
			status = sst_run_flush(run, err);
			if (status != SST_OK)
				return status;
			is_flushed = true;
			continue; /* flushing took time */
		}
		if (run->is_stopping && (wait_ms < 0 || wait_ms > 1000))
			wait_ms = 1000; /* the grace ends without a signal */
		ready = sst_loop_poll(run, fds, n, wait_ms);
		if (ready > 0 && n > 1 && (fds[1].revents & POLLERR) != 0) {
			frame->output.is_gone = true;
			return SST_END;
		}
		if (ready > 0 && fds[0].revents != 0)
			return SST_OK;
		is_flushed = run->out.len == 0;
	}
}

/* ---- inputs ---- */

/* Read failed: the line at hand is not whole, those before it were taken. */
enum sst_status
sst_loop_broken(struct sst_run *run, struct sst_err *err)
{
	const char *damage = sst_source_damage(run->frame->source);

	run->frame->is_broken = true;
	if (damage != NULL)
		sst_say(&run->say, SST_SAY_ERROR, "%s: %s", run->input, damage);
	else
		sst_say(&run->say, SST_SAY_ERROR, "%s: %s", run->input,
			err->text);
	err->text[0] = '\0';
	return SST_OK;
}

static enum sst_status
read_lines(struct sst_run *run, struct sst_err *err)
{
	struct sst_lines *lines = run->frame->lines;

	for (;;) {
		struct sst_line line;
		enum sst_status status = sst_lines_next(lines, &line);

		if (SST_LIKELY(status == SST_OK)) {
			status = take_line(run, &line, err);
			if (status != SST_OK)
				return status;
			continue;
		}
		if (status == SST_END)
			return SST_OK;
		status = sst_loop_wait(run, err);
		if (status != SST_OK)
			return status;
		status = sst_lines_fill(lines, err);
		if (status == SST_EIO)
			return sst_loop_broken(run, err);
		if (status != SST_OK && status != SST_AGAIN)
			return status;
	}
}

enum sst_status
sst_loop_input(struct sst_run *run, const char *name, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;
	enum sst_status status;

	run->input = name;
	do
		status = sst_source_open(&frame->source, name, err);
	while (status == SST_AGAIN && sst_signals_stops() == 0);
	if (status == SST_AGAIN)
		return SST_END; /* nobody came to write to a FIFO */
	if (status == SST_EIO) {
		frame->is_broken = true;
		sst_say(&run->say, SST_SAY_ERROR, "%s", err->text);
		err->text[0] = '\0';
		return SST_OK;
	}
	if (status != SST_OK)
		return status;
	(void)sst_pipe_enlarge(sst_source_fd(frame->source));
	status = sst_place_narrow(run, err);
	if (status == SST_OK && frame->lines == NULL)
		status = sst_lines_open(&frame->lines,
			sst_source_reader(frame->source),
			run->common->max_line + 1, err);
	if (status == SST_OK)
		sst_lines_restart(frame->lines,
			sst_source_reader(frame->source),
			sst_source_offset(frame->source));
	if (status == SST_OK && run->tool->begin != NULL)
		status = run->tool->begin(frame->self, run, err);
	if (status == SST_OK)
		status = sst_parallel_suits(run) ? sst_parallel_read(run, err)
						 : read_lines(run, err);
	sst_source_close(frame->source);
	frame->source = NULL;
	return status;
}

enum sst_status
sst_loop(struct sst_run *run, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;
	enum sst_status status = SST_OK;
	bool is_whole;

	if (run->following != NULL)
		status = sst_follow_read(run, err);
	for (size_t i = 0; run->following == NULL && i < frame->inputs.n &&
			   status == SST_OK;
		i++)
		status = sst_loop_input(run, frame->inputs.at[i], err);
	if (status != SST_OK && status != SST_END)
		return status;
	if (frame->output.is_gone && !run->tool->takes_no_output)
		return SST_OK; /* nobody is left to write to */

	/* -n is an end that was asked for, a signal on a file is not. */
	is_whole = !frame->is_broken && (status == SST_OK || has_enough(run));
	status = run->tool->end == NULL
			 ? SST_OK
			 : run->tool->end(frame->self, run, is_whole, err);
	if (status == SST_OK && run->out.is_short)
		status = sst_fail_memory(err, "output");
	if (status == SST_OK)
		status = sst_run_flush(run, err);
	return status == SST_END ? SST_OK : status;
}
