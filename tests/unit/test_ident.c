/* SPDX-License-Identifier: ISC */
/* Event ids: permanent, and different for equal lines. */
#include "event/ident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOON INT64_C(1795521600) /* 2026-11-24T12:00:00Z */

/* The secret of all fixtures: bytes 0 to 31. */
static struct sst_ident *
ident_of(const char *name_space, uint64_t window_s, uint64_t max)
{
	uint8_t secret[SST_KEY_LEN];
	struct sst_ident *ident;

	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)i;
	assert_int_equal(sst_ident_open(&ident, secret, sst_span_of(name_space),
				 window_s, max, NULL),
		SST_OK);
	return ident;
}

struct text {
	char at[SST_UUID_LEN + 1];
};

static struct text
id_of(struct sst_ident *ident, const char *line, int64_t second)
{
	struct text id = { "" };

	sst_ident_write(ident, sst_span_of(line), second, id.at);
	return id;
}

/* Computed by a second implementation (Python: hashlib.blake2b with key, and
 * SipHash-1-3-128 as its paper has it). These never change. */
static void
known_lines_have_their_ids_forever(void **state)
{
	static const char combined[] =
		"192.0.2.7 - - [24/Nov/2026:04:41:46 +0000] "
		"\"GET /a?b=1 HTTP/2.0\" 200 512 \"-\" \"curl/8.9\"";
	static const struct {
		const char *name_space, *line, *first, *second, *third;
	} fixture[] = {
		{ "", combined, "bcc814bd-65f4-80cc-ada4-61a74b8ff7fe",
			"572b6e78-511b-80bd-8cdb-9a7a39334fc6",
			"f58e69a3-7427-80ea-90f5-cea972e1bcda" },
		{ "web2", combined, "ecce9eb7-53d6-80e3-899d-2c81a5d8c643",
			"df16220a-a16d-808d-b13f-2854e7a110ca",
			"070d892c-d399-8096-ae6e-5551abba791e" },
		{ "", "", "628d092b-6139-807a-bffe-9688e695189e",
			"38d2e69b-832e-807f-a31b-638a2d974894",
			"190e4e70-7d24-80a4-a12b-b5756f306e70" },
		{ "", "a", "84febf02-d76c-8005-af87-83c4be8a3d7e",
			"e6eb04c2-900a-8099-a25c-6b3425e03327",
			"97b5895c-de73-8029-847e-a296aa6d1a84" },
		{ "", "0123456", "388da758-0ae2-801e-8e36-1487e48116d8",
			"a4bb5175-fe24-8080-9949-2a6d182ea8f9",
			"5ad32c08-a257-80d2-ab11-8c963c87d6f0" },
		{ "", "01234567", "9eb2dd96-e564-80db-92d9-bcc869e9bad8",
			"4d59123e-f796-80ab-b60b-1ec22d77f888",
			"f436ccc4-abb7-80e3-b676-9d28f61b332d" },
		{ "", "\303\251 ", "a6fea4ba-4736-80e8-b135-ebda4a4330f4",
			"2cb63e61-22bf-8031-8663-cf5dd88bcd9a",
			"347c951b-5e0a-8093-97fc-91eb5eb56045" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fixture) / sizeof(fixture[0]); i++) {
		struct sst_ident *ident =
			ident_of(fixture[i].name_space, 60, 1024);
		const char *line = fixture[i].line;

		assert_string_equal(
			id_of(ident, line, NOON).at, fixture[i].first);
		assert_string_equal(
			id_of(ident, line, NOON).at, fixture[i].second);
		assert_string_equal(
			id_of(ident, line, NOON).at, fixture[i].third);
		sst_ident_close(ident);
	}
}

