/* SPDX-License-Identifier: ISC */
/* Logs that are followed, whatever rotates them: the writer and the clock are
 * the test's, step by step. */
#include "input/follow.h"

#include "base/buf.h"
#include "pack.h"
#include "place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_LINE 1000
#define SECOND INT64_C(1000000)

/* What was followed so far, and when it is. */
struct scene {
	struct sst_follow *follow;
	int64_t now_us;
	struct sst_buf log;
};

static struct scene
scene_of(const char *const *names, size_t n, bool from_end)
{
	struct scene s = { .now_us = SECOND };
	const struct sst_follow_plan plan = { .names = names,
		.n = n,
		.max_line = MAX_LINE,
		.from_end = from_end };

	sst_buf_init(&s.log, (size_t)16 << 20);
	assert_int_equal(sst_follow_open(&s.follow, &plan, NULL), SST_OK);
	return s;
}

static void
leave(struct scene *s)
{
	sst_follow_close(s->follow);
	sst_buf_release(&s->log);
}

/* "a 1@0:text;" a line, "!" when it has no end, "+N" when it is cut. */
static void
note_lines(struct sst_buf *to, const struct sst_followed *got)
{
	struct sst_slice lines = got->lines;
	struct sst_line line;

	while (sst_slice_next(&lines, &line)) {
		sst_buf_printf(to, "%s %d@%d:", got->path, (int)line.number,
			(int)line.offset);
		sst_buf_put_span(to, line.text);
		if (line.full_len > line.text.len)
			sst_buf_printf(to, "+%d", (int)line.full_len);
		sst_buf_printf(to, "%s;", line.has_end ? "" : "!");
	}
}

static void
note(struct sst_buf *to, const struct sst_followed *got)
{
	static const char *const names[] = { [SST_FOLLOW_MISSING] = "missing",
		[SST_FOLLOW_FOUND] = "found",
		[SST_FOLLOW_TRUNCATED] = "truncated",
		[SST_FOLLOW_ARCHIVE] = "archive",
		[SST_FOLLOW_PASSED_BY] = "passed by",
		[SST_FOLLOW_UNREADABLE] = "unreadable",
		[SST_FOLLOW_UNFIT] = "unfit" };

	if (got->what == SST_FOLLOW_LINES)
		note_lines(to, got);
	else
		sst_buf_printf(to, "%s %s;", names[got->what], got->path);
}

/* Some time later, all that there is. */
static void
see_after(struct scene *s, int64_t us)
{
	enum sst_status status;
	struct sst_followed got;

	s->now_us += us;
	while ((status = sst_follow_next(s->follow, s->now_us, &got, NULL)) ==
		SST_OK)
		note(&s->log, &got);
	assert_int_equal(status, SST_AGAIN);
}

static void
expect_after(struct scene *s, int64_t us, const char *what)
{
	sst_buf_reset(&s->log);
	see_after(s, us);
	sst_buf_byte(&s->log, '\0');
	assert_string_equal(s->log.at, what);
}

static void
expect(struct scene *s, const char *what)
{
	expect_after(s, SST_FOLLOW_WAIT_MS * 1000, what);
}

/* ---- what writers do ---- */

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
put_fd(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static int
server_of(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	return fd;
}

static void
move(const char *from, const char *to)
{
	assert_int_equal(rename(from, to), 0);
}

static void
copy(const char *from, const char *to)
{
	static char text[65536];
	int fd = open(from, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text));

	assert_in_range(n, 0, sizeof(text) - 1);
	(void)close(fd);
	place_write(to, 0600, sst_span(text, (size_t)n));
}

static void
cut(const char *path)
{
	assert_int_equal(truncate(path, 0), 0);
}

static const char *const a[] = { "a" };

/* ---- growing ---- */

static void
a_line_comes_when_it_is_whole(void **state)
{
	struct scene s;

	(void)state;
	put("a", "one\ntw");
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:one;");
	expect(&s, "");
	put("a", "o");
	expect(&s, "");
	put("a", "\nthree\n\n");
	expect(&s, "a 2@4:two;a 3@8:three;a 4@14:;");
	leave(&s);
}

