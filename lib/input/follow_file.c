/* SPDX-License-Identifier: ISC */
/* One file that is followed: is it still the one that was read, and what is
 * new in it? */
#include "input/follow_parts.h"

#include "input/codec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* pread(2), again after signals; a regular file gives all that is there. */
static ssize_t
read_at(int fd, void *to, size_t n, uint64_t at)
{
	ssize_t got;

	do
		got = pread(fd, to, n, (off_t)at);
	while (got == -1 && errno == EINTR);
	return got;
}

/* Do these bytes stand there? */
static bool
stands_at(int fd, const char *bytes, size_t n, uint64_t at)
{
	char have[SST_HEAD > SST_TAIL ? SST_HEAD : SST_TAIL];

	return n == 0 || (read_at(fd, have, n, at) == (ssize_t)n &&
				 memcmp(have, bytes, n) == 0);
}

/* The last bytes before `at`, and the first ones. */
static void
learn(struct sst_generation *g)
{
	size_t head = g->at < SST_HEAD ? (size_t)g->at : SST_HEAD;
	size_t tail = g->at < SST_TAIL ? (size_t)g->at : SST_TAIL;

	if (read_at(g->fd, g->head, head, 0) == (ssize_t)head)
		g->head_len = head;
	if (read_at(g->fd, g->tail, tail, g->at - tail) == (ssize_t)tail)
		g->tail_len = tail;
}

