/* SPDX-License-Identifier: ISC */
#include "push/sink_http.h"

#include "push/batch.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Where the API file says nothing. */
#define TIMEOUT_US (INT64_C(30) * 1000000)
/* An answer that makes no sense may be a bad moment; a third one is not. */
#define ODD_MAX 3

enum state {
	READY,  /* to be sent when its time has come */
	FLYING, /* its answer is awaited */
	ASIDE   /* one event that was refused; its family decides */
};

/* Batches that were split from one: was anything of it taken? */
struct sst_family {
	size_t members; /* live batches */
	size_t aside;   /* of them */
	bool has_taken;
	enum sst_verdict_kind alone, if_none;
};

struct http_sink {
	struct sst_sink sink;
	struct sst_sink_http_asked asked;
	struct sst_api *api;
	struct sst_http *http;
	struct sst_batcher batcher;
	struct sst_batch *queue, **queue_end; /* oldest first, any state */
	struct sst_event event;               /* room for sst_batch_request */
	struct sst_api_request request;
	uint8_t *each; /* verdicts of one answer */
	size_t each_max;
	struct sst_moment now;
	uint64_t held, bytes;
	unsigned limit;         /* in flight, at the moment */
	bool has_begun;         /* an event was wanted */
	int64_t pause_until_us; /* the server asked for it */
	int64_t hold_until_us;
	unsigned holds; /* in a row */
	bool is_ended;  /* no more company will come */
	char api_name[64];
};

static struct http_sink *
of(struct sst_sink *sink)
{
	return (struct http_sink *)sink;
}

static void say(struct http_sink *sink, enum sst_sink_level level,
	const char *format, ...) SST_PRINTF(3, 4);

static void
say(struct http_sink *sink, enum sst_sink_level level, const char *format, ...)
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

static enum sst_status
note_lanes(struct http_sink *sink, struct sst_batch *batch, struct sst_err *err)
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

static void
append(struct http_sink *sink, struct sst_batch *batch)
{
	batch->state = READY;
	batch->next = NULL;
	*sink->queue_end = batch;
	sink->queue_end = &batch->next;
}

/* In the place behind another, since lanes keep their order. */
static void
insert_behind(struct http_sink *sink, struct sst_batch *before,
	struct sst_batch *batch)
{
	batch->state = READY;
	batch->next = before->next;
	before->next = batch;
	if (batch->next == NULL)
		sink->queue_end = &batch->next;
}

static void
leave_family(struct sst_batch *batch)
{
	struct sst_family *family = batch->family;

	batch->family = NULL;
	if (family == NULL)
		return;
	family->aside -= batch->state == ASIDE;
	if (--family->members == 0)
		free(family);
}

/* Its events are settled, or are in other batches. */
static void
remove_batch(struct http_sink *sink, struct sst_batch *batch)
{
	struct sst_batch **at = &sink->queue;

	while (*at != batch)
		at = &(*at)->next;
	*at = batch->next;
	if (*at == NULL)
		sink->queue_end = at;
	leave_family(batch);
	sst_batch_free(batch);
}

/* ---- settling ---- */

static uint64_t
memory_of(const struct sst_batch *batch, size_t i)
{
	return batch->entries[i].item_len + batch->entries[i].id_len +
	       batch->entries[i].line_len + sizeof(batch->entries[0]);
}

static void
settle(struct http_sink *sink, const struct sst_batch *batch, size_t i,
	enum sst_status status, enum sst_reason why)
{
	assert(sink->held > 0);
	sink->held--;
	sink->bytes -= memory_of(batch, i);
	sink->asked.owner.settle(sink->asked.owner.self,
		batch->entries[i].ticket, 1, status, why);
}

static void
hide_secrets(struct http_sink *sink, struct sst_buf *text)
{
	for (size_t k = 0; k < sink->asked.api.secrets.n; k++) {
		struct sst_span secret = sink->asked.api.secrets.at[k].value;

		for (size_t i = 0;
			secret.len >= 4 && i + secret.len <= text->len; i++)
			if (memcmp(text->at + i, secret.at, secret.len) == 0)
				memset(text->at + i, '*', secret.len);
	}
}

/* A letter for each event of the batch that `each` marks with `value`; all of
 * them when each is NULL. They are durable when this returns. */
