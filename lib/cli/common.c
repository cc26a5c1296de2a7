/* SPDX-License-Identifier: ISC */
/* The options that all tools have, and --config. */
#include "cli/frame.h"

#include "state/file.h"

#include <string.h>

#define AT(field) offsetof(struct sst_common, field)

/* Larger than any event or log line has a reason to be. */
#define MAX_LINE_MAX ((int64_t)64 << 20)

const struct sst_opt sst_common_opts[] = {
	{ .letter = 'o',
		.name = "output",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(output),
		.group = "Input and output",
		.help = "write there, not to stdout; opened again on SIGHUP" },
	{ .name = "files-from",
		.arg = "FILE",
		.kind = SST_OPT_LIST,
		.at = AT(files_from),
		.is_rare = true,
		.help = "read names of input files from FILE, one a line" },
	{ .letter = 'n',
		.name = "stop-after",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(stop_after),
		.min = 1,
		.help = "stop after N events" },
	{ .name = "max-line",
		.arg = "SIZE",
		.kind = SST_OPT_SIZE,
		.at = AT(max_line),
		.min = 256,
		.max = MAX_LINE_MAX,
		.is_rare = true,
		.help = "reject longer lines (64k for logs, 1M for events)" },
	{ .name = "grace",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(grace_us),
		.is_rare = true,
		.shown = "10s",
		.help = "how long a tool that reads a pipe goes on after the "
			"first SIGTERM or SIGINT" },
	{ .name = "where",
		.arg = "CONDITION",
		.kind = SST_OPT_LIST,
		.at = AT(where),
		.group = "Which events",
		.help = "keep events that fit 'KEY OP VALUE', drop the rest; "
			"OP is = != < <= > >= ~ !~ or in; repeatable" },
	{ .name = "only",
		.arg = "NAME,...",
		.kind = SST_OPT_NAMES,
		.at = AT(only),
		.help = "keep events of these names" },
	{ .name = "skip",
		.arg = "NAME,...",
		.kind = SST_OPT_NAMES,
		.at = AT(skip),
		.help = "drop events of these names" },
	{ .name = "stats",
		.arg = "text|json",
		.kind = SST_OPT_CHOICE,
		.is_arg_optional = true,
		.default_arg = "text",
		.choices = "text|json",
		.at = AT(stats),
		.group = "Accounting",
		.help = "print the totals to stderr at the end" },
	{ .name = "rejects",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(rejects),
		.help = "write a line of JSON for each rejected line" },
	{ .name = "rejects-text",
		.arg = "masked|raw",
		.kind = SST_OPT_CHOICE,
		.is_arg_optional = true,
		.default_arg = "masked",
		.choices = "masked|raw",
		.at = AT(rejects_text),
		.is_rare = true,
		.help = "and the line itself, letters and digits masked unless "
			"'raw'" },
	{ .name = "fail-on-reject",
		.kind = SST_OPT_FLAG,
		.at = AT(fail_on_reject),
		.help = "exit 3 when a line was rejected" },
	{ .name = "hash-key",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(hash_key),
		.group = "Setup",
		.help = "the secret behind ids: 32 raw bytes, hex or base64; "
			"made at the first run when not given" },
	{ .name = "data-dir",
		.arg = "DIR",
		.kind = SST_OPT_LIST,
		.at = AT(data_dirs),
		.is_rare = true,
		.help = "look there first for logs/ rules/ policies/ apis/" },
	{ .name = "now",
		.arg = "TIME",
		.kind = SST_OPT_TIME,
		.at = AT(now_us),
		.is_rare = true,
		.help = "take this for the clock, for tests and replays" },
	{ .name = "config",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(config),
		.is_rare = true,
		.help = "read options from FILE, one long option a line" },
	{ .name = "test",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(test),
		.help = "run the samples in a data file; exit 1 if one fails" },
	{ .name = "validate",
		.kind = SST_OPT_FLAG,
		.at = AT(validate),
		.help = "check options and the files they name, read no "
			"input" },
	{ .letter = 'q',
		.name = "quiet",
		.kind = SST_OPT_FLAG,
		.at = AT(is_quiet),
		.help = "errors only" },
	{ .letter = 'v',
		.name = "verbose",
		.kind = SST_OPT_FLAG,
		.at = AT(is_verbose),
		.help = "say what was found and decided" },
	{ .letter = 'h',
		.name = "help",
		.arg = "all",
		.kind = SST_OPT_CHOICE,
		.is_arg_optional = true,
		.default_arg = "main",
		.choices = "main|all",
		.at = AT(help),
		.help = "print this; --help=all prints every option" },
	{ .letter = 'V',
		.name = "version",
		.kind = SST_OPT_FLAG,
		.at = AT(version),
		.help = "print versions, the libraries' included" },
	{ 0 },
};

/* A configuration file is small; more is a mistake. */
#define CONFIG_MAX ((size_t)1 << 20)

static struct sst_span
trimmed(struct sst_span line)
{
	while (line.len > 0 && (line.at[0] == ' ' || line.at[0] == '\t'))
		line = sst_span_from(line, 1);
	while (line.len > 0 &&
		memchr(" \t\r", line.at[line.len - 1], 3) != NULL)
		line.len--;
	return line;
}

/* "name value", "name=value" or "name" as the word "--name=value". */
static char *
word_of(struct sst_arena *arena, struct sst_span line)
{
	size_t name = 0, value;
	char *word = sst_arena_take(arena, line.len + 4), *at = word;

	if (word == NULL)
		return NULL;
	if (line.len > 2 && line.at[0] == '-' && line.at[1] == '-')
		line = sst_span_from(line, 2);
	while (name < line.len && memchr(" \t=", line.at[name], 3) == NULL)
		name++;
	value = name;
	while (value < line.len && memchr(" \t=", line.at[value], 3) != NULL)
		value++;
	memcpy(at, "--", 2);
	memcpy(at + 2, line.at, name);
	at += 2 + name;
	if (name < line.len) {
		*at++ = '=';
		memcpy(at, line.at + value, line.len - value);
		at += line.len - value;
	}
	*at = '\0';
	return word;
}

enum sst_status
sst_config_words(struct sst_arena *arena, const char *path, int *argc,
	char ***argv, struct sst_err *err)
{
	struct sst_buf text;
	struct sst_span rest;
	enum sst_status status;
	char **words;
	size_t lines = 1;
	int n = 0;

	sst_buf_init(&text, CONFIG_MAX);
	status = sst_file_read(&text, path, err);
	if (status == SST_END)
		status = sst_fail(
			err, SST_ECONFIG, "--config: no such file: '%s'", path);
	if (status != SST_OK)
		goto out;
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	words = sst_arena_take(
		arena, (lines + (size_t)*argc + 1) * sizeof(words[0]));
	status = words == NULL ? sst_fail_memory(err, "options") : SST_OK;
	if (status != SST_OK)
		goto out;

	words[n++] = (*argv)[0];
	rest = sst_buf_span(&text);
	while (rest.len > 0) {
		size_t len = sst_span_find(rest, '\n');
		struct sst_span line = trimmed(sst_span_head(rest, len));

		rest = sst_span_from(rest, len + (len < rest.len));
		if (line.len == 0 || line.at[0] == '#')
			continue;
		words[n] = word_of(arena, line);
		if (words[n++] == NULL) {
			status = sst_fail_memory(err, "options");
			goto out;
		}
	}
	for (int i = 1; i <= *argc; i++)
		words[n + i - 1] = (*argv)[i]; /* the NULL at its end too */
	*argc += n - 1;
	*argv = words;
out:
	sst_buf_release(&text);
	return status;
}
