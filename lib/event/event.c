/* SPDX-License-Identifier: ISC */
#include "event/event.h"

#include "base/num.h"
#include "base/wide.h"

#include <assert.h>
#include <stdio.h>

/* ---- names ----
 *
 * Every key of every event is looked up, so this must cost a few nanoseconds:
 * a name's first 8 and last 8 bytes and its length decide, which for names of
 * up to 16 bytes is all of them.
 */

/* The first 8 bytes of a padded span, zeros behind its end. */
static inline uint64_t
head_of(struct sst_span name)
{
	uint64_t word = 0;

	if (SST_LIKELY(name.len >= 8))
		return sst_load8(name.at);
	memcpy(&word, name.at, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return name.len == 0 ? 0 : word >> (64 - 8 * name.len);
#else
	return word & ((UINT64_C(1) << (8 * name.len)) - 1);
#endif
}

static inline uint64_t
tail_of(struct sst_span name)
{
	return name.len >= 8 ? sst_load8(name.at + name.len - 8) : 0;
}

static inline size_t
slot_of(uint64_t head, uint64_t tail, size_t len)
{
	uint64_t mixed = (head ^ (tail << 23 | tail >> 41) ^ len) *
			 UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(mixed >> 55); /* 9 bits: SST_EVENT_NAMES */
}

/* May a value of this kind stand for a field of this type? A bit per kind. */
static const uint8_t kinds_of[] = {
	[SST_TYPE_STRING] = 1 << SST_KIND_STRING,
	[SST_TYPE_INT] = 1 << SST_KIND_NUMBER,
	[SST_TYPE_NUMBER] = 1 << SST_KIND_NUMBER,
	[SST_TYPE_BOOL] = 1 << SST_KIND_TRUE | 1 << SST_KIND_FALSE,
	[SST_TYPE_OBJECT] = 1 << SST_KIND_OBJECT,
	[SST_TYPE_ARRAY] = 1 << SST_KIND_ARRAY,
};

static void
learn_names(struct sst_event *event)
{
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		char padded[SST_PAD * 2] = { 0 };
		struct sst_span name =
			sst_span_of(sst_field_row((enum sst_field)f)->name);
		size_t slot;

		assert(name.len <= SST_PAD);
		memcpy(padded, name.at, name.len);
		name.at = padded;
		slot = slot_of(head_of(name), tail_of(name), name.len);
		while (event->names[slot].field != SST_F_OTHER)
			slot = (slot + 1) % SST_EVENT_NAMES;
		event->names[slot] = (struct sst_event_name){ head_of(name),
			tail_of(name), (uint16_t)f, (uint16_t)name.len };
		event->prefix[f].len = (uint8_t)snprintf(event->prefix[f].text,
			sizeof(event->prefix[f].text), ",\"%s\":", name.at);
		assert(event->prefix[f].len < sizeof(event->prefix[f].text));
		event->prefix[f].kinds =
			(uint8_t)(kinds_of[sst_field_row((enum sst_field)f)
						   ->type] |
				  1 << SST_KIND_NULL);
	}
}

static inline enum sst_field
field_of(const struct sst_event *event, struct sst_span name)
{
	uint64_t head = head_of(name), tail = tail_of(name);
	size_t slot = slot_of(head, tail, name.len);

	for (;; slot = (slot + 1) % SST_EVENT_NAMES) {
		const struct sst_event_name *known = &event->names[slot];

		if (known->field == SST_F_OTHER)
			return SST_F_OTHER;
		if (known->head == head && known->tail == tail &&
			known->len == name.len &&
			(name.len <= 16 ||
				sst_span_is(name,
					sst_field_row(known->field)->name)))
			return known->field;
	}
}

enum sst_field
sst_event_field(const struct sst_event *event, struct sst_span name)
{
	return field_of(event, name);
}

/* ---- life ---- */