static enum sst_status
bury(struct http_sink *sink, const struct sst_batch *batch,
	const struct sst_answer *answer, const char *reason,
	struct sst_err *err)
{
	struct sst_buf text;
	enum sst_status status = SST_OK;

	if (sink->asked.dead == NULL)
		return SST_OK;
	sst_buf_init(&text, SST_HTTP_ANSWER_MAX);
	sst_buf_put(&text, answer->body.at,
		answer->body.len < 4096 ? answer->body.len : 4096);
	hide_secrets(sink, &text);
	for (size_t i = 0; i < batch->n && status == SST_OK; i++) {
		const struct sst_dead_letter letter = {
			.id = sst_batch_event_id(batch, i),
			.input = batch->entries[i].input,
			.number = batch->entries[i].number,
			.status = answer->status,
			.error = answer->error,
			.reason = reason,
			.answer = sst_buf_span(&text),
			.attempts = batch->attempts,
			.at_us = sink->now.wall_us,
			.event = sst_batch_line(batch, i),
		};

		status = sst_dead_put(sink->asked.dead, &letter, err);
	}
	sst_buf_release(&text);
	return status == SST_OK ? sst_dead_sync(sink->asked.dead, err) : status;
}

static enum sst_status
finish_dead(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const char *reason,
	struct sst_err *err)
{
	enum sst_status status = bury(sink, batch, answer, reason, err);

	if (status != SST_OK)
		return status;
	sink->asked.counts->dead += batch->n;
	if (answer->status != 0)
		say(sink, SST_SINK_WARNING,
			"%s refused %zu event(s) for good: HTTP %u",
			sink->api_name, batch->n, answer->status);
	else
		say(sink, SST_SINK_WARNING, "%s: %zu event(s) set aside: %s",
			sink->api_name, batch->n, reason);
	for (size_t i = 0; i < batch->n; i++)
		settle(sink, batch, i, SST_REJECT, SST_WHY_REFUSED);
	remove_batch(sink, batch);
	return SST_OK;
}

static void
finish_taken(struct http_sink *sink, struct sst_batch *batch, bool is_stored,
	uint64_t lost)
{
	uint64_t kept = batch->n - (lost < batch->n ? lost : batch->n);

	if (batch->family != NULL)
		batch->family->has_taken = true;
	if (lost > 0)
		say(sink, SST_SINK_ERROR,
			"%s says that it lost %llu event(s) of a request, and "
			"not which",
			sink->api_name, (unsigned long long)lost);
	if (is_stored)
		sink->asked.counts->stored += kept;
	else
		sink->asked.counts->accepted += kept;
	for (size_t i = 0; i < batch->n; i++)
		if (i < kept)
			settle(sink, batch, i, SST_OK, SST_WHY_NONE);
		else
			settle(sink, batch, i, SST_DROP, SST_WHY_LOST);
	remove_batch(sink, batch);
}

/* No more attempts. */
static enum sst_status
give_up(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_err *err)
{
	if (sink->asked.dead != NULL)
		return finish_dead(sink, batch, answer,
			"given up after the last attempt", err);
	say(sink, SST_SINK_ERROR,
		"%s: %zu event(s) given up after %u attempt(s), the last: %s",
		sink->api_name, batch->n, batch->attempts,
		answer->error != NULL ? answer->error : "refused for now");
	for (size_t i = 0; i < batch->n; i++)
		settle(sink, batch, i, SST_DROP, SST_WHY_LOST);
	remove_batch(sink, batch);
	return SST_OK;
}

/* ---- what an answer does ---- */

static enum sst_status
retry(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, int64_t after_us, struct sst_err *err)
{
	struct sst_retry_facts facts = { .attempts = batch->attempts,
		.age_us = sink->now.mono_us - batch->born_us,
		.after_us = after_us };
	int64_t wait_us;

	sst_random(&facts.random, sizeof(facts.random));
	if (sst_retry(&sink->asked.retry, &facts, &wait_us) ==
		SST_RETRY_GIVE_UP)
		return give_up(sink, batch, answer, err);
	sink->asked.counts->retries++;
	say(sink, SST_SINK_NOTE, "%s: %s%u, again in %lld ms", sink->api_name,
		answer->error != NULL ? answer->error : "HTTP ", answer->status,
		(long long)(wait_us / 1000));
	batch->not_before_us = sink->now.mono_us + wait_us;
	/* A server that says how long means everybody. */
	if (after_us >= 0 && batch->not_before_us > sink->pause_until_us)
		sink->pause_until_us = batch->not_before_us;
	if (answer->status == 429 || answer->status == 503)
		sink->limit = sink->limit > 1 ? sink->limit / 2 : 1;
	return SST_OK;
}

