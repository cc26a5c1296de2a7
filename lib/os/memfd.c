/* SPDX-License-Identifier: ISC */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */
#endif
#include "os/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#if defined(__linux__)

int
sst_memfd_make(const char *label)
{
	return memfd_create(label, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

bool
sst_memfd_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS,
		       F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
			       F_SEAL_WRITE) == 0;
}

#else

int
sst_memfd_make(const char *label)
{
	(void)label;
	errno = ENOSYS;
	return -1;
}

bool
sst_memfd_seal(int fd)
{
	(void)fd;
	errno = ENOSYS;
	return false;
}

#endif

void
sst_memfd_path(int fd, char path[SST_MEMFD_PATH])
{
	(void)snprintf(path, SST_MEMFD_PATH, "/proc/self/fd/%d", fd);
}