bool
sst_generation_peek(struct sst_generation *g)
{
	ssize_t n = read_at(g->fd, g->head, SST_HEAD, 0);

	g->head_len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

struct sst_generation *
sst_generation_open(int fd, size_t max_line, const struct sst_known *place)
{
	struct sst_generation *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->fd = fd;
	g->id = place->id;
	g->at = place->at;
	sst_slicer_init(&g->slicer, max_line, place->at);
	if (place->number != 0)
		g->slicer.number = place->number;
	learn(g);
	return g;
}

void
sst_generation_close(struct sst_generation *g)
{
	if (g == NULL)
		return;
	if (g->fd != -1)
		(void)close(g->fd);
	sst_slicer_release(&g->slicer);
	free(g);
}

static bool
is_changed(const struct sst_generation *g, const struct stat *st)
{
	return (uint64_t)st->st_size != g->at ||
	       st->st_mtim.tv_sec != g->changed.tv_sec ||
	       st->st_mtim.tv_nsec != g->changed.tv_nsec;
}

bool
sst_generation_may_have_news(const struct sst_generation *g)
{
	struct stat st;

	return g->is_ending || g->fd == -1 || fstat(g->fd, &st) == -1 ||
	       is_changed(g, &st);
}

bool
sst_generation_has_head_of(int fd, const struct sst_generation *g)
{
	char have[SST_HEAD];
	ssize_t n = read_at(fd, have, g->head_len, 0);

	return n >= 0 && memcmp(have, g->head, (size_t)n) == 0;
}

bool
sst_generation_begins_as(const struct sst_generation *g, int fd)
{
	char ours[SST_HEAD], theirs[SST_HEAD];
	ssize_t n = read_at(g->fd, ours, sizeof(ours), 0);
	ssize_t m = read_at(fd, theirs, sizeof(theirs), 0);

	return n > 0 && m > 0 &&
	       memcmp(ours, theirs, (size_t)(n < m ? n : m)) == 0;
}

bool
sst_generation_has_place_of(int fd, const struct sst_generation *g)
{
	return sst_generation_has_head_of(fd, g) &&
	       stands_at(fd, g->tail, g->tail_len, g->at - g->tail_len);
}

bool
sst_generation_is_cut(const struct sst_generation *g)
{
	struct stat st;

	return g->fd != -1 && fstat(g->fd, &st) == 0 &&
	       ((uint64_t)st.st_size < g->at ||
		       !stands_at(g->fd, g->head, g->head_len, 0) ||
		       !stands_at(g->fd, g->tail, g->tail_len,
			       g->at - g->tail_len));
}

/* New bytes: they lengthen the head, and are the tail. */
static void
note_read(struct sst_generation *g, const char *at, size_t n)
{
	size_t end = g->at < SST_HEAD ? (size_t)g->at + n : 0;

	end = end < SST_HEAD ? end : SST_HEAD;
	if (g->head_len >= g->at && g->head_len < end) {
		size_t from = g->head_len - (size_t)g->at;

		memcpy(g->head + g->head_len, at + from, end - g->head_len);
		g->head_len = end;
	}
	g->at += n;
	if (n < SST_TAIL) {
		size_t old =
			g->tail_len < SST_TAIL - n ? g->tail_len : SST_TAIL - n;

		memmove(g->tail, g->tail + g->tail_len - old, old);
		memcpy(g->tail + old, at, n);
		g->tail_len = old + n;
	} else {
		memcpy(g->tail, at + n - SST_TAIL, SST_TAIL);
		g->tail_len = SST_TAIL;
	}
}

static bool
is_packed(const char *at, size_t n)
{
	for (size_t i = 0; i < SST_CODEC_COUNT; i++)
		if (sst_codec_fit(&sst_codecs[i], (const uint8_t *)at, n) ==
			SST_MAGIC_YES)
			return true;
	return false;
}

/*
 * The bytes behind those that were read. Those before them are read with them,
 * in one call: so a file that is truncated and grows again at this very moment
 * is seen.
 */
static enum sst_news
fetch(struct sst_generation *g, char *text, size_t *len)
{
	char *from = text + sst_slicer_carried(&g->slicer) - g->tail_len;
	struct stat st;
	ssize_t n;

	if (fstat(g->fd, &st) == -1)
		return SST_NEWS_FAILED;
	if ((uint64_t)st.st_size < g->at ||
		!stands_at(g->fd, g->head, g->head_len, 0))
		return SST_NEWS_TRUNCATED;
	n = read_at(g->fd, from, g->tail_len + SST_FOLLOW_CHUNK,
		g->at - g->tail_len);
	if (n == -1)
		return SST_NEWS_FAILED;
	if ((size_t)n < g->tail_len || memcmp(from, g->tail, g->tail_len) != 0)
		return SST_NEWS_TRUNCATED;
	*len = (size_t)n - g->tail_len;
	if (g->at == 0 && is_packed(from, *len))
		return SST_NEWS_PACKED;
	g->changed = st.st_mtim;
	return *len > 0 ? SST_NEWS_LINES : SST_NEWS_NONE;
}

enum sst_status
sst_generation_read(struct sst_generation *g, char *buffer, enum sst_news *news,
	struct sst_slice *lines, struct sst_err *err)
{
	char *text = buffer + SST_TAIL;
	size_t carried = sst_slicer_carried(&g->slicer), len = 0;
	enum sst_status status;
	bool is_end;

	*news = g->fd == -1 ? SST_NEWS_NONE : fetch(g, text, &len);
	is_end = *news == SST_NEWS_NONE && g->is_ending;
	if (*news != SST_NEWS_LINES && !is_end)
		return SST_OK;
	note_read(g, text + carried, len);
	status = sst_slicer_cut(
		&g->slicer, text, carried + len, is_end, lines, err);
	if (is_end)
		*news = lines->text.len == 0 ? SST_NEWS_ENDED : SST_NEWS_LINES;
	return status;
}

uint64_t
sst_last_line_of(int fd, uint64_t size, size_t max_line)
{
	char text[4096];
	uint64_t at = size;

	while (at > 0 && size - at <= max_line) {
		size_t n = at < sizeof(text) ? (size_t)at : sizeof(text);

		if (read_at(fd, text, n, at - n) != (ssize_t)n)
			break;
		for (size_t i = n; i > 0; i--)
			if (text[i - 1] == '\n')
				return at - n + i;
		at -= n;
	}
	return at == 0 ? 0 : size;
}
