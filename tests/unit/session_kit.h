/* SPDX-License-Identifier: ISC */
/*
 * session_kit -- a table of visits for tests: events by second, visitor and
 * kind; the ends of visits as lines of text.
 */
#ifndef TESTS_UNIT_SESSION_KIT_H
#define TESTS_UNIT_SESSION_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/session.h"
#include "session/visit.h"
#include "text/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIT_SECOND ((int64_t)1000000)
#define KIT_MINUTE (60 * KIT_SECOND)
#define KIT_HOUR (60 * KIT_MINUTE)

/* 2026-11-24T12:00:00Z */
#define KIT_NOON ((int64_t)1795521600 * KIT_SECOND)

struct kit {
	struct sst_sessions *sessions;
	struct sst_rotate rotate;
	struct sst_session_counts counts;
	struct sst_sessions_config config;
	struct sst_buf ends; /* a line per visit that ended */
	struct sst_buf log;  /* a line per event: where it was put */
	uint64_t ids;        /* events get ids by number */
};

static const uint8_t kit_secret[SST_KEY_LEN] =
	"a secret that is for tests only";

static inline void
kit_put_text(struct sst_buf *to, const struct sst_text_set *set, int which)
{
	sst_buf_byte(to, ' ');
	if (set->at[which].at == NULL)
		sst_buf_byte(to, '-');
	else
		sst_buf_put_span(to, set->at[which]);
}

/* "id start+duration events pages conversions entry exit referrer source
 * consent reason" */
static inline enum sst_status
kit_closed(void *to, const struct sst_visit *visit, enum sst_visit_end why,
	struct sst_err *err)
{
	static const int shown[] = { SST_TEXT_ENTRY, SST_TEXT_EXIT,
		SST_TEXT_REFERRER, SST_TEXT_SOURCE, SST_TEXT_CONSENT };
	struct kit *kit = to;
	struct sst_text_set set;

	(void)err;
	sst_texts_get(visit->texts, &set);
	sst_buf_put(&kit->ends, visit->session_id, SST_UUID_LEN);
	sst_buf_printf(&kit->ends,
		" %" PRId64 "+%" PRId64 " %" PRIu32 " %" PRIu32 " %" PRIu32,
		(visit->start_us - KIT_NOON) / KIT_SECOND,
		(visit->last_us - visit->start_us) / KIT_SECOND, visit->events,
		visit->page_views, visit->conversions);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		kit_put_text(&kit->ends, &set, shown[i]);
	sst_buf_printf(&kit->ends, " %s\n", sst_visit_end_name(why));
	return SST_OK;
}

static inline void
kit_start(
	struct kit *kit, const struct sst_visit_rules *rules, size_t max_visits)
{
	struct sst_err err = { 0 };

	memset(kit, 0, sizeof(*kit));
	sst_rotate_init(&kit->rotate, kit_secret);
	sst_buf_init(&kit->ends, (size_t)64 * 1024 * 1024);
	sst_buf_init(&kit->log, (size_t)64 * 1024 * 1024);
	kit->config = (struct sst_sessions_config){ .rules = *rules,
		.secret = kit_secret,
		.rotate = &kit->rotate,
		.counts = &kit->counts,
		.closer = { kit_closed, kit },
		.max_visits = max_visits };
	assert_int_equal(
		sst_sessions_open(&kit->sessions, &kit->config, &err), SST_OK);
}

static inline void
kit_stop(struct kit *kit)
{
	assert_false(kit->ends.is_short || kit->log.is_short);
	sst_sessions_close(kit->sessions);
	sst_rotate_release(&kit->rotate);
	sst_buf_release(&kit->ends);
	sst_buf_release(&kit->log);
}

/* One event; what is not given is absent. */
struct kit_event {
	int64_t at_us; /* after noon */
	const char *who, *path, *referrer, *source, *consent;
	uint64_t campaign;
	unsigned flags;
	uint64_t id; /* 0: the next number */
};

static inline struct sst_span
kit_span(const char *text)
{
	return text == NULL ? sst_span(NULL, 0) : sst_span_of(text);
}

static inline struct sst_place
kit_hit(struct kit *kit, const struct kit_event *event)
{
	uint64_t number = event->id != 0 ? event->id : ++kit->ids;
	struct sst_hit hit = { .time_us = KIT_NOON + event->at_us,
		.who = kit_span(event->who == NULL ? "somebody" : event->who),
		.campaign = event->campaign,
		.flags = event->flags };
	struct sst_buf time;
	struct sst_place place;
	struct sst_err err = { 0 };
	char id[24];

	sst_buf_init(&time, 256);
	sst_stamp_put(&time, sst_stamp_of_us(hit.time_us));
	hit.time = sst_buf_span(&time);
	(void)snprintf(id, sizeof(id), "%" PRIu64, number);
	hit.id = sst_span_of(id);
	hit.texts.at[SST_TEXT_ENTRY] =
		kit_span(event->path == NULL ? "/" : event->path);
	hit.texts.at[SST_TEXT_REFERRER] = kit_span(event->referrer);
	hit.texts.at[SST_TEXT_SOURCE] = kit_span(event->source);
	hit.texts.at[SST_TEXT_CONSENT] = kit_span(event->consent);
	hit.key = sst_sessions_expect(kit->sessions, hit.who);
	assert_int_equal(
		sst_sessions_hit(kit->sessions, &hit, &place, &err), SST_OK);
	sst_buf_put_span(&kit->log, place.visitor_id);
	sst_buf_byte(&kit->log, ' ');
	sst_buf_put_span(&kit->log, place.session_id);
	sst_buf_byte(&kit->log, ' ');
	sst_buf_put_span(&kit->log, place.session_start);
	sst_buf_printf(&kit->log, " %" PRIu32 "%s%s\n", place.seq,
		place.is_new ? " new" : "", place.is_late ? " late" : "");
	sst_buf_release(&time);
	return place;
}

/* A page view at a second after noon. */
static inline struct sst_place
kit_page(struct kit *kit, int64_t at_s)
{
	return kit_hit(kit, &(struct kit_event){ .at_us = at_s * KIT_SECOND,
				    .flags = SST_HIT_PAGE });
}

static inline void
kit_end(struct kit *kit)
{
	struct sst_err err = { 0 };

	assert_int_equal(sst_sessions_close_all(kit->sessions, &err), SST_OK);
}

/* The ends, without ids, as one C string good until the next end. */
static inline const char *
kit_ends(struct kit *kit)
{
	static char text[4096];
	size_t len = 0, start = 0;

	for (size_t i = 0; i < kit->ends.len; i++) {
		if (kit->ends.at[i] != '\n')
			continue;
		start += SST_UUID_LEN + 1;
		assert_true(len + i - start + 2 < sizeof(text));
		memcpy(text + len, kit->ends.at + start, i - start + 1);
		len += i - start + 1;
		start = i + 1;
	}
	text[len] = '\0';
	return text;
}

/* A small generator with a fixed seed (xorshift64*, Vigna). */
static inline uint64_t
kit_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

#endif
