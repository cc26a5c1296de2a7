/* SPDX-License-Identifier: ISC */
/* What the tests of layouts that are no format string share. */
#ifndef SST_TESTS_SHAPE_KIT_H
#define SST_TESTS_SHAPE_KIT_H

#include "event/recognize.h"
#include "record/columns.h"
#include "record/members.h"
#include "json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct kit {
	struct sst_arena arena;
	struct sst_event *event;
	struct sst_recognizer *recognizer;
	struct sst_buf line, out;
	enum sst_reason why;
};

static inline void
kit_open(struct kit *kit)
{
	const struct sst_builder_options none = { .trusted = { NULL, 0 } };

	sst_arena_init(&kit->arena, 16 << 20);
	kit->event = malloc(sizeof(*kit->event));
	assert_non_null(kit->event);
	sst_event_init(kit->event);
	assert_int_equal(
		sst_recognizer_open(&kit->recognizer, &none, NULL), SST_OK);
	sst_buf_init(&kit->line, 8 << 20);
	sst_buf_init(&kit->out, 8 << 20);
}

static inline void
kit_close(struct kit *kit)
{
	sst_recognizer_close(kit->recognizer);
	sst_event_release(kit->event);
	free(kit->event);
	sst_buf_release(&kit->line);
	sst_buf_release(&kit->out);
	sst_arena_release(&kit->arena);
}

static inline void
kit_add(struct kit *kit, const struct sst_layout *layout)
{
	assert_int_equal(sst_recognizer_add(kit->recognizer, layout,
				 sst_span_of("x"), NULL),
		SST_OK);
}

/* What becomes of a line: the event's object, or the reject's name. */
static inline const char *
kit_take(struct kit *kit, struct sst_span line)
{
	int64_t time_us;

	sst_buf_reset(&kit->line);
	sst_buf_put_span(&kit->line, line);
	sst_buf_reset(&kit->out);
	if (sst_recognizer_fill(kit->recognizer, kit->event,
		    sst_buf_span(&kit->line), &time_us, &kit->why) == SST_OK)
		assert_true(sst_json_write_object(&kit->out, kit->event));
	else
		sst_buf_printf(&kit->out, "%s", sst_reason_name(kit->why));
	sst_buf_byte(&kit->out, '\0');
	return kit->out.at;
}

static inline const char *
kit_line(struct kit *kit, const char *line)
{
	return kit_take(kit, sst_span_of(line));
}

/* A layout of members: pairs of path and mapping, up to a NULL. */
static inline struct sst_layout *
kit_members(struct kit *kit, enum sst_shape shape, const char *const *rows)
{
	struct sst_layout *layout;

	assert_int_equal(
		sst_members_begin(&layout, &kit->arena, shape, NULL), SST_OK);
	for (; *rows != NULL; rows += 2)
		assert_int_equal(sst_members_add(layout, &kit->arena,
					 sst_span_of(rows[0]),
					 sst_span_of(rows[1]), NULL),
			SST_OK);
	return layout;
}

static inline void
kit_need(struct kit *kit, struct sst_layout *layout, const char *need)
{
	assert_int_equal(
		sst_members_need(layout, &kit->arena, sst_span_of(need), NULL),
		SST_OK);
}

/* Numbers for random cases: the same on every run. */
static inline unsigned
kit_random(uint32_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

#endif
