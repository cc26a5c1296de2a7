/* SPDX-License-Identifier: ISC */
/*
 * geo_copy -- a private copy of a database file, in memory.
 *
 * What happens to the file afterwards (an update in place, a cut) is of no
 * concern to who maps the copy.
 */
#ifndef SST_ENRICH_GEO_COPY_H
#define SST_ENRICH_GEO_COPY_H

#include "base/err.h"

/*
 * Copy the file into an unnamed, sealed one; *fd is the caller's to close.
 * SST_ECONFIG names the file: it cannot be read, is no regular file or too
 * large, belongs to somebody else than root and the user, others may write it,
 * or its end holds no sound MaxMind DB metadata. *fd is then -1.
 */
enum sst_status sst_geo_copy(
	const char *path, int *fd, struct sst_err *err) SST_MUST_USE;

#endif
