/* SPDX-License-Identifier: ISC */
/*
 * policy -- what may leave: a plan for every key, and the rest.
 *
 * A policy is made of files. The first stands alone or refines the `base` that
 * it names; each further one refines what there is. A rule is for a key, for
 * the keys that begin like it ("http_*"), or for a member of props or params
 * ("props.plan", "params.*"); the one that says most of the key wins. A key
 * for which there is no rule is `unknown`, and `unknown` is "drop" unless a
 * file says otherwise.
 *
 * A refinement that would let through more than what it refines is refused,
 * or taken, or left out, as enum sst_weaker says. How two plans compare is in
 * redact/action.h.
 */
#ifndef SST_REDACT_POLICY_H
#define SST_REDACT_POLICY_H

#include "base/arena.h"
#include "base/err.h"
#include "event/field.h"
#include "redact/action.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_POLICY_RULES 512
#define SST_POLICY_BASES 8 /* a base of a base ... */

enum sst_weaker {
	SST_WEAKER_REFUSE,
	SST_WEAKER_ALLOW,
	SST_WEAKER_SKIP /* the stricter of the two stays: --check */
};

/* What becomes of an event whose visitor opted out. Ordered. */
enum sst_without {
	SST_WITHOUT_KEEP,
	SST_WITHOUT_ANONYMOUS,
	SST_WITHOUT_DROP
};

struct sst_policy_rule {
	struct sst_span key; /* without the '*' */
	bool is_prefix;
	struct sst_plan plan;
	const char *path; /* of the file that has it */
	uint32_t line;
};

struct sst_policy {
	struct sst_arena *arena; /* everything below lives here */
	struct sst_span name;    /* of the files, '+' between them */
	struct sst_policy_rule *rules;
	size_t n;
	struct sst_plan unknown;
	unsigned mask_ipv4, mask_ipv6; /* bits that stay */
	uint32_t kinds;                /* that scan looks for */
	bool scan_drops; /* a value with a finding goes as a whole */
	bool honours_gpc, honours_dnt;
	enum sst_without without;
	size_t file_count; /* that it was made of */
};

/* Where the file is of which the policy is called `name`; `self` is handed
 * through. */
struct sst_policy_finder {
	enum sst_status (*find)(void *self, const char *name, const char **path,
		struct sst_err *err);
	void *self;
};

/* A policy without rules: everything is unknown, and dropped. SST_ENOMEM. */
enum sst_status sst_policy_init(struct sst_policy *policy,
	struct sst_arena *arena, struct sst_err *err) SST_MUST_USE;

/*
 * Add the file `path`, and the bases that it names, found by `finder`.
 * SST_ECONFIG names file, line and column of what is wrong, SST_EUSAGE the rule
 * that would weaken.
 */
enum sst_status sst_policy_add_file(struct sst_policy *policy, const char *path,
	const struct sst_policy_finder *finder, enum sst_weaker weaker,
	struct sst_err *err) SST_MUST_USE;

/*
 * Take `rules` (n of them), which came from one file, each compared with what
 * was there before any of them. False: *weaker_rule is the first one that would
 * let more through, and nothing was taken; with SST_WEAKER_ALLOW and _SKIP that
 * does not happen. The caller has checked that they fit SST_POLICY_RULES.
 */
bool sst_policy_refine(struct sst_policy *policy,
	const struct sst_policy_rule *rules, size_t n, enum sst_weaker weaker,
	size_t *weaker_rule) SST_MUST_USE;

/* The rule that a key's plan comes from, or NULL: it is unknown. */
const struct sst_policy_rule *sst_policy_rule_of(
	const struct sst_policy *policy, struct sst_span key);

/* The plan of a key: of a member "props.NAME". *is_unknown (may be NULL): no
 * rule is for it. */
const struct sst_plan *sst_policy_plan(
	const struct sst_policy *policy, struct sst_span key, bool *is_unknown);

/* Append what the policy does, one rule a line, sorted: two policies that do
 * the same have the same text, whatever files they were made of. */
void sst_policy_put(struct sst_buf *to, const struct sst_policy *policy);

#endif
