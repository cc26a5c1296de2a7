/* SPDX-License-Identifier: ISC */
/*
 * origin -- what is remembered of each source that lines come from.
 *
 * Lines of several logs may come in turns. Each file has what the recognizer
 * has learnt of it, each log (a file and its rotations) the occurrences that
 * ids are counted by, so that the events of each are those that it would have
 * alone. Bounded: beyond SST_ORIGINS_MAX the one that was entered the longest
 * ago is forgotten, and begins anew.
 */
#ifndef SST_EVENT_ORIGIN_H
#define SST_EVENT_ORIGIN_H

#include "event/ident.h"
#include "event/recognize.h"

#define SST_ORIGINS_MAX ((size_t)4096)

struct sst_origins;

/*
 * As the recognizer is now it meets a new file. `ident` gives the key and the
 * bound; NULL: ids are not asked for. Both stay the caller's and live longer.
 */
enum sst_status sst_origins_open(struct sst_origins **out,
	struct sst_recognizer *recognizer, struct sst_ident *ident,
	struct sst_err *err) SST_MUST_USE;

/*
 * Lines of `file` follow, which belongs to `log`; both are copied. The
 * recognizer goes on where it was in this file. *ident counts the log's lines
 * until another one is entered; NULL without ids.
 */
enum sst_status sst_origins_enter(struct sst_origins *origins,
	struct sst_span file, struct sst_span log, struct sst_ident **ident,
	struct sst_err *err) SST_MUST_USE;

void sst_origins_close(struct sst_origins *origins); /* NULL is allowed */

#endif
