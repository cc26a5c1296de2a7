/* SPDX-License-Identifier: ISC */
/*
 * crew -- threads that do jobs side by side, handed out and taken back in one
 * order.
 *
 * The caller has a fixed number of jobs, structs of its own, and goes round
 * them: it fills the next free one, gives it to the crew, and takes back the
 * oldest when it is done. So what comes back has the order of what was given,
 * however long each took, and memory is that of the jobs. A job belongs to the
 * crew from give to take. All functions are for the one thread that opened the
 * crew; workers see no signals.
 */
#ifndef SST_OS_CREW_H
#define SST_OS_CREW_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct sst_crew;

struct sst_crew_plan {
	/* Do a job; called by the thread that `worker` is for. */
	void (*work)(void *worker, void *job);
	void *const *workers; /* one per thread */
	size_t worker_count;
	void *const *jobs; /* one per round */
	size_t job_count;
};

/* Start the threads. The arrays are borrowed until close. SST_EIO: the system
 * has no thread to give; *out is then NULL. */
enum sst_status sst_crew_open(struct sst_crew **out,
	const struct sst_crew_plan *plan, struct sst_err *err) SST_MUST_USE;

/* The next job to be filled; NULL: all are with the crew. */
void *sst_crew_next(struct sst_crew *crew);

/* Give the job that sst_crew_next() showed. */
void sst_crew_give(struct sst_crew *crew);

/* Take the oldest job back, waiting for it if `waits`. NULL: none is out, or
 * it is not done yet. */
void *sst_crew_take(struct sst_crew *crew, bool waits);

/* Waits for what is under way, and ends the threads. NULL is allowed. */
void sst_crew_close(struct sst_crew *crew);

#endif
