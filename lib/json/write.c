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

static void
put_pair(struct sst_buf *to, const struct sst_event *event,
	const struct sst_pair *pair)
{
	char *at;

	if (!sst_buf_room(to, pair->key.len + pair->value.len + AROUND))
		return;
	at = copy_key(to->at + to->len, event, pair);
	if (pair->kind == SST_KIND_STRING) {
		*at++ = '"';
		at = copy_padded(at, pair->value);
		*at++ = '"';
	} else {
		at = copy_padded(at, pair->value);
	}
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
		sst_buf_put_padded(
			to, sst_span(start_of(pair),
				    (size_t)(end_of(&event->pairs[i - 1]) -
					     start_of(pair))));
	}
}

/* The fields from..to-1 that are there, in the order of the table. */
static void
put_fields(struct sst_buf *to, const struct sst_event *event, unsigned from,
	unsigned end)
{
	for (unsigned f = from; f < end;) {
		uint64_t rest = event->has[f / 64] >> (f % 64);

		if (rest == 0) {
			f = (f / 64 + 1) * 64;
			continue;
		}
		while (!(rest & 1)) {
			rest >>= 1;
			f++;
		}
		if (f >= end)
			break;
		put_pair(to, event, &event->pairs[event->slot[f]]);
		f++;
	}
}

static void
put_in_table_order(struct sst_buf *to, const struct sst_event *event)
{
	put_fields(to, event, SST_F_OTHER + 1, SST_F_FIRST_ENRICHED);
	for (size_t i = 0; i < event->n; i++)
		if (event->pairs[i].tag == SST_F_OTHER &&
			!(event->pairs[i].flags & SST_PAIR_DROPPED))
			put_pair(to, event, &event->pairs[i]);
	put_fields(to, event, SST_F_FIRST_ENRICHED, SST_FIELD_COUNT);
}

bool
sst_json_write_object(struct sst_buf *to, struct sst_event *event)
{
	size_t start = to->len;

	if (event->line.at != NULL)
		put_in_line_order(to, event);
	else
		put_in_table_order(to, event);
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
