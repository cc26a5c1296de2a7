/* SPDX-License-Identifier: ISC */
/* The format files that are shipped: their samples, alone and together. */
#include "event/catalog.h"
#include "record/gate.h"
#include "json/sample.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FILES_MAX 256

/* Formats whose samples are not theirs when nobody says so: the line alone does
 * not tell, or another format is right to take what they refuse. */
static const struct {
	const char *format, *reason;
} untold[] = {
	{ "icecast2", "a number behind combined may be seconds or a size" },
	{ "tomcat", "\\uXXXX is an escape there, and nowhere else" },
	{ "istio_json", "what it refuses is JSON of somebody else" },
};

struct all {
	struct sst_arena arena;
	struct sst_catalog catalog;
	struct sst_recognizer *recognizer;
	struct sst_event event;
	struct sst_buf report;
	size_t n;
	char paths[FILES_MAX][512];
	const char *order[FILES_MAX];
};

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void
list_files(struct all *all)
{
	const char *root = getenv("SST_PATH");
	char folder[256];
	struct dirent *entry;
	DIR *dir;

	assert_non_null(root);
	assert_true(snprintf(folder, sizeof(folder), "%s/logs", root) <
		    (int)sizeof(folder));
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		static const struct sst_span tail = SST_SPAN(".json");

		if (!sst_span_ends(sst_span_of(entry->d_name), tail))
			continue;
		assert_true(all->n < FILES_MAX);
		assert_true(snprintf(all->paths[all->n], sizeof(all->paths[0]),
				    "%s/%s", folder, entry->d_name) <
			    (int)sizeof(all->paths[0]));
		all->order[all->n] = all->paths[all->n];
		all->n++;
	}
	closedir(dir);
	qsort(all->order, all->n, sizeof(all->order[0]), by_name);
}

/* A recognizer of the files at `paths`. */
static void
open_files(struct all *all, const char *const *paths, size_t n)
{
	const struct sst_builder_options options = { .now_us = 0 };
	const struct sst_catalog_asked asked = { .paths = paths, .n = n };
	struct sst_err err = { 0 };

	assert_int_equal(
		sst_recognizer_open(&all->recognizer, &options, &err), SST_OK);
	if (sst_catalog_read(&all->catalog, &all->arena, &asked,
		    all->recognizer, &err) != SST_OK)
		fail_msg("%s", err.text);
}

static int
setup(void **state)
{
	struct all *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return -1;
	sst_arena_init(&all->arena, (size_t)256 << 20);
	sst_buf_init(&all->report, 1 << 20);
	sst_event_init(&all->event);
	*state = all;
	list_files(all);
	return 0;
}

static int
teardown(void **state)
{
	struct all *all = *state;

	sst_recognizer_close(all->recognizer);
	sst_event_release(&all->event);
	sst_buf_release(&all->report);
	sst_arena_release(&all->arena);
	free(all);
	return 0;
}

/* Does the sample become what its file says? Complaints go to the report. */
static bool
fits(struct all *all, const struct sst_format *format,
	const struct sst_doc_node *sample)
{
	struct sst_span line = sst_doc_text(sample, "line");
	struct sst_span reject = sst_doc_text(sample, "reject");
	enum sst_reason why = SST_WHY_NONE;
	int64_t time_us;
	enum sst_status status;

	if (line.len > 0 && line.at[0] == '#')
		return sst_recognizer_directive(all->recognizer, line, NULL) ==
		       SST_OK;
	status = sst_recognizer_fill(
		all->recognizer, &all->event, line, &time_us, &why);
	if (reject.at != NULL) {
		if (status == SST_REJECT &&
			sst_span_is(reject, sst_reason_name(why)))
			return true;
		sst_buf_printf(&all->report, "%s:%u: expected the reject\n",
			format->path, (unsigned)sample->line);
		return false;
	}
	if (status == SST_OK)
		return sst_sample_fits(&all->event,
			sst_doc_member(sample, "event"), format->path,
			&all->report);
	sst_buf_printf(&all->report, "%s:%u: is rejected: %s\n", format->path,
		(unsigned)sample->line, sst_reason_text(why));
	return false;
}

