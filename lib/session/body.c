/* SPDX-License-Identifier: ISC */
/* The inside of a snapshot: clock, redirects, visits in their order. */
#include "session/bytes.h"
#include "session/inside.h"

#include <stdlib.h>

#define ABSENT UINT32_MAX

/* One write: large enough that system calls do not show. */
#define DRAIN_AT ((size_t)256 * 1024)

/* That, and a visit whose strings are as long as they may be. */
#define RECORD_MAX ((size_t)INT32_MAX)

static void
put_texts(struct sst_buf *to, const struct sst_texts *texts)
{
	struct sst_text_set set;

	sst_texts_get(texts, &set);
	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		sst_put_u32(to, set.at[i].at == NULL ? ABSENT
						     : (uint32_t)set.at[i].len);
		sst_buf_put_span(to, set.at[i]);
	}
}

static void
put_time_text(struct sst_buf *to, const struct sst_time_text *text)
{
	sst_buf_byte(to, (char)text->len);
	sst_buf_put(to, text->at, text->len);
}

static void
put_visit(struct sst_buf *to, const struct sst_visit *visit, uint32_t burst)
{
	uint32_t n = visit->burst == NULL ? 0 : burst;

	sst_buf_put(to, visit->entry.key.at, sizeof(visit->entry.key.at));
	sst_put_i64(to, visit->touch_us);
	sst_put_i64(to, visit->start_us);
	sst_put_i64(to, visit->last_us);
	sst_put_i64(to, visit->opened_us);
	sst_put_u64(to, visit->campaign);
	sst_put_u32(to, visit->events);
	sst_put_u32(to, visit->page_views);
	sst_put_u32(to, visit->conversions);
	sst_buf_byte(to, (char)visit->flags);
	sst_buf_put(to, visit->visitor_id, SST_UUID_LEN);
	sst_buf_put(to, visit->session_id, SST_UUID_LEN);
	put_time_text(to, &visit->opened);
	put_time_text(to, &visit->last);
	sst_put_u32(to, n);
	for (uint32_t i = 0; i < n; i++)
		sst_put_u32(to, visit->burst[i]);
	put_texts(to, visit->texts);
}

static void
put_touch(struct sst_buf *to, const struct sst_touch *touch)
{
	sst_buf_put(to, touch->entry.key.at, sizeof(touch->entry.key.at));
	sst_put_i64(to, touch->time_us);
	sst_put_u64(to, touch->campaign);
	put_texts(to, touch->texts);
}

/* Hand on what is in the buffer when that is worth a call, or at the end. */
static enum sst_status
drain(const struct sst_drain *to, struct sst_buf *from, bool is_end,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	if (from->is_short)
		return sst_fail_memory(err, "the snapshot of open visits");
	if (from->len >= DRAIN_AT || is_end) {
		status = to->take(to->self, sst_buf_span(from), err);
		sst_buf_reset(from);
	}
	return status;
}

static enum sst_status
put_touches(const struct sst_sessions *s, struct sst_buf *work,
	const struct sst_drain *to, struct sst_err *err)
{
	const struct sst_touch *touch = sst_table_oldest(s->touches);
	enum sst_status status = SST_OK;

	sst_put_u64(work, sst_table_count(s->touches));
	for (; touch != NULL && status == SST_OK;
		touch = sst_table_next(s->touches, touch)) {
		put_touch(work, touch);
		status = drain(to, work, false, err);
	}
	return status;
}

static enum sst_status
put_visits(const struct sst_sessions *s, struct sst_buf *work,
	const struct sst_drain *to, struct sst_err *err)
{
	const struct sst_visit *visit = sst_table_oldest(s->visits);
	enum sst_status status = SST_OK;

	sst_put_u64(work, sst_table_count(s->visits));
	for (; visit != NULL && status == SST_OK;
		visit = sst_table_next(s->visits, visit)) {
		put_visit(work, visit, s->config.rules.burst_events);
		status = drain(to, work, false, err);
	}
	return status;
}

enum sst_status
sst_sessions_put(const struct sst_sessions *s, const struct sst_drain *to,
	struct sst_err *err)
{
	struct sst_buf work;
	enum sst_status status;

	sst_buf_init(&work, RECORD_MAX);
	sst_put_i64(&work, s->clock.now_us);
	sst_put_i64(&work, s->clock.ahead_us);
	sst_put_u32(&work, s->clock.ahead);
	sst_put_u32(&work, s->clock.seen);
	status = put_touches(s, &work, to, err);
	if (status == SST_OK)
		status = put_visits(s, &work, to, err);
	if (status == SST_OK)
		status = drain(to, &work, true, err);
	sst_buf_release(&work);
	return status;
}

