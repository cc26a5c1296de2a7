/* SPDX-License-Identifier: ISC */
/*
 * stats -- the ledger: in = out + rejected + dropped + held.
 *
 * Every line that a tool takes is counted once on the left and once on the
 * right. `made` counts what a tool added (visit summaries), and is no part of
 * `out`; `control` counts barriers, and is no part of `in`.
 */
#ifndef SST_CLI_STATS_H
#define SST_CLI_STATS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

struct sst_stats {
	uint64_t in, out, rejected, dropped, held, made, control;
	uint64_t bytes_in;  /* of lines, decompressed, with their ends */
	uint64_t bytes_out; /* written */
	/* Of files, before --since and after --until: not even looked at. */
	uint64_t bytes_unread;
	uint64_t reasons[SST_WHY_COUNT];
};

/* A tool's further counters: rows with a name and where the number is in the
 * tool's struct. Ends with a row without name. */
struct sst_counter {
	const char *name;
	size_t at;        /* offsetof a uint64_t */
	const char *help; /* for the man page and --stats */
};

/* Count a line that was taken. status is what became of it: SST_OK, SST_HELD,
 * SST_DROP or SST_REJECT. */
void sst_stats_line(
	struct sst_stats *stats, enum sst_status status, enum sst_reason why);

/* Of the held lines, n are settled now: SST_OK, SST_DROP or SST_REJECT. */
void sst_stats_settle(struct sst_stats *stats, uint64_t n,
	enum sst_status status, enum sst_reason why);

/* Add what was counted elsewhere. */
void sst_stats_add(struct sst_stats *stats, const struct sst_stats *more);

/* Does the ledger balance? */
bool sst_stats_balance(const struct sst_stats *stats);

/* What --stats prints: lines for people, or one line of JSON. `key` is the
 * hash key's fingerprint or "". */
struct sst_stats_facts {
	const char *tool;
	const char *key;
	double seconds;
	const struct sst_counter *counters; /* or NULL */
	const void *counted; /* struct that their offsets are in */
};
void sst_stats_put_text(struct sst_buf *to, const struct sst_stats *stats,
	const struct sst_stats_facts *facts);
void sst_stats_put_json(struct sst_buf *to, const struct sst_stats *stats,
	const struct sst_stats_facts *facts);

#endif
