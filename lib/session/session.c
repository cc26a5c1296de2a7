/* SPDX-License-Identifier: ISC */
#include "session/session.h"

#include "session/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ids that sst makes itself, see sst_uuid_write() */
#define VERSION_BYTE 0x80

enum sst_status
sst_sessions_open(struct sst_sessions **out,
	const struct sst_sessions_config *config, struct sst_err *err)
{
	struct sst_sessions *s = calloc(1, sizeof(*s));
	struct sst_span none = { 0 };
	enum sst_status status;

	assert(config->max_visits > 0 && config->max_visits < SST_TABLE_MAX);
	assert(config->rules.burst_events <= SST_BURST_MAX);
	*out = NULL;
	if (s == NULL)
		return sst_fail_memory(err, "visits");
	s->config = *config;
	s->config.secret = NULL;
	s->find_key =
		sst_digest_derive(config->secret, "sst visitor table", none);
	s->id_key = sst_digest_derive(config->secret, "sst session id", none);
	s->max_text_bytes =
		SST_VISIT_TEXT_FLOOR + config->max_visits * SST_VISIT_TEXT;
	status = sst_table_open(&s->visits, sizeof(struct sst_visit), err);
	if (status == SST_OK)
		status = sst_table_open(
			&s->touches, sizeof(struct sst_touch), err);
	if (status != SST_OK) {
		sst_sessions_close(s);
		return status;
	}
	*out = s;
	return SST_OK;
}

void
sst_sessions_drop_visit(struct sst_sessions *s, struct sst_visit *visit)
{
	s->text_bytes -= sst_texts_size(visit->texts);
	free(visit->texts);
	free(visit->burst);
	sst_table_remove(s->visits, visit);
	s->config.counts->open = sst_table_count(s->visits);
}

void
sst_sessions_drop_touch(struct sst_sessions *s, struct sst_touch *touch)
{
	free(touch->texts);
	sst_table_remove(s->touches, touch);
}

bool
sst_sessions_set_texts(struct sst_sessions *s, struct sst_visit *visit,
	const struct sst_text_set *set)
{
	struct sst_texts *texts = sst_texts_make(set);

	if (texts == NULL)
		return false;
	s->text_bytes += sst_texts_size(texts);
	s->text_bytes -= sst_texts_size(visit->texts);
	free(visit->texts);
	visit->texts = texts;
	visit->exit = sst_texts_exit(texts);
	visit->has_consent = set->at[SST_TEXT_CONSENT].at != NULL;
	return true;
}

/* Who ends next was touched long ago: begin to load the strings of the oldest,
 * and the one behind it. */
static void
expect_end(const struct sst_sessions *s)
{
	const struct sst_visit *oldest = sst_table_oldest(s->visits);

	if (oldest == NULL)
		return;
	sst_texts_expect(oldest->texts);
	sst_table_expect_next(s->visits, oldest);
}

static enum sst_status
end_visit(struct sst_sessions *s, struct sst_visit *visit,
	enum sst_visit_end why, struct sst_err *err)
{
	struct sst_closer closer = s->config.closer;
	enum sst_status status = closer.closed(closer.to, visit, why, err);

	s->config.counts->ended[why]++;
	sst_sessions_drop_visit(s, visit);
	expect_end(s);
	return status;
}

/* The first stamp was wrong: who came with it was touched no later than now,
 * or the oldest would wait for a time that may never come. */
static void
take_back(struct sst_sessions *s)
{
	struct sst_visit *visit = sst_table_oldest(s->visits);
	struct sst_touch *touch = sst_table_oldest(s->touches);

	for (; visit != NULL; visit = sst_table_next(s->visits, visit))
		if (visit->touch_us > s->clock.now_us)
			visit->touch_us = s->clock.now_us;
	for (; touch != NULL; touch = sst_table_next(s->touches, touch))
		if (touch->time_us > s->clock.now_us)
			touch->time_us = s->clock.now_us;
}