static void
a_line_longer_than_the_limit_keeps_its_head(void **state)
{
	struct scene s = scene_of(a, 1, false);
	struct sst_buf want;
	char part[300];

	(void)state;
	memset(part, 'x', sizeof(part) - 1);
	part[sizeof(part) - 1] = '\0';
	put("a", "");
	expect(&s, "");
	for (int i = 0; i < 5; i++) {
		put("a", part);
		expect(&s, "");
	}
	put("a", "\nnext\n");
	sst_buf_init(&want, 65536);
	sst_buf_printf(&want, "a 1@0:");
	for (int i = 0; i < MAX_LINE; i++)
		sst_buf_byte(&want, 'x');
	sst_buf_printf(&want, "+%d;a 2@%d:next;", 5 * 299, 5 * 299 + 1);
	sst_buf_byte(&want, '\0');
	expect(&s, want.at);
	sst_buf_release(&want);
	leave(&s);
}

static void
a_missing_file_is_waited_for_and_said_once(void **state)
{
	struct scene s = scene_of(a, 1, false);

	(void)state;
	expect(&s, "missing a;");
	expect(&s, "");
	put("a", "one\n");
	expect(&s, "found a;a 1@0:one;");
	leave(&s);
}

static void
many_files_have_their_turns(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	struct scene s = scene_of(names, 3, false);
	struct sst_followed got;
	uint64_t last = 0;

	(void)state;
	/* Each is several reads long. */
	for (size_t i = 0; i < 3; i++) {
		int fd = server_of(names[i]);

		for (int k = 0; k < 20000; k++)
			put_fd(fd,
				"0123456789012345678901234567890123456789\n");
		(void)close(fd);
	}
	for (int turn = 0; turn < 9; turn++) {
		assert_int_equal(
			sst_follow_next(s.follow, 1, &got, NULL), SST_OK);
		assert_int_equal(got.what, SST_FOLLOW_LINES);
		assert_in_range(got.lines.text.len, 1, 256 * 1024 + MAX_LINE);
		assert_int_equal(got.log, last % 3 + 1);
		last = got.log;
	}
	leave(&s);
}

static void
from_end_begins_with_the_line_at_hand(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	struct scene s;

	(void)state;
	put("a", "old\nha");
	put("b", "old\n");
	s = scene_of(names, 3, true);
	expect(&s, "missing c;");
	put("a", "lf\n");
	put("b", "new\n");
	put("c", "all\nof it\n");
	expect(&s, "found c;b 1@4:new;c 1@0:all;c 2@4:of it;a 1@4:half;");
	leave(&s);
}

/* ---- rotation ---- */

static void
a_renamed_file_is_read_while_it_grows_and_before_the_new_one(void **state)
{
	struct scene s;
	int server = server_of("a");

	(void)state;
	s = scene_of(a, 1, false);
	put_fd(server, "1\nhal");
	expect(&s, "a 1@0:1;");
	move("a", "a.1");
	put_fd(server, "f\n");
	expect(&s, "a 2@2:half;");
	put_fd(server, "3\n4");
	put("a", "new\n");
	expect(&s, "found a;a 3@7:3;a 1@0:new;");
	put_fd(server, "\n5\n");
	put("a", "newer\n");
	expect(&s, "a 4@9:4;a 5@11:5;a 2@4:newer;");
	(void)close(server);
	leave(&s);
}

static void
a_file_that_was_renamed_and_is_quiet_is_given_up(void **state)
{
	struct scene s;
	int server = server_of("a");

	(void)state;
	s = scene_of(a, 1, false);
	put_fd(server, "1\nhalf");
	expect(&s, "a 1@0:1;");
	move("a", "a.1");
	put("a", "");
	expect(&s, "found a;");
	expect_after(&s, 200 * SECOND, "");
	put_fd(server, "er"); /* it is not quiet */
	expect(&s, "");
	expect_after(&s, 299 * SECOND, "");
	expect_after(&s, 2 * SECOND, "a 2@2:halfer!;");
	put_fd(server, "lost\n");
	expect(&s, "");
	(void)close(server);
	leave(&s);
}

