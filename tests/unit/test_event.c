/* SPDX-License-Identifier: ISC */
/* Events that are read, changed and written. */
#include "json/read.h"
#include "json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Input with padding behind it, and one event; big, so not on the stack. */
struct kit {
	struct sst_event event;
	char line[4096];
	struct sst_buf out;
};

static int
set_up(void **state)
{
	struct kit *kit = calloc(1, sizeof(*kit));

	*state = kit;
	sst_event_init(&kit->event);
	sst_buf_init(&kit->out, 1 << 20);
	return kit == NULL;
}

static int
tear_down(void **state)
{
	struct kit *kit = *state;

	sst_event_release(&kit->event);
	sst_buf_release(&kit->out);
	free(kit);
	return 0;
}

static enum sst_status
read_line(struct kit *kit, const char *text, enum sst_reason *why)
{
	size_t len = strlen(text);

	assert_true(len + SST_PAD < sizeof(kit->line));
	memset(kit->line, '"', sizeof(kit->line)); /* the worst padding */
	memcpy(kit->line, text, len);
	return sst_json_read(&kit->event, sst_span(kit->line, len), why);
}

static void
written_is(struct kit *kit, const char *expected)
{
	sst_buf_reset(&kit->out);
	assert_true(sst_json_write(&kit->out, &kit->event));
	sst_buf_byte(&kit->out, '\0');
	assert_string_equal(kit->out.at, expected);
}

static void
what_nobody_changed_is_written_byte_for_byte(void **state)
{
	static const char *const lines[] = {
		"{}",
		"{\"id\":\"1\",\"x\":1.50e+3,\"y\":{\"a\":[1, "
		"2]},\"path\":\"/\\u00e9\"}",
		"{\"z\":null,\"status\":200,\"a\\u0062c\":true,\"path\":\"\"}",
		"{\"a\":1,\"a\":2,\"\":\"\",\"long key that is no field\":[]}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char expected[256];
		enum sst_reason why;

		assert_int_equal(read_line(*state, lines[i], &why), SST_OK);
		(void)snprintf(expected, sizeof(expected), "%s\n", lines[i]);
		written_is(*state, expected);
	}
}

static void
lines_that_are_no_events_say_why(void **state)
{
	static const struct {
		const char *line;
		enum sst_reason why;
	} cases[] = {
		{ "x", SST_WHY_BAD_JSON },
		{ "{\"a\":1", SST_WHY_BAD_JSON },
		{ "{\"a\":1}}", SST_WHY_BAD_JSON },
		{ "{\"a\":01}", SST_WHY_BAD_JSON },
		{ "{\"a\":\"\\ud800\"}", SST_WHY_BAD_JSON },
		{ "{\"a\":\"\t\"}", SST_WHY_BAD_JSON },
		{ "{\"a\":\"\xff\"}", SST_WHY_BAD_UTF8 },
		{ "[1]", SST_WHY_NOT_OBJECT },
		{ "\"a\"", SST_WHY_NOT_OBJECT },
		{ "17", SST_WHY_NOT_OBJECT },
		{ "{\"id\":\"a\",\"id\":\"b\"}", SST_WHY_DUPLICATE_KEY },
		{ "{\"id\":\"a\",\"i\\u0064\":\"b\"}", SST_WHY_DUPLICATE_KEY },
		{ "{\"status\":\"200\"}", SST_WHY_BAD_VALUE },
		{ "{\"path\":1}", SST_WHY_BAD_VALUE },
		{ "{\"props\":[]}", SST_WHY_BAD_VALUE },
		{ "{\"x\":1,\"_barrier\":\"1\"}", SST_WHY_BAD_BARRIER },
		{ "{\"_barrier\":1}", SST_WHY_BAD_BARRIER },
		{ "{\"_b\\u0061rrier\":1}", SST_WHY_BAD_BARRIER },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum sst_reason why = SST_WHY_NONE;

		assert_int_equal(
			read_line(*state, cases[i].line, &why), SST_REJECT);
		assert_string_equal(
			sst_reason_name(why), sst_reason_name(cases[i].why));
	}
}

static void
nesting_is_bounded(void **state)
{
	for (int depth = 30; depth < 35; depth++) {
		char line[256] = "{\"a\":";
		enum sst_reason why = SST_WHY_NONE;
		size_t len = strlen(line);

		memset(line + len, '[', (size_t)depth);
		memset(line + len + depth, ']', (size_t)depth);
		line[len + 2 * (size_t)depth] = '}';
		/* The object itself is a level. */
		if (depth < SST_SCAN_DEPTH) {
			assert_int_equal(read_line(*state, line, &why), SST_OK);
			continue;
		}
		assert_int_equal(read_line(*state, line, &why), SST_REJECT);
		assert_int_equal(why, SST_WHY_TOO_DEEP);
	}
}

