/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "text/ip.h"

static struct sst_pair *
find(struct sst_event *event, const struct sst_rule_key *key)
{
	return key->field == SST_F_OTHER ? sst_event_find(event, key->name)
					 : sst_event_get(event, key->field);
}

/* In place of the value that is there. */
static void
put(struct sst_event *event, const struct sst_rule_key *key, enum sst_kind kind,
	struct sst_span raw)
{
	struct sst_pair *pair;

	if (key->field != SST_F_OTHER) {
		sst_event_set(event, key->field, kind, raw);
		return;
	}
	pair = sst_event_find(event, key->name);
	if (pair != NULL)
		sst_event_replace(event, pair, kind, raw);
	else
		sst_event_add_other(event, key->name, kind, raw);
}

/* An address as the event contract spells it; at NULL: it is none. */
static struct sst_span
canonical(struct sst_rules *rules, struct sst_event *event,
	const struct sst_pair *pair)
{
	struct sst_ip ip;

	if (!sst_ip_read(sst_event_pair_text(event, pair), &ip))
		return sst_span(NULL, 0);
	sst_buf_reset(&rules->clean);
	sst_ip_put(&rules->clean, &ip);
	return sst_event_keep(event, sst_buf_span(&rules->clean));
}

/* A key of the table takes texts only, and an address must be one: what stays
 * under its old name is at least not wrong. */
static void
rename_key(struct sst_rules *rules, const struct sst_rule_renaming *renaming,
	struct sst_event *event)
{
	struct sst_pair *pair = find(event, &renaming->from);
	enum sst_field to = renaming->to.field;
	enum sst_kind kind;
	struct sst_span raw;

	if (pair == NULL)
		return;
	kind = (enum sst_kind)pair->kind;
	raw = pair->value;
	if (to != SST_F_OTHER) {
		if (kind == SST_KIND_OBJECT || kind == SST_KIND_ARRAY)
			return;
		kind = SST_KIND_STRING;
	}
	if (to == SST_F_CLIENT_IP || to == SST_F_PEER_IP) {
		raw = canonical(rules, event, pair);
		if (raw.at == NULL)
			return;
	}
	sst_event_drop(event, pair);
	put(event, &renaming->to, kind, raw);
}

void
sst_rule_set_keys(struct sst_rules *rules, const struct sst_rule *rule,
	struct sst_event *event)
{
	for (size_t i = 0; i < rule->renaming_count; i++)
		rename_key(rules, &rule->renamings[i], event);
	for (size_t i = 0; i < rule->set_count; i++)
		if (rule->sets[i].to.field != SST_F_PROPS)
			put(event, &rule->sets[i].to, rule->sets[i].kind,
				rule->sets[i].raw);
}

/* The first 53 bits as a number from 0 up to 1, which a double holds. */
static double
fraction(const struct sst_digest *hash)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < 8; i++)
		bits = bits << 8 | hash->at[i];
	return (double)(bits >> 11) / 9007199254740992.0;
}

/* Who the visitor is, as sst-session tells by default; where nothing says so
 * every request is its own. */
bool
sst_rule_samples(const struct sst_rules *rules, const struct sst_rule *rule,
	struct sst_event *event)
{
	struct sst_span who[] = {
		sst_event_text(event, SST_F_USER),
		sst_event_text(event, SST_F_CLIENT_IP),
		sst_event_text(event, SST_F_CLIENT_HOST),
		sst_event_text(event, SST_F_USER_AGENT),
	};
	struct sst_digest hash;

	if (who[0].len != 0)
		who[1] = who[2] = who[3] = sst_span("", 0);
	else if (who[1].len == 0 && who[2].len == 0) {
		who[1] = sst_event_text(event, SST_F_TIME);
		who[2] = sst_event_text(event, SST_F_PATH);
	}
	hash = sst_siphash_parts(
		&rules->key, who, sizeof(who) / sizeof(who[0]));
	if (fraction(&hash) >= rule->rate)
		return false;
	sst_event_set(event, SST_F_WEIGHT, SST_KIND_NUMBER, rule->weight);
	return true;
}
