/* SPDX-License-Identifier: ISC */
/*
 * follow_parts -- what the parts of follow share; private to input/.
 */
#ifndef SST_INPUT_FOLLOW_PARTS_H
#define SST_INPUT_FOLLOW_PARTS_H

#include "input/follow.h"
#include "os/file_id.h"

#include <sys/stat.h>

/* How many of the first and last bytes that were read tell a file: the first
 * ones hold the time of the first line. */
#define SST_HEAD ((size_t)256)
#define SST_TAIL ((size_t)64)

/* One read. */
#define SST_FOLLOW_CHUNK ((size_t)256 * 1024)

struct sst_generation {
	int fd; /* -1: nothing more to read */
	struct sst_file_id id;
	uint64_t at; /* bytes read so far */
	struct sst_slicer slicer;
	char head[SST_HEAD]; /* of the file, as far as it was read or peeked at
			      */
	char tail[SST_TAIL]; /* of the bytes read */
	size_t head_len, tail_len;
	struct timespec changed; /* when it was found to be unchanged: mtime */
	int64_t quiet_since_us;
	bool is_named;   /* by the log's path */
	bool is_initial; /* it was there when following began */
	bool was_empty;  /* so far; nothing was read of it */
	bool is_ending;  /* to be closed when it has been read out */
};

/* What became of an attempt to read. */
enum sst_news {
	SST_NEWS_NONE,
	SST_NEWS_LINES,     /* new bytes; perhaps of a line that has no end */
	SST_NEWS_ENDED,     /* nothing follows: drop it */
	SST_NEWS_TRUNCATED, /* not the bytes that were read */
	SST_NEWS_PACKED,    /* the first bytes are of a compressed file */
	SST_NEWS_FAILED     /* errno */
};

/* Where reading of a file that is not open any more came to; 0: never read. */
struct sst_known {
	struct sst_file_id id;
	uint64_t at, number;
};

struct sst_log {
	char *path;
	uint64_t number;
	bool is_globbed;    /* forgotten when the path is gone */
	bool has_started;   /* what comes now is new, not found at the start */
	bool was_there;     /* when following began */
	bool has_caught_up; /* once there was nothing to read */
	bool is_live;       /* a name as servers have it, not a rotation's */
	struct sst_generation **generations; /* oldest first */
	size_t n, room;
	struct stat refused; /* the file that the path names is not for us */
	unsigned tell, told; /* bits: 1 << enum sst_follow_what */
	int failure;         /* errno, of what is to be told */
	uint64_t truncations;
};

struct sst_follow {
	struct sst_follow_plan plan;
	struct sst_log **logs;
	size_t n, room, turn;
	uint64_t numbers;
	bool has_looked;
	bool is_full, is_full_told; /* SST_FOLLOW_LOGS_MAX */
	int64_t look_at_us, glob_at_us;
	struct sst_known *known; /* the oldest first */
	size_t known_n, known_room;
	bool *is_glob; /* of plan.names */
	char *buffer;  /* for sst_generation_read() */
};

/* ---- follow_file.c ---- */

/* Take over fd and begin at a place; head and tail are read from the file.
 * NULL: no memory, fd is the caller's. */
struct sst_generation *sst_generation_open(
	int fd, size_t max_line, const struct sst_known *place);

/* Close the descriptor and free. */
void sst_generation_close(struct sst_generation *g);

/* Might read() have news? One fstat(2). */
bool sst_generation_may_have_news(const struct sst_generation *g);

/* Learn the head of a file of which nothing was read; false: it is empty. What
 * is read later must begin so, or it was truncated. */
bool sst_generation_peek(struct sst_generation *g);

/*
 * Read on: what follows the bytes that were read. `buffer` has SST_TAIL,
 * max_line, SST_FOLLOW_CHUNK and SST_PAD bytes. SST_ENOMEM, else SST_OK.
 */
enum sst_status sst_generation_read(struct sst_generation *g, char *buffer,
	enum sst_news *news, struct sst_slice *lines, struct sst_err *err);

/* Are there other bytes than those that were read, or fewer? */
bool sst_generation_is_cut(const struct sst_generation *g);

/* Do the file of g, as it is now, and another one have the same begin? */
bool sst_generation_begins_as(const struct sst_generation *g, int fd);

/* Does the file begin as g did, as far as it goes? */
bool sst_generation_has_head_of(int fd, const struct sst_generation *g);

/* And is the place where g was read to in it, with the same bytes before? */
bool sst_generation_has_place_of(int fd, const struct sst_generation *g);

/* Where in a file the line begins that its last bytes are of. */
uint64_t sst_last_line_of(int fd, uint64_t size, size_t max_line);

/* ---- follow_logs.c ---- */

/* Is the file open, in whatever log? */
bool sst_follow_has_open(
	const struct sst_follow *f, uint64_t device, uint64_t inode);

/* NULL: never seen. It becomes the newest of the known. */
struct sst_known *sst_follow_find_known(
	struct sst_follow *f, const struct sst_file_id *id);

/* Remember; the oldest go beyond 4096. No memory: it is not remembered. */
void sst_follow_remember(struct sst_follow *f, const struct sst_known *known);

/* Insert before generation i. False: no memory. */
bool sst_log_insert(struct sst_log *log, size_t i, struct sst_generation *g);

/* Close generation i and remember where it was read to. */
void sst_log_drop(struct sst_follow *f, struct sst_log *log, size_t i);

/* The path names none of them, or another one: they are old. */
void sst_log_retire(struct sst_log *log, int64_t now_us);

/* Those that have been quiet for long are read out and closed. */
void sst_log_let_old_ones_end(struct sst_log *log, int64_t now_us);

/* Something to tell, unless it was told already. */
void sst_log_tell(struct sst_log *log, enum sst_follow_what what, int failure);

/* The file that the path names is not for us; said once. */
void sst_log_refuse(
	struct sst_log *log, const struct stat *st, enum sst_follow_what what);

void sst_log_close(struct sst_log *log);

/* ---- follow_look.c ---- */

/* Look at all paths, and now and then for new ones. */
enum sst_status sst_follow_look(
	struct sst_follow *f, int64_t now_us, struct sst_err *err);

/* ---- follow.c ---- */

/*
 * Generation i is not what was read: its file begins anew as another one, and
 * it ends, with the rest that a rotation copied if that is found.
 */
enum sst_status sst_log_begin_anew(struct sst_follow *f, struct sst_log *log,
	size_t i, int64_t now_us, struct sst_err *err);

/* ---- follow_kin.c ---- */

/* The files that rotations made of the log so far: known, not to be read. */
void sst_kin_remember(struct sst_follow *f, const struct sst_log *log);

/*
 * Files that rotations made of the log meanwhile. One that goes on where
 * generation `truncated` (SIZE_MAX: none) was read to is its copy, which it
 * reads from now on; copies of what was read are remembered; a copy of what is
 * still there may just be made, and is judged another time; others came and
 * went unseen: they become generations, in their place.
 */
enum sst_status sst_kin_find(struct sst_follow *f, struct sst_log *log,
	size_t truncated, int64_t now_us, struct sst_err *err);

#endif
