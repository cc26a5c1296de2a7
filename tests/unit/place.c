/* SPDX-License-Identifier: ISC */
#include "place.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	char path[32];
	int back; /* the folder that the test program was started in */
} place;

int
place_enter(void **state)
{
	(void)state;
	(void)snprintf(place.path, sizeof(place.path), "place.XXXXXX");
	place.back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place.back == -1 || mkdtemp(place.path) == NULL)
		return -1;
	return chdir(place.path);
}

static struct dirent *
next_name(DIR *folder)
{
	struct dirent *entry = readdir(folder);

	while (entry != NULL && (strcmp(entry->d_name, ".") == 0 ||
					strcmp(entry->d_name, "..") == 0))
		entry = readdir(folder);
	return entry;
}

/* Everything in the folder at hand, and in those below. */
static void
empty(int levels)
{
	DIR *folder = opendir(".");
	struct dirent *entry;

	assert_non_null(folder);
	assert_true(levels > 0);
	while ((entry = next_name(folder)) != NULL) {
		if (unlink(entry->d_name) == 0)
			continue;
		assert_int_equal(chdir(entry->d_name), 0);
		empty(levels - 1);
		assert_int_equal(chdir(".."), 0);
		assert_int_equal(rmdir(entry->d_name), 0);
	}
	assert_int_equal(closedir(folder), 0);
}

int
place_leave(void **state)
{
	(void)state;
	empty(8);
	if (fchdir(place.back) != 0 || close(place.back) != 0)
		return -1;
	return rmdir(place.path);
}

void
place_write(const char *path, mode_t mode, struct sst_span text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.at, text.len), text.len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

size_t
place_count(const char *path)
{
	DIR *folder = opendir(path);
	size_t n = 0;

	assert_non_null(folder);
	while (next_name(folder) != NULL)
		n++;
	assert_int_equal(closedir(folder), 0);
	return n;
}
