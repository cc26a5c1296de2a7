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

/* Which step failed, or NULL; errno says why. Closes fd in any case. */
static const char *
fill(int fd, struct sst_span bytes)
{
	const char *failed = NULL;
	int saved;

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 || !write_all(fd, bytes))
		failed = "write";
	else if (fsync(fd) == -1)
		failed = "sync";
	saved = errno;
	if (close(fd) == -1 && failed == NULL)
		return "close";
	errno = saved;
	return failed;
}

enum sst_status
sst_temp_write(struct sst_buf *name, const char *path, struct sst_span bytes,
	struct sst_err *err)
{
	const char *failed;
	int fd;

	sst_buf_init(name, SST_PATH_MAX);
	sst_buf_printf(name, "%s.XXXXXX", path);
	if (name->is_short)
		return sst_fail(err, SST_EIO, "cannot create '%s': %s", path,
			strerror(ENAMETOOLONG));
	fd = mkstemp(name->at);
	if (fd == -1)
		return sst_fail(err, SST_EIO,
			"cannot create a file beside '%s': %s", path,
			strerror(errno));
	failed = fill(fd, bytes);
	if (failed != NULL) {
		enum sst_status status = fail(err, failed, name->at);

		(void)unlink(name->at);
		return status;
	}
	return SST_OK;
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
