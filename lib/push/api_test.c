/* SPDX-License-Identifier: ISC */
/* Run the samples of an API file: events in, requests out; answers in, verdicts
 * out. */
#include "push/api_in.h"
#include "push/batch.h"

#include "base/num.h"
#include "text/stamp.h"
#include "json/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SETTINGS_MAX 64
#define LINES_MAX ((size_t)1024 * 1024)
#define REQUESTS_MAX 64
#define SENT_MAX 1024

/* When a sample does not say what time it is. */
#define NOW "2026-11-24T05:00:00Z"

struct runner {
	const char *path;
	const struct sst_doc_node *events; /* by name */
	struct sst_arena arena;
	struct sst_buf *report;
	const struct sst_doc_node *sample;
	struct sst_event event;
	struct sst_buf text, expected;
	unsigned passed, failed;
	bool is_failed; /* this sample */
};

static void complain(struct runner *r, const char *format, ...)
	SST_PRINTF(2, 3);

static void
complain(struct runner *r, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sst_buf_printf(r->report, "%s:%u:%u: %s\n", r->path, r->sample->line,
		r->sample->column, text);
	r->is_failed = true;
}

/* What was expected and what came, the first 400 bytes of each. */
static void
differ(struct runner *r, const char *what, struct sst_span expected,
	struct sst_span got)
{
	complain(r, "%s\n  expected %.*s\n  got      %.*s", what,
		(int)(expected.len > 400 ? 400 : expected.len),
		expected.at == NULL ? "" : expected.at,
		(int)(got.len > 400 ? 400 : got.len),
		got.at == NULL ? "" : got.at);
}

/* ---- settings ---- */

static size_t
settings_of(struct runner *r, const char *name,
	struct sst_setting out[SETTINGS_MAX])
{
	const struct sst_doc_node *node = sst_doc_member(r->sample, name);
	size_t n = 0;

	for (node = node == NULL ? NULL : node->first;
		node != NULL && n < SETTINGS_MAX; node = node->next) {
		out[n].name = node->name;
		out[n].value = node->kind == SST_DOC_TRUE ? sst_span_of("true")
			       : node->kind == SST_DOC_FALSE
				       ? sst_span_of("false")
				       : node->text;
		n++;
	}
	return n;
}

/* The API with the sample's settings; NULL: the sample fails. */
static struct sst_api *
open_api(struct runner *r)
{
	struct sst_setting settings[SETTINGS_MAX], secrets[SETTINGS_MAX];
	const struct sst_doc_node *in = sst_doc_member(r->sample, "in");
	struct sst_api_asked asked = { .path = r->path, .fill_missing = true };
	struct sst_api *api;
	struct sst_err err = { 0 };

	asked.settings.at = settings;
	asked.settings.n = settings_of(r, "set", settings);
	asked.secrets.at = secrets;
	asked.secrets.n = settings_of(r, "secret", secrets);
	asked.variant = in == NULL ? NULL : in->text.at;
	if (sst_api_open(&api, &asked, &err) != SST_OK) {
		complain(r, "%s", err.text);
		return NULL;
	}
	return api;
}

/* ---- events ---- */

/* A member, unless `over` has one of that name. */
static void
put_base(struct sst_buf *to, const struct sst_doc_node *base,
	const struct sst_doc_node *over)
{
	for (const struct sst_doc_node *at = base->first; at != NULL;
		at = at->next) {
		const struct sst_doc_node *own = over->first;

		while (own != NULL && !sst_span_eq(own->name, at->name))
			own = own->next;
		if (own == NULL)
			own = at;
		if (own->kind == SST_DOC_NULL)
			continue;
		sst_buf_printf(
			to, ",\"%.*s\":", (int)at->name.len, at->name.at);
		sst_doc_put_json(to, own);
	}
}

