/* SPDX-License-Identifier: ISC */
/*
 * format_test -- run the samples of a format file.
 */
#ifndef SST_JSON_FORMAT_TEST_H
#define SST_JSON_FORMAT_TEST_H

#include "base/buf.h"
#include "base/err.h"

/* A report goes to `report`: each sample that does not fit, then how many did.
 * SST_EIO: one did not. SST_ECONFIG: the file is wrong. */
enum sst_status sst_format_test(const char *path, struct sst_buf *report,
	struct sst_err *err) SST_MUST_USE;

#endif
