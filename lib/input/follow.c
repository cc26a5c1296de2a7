/* SPDX-License-Identifier: ISC */
/* Whose turn it is to be read, and what becomes of it. */
#include "input/follow.h"

#include "input/chain.h"
#include "input/follow_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- reading ---- */

enum sst_status
sst_log_begin_anew(struct sst_follow *f, struct sst_log *log, size_t i,
	int64_t now_us, struct sst_err *err)
{
	struct sst_generation *old = log->generations[i], *fresh;
	const struct sst_known place = { .id = old->id };

	log->truncations++;
	sst_log_tell(log, SST_FOLLOW_TRUNCATED, 0);
	log->told &= ~(1U << SST_FOLLOW_TRUNCATED); /* each time */
	fresh = sst_generation_open(old->fd, f->plan.max_line, &place);
	if (fresh == NULL)
		return sst_fail_memory(err, "files to follow");
	fresh->is_named = old->is_named;
	fresh->was_empty = true;
	fresh->quiet_since_us = now_us;
	old->fd = -1;
	old->is_named = false;
	old->is_ending = true;
	if (!sst_log_insert(log, i + 1, fresh)) {
		sst_generation_close(fresh);
		return sst_fail_memory(err, "files to follow");
	}
	return sst_kin_find(f, log, i, now_us, err);
}

/* The first bytes are those of a compressed file. */
static void
pass_by(struct sst_follow *f, struct sst_log *log, size_t i)
{
	struct sst_generation *g = log->generations[i];
	struct stat st;

	if (g->is_named && fstat(g->fd, &st) == 0)
		sst_log_refuse(log, &st,
			g->is_initial ? SST_FOLLOW_ARCHIVE
				      : SST_FOLLOW_PASSED_BY);
	sst_log_drop(f, log, i);
}

/*
 * The oldest generation that may have news. Newer ones are asked first: what a
 * server wrote to an older one before it turned to a newer is then there.
 */
static size_t
oldest_with_news(const struct sst_log *log)
{
	size_t found = log->n;

	for (size_t i = log->n; i > 0; i--)
		if (sst_generation_may_have_news(log->generations[i - 1]))
			found = i - 1;
	return found;
}

/*
 * The log's turn. SST_AGAIN: it has nothing. A file that was empty at the last
 * look may have been filled, copied and truncated since, which nothing in it
 * shows: its copy is looked for, now that its begin is known.
 */
static enum sst_status
visit(struct sst_follow *f, struct sst_log *log, int64_t now_us,
	struct sst_slice *lines, struct sst_err *err)
{
	size_t i;

	while ((i = oldest_with_news(log)) < log->n) {
		struct sst_generation *g = log->generations[i];
		enum sst_status status;
		enum sst_news news;

		if (g->was_empty && g->is_named && sst_generation_peek(g)) {
			g->was_empty = false;
			status = sst_kin_find(f, log, SIZE_MAX, now_us, err);
			if (status != SST_OK)
				return status;
			continue;
		}
		status = sst_generation_read(g, f->buffer, &news, lines, err);
		if (status == SST_OK && news == SST_NEWS_TRUNCATED)
			status = sst_log_begin_anew(f, log, i, now_us, err);
		if (status != SST_OK)
			return status;
		switch (news) {
		case SST_NEWS_LINES:
			g->quiet_since_us = now_us;
			return SST_OK;
		case SST_NEWS_ENDED:
			sst_log_drop(f, log, i);
			break;
		case SST_NEWS_PACKED:
			pass_by(f, log, i);
			break;
		case SST_NEWS_FAILED:
			sst_log_tell(log, SST_FOLLOW_UNREADABLE, errno);
			return SST_AGAIN;
		case SST_NEWS_TRUNCATED:
			return SST_AGAIN; /* it is told first */
		case SST_NEWS_NONE:
			g->was_empty = g->at == 0;
			break;
		}
	}
	return SST_AGAIN;
}

/* Of files that are one rotated log the older ones, which stand first, are read
 * to their ends before the others begin. */
static bool
must_wait(const struct sst_follow *f, size_t i)
{
	const struct sst_log *log = f->logs[i];
	struct sst_span chain;

	if (log->has_caught_up || !log->was_there)
		return false;
	chain = sst_chain_of(sst_span_of(log->path));
	for (size_t k = 0; k < i; k++)
		if (f->logs[k]->was_there && !f->logs[k]->has_caught_up &&
			sst_span_eq(sst_chain_of(sst_span_of(f->logs[k]->path)),
				chain))
			return true;
	return false;
}

