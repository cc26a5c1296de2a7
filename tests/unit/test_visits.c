/* SPDX-License-Identifier: ISC */
/* When visits begin and end, and what is known of them then. */
#include "session_kit.h"

#define S KIT_SECOND
#define M KIT_MINUTE
#define H KIT_HOUR

static const struct sst_visit_rules half_hour = { .timeout_us = 30 * M };

static void
a_gap_of_exactly_the_timeout_continues(void **state)
{
	struct kit kit;
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_page(&kit, 0);
	assert_int_equal(place.seq, 1);
	assert_true(place.is_new);
	place = kit_page(&kit, 1800);
	assert_int_equal(place.seq, 2);
	assert_false(place.is_new);
	place = kit_page(&kit, 3601);
	assert_int_equal(place.seq, 1);
	assert_true(place.is_new);
	assert_string_equal(kit_ends(&kit), "0+1800 2 2 0 / / - - - timeout\n");
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit), "0+1800 2 2 0 / / - - - timeout\n"
					    "3601+0 1 1 0 / / - - - eof\n");
	assert_int_equal(kit.counts.visits, 2);
	assert_int_equal(kit.counts.ended[SST_VISIT_TIMEOUT], 1);
	kit_stop(&kit);
}

static void
a_gap_of_exactly_the_timeout_splits_when_asked(void **state)
{
	static const struct sst_visit_rules rules = { .timeout_us = 30 * M,
		.exact_splits = true };
	struct kit kit;

	(void)state;
	kit_start(&kit, &rules, 10);
	(void)kit_page(&kit, 0);
	assert_false(kit_page(&kit, 1799).is_new);
	assert_true(kit_page(&kit, 1799 + 1800).is_new);
	kit_stop(&kit);
}

static void
a_visit_ends_as_soon_as_an_event_shows_that_it_is_over(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = 0, .who = "a", .path = "/a" });
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 10 * M, .who = "b", .path = "/b" });
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 30 * M, .who = "c", .path = "/c" });
	assert_string_equal(kit_ends(&kit), "");
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 30 * M + S, .who = "c", .path = "/d" });
	assert_string_equal(kit_ends(&kit), "0+0 1 0 0 /a /a - - - timeout\n");
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 41 * M, .who = "c", .path = "/e" });
	assert_string_equal(kit_ends(&kit),
		"0+0 1 0 0 /a /a - - - timeout\n"
		"600+0 1 0 0 /b /b - - - timeout\n");
	kit_stop(&kit);
}

/* ---- ids ---- */

static void
ids_keep_apart_what_differs(void **state)
{
	struct kit kit;
	char visitor[SST_UUID_LEN], session[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = 0, .who = "a", .id = 5 });
	memcpy(visitor, place.visitor_id.at, SST_UUID_LEN);
	memcpy(session, place.session_id.at, SST_UUID_LEN);
	assert_memory_not_equal(visitor, session, SST_UUID_LEN);
	assert_int_equal(visitor[14], '8'); /* UUID version */

	/* The visitor stays, the visit does not. */
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = H, .who = "a", .id = 6 });
	assert_memory_equal(place.visitor_id.at, visitor, SST_UUID_LEN);
	assert_memory_not_equal(place.session_id.at, session, SST_UUID_LEN);
	/* Even if events have equal ids, or none. */
	place = kit_hit(&kit,
		&(struct kit_event){ .at_us = 2 * H, .who = "a", .id = 5 });
	assert_memory_not_equal(place.session_id.at, session, SST_UUID_LEN);
	place = kit_hit(&kit,
		&(struct kit_event){ .at_us = 2 * H, .who = "b", .id = 5 });
	assert_memory_not_equal(place.visitor_id.at, visitor, SST_UUID_LEN);
	kit_stop(&kit);
}

