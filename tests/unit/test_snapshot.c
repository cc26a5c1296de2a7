/* SPDX-License-Identifier: ISC */
/* Open visits over a restart, whole, damaged and forged. */
#include "session_kit.h"

#include "session/snapshot.h"
#include "state/file.h"

#include <sys/stat.h>
#include <unistd.h>

#define S KIT_SECOND
#define M KIT_MINUTE
#define H KIT_HOUR

#define EVENTS 160

static const struct sst_visit_rules rules = { .timeout_us = 30 * M,
	.max_duration_us = 20 * M,
	.burst_events = 3,
	.burst_us = 4 * S,
	.new_on = SST_NEW_ON_CAMPAIGN,
	.at_midnight = true,
	.midnight_offset_s = 37800 }; /* midnight is at half past one */

static struct sst_key
key_of_tests(void)
{
	struct sst_key key = { .fingerprint = "0123456789abcdef" };

	memcpy(key.secret, kit_secret, sizeof(key.secret));
	return key;
}

static const struct sst_span settings =
	SST_SPAN("timeout=1800\nvisitor=user,ip+ua\n");

/* The i-th event of a stream that has everything in it: gaps, redirects,
 * campaigns, passive and late events, stamps from the future. */
static struct kit_event
event_of(uint64_t i)
{
	static const char *const who[] = { "a", "b", "c", "d", "e" };
	static const char *const paths[] = { "/", "/a", "/a/longer/path/so",
		"/b" };
	static const int64_t off[] = { 0, 0, 0, 0, -20 * M, 0, 0, -H, 0, 0, 0,
		0, 300 * H };
	uint64_t die = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
	struct kit_event event = { .at_us = (int64_t)i * 3 * M + off[die % 13],
		.who = who[die / 13 % 5],
		.path = paths[die / 65 % 4],
		.id = i + 1 };

	/* Three runs a day apart, and one that is quick. */
	event.at_us += (int64_t)(i / 60) * 20 * H;
	if (i > 140) {
		event.at_us = 47 * H + (int64_t)i * S / 2;
		event.who = who[i % 2];
	}
	switch (die / 260 % 8) {
	case 0:
		event.flags = SST_HIT_PASSIVE | SST_HIT_REDIRECT;
		event.campaign = 9;
		event.source = "mail";
		break;
	case 1:
		event.flags = SST_HIT_PASSIVE;
		break;
	case 2:
		event.campaign = 1 + die / 2080 % 2;
		event.source = "ad";
		event.consent = "yes";
		break;
	default:
		event.flags = SST_HIT_PAGE | SST_HIT_DNT;
	}
	return event;
}

/* Events from..to-1; a snapshot goes to `saved` if that is not NULL. */
static void
run(struct kit *kit, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		struct kit_event event = event_of(i);

		(void)kit_hit(kit, &event);
	}
}

static struct sst_span
snapshot_of(struct kit *kit, struct sst_buf *to)
{
	struct sst_key key = key_of_tests();
	struct sst_snapshot_ties ties = { &key, settings };
	struct sst_err err = { 0 };

	sst_buf_init(to, (size_t)16 * 1024 * 1024);
	assert_int_equal(
		sst_snapshot_put(to, kit->sessions, &ties, &err), SST_OK);
	return sst_buf_span(to);
}

static enum sst_status
take(struct kit *kit, struct sst_span bytes, struct sst_err *err)
{
	struct sst_key key = key_of_tests();
	struct sst_snapshot_ties ties = { &key, settings };

	return sst_snapshot_take(kit->sessions, bytes, &ties, err);
}

static void
a_restart_between_any_two_events_changes_nothing(void **state)
{
	struct kit whole;

	(void)state;
	kit_start(&whole, &rules, 4);
	run(&whole, 0, EVENTS);
	kit_end(&whole);
	/* The stream does have everything in it. */
	for (int end = SST_VISIT_TIMEOUT; end < SST_VISIT_END_COUNT; end++)
		if (whole.counts.ended[end] == 0)
			fail_msg("no visit ends by %s",
				sst_visit_end_name((enum sst_visit_end)end));
	assert_true(whole.counts.late > 0 && whole.counts.ahead > 0);

	for (uint64_t at = 0; at <= EVENTS; at++) {
		struct kit before, after;
		struct sst_buf saved, log, ends;
		struct sst_err err = { 0 };

		kit_start(&before, &rules, 4);
		kit_start(&after, &rules, 4);
		run(&before, 0, at);
		assert_int_equal(
			take(&after, snapshot_of(&before, &saved), &err),
			SST_OK);
		assert_int_equal(after.counts.open, before.counts.open);
		run(&after, at, EVENTS);
		kit_end(&after);
		sst_buf_init(&log, whole.log.max);
		sst_buf_init(&ends, whole.ends.max);
		sst_buf_put_span(&log, sst_buf_span(&before.log));
		sst_buf_put_span(&log, sst_buf_span(&after.log));
		sst_buf_put_span(&ends, sst_buf_span(&before.ends));
		sst_buf_put_span(&ends, sst_buf_span(&after.ends));
		if (!sst_span_eq(sst_buf_span(&log), sst_buf_span(&whole.log)))
			fail_msg("events differ when split at %d", (int)at);
		if (!sst_span_eq(
			    sst_buf_span(&ends), sst_buf_span(&whole.ends)))
			fail_msg("visits differ when split at %d", (int)at);
		sst_buf_release(&log);
		sst_buf_release(&ends);
		sst_buf_release(&saved);
		kit_stop(&before);
		kit_stop(&after);
	}
	kit_stop(&whole);
}

