/* SPDX-License-Identifier: ISC */
/* The option list of --help, from the same rows that the parser reads. */
#include "cli/opt.h"

#include <string.h>

#define WIDTH 80
#define HELP_COLUMN 26

/* Append words from column `at` on, broken at WIDTH, continued at
 * HELP_COLUMN. */
static void
put_wrapped(struct sst_buf *to, size_t at, struct sst_span rest)
{

	while (rest.len > 0) {
		size_t len = sst_span_find(rest, ' ');

		if (at + len + 1 > WIDTH && at > HELP_COLUMN) {
			SST_BUF_PUT(to, "\n");
			at = 0;
		}
		if (at < HELP_COLUMN) {
			sst_buf_printf(to, "%*s", (int)(HELP_COLUMN - at), "");
			at = HELP_COLUMN;
		} else if (at > HELP_COLUMN) {
			SST_BUF_PUT(to, " ");
			at++;
		}
		sst_buf_put(to, rest.at, len);
		at += len;
		rest = sst_span_from(rest, len + (len < rest.len));
	}
}

/* What it does, and its default in brackets. */
static void
put_help(struct sst_buf *to, size_t at, const struct sst_opt *opt)
{
	struct sst_buf text;

	sst_buf_init(&text, 4096);
	sst_buf_printf(&text, "%s", opt->help);
	if (opt->shown != NULL)
		sst_buf_printf(&text, " [%s]", opt->shown);
	put_wrapped(to, at, sst_buf_span(&text));
	sst_buf_release(&text);
}

static void
put_row(struct sst_buf *to, const struct sst_opt *opt)
{
	size_t start = to->len, at;

	if (opt->letter != 0)
		sst_buf_printf(to, "  -%c, --%s", opt->letter, opt->name);
	else
		sst_buf_printf(to, "      --%s", opt->name);
	if (opt->arg != NULL)
		sst_buf_printf(
			to, opt->is_arg_optional ? "[=%s]" : " %s", opt->arg);
	at = to->len - start;
	if (at + 2 > HELP_COLUMN) {
		SST_BUF_PUT(to, "\n");
		at = 0;
	}
	put_help(to, at, opt);
	SST_BUF_PUT(to, "\n");
}

void
sst_opts_help(struct sst_buf *to, const struct sst_opt *const *tables, bool all)
{
	for (size_t t = 0; tables[t] != NULL; t++) {
		const char *group = NULL, *said = NULL;

		for (const struct sst_opt *o = tables[t];
			o->kind != SST_OPT_END; o++) {
			if (o->group != NULL)
				group = o->group;
			if (o->is_rare && !all)
				continue;
			if (group != said)
				sst_buf_printf(to, "\n%s\n", group);
			said = group;
			put_row(to, o);
		}
	}
}