static void
the_same_events_get_the_same_ids_wherever_a_run_began(void **state)
{
	struct kit whole, part;
	char session[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&whole, &half_hour, 10);
	kit_start(&part, &half_hour, 10);
	(void)kit_hit(
		&whole, &(struct kit_event){ .at_us = 0, .who = "a", .id = 1 });
	place = kit_hit(
		&whole, &(struct kit_event){ .at_us = H, .who = "a", .id = 2 });
	memcpy(session, place.session_id.at, SST_UUID_LEN);
	place = kit_hit(
		&part, &(struct kit_event){ .at_us = H, .who = "a", .id = 2 });
	assert_memory_equal(place.session_id.at, session, SST_UUID_LEN);
	kit_stop(&whole);
	kit_stop(&part);
}

static void
a_visitor_id_is_the_hash_of_who_under_the_days_key(void **state)
{
	struct sst_span who = SST_SPAN("somebody");
	struct sst_digest key = sst_digest_derive(
		kit_secret, "sst visitor day", sst_span_of("2026-11-24"));
	struct sst_digest id = sst_siphash13(&key, who);
	char text[SST_UUID_LEN];
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	sst_uuid_write(text, &id, 0x80);
	assert_memory_equal(
		kit_page(&kit, 0).visitor_id.at, text, SST_UUID_LEN);
	kit_stop(&kit);
}

/* ---- rotation ---- */

static void
a_visit_over_midnight_keeps_the_first_days_visitor(void **state)
{
	struct kit kit;
	char before[SST_UUID_LEN], session[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_page(&kit, 12 * 3600 - 60);
	memcpy(before, place.visitor_id.at, SST_UUID_LEN);
	memcpy(session, place.session_id.at, SST_UUID_LEN);
	place = kit_page(&kit, 12 * 3600 + 60);
	assert_memory_equal(place.visitor_id.at, before, SST_UUID_LEN);
	assert_memory_equal(place.session_id.at, session, SST_UUID_LEN);
	/* The next visit of that day is somebody new. */
	place = kit_page(&kit, 14 * 3600);
	assert_memory_not_equal(place.visitor_id.at, before, SST_UUID_LEN);
	assert_memory_not_equal(place.session_id.at, session, SST_UUID_LEN);
	kit_stop(&kit);
}

static void
two_days_never_share_a_session(void **state)
{
	struct kit kit;
	char session[SST_UUID_LEN], visitor[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_hit(&kit, &(struct kit_event){ .at_us = 0, .id = 7 });
	memcpy(visitor, place.visitor_id.at, SST_UUID_LEN);
	memcpy(session, place.session_id.at, SST_UUID_LEN);
	place = kit_hit(&kit, &(struct kit_event){ .at_us = 24 * H, .id = 7 });
	assert_memory_not_equal(place.visitor_id.at, visitor, SST_UUID_LEN);
	assert_memory_not_equal(place.session_id.at, session, SST_UUID_LEN);
	kit_stop(&kit);
}

static void
without_rotation_a_visitor_is_the_same_on_all_days(void **state)
{
	struct kit kit;
	char before[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	assert_true(sst_rotate_read(&kit.rotate, sst_span_of("never")));
	place = kit_page(&kit, 0);
	memcpy(before, place.visitor_id.at, SST_UUID_LEN);
	place = kit_page(&kit, 400 * 86400);
	assert_memory_equal(place.visitor_id.at, before, SST_UUID_LEN);
	kit_stop(&kit);
}

static void
the_day_begins_in_the_zone_of_the_rotation(void **state)
{
	struct kit kit;
	char before[SST_UUID_LEN];
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	assert_true(sst_rotate_read(&kit.rotate, sst_span_of("daily:+01:00")));
	place = kit_page(&kit, 11 * 3600 - 3601);
	memcpy(before, place.visitor_id.at, SST_UUID_LEN);
	place = kit_page(&kit, 11 * 3600 - 1);
	assert_memory_equal(place.visitor_id.at, before, SST_UUID_LEN);
	kit_end(&kit);
	place = kit_page(&kit, 11 * 3600);
	assert_memory_not_equal(place.visitor_id.at, before, SST_UUID_LEN);
	kit_stop(&kit);
}

static void
rotations_are_daily_or_never(void **state)
{
	struct sst_rotate rotate;

	(void)state;
	sst_rotate_init(&rotate, kit_secret);
	assert_true(sst_rotate_read(&rotate, sst_span_of("daily")));
	assert_true(sst_rotate_read(&rotate, sst_span_of("daily:-03:30")));
	assert_int_equal(rotate.offset_s, -12600);
	assert_false(sst_rotate_read(&rotate, sst_span_of("daily:")));
	assert_false(sst_rotate_read(&rotate, sst_span_of("weekly")));
	assert_false(sst_rotate_read(&rotate, sst_span_of("daily:CET")));
	sst_rotate_release(&rotate);
}

/* ---- passive events ---- */

static void
passive_events_neither_open_nor_extend(void **state)
{
	struct kit kit;
	struct kit_event asset = { .at_us = 0,
		.who = "a",
		.path = "/logo.png",
		.flags = SST_HIT_PASSIVE };
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	place = kit_hit(&kit, &asset);
	assert_non_null(place.visitor_id.at);
	assert_null(place.session_id.at);
	assert_int_equal(kit.counts.open, 0);

	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = S, .who = "a", .path = "/a" });
	asset.at_us = 29 * M;
	place = kit_hit(&kit, &asset);
	assert_non_null(place.session_id.at);
	assert_int_equal(
		place.session_start.len, sizeof("2026-11-24T12:00:01Z") - 1);
	assert_memory_equal(place.session_start.at, "2026-11-24T12:00:01Z",
		place.session_start.len);
	assert_int_equal(place.seq, 0);
	assert_false(place.is_new);

	place = kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 30 * M, .who = "a", .path = "/b" });
	assert_int_equal(place.seq, 2);
	asset.at_us = 60 * M + S;
	place = kit_hit(&kit, &asset);
	assert_null(place.session_id.at);
	assert_string_equal(
		kit_ends(&kit), "1+1799 2 0 0 /a /b - - - timeout\n");
	kit_stop(&kit);
}

