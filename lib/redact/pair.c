/* SPDX-License-Identifier: ISC */
/* What is done with one pair of an event, and what is remembered of it. */
#include "base/num.h"
#include "base/wide.h"
#include "redact/work.h"

/* Above the number of a context: what else an outcome depends on. */
#define CONTEXT_SHIFT 8

_Static_assert(SST_CONTEXT_COUNT <= 1 << CONTEXT_SHIFT, "a context fits");
_Static_assert(SST_DONE_COUNT <= 32, "what was done is a bit each");

/* ---- noting ---- */

void
sst_redact_note(struct sst_redactor *r, struct sst_span field, uint32_t done,
	struct sst_span value)
{
	if (r->tally == NULL)
		return;
	for (unsigned bit = 0; bit < SST_DONE_COUNT; bit++)
		if (done >> bit & 1)
			sst_tally_add(r->tally, field, bit, r->line, value);
}

/* For the mark and the report. */
static void
note_at_length(struct sst_redactor *r, struct sst_event *event,
	const struct sst_pair *pair, uint32_t done, struct sst_span shape)
{
	if (r->marks) {
		r->changed_fields[pair->tag / 64] |= UINT64_C(1)
						     << (pair->tag % 64);
	}
	if (r->tally != NULL)
		sst_redact_note(r, sst_event_key(event, pair), done, shape);
}

/* A pair was changed or left out; what and why is counted. */
static inline void
note_pair(struct sst_redactor *r, struct sst_event *event,
	const struct sst_pair *pair, uint32_t done, struct sst_span shape)
{
	r->counts->found += (done & SST_FOUND_ALL) != 0;
	if (SST_UNLIKELY(r->marks || r->tally != NULL))
		note_at_length(r, event, pair, done, shape);
}

void
sst_pair_remove(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, uint32_t done)
{
	r->counts->removed++;
	note_pair(r, event, pair, done, pair->value);
	sst_event_drop(event, pair);
}

/* ---- values ---- */

static bool
is_number(const struct sst_pair *pair, struct sst_span result)
{
	return pair->kind == SST_KIND_NUMBER && sst_num_is_json(result);
}

/* The result in JSON spelling, in the event's room. */
static void
replace_pair(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, struct sst_span result)
{
	r->counts->changed++;
	if (is_number(pair, result))
		sst_event_replace(event, pair, SST_KIND_NUMBER,
			sst_event_keep(event, result));
	else
		sst_event_replace_text(event, pair, result);
}

/* Run a plan over a pair; *subject is filled in. */
static enum sst_change
run_text(struct sst_redactor *r, struct sst_event *event,
	const struct sst_plan *plan, struct sst_pair *pair,
	struct sst_subject *subject)
{
	struct sst_span shape = pair->value, result;
	enum sst_change change;

	subject->field = (enum sst_field)pair->tag;
	subject->key = pair->tag == SST_F_OTHER ? sst_event_key(event, pair)
						: sst_span("", 0);
	subject->text = sst_event_pair_text(event, pair);
	change = sst_plan_run(r, plan, subject, &result);
	if (subject->found_len > 0)
		shape = sst_span(subject->found, subject->found_len);
	/* A key of the table keeps its type, or goes. */
	if (change == SST_CHANGED && pair->tag != SST_F_OTHER &&
		pair->kind != SST_KIND_STRING && !is_number(pair, result))
		change = SST_GONE;
	if (change == SST_GONE) {
		r->counts->removed++;
		note_pair(r, event, pair, subject->done, shape);
		sst_event_drop(event, pair);
	} else if (change == SST_CHANGED) {
		note_pair(r, event, pair, subject->done, shape);
		replace_pair(r, event, pair, result);
	}
	return change;
}

void
sst_pair_run(struct sst_redactor *r, struct sst_event *event,
	const struct sst_plan *plan, struct sst_pair *pair)
{
	struct sst_subject subject;

	(void)run_text(r, event, plan, pair, &subject);
}

