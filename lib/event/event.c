/* SPDX-License-Identifier: ISC */
#include "event/event.h"

#include "base/num.h"
#include "base/wide.h"

#include <assert.h>
#include <stdio.h>

/* ---- names ----
 *
 * Every key of every event is looked up, so this must cost a few nanoseconds,
 * and no branch may depend on a key's length: its first 16 bytes decide, which
 * for most names is all of them. A name shorter than that has zeros behind it,
 * and no key has a NUL unless it is escaped.
 */

/* The first bytes of a padded span, zeros behind its end. */
struct head {
	uint64_t first, second;
};

static inline struct head
head_of(const struct sst_event *event, struct sst_span name)
{
	const uint64_t *mask = event->masks[name.len < 16 ? name.len : 16];

	return (struct head){ sst_load8(name.at) & mask[0],
		sst_load8(name.at + 8) & mask[1] };
}

/* Found by trial: on little-endian machines no two names of the table share a
 * place. Where they do it costs time alone. */
#define SPREAD UINT64_C(0x338f5a30eb86658d)

static inline size_t
slot_of(struct head head)
{
	uint64_t second = head.second << 23 | head.second >> 41;

	/* 9 bits: SST_EVENT_NAMES */
	return (size_t)((head.first ^ second) * SPREAD >> 55);
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
learn_name(struct sst_event *event, enum sst_field field)
{
	const struct sst_field_row *row = sst_field_row(field);
	char padded[SST_PAD * 2] = { 0 };
	struct sst_span name = sst_span_of(row->name);
	struct head head;
	size_t slot;

	assert(name.len <= SST_PAD);
	memcpy(padded, name.at, name.len);
	name.at = padded;
	head = head_of(event, name);
	slot = slot_of(head);
	while (event->names[slot].field != SST_F_OTHER)
		slot = (slot + 1) % SST_EVENT_NAMES;
	event->names[slot] = (struct sst_event_name){ head.first, head.second,
		UINT64_C(1) << (field % 64), (uint16_t)field,
		(uint8_t)(field / 64), kinds_of[row->type] };
	event->prefix[field].len = (uint8_t)snprintf(event->prefix[field].text,
		sizeof(event->prefix[field].text), ",\"%s\":", name.at);
	assert(event->prefix[field].len < sizeof(event->prefix[field].text));
}

static void
learn_names(struct sst_event *event)
{
	for (size_t len = 0; len <= 16; len++)
		memset(event->masks[len], 0xff, len);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++)
		learn_name(event, (enum sst_field)f);
}

static inline bool
is_name(const struct sst_event_name *known, struct head head)
{
	return known->head == head.first && known->tail == head.second;
}

/* The name's row, or an empty one, whose field is SST_F_OTHER: for the few
 * that are long, have escapes, or are not in the table. */
static SST_NOINLINE const struct sst_event_name *
search_name(struct sst_event *event, const struct sst_pair *pair)
{
	struct sst_span name = sst_event_key(event, pair);
	struct head head = head_of(event, name);
	size_t slot = slot_of(head);

	for (;; slot = (slot + 1) % SST_EVENT_NAMES) {
		const struct sst_event_name *known = &event->names[slot];

		if (known->field == SST_F_OTHER ||
			(is_name(known, head) &&
				sst_span_is(name,
					sst_field_row(known->field)->name)))
			return known;
	}
}

static inline const struct sst_event_name *
find_name(struct sst_event *event, const struct sst_pair *pair)
{
	const struct sst_event_name *known;
	struct head head;

	if (SST_UNLIKELY(pair->key.len > 16 ||
			 (pair->flags & SST_PAIR_KEY_ESCAPED) != 0))
		return search_name(event, pair);
	head = head_of(event, pair->key);
	known = &event->names[slot_of(head)];
	return SST_LIKELY(is_name(known, head)) ? known
						: search_name(event, pair);
}

enum sst_field
sst_event_field(struct sst_event *event, struct sst_span name)
{
	const struct sst_pair pair = { .key = name };

	return find_name(event, &pair)->field;
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
	event->n = event->read = 0;
	event->others = event->unknown = event->edits = 0;
	memset(event->has, 0, sizeof(event->has));
	event->is_short = false;
	sst_arena_reset(&event->room);
}

/* A pair that is not like most: an unknown key, null, or an error. */
static SST_NOINLINE enum sst_status
index_odd(struct sst_event *event, const struct sst_pair *pair,
	const struct sst_event_name *name, enum sst_reason *why)
{
	if (name->field == SST_F_OTHER) {
		event->unknown++;
		return SST_OK;
	}
	if (event->has[name->word] & name->bit)
		*why = SST_WHY_DUPLICATE_KEY;
	else if (pair->kind != SST_KIND_NULL)
		*why = SST_WHY_BAD_VALUE;
	else
		return SST_OK;
	return SST_REJECT;
}

enum sst_status
sst_event_index(struct sst_event *event, enum sst_reason *why)
{
	const size_t n = event->read = event->n;

	for (size_t i = 0; i < n; i++) {
		struct sst_pair *pair = &event->pairs[i];
		const struct sst_event_name *name = find_name(event, pair);
		uint64_t *has = &event->has[name->word];

		pair->tag = name->field;
		/* An empty row allows no kind. */
		if (SST_LIKELY((name->kinds >> pair->kind & 1) != 0 &&
			       (*has & name->bit) == 0)) {
			*has |= name->bit;
			event->slot[name->field] = (uint16_t)i;
			continue;
		}
		if (index_odd(event, pair, name, why) != SST_OK)
			return SST_REJECT;
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
	event->edits++;
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
	event->edits++;
	pair->flags |= SST_PAIR_DROPPED;
	if (pair->tag != SST_F_OTHER)
		event->has[pair->tag / 64] &=
			~(UINT64_C(1) << (pair->tag % 64));
}