static void
put_own(struct sst_buf *to, const struct sst_doc_node *base,
	const struct sst_doc_node *over)
{
	for (const struct sst_doc_node *at = over->first; at != NULL;
		at = at->next) {
		const struct sst_doc_node *of_base =
			base == NULL ? NULL : base->first;

		while (of_base != NULL && !sst_span_eq(of_base->name, at->name))
			of_base = of_base->next;
		if (of_base != NULL || at->kind == SST_DOC_NULL ||
			sst_span_is(at->name, "like"))
			continue;
		sst_buf_printf(
			to, ",\"%.*s\":", (int)at->name.len, at->name.at);
		sst_doc_put_json(to, at);
	}
}

/* A name, a whole event, or {"like":NAME, changes}. */
static bool
read_event(struct runner *r, const struct sst_doc_node *node,
	struct sst_span *line)
{
	static const struct sst_doc_node none = { .kind = SST_DOC_OBJECT };
	const struct sst_doc_node *over = &none, *base = NULL;
	struct sst_span name = node->text;
	enum sst_reason why;

	if (node->kind == SST_DOC_OBJECT) {
		over = node;
		name = sst_doc_text(node, "like");
	}
	if (name.at != NULL) {
		base = sst_doc_member(r->events, name.at);
		if (base == NULL) {
			complain(r, "there is no event '%.*s'", (int)name.len,
				name.at);
			return false;
		}
	}
	sst_buf_reset(&r->text);
	if (base != NULL)
		put_base(&r->text, base, over);
	put_own(&r->text, base, over);
	if (r->text.len == 0)
		sst_buf_byte(&r->text, '{');
	r->text.at[0] = '{';
	sst_buf_byte(&r->text, '}');
	*line = sst_arena_copy(&r->arena, sst_buf_span(&r->text));
	if (line->at == NULL ||
		sst_json_read(&r->event, *line, &why) != SST_OK) {
		complain(r, "an event of it cannot be read");
		return false;
	}
	return true;
}

static void
check_fate(struct runner *r, enum sst_fate fate, const char *reason)
{
	static const char *const fates[] = {
		[SST_FATE_ITEM] = "item",
		[SST_FATE_SKIP] = "skip",
		[SST_FATE_DEAD] = "dead: ",
		[SST_FATE_NEEDS] = "needs: ",
	};
	const struct sst_doc_node *all = sst_doc_member(r->sample, "fate");
	struct sst_span id = sst_event_text(&r->event, SST_F_ID);
	struct sst_span expected = sst_span_of("item");
	char got[256];

	for (all = all == NULL ? NULL : all->first; all != NULL;
		all = all->next)
		if (sst_span_eq(all->name, id))
			expected = all->text;
	(void)snprintf(got, sizeof(got), "%s%s", fates[fate], reason);
	if (!sst_span_is(expected, got))
		complain(r, "%.*s: expected '%.*s', got '%s'", (int)id.len,
			id.at, (int)expected.len, expected.at, got);
}

static bool
add_events(struct runner *r, struct sst_batcher *batcher)
{
	const struct sst_doc_node *at = sst_doc_member(r->sample, "events");
	struct sst_span now = sst_doc_text(r->sample, "now");
	struct sst_moment moment = { 0, 1 };

	if (!sst_stamp_us(
		    now.at == NULL ? sst_span_of(NOW) : now, &moment.wall_us))
		complain(r, "'now' is no time");
	for (at = at == NULL ? NULL : at->first; at != NULL; at = at->next) {
		struct sst_sink_event in = { .event = &r->event,
			.input = "sample" };
		enum sst_fate fate;
		const char *reason;

		if (!read_event(r, at, &in.line))
			return false;
		in.ticket = ++in.number;
		if (sst_batcher_add(batcher, &in, moment, &fate, &reason) !=
			SST_OK) {
			complain(r, "out of memory");
			return false;
		}
		check_fate(r, fate, reason);
	}
	return true;
}

/* ---- requests ---- */

static void
check_text(struct runner *r, const struct sst_doc_node *expected,
	const char *name, const char *got)
{
	struct sst_span text = sst_doc_text(expected, name);

	if (text.at != NULL && !sst_span_is(text, got))
		differ(r, name, text, sst_span_of(got));
}

static void
check_headers(struct runner *r, const struct sst_doc_node *expected,
	struct sst_span got)
{
	const struct sst_doc_node *at = sst_doc_member(expected, "headers");

