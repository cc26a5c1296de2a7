/* SPDX-License-Identifier: ISC */
#include "enrich/rule_reading.h"

#include "base/num.h"
#include "text/scan.h"

#include <stdlib.h>

#define NAME_MAX_BYTES ((size_t)64)
#define RATE_MAX_BYTES ((size_t)32)

/* A name that a rule gives an event. */
static enum sst_status
read_event_name(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_span *out)
{
	struct sst_span text = node->text;

	if (node->kind != SST_DOC_STRING || text.len == 0 ||
		text.len > NAME_MAX_BYTES || !sst_json_is_plain(text))
		return SST_RULE_FAIL(r, node,
			"expected a name of 1 to %zu bytes without quotes and "
			"control bytes",
			NAME_MAX_BYTES);
	*out = sst_arena_copy(&r->rules->arena, text);
	return out->at == NULL ? sst_rule_no_memory(r) : SST_OK;
}

/* Members of an object, or none where there is no such object. */
static enum sst_status
begin_object(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	size_t size, void *rows)
{
	void *at;

	if (node->kind != SST_DOC_OBJECT || node->count == 0)
		return SST_RULE_FAIL(r, node, "expected an object");
	at = sst_rule_take(r, node->count, size);
	if (at == NULL)
		return sst_rule_no_memory(r);
	memcpy(rows, &at, sizeof(at));
	return SST_OK;
}

