/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "text/scan.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdlib.h>

/* Compiled rules; their words and patterns are as long as their files. */
#define ARENA ((size_t)64 * 1024 * 1024)
/* Properties of one event, escaped; the same ceiling as the event's own. */
#define TEXT SST_EVENT_ROOM
#define EVENT_NAME_MAX ((size_t)64)

/* Decode a value of a query, and make it valid UTF-8. */
static struct sst_span
decode(struct sst_rules *rules, struct sst_span value)
{
	sst_buf_reset(&rules->work);
	sst_buf_reset(&rules->clean);
	sst_url_put_decoded(&rules->work, value, true);
	(void)sst_utf8_put_repaired(&rules->clean, sst_buf_span(&rules->work));
	return sst_buf_span(&rules->clean);
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
	/* apply() made room for all of them, so that nothing moves. */
	rules->prop_names[n] = sst_span(names->at + names->len, name.len);
	rules->prop_count++;
	sst_buf_put_span(names, name);
	sst_buf_put(&rules->props, n == 0 ? "{\"" : ",\"", 2);
	sst_json_put_escaped(&rules->props, rules->prop_names[n]);
	SST_BUF_PUT(&rules->props, "\":\"");
	return true;
}

static void
end_prop(struct sst_rules *rules, struct sst_span value)
{
	sst_json_put_escaped(&rules->props, value);
	SST_BUF_PUT(&rules->props, "\"");
}

static void
add_query(struct sst_rules *rules, struct sst_span query, struct sst_span but)
{
	struct sst_param param;
	size_t at = 0;

	while (sst_url_next_param(query, &at, &param))
		if (!sst_span_eq(param.name, but) &&
			begin_prop(rules, decode(rules, param.name)))
			end_prop(rules, decode(rules, param.value));
}

/* Named groups first, then the query but for the name's own parameter. */
static void
set_props(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span name_param)
{
	sst_buf_reset(&rules->props);
	sst_buf_reset(&rules->names);
	rules->prop_count = 0;
	if (!sst_buf_room(&rules->names, SST_RULE_PROPS * SST_PROP_NAME_MAX)) {
		view->event->is_short = true;
		return;
	}
	for (size_t i = 0; i < rules->found_count; i++)
		if (begin_prop(rules, rules->found[i].name))
			end_prop(rules, rules->found[i].value);
	if (rule->props_from_query)
		add_query(rules, view->query, name_param);
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

/* The event's name; *name_param is written when a parameter gave it. */
static struct sst_span
name_of(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span *name_param)
{
	struct sst_param param;

	for (size_t i = 0; i < rule->name_from_count; i++) {
		size_t at = 0;

		while (sst_url_next_param(view->query, &at, &param)) {
			struct sst_span name;

			if (!sst_span_eq(param.name, rule->name_from[i]))
				continue;
			name = decode(rules, param.value);
			if (!is_good_name(name))
				continue;
			*name_param = param.name;
			return sst_event_keep(view->event, name);
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

enum sst_status
sst_rules_apply(struct sst_rules *rules, struct sst_event *event)
{
	/* When nothing fits: junk, TCP lines. */
	SST_PADDED(request, "request");
	const struct sst_rule_view view = view_of(event);
	const struct sst_rule *rule = sst_rule_find(rules, &view);
	struct sst_span name = request, name_param = { "", 0 };

	if (rule != NULL && rule->is_drop)
		return SST_DROP;
	if (rule != NULL)
		name = name_of(rules, rule, &view, &name_param);
	if (name.at == NULL)
		return SST_OK; /* no room: the event says so */
	sst_event_put(event, SST_F_EVENT, SST_KIND_STRING, name, false);
	if (rule != NULL && (rules->found_count > 0 || rule->props_from_query))
		set_props(rules, rule, &view, name_param);
	return SST_OK;
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
	free(rules->matches);
	free(rules->rules);
	sst_buf_release(&rules->work);
	sst_buf_release(&rules->clean);
	sst_buf_release(&rules->names);
	sst_buf_release(&rules->props);
	sst_arena_release(&rules->arena);
	free(rules);
}
