/* SPDX-License-Identifier: ISC */
/*
 * What stands beside a log because a rotation put it there: "access.log.1",
 * "access.log-20261123". Two things are looked for. A copy that was made before
 * the log was truncated has the lines that were written after the last read.
 * And a log that is rotated twice between two looks has a generation that its
 * path named only in between. All others were there before, are read already,
 * or are open.
 */
#include "input/follow_parts.h"

#include "input/chain.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A log with more rotations keeps years of them uncompressed. */
#define KIN_MAX 1024

struct kin {
	int fd;                 /* -1: taken by a generation */
	struct sst_known place; /* its end */
	struct timespec changed;
	int64_t order; /* of those that were changed at once */
};

struct kinship {
	struct kin *at;
	size_t n, room;
};

/* Is that the name of a rotation of the log, not compressed? */
static bool
is_kin(struct sst_span log, struct sst_span name)
{
	struct sst_span chain = sst_chain_of(name);

	/* Compressed: more than a number is cut off. */
	return name.len > log.len && sst_span_eq(chain, log) &&
	       name.at[name.len - 1] >= '0' && name.at[name.len - 1] <= '9' &&
	       !sst_span_ends(name, (struct sst_span)SST_SPAN(".bz2"));
}

/* By the number that the name ends in: counted from the newest (".1"), or a
 * date, which has eight digits at least. It says what times of files, which
 * are coarse, do not; alone it would not do, since names change meanwhile. */
static int64_t
order_of(const char *name)
{
	size_t end = strlen(name), at = end;
	uint64_t number = 0;

	while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
		at--;
	for (size_t i = at; i < end && i < at + 18; i++)
		number = number * 10 + (uint64_t)(name[i] - '0');
	return end - at >= 8 ? (int64_t)number : -(int64_t)number;
}

/* Open a file of the folder, when it is one that can be read. */
static bool
look_at(int folder, const char *name, struct kin *out)
{
	struct stat st;

	out->fd = openat(folder, name,
		O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (out->fd == -1)
		return false;
	if (fstat(out->fd, &st) == -1 || !S_ISREG(st.st_mode) ||
		!sst_file_id_of(out->fd, &out->place.id)) {
		(void)close(out->fd);
		return false;
	}
	out->place.at = (uint64_t)st.st_size;
	out->place.number = 0;
	out->changed = st.st_mtim;
	out->order = order_of(name);
	return true;
}

static bool
add(struct kinship *all, const struct kin *kin)
{
	if (all->n == all->room) {
		size_t room = all->room * 2 + 16;
		struct kin *larger =
			realloc(all->at, room * sizeof(all->at[0]));

		if (larger == NULL)
			return false;
		all->at = larger;
		all->room = room;
	}
	all->at[all->n++] = *kin;
	return true;
}

static int
by_order(const void *a, const void *b)
{
	const struct kin *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec < y->changed.tv_sec ? -1 : 1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec < y->changed.tv_nsec ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* All of them, the oldest first. A folder that cannot be read has none. */
static bool
gather(const struct sst_log *log, struct kinship *all)
{
	const char *slash = strrchr(log->path, '/');
	const char *base = slash == NULL ? log->path : slash + 1;
	char *folder = slash == NULL
			       ? strdup(".")
			       : strndup(log->path, (size_t)(base - log->path));
	DIR *dir = folder == NULL ? NULL : opendir(folder);
	struct dirent *entry;
	bool is_good = folder != NULL;
	struct kin kin;

	while (is_good && dir != NULL && all->n < KIN_MAX &&
		(entry = readdir(dir)) != NULL)
		if (is_kin(sst_span_of(base), sst_span_of(entry->d_name)) &&
			look_at(dirfd(dir), entry->d_name, &kin)) {
			is_good = add(all, &kin);
			if (!is_good)
				(void)close(kin.fd);
		}
	if (dir != NULL)
		(void)closedir(dir);
	free(folder);
	if (all->n > 0)
		qsort(all->at, all->n, sizeof(all->at[0]), by_order);
	return is_good;
}

static void
let_go(struct kinship *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].fd != -1)
			(void)close(all->at[i].fd);
	free(all->at);
}

/* What a file is to the generations of its log. */
enum relation {
	STRANGER,
	COPY_OF_ENDED, /* of what was read, and is in no other file any more */
	COPY_OF_OPEN   /* of a file that is there; it may still be written */
};

