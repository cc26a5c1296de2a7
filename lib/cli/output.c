/* SPDX-License-Identifier: ISC */
#include "cli/frame.h"

#include "os/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum sst_status
sst_output_open(struct sst_output *out, const char *path, struct sst_err *err)
{
	*out = (struct sst_output){ .fd = STDOUT_FILENO,
		.path = "standard output" };
	if (path == NULL || strcmp(path, "-") == 0) {
		(void)sst_pipe_enlarge(out->fd);
		return SST_OK;
	}
	out->path = path;
	out->is_owned = true;
	out->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out->fd == -1)
		return sst_fail(err, SST_EIO, "cannot write '%s': %s", path,
			strerror(errno));
	return SST_OK;
}

/* A write that would wait: until it can go on, or until it is time to give
 * up. */
static bool
may_go_on(const struct sst_output *out)
{
	if (sst_signals_stops() >= 2)
		return false;
	return sst_signals_stops() == 0 || out->give_up_us == 0 ||
	       sst_monotonic_us() < out->give_up_us;
}

enum sst_status
sst_output_write(
	struct sst_output *out, struct sst_buf *buf, struct sst_err *err)
{
	size_t done = 0;

	while (done < buf->len && !out->is_gone) {
		ssize_t n = write(out->fd, buf->at + done, buf->len - done);

		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		if (errno == EPIPE) {
			out->is_gone = true;
		} else if (errno == EAGAIN) {
			struct pollfd wait = { out->fd, POLLOUT, 0 };

			(void)poll(&wait, 1, 1000);
		} else if (errno != EINTR) {
			return sst_fail(err, SST_EIO, "cannot write to %s: %s",
				out->path, strerror(errno));
		}
		if (!out->is_gone && !may_go_on(out))
			return sst_fail(err, SST_EIO,
				"stopped before all output was taken");
	}
	sst_buf_reset(buf);
	return out->is_gone ? SST_END : SST_OK;
}

enum sst_status
sst_output_reopen(struct sst_output *out, struct sst_err *err)
{
	int fd;

	if (!out->is_owned)
		return SST_OK;
	fd = open(out->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd == -1)
		return sst_fail(err, SST_EIO, "cannot reopen '%s': %s",
			out->path, strerror(errno));
	(void)close(out->fd);
	out->fd = fd;
	return SST_OK;
}

enum sst_status
sst_output_close(struct sst_output *out, struct sst_err *err)
{
	int fd = out->fd;

	out->fd = -1;
	if (fd == -1 || out->is_gone)
		return SST_OK;
	/* stdout is closed too: NFS and quotas tell only then. */
	if (close(fd) == -1 && errno != EINTR)
		return sst_fail(err, SST_EIO, "cannot write to %s: %s",
			out->path, strerror(errno));
	return SST_OK;
}