void
sst_event_init(struct sst_event *event)
{
	memset(event, 0, sizeof(*event));
	sst_arena_init(&event->room, SST_EVENT_ROOM);
	sst_buf_init(&event->work, SST_EVENT_ROOM);
	learn_names(event);
}

void
sst_event_release(struct sst_event *event)
{
	sst_arena_release(&event->room);
	sst_buf_release(&event->work);
}

void
sst_event_reset(struct sst_event *event)
{
	event->line = sst_span(NULL, 0);
	event->n = 0;
	event->others = 0;
	memset(event->has, 0, sizeof(event->has));
	event->is_short = false;
	sst_arena_reset(&event->room);
}

static inline void
note_field(struct sst_event *event, enum sst_field field, size_t pair)
{
	event->has[field / 64] |= UINT64_C(1) << (field % 64);
	event->slot[field] = (uint16_t)pair;
}

static enum sst_status
refuse(enum sst_reason *why, enum sst_reason reason)
{
	*why = reason;
	return SST_REJECT;
}

enum sst_status
sst_event_index(struct sst_event *event, enum sst_reason *why)
{
	for (size_t i = 0; i < event->n; i++) {
		struct sst_pair *pair = &event->pairs[i];
		struct sst_span key = pair->key;
		enum sst_field field;

		if (SST_UNLIKELY(pair->flags & SST_PAIR_KEY_ESCAPED))
			key = sst_event_key(event, pair);
		field = field_of(event, key);
		pair->tag = (uint16_t)field;
		if (field == SST_F_OTHER)
			continue;
		if (SST_UNLIKELY(sst_event_has(event, field)))
			return refuse(why, SST_WHY_DUPLICATE_KEY);
		if (SST_UNLIKELY(
			    !(event->prefix[field].kinds >> pair->kind & 1)))
			return refuse(why, SST_WHY_BAD_VALUE);
		if (SST_LIKELY(pair->kind != SST_KIND_NULL))
			note_field(event, field, i);
	}
	return SST_OK;
}

/* ---- looking ---- */

struct sst_span
sst_event_keep(struct sst_event *event, struct sst_span bytes)
{
	struct sst_span kept = sst_arena_copy(&event->room, bytes);

	if (kept.at == NULL)
		event->is_short = true;
	return kept;
}

static struct sst_span
unescaped(struct sst_event *event, struct sst_span inside)
{
	sst_buf_reset(&event->work);
	sst_json_put_unescaped(&event->work, inside);
	event->is_short |= event->work.is_short;
	return sst_event_keep(event, sst_buf_span(&event->work));
}

struct sst_span
sst_event_key(struct sst_event *event, const struct sst_pair *pair)
{
	return pair->flags & SST_PAIR_KEY_ESCAPED ? unescaped(event, pair->key)
						  : pair->key;
}

struct sst_span
sst_event_pair_text(struct sst_event *event, const struct sst_pair *pair)
{
	return pair->flags & SST_PAIR_ESCAPED ? unescaped(event, pair->value)
					      : pair->value;
}

struct sst_span
sst_event_text(struct sst_event *event, enum sst_field field)
{
	const struct sst_pair *pair = sst_event_get(event, field);

	return pair == NULL ? sst_span(NULL, 0)
			    : sst_event_pair_text(event, pair);
}

struct sst_pair *
sst_event_find(struct sst_event *event, struct sst_span name)
{
	enum sst_field field = sst_field_of(name);

	if (field != SST_F_OTHER)
		return sst_event_get(event, field);
	for (size_t i = 0; i < event->n; i++) {
		struct sst_pair *pair = &event->pairs[i];

		if (pair->tag == SST_F_OTHER &&
			!(pair->flags & SST_PAIR_DROPPED) &&
			pair->kind != SST_KIND_NULL &&
			sst_span_eq(sst_event_key(event, pair), name))
			return pair;
	}
	return NULL;
}

