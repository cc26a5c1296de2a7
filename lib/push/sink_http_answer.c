/* SPDX-License-Identifier: ISC */
/* What an answer does to a batch. */
#include "push/sink_http_in.h"

#include <stdlib.h>

/* An answer that makes no sense may be a bad moment; a third one is not. */
#define ODD_MAX 3

/* ---- settling ---- */

/* A letter for each event of the batch that `each` marks with `value`; all of
 * them when each is NULL. They are durable when this returns. */
static enum sst_status
bury(struct sst_sender *sink, const struct sst_batch *batch,
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
	sst_sender_hide(sink, &text);
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
finish_dead(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const char *reason,
	struct sst_err *err)
{
	enum sst_status status = bury(sink, batch, answer, reason, err);

	if (status != SST_OK)
		return status;
	sink->asked.counts->dead += batch->n;
	if (answer->status != 0)
		sst_sender_say(sink, SST_SINK_WARNING,
			"%s refused %zu event(s) for good: HTTP %u",
			sink->api_name, batch->n, answer->status);
	else
		sst_sender_say(sink, SST_SINK_WARNING,
			"%s: %zu event(s) set aside: %s", sink->api_name,
			batch->n, reason);
	for (size_t i = 0; i < batch->n; i++)
		sst_sender_settle(sink, batch, i, SST_REJECT, SST_WHY_REFUSED);
	sst_sender_remove(sink, batch);
	return SST_OK;
}

static void
finish_taken(struct sst_sender *sink, struct sst_batch *batch, bool is_stored,
	uint64_t lost)
{
	uint64_t kept = batch->n - (lost < batch->n ? lost : batch->n);

	if (batch->family != NULL)
		batch->family->has_taken = true;
	if (lost > 0)
		sst_sender_say(sink, SST_SINK_ERROR,
			"%s says that it lost %llu event(s) of a request, and "
			"not which",
			sink->api_name, (unsigned long long)lost);
	if (is_stored)
		sink->asked.counts->stored += kept;
	else
		sink->asked.counts->accepted += kept;
	for (size_t i = 0; i < batch->n; i++)
		if (i < kept)
			sst_sender_settle(sink, batch, i, SST_OK, SST_WHY_NONE);
		else
			sst_sender_settle(
				sink, batch, i, SST_DROP, SST_WHY_LOST);
	sst_sender_remove(sink, batch);
}

/* No more attempts. */
enum sst_status
sst_sender_give_up(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_err *err)
{
	if (sink->asked.dead != NULL)
		return finish_dead(sink, batch, answer,
			"given up after the last attempt", err);
	sst_sender_say(sink, SST_SINK_ERROR,
		"%s: %zu event(s) given up after %u attempt(s), the last: %s",
		sink->api_name, batch->n, batch->attempts,
		answer->error != NULL ? answer->error : "refused for now");
	for (size_t i = 0; i < batch->n; i++)
		sst_sender_settle(sink, batch, i, SST_DROP, SST_WHY_LOST);
	sst_sender_remove(sink, batch);
	return SST_OK;
}

/* ---- what an answer does ---- */

static enum sst_status
retry(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, int64_t after_us, struct sst_err *err)
{
	struct sst_retry_facts facts = { .attempts = batch->attempts,
		.age_us = sink->now.mono_us - batch->born_us,
		.after_us = after_us };
	int64_t wait_us;

	sst_random(&facts.random, sizeof(facts.random));
	if (sst_retry(&sink->asked.retry, &facts, &wait_us) ==
		SST_RETRY_GIVE_UP)
		return sst_sender_give_up(sink, batch, answer, err);
	sink->asked.counts->retries++;
	sst_sender_say(sink, SST_SINK_NOTE, "%s: %s%u, again in %lld ms",
		sink->api_name, answer->error != NULL ? answer->error : "HTTP ",
		answer->status, (long long)(wait_us / 1000));
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
hold(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_span why,
	struct sst_err *err)
{
	struct sst_retry_facts facts = { .attempts = ++sink->holds,
		.after_us = -1 };
	int64_t wait_us = 0;

	if (sink->now.mono_us - batch->born_us >=
			sink->asked.retry.max_age_us ||
		batch->attempts > sink->asked.retry.retries)
		return sst_sender_give_up(sink, batch, answer, err);
	sst_random(&facts.random, sizeof(facts.random));
	(void)sst_retry(&sst_retry_hold, &facts, &wait_us);
	if (wait_us < sst_retry_hold.base_us / 5)
		wait_us = sst_retry_hold.base_us / 5;
	if (sink->holds == 1)
		sink->asked.counts->holds++;
	sst_sender_say(sink, SST_SINK_ERROR,
		"%s: sending is on hold, nothing is lost: %s%.0u%s%.*s",
		sink->api_name, answer->error != NULL ? answer->error : "HTTP ",
		answer->status, why.len > 0 ? ": " : "", (int)why.len,
		why.len > 0 ? why.at : "");
	sink->hold_until_us = sink->now.mono_us + wait_us;
	return SST_OK;
}

static enum sst_status apply(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement,
	struct sst_err *err);

/* The same batch again, with a verdict of one word. */
static enum sst_status
apply_word(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, enum sst_verdict_kind kind,
	struct sst_err *err)
{
	const struct sst_judgement judgement = { .kind = kind, .wait_us = -1 };

	return apply(sink, batch, answer, &judgement, err);
}

/* Replace a batch by those that its verdicts make of it. */
static enum sst_status
part(struct sst_sender *sink, struct sst_batch *batch, const uint8_t *each,
	struct sst_batch *parts[SST_VERDICT_PARTIAL + 1], struct sst_err *err)
{
	struct sst_batch *behind = batch;

	for (int kind = 0; kind <= SST_VERDICT_PARTIAL; kind++) {
		parts[kind] = NULL;
		if (memchr(each, kind, batch->n) == NULL)
			continue;
		parts[kind] = sst_batch_pick(batch, each, (uint8_t)kind);
		if (parts[kind] == NULL ||
			sst_sender_note_lanes(sink, parts[kind], err) != SST_OK)
			return sst_fail_memory(err, "a batch");
		parts[kind]->attempts = batch->attempts;
		parts[kind]->odd_answers = batch->odd_answers;
		parts[kind]->family = batch->family;
		if (batch->family != NULL)
			batch->family->members++;
		sst_sender_insert(sink, behind, parts[kind]);
		behind = parts[kind];
	}
	sst_sender_remove(sink, batch);
	return SST_OK;
}

static enum sst_status
apply_each(struct sst_sender *sink, struct sst_batch *batch,
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
resolve_family(struct sst_sender *sink, struct sst_family *family,
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
		if (batch->family != family || batch->state != SST_BATCH_ASIDE)
			continue;
		left--;
		sst_sender_leave_family(batch);
		batch->state = SST_BATCH_READY;
		status = apply_word(sink, batch, answer, verdict, err);
	}
	return status;
}

enum sst_status
sst_sender_halve(
	struct sst_sender *sink, struct sst_batch *batch, struct sst_err *err)
{
	struct sst_batch *parts[SST_VERDICT_PARTIAL + 1];

	memset(sink->each, 0, batch->n / 2);
	memset(sink->each + batch->n / 2, 1, batch->n - batch->n / 2);
	return part(sink, batch, sink->each, parts, err);
}

static enum sst_status
split(struct sst_sender *sink, struct sst_batch *batch,
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
		batch->state = SST_BATCH_ASIDE;
		if (++family->aside == family->members)
			return resolve_family(sink, family, answer, err);
		return SST_OK;
	}
	sink->asked.counts->splits++;
	return sst_sender_halve(sink, batch, err);
}

/* The smaller of two limits; 0 is none. */
static uint64_t
least(uint64_t a, uint64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The API's, made smaller by the user's. */
struct sst_api_limits
sst_sender_limits(const struct sst_sender *sink)
{
	struct sst_api_limits limits = sst_api_facts(sink->api)->limits;

	limits.events = least(limits.events, sink->asked.limits.batch_events);
	limits.bytes = least(limits.bytes, sink->asked.limits.batch_bytes);
	return limits;
}

/* From now on, all batches in another shape. */
static enum sst_status
use_variant(struct sst_sender *sink, struct sst_span name, struct sst_err *err)
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
	sink->batcher.limits = sst_sender_limits(sink);
	sst_sender_say(sink, SST_SINK_NOTE, "%s: going on as '%.*s'",
		sink->api_name, (int)name.len, name.at);
	return SST_OK;
}

static enum sst_status
apply_retry(struct sst_sender *sink, struct sst_batch *batch,
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
apply(struct sst_sender *sink, struct sst_batch *batch,
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
report_test(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, const struct sst_judgement *judgement)
{
	struct sst_buf text;

	sst_buf_init(&text, SST_HTTP_ANSWER_MAX + 4096);
	sst_buf_printf(&text, "%s%.0u: %s, %zu event(s)\n",
		answer->error != NULL ? answer->error : "HTTP ", answer->status,
		sst_verdict_name(judgement->kind), batch->n);
	sst_buf_put_span(&text, answer->body);
	sst_buf_byte(&text, '\n');
	sst_sender_hide(sink, &text);
	sink->asked.print(sink->asked.owner.self, sst_buf_span(&text));
	sst_buf_release(&text);
	for (size_t i = 0; i < batch->n; i++)
		sst_sender_settle(sink, batch, i, SST_DROP, SST_WHY_NOT_ASKED);
	sst_sender_remove(sink, batch);
}

/* After a change in a family: has its fate been decided by others? */
static enum sst_status
look_after(struct sst_sender *sink, const struct sst_answer *answer,
	struct sst_err *err)
{
	for (struct sst_batch *at = sink->queue; at != NULL; at = at->next)
		if (at->state == SST_BATCH_ASIDE && at->family != NULL &&
			at->family->aside == at->family->members)
			return resolve_family(sink, at->family, answer, err);
	return SST_OK;
}

enum sst_status
sst_sender_take_answer(struct sst_sender *sink, struct sst_batch *batch,
	const struct sst_answer *answer, struct sst_err *err)
{
	const struct sst_sent sent = { batch->n, id_of, batch };
	struct sst_judgement judgement;
	enum sst_status status;

	batch->state = SST_BATCH_READY;
	batch->attempts++;
	sst_api_judge(sink->api, answer, &sent, sink->each, &judgement);
	if (sink->asked.mode == SST_HTTP_TEST) {
		report_test(sink, batch, answer, &judgement);
		return SST_OK;
	}
	if (judgement.say.len > 0 && judgement.kind != SST_VERDICT_HOLD)
		sst_sender_say(sink, SST_SINK_WARNING, "%s: %.*s",
			sink->api_name, (int)judgement.say.len,
			judgement.say.at);
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
