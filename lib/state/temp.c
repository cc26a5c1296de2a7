/* SPDX-License-Identifier: ISC */
#include "state/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum sst_status
fail(struct sst_err *err, const char *step, const char *path)
{
	return sst_fail(err, SST_EIO, "cannot %s '%s': %s", step, path,
		strerror(errno));
}

static bool
write_all(int fd, struct sst_span bytes)
{
	while (bytes.len != 0) {
		ssize_t done = write(fd, bytes.at, bytes.len);

		if (done == -1 && errno != EINTR)
			return false;
		if (done > 0)
			bytes = sst_span_from(bytes, (size_t)done);
	}
	return true;
}

enum sst_status
sst_temp_open(struct sst_temp *temp, const char *path, struct sst_err *err)
{
	struct sst_buf *name = &temp->name;

	temp->fd = -1;
	sst_buf_init(name, SST_PATH_MAX);
	sst_buf_printf(name, "%s.XXXXXX", path);
	if (name->is_short)
		return sst_fail(err, SST_EIO, "cannot create '%s': %s", path,
			strerror(ENAMETOOLONG));
	temp->fd = mkstemp(name->at);
	if (temp->fd == -1)
		return sst_fail(err, SST_EIO,
			"cannot create a file beside '%s': %s", path,
			strerror(errno));
	if (fcntl(temp->fd, F_SETFD, FD_CLOEXEC) == -1) {
		enum sst_status status = fail(err, "write", name->at);

		sst_temp_remove(temp);
		return status;
	}
	return SST_OK;
}

enum sst_status
sst_temp_put(struct sst_temp *temp, struct sst_span bytes, struct sst_err *err)
{
	return write_all(temp->fd, bytes) ? SST_OK
					  : fail(err, "write", temp->name.at);
}

enum sst_status
sst_temp_finish(struct sst_temp *temp, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	int fd = temp->fd;

	if (fsync(fd) == -1)
		status = fail(err, "sync", temp->name.at);
	temp->fd = -1;
	if (close(fd) == -1 && status == SST_OK)
		status = fail(err, "close", temp->name.at);
	return status;
}

void
sst_temp_remove(struct sst_temp *temp)
{
	if (temp->fd != -1)
		(void)close(temp->fd);
	temp->fd = -1;
	(void)unlink(temp->name.at);
}

enum sst_status
sst_temp_write(struct sst_buf *name, const char *path, struct sst_span bytes,
	struct sst_err *err)
{
	struct sst_temp temp;
	enum sst_status status = sst_temp_open(&temp, path, err);

	*name = temp.name;
	if (status != SST_OK)
		return status;
	status = sst_temp_put(&temp, bytes, err);
	if (status == SST_OK)
		status = sst_temp_finish(&temp, err);
	if (status != SST_OK)
		sst_temp_remove(&temp);
	return status;
}

void
sst_folder_put(struct sst_buf *to, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		sst_buf_printf(to, ".");
	else if (slash == path)
		sst_buf_printf(to, "/");
	else
		sst_buf_printf(to, "%.*s", (int)(slash - path), path);
}

/* EINVAL: this file system has no such thing as a folder that needs it. */
enum sst_status
sst_folder_sync(const char *path, struct sst_err *err)
{
	enum sst_status status = SST_OK;
	struct sst_buf folder;
	int fd;

	sst_buf_init(&folder, SST_PATH_MAX);
	sst_folder_put(&folder, path);
	if (folder.is_short) {
		status = sst_fail_memory(err, "a path");
		goto out;
	}
	fd = open(folder.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		status = fail(err, "open folder", folder.at);
		goto out;
	}
	if (fsync(fd) == -1 && errno != EINVAL)
		status = fail(err, "sync folder", folder.at);
	(void)close(fd);
out:
	sst_buf_release(&folder);
	return status;
}
