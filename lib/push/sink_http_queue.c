/* SPDX-License-Identifier: ISC */
/* Batches in their places, and events settled. */
#include "push/sink_http_in.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
sst_sender_say(struct sst_sender *sink, enum sst_sink_level level,
	const char *format, ...)
{
	char text[SST_ERR_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sink->asked.owner.say(sink->asked.owner.self, level, text);
}

/* ---- the queue ---- */

static int
by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

enum sst_status
sst_sender_note_lanes(
	struct sst_sender *sink, struct sst_batch *batch, struct sst_err *err)
{
	if (!sst_api_facts(sink->api)->has_lanes)
		return SST_OK;
	batch->lanes = malloc((batch->n + 1) * sizeof(*batch->lanes));
	if (batch->lanes == NULL)
		return sst_fail_memory(err, "a batch");
	for (size_t i = 0; i < batch->n; i++)
		if (batch->entries[i].lane != 0)
			batch->lanes[batch->lane_count++] =
				batch->entries[i].lane;
	qsort(batch->lanes, batch->lane_count, sizeof(*batch->lanes), by_value);
	return SST_OK;
}

static bool
shares_lane(const struct sst_batch *a, const struct sst_batch *b)
{
	size_t i = 0, k = 0;

	while (i < a->lane_count && k < b->lane_count) {
		if (a->lanes[i] == b->lanes[k])
			return true;
		if (a->lanes[i] < b->lanes[k])
			i++;
		else
			k++;
	}
	return false;
}

void
sst_sender_append(struct sst_sender *sink, struct sst_batch *batch)
{
	batch->state = SST_BATCH_READY;
	batch->next = NULL;
	*sink->queue_end = batch;
	sink->queue_end = &batch->next;
}

/* In the place behind another, since lanes keep their order. */
void
sst_sender_insert(struct sst_sender *sink, struct sst_batch *before,
	struct sst_batch *batch)
{
	batch->state = SST_BATCH_READY;
	batch->next = before->next;
	before->next = batch;
	if (batch->next == NULL)
		sink->queue_end = &batch->next;
}

void
sst_sender_leave_family(struct sst_batch *batch)
{
	struct sst_family *family = batch->family;

	batch->family = NULL;
	if (family == NULL)
		return;
	family->aside -= batch->state == SST_BATCH_ASIDE;
	if (--family->members == 0)
		free(family);
}

/* Its events are settled, or are in other batches. */
void
sst_sender_remove(struct sst_sender *sink, struct sst_batch *batch)
{
	struct sst_batch **at = &sink->queue;

	while (*at != batch)
		at = &(*at)->next;
	*at = batch->next;
	if (*at == NULL)
		sink->queue_end = at;
	sst_sender_leave_family(batch);
	sst_batch_free(batch);
}

bool
sst_sender_is_lane_free(
	const struct sst_sender *sink, const struct sst_batch *batch)
{
	if (batch->lane_count == 0)
		return true;
	for (const struct sst_batch *at = sink->queue; at != batch;
		at = at->next)
		/* What stands aside may wait for this very batch. */
		if (at->state != SST_BATCH_ASIDE && shares_lane(at, batch))
			return false;
	return true;
}

/* ---- settling ---- */

static uint64_t
memory_of(const struct sst_batch *batch, size_t i)
{
	return batch->entries[i].item_len + batch->entries[i].id_len +
	       batch->entries[i].line_len + sizeof(batch->entries[0]);
}

void
sst_sender_settle(struct sst_sender *sink, const struct sst_batch *batch,
	size_t i, enum sst_status status, enum sst_reason why)
{
	assert(sink->held > 0);
	sink->held--;
	sink->bytes -= memory_of(batch, i);
	sink->asked.owner.settle(sink->asked.owner.self,
		batch->entries[i].ticket, 1, status, why);
}

void
sst_sender_hide(struct sst_sender *sink, struct sst_buf *text)
{
	for (size_t k = 0; k < sink->asked.api.secrets.n; k++) {
		struct sst_span secret = sink->asked.api.secrets.at[k].value;

		for (size_t i = 0;
			secret.len >= 4 && i + secret.len <= text->len; i++)
			if (memcmp(text->at + i, secret.at, secret.len) == 0)
				memset(text->at + i, '*', secret.len);
	}
}