/* ---- order ---- */

static void
late_events_are_flagged_and_keep_their_place_when_they_can(void **state)
{
	struct kit kit;
	struct sst_place place;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 0, .who = "a" });
	(void)kit_hit(&kit, &(struct kit_event){ .at_us = 50 * M, .who = "b" });

	/* Nobody's visit is open there: it begins one, and is late. */
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = 5 * M, .who = "a" });
	assert_true(place.is_late && place.is_new);
	/* Which the next one joins. */
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = 6 * M, .who = "a" });
	assert_int_equal(place.seq, 2);
	assert_false(place.is_late);
	/* b has a newer visit: no visit takes this one. */
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = 10 * M, .who = "b" });
	assert_true(place.is_late);
	assert_null(place.session_id.at);
	assert_non_null(place.visitor_id.at);
	/* Within the timeout before it: one visit. */
	place = kit_hit(
		&kit, &(struct kit_event){ .at_us = 20 * M, .who = "b" });
	assert_int_equal(place.seq, 2);
	assert_false(place.is_late);
	assert_int_equal(kit.counts.late, 2);
	kit_end(&kit);
	assert_string_equal(kit_ends(&kit), "0+0 1 0 0 / / - - - timeout\n"
					    "300+60 2 0 0 / / - - - eof\n"
					    "1200+1800 2 0 0 / / - - - eof\n");
	kit_stop(&kit);
}

static void
one_stamp_from_the_future_ends_nobody_elses_visit(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	for (int i = 0; i < 10; i++)
		(void)kit_hit(
			&kit, &(struct kit_event){ .at_us = 0, .who = "a" });
	(void)kit_hit(
		&kit, &(struct kit_event){ .at_us = 9000 * H, .who = "b" });
	assert_string_equal(kit_ends(&kit), "");
	assert_false(
		kit_hit(&kit, &(struct kit_event){ .at_us = M, .who = "a" })
			.is_new);
	/* b comes back to the present. */
	assert_true(kit_hit(&kit, &(struct kit_event){ .at_us = M, .who = "b" })
			    .is_new);
	assert_int_equal(kit.counts.ahead, 1);
	assert_int_equal(kit.counts.late, 0);
	kit_stop(&kit);
}

