/* SPDX-License-Identifier: ISC */
/* What the system gives beyond POSIX. */
#include "os/fds.h"
#include "os/pipe.h"
#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Bytes that a pipe takes before it would block. */
static size_t
room_of(int writer)
{
	char page[4096] = { 0 };
	size_t room = 0;
	ssize_t got;

	assert_int_equal(fcntl(writer, F_SETFL, O_NONBLOCK), 0);
	while ((got = write(writer, page, sizeof(page))) > 0)
		room += (size_t)got;
	assert_int_equal(errno, EAGAIN);
	return room;
}

static void
an_enlarged_pipe_holds_what_it_says(void **state)
{
	int fds[2];
	size_t size;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	errno = ENOENT;
	size = sst_pipe_enlarge(fds[1]);
	assert_int_equal(errno, ENOENT);
	if (size == 0)
		skip();
	assert_in_range(size, 4096, SST_PIPE_BYTES);
	assert_int_equal(room_of(fds[1]), size);
	assert_int_equal(sst_pipe_enlarge(fds[0]), size);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
what_is_no_pipe_is_left_alone(void **state)
{
	int fd = open("/dev/null", O_RDWR);

	(void)state;
	assert_true(fd >= 0);
	errno = ENOENT;
	assert_int_equal(sst_pipe_enlarge(fd), 0);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(close(fd), 0);
	assert_int_equal(sst_pipe_enlarge(fd), 0);
}

static bool
is_null_device(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
	       S_ISCHR(st.st_mode) && st.st_rdev == null.st_rdev;
}

/* In a child: its exit status tells, for its stderr may be closed. */
static int
closing(unsigned mask)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		for (int fd = 0; fd <= 2; fd++)
			if (mask & 1U << fd)
				(void)close(fd);
		if (sst_fds_make_safe() != mask)
			_exit(1);
		for (int fd = 0; fd <= 2; fd++)
			if ((mask & 1U << fd) && !is_null_device(fd))
				_exit(2);
		/* The next file to be opened is none of the three. */
		if (open("/dev/null", O_RDONLY) <= 2)
			_exit(3);
		_exit(sst_fds_make_safe() == 0 ? 0 : 4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
closed_standard_descriptors_become_dev_null_and_are_told(void **state)
{
	(void)state;
	for (unsigned mask = 0; mask < 8; mask++)
		assert_int_equal(closing(mask), 0);
}

static void
a_process_without_core_has_no_room_for_one(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit core = { 1, 1 };

		if (!sst_process_no_core())
			_exit(1);
		if (getrlimit(RLIMIT_CORE, &core) != 0)
			_exit(2);
		_exit(core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_enlarged_pipe_holds_what_it_says),
		cmocka_unit_test(what_is_no_pipe_is_left_alone),
		cmocka_unit_test(
			closed_standard_descriptors_become_dev_null_and_are_told),
		cmocka_unit_test(a_process_without_core_has_no_room_for_one),
	};

	return cmocka_run_group_tests_name("os", tests, NULL, NULL);
}
