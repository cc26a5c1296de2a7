/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "os/fds.h"

#include <errno.h>
#include <fcntl.h>

unsigned
sst_fds_make_safe(void)
{
	unsigned closed = 0;

	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		closed |= 1U << fd;
		/* Gets the lowest free number: all below are open. Where there
		 * is no /dev/null nothing better can be done. */
		(void)!open("/dev/null", O_RDWR | O_NOCTTY);
	}
	return closed;
}

#ifdef POSIX_FADV_SEQUENTIAL

void
sst_fd_read_ahead(int fd)
{
	/* Returns its error and leaves errno alone. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

#else

void
sst_fd_read_ahead(int fd)
{
	(void)fd;
}

#endif

#ifdef SYNC_FILE_RANGE_WRITE

void
sst_fd_write_behind(int fd, uint64_t from, uint64_t n)
{
	int saved = errno;

	/* An error that matters comes again with the sync. */
	(void)sync_file_range(fd, (off_t)from, (off_t)n, SYNC_FILE_RANGE_WRITE);
	errno = saved;
}

#else

void
sst_fd_write_behind(int fd, uint64_t from, uint64_t n)
{
	(void)fd;
	(void)from;
	(void)n;
}

#endif
