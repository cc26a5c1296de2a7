/* SPDX-License-Identifier: ISC */
/*
 * temp -- new files that are whole before they get their name.
 *
 * For file and key: both write beside the name that is meant, sync, and only
 * then rename or link. Errors name the step and the file.
 */
#ifndef SST_STATE_TEMP_H
#define SST_STATE_TEMP_H

#include "base/buf.h"
#include "base/err.h"

/* Of a path; longer ones the system refuses too. */
#define SST_PATH_MAX ((size_t)4096)

struct sst_temp {
	struct sst_buf name; /* NUL-ended; the caller's to release */
	int fd;
};

/*
 * Make a new file PATH.XXXXXX (mode 0600), to be filled piece by piece, and
 * synced and closed at last. SST_EIO: a failed open leaves no file; after
 * another failure, and when it is not wanted any more, sst_temp_remove() must
 * be called. The name is initialized in any case.
 */
enum sst_status sst_temp_open(struct sst_temp *temp, const char *path,
	struct sst_err *err) SST_MUST_USE;
enum sst_status sst_temp_put(struct sst_temp *temp, struct sst_span bytes,
	struct sst_err *err) SST_MUST_USE;
enum sst_status sst_temp_finish(
	struct sst_temp *temp, struct sst_err *err) SST_MUST_USE;
void sst_temp_remove(struct sst_temp *temp);

/*
 * All of this for one span. Write bytes to a new file PATH.XXXXXX (mode 0600),
 * sync and close it. *name is initialized, holds its name, NUL-ended, and is
 * the caller's to release, also after a failure; then there is no such file.
 */
enum sst_status sst_temp_write(struct sst_buf *name, const char *path,
	struct sst_span bytes, struct sst_err *err) SST_MUST_USE;

/* The folder of a path, as "DIR", "/" or "." (a path without '/'), NUL-ended,
 * appended to `to`. */
void sst_folder_put(struct sst_buf *to, const char *path);

/* Sync the folder of a path, so that a new name in it is durable. */
enum sst_status sst_folder_sync(
	const char *path, struct sst_err *err) SST_MUST_USE;

#endif
