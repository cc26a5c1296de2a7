/* SPDX-License-Identifier: ISC */
#include "session/snapshot.h"

#include "session/inside.h"
#include "state/file.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "sstvisit"
#define LAYOUT_VERSION 1
#define FINGERPRINT_LEN ((size_t)16)
#define HEAD_CHECK_LEN ((size_t)8)

#define ABSENT UINT32_MAX

/* Finds damage; keeps nobody from forging. */
static const struct sst_digest public_key = { "sst visit header" };

static struct sst_digest
seal_key(const struct sst_snapshot_ties *ties)
{
	return sst_digest_derive(
		ties->key->secret, "sst session state", sst_span(NULL, 0));
}

static void
put_u32(struct sst_buf *to, uint32_t value)
{
	uint8_t at[4];

	for (unsigned i = 0; i < sizeof(at); i++)
		at[i] = (uint8_t)(value >> (8 * i));
	sst_buf_put(to, at, sizeof(at));
}

static void
put_u64(struct sst_buf *to, uint64_t value)
{
	put_u32(to, (uint32_t)value);
	put_u32(to, (uint32_t)(value >> 32));
}

static void
put_i64(struct sst_buf *to, int64_t value)
{
	put_u64(to, (uint64_t)value);
}

static void
put_texts(struct sst_buf *to, const struct sst_texts *texts)
{
	struct sst_text_set set;

	sst_texts_get(texts, &set);
	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		put_u32(to, set.at[i].at == NULL ? ABSENT
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
	put_i64(to, visit->touch_us);
	put_i64(to, visit->start_us);
	put_i64(to, visit->last_us);
	put_i64(to, visit->opened_us);
	put_u64(to, visit->campaign);
	put_u32(to, visit->events);
	put_u32(to, visit->page_views);
	put_u32(to, visit->conversions);
	sst_buf_byte(to, (char)visit->flags);
	sst_buf_put(to, visit->visitor_id, SST_UUID_LEN);
	sst_buf_put(to, visit->session_id, SST_UUID_LEN);
	put_time_text(to, &visit->opened);
	put_time_text(to, &visit->last);
	put_u32(to, n);
	for (uint32_t i = 0; i < n; i++)
		put_u32(to, visit->burst[i]);
	put_texts(to, visit->texts);
}

static void
put_touch(struct sst_buf *to, const struct sst_touch *touch)
{
	sst_buf_put(to, touch->entry.key.at, sizeof(touch->entry.key.at));
	put_i64(to, touch->time_us);
	put_u64(to, touch->campaign);
	put_texts(to, touch->texts);
}

static void
put_body(struct sst_buf *to, const struct sst_sessions *s)
{
	const struct sst_touch *touch = sst_table_oldest(s->touches);
	const struct sst_visit *visit = sst_table_oldest(s->visits);

	put_i64(to, s->clock.now_us);
	put_i64(to, s->clock.ahead_us);
	put_u32(to, s->clock.ahead);
	put_u32(to, s->clock.seen);
	put_u64(to, sst_table_count(s->touches));
	for (; touch != NULL; touch = sst_table_next(s->touches, touch))
		put_touch(to, touch);
	put_u64(to, sst_table_count(s->visits));
	for (; visit != NULL; visit = sst_table_next(s->visits, visit))
		put_visit(to, visit, s->config.rules.burst_events);
}

/* Write the length of what followed the place where it stands. */
static void
patch_u64(struct sst_buf *to, size_t at, uint64_t value)
{
	for (unsigned i = 0; i < 8 && !to->is_short; i++)
		to->at[at + i] = (char)(value >> (8 * i));
}

enum sst_status
sst_snapshot_put(struct sst_buf *to, const struct sst_sessions *s,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	size_t start = to->len, len_at, body_at, head_end;
	struct sst_digest key = seal_key(ties), check;

	SST_BUF_PUT(to, MAGIC);
	put_u32(to, LAYOUT_VERSION);
	put_u32(to, (uint32_t)ties->settings.len);
	len_at = to->len;
	put_u64(to, 0);
	sst_buf_put(to, ties->key->fingerprint, FINGERPRINT_LEN);
	sst_buf_put_span(to, ties->settings);
	head_end = to->len;
	/* The length is under the check, so the body comes first. */
	put_u64(to, 0);
	body_at = to->len;
	put_body(to, s);
	patch_u64(to, len_at, to->len - body_at);
	if (to->is_short)
		return sst_fail_memory(err, "the snapshot of open visits");
	check = sst_siphash13(
		&public_key, sst_span(to->at + start, head_end - start));
	memcpy(to->at + head_end, check.at, HEAD_CHECK_LEN);
	check = sst_siphash13(&key, sst_span(to->at + start, to->len - start));
	sst_buf_put(to, check.at, sizeof(check.at));
	sst_wipe(&key, sizeof(key));
	if (to->is_short)
		return sst_fail_memory(err, "the snapshot of open visits");
	return SST_OK;
}

/* A reader that remembers that something was missing, as a buffer does. */
struct cursor {
	struct sst_span rest;
	bool is_bad;
};

static struct sst_span
take(struct cursor *in, size_t n)
{
	struct sst_span part;

	if (n > in->rest.len) {
		in->is_bad = true;
		in->rest.len = 0;
		return sst_span(NULL, 0);
	}
	part = sst_span_head(in->rest, n);
	in->rest = sst_span_from(in->rest, n);
	return part;
}

static void
take_bytes(struct cursor *in, void *to, size_t n)
{
	struct sst_span part = take(in, n);

	if (part.len == n)
		memcpy(to, part.at, n);
	else
		memset(to, 0, n);
}

static uint32_t
take_u32(struct cursor *in)
{
	uint8_t at[4];

	take_bytes(in, at, sizeof(at));
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static uint64_t
take_u64(struct cursor *in)
{
	uint64_t low = take_u32(in);

	return low | (uint64_t)take_u32(in) << 32;
}

static int64_t
take_i64(struct cursor *in)
{
	return (int64_t)take_u64(in);
}

static void
take_time_text(struct cursor *in, struct sst_time_text *to)
{
	uint8_t len;

	take_bytes(in, &len, 1);
	if (len > SST_TIME_MAX) {
		in->is_bad = true;
		len = 0;
	}
	take_bytes(in, to->at, len);
	to->len = len;
}

static void
take_texts(struct cursor *in, struct sst_text_set *set)
{
	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		uint32_t len = take_u32(in);

		set->at[i] = len == ABSENT ? sst_span(NULL, 0) : take(in, len);
	}
}

/* Memory that fails here is a damaged file to the caller: either way these
 * visits cannot be had. */
static void
take_burst(struct cursor *in, struct sst_visit *visit, uint32_t n)
{
	uint32_t there = take_u32(in);

	if (there == 0)
		return;
	if (there != n || in->is_bad) {
		in->is_bad = true;
		return;
	}
	visit->burst = calloc(n, sizeof(*visit->burst));
	in->is_bad |= visit->burst == NULL;
	for (uint32_t i = 0; i < n && !in->is_bad; i++)
		visit->burst[i] = take_u32(in);
}

static void
take_visit(struct cursor *in, struct sst_sessions *s)
{
	struct sst_digest key;
	struct sst_text_set set;
	struct sst_visit *visit;

	take_bytes(in, key.at, sizeof(key.at));
	visit = in->is_bad || sst_table_find(s->visits, &key) != NULL
			? NULL
			: sst_table_add(s->visits, &key);
	if (visit == NULL) {
		in->is_bad = true;
		return;
	}
	visit->touch_us = take_i64(in);
	visit->start_us = take_i64(in);
	visit->last_us = take_i64(in);
	visit->opened_us = take_i64(in);
	visit->campaign = take_u64(in);
	visit->events = take_u32(in);
	visit->page_views = take_u32(in);
	visit->conversions = take_u32(in);
	take_bytes(in, &visit->flags, 1);
	take_bytes(in, visit->visitor_id, SST_UUID_LEN);
	take_bytes(in, visit->session_id, SST_UUID_LEN);
	take_time_text(in, &visit->opened);
	take_time_text(in, &visit->last);
	take_burst(in, visit, s->config.rules.burst_events);
	take_texts(in, &set);
	in->is_bad = in->is_bad || !sst_sessions_set_texts(s, visit, &set);
}

static void
take_touch(struct cursor *in, struct sst_sessions *s)
{
	struct sst_digest key;
	struct sst_text_set set;
	struct sst_touch *touch;

	take_bytes(in, key.at, sizeof(key.at));
	touch = in->is_bad || sst_table_find(s->touches, &key) != NULL
			? NULL
			: sst_table_add(s->touches, &key);
	if (touch == NULL) {
		in->is_bad = true;
		return;
	}
	touch->time_us = take_i64(in);
	touch->campaign = take_u64(in);
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

static bool
take_body(struct sst_span body, struct sst_sessions *s)
{
	struct cursor in = { body, false };
	uint64_t n;

	s->clock.now_us = take_i64(&in);
	s->clock.ahead_us = take_i64(&in);
	s->clock.ahead = take_u32(&in);
	s->clock.seen = take_u32(&in);
	for (n = take_u64(&in); n > 0 && !in.is_bad; n--)
		take_touch(&in, s);
	for (n = take_u64(&in); n > 0 && !in.is_bad; n--)
		take_visit(&in, s);
	if (in.is_bad || in.rest.len != 0) {
		forget_all(s);
		return false;
	}
	s->config.counts->open = sst_table_count(s->visits);
	return true;
}

/* The line of `text` that begins at `at`, without its end. */
static struct sst_span
line_at(struct sst_span text, size_t at)
{
	struct sst_span rest =
		sst_span_from(text, at < text.len ? at : text.len);

	return sst_span_head(rest, sst_span_find(rest, '\n'));
}

/* Say which setting differs first. */
static enum sst_status
refuse_settings(struct sst_span then, struct sst_span now, struct sst_err *err)
{
	for (size_t i = 0, j = 0; i < then.len || j < now.len;) {
		struct sst_span a = line_at(then, i), b = line_at(now, j);

		if (!sst_span_eq(a, b))
			return sst_fail(err, SST_ECONFIG,
				"open visits were saved with '%.*s', now it is "
				"'%.*s'",
				(int)a.len, a.at, (int)b.len, b.at);
		i += a.len + 1;
		j += b.len + 1;
	}
	return sst_fail(
		err, SST_ECONFIG, "open visits were saved with other options");
}

static enum sst_status
damaged(struct sst_err *err)
{
	return sst_fail(err, SST_REJECT, "the saved visits are damaged");
}

/* The head is whole: is it ours? */
static enum sst_status
check_ties(uint32_t version, struct sst_span fingerprint,
	struct sst_span settings, const struct sst_snapshot_ties *ties,
	struct sst_err *err)
{
	if (version != LAYOUT_VERSION)
		return sst_fail(err, SST_ECONFIG,
			"open visits were saved by another version (%u, not "
			"%u)",
			(unsigned)version, LAYOUT_VERSION);
	if (memcmp(fingerprint.at, ties->key->fingerprint, FINGERPRINT_LEN) !=
		0)
		return sst_fail(err, SST_ECONFIG,
			"open visits were saved under the key %.*s, now it is "
			"%s",
			(int)fingerprint.len, fingerprint.at,
			ties->key->fingerprint);
	if (!sst_span_eq(settings, ties->settings))
		return refuse_settings(settings, ties->settings, err);
	return SST_OK;
}

enum sst_status
sst_snapshot_take(struct sst_sessions *s, struct sst_span bytes,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct cursor in = { bytes, false };
	struct sst_span magic = take(&in, sizeof(MAGIC) - 1);
	uint32_t version = take_u32(&in), settings_len = take_u32(&in);
	uint64_t body_len = take_u64(&in);
	struct sst_span fingerprint = take(&in, FINGERPRINT_LEN);
	struct sst_span settings = take(&in, settings_len);
	struct sst_span head = sst_span_head(bytes, bytes.len - in.rest.len);
	struct sst_span head_check = take(&in, HEAD_CHECK_LEN), body, seal;
	struct sst_digest key, check = sst_siphash13(&public_key, head);
	enum sst_status status;

	if (in.is_bad || !sst_span_is(magic, MAGIC) ||
		memcmp(check.at, head_check.at, HEAD_CHECK_LEN) != 0)
		return damaged(err);
	status = check_ties(version, fingerprint, settings, ties, err);
	if (status != SST_OK)
		return status;
	if (body_len > in.rest.len)
		return damaged(err);
	body = take(&in, (size_t)body_len);
	seal = take(&in, sizeof(check.at));
	key = seal_key(ties);
	check = sst_siphash13(&key,
		sst_span_head(bytes, (size_t)(body.at + body.len - bytes.at)));
	sst_wipe(&key, sizeof(key));
	if (in.is_bad || in.rest.len != 0 ||
		memcmp(check.at, seal.at, sizeof(check.at)) != 0 ||
		!take_body(body, s))
		return damaged(err);
	return SST_OK;
}

enum sst_status
sst_snapshot_save(const struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sst_buf bytes;
	enum sst_status status;

	sst_buf_init(&bytes, SST_SNAPSHOT_MAX);
	status = sst_snapshot_put(&bytes, s, ties, err);
	if (status == SST_OK)
		status =
			sst_file_replace(path, sst_buf_span(&bytes), true, err);
	sst_buf_release(&bytes);
	return status;
}

/* SST_END: no such file. */
static enum sst_status
load_one(struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, struct sst_err *err)
{
	struct sst_buf bytes;
	enum sst_status status;

	sst_buf_init(&bytes, SST_SNAPSHOT_MAX);
	status = sst_file_read(&bytes, path, err);
	if (status == SST_OK)
		status = sst_snapshot_take(s, sst_buf_span(&bytes), ties, err);
	if (status != SST_OK && status != SST_END)
		(void)sst_fail_in(err, "%s", path);
	sst_buf_release(&bytes);
	return status;
}

enum sst_status
sst_snapshot_load(struct sst_sessions *s, const char *path,
	const struct sst_snapshot_ties *ties, bool *is_previous,
	struct sst_err *err)
{
	size_t len = strlen(path);
	char *previous;
	enum sst_status status = load_one(s, path, ties, err), second;
	struct sst_err other = { 0 };

	*is_previous = false;
	if (status != SST_END && status != SST_REJECT)
		return status;
	previous = malloc(len + sizeof(".1"));
	if (previous == NULL)
		return sst_fail_memory(err, "a path");
	memcpy(previous, path, len);
	memcpy(previous + len, ".1", sizeof(".1"));
	second = load_one(s, previous, ties, &other);
	free(previous);
	if (second == SST_OK) {
		*is_previous = true;
		if (status == SST_END)
			(void)sst_fail(err, SST_OK, "%s: no such file", path);
		return SST_OK;
	}
	if (status == SST_END && second == SST_END)
		return SST_OK;
	if (status == SST_END || (second != SST_REJECT && second != SST_END))
		*err = other;
	if (err->status == SST_REJECT)
		err->status = SST_ECONFIG;
	return err->status;
}
