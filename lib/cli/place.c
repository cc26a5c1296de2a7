/* SPDX-License-Identifier: ISC */
/* Times in files: which file is the oldest, and where in one a time is. */
#include "cli/frame.h"
#include "cli/loop.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many lines at the beginning of a file are looked at for a time. */
#define PEEK_LINES 64

/* A probe reads so much, and reads on where no line of it has a time. */
#define PROBE ((size_t)64 * 1024)
#define PROBES_ON 16

/* Nearer than this nothing is gained by another probe. */
#define NEAR ((uint64_t)256 * 1024)

/*
 * A server writes a line when the answer is sent, but some write the time of
 * the request in it: times lag behind by what answers take. So a place is
 * judged by the latest time of its lines, reading begins a little before a time
 * and ends an hour after one.
 */
#define BEFORE_US (INT64_C(5) * 60 * 1000000)
#define AFTER_US (INT64_C(60) * 60 * 1000000)

static int64_t
time_of(struct sst_run *run, struct sst_span line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0 || line.len > run->common->max_line)
		return INT64_MIN;
	return run->tool->time_of(run->frame->self, run, line);
}

/* ---- the order of files ---- */

/* The first time in lines that are read for it alone; INT64_MAX: none. */
static int64_t
first_of_lines(struct sst_run *run, struct sst_lines *lines)
{
	struct sst_err err = { 0 };
	int tries = 0;

	while (tries < PEEK_LINES) {
		struct sst_line line;
		enum sst_status status = sst_lines_next(lines, &line);
		int64_t found;

		if (status == SST_AGAIN) {
			status = sst_lines_fill(lines, &err);
			if (status == SST_OK || status == SST_AGAIN)
				continue;
		}
		if (status != SST_OK)
			break;
		tries++;
		found = time_of(run, line.text);
		if (found != INT64_MIN)
			return found;
	}
	return INT64_MAX;
}

static int64_t
first_time(struct sst_run *run, const char *path)
{
	struct sst_source *source = NULL;
	struct sst_lines *lines = NULL;
	struct sst_err err = { 0 };
	int64_t found = INT64_MAX;

	/* What cannot be opened is said when it is to be read. */
	if (sst_source_open(&source, path, &err) == SST_OK &&
		sst_source_kind(source) == SST_SOURCE_FILE &&
		sst_lines_open(&lines, sst_source_reader(source),
			run->common->max_line + 1, &err) == SST_OK)
		found = first_of_lines(run, lines);
	sst_lines_close(lines);
	sst_source_close(source);
	return found;
}

struct dated {
	const char *path;
	int64_t first_us;
	size_t given; /* files of one time keep their order */
};

static int
by_time(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return (x->given > y->given) - (x->given < y->given);
}

enum sst_status
sst_run_by_time(
	struct sst_run *run, struct sst_list *inputs, struct sst_err *err)
{
	struct dated *dated;
	size_t known = 0;

	if (inputs->n < 2)
		return SST_OK;
	dated = sst_arena_take(&run->arena, inputs->n * sizeof(*dated));
	if (dated == NULL)
		return sst_fail_memory(err, "names of files");
	for (size_t i = 0; i < inputs->n; i++) {
		dated[i] = (struct dated){ inputs->at[i],
			first_time(run, inputs->at[i]), i };
		known += dated[i].first_us != INT64_MAX;
	}
	if (known < 2)
		return SST_OK;
	qsort(dated, inputs->n, sizeof(*dated), by_time);
	for (size_t i = 0; i < inputs->n; i++)
		inputs->at[i] = dated[i].path;
	return SST_OK;
}

/* ---- the place of a time ---- */

struct probe {
	struct sst_run *run;
	int fd;
	char *text; /* PROBE bytes and SST_PAD */
};

/* The latest time of the whole lines in a stretch; *next is where the first
 * whole line begins, behind what may be the rest of one. */
static int64_t
latest_in(const struct probe *p, struct sst_span text, bool is_begin,
	size_t *next)
{
	size_t at = is_begin ? 0 : sst_span_find(text, '\n') + 1, len;
	int64_t latest = INT64_MIN;

	*next = at;
	for (; at < text.len; at += len + 1) {
		struct sst_span rest = sst_span_from(text, at);
		int64_t found;

		len = sst_span_find(rest, '\n');
		if (len == rest.len)
			break;
		found = time_of(p->run, sst_span_head(rest, len));
		latest = found > latest ? found : latest;
	}
	return latest;
}

/* The latest time near an offset, and where the lines that say so begin. */
static int64_t
time_at(const struct probe *p, uint64_t offset, uint64_t *line_at)
{
	for (unsigned i = 0; i < PROBES_ON; i++, offset += PROBE) {
		ssize_t n = pread(p->fd, p->text, PROBE, (off_t)offset);
		struct sst_span text;
		int64_t found;
		size_t next;

		if (n <= 0)
			break;
		text = sst_span(p->text, (size_t)n);
		found = latest_in(p, text, offset == 0, &next);
		*line_at = offset + next;
		if (found != INT64_MIN)
			return found;
	}
	return INT64_MIN;
}

/* Begins of lines, with nothing but earlier times before `before` of what a
 * probe of them saw, and nothing but later ones after `after`. */
struct place {
	uint64_t before, after;
};

/* Halve the file until the time is near; a stretch without times ends it. */
static struct place
find_time(const struct probe *p, uint64_t size, int64_t wanted_us)
{
	struct place place = { 0, size };
	uint64_t low = 0, high = size;

	while (high - low > NEAR) {
		uint64_t middle = low + (high - low) / 2, line_at = middle;
		int64_t found = time_at(p, middle, &line_at);

		if (found == INT64_MIN)
			break;
		if (found < wanted_us) {
			low = middle;
			place.before = line_at;
		} else {
			high = middle;
			place.after = line_at;
		}
	}
	return place;
}

/* A file with header lines is read as a whole: they say what follows. */
static bool
has_header(const struct probe *p)
{
	char first;

	return pread(p->fd, &first, 1, 0) != 1 || first == '#';
}

enum sst_status
sst_place_narrow(struct sst_run *run, struct sst_err *err)
{
	struct sst_source *source = run->frame->source;
	int64_t from_us = INT64_MIN, until_us = INT64_MAX;
	uint64_t size = sst_source_size(source);
	uint64_t from = 0, until = UINT64_MAX;
	struct probe p = { run, sst_source_fd(source), NULL };

	if (run->tool->range != NULL)
		run->tool->range(run->frame->self, &from_us, &until_us);
	if ((from_us == INT64_MIN && until_us == INT64_MAX) ||
		!sst_source_is_plain(source) || size <= NEAR || has_header(&p))
		return SST_OK;
	p.text = calloc(1, PROBE + SST_PAD);
	if (p.text == NULL)
		return sst_fail_memory(err, "a look into a file");
	if (from_us > INT64_MIN + BEFORE_US)
		from = find_time(&p, size, from_us - BEFORE_US).before;
	if (until_us < INT64_MAX - AFTER_US)
		until = find_time(&p, size, until_us + AFTER_US).after;
	free(p.text);
	if (until >= size)
		until = UINT64_MAX; /* it may grow meanwhile */
	if (until <= from)
		until = from;
	run->stats.bytes_unread +=
		from + (until == UINT64_MAX ? 0 : size - until);
	return sst_source_narrow(source, from, until, err);
}
