/* SPDX-License-Identifier: ISC */
/*
 * file_id -- which file it is, whatever it is called.
 *
 * Device and inode tell open files apart; an inode is used again as soon as its
 * file is gone, which the time of birth shows where the system knows it (Linux:
 * statx(2)). Elsewhere that is 0.
 */
#ifndef SST_OS_FILE_ID_H
#define SST_OS_FILE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct sst_file_id {
	uint64_t device, inode;
	int64_t born_us; /* since 1970; 0: unknown */
};

/* Of an open file; false: errno says why. */
bool sst_file_id_of(int fd, struct sst_file_id *out);

static inline bool
sst_file_id_eq(const struct sst_file_id *a, const struct sst_file_id *b)
{
	return a->inode == b->inode && a->device == b->device &&
	       a->born_us == b->born_us;
}

#endif