/* ---- values that repeat ---- */

/* What became of a value, as a recall keeps it. */
struct outcome {
	uint32_t done;
	uint8_t change;  /* enum sst_change */
	bool is_escaped; /* the value has a backslash */
	bool is_own;     /* of a URL's origin: it is the own site's, so the rest
			    of the URL matters */
	struct sst_span value; /* in JSON spelling */
};

static bool
recall(const struct sst_memo *from, const struct sst_memo_key *key,
	struct outcome *out)
{
	struct sst_memo_answer known;

	if (!sst_memo_find(from, key, &known))
		return false;
	out->done = (uint32_t)known.number;
	out->change = (uint8_t)(known.number >> 32);
	out->is_own = known.number >> 40 & 1;
	out->is_escaped = known.number >> 41 & 1;
	out->value = known.text;
	return true;
}

/* Run a pair's plan, and remember what became of it. */
static void
run_and_remember(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, const struct sst_memo_key *key)
{
	struct sst_subject subject;
	enum sst_change change =
		run_text(r, event, r->plans[pair->tag], pair, &subject);

	sst_memo_put(&r->memo, key,
		subject.done | (uint64_t)change << 32 |
			(uint64_t)subject.is_own << 40 |
			(uint64_t)((pair->flags & SST_PAIR_ESCAPED) != 0) << 41,
		change == SST_CHANGED ? pair->value : sst_span("", 0));
}

/* What a URL's outcome depends on when it is of another site: its beginning, up
 * to the path. Empty: it is no URL of the web, spelled as all are. */
static struct sst_span
origin_of(const struct sst_pair *pair)
{
	static const struct sst_span heads[] = { SST_SPAN("https://"),
		SST_SPAN("http://") };
	const char *end = pair->value.at + pair->value.len;

	if (pair->flags & SST_PAIR_ESCAPED)
		return sst_span(pair->value.at, 0);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (sst_span_starts(pair->value, heads[i]))
			return sst_span(pair->value.at,
				(size_t)(sst_wide_find3(
						 pair->value.at + heads[i].len,
						 end, "/?#") -
					 pair->value.at));
	return sst_span(pair->value.at, 0);
}

/* A copy of a short text, until the next event. */
static struct sst_span
keep_short(struct sst_event *event, struct sst_span text)
{
	char *to = sst_arena_take(&event->room, text.len + SST_PAD);

	if (to == NULL) {
		event->is_short = true;
		return sst_span(NULL, 0);
	}
	for (size_t i = 0; i < text.len; i += 16)
		memcpy(to + i, text.at + i, 16);
	return sst_span(to, text.len);
}

/* Do to a pair what was done to its like. */
static void
repeat(struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair,
	const struct outcome *outcome)
{
	if (outcome->change == SST_SAME)
		return;
	if (outcome->change == SST_GONE) {
		sst_pair_remove(r, event, pair, outcome->done);
		return;
	}
	r->counts->changed++;
	note_pair(r, event, pair, outcome->done, pair->value);
	sst_event_put(event, (enum sst_field)pair->tag, SST_KIND_STRING,
		keep_short(event, outcome->value), outcome->is_escaped);
}

/* A pair whose outcome depends on `key` alone. */
static void
run_known(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, const struct sst_memo_key *key)
{
	struct outcome outcome;

	if (recall(&r->memo, key, &outcome))
		repeat(r, event, pair, &outcome);
	else
		run_and_remember(r, event, pair, key);
}

/* Of other sites' URLs the origin is all that matters, of the own site's the
 * whole. */
static void
run_referrer(
	struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	const uint64_t own = r->own_digest << CONTEXT_SHIFT;
	struct sst_span origin = origin_of(pair);
	struct sst_memo_key key =
		sst_memo_key(origin, SST_CONTEXT_ORIGIN | own);
	struct outcome outcome;

	if (SST_LIKELY(origin.len > 0)) {
		if (!recall(&r->memo, &key, &outcome)) {
			run_and_remember(r, event, pair, &key);
			return;
		}
		if (!outcome.is_own) {
			repeat(r, event, pair, &outcome);
			return;
		}
	}
	key = sst_memo_key(pair->value, SST_F_REFERRER | own);
	run_known(r, event, pair, &key);
}

