/* SPDX-License-Identifier: ISC */
/*
 * loop -- the inner half of the frame; private to cli/.
 */
#ifndef SST_CLI_LOOP_H
#define SST_CLI_LOOP_H

#include "cli/tool.h"

/* Read all inputs of the frame, then end the tool and flush. */
enum sst_status sst_loop(struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/*
 * Let `self` take a line, and count it: sst_tool.line() with what the frame
 * decides by itself. SST_REJECT with *why is for the caller to report; a status
 * beyond ends the run.
 */
enum sst_status sst_loop_line(struct sst_run *run, void *self,
	struct sst_line *line, enum sst_reason *why, struct sst_err *err);

/* Report a reject, write what waits when it is much. */
enum sst_status sst_loop_after(struct sst_run *run, const struct sst_line *line,
	enum sst_status status, enum sst_reason why, struct sst_err *err);

/* Before a read: mind signals, wait where the input does. SST_END: stop. */
enum sst_status sst_loop_wait(struct sst_run *run, struct sst_err *err);

/*
 * Mind signals and let the tool work; *wait_ms is when it wants to again (-1:
 * any time). SST_END: stop.
 */
enum sst_status sst_loop_mind(
	struct sst_run *run, int *wait_ms, struct sst_err *err);

/* poll(2), or the tool's own. */
int sst_loop_poll(struct sst_run *run, struct pollfd *fds, nfds_t n, int ms);

/* Read one input to its end. */
enum sst_status sst_loop_input(
	struct sst_run *run, const char *name, struct sst_err *err);

/* Take a line: count it, report it, write what waits when it is much. SST_END:
 * it was the last that was asked for (-n). */
enum sst_status sst_loop_take(
	struct sst_run *run, struct sst_line *line, struct sst_err *err);

/* A read failed: say so, exit 1 in the end, go on. */
enum sst_status sst_loop_broken(struct sst_run *run, struct sst_err *err);

/* ---- follow.c ---- */

/* The inputs are known and can be followed: SST_EUSAGE where not. */
enum sst_status sst_follow_check(
	const struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/* Follow all inputs until a signal. As sst_loop_input(). */
enum sst_status sst_follow_read(
	struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/* ---- place.c ---- */

/*
 * Of the input at hand only the part is read that can hold the times asked for
 * (sst_tool.range()): of a plain file, found by halving it. What lies outside
 * is counted as bytes_unread.
 */
enum sst_status sst_place_narrow(
	struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/* ---- parallel.c ---- */

struct sst_parallel_run;

/* Is the input at hand one for several threads? */
bool sst_parallel_suits(const struct sst_run *run);

/* Read the input at hand by several threads. As the loop of one. */
enum sst_status sst_parallel_read(
	struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/* End the threads. */
void sst_parallel_close(struct sst_run *run);

/* Print --stats to stderr; `now`: because SIGUSR1 asked. */
void sst_run_report(struct sst_run *run, bool now);

#endif
