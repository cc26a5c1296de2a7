/* SPDX-License-Identifier: ISC */
/* Values that programs refer to. */
#include "push/machine_in.h"

#include "json/write.h"

#include <assert.h>

struct sst_value
sst_machine_of_pair(const struct sst_pair *pair)
{
	struct sst_value value = { 0 };

	if (pair == NULL || pair->kind == SST_KIND_NULL ||
		(pair->flags & SST_PAIR_DROPPED))
		return value;
	value.is_there = true;
	value.kind = pair->kind;
	value.text = pair->value;
	/* What a setter put there has no flag: look. */
	value.is_escaped = pair->kind == SST_KIND_STRING &&
			   ((pair->flags & SST_PAIR_ESCAPED) ||
				   ((pair->flags & SST_PAIR_CHANGED) &&
					   sst_span_find(pair->value, '\\') <
						   pair->value.len));
	return value;
}

bool
sst_machine_scan(struct sst_members *members, struct sst_span text)
{
	enum sst_reason why;

	members->is_read = true;
	if (sst_scan_object(text, members->pairs, SST_EVENT_PAIRS, &members->n,
		    &why) == SST_OK)
		return true;
	members->n = 0;
	return false;
}

struct sst_span
sst_machine_key(struct sst_machine *m, const struct sst_pair *pair)
{
	size_t from = m->scratch.len;

	if (!(pair->flags & SST_PAIR_KEY_ESCAPED))
		return pair->key;
	sst_json_put_unescaped(&m->scratch, pair->key);
	return sst_span(m->scratch.at + from, m->scratch.len - from);
}

static struct sst_value
member_of(struct sst_machine *m, struct sst_members *members,
	enum sst_field field, struct sst_span name)
{
	if (!members->is_read) {
		const struct sst_pair *pair = sst_event_get(m->event, field);

		members->is_read = true;
		members->n = 0;
		if (pair != NULL)
			(void)sst_machine_scan(members, pair->value);
	}
	for (size_t i = 0; i < members->n; i++)
		if (sst_span_eq(sst_machine_key(m, &members->pairs[i]), name))
			return sst_machine_of_pair(&members->pairs[i]);
	return (struct sst_value){ 0 };
}

static struct sst_value
number_value(struct sst_machine *m, uint64_t number)
{
	size_t from = m->scratch.len;

	sst_buf_put_u64(&m->scratch, number);
	return sst_value_number(
		sst_span(m->scratch.at + from, m->scratch.len - from));
}

static struct sst_value
string_value(struct sst_span text)
{
	return text.at == NULL ? (struct sst_value){ 0 }
			       : sst_value_string(text);
}

/* Of a text that has no readable bytes behind it. */
static struct sst_value
copied(struct sst_machine *m, struct sst_span text)
{
	size_t from = m->scratch.len;

	if (text.at == NULL)
		return (struct sst_value){ 0 };
	sst_buf_put_span(&m->scratch, text);
	return sst_value_string(sst_span(m->scratch.at + from, text.len));
}

static struct sst_value
of_node(const struct sst_doc_node *node)
{
	static const uint8_t kinds[] = {
		[SST_DOC_FALSE] = SST_KIND_FALSE,
		[SST_DOC_TRUE] = SST_KIND_TRUE,
		[SST_DOC_NUMBER] = SST_KIND_NUMBER,
		[SST_DOC_STRING] = SST_KIND_STRING,
		[SST_DOC_ARRAY] = SST_KIND_ARRAY,
		[SST_DOC_OBJECT] = SST_KIND_OBJECT,
	};
	struct sst_value value = { 0 };

	if (node == NULL || node->kind == SST_DOC_NULL)
		return value;
	value.is_there = true;
	value.kind = kinds[node->kind];
	value.node = node;
	value.text = node->kind == SST_DOC_TRUE    ? sst_span_of("true")
		     : node->kind == SST_DOC_FALSE ? sst_span_of("false")
						   : node->text;
	return value;
}

/* Follow a path: names of members, numbers of elements, a NUL after each. */
static struct sst_value
walk(const struct sst_doc_node *node, struct sst_span path)
{
	while (node != NULL && path.len > 0) {
		const char *step = path.at;
		size_t len = strlen(step);
		uint64_t index = 0;

		path = sst_span_from(path, len + 1);
		if (node->kind != SST_DOC_ARRAY) {
			node = sst_doc_member(node, step);
			continue;
		}
		for (size_t i = 0; i < len; i++)
			index = step[i] >= '0' && step[i] <= '9' &&
						index < 100000000
					? index * 10 + (uint64_t)(step[i] - '0')
					: UINT64_MAX;
		node = len > 0 && index < node->count ? node->first : NULL;
		while (node != NULL && index-- > 0)
			node = node->next;
	}
	return of_node(node);
}

/* The value of a header; of several the last. */
static struct sst_value
header_of(const struct sst_answer *answer, struct sst_span name)
{
	struct sst_span rest = answer->headers, found = { NULL, 0 };

	while (rest.len > 0) {
		size_t end = sst_span_find(rest, '\n');
		struct sst_span line = sst_span_head(rest, end);
		size_t colon = sst_span_find(line, ':');

		rest = end < rest.len ? sst_span_from(rest, end + 1)
				      : sst_span(rest.at, 0);
		if (colon == line.len ||
			!sst_span_eq_nocase(sst_span_head(line, colon), name))
			continue;
		line = sst_span_from(line, colon + 1);
		while (line.len > 0 &&
			(line.at[0] == ' ' || line.at[0] == '\t'))
			line = sst_span_from(line, 1);
		while (line.len > 0 &&
			(unsigned char)line.at[line.len - 1] <= ' ')
			line.len--;
		found = line;
	}
	return string_value(found);
}

