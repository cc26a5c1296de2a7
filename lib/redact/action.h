/* SPDX-License-Identifier: ISC */
/*
 * action -- what a policy can do with a value, as data.
 *
 * A plan is a list of steps, each an action with its argument, applied in
 * order. "mask", "round:1", "allow:page,sort,utm_*" are steps as people write
 * them; sst_step_read() is the only reader of that language, and the table in
 * its source the only list of actions.
 */
#ifndef SST_REDACT_ACTION_H
#define SST_REDACT_ACTION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "event/field.h"

#include <stdbool.h>
#include <stdint.h>

/* tag, spelling, what it does (for --help and the man page). */
#define SST_ACTIONS(X) \
	X(KEEP, "keep", "leave it as it is") \
	X(DROP, "drop", "leave the key out") \
	X(MASK, "mask", "clear the last bits of an address") \
	X(HASH, "hash", "h1_ and a keyed hash") \
	X(CRYPTO_PAN, "crypto-pan", \
		"prefix-preserving pseudonym of an address") \
	X(REDUCE, "reduce", "user agent to one of a closed list") \
	X(ROUND, "round", "round:N, a number to N decimals") \
	X(TRUNCATE, "truncate", \
		"truncate:1s|1m|1h|1d|year a time, truncate:N a version") \
	X(ALLOW, "allow", "allow:NAME,..., query parameters to keep") \
	X(SET, "set", "set[:VALUE|...], a closed list, else 'other'") \
	X(DOMAIN, "domain", "registrable domain of a host or URL") \
	X(TEMPLATE, "template", ":id for path segments that look like ids") \
	X(REKEY, "rekey", "rekey[:day], keyed hash of an id, as a UUID") \
	X(DECISION, "decision", "outcome of a consent string") \
	X(SCAN, "scan", "replace personal data that is found in it") \
	X(REPLACE, "replace", "NAME of NAME=VALUE, else 'redacted'")

enum sst_action {
#define X(tag, name, help) SST_ACT_##tag,
	SST_ACTIONS(X)
#undef X
	SST_ACT_COUNT
};

const char *sst_action_name(enum sst_action action);
const char *sst_action_help(enum sst_action action);

/* What a time is cut to. Ordered: a later one says less. */
enum sst_unit {
	SST_UNIT_PARTS, /* not a time: dot-separated parts of a version */
	SST_UNIT_SECOND,
	SST_UNIT_MINUTE,
	SST_UNIT_HOUR,
	SST_UNIT_DAY,
	SST_UNIT_YEAR
};

struct sst_step {
	enum sst_action action;
	enum sst_unit unit;     /* of truncate */
	unsigned n;             /* of round, and truncate:N */
	bool is_daily;          /* of rekey */
	struct sst_span *words; /* of allow and set; none: the field's own */
	size_t word_count;
	struct sst_span spelled; /* as in the file */
};

#define SST_PLAN_STEPS 6

struct sst_plan {
	struct sst_step *steps;
	size_t n;
};

/* Words and spelling are copied to the arena. NULL: read; else what is wrong
 * with it, with a hint what to write. */
const char *sst_step_read(
	struct sst_step *out, struct sst_arena *arena, struct sst_span text);

/* Can this action be applied to a field of this type? */
bool sst_action_fits(enum sst_action action, enum sst_field_type type);

/* Does one of the words fit, or begin like the name when it ends in '*'? */
bool sst_step_has_word(const struct sst_step *step, struct sst_span name);

bool sst_plan_has(const struct sst_plan *plan, enum sst_action action);

/*
 * Does `later` let through nothing that `earlier` does not? Certain when true:
 * `later` drops, or `earlier` keeps, or every step of `earlier` is in `later`,
 * in its order, with an argument that is as strict. What cannot be compared
 * counts as weaker.
 */
bool sst_plan_is_as_strict(
	const struct sst_plan *later, const struct sst_plan *earlier);

/* Append the steps, ", " between them. */
void sst_plan_put(struct sst_buf *to, const struct sst_plan *plan);

#endif
