/* SPDX-License-Identifier: ISC */
#include "redact/redact.h"

#include "base/num.h"
#include "redact/consent.h"
#include "redact/work.h"
#include "text/stamp.h"
#include "text/url.h"

/* Above the number of an outcome's context: what else it depends on. */
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

/* A pair was changed or left out; what and why is counted. */
static void
note_pair(struct sst_redactor *r, struct sst_event *event,
	const struct sst_pair *pair, uint32_t done, struct sst_span shape)
{
	if (done & SST_FOUND_ALL)
		r->counts->found++;
	if (r->marks) {
		r->changed_fields[pair->tag / 64] |= UINT64_C(1)
						     << (pair->tag % 64);
	}
	if (r->tally != NULL)
		sst_redact_note(r, sst_event_key(event, pair), done, shape);
}

static void
remove_pair(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, uint32_t done)
{
	r->counts->removed++;
	note_pair(r, event, pair, done, pair->value);
	sst_event_drop(event, pair);
}

/* ---- what outcomes depend on ---- */

/* A key of its own, shared by all without a time. */
static uint32_t
no_day(struct sst_redactor *r)
{
	r->date[0] = '\0';
	return 1;
}

/* The day of the visit, YYYYMMDD: of its first event when that is known, so
 * that a visit over midnight keeps its ids. */
static uint32_t
day_of(struct sst_redactor *r, struct sst_event *event)
{
	struct sst_span text = sst_event_text(event, SST_F_SESSION_START);
	int64_t us, days;
	int year;
	unsigned month, day;

	if (text.at == NULL)
		text = sst_event_text(event, SST_F_TIME);
	if (text.at != NULL && sst_time_is_canonical(text) &&
		memcmp(text.at, r->date, sizeof(r->date)) == 0)
		return r->day;
	if (text.at == NULL || !sst_stamp_us(text, &us))
		return no_day(r);
	days = us / INT64_C(86400000000) - (us % INT64_C(86400000000) < 0);
	sst_date_of(days, &year, &month, &day);
	if (sst_time_is_canonical(text))
		memcpy(r->date, text.at, sizeof(r->date));
	else
		r->date[0] = '\0';
	return (uint32_t)year * 10000 + month * 100 + day;
}

/* The registrable domain of the event's host, before anything is changed. */
static void
learn_own_site(struct sst_redactor *r, struct sst_event *event)
{
	struct sst_outcome_key key = { .context = SST_CONTEXT_OWN };
	struct sst_outcome known = { 0 };
	struct sst_span host = sst_event_text(event, SST_F_HOST), port, domain;

	r->own = sst_span(r->own_text, 0);
	r->own_digest = 0;
	if (host.at == NULL)
		return;
	key.value = host;
	if (!sst_outcomes_find(r->outcomes, key, &known)) {
		char text[SST_HOST_MAX + 1];

		if (sst_url_split_authority(host, &host, &port) &&
			sst_domain_of(host, text, &domain))
			known.value = domain;
		sst_outcomes_put(r->outcomes, key, known);
		if (known.value.len > 0)
			memcpy(r->own_text, domain.at, domain.len);
	} else {
		memcpy(r->own_text, known.value.at, known.value.len);
	}
	r->own.len = known.value.len;
	if (r->own.len > 0) {
		struct sst_digest digest =
			sst_siphash13(&r->pseudonyms.hash_key, r->own);

		memcpy(&r->own_digest, digest.at, sizeof(r->own_digest));
	}
}

