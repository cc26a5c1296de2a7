/* SPDX-License-Identifier: ISC */
/* Events to items, items to requests. */
#include "push/api_in.h"

#include "text/stamp.h"

#include <stdio.h>

#define URL_MAX ((size_t)64 * 1024)
#define HEADERS_MAX ((size_t)64 * 1024)
#define BODY_MAX ((size_t)1024 * 1024 * 1024)

/* ---- items ---- */

/* Is it too old; and a time that is too far ahead becomes now. */
static bool
is_too_old(struct sst_api *api, struct sst_event *event, int64_t now_us)
{
	const struct sst_api_limits *limits = &api->facts.limits;
	struct sst_buf text;
	int64_t at_us;

	if (limits->age_us < 0 && limits->future_us < 0)
		return false;
	if (!sst_stamp_us(sst_event_text(event, SST_F_TIME), &at_us))
		return false;
	if (limits->age_us >= 0 && at_us < now_us - limits->age_us)
		return true;
	if (limits->future_us < 0 || at_us <= now_us + limits->future_us)
		return false;
	sst_buf_init(&text, 64);
	sst_stamp_put(&text, sst_stamp_of_us(now_us));
	sst_event_set_text(event, SST_F_TIME, sst_buf_span(&text));
	event->is_short |= text.is_short;
	sst_buf_release(&text);
	return false;
}

static bool
any_holds(struct sst_api *api, const size_t *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sst_machine_run(api->machine, entries[i], &api->work);
		if (api->machine->flag)
			return true;
	}
	return false;
}

static const char *
write_item(struct sst_api *api, struct sst_buf *to)
{
	size_t from = to->len;

	for (size_t i = 0; i < api->item_count; i++) {
		size_t before = to->len;

		sst_machine_run(api->machine, api->items[i], to);
		if (api->machine->is_short)
			return "it needs too much memory";
		if (!api->machine->ok && !api->has_lines)
			return "nothing of it is left";
		if (api->machine->ok && api->has_lines)
			sst_buf_byte(to, '\n');
		else if (!api->machine->ok)
			to->len = before;
	}
	if (to->len == from)
		return "nothing of it is left";
	if (api->body == SST_BODY_LINES && !api->has_lines)
		sst_buf_byte(to, '\n');
	if (api->facts.limits.event_bytes != 0 &&
		to->len - from > api->facts.limits.event_bytes)
		return "it is too big";
	return to->is_short ? "it needs too much memory" : NULL;
}

enum sst_fate
sst_api_item(struct sst_api *api, struct sst_event *event, int64_t now_us,
	struct sst_buf *to, const char **reason)
{
	size_t from = to->len;

	*reason = "";
	sst_machine_set_event(api->machine, event);
	if (any_holds(api, api->skip, api->skip_count))
		return SST_FATE_SKIP;
	for (size_t i = 0; i < api->needs_count; i++) {
		sst_machine_run(api->machine, api->needs[i], &api->work);
		if (api->machine->flag)
			continue;
		*reason = api->needs_text[i];
		return SST_FATE_NEEDS;
	}
	if (is_too_old(api, event, now_us)) {
		*reason = "too old";
		return SST_FATE_DEAD;
	}
	*reason = write_item(api, to);
	if (*reason != NULL) {
		to->len = from;
		to->is_short = false;
		return SST_FATE_DEAD;
	}
	*reason = "";
	return SST_FATE_ITEM;
}

static void
put_key(struct sst_api *api, size_t entry, struct sst_buf *to)
{
	struct sst_machine *m = api->machine;

	sst_machine_run(m, entry, &api->work);
	/* Absent and empty are not the same. */
	if (m->acc.is_there) {
		sst_buf_byte(to, '=');
		sst_buf_put_span(to, sst_value_text(&m->scratch, &m->acc));
	}
	sst_buf_byte(to, '\0');
}

void
sst_api_put_group(
	struct sst_api *api, struct sst_event *event, struct sst_buf *to)
{
	sst_machine_set_event(api->machine, event);
	for (size_t i = 0; i < api->group_count; i++)
		put_key(api, api->groups[i], to);
}

void
sst_api_put_lane(
	struct sst_api *api, struct sst_event *event, struct sst_buf *to)
{
	sst_machine_set_event(api->machine, event);
	if (api->lane != SST_NO_ENTRY)
		put_key(api, api->lane, to);
}

/* ---- requests ---- */

void
sst_api_request_init(struct sst_api_request *request)
{
	sst_buf_init(&request->method, 64);
	sst_buf_init(&request->url, URL_MAX);
	sst_buf_init(&request->headers, HEADERS_MAX);
	sst_buf_init(&request->body, BODY_MAX);
}

void
sst_api_request_release(struct sst_api_request *request)
{
	sst_buf_release(&request->method);
	sst_buf_release(&request->url);
	sst_buf_release(&request->headers);
	sst_buf_release(&request->body);
}

static void
set_batch(struct sst_api *api, const struct sst_api_batch *batch, char now[64])
{
	struct sst_machine *m = api->machine;
	struct sst_buf text;

	sst_machine_set_event(m, batch->first);
	m->batch_id = batch->id;
	m->batch_events = batch->events;
	sst_buf_init(&text, 63);
	sst_stamp_put(&text, sst_stamp_of_us(batch->now_us));
	m->now = sst_span(now, text.len);
	if (text.len > 0)
		memcpy(now, text.at, text.len);
	sst_buf_release(&text);
}

