/* SPDX-License-Identifier: ISC */
/*
 * tally -- what was done, per field and kind, for --check and --report.
 *
 * Evidence that shows no value: of a finding there is the name of its field,
 * what it was, how often, the line of the first one and its shape ("aaa@aa.aa":
 * letters are a, digits 9, a few separators themselves, all else '*'). Names
 * of fields that are not in the table come from the input and are written only
 * when nothing is found in them. Bounded: past SST_TALLY_ROWS different pairs
 * the rest is counted together.
 */
#ifndef SST_REDACT_TALLY_H
#define SST_REDACT_TALLY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "redact/action.h"
#include "redact/find.h"

#include <stdint.h>

#define SST_TALLY_ROWS 1024
#define SST_TALLY_NAME ((size_t)64)
#define SST_TALLY_SHAPE ((size_t)48)

/* What was done with a value, as bits: what was found in it, or the action
 * that changed it, or that nobody knew its key. */
enum {
	SST_DONE_FOUND = 0,                /* + enum sst_found_kind */
	SST_DONE_ACTION = SST_FOUND_COUNT, /* + enum sst_action */
	SST_DONE_UNCLASSIFIED = SST_FOUND_COUNT + SST_ACT_COUNT,
	SST_DONE_UNREADABLE,
	SST_DONE_COUNT
};
_Static_assert(SST_DONE_COUNT <= 32, "what was done is bits of a uint32_t");

const char *sst_done_name(unsigned done);

struct sst_tally;

enum sst_status sst_tally_open(
	struct sst_tally **out, struct sst_err *err) SST_MUST_USE;
void sst_tally_close(struct sst_tally *tally);

/* Count one value of `field` at `line`. `value` gives the shape of a first
 * finding. */
void sst_tally_add(struct sst_tally *tally, struct sst_span field,
	unsigned done, uint64_t line, struct sst_span value);

/* Values counted, all kinds. */
uint64_t sst_tally_total(const struct sst_tally *tally);

/* Append {"field":...,"kind":...,"count":...,...} for each pair, by field and
 * kind, with `separator` between them. */
void sst_tally_put(struct sst_buf *to, const struct sst_tally *tally,
	const char *separator);

/* Append the names, each once, as the inside of a JSON array. With
 * `unclassified` only of the keys that nobody knew. */
void sst_tally_put_fields(
	struct sst_buf *to, const struct sst_tally *tally, bool unclassified);

/* Append the shape of a text. */
void sst_shape_put(struct sst_buf *to, struct sst_span text);

#endif