static void
the_oldest_of_too_many_generations_is_given_up(void **state)
{
	struct scene s;
	int first = server_of("a");
	char name[16];

	(void)state;
	s = scene_of(a, 1, false);
	put_fd(first, "1\n");
	expect(&s, "a 1@0:1;");
	for (int i = 1; i <= 8; i++) {
		(void)snprintf(name, sizeof(name), "a.%d", i);
		move("a", name);
		put("a", "");
		expect(&s, "found a;");
	}
	put_fd(first, "2\n");
	expect(&s, "a 2@2:2;");
	move("a", "a.9");
	put_fd(first, "3\n"); /* read out before it is closed */
	put("a", "");
	expect(&s, "found a;a 3@4:3;");
	put_fd(first, "4\n");
	expect(&s, "");
	(void)close(first);
	leave(&s);
}

static void
a_deleted_file_is_read_to_its_end(void **state)
{
	struct scene s;
	int server = server_of("a");

	(void)state;
	s = scene_of(a, 1, false);
	put_fd(server, "1\n");
	expect(&s, "a 1@0:1;");
	put_fd(server, "2\n");
	assert_int_equal(unlink("a"), 0);
	put_fd(server, "3\n");
	expect(&s, "a 2@2:2;a 3@4:3;");
	put("a", "new\n");
	put_fd(server, "4\n");
	expect(&s, "found a;a 4@6:4;a 1@0:new;");
	(void)close(server);
	leave(&s);
}

static void
a_symbolic_link_that_is_swapped_names_another_file(void **state)
{
	struct scene s;

	(void)state;
	put("monday", "m1\n");
	put("tuesday", "t1\n");
	assert_int_equal(symlink("monday", "a"), 0);
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:m1;");
	assert_int_equal(symlink("tuesday", "b"), 0);
	move("b", "a");
	put("monday", "m2\n");
	expect(&s, "found a;a 2@3:m2;a 1@0:t1;");
	/* And back: what was read is not read again. */
	assert_int_equal(symlink("monday", "b"), 0);
	move("b", "a");
	put("monday", "m3\n");
	put("tuesday", "t2\n");
	expect(&s, "a 3@6:m3;a 2@3:t2;");
	leave(&s);
}

static void
a_file_that_comes_back_goes_on_where_it_was(void **state)
{
	struct scene s;

	(void)state;
	put("a", "1\n");
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:1;");
	move("a", "away");
	expect(&s, "");
	expect_after(&s, 301 * SECOND, ""); /* closed */
	put("away", "2\n");
	move("away", "a");
	expect(&s, "found a;a 2@2:2;");
	leave(&s);
}

/* How many rotations are kept. */
#define KEPT 30

/* As logrotate: the older ones move up; the log itself is renamed, or copied
 * and cut. */
static void
rotate(bool by_copy)
{
	char from[16], to[16];

	for (int i = KEPT - 1; i > 0; i--) {
		(void)snprintf(from, sizeof(from), "a.%d", i);
		(void)snprintf(to, sizeof(to), "a.%d", i + 1);
		if (access(from, F_OK) == 0)
			move(from, to);
	}
	if (by_copy) {
		copy("a", "a.1");
		cut("a");
	} else {
		move("a", "a.1");
	}
}

static void
generations_between_two_looks_are_found(void **state)
{
	struct scene s;

	(void)state;
	put("a", "1\n");
	put("a.1", "before\n");
	put("a.2.gz", "\037\213\010"); /* is not even opened */
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:1;");
	put("a", "2\n");
	rotate(false);
	put("a", "3\n");
	rotate(false);
	put("a", "4\n");
	rotate(false);
	put("a", "5\n");
	expect(&s, "found a;a 2@2:2;a 1@0:3;a 1@0:4;a 1@0:5;");
	rotate(false);
	put("a", "6\n");
	expect(&s, "found a;a 1@0:6;");
	leave(&s);
}

/* ---- truncation ---- */

