/* SPDX-License-Identifier: ISC */
/*
 * file -- state files that are old or new, never half.
 *
 * Replacement goes through a temporary file in the same directory: write,
 * fsync, rename, fsync of the directory. The previous generation stays beside
 * it as PATH.1. A failed fsync is a failure, and never tried again.
 */
#ifndef SST_STATE_FILE_H
#define SST_STATE_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "state/temp.h"

#include <stdbool.h>

/* A file that will take the place of another one. */
struct sst_replacement {
	struct sst_temp temp;
	const char *path; /* the caller's until the end */
};

/*
 * Replace a file by bytes that come piece by piece, each of which is one write:
 * begin, put any number of times, finish. PATH is as it was until finish has
 * succeeded. After a failed put, or when the new content is not wanted,
 * sst_file_abandon() ends it; a failed begin or finish has ended it. Results
 * are those of sst_file_replace().
 */
enum sst_status sst_file_begin(struct sst_replacement *to, const char *path,
	struct sst_err *err) SST_MUST_USE;
enum sst_status sst_file_put(struct sst_replacement *to, struct sst_span bytes,
	struct sst_err *err) SST_MUST_USE;
enum sst_status sst_file_finish(struct sst_replacement *to, bool keep_previous,
	struct sst_err *err) SST_MUST_USE;
void sst_file_abandon(struct sst_replacement *to);

/* Replace PATH by these bytes (mode 0600). SST_EIO says which step failed; but
 * for "cannot sync folder" PATH is then as it was. */
enum sst_status sst_file_replace(const char *path, struct sst_span bytes,
	bool keep_previous, struct sst_err *err) SST_MUST_USE;

/* Read a whole file into `to` (reset first), up to its ceiling. SST_END: no
 * such file. SST_ECONFIG: larger than that. SST_EIO: cannot be opened or read.
 */
enum sst_status sst_file_read(
	struct sst_buf *to, const char *path, struct sst_err *err) SST_MUST_USE;

/*
 * Take the lock PATH (made when missing, 0600), held until sst_file_unlock or
 * the end of the process. SST_EIO with "in use by another process" when
 * somebody has it. It is a record lock (fcntl): it holds between processes, not
 * within one, works on NFS, and no other descriptor of the file may be closed
 * while it is held. *lock is -1 unless SST_OK.
 */
enum sst_status sst_file_lock(
	int *lock, const char *path, struct sst_err *err) SST_MUST_USE;
void sst_file_unlock(int lock); /* -1 is allowed */

#endif