/* Is it a short value that was left as it is before? *slot is where it would be
 * remembered, NULL when it is too long or empty. */
static bool
stayed(struct sst_redactor *r, const struct sst_pair *pair,
	struct sst_short_value *value, struct sst_short_value **slot)
{
	const struct sst_span text = pair->value;
	uint64_t mixed;

	*slot = NULL;
	if (text.len - 1 >= 16)
		return false;
	value->head = sst_load_first(text.at, text.len);
	value->tail =
		text.len <= 8 ? 0 : sst_load_first(text.at + 8, text.len - 8);
	value->field = pair->tag;
	value->len = (uint32_t)text.len;
	mixed = (value->head ^ (value->tail << 23 | value->tail >> 41) ^
			value->field) *
		UINT64_C(0x9e3779b97f4a7c15);
	*slot = &r->stays[mixed >> 56];
	return (*slot)->head == value->head && (*slot)->tail == value->tail &&
	       (*slot)->field == value->field && (*slot)->len == value->len;
}

_Static_assert(SST_STAYS == 256, "short values are numbered by 8 bits");

/* A string of a field whose outcome is the value's. */
static void
run_memo(struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	enum sst_field field = (enum sst_field)pair->tag;
	struct sst_short_value value, *slot;
	struct sst_memo_key key;

	if (stayed(r, pair, &value, &slot))
		return;
	if (!(pair->flags & SST_PAIR_ESCAPED) &&
		sst_plan_is_settled(r, r->plans[field], field, pair->value)) {
		if (slot != NULL)
			*slot = value;
		return;
	}
	if (field == SST_F_REFERRER) {
		run_referrer(r, event, pair);
		return;
	}
	key = sst_memo_key(pair->value,
		r->is_daily[field] ? field | (uint64_t)r->day << CONTEXT_SHIFT
				   : field);
	run_known(r, event, pair, &key);
}

/* ---- values that are changed at once ---- */

/* `result` is the pair's new text, plain, in the event's room. */
static void
put_plain(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, enum sst_action action, struct sst_span result)
{
	r->counts->changed++;
	note_pair(
		r, event, pair, 1U << (SST_DONE_ACTION + action), pair->value);
	sst_event_put(event, (enum sst_field)pair->tag, SST_KIND_STRING, result,
		false);
}

static void
run_rekey(
	struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	struct sst_span id = sst_event_pair_text(event, pair);
	char *to = sst_arena_take(&event->room, SST_UUID_LEN);

	if (to == NULL) {
		event->is_short = true;
		return;
	}
	if (sst_pseudonym_of_id(to, &r->pseudonyms, id,
		    r->is_daily[pair->tag] ? r->day : 0))
		put_plain(r, event, pair, SST_ACT_REKEY,
			sst_span(to, SST_UUID_LEN));
}

static void
run_mask(struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	struct sst_span text = sst_event_pair_text(event, pair), result;

	/* Of IPv6, or several: there it is worth to remember. */
	if (text.len >= sizeof("255.255.255.255")) {
		struct sst_memo_key key = sst_memo_key(pair->value, pair->tag);

		run_known(r, event, pair, &key);
		return;
	}
	sst_buf_reset(&r->work[0]);
	if (!sst_mask_put(&r->work[0], text, &r->masks) ||
		r->work[0].is_short) {
		sst_pair_remove(
			r, event, pair, 1U << (SST_DONE_ACTION + SST_ACT_MASK));
		return;
	}
	result = sst_buf_span(&r->work[0]);
	if (!sst_span_eq(text, result))
		put_plain(r, event, pair, SST_ACT_MASK,
			keep_short(event, result));
}