static void
a_quiet_night_is_no_future(void **state)
{
	struct kit kit;
	char who[8];

	(void)state;
	kit_start(&kit, &half_hour, 100);
	(void)kit_hit(
		&kit, &(struct kit_event){ .at_us = 0, .who = "evening" });
	for (int i = 0; i < 12; i++) {
		(void)snprintf(who, sizeof(who), "%d", i);
		(void)kit_hit(&kit, &(struct kit_event){ .at_us = 9 * H + i * S,
					    .who = who });
	}
	/* Nine agreed; none of the morning's visits ended with the night's. */
	assert_string_equal(kit_ends(&kit), "0+0 1 0 0 / / - - - timeout\n");
	assert_false(kit_hit(&kit,
		&(struct kit_event){ .at_us = 9 * H + 30 * M, .who = "0" })
			     .is_new);
	assert_int_equal(kit.counts.open, 12);
	kit_stop(&kit);
}

static void
a_first_stamp_from_the_future_keeps_no_visit_open_forever(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 10);
	(void)kit_hit(
		&kit, &(struct kit_event){ .at_us = 9000 * H, .who = "mad" });
	for (int i = 0; i < 30; i++)
		(void)kit_hit(&kit,
			&(struct kit_event){ .at_us = i * 2 * M, .who = "b" });
	(void)kit_hit(
		&kit, &(struct kit_event){ .at_us = 100 * M, .who = "c" });
	assert_string_equal(
		kit_ends(&kit), "0+3480 30 0 0 / / - - - timeout\n");
	kit_stop(&kit);
}

static void
an_event_inside_a_full_visit_begins_another(void **state)
{
	static const struct sst_visit_rules rules = { .timeout_us = 30 * M,
		.max_events = 2 };
	struct kit kit;
	struct sst_place place;

	(void)state;
	kit_start(&kit, &rules, 10);
	(void)kit_page(&kit, 0);
	(void)kit_page(&kit, 20);
	place = kit_page(&kit, 10);
	assert_true(place.is_new);
	assert_false(place.is_late);
	/* Before it there is no place left. */
	place = kit_page(&kit, -2000);
	assert_true(place.is_late);
	assert_null(place.session_id.at);
	kit_stop(&kit);
}

/* ---- bounds ---- */

static void
at_the_ceiling_the_least_recent_visit_ends_early(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, &half_hour, 3);
	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = 0, .who = "a", .path = "/a" });
	(void)kit_hit(&kit,
		&(struct kit_event){ .at_us = S, .who = "b", .path = "/b" });
	(void)kit_hit(&kit, &(struct kit_event){
				    .at_us = 2 * S, .who = "c", .path = "/c" });
	(void)kit_hit(
		&kit, &(struct kit_event){
			      .at_us = 3 * S, .who = "a", .path = "/a2" });
	assert_string_equal(kit_ends(&kit), "");
	(void)kit_hit(&kit, &(struct kit_event){
				    .at_us = 4 * S, .who = "d", .path = "/d" });
	assert_string_equal(kit_ends(&kit), "1+0 1 0 0 /b /b - - - evicted\n");
	assert_int_equal(kit.counts.ended[SST_VISIT_EVICTED], 1);
	assert_int_equal(kit.counts.open, 3);
	kit_stop(&kit);
}

/* Forty visitors, each with a path of a megabyte; `before`: and a short one
 * before. How many visits are still open? */
static uint64_t
open_after_long_paths(bool before)
{
	const size_t size = 1024 * 1024;
	char *path = calloc(1, size + 1);
	struct kit kit;
	uint64_t open;

	assert_non_null(path);
	memset(path, 'x', size);
	kit_start(&kit, &half_hour, 1000);
	for (int i = before ? 0 : 40; i < 80; i++) {
		char who[8];

		(void)snprintf(who, sizeof(who), "%d", i % 40);
		(void)kit_hit(&kit, &(struct kit_event){ .at_us = 0,
					    .who = who,
					    .path = i < 40 ? "/" : path });
		sst_buf_reset(&kit.ends);
	}
	open = kit.counts.open;
	assert_int_equal(
		kit.counts.ended[SST_VISIT_EVICTED] + open, kit.counts.visits);
	kit_stop(&kit);
	free(path);
	return open;
}