static void
occurrences_are_counted_per_second_and_source(void **state)
{
	struct sst_ident *ident = ident_of("", 60, 1024);
	struct text first = id_of(ident, "x", NOON), again;
	struct sst_ident *other;

	(void)state;
	assert_string_not_equal(id_of(ident, "x", NOON).at, first.at);
	/* Another second is another line in a log; the text here is the same
	 * only because the test says so. */
	assert_string_equal(id_of(ident, "x", NOON + 1).at, first.at);
	/* A time that comes again within the window is remembered. */
	again = id_of(ident, "x", NOON);
	assert_string_not_equal(again.at, first.at);
	assert_int_equal(sst_ident_open_like(&other, ident, NULL), SST_OK);
	assert_string_equal(id_of(other, "x", NOON).at, first.at);
	assert_string_not_equal(id_of(other, "x", NOON).at, first.at);
	sst_ident_close(other);
	sst_ident_close(ident);
}

static void
sources_share_one_bound(void **state)
{
	struct sst_ident *ident = ident_of("", 60, 4), *other;
	struct text x, y;

	(void)state;
	assert_int_equal(sst_ident_open_like(&other, ident, NULL), SST_OK);
	x = id_of(ident, "x", NOON);
	y = id_of(other, "y", NOON);
	(void)id_of(ident, "1", NOON + 1);
	(void)id_of(ident, "2", NOON + 2);
	assert_int_equal(sst_ident_forgotten(ident), 0);
	/* The fifth: of the one that has three, the oldest goes. */
	(void)id_of(other, "3", NOON + 1);
	assert_int_equal(sst_ident_forgotten(ident), 1);
	assert_string_not_equal(id_of(other, "y", NOON).at, y.at);
	assert_string_equal(id_of(ident, "x", NOON).at, x.at);
	/* What a closed one remembered does not count. */
	sst_ident_close(other);
	(void)id_of(ident, "4", NOON + 3);
	assert_int_equal(sst_ident_forgotten(ident), 2);
	sst_ident_close(ident);
}

static void
a_second_is_remembered_for_the_whole_window(void **state)
{
	const int64_t window = 60;

	(void)state;
	for (int64_t later = 0; later <= 2 * window; later++) {
		struct sst_ident *ident = ident_of("", 60, 1 << 20);
		struct text first = id_of(ident, "x", NOON), again;

		for (int64_t s = 0; s <= later; s++)
			(void)id_of(ident, "y", NOON + s);
		again = id_of(ident, "x", NOON);
		if (later <= window)
			assert_string_not_equal(again.at, first.at);
		else
			assert_string_equal(again.at, first.at);
		sst_ident_close(ident);
	}
}

static void
at_the_bound_the_oldest_second_goes(void **state)
{
	struct sst_ident *ident = ident_of("", 60, 1024);
	struct text first = id_of(ident, "x", NOON);
	char line[16];

	(void)state;
	for (int i = 0; i < 1023; i++) {
		(void)snprintf(line, sizeof(line), "%d", i);
		(void)id_of(ident, line, NOON + 1);
	}
	assert_int_equal(sst_ident_forgotten(ident), 0);
	(void)id_of(ident, "one more", NOON + 1);
	assert_int_equal(sst_ident_forgotten(ident), 1);
	assert_string_equal(id_of(ident, "x", NOON).at, first.at);
	sst_ident_close(ident);
}

/* Many lines in one second: the table grows, and no count is lost. */
static void
a_busy_second_tells_all_its_lines_apart(void **state)
{
	struct sst_ident *ident = ident_of("", 1, 1 << 20);
	char line[16];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 20000; i++) {
			struct text id, fresh;
			struct sst_ident *other;

			(void)snprintf(line, sizeof(line), "%d", i);
			id = id_of(ident, line, NOON);
			if (i % 1000 != 0)
				continue;
			other = ident_of("", 1, 1024);
			fresh = id_of(other, line, NOON);
			if (round == 0)
				assert_string_equal(id.at, fresh.at);
			else
				assert_string_equal(
					id.at, id_of(other, line, NOON).at);
			sst_ident_close(other);
		}
	sst_ident_close(ident);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_lines_have_their_ids_forever),
		cmocka_unit_test(occurrences_are_counted_per_second_and_source),
		cmocka_unit_test(sources_share_one_bound),
		cmocka_unit_test(a_second_is_remembered_for_the_whole_window),
		cmocka_unit_test(at_the_bound_the_oldest_second_goes),
		cmocka_unit_test(a_busy_second_tells_all_its_lines_apart),
	};

	return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