void
sst_machine_map(struct sst_machine *m, const struct sst_map *map)
{
	const struct sst_map_row *best = NULL;
	struct sst_span text;
	size_t from;

	if (!m->acc.is_there)
		return;
	text = sst_value_text(&m->scratch, &m->acc);
	for (size_t i = 0; i < map->n; i++) {
		const struct sst_map_row *row = &map->rows[i];

		if (!row->is_prefix) {
			if (sst_span_eq(row->key, text)) {
				best = row;
				break;
			}
		} else if (sst_span_starts(text, row->key) &&
			   (best == NULL || best->key.len < row->key.len)) {
			best = row;
		}
	}
	if (best == NULL) {
		m->acc = (struct sst_value){ 0 };
		return;
	}
	from = m->scratch.len;
	for (size_t i = 0; i < best->n; i++) {
		if (i > 0)
			sst_buf_put_span(&m->scratch, text);
		sst_buf_put_span(&m->scratch, best->parts[i]);
	}
	text = sst_span(m->scratch.at + from, m->scratch.len - from);
	m->acc = best->is_number ? sst_value_number(text)
				 : sst_value_string(text);
}

/* The event itself as a value that has a text. */
void
sst_machine_spell(struct sst_machine *m, struct sst_value *value)
{
	size_t from = m->scratch.len;

	if (!value->is_there || !value->is_event)
		return;
	if (!sst_json_write_object(&m->scratch, m->event))
		m->is_short = true;
	*value = (struct sst_value){ .is_there = true,
		.kind = SST_KIND_OBJECT,
		.text = sst_span(m->scratch.at + from, m->scratch.len - from) };
}

void
sst_machine_convert(struct sst_machine *m, const struct sst_op *op)
{
	enum sst_conv conv = (enum sst_conv)op->arg;
	bool has_text = sst_conv_row(conv)->arg == SST_ARG_TEXT;

	sst_machine_spell(m, &m->acc);
	if (m->acc.is_there)
		sst_value_convert(&m->scratch, &m->acc, conv,
			has_text ? 0 : (int32_t)op->at,
			has_text ? sst_machine_text(m, op) : sst_span(NULL, 0));
}

void
sst_machine_load(struct sst_machine *m, const struct sst_op *op)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_ABSENT:
		m->acc = (struct sst_value){ 0 };
		break;
	case SST_OP_KEY:
		m->acc = sst_machine_of_pair(
			sst_event_get(m->event, (enum sst_field)op->at));
		break;
	case SST_OP_OTHER:
		m->acc = sst_machine_of_pair(
			sst_event_find(m->event, sst_machine_text(m, op)));
		break;
	case SST_OP_PROP:
		m->acc = member_of(
			m, &m->props, SST_F_PROPS, sst_machine_text(m, op));
		break;
	case SST_OP_PARAM:
		m->acc = member_of(
			m, &m->params, SST_F_PARAMS, sst_machine_text(m, op));
		break;
	case SST_OP_EVENT:
		m->acc = (struct sst_value){ .is_there = true,
			.kind = SST_KIND_OBJECT,
			.is_event = true };
		break;
	case SST_OP_STRING:
		m->acc = sst_value_string(sst_machine_text(m, op));
		break;
	case SST_OP_NUMBER:
		m->acc = sst_value_number(sst_machine_text(m, op));
		break;
	case SST_OP_TRUE:
	case SST_OP_FALSE:
		m->acc = (struct sst_value){ .is_there = true,
			.kind = op->code == SST_OP_TRUE ? SST_KIND_TRUE
							: SST_KIND_FALSE,
			.text = op->code == SST_OP_TRUE
					? sst_span_of("true")
					: sst_span_of("false") };
		break;
	case SST_OP_NAME:
		m->acc = m->name;
		break;
	case SST_OP_VALUE:
		m->acc = m->value;
		break;
	case SST_OP_BATCH_ID:
		m->acc = copied(m, m->batch_id);
		break;
	case SST_OP_BATCH_EVENTS:
		m->acc = number_value(m, m->batch_events);
		break;
	case SST_OP_NOW:
		m->acc = copied(m, m->now);
		break;
	case SST_OP_SENT_BODY:
		m->acc = sst_value_string(m->body);
		break;
	case SST_OP_SIGNATURE:
		m->acc = sst_value_string(m->signature);
		break;
	default:
		assert(!"no operation that loads");
	}
}

void
sst_machine_load_answer(struct sst_machine *m, const struct sst_op *op)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_STATUS:
		m->acc = m->answer->status == 0
				 ? (struct sst_value){ 0 }
				 : number_value(m, m->answer->status);
		break;
	case SST_OP_ERROR:
		m->acc = copied(m, m->answer->error == NULL
					   ? sst_span(NULL, 0)
					   : sst_span_of(m->answer->error));
		break;
	case SST_OP_HEADER:
		m->acc = header_of(m->answer, sst_machine_text(m, op));
		break;
	case SST_OP_BODY:
		m->acc = m->answer->body.len == 0
				 ? (struct sst_value){ 0 }
				 : sst_value_string(m->answer->body);
		break;
	case SST_OP_SENT:
		m->acc = number_value(m, m->sent);
		break;
	case SST_OP_JSON:
		m->acc = walk(m->json, sst_machine_text(m, op));
		break;
	case SST_OP_AT:
		m->acc = walk(m->at, sst_machine_text(m, op));
		break;
	case SST_OP_SENT_BODY:
		m->acc = sst_value_string(m->body);
		break;
	case SST_OP_SIGNATURE:
		m->acc = sst_value_string(m->signature);
		break;
	default:
		assert(!"no operation that loads");
	}
}