/* Something is wrong that only a person can right. Nothing is lost by waiting,
 * and much by going on. */
static enum sst_status
hold(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_span why,
	struct sst_err *err)
{
	struct sst_retry_facts facts = { .attempts = ++sink->holds,
		.after_us = -1 };
	int64_t wait_us = 0;

	if (sink->now.mono_us - batch->born_us >=
			sink->asked.retry.max_age_us ||
		batch->attempts > sink->asked.retry.retries)
		return give_up(sink, batch, answer, err);
	sst_random(&facts.random, sizeof(facts.random));
	(void)sst_retry(&sst_retry_hold, &facts, &wait_us);
	if (wait_us < sst_retry_hold.base_us / 5)
		wait_us = sst_retry_hold.base_us / 5;
	if (sink->holds == 1)
		sink->asked.counts->holds++;
	say(sink, SST_SINK_ERROR,
		"%s: sending is on hold, nothing is lost: %s%.0u%s%.*s",
		sink->api_name, answer->error != NULL ? answer->error : "HTTP ",
		answer->status, why.len > 0 ? ": " : "", (int)why.len,
		why.len > 0 ? why.at : "");
	sink->hold_until_us = sink->now.mono_us + wait_us;
	return SST_OK;
}

static enum sst_status apply(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement,
	struct sst_err *err);

/* The same batch again, with a verdict of one word. */
static enum sst_status
apply_word(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, enum sst_verdict_kind kind,
	struct sst_err *err)
{
	const struct sst_judgement judgement = { .kind = kind, .wait_us = -1 };

	return apply(sink, batch, answer, &judgement, err);
}

/* Replace a batch by those that its verdicts make of it. */
static enum sst_status
part(struct http_sink *sink, struct sst_batch *batch, const uint8_t *each,
	struct sst_batch *parts[SST_VERDICT_PARTIAL + 1], struct sst_err *err)
{
	struct sst_batch *behind = batch;

	for (int kind = 0; kind <= SST_VERDICT_PARTIAL; kind++) {
		parts[kind] = NULL;
		if (memchr(each, kind, batch->n) == NULL)
			continue;
		parts[kind] = sst_batch_pick(batch, each, (uint8_t)kind);
		if (parts[kind] == NULL ||
			note_lanes(sink, parts[kind], err) != SST_OK)
			return sst_fail_memory(err, "a batch");
		parts[kind]->attempts = batch->attempts;
		parts[kind]->odd_answers = batch->odd_answers;
		parts[kind]->family = batch->family;
		if (batch->family != NULL)
			batch->family->members++;
		insert_behind(sink, behind, parts[kind]);
		behind = parts[kind];
	}
	remove_batch(sink, batch);
	return SST_OK;
}

static enum sst_status
apply_each(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const uint8_t *each,
	struct sst_err *err)
{
	struct sst_batch *parts[SST_VERDICT_PARTIAL + 1];
	enum sst_status status = part(sink, batch, each, parts, err);

	for (int kind = 0; kind <= SST_VERDICT_DEAD && status == SST_OK; kind++)
		if (parts[kind] != NULL)
			status = apply_word(sink, parts[kind], answer,
				(enum sst_verdict_kind)kind, err);
	return status;
}

/* When all that is left of a family stands aside: what becomes of it. */
static enum sst_status
resolve_family(struct http_sink *sink, struct sst_family *family,
	const struct sst_answer *answer, struct sst_err *err)
{
	enum sst_verdict_kind verdict =
		family->has_taken ? family->alone : family->if_none;
	struct sst_batch *batch = sink->queue, *next;
	enum sst_status status = SST_OK;
	size_t left = family->members;

	/* The last member frees the family: count, do not look. */
	for (; batch != NULL && left > 0 && status == SST_OK; batch = next) {
		next = batch->next;
		if (batch->family != family || batch->state != ASIDE)
			continue;
		left--;
		leave_family(batch);
		batch->state = READY;
		status = apply_word(sink, batch, answer, verdict, err);
	}
	return status;
}