bool
sst_event_i64(struct sst_event *event, enum sst_field field, int64_t *out)
{
	const struct sst_pair *pair = sst_event_get(event, field);

	return pair != NULL && sst_num_i64(pair->value, out);
}

bool
sst_event_is_true(struct sst_event *event, enum sst_field field)
{
	const struct sst_pair *pair = sst_event_get(event, field);

	return pair != NULL && pair->kind == SST_KIND_TRUE;
}

/* ---- changing ---- */

static struct sst_pair *
add(struct sst_event *event)
{
	if (event->n == SST_EVENT_PAIRS) {
		event->is_short = true;
		return NULL;
	}
	return &event->pairs[event->n++];
}

static inline uint8_t
escaped_flag(enum sst_kind kind, struct sst_span raw)
{
	return kind == SST_KIND_STRING && raw.len != 0 &&
			       memchr(raw.at, '\\', raw.len) != NULL
		       ? SST_PAIR_ESCAPED
		       : 0;
}

void
sst_event_set(struct sst_event *event, enum sst_field field, enum sst_kind kind,
	struct sst_span raw)
{
	sst_event_put(event, field, kind, raw, escaped_flag(kind, raw) != 0);
}

void
sst_event_add_other(struct sst_event *event, struct sst_span key,
	enum sst_kind kind, struct sst_span raw)
{
	struct sst_pair *pair = add(event);

	if (pair == NULL)
		return;
	event->others++;
	*pair = (struct sst_pair){ key, raw, SST_F_OTHER, (uint8_t)kind,
		(uint8_t)(SST_PAIR_CHANGED | SST_PAIR_ADDED |
			  escaped_flag(kind, raw) |
			  (escaped_flag(SST_KIND_STRING, key)
					  ? SST_PAIR_KEY_ESCAPED
					  : 0)) };
}

void
sst_event_replace(struct sst_event *event, struct sst_pair *pair,
	enum sst_kind kind, struct sst_span raw)
{
	(void)event;
	pair->value = raw;
	pair->kind = (uint8_t)kind;
	pair->flags = (uint8_t)((pair->flags & ~SST_PAIR_ESCAPED) |
				SST_PAIR_CHANGED | escaped_flag(kind, raw));
}

/* Decoded text in JSON spelling, kept until reset. */
static struct sst_span
spelled(struct sst_event *event, struct sst_span text)
{
	sst_buf_reset(&event->work);
	sst_json_put_escaped(&event->work, text);
	event->is_short |= event->work.is_short;
	return sst_event_keep(event, sst_buf_span(&event->work));
}

void
sst_event_set_text(
	struct sst_event *event, enum sst_field field, struct sst_span text)
{
	sst_event_set(event, field, SST_KIND_STRING, spelled(event, text));
}

void
sst_event_replace_text(
	struct sst_event *event, struct sst_pair *pair, struct sst_span text)
{
	sst_event_replace(event, pair, SST_KIND_STRING, spelled(event, text));
}

void
sst_event_set_i64(struct sst_event *event, enum sst_field field, int64_t value)
{
	sst_buf_reset(&event->work);
	if (value < 0)
		sst_buf_byte(&event->work, '-');
	sst_buf_put_u64(&event->work,
		value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	sst_event_set(event, field, SST_KIND_NUMBER,
		sst_event_keep(event, sst_buf_span(&event->work)));
}

void
sst_event_set_bool(struct sst_event *event, enum sst_field field, bool value)
{
	SST_PADDED(yes, "true");
	SST_PADDED(no, "false");

	sst_event_set(event, field, value ? SST_KIND_TRUE : SST_KIND_FALSE,
		value ? yes : no);
}

void
sst_event_drop(struct sst_event *event, struct sst_pair *pair)
{
	pair->flags |= SST_PAIR_DROPPED;
	if (pair->tag != SST_F_OTHER)
		event->has[pair->tag / 64] &=
			~(UINT64_C(1) << (pair->tag % 64));
}
