/* SPDX-License-Identifier: ISC */
/* From main() to the loop and back to an exit status. */
#include "cli/tool.h"

#include "cli/frame.h"
#include "cli/loop.h"
#include "os/fds.h"
#include "state/file.h"
#include "text/doc.h"
#include "text/match.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Compiled files, lists and names of a run. */
#define RUN_MEMORY_MAX ((size_t)256 << 20)

/* More waits only while one line is being made into very much. */
#define OUT_MAX ((size_t)1 << 30)

/* The exit status of a status; sst(7) repeats this table. */
static int
exit_of(enum sst_status status)
{
	switch (status) {
	case SST_OK:
	case SST_END:
		return 0;
	case SST_EUSAGE:
	case SST_ECONFIG:
		return 2;
	default:
		return 1;
	}
}

static int64_t
clock_us(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
sst_monotonic_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t
sst_run_now_us(const struct sst_run *run)
{
	return run->common->now_us != 0 ? run->common->now_us
					: clock_us(CLOCK_REALTIME);
}

void
sst_run_report(struct sst_run *run, bool now)
{
	const struct sst_frame *frame = run->frame;
	const struct sst_stats_facts facts = {
		.tool = run->tool->name,
		.key = frame->has_key ? frame->key.fingerprint : "",
		.seconds =
			(double)(sst_monotonic_us() - frame->started_us) / 1e6,
		.counters = run->tool->counters,
		.counted = frame->self,
	};
	struct sst_buf text;

	if (run->common->stats == 0 && !now)
		return;
	sst_buf_init(&text, 65536);
	if (run->common->stats == 2)
		sst_stats_put_json(&text, &run->stats, &facts);
	else
		sst_stats_put_text(&text, &run->stats, &facts);
	sst_say_raw(text.at, text.len);
	sst_buf_release(&text);
}

/* ---- what is no work: --help, --version ---- */

static void
put_help(struct sst_run *run, const struct sst_opt *const *tables)
{
	const struct sst_tool *tool = run->tool;

	sst_buf_printf(&run->out, "Usage: %s %s\n%s\n", tool->name,
		tool->synopsis, tool->about);
	sst_opts_help(&run->out, tables, run->common->help == 2);
	if (tool->examples != NULL)
		sst_buf_printf(&run->out, "\nExamples\n%s", tool->examples);
	sst_buf_printf(&run->out, "\nMore: man %s, man sst%s\n", tool->name,
		run->common->help == 2 ? ""
				       : "; --help=all shows every option");
}

static void
put_version(struct sst_run *run)
{
	sst_buf_printf(&run->out, "%s %s\nPCRE2 %s, yajl %s, %s",
		run->tool->name, SST_VERSION, sst_match_library_version(),
		sst_doc_library_version(), sst_source_library_versions());
	if (run->tool->put_versions != NULL)
		run->tool->put_versions(&run->out);
	sst_buf_byte(&run->out, '\n');
}

/* ---- setting up ---- */

/* --config is looked for before the options are parsed, since its words come
 * before theirs. */
static const char *
config_of(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--config=", 9) == 0)
			return argv[i] + 9;
		if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			return argv[i + 1];
	}
	return NULL;
}

static enum sst_status
parse(struct sst_run *run, const struct sst_opt *const *tables, int argc,
	char **argv, struct sst_err *err)
{
	const struct sst_opts opts = {
		.tables = tables,
		.config = run->frame->self,
		.arena = &run->arena,
		.now_us = clock_us(CLOCK_REALTIME),
	};
	const char *config = config_of(argc, argv);
	enum sst_status status = SST_OK;

	if (config != NULL)
		status = sst_config_words(
			&run->arena, config, &argc, &argv, err);
	if (status == SST_OK)
		status = sst_opts_parse(
			&opts, argc, argv, &run->frame->inputs, err);
	run->say.is_quiet = run->common->is_quiet;
	run->say.is_verbose = run->common->is_verbose;
	run->say.has_levels = getenv("JOURNAL_STREAM") != NULL;
	return status;
}

