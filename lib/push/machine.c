/* SPDX-License-Identifier: ISC */
#include "push/machine.h"

#include "text/url.h"
#include "json/write.h"

#include <assert.h>
#include <stdio.h>

enum sst_status
sst_machine_init(struct sst_machine *machine, const struct sst_code *code,
	struct sst_err *err)
{
	memset(machine, 0, sizeof(*machine));
	machine->code = code;
	/* Never grown after this: values point into it. */
	sst_buf_init(&machine->scratch, SST_MACHINE_SCRATCH);
	if (!sst_buf_grow(&machine->scratch, SST_MACHINE_SCRATCH))
		return sst_fail_memory(err, "an API's program");
	machine->scratch.max = machine->scratch.cap;
	sst_buf_init(&machine->sub, SST_MACHINE_SCRATCH);
	return SST_OK;
}

void
sst_machine_release(struct sst_machine *machine)
{
	sst_buf_release(&machine->scratch);
	sst_buf_release(&machine->sub);
}

void
sst_machine_set_event(struct sst_machine *machine, struct sst_event *event)
{
	machine->event = event;
	machine->props.is_read = false;
	machine->params.is_read = false;
}

/* ---- texts and marks ---- */

static inline struct sst_span
text_of(const struct sst_machine *m, const struct sst_op *op)
{
	return sst_span(m->code->pool.at + op->at, op->len);
}

static void
push_mark(struct sst_machine *m)
{
	if (m->mark_count == SST_CODE_MARKS) {
		m->is_short = true; /* the compiler counts too */
		return;
	}
	m->marks[m->mark_count].to = m->target;
	m->marks[m->mark_count].len = m->target->len;
	m->marks[m->mark_count].notes = m->note_count;
	m->mark_count++;
}

static void
pop_mark(struct sst_machine *m, bool cut)
{
	assert(m->mark_count > 0 || m->is_short);
	if (m->mark_count == 0)
		return;
	m->mark_count--;
	if (cut && m->marks[m->mark_count].len <= m->target->len) {
		m->target->len = m->marks[m->mark_count].len;
		m->note_count = m->marks[m->mark_count].notes;
	}
}

static void
note_name(struct sst_machine *m, bool is_pool, size_t at, size_t len)
{
	if (m->note_count == SST_MACHINE_NOTES) {
		m->is_short = true;
		return;
	}
	m->notes[m->note_count].is_pool = is_pool;
	m->notes[m->note_count].at = at;
	m->notes[m->note_count].len = len;
	m->note_count++;
}

/* Is the name spelled by the object at hand, or written already? Notes of
 * objects further out do harm only to a name that both have; so those are cut
 * off at the object's own mark. */
static bool
is_taken(const struct sst_machine *m, size_t list, size_t notes_from,
	struct sst_span name)
{
	const struct sst_code *code = m->code;

	for (size_t i = 0; i < code->lists[list].n; i++)
		if (sst_span_eq(code->names[code->lists[list].first + i], name))
			return true;
	for (size_t i = notes_from; i < m->note_count; i++) {
		const char *base =
			m->notes[i].is_pool ? code->pool.at : m->target->at;

		if (sst_span_eq(
			    sst_span(base + m->notes[i].at, m->notes[i].len),
			    name))
			return true;
	}
	return false;
}

/* Where the notes of the innermost object begin. */
static size_t
notes_from(const struct sst_machine *m)
{
	return m->mark_count == 0 ? 0 : m->marks[m->mark_count - 1].notes;
}

static void
close_bracket(struct sst_machine *m, char bracket)
{
	struct sst_buf *to = m->target;

	m->ok = to->len > 0 && to->at[to->len - 1] == ',';
	if (m->ok)
		to->at[to->len - 1] = bracket;
	if (m->mark_count > 0 && m->ok)
		m->note_count = m->marks[m->mark_count - 1].notes;
	pop_mark(m, !m->ok);
}

/* ---- values ---- */

static struct sst_value
of_pair(const struct sst_pair *pair)
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

static bool
read_members(struct sst_members *members, struct sst_span text)
{
	enum sst_reason why;

	members->is_read = true;
	if (sst_scan_object(text, members->pairs, SST_EVENT_PAIRS, &members->n,
		    &why) == SST_OK)
		return true;
	members->n = 0;
	return false;
}

static struct sst_span
key_of(struct sst_machine *m, const struct sst_pair *pair)
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
			(void)read_members(members, pair->value);
	}
	for (size_t i = 0; i < members->n; i++)
		if (sst_span_eq(key_of(m, &members->pairs[i]), name))
			return of_pair(&members->pairs[i]);
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

static void
map(struct sst_machine *m, const struct sst_map *map)
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
static void
spell_event(struct sst_machine *m, struct sst_value *value)
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