static void
a_snapshot_of_what_was_taken_is_the_same(void **state)
{
	struct kit first, second;
	struct sst_buf a, b;
	struct sst_err err = { 0 };
	struct sst_span bytes;

	(void)state;
	kit_start(&first, &rules, 4);
	kit_start(&second, &rules, 4);
	run(&first, 0, 120);
	bytes = snapshot_of(&first, &a);
	assert_int_equal(take(&second, bytes, &err), SST_OK);
	assert_true(sst_span_eq(bytes, snapshot_of(&second, &b)));
	sst_buf_release(&a);
	sst_buf_release(&b);
	kit_stop(&first);
	kit_stop(&second);
}

/* A damaged one is rejected, and leaves nothing behind. */
static void
expect_damaged(struct sst_span bytes)
{
	struct sst_err err = { 0 };
	struct kit kit;

	kit_start(&kit, &rules, 4);
	assert_int_equal(take(&kit, bytes, &err), SST_REJECT);
	assert_string_equal(err.text, "the saved visits are damaged");
	assert_int_equal(kit.counts.open, 0);
	kit_end(&kit);
	assert_int_equal(kit.ends.len, 0);
	kit_stop(&kit);
}

static void
damage_at_any_byte_is_seen(void **state)
{
	struct kit kit;
	struct sst_buf saved;
	struct sst_span bytes;

	(void)state;
	kit_start(&kit, &rules, 4);
	run(&kit, 0, 120);
	bytes = snapshot_of(&kit, &saved);
	assert_true(kit.counts.open >= 2);
	for (size_t i = 0; i < bytes.len; i++) {
		char was = saved.at[i];

		saved.at[i] = (char)(was ^ 1);
		expect_damaged(bytes);
		saved.at[i] = (char)~was;
		expect_damaged(bytes);
		saved.at[i] = was;
		expect_damaged(sst_span_head(bytes, i));
	}
	sst_buf_byte(&saved, '\0');
	expect_damaged(sst_buf_span(&saved));
	expect_damaged(sst_span(NULL, 0));
	sst_buf_release(&saved);
	kit_stop(&kit);
}

static void
another_key_or_other_settings_are_refused_by_name(void **state)
{
	struct sst_key key = key_of_tests();
	struct sst_snapshot_ties ties = { &key, settings };
	struct sst_err err = { 0 };
	struct kit kit, other;
	struct sst_buf saved;
	struct sst_span bytes;

	(void)state;
	kit_start(&kit, &rules, 4);
	kit_start(&other, &rules, 4);
	run(&kit, 0, 50);
	bytes = snapshot_of(&kit, &saved);

	memcpy(key.fingerprint, "fedcba9876543210", 16);
	assert_int_equal(sst_snapshot_take(other.sessions, bytes, &ties, &err),
		SST_ECONFIG);
	assert_string_equal(err.text,
		"open visits were saved under the key 0123456789abcdef, now it "
		"is fedcba9876543210");

	key = key_of_tests();
	ties.settings = sst_span_of("timeout=1800\nvisitor=ip\n");
	assert_int_equal(sst_snapshot_take(other.sessions, bytes, &ties, &err),
		SST_ECONFIG);
	assert_string_equal(err.text,
		"open visits were saved with 'visitor=user,ip+ua', now it is "
		"'visitor=ip'");
	ties.settings = sst_span_of("timeout=1800\n");
	assert_int_equal(sst_snapshot_take(other.sessions, bytes, &ties, &err),
		SST_ECONFIG);

	/* Who knows the fingerprint, but not the secret, cannot make one. */
	ties.settings = settings;
	key.secret[0] ^= 1;
	assert_int_equal(sst_snapshot_take(other.sessions, bytes, &ties, &err),
		SST_REJECT);
	assert_int_equal(other.counts.open, 0);
	sst_buf_release(&saved);
	kit_stop(&kit);
	kit_stop(&other);
}