static void
long_strings_are_bounded_together(void **state)
{
	(void)state;
	/* 16 MiB and 512 bytes a visit; two such paths are a visit's. */
	assert_in_range(open_after_long_paths(false), 7, 8);
	/* The entry is short, only the exit grows, after all have begun. */
	assert_in_range(open_after_long_paths(true), 8, 16);
}

static void
the_2501st_hit_begins_another_visit_under_adobe(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, sst_visit_rules_preset(sst_span_of("adobe")), 10);
	for (int i = 0; i < 2500; i++)
		assert_int_equal(kit_page(&kit, i * 2).seq, i + 1);
	assert_int_equal(kit_page(&kit, 5000).seq, 1);
	assert_string_equal(
		kit_ends(&kit), "0+4998 2500 2500 0 / / - - - max_events\n");
	kit_stop(&kit);
}

static void
the_101st_hit_within_100_seconds_begins_another_visit_under_adobe(void **state)
{
	struct kit kit;

	(void)state;
	kit_start(&kit, sst_visit_rules_preset(sst_span_of("adobe")), 10);
	/* Two a second: the 101st is 50 s after the first. */
	for (int i = 0; i < 100; i++) {
		struct kit_event event = { .at_us = i * S / 2 };

		assert_int_equal(kit_hit(&kit, &event).seq, i + 1);
	}
	assert_int_equal(
		kit_hit(&kit, &(struct kit_event){ .at_us = 50 * S }).seq, 1);
	/* One in 1.01 s is no burst, however long it goes on. */
	for (int i = 1; i < 300; i++) {
		struct kit_event event = { .at_us = 50 * S +
						    i * INT64_C(1010000) };

		assert_int_equal(kit_hit(&kit, &event).seq, i + 1);
	}
	kit_stop(&kit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gap_of_exactly_the_timeout_continues),
		cmocka_unit_test(
			a_gap_of_exactly_the_timeout_splits_when_asked),
		cmocka_unit_test(
			a_visit_ends_as_soon_as_an_event_shows_that_it_is_over),
		cmocka_unit_test(ids_keep_apart_what_differs),
		cmocka_unit_test(
			the_same_events_get_the_same_ids_wherever_a_run_began),
		cmocka_unit_test(
			a_visitor_id_is_the_hash_of_who_under_the_days_key),
		cmocka_unit_test(
			a_visit_over_midnight_keeps_the_first_days_visitor),
		cmocka_unit_test(two_days_never_share_a_session),
		cmocka_unit_test(
			without_rotation_a_visitor_is_the_same_on_all_days),
		cmocka_unit_test(the_day_begins_in_the_zone_of_the_rotation),
		cmocka_unit_test(rotations_are_daily_or_never),
		cmocka_unit_test(passive_events_neither_open_nor_extend),
		cmocka_unit_test(
			late_events_are_flagged_and_keep_their_place_when_they_can),
		cmocka_unit_test(
			one_stamp_from_the_future_ends_nobody_elses_visit),
		cmocka_unit_test(a_quiet_night_is_no_future),
		cmocka_unit_test(
			a_first_stamp_from_the_future_keeps_no_visit_open_forever),
		cmocka_unit_test(an_event_inside_a_full_visit_begins_another),
		cmocka_unit_test(
			at_the_ceiling_the_least_recent_visit_ends_early),
		cmocka_unit_test(long_strings_are_bounded_together),
		cmocka_unit_test(
			the_2501st_hit_begins_another_visit_under_adobe),
		cmocka_unit_test(
			the_101st_hit_within_100_seconds_begins_another_visit_under_adobe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