static void
convert(struct sst_machine *m, const struct sst_op *op)
{
	enum sst_conv conv = (enum sst_conv)op->arg;
	bool has_text = sst_conv_row(conv)->arg == SST_ARG_TEXT;

	spell_event(m, &m->acc);
	if (m->acc.is_there)
		sst_value_convert(&m->scratch, &m->acc, conv,
			has_text ? 0 : (int32_t)op->at,
			has_text ? text_of(m, op) : sst_span(NULL, 0));
}

/* ---- output ---- */

static void
put_json(struct sst_machine *m)
{
	m->ok = m->acc.is_there;
	if (!m->ok)
		return;
	if (!m->acc.is_event)
		sst_value_put_json(m->target, &m->acc);
	else if (!sst_json_write_object(m->target, m->event))
		m->is_short = true;
}

static void
put_part(struct sst_machine *m, enum sst_coding coding)
{
	struct sst_span text;

	spell_event(m, &m->acc);
	if (coding == SST_CODING_JSON && m->acc.kind == SST_KIND_STRING &&
		m->acc.is_escaped) {
		sst_buf_put_span(m->target, m->acc.text);
		return;
	}
	text = sst_value_text(&m->scratch, &m->acc);
	switch (coding) {
	case SST_CODING_JSON:
		sst_json_put_escaped(m->target, text);
		break;
	case SST_CODING_TEXT:
		sst_buf_put_span(m->target, text);
		break;
	case SST_CODING_PCT:
		sst_url_put_encoded(m->target, text);
		break;
	case SST_CODING_HEADER:
		for (size_t i = 0; i < text.len; i++)
			sst_buf_byte(
				m->target, (unsigned char)text.at[i] < ' ' ||
							   text.at[i] == 0x7f
						   ? ' '
						   : text.at[i]);
		break;
	}
}

/* ---- members of an object ---- */

/* False: there is nothing to go through. */
static bool
open_members(struct sst_machine *m)
{
	if (!m->acc.is_there || m->acc.kind != SST_KIND_OBJECT)
		return false;
	spell_event(m, &m->acc);
	return read_members(&m->each, m->acc.text);
}

static bool
each_next(struct sst_machine *m)
{
	while (m->each_at < m->each.n) {
		const struct sst_pair *pair = &m->each.pairs[m->each_at++];

		m->value = of_pair(pair);
		if (!m->value.is_there)
			continue;
		m->name = sst_value_string(key_of(m, pair));
		return true;
	}
	return false;
}

/* `"name":` of the value at hand, unless it cannot be one. */
static bool
put_name(struct sst_machine *m, const struct sst_op *op)
{
	struct sst_buf *to = m->target;
	struct sst_span text;
	size_t from = notes_from(m), start;

	if (!m->acc.is_there)
		return false;
	text = sst_value_text(&m->scratch, &m->acc);
	if (text.len == 0)
		return false;
	push_mark(m);
	sst_buf_byte(to, '"');
	start = to->len;
	sst_json_put_escaped(to, text);
	if (to->is_short)
		return true; /* found out later */
	if (is_taken(m, op->len, from,
		    sst_span(to->at + start, to->len - start))) {
		pop_mark(m, true);
		return false;
	}
	note_name(m, false, start, to->len - start);
	SST_BUF_PUT(to, "\":");
	return true;
}

static void
end_member(struct sst_machine *m)
{
	if (m->ok)
		sst_buf_byte(m->target, ',');
	pop_mark(m, !m->ok);
}

static void
add_all(struct sst_machine *m, const struct sst_op *op)
{
	if (!open_members(m))
		return;
	for (size_t i = 0; i < m->each.n; i++) {
		m->value = of_pair(&m->each.pairs[i]);
		if (!m->value.is_there)
			continue;
		m->acc = sst_value_string(key_of(m, &m->each.pairs[i]));
		if (!put_name(m, &(struct sst_op){ .len = (uint16_t)op->at }))
			continue;
		m->acc = m->value;
		put_json(m);
		end_member(m);
	}
}

/* ---- comparing ---- */

static bool
fits_number(const struct sst_test *test, const struct sst_test_value *value,
	double left, double right)
{
	if (value->is_range)
		return left >= value->low && left <= value->high;
	switch (test->op) {
	case SST_TEST_LT:
		return left < right;
	case SST_TEST_LE:
		return left <= right;
	case SST_TEST_GT:
		return left > right;
	case SST_TEST_GE:
		return left >= right;
	case SST_TEST_EQ:
	case SST_TEST_NE:
	case SST_TEST_HAS:
	case SST_TEST_HAS_NOT:
		break;
	}
	return left >= right && left <= right;
}