/* What agents are reduced to needs no escape, and lives as long as we. */
static void
run_reduce(
	struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	struct sst_span agent = sst_event_pair_text(event, pair), form;

	if (!sst_known_agents_find(r->known_agents, agent, &form)) {
		sst_buf_reset(&r->work[0]);
		sst_agent_put_reduced(&r->work[0], &r->agents, agent);
		form = sst_buf_span(&r->work[0]);
		event->is_short |= r->work[0].is_short;
		sst_known_agents_put(r->known_agents, agent, form);
		form = sst_event_keep(event, form);
	}
	if (!sst_span_eq(agent, form))
		put_plain(r, event, pair, SST_ACT_REDUCE, form);
}

/* ---- objects ---- */

static void
run_nested(struct sst_redactor *r, struct sst_event *event,
	const struct sst_plan *plan, struct sst_pair *pair)
{
	switch (sst_nested_run(r, plan, pair, sst_event_key(event, pair))) {
	case SST_SAME:
		return;
	case SST_GONE:
		r->counts->removed++;
		sst_event_drop(event, pair);
		break;
	case SST_CHANGED:
		r->counts->changed++;
		sst_event_replace(event, pair, (enum sst_kind)pair->kind,
			sst_event_keep(event, sst_buf_span(&r->nested)));
		break;
	}
	if (r->marks)
		r->changed_fields[pair->tag / 64] |= UINT64_C(1)
						     << (pair->tag % 64);
}

/* ---- pairs ---- */

static void
redact_field(
	struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	enum sst_field field = (enum sst_field)pair->tag;

	switch ((enum sst_way)r->ways[field]) {
	case SST_WAY_KEEP:
		break;
	case SST_WAY_DROP:
		if (r->is_unclassified[field])
			r->counts->unclassified++;
		sst_pair_remove(r, event, pair,
			1U << (r->is_unclassified[field]
					? SST_DONE_UNCLASSIFIED
					: SST_DONE_ACTION + SST_ACT_DROP));
		break;
	case SST_WAY_SECOND:
		if (!sst_time_is_canonical(pair->value))
			sst_pair_run(r, event, r->plans[field], pair);
		break;
	case SST_WAY_REKEY:
		run_rekey(r, event, pair);
		break;
	case SST_WAY_MASK:
		run_mask(r, event, pair);
		break;
	case SST_WAY_REDUCE:
		run_reduce(r, event, pair);
		break;
	case SST_WAY_TEXT:
		sst_pair_run(r, event, r->plans[field], pair);
		break;
	case SST_WAY_MEMO:
		run_memo(r, event, pair);
		break;
	case SST_WAY_NESTED:
		run_nested(r, event, r->plans[field], pair);
		break;
	}
}

/* A key that is not in the table: the log's own, or somebody's. */
static void
redact_other(
	struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	bool is_unknown;
	const struct sst_plan *plan = sst_policy_plan(
		&r->loose, sst_event_key(event, pair), &is_unknown);

	r->counts->unclassified += is_unknown;
	if (plan->steps[0].action == SST_ACT_KEEP && plan->n == 1)
		return;
	if (plan->steps[0].action == SST_ACT_DROP)
		sst_pair_remove(r, event, pair,
			1U << (is_unknown ? SST_DONE_UNCLASSIFIED
					  : SST_DONE_ACTION + SST_ACT_DROP));
	else if (pair->kind == SST_KIND_OBJECT || pair->kind == SST_KIND_ARRAY)
		run_nested(r, event, plan, pair);
	else if (pair->kind != SST_KIND_NULL)
		sst_pair_run(r, event, plan, pair);
}

void
sst_pairs_redact(struct sst_redactor *r, struct sst_event *event)
{
	for (size_t i = 0; i < event->n; i++) {
		struct sst_pair *pair = &event->pairs[i];

		if (pair->tag == SST_F_OTHER)
			redact_other(r, event, pair);
		else if (pair->kind != SST_KIND_NULL)
			redact_field(r, event, pair);
	}
}
