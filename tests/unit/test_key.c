/* SPDX-License-Identifier: ISC */
/* The installation's secret: spellings, modes, and who makes it. */
#include "state/key.h"

#include "place.h"
#include "state/temp.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Bytes 0 to 31, and their fingerprint as Python's hashlib.blake2b makes it:
 * key the secret, message "sst key fingerprint" and NUL, 16 bytes. */
#define RAW \
	"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f" \
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
#define RAW_PRINT "2d197f71888502e8"
#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static const struct {
	struct sst_span content;
	const char *fingerprint;
} keys[] = {
	{ SST_SPAN(RAW), RAW_PRINT },
	{ SST_SPAN(HEX), RAW_PRINT },
	{ SST_SPAN(HEX "\n"), RAW_PRINT },
	{ SST_SPAN("000102030405060708090A0B0C0D0E0F"
		   "101112131415161718191A1B1C1D1E1F\n"),
		RAW_PRINT },
	{ SST_SPAN(BASE64), RAW_PRINT },
	{ SST_SPAN(BASE64 "\n"), RAW_PRINT },
	{ SST_SPAN("+//7//v/+//7//v/+//7//v/+//7//v/+//7//v/+/8="),
		"a020c906abc28ab4" },
	/* 32 characters are 32 raw bytes; with a newline, base64 */
	{ SST_SPAN("01234567890123456789012345678901"), "74a2525240d412e9" },
	{ SST_SPAN("01234567890123456789012345678901\n"), "a7fae1dd119567a7" },
	/* other lengths go through BLAKE2b: 16 and 33 bytes */
	{ SST_SPAN("AAECAwQFBgcICQoLDA0ODw==\n"), "262f4724b14a70f9" },
	{ SST_SPAN("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"),
		"ec934b2a0718166b" },
};

static const struct sst_span no_keys[] = {
	SST_SPAN(""),
	SST_SPAN("\n"),
	SST_SPAN("0123456789abcdef"),
	SST_SPAN(RAW "\n"),
	SST_SPAN(RAW "x"),
	SST_SPAN(HEX "\n\n"),
	SST_SPAN(HEX "\r\n"),
	SST_SPAN(" " HEX),
	SST_SPAN(HEX "0"),
	SST_SPAN("000102030405060708090a0b0c0d0e0f"
		 "101112131415161718191a1b1c1d1e1-"),
	SST_SPAN(BASE64 "\n\n"),
	/* 15 bytes, wrong padding, bits behind the last byte, other letters */
	SST_SPAN("AAECAwQFBgcICQoLDA0O\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0ODw\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0ODw=\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0ODw===\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0ODx==\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0OD-==\n"),
	SST_SPAN("AAECAwQFBgcICQoLDA0ODxARA===\n"),
	SST_SPAN("AAECAwQF=gcICQoLDA0ODw==\n"),
	SST_SPAN("AAECAwQFBgcI\0QoLDA0ODw==\n"),
};

static void
every_spelling_of_a_key_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct sst_err err = { 0 };
		struct sst_key key;

		place_write("key", 0600, keys[i].content);
		if (sst_key_read(&key, "key", &err) != SST_OK)
			fail_msg("%zu: %s", i, err.text);
		assert_string_equal(key.fingerprint, keys[i].fingerprint);
		if (strcmp(key.fingerprint, RAW_PRINT) == 0)
			assert_memory_equal(key.secret, RAW, SST_KEY_LEN);
	}
}

static void
what_is_no_key_is_refused_and_never_shown(void **state)
{
	static const struct sst_key zeros;

	(void)state;
	for (size_t i = 0; i < sizeof(no_keys) / sizeof(no_keys[0]); i++) {
		struct sst_err err = { 0 };
		struct sst_key key;
		char start[64];

		place_write("key", 0600, no_keys[i]);
		(void)snprintf(start, sizeof(start),
			"key file 'key' holds no key (%zu bytes): write ",
			no_keys[i].len);
		assert_int_equal(sst_key_read(&key, "key", &err), SST_ECONFIG);
		assert_ptr_equal(strstr(err.text, start), err.text);
		assert_null(strstr(err.text, "AAEC"));
		assert_memory_equal(&key, &zeros, sizeof(key));
	}
}

static void
a_long_secret_is_read_and_a_longer_file_is_no_key(void **state)
{
	char text[1025];
	struct sst_err err = { 0 };
	struct sst_key key;

	(void)state;
	memset(text, 'A', sizeof(text));
	place_write("key", 0600, sst_span(text, 1024));
	assert_int_equal(sst_key_read(&key, "key", &err), SST_OK);
	place_write("key", 0600, sst_span(text, 1025));
	assert_int_equal(sst_key_read(&key, "key", &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "(more than 1024 bytes)"));
	/* With the newline that every text form may have it is too long. */
	text[1024] = '\n';
	place_write("key", 0600, sst_span(text, 1025));
	assert_int_equal(sst_key_read(&key, "key", &err), SST_ECONFIG);
}