static void
every_field_is_found_by_its_name(void **state)
{
	struct kit *kit = *state;

	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		const struct sst_field_row *row =
			sst_field_row((enum sst_field)f);
		static const char *const values[] = { "\"v\"", "1", "1", "true",
			"{}", "[]" };
		char line[128];
		enum sst_reason why;

		assert_non_null(row->name);
		(void)snprintf(line, sizeof(line), "{\"%s\":%s,\"%sx\":1}",
			row->name, values[row->type], row->name);
		assert_int_equal(read_line(kit, line, &why), SST_OK);
		assert_true(sst_event_has(&kit->event, (enum sst_field)f));
		assert_int_equal(kit->event.pairs[0].tag, f);
		assert_int_equal(sst_field_of(sst_span_of(row->name)), f);
		assert_ptr_equal(
			sst_event_find(&kit->event, sst_span_of(row->name)),
			&kit->event.pairs[0]);
	}
}

static void
changes_stay_in_their_place_and_additions_come_last(void **state)
{
	struct kit *kit = *state;
	enum sst_reason why;

	assert_int_equal(read_line(kit,
				 "{\"id\":\"1\", \"path\":\"/a\" ,\"x\":[1],"
				 "\"status\":200,\"user\":\"u\"}",
				 &why),
		SST_OK);
	sst_event_set_text(&kit->event, SST_F_PATH, sst_span_of("/\"b\n"));
	sst_event_drop(&kit->event, sst_event_get(&kit->event, SST_F_USER));
	sst_event_set_bool(&kit->event, SST_F_SESSION_NEW, true);
	sst_event_set_i64(&kit->event, SST_F_SESSION_SEQ, -7);
	assert_false(sst_event_has(&kit->event, SST_F_USER));
	written_is(kit,
		"{\"id\":\"1\",\"path\":\"/\\\"b\\n\",\"x\":[1],\"status\":200,"
		"\"session_new\":true,\"session_seq\":-7}\n");
}

static void
dropping_everything_leaves_an_object(void **state)
{
	struct kit *kit = *state;
	enum sst_reason why;

	assert_int_equal(
		read_line(kit, "{\"id\":\"1\",\"x\":2}", &why), SST_OK);
	for (size_t i = 0; i < kit->event.n; i++)
		sst_event_drop(&kit->event, &kit->event.pairs[i]);
	written_is(kit, "{}\n");
}

static void
text_is_decoded_and_null_is_absent(void **state)
{
	struct kit *kit = *state;
	enum sst_reason why;
	struct sst_span text;
	int64_t number;

	assert_int_equal(
		read_line(kit,
			"{\"path\":\"/\\ud83d\\ude00\\/\",\"user\":null,"
			"\"status\":404,\"dnt\":false,\"gpc\":true}",
			&why),
		SST_OK);
	text = sst_event_text(&kit->event, SST_F_PATH);
	assert_true(sst_span_is(text, "/\xf0\x9f\x98\x80/"));
	assert_null(sst_event_text(&kit->event, SST_F_USER).at);
	assert_true(sst_event_i64(&kit->event, SST_F_STATUS, &number));
	assert_int_equal(number, 404);
	assert_false(sst_event_i64(&kit->event, SST_F_PATH, &number));
	assert_true(sst_event_is_true(&kit->event, SST_F_GPC));
	assert_false(sst_event_is_true(&kit->event, SST_F_DNT));
}

static void
a_built_event_is_written_in_the_order_of_the_table(void **state)
{
	struct kit *kit = *state;
	SST_PADDED(other, "Y");

	sst_event_reset(&kit->event);
	sst_event_set_text(&kit->event, SST_F_BOT, sst_span_of("b"));
	sst_event_set_text(&kit->event, SST_F_PATH, sst_span_of("/"));
	sst_event_add_other(
		&kit->event, sst_span_of("x"), SST_KIND_STRING, other);
	sst_event_set_text(&kit->event, SST_F_ID, sst_span_of("i"));
	written_is(kit,
		"{\"id\":\"i\",\"path\":\"/\",\"x\":\"Y\",\"bot\":\"b\"}\n");
}

static void
more_keys_than_there_is_room_for_are_refused(void **state)
{
	struct kit *kit = *state;
	static char line[8192 + SST_PAD];
	enum sst_reason why = SST_WHY_NONE;
	size_t len = 1;

	line[0] = '{';
	for (size_t i = 0; i <= SST_EVENT_PAIRS; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len,
			"%s\"k%zu\":1", i == 0 ? "" : ",", i);
	line[len++] = '}';
	assert_int_equal(sst_json_read(&kit->event, sst_span(line, len), &why),
		SST_REJECT);
	assert_int_equal(why, SST_WHY_TOO_MANY_KEYS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_nobody_changed_is_written_byte_for_byte),
		TEST(lines_that_are_no_events_say_why),
		TEST(nesting_is_bounded),
		TEST(every_field_is_found_by_its_name),
		TEST(changes_stay_in_their_place_and_additions_come_last),
		TEST(dropping_everything_leaves_an_object),
		TEST(text_is_decoded_and_null_is_absent),
		TEST(a_built_event_is_written_in_the_order_of_the_table),
		TEST(more_keys_than_there_is_room_for_are_refused),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
