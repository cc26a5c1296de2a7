/* SPDX-License-Identifier: ISC */
/*
 * pass -- lines that wait to be copied on, in their order.
 *
 * A line goes on when its event is settled and every line before it went. Lines
 * without an event (barriers, events that were not asked for) only keep their
 * place. What was lost is not passed on.
 */
#ifndef SST_PUSH_PASS_H
#define SST_PUSH_PASS_H

#include "base/buf.h"

#include <stdint.h>

struct sst_pass_line {
	uint64_t ticket; /* of its event; UINT64_MAX: it has none */
	size_t len;      /* of its bytes */
	bool is_settled;
	bool is_lost; /* not passed on */
};

struct sst_pass {
	struct sst_buf bytes; /* of the waiting lines, from `start` on */
	size_t start;
	struct sst_pass_line *lines;
	size_t first, n, max; /* lines[first..n) wait */
};

#define SST_PASS_NO_EVENT UINT64_MAX

void sst_pass_init(struct sst_pass *pass, size_t max_bytes);
void sst_pass_release(struct sst_pass *pass);

/* Add a line; tickets grow. False: no memory. */
bool sst_pass_add(struct sst_pass *pass, uint64_t ticket, struct sst_span line);

/* Events first..first+n-1 are settled; `is_passed` is false when they were
 * lost. */
void sst_pass_settle(
	struct sst_pass *pass, uint64_t first, uint64_t n, bool is_passed);

/* Append what may go now to `to`, each line with a newline. */
void sst_pass_take(struct sst_pass *pass, struct sst_buf *to);

#endif
