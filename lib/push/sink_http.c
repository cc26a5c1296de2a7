/* SPDX-License-Identifier: ISC */
#include "push/sink_http.h"

#include "push/gzip.h"
#include "push/sink_http_in.h"

#include <stdio.h>
#include <stdlib.h>

/* Where the API file says nothing. */
#define TIMEOUT_US (INT64_C(30) * 1000000)
/* Of a compressed body: what cannot be compressed grows a little. */
#define GZIP_MAX ((size_t)1024 * 1024 * 1024)

static struct sst_sender *
of(struct sst_sink *sink)
{
	return (struct sst_sender *)sink;
}

/* ---- sending ---- */

static void
print_request(struct sst_sender *sink)
{
	struct sst_buf text;
	struct sst_span rest = sst_buf_span(&sink->request.headers);

	sst_buf_init(&text,
		sink->request.body.len + sink->request.headers.len + 131072);
	sst_buf_printf(&text, "%s %s\n", sink->request.method.at,
		sink->request.url.at);
	while (rest.len > 0) {
		size_t len = strlen(rest.at);

		sst_buf_put_span(&text, sst_span_head(rest, len));
		sst_buf_byte(&text, '\n');
		rest = sst_span_from(rest, len + 1);
	}
	sst_buf_byte(&text, '\n');
	sst_buf_put_span(&text, sst_buf_span(&sink->request.body));
	SST_BUF_PUT(&text, "\n\n");
	sink->asked.print(sink->asked.owner.self, sst_buf_span(&text));
	sst_buf_release(&text);
}

/* Limits are of the plain body, so this comes last. */
static enum sst_status
compress(struct sst_sender *sink, struct sst_err *err)
{
	struct sst_buf plain = sink->request.body;

	if (sink->asked.compress == SST_HTTP_PLAIN ||
		plain.len < SST_GZIP_LEAST ||
		(sink->asked.compress == SST_HTTP_AUTO &&
			!sst_api_facts(sink->api)->takes_gzip))
		return SST_OK;
	sst_buf_reset(&sink->gzip);
	if (!sst_gzip_put(&sink->gzip, sst_buf_span(&plain)))
		return sst_fail_memory(err, "a compressed request");
	sink->request.body = sink->gzip;
	sink->gzip = plain;
	SST_BUF_PUT(&sink->request.headers, "Content-Encoding: gzip");
	sst_buf_byte(&sink->request.headers, '\0');
	return sink->request.headers.is_short
		       ? sst_fail_memory(err, "a request's headers")
		       : SST_OK;
}

/* When the limit `rate` lets the next request go: they are spread evenly, so
 * that no second has more than its number. */
static void
note_rate(struct sst_sender *sink)
{
	uint64_t rate = sst_api_facts(sink->api)->limits.rate;

	if (rate == 0)
		return;
	sink->rate_until_us =
		sink->now.mono_us + (int64_t)((999999 + rate) / rate);
}

/* SST_AGAIN: nothing more can be sent now. */
static enum sst_status
send_batch(
	struct sst_sender *sink, struct sst_batch *batch, struct sst_err *err)
{
	enum sst_status status = sst_batch_request(batch, sink->api,
		&sink->event, sink->now.wall_us, &sink->request, err);

	if (status != SST_OK)
		return status;
	if (sink->asked.mode == SST_HTTP_DRY) {
		print_request(sink);
		for (size_t i = 0; i < batch->n; i++)
			sst_sender_settle(
				sink, batch, i, SST_DROP, SST_WHY_NOT_ASKED);
		sst_sender_remove(sink, batch);
		return SST_OK;
	}
	status = compress(sink, err);
	if (status == SST_OK)
		status = sst_http_send(sink->http, &sink->request, batch,
			sink->asked.timeout_us, err);
	if (status != SST_OK)
		return status;
	note_rate(sink);
	batch->state = SST_BATCH_FLYING;
	sink->asked.counts->requests++;
	return SST_OK;
}