/*
 * End the visits that the clock has left behind. They stand in the order of
 * the clock when they were touched, which is that of their events but for
 * those ahead of it: such a visit is put off.
 */
static enum sst_status
expire(struct sst_sessions *s, struct sst_err *err)
{
	const struct sst_visit_rules *rules = &s->config.rules;
	int64_t now_us = s->clock.now_us;
	struct sst_visit *visit;
	enum sst_status status = SST_OK;

	while (status == SST_OK &&
		(visit = sst_table_oldest(s->visits)) != NULL &&
		sst_visit_is_over(rules, now_us - visit->touch_us)) {
		if (sst_visit_is_over(rules, now_us - visit->last_us)) {
			status = end_visit(s, visit, SST_VISIT_TIMEOUT, err);
			continue;
		}
		visit->touch_us = now_us;
		sst_table_touch(s->visits, visit);
	}
	return status;
}

/* Move the clock, and end what that has ended. */
static enum sst_status
advance(struct sst_sessions *s, int64_t time_us, struct sst_err *err)
{
	struct sst_touch *touch;

	switch (sst_clock_see(&s->clock, time_us)) {
	case SST_CLOCK_STAYS:
		return SST_OK;
	case SST_CLOCK_IS_AHEAD:
		s->config.counts->ahead++;
		return SST_OK;
	case SST_CLOCK_GOES_BACK:
		take_back(s);
		return SST_OK;
	case SST_CLOCK_ADVANCES:
		break;
	}
	while ((touch = sst_table_oldest(s->touches)) != NULL &&
		s->clock.now_us - touch->time_us > SST_TOUCH_US)
		sst_sessions_drop_touch(s, touch);
	return expire(s, err);
}

static void
write_visitor_id(struct sst_sessions *s, const struct sst_hit *hit,
	char to[SST_UUID_LEN], struct sst_digest *id)
{
	*id = sst_siphash13(
		sst_rotate_key(s->config.rotate, hit->time_us), hit->who);
	sst_uuid_write(to, id, VERSION_BYTE);
}

/*
 * The id of a visit: a hash of the visitor's id and the id of its first event.
 * That event's time goes in as well, for streams whose events have no ids.
 */
static void
write_session_id(struct sst_sessions *s, struct sst_visit *visit,
	const struct sst_digest *visitor, const struct sst_hit *hit)
{
	char time[8];
	struct sst_span parts[] = { { (const char *)visitor->at, 16 }, hit->id,
		{ time, sizeof(time) } };
	struct sst_digest id;

	for (unsigned i = 0; i < 8; i++)
		time[i] = (char)((uint64_t)hit->time_us >> (8 * i));
	id = sst_siphash_parts(&s->id_key, parts, 3);
	sst_uuid_write(visit->session_id, &id, VERSION_BYTE);
}

/* End the least recent visits, but not `keep`, until `most` are left, and
 * their strings keep to the ceiling. */
static enum sst_status
evict(struct sst_sessions *s, size_t most, const struct sst_visit *keep,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	while (status == SST_OK && (sst_table_count(s->visits) > most ||
					   s->text_bytes > s->max_text_bytes)) {
		struct sst_visit *oldest = sst_table_oldest(s->visits);

		if (oldest == NULL || oldest == keep)
			break;
		status = end_visit(s, oldest, SST_VISIT_EVICTED, err);
	}
	return status;
}

