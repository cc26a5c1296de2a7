/* SPDX-License-Identifier: ISC */
/* Looking: which logs there are, and which file each path names. */
#include "input/follow_parts.h"

#include "input/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* While lines flow paths are looked at so often, too. */
#define LOOK_US (INT64_C(25) * 1000)

/* A new file of a glob is not in a hurry: it is read from its beginning. */
#define GLOB_US INT64_C(1000000)

/* ---- one path ---- */

/* Was it there when following began? */
static bool
is_initial(const struct sst_log *log)
{
	return log->was_there && !log->has_started;
}

/* Is it the file that was refused, and nothing has happened to it? */
static bool
is_refused(const struct sst_log *log, const struct stat *st)
{
	const struct stat *refused = &log->refused;

	return refused->st_ino == st->st_ino && refused->st_dev == st->st_dev &&
	       refused->st_ctim.tv_sec == st->st_ctim.tv_sec &&
	       refused->st_ctim.tv_nsec == st->st_ctim.tv_nsec;
}

/* Where to begin in a file that the path names. */
static struct sst_known
begin_of(struct sst_follow *f, const struct sst_log *log, int fd,
	const struct sst_file_id *id, const struct stat *st)
{
	struct sst_known begin = { .id = *id };
	const struct sst_known *known = NULL;

	if (!is_initial(log))
		known = sst_follow_find_known(f, id);
	/* Without a time of birth it may be another with the same inode. */
	if (known != NULL && id->born_us != 0 &&
		known->at <= (uint64_t)st->st_size)
		return *known;
	if (is_initial(log) && f->plan.from_end)
		begin.at = sst_last_line_of(
			fd, (uint64_t)st->st_size, f->plan.max_line);
	return begin;
}

/* The path names a file that nobody reads: begin. The descriptor is taken
 * over. */
static enum sst_status
begin_in(struct sst_follow *f, struct sst_log *log, int fd,
	const struct stat *st, struct sst_err *err)
{
	struct sst_known place;
	struct sst_file_id id;
	struct sst_generation *g;

	if (!sst_file_id_of(fd, &id)) {
		sst_log_tell(log, SST_FOLLOW_UNREADABLE, errno);
		(void)close(fd);
		return SST_OK;
	}
	place = begin_of(f, log, fd, &id, st);
	g = sst_generation_open(fd, f->plan.max_line, &place);
	if (g == NULL || !sst_log_insert(log, log->n, g)) {
		if (g == NULL)
			(void)close(fd);
		sst_generation_close(g);
		return sst_fail_memory(err, "files to follow");
	}
	g->is_named = true;
	g->is_initial = is_initial(log);
	log->told = 0; /* may be told again */
	if (!g->is_initial)
		sst_log_tell(log, SST_FOLLOW_FOUND, 0);
	return SST_OK;
}

static enum sst_status
open_named(struct sst_follow *f, struct sst_log *log, int64_t now_us,
	struct sst_err *err)
{
	int fd = open(log->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum sst_status status;
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		if (errno != ENOENT && errno != EINTR) /* gone again */
			sst_log_tell(log, SST_FOLLOW_UNREADABLE, errno);
		if (fd != -1)
			(void)close(fd);
		return SST_OK;
	}
	if (!S_ISREG(st.st_mode)) {
		log->refused = st;
		if (!log->is_globbed)
			sst_log_tell(log, SST_FOLLOW_UNFIT, 0);
		(void)close(fd);
		return SST_OK;
	}
	if (sst_follow_has_open(f, (uint64_t)st.st_dev, (uint64_t)st.st_ino)) {
		(void)close(fd); /* by another name; or just now */
		return SST_OK;
	}
	status = begin_in(f, log, fd, &st, err);
	if (status == SST_OK && log->has_started && log->n > 0)
		status = sst_kin_find(f, log, SIZE_MAX, now_us, err);
	return status;
}

static bool
is_file(const struct sst_generation *g, const struct stat *st)
{
	return g->fd != -1 && g->id.inode == (uint64_t)st->st_ino &&
	       g->id.device == (uint64_t)st->st_dev;
}

/* What was truncated is told apart before copies are looked for. */
static enum sst_status
find_truncated(struct sst_follow *f, struct sst_log *log, int64_t now_us,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = log->n; i > 0 && status == SST_OK; i--)
		if (sst_generation_is_cut(log->generations[i - 1]))
			status = sst_log_begin_anew(f, log, i - 1, now_us, err);
	return status;
}

/* Which file does the path name? */
static enum sst_status
look_at(struct sst_follow *f, struct sst_log *log, int64_t now_us,
	struct sst_err *err)
{
	enum sst_status status;
	struct stat st;

