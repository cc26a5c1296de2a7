/* SPDX-License-Identifier: ISC */
/* Files, pipes and directories as inputs. */
#include "input/source.h"

#include "pack.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct sst_source *
open_source(const char *path)
{
	struct sst_err err = { 0 };
	struct sst_source *source;

	if (sst_source_open(&source, path, &err) != SST_OK)
		fail_msg("%s", err.text);
	return source;
}

/* Read all; EAGAIN of a file means only: again. The end is left in errno. */
static struct sst_buf
read_all(struct sst_source *source)
{
	struct sst_reader reader = sst_source_reader(source);
	struct sst_buf all;
	char to[512];
	ssize_t got;

	sst_buf_init(&all, 65536);
	do {
		errno = 0;
		got = reader.read(reader.from, to, sizeof(to));
		if (got > 0)
			sst_buf_put(&all, to, (size_t)got);
	} while (got > 0 || errno == EAGAIN);
	assert_false(all.is_short);
	return all;
}

static void
a_file_is_known_by_kind_size_and_time(void **state)
{
	const struct timespec times[2] = { { 1, 0 },
		{ 1795495306, 123456789 } };
	struct sst_source *source;
	struct sst_buf all;

	(void)state;
	place_write("file", 0600, (struct sst_span)SST_SPAN("a line\n"));
	assert_int_equal(utimensat(AT_FDCWD, "file", times, 0), 0);
	source = open_source("file");
	assert_int_equal(sst_source_kind(source), SST_SOURCE_FILE);
	assert_int_equal(sst_source_size(source), 7);
	assert_int_equal(sst_source_modified_us(source), 1795495306123456);
	assert_int_equal(sst_source_bytes_read(source), 0);
	all = read_all(source);
	assert_int_equal(errno, 0);
	assert_int_equal(all.len, 7);
	assert_memory_equal(all.at, "a line\n", 7);
	assert_int_equal(sst_source_bytes_read(source), 7);
	assert_int_equal(fcntl(sst_source_fd(source), F_GETFD), FD_CLOEXEC);
	sst_buf_release(&all);
	sst_source_close(source);
}

static void
a_compressed_file_is_known_by_its_content(void **state)
{
	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_source *source;
		struct sst_buf file, all;

		sst_buf_init(&file, 4096);
		pack(&file, pack_names[c],
			(struct sst_span)SST_SPAN("a line\n"));
		place_write("file", 0600, sst_buf_span(&file));
		source = open_source("file");
		all = read_all(source);
		assert_int_equal(errno, 0);
		assert_null(sst_source_damage(source));
		assert_int_equal(all.len, 7);
		assert_memory_equal(all.at, "a line\n", 7);
		assert_int_equal(sst_source_bytes_read(source), file.len);
		assert_int_equal(sst_source_size(source), file.len);
		sst_buf_release(&all);
		sst_buf_release(&file);
		sst_source_close(source);
	}
}

static void
a_damaged_file_gives_its_good_bytes_then_ebadmsg(void **state)
{
	struct sst_source *source;
	struct sst_buf file, all;

	(void)state;
	sst_buf_init(&file, 4096);
	pack(&file, "gzip", (struct sst_span)SST_SPAN("a line\n"));
	SST_BUF_PUT(&file, "junk");
	place_write("file", 0600, sst_buf_span(&file));
	source = open_source("file");
	all = read_all(source);
	assert_int_equal(errno, EBADMSG);
	assert_int_equal(all.len, 7);
	assert_string_equal(sst_source_damage(source),
		"gzip data is followed by something else");
	sst_buf_release(&all);
	sst_buf_release(&file);
	sst_source_close(source);
}

static void
an_empty_file_is_no_damage(void **state)
{
	struct sst_source *source;
	struct sst_buf all;

	(void)state;
	place_write("file", 0600, (struct sst_span)SST_SPAN(""));
	source = open_source("file");
	all = read_all(source);
	assert_int_equal(errno, 0);
	assert_int_equal(all.len, 0);
	assert_null(sst_source_damage(source));
	sst_source_close(source);
}