static enum sst_status
expire(struct sst_sender *sink, struct sst_batch *batch, struct sst_err *err)
{
	const struct sst_answer none = { .error = "too old",
		.retry_after_s = -1 };

	return sst_sender_give_up(sink, batch, &none, err);
}

static bool
is_expired(const struct sst_sender *sink, const struct sst_batch *batch)
{
	return batch->attempts > 0 && sink->now.mono_us - batch->born_us >=
					      sink->asked.retry.max_age_us;
}

/* While on hold one batch at a time tries whether things are right again. */
static unsigned
in_flight_max(const struct sst_sender *sink)
{
	return sink->holds > 0 ? 1 : sink->limit;
}

static enum sst_status
send_ready(struct sst_sender *sink, struct sst_err *err)
{
	struct sst_batch *at = sink->queue, *next;
	enum sst_status status = SST_OK;

	for (; at != NULL && status == SST_OK; at = next) {
		next = at->next;
		if (at->state != SST_BATCH_READY)
			continue;
		if (is_expired(sink, at)) {
			status = expire(sink, at, err);
			continue;
		}
		if (sink->now.mono_us < at->not_before_us ||
			sink->now.mono_us < sink->pause_until_us ||
			sink->now.mono_us < sink->hold_until_us ||
			sink->now.mono_us < sink->rate_until_us ||
			!sst_sender_is_lane_free(sink, at))
			continue;
		if (sst_http_in_flight(sink->http) >= in_flight_max(sink))
			break;
		/* Cut for a variant that took more. */
		if (at->n > sink->batcher.limits.events)
			status = sst_sender_halve(sink, at, err);
		else
			status = send_batch(sink, at, err);
	}
	return status == SST_AGAIN ? SST_OK : status;
}

static enum sst_status
take_complete(struct sst_sender *sink, struct sst_err *err)
{
	struct sst_batch *batch;

	while ((batch = sst_batcher_take(&sink->batcher)) != NULL) {
		if (batch->n > sink->each_max) {
			uint8_t *more = realloc(sink->each, batch->n);

			if (more != NULL) {
				sink->each = more;
				sink->each_max = batch->n;
			}
		}
		sst_sender_append(sink, batch);
		if (batch->n > sink->each_max ||
			sst_sender_note_lanes(sink, batch, err) != SST_OK)
			return sst_fail_memory(err, "a batch");
	}
	return SST_OK;
}

static enum sst_status
take_answers(struct sst_sender *sink, struct sst_err *err)
{
	struct sst_answer answer;
	enum sst_status status = SST_OK;
	void *tag;

	while (status == SST_OK && sst_http_next(sink->http, &answer, &tag))
		status = sst_sender_take_answer(sink, tag, &answer, err);
	return status;
}

/* ---- the interface ---- */

static enum sst_status
refuse(struct sst_sender *sink, const struct sst_sink_event *in,
	const char *reason, struct sst_err *err)
{
	const struct sst_dead_letter letter = {
		.id = sst_event_text(in->event, SST_F_ID),
		.input = in->input,
		.number = in->number,
		.reason = reason,
		.at_us = sink->now.wall_us,
		.event = in->line,
	};
	enum sst_status status = SST_OK;

	if (sink->asked.dead != NULL)
		status = sst_dead_put(sink->asked.dead, &letter, err);
	if (status == SST_OK && sink->asked.dead != NULL)
		status = sst_dead_sync(sink->asked.dead, err);
	if (status == SST_OK) {
		sink->asked.counts->dead++;
		sst_sender_say(sink, SST_SINK_WARNING,
			"%s: an event cannot be sent: %s", sink->api_name,
			reason);
	}
	return status == SST_OK ? SST_REJECT : status;
}

