/* SPDX-License-Identifier: ISC */
/*
 * sample -- the count and the report of the samples in a data file.
 *
 * Every file of formats/ carries inputs with the result expected of them;
 * sst-parse --test FILE and `make check` run them. A file without samples
 * fails: a test that cannot fail says nothing.
 */
#ifndef SST_ENRICH_SAMPLE_H
#define SST_ENRICH_SAMPLE_H

#include "base/buf.h"
#include "base/err.h"
#include "text/doc.h"

#include <stdbool.h>
#include <stddef.h>

struct sst_samples {
	const char *path;
	struct sst_buf *report; /* a line per sample that failed */
	size_t run, failed;
};

/* Count a sample; when it failed, report "PATH:LINE:COLUMN: message". */
void sst_samples_add(struct sst_samples *samples, const struct sst_doc_node *at,
	bool is_good, const char *format, ...) SST_PRINTF(4, 5);

/* Report "PATH: N samples, N failed". SST_EIO when one failed or there was
 * none. */
enum sst_status sst_samples_end(
	struct sst_samples *samples, struct sst_err *err) SST_MUST_USE;

#endif
