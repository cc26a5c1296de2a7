/* SPDX-License-Identifier: ISC */
#include "input/source.h"

#include "input/codec.h"
#include "input/inflate.h"
#include "os/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sst_source {
	int fd;
	bool is_ours; /* to close: not stdin */
	enum sst_source_kind kind;
	uint64_t size;
	int64_t modified_us;
	struct sst_inflate *inflate;
	bool is_narrow;
	uint64_t from,
		left; /* of a narrowed one: where it began, bytes to go */
};

static ssize_t
read_fd(void *from, void *to, size_t n)
{
	return read(*(const int *)from, to, n);
}

static enum sst_source_kind
kind_of(int fd, mode_t mode)
{
	if (S_ISREG(mode))
		return SST_SOURCE_FILE;
	if (S_ISFIFO(mode))
		return SST_SOURCE_PIPE;
	if (S_ISSOCK(mode))
		return SST_SOURCE_SOCKET;
	return isatty(fd) ? SST_SOURCE_TERMINAL : SST_SOURCE_DEVICE;
}

/* Learn what has been opened. */
static enum sst_status
examine(struct sst_source *source, const char *path, struct sst_err *err)
{
	struct stat st;

	if (fstat(source->fd, &st) == -1)
		return sst_fail(err, SST_EIO, "cannot read '%s': %s", path,
			strerror(errno));
	if (S_ISDIR(st.st_mode))
		return sst_fail(
			err, SST_EIO, "cannot read '%s': is a directory", path);
	source->kind = kind_of(source->fd, st.st_mode);
	if (source->kind == SST_SOURCE_FILE) {
		source->size = (uint64_t)st.st_size;
		source->modified_us = (int64_t)st.st_mtim.tv_sec * 1000000 +
				      st.st_mtim.tv_nsec / 1000;
		sst_fd_read_ahead(source->fd);
	}
	return SST_OK;
}

enum sst_status
sst_source_open(struct sst_source **out, const char *path, struct sst_err *err)
{
	struct sst_source *source = calloc(1, sizeof(*source));
	enum sst_status status;

	*out = NULL;
	if (source == NULL)
		return sst_fail_memory(err, "an input");
	source->fd = STDIN_FILENO;
	if (strcmp(path, "-") != 0) {
		source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		source->is_ours = source->fd != -1;
	}
	if (source->fd == -1 && errno == EINTR)
		status = SST_AGAIN;
	else if (source->fd == -1)
		status = sst_fail(err, SST_EIO, "cannot open '%s': %s", path,
			strerror(errno));
	else
		status = examine(source, path, err);
	if (status == SST_OK)
		status = sst_inflate_open(&source->inflate,
			(struct sst_reader){ read_fd, &source->fd }, err);
	if (status != SST_OK) {
		sst_source_close(source);
		return status;
	}
	*out = source;
	return SST_OK;
}

static ssize_t
read_source(void *from, void *to, size_t n)
{
	struct sst_source *source = from;
	ssize_t got;

	if (!source->is_narrow)
		return sst_inflate_read(source->inflate, to, n);
	got = read(source->fd, to, n < source->left ? n : (size_t)source->left);
	if (got > 0)
		source->left -= (uint64_t)got;
	return got;
}

bool
sst_source_is_plain(const struct sst_source *source)
{
	uint8_t head[SST_MAGIC_MAX];
	ssize_t n;

	if (source->kind != SST_SOURCE_FILE || !source->is_ours)
		return false;
	n = pread(source->fd, head, sizeof(head), 0);
	for (size_t i = 0; i < SST_CODEC_COUNT && n > 0; i++)
		if (sst_codec_fit(&sst_codecs[i], head, (size_t)n) !=
			SST_MAGIC_NO)
			return false;
	return n >= 0;
}

enum sst_status
sst_source_narrow(struct sst_source *source, uint64_t from, uint64_t until,
	struct sst_err *err)
{
	if (lseek(source->fd, (off_t)from, SEEK_SET) == -1)
		return sst_fail(err, SST_EIO,
			"cannot go to byte %" PRIu64 ": %s", from,
			strerror(errno));
	source->is_narrow = true;
	source->from = from;
	source->left = until - from;
	return SST_OK;
}

uint64_t
sst_source_offset(const struct sst_source *source)
{
	return source->from;
}

struct sst_reader
sst_source_reader(struct sst_source *source)
{
	return (struct sst_reader){ read_source, source };
}

const char *
sst_source_damage(const struct sst_source *source)
{
	return sst_inflate_damage(source->inflate);
}

bool
sst_source_has_more(const struct sst_source *source)
{
	return sst_inflate_has_more(source->inflate);
}

int
sst_source_fd(const struct sst_source *source)
{
	return source->fd;
}

enum sst_source_kind
sst_source_kind(const struct sst_source *source)
{
	return source->kind;
}

uint64_t
sst_source_bytes_read(const struct sst_source *source)
{
	return sst_inflate_bytes_read(source->inflate);
}

uint64_t
sst_source_size(const struct sst_source *source)
{
	return source->size;
}

int64_t
sst_source_modified_us(const struct sst_source *source)
{
	return source->modified_us;
}

void
sst_source_close(struct sst_source *source)
{
	if (source == NULL)
		return;
	sst_inflate_close(source->inflate);
	/* Only read from: a failing close loses nothing. */
	if (source->is_ours)
		(void)close(source->fd);
	free(source);
}

/* bzip2 says "1.0.8, 13-Jul-2019": the part before the comma will do. */
const char *
sst_source_library_versions(void)
{
	static char text[128];
	size_t len = 0;

	for (size_t i = 0; i < SST_CODEC_COUNT; i++) {
		const char *version = sst_codecs[i].version();
		int n = snprintf(text + len, sizeof(text) - len, "%s%s %.*s",
			i == 0 ? "" : ", ", sst_codecs[i].library,
			(int)strcspn(version, ", "), version);

		if (n < 0 || (size_t)n >= sizeof(text) - len)
			break;
		len += (size_t)n;
	}
	return text;
}
