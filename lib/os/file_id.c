/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* statx */
#include "os/file_id.h"

#include <fcntl.h>
#include <sys/stat.h>

#ifdef STATX_BTIME

static int64_t
born_us(int fd)
{
	struct statx more;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &more) == -1 ||
		(more.stx_mask & STATX_BTIME) == 0)
		return 0;
	return (int64_t)more.stx_btime.tv_sec * 1000000 +
	       more.stx_btime.tv_nsec / 1000;
}

#else

static int64_t
born_us(int fd)
{
	(void)fd;
	return 0;
}

#endif

bool
sst_file_id_of(int fd, struct sst_file_id *out)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return false;
	out->device = (uint64_t)st.st_dev;
	out->inode = (uint64_t)st.st_ino;
	out->born_us = born_us(fd);
	return true;
}
