/* SPDX-License-Identifier: ISC */
#include "enrich/geo_copy.h"

#include "enrich/geo_guard.h"
#include "os/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The largest published databases have 1 GiB. */
#define FILE_MAX ((off_t)2 * 1024 * 1024 * 1024)
/* Where libmaxminddb looks for the metadata. */
#define TAIL ((size_t)128 * 1024)

static enum sst_status
refuse(struct sst_err *err, const char *path, const char *why)
{
	return sst_fail(err, SST_ECONFIG, "%s: %s", path, why);
}

/* All of `from` to `to`. False: errno, or 0 when the file changed its size. */
static bool
copy(int from, int to, off_t size)
{
	char block[32 * 1024];

	while (size > 0) {
		ssize_t got = read(from, block, sizeof(block)), put;

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0 || got > size) {
			errno = got < 0 ? errno : 0;
			return false;
		}
		size -= got;
		for (const char *at = block; got > 0; at += put, got -= put) {
			put = write(to, at, (size_t)got);
			if (put == -1 && errno == EINTR)
				put = 0;
			if (put < 0)
				return false;
		}
	}
	return true;
}

/* Are the metadata there, and safe to be decoded? */
static bool
has_sane_metadata(int fd, off_t size)
{
	size_t n = size < (off_t)TAIL ? (size_t)size : TAIL, at;
	uint8_t *tail = malloc(n + 1);
	bool is_sane = false;

	if (tail != NULL && pread(fd, tail, n, size - (off_t)n) == (ssize_t)n) {
		at = sst_geo_find_metadata(tail, n);
		is_sane = sst_geo_is_sane(tail + at, n - at, 0);
	}
	free(tail);
	return is_sane;
}

/* May the file be trusted as far as its owner goes? */
static enum sst_status
check_file(int fd, const char *path, off_t *size, struct sst_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(err, path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(err, path, "is no regular file");
	if ((st.st_uid != 0 && st.st_uid != geteuid()) ||
		(st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return refuse(err, path,
			"must belong to root or you, and be writable by "
			"nobody else");
	if (st.st_size > FILE_MAX)
		return refuse(err, path, "is larger than 2 GiB");
	*size = st.st_size;
	return SST_OK;
}

/* The descriptor of the copy, or -1 and a message. */
static int
copy_to_memory(int from, const char *path, off_t size, struct sst_err *err)
{
	int to = sst_memfd_make("sst-geo");

	if (to != -1 && copy(from, to, size) && sst_memfd_seal(to)) {
		if (has_sane_metadata(to, size))
			return to;
		(void)refuse(err, path,
			"is no MaxMind DB file: no sound metadata at its end");
	} else {
		(void)sst_fail(err, SST_ECONFIG, "cannot copy %s to memory: %s",
			path,
			errno == 0 ? "it changed meanwhile" : strerror(errno));
	}
	if (to != -1)
		(void)close(to);
	return -1;
}

enum sst_status
sst_geo_copy(const char *path, int *fd, struct sst_err *err)
{
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum sst_status status;
	off_t size = 0;

	*fd = -1;
	if (from == -1)
		return sst_fail(err, SST_ECONFIG, "cannot open %s: %s", path,
			strerror(errno));
	status = check_file(from, path, &size, err);
	if (status == SST_OK) {
		*fd = copy_to_memory(from, path, size, err);
		if (*fd == -1)
			status = SST_ECONFIG;
	}
	(void)close(from);
	return status;
}
