/* SPDX-License-Identifier: ISC */
/* A policy made ready: for each field how to go about it, and what with. */
#include "redact/redact.h"

#include "redact/work.h"

#include <stdlib.h>

/* Values are up to --max-line long, and decoding makes them no longer. */
#define VALUE_MAX ((size_t)128 << 20)

/* Is the outcome for a value the same for every event? */
static enum sst_way
way_of_plan(const struct sst_plan *plan, enum sst_field_type type)
{
	const struct sst_step *first = &plan->steps[0];

	if (first->action == SST_ACT_DROP)
		return SST_WAY_DROP;
	if (first->action == SST_ACT_KEEP && plan->n == 1)
		return SST_WAY_KEEP;
	if (type == SST_TYPE_OBJECT || type == SST_TYPE_ARRAY)
		return SST_WAY_NESTED;
	if (type != SST_TYPE_STRING)
		return SST_WAY_TEXT;
	if (plan->n > 1)
		return SST_WAY_MEMO;
	/* Queries hardly repeat. */
	if (first->action == SST_ACT_ALLOW)
		return SST_WAY_TEXT;
	if (first->action == SST_ACT_REKEY)
		return SST_WAY_REKEY;
	if (first->action == SST_ACT_MASK)
		return SST_WAY_MASK;
	if (first->action == SST_ACT_REDUCE)
		return SST_WAY_REDUCE;
	if (first->action == SST_ACT_TRUNCATE && first->unit == SST_UNIT_SECOND)
		return SST_WAY_SECOND;
	return first->action == SST_ACT_TRUNCATE &&
			       first->unit != SST_UNIT_PARTS
		       ? SST_WAY_TEXT
		       : SST_WAY_MEMO;
}

static bool
has_member_rules(const struct sst_policy *policy, struct sst_span name)
{
	for (size_t i = 0; i < policy->n; i++)
		if (policy->rules[i].key.len > name.len &&
			sst_span_starts(policy->rules[i].key, name) &&
			policy->rules[i].key.at[name.len] == '.')
			return true;
	return false;
}

/* Whether a URL is of the own site matters to a plan that goes on with it. */
static bool
asks_for_own_site(const struct sst_plan *plan)
{
	for (size_t i = 0; i + 1 < plan->n; i++)
		if (plan->steps[i].action == SST_ACT_DOMAIN)
			return true;
	return false;
}

static void
learn_fields(struct sst_redactor *r)
{
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		const struct sst_field_row *row =
			sst_field_row((enum sst_field)f);
		struct sst_span name = sst_span_of(row->name);

		r->plans[f] = sst_policy_plan(
			r->policy, name, &r->is_unclassified[f]);
		r->ways[f] = (uint8_t)way_of_plan(r->plans[f], row->type);
		/* An event asks for one agent. */
		if (r->ways[f] == SST_WAY_REDUCE && f != SST_F_USER_AGENT)
			r->ways[f] = SST_WAY_MEMO;
		if (has_member_rules(r->policy, name)) {
			r->ways[f] = SST_WAY_NESTED;
			r->is_unclassified[f] = false;
		}
		for (size_t i = 0; i < r->plans[f]->n; i++)
			r->is_daily[f] |= r->plans[f]->steps[i].is_daily;
	}
	r->has_own_site = asks_for_own_site(r->plans[SST_F_REFERRER]);
}

/* The rules for keys that are not in the table: few, and looked through for
 * each such key. */
static enum sst_status
learn_loose_rules(struct sst_redactor *r, struct sst_err *err)
{
	r->loose = *r->policy;
	r->loose.n = 0;
	r->loose.rules = sst_arena_take(
		&r->arena, (r->policy->n + 1) * sizeof(r->loose.rules[0]));
	if (r->loose.rules == NULL)
		return sst_fail_memory(err, "the policy");
	for (size_t i = 0; i < r->policy->n; i++) {
		const struct sst_policy_rule *rule = &r->policy->rules[i];
		enum sst_field field = sst_field_of(rule->key);

		if (rule->is_prefix || field == SST_F_OTHER ||
			field == SST_F_PROPS || field == SST_F_PARAMS)
			r->loose.rules[r->loose.n++] = *rule;
	}
	return SST_OK;
}

