/* SPDX-License-Identifier: ISC */
#include "json/write.h"

/* What stands around a key and its value: `,"` `":"` `"`. */
#define AROUND ((size_t)8)

/* Copy bytes that have SST_PAD readable ones behind them; may write as much
 * past the end. Values are short: this beats a call of memcpy. */
static inline char *
copy_padded(char *to, struct sst_span from)
{
	for (size_t i = 0; i < from.len; i += 16)
		memcpy(to + i, from.at + i, 16);
	return to + from.len;
}

/* `,"key":` of a pair that is no part of a line. */
static inline char *
copy_key(char *to, const struct sst_event *event, const struct sst_pair *pair)
{
	if (pair->tag != SST_F_OTHER) {
		memcpy(to, event->prefix[pair->tag].text,
			sizeof(event->prefix[pair->tag].text));
		return to + event->prefix[pair->tag].len;
	}
	*to++ = ',';
	*to++ = '"';
	memcpy(to, pair->key.at, pair->key.len);
	to += pair->key.len;
	*to++ = '"';
	*to++ = ':';
	return to;
}

/* `,"key":value`; there is room for it. */
static inline char *
copy_pair(char *at, const struct sst_event *event, const struct sst_pair *pair)
{
	at = copy_key(at, event, pair);
	if (pair->kind != SST_KIND_STRING)
		return copy_padded(at, pair->value);
	*at++ = '"';
	at = copy_padded(at, pair->value);
	*at++ = '"';
	return at;
}

static void
put_pair(struct sst_buf *to, const struct sst_event *event,
	const struct sst_pair *pair)
{
	char *at;

	if (!sst_buf_room(to, pair->key.len + pair->value.len + AROUND))
		return;
	at = copy_pair(to->at + to->len, event, pair);
	to->len = (size_t)(at - to->at);
}

/* Where a pair of the line begins and ends in it, quotes included. */
static inline const char *
start_of(const struct sst_pair *pair)
{
	return pair->key.at - 1;
}

static inline const char *
end_of(const struct sst_pair *pair)
{
	return pair->value.at + pair->value.len +
	       (pair->kind == SST_KIND_STRING);
}

/* A line that is as it came, all of it, but for pairs behind it. */
static void
put_line_and_more(struct sst_buf *to, const struct sst_event *event)
{
	if (event->read > 0) {
		const char *start = start_of(&event->pairs[0]);

		sst_buf_byte(to, ',');
		sst_buf_put(to, start,
			(size_t)(end_of(&event->pairs[event->read - 1]) -
				 start));
	}
	for (size_t i = event->read; i < event->n; i++)
		put_pair(to, event, &event->pairs[i]);
}

/* Pairs as they came: untouched neighbours are one copy. */
static void
put_in_line_order(struct sst_buf *to, const struct sst_event *event)
{
	for (size_t i = 0; i < event->n;) {
		const struct sst_pair *pair = &event->pairs[i++];

		if (pair->flags & SST_PAIR_DROPPED)
			continue;
		if (pair->flags & SST_PAIR_CHANGED) {
			put_pair(to, event, pair);
			continue;
		}
		while (i < event->n &&
			!(event->pairs[i].flags &
				(SST_PAIR_CHANGED | SST_PAIR_DROPPED)))
			i++;
		sst_buf_byte(to, ',');
		sst_buf_put(to, start_of(pair),
			(size_t)(end_of(&event->pairs[i - 1]) -
				 start_of(pair)));
	}
}

/* The fields from..end-1 that are there, in the order of the table. */
static inline char *
copy_fields(
	char *at, const struct sst_event *event, unsigned from, unsigned end)
{
	for (unsigned word = from / 64; word * 64 < end; word++) {
		uint64_t bits = event->has[word];

		if (from > word * 64)
			bits &= ~UINT64_C(0) << (from - word * 64);
		if (end < word * 64 + 64)
			bits &= (UINT64_C(1) << (end - word * 64)) - 1;
		for (; bits != 0; bits &= bits - 1) {
			unsigned f =
				word * 64 + (unsigned)__builtin_ctzll(bits);

			at = copy_pair(
				at, event, &event->pairs[event->slot[f]]);
		}
	}
	return at;
}

static void
put_in_table_order(struct sst_buf *to, const struct sst_event *event)
{
	size_t need = 0;
	char *at;

	for (size_t i = 0; i < event->n; i++)
		need += event->pairs[i].key.len + event->pairs[i].value.len +
			AROUND;
	if (need == 0 || !sst_buf_room(to, need))
		return;
	at = to->at + to->len;
	at = copy_fields(at, event, SST_F_OTHER + 1, SST_F_FIRST_ENRICHED);
	for (size_t i = 0; event->others > 0 && i < event->n; i++)
		if (event->pairs[i].tag == SST_F_OTHER &&
			!(event->pairs[i].flags & SST_PAIR_DROPPED))
			at = copy_pair(at, event, &event->pairs[i]);
	at = copy_fields(at, event, SST_F_FIRST_ENRICHED, SST_FIELD_COUNT);
	to->len = (size_t)(at - to->at);
}

bool
sst_json_write_object(struct sst_buf *to, struct sst_event *event)
{
	size_t start = to->len;

	if (event->line.at == NULL)
		put_in_table_order(to, event);
	else if (event->edits == 0)
		put_line_and_more(to, event);
	else
		put_in_line_order(to, event);
	/* Each pair brought a comma; the first one becomes the bracket. */
	if (to->len == start)
		sst_buf_byte(to, '{');
	else
		to->at[start] = '{';
	sst_buf_byte(to, '}');
	if (!to->is_short && !event->is_short)
		return true;
	to->len = start;
	return false;
}

bool
sst_json_write(struct sst_buf *to, struct sst_event *event)
{
	size_t start = to->len;

	if (!sst_json_write_object(to, event))
		return false;
	sst_buf_byte(to, '\n');
	if (!to->is_short)
		return true;
	to->len = start;
	return false;
}
