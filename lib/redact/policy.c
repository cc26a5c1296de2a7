/* SPDX-License-Identifier: ISC */
#include "redact/policy.h"

#include "redact/find.h"

#include <stdlib.h>

enum sst_status
sst_policy_init(
	struct sst_policy *policy, struct sst_arena *arena, struct sst_err *err)
{
	static const struct sst_span drop = SST_SPAN("drop");
	struct sst_step *step = sst_arena_take(arena, sizeof(*step));

	*policy = (struct sst_policy){
		.arena = arena,
		.rules = sst_arena_take(
			arena, SST_POLICY_RULES * sizeof(policy->rules[0])),
		.unknown = { step, 1 },
		/* The widest that cli documents: see sst-policy(5). */
		.mask_ipv4 = 24,
		.mask_ipv6 = 32,
		.kinds = SST_FOUND_ALL,
		.honours_gpc = true,
		.without = SST_WITHOUT_ANONYMOUS,
	};
	if (step == NULL || policy->rules == NULL ||
		sst_step_read(step, arena, drop) != NULL)
		return sst_fail_memory(err, "the policy");
	return SST_OK;
}

/* ---- looking up ---- */

/* The rule for a key; with `is_prefix` the one for all keys that begin so. */
static struct sst_policy_rule *
best_rule(const struct sst_policy *policy, struct sst_span key, bool is_prefix)
{
	struct sst_policy_rule *best = NULL;

	for (size_t i = 0; i < policy->n; i++) {
		struct sst_policy_rule *rule = &policy->rules[i];

		if (!rule->is_prefix) {
			if (!is_prefix && sst_span_eq(rule->key, key))
				return rule;
		} else if (sst_span_starts(key, rule->key) &&
			   (best == NULL || rule->key.len > best->key.len)) {
			best = rule;
		}
	}
	return best;
}

/* "props" of "props.plan", or an empty span. */
static struct sst_span
parent_of(struct sst_span key)
{
	size_t dot = sst_span_find(key, '.');
	struct sst_span parent = sst_span_head(key, dot < key.len ? dot : 0);

	return sst_span_is(parent, "props") || sst_span_is(parent, "params")
		       ? parent
		       : sst_span_head(key, 0);
}

static const struct sst_policy_rule *
rule_of(const struct sst_policy *policy, struct sst_span key, bool is_prefix)
{
	const struct sst_policy_rule *rule = best_rule(policy, key, is_prefix);

	if (rule == NULL && parent_of(key).len != 0)
		rule = best_rule(policy, parent_of(key), false);
	return rule;
}

const struct sst_policy_rule *
sst_policy_rule_of(const struct sst_policy *policy, struct sst_span key)
{
	return rule_of(policy, key, false);
}

static const struct sst_plan *
plan_of(const struct sst_policy *policy, struct sst_span key, bool is_prefix,
	bool *is_unknown)
{
	const struct sst_policy_rule *rule = rule_of(policy, key, is_prefix);

	if (is_unknown != NULL)
		*is_unknown = rule == NULL;
	return rule == NULL ? &policy->unknown : &rule->plan;
}

const struct sst_plan *
sst_policy_plan(
	const struct sst_policy *policy, struct sst_span key, bool *is_unknown)
{
	return plan_of(policy, key, false, is_unknown);
}

/* ---- refining ---- */

static struct sst_policy_rule *
same_rule(const struct sst_policy *policy, const struct sst_policy_rule *rule)
{
	for (size_t i = 0; i < policy->n; i++)
		if (policy->rules[i].is_prefix == rule->is_prefix &&
			sst_span_eq(policy->rules[i].key, rule->key))
			return &policy->rules[i];
	return NULL;
}

static bool
is_weaker(const struct sst_policy *policy, const struct sst_policy_rule *rule)
{
	return policy->file_count > 0 &&
	       !sst_plan_is_as_strict(&rule->plan,
		       plan_of(policy, rule->key, rule->is_prefix, NULL));
}

bool
sst_policy_refine(struct sst_policy *policy,
	const struct sst_policy_rule *rules, size_t n, enum sst_weaker weaker,
	size_t *weaker_rule)
{
	struct sst_policy before = *policy;

	if (weaker == SST_WEAKER_REFUSE)
		for (size_t i = 0; i < n; i++)
			if (is_weaker(policy, &rules[i])) {
				*weaker_rule = i;
				return false;
			}
	/* Rules that are there change in place, so a rule's plan must be
	 * compared before any is taken: first mark, in a copy of the list. */
	before.rules = sst_arena_take(
		policy->arena, (policy->n + 1) * sizeof(before.rules[0]));
	if (before.rules == NULL) {
		*weaker_rule = 0;
		return false;
	}
	memcpy(before.rules, policy->rules,
		policy->n * sizeof(before.rules[0]));
	for (size_t i = 0; i < n; i++) {
		struct sst_policy_rule *old = same_rule(policy, &rules[i]);

		if (weaker == SST_WEAKER_SKIP && is_weaker(&before, &rules[i]))
			continue;
		if (old == NULL)
			old = &policy->rules[policy->n++];
		*old = rules[i];
	}
	return true;
}

/* ---- writing ---- */

static int
by_key(const void *a, const void *b)
{
	const struct sst_policy_rule *const *x = a, *const *y = b;
	int order = sst_span_order((*x)->key, (*y)->key);

	return order != 0 ? order : (*x)->is_prefix - (*y)->is_prefix;
}

static void
put_kinds(struct sst_buf *to, uint32_t kinds)
{
	for (int i = 0; i < SST_FOUND_COUNT; i++)
		if (kinds >> i & 1)
			sst_buf_printf(to, " %s",
				sst_found_name((enum sst_found_kind)i));
}

void
sst_policy_put(struct sst_buf *to, const struct sst_policy *policy)
{
	static const char *const withouts[] = { "keep", "anonymous", "drop" };
	const struct sst_policy_rule *sorted[SST_POLICY_RULES];

	for (size_t i = 0; i < policy->n; i++)
		sorted[i] = &policy->rules[i];
	if (policy->n > 1)
		qsort(sorted, policy->n, sizeof(sorted[0]), by_key);
	for (size_t i = 0; i < policy->n; i++) {
		sst_buf_put_span(to, sorted[i]->key);
		sst_buf_printf(to, "%s: ", sorted[i]->is_prefix ? "*" : "");
		sst_plan_put(to, &sorted[i]->plan);
		sst_buf_byte(to, '\n');
	}
	SST_BUF_PUT(to, "unknown: ");
	sst_plan_put(to, &policy->unknown);
	sst_buf_printf(to, "\nmask: %u %u\nscan: %s", policy->mask_ipv4,
		policy->mask_ipv6, policy->scan_drops ? "drop" : "replace");
	put_kinds(to, policy->kinds);
	sst_buf_printf(to, "\nconsent: gpc %s, dnt %s, without %s\n",
		policy->honours_gpc ? "opt-out" : "ignore",
		policy->honours_dnt ? "opt-out" : "ignore",
		withouts[policy->without]);
}
