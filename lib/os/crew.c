/* SPDX-License-Identifier: ISC */
#include "os/crew.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct member {
	struct sst_crew *crew;
	void *worker;
	pthread_t thread;
};

/*
 * Jobs are numbered as they are given; number n is jobs[n % job_count]. Those
 * below `taken` came back, those below `begun` have a worker, those below
 * `given` were handed out.
 */
struct sst_crew {
	struct sst_crew_plan plan;
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_result;
	size_t taken, begun, given;
	bool is_closing;
	bool *is_done; /* by job */
	size_t member_count;
	struct member members[];
};

/* A job of the crew, or NULL when it is to end. Called with the lock. */
static void *
wait_for_work(struct sst_crew *crew, size_t *at)
{
	while (crew->begun == crew->given && !crew->is_closing)
		(void)pthread_cond_wait(&crew->has_work, &crew->lock);
	if (crew->begun == crew->given)
		return NULL;
	*at = crew->begun++ % crew->plan.job_count;
	return crew->plan.jobs[*at];
}

static void *
serve(void *arg)
{
	struct member *member = arg;
	struct sst_crew *crew = member->crew;
	size_t at;
	void *job;

	(void)pthread_mutex_lock(&crew->lock);
	while ((job = wait_for_work(crew, &at)) != NULL) {
		(void)pthread_mutex_unlock(&crew->lock);
		crew->plan.work(member->worker, job);
		(void)pthread_mutex_lock(&crew->lock);
		crew->is_done[at] = true;
		(void)pthread_cond_signal(&crew->has_result);
	}
	(void)pthread_mutex_unlock(&crew->lock);
	return NULL;
}

/* A thread has the signal mask of who makes it: all is blocked meanwhile. */
static int
start(struct sst_crew *crew)
{
	sigset_t all, before;
	int failed = 0;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < crew->plan.worker_count && failed == 0; i++) {
		struct member *member = &crew->members[i];

		*member = (struct member){ .crew = crew,
			.worker = crew->plan.workers[i] };
		failed = pthread_create(&member->thread, NULL, serve, member);
		crew->member_count += failed == 0;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

enum sst_status
sst_crew_open(struct sst_crew **out, const struct sst_crew_plan *plan,
	struct sst_err *err)
{
	struct sst_crew *crew = calloc(1,
		sizeof(*crew) + plan->worker_count * sizeof(crew->members[0]));
	int failed;

	*out = NULL;
	if (crew == NULL)
		return sst_fail_memory(err, "threads");
	crew->plan = *plan;
	crew->is_done = calloc(plan->job_count, sizeof(crew->is_done[0]));
	if (crew->is_done == NULL) {
		free(crew);
		return sst_fail_memory(err, "threads");
	}
	(void)pthread_mutex_init(&crew->lock, NULL);
	(void)pthread_cond_init(&crew->has_work, NULL);
	(void)pthread_cond_init(&crew->has_result, NULL);
	failed = start(crew);
	if (failed != 0) {
		sst_crew_close(crew);
		return sst_fail(err, SST_EIO, "cannot start %zu threads: %s",
			plan->worker_count, strerror(failed));
	}
	*out = crew;
	return SST_OK;
}

void *
sst_crew_next(struct sst_crew *crew)
{
	/* Only this thread writes these two. */
	if (crew->given - crew->taken == crew->plan.job_count)
		return NULL;
	return crew->plan.jobs[crew->given % crew->plan.job_count];
}

void
sst_crew_give(struct sst_crew *crew)
{
	assert(crew->given - crew->taken < crew->plan.job_count);
	(void)pthread_mutex_lock(&crew->lock);
	crew->is_done[crew->given % crew->plan.job_count] = false;
	crew->given++;
	(void)pthread_cond_signal(&crew->has_work);
	(void)pthread_mutex_unlock(&crew->lock);
}

void *
sst_crew_take(struct sst_crew *crew, bool waits)
{
	size_t at = crew->taken % crew->plan.job_count;
	bool is_done;

	if (crew->taken == crew->given)
		return NULL;
	(void)pthread_mutex_lock(&crew->lock);
	while (waits && !crew->is_done[at])
		(void)pthread_cond_wait(&crew->has_result, &crew->lock);
	is_done = crew->is_done[at];
	(void)pthread_mutex_unlock(&crew->lock);
	if (!is_done)
		return NULL;
	crew->taken++;
	return crew->plan.jobs[at];
}

void
sst_crew_close(struct sst_crew *crew)
{
	if (crew == NULL)
		return;
	(void)pthread_mutex_lock(&crew->lock);
	crew->is_closing = true;
	(void)pthread_cond_broadcast(&crew->has_work);
	(void)pthread_mutex_unlock(&crew->lock);
	for (size_t i = 0; i < crew->member_count; i++)
		(void)pthread_join(crew->members[i].thread, NULL);
	(void)pthread_cond_destroy(&crew->has_result);
	(void)pthread_cond_destroy(&crew->has_work);
	(void)pthread_mutex_destroy(&crew->lock);
	free(crew->is_done);
	free(crew);
}
