/* SPDX-License-Identifier: ISC */
#include "push/dead.h"

#include "state/file.h"
#include "text/scan.h"
#include "text/stamp.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "dead.jsonl"
#define LETTER_MAX ((size_t)64 * 1024 * 1024)

struct sst_dead {
	const char *path, *destination;
	bool has_bodies, is_synced;
	int fd, lock;
	struct sst_buf row, clean;
};

static enum sst_status
fail(struct sst_dead *dead, const char *what, struct sst_err *err)
{
	return sst_fail(err, SST_EIO, "%s/" FILE_NAME ": %s: %s", dead->path,
		what, strerror(errno));
}

static enum sst_status
check_directory(struct sst_dead *dead, int dir, struct sst_err *err)
{
	struct stat facts;

	if (fstat(dir, &facts) == -1)
		return fail(dead, "cannot look at the directory", err);
	if (facts.st_uid != geteuid() ||
		(facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return sst_fail(err, SST_ECONFIG,
			"'%s' must be yours, and closed to others: chmod 700 "
			"it",
			dead->path);
	return SST_OK;
}

/* A line that a crash cut is taken away, so that the next is whole. */
static enum sst_status
cut_torn_line(struct sst_dead *dead, struct sst_err *err)
{
	off_t end = lseek(dead->fd, 0, SEEK_END);
	char last = '\n';

	while (end > 0) {
		if (pread(dead->fd, &last, 1, end - 1) != 1)
			return fail(dead, "cannot read", err);
		if (last == '\n')
			break;
		end--;
	}
	if (end == -1 || ftruncate(dead->fd, end) == -1)
		return fail(dead, "cannot recover", err);
	return SST_OK;
}

static enum sst_status
open_files(struct sst_dead *dead, struct sst_err *err)
{
	char lock[4096];
	enum sst_status status;
	int dir, n;

	if (mkdir(dead->path, 0700) == -1 && errno != EEXIST)
		return sst_fail(err, SST_EIO, "cannot make '%s': %s",
			dead->path, strerror(errno));
	dir = open(dead->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return sst_fail(err, SST_EIO, "cannot open '%s': %s",
			dead->path, strerror(errno));
	status = check_directory(dead, dir, err);
	if (status == SST_OK) {
		dead->fd = openat(dir, FILE_NAME,
			O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
			0600);
		if (dead->fd == -1 || fsync(dir) == -1)
			status = fail(dead, "cannot open", err);
	}
	(void)close(dir);
	if (status != SST_OK)
		return status;
	n = snprintf(lock, sizeof(lock), "%s/.lock", dead->path);
	if (n < 0 || (size_t)n >= sizeof(lock))
		return sst_fail(
			err, SST_ECONFIG, "'%s' is too long", dead->path);
	status = sst_file_lock(&dead->lock, lock, err);
	return status == SST_OK ? cut_torn_line(dead, err) : status;
}

enum sst_status
sst_dead_open(struct sst_dead **out, const char *path, const char *destination,
	bool has_bodies, struct sst_err *err)
{
	struct sst_dead *dead = calloc(1, sizeof(*dead));
	enum sst_status status;

	*out = NULL;
	if (dead == NULL)
		return sst_fail_memory(err, "dead letters");
	dead->path = path;
	dead->destination = destination;
	dead->has_bodies = has_bodies;
	dead->is_synced = true;
	dead->fd = dead->lock = -1;
	sst_buf_init(&dead->row, LETTER_MAX);
	sst_buf_init(&dead->clean, LETTER_MAX);
	status = open_files(dead, err);
	if (status != SST_OK) {
		sst_dead_close(dead);
		return status;
	}
	*out = dead;
	return SST_OK;
}

/* ,"name":"text", valid UTF-8 whatever came */
static void
put_text(struct sst_dead *dead, const char *name, struct sst_span text)
{
	sst_buf_reset(&dead->clean);
	(void)sst_utf8_put_repaired(&dead->clean, text);
	sst_buf_printf(&dead->row, ",\"%s\":\"", name);
	sst_json_put_escaped(&dead->row, sst_buf_span(&dead->clean));
	sst_buf_byte(&dead->row, '"');
}

enum sst_status
sst_dead_put(struct sst_dead *dead, const struct sst_dead_letter *letter,
	struct sst_err *err)
{
	struct sst_span answer = letter->answer;
	size_t done = 0;

	if (answer.len > SST_DEAD_ANSWER_MAX)
		answer.len = SST_DEAD_ANSWER_MAX;
	sst_buf_reset(&dead->row);
	SST_BUF_PUT(&dead->row, "{\"time\":\"");
	sst_stamp_put(&dead->row, sst_stamp_of_us(letter->at_us));
	sst_buf_byte(&dead->row, '"');
	put_text(dead, "destination", sst_span_of(dead->destination));
	put_text(dead, "id", letter->id);
	put_text(dead, "file", sst_span_of(letter->input));
	sst_buf_printf(&dead->row, ",\"line\":%llu",
		(unsigned long long)letter->number);
	if (letter->status != 0)
		sst_buf_printf(&dead->row, ",\"status\":%u", letter->status);
	if (letter->error != NULL)
		put_text(dead, "error", sst_span_of(letter->error));
	put_text(dead, "reason", sst_span_of(letter->reason));
	sst_buf_printf(&dead->row, ",\"attempts\":%llu",
		(unsigned long long)letter->attempts);
	if (answer.len > 0)
		put_text(dead, "answer", answer);
	if (dead->has_bodies && letter->event.len > 0) {
		SST_BUF_PUT(&dead->row, ",\"event\":");
		sst_buf_put_span(&dead->row, letter->event);
	}
	SST_BUF_PUT(&dead->row, "}\n");
	if (dead->row.is_short || dead->clean.is_short)
		return sst_fail_memory(err, "a dead letter");
	while (done < dead->row.len) {
		ssize_t n = write(
			dead->fd, dead->row.at + done, dead->row.len - done);

		if (n == -1 && errno != EINTR)
			return fail(dead, "cannot write", err);
		done += n > 0 ? (size_t)n : 0;
	}
	dead->is_synced = false;
	return SST_OK;
}

enum sst_status
sst_dead_sync(struct sst_dead *dead, struct sst_err *err)
{
	if (dead->is_synced)
		return SST_OK;
	if (fdatasync(dead->fd) == -1)
		return fail(dead, "cannot sync", err);
	dead->is_synced = true;
	return SST_OK;
}

void
sst_dead_close(struct sst_dead *dead)
{
	if (dead == NULL)
		return;
	if (dead->fd != -1)
		(void)close(dead->fd);
	sst_file_unlock(dead->lock);
	sst_buf_release(&dead->row);
	sst_buf_release(&dead->clean);
	free(dead);
}