static enum relation
relation_of(const struct sst_log *log, const struct kin *kin)
{
	enum relation found = kin->place.at == 0 ? COPY_OF_OPEN : STRANGER;

	for (size_t i = 0; i < log->n && found != COPY_OF_OPEN; i++) {
		const struct sst_generation *g = log->generations[i];
		bool has_head = g->head_len > 0 &&
				sst_generation_has_head_of(kin->fd, g);

		if (g->fd == -1 && has_head)
			found = COPY_OF_ENDED;
		else if (g->fd != -1 &&
			 (has_head || sst_generation_begins_as(g, kin->fd)))
			found = COPY_OF_OPEN;
	}
	return found;
}

void
sst_kin_remember(struct sst_follow *f, const struct sst_log *log)
{
	struct kinship all = { .n = 0 };

	/* What cannot be remembered is read once too often, if ever. */
	(void)gather(log, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct sst_known unread = { .id = all.at[i].place.id };

		if (sst_follow_find_known(f, &unread.id) == NULL &&
			relation_of(log, &all.at[i]) == STRANGER)
			sst_follow_remember(f, &unread);
	}
	let_go(&all);
}

/* Which generation it is; log->n: none. */
static size_t
index_of(const struct sst_log *log, const struct kin *kin)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->generations[i]->fd != -1 &&
			sst_file_id_eq(
				&log->generations[i]->id, &kin->place.id))
			return i;
	return log->n;
}

/* Where files belong that are older than all that are here: generations that
 * are not, deleted ones, are older still. */
static size_t
first_place(const struct sst_log *log, const struct kinship *all)
{
	size_t first = log->n;

	for (size_t i = log->n; i > 0; i--)
		if (log->generations[i - 1]->is_named)
			first = i - 1;
	for (size_t k = 0; k < all->n; k++)
		if (index_of(log, &all->at[k]) < first)
			first = index_of(log, &all->at[k]);
	return first;
}

/* A search: what is looked for, and where what is found belongs. */
struct search {
	struct sst_follow *f;
	struct sst_log *log;
	size_t truncated; /* which generation; log->n and more: none */
	size_t place;
	int64_t now_us;
};

/* Does it go on where the truncated generation was read to? */
static bool
is_rest(const struct search *s, int fd)
{
	const struct sst_generation *g;

	if (s->truncated >= s->log->n)
		return false;
	g = s->log->generations[s->truncated];
	return g->fd == -1 && g->head_len > 0 &&
	       sst_generation_has_place_of(fd, g);
}

/* One that nobody knows. */
static enum sst_status
welcome(struct search *s, struct kin *kin)
{
	struct sst_known begin = { .id = kin->place.id };
	struct sst_generation *g;
	enum relation relation;

	if (is_rest(s, kin->fd)) {
		g = s->log->generations[s->truncated];
		g->fd = kin->fd;
		g->id = kin->place.id;
		kin->fd = -1;
		s->place = s->truncated + 1;
		return SST_OK;
	}
	relation = relation_of(s->log, kin);
	if (relation == COPY_OF_ENDED)
		sst_follow_remember(s->f, &kin->place);
	if (relation != STRANGER)
		return SST_OK;
	g = sst_generation_open(kin->fd, s->f->plan.max_line, &begin);
	if (g == NULL)
		return SST_ENOMEM;
	kin->fd = -1;
	g->quiet_since_us = s->now_us;
	if (!sst_log_insert(s->log, s->place, g)) {
		sst_generation_close(g);
		return SST_ENOMEM;
	}
	s->truncated += s->place <= s->truncated;
	s->place++;
	return SST_OK;
}

enum sst_status
sst_kin_find(struct sst_follow *f, struct sst_log *log, size_t truncated,
	int64_t now_us, struct sst_err *err)
{
	struct kinship all = { .n = 0 };
	struct search s = { f, log, truncated, 0, now_us };
	enum sst_status status = SST_OK;

	if (!log->is_live)
		return SST_OK;
	if (!gather(log, &all))
		status = SST_ENOMEM;
	s.place = first_place(log, &all);
	for (size_t i = 0; i < all.n && status == SST_OK; i++) {
		struct kin *kin = &all.at[i];
		const struct sst_file_id *id = &kin->place.id;

		if (index_of(log, kin) < log->n)
			s.place = index_of(log, kin) + 1;
		else if (!sst_follow_has_open(f, id->device, id->inode) &&
			 sst_follow_find_known(f, id) == NULL)
			status = welcome(&s, kin);
	}
	let_go(&all);
	return status == SST_OK ? SST_OK
				: sst_fail_memory(err, "files of a log");
}