/* "names": { "pv": "page_view" }. */
static enum sst_status
read_aliases(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	struct sst_rule_alias *rows;
	enum sst_status status = begin_object(r, node, sizeof(*rows), &rows);

	if (status != SST_OK)
		return status;
	rule->aliases = rows;
	for (node = node->first; node != NULL; node = node->next) {
		struct sst_rule_alias *row = &rows[rule->alias_count++];

		row->value = sst_arena_copy(&r->rules->arena, node->name);
		if (row->value.at == NULL)
			return sst_rule_no_memory(r);
		status = read_event_name(r, node, &row->event);
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

/* "props": { "term": [ "q", "s" ] }. */
static enum sst_status
read_props(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	struct sst_rule_prop *rows;
	enum sst_status status = begin_object(r, node, sizeof(*rows), &rows);

	if (status != SST_OK)
		return status;
	rule->props = rows;
	for (node = node->first; node != NULL; node = node->next) {
		struct sst_rule_prop *row = &rows[rule->prop_count++];

		row->name = sst_arena_copy(&r->rules->arena, node->name);
		if (row->name.at == NULL)
			return sst_rule_no_memory(r);
		status = sst_rule_read_texts(
			r, node, &row->from.at, &row->from.n);
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

/* a-z, digits and "_", as a log's own fields are named. */
static bool
is_key(struct sst_span name)
{
	if (name.len == 0 || name.len > NAME_MAX_BYTES || name.at[0] == '_')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '_')
			return false;
	}
	return true;
}

/* What the tools answer for is not a rule's to set. */
static bool
is_settable(enum sst_field field)
{
	static const enum sst_field fixed[] = { SST_F_ID, SST_F_TIME,
		SST_F_EVENT, SST_F_PROPS, SST_F_PARAMS, SST_F_WEIGHT,
		SST_F_INVALID_UTF8, SST_F_FILE, SST_F_LINE, SST_F_OFFSET };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (field == fixed[i])
			return false;
	return field < SST_F_VISITOR_ID;
}

static enum sst_status
read_key(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_span name, struct sst_rule_key *out)
{
	out->field = sst_field_of(name);
	if (!is_key(name) || !is_settable(out->field))
		return SST_RULE_FAIL(r, node,
			"'%.*s' is no key that a rule may set", (int)name.len,
			name.at);
	out->name = sst_arena_copy(&r->rules->arena, name);
	return out->name.at == NULL ? sst_rule_no_memory(r) : SST_OK;
}

/* Is it what the field table says of the key? */
static bool
has_type(enum sst_field field, const struct sst_doc_node *node)
{
	bool is_bool =
		node->kind == SST_DOC_TRUE || node->kind == SST_DOC_FALSE;
	int64_t value;

	if (field == SST_F_OTHER || field == SST_F_PROPS)
		return is_bool || node->kind == SST_DOC_STRING ||
		       node->kind == SST_DOC_NUMBER;
	switch (sst_field_row(field)->type) {
	case SST_TYPE_STRING:
		return node->kind == SST_DOC_STRING;
	case SST_TYPE_INT:
		return node->kind == SST_DOC_NUMBER &&
		       sst_num_i64(node->text, &value);
	case SST_TYPE_NUMBER:
		return node->kind == SST_DOC_NUMBER;
	case SST_TYPE_BOOL:
		return is_bool;
	default:
		return false;
	}
}

/* A value in JSON spelling. */
static enum sst_status
read_value(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule_set *set)
{
	struct sst_rules *rules = r->rules;

	sst_buf_reset(&rules->work);
	switch (node->kind) {
	case SST_DOC_TRUE:
		set->kind = SST_KIND_TRUE;
		SST_BUF_PUT(&rules->work, "true");
		break;
	case SST_DOC_FALSE:
		set->kind = SST_KIND_FALSE;
		SST_BUF_PUT(&rules->work, "false");
		break;
	case SST_DOC_NUMBER:
		set->kind = SST_KIND_NUMBER;
		sst_buf_put_span(&rules->work, node->text);
		break;
	default:
		set->kind = SST_KIND_STRING;
		sst_json_put_escaped(&rules->work, node->text);
		break;
	}
	set->raw = sst_arena_copy(&rules->arena, sst_buf_span(&rules->work));
	return rules->work.is_short || set->raw.at == NULL
		       ? sst_rule_no_memory(r)
		       : SST_OK;
}

/* "set": { "channel": "Email", "props.plan": "free" }. */
static enum sst_status
read_sets(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	const struct sst_span nested = sst_span("props.", 6);
	struct sst_rule_set *rows;
	enum sst_status status = begin_object(r, node, sizeof(*rows), &rows);

	if (status != SST_OK)
		return status;
	rule->sets = rows;
	for (node = node->first; node != NULL; node = node->next) {
		struct sst_rule_set *row = &rows[rule->set_count++];
		struct sst_span name = node->name;

		if (sst_span_starts(name, nested) && name.len > nested.len) {
			row->to.field = SST_F_PROPS;
			row->to.name = sst_arena_copy(&r->rules->arena,
				sst_span_from(name, nested.len));
			if (row->to.name.at == NULL)
				return sst_rule_no_memory(r);
		} else {
			status = read_key(r, node, name, &row->to);
		}
		if (status == SST_OK && !has_type(row->to.field, node))
			status = SST_RULE_FAIL(r, node,
				"'%.*s' takes another type of value",
				(int)name.len, name.at);
		if (status == SST_OK)
			status = read_value(r, node, row);
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

/* "rename": { "http_x_tenant": "tenant" }. */
static enum sst_status
read_renamings(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_rule *rule)
{
	struct sst_rule_renaming *rows;
	enum sst_status status = begin_object(r, node, sizeof(*rows), &rows);

	if (status != SST_OK)
		return status;
	rule->renamings = rows;
	for (node = node->first; node != NULL; node = node->next) {
		struct sst_rule_renaming *row = &rows[rule->renaming_count++];

		status = read_key(r, node, node->name, &row->from);
		if (status == SST_OK && node->kind != SST_DOC_STRING)
			status = SST_RULE_FAIL(r, node, "expected a key");
		if (status == SST_OK)
			status = read_key(r, node, node->text, &row->to);
		if (status == SST_OK && row->to.field != SST_F_OTHER &&
			sst_field_row(row->to.field)->type != SST_TYPE_STRING)
			status = SST_RULE_FAIL(
				r, node, "expected a key that holds text");
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

/* "sample": 0.1. */
static enum sst_status
read_sample(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	char text[RATE_MAX_BYTES + 1] = { 0 };
	struct sst_buf *work = &r->rules->work;

	if (node->kind == SST_DOC_NUMBER && node->text.len <= RATE_MAX_BYTES) {
		memcpy(text, node->text.at, node->text.len);
		rule->rate = strtod(text, NULL);
	}
	/* So small that a weight still is an exact number. */
	if (!(rule->rate >= 1e-6 && rule->rate <= 1))
		return SST_RULE_FAIL(
			r, node, "expected a rate from 0.000001 to 1");
	sst_buf_reset(work);
	sst_buf_printf(work, "%.12g", 1 / rule->rate);
	rule->weight = sst_arena_copy(&r->rules->arena, sst_buf_span(work));
	r->rules->is_sampling = true;
	return rule->weight.at == NULL ? sst_rule_no_memory(r) : SST_OK;
}

static enum sst_status
read_props_from(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_rule *rule)
{
	if (!sst_span_is(node->text, "query"))
		return SST_RULE_FAIL(r, node, "expected \"query\"");
	rule->props_from_query = true;
	return SST_OK;
}

/* Members whose value is a list of names of parameters. */
static enum sst_status
read_lists(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	struct sst_rule *rule)
{
	const struct {
		const char *name;
		struct sst_texts *to;
	} rows[] = {
		{ "name_from", &rule->name_from },
		{ "page_from", &rule->page_from },
		{ "referrer_from", &rule->referrer_from },
		{ "time_from", &rule->time_from },
		{ "sent_from", &rule->sent_from },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sst_doc_node *list =
			sst_doc_member(node, rows[i].name);
		enum sst_status status = SST_OK;

		if (list != NULL)
			status = sst_rule_read_texts(
				r, list, &rows[i].to->at, &rows[i].to->n);
		if (status != SST_OK)
			return status;
	}
	rule->is_beacon = rule->page_from.n > 0;
	if (!rule->is_beacon &&
		rule->referrer_from.n + rule->time_from.n + rule->sent_from.n >
			0)
		return SST_RULE_FAIL(r, node,
			"'referrer_from', 'time_from' and 'sent_from' need "
			"'page_from'");
	return SST_OK;
}

/* What only a rule that names events can do. */
static enum sst_status
check(const struct sst_rule_reading *r, const struct sst_doc_node *node,
	const struct sst_rule *rule)
{
	bool names = rule->event.len != 0;
	bool adds =
		rule->set_count + rule->renaming_count > 0 || rule->rate > 0;

	if (rule->is_drop ? names || adds : !names && !adds)
		return SST_RULE_FAIL(r, node,
			"expected either 'event' or \"drop\": true, or some of "
			"'set', 'rename', 'sample'");
	if (!names &&
		(rule->name_from.n + rule->page_from.n + rule->alias_count +
					rule->prop_count >
				0 ||
			rule->props_from_query))
		return SST_RULE_FAIL(
			r, node, "only a rule with 'event' reads parameters");
	return SST_OK;
}

enum sst_status
sst_rule_read_actions(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_rule *rule)
{
	static const struct {
		const char *name;
		enum sst_status (*read)(const struct sst_rule_reading *r,
			const struct sst_doc_node *node, struct sst_rule *rule);
	} rows[] = {
		{ "names", read_aliases },
		{ "props", read_props },
		{ "props_from", read_props_from },
		{ "set", read_sets },
		{ "rename", read_renamings },
		{ "sample", read_sample },
	};
	const struct sst_doc_node *event = sst_doc_member(node, "event");
	enum sst_status status = SST_OK;

	rule->is_drop = sst_doc_is_true(node, "drop");
	if (event != NULL)
		status = read_event_name(r, event, &rule->event);
	if (status == SST_OK)
		status = read_lists(r, node, rule);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sst_doc_node *member =
			sst_doc_member(node, rows[i].name);

		if (status == SST_OK && member != NULL)
			status = rows[i].read(r, member, rule);
	}
	return status == SST_OK ? check(r, node, rule) : status;
}