static bool
uses_crypto_pan(const struct sst_policy *policy)
{
	for (size_t i = 0; i < policy->n; i++)
		if (sst_plan_has(&policy->rules[i].plan, SST_ACT_CRYPTO_PAN))
			return true;
	return sst_plan_has(&policy->unknown, SST_ACT_CRYPTO_PAN);
}

static enum sst_status
open_pan(struct sst_redactor *r, const struct sst_redact_options *options,
	struct sst_err *err)
{
	static const struct sst_span halves[] = { SST_SPAN("key"),
		SST_SPAN("pad") };
	uint8_t key[SST_CRYPTOPAN_KEY_LEN];
	enum sst_status status;

	if (!uses_crypto_pan(options->policy))
		return SST_OK;
	if (options->pan_key != NULL)
		memcpy(key, options->pan_key, sizeof(key));
	else
		for (size_t i = 0; i < 2; i++) {
			struct sst_digest half = sst_digest_derive(
				options->secret, "sst crypto-pan", halves[i]);

			memcpy(key + i * sizeof(half.at), half.at,
				sizeof(half.at));
		}
	status = sst_cryptopan_open(&r->pan, key, err);
	sst_wipe(key, sizeof(key));
	return status;
}

static void
init_memory(struct sst_redactor *r)
{
	for (size_t i = 0; i < 2; i++)
		sst_buf_init(&r->work[i], VALUE_MAX);
	sst_buf_init(&r->settled, VALUE_MAX);
	sst_buf_init(&r->text, VALUE_MAX);
	sst_buf_init(&r->nested, VALUE_MAX);
	sst_arena_init(&r->arena, VALUE_MAX);
}

static enum sst_status
open_memory(struct sst_redactor *r, struct sst_err *err)
{
	if (!sst_memo_init(&r->memo, SST_MEMO_SETS_BITS, SST_MEMO_BYTES))
		return sst_fail_memory(err, "redacted values");
	return sst_known_agents_open(&r->known_agents, err);
}

/* Everything that can fail. */
static enum sst_status
open_parts(struct sst_redactor *r, const struct sst_redact_options *options,
	struct sst_err *err)
{
	enum sst_status status = sst_domain_check(err);

	if (status == SST_OK)
		status = sst_finder_open(
			&r->finder, options->policy->kinds, err);
	if (status == SST_OK)
		status = open_memory(r, err);
	if (status == SST_OK)
		status = open_pan(r, options, err);
	return status == SST_OK ? learn_loose_rules(r, err) : status;
}

enum sst_status
sst_redactor_open(struct sst_redactor **out,
	const struct sst_redact_options *options, struct sst_err *err)
{
	struct sst_redactor *r = calloc(1, sizeof(*r));
	enum sst_status status;

	*out = NULL;
	if (r == NULL)
		return sst_fail_memory(err, "redaction");
	r->policy = options->policy;
	r->masks.ipv4 = options->policy->mask_ipv4;
	r->masks.ipv6 = options->policy->mask_ipv6;
	r->sites = options->sites;
	r->site_count = options->site_count;
	r->max_age_us = options->max_age_us;
	r->marks = options->marks;
	r->tally = options->tally;
	r->counts = options->counts;
	init_memory(r);
	sst_agents_init(&r->agents);
	sst_template_init(&r->template);
	sst_pseudonyms_init(
		&r->pseudonyms, options->secret, options->name_space);
	status = open_parts(r, options, err);
	if (status != SST_OK) {
		sst_redactor_close(r);
		return status;
	}
	learn_fields(r);
	*out = r;
	return SST_OK;
}

void
sst_redactor_close(struct sst_redactor *r)
{
	if (r == NULL)
		return;
	sst_finder_close(r->finder);
	sst_known_agents_close(r->known_agents);
	sst_memo_release(&r->memo);
	sst_cryptopan_close(r->pan);
	sst_pseudonyms_wipe(&r->pseudonyms);
	for (size_t i = 0; i < 2; i++)
		sst_buf_release(&r->work[i]);
	sst_buf_release(&r->settled);
	sst_buf_release(&r->text);
	sst_buf_release(&r->nested);
	sst_arena_release(&r->arena);
	free(r);
}
