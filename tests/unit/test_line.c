/* SPDX-License-Identifier: ISC */
/* Lines, however their bytes arrive. */
#include "text/line.h"

#include "base/buf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Gives `step` bytes at a time, and would block every other call. */
struct drip {
	struct sst_span rest;
	size_t step;
	bool is_ready;
};

struct reading {
	char log[256];
	size_t len;
	enum sst_status end;
};

static ssize_t
drip_read(void *from, void *to, size_t n)
{
	struct drip *drip = from;
	size_t len = drip->step < drip->rest.len ? drip->step : drip->rest.len;

	drip->is_ready = !drip->is_ready;
	if (!drip->is_ready) {
		errno = EAGAIN;
		return -1;
	}
	if (len > n)
		len = n;
	memcpy(to, drip->rest.at, len);
	drip->rest = sst_span_from(drip->rest, len);
	return (ssize_t)len;
}

static void
note(struct reading *r, const struct sst_line *line)
{
	struct sst_buf text;

	sst_buf_init(&text, sizeof(r->log));
	sst_buf_printf(&text, "%d@%d:", (int)line->number, (int)line->offset);
	sst_buf_put_span(&text, line->text);
	if (line->full_len > line->text.len)
		sst_buf_printf(&text, "+%d", (int)line->full_len);
	sst_buf_printf(&text, "%s;", line->has_end ? "" : "!");
	assert_true(r->len + text.len < sizeof(r->log));
	memcpy(r->log + r->len, text.at, text.len);
	r->len += text.len;
	r->log[r->len] = '\0';
	sst_buf_release(&text);
}

/* Read everything, with lines of up to four bytes. */
static struct reading
reading_of(struct sst_span input, size_t step)
{
	struct drip drip = { input, step, true };
	struct reading r = { .end = SST_AGAIN };
	struct sst_lines *lines;
	struct sst_line line;

	assert_int_equal(
		sst_lines_open(&lines, (struct sst_reader){ drip_read, &drip },
			4, NULL),
		SST_OK);
	while (r.end != SST_END) {
		r.end = sst_lines_next(lines, &line);
		if (r.end == SST_OK)
			note(&r, &line);
		else if (r.end == SST_AGAIN)
			(void)!sst_lines_fill(lines, NULL);
	}
	sst_lines_close(lines);
	return r;
}

static void
lines_are_the_same_however_the_bytes_arrive(void **state)
{
	const struct {
		struct sst_span input, log;
	} cases[] = {
		{ SST_SPAN(""), SST_SPAN("") },
		{ SST_SPAN("ab\ncd\n"), SST_SPAN("1@0:ab;2@3:cd;") },
		{ SST_SPAN("ab\ncd"), SST_SPAN("1@0:ab;2@3:cd!;") },
		{ SST_SPAN("\n\n"), SST_SPAN("1@0:;2@1:;") },
		{ SST_SPAN("a\0b\n"), SST_SPAN("1@0:a\0b;") },
		{ SST_SPAN("abcd\n"), SST_SPAN("1@0:abcd;") },
		{ SST_SPAN("abcd"), SST_SPAN("1@0:abcd!;") },
		{ SST_SPAN("abcde\nf\n"), SST_SPAN("1@0:abcd+5;2@6:f;") },
		{ SST_SPAN("abcdefghijkl\n\nm"),
			SST_SPAN("1@0:abcd+12;2@13:;3@14:m!;") },
		{ SST_SPAN("abcdefghijkl"), SST_SPAN("1@0:abcd+12!;") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 1; step <= 16; step++) {
			struct reading r = reading_of(cases[i].input, step);

			assert_int_equal(r.end, SST_END);
			assert_memory_equal(
				r.log, cases[i].log.at, cases[i].log.len + 1);
		}
}

static ssize_t
broken_read(void *from, void *to, size_t n)
{
	(void)from, (void)to, (void)n;
	errno = EIO;
	return -1;
}

static void
a_read_error_is_no_end_of_input(void **state)
{
	struct sst_lines *lines;
	struct sst_line line;
	struct sst_err err = { 0 };

	(void)state;
	assert_int_equal(
		sst_lines_open(&lines, (struct sst_reader){ broken_read, NULL },
			4, &err),
		SST_OK);
	assert_int_equal(sst_lines_next(lines, &line), SST_AGAIN);
	assert_int_equal(sst_lines_fill(lines, &err), SST_EIO);
	assert_non_null(strstr(err.text, "cannot read line 1: "));
	assert_int_equal(sst_lines_next(lines, &line), SST_AGAIN);
	sst_lines_close(lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_the_same_however_the_bytes_arrive),
		cmocka_unit_test(a_read_error_is_no_end_of_input),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
