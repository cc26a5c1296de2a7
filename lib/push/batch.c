/* SPDX-License-Identifier: ISC */
#include "push/batch.h"

#include "text/stamp.h"
#include "json/read.h"
#include "json/write.h"

#include <assert.h>
#include <stdlib.h>

/* Groups that gather events at one time: past this the oldest goes as it is. */
#define OPEN_MAX_COUNT 1024

/* No request is larger, whatever its API says. */
#define ITEMS_MAX ((size_t)256 * 1024 * 1024)

/* ---- one batch ---- */

struct sst_batch *
sst_batch_new(void)
{
	struct sst_batch *batch = calloc(1, sizeof(*batch));

	if (batch == NULL)
		return NULL;
	sst_buf_init(&batch->items, ITEMS_MAX);
	sst_buf_init(&batch->texts, ITEMS_MAX);
	return batch;
}

void
sst_batch_free(struct sst_batch *batch)
{
	if (batch == NULL)
		return;
	free(batch->entries);
	free(batch->lanes);
	sst_buf_release(&batch->items);
	sst_buf_release(&batch->texts);
	free(batch);
}

bool
sst_batch_add(struct sst_batch *batch, const struct sst_entry *entry,
	struct sst_span item, struct sst_span id, struct sst_span line)
{
	struct sst_entry *to;

	if (batch->n == batch->max) {
		size_t max = batch->max == 0 ? 16 : batch->max * 2;
		struct sst_entry *more =
			realloc(batch->entries, max * sizeof(*batch->entries));

		if (more == NULL)
			return false;
		batch->entries = more;
		batch->max = max;
	}
	to = &batch->entries[batch->n];
	*to = *entry;
	to->item = batch->items.len;
	to->item_len = item.len;
	to->id = batch->texts.len;
	to->id_len = id.len;
	sst_buf_put_span(&batch->items, item);
	sst_buf_put_span(&batch->texts, id);
	to->line = batch->texts.len;
	to->line_len = line.len;
	sst_buf_put_span(&batch->texts, line);
	if (batch->items.is_short || batch->texts.is_short)
		return false;
	batch->n++;
	return true;
}

struct sst_span
sst_batch_item(const struct sst_batch *batch, size_t i)
{
	return sst_span(batch->items.at + batch->entries[i].item,
		batch->entries[i].item_len);
}

struct sst_span
sst_batch_event_id(const struct sst_batch *batch, size_t i)
{
	return sst_span(batch->texts.at + batch->entries[i].id,
		batch->entries[i].id_len);
}

struct sst_span
sst_batch_line(const struct sst_batch *batch, size_t i)
{
	return sst_span(batch->texts.at + batch->entries[i].line,
		batch->entries[i].line_len);
}

struct sst_batch *
sst_batch_pick(
	const struct sst_batch *batch, const uint8_t *each, uint8_t value)
{
	struct sst_batch *out = sst_batch_new();

	if (out == NULL)
		return NULL;
	out->group = batch->group;
	out->born_us = batch->born_us;
	out->first_len = batch->first_len;
	sst_buf_put(&out->texts, batch->texts.at, batch->first_len);
	for (size_t i = 0; i < batch->n; i++)
		if (each[i] == value && !sst_batch_add(out, &batch->entries[i],
						sst_batch_item(batch, i),
						sst_batch_event_id(batch, i),
						sst_batch_line(batch, i))) {
			sst_batch_free(out);
			return NULL;
		}
	return out;
}

/* ---- cutting ---- */

void
sst_batcher_init(struct sst_batcher *batcher, struct sst_api *api,
	const struct sst_api_limits *limits)
{
	memset(batcher, 0, sizeof(*batcher));
	batcher->api = api;
	batcher->limits = *limits;
	sst_buf_init(&batcher->item, ITEMS_MAX);
	sst_buf_init(&batcher->group, SST_EVENT_ROOM);
	batcher->open_end = &batcher->open;
	batcher->ready_end = &batcher->ready;
}

static void
free_list(struct sst_batch *batch)
{
	while (batch != NULL) {
		struct sst_batch *next = batch->next;

		sst_batch_free(batch);
		batch = next;
	}
}