static void
conclude(struct all *all, size_t bad)
{
	sst_buf_byte(&all->report, '\0');
	if (bad > 0)
		fail_msg("%zu samples fail:\n%s", bad, all->report.at);
}

static void
each_format_explains_its_samples(void **state)
{
	struct all *all = *state;
	size_t bad = 0;

	assert_true(all->n > 40);
	for (size_t i = 0; i < all->n; i++) {
		const struct sst_format *format;

		open_files(all, &all->order[i], 1);
		format = &all->catalog.formats[0];
		for (const struct sst_doc_node *sample = format->samples->first;
			sample != NULL; sample = sample->next)
			bad += !fits(all, format, sample);
		sst_recognizer_close(all->recognizer);
		all->recognizer = NULL;
	}
	conclude(all, bad);
}

static bool
is_untold(const struct sst_format *format)
{
	for (size_t i = 0; i < sizeof(untold) / sizeof(untold[0]); i++)
		if (sst_span_is(format->name, untold[i].format))
			return true;
	return false;
}

static bool
has_header(const struct sst_doc_node *sample)
{
	struct sst_span line = sst_doc_text(sample, "line");

	return line.len > 0 && line.at[0] == '#';
}

/* Every sample as if it were the first line of a log that nobody explained. */
static void
all_formats_together_say_the_same(void **state)
{
	struct all *all = *state;
	struct sst_recognizer_state *fresh = calloc(1, sizeof(*fresh));
	size_t bad = 0;

	assert_non_null(fresh);
	open_files(all, all->order, all->n);
	sst_recognizer_state(all->recognizer, fresh);
	for (size_t i = 0; i < all->catalog.n; i++) {
		const struct sst_format *format = &all->catalog.formats[i];
		const struct sst_doc_node *sample = format->samples->first;
		bool is_after_header = false;

		if (is_untold(format))
			continue;
		for (; sample != NULL; sample = sample->next) {
			is_after_header |= has_header(sample);
			if (!is_after_header)
				sst_recognizer_resume(all->recognizer, fresh);
			bad += !fits(all, format, sample);
		}
		sst_recognizer_resume(all->recognizer, fresh);
	}
	free(fresh);
	conclude(all, bad);
}

/* The cheap test never stands in the way of the real one. */
static void
gates_let_every_line_that_fits(void **state)
{
	struct all *all = *state;
	struct sst_record *record = calloc(1, sizeof(*record));
	size_t found = 0, refused = 0;

	assert_non_null(record);
	open_files(all, all->order, all->n);
	for (size_t i = 0; i < all->catalog.n; i++)
		for (const struct sst_doc_node *sample =
				all->catalog.formats[i].samples->first;
			sample != NULL; sample = sample->next) {
			struct sst_span line = sst_doc_text(sample, "line");
			struct sst_gate_facts look = sst_gate_count(line);

			for (size_t k = 0; k < all->catalog.n; k++) {
				const struct sst_layout *layout =
					all->catalog.formats[k].layouts[0];
				enum sst_reason why;

				for (; layout != NULL &&
					layout->shape == SST_SHAPE_STRING;
					layout = layout->next) {
					bool is_fit = sst_record_cut(record,
							      layout, line) ||
						      sst_record_search(record,
							      layout, line,
							      &why) == SST_OK;
					bool is_let = sst_gate_lets(
						&layout->gate, &look);

					assert_true(!is_fit || is_let);
					found += is_fit;
					refused += !is_let;
				}
			}
		}
	free(record);
	assert_true(found > all->n && refused > 10 * found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_format_explains_its_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(
			all_formats_together_say_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(
			gates_let_every_line_that_fits, setup, teardown),
	};

	return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
