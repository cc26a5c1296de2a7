/* SPDX-License-Identifier: ISC */
#include "push/sink_file.h"

#include "os/fds.h"
#include "state/file.h"
#include "text/stamp.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One write: large enough that system calls do not show in a profile. */
#define CHUNK ((size_t)256 * 1024)

/* The disk is set to work when it has so much to write, and not only by the
 * sync, which would wait for all of it. */
#define BEHIND (UINT64_C(4) * 1024 * 1024)

/* A sync covers at most so many bytes, so that a crash repeats little. */
#define BATCH_BYTES (UINT64_C(64) * 1024 * 1024)

/* ".events-20261124T044146Z-0001.part" and its NUL. */
#define NAME_MAX_LEN 64

/* Files of one second. */
#define SEQUENCE_MAX 9999

#define PART_HEAD ".events-"
#define PART_TAIL ".part"

struct file_sink {
	struct sst_sink sink;
	struct sst_sink_owner owner;
	struct sst_sink_limits limits;
	const char *path;
	uint64_t max_bytes;
	int64_t max_age_us;
	struct sst_moment now; /* the last one known */
	int dir, lock, fd;     /* fd: -1 when no file is open */
	char part[NAME_MAX_LEN];
	uint64_t file_bytes;  /* of the file, what waits in `out` included */
	uint64_t written;     /* of the file, by write(2) */
	uint64_t behind;      /* of these: the disk was told to write them */
	int64_t file_born_us; /* of its first event */
	uint64_t first, held; /* tickets that are not settled */
	uint64_t held_bytes;
	int64_t held_since_us; /* 0: not known yet */
	struct sst_buf out;
};

static enum sst_status
fail(struct file_sink *sink, const char *what, const char *name,
	struct sst_err *err)
{
	return sst_fail(err, SST_EIO, "%s/%s: %s: %s", sink->path, name, what,
		strerror(errno));
}

/* ---- names ---- */

/* ".events-X.part" to "events-X.jsonl". */
static void
final_name(char to[NAME_MAX_LEN], const char *part)
{
	size_t len = strlen(part) - sizeof(PART_TAIL);

	(void)snprintf(to, NAME_MAX_LEN, "%.*s.jsonl", (int)len, part + 1);
}

static bool
is_free(struct file_sink *sink, const char *name)
{
	struct stat file;

	return fstatat(sink->dir, name, &file, AT_SYMLINK_NOFOLLOW) == -1 &&
	       errno == ENOENT;
}

/* The first name of this second that neither a part nor a file has. */
static enum sst_status
open_part(struct file_sink *sink, struct sst_err *err)
{
	int64_t seconds = sink->now.wall_us / 1000000;
	int64_t of_day = seconds % 86400;
	char final[NAME_MAX_LEN];
	unsigned month, day;
	int year;

	sst_date_of(seconds / 86400, &year, &month, &day);
	for (int n = 1; n <= SEQUENCE_MAX; n++) {
		(void)snprintf(sink->part, sizeof(sink->part),
			PART_HEAD "%04d%02u%02uT%02d%02d%02dZ-%04d" PART_TAIL,
			year, month, day, (int)(of_day / 3600),
			(int)(of_day / 60 % 60), (int)(of_day % 60), n);
		final_name(final, sink->part);
		if (!is_free(sink, final))
			continue;
		sink->fd = openat(sink->dir, sink->part,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);
		if (sink->fd != -1) {
			sink->file_bytes = sink->written = sink->behind = 0;
			sink->file_born_us = sink->now.mono_us;
			return SST_OK;
		}
		if (errno != EEXIST)
			break;
	}
	return fail(sink, "cannot make", sink->part, err);
}

/* The part becomes a file. Its bytes are synced. */
static enum sst_status
publish(struct file_sink *sink, const char *part, struct sst_err *err)
{
	char final[NAME_MAX_LEN];

	final_name(final, part);
	if (renameat(sink->dir, part, sink->dir, final) == -1)
		return fail(sink, "cannot rename", part, err);
	if (fsync(sink->dir) == -1)
		return fail(sink, "cannot sync the directory", final, err);
	return SST_OK;
}

/* ---- what a crash left behind ---- */

/* Offset behind the last newline of a file of `size` bytes. */
static bool
find_last_end(int fd, off_t size, off_t *end)
{
	char chunk[4096];

	while (size > 0) {
		off_t from = size > (off_t)sizeof(chunk)
				     ? size - (off_t)sizeof(chunk)
				     : 0;
		ssize_t n = pread(fd, chunk, (size_t)(size - from), from);

		if (n != (ssize_t)(size - from))
			return false;
		while (n > 0 && chunk[n - 1] != '\n')
			n--;
		if (n > 0) {
			*end = from + (off_t)n;
			return true;
		}
		size = from;
	}
	*end = 0;
	return true;
}