static enum sst_status
halve(struct http_sink *sink, struct sst_batch *batch, struct sst_err *err)
{
	struct sst_batch *parts[SST_VERDICT_PARTIAL + 1];

	memset(sink->each, 0, batch->n / 2);
	memset(sink->each + batch->n / 2, 1, batch->n - batch->n / 2);
	return part(sink, batch, sink->each, parts, err);
}

static enum sst_status
split(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement,
	struct sst_err *err)
{
	struct sst_family *family = batch->family;

	if (family == NULL && judgement->has_if_none) {
		family = calloc(1, sizeof(*family));
		if (family == NULL)
			return sst_fail_memory(err, "a batch");
		family->members = 1;
		family->alone = judgement->alone;
		family->if_none = judgement->if_none;
		batch->family = family;
	}
	if (batch->n == 1) {
		if (family == NULL)
			return apply_word(
				sink, batch, answer, judgement->alone, err);
		batch->state = ASIDE;
		if (++family->aside == family->members)
			return resolve_family(sink, family, answer, err);
		return SST_OK;
	}
	sink->asked.counts->splits++;
	return halve(sink, batch, err);
}

/* The smaller of two limits; 0 is none. */
static uint64_t
least(uint64_t a, uint64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The API's, made smaller by the user's. */
static struct sst_api_limits
limits_of(const struct http_sink *sink)
{
	struct sst_api_limits limits = sst_api_facts(sink->api)->limits;

	limits.events = least(limits.events, sink->asked.limits.batch_events);
	limits.bytes = least(limits.bytes, sink->asked.limits.batch_bytes);
	return limits;
}

/* From now on, all batches in another shape. */
static enum sst_status
use_variant(struct http_sink *sink, struct sst_span name, struct sst_err *err)
{
	struct sst_api_asked asked = sink->asked.api;
	struct sst_api *api;
	enum sst_status status;

	asked.variant = name.at;
	status = sst_api_open(&api, &asked, err);
	if (status != SST_OK)
		return status;
	sst_api_close(sink->api);
	sink->api = sink->batcher.api = api;
	sink->batcher.limits = limits_of(sink);
	say(sink, SST_SINK_NOTE, "%s: going on as '%.*s'", sink->api_name,
		(int)name.len, name.at);
	return SST_OK;
}

static enum sst_status
apply_retry(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement,
	struct sst_err *err)
{
	if (judgement->is_odd) {
		sink->asked.counts->odd++;
		if (++batch->odd_answers >= ODD_MAX)
			return hold(sink, batch, answer,
				sst_span_of("odd_answer"), err);
	}
	if (judgement->tries > 0 &&
		++batch->row_tries >= (uint64_t)judgement->tries)
		return apply_word(sink, batch, answer, judgement->finally, err);
	return retry(sink, batch, answer, judgement->wait_us, err);
}

static enum sst_status
apply(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement,
	struct sst_err *err)
{
	switch (judgement->kind) {
	case SST_VERDICT_STORED:
	case SST_VERDICT_ACCEPTED:
		finish_taken(sink, batch, judgement->kind == SST_VERDICT_STORED,
			judgement->lost);
		return SST_OK;
	case SST_VERDICT_RETRY:
		return apply_retry(sink, batch, answer, judgement, err);
	case SST_VERDICT_HOLD:
		return hold(sink, batch, answer, judgement->say, err);
	case SST_VERDICT_DEAD:
		return finish_dead(
			sink, batch, answer, "refused by the destination", err);
	case SST_VERDICT_SPLIT:
		return split(sink, batch, answer, judgement, err);
	case SST_VERDICT_USE:
		return use_variant(sink, judgement->variant, err);
	case SST_VERDICT_PARTIAL:
		return apply_each(sink, batch, answer, judgement->each, err);
	}
	return SST_OK;
}

static struct sst_span
id_of(void *self, uint64_t i)
{
	return sst_batch_event_id(self, (size_t)i);
}

/* --test-endpoint: say what came, keep nothing. */
static void
report_test(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement)
{
	struct sst_buf text;

	sst_buf_init(&text, SST_HTTP_ANSWER_MAX + 4096);
	sst_buf_printf(&text, "%s%.0u: %s, %zu event(s)\n",
		answer->error != NULL ? answer->error : "HTTP ", answer->status,
		sst_verdict_name(judgement->kind), batch->n);
	sst_buf_put_span(&text, answer->body);
	sst_buf_byte(&text, '\n');
	hide_secrets(sink, &text);
	sink->asked.print(sink->asked.owner.self, sst_buf_span(&text));
	sst_buf_release(&text);
	for (size_t i = 0; i < batch->n; i++)
		settle(sink, batch, i, SST_DROP, SST_WHY_NOT_ASKED);
	remove_batch(sink, batch);
}

/* After a change in a family: has its fate been decided by others? */
static enum sst_status
look_after(struct http_sink *sink, const struct sst_answer *answer,
	struct sst_err *err)
{
	for (struct sst_batch *at = sink->queue; at != NULL; at = at->next)
		if (at->state == ASIDE && at->family != NULL &&
			at->family->aside == at->family->members)
			return resolve_family(sink, at->family, answer, err);
	return SST_OK;
}

static enum sst_status
take_answer(struct http_sink *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_err *err)
{
	const struct sst_sent sent = { batch->n, id_of, batch };
	struct sst_judgement judgement;
	enum sst_status status;

	batch->state = READY;
	batch->attempts++;
	sst_api_judge(sink->api, answer, &sent, sink->each, &judgement);
	if (sink->asked.mode == SST_HTTP_TEST) {
		report_test(sink, batch, answer, &judgement);
		return SST_OK;
	}
	if (judgement.say.len > 0 && judgement.kind != SST_VERDICT_HOLD)
		say(sink, SST_SINK_WARNING, "%s: %.*s", sink->api_name,
			(int)judgement.say.len, judgement.say.at);
	if (judgement.is_slow)
		sink->limit = sink->limit > 1 ? sink->limit / 2 : 1;
	else if (judgement.kind <= SST_VERDICT_ACCEPTED &&
		 sink->limit < sink->asked.http.in_flight)
		sink->limit++;
	if (judgement.kind != SST_VERDICT_HOLD &&
		judgement.kind != SST_VERDICT_RETRY) {
		sink->holds = 0;
		sink->hold_until_us = 0;
	}
	status = apply(sink, batch, answer, &judgement, err);
	return status == SST_OK ? look_after(sink, answer, err) : status;
}

/* ---- sending ---- */

static bool
is_lane_free(const struct http_sink *sink, const struct sst_batch *batch)
{
	if (batch->lane_count == 0)
		return true;
	for (const struct sst_batch *at = sink->queue; at != batch;
		at = at->next)
		/* What stands aside may wait for this very batch. */
		if (at->state != ASIDE && shares_lane(at, batch))
			return false;
	return true;
}

static void
print_request(struct http_sink *sink)
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

/* SST_AGAIN: nothing more can be sent now. */
static enum sst_status
send_batch(struct http_sink *sink, struct sst_batch *batch, struct sst_err *err)
{
	enum sst_status status = sst_batch_request(batch, sink->api,
		&sink->event, sink->now.wall_us, &sink->request, err);

	if (status != SST_OK)
		return status;
	if (sink->asked.mode == SST_HTTP_DRY) {
		print_request(sink);
		for (size_t i = 0; i < batch->n; i++)
			settle(sink, batch, i, SST_DROP, SST_WHY_NOT_ASKED);
		remove_batch(sink, batch);
		return SST_OK;
	}
	status = sst_http_send(
		sink->http, &sink->request, batch, sink->asked.timeout_us, err);
	if (status != SST_OK)
		return status;
	batch->state = FLYING;
	sink->asked.counts->requests++;
	return SST_OK;
}

static enum sst_status
expire(struct http_sink *sink, struct sst_batch *batch, struct sst_err *err)
{
	const struct sst_answer none = { .error = "too old",
		.retry_after_s = -1 };

	return give_up(sink, batch, &none, err);
}

static bool
is_expired(const struct http_sink *sink, const struct sst_batch *batch)
{
	return batch->attempts > 0 && sink->now.mono_us - batch->born_us >=
					      sink->asked.retry.max_age_us;
}

/* While on hold one batch at a time tries whether things are right again. */
static unsigned
in_flight_max(const struct http_sink *sink)
{
	return sink->holds > 0 ? 1 : sink->limit;
}

static enum sst_status
send_ready(struct http_sink *sink, struct sst_err *err)
{
	struct sst_batch *at = sink->queue, *next;
	enum sst_status status = SST_OK;

	for (; at != NULL && status == SST_OK; at = next) {
		next = at->next;
		if (at->state != READY)
			continue;
		if (is_expired(sink, at)) {
			status = expire(sink, at, err);
			continue;
		}
		if (sink->now.mono_us < at->not_before_us ||
			sink->now.mono_us < sink->pause_until_us ||
			sink->now.mono_us < sink->hold_until_us ||
			!is_lane_free(sink, at))
			continue;
		if (sst_http_in_flight(sink->http) >= in_flight_max(sink))
			break;
		/* Cut for a variant that took more. */
		if (at->n > sink->batcher.limits.events)
			status = halve(sink, at, err);
		else
			status = send_batch(sink, at, err);
	}
	return status == SST_AGAIN ? SST_OK : status;
}

static enum sst_status
take_complete(struct http_sink *sink, struct sst_err *err)
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
		append(sink, batch);
		if (batch->n > sink->each_max ||
			note_lanes(sink, batch, err) != SST_OK)
			return sst_fail_memory(err, "a batch");
	}
	return SST_OK;
}

