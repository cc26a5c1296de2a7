/* SPDX-License-Identifier: ISC */
#include "session/visitor.h"

#include "base/arena.h"
#include "text/cookie.h"
#include "text/ip.h"
#include "text/url.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WAYS 16
#define MAX_PARTS 8

/* Of an IPv6 address the first 64 bits are the network that a provider gives
 * to one customer. */
#define V6_BITS 64

/* Of a list of options, with room for what it is compiled to. */
#define ROOM_MAX ((size_t)1024 * 1024)

/* A line is at most so long, and so are its parts together. */
#define MESSAGE_MAX ((size_t)16 * 1024 * 1024)

struct part;

/* Append the part's value. False: the event does not have it. */
typedef bool part_reader(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part);

struct part {
	part_reader *read;
	struct sst_span name; /* of a cookie, a parameter, a key */
	struct sst_span key;  /* a cookie's: "cookie_name" */
	enum sst_field field; /* of a key, when the table has it */
};

struct way {
	struct sst_span head; /* its text behind its length, to be hashed */
	struct part parts[MAX_PARTS];
	size_t n;
};

struct sst_visitor {
	struct way ways[MAX_WAYS];
	size_t n;
	struct sst_buf message;
	struct sst_buf word;   /* a decoded name */
	struct sst_arena room; /* what spans of ways and parts point to */
};

static bool
put_field(struct sst_buf *to, struct sst_event *event, enum sst_field field)
{
	struct sst_span text = sst_event_peek(event, field);

	if (text.at == NULL)
		return false;
	sst_buf_put_padded(to, text);
	return text.len != 0;
}

static bool
read_user(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	int64_t status;

	(void)part;
	if (!sst_event_has(event, SST_F_USER) ||
		(sst_event_i64(event, SST_F_STATUS, &status) && status == 401))
		return false;
	return put_field(&visitor->message, event, SST_F_USER);
}

static bool
read_ip(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	struct sst_span text = sst_event_peek(event, SST_F_CLIENT_IP);
	struct sst_ip ip;

	(void)part;
	if (text.at == NULL)
		return put_field(&visitor->message, event, SST_F_CLIENT_HOST);
	if (!sst_ip_read(text, &ip)) {
		sst_buf_put_padded(&visitor->message, text);
		return text.len != 0;
	}
	if (ip.len == 16)
		ip = sst_ip_unmapped(&ip);
	sst_buf_put(&visitor->message, ip.at, ip.len == 4 ? 4 : V6_BITS / 8);
	return true;
}

static bool
read_agent(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	(void)part;
	return put_field(&visitor->message, event, SST_F_USER_AGENT);
}

static bool
read_key(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	const struct sst_pair *pair;
	struct sst_span text;

	if (part->field != SST_F_OTHER)
		return put_field(&visitor->message, event, part->field);
	pair = sst_event_find(event, part->key);
	if (pair == NULL)
		return false;
	text = sst_event_pair_text(event, pair);
	sst_buf_put_span(&visitor->message, text);
	return text.len != 0;
}

static bool
read_cookie(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	struct sst_span value;

	if (read_key(visitor, event, part))
		return true;
	if (!sst_event_has(event, SST_F_COOKIE) ||
		!sst_cookie_find(sst_event_text(event, SST_F_COOKIE),
			part->name, &value))
		return false;
	sst_buf_put_span(&visitor->message, value);
	return value.len != 0;
}

static bool
read_param(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	struct sst_span query = sst_event_text(event, SST_F_QUERY);
	struct sst_param param;
	size_t at = 0;

	while (query.len != 0 && sst_url_next_param(query, &at, &param)) {
		sst_buf_reset(&visitor->word);
		sst_url_put_decoded(&visitor->word, param.name, true);
		if (!sst_span_eq(sst_buf_span(&visitor->word), part->name))
			continue;
		sst_url_put_decoded(&visitor->message, param.value, true);
		return param.value.len != 0;
	}
	return false;
}

/* Parts that have a name of their own, and those that take one. */
static const struct {
	struct sst_span text;
	part_reader *read;
	bool takes_name;
} kinds[] = {
	{ SST_SPAN("user"), read_user, false },
	{ SST_SPAN("ip"), read_ip, false },
	{ SST_SPAN("ua"), read_agent, false },
	{ SST_SPAN("cookie:"), read_cookie, true },
	{ SST_SPAN("param:"), read_param, true },
};

static bool
is_key(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '_')
			return false;
	}
	return text.len != 0;
}

/* The key that sst-parse gives a cookie that is logged alone. */
static struct sst_span
cookie_key(struct sst_span name, struct sst_arena *room)
{
	static const char prefix[] = "cookie_";
	size_t len = sizeof(prefix) - 1;
	char *to = sst_arena_take(room, len + name.len);

	if (to == NULL)
		return sst_span(NULL, 0);
	memcpy(to, prefix, len);
	for (size_t i = 0; i < name.len; i++) {
		char c = sst_lower(name.at[i]);

		to[len++] = is_key(sst_span(&c, 1)) ? c : '_';
	}
	return sst_span(to, len);
}

static enum sst_status
compile_named(struct part *part, size_t kind, struct sst_span text,
	struct sst_arena *room, struct sst_err *err)
{
	part->read = kinds[kind].read;
	part->name = sst_span_from(text, kinds[kind].text.len);
	if (!kinds[kind].takes_name)
		return SST_OK;
	if (part->name.len == 0)
		return sst_fail(err, SST_EUSAGE,
			"--visitor: '%.*s' needs a name", (int)text.len,
			text.at);
	if (part->read != read_cookie)
		return SST_OK;
	part->key = cookie_key(part->name, room);
	return part->key.at == NULL ? sst_fail_memory(err, "--visitor")
				    : SST_OK;
}