static bool
contains(struct sst_span text, struct sst_span what)
{
	for (size_t i = 0; i + what.len <= text.len; i++)
		if (memcmp(text.at + i, what.at, what.len) == 0)
			return true;
	return false;
}

static bool
fits_value(struct sst_machine *m, const struct sst_test *test,
	const struct sst_test_value *value, struct sst_span text)
{
	bool is_order = test->op >= SST_TEST_LT && test->op <= SST_TEST_GE;
	struct sst_span right = value->text;
	double a, b = 0;

	if (value->is_kept) {
		if (!m->kept.is_there)
			return false;
		right = sst_value_text(&m->scratch, &m->kept);
	}
	if (test->op >= SST_TEST_HAS)
		return contains(text, right);
	if (sst_value_double(text, &a) &&
		(value->is_range || sst_value_double(right, &b)))
		return fits_number(test, value, a, b);
	return !is_order && !value->is_range && sst_span_eq(text, right);
}

static bool
fits(struct sst_machine *m, const struct sst_test *test)
{
	bool is_negated =
		test->op == SST_TEST_NE || test->op == SST_TEST_HAS_NOT;
	struct sst_span text;

	if (!m->acc.is_there)
		return is_negated;
	spell_event(m, &m->acc);
	text = sst_value_text(&m->scratch, &m->acc);
	for (size_t i = 0; i < test->n; i++)
		if (fits_value(m, test, &test->values[i], text))
			return !is_negated;
	return is_negated;
}

/* Sums are of counts: whole numbers. */
static void
add(struct sst_machine *m)
{
	double a, b;
	char text[64];
	size_t from = m->scratch.len;

	if (!m->left.is_there || !m->acc.is_there ||
		!sst_value_double(sst_value_text(&m->scratch, &m->left), &a) ||
		!sst_value_double(sst_value_text(&m->scratch, &m->acc), &b)) {
		m->acc = (struct sst_value){ 0 };
		return;
	}
	from = m->scratch.len;
	(void)snprintf(text, sizeof(text), "%.0f", a + b);
	sst_buf_put_span(&m->scratch, sst_span_of(text));
	m->acc = sst_value_number(
		sst_span(m->scratch.at + from, m->scratch.len - from));
}

/* ---- the loop ---- */

static void
load(struct sst_machine *m, const struct sst_op *op)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_ABSENT:
		m->acc = (struct sst_value){ 0 };
		break;
	case SST_OP_KEY:
		m->acc = of_pair(
			sst_event_get(m->event, (enum sst_field)op->at));
		break;
	case SST_OP_OTHER:
		m->acc = of_pair(sst_event_find(m->event, text_of(m, op)));
		break;
	case SST_OP_PROP:
		m->acc = member_of(m, &m->props, SST_F_PROPS, text_of(m, op));
		break;
	case SST_OP_PARAM:
		m->acc = member_of(m, &m->params, SST_F_PARAMS, text_of(m, op));
		break;
	case SST_OP_EVENT:
		m->acc = (struct sst_value){ .is_there = true,
			.kind = SST_KIND_OBJECT,
			.is_event = true };
		break;
	case SST_OP_STRING:
		m->acc = sst_value_string(text_of(m, op));
		break;
	case SST_OP_NUMBER:
		m->acc = sst_value_number(text_of(m, op));
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
	default:
		assert(!"no operation that loads");
	}
}

static void
load_answer(struct sst_machine *m, const struct sst_op *op)
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
		m->acc = header_of(m->answer, text_of(m, op));
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
		m->acc = walk(m->json, text_of(m, op));
		break;
	case SST_OP_AT:
		m->acc = walk(m->at, text_of(m, op));
		break;
	default:
		assert(!"no operation that loads");
	}
}

/* The text moves to the scratch: what is around it may be written to the same
 * place. */
static void
sub_end(struct sst_machine *m, const struct sst_op *op)
{
	struct sst_span text;
	size_t from = m->scratch.len;

	m->acc = (struct sst_value){ 0 };
	if (m->mark_count == 0)
		return;
	m->mark_count--;
	text = sst_span_from(
		sst_buf_span(&m->sub), m->marks[m->mark_count].len);
	m->target = m->marks[m->mark_count].to;
	m->note_count = m->marks[m->mark_count].notes;
	sst_buf_put_span(&m->scratch, text);
	m->sub.len -= text.len;
	if (op->code == SST_OP_SUB_END ? op->arg != 0 : !m->ok)
		return;
	m->acc.is_there = true;
	m->acc.kind = op->code == SST_OP_SUB_END ? SST_KIND_STRING : op->arg;
	m->acc.text = sst_span(m->scratch.at + from, text.len);
}