static enum sst_status
take_answers(struct http_sink *sink, struct sst_err *err)
{
	struct sst_answer answer;
	enum sst_status status = SST_OK;
	void *tag;

	while (status == SST_OK && sst_http_next(sink->http, &answer, &tag))
		status = take_answer(sink, tag, &answer, err);
	return status;
}

/* ---- the interface ---- */

static enum sst_status
refuse(struct http_sink *sink, const struct sst_sink_event *in,
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
		say(sink, SST_SINK_WARNING, "%s: an event cannot be sent: %s",
			sink->api_name, reason);
	}
	return status == SST_OK ? SST_REJECT : status;
}

static enum sst_status
put(struct sst_sink *self, const struct sst_sink_event *in,
	enum sst_reason *why, struct sst_err *err)
{
	struct http_sink *sink = of(self);
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
next_time(const struct http_sink *sink)
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

		if (batch->state != READY || !is_lane_free(sink, batch))
			continue;
		if (ready_us < sink->pause_until_us)
			ready_us = sink->pause_until_us;
		if (ready_us < sink->hold_until_us)
			ready_us = sink->hold_until_us;
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
	struct http_sink *sink = of(self);
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
	struct http_sink *sink = of(self);
	int wait_ms;

	sink->is_ended = true;
	return work(self, now, &wait_ms, err);
}