static enum sst_status
recover(struct file_sink *sink, const char *part, struct sst_err *err)
{
	int fd = openat(sink->dir, part, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	enum sst_status status = SST_OK;
	struct stat file;
	char text[160];
	off_t end;

	if (fd == -1)
		return fail(sink, "cannot recover", part, err);
	if (fstat(fd, &file) == -1 || !find_last_end(fd, file.st_size, &end) ||
		(end != file.st_size && ftruncate(fd, end) == -1) ||
		fsync(fd) == -1)
		status = fail(sink, "cannot recover", part, err);
	else if (end == 0 && unlinkat(sink->dir, part, 0) == -1)
		status = fail(sink, "cannot remove", part, err);
	else if (end != 0)
		status = publish(sink, part, err);
	(void)close(fd);
	if (status == SST_OK) {
		(void)snprintf(text, sizeof(text),
			"%s: recovered %lld bytes of whole lines, cut %lld",
			part, (long long)end, (long long)(file.st_size - end));
		sink->owner.say(sink->owner.self, SST_SINK_WARNING, text);
	}
	return status;
}

static bool
is_part(const char *name)
{
	struct sst_span text = sst_span_of(name);
	const struct sst_span head = SST_SPAN(PART_HEAD);
	const struct sst_span tail = SST_SPAN(PART_TAIL);

	return text.len < NAME_MAX_LEN && text.len > head.len + tail.len &&
	       sst_span_starts(text, head) && sst_span_ends(text, tail);
}

static enum sst_status
recover_all(struct file_sink *sink, struct sst_err *err)
{
	int fd = dup(sink->dir);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	enum sst_status status = SST_OK;
	const struct dirent *entry;

	if (dir == NULL) {
		if (fd != -1)
			(void)close(fd);
		return fail(sink, "cannot list", ".", err);
	}
	while (status == SST_OK && (entry = readdir(dir)) != NULL)
		if (is_part(entry->d_name))
			status = recover(sink, entry->d_name, err);
	(void)closedir(dir);
	return status;
}

/* ---- writing ---- */

static enum sst_status
write_out(struct file_sink *sink, struct sst_err *err)
{
	size_t done = 0;

	while (done < sink->out.len) {
		ssize_t n = write(
			sink->fd, sink->out.at + done, sink->out.len - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(sink, "cannot write", sink->part, err);
		done += (size_t)n;
	}
	sst_buf_reset(&sink->out);
	sink->written += done;
	if (sink->written - sink->behind >= BEHIND) {
		sst_fd_write_behind(
			sink->fd, sink->behind, sink->written - sink->behind);
		sink->behind = sink->written;
	}
	return SST_OK;
}

/* Everything that was put becomes durable, and is settled. A failed sync is
 * final: the bytes may be gone although a second one would say otherwise. */
static enum sst_status
commit(struct file_sink *sink, struct sst_err *err)
{
	uint64_t n = sink->held;
	enum sst_status status;

	if (n == 0)
		return SST_OK;
	status = write_out(sink, err);
	if (status != SST_OK)
		return status;
	if (fdatasync(sink->fd) == -1)
		return fail(sink, "cannot sync", sink->part, err);
	sink->held = 0;
	sink->held_bytes = 0;
	sink->held_since_us = 0;
	sink->owner.settle(
		sink->owner.self, sink->first, n, SST_OK, SST_WHY_NONE);
	return SST_OK;
}

static enum sst_status
rotate(struct file_sink *sink, struct sst_err *err)
{
	enum sst_status status = commit(sink, err);
	int closed;

	if (status != SST_OK || sink->fd == -1)
		return status;
	closed = close(sink->fd);
	sink->fd = -1;
	if (closed == -1)
		return fail(sink, "cannot close", sink->part, err);
	return publish(sink, sink->part, err);
}

/* Before an event is added: is a batch or a file full? */
static enum sst_status
make_room(struct file_sink *sink, struct sst_err *err)
{
	if (sink->fd != -1 && sink->file_bytes >= sink->max_bytes)
		return rotate(sink, err);
	if (sink->held_bytes >= sink->limits.batch_bytes ||
		(sink->limits.batch_events != 0 &&
			sink->held >= sink->limits.batch_events))
		return commit(sink, err);
	return SST_OK;
}

static enum sst_status
put(struct sst_sink *self, const struct sst_sink_event *in,
	enum sst_reason *why, struct sst_err *err)
{
	struct file_sink *sink = (struct file_sink *)self;
	enum sst_status status = make_room(sink, err);
	size_t len = in->line.len;

	(void)why;
	if (status == SST_OK && sink->fd == -1)
		status = open_part(sink, err);
	if (status == SST_OK && sink->out.len >= CHUNK)
		status = write_out(sink, err);
	if (status != SST_OK)
		return status;
	sst_buf_put_span(&sink->out, in->line);
	sst_buf_byte(&sink->out, '\n');
	if (sink->out.is_short)
		return sst_fail_memory(err, "a batch");
	if (sink->held == 0)
		sink->first = in->ticket;
	sink->held++;
	sink->held_bytes += len + 1;
	sink->file_bytes += len + 1;
	return SST_HELD;
}

/* How long until `since` is `age` old; at least 1 ms, 0 when it is. */
static int
left_ms(int64_t since_us, int64_t age_us, int64_t now_us)
{
	int64_t left = since_us + age_us - now_us;

	if (left <= 0)
		return 0;
	return left / 1000 >= INT32_MAX ? INT32_MAX : (int)(left / 1000) + 1;
}

static enum sst_status
work(struct sst_sink *self, struct sst_moment now, int *wait_ms,
	struct sst_err *err)
{
	struct file_sink *sink = (struct file_sink *)self;
	enum sst_status status = SST_OK;
	int file_ms;

	sink->now = now;
	*wait_ms = -1;
	if (sink->fd == -1)
		return SST_OK;
	file_ms = left_ms(sink->file_born_us, sink->max_age_us, now.mono_us);
	if (file_ms == 0)
		return rotate(sink, err);
	*wait_ms = file_ms;
	if (sink->held == 0)
		return SST_OK;
	if (sink->held_since_us == 0)
		sink->held_since_us = now.mono_us;
	*wait_ms = left_ms(
		sink->held_since_us, sink->limits.batch_age_us, now.mono_us);
	if (*wait_ms == 0) {
		status = commit(sink, err);
		*wait_ms = file_ms;
	}
	if (*wait_ms > file_ms)
		*wait_ms = file_ms;
	return status;
}

static enum sst_status
flush(struct sst_sink *self, struct sst_moment now, struct sst_err *err)
{
	struct file_sink *sink = (struct file_sink *)self;

	sink->now = now;
	return commit(sink, err);
}

static enum sst_status
finish(struct sst_sink *self, struct sst_moment now, struct sst_err *err)
{
	struct file_sink *sink = (struct file_sink *)self;

	sink->now = now;
	return rotate(sink, err);
}

static uint64_t
held(const struct sst_sink *self)
{
	return ((const struct file_sink *)self)->held;
}

static void
abandon(struct sst_sink *self)
{
	struct file_sink *sink = (struct file_sink *)self;
	uint64_t n = sink->held;

	sink->held = 0;
	sst_buf_reset(&sink->out);
	if (n > 0)
		sink->owner.settle(sink->owner.self, sink->first, n, SST_DROP,
			SST_WHY_LOST);
}

static void
close_file(struct sst_sink *self)
{
	struct file_sink *sink = (struct file_sink *)self;

	if (sink->fd != -1)
		(void)close(sink->fd); /* the next start recovers it */
	if (sink->dir != -1)
		(void)close(sink->dir);
	sst_file_unlock(sink->lock);
	sst_buf_release(&sink->out);
	free(sink);
}

static const struct sst_sink_ops ops = {
	.name = "file",
	.put = put,
	.work = work,
	.flush = flush,
	.finish = finish,
	.held = held,
	.abandon = abandon,
	.close = close_file,
};

static enum sst_status
open_directory(struct file_sink *sink, struct sst_err *err)
{
	char lock[4096];
	int n;

	if (mkdir(sink->path, 0700) == -1 && errno != EEXIST)
		return sst_fail(err, SST_EIO, "cannot make '%s': %s",
			sink->path, strerror(errno));
	sink->dir = open(sink->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sink->dir == -1)
		return sst_fail(err, SST_EIO, "cannot open '%s': %s",
			sink->path, strerror(errno));
	n = snprintf(lock, sizeof(lock), "%s/.lock", sink->path);
	if (n < 0 || (size_t)n >= sizeof(lock))
		return sst_fail(
			err, SST_ECONFIG, "'%s' is too long", sink->path);
	return sst_file_lock(&sink->lock, lock, err);
}

enum sst_status
sst_sink_file_open(struct sst_sink **out,
	const struct sst_sink_file_asked *asked, struct sst_err *err)
{
	struct file_sink *sink = calloc(1, sizeof(*sink));
	enum sst_status status;

	*out = NULL;
	if (sink == NULL)
		return sst_fail_memory(err, "a directory");
	sink->sink.ops = &ops;
	sink->owner = asked->owner;
	sink->limits = asked->limits;
	sink->path = asked->path;
	sink->max_bytes = asked->max_bytes;
	sink->max_age_us = asked->max_age_us;
	sink->now = asked->now;
	sink->dir = sink->lock = sink->fd = -1;
	if (sink->limits.batch_bytes == 0)
		sink->limits.batch_bytes = BATCH_BYTES;
	sst_buf_init(&sink->out, CHUNK + SST_EVENT_ROOM);
	status = open_directory(sink, err);
	if (status == SST_OK)
		status = recover_all(sink, err);
	if (status != SST_OK) {
		close_file(&sink->sink);
		return status;
	}
	*out = &sink->sink;
	return SST_OK;
}
