/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "text/scan.h"
#include "text/url.h"
#include "text/utf8.h"

struct sst_span
sst_rule_decode(struct sst_rules *rules, struct sst_span value)
{
	sst_buf_reset(&rules->work);
	sst_buf_reset(&rules->clean);
	sst_url_put_decoded(&rules->work, value, true);
	(void)sst_utf8_put_repaired(&rules->clean, sst_buf_span(&rules->work));
	return sst_buf_span(&rules->clean);
}

struct sst_span
sst_rule_param(
	struct sst_rules *rules, struct sst_texts names, struct sst_span query)
{
	struct sst_param param;

	for (size_t i = 0; i < names.n; i++) {
		size_t at = 0;

		while (sst_url_next_param(query, &at, &param))
			if (param.value.len != 0 &&
				sst_span_eq(param.name, names.at[i]))
				return sst_rule_decode(rules, param.value);
	}
	return sst_span(NULL, 0);
}

/* Begin a property, when there is room and the name is new. */
static bool
begin_prop(struct sst_rules *rules, struct sst_span name)
{
	struct sst_buf *names = &rules->names;
	size_t n = rules->prop_count;

	if (name.len == 0 || name.len > SST_PROP_NAME_MAX ||
		n == SST_RULE_PROPS)
		return false;
	for (size_t i = 0; i < n; i++)
		if (sst_span_eq(rules->prop_names[i], name))
			return false;
	/* set_props() made room for all of them, so that nothing moves. */
	rules->prop_names[n] = sst_span(names->at + names->len, name.len);
	rules->prop_count++;
	sst_buf_put_span(names, name);
	sst_buf_put(&rules->props, n == 0 ? "{\"" : ",\"", 2);
	sst_json_put_escaped(&rules->props, rules->prop_names[n]);
	SST_BUF_PUT(&rules->props, "\":");
	return true;
}

static void
add_prop(struct sst_rules *rules, struct sst_span name, struct sst_span value)
{
	if (!begin_prop(rules, name))
		return;
	SST_BUF_PUT(&rules->props, "\"");
	sst_json_put_escaped(&rules->props, value);
	SST_BUF_PUT(&rules->props, "\"");
}

/* A property that a rule sets to a value of its own. */
static void
add_raw_prop(struct sst_rules *rules, const struct sst_rule_set *set)
{
	bool is_string = set->kind == SST_KIND_STRING;

	if (!begin_prop(rules, set->to.name))
		return;
	if (is_string)
		SST_BUF_PUT(&rules->props, "\"");
	sst_buf_put_span(&rules->props, set->raw);
	if (is_string)
		SST_BUF_PUT(&rules->props, "\"");
}

static void
add_set(struct sst_rules *rules, const struct sst_rule *rule)
{
	for (size_t i = 0; i < rule->set_count; i++)
		if (rule->sets[i].to.field == SST_F_PROPS)
			add_raw_prop(rules, &rule->sets[i]);
}

static bool
has_text(struct sst_texts texts, struct sst_span text)
{
	for (size_t i = 0; i < texts.n; i++)
		if (sst_span_eq(texts.at[i], text))
			return true;
	return false;
}

/* What the event says elsewhere is no property. */
static bool
is_taken(const struct sst_rule *rule, struct sst_span name,
	struct sst_span name_param)
{
	if (sst_span_eq(name, name_param))
		return true;
	return rule->is_beacon && (has_text(rule->page_from, name) ||
					  has_text(rule->referrer_from, name) ||
					  has_text(rule->time_from, name) ||
					  has_text(rule->sent_from, name));
}

static void
add_query(struct sst_rules *rules, const struct sst_rule *rule,
	struct sst_span query, struct sst_span name_param)
{
	struct sst_param param;
	size_t at = 0;

	while (sst_url_next_param(query, &at, &param)) {
		bool is_new;

		if (is_taken(rule, param.name, name_param))
			continue;
		is_new = begin_prop(rules, sst_rule_decode(rules, param.name));
		if (!is_new)
			continue;
		SST_BUF_PUT(&rules->props, "\"");
		sst_json_put_escaped(
			&rules->props, sst_rule_decode(rules, param.value));
		SST_BUF_PUT(&rules->props, "\"");
	}
}

/* What the rule that decides takes from the query. */
static void
add_params(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span name_param)
{
	for (size_t i = 0; i < rule->prop_count; i++) {
		const struct sst_rule_prop *prop = &rule->props[i];
		struct sst_span value =
			sst_rule_param(rules, prop->from, view->query);

		if (value.at != NULL)
			add_prop(rules, prop->name, value);
	}
	if (rule->props_from_query)
		add_query(rules, rule, view->query, name_param);
}

static bool
makes_props(const struct sst_rules *rules, const struct sst_rule *rule)
{
	return rules->found_count > 0 || rules->adding_count > 0 ||
	       (rule != NULL &&
		       (rule->props_from_query ||
			       rule->prop_count + rule->set_count > 0));
}

/* Named groups first, then what rules set, then what the query gives. */
void
sst_rule_set_props(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span name_param)
{
	if (SST_LIKELY(!makes_props(rules, rule)))
		return;
	sst_buf_reset(&rules->props);
	sst_buf_reset(&rules->names);
	rules->prop_count = 0;
	if (!sst_buf_room(&rules->names, SST_RULE_PROPS * SST_PROP_NAME_MAX)) {
		view->event->is_short = true;
		return;
	}
	for (size_t i = 0; i < rules->found_count; i++)
		add_prop(rules, rules->found[i].name, rules->found[i].value);
	for (size_t i = 0; i < rules->adding_count; i++)
		add_set(rules, rules->adding[i]);
	if (rule != NULL) {
		add_set(rules, rule);
		add_params(rules, rule, view, name_param);
	}
	if (rules->prop_count == 0)
		return;
	SST_BUF_PUT(&rules->props, "}");
	if (rules->props.is_short || rules->work.is_short ||
		rules->clean.is_short)
		view->event->is_short = true;
	else
		sst_event_set(view->event, SST_F_PROPS, SST_KIND_OBJECT,
			sst_event_keep(
				view->event, sst_buf_span(&rules->props)));
}
