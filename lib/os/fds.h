/* SPDX-License-Identifier: ISC */
/*
 * fds -- descriptors: safe ones at the start, and hints to read ahead and to
 * write behind.
 */
#ifndef SST_OS_FDS_H
#define SST_OS_FDS_H

#include <stdint.h>

/* Bits of sst_fds_make_safe(). */
#define SST_FD_STDIN_WAS_CLOSED 1U
#define SST_FD_STDOUT_WAS_CLOSED 2U
#define SST_FD_STDERR_WAS_CLOSED 4U

/*
 * Open /dev/null on each of 0, 1 and 2 that is closed, so that no file opened
 * later becomes stdout or stderr. Call it before anything else is opened. The
 * bits say which were closed: a tool whose stdout was has nowhere to write to,
 * and must fail instead of writing into /dev/null.
 */
unsigned sst_fds_make_safe(void);

/* The file will be read once, from here to its end. Only a hint. */
void sst_fd_read_ahead(int fd);

/* Begin to write these bytes of the file to the disk, so that a sync that comes
 * later finds little to do. Only a hint: it promises nothing. */
void sst_fd_write_behind(int fd, uint64_t from, uint64_t n);

#endif