	for (at = at == NULL ? NULL : at->first; at != NULL; at = at->next) {
		struct sst_span rest = got, value = { NULL, 0 };

		while (rest.len > 0) {
			size_t len = strlen(rest.at);
			struct sst_span line = sst_span_head(rest, len);
			size_t colon = sst_span_find(line, ':');

			if (sst_span_eq_nocase(
				    sst_span_head(line, colon), at->name) &&
				colon + 2 <= len)
				value = sst_span_from(line, colon + 2);
			rest = sst_span_from(rest, len + 1);
		}
		if (at->kind == SST_DOC_NULL ? value.at != NULL
					     : !sst_span_eq(value, at->text))
			differ(r, at->name.at, at->text, value);
	}
}

static void
check_ids(struct runner *r, const struct sst_doc_node *expected,
	const struct sst_batch *batch)
{
	const struct sst_doc_node *ids = sst_doc_member(expected, "ids");
	const struct sst_doc_node *at;
	size_t i = 0;

	if (ids == NULL)
		return;
	for (at = ids->first; at != NULL && i < batch->n; at = at->next, i++)
		if (!sst_span_eq(at->text, sst_batch_event_id(batch, i)))
			differ(r, "ids", at->text,
				sst_batch_event_id(batch, i));
	if (at != NULL || i < batch->n)
		complain(r, "expected %zu events in the request, got %zu",
			ids->count, batch->n);
}

static void
check_body(struct runner *r, const struct sst_doc_node *expected,
	struct sst_span got)
{
	const struct sst_doc_node *body = sst_doc_member(expected, "body");
	const struct sst_doc_node *lines = sst_doc_member(expected, "lines");
	const struct sst_doc_node *text = sst_doc_member(expected, "text");

	sst_buf_reset(&r->expected);
	if (body != NULL)
		sst_doc_put_json(&r->expected, body);
	else if (text != NULL)
		sst_buf_put_span(&r->expected, text->text);
	else if (lines != NULL)
		for (const struct sst_doc_node *at = lines->first; at != NULL;
			at = at->next) {
			sst_doc_put_json(&r->expected, at);
			sst_buf_byte(&r->expected, '\n');
		}
	else
		return;
	if (!sst_span_eq(sst_buf_span(&r->expected), got))
		differ(r, "body", sst_buf_span(&r->expected), got);
}

static void
check_request(struct runner *r, struct sst_api *api, struct sst_batch *batch,
	const struct sst_doc_node *expected)
{
	static const char *const known[] = { "method", "url", "headers", "ids",
		"body", "lines", "text", NULL };
	const struct sst_doc_node *unknown =
		sst_doc_unknown_member(expected, known);
	struct sst_api_request request;
	struct sst_err err = { 0 };
	int64_t now_us = 0;

	if (unknown != NULL)
		complain(r, "unknown member '%.*s'", (int)unknown->name.len,
			unknown->name.at);
	(void)sst_stamp_us(sst_span_of(NOW), &now_us);
	sst_api_request_init(&request);
	if (sst_batch_request(batch, api, &r->event, now_us, &request, &err) !=
		SST_OK) {
		complain(r, "%s", err.text);
	} else {
		check_text(r, expected, "method", request.method.at);
		check_text(r, expected, "url", request.url.at);
		check_headers(r, expected, sst_buf_span(&request.headers));
		check_ids(r, expected, batch);
		check_body(r, expected, sst_buf_span(&request.body));
		if (sst_api_facts(api)->limits.bytes != 0 &&
			request.body.len > sst_api_facts(api)->limits.bytes)
			complain(r, "the body is over the limit");
	}
	sst_api_request_release(&request);
}

static void
run_requests(struct runner *r, struct sst_api *api)
{
	const struct sst_doc_node *requests =
		sst_doc_member(r->sample, "requests");
	const struct sst_doc_node *at = requests->first;
	struct sst_batcher batcher;
	struct sst_batch *batch;
	size_t n = 0;

	sst_batcher_init(&batcher, api, &sst_api_facts(api)->limits);
	if (add_events(r, &batcher)) {
		sst_batcher_close(&batcher, INT64_MAX);
		while ((batch = sst_batcher_take(&batcher)) != NULL) {
			n++;
			if (at != NULL) {
				check_request(r, api, batch, at);
				at = at->next;
			}
			sst_batch_free(batch);
		}
		if (n != requests->count)
			complain(r, "expected %zu requests, got %zu",
				requests->count, n);
	}
	sst_batcher_release(&batcher);
}

