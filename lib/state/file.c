/* SPDX-License-Identifier: ISC */
#include "state/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * PATH.1 becomes another name of the file that is about to be replaced. PATH
 * is there at every moment; a crash in between costs PATH.1 at most.
 */
static enum sst_status
keep(const char *path, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	struct sst_buf previous;

	sst_buf_init(&previous, SST_PATH_MAX);
	sst_buf_printf(&previous, "%s.1", path);
	if (previous.is_short)
		status = sst_fail_memory(err, "a path");
	else if (unlink(previous.at) == -1 && errno != ENOENT)
		status = sst_fail(err, SST_EIO, "cannot remove '%s': %s",
			previous.at, strerror(errno));
	else if (link(path, previous.at) == -1 && errno != ENOENT)
		status = sst_fail(err, SST_EIO, "cannot keep '%s' as '%s': %s",
			path, previous.at, strerror(errno));
	sst_buf_release(&previous);
	return status;
}

enum sst_status
sst_file_begin(
	struct sst_replacement *to, const char *path, struct sst_err *err)
{
	enum sst_status status;

	to->path = path;
	status = sst_temp_open(&to->temp, path, err);
	if (status != SST_OK)
		sst_buf_release(&to->temp.name);
	return status;
}

enum sst_status
sst_file_put(
	struct sst_replacement *to, struct sst_span bytes, struct sst_err *err)
{
	return sst_temp_put(&to->temp, bytes, err);
}

enum sst_status
sst_file_finish(
	struct sst_replacement *to, bool keep_previous, struct sst_err *err)
{
	enum sst_status status = sst_temp_finish(&to->temp, err);

	if (status == SST_OK && keep_previous)
		status = keep(to->path, err);
	if (status == SST_OK && rename(to->temp.name.at, to->path) == -1)
		status = sst_fail(err, SST_EIO, "cannot replace '%s': %s",
			to->path, strerror(errno));
	if (status != SST_OK) {
		sst_file_abandon(to);
		return status;
	}
	sst_buf_release(&to->temp.name);
	return sst_folder_sync(to->path, err);
}

void
sst_file_abandon(struct sst_replacement *to)
{
	sst_temp_remove(&to->temp);
	sst_buf_release(&to->temp.name);
}

enum sst_status
sst_file_replace(const char *path, struct sst_span bytes, bool keep_previous,
	struct sst_err *err)
{
	struct sst_replacement to;
	enum sst_status status = sst_file_begin(&to, path, err);

	if (status != SST_OK)
		return status;
	status = sst_file_put(&to, bytes, err);
	if (status == SST_OK)
		return sst_file_finish(&to, keep_previous, err);
	sst_file_abandon(&to);
	return status;
}

/* Until the end of the file, or one byte more than the ceiling. */
static enum sst_status
read_all(struct sst_buf *to, int fd, const char *path, struct sst_err *err)
{
	for (;;) {
		char part[4096];
		ssize_t got = read(fd, part, sizeof(part));

		if (got == 0)
			return SST_OK;
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return sst_fail(err, SST_EIO, "cannot read '%s': %s",
				path, strerror(errno));
		if ((size_t)got > to->max - to->len)
			return sst_fail(err, SST_ECONFIG,
				"'%s' is larger than %zu bytes", path, to->max);
		sst_buf_put(to, part, (size_t)got);
		if (to->is_short)
			return sst_fail_memory(err, "a file");
	}
}

enum sst_status
sst_file_read(struct sst_buf *to, const char *path, struct sst_err *err)
{
	enum sst_status status;
	int fd;

	sst_buf_reset(to);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1 && errno == ENOENT)
		return SST_END;
	if (fd == -1)
		return sst_fail(err, SST_EIO, "cannot open '%s': %s", path,
			strerror(errno));
	status = read_all(to, fd, path, err);
	(void)close(fd);
	return status;
}

/* Somebody has the lock; say who when the system knows. */
static enum sst_status
fail_in_use(int fd, const char *path, struct sst_err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK &&
		lock.l_pid > 0)
		return sst_fail(err, SST_EIO,
			"'%s' is in use by another process (%ld)", path,
			(long)lock.l_pid);
	return sst_fail(
		err, SST_EIO, "'%s' is in use by another process", path);
}

enum sst_status
sst_file_lock(int *lock, const char *path, struct sst_err *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	enum sst_status status;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

	*lock = -1;
	if (fd == -1)
		return sst_fail(err, SST_EIO, "cannot open lock '%s': %s", path,
			strerror(errno));
	if (fcntl(fd, F_SETLK, &whole) == 0) {
		*lock = fd;
		return SST_OK;
	}
	if (errno == EACCES || errno == EAGAIN)
		status = fail_in_use(fd, path, err);
	else
		status = sst_fail(err, SST_EIO, "cannot lock '%s': %s", path,
			strerror(errno));
	(void)close(fd);
	return status;
}

void
sst_file_unlock(int lock)
{
	if (lock != -1)
		(void)close(lock);
}