/* ---- telling ---- */

static const char *
why_of(const struct sst_log *log, enum sst_follow_what what)
{
	if (what == SST_FOLLOW_UNFIT)
		return "not a regular file";
	return what == SST_FOLLOW_UNREADABLE ? strerror(log->failure) : "";
}

static bool
has_to_tell(struct sst_log *log, struct sst_followed *out)
{
	for (int what = SST_FOLLOW_LINES; what <= SST_FOLLOW_UNFIT; what++) {
		if ((log->tell & 1U << what) == 0)
			continue;
		log->tell &= ~(1U << what);
		*out = (struct sst_followed){
			.what = (enum sst_follow_what)what,
			.path = log->path,
			.log = log->number,
			.times = log->truncations,
			.why = why_of(log, (enum sst_follow_what)what)
		};
		return true;
	}
	return false;
}

static bool
is_told(struct sst_follow *f, struct sst_followed *out)
{
	for (size_t i = 0; i < f->n; i++)
		if (has_to_tell(f->logs[i], out))
			return true;
	if (!f->is_full || f->is_full_told)
		return false;
	f->is_full_told = true;
	*out = (struct sst_followed){ .what = SST_FOLLOW_UNREADABLE,
		.path = f->logs[f->n - 1]->path,
		.log = f->logs[f->n - 1]->number,
		.why = "1024 files are followed, not one more" };
	return true;
}

/* ---- the whole ---- */

/* A glob, unless it is the very name of a file. */
static bool
is_glob(const char *name)
{
	struct stat st;

	return strpbrk(name, "*?[") != NULL && lstat(name, &st) == -1;
}

enum sst_status
sst_follow_open(struct sst_follow **out, const struct sst_follow_plan *plan,
	struct sst_err *err)
{
	struct sst_follow *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return sst_fail_memory(err, "logs to follow");
	f->plan = *plan;
	f->is_glob = calloc(plan->n + 1, sizeof(f->is_glob[0]));
	f->buffer = calloc(
		1, SST_TAIL + plan->max_line + SST_FOLLOW_CHUNK + SST_PAD);
	if (f->is_glob == NULL || f->buffer == NULL) {
		sst_follow_close(f);
		return sst_fail_memory(err, "logs to follow");
	}
	for (size_t i = 0; i < plan->n; i++)
		f->is_glob[i] = is_glob(plan->names[i]);
	*out = f;
	return SST_OK;
}

/* One round. *again: somebody waited for a log that has been read out now. */
static enum sst_status
go_round(struct sst_follow *f, int64_t now_us, struct sst_followed *out,
	bool *again, struct sst_err *err)
{
	bool somebody_waits = false;

	*again = false;
	for (size_t k = 0; k < f->n; k++) {
		size_t i = (f->turn + k) % f->n;
		struct sst_log *log = f->logs[i];
		enum sst_status status;

		if (must_wait(f, i)) {
			somebody_waits = true;
			continue;
		}
		*out = (struct sst_followed){ .what = SST_FOLLOW_LINES,
			.path = log->path,
			.log = log->number };
		status = visit(f, log, now_us, &out->lines, err);
		if (status != SST_AGAIN) {
			f->turn = i + 1;
			return status;
		}
		if (has_to_tell(log, out))
			return SST_OK;
		*again |= somebody_waits && !log->has_caught_up;
		log->has_caught_up = true;
	}
	return SST_AGAIN;
}

enum sst_status
sst_follow_next(struct sst_follow *f, int64_t now_us, struct sst_followed *out,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;
	bool again;

	if (!f->has_looked || now_us >= f->look_at_us)
		status = sst_follow_look(f, now_us, err);
	if (status != SST_OK)
		return status;
	if (is_told(f, out))
		return SST_OK;
	do
		status = go_round(f, now_us, out, &again, err);
	while (status == SST_AGAIN && again);
	return status;
}

void
sst_follow_close(struct sst_follow *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		sst_log_close(f->logs[i]);
	free(f->logs);
	free(f->known);
	free(f->is_glob);
	free(f->buffer);
	free(f);
}
