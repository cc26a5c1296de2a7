/* SPDX-License-Identifier: ISC */
/* place -- an empty folder for one test, gone after it. */
#ifndef SST_TEST_PLACE_H
#define SST_TEST_PLACE_H

#include "base/span.h"

#include <sys/stat.h>

/* Setup and teardown of cmocka: the test runs in the folder. */
int place_enter(void **state);
int place_leave(void **state);

#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, place_enter, place_leave)

/* Write a file, with this mode whatever the umask. */
void place_write(const char *path, mode_t mode, struct sst_span text);

/* How many names the folder has, dot files included. */
size_t place_count(const char *path);

#endif
