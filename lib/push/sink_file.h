/* SPDX-License-Identifier: ISC */
/*
 * sink_file -- events into a directory of JSON Lines files.
 *
 * What is being written is called `.events-STAMP-NNNN.part`, and gets its name
 * `events-STAMP-NNNN.jsonl` when it is full, old enough, or done: who reads the
 * directory sees whole files of whole lines only. A batch is durable, and
 * settled, when it is written and synced. A `.part` that a crash left behind is
 * cut after its last whole line and named at the next start.
 *
 * One process writes to a directory (it holds a lock on `.lock`).
 */
#ifndef SST_PUSH_SINK_FILE_H
#define SST_PUSH_SINK_FILE_H

#include "push/sink.h"

struct sst_sink_file_asked {
	const char *path;   /* the directory; made (0700) when missing */
	uint64_t max_bytes; /* of a file; it ends with the line that passes */
	int64_t max_age_us; /* of a file, from its first event */
	struct sst_moment now;
	struct sst_sink_limits limits;
	struct sst_sink_owner owner;
};

/* SST_EIO: the directory cannot be made, opened, locked or recovered. */
enum sst_status sst_sink_file_open(struct sst_sink **out,
	const struct sst_sink_file_asked *asked,
	struct sst_err *err) SST_MUST_USE;

#endif