/* ---- answers ---- */

static struct sst_span
sent_id(void *self, uint64_t i)
{
	char *id = self;

	(void)snprintf(id, 16, "e%llu", (unsigned long long)i);
	return sst_span_of(id);
}

static void
check_verdict(struct runner *r, const struct sst_judgement *got, uint64_t sent)
{
	const struct sst_doc_node *verdict =
		sst_doc_member(r->sample, "verdict");
	const struct sst_doc_node *if_none =
		sst_doc_member(r->sample, "if_none");
	const struct sst_doc_node *alone = sst_doc_member(r->sample, "alone");
	int64_t lost = 0;
	uint64_t i = 0;

	(void)sst_doc_i64(r->sample, "lost", &lost);
	if (verdict->kind == SST_DOC_STRING) {
		if (!sst_span_is(verdict->text, sst_verdict_name(got->kind)))
			differ(r, "verdict", verdict->text,
				sst_span_of(sst_verdict_name(got->kind)));
	} else if (got->kind != SST_VERDICT_PARTIAL) {
		differ(r, "verdict", sst_span_of("a list"),
			sst_span_of(sst_verdict_name(got->kind)));
	} else {
		for (const struct sst_doc_node *at = verdict->first;
			at != NULL && i < sent; at = at->next, i++)
			if (!sst_span_is(at->text,
				    sst_verdict_name((enum sst_verdict_kind)
							     got->each[i])))
				complain(r, "event %llu: expected %.*s, got %s",
					(unsigned long long)i,
					(int)at->text.len, at->text.at,
					sst_verdict_name((enum sst_verdict_kind)
								 got->each[i]));
	}
	if ((uint64_t)lost != got->lost)
		complain(r, "expected %lld lost, got %llu", (long long)lost,
			(unsigned long long)got->lost);
	if (if_none != NULL &&
		(!got->has_if_none || !sst_span_is(if_none->text,
					      sst_verdict_name(got->if_none))))
		complain(r, "if_none: expected %.*s", (int)if_none->text.len,
			if_none->text.at);
	if (alone != NULL &&
		!sst_span_is(alone->text, sst_verdict_name(got->alone)))
		complain(r, "alone: expected %.*s", (int)alone->text.len,
			alone->text.at);
	if (sst_doc_is_true(r->sample, "odd") != got->is_odd)
		complain(r, got->is_odd ? "an odd answer" : "not odd");
}

/* Into r->text the body, into r->expected the headers. */
static void
read_answer(struct runner *r, const struct sst_doc_node *node,
	struct sst_answer *out)
{
	const struct sst_doc_node *json = sst_doc_member(node, "json");
	const struct sst_doc_node *text = sst_doc_member(node, "text");
	const struct sst_doc_node *headers = sst_doc_member(node, "headers");
	int64_t status = 0;

	*out = (struct sst_answer){ .retry_after_s = -1 };
	(void)sst_doc_i64(node, "status", &status);
	out->status = (unsigned)status;
	out->error = sst_doc_text(node, "error").at;
	sst_buf_reset(&r->text);
	sst_buf_reset(&r->expected);
	if (json != NULL)
		sst_doc_put_json(&r->text, json);
	else if (text != NULL)
		sst_buf_put_span(&r->text, text->text);
	out->body = sst_buf_span(&r->text);
	for (headers = headers == NULL ? NULL : headers->first; headers != NULL;
		headers = headers->next)
		sst_buf_printf(&r->expected, "%.*s: %.*s\r\n",
			(int)headers->name.len, headers->name.at,
			(int)headers->text.len, headers->text.at);
	out->headers = sst_buf_span(&r->expected);
}