void
sst_batcher_release(struct sst_batcher *batcher)
{
	free_list(batcher->open);
	free_list(batcher->ready);
	sst_buf_release(&batcher->item);
	sst_buf_release(&batcher->group);
}

/* By time, those of one time as they came. */
static int
earlier(const void *left, const void *right)
{
	const struct sst_entry *a = left, *b = right;

	if (a->time_us != b->time_us)
		return a->time_us < b->time_us ? -1 : 1;
	return a->ticket < b->ticket ? -1 : a->ticket > b->ticket;
}

/* The batch is complete: in order, and out of the open ones. */
static void
complete(struct sst_batcher *batcher, struct sst_batch **at)
{
	struct sst_batch *batch = *at;

	*at = batch->next;
	if (*at == NULL)
		batcher->open_end = at;
	batcher->open_count--;
	batch->next = NULL;
	*batcher->ready_end = batch;
	batcher->ready_end = &batch->next;
	if (sst_api_facts(batcher->api)->is_in_order)
		qsort(batch->entries, batch->n, sizeof(*batch->entries),
			earlier);
}

void
sst_batcher_close(struct sst_batcher *batcher, int64_t born_us)
{
	/* They began in this order. */
	while (batcher->open != NULL && batcher->open->born_us <= born_us)
		complete(batcher, &batcher->open);
}

struct sst_batch *
sst_batcher_take(struct sst_batcher *batcher)
{
	struct sst_batch *batch = batcher->ready;

	if (batch == NULL)
		return NULL;
	batcher->ready = batch->next;
	if (batcher->ready == NULL)
		batcher->ready_end = &batcher->ready;
	batch->next = NULL;
	return batch;
}

/* Tables and comparisons within one run: no secret is needed, the values have
 * been bounded before. */
static uint64_t
hash(struct sst_span text)
{
	static const struct sst_digest key = { "sst push group" };
	struct sst_digest digest = sst_siphash13(&key, text);
	uint64_t value;

	memcpy(&value, digest.at, sizeof(value));
	return value == 0 ? 1 : value;
}

static struct sst_batch **
find_open(struct sst_batcher *batcher, uint64_t group)
{
	struct sst_batch **at = &batcher->open;

	while (*at != NULL && (*at)->group != group)
		at = &(*at)->next;
	return at;
}

static struct sst_batch *
begin(struct sst_batcher *batcher, const struct sst_sink_event *in,
	uint64_t group, struct sst_moment now)
{
	struct sst_batch *batch = sst_batch_new();
	struct sst_api_batch facts = { .events = 1,
		.first = in->event,
		.id = SST_SPAN("00000000-0000-8000-8000-000000000000"),
		.now_us = now.wall_us };

	if (batch == NULL)
		return NULL;
	batch->group = group;
	batch->born_us = now.mono_us;
	if (sst_api_facts(batcher->api)->request_has_keys) {
		/* As it is now: its time may have been changed. */
		if (!sst_json_write_object(&batch->texts, in->event)) {
			sst_batch_free(batch);
			return NULL;
		}
		batch->first_len = batch->texts.len;
	}
	batch->body_bytes = sst_api_envelope_bytes(batcher->api, &facts);
	if (batcher->open_count == OPEN_MAX_COUNT)
		complete(batcher, &batcher->open);
	*batcher->open_end = batch;
	batcher->open_end = &batch->next;
	batcher->open_count++;
	return batch;
}

static bool
is_full(const struct sst_batcher *batcher, const struct sst_batch *batch,
	uint64_t more)
{
	return batch->n >= batcher->limits.events ||
	       (batcher->limits.bytes != 0 &&
		       batch->body_bytes + more > batcher->limits.bytes);
}

enum sst_status
sst_batcher_add(struct sst_batcher *batcher, const struct sst_sink_event *in,
	struct sst_moment now, enum sst_fate *fate, const char **reason)
{
	struct sst_entry entry = { .ticket = in->ticket,
		.input = in->input,
		.number = in->number,
		.time_us = INT64_MIN };
	struct sst_batch **at, *batch;
	struct sst_span none = { NULL, 0 };
	uint64_t group = 1, more;