/* Add the names in FILE, one a line. */
static enum sst_status
add_files(struct sst_run *run, const char *path, struct sst_err *err)
{
	struct sst_list *inputs = &run->frame->inputs;
	struct sst_buf text;
	enum sst_status status;
	size_t lines = 1, start = 0;
	const char **at;

	sst_buf_init(&text, (size_t)64 << 20);
	status = sst_file_read(&text, path, err);
	if (status == SST_END)
		status = sst_fail(err, SST_EUSAGE,
			"--files-from: no such file: '%s'", path);
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	at = sst_arena_take(&run->arena, (inputs->n + lines) * sizeof(at[0]));
	if (at == NULL && status == SST_OK)
		status = sst_fail_memory(err, "names of files");
	if (status != SST_OK)
		goto out;
	if (inputs->n != 0)
		memcpy(at, inputs->at, inputs->n * sizeof(at[0]));
	inputs->at = at;
	while (start < text.len) {
		struct sst_span rest =
			sst_span_from(sst_buf_span(&text), start);
		size_t len = sst_span_find(rest, '\n');

		if (len > 0)
			at[inputs->n++] = sst_arena_copy(
				&run->arena, sst_span_head(rest, len))
						  .at;
		start += len + 1;
	}
out:
	sst_buf_release(&text);
	return status;
}

static enum sst_status
find_inputs(struct sst_run *run, struct sst_err *err)
{
	static const char *standard_input[] = { "-" };
	struct sst_list *inputs = &run->frame->inputs;
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < run->common->files_from.n && status == SST_OK;
		i++)
		status = add_files(run, run->common->files_from.at[i], err);
	if (status != SST_OK)
		return status;
	if (run->following != NULL) {
		status = sst_follow_check(run, err);
		if (status != SST_OK)
			return status;
	}
	if (inputs->n == 0 && run->common->files_from.n == 0) {
		if (isatty(STDIN_FILENO))
			return sst_fail(err, SST_EUSAGE,
				"no input: name files, or pipe something in");
		*inputs = (struct sst_list){ standard_input, 1 };
	}
	if (run->tool->arrange != NULL)
		return run->tool->arrange(run->frame->self, run, inputs, err);
	return SST_OK;
}

static enum sst_status
open_rejects(struct sst_run *run, struct sst_err *err)
{
	const char *path = run->common->rejects;
	int fd;

	if (path == NULL)
		return SST_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		S_IRUSR | S_IWUSR);
	if (fd != -1)
		run->frame->rejects = fdopen(fd, "w");
	if (run->frame->rejects == NULL)
		return sst_fail(err, SST_EIO,
			"--rejects: cannot write '%s': %s", path,
			strerror(errno));
	return SST_OK;
}

static enum sst_status
close_rejects(struct sst_run *run, struct sst_err *err)
{
	FILE *to = run->frame->rejects;
	bool is_bad;

	if (to == NULL)
		return SST_OK;
	run->frame->rejects = NULL;
	is_bad = ferror(to) != 0;
	is_bad |= fclose(to) != 0;
	if (is_bad)
		return sst_fail(err, SST_EIO, "--rejects: cannot write '%s'",
			run->common->rejects);
	return SST_OK;
}

/* ---- the whole ---- */

static enum sst_status
test_file(struct sst_run *run, struct sst_err *err)
{
	if (run->tool->test == NULL)
		return sst_fail(err, SST_EUSAGE,
			"--test: this tool reads no files with samples");
	return run->tool->test(run->frame->self, run, run->common->test, err);
}

/* Open what options name: first the key, whether this tool uses it or not. */
static enum sst_status
start(struct sst_run *run, struct sst_err *err)
{
	const struct sst_key *key;
	enum sst_status status = SST_OK;

	if (run->common->hash_key != NULL)
		status = sst_run_key(run, &key, err);
	if (status != SST_OK)
		return status;
	return run->common->test != NULL
		       ? test_file(run, err)
		       : run->tool->start(run->frame->self, run, err);
}

