/* SPDX-License-Identifier: ISC */
/* State files: old or new, never half; and locks. */
#include "state/file.h"

#include "place.h"
#include "state/temp.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void
assert_holds(const char *path, const char *text)
{
	struct sst_err err = { 0 };
	struct sst_buf all;

	sst_buf_init(&all, 4096);
	if (sst_file_read(&all, path, &err) != SST_OK)
		fail_msg("%s", err.text);
	assert_int_equal(all.len, strlen(text));
	if (all.len != 0)
		assert_memory_equal(all.at, text, all.len);
	sst_buf_release(&all);
}

static void
replace(const char *path, const char *text, bool keep)
{
	struct sst_err err = { 0 };

	if (sst_file_replace(path, sst_span_of(text), keep, &err) != SST_OK)
		fail_msg("%s", err.text);
}

static void
a_replaced_file_holds_the_new_bytes_and_leaves_nothing_behind(void **state)
{
	struct stat st;

	(void)state;
	replace("s", "one", false);
	assert_holds("s", "one");
	assert_int_equal(stat("s", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	replace("s", "", false);
	assert_holds("s", "");
	replace("./s", "three", false);
	assert_holds("s", "three");
	assert_int_equal(place_count("."), 1);
}

static void
until_the_last_piece_is_in_the_file_is_the_old_one(void **state)
{
	struct sst_replacement to;
	struct sst_err err = { 0 };

	(void)state;
	replace("s", "old", false);
	assert_int_equal(sst_file_begin(&to, "s", &err), SST_OK);
	assert_int_equal(sst_file_put(&to, sst_span_of("ne"), &err), SST_OK);
	assert_int_equal(sst_file_put(&to, sst_span_of(""), &err), SST_OK);
	assert_int_equal(sst_file_put(&to, sst_span_of("w"), &err), SST_OK);
	assert_holds("s", "old");
	assert_int_equal(sst_file_finish(&to, true, &err), SST_OK);
	assert_holds("s", "new");
	assert_holds("s.1", "old");
	assert_int_equal(place_count("."), 2);

	assert_int_equal(sst_file_begin(&to, "s", &err), SST_OK);
	assert_int_equal(sst_file_put(&to, sst_span_of("x"), &err), SST_OK);
	sst_file_abandon(&to);
	assert_holds("s", "new");
	assert_int_equal(place_count("."), 2);
}

static void
the_previous_generation_stays_beside_it_when_asked(void **state)
{
	(void)state;
	replace("s", "one", true);
	assert_int_equal(place_count("."), 1);
	replace("s", "two", true);
	assert_holds("s", "two");
	assert_holds("s.1", "one");
	replace("s", "three", true);
	assert_holds("s", "three");
	assert_holds("s.1", "two");
	replace("s", "four", false);
	assert_holds("s", "four");
	assert_holds("s.1", "two");
	assert_int_equal(place_count("."), 2);
}

static void
a_reader_that_has_the_old_file_keeps_it(void **state)
{
	char text[8] = "";
	FILE *old;

	(void)state;
	replace("s", "one", false);
	old = fopen("s", "r");
	assert_non_null(old);
	replace("s", "two", false);
	assert_non_null(fgets(text, sizeof(text), old));
	assert_string_equal(text, "one");
	assert_int_equal(fclose(old), 0);
}

static void
what_cannot_be_replaced_says_which_step_and_stays(void **state)
{
	char long_name[SST_PATH_MAX + 10];
	struct sst_err err = { 0 };

	(void)state;
	assert_int_equal(
		sst_file_replace("no/s", sst_span_of("x"), false, &err),
		SST_EIO);
	assert_string_equal(err.text,
		"cannot create a file beside 'no/s': No such file or "
		"directory");
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(
		sst_file_replace("d", sst_span_of("x"), false, &err), SST_EIO);
	assert_string_equal(err.text, "cannot replace 'd': Is a directory");
	assert_int_equal(
		sst_file_replace("d", sst_span_of("x"), true, &err), SST_EIO);
	assert_non_null(strstr(err.text, "cannot keep 'd' as 'd.1': "));
	assert_int_equal(place_count("."), 1);
	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(
		sst_file_replace(long_name, sst_span_of("x"), false, &err),
		SST_EIO);
	assert_int_equal(place_count("."), 1);
}

/* A disk that is full: the child may write no more than 4 KiB. */
static int
replace_on_a_full_disk(void)
{
	static char large[65536];
	const struct rlimit limit = { 4096, 4096 };
	struct sst_err err = { 0 };

	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	if (sst_file_replace("s", sst_span(large, sizeof(large)), true, &err) !=
		SST_EIO)
		return 2;
	return strstr(err.text, "cannot write 's.") == err.text ? 0 : 3;
}

static void
a_full_disk_leaves_the_old_file_alone(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	replace("s", "one", false);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(replace_on_a_full_disk());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_holds("s", "one");
	assert_int_equal(place_count("."), 1);
}

/* Whatever moment kills the writer, a reader finds one whole generation. */
static void
a_killed_writer_leaves_a_whole_file(void **state)
{
	static char as[20000], bs[20000];

	(void)state;
	memset(as, 'a', sizeof(as));
	memset(bs, 'b', sizeof(bs));
	assert_int_equal(
		sst_file_replace("s", sst_span(as, sizeof(as)), true, NULL),
		SST_OK);
	for (int round = 0; round < 20; round++) {
		const struct timespec pause = { 0, 100000L * round };
		struct sst_buf all;
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		while (pid == 0) {
			(void)!sst_file_replace(
				"s", sst_span(bs, sizeof(bs)), true, NULL);
			(void)!sst_file_replace(
				"s", sst_span(as, sizeof(as)), true, NULL);
		}
		(void)nanosleep(&pause, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		sst_buf_init(&all, sizeof(as));
		assert_int_equal(sst_file_read(&all, "s", NULL), SST_OK);
		assert_int_equal(all.len, sizeof(as));
		assert_true(memcmp(all.at, as, all.len) == 0 ||
			    memcmp(all.at, bs, all.len) == 0);
		sst_buf_release(&all);
	}
}

static void
reading_says_what_is_wrong(void **state)
{
	static char large[10000];
	struct sst_err err = { 0 };
	struct sst_buf all;

	(void)state;
	sst_buf_init(&all, 5);
	assert_int_equal(sst_file_read(&all, "none", &err), SST_END);
	place_write("s", 0600, sst_span_of("12345"));
	assert_int_equal(sst_file_read(&all, "s", &err), SST_OK);
	assert_int_equal(sst_file_read(&all, "s", &err), SST_OK);
	assert_int_equal(all.len, 5);
	place_write("s", 0600, sst_span_of("123456"));
	assert_int_equal(sst_file_read(&all, "s", &err), SST_ECONFIG);
	assert_string_equal(err.text, "'s' is larger than 5 bytes");
	memset(large, 'x', sizeof(large));
	place_write("s", 0600, sst_span(large, sizeof(large)));
	sst_buf_release(&all);
	sst_buf_init(&all, sizeof(large) - 1);
	assert_int_equal(sst_file_read(&all, "s", &err), SST_ECONFIG);
	sst_buf_release(&all);
	sst_buf_init(&all, sizeof(large));
	assert_int_equal(sst_file_read(&all, "s", &err), SST_OK);
	assert_int_equal(all.len, sizeof(large));
	assert_memory_equal(all.at, large, sizeof(large));
	assert_int_equal(sst_file_read(&all, ".", &err), SST_EIO);
	assert_string_equal(err.text, "cannot read '.': Is a directory");
	assert_int_equal(sst_file_read(&all, "s/x", &err), SST_EIO);
	assert_string_equal(err.text, "cannot open 's/x': Not a directory");
	sst_buf_release(&all);
}

static void
the_folder_of_a_path_is_what_holds_its_name(void **state)
{
	static const struct {
		const char *path, *folder;
	} cases[] = {
		{ "x", "." },
		{ "a/x", "a" },
		{ "a/b/x", "a/b" },
		{ "./x", "." },
		{ "/x", "/" },
		{ "/a/x", "/a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_buf folder;

		sst_buf_init(&folder, 64);
		sst_folder_put(&folder, cases[i].path);
		assert_string_equal(folder.at, cases[i].folder);
		sst_buf_release(&folder);
	}
}

/* In a child, for a lock holds between processes: 0 it got it, 1 it did not,
 * and the message says so. */
static int
try_lock(void)
{
	int status;
	pid_t parent = getpid();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct sst_err err = { 0 };
		char expected[64];
		int lock;

		(void)snprintf(expected, sizeof(expected),
			"'l' is in use by another process (%ld)", (long)parent);
		if (sst_file_lock(&lock, "l", &err) == SST_OK)
			_exit(lock >= 0 ? 0 : 2);
		if (err.status != SST_EIO || lock != -1)
			_exit(3);
		_exit(strcmp(err.text, expected) == 0 ? 1 : 4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_lock_is_held_until_unlocked_or_the_process_ends(void **state)
{
	struct stat st;
	int lock;

	(void)state;
	assert_int_equal(try_lock(), 0); /* and it ended */
	assert_int_equal(sst_file_lock(&lock, "l", NULL), SST_OK);
	assert_int_equal(stat("l", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(try_lock(), 1);
	assert_int_equal(try_lock(), 1);
	sst_file_unlock(lock);
	assert_int_equal(try_lock(), 0);
	sst_file_unlock(-1);
}

static void
a_lock_that_cannot_be_opened_says_so(void **state)
{
	struct sst_err err = { 0 };
	int lock = 7;

	(void)state;
	assert_int_equal(sst_file_lock(&lock, "no/l", &err), SST_EIO);
	assert_string_equal(
		err.text, "cannot open lock 'no/l': No such file or directory");
	assert_int_equal(lock, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(
			a_replaced_file_holds_the_new_bytes_and_leaves_nothing_behind),
		IN_PLACE(until_the_last_piece_is_in_the_file_is_the_old_one),
		IN_PLACE(the_previous_generation_stays_beside_it_when_asked),
		IN_PLACE(a_reader_that_has_the_old_file_keeps_it),
		IN_PLACE(what_cannot_be_replaced_says_which_step_and_stays),
		IN_PLACE(a_full_disk_leaves_the_old_file_alone),
		IN_PLACE(a_killed_writer_leaves_a_whole_file),
		IN_PLACE(reading_says_what_is_wrong),
		cmocka_unit_test(the_folder_of_a_path_is_what_holds_its_name),
		IN_PLACE(a_lock_is_held_until_unlocked_or_the_process_ends),
		IN_PLACE(a_lock_that_cannot_be_opened_says_so),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
