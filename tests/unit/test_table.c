/* SPDX-License-Identifier: ISC */
#include "session_kit.h"

#include "session/table.h"

struct record {
	struct sst_entry entry;
	uint32_t value;
};

static struct sst_digest
key_of(uint32_t value, uint32_t spread)
{
	struct sst_digest key = { { 0 } };

	/* Few first bytes: keys crowd into a few runs of buckets. */
	key.at[3] = (uint8_t)(value % spread);
	memcpy(key.at + 8, &value, sizeof(value));
	return key;
}

/* A model: an array of values, oldest first. */
struct model {
	uint32_t at[4096];
	size_t n;
};

static size_t
where_in(const struct model *model, uint32_t value)
{
	size_t i = 0;

	while (i < model->n && model->at[i] != value)
		i++;
	return i;
}

static void
model_remove(struct model *model, size_t i)
{
	memmove(model->at + i, model->at + i + 1,
		(model->n - i - 1) * sizeof(model->at[0]));
	model->n--;
}

static void
compare(const struct sst_table *table, const struct model *model)
{
	const struct record *record = sst_table_oldest(table);

	assert_int_equal(sst_table_count(table), model->n);
	for (size_t i = 0; i < model->n; i++) {
		assert_non_null(record);
		assert_int_equal(record->value, model->at[i]);
		record = sst_table_next(table, record);
	}
	assert_null(record);
}

static void
it_behaves_like_a_list_that_is_searched(uint32_t spread)
{
	struct sst_table *table;
	struct model model = { .n = 0 };
	struct sst_err err = { 0 };
	uint64_t seed = 42;

	assert_int_equal(
		sst_table_open(&table, sizeof(struct record), &err), SST_OK);
	for (int step = 0; step < 60000; step++) {
		uint32_t value = (uint32_t)(kit_random(&seed) % 3000);
		struct sst_digest key = key_of(value, spread);
		struct record *record = sst_table_find(table, &key);
		size_t i = where_in(&model, value);

		assert_int_equal(record == NULL, i == model.n);
		if (record == NULL) {
			record = sst_table_add(table, &key);
			assert_non_null(record);
			assert_int_equal(record->value, 0);
			record->value = value;
			model.at[model.n++] = value;
		} else if (kit_random(&seed) % 2 == 0) {
			assert_int_equal(record->value, value);
			sst_table_touch(table, record);
			model_remove(&model, i);
			model.at[model.n++] = value;
		} else {
			sst_table_remove(table, record);
			model_remove(&model, i);
		}
		if (step % 997 == 0)
			compare(table, &model);
	}
	compare(table, &model);
	assert_true(model.n > 500);
	sst_table_close(table);
}

static void
random_work_agrees_with_a_list(void **state)
{
	(void)state;
	it_behaves_like_a_list_that_is_searched(256);
}

static void
crowded_keys_agree_with_a_list(void **state)
{
	(void)state;
	it_behaves_like_a_list_that_is_searched(3);
}

static void
records_never_move(void **state)
{
	struct sst_table *table;
	struct sst_err err = { 0 };
	struct record *first;
	struct sst_digest key = key_of(1, 256);

	(void)state;
	assert_int_equal(
		sst_table_open(&table, sizeof(struct record), &err), SST_OK);
	first = sst_table_add(table, &key);
	assert_non_null(first);
	first->value = 1;
	for (uint32_t i = 2; i < 20000; i++) {
		struct sst_digest other = key_of(i, 256);

		assert_non_null(sst_table_add(table, &other));
	}
	assert_ptr_equal(sst_table_find(table, &key), first);
	assert_ptr_equal(sst_table_oldest(table), first);
	assert_int_equal(first->value, 1);
	sst_table_close(table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_work_agrees_with_a_list),
		cmocka_unit_test(crowded_keys_agree_with_a_list),
		cmocka_unit_test(records_never_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