static enum sst_status
put(struct sst_sink *self, const struct sst_sink_event *in,
	enum sst_reason *why, struct sst_err *err)
{
	struct sst_sender *sink = of(self);
	enum sst_fate fate;
	const char *reason;

	if (sink->bytes >= sink->asked.queue_bytes)
		return SST_AGAIN;
	if (sst_batcher_add(&sink->batcher, in, sink->now, &fate, &reason) !=
		SST_OK)
		return sst_fail_memory(err, "a batch");
	switch (fate) {
	case SST_FATE_SKIP:
		*why = SST_WHY_NOT_FOR_THIS_API;
		return SST_DROP;
	case SST_FATE_NEEDS:
		if (!sink->has_begun)
			return sst_fail(err, SST_ECONFIG,
				"%s needs '%s', and the first event has not: "
				"was it redacted upstream? see --describe %s",
				sink->api_name, reason, sink->api_name);
		/* fall through */
	case SST_FATE_DEAD:
		sink->has_begun = true;
		*why = strcmp(reason, "it is too big") == 0 ? SST_WHY_TOO_BIG
							    : SST_WHY_REFUSED;
		return refuse(sink, in, reason, err);
	case SST_FATE_ITEM:
		break;
	}
	sink->has_begun = true;
	sink->held++;
	sink->bytes += sink->batcher.item.len +
		       sst_event_text(in->event, SST_F_ID).len +
		       (sink->asked.keeps_lines ? in->line.len : 0) +
		       sizeof(struct sst_entry);
	return SST_HELD;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When something is to be done without an answer; INT64_MAX: nothing. */
static int64_t
next_time(const struct sst_sender *sink)
{
	int64_t at_us = INT64_MAX;

	if (sink->batcher.open != NULL)
		at_us = sink->batcher.open->born_us +
			sink->asked.limits.batch_age_us;
	if (sst_http_in_flight(sink->http) >= in_flight_max(sink))
		return at_us; /* only an answer makes room */
	for (const struct sst_batch *batch = sink->queue; batch != NULL;
		batch = batch->next) {
		int64_t ready_us = batch->not_before_us;

		if (batch->state != SST_BATCH_READY ||
			!sst_sender_is_lane_free(sink, batch))
			continue;
		if (ready_us < sink->pause_until_us)
			ready_us = sink->pause_until_us;
		if (ready_us < sink->hold_until_us)
			ready_us = sink->hold_until_us;
		if (ready_us < sink->rate_until_us)
			ready_us = sink->rate_until_us;
		if (batch->attempts > 0 && sink->asked.retry.max_age_us <
						   INT64_MAX - batch->born_us)
			ready_us = sooner(ready_us,
				batch->born_us + sink->asked.retry.max_age_us);
		at_us = sooner(at_us, ready_us);
	}
	return at_us;
}

static enum sst_status
work(struct sst_sink *self, struct sst_moment now, int *wait_ms,
	struct sst_err *err)
{
	struct sst_sender *sink = of(self);
	enum sst_status status;
	int64_t at_us, left_ms;