/* Output and marks. */
static void
write_op(struct sst_machine *m, const struct sst_op *op)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_TEXT:
		sst_buf_put_span(m->target, text_of(m, op));
		break;
	case SST_OP_PUT_JSON:
		put_json(m);
		break;
	case SST_OP_OK:
		m->ok = op->arg != 0;
		break;
	case SST_OP_MARK:
		push_mark(m);
		break;
	case SST_OP_POP:
		pop_mark(m, false);
		break;
	case SST_OP_CUT:
		pop_mark(m, true);
		m->ok = false;
		break;
	case SST_OP_OPEN:
		push_mark(m);
		sst_buf_byte(m->target, (char)op->arg);
		break;
	case SST_OP_CLOSE:
		close_bracket(m, (char)op->arg);
		break;
	case SST_OP_MEMBER:
		end_member(m);
		if (m->ok && op->arg != 0)
			note_name(m, true, op->at, op->len);
		break;
	case SST_OP_ITEMS:
		m->items_at = m->target->len;
		m->ok = true;
		break;
	case SST_OP_SUB:
		push_mark(m);
		if (m->mark_count > 0)
			m->marks[m->mark_count - 1].len = m->sub.len;
		m->target = &m->sub;
		break;
	case SST_OP_SUB_END:
	case SST_OP_SUB_JSON:
		sub_end(m, op);
		break;
	case SST_OP_ADD_ALL:
		add_all(m, op);
		break;
	default:
		assert(!"no operation that writes");
	}
}

/* Values and conditions that do not jump. */
static void
compute(struct sst_machine *m, const struct sst_op *op)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_CONV:
		convert(m, op);
		break;
	case SST_OP_MAP:
		map(m, &m->code->maps[op->at]);
		break;
	case SST_OP_FLAG:
		m->flag = op->arg != 0;
		break;
	case SST_OP_TRUTH:
		m->flag = (m->acc.is_there && m->acc.kind != SST_KIND_FALSE) !=
			  (op->arg != 0);
		break;
	case SST_OP_KEEP:
		spell_event(m, &m->acc);
		m->kept = m->acc;
		break;
	case SST_OP_LEFT:
		spell_event(m, &m->acc);
		m->left = m->acc;
		break;
	case SST_OP_ADD:
		add(m);
		break;
	case SST_OP_TEST:
		m->flag = fits(m, &m->code->tests[op->at]);
		break;
	default:
		assert(!"no operation that computes");
	}
}

/* The next operation, when this one decides which it is. */
static size_t
jump(struct sst_machine *m, const struct sst_op *op, size_t next)
{
	switch ((enum sst_op_code)op->code) {
	case SST_OP_JUMP:
		return op->at;
	case SST_OP_JUMP_PRESENT:
		return m->acc.is_there ? op->at : next;
	case SST_OP_JUMP_ABSENT:
		return m->acc.is_there ? next : op->at;
	case SST_OP_JUMP_FALSE:
		return m->flag ? next : op->at;
	case SST_OP_PUT_PART:
		if (!m->acc.is_there)
			return op->at;
		put_part(m, (enum sst_coding)op->arg);
		return next;
	case SST_OP_EACH:
		if (!open_members(m))
			return op->at;
		m->each_at = 0;
		m->each_count = 0;
		m->each_max = op->len;
		return next;
	case SST_OP_NEXT:
		return m->each_count < m->each_max && each_next(m) ? next
								   : op->at;
	case SST_OP_NAMED:
		return put_name(m, op) ? next : op->at;
	case SST_OP_EACH_END:
		end_member(m);
		m->each_count += m->ok;
		return op->at;
	default:
		assert(!"no operation that jumps");
		return next;
	}
}

void
sst_machine_run(struct sst_machine *m, size_t entry, struct sst_buf *out)
{
	m->out = m->target = out;
	m->mark_count = 0;
	m->note_count = 0;
	m->ok = false;
	m->flag = false;
	m->acc = (struct sst_value){ 0 };
	m->is_short = false;
	sst_buf_reset(&m->scratch);
	sst_buf_reset(&m->sub);
	for (size_t at = entry; m->code->ops[at].code != SST_OP_END;) {
		const struct sst_op *op = &m->code->ops[at];

		at++;
		if (op->code >= SST_OP_JUMP)
			at = jump(m, op, at);
		else if (op->code >= SST_OP_CONV)
			compute(m, op);
		else if (op->code >= SST_OP_STATUS)
			load_answer(m, op);
		else if (op->code >= SST_OP_ABSENT)
			load(m, op);
		else
			write_op(m, op);
	}
	m->is_short |= out->is_short || m->scratch.is_short ||
		       m->sub.is_short ||
		       (m->event != NULL && m->event->is_short);
}