static enum sst_status
begin_visit(struct sst_sessions *s, const struct sst_digest *key,
	const struct sst_hit *hit, struct sst_visit **out, struct sst_err *err)
{
	struct sst_touch *touch = sst_touch_find(s, key, hit->time_us);
	struct sst_text_set set = hit->texts;
	struct sst_digest visitor;
	struct sst_visit *visit;
	enum sst_status status = evict(s, s->config.max_visits - 1, NULL, err);

	if (status != SST_OK)
		return status;
	visit = sst_table_add(s->visits, key);
	if (visit == NULL)
		return sst_fail_memory(err, "a visit");
	if (touch != NULL) {
		sst_touch_put(&set, touch);
		visit->campaign = touch->campaign;
		visit->flags |= SST_VISIT_ENTRY_IS_GIVEN;
	}
	set.at[SST_TEXT_EXIT] = hit->texts.at[SST_TEXT_ENTRY];
	if (!sst_sessions_set_texts(s, visit, &set)) {
		sst_sessions_drop_visit(s, visit);
		return sst_fail_memory(err, "a visit");
	}
	if (touch != NULL)
		sst_sessions_drop_touch(s, touch);
	write_visitor_id(s, hit, visit->visitor_id, &visitor);
	write_session_id(s, visit, &visitor, hit);
	visit->opened_us = visit->start_us = visit->last_us = hit->time_us;
	sst_time_text_set(&visit->opened, hit->time);
	s->config.counts->visits++;
	s->config.counts->open = sst_table_count(s->visits);
	*out = visit;
	return SST_OK;
}

/* Count an event that is not passive. */
static enum sst_status
join(struct sst_sessions *s, struct sst_visit *visit, const struct sst_hit *hit,
	struct sst_err *err)
{
	if (!sst_visit_learn(s, visit, hit))
		return sst_fail_memory(err, "a visit");
	visit->events++;
	visit->page_views += (hit->flags & SST_HIT_PAGE) != 0;
	visit->conversions += (hit->flags & SST_HIT_CONVERSION) != 0;
	if (hit->campaign != 0 && hit->time_us >= visit->last_us)
		visit->campaign = hit->campaign;
	if (hit->time_us < visit->start_us)
		visit->start_us = hit->time_us;
	if (hit->time_us >= visit->last_us) {
		visit->last_us = hit->time_us;
		sst_time_text_set(&visit->last, hit->time);
	}
	visit->touch_us = s->clock.now_us;
	sst_table_touch(s->visits, visit);
	return SST_OK;
}

static enum sst_visit_end
verdict_of(struct sst_sessions *s, const struct sst_visit *visit,
	const struct sst_hit *hit)
{
	const struct sst_visit_rules *rules = &s->config.rules;
	struct sst_judged_visit seen = { visit->start_us, visit->last_us,
		visit->events, visit->campaign, 0 };
	struct sst_judged_event event = { hit->time_us, hit->campaign,
		(hit->flags & SST_HIT_PASSIVE) != 0 };

	if (rules->burst_events != 0)
		seen.burst_us = sst_visit_burst_us(s, visit);
	/* In mid-visit, a campaign may come by way of a redirect. */
	if (rules->new_on != SST_NEW_ON_NOTHING && event.campaign == 0 &&
		!event.is_passive) {
		struct sst_touch *touch =
			sst_touch_find(s, &visit->entry.key, hit->time_us);

		event.campaign = touch == NULL ? 0 : touch->campaign;
	}
	return sst_visit_verdict(rules, &seen, &event);
}

static void
place_in(const struct sst_visit *visit, struct sst_place *place)
{
	place->visitor_id = sst_span(visit->visitor_id, SST_UUID_LEN);
	place->session_id = sst_span(visit->session_id, SST_UUID_LEN);
	place->session_start = sst_time_text_span(&visit->opened);
}

static void
place_outside(struct sst_sessions *s, const struct sst_hit *hit,
	struct sst_place *place)
{
	struct sst_digest id;

	write_visitor_id(s, hit, s->visitor_id, &id);
	place->visitor_id = sst_span(s->visitor_id, SST_UUID_LEN);
}

/* An event that only asks for its place. A redirect in mid-visit leaves a
 * trace only if its campaign could end the visit. */
static enum sst_status
pass_by(struct sst_sessions *s, const struct sst_digest *key,
	const struct sst_hit *hit, struct sst_place *place, struct sst_err *err)
{
	const struct sst_visit *visit = sst_table_find(s->visits, key);
	bool is_inside =
		visit != NULL && verdict_of(s, visit, hit) == SST_VISIT_GOES_ON;

	if (is_inside)
		place_in(visit, place);
	else
		place_outside(s, hit, place);
	if (hit->flags & SST_HIT_REDIRECT &&
		(!is_inside || s->config.rules.new_on != SST_NEW_ON_NOTHING))
		return sst_touch_keep(s, key, hit, err);
	return SST_OK;
}

