/* SPDX-License-Identifier: ISC */
/*
 * follow -- several growing logs at once, whatever rotates them.
 *
 * A log is a path, or each path that a glob finds. Its files are generations:
 * the one that the path names, and older ones that it named before, which stay
 * open (so that their inodes are not used again) as long as a server may still
 * write to them, and are read before newer ones. So renaming, deleting and
 * swapping symbolic links are the same thing: the path names another file,
 * which is read from its beginning. A file has one reader, whatever else names
 * it.
 *
 * A file is truncated when it is shorter than what was read of it, or when
 * other bytes stand where the last bytes and the first ones were read: it is
 * then read from its beginning. What a rotation copied before it truncated
 * (logrotate's copytruncate) is looked for beside the log, under the names that
 * rotations give, and the rest of the lines is read from there; so are
 * generations that came and went between two looks.
 *
 * Lines are whole: one that has no end yet waits for it and is no line so far.
 * Only when a file is given up its begin is a last line without end.
 *
 * Nothing here waits or knows the clock: the caller gives the time, and calls
 * again after at most SST_FOLLOW_WAIT_MS when there was nothing. Memory: one
 * buffer for all, and for each file a few hundred bytes and at most `max_line`
 * of a line that has no end yet.
 */
#ifndef SST_INPUT_FOLLOW_H
#define SST_INPUT_FOLLOW_H

#include "base/err.h"
#include "text/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Looks are so far apart that they cost next to nothing, and so near that a
 * line is there within 100 ms. */
#define SST_FOLLOW_WAIT_MS 40

/* Logs at most; further ones that a glob finds are not followed. */
#define SST_FOLLOW_LOGS_MAX ((size_t)1024)

struct sst_follow;

struct sst_follow_plan {
	const char *const *names; /* paths and globs; live as long */
	size_t n;
	size_t max_line; /* bytes of a line that are kept */
	bool from_end;   /* of files that are there now, only later lines */
};

enum sst_follow_what {
	SST_FOLLOW_LINES,
	SST_FOLLOW_MISSING,   /* no such file: it is waited for */
	SST_FOLLOW_FOUND,     /* the path names another file now */
	SST_FOLLOW_TRUNCATED, /* lines may be lost */
	SST_FOLLOW_ARCHIVE,   /* compressed: not followed, to be read once */
	SST_FOLLOW_PASSED_BY, /* compressed, and came later: its lines were read
			       * when they were written */
	SST_FOLLOW_UNREADABLE, /* tried again and again */
	SST_FOLLOW_UNFIT       /* will never be followed */
};

struct sst_followed {
	enum sst_follow_what what;
	const char *path;       /* of the log; until the next call */
	uint64_t log;           /* its number, never used again */
	uint64_t times;         /* that it was truncated */
	const char *why;        /* UNREADABLE, UNFIT: "Permission denied" */
	struct sst_slice lines; /* until the next call */
};

/* SST_ENOMEM: *out is NULL. */
enum sst_status sst_follow_open(struct sst_follow **out,
	const struct sst_follow_plan *plan, struct sst_err *err) SST_MUST_USE;

/*
 * What there is, from one log after the other: at most some 256 KiB of lines,
 * or something to tell, which is told once until it changes. SST_AGAIN: nothing
 * now. now_us is of a clock that never goes back.
 */
enum sst_status sst_follow_next(struct sst_follow *follow, int64_t now_us,
	struct sst_followed *out, struct sst_err *err) SST_MUST_USE;

void sst_follow_close(struct sst_follow *follow); /* NULL is allowed */

#endif