/* All but parsing and cleaning up. */
static enum sst_status
work(struct sst_run *run, bool stdout_is_closed, struct sst_err *err)
{
	struct sst_frame *frame = run->frame;
	enum sst_status status = start(run, err);

	if (status == SST_END ||
		(status == SST_OK && run->common->test != NULL) ||
		(run->common->test != NULL && run->out.len > 0)) {
		enum sst_status said = sst_run_flush(run, err);

		return status == SST_END || status == SST_OK ? said : status;
	}
	if (status != SST_OK || run->common->validate)
		return status;
	if (stdout_is_closed && run->common->output == NULL &&
		!run->tool->takes_no_output)
		return sst_fail(err, SST_EIO, "standard output is closed");
	status = find_inputs(run, err);
	if (status == SST_OK && run->common->output != NULL)
		status = sst_output_open(
			&frame->output, run->common->output, err);
	if (status == SST_OK)
		status = open_rejects(run, err);
	if (status == SST_OK)
		status = sst_loop(run, err);
	if (status != SST_EUSAGE && status != SST_ECONFIG)
		sst_run_report(run, false);
	return status;
}

static int
conclude(struct sst_run *run, enum sst_status status, struct sst_err *err)
{
	struct sst_err late = { 0 };
	int code;

	if (status != SST_OK && status != SST_END)
		sst_say_err(&run->say, err);
	code = exit_of(status);
	if (close_rejects(run, &late) != SST_OK ||
		sst_output_close(&run->frame->output, &late) != SST_OK) {
		if (code == 0)
			sst_say_err(&run->say, &late);
		code = code == 0 ? 1 : code;
	}
	if (code == 0 && run->frame->is_broken)
		code = 1;
	if (code == 0 && (run->has_found || (run->common->fail_on_reject &&
						    run->stats.rejected > 0)))
		code = 3;
	sst_say_end(&run->say);
	return code;
}

int
sst_tool_main(const struct sst_tool *tool, void *self, int argc, char **argv)
{
	const struct sst_opt *const tables[] = { tool->opts, sst_common_opts,
		NULL };
	struct sst_common *common = self;
	struct sst_frame frame = { .self = self,
		.started_us = sst_monotonic_us() };
	struct sst_run run = {
		.tool = tool, .common = common, .input = "-", .frame = &frame
	};
	struct sst_err err = { 0 };
	bool stdout_is_closed =
		(sst_fds_make_safe() & SST_FD_STDOUT_WAS_CLOSED) != 0;
	enum sst_status status;
	int code;

	common->max_line = tool->max_line;
	common->grace_us = 10 * INT64_C(1000000);
	sst_say_init(&run.say, tool->name);
	sst_arena_init(&run.arena, RUN_MEMORY_MAX);
	sst_buf_init(&run.out, OUT_MAX);
	sst_signals_install();
	(void)!sst_output_open(&frame.output, NULL, &err);

	status = parse(&run, tables, argc, argv, &err);
	if (status != SST_OK) {
		sst_say_err(&run.say, &err);
		sst_say(&run.say, SST_SAY_ERROR, "try '%s --help'", tool->name);
		err.text[0] = '\0';
	} else if (common->help != 0 || common->version) {
		if (common->help != 0)
			put_help(&run, tables);
		else
			put_version(&run);
		status = sst_run_flush(&run, &err);
	} else {
		status = work(&run, stdout_is_closed, &err);
	}
	code = conclude(&run, status, &err);

	sst_parallel_close(&run);
	if (tool->release != NULL)
		tool->release(self);
	sst_lines_close(frame.lines);
	sst_source_close(frame.source);
	sst_key_wipe(&frame.key);
	sst_buf_release(&run.out);
	sst_arena_release(&run.arena);
	return code;
}