/* ---- files ---- */

struct place {
	char folder[64], path[128], previous[128];
};

static void
make_place(struct place *place)
{
	(void)snprintf(place->folder, sizeof(place->folder), "%s",
		"test_snapshot.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	(void)snprintf(
		place->path, sizeof(place->path), "%s/state", place->folder);
	(void)snprintf(place->previous, sizeof(place->previous), "%s/state.1",
		place->folder);
}

static void
remove_place(const struct place *place)
{
	(void)unlink(place->path);
	(void)unlink(place->previous);
	assert_int_equal(rmdir(place->folder), 0);
}

/* Save after so many events; how many visits were open. */
static uint64_t
save_after(const struct place *place, uint64_t events)
{
	struct sst_key key = key_of_tests();
	struct sst_snapshot_ties ties = { &key, settings };
	struct sst_err err = { 0 };
	struct kit kit;
	uint64_t open;

	kit_start(&kit, &rules, 100);
	run(&kit, 0, events);
	assert_int_equal(
		sst_snapshot_save(kit.sessions, place->path, &ties, &err),
		SST_OK);
	open = kit.counts.open;
	kit_stop(&kit);
	return open;
}

static enum sst_status
load(const struct place *place, uint64_t *open, bool *is_previous,
	struct sst_err *err)
{
	struct sst_key key = key_of_tests();
	struct sst_snapshot_ties ties = { &key, settings };
	struct kit kit;
	enum sst_status status;

	*err = (struct sst_err){ 0 };
	kit_start(&kit, &rules, 100);
	status = sst_snapshot_load(
		kit.sessions, place->path, &ties, is_previous, err);
	*open = kit.counts.open;
	kit_stop(&kit);
	return status;
}

static void
damage(const char *path)
{
	FILE *file = fopen(path, "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, -1, SEEK_END), 0);
	assert_int_equal(fputc('!', file), '!');
	assert_int_equal(fclose(file), 0);
}

static void
the_newest_snapshot_that_is_whole_is_taken(void **state)
{
	struct place place;
	struct sst_err err;
	uint64_t old, new, open;
	bool is_previous;

	(void)state;
	make_place(&place);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_OK);
	assert_int_equal(open, 0);

	old = save_after(&place, 1);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_OK);
	assert_int_equal(open, old);
	new = save_after(&place, 120);
	assert_int_not_equal(old, new);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_OK);
	assert_int_equal(open, new);
	assert_false(is_previous);

	damage(place.path);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_OK);
	assert_int_equal(open, old);
	assert_true(is_previous);
	assert_non_null(
		strstr(err.text, "state: the saved visits are damaged"));

	assert_int_equal(unlink(place.path), 0);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_OK);
	assert_int_equal(open, old);
	assert_true(is_previous);
	assert_non_null(strstr(err.text, "no such file"));
	remove_place(&place);
}

static void
without_a_whole_snapshot_nothing_goes_on(void **state)
{
	struct place place;
	struct sst_err err;
	uint64_t open;
	bool is_previous;

	(void)state;
	make_place(&place);
	(void)save_after(&place, 30);
	damage(place.path);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_ECONFIG);
	assert_int_equal(err.status, SST_ECONFIG);
	assert_non_null(strstr(err.text, "damaged"));

	(void)save_after(&place, 30); /* the damaged one is now the previous */
	damage(place.path);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_ECONFIG);
	assert_int_equal(open, 0);
	assert_false(is_previous);

	assert_int_equal(unlink(place.path), 0);
	assert_int_equal(load(&place, &open, &is_previous, &err), SST_ECONFIG);
	remove_place(&place);
}

static void
a_snapshot_is_nobody_elses_to_read(void **state)
{
	struct place place;
	struct stat about;

	(void)state;
	make_place(&place);
	(void)save_after(&place, 30);
	assert_int_equal(stat(place.path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	remove_place(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_restart_between_any_two_events_changes_nothing),
		cmocka_unit_test(a_snapshot_of_what_was_taken_is_the_same),
		cmocka_unit_test(damage_at_any_byte_is_seen),
		cmocka_unit_test(
			another_key_or_other_settings_are_refused_by_name),
		cmocka_unit_test(the_newest_snapshot_that_is_whole_is_taken),
		cmocka_unit_test(without_a_whole_snapshot_nothing_goes_on),
		cmocka_unit_test(a_snapshot_is_nobody_elses_to_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
