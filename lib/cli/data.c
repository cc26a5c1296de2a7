/* SPDX-License-Identifier: ISC */
/* Where the files are that are named by a name: formats, rules, policies. */
#include "cli/frame.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SST_FORMATS_DIR
#define SST_FORMATS_DIR "/usr/local/share/sst"
#endif

static bool
add_dir(struct sst_run *run, struct sst_span dir)
{
	struct sst_list *dirs = &run->frame->dirs;
	struct sst_span copy = sst_arena_copy(&run->arena, dir);
	const char **at = sst_arena_take(
		&run->arena, (dirs->n + 1) * sizeof(dirs->at[0]));

	if (copy.at == NULL || at == NULL)
		return false;
	if (dirs->n != 0)
		memcpy(at, dirs->at, dirs->n * sizeof(at[0]));
	at[dirs->n++] = copy.at;
	dirs->at = at;
	return true;
}

/* --data-dir, then SST_PATH (like PATH), then the installed folder. */
static enum sst_status
learn_dirs(struct sst_run *run, struct sst_err *err)
{
	const char *path = getenv("SST_PATH");
	struct sst_span rest = sst_span_of(path == NULL ? "" : path);
	bool is_good = true;

	if (run->frame->dirs.n != 0)
		return SST_OK;
	for (size_t i = 0; i < run->common->data_dirs.n; i++)
		is_good &=
			add_dir(run, sst_span_of(run->common->data_dirs.at[i]));
	while (rest.len > 0) {
		size_t len = sst_span_find(rest, ':');

		if (len > 0)
			is_good &= add_dir(run, sst_span_head(rest, len));
		rest = sst_span_from(rest, len + (len < rest.len));
	}
	is_good &= add_dir(run, sst_span_of(SST_FORMATS_DIR));
	return is_good ? SST_OK : sst_fail_memory(err, "names");
}

static const char *
join(struct sst_run *run, const char *dir, const char *kind, const char *name)
{
	struct sst_buf path;
	struct sst_span copy;

	sst_buf_init(&path, 4096);
	sst_buf_printf(&path, "%s/%s%s%s.json", dir, kind,
		kind[0] == '\0' ? "" : "/", name);
	copy = path.is_short ? sst_span(NULL, 0)
			     : sst_arena_copy(&run->arena, sst_buf_span(&path));
	sst_buf_release(&path);
	return copy.at;
}

enum sst_status
sst_run_find(struct sst_run *run, const char *kind, const char *name,
	const char **path, struct sst_err *err)
{
	enum sst_status status = learn_dirs(run, err);
	const struct sst_list *dirs = &run->frame->dirs;
	struct sst_list names;
	const char *like;

	if (status != SST_OK)
		return status;
	if (strchr(name, '/') != NULL) {
		*path = name;
		return SST_OK;
	}
	for (size_t i = 0; i < dirs->n; i++) {
		*path = join(run, dirs->at[i], kind, name);
		if (*path == NULL)
			return sst_fail_memory(err, "names");
		if (access(*path, F_OK) == 0)
			return SST_OK;
	}
	if (sst_run_names(run, kind, &names, err) != SST_OK)
		return err->status;
	like = sst_suggest(sst_span_of(name), names.at, names.n);
	if (like != NULL)
		return sst_fail(err, SST_ECONFIG,
			"no '%s' in %s/, did you mean '%s'?", name, kind, like);
	return sst_fail(err, SST_ECONFIG,
		"no '%s.json' in '%s/%s' (SST_PATH and --data-dir name other "
		"folders; a path needs a '/')",
		name, dirs->at[dirs->n - 1], kind);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The name of a data file without ".json", or a len of 0. */
static struct sst_span
stem(const char *file)
{
	static const struct sst_span ending = SST_SPAN(".json");
	struct sst_span name = sst_span_of(file);

	if (file[0] == '.' || !sst_span_ends(name, ending))
		return sst_span(NULL, 0);
	return sst_span_head(name, name.len - ending.len);
}

enum sst_status
sst_run_names(struct sst_run *run, const char *kind, struct sst_list *out,
	struct sst_err *err)
{
	enum {
		MAX = 1024
	}; /* files of one kind */
	enum sst_status status = learn_dirs(run, err);
	const char **at = sst_arena_take(&run->arena, MAX * sizeof(at[0]));
	size_t n = 0, kept = 0;

	if (status != SST_OK || at == NULL)
		return at == NULL ? sst_fail_memory(err, "names") : status;
	for (size_t i = 0; i < run->frame->dirs.n; i++) {
		char path[4096];
		struct dirent *entry;
		DIR *dir;

		(void)snprintf(path, sizeof(path), "%s/%s",
			run->frame->dirs.at[i], kind);
		dir = opendir(path);
		while (dir != NULL && n < MAX &&
			(entry = readdir(dir)) != NULL) {
			struct sst_span name = stem(entry->d_name);

			if (name.len == 0)
				continue;
			at[n] = sst_arena_copy(&run->arena, name).at;
			if (at[n] != NULL)
				n++;
		}
		if (dir != NULL)
			(void)closedir(dir);
	}
	qsort(at, n, sizeof(at[0]), by_name);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(at[kept - 1], at[i]) != 0)
			at[kept++] = at[i];
	*out = (struct sst_list){ at, kept };
	return SST_OK;
}