	sst_buf_reset(&batcher->item);
	*fate = sst_api_item(
		batcher->api, in->event, now.wall_us, &batcher->item, reason);
	if (*fate != SST_FATE_ITEM)
		return SST_OK;
	if (!sst_stamp_us(
		    sst_event_text(in->event, SST_F_TIME), &entry.time_us))
		entry.time_us = INT64_MIN;
	if (sst_api_facts(batcher->api)->has_lanes) {
		sst_buf_reset(&batcher->group);
		sst_api_put_lane(batcher->api, in->event, &batcher->group);
		/* An event without a value is in no lane. */
		if (batcher->group.len > 1)
			entry.lane = hash(sst_buf_span(&batcher->group));
	}
	if (sst_api_facts(batcher->api)->is_grouped) {
		sst_buf_reset(&batcher->group);
		sst_api_put_group(batcher->api, in->event, &batcher->group);
		group = hash(sst_buf_span(&batcher->group));
	}
	if (batcher->group.is_short)
		return SST_ENOMEM;
	at = find_open(batcher, group);
	/* A separator stands before each item but the first. */
	more = batcher->item.len + sst_api_separator_bytes(batcher->api);
	if (*at != NULL && is_full(batcher, *at, more)) {
		complete(batcher, at);
		at = find_open(batcher, group);
	}
	batch = *at != NULL ? *at : begin(batcher, in, group, now);
	if (batch == NULL)
		return SST_ENOMEM;
	if (batch->n == 0)
		more = batcher->item.len;
	if (batch->n == 0 && is_full(batcher, batch, more)) {
		/* Alone it is over the limit: it can never go. */
		at = find_open(batcher, group);
		*at = batch->next;
		if (*at == NULL)
			batcher->open_end = at;
		batcher->open_count--;
		sst_batch_free(batch);
		*fate = SST_FATE_DEAD;
		*reason = "it is too big";
		return SST_OK;
	}
	if (!sst_batch_add(batch, &entry, sst_buf_span(&batcher->item),
		    sst_event_text(in->event, SST_F_ID),
		    batcher->keeps_lines ? in->line : none))
		return SST_ENOMEM;
	batch->body_bytes += more;
	return SST_OK;
}

/* ---- requests ---- */

/* The batch's id follows from its items: the same batch has the same one after
 * a restart, and a receiver that remembers ids takes it once. */
static bool
make_id(struct sst_batch *batch)
{
	struct sst_digest digest = { { 0 } };
	struct sst_buf hex;
	bool is_made;

	sst_buf_init(&hex, 128);
	sst_sha256_put(&hex, sst_buf_span(&batch->items));
	is_made = !hex.is_short && hex.len >= 32;
	for (size_t i = 0; is_made && i < 16; i++) {
		unsigned byte = 0;

		for (size_t k = 0; k < 2; k++) {
			char c = hex.at[2 * i + k];

			byte = byte << 4 |
			       (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
		}
		digest.at[i] = (uint8_t)byte;
	}
	sst_buf_release(&hex);
	sst_uuid_write(batch->id, &digest, 0x80);
	batch->has_id = true;
	return is_made;
}

enum sst_status
sst_batch_request(struct sst_batch *batch, struct sst_api *api,
	struct sst_event *event, int64_t now_us, struct sst_api_request *out,
	struct sst_err *err)
{
	struct sst_api_batch facts = { .events = batch->n, .now_us = now_us };
	struct sst_span *items = calloc(batch->n + 1, sizeof(*items));
	enum sst_reason why;
	enum sst_status status;

	if (items == NULL)
		return sst_fail_memory(err, "a request");
	for (size_t i = 0; i < batch->n; i++)
		items[i] = sst_batch_item(batch, i);
	facts.items = items;
	if (batch->first_len > 0) {
		status = sst_json_read(event,
			sst_span(batch->texts.at, batch->first_len), &why);
		assert(status == SST_OK); /* we wrote it */
		facts.first = event;
	}
	if (!batch->has_id && sst_api_facts(api)->has_batch_id &&
		!make_id(batch)) {
		free(items);
		return sst_fail_memory(err, "a request");
	}
	facts.id = sst_span(batch->id, SST_UUID_LEN);
	status = sst_api_request(api, &facts, out, err);
	free(items);
	return status;
}
