/* SPDX-License-Identifier: ISC */
/* The tables follow the field table. */
#include "push/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
has(const struct sst_buf *text, const char *what)
{
	struct sst_span find = sst_span_of(what);

	for (size_t i = 0; i + find.len <= text->len; i++)
		if (memcmp(text->at + i, find.at, find.len) == 0)
			return true;
	return false;
}

static size_t
count(const struct sst_buf *text, char byte)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->at[i] == byte;
	return n;
}

static void
every_key_is_a_column_somewhere(void **state)
{
	(void)state;
	struct sst_buf ddl;

	sst_buf_init(&ddl, 65536);
	sst_columns_put_ddl(&ddl);
	assert_false(ddl.is_short);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		enum sst_field field = (enum sst_field)f;
		char column[128];

		(void)snprintf(column, sizeof(column), "  \"%s\" %s",
			sst_field_row(field)->name, sst_column_type(field));
		if (!has(&ddl, column))
			fail_msg(
				"no column for %s", sst_field_row(field)->name);
		if (!sst_column_is_in(SST_TABLE_EVENTS, field) &&
			!sst_column_is_in(SST_TABLE_SESSIONS, field))
			fail_msg("%s is in no table",
				sst_field_row(field)->name);
	}
	assert_false(sst_column_is_in(SST_TABLE_EVENTS, SST_F_OTHER));
	sst_buf_release(&ddl);
}

static void
a_row_has_a_value_for_each_column(void **state)
{
	(void)state;
	for (int t = 0; t < SST_TABLE_COUNT; t++) {
		struct sst_buf sql;
		size_t columns = 1; /* other */

		for (int f = 1; f < SST_FIELD_COUNT; f++)
			columns += sst_column_is_in(
				(enum sst_table)t, (enum sst_field)f);
		sst_buf_init(&sql, 65536);
		sst_columns_put_insert(&sql, (enum sst_table)t);
		assert_int_equal(count(&sql, '?'), columns);
		assert_true(columns > 30);
		sst_buf_release(&sql);
	}
}

static void
all_views_are_made(void **state)
{
	(void)state;
	static const char *const views[] = { "v_day", "v_page", "v_entry",
		"v_exit", "v_source", "v_country", "v_browser", "v_bot",
		"v_error" };
	struct sst_buf ddl;

	sst_buf_init(&ddl, 65536);
	sst_columns_put_ddl(&ddl);
	for (size_t i = 0; i < COUNT(views); i++) {
		char made[64];

		(void)snprintf(made, sizeof(made),
			"CREATE VIEW IF NOT EXISTS %s AS", views[i]);
		if (!has(&ddl, made))
			fail_msg("%s", views[i]);
	}
	sst_buf_release(&ddl);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_a_column_somewhere),
		cmocka_unit_test(a_row_has_a_value_for_each_column),
		cmocka_unit_test(all_views_are_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