	sink->now = now;
	sst_batcher_close(&sink->batcher,
		sink->is_ended ? INT64_MAX
			       : now.mono_us - sink->asked.limits.batch_age_us);
	status = take_answers(sink, err);
	if (status == SST_OK)
		status = take_complete(sink, err);
	if (status == SST_OK)
		status = send_ready(sink, err);
	if (status != SST_OK)
		return status;
	at_us = next_time(sink);
	left_ms = at_us <= now.mono_us ? 0 : (at_us - now.mono_us) / 1000 + 1;
	*wait_ms = at_us == INT64_MAX      ? -1
		   : left_ms > 3600 * 1000 ? 3600 * 1000
					   : (int)left_ms;
	return SST_OK;
}

static int
wait_http(struct sst_sink *self, struct pollfd *fds, nfds_t n, int timeout_ms)
{
	return sst_http_wait(of(self)->http, fds, n, timeout_ms);
}

static enum sst_status
flush(struct sst_sink *self, struct sst_moment now, struct sst_err *err)
{
	struct sst_sender *sink = of(self);
	int wait_ms;

	sink->is_ended = true;
	return work(self, now, &wait_ms, err);
}

static uint64_t
held(const struct sst_sink *self)
{
	return ((const struct sst_sender *)self)->held;
}

static void
abandon(struct sst_sink *self)
{
	struct sst_sender *sink = of(self);
	struct sst_batch *batch;

	sst_batcher_close(&sink->batcher, INT64_MAX);
	while ((batch = sst_batcher_take(&sink->batcher)) != NULL)
		sst_sender_append(sink, batch);
	while ((batch = sink->queue) != NULL) {
		for (size_t i = 0; i < batch->n; i++)
			sst_sender_settle(
				sink, batch, i, SST_DROP, SST_WHY_LOST);
		sst_sender_remove(sink, batch);
	}
}

static void
close_http(struct sst_sink *self)
{
	struct sst_sender *sink = of(self);

	sst_http_close(sink->http);
	while (sink->queue != NULL)
		sst_sender_remove(sink, sink->queue);
	sst_batcher_release(&sink->batcher);
	sst_api_close(sink->api);
	sst_api_request_release(&sink->request);
	sst_buf_release(&sink->gzip);
	sst_event_release(&sink->event);
	free(sink->each);
	free(sink);
}

static const struct sst_sink_ops ops = {
	.name = "http",
	.put = put,
	.work = work,
	.wait = wait_http,
	.flush = flush,
	.held = held,
	.abandon = abandon,
	.close = close_http,
};

static enum sst_status
open_all(struct sst_sender *sink, struct sst_err *err)
{
	struct sst_sink_http_asked *asked = &sink->asked;
	struct sst_api_limits limits;
	enum sst_status status = sst_api_open(&sink->api, &asked->api, err);

	if (status != SST_OK)
		return status;
	limits = sst_sender_limits(sink);
	sst_batcher_init(&sink->batcher, sink->api, &limits);
	sink->batcher.keeps_lines = asked->keeps_lines;
	if (limits.in_flight != 0 && limits.in_flight < asked->http.in_flight)
		asked->http.in_flight = (unsigned)limits.in_flight;
	sink->limit = asked->http.in_flight;
	if (asked->timeout_us == 0)
		asked->timeout_us = sst_api_facts(sink->api)->timeout_us;
	if (asked->timeout_us == 0)
		asked->timeout_us = TIMEOUT_US;
	(void)snprintf(sink->api_name, sizeof(sink->api_name), "%.*s",
		(int)sst_api_facts(sink->api)->name.len,
		sst_api_facts(sink->api)->name.at);
	return sst_http_open(&sink->http, &asked->http, err);
}

enum sst_status
sst_sink_http_open(struct sst_sink **out,
	const struct sst_sink_http_asked *asked, struct sst_err *err)
{
	struct sst_sender *sink = calloc(1, sizeof(*sink));
	enum sst_status status;

	*out = NULL;
	if (sink == NULL)
		return sst_fail_memory(err, "a destination");
	sink->sink.ops = &ops;
	sink->asked = *asked;
	sink->asked.api.is_masked = asked->mode == SST_HTTP_DRY;
	sink->queue_end = &sink->queue;
	sink->batcher.open_end = &sink->batcher.open;
	sink->batcher.ready_end = &sink->batcher.ready;
	sst_event_init(&sink->event);
	sst_api_request_init(&sink->request);
	sst_buf_init(&sink->gzip, GZIP_MAX);
	status = open_all(sink, err);
	if (status != SST_OK) {
		close_http(&sink->sink);
		return status;
	}
	*out = &sink->sink;
	return SST_OK;
}

struct sst_api *
sst_sink_http_api(struct sst_sink *sink)
{
	return of(sink)->api;
}
