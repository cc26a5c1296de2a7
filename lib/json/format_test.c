/* SPDX-License-Identifier: ISC */
#include "json/format_test.h"

#include "event/catalog.h"
#include "json/sample.h"

#include <stdlib.h>

/* One file and what is compiled from it. */
#define ARENA ((size_t)64 << 20)

struct testing {
	struct sst_arena arena;
	struct sst_catalog catalog;
	struct sst_recognizer *recognizer;
	struct sst_event *event;
};

static bool
sample_fits(struct testing *t, const struct sst_format *format,
	const struct sst_doc_node *sample, struct sst_buf *report)
{
	struct sst_span reject = sst_doc_text(sample, "reject");
	const struct sst_doc_node *line = sst_doc_member(sample, "line");
	enum sst_reason why = SST_WHY_NONE;
	int64_t time_us;
	enum sst_status status = sst_recognizer_fill(
		t->recognizer, t->event, line->text, &time_us, &why);

	if (reject.at != NULL) {
		if (status == SST_REJECT &&
			sst_span_is(reject, sst_reason_name(why)))
			return true;
		sst_buf_printf(report, "%s:%u:%u: expected the reject '%.*s'\n",
			format->path, (unsigned)sample->line,
			(unsigned)sample->column, (int)reject.len, reject.at);
		return false;
	}
	if (status != SST_OK) {
		sst_buf_printf(report, "%s:%u:%u: the line is rejected: %s\n",
			format->path, (unsigned)sample->line,
			(unsigned)sample->column, sst_reason_text(why));
		return false;
	}
	return sst_sample_fits(t->event, sst_doc_member(sample, "event"),
		format->path, report);
}

static enum sst_status
run_samples(struct testing *t, const char *path, struct sst_buf *report,
	struct sst_err *err)
{
	const struct sst_format *format = t->catalog.formats;
	size_t bad = 0, all = 0;

	for (const struct sst_doc_node *sample = format->samples->first;
		sample != NULL; sample = sample->next, all++)
		bad += !sample_fits(t, format, sample, report);
	sst_buf_printf(
		report, "%s: %zu of %zu samples fit\n", path, all - bad, all);
	return bad == 0 ? SST_OK
			: sst_fail(err, SST_EIO, "%s: %zu of %zu samples fail",
				  path, bad, all);
}

enum sst_status
sst_format_test(const char *path, struct sst_buf *report, struct sst_err *err)
{
	const struct sst_builder_options none = { .trusted = { NULL, 0 } };
	const struct sst_catalog_asked asked = { .paths = &path, .n = 1 };
	struct testing t = { .event = malloc(sizeof(*t.event)) };
	enum sst_status status;

	if (t.event == NULL)
		return sst_fail_memory(err, "a format");
	sst_event_init(t.event);
	sst_arena_init(&t.arena, ARENA);
	status = sst_recognizer_open(&t.recognizer, &none, err);
	if (status == SST_OK)
		status = sst_catalog_read(
			&t.catalog, &t.arena, &asked, t.recognizer, err);
	if (status == SST_OK)
		status = run_samples(&t, path, report, err);
	sst_recognizer_close(t.recognizer);
	sst_event_release(t.event);
	sst_arena_release(&t.arena);
	free(t.event);
	return status;
}
