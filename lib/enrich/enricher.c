/* SPDX-License-Identifier: ISC */
#include "enrich/enricher.h"

#include "enrich/agent.h"
#include "enrich/bot.h"
#include "enrich/geo.h"
#include "enrich/params.h"
#include "enrich/referrer.h"
#include "enrich/rule.h"

#include <stdlib.h>

struct sst_enricher {
	struct sst_bots *bots;
	struct sst_referrers *referrers;
	struct sst_rules *rules;
	/* NULL where nobody asks for it. */
	struct sst_agents *agents;
	struct sst_geo *geo;
	struct sst_params *params;
	struct sst_consent *consent;
};

static enum sst_status
open_rules(struct sst_enricher *e, const struct sst_enricher_plan *plan,
	struct sst_err *err)
{
	enum sst_status status = sst_rules_open(&e->rules, err);

	for (size_t i = 0; i < plan->rule_count && status == SST_OK; i++)
		status = sst_rules_add(e->rules, plan->rules[i], err);
	return status;
}

static enum sst_status
open_all(struct sst_enricher *e, const struct sst_enricher_plan *plan,
	struct sst_err *err)
{
	enum sst_status status = sst_bots_open(&e->bots, plan->bots, err);

	if (status == SST_OK)
		status = sst_referrers_open(&e->referrers, plan->referrers,
			plan->sites, plan->site_count, err);
	if (status == SST_OK)
		status = open_rules(e, plan, err);
	if (status == SST_OK && plan->with_params)
		status = sst_params_open(&e->params, err);
	if (status == SST_OK && plan->consent != NULL)
		status = sst_consent_open(&e->consent, plan->consent, err);
	if (status == SST_OK && plan->geo_count > 0)
		status = sst_geo_open(&e->geo, plan->geo, plan->geo_count, err);
	if (status == SST_OK && plan->uap != NULL)
		status = sst_agents_open(
			&e->agents, plan->agents, plan->uap, err);
	return status;
}

enum sst_status
sst_enricher_open(struct sst_enricher **out,
	const struct sst_enricher_plan *plan, struct sst_err *err)
{
	struct sst_enricher *e = calloc(1, sizeof(*e));
	enum sst_status status;

	*out = NULL;
	if (e == NULL)
		return sst_fail_memory(err, "lists");
	status = open_all(e, plan, err);
	if (status == SST_OK)
		*out = e;
	else
		sst_enricher_close(e);
	return status;
}

bool
sst_enricher_samples(const struct sst_enricher *e)
{
	return sst_rules_sample(e->rules);
}

void
sst_enricher_key(struct sst_enricher *e, const struct sst_digest *key)
{
	sst_rules_key(e->rules, key);
}

void
sst_enricher_expect(struct sst_enricher *e, struct sst_event *event)
{
	sst_bots_expect(e->bots, event);
	if (e->agents != NULL)
		sst_agents_expect(e->agents, event);
}

enum sst_status
sst_enricher_apply(struct sst_enricher *e, struct sst_event *event)
{
	if (e->consent != NULL)
		sst_consent_apply(e->consent, event);
	if (e->geo != NULL)
		sst_geo_apply(e->geo, event);
	sst_bots_apply(e->bots, event);
	if (e->agents != NULL)
		sst_agents_apply(e->agents, event);
	if (sst_rules_apply(e->rules, event) == SST_DROP)
		return SST_DROP;
	/* A beacon's event has the query of its page by now. */
	if (e->params != NULL)
		sst_params_apply(e->params, event);
	sst_referrers_apply(e->referrers, event);
	return SST_OK;
}

uint64_t
sst_enricher_bad_lookups(const struct sst_enricher *e)
{
	return e->geo == NULL ? 0 : sst_geo_damaged(e->geo);
}

uint64_t
sst_enricher_bad_patterns(const struct sst_enricher *e)
{
	return e->agents == NULL ? 0 : sst_agents_bad(e->agents);
}

void
sst_enricher_close(struct sst_enricher *e)
{
	if (e == NULL)
		return;
	sst_geo_close(e->geo);
	sst_params_close(e->params);
	sst_consent_close(e->consent);
	sst_rules_close(e->rules);
	sst_referrers_close(e->referrers);
	sst_agents_close(e->agents);
	sst_bots_close(e->bots);
	free(e);
}