static void
what_was_copied_before_a_truncation_is_read_from_the_copy(void **state)
{
	struct scene s;

	(void)state;
	put("a", "line 1\nline 2\nha");
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:line 1;a 2@7:line 2;");
	put("a", "lf\nline 4\n");
	rotate(true);
	put("a", "new\n");
	expect(&s, "truncated a;a 3@14:half;a 4@19:line 4;a 1@0:new;");
	/* Nothing is new in the second copy. */
	rotate(true);
	expect(&s, "truncated a;");
	put("a", "newer\n");
	expect(&s, "a 1@0:newer;");
	leave(&s);
}

static void
a_truncation_is_seen_though_the_file_grew_again(void **state)
{
	static const struct {
		const char *later, *seen;
	} cases[] = {
		{ "", "truncated a;" },
		{ "x\n", "truncated a;a 1@0:x;" },
		/* As long as before. */
		{ "line 3\nline 4\n", "truncated a;a 1@0:line 3;"
				      "a 2@7:line 4;" },
		/* Longer, and the bytes before the old end are the same. */
		{ "line 3\nline 2\nline 5\n",
			"truncated a;a 1@0:line 3;a 2@7:line 2;"
			"a 3@14:line 5;" },
		{ "line 1\nline X\nline 5\n",
			"truncated a;a 1@0:line 1;a 2@7:line X;"
			"a 3@14:line 5;" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;

		(void)unlink("a");
		put("a", "line 1\nline 2\n");
		s = scene_of(a, 1, false);
		expect(&s, "a 1@0:line 1;a 2@7:line 2;");
		cut("a");
		put("a", cases[i].later);
		expect(&s, cases[i].seen);
		expect(&s, "");
		leave(&s);
	}
}

static void
a_half_line_that_was_truncated_ends_there(void **state)
{
	struct scene s;

	(void)state;
	put("a", "1\nhalf");
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:1;");
	cut("a");
	put("a", "2\n");
	expect(&s, "truncated a;a 2@2:half!;a 1@0:2;");
	leave(&s);
}

static void
two_truncations_between_two_looks_have_two_copies(void **state)
{
	struct scene s;

	(void)state;
	put("a.1", "before\n");
	put("a", "1\n");
	s = scene_of(a, 1, false);
	expect(&s, "a 1@0:1;");
	put("a", "2\n");
	rotate(true);
	put("a", "3\n");
	rotate(true);
	put("a", "4\n");
	expect(&s, "truncated a;a 2@2:2;a 1@0:3;a 1@0:4;");
	leave(&s);
}

static void
an_inode_that_is_used_again_is_another_file(void **state)
{
	struct scene s = scene_of(a, 1, false);
	int reused = 0;
	ino_t last = 0;

	(void)state;
	expect(&s, "missing a;");
	for (int i = 0; i < 50; i++) {
		char text[32], want[64];
		struct stat st;

		(void)snprintf(text, sizeof(text), "line %d\nsame\n", i);
		(void)snprintf(want, sizeof(want),
			"found a;a 1@0:line %d;a 2@%d:same;", i,
			i < 10 ? 7 : 8);
		put("a", text);
		assert_int_equal(stat("a", &st), 0);
		reused += st.st_ino == last;
		last = st.st_ino;
		expect(&s, want);
		assert_int_equal(unlink("a"), 0);
		/* Closed, and so the inode is free. */
		expect(&s, "");
		expect_after(&s, 301 * SECOND, "");
	}
	print_message("inode used again %d of 49 times\n", reused);
	leave(&s);
}

/* The same where inodes are counted by the file system that holds /dev/shm. */
static int
enter_memory(void **state)
{
	static char path[] = "/dev/shm/sst-follow.XXXXXX";

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	*state = mkdtemp(path);
	if (*state == NULL)
		return place_enter(state);
	return chdir(path);
}

static int
leave_memory(void **state)
{
	if (*state == NULL)
		return place_leave(state);
	return chdir("/") == 0 ? rmdir(*state) : -1;
}

/* ---- names ---- */

static void
a_glob_gains_and_loses_files(void **state)
{
	static const char *const names[] = { "*.log" };
	struct scene s;

	(void)state;
	put("b.log", "b1\n");
	put("other", "x\n");
	s = scene_of(names, 1, false);
	expect(&s, "b.log 1@0:b1;");
	put("a.log", "a1\n");
	put("b.log", "b2\n");
	expect(&s, "b.log 2@3:b2;");
	expect_after(&s, SECOND, "found a.log;a.log 1@0:a1;");
	assert_int_equal(unlink("b.log"), 0);
	expect_after(&s, SECOND, "");
	expect_after(&s, 301 * SECOND, "");
	put("b.log", "b3\n");
	expect_after(&s, SECOND, "found b.log;b.log 1@0:b3;");
	leave(&s);
}

static void
rotated_files_that_a_glob_finds_are_read_once(void **state)
{
	static const char *const names[] = { "a.1", "a", "a*" };
	struct scene s;

	(void)state;
	put("a.1", "1\n");
	put("a", "2\n");
	s = scene_of(names, 3, false);
	/* The older file first, since it stands first. */
	expect(&s, "a.1 1@0:1;a 1@0:2;");
	for (int i = 3; i < 8; i++) {
		char text[16], want[64];

		rotate(false);
		(void)snprintf(text, sizeof(text), "%d\n", i);
		put("a", text);
		(void)snprintf(want, sizeof(want), "found a;a 1@0:%d;", i);
		expect(&s, want);
		expect_after(&s, 2 * SECOND, "");
	}
	sst_buf_reset(&s.log);
	see_after(&s, 301 * SECOND);
	see_after(&s, SECOND);
	sst_buf_byte(&s.log, '\0');
	assert_null(strchr(s.log.at, '@')); /* no line again */
	leave(&s);
}

static void
a_file_with_two_names_is_read_once(void **state)
{
	static const char *const names[] = { "a", "b", "./a" };
	struct scene s;

	(void)state;
	put("a", "1\n");
	assert_int_equal(link("a", "b"), 0);
	s = scene_of(names, 3, false);
	expect(&s, "a 1@0:1;");
	put("b", "2\n");
	expect(&s, "a 2@2:2;");
	leave(&s);
}

static void
compressed_files_are_not_followed(void **state)
{
	static const char *const names[] = { "a.1.gz", "a", "*.gz" };
	struct sst_buf packed;
	struct scene s;

	(void)state;
	sst_buf_init(&packed, 65536);
	pack(&packed, "gzip", sst_span_of("old\n"));
	place_write("a.1.gz", 0600, sst_buf_span(&packed));
	put("a", "1\n");
	s = scene_of(names, 3, false);
	expect(&s, "archive a.1.gz;a 1@0:1;");
	place_write("a.2.gz", 0600, sst_buf_span(&packed));
	expect_after(&s, SECOND, "found a.2.gz;passed by a.2.gz;");
	expect_after(&s, SECOND, "");
	sst_buf_release(&packed);
	leave(&s);
}

static void
what_cannot_be_followed_is_said_once(void **state)
{
	static const char *const names[] = { "folder", "fifo", "a/b" };
	struct scene s;

	(void)state;
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	put("a", "1\n");
	s = scene_of(names, 3, false);
	expect(&s, "unfit folder;unfit fifo;missing a/b;");
	expect(&s, "");
	leave(&s);
}

/* ---- all of it, at random ---- */

struct random {
	uint64_t state;
};

static unsigned
below(struct random *r, unsigned n)
{
	r->state = r->state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(r->state >> 33) % n;
}

/* A server that writes numbered lines, sometimes half of one, and turns to the
 * new file some time after the rotation. */
struct server {
	int fd;
	unsigned lines;
	bool is_half;
};

static void
serve(struct server *server, struct random *r)
{
	char text[64];

	for (unsigned n = below(r, 4); n > 0 || server->is_half; n--) {
		if (server->is_half) {
			put_fd(server->fd, "rest\n");
			server->is_half = false;
			n++;
			continue;
		}
		(void)snprintf(text, sizeof(text), "number %u, and the ",
			++server->lines);
		put_fd(server->fd, text);
		server->is_half = true;
		if (n == 1 && below(r, 3) == 0)
			break;
	}
}

/* No line may be lost or come twice, nor may its order change. */
static void
check_numbers(struct scene *s, unsigned lines)
{
	unsigned next = 1;

	sst_buf_byte(&s->log, '\0');
	for (char *at = s->log.at; (at = strstr(at, ":number ")) != NULL;
		at++) {
		char *rest;

		assert_int_equal(strtoul(at + 8, &rest, 10), next);
		assert_memory_equal(rest, ", and the rest;", 15);
		next++;
	}
	assert_int_equal(next, lines + 1);
}

static void
disturb(struct server *server, struct random *r, bool by_copy)
{
	bool is_late = below(r, 2) == 0;

	if (by_copy) {
		/* A half line would be cut in two. */
		if (server->is_half)
			put_fd(server->fd, "rest\n");
		server->is_half = false;
		rotate(true);
		return;
	}
	rotate(false);
	if (below(r, 2) == 0)
		put("a", "");
	if (is_late)
		serve(server, r);
	if (server->is_half)
		put_fd(server->fd, "rest\n");
	server->is_half = false;
	(void)close(server->fd);
	server->fd = server_of("a");
}

static void
no_line_is_lost_or_doubled_whatever_happens_when(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++) {
		struct random r = { seed };
		struct scene s = scene_of(a, 1, false);
		struct server server = { server_of("a"), 0, false };

		see_after(&s, SECOND); /* what is older is not ours */
		for (int step = 0; step < 300; step++) {
			serve(&server, &r);
			/* At most four generations come unseen: six are kept.
			 */
			for (unsigned n = below(&r, 5) == 0 ? below(&r, 5) : 0;
				n > 0; n--) {
				disturb(&server, &r, below(&r, 2) == 0);
				serve(&server, &r);
			}
			if (below(&r, 4) != 0)
				see_after(&s, SECOND / 20);
			else if (below(&r, 20) == 0)
				see_after(&s, 301 * SECOND);
			else
				step++;
		}
		if (server.is_half)
			put_fd(server.fd, "rest\n");
		see_after(&s, SECOND);
		check_numbers(&s, server.lines);
		(void)close(server.fd);
		leave(&s);
		assert_int_equal(unlink("a"), 0);
		for (int i = 1; i <= KEPT; i++) {
			char name[16];

			(void)snprintf(name, sizeof(name), "a.%d", i);
			(void)unlink(name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_line_comes_when_it_is_whole),
		IN_PLACE(a_line_longer_than_the_limit_keeps_its_head),
		IN_PLACE(a_missing_file_is_waited_for_and_said_once),
		IN_PLACE(many_files_have_their_turns),
		IN_PLACE(from_end_begins_with_the_line_at_hand),
		IN_PLACE(
			a_renamed_file_is_read_while_it_grows_and_before_the_new_one),
		IN_PLACE(a_file_that_was_renamed_and_is_quiet_is_given_up),
		IN_PLACE(the_oldest_of_too_many_generations_is_given_up),
		IN_PLACE(a_deleted_file_is_read_to_its_end),
		IN_PLACE(a_symbolic_link_that_is_swapped_names_another_file),
		IN_PLACE(a_file_that_comes_back_goes_on_where_it_was),
		IN_PLACE(generations_between_two_looks_are_found),
		IN_PLACE(
			what_was_copied_before_a_truncation_is_read_from_the_copy),
		IN_PLACE(a_truncation_is_seen_though_the_file_grew_again),
		IN_PLACE(a_half_line_that_was_truncated_ends_there),
		IN_PLACE(two_truncations_between_two_looks_have_two_copies),
		IN_PLACE(an_inode_that_is_used_again_is_another_file),
		cmocka_unit_test_setup_teardown(
			an_inode_that_is_used_again_is_another_file,
			enter_memory, leave_memory),
		IN_PLACE(a_glob_gains_and_loses_files),
		IN_PLACE(rotated_files_that_a_glob_finds_are_read_once),
		IN_PLACE(a_file_with_two_names_is_read_once),
		IN_PLACE(compressed_files_are_not_followed),
		IN_PLACE(what_cannot_be_followed_is_said_once),
		IN_PLACE(no_line_is_lost_or_doubled_whatever_happens_when),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