static void
run_answer(struct runner *r, struct sst_api *api)
{
	const struct sst_doc_node *verdict =
		sst_doc_member(r->sample, "verdict");
	uint8_t each[SENT_MAX];
	struct sst_judgement got;
	struct sst_answer answer;
	struct sst_sent sent = { .n = 3, .id = sent_id };
	char id[16];
	int64_t n;

	sent.self = id;
	if (verdict->kind == SST_DOC_ARRAY)
		sent.n = verdict->count;
	if (sst_doc_i64(r->sample, "sent", &n) && n > 0 && n <= SENT_MAX)
		sent.n = (uint64_t)n;
	read_answer(r, sst_doc_member(r->sample, "answer"), &answer);
	sst_api_judge(api, &answer, &sent, each, &got);
	check_verdict(r, &got, sent.n);
}

/* ---- all of them ---- */

static void
run_sample(struct runner *r)
{
	static const char *const known[] = { "set", "secret", "limits", "now",
		"in", "events", "fate", "requests", "answer", "sent", "verdict",
		"lost", "if_none", "alone", "odd", NULL };
	const struct sst_doc_node *unknown =
		sst_doc_unknown_member(r->sample, known);
	const struct sst_doc_node *limits = sst_doc_member(r->sample, "limits");
	struct sst_api *api = open_api(r);

	if (api == NULL)
		return;
	if (unknown != NULL)
		complain(r, "unknown member '%.*s'", (int)unknown->name.len,
			unknown->name.at);
	if (limits != NULL) {
		struct sst_err err = { 0 };

		if (sst_api_change_limits(api, limits, &err) != SST_OK)
			complain(r, "%s", err.text);
	}
	if (sst_doc_member(r->sample, "requests") != NULL)
		run_requests(r, api);
	else if (sst_doc_member(r->sample, "answer") != NULL &&
		 sst_doc_member(r->sample, "verdict") != NULL)
		run_answer(r, api);
	else
		complain(r, "a sample has events and requests, or an answer "
			    "and a verdict");
	sst_api_close(api);
}

static enum sst_status
run_all(struct runner *r, const char *events_path, struct sst_err *err)
{
	struct sst_doc_node *doc = NULL, *events = NULL;
	const struct sst_doc_node *samples;
	enum sst_status status =
		sst_doc_read_file(&doc, &r->arena, r->path, err);
	struct sst_api_asked asked = { .path = r->path, .fill_missing = true };
	struct sst_api *api;

	if (status == SST_OK)
		status =
			sst_doc_read_file(&events, &r->arena, events_path, err);
	/* What is wrong with the file is said once. */
	if (status == SST_OK)
		status = sst_api_open(&api, &asked, err);
	if (status != SST_OK)
		return status;
	sst_api_close(api);
	r->events = events;
	samples = sst_doc_member(doc, "samples");
	for (r->sample = samples->first; r->sample != NULL;
		r->sample = r->sample->next) {
		r->is_failed = false;
		run_sample(r);
		r->passed += !r->is_failed;
		r->failed += r->is_failed;
	}
	sst_buf_printf(r->report, "%s: %u passed, %u failed\n", r->path,
		r->passed, r->failed);
	if (r->failed > 0)
		return sst_fail(err, SST_EIO, "%s: %u of %u samples fail",
			r->path, r->failed, r->passed + r->failed);
	return SST_OK;
}

enum sst_status
sst_api_test(const char *path, const char *events_path, struct sst_buf *report,
	struct sst_err *err)
{
	struct runner *r = calloc(1, sizeof(*r));
	enum sst_status status;

	if (r == NULL)
		return sst_fail_memory(err, "samples");
	r->path = path;
	r->report = report;
	sst_arena_init(&r->arena, SST_DOC_MAX * 8);
	sst_buf_init(&r->text, LINES_MAX);
	sst_buf_init(&r->expected, LINES_MAX);
	sst_event_init(&r->event);
	status = run_all(r, events_path, err);
	sst_event_release(&r->event);
	sst_buf_release(&r->text);
	sst_buf_release(&r->expected);
	sst_arena_release(&r->arena);
	free(r);
	return status;
}