static void
take_time_text(struct sst_cursor *in, struct sst_time_text *to)
{
	uint8_t len;

	sst_take_bytes(in, &len, 1);
	if (len > SST_TIME_MAX) {
		in->is_bad = true;
		len = 0;
	}
	sst_take_bytes(in, to->at, len);
	to->len = len;
}

static void
take_texts(struct sst_cursor *in, struct sst_text_set *set)
{
	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		uint32_t len = sst_take_u32(in);

		set->at[i] =
			len == ABSENT ? sst_span(NULL, 0) : sst_take(in, len);
	}
}

/* Memory that fails here is a damaged file to the caller: either way these
 * visits cannot be had. */
static void
take_burst(struct sst_cursor *in, struct sst_visit *visit, uint32_t n)
{
	uint32_t there = sst_take_u32(in);

	if (there == 0)
		return;
	if (there != n || in->is_bad) {
		in->is_bad = true;
		return;
	}
	visit->burst = calloc(n, sizeof(*visit->burst));
	in->is_bad |= visit->burst == NULL;
	for (uint32_t i = 0; i < n && !in->is_bad; i++)
		visit->burst[i] = sst_take_u32(in);
}

static void
take_visit(struct sst_cursor *in, struct sst_sessions *s)
{
	struct sst_digest key;
	struct sst_text_set set;
	struct sst_visit *visit;

	sst_take_bytes(in, key.at, sizeof(key.at));
	visit = in->is_bad || sst_table_find(s->visits, &key) != NULL
			? NULL
			: sst_table_add(s->visits, &key);
	if (visit == NULL) {
		in->is_bad = true;
		return;
	}
	visit->touch_us = sst_take_i64(in);
	visit->start_us = sst_take_i64(in);
	visit->last_us = sst_take_i64(in);
	visit->opened_us = sst_take_i64(in);
	visit->campaign = sst_take_u64(in);
	visit->events = sst_take_u32(in);
	visit->page_views = sst_take_u32(in);
	visit->conversions = sst_take_u32(in);
	sst_take_bytes(in, &visit->flags, 1);
	sst_take_bytes(in, visit->visitor_id, SST_UUID_LEN);
	sst_take_bytes(in, visit->session_id, SST_UUID_LEN);
	take_time_text(in, &visit->opened);
	take_time_text(in, &visit->last);
	take_burst(in, visit, s->config.rules.burst_events);
	take_texts(in, &set);
	in->is_bad = in->is_bad || !sst_sessions_set_texts(s, visit, &set);
}

static void
take_touch(struct sst_cursor *in, struct sst_sessions *s)
{
	struct sst_digest key;
	struct sst_text_set set;
	struct sst_touch *touch;

	sst_take_bytes(in, key.at, sizeof(key.at));
	touch = in->is_bad || sst_table_find(s->touches, &key) != NULL
			? NULL
			: sst_table_add(s->touches, &key);
	if (touch == NULL) {
		in->is_bad = true;
		return;
	}
	touch->time_us = sst_take_i64(in);
	touch->campaign = sst_take_u64(in);
	take_texts(in, &set);
	touch->texts = in->is_bad ? NULL : sst_texts_make(&set);
	in->is_bad |= touch->texts == NULL;
}

static void
forget_all(struct sst_sessions *s)
{
	void *record;

	while ((record = sst_table_oldest(s->visits)) != NULL)
		sst_sessions_drop_visit(s, record);
	while ((record = sst_table_oldest(s->touches)) != NULL)
		sst_sessions_drop_touch(s, record);
	s->clock = (struct sst_clock){ 0 };
}

bool
sst_sessions_take(struct sst_sessions *s, struct sst_span body)
{
	struct sst_cursor in = { body, false };
	uint64_t n;

	s->clock.now_us = sst_take_i64(&in);
	s->clock.ahead_us = sst_take_i64(&in);
	s->clock.ahead = sst_take_u32(&in);
	s->clock.seen = sst_take_u32(&in);
	for (n = sst_take_u64(&in); n > 0 && !in.is_bad; n--)
		take_touch(&in, s);
	for (n = sst_take_u64(&in); n > 0 && !in.is_bad; n--)
		take_visit(&in, s);
	if (in.is_bad || in.rest.len != 0) {
		forget_all(s);
		return false;
	}
	s->config.counts->open = sst_table_count(s->visits);
	return true;
}