static void
put_url(struct sst_api *api, struct sst_buf *url)
{
	struct sst_machine *m = api->machine;
	size_t n = 0;

	sst_machine_run(m, api->url, url);
	if (!m->ok)
		return;
	for (size_t i = 0; i < api->query_count; i++) {
		size_t from = url->len;

		sst_buf_byte(url, n > 0 || sst_span_find(sst_buf_span(url),
						   '?') < url->len
					  ? '&'
					  : '?');
		sst_buf_put_span(url, api->query[i].name);
		sst_buf_byte(url, '=');
		sst_machine_run(m, api->query[i].entry, url);
		if (!m->ok)
			url->len = from;
		n += m->ok;
	}
	m->ok = true;
}

static void
put_headers(struct sst_api *api, struct sst_buf *to)
{
	struct sst_machine *m = api->machine;

	if (api->type.at != NULL)
		sst_buf_printf(to, "Content-Type: %.*s%c", (int)api->type.len,
			api->type.at, '\0');
	for (size_t i = 0; i < api->header_count; i++) {
		size_t from = to->len;

		sst_buf_put_span(to, api->headers[i].name);
		SST_BUF_PUT(to, ": ");
		sst_machine_run(m, api->headers[i].entry, to);
		sst_buf_byte(to, '\0');
		if (!m->ok)
			to->len = from;
	}
	sst_api_put_auth(api, to);
}

static void
put_items(struct sst_api *api, const struct sst_api_batch *batch,
	struct sst_buf *to)
{
	bool is_list =
		api->body == SST_BODY_ARRAY || api->body == SST_BODY_ENVELOPE;

	if (is_list)
		sst_buf_byte(to, '[');
	for (uint64_t i = 0; i < batch->events; i++) {
		if (is_list && i > 0)
			sst_buf_byte(to, ',');
		sst_buf_put_span(to, batch->items[i]);
	}
	if (is_list)
		sst_buf_byte(to, ']');
}

static void
put_body(struct sst_api *api, const struct sst_api_batch *batch,
	struct sst_buf *to)
{
	struct sst_machine *m = api->machine;
	size_t at;

	if (api->body != SST_BODY_ENVELOPE) {
		put_items(api, batch, to);
		return;
	}
	/* The envelope is written whole; its second half waits while the items
	 * come between. */
	sst_buf_reset(&api->work);
	sst_machine_run(m, api->body_entry, &api->work);
	to->is_short |= m->is_short;
	at = m->items_at;
	sst_buf_put(to, api->work.at, at);
	put_items(api, batch, to);
	sst_buf_put(to, api->work.at + at, api->work.len - at);
}

enum sst_status
sst_api_url(struct sst_api *api, int64_t now_us, struct sst_buf *url,
	struct sst_err *err)
{
	const struct sst_api_batch batch = { .now_us = now_us,
		.id = sst_span_of("00000000-0000-8000-8000-000000000000") };
	char now[64];

	set_batch(api, &batch, now);
	put_url(api, url);
	if (!api->machine->ok)
		return sst_fail(err, SST_ECONFIG,
			"%s: the URL refers to something that is not there",
			api->path);
	sst_buf_byte(url, '\0');
	return url->is_short ? sst_fail_memory(err, "a URL") : SST_OK;
}

enum sst_status
sst_api_request(struct sst_api *api, const struct sst_api_batch *batch,
	struct sst_api_request *out, struct sst_err *err)
{
	char now[64];

	set_batch(api, batch, now);
	sst_buf_reset(&out->method);
	sst_buf_reset(&out->url);
	sst_buf_reset(&out->headers);
	sst_buf_reset(&out->body);
	sst_buf_put_span(&out->method, api->method);
	sst_buf_byte(&out->method, '\0');
	put_url(api, &out->url);
	if (!api->machine->ok)
		return sst_fail(err, SST_ECONFIG,
			"%s: the URL refers to something that is not there",
			api->path);
	sst_buf_byte(&out->url, '\0');
	put_body(api, batch, &out->body);
	/* Signatures are over the body. */
	api->machine->body = sst_buf_span(&out->body);
	put_headers(api, &out->headers);
	api->machine->body = sst_span(NULL, 0);
	if (out->method.is_short || out->url.is_short ||
		out->headers.is_short || out->body.is_short)
		return sst_fail_memory(err, "a request");
	return SST_OK;
}

uint64_t
sst_api_envelope_bytes(struct sst_api *api, const struct sst_api_batch *batch)
{
	char now[64];

	if (api->body == SST_BODY_ARRAY)
		return 2;
	if (api->body != SST_BODY_ENVELOPE)
		return 0;
	set_batch(api, batch, now);
	/* As many digits as the number of events may get. */
	api->machine->batch_events = api->facts.limits.events;
	sst_buf_reset(&api->work);
	sst_machine_run(api->machine, api->body_entry, &api->work);
	return api->work.len + 2;
}

uint64_t
sst_api_separator_bytes(const struct sst_api *api)
{
	return api->body == SST_BODY_ARRAY || api->body == SST_BODY_ENVELOPE;
}
