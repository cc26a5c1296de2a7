/* SPDX-License-Identifier: ISC */
/*
 * dead -- dead letters: what a destination refused for good, and why.
 *
 * DIR (0700) holds `dead.jsonl` (0600), a line per event: its id, where its
 * line stood, status, reason, the answer's beginning, when, and after how many
 * attempts; the event itself only when bodies are asked for, since it may be
 * somebody's personal data. A letter is durable when sst_dead_sync() has
 * returned. One process writes to a directory.
 */
#ifndef SST_PUSH_DEAD_H
#define SST_PUSH_DEAD_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Of an answer, escaped: it is somebody else's text. */
#define SST_DEAD_ANSWER_MAX ((size_t)256)

struct sst_dead;

struct sst_dead_letter {
	struct sst_span id; /* of the event; may be empty */
	const char *input;  /* where its line stood */
	uint64_t number;
	unsigned status;    /* of the answer; 0: there was none */
	const char *error;  /* why there was none, or NULL */
	const char *reason; /* a sentence part */
	struct sst_span answer;
	uint64_t attempts;
	int64_t at_us;         /* since 1970 */
	struct sst_span event; /* one JSON object; used with bodies */
};

enum sst_status sst_dead_open(struct sst_dead **out, const char *path,
	const char *destination, bool has_bodies,
	struct sst_err *err) SST_MUST_USE;

enum sst_status sst_dead_put(struct sst_dead *dead,
	const struct sst_dead_letter *letter, struct sst_err *err) SST_MUST_USE;
enum sst_status sst_dead_sync(
	struct sst_dead *dead, struct sst_err *err) SST_MUST_USE;

void sst_dead_close(struct sst_dead *dead);

#endif