static void
a_key_that_others_can_read_or_write_is_refused(void **state)
{
	(void)state;
	for (mode_t mode = 0; mode <= 0777; mode++) {
		struct sst_err err = { 0 };
		struct sst_key key;
		enum sst_status status;
		char text[64];

		/* The owner must read it, or only root could run this. */
		if (!(mode & 0400))
			continue;
		place_write("key", mode, (struct sst_span)SST_SPAN(RAW));
		status = sst_key_read(&key, "key", &err);
		assert_int_equal(unlink("key"), 0);
		if ((mode & 0066) == 0) {
			assert_int_equal(status, SST_OK);
			continue;
		}
		(void)snprintf(text, sizeof(text),
			"key file 'key' can be %s by others: chmod 600 it",
			mode & 0044 ? "read" : "written");
		assert_int_equal(status, SST_ECONFIG);
		assert_string_equal(err.text, text);
	}
}

static void
what_is_no_file_is_named(void **state)
{
	static const struct {
		const char *path, *text;
		enum sst_status status;
	} cases[] = {
		{ "none",
			"cannot open key file 'none': No such file or "
			"directory",
			SST_EIO },
		{ ".", "key file '.' is a directory: name a file or a pipe",
			SST_ECONFIG },
		{ "/dev/null",
			"key file '/dev/null' is a device: name a file or a "
			"pipe",
			SST_ECONFIG },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_err err = { 0 };
		struct sst_key key;

		assert_int_equal(sst_key_read(&key, cases[i].path, &err),
			cases[i].status);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void
a_key_comes_through_a_pipe_in_pieces(void **state)
{
	char path[32];
	struct sst_err err = { 0 };
	struct sst_key key;
	int fds[2], status;
	pid_t pid;

	(void)state;
	if (access("/dev/fd", X_OK) != 0)
		skip();
	assert_int_equal(pipe(fds), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (size_t i = 0; i < 65; i++)
			if (write(fds[1], HEX "\n" + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	assert_int_equal(close(fds[1]), 0);
	if (sst_key_read(&key, path, &err) != SST_OK)
		fail_msg("%s", err.text);
	assert_string_equal(key.fingerprint, RAW_PRINT);
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_fifo_is_held_to_the_same_modes(void **state)
{
	struct sst_err err = { 0 };
	struct sst_key key;
	int fd;

	(void)state;
	assert_int_equal(mkfifo("key", 0600), 0);
	fd = open("key", O_RDWR); /* Linux: waits for nobody */
	if (fd == -1)
		skip();
	assert_int_equal(chmod("key", 0620), 0);
	assert_int_equal(sst_key_read(&key, "key", &err), SST_ECONFIG);
	assert_string_equal(err.text,
		"key file 'key' can be written by others: chmod 600 it");
	assert_int_equal(close(fd), 0);
}

static void
a_missing_key_is_made_once_with_its_folders(void **state)
{
	struct sst_err err = { 0 };
	struct sst_key first, again;
	struct stat st;
	bool made = false;

	(void)state;
	if (sst_key_read_or_make(&first, "a/b/key", &made, &err) != SST_OK)
		fail_msg("%s", err.text);
	assert_true(made);
	assert_int_equal(stat("a/b/key", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, SST_KEY_LEN);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(stat("a/b", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(place_count("a/b"), 1);

	assert_int_equal(
		sst_key_read_or_make(&again, "a/b/key", &made, &err), SST_OK);
	assert_false(made);
	assert_memory_equal(&again, &first, sizeof(first));
	assert_int_equal(sst_key_read(&again, "a/b/key", &err), SST_OK);
	assert_memory_equal(&again, &first, sizeof(first));
}

/* Made by children that are alike in everything else. */
static void
two_made_keys_differ(void **state)
{
	struct sst_key one, two;

	(void)state;
	for (int i = 1; i <= 2; i++) {
		const char *path = i == 1 ? "1" : "2";
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			bool made;

			(void)!sst_key_read_or_make(&one, path, &made, NULL);
			_exit(made ? 0 : 1);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
	assert_int_equal(sst_key_read(&one, "1", NULL), SST_OK);
	assert_int_equal(sst_key_read(&two, "2", NULL), SST_OK);
	assert_memory_not_equal(one.secret, two.secret, SST_KEY_LEN);
	assert_string_not_equal(one.fingerprint, two.fingerprint);
}

static void
an_existing_file_is_never_replaced(void **state)
{
	static const struct sst_span short_one = SST_SPAN("not yet");
	struct sst_err err = { 0 };
	struct sst_key key;
	bool made = true;
	struct stat st;

	(void)state;
	place_write("key", 0600, short_one);
	assert_int_equal(
		sst_key_read_or_make(&key, "key", &made, &err), SST_ECONFIG);
	assert_false(made);
	assert_int_equal(stat("key", &st), 0);
	assert_int_equal(st.st_size, short_one.len);
	place_write("key", 0644, (struct sst_span)SST_SPAN(RAW));
	assert_int_equal(
		sst_key_read_or_make(&key, "key", &made, &err), SST_ECONFIG);
	assert_string_equal(
		err.text, "key file 'key' can be read by others: chmod 600 it");
	assert_int_equal(place_count("."), 1);
}

static void
a_link_to_a_key_is_followed_and_one_to_nowhere_is_an_error(void **state)
{
	struct sst_err err = { 0 };
	struct sst_key key;
	bool made;

	(void)state;
	place_write("real", 0600, (struct sst_span)SST_SPAN(RAW));
	assert_int_equal(symlink("real", "key"), 0);
	assert_int_equal(
		sst_key_read_or_make(&key, "key", &made, &err), SST_OK);
	assert_string_equal(key.fingerprint, RAW_PRINT);
	assert_int_equal(unlink("real"), 0);
	assert_int_equal(
		sst_key_read_or_make(&key, "key", &made, &err), SST_EIO);
	assert_string_equal(err.text,
		"cannot open key file 'key': No such file or directory");
	assert_false(made);
	assert_int_equal(place_count("."), 1);
}

static void
what_cannot_be_made_says_so(void **state)
{
	char long_name[SST_PATH_MAX + 10];
	struct sst_err err = { 0 };
	struct sst_key key;
	bool made;

	(void)state;
	assert_int_equal(
		sst_key_read_or_make(&key, "a/b/c/key", &made, &err), SST_EIO);
	assert_string_equal(err.text,
		"cannot make folder 'a/b' for the key file: No such file or "
		"directory");
	assert_int_equal(
		sst_key_read_or_make(&key, ".", &made, &err), SST_ECONFIG);
	place_write("file", 0600, (struct sst_span)SST_SPAN(RAW));
	assert_int_equal(
		sst_key_read_or_make(&key, "file/key", &made, &err), SST_EIO);
	assert_string_equal(
		err.text, "cannot open key file 'file/key': Not a directory");
	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(
		sst_key_read_or_make(&key, long_name, &made, &err), SST_EIO);
	assert_int_equal(place_count("."), 1);
}

#define RACERS 8

/* Each child waits until all are there, then makes the key and reports the
 * fingerprint and whether it won. */
static void
race(int start, int report)
{
	struct sst_key key;
	char line[18];
	bool made;

	if (read(start, line, 1) != 0)
		_exit(1);
	if (sst_key_read_or_make(&key, "a/b/key", &made, NULL) != SST_OK)
		_exit(2);
	memcpy(line, key.fingerprint, 16);
	line[16] = made ? '*' : ' ';
	line[17] = '\n';
	_exit(write(report, line, sizeof(line)) == sizeof(line) ? 0 : 3);
}

static void
processes_that_make_one_key_at_once_agree(void **state)
{
	(void)state;
	for (int round = 0; round < 10; round++) {
		char lines[RACERS][18];
		int start[2], report[2], winners = 0;

		assert_int_equal(pipe(start), 0);
		assert_int_equal(pipe(report), 0);
		for (int i = 0; i < RACERS; i++) {
			pid_t pid = fork();

			assert_true(pid >= 0);
			if (pid == 0) {
				(void)close(start[1]);
				race(start[0], report[1]);
			}
		}
		(void)close(start[0]);
		(void)close(start[1]); /* the end of it is the shot */
		for (int i = 0; i < RACERS; i++) {
			int status;

			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		assert_int_equal(
			read(report[0], lines, sizeof(lines)), sizeof(lines));
		for (int i = 0; i < RACERS; i++) {
			assert_memory_equal(lines[i], lines[0], 16);
			winners += lines[i][16] == '*';
		}
		assert_int_equal(winners, 1);
		assert_int_equal(place_count("a/b"), 1);
		assert_int_equal(unlink("a/b/key"), 0);
		(void)close(report[0]);
		(void)close(report[1]);
	}
}

static void
a_wiped_key_is_all_zeros(void **state)
{
	static const struct sst_key zeros;
	struct sst_key key;

	(void)state;
	memset(&key, 0xaa, sizeof(key));
	sst_key_wipe(&key);
	assert_memory_equal(&key, &zeros, sizeof(key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(every_spelling_of_a_key_is_read),
		IN_PLACE(what_is_no_key_is_refused_and_never_shown),
		IN_PLACE(a_long_secret_is_read_and_a_longer_file_is_no_key),
		IN_PLACE(a_key_that_others_can_read_or_write_is_refused),
		IN_PLACE(what_is_no_file_is_named),
		IN_PLACE(a_key_comes_through_a_pipe_in_pieces),
		IN_PLACE(a_fifo_is_held_to_the_same_modes),
		IN_PLACE(a_missing_key_is_made_once_with_its_folders),
		IN_PLACE(two_made_keys_differ),
		IN_PLACE(an_existing_file_is_never_replaced),
		IN_PLACE(
			a_link_to_a_key_is_followed_and_one_to_nowhere_is_an_error),
		IN_PLACE(what_cannot_be_made_says_so),
		IN_PLACE(processes_that_make_one_key_at_once_agree),
		cmocka_unit_test(a_wiped_key_is_all_zeros),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
