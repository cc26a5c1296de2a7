/* SPDX-License-Identifier: ISC */
/* Jobs done side by side come back in their order. */
#include "os/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	WORKERS = 4,
	JOBS = 7,
	ROUNDS = 5000
};

struct job {
	unsigned number, effort;
	uint64_t result;
};

struct worker {
	unsigned done;
};

/* What a job comes to takes as long as its effort. */
static uint64_t
result_of(unsigned number, unsigned effort)
{
	uint64_t x = number + 1;

	for (unsigned i = 0; i < effort; i++)
		x = x * 6364136223846793005U + 1442695040888963407U;
	return x;
}

static void
work(void *worker, void *job)
{
	struct worker *w = worker;
	struct job *j = job;

	j->result = result_of(j->number, j->effort);
	w->done++;
}

/* Give ROUNDS jobs of uneven effort to so many workers, with so many jobs out
 * at most, and see them come back one by one. */
static void
run(size_t worker_count, size_t job_count)
{
	struct worker workers[WORKERS] = { { 0 } };
	struct job jobs[JOBS];
	void *worker_list[WORKERS], *job_list[JOBS];
	struct sst_crew_plan plan = { work, worker_list, worker_count, job_list,
		job_count };
	struct sst_crew *crew;
	struct sst_err err = { 0 };
	unsigned given = 0, taken = 0, done = 0;

	for (size_t i = 0; i < WORKERS; i++)
		worker_list[i] = &workers[i];
	for (size_t i = 0; i < JOBS; i++)
		job_list[i] = &jobs[i];
	assert_int_equal(sst_crew_open(&crew, &plan, &err), SST_OK);
	assert_null(sst_crew_take(crew, true)); /* none is out */
	while (taken < ROUNDS) {
		struct job *job = given < ROUNDS ? sst_crew_next(crew) : NULL;
		bool must_wait = job == NULL;

		if (job != NULL) {
			job->number = given;
			job->effort = given * 7919 % 2000;
			sst_crew_give(crew);
			given++;
		}
		while ((job = sst_crew_take(crew, must_wait)) != NULL) {
			assert_int_equal(job->number, taken);
			assert_true(job->result ==
				    result_of(job->number, job->effort));
			taken++;
			must_wait = false;
		}
		assert_true(given - taken <= job_count);
	}
	sst_crew_close(crew);
	for (size_t i = 0; i < WORKERS; i++)
		done += workers[i].done;
	assert_int_equal(done, ROUNDS);
}

static void
jobs_come_back_in_the_order_given(void **state)
{
	(void)state;
	for (size_t workers = 1; workers <= WORKERS; workers++)
		for (size_t jobs = 1; jobs <= JOBS; jobs += 3)
			run(workers, jobs);
}

static void
closing_waits_for_what_is_under_way(void **state)
{
	struct worker worker = { 0 };
	struct job job = { .effort = 3000000 };
	void *workers[] = { &worker }, *jobs[] = { &job };
	struct sst_crew_plan plan = { work, workers, 1, jobs, 1 };
	struct sst_crew *crew;
	struct sst_err err = { 0 };

	(void)state;
	assert_int_equal(sst_crew_open(&crew, &plan, &err), SST_OK);
	assert_ptr_equal(sst_crew_next(crew), &job);
	sst_crew_give(crew);
	assert_null(sst_crew_next(crew));
	sst_crew_close(crew);
	assert_int_equal(worker.done, 1);
	sst_crew_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_come_back_in_the_order_given),
		cmocka_unit_test(closing_waits_for_what_is_under_way),
	};

	return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
