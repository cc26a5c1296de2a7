/* SPDX-License-Identifier: ISC */
/*
 * source -- one input: stdin or a file, decompressed.
 *
 * gzip, zstd, xz and bzip2 are recognized by their first bytes, whatever the
 * name, also on a pipe; members and frames that follow one another are one
 * stream. Memory does not depend on the compression ratio. What was good
 * before a damage is given first, then the error.
 */
#ifndef SST_INPUT_SOURCE_H
#define SST_INPUT_SOURCE_H

#include "base/err.h"
#include "text/line.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_source;

enum sst_source_kind {
	SST_SOURCE_FILE, /* a regular file: never blocks, has a size */
	SST_SOURCE_PIPE, /* pipe or FIFO: somebody upstream ends it */
	SST_SOURCE_TERMINAL,
	SST_SOURCE_SOCKET,
	SST_SOURCE_DEVICE /* anything else, such as /dev/null */
};

/*
 * Open PATH; "-" is stdin, which is not closed later. SST_EIO: "cannot open
 * 'x': No such file or directory", "cannot read 'x': is a directory".
 * SST_AGAIN: a signal came while a FIFO waited for its writer. *out is NULL
 * unless SST_OK.
 */
enum sst_status sst_source_open(struct sst_source **out, const char *path,
	struct sst_err *err) SST_MUST_USE;

/*
 * Decompressed bytes; valid until close. On damage read gives -1 and errno
 * EBADMSG, after all good bytes. A read that took compressed bytes which give
 * nothing yet says EAGAIN, also of a regular file: call again.
 */
struct sst_reader sst_source_reader(struct sst_source *source);

/* Why the last read failed: "gzip data ends early", "bzip2 data is damaged";
 * NULL when it was the system (errno says). */
const char *sst_source_damage(const struct sst_source *source);

/* True when the next read needs nothing from the descriptor (bytes that wait,
 * the end, a damage to be told), so that polling would wait for nothing; such a
 * read never blocks. */
bool sst_source_has_more(const struct sst_source *source);

/* Is it a file with a name, and not compressed? */
bool sst_source_is_plain(const struct sst_source *source);

/* Read only these bytes, from..until-1, of a plain file; before the first read
 * of it. SST_EIO. */
enum sst_status sst_source_narrow(struct sst_source *source, uint64_t from,
	uint64_t until, struct sst_err *err) SST_MUST_USE;

/* Where the first byte stands that is read: 0 unless narrowed. */
uint64_t sst_source_offset(const struct sst_source *source);

int sst_source_fd(const struct sst_source *source);
enum sst_source_kind sst_source_kind(const struct sst_source *source);

/* Bytes read so far from the file itself (compressed), and its size or 0. */
uint64_t sst_source_bytes_read(const struct sst_source *source);
uint64_t sst_source_size(const struct sst_source *source);

/* Modification time, microseconds since 1970; 0 where it says nothing. */
int64_t sst_source_modified_us(const struct sst_source *source);

void sst_source_close(struct sst_source *source);

/* The decompressors' versions: "zlib 1.2.13, zstd 1.5.4, ...". */
const char *sst_source_library_versions(void);

#endif
