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

/* What tests look at most, taken from the event once. */
struct view {
	struct sst_event *event;
	struct sst_span path, query;
	uint64_t method;    /* packed; 0: absent or long */
	uint64_t extension; /* packed, lower case; 0: none */
	size_t status;      /* 1,000: absent */
	uint64_t extension_bit, second_bit;
	uint32_t status_bit, method_bit; /* as in struct sst_gate */
};

static bool all_hold(struct sst_rules *rules, const struct sst_tests *tests,
	struct view *view, bool is_wanted);

static size_t
status_of(struct sst_event *event)
{
	struct sst_span text = sst_event_text(event, SST_F_STATUS);
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

/* What follows the last '.' of the last segment, at most 8 bytes. */
static uint64_t
extension_of(struct sst_span path)
{
	uint64_t word = 0;

	for (size_t i = 0; i <= SST_PACK_MAX && i < path.len; i++) {
		char c = path.at[path.len - 1 - i];

		if (c == '.')
			return word;
		if (c == '/' || i == SST_PACK_MAX)
			break;
		word |= (uint64_t)(uint8_t)sst_lower(c) << (8 * i);
	}
	return 0;
}

static bool
has_param(const struct sst_param_names *names, struct sst_span query)
{
	struct sst_param param;
	size_t at = 0;

	if (query.len == 0)
		return false;
	while (sst_url_next_param(query, &at, &param)) {
		struct sst_span name = param.name;

		if (param.value.len == 0 || name.len == 0 || name.len > 63 ||
			(names->lengths[(uint8_t)name.at[0]] >> name.len & 1) ==
				0)
			continue;
		for (size_t i = 0; i < names->n; i++)
			if (sst_span_eq(names->at[i], name))
				return true;
	}
	return false;
}

/* The pair of a key that is not in the field table, or NULL. The common case
 * is that the event has no such keys at all. */
static const struct sst_pair *
find_other(struct sst_event *event, struct sst_span key)
{
	for (size_t i = 0; i < event->n; i++)
		if (event->pairs[i].tag == SST_F_OTHER)
			return sst_event_find(event, key);
	return NULL;
}

/* The text of a key; at NULL when it is absent. */
static struct sst_span
text_of(const struct sst_test *test, struct view *view)
{
	const struct sst_pair *pair;

	if (test->field == SST_F_PATH)
		return view->path;
	if (test->field != SST_F_OTHER)
		return sst_event_text(view->event, test->field);
	pair = find_other(view->event, test->key);
	if (pair == NULL)
		return sst_span(NULL, 0);
	return sst_event_pair_text(view->event, pair);
}

/* Most texts differ in their first 8 bytes, which costs no call. */
static bool
is_one(const struct sst_test *test, struct sst_span text)
{
	uint64_t head = sst_head(text);

	if (test->kind != SST_TEST_ENDS && text.len >= 2 &&
		(test->seconds & sst_second_bit(text)) == 0)
		return false;
	for (size_t i = 0; i < test->n; i++) {
		const struct sst_want *want = &test->wants[i];

		if (test->kind == SST_TEST_ENDS) {
			if (sst_span_ends(text, want->text))
				return true;
			continue;
		}
		if (((head ^ want->head) & want->mask) != 0 ||
			(test->kind == SST_TEST_IN ? text.len != want->text.len
						   : text.len < want->text.len))
			continue;
		if (want->text.len <= 8 || sst_span_starts(text, want->text))
			return true;
	}
	return false;
}

/* Remember the named groups of a match, for the rule that fits. */
static void
note_groups(struct sst_rules *rules, const struct sst_test *test,
	const struct sst_span *groups)
{
	for (size_t i = 1; i <= test->is.pattern.groups; i++) {
		struct sst_span name =
			sst_match_group_name(test->is.pattern.match, i);

		if (name.len == 0 || groups[i].at == NULL ||
			rules->found_count == SST_MATCH_GROUPS)
			continue;
		rules->found[rules->found_count++] =
			(struct sst_prop){ name, groups[i] };
	}
}

static bool
matches(struct sst_rules *rules, const struct sst_test *test, struct view *view,
	bool is_wanted)
{
	struct sst_span groups[SST_MATCH_GROUPS];
	struct sst_span text = text_of(test, view);
	bool wants_groups = is_wanted && test->is.pattern.has_names;

	if (text.at == NULL || !sst_span_starts(text, test->is.pattern.prefix))
		return false;
	switch (sst_match_find(test->is.pattern.match, text, 0,
		wants_groups ? groups : NULL)) {
	case SST_MATCH_YES:
		if (wants_groups)
			note_groups(rules, test, groups);
		return true;
	case SST_MATCH_LIMIT:
		rules->limited++;
		return false;
	case SST_MATCH_NO:
		break;
	}
	return false;
}

/* is_wanted: what named groups hold may become properties. */
static bool
holds(struct sst_rules *rules, const struct sst_test *test, struct view *view,
	bool is_wanted)
{
	struct sst_span text;

	switch (test->kind) {
	case SST_TEST_HAS:
		return test->field != SST_F_OTHER
			       ? sst_event_has(view->event, test->field)
			       : find_other(view->event, test->key) != NULL;
	case SST_TEST_METHOD:
		for (size_t i = 0; i < test->n; i++)
			if (test->is.methods[i] == view->method)
				return true;
		return false;
	case SST_TEST_STATUS:
		return test->is.statuses[view->status / 64] >>
			       (view->status % 64) &
		       1;
	case SST_TEST_EXTENSION:
		return view->path.at != NULL &&
		       sst_packed_has(&test->is.extensions, view->extension);
	case SST_TEST_IN:
	case SST_TEST_STARTS:
	case SST_TEST_ENDS:
		text = text_of(test, view);
		return text.at != NULL && is_one(test, text);
	case SST_TEST_QUERY_HAS:
		return has_param(test->is.params, view->query);
	case SST_TEST_PATTERN:
		return matches(rules, test, view, is_wanted);
	case SST_TEST_ANY:
		for (size_t i = 0; i < test->n; i++)
			if (all_hold(
				    rules, &test->is.lists[i], view, is_wanted))
				return true;
		return false;
	case SST_TEST_NOT:
		return !all_hold(rules, test->is.lists, view, false);
	}
	return false;
}

/* May the conditions hold at all? */
static inline bool
is_open(const struct sst_gate *gate, const struct view *view)
{
	uint64_t missing = 0;

	for (size_t i = 0; i < SST_FIELD_WORDS; i++)
		missing |= gate->has[i] & ~view->event->has[i];
	return missing == 0 && (gate->extensions & view->extension_bit) != 0 &&
	       (gate->seconds & view->second_bit) != 0 &&
	       (gate->statuses & view->status_bit) != 0 &&
	       (gate->methods & view->method_bit) != 0 &&
	       (!gate->needs_query || view->query.len != 0);
}

static bool
all_hold(struct sst_rules *rules, const struct sst_tests *tests,
	struct view *view, bool is_wanted)
{
	size_t before = rules->found_count;

	if (!is_open(&tests->gate, view))
		return false;
	for (size_t i = 0; i < tests->n; i++)
		if (!holds(rules, &tests->at[i], view, is_wanted)) {
			rules->found_count = before;
			return false;
		}
	return true;
}

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
	struct view *view, struct sst_span name_param)
{
	if (rules->found_count == 0 && !rule->props_from_query)
		return;
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

/* The event's name, and which parameter gave it (or an empty span). */
static struct sst_span
name_of(struct sst_rules *rules, const struct sst_rule *rule, struct view *view,
	struct sst_span *name_param)
{
	struct sst_param param;

