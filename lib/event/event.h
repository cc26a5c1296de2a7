/* SPDX-License-Identifier: ISC */
/*
 * event -- one event as spans: pairs over a line, and room for what changed.
 *
 * There are two ways to get one. A filter reads a line (json/read): the pairs
 * borrow the line, and what is not touched is written back byte for byte.
 * sst-parse builds one (event/from_record): the pairs borrow the log line and
 * the event's own room, and are written in the order of the field table.
 *
 * Values are kept in JSON spelling: the inside of a string has its escapes.
 * sst_event_text() gives the decoded text. Everything is good until the next
 * sst_event_reset(), which frees nothing: after the first lines an event
 * allocates no more. When memory runs out `is_short` is set and stays until
 * reset; who writes events asks for it once per event.
 */
#ifndef SST_EVENT_EVENT_H
#define SST_EVENT_EVENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "event/field.h"
#include "text/scan.h"

#define SST_EVENT_PAIRS ((size_t)512)
#define SST_FIELD_WORDS ((SST_FIELD_COUNT + 63) / 64)

/* A constant with padding, as a static: SST_PADDED(eof, "eof"); */
#define SST_PADDED(name, literal) \
	static const char name##_text[sizeof(literal) + SST_PAD] = literal; \
	static const struct sst_span name = { name##_text, sizeof(literal) - 1 }

/* A name of the field table as an event looks it up: see event.c. */
struct sst_event_name {
	uint64_t head, tail; /* its first 16 bytes, zeros behind its end */
	uint64_t bit;        /* the field's, in this word of `has` */
	uint16_t field;
	uint8_t word;
	uint8_t kinds; /* a bit per kind that a value may have, null aside */
};
#define SST_EVENT_NAMES ((size_t)512)

struct sst_event {
	struct sst_event_name names[SST_EVENT_NAMES]; /* by hash; made once */
	uint64_t masks[17][2]; /* for so many of 16 bytes; made once */
	struct {
		char text[SST_PAD - 1]; /* `,"key":` */
		uint8_t len;
	} prefix[SST_FIELD_COUNT]; /* made once */
	struct sst_span line; /* what was read; at NULL for a built event */
	size_t n;             /* pairs in use */
	size_t read;          /* of them, the first: those of the line */
	size_t unknown;       /* of these: not in the table */
	size_t others;        /* of all: added, not in the table */
	size_t edits;         /* times that a pair was changed or dropped */
	uint64_t has[SST_FIELD_WORDS];  /* a bit per field that is there */
	uint16_t slot[SST_FIELD_COUNT]; /* its pair, where the bit is set */
	bool is_short;
	struct sst_arena room; /* what was added or changed */
	struct sst_buf work;   /* of one setter, before it is kept */
	struct sst_pair pairs[SST_EVENT_PAIRS + 1];
};

/* Ceiling of what one event may allocate beside its line. */
#define SST_EVENT_ROOM ((size_t)8 * 1024 * 1024)

void sst_event_init(struct sst_event *event);
void sst_event_release(struct sst_event *event);
void sst_event_reset(struct sst_event *event);

/* Give every pair its field (pairs[0..n) are filled). SST_REJECT with
 * DUPLICATE_KEY when a key of the table occurs twice, BAD_VALUE when its value
 * has another type than the table says (null is as good as none). */
enum sst_status sst_event_index(
	struct sst_event *event, enum sst_reason *why) SST_MUST_USE;

/* The field of a name that has SST_PAD readable bytes behind it. */
enum sst_field sst_event_field(struct sst_event *event, struct sst_span name);

static inline bool
sst_event_has(const struct sst_event *event, enum sst_field field)
{
	return event->has[field / 64] >> (field % 64) & 1;
}

/* Is one of the fields first..last there? */
static inline bool
sst_event_has_any(const struct sst_event *event, enum sst_field first,
	enum sst_field last)
{
	uint64_t found = 0;

	for (unsigned word = first / 64; word <= last / 64; word++) {
		uint64_t bits = event->has[word];

		if (word == first / 64)
			bits &= ~UINT64_C(0) << (first % 64);
		if (word == last / 64)
			bits &= ~UINT64_C(0) >> (63 - last % 64);
		found |= bits;
	}
	return found != 0;
}

/* The pair of a field, or NULL. SST_F_OTHER has none. */
static inline struct sst_pair *
sst_event_get(struct sst_event *event, enum sst_field field)
{
	return sst_event_has(event, field) ? &event->pairs[event->slot[field]]
					   : NULL;
}

/* The pair of any key (decoded name), known or not, or NULL. Known keys are
 * found by the table, others by looking through the pairs. */
struct sst_pair *sst_event_find(struct sst_event *event, struct sst_span name);

/* A field's decoded text: of a string its content, else as spelled ("true",
 * "12", "{...}"). Absent: at is NULL. Has SST_PAD readable bytes behind it. */
struct sst_span sst_event_text(struct sst_event *event, enum sst_field field);
struct sst_span sst_event_pair_text(
	struct sst_event *event, const struct sst_pair *pair);

/* sst_event_text() for the hot path: a call only where there are escapes. */
static inline struct sst_span
sst_event_peek(struct sst_event *event, enum sst_field field)
{
	const struct sst_pair *pair = sst_event_get(event, field);

	if (pair == NULL)
		return sst_span(NULL, 0);
	return SST_LIKELY((pair->flags & SST_PAIR_ESCAPED) == 0)
		       ? pair->value
		       : sst_event_pair_text(event, pair);
}

/* A pair's decoded key. */
struct sst_span sst_event_key(
	struct sst_event *event, const struct sst_pair *pair);

/* A field that is a whole number. */
bool sst_event_i64(struct sst_event *event, enum sst_field field, int64_t *out);

/* The field is there and is the boolean true. */
bool sst_event_is_true(struct sst_event *event, enum sst_field field);

/* A copy that lives until reset, SST_PAD bytes behind it. */
struct sst_span sst_event_keep(struct sst_event *event, struct sst_span bytes);

/*
 * Set a field: in its place when it is there, else at the end. `raw` is in
 * JSON spelling (of a string: the inside), is borrowed until reset, and has
 * SST_PAD readable bytes behind it, here and below: lines, arenas and buffers
 * have them, literals do not (SST_PADDED gives them).
 */
void sst_event_set(struct sst_event *event, enum sst_field field,
	enum sst_kind kind, struct sst_span raw);

/* The same for who knows whether raw has a backslash: on the hot path. */
static inline void
sst_event_put(struct sst_event *event, enum sst_field field, enum sst_kind kind,
	struct sst_span raw, bool is_escaped)
{
	struct sst_pair *pair = sst_event_get(event, field);

	if (SST_LIKELY(pair == NULL)) {
		if (SST_UNLIKELY(event->n == SST_EVENT_PAIRS)) {
			event->is_short = true;
			return;
		}
		event->has[field / 64] |= UINT64_C(1) << (field % 64);
		event->slot[field] = (uint16_t)event->n;
		pair = &event->pairs[event->n++];
		pair->key = sst_span(event->prefix[field].text + 2,
			(size_t)event->prefix[field].len - 4);
		pair->tag = (uint16_t)field;
		pair->flags = SST_PAIR_ADDED;
	} else {
		event->edits++;
	}
	pair->value = raw;
	pair->kind = (uint8_t)kind;
	pair->flags =
		(uint8_t)((pair->flags & ~SST_PAIR_ESCAPED) | SST_PAIR_CHANGED |
			  (is_escaped ? SST_PAIR_ESCAPED : 0));
}

/* The same from decoded text (valid UTF-8), a number, a truth value; copied. */
void sst_event_set_text(
	struct sst_event *event, enum sst_field field, struct sst_span text);
void sst_event_set_i64(
	struct sst_event *event, enum sst_field field, int64_t value);
void sst_event_set_bool(
	struct sst_event *event, enum sst_field field, bool value);

/* Add a key that is not in the table; both spans in JSON spelling, borrowed. */
void sst_event_add_other(struct sst_event *event, struct sst_span key,
	enum sst_kind kind, struct sst_span raw);

/* Change the value of a pair that is there; raw is borrowed until reset. */
void sst_event_replace(struct sst_event *event, struct sst_pair *pair,
	enum sst_kind kind, struct sst_span raw);
void sst_event_replace_text(
	struct sst_event *event, struct sst_pair *pair, struct sst_span text);

/* Leave a pair out; the field is then absent. */
void sst_event_drop(struct sst_event *event, struct sst_pair *pair);

#endif
