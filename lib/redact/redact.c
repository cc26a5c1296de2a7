/* SPDX-License-Identifier: ISC */
#include "redact/redact.h"

#include "redact/consent.h"
#include "redact/work.h"
#include "text/stamp.h"
#include "text/url.h"

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
	struct sst_span host = sst_event_text(event, SST_F_HOST), port, domain;
	struct sst_memo_key key;
	struct sst_memo_answer known = { 0 };

	r->own = sst_span(r->own_text, 0);
	r->own_digest = 0;
	if (host.at == NULL)
		return;
	key = sst_memo_key(host, SST_CONTEXT_OWN);
	if (!sst_memo_find(&r->memo, &key, &known)) {
		char text[SST_HOST_MAX + SST_PAD];

		if (sst_url_split_authority(host, &host, &port) &&
			sst_domain_of(host, text, &domain))
			known.text = domain;
		sst_memo_put(&r->memo, &key, 0, known.text);
		if (known.text.len > 0)
			memcpy(r->own_text, domain.at, domain.len);
	} else {
		memcpy(r->own_text, known.text.at, known.text.len);
	}
	r->own.len = known.text.len;
	if (r->own.len > 0) {
		struct sst_digest digest =
			sst_siphash13(&r->pseudonyms.hash_key, r->own);

		memcpy(&r->own_digest, digest.at, sizeof(r->own_digest));
	}
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
			sst_pair_remove(r, event, pair,
				1U << (SST_DONE_ACTION + SST_ACT_DROP));
		else if (sst_consent_is_time(field) &&
			 pair->kind == SST_KIND_STRING)
			sst_pair_run(r, event, &to_hour, pair);
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
	if (r->ways[SST_F_USER_AGENT] == SST_WAY_REDUCE)
		sst_known_agents_ask(r->known_agents,
			sst_event_peek(event, SST_F_USER_AGENT));
	memset(r->changed_fields, 0, sizeof(r->changed_fields));
	sst_pairs_redact(r, event);
	if (is_denied && r->policy->without == SST_WITHOUT_ANONYMOUS)
		make_anonymous(r, event);
	if (r->marks)
		add_marks(r, event);
	return SST_OK;
}
