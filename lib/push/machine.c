/* SPDX-License-Identifier: ISC */
#include "push/machine_in.h"

#include "text/url.h"
#include "json/write.h"

#include <assert.h>

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

	sst_machine_spell(m, &m->acc);
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
	sst_machine_spell(m, &m->acc);
	return sst_machine_scan(&m->each, m->acc.text);
}

static bool
each_next(struct sst_machine *m)
{
	while (m->each_at < m->each.n) {
		const struct sst_pair *pair = &m->each.pairs[m->each_at++];

		m->value = sst_machine_of_pair(pair);
		if (!m->value.is_there)
			continue;
		m->name = sst_value_string(sst_machine_key(m, pair));
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
		m->value = sst_machine_of_pair(&m->each.pairs[i]);
		if (!m->value.is_there)
			continue;
		m->acc =
			sst_value_string(sst_machine_key(m, &m->each.pairs[i]));
		if (!put_name(m, &(struct sst_op){ .len = (uint16_t)op->at }))
			continue;
		m->acc = m->value;
		put_json(m);
		end_member(m);
	}
}

/* ---- the loop ---- */

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
		sst_buf_put_span(m->target, sst_machine_text(m, op));
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
		sst_machine_convert(m, op);
		break;
	case SST_OP_MAP:
		sst_machine_map(m, &m->code->maps[op->at]);
		break;
	case SST_OP_FLAG:
		m->flag = op->arg != 0;
		break;
	case SST_OP_TRUTH:
		m->flag = (m->acc.is_there && m->acc.kind != SST_KIND_FALSE) !=
			  (op->arg != 0);
		break;
	case SST_OP_KEEP:
		sst_machine_spell(m, &m->acc);
		m->kept = m->acc;
		break;
	case SST_OP_LEFT:
		sst_machine_spell(m, &m->acc);
		m->left = m->acc;
		break;
	case SST_OP_ADD:
		sst_machine_add(m);
		break;
	case SST_OP_TEST:
		m->flag = sst_machine_fits(m, &m->code->tests[op->at]);
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
			sst_machine_load_answer(m, op);
		else if (op->code >= SST_OP_ABSENT)
			sst_machine_load(m, op);
		else
			write_op(m, op);
	}
	m->is_short |= out->is_short || m->scratch.is_short ||
		       m->sub.is_short ||
		       (m->event != NULL && m->event->is_short);
}
