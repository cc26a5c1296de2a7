/* SPDX-License-Identifier: ISC */
/*
 * pipe -- larger pipes.
 *
 * A pipe of 64 KiB makes writer and reader take turns; one of 1 MiB wins most
 * of that time back. Linux only; elsewhere a pipe stays as it is.
 */
#ifndef SST_OS_PIPE_H
#define SST_OS_PIPE_H

#include <stddef.h>

#define SST_PIPE_BYTES ((size_t)1024 * 1024)

/*
 * Ask for SST_PIPE_BYTES, and for half as often as the system refuses (it
 * limits what one user may have). Returns how much the pipe holds then; 0 when
 * fd is no pipe, or the system does not tell. Changes nothing that is as large
 * already; errno is kept.
 */
size_t sst_pipe_enlarge(int fd);

#endif