/* May the event, which the open visit does not take, begin another one? Not
 * when it belongs before it: that time has passed. (A visit that is ahead of
 * the clock was begun by a stamp that nobody agreed with.) */
static bool
is_too_late_for(const struct sst_sessions *s, const struct sst_visit *visit,
	const struct sst_hit *hit)
{
	return hit->time_us < visit->start_us &&
	       visit->start_us <= s->clock.now_us;
}

static enum sst_status
visit_with(struct sst_sessions *s, const struct sst_digest *key,
	const struct sst_hit *hit, struct sst_place *place, struct sst_err *err)
{
	struct sst_visit *visit = sst_table_find(s->visits, key);
	enum sst_visit_end end = SST_VISIT_GOES_ON;
	enum sst_status status = SST_OK;

	if (visit != NULL)
		end = verdict_of(s, visit, hit);
	if (end != SST_VISIT_GOES_ON && is_too_late_for(s, visit, hit)) {
		place->is_late = true;
		place_outside(s, hit, place);
		return SST_OK;
	}
	if (visit == NULL)
		place->is_late = sst_visit_is_over(
			&s->config.rules, s->clock.now_us - hit->time_us);
	if (end != SST_VISIT_GOES_ON)
		status = end_visit(s, visit, end, err);
	if (status == SST_OK && (visit == NULL || end != SST_VISIT_GOES_ON)) {
		place->is_new = true;
		status = begin_visit(s, key, hit, &visit, err);
	}
	if (status == SST_OK)
		status = join(s, visit, hit, err);
	if (status == SST_OK && s->text_bytes > s->max_text_bytes)
		status = evict(s, s->config.max_visits, visit, err);
	if (status != SST_OK)
		return status;
	place_in(visit, place);
	place->seq = visit->events;
	return SST_OK;
}

struct sst_digest
sst_sessions_expect(const struct sst_sessions *s, struct sst_span who)
{
	struct sst_digest key = sst_siphash13(&s->find_key, who);

	sst_table_expect(s->visits, &key);
	return key;
}

void
sst_sessions_prepare(const struct sst_sessions *s, const struct sst_digest *key)
{
	sst_table_expect_record(s->visits, key);
}

enum sst_status
sst_sessions_hit(struct sst_sessions *s, const struct sst_hit *hit,
	struct sst_place *place, struct sst_err *err)
{
	enum sst_status status = advance(s, hit->time_us, err);

	*place = (struct sst_place){ 0 };
	if (status != SST_OK)
		return status;
	if (hit->flags & SST_HIT_PASSIVE)
		return pass_by(s, &hit->key, hit, place, err);
	status = visit_with(s, &hit->key, hit, place, err);
	s->config.counts->late += place->is_late;
	return status;
}

enum sst_status
sst_sessions_close_all(struct sst_sessions *s, struct sst_err *err)
{
	struct sst_visit *visit;
	enum sst_status status = SST_OK;

	while (status == SST_OK &&
		(visit = sst_table_oldest(s->visits)) != NULL)
		status = end_visit(s, visit, SST_VISIT_EOF, err);
	return status;
}

void
sst_sessions_close(struct sst_sessions *s)
{
	void *record;

	if (s == NULL)
		return;
	while (s->visits != NULL &&
		(record = sst_table_oldest(s->visits)) != NULL)
		sst_sessions_drop_visit(s, record);
	while (s->touches != NULL &&
		(record = sst_table_oldest(s->touches)) != NULL)
		sst_sessions_drop_touch(s, record);
	sst_table_close(s->visits);
	sst_table_close(s->touches);
	sst_wipe(s, sizeof(*s));
	free(s);
}
