/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "os/pipe.h"

#include <errno.h>
#include <fcntl.h>

#ifdef F_SETPIPE_SZ

static size_t
enlarge(int fd)
{
	int have = fcntl(fd, F_GETPIPE_SZ);

	if (have <= 0)
		return 0;
	for (int want = (int)SST_PIPE_BYTES; want > have; want /= 2) {
		int got = fcntl(fd, F_SETPIPE_SZ, want);

		if (got > 0)
			return (size_t)got;
		if (errno != EPERM && errno != ENOMEM)
			break;
	}
	return (size_t)have;
}

#else

static size_t
enlarge(int fd)
{
	(void)fd;
	return 0;
}

#endif

size_t
sst_pipe_enlarge(int fd)
{
	int saved = errno;
	size_t size = enlarge(fd);

	errno = saved;
	return size;
}
