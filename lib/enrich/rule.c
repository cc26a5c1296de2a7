/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "text/url.h"

#include <stdlib.h>

/* Compiled rules; their words and patterns are as long as their files. */
#define ARENA ((size_t)64 * 1024 * 1024)
/* Properties of one event, escaped; the same ceiling as the event's own. */
#define TEXT SST_EVENT_ROOM
#define EVENT_NAME_MAX ((size_t)64)

/*
 * May a visitor give an event this name? Letters, digits and "_-.:" only; and
 * not what the other tools of the pipe make themselves or treat apart, so that
 * a beacon cannot pass for one of those.
 */
static bool
is_good_name(struct sst_span name)
{
	static const char *const taken[] = { "session", "alert", "bot_hit",
		"error", "asset", "redirect", "request" };

	if (name.len == 0 || name.len > EVENT_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = sst_lower(name.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '_' && c != '-' && c != '.' && c != ':')
			return false;
	}
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (sst_span_is(name, taken[i]))
			return false;
	return true;
}

/* What a value stands for, or itself where a visitor may say so; at NULL when
 * not. */
static struct sst_span
name_for(const struct sst_rule *rule, struct sst_event *event,
	struct sst_span value)
{
	for (size_t i = 0; i < rule->alias_count; i++)
		if (sst_span_eq(rule->aliases[i].value, value))
			return rule->aliases[i].event;
	return is_good_name(value) ? sst_event_keep(event, value)
				   : sst_span(NULL, 0);
}

/* The event's name; *name_param is written when a parameter gave it. */
static struct sst_span
name_of(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span *name_param)
{
	struct sst_param param;

	for (size_t i = 0; i < rule->name_from.n; i++) {
		size_t at = 0;

		while (sst_url_next_param(view->query, &at, &param)) {
			struct sst_span name;

			if (!sst_span_eq(param.name, rule->name_from.at[i]))
				continue;
			name = name_for(rule, view->event,
				sst_rule_decode(rules, param.value));
			if (name.at == NULL)
				continue;
			*name_param = param.name;
			return name;
		}
	}
	return rule->event;
}

static size_t
status_of(struct sst_span text)
{
	size_t value = 0;

	if (text.len != 3)
		return 1000;
	for (size_t i = 0; i < 3; i++) {
		unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';

		if (digit > 9)
			return 1000;
		value = value * 10 + digit;
	}
	return value;
}

/* Packed; most are this one. */
static inline uint64_t
method_of(struct sst_span text)
{
	if (SST_LIKELY(text.len == 3) && memcmp(text.at, "GET", 3) == 0)
		return 0x474554;
	return sst_pack(text);
}

static inline struct sst_rule_view
view_of(struct sst_event *event)
{
	struct sst_rule_view view = {
		.event = event,
		.path = sst_event_peek(event, SST_F_PATH),
		.query = sst_event_peek(event, SST_F_QUERY),
		.method = method_of(sst_event_peek(event, SST_F_METHOD)),
		.status = status_of(sst_event_peek(event, SST_F_STATUS)),
	};

	view.extension = sst_extension_of(view.path);
	return view;
}

/* What the first rule that takes a sample says; `last` is asked last. */
static bool
is_kept(const struct sst_rules *rules, const struct sst_rule *last,
	struct sst_event *event)
{
	for (size_t i = 0; i < rules->adding_count; i++)
		if (rules->adding[i]->rate > 0)
			return sst_rule_samples(rules, rules->adding[i], event);
	return last == NULL || last->rate <= 0 ||
	       sst_rule_samples(rules, last, event);
}

enum sst_status
sst_rules_apply(struct sst_rules *rules, struct sst_event *event)
{
	/* When nothing fits: junk, TCP lines. */
	SST_PADDED(request, "request");
	const struct sst_rule_view view = view_of(event);
	const struct sst_rule *rule = sst_rule_find(rules, &view);
	struct sst_span name = request, name_param = { "", 0 };

	if ((rule != NULL && rule->is_drop) ||
		(rules->is_sampling && !is_kept(rules, rule, event)))
		return SST_DROP;
	if (rule != NULL)
		name = name_of(rules, rule, &view, &name_param);
	if (name.at == NULL)
		return SST_OK; /* no room: the event says so */
	sst_event_put(event, SST_F_EVENT, SST_KIND_STRING, name, false);
	if (rule == NULL && SST_LIKELY(rules->adding_count == 0))
		return SST_OK;
	sst_rule_set_props(rules, rule, &view, name_param);
	if (rule != NULL && rule->is_beacon)
		sst_rule_set_page(rules, rule, &view);
	if (rule != NULL)
		sst_rule_set_keys(rules, rule, event);
	/* The first to set a key has the last word. */
	for (size_t i = rules->adding_count; i-- > 0;)
		sst_rule_set_keys(rules, rules->adding[i], event);
	return SST_OK;
}

bool
sst_rules_sample(const struct sst_rules *rules)
{
	return rules->is_sampling;
}

void
sst_rules_key(struct sst_rules *rules, const struct sst_digest *key)
{
	rules->key = *key;
}

enum sst_status
sst_rules_open(struct sst_rules **out, struct sst_err *err)
{
	struct sst_rules *rules = calloc(1, sizeof(*rules));

	*out = NULL;
	if (rules == NULL)
		return sst_fail_memory(err, "the rules");
	sst_arena_init(&rules->arena, ARENA);
	sst_buf_init(&rules->work, TEXT);
	sst_buf_init(&rules->clean, TEXT);
	sst_buf_init(&rules->names, TEXT);
	sst_buf_init(&rules->props, TEXT);
	rules->rules = calloc(SST_RULES_MAX, sizeof(*rules->rules));
	if (rules->rules == NULL) {
		sst_rules_close(rules);
		return sst_fail_memory(err, "the rules");
	}
	*out = rules;
	return SST_OK;
}

enum sst_status
sst_rules_add(struct sst_rules *rules, const char *path, struct sst_err *err)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, ARENA);
	sst_rule_words_release(rules);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = sst_rules_read(rules, path, root, err);
	sst_arena_release(&arena);
	return status;
}

uint64_t
sst_rules_limited(const struct sst_rules *rules)
{
	return rules->limited;
}

void
sst_rules_close(struct sst_rules *rules)
{
	if (rules == NULL)
		return;
	for (size_t i = 0; i < rules->match_count; i++)
		sst_match_close(rules->matches[i]);
	sst_rule_words_release(rules);
	free(rules->matches);
	free(rules->rules);
	sst_buf_release(&rules->work);
	sst_buf_release(&rules->clean);
	sst_buf_release(&rules->names);
	sst_buf_release(&rules->props);
	sst_arena_release(&rules->arena);
	free(rules);
}