static inline uint64_t
context_of(const struct sst_redactor *r, enum sst_field field)
{
	if (r->is_daily[field])
		return field | (uint64_t)r->day << CONTEXT_SHIFT;
	if (field == SST_F_REFERRER)
		return field | r->own_digest << CONTEXT_SHIFT;
	return field;
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

/* Run a plan over a pair; *done (may be NULL) is what it did. */
static enum sst_change
run_text(struct sst_redactor *r, struct sst_event *event,
	const struct sst_plan *plan, struct sst_pair *pair, uint32_t *done)
{
	struct sst_subject subject = { .field = (enum sst_field)pair->tag };
	struct sst_span shape = pair->value, result;
	enum sst_change change;

	if (subject.field == SST_F_OTHER)
		subject.key = sst_event_key(event, pair);
	subject.text = sst_event_pair_text(event, pair);
	change = sst_plan_run(r, plan, &subject, &result);
	if (subject.found_len > 0)
		shape = sst_span(subject.found, subject.found_len);
	if (done != NULL)
		*done = subject.done;
	/* A key of the table keeps its type, or goes. */
	if (change == SST_CHANGED && pair->tag != SST_F_OTHER &&
		pair->kind != SST_KIND_STRING && !is_number(pair, result))
		change = SST_GONE;
	if (change == SST_GONE) {
		r->counts->removed++;
		note_pair(r, event, pair, subject.done, shape);
		sst_event_drop(event, pair);
	} else if (change == SST_CHANGED) {
		note_pair(r, event, pair, subject.done, shape);
		replace_pair(r, event, pair, result);
	}
	return change;
}

/* A string of a field whose values repeat. */
static void
run_memo(struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	enum sst_field field = (enum sst_field)pair->tag;
	const struct sst_outcome_key key = { pair->value, context_of(r, field),
		field == SST_F_USER_AGENT };
	struct sst_outcome outcome = { 0 };

	if (!sst_outcomes_find(r->outcomes, key, &outcome)) {
		outcome.change = (uint8_t)run_text(
			r, event, r->plans[field], pair, &outcome.kinds);
		if (outcome.change == SST_CHANGED)
			outcome.value = pair->value;
		sst_outcomes_put(r->outcomes, key, outcome);
		return;
	}
	if (outcome.change == SST_SAME)
		return;
	if (outcome.change == SST_GONE) {
		remove_pair(r, event, pair, outcome.kinds);
		return;
	}
	r->counts->changed++;
	note_pair(r, event, pair, outcome.kinds, pair->value);
	sst_event_replace(event, pair, SST_KIND_STRING,
		sst_event_keep(event, outcome.value));
}

static void
run_id(struct sst_redactor *r, struct sst_event *event, struct sst_pair *pair)
{
	struct sst_span id = sst_event_pair_text(event, pair), result;

	sst_buf_reset(&r->work[0]);
	sst_pseudonym_put_id(&r->work[0], &r->pseudonyms, id, 0);
	result = sst_buf_span(&r->work[0]);
	if (sst_span_eq(id, result))
		return;
	r->counts->changed++;
	note_pair(r, event, pair, 1U << (SST_DONE_ACTION + SST_ACT_REKEY),
		pair->value);
	sst_event_replace(
		event, pair, SST_KIND_STRING, sst_event_keep(event, result));
}

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
		remove_pair(r, event, pair,
			1U << (r->is_unclassified[field]
					? SST_DONE_UNCLASSIFIED
					: SST_DONE_ACTION + SST_ACT_DROP));
		break;
	case SST_WAY_SECOND:
		if (!sst_time_is_canonical(pair->value))
			(void)run_text(r, event, r->plans[field], pair, NULL);
		break;
	case SST_WAY_ID:
		run_id(r, event, pair);
		break;
	case SST_WAY_TEXT:
		(void)run_text(r, event, r->plans[field], pair, NULL);
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
		remove_pair(r, event, pair,
			1U << (is_unknown ? SST_DONE_UNCLASSIFIED
					  : SST_DONE_ACTION + SST_ACT_DROP));
	else if (pair->kind == SST_KIND_OBJECT || pair->kind == SST_KIND_ARRAY)
		run_nested(r, event, plan, pair);
	else if (pair->kind != SST_KIND_NULL)
		(void)run_text(r, event, plan, pair, NULL);
}

/* ---- who opted out ---- */