	sst_log_let_old_ones_end(log, now_us);
	if (stat(log->path, &st) == -1) {
		if (errno != ENOENT && errno != ENOTDIR) {
			sst_log_tell(log, SST_FOLLOW_UNREADABLE, errno);
			return SST_OK;
		}
		sst_log_retire(log, now_us);
		log->refused = (struct stat){ .st_ino = 0 };
		if (!log->has_started && !log->is_globbed)
			sst_log_tell(log, SST_FOLLOW_MISSING, 0);
		return SST_OK;
	}
	if (is_refused(log, &st))
		return SST_OK;
	for (size_t i = 0; i < log->n; i++)
		if (is_file(log->generations[i], &st)) {
			if (!log->generations[i]->is_named)
				sst_log_retire(log, now_us);
			log->generations[i]->is_named = true;
			return SST_OK;
		}
	sst_log_retire(log, now_us);
	if (sst_follow_has_open(f, (uint64_t)st.st_dev, (uint64_t)st.st_ino))
		return SST_OK; /* whoever reads it goes on doing so */
	status = find_truncated(f, log, now_us, err);
	return status == SST_OK ? open_named(f, log, now_us, err) : status;
}

/* ---- the list of logs ---- */

static bool
has_log(const struct sst_follow *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->logs[i]->path, path) == 0)
			return true;
	return false;
}

static bool
grow(struct sst_follow *f)
{
	size_t room = f->room * 2 + 8;
	struct sst_log **larger;

	if (f->n < f->room)
		return true;
	larger = realloc(f->logs, room * sizeof(f->logs[0]));
	if (larger == NULL)
		return false;
	f->logs = larger;
	f->room = room;
	return true;
}

static enum sst_status
add_log(struct sst_follow *f, const char *path, bool is_globbed,
	struct sst_err *err)
{
	const char *slash = strrchr(path, '/');
	struct sst_span base = sst_span_of(slash == NULL ? path : slash + 1);
	struct sst_log *log;

	if (has_log(f, path))
		return SST_OK;
	if (f->n >= SST_FOLLOW_LOGS_MAX) {
		f->is_full = true;
		return SST_OK;
	}
	log = calloc(1, sizeof(*log));
	if (log != NULL)
		log->path = strdup(path);
	if (log == NULL || log->path == NULL || !grow(f)) {
		if (log != NULL)
			free(log->path);
		free(log);
		return sst_fail_memory(err, "logs to follow");
	}
	log->number = ++f->numbers;
	log->is_globbed = is_globbed;
	log->was_there = !f->has_looked;
	log->is_live = sst_span_eq(sst_chain_of(base), base);
	f->logs[f->n++] = log;
	return SST_OK;
}

static enum sst_status
expand(struct sst_follow *f, const char *pattern, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	glob_t found = { 0 };
	int result = glob(pattern, 0, NULL, &found);

	if (result == GLOB_NOSPACE)
		status = sst_fail_memory(err, "names of a glob");
	for (size_t i = 0;
		result == 0 && i < found.gl_pathc && status == SST_OK; i++)
		status = add_log(f, found.gl_pathv[i], true, err);
	globfree(&found);
	return status;
}

static enum sst_status
find_logs(struct sst_follow *f, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < f->plan.n && status == SST_OK; i++) {
		const char *name = f->plan.names[i];

		if (f->is_glob[i])
			status = expand(f, name, err);
		else if (!f->has_looked)
			status = add_log(f, name, false, err);
	}
	return status;
}

/* A log that a glob found and that has no file any more. */
static bool
is_over(const struct sst_log *log)
{
	struct stat st;

	return log->is_globbed && log->n == 0 && log->tell == 0 &&
	       stat(log->path, &st) == -1 && errno == ENOENT;
}

static void
forget_logs(struct sst_follow *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++)
		if (is_over(f->logs[i]))
			sst_log_close(f->logs[i]);
		else
			f->logs[kept++] = f->logs[i];
	f->n = kept;
}

enum sst_status
sst_follow_look(struct sst_follow *f, int64_t now_us, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	f->look_at_us = now_us + LOOK_US;
	if (!f->has_looked || now_us >= f->glob_at_us) {
		f->glob_at_us = now_us + GLOB_US;
		forget_logs(f);
		status = find_logs(f, err);
	}
	for (size_t i = 0; i < f->n && status == SST_OK; i++) {
		struct sst_log *log = f->logs[i];

		status = look_at(f, log, now_us, err);
		if (!log->has_started && log->is_live)
			sst_kin_remember(f, log);
		log->has_started = true;
	}
	f->has_looked = true;
	return status;
}