static uint64_t
held(const struct sst_sink *self)
{
	return ((const struct http_sink *)self)->held;
}

static void
abandon(struct sst_sink *self)
{
	struct http_sink *sink = of(self);
	struct sst_batch *batch;

	sst_batcher_close(&sink->batcher, INT64_MAX);
	while ((batch = sst_batcher_take(&sink->batcher)) != NULL)
		append(sink, batch);
	while ((batch = sink->queue) != NULL) {
		for (size_t i = 0; i < batch->n; i++)
			settle(sink, batch, i, SST_DROP, SST_WHY_LOST);
		remove_batch(sink, batch);
	}
}

static void
close_http(struct sst_sink *self)
{
	struct http_sink *sink = of(self);

	sst_http_close(sink->http);
	while (sink->queue != NULL)
		remove_batch(sink, sink->queue);
	sst_batcher_release(&sink->batcher);
	sst_api_close(sink->api);
	sst_api_request_release(&sink->request);
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
open_all(struct http_sink *sink, struct sst_err *err)
{
	struct sst_sink_http_asked *asked = &sink->asked;
	struct sst_api_limits limits;
	enum sst_status status = sst_api_open(&sink->api, &asked->api, err);

	if (status != SST_OK)
		return status;
	limits = limits_of(sink);
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
	struct http_sink *sink = calloc(1, sizeof(*sink));
	enum sst_status status;

	*out = NULL;
	if (sink == NULL)
		return sst_fail_memory(err, "a destination");
	sink->sink.ops = &ops;
	sink->asked = *asked;
	sink->queue_end = &sink->queue;
	sink->batcher.open_end = &sink->batcher.open;
	sink->batcher.ready_end = &sink->batcher.ready;
	sst_event_init(&sink->event);
	sst_api_request_init(&sink->request);
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
