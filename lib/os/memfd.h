/* SPDX-License-Identifier: ISC */
/*
 * memfd -- a file without a name, in memory.
 *
 * For data that a library wants to map from a file: a copy in here cannot be
 * cut or changed by anyone else while it is mapped. Linux only; elsewhere
 * there is none, and errno is ENOSYS.
 */
#ifndef SST_OS_MEMFD_H
#define SST_OS_MEMFD_H

#include <stdbool.h>

/* Room for the name of a descriptor, "/proc/self/fd/2147483647". */
#define SST_MEMFD_PATH 32

/* Make one, closed on exec. Returns its descriptor, or -1 and errno. `label`
 * is what /proc shows. */
int sst_memfd_make(const char *label);

/* From now on it can be neither written nor resized, by this process either.
 * False: errno. */
bool sst_memfd_seal(int fd);

/* A path under which this process can open it, as long as fd is open. */
void sst_memfd_path(int fd, char path[SST_MEMFD_PATH]);

#endif