static void
make_anonymous(struct sst_redactor *r, struct sst_event *event)
{
	static struct sst_step hour = { .action = SST_ACT_TRUNCATE,
		.unit = SST_UNIT_HOUR };
	static const struct sst_plan to_hour = { &hour, 1 };

	r->counts->anonymous++;
	for (size_t i = 0; i < event->n; i++) {
		struct sst_pair *pair = &event->pairs[i];
		enum sst_field field = (enum sst_field)pair->tag;

		if (pair->flags & SST_PAIR_DROPPED)
			continue;
		if (!sst_consent_keeps(field))
			remove_pair(r, event, pair,
				1U << (SST_DONE_ACTION + SST_ACT_DROP));
		else if (sst_consent_is_time(field) &&
			 pair->kind == SST_KIND_STRING)
			(void)run_text(r, event, &to_hour, pair, NULL);
	}
}

/* ---- marks ---- */

static void
put_mark(struct sst_buf *to, struct sst_span name)
{
	if (to->len > 1)
		sst_buf_byte(to, ',');
	sst_buf_byte(to, '"');
	sst_buf_put_span(to, name);
	sst_buf_byte(to, '"');
}

/* Was it marked before? The old list is the beginning of the new one. */
static bool
has_mark(const struct sst_buf *list, struct sst_span name)
{
	for (size_t i = 0; i + name.len + 2 <= list->len; i++)
		if (list->at[i] == '"' && list->at[i + name.len + 1] == '"' &&
			memcmp(list->at + i + 1, name.at, name.len) == 0)
			return true;
	return false;
}

/* Names of the table; of all other keys together "(other)", since their names
 * can be personal. */
static void
add_marks(struct sst_redactor *r, struct sst_event *event)
{
	static const struct sst_span other = SST_SPAN("(other)");
	const struct sst_pair *old = sst_event_get(event, SST_F_REDACTED);
	struct sst_buf *list = &r->nested;
	size_t before;

	sst_buf_reset(list);
	if (old != NULL && old->value.len > 2)
		sst_buf_put(list, old->value.at, old->value.len - 1);
	else
		sst_buf_byte(list, '[');
	before = list->len;
	for (unsigned f = 0; f < SST_FIELD_COUNT; f++) {
		struct sst_span name =
			f == SST_F_OTHER
				? other
				: sst_span_of(sst_field_row((enum sst_field)f)
						      ->name);

		if (r->changed_fields[f / 64] >> (f % 64) & 1 &&
			!has_mark(list, name))
			put_mark(list, name);
	}
	if (list->len == before)
		return;
	sst_buf_byte(list, ']');
	event->is_short |= list->is_short;
	sst_event_set(event, SST_F_REDACTED, SST_KIND_ARRAY,
		sst_event_keep(event, sst_buf_span(list)));
}

/* ---- the event ---- */

/* What has no time cannot be shown to be young enough. */
static bool
is_too_old(struct sst_redactor *r, struct sst_event *event, int64_t now_us)
{
	struct sst_span time = sst_event_text(event, SST_F_TIME);
	int64_t us;

	return r->max_age_us > 0 &&
	       (time.at == NULL || !sst_stamp_us(time, &us) ||
		       us < now_us - r->max_age_us);
}

enum sst_status
sst_redact_event(struct sst_redactor *r, struct sst_event *event, uint64_t line,
	int64_t now_us, enum sst_reason *why)
{
	bool is_denied = sst_consent_is_denied(r->policy, event);

	if (is_too_old(r, event, now_us)) {
		*why = SST_WHY_TOO_OLD;
		return SST_DROP;
	}
	if (is_denied && r->policy->without == SST_WITHOUT_DROP) {
		*why = SST_WHY_POLICY;
		return SST_DROP;
	}
	r->line = line;
	r->day = day_of(r, event);
	if (r->has_own_site && sst_event_has(event, SST_F_REFERRER))
		learn_own_site(r, event);
	memset(r->changed_fields, 0, sizeof(r->changed_fields));
	for (size_t i = 0; i < event->n; i++) {
		struct sst_pair *pair = &event->pairs[i];

		if (pair->tag == SST_F_OTHER)
			redact_other(r, event, pair);
		else if (pair->kind != SST_KIND_NULL)
			redact_field(r, event, pair);
	}
	if (is_denied && r->policy->without == SST_WITHOUT_ANONYMOUS)
		make_anonymous(r, event);
	if (r->marks)
		add_marks(r, event);
	return SST_OK;
}