static enum sst_status
compile_part(struct part *part, struct sst_span text, struct sst_arena *room,
	struct sst_err *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].takes_name ? sst_span_starts(text, kinds[i].text)
					: sst_span_eq(text, kinds[i].text))
			return compile_named(part, i, text, room, err);
	if (!is_key(text))
		return sst_fail(err, SST_EUSAGE,
			"--visitor: '%.*s' is neither user, ip, ua, "
			"cookie:NAME, param:NAME nor the key of an event",
			(int)text.len, text.at);
	part->read = read_key;
	part->key = text;
	part->field = sst_field_of(text);
	return SST_OK;
}

/* 8 bytes, little-endian; spelled out, because compilers make one store of
 * this and a loop of the loop. */
static inline void
store_len(char *to, uint64_t len)
{
	to[0] = (char)len;
	to[1] = (char)(len >> 8);
	to[2] = (char)(len >> 16);
	to[3] = (char)(len >> 24);
	to[4] = (char)(len >> 32);
	to[5] = (char)(len >> 40);
	to[6] = (char)(len >> 48);
	to[7] = (char)(len >> 56);
}

static enum sst_status
compile_way(struct way *way, struct sst_span text, struct sst_arena *room,
	struct sst_err *err)
{
	struct sst_span rest = text;
	char *head = sst_arena_take(room, 8 + text.len);

	if (head == NULL)
		return sst_fail_memory(err, "--visitor");
	store_len(head, text.len);
	memcpy(head + 8, text.at, text.len);
	way->head = sst_span(head, 8 + text.len);
	for (;;) {
		size_t end = sst_span_find(rest, '+');
		enum sst_status status;

		if (way->n == MAX_PARTS)
			return sst_fail(err, SST_EUSAGE,
				"--visitor: more than %d parts in '%.*s'",
				MAX_PARTS, (int)text.len, text.at);
		status = compile_part(&way->parts[way->n++],
			sst_span_head(rest, end), room, err);
		if (status != SST_OK || end == rest.len)
			return status;
		rest = sst_span_from(rest, end + 1);
	}
}

static enum sst_status
compile(struct sst_visitor *visitor, struct sst_span list, struct sst_err *err)
{
	for (;;) {
		size_t end = sst_span_find(list, ',');
		enum sst_status status;

		if (visitor->n == MAX_WAYS)
			return sst_fail(err, SST_EUSAGE,
				"--visitor: more than %d alternatives",
				MAX_WAYS);
		status = compile_way(&visitor->ways[visitor->n++],
			sst_span_head(list, end), &visitor->room, err);
		if (status != SST_OK || end == list.len)
			return status;
		list = sst_span_from(list, end + 1);
	}
}

enum sst_status
sst_visitor_open(
	struct sst_visitor **out, const char *list, struct sst_err *err)
{
	struct sst_visitor *visitor = calloc(1, sizeof(*visitor));
	struct sst_span copy;
	enum sst_status status;

	*out = NULL;
	if (visitor == NULL)
		return sst_fail_memory(err, "--visitor");
	sst_buf_init(&visitor->message, MESSAGE_MAX);
	sst_buf_init(&visitor->word, MESSAGE_MAX);
	sst_arena_init(&visitor->room, ROOM_MAX);
	copy = sst_arena_copy(&visitor->room, sst_span_of(list));
	status = copy.at == NULL ? sst_fail_memory(err, "--visitor")
				 : compile(visitor, copy, err);
	if (status != SST_OK) {
		sst_visitor_close(visitor);
		return status;
	}
	*out = visitor;
	return SST_OK;
}

/* Append the part behind its length. False: the event does not have it. */
static bool
put_part(struct sst_visitor *visitor, struct sst_event *event,
	const struct part *part)
{
	struct sst_buf *to = &visitor->message;
	size_t start = to->len + 8;
	bool is_there;

	if (!sst_buf_room(to, 8))
		return true;
	to->len = start;
	is_there = part->read(visitor, event, part);
	if (!to->is_short)
		store_len(to->at + start - 8, to->len - start);
	return is_there;
}

/* False: the first part is not there. Others that are not there are empty. */
static bool
put_way(struct sst_visitor *visitor, struct sst_event *event,
	const struct way *way)
{
	sst_buf_reset(&visitor->message);
	sst_buf_put_padded(&visitor->message, way->head);
	if (!put_part(visitor, event, &way->parts[0]))
		return false;
	for (size_t i = 1; i < way->n; i++)
		(void)put_part(visitor, event, &way->parts[i]);
	return true;
}

struct sst_span
sst_visitor_of(struct sst_visitor *visitor, struct sst_event *event)
{
	for (size_t i = 0; i < visitor->n; i++) {
		if (!put_way(visitor, event, &visitor->ways[i]))
			continue;
		if (visitor->message.is_short || visitor->word.is_short) {
			event->is_short = true;
			break;
		}
		return sst_buf_span(&visitor->message);
	}
	return sst_span(NULL, 0);
}

void
sst_visitor_close(struct sst_visitor *visitor)
{
	if (visitor == NULL)
		return;
	sst_buf_release(&visitor->message);
	sst_buf_release(&visitor->word);
	sst_arena_release(&visitor->room);
	free(visitor);
}