static void
what_cannot_be_read_is_named(void **state)
{
	static const struct {
		const char *path, *text;
	} cases[] = {
		{ "missing", "cannot open 'missing': No such file or "
			     "directory" },
		{ ".", "cannot read '.': is a directory" },
		{ "file/x", "cannot open 'file/x': Not a directory" },
		{ "", "cannot open '': No such file or directory" },
	};

	(void)state;
	place_write("file", 0600, (struct sst_span)SST_SPAN("x"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_err err = { 0 };
		struct sst_source *source = (void *)&err;

		assert_int_equal(
			sst_source_open(&source, cases[i].path, &err), SST_EIO);
		assert_string_equal(err.text, cases[i].text);
		assert_null(source);
	}
}

/* A line on a FIFO whose writer stays must come out without its end. */
static void
a_line_alone_on_a_pipe_is_given_at_once(void **state)
{
	struct sst_source *source;
	struct sst_reader reader;
	char to[64];
	int fd;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fd = open("fifo", O_RDWR); /* Linux: waits for nobody */
	if (fd == -1)
		skip();
	source = open_source("fifo");
	reader = sst_source_reader(source);
	assert_int_equal(sst_source_kind(source), SST_SOURCE_PIPE);
	assert_int_equal(sst_source_size(source), 0);
	assert_int_equal(sst_source_modified_us(source), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(write(fd, "a line\n", 7), 7);
		assert_int_equal(reader.read(reader.from, to, sizeof(to)), 7);
		assert_false(sst_source_has_more(source));
	}
	assert_int_equal(close(fd), 0);
	assert_int_equal(reader.read(reader.from, to, sizeof(to)), 0);
	sst_source_close(source);
}

static void
decompressed_bytes_that_wait_are_told(void **state)
{
	struct sst_source *source;
	struct sst_reader reader;
	struct sst_buf file;
	char to[4];
	ssize_t got;

	(void)state;
	sst_buf_init(&file, 4096);
	pack(&file, "gzip", (struct sst_span)SST_SPAN("a line\n"));
	place_write("file", 0600, sst_buf_span(&file));
	source = open_source("file");
	reader = sst_source_reader(source);
	assert_false(sst_source_has_more(source));
	do {
		errno = 0;
		got = reader.read(reader.from, to, 4);
	} while (got == -1 && errno == EAGAIN);
	assert_int_equal(got, 4);
	assert_true(sst_source_has_more(source));
	assert_int_equal(reader.read(reader.from, to, 4), 3);
	sst_buf_release(&file);
	sst_source_close(source);
}

static void
stdin_is_read_and_stays_open(void **state)
{
	struct sst_source *source;
	struct sst_buf all;
	int saved = dup(STDIN_FILENO);
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(write(fds[1], "a line\n", 7), 7);
	assert_int_equal(close(fds[1]), 0);
	source = open_source("-");
	assert_int_equal(sst_source_fd(source), STDIN_FILENO);
	assert_int_equal(sst_source_kind(source), SST_SOURCE_PIPE);
	all = read_all(source);
	assert_int_equal(all.len, 7);
	sst_source_close(source);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) != -1);
	if (saved != -1)
		assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	(void)close(saved);
	(void)close(fds[0]);
	sst_buf_release(&all);
}

static void
other_kinds_are_told_apart(void **state)
{
	struct sst_source *source = open_source("/dev/null");
	int saved = dup(STDIN_FILENO);
	int fds[2];

	(void)state;
	assert_int_equal(sst_source_kind(source), SST_SOURCE_DEVICE);
	sst_source_close(source);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	source = open_source("-");
	assert_int_equal(sst_source_kind(source), SST_SOURCE_SOCKET);
	sst_source_close(source);
	if (saved != -1)
		assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	(void)close(saved);
	(void)close(fds[0]);
	(void)close(fds[1]);
	sst_source_close(NULL);
}

static void
every_library_is_named_with_its_version(void **state)
{
	static const char *const libraries[] = { "zlib ", ", zstd ",
		", liblzma ", ", libbz2 " };
	const char *text = sst_source_library_versions();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *hit = strstr(text, libraries[i]);

		assert_non_null(hit);
		hit += strlen(libraries[i]);
		assert_true(*hit >= '0' && *hit <= '9');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_file_is_known_by_kind_size_and_time),
		IN_PLACE(a_compressed_file_is_known_by_its_content),
		IN_PLACE(a_damaged_file_gives_its_good_bytes_then_ebadmsg),
		IN_PLACE(an_empty_file_is_no_damage),
		IN_PLACE(what_cannot_be_read_is_named),
		IN_PLACE(a_line_alone_on_a_pipe_is_given_at_once),
		IN_PLACE(decompressed_bytes_that_wait_are_told),
		cmocka_unit_test(stdin_is_read_and_stays_open),
		cmocka_unit_test(other_kinds_are_told_apart),
		cmocka_unit_test(every_library_is_named_with_its_version),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
