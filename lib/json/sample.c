/* SPDX-License-Identifier: ISC */
#include "json/sample.h"

#include "json/write.h"

#include <stdio.h>

/* A sample is a line, and so is its event. */
#define SAMPLE_MAX ((size_t)4 << 20)

static void
complain(struct sst_buf *report, const char *path,
	const struct sst_doc_node *want, const struct sst_doc_node *got)
{
	sst_buf_printf(report, "%s:%u:%u: '%.*s' ", path, (unsigned)want->line,
		(unsigned)want->column, (int)want->name.len, want->name.at);
	if (got == NULL)
		sst_buf_printf(report, "is missing\n");
	else if (want->kind == SST_DOC_NULL)
		sst_buf_printf(report, "should not be there: %.*s\n",
			(int)got->text.len, got->text.at);
	else
		sst_buf_printf(
			report, "is %.*s\n", (int)got->text.len, got->text.at);
}

bool
sst_sample_fits(struct sst_event *event, const struct sst_doc_node *expected,
	const char *path, struct sst_buf *report)
{
	struct sst_arena arena;
	struct sst_buf text;
	struct sst_doc_node *got = NULL;
	struct sst_err err = { 0 };
	bool is_good = true;

	sst_arena_init(&arena, SAMPLE_MAX * 8);
	sst_buf_init(&text, SAMPLE_MAX);
	if (!sst_json_write_object(&text, event) ||
		sst_doc_read(&got, &arena, sst_buf_span(&text), false, &err) !=
			SST_OK) {
		sst_buf_printf(report, "%s:%u: the event is no JSON: %s\n",
			path, (unsigned)expected->line, err.text);
		is_good = false;
		goto out;
	}
	for (const struct sst_doc_node *want = expected->first; want != NULL;
		want = want->next) {
		char name[256];
		const struct sst_doc_node *have;

		(void)snprintf(name, sizeof(name), "%.*s", (int)want->name.len,
			want->name.at);
		have = sst_doc_member(got, name);
		if (want->kind == SST_DOC_NULL
				? have == NULL
				: have != NULL && sst_doc_eq(want, have))
			continue;
		complain(report, path, want, have);
		is_good = false;
	}
out:
	sst_buf_release(&text);
	sst_arena_release(&arena);
	return is_good;
}
