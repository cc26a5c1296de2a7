/* SPDX-License-Identifier: ISC */
/* What is remembered of sources whose lines come in turns. */
#include "event/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOON INT64_C(1795521600) /* 2026-11-24T12:00:00Z */

struct scene {
	struct sst_recognizer *recognizer;
	struct sst_ident *ident;
	struct sst_origins *origins;
};

static struct scene
scene(void)
{
	const struct sst_builder_options none = { .trusted = { NULL, 0 } };
	const uint8_t secret[SST_KEY_LEN] = { 0 };
	struct scene s;

	assert_int_equal(
		sst_recognizer_open(&s.recognizer, &none, NULL), SST_OK);
	assert_int_equal(sst_ident_open(&s.ident, secret, sst_span_of(""), 60,
				 1 << 20, NULL),
		SST_OK);
	assert_int_equal(
		sst_origins_open(&s.origins, s.recognizer, s.ident, NULL),
		SST_OK);
	return s;
}

static void
leave(struct scene *s)
{
	sst_origins_close(s->origins);
	sst_ident_close(s->ident);
	sst_recognizer_close(s->recognizer);
}

static struct sst_ident *
enter(struct scene *s, const char *file, const char *log)
{
	struct sst_ident *ident = NULL;

	assert_int_equal(sst_origins_enter(s->origins, sst_span_of(file),
				 sst_span_of(log), &ident, NULL),
		SST_OK);
	assert_non_null(ident);
	return ident;
}

/* Is the line the first of its kind there? */
static bool
is_first(const struct scene *s, struct sst_ident *ident)
{
	struct sst_digest hash;
	char id[SST_UUID_LEN];

	sst_ident_first(s->ident, sst_span_of("x"), &hash, id);
	return !sst_ident_settle(ident, &hash, NOON, id);
}

static void
each_log_counts_its_own_lines(void **state)
{
	struct scene s = scene();

	(void)state;
	assert_true(is_first(&s, enter(&s, "a.1", "a")));
	assert_true(is_first(&s, enter(&s, "b", "b")));
	/* A file and its rotations are one log. */
	assert_false(is_first(&s, enter(&s, "a", "a")));
	assert_false(is_first(&s, enter(&s, "b", "b")));
	leave(&s);
}

static void
each_file_has_what_was_learnt_of_it(void **state)
{
	struct scene s = scene();
	struct sst_recognizer_state fresh, learnt, now;

	(void)state;
	sst_recognizer_state(s.recognizer, &fresh);
	learnt = fresh;
	learnt.software_len = 3;
	memcpy(learnt.software, "IIS", 3);
	(void)enter(&s, "a", "a");
	sst_recognizer_resume(s.recognizer, &learnt);
	(void)enter(&s, "a.1", "a");
	sst_recognizer_state(s.recognizer, &now);
	assert_true(sst_recognizer_state_eq(&now, &fresh));
	(void)enter(&s, "a", "a");
	sst_recognizer_state(s.recognizer, &now);
	assert_true(sst_recognizer_state_eq(&now, &learnt));
	leave(&s);
}

static void
the_source_entered_the_longest_ago_is_forgotten(void **state)
{
	struct scene s = scene();
	char name[32];

	(void)state;
	assert_true(is_first(&s, enter(&s, "first", "first")));
	assert_true(is_first(&s, enter(&s, "second", "second")));
	for (size_t i = 2; i < SST_ORIGINS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "%zu", i);
		(void)enter(&s, name, name);
	}
	assert_false(is_first(&s, enter(&s, "first", "first")));
	(void)enter(&s, "another", "another"); /* in the place of second */
	assert_false(is_first(&s, enter(&s, "first", "first")));
	assert_true(is_first(&s, enter(&s, "second", "second")));
	leave(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_log_counts_its_own_lines),
		cmocka_unit_test(each_file_has_what_was_learnt_of_it),
		cmocka_unit_test(
			the_source_entered_the_longest_ago_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
