/* SPDX-License-Identifier: ISC */
/* What is kept of logs: generations that are open, files that are known, and
 * what is to be told. */
#include "input/follow_parts.h"

#include <stdlib.h>
#include <string.h>

/*
 * A file that the path does not name any more is closed when nothing was
 * written to it for so long: longer than a graceful restart lets the last
 * requests run (Apache's Timeout was 300 s, nginx's are 60 s). Nor are more
 * than so many kept: each is a descriptor, and disk space when it was deleted.
 */
#define QUIET_US (INT64_C(300) * 1000000)
#define OLD_MAX 8

/* Some 160 KiB. What is forgotten and comes back is read once more. */
#define KNOWN_MAX 4096

bool
sst_follow_has_open(const struct sst_follow *f, uint64_t device, uint64_t inode)
{
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->logs[i]->n; k++) {
			const struct sst_generation *g =
				f->logs[i]->generations[k];

			if (g->fd != -1 && g->id.inode == inode &&
				g->id.device == device)
				return true;
		}
	return false;
}

/* Make room at the end: known[i] goes. */
static struct sst_known *
move_last(struct sst_follow *f, size_t i)
{
	struct sst_known known = f->known[i];

	memmove(&f->known[i], &f->known[i + 1],
		(f->known_n - i - 1) * sizeof(known));
	f->known[f->known_n - 1] = known;
	return &f->known[f->known_n - 1];
}

struct sst_known *
sst_follow_find_known(struct sst_follow *f, const struct sst_file_id *id)
{
	for (size_t i = f->known_n; i > 0; i--)
		if (sst_file_id_eq(&f->known[i - 1].id, id))
			return move_last(f, i - 1);
	return NULL;
}

void
sst_follow_remember(struct sst_follow *f, const struct sst_known *known)
{
	struct sst_known *old = sst_follow_find_known(f, &known->id);

	if (old == NULL && f->known_n == KNOWN_MAX) {
		old = move_last(f, 0);
	} else if (old == NULL && f->known_n == f->known_room) {
		size_t room = f->known_room * 2 + 32;
		struct sst_known *larger =
			realloc(f->known, room * sizeof(f->known[0]));

		if (larger == NULL)
			return;
		f->known = larger;
		f->known_room = room;
	}
	if (old == NULL)
		old = &f->known[f->known_n++];
	*old = *known;
}

/* ---- generations ---- */

bool
sst_log_insert(struct sst_log *log, size_t i, struct sst_generation *g)
{
	if (log->n == log->room) {
		size_t room = log->room * 2 + 2;
		struct sst_generation **larger = realloc(
			log->generations, room * sizeof(log->generations[0]));

		if (larger == NULL)
			return false;
		log->generations = larger;
		log->room = room;
	}
	memmove(&log->generations[i + 1], &log->generations[i],
		(log->n - i) * sizeof(log->generations[0]));
	log->generations[i] = g;
	log->n++;
	return true;
}

void
sst_log_forget_ended(struct sst_log *log, size_t i)
{
	sst_generation_close(log->ended[i]);
	log->ended_n--;
	memmove(&log->ended[i], &log->ended[i + 1],
		(log->ended_n - i) * sizeof(log->ended[0]));
}

void
sst_log_drop(struct sst_follow *f, struct sst_log *log, size_t i)
{
	struct sst_generation *g = log->generations[i];
	const struct sst_known end = { g->id, g->at, g->slicer.number };

	log->n--;
	memmove(&log->generations[i], &log->generations[i + 1],
		(log->n - i) * sizeof(log->generations[0]));
	if (g->fd != -1)
		sst_follow_remember(f, &end);
	if (g->fd != -1 || g->head_len == 0) { /* no copy would be told by it */
		sst_generation_close(g);
		return;
	}
	if (log->ended_n == SST_ENDED_MAX)
		sst_log_forget_ended(log, 0);
	log->ended[log->ended_n++] = g;
}

void
sst_log_tell(struct sst_log *log, enum sst_follow_what what, int failure)
{
	unsigned bit = 1U << what;

	if ((log->told & bit) != 0 && log->failure == failure)
		return;
	log->tell |= bit;
	log->told |= bit;
	log->failure = failure;
}

void
sst_log_retire(struct sst_log *log, int64_t now_us)
{
	size_t old = 0;

	for (size_t i = log->n; i > 0; i--) {
		struct sst_generation *g = log->generations[i - 1];

		if (g->is_named)
			g->quiet_since_us = now_us;
		g->is_named = false;
		if (++old > OLD_MAX)
			g->is_ending = true;
	}
}

void
sst_log_let_old_ones_end(struct sst_log *log, int64_t now_us)
{
	for (size_t i = 0; i < log->n; i++) {
		struct sst_generation *g = log->generations[i];

		if (!g->is_named && now_us - g->quiet_since_us >= QUIET_US)
			g->is_ending = true;
	}
}

void
sst_log_refuse(
	struct sst_log *log, const struct stat *st, enum sst_follow_what what)
{
	log->refused = *st;
	sst_log_tell(log, what, 0);
}

void
sst_log_close(struct sst_log *log)
{
	for (size_t i = 0; i < log->n; i++)
		sst_generation_close(log->generations[i]);
	while (log->ended_n > 0)
		sst_log_forget_ended(log, log->ended_n - 1);
	free(log->generations);
	free(log->path);
	free(log);
}
