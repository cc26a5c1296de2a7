/* SPDX-License-Identifier: ISC */
/* Slices have the lines that text/line has, however the bytes arrive. */
#include "text/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Bytes of a line that are kept, and the longest input. */
#define MAX 3
#define INPUT_MAX 9

struct reading {
	char log[512];
	size_t len;
};

static void
note(struct reading *r, const struct sst_line *line)
{
	int n = snprintf(r->log + r->len, sizeof(r->log) - r->len,
		"%d@%d+%d%s:%.*s;", (int)line->number, (int)line->offset,
		(int)line->full_len, line->has_end ? "" : "!",
		(int)line->text.len, line->text.at);

	assert_true(n > 0 && (size_t)n < sizeof(r->log) - r->len);
	r->len += (size_t)n;
}

static ssize_t
read_span(void *from, void *to, size_t n)
{
	struct sst_span *rest = from;
	size_t len = rest->len < n ? rest->len : n;

	memcpy(to, rest->at, len);
	*rest = sst_span_from(*rest, len);
	return (ssize_t)len;
}

/* The oracle. */
static struct reading
lines_of(struct sst_span input)
{
	struct reading r = { .len = 0 };
	struct sst_lines *lines;
	struct sst_line line;
	enum sst_status status;

	assert_int_equal(
		sst_lines_open(&lines, (struct sst_reader){ read_span, &input },
			MAX, NULL),
		SST_OK);
	while ((status = sst_lines_next(lines, &line)) != SST_END) {
		if (status == SST_OK)
			note(&r, &line);
		else
			assert_int_equal(sst_lines_fill(lines, NULL), SST_OK);
	}
	sst_lines_close(lines);
	return r;
}

/* The input in pieces: after byte i there is a cut when bit i of `cuts` is
 * set. The end is told with the last bytes or, when `is_late`, after them. */
static struct reading
slices_of(struct sst_span input, unsigned cuts, bool is_late)
{
	struct reading r = { .len = 0 };
	struct sst_slicer slicer;
	size_t at = 0;
	bool is_end = false;

	sst_slicer_init(&slicer, MAX, 0);
	while (!is_end) {
		char buffer[MAX + INPUT_MAX + SST_PAD];
		size_t len = sst_slicer_carried(&slicer);
		struct sst_slice slice;
		struct sst_line line;

		assert_true(len <= MAX);
		memset(buffer, '\n', sizeof(buffer)); /* nothing to rely on */
		is_end = at == input.len;
		while (at < input.len) {
			buffer[len++] = input.at[at++];
			if ((cuts >> (at - 1) & 1) != 0)
				break;
		}
		is_end |= !is_late && at == input.len;
		assert_int_equal(sst_slicer_cut(&slicer, buffer, len, is_end,
					 &slice, NULL),
			SST_OK);
		while (sst_slice_next(&slice, &line))
			note(&r, &line);
	}
	assert_false(sst_slicer_has_part(&slicer));
	assert_int_equal(slicer.offset, input.len);
	sst_slicer_release(&slicer);
	return r;
}

static void
every_input_in_every_way_has_the_lines_of_text_line(void **state)
{
	unsigned long tried = 0;

	(void)state;
	for (size_t len = 0; len <= INPUT_MAX; len++)
		for (unsigned bits = 0; bits < 1U << len; bits++) {
			char text[INPUT_MAX];
			struct reading want;

			for (size_t i = 0; i < len; i++)
				text[i] = (bits >> i & 1) != 0 ? '\n'
							       : "abc"[i % 3];
			want = lines_of(sst_span(text, len));
			for (unsigned cuts = 0; cuts < 1U << len; cuts++) {
				struct reading got = slices_of(
					sst_span(text, len), cuts, cuts & 1);

				assert_string_equal(got.log, want.log);
				tried++;
			}
		}
	assert_true(tried > 300000);
}

static void
a_slice_can_be_taken_again(void **state)
{
	struct sst_slicer slicer;
	struct sst_slice slice, again;
	struct reading r = { .len = 0 };
	char text[] = "ab\nc\nd                                ";
	struct sst_line line;

	(void)state;
	sst_slicer_init(&slicer, MAX, 100);
	assert_int_equal(
		sst_slicer_cut(&slicer, text, 6, false, &slice, NULL), SST_OK);
	again = slice;
	while (sst_slice_next(&slice, &line))
		note(&r, &line);
	while (sst_slice_next(&again, &line))
		note(&r, &line);
	assert_string_equal(
		r.log, "1@100+2:ab;2@103+1:c;1@100+2:ab;2@103+1:c;");
	assert_int_equal(sst_slicer_carried(&slicer), 1);
	sst_slicer_release(&slicer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_input_in_every_way_has_the_lines_of_text_line),
		cmocka_unit_test(a_slice_can_be_taken_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