	*name_param = sst_span("", 0);
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

static struct view
view_of(struct sst_event *event)
{
	struct sst_span query = sst_event_text(event, SST_F_QUERY);
	struct view view = {
		.event = event,
		.path = sst_event_text(event, SST_F_PATH),
		.query = query.at == NULL ? sst_span("", 0) : query,
		.method = sst_pack(sst_event_text(event, SST_F_METHOD)),
		.status = status_of(event),
	};

	view.extension = extension_of(view.path);
	view.extension_bit = sst_extension_bit(view.extension);
	view.second_bit =
		view.path.len < 2 ? UINT64_MAX : sst_second_bit(view.path);
	view.status_bit = 1U << (view.status / 100);
	view.method_bit = sst_method_bit(view.method);
	return view;
}

enum sst_status
sst_rules_apply(struct sst_rules *rules, struct sst_event *event)
{
	/* When nothing fits: junk, TCP lines. */
	SST_PADDED(request, "request");
	struct view view = view_of(event);

	for (size_t i = 0; i < rules->n; i++) {
		const struct sst_rule *rule = &rules->rules[i];
		struct sst_span name, name_param;

		rules->found_count = 0;
		if (!all_hold(rules, &rule->when, &view, true))
			continue;
		if (rule->is_drop)
			return SST_DROP;
		name = name_of(rules, rule, &view, &name_param);
		if (name.at == NULL)
			return SST_OK; /* no room: the event says so */
		sst_event_set(event, SST_F_EVENT, SST_KIND_STRING, name);
		set_props(rules, rule, &view, name_param);
		return SST_OK;
	}
	sst_event_set(event, SST_F_EVENT, SST_KIND_STRING, request);
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
