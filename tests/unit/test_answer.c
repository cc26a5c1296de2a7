/* SPDX-License-Identifier: ISC */
/* Batches of the shipped webhook, and what answers mean to it. */
#include "push/api.h"
#include "push/batch.h"
#include "push/http.h"

#include "json/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct sst_api *api;
static struct sst_event *event;

static struct sst_span
no_id(void *self, uint64_t i)
{
	(void)self;
	(void)i;
	return sst_span("", 0);
}

static enum sst_verdict_kind
judge(unsigned status, const char *error)
{
	const struct sst_answer answer = {
		.status = status, .error = error, .retry_after_s = -1
	};
	const struct sst_sent sent = { .n = 2, .id = no_id };
	struct sst_judgement got;
	uint8_t each[2];

	sst_api_judge(api, &answer, &sent, each, &got);
	return got.kind;
}

static bool
is_one_of(unsigned status, const unsigned *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == status)
			return true;
	return false;
}

static void
only_2xx_is_taken_of_all_statuses(void **state)
{
	(void)state;
	static const unsigned retry[] = { 408, 425, 429 };
	static const unsigned hold[] = { 401, 403, 404, 405, 407, 410 };
	static const unsigned split[] = { 400, 413, 422 };
	static const unsigned dead[] = { 501, 505 };

	for (unsigned status = 100; status <= 599; status++) {
		enum sst_verdict_kind expected =
			status < 200   ? SST_VERDICT_RETRY
			: status < 300 ? SST_VERDICT_STORED
			: status < 400 ? SST_VERDICT_HOLD
			: is_one_of(status, retry, COUNT(retry))
				? SST_VERDICT_RETRY
			: is_one_of(status, hold, COUNT(hold))
				? SST_VERDICT_HOLD
			: is_one_of(status, split, COUNT(split))
				? SST_VERDICT_SPLIT
			: is_one_of(status, dead, COUNT(dead)) || status < 500
				? SST_VERDICT_DEAD
				: SST_VERDICT_RETRY;

		if (judge(status, NULL) != expected)
			fail_msg("%u: expected %s, got %s", status,
				sst_verdict_name(expected),
				sst_verdict_name(judge(status, NULL)));
	}
}

static void
no_answer_is_tried_again(void **state)
{
	(void)state;
	static const char *const errors[] = { "timeout", "connect", "reset",
		"cut", "too_long" };

	for (size_t i = 0; i < COUNT(errors); i++)
		assert_int_equal(judge(0, errors[i]), SST_VERDICT_RETRY);
	assert_int_equal(judge(0, "tls"), SST_VERDICT_HOLD);
}

static void
read_line(char padded[256 + SST_PAD], unsigned n, size_t size)
{
	enum sst_reason why;
	int len;

	/* {"id":"0001","p":"xxx..."} of exactly `size` bytes. */
	memset(padded, 0, 256 + SST_PAD);
	len = snprintf(padded, 256, "{\"id\":\"%04u\",\"p\":\"%0*d\"}", n,
		(int)size - 20, 0);
	assert_int_equal(len, (int)size);
	assert_int_equal(
		sst_json_read(event, sst_span(padded, size), &why), SST_OK);
}

/* With every limit on bytes: no body passes it, none could have held the next
 * event too, and nothing is lost or moved. */
static void
batches_are_as_full_as_their_limit_allows(void **state)
{
	(void)state;
	for (uint64_t limit = 60; limit < 400; limit += 7) {
		struct sst_api_limits limits = sst_api_facts(api)->limits;
		struct sst_batcher batcher;
		struct sst_batch *batch;
		struct sst_api_request request;
		uint64_t before = 0, seen = 0;

		limits.bytes = limit;
		limits.events = 5;
		sst_batcher_init(&batcher, api, &limits);
		sst_api_request_init(&request);
		for (unsigned n = 0; n < 40; n++) {
			char padded[256 + SST_PAD];
			struct sst_sink_event in = { .event = event,
				.ticket = n };
			enum sst_fate fate;
			const char *reason;

			read_line(padded, n, 30 + n % 3 * 10);
			in.line = event->line;
			assert_int_equal(sst_batcher_add(&batcher, &in,
						 (struct sst_moment){ 0, 1 },
						 &fate, &reason),
				SST_OK);
			assert_int_equal(fate, SST_FATE_ITEM);
		}
		sst_batcher_close(&batcher, INT64_MAX);
		while ((batch = sst_batcher_take(&batcher)) != NULL) {
			struct sst_err err;

			assert_int_equal(sst_batch_request(batch, api, event, 0,
						 &request, &err),
				SST_OK);
			assert_true(request.body.len <= limit);
			assert_true(batch->n >= 1 && batch->n <= 5);
			assert_int_equal(batch->entries[0].ticket, seen);
			assert_true(seen == 0 || before == 5 ||
				    before + 1 + batch->entries[0].item_len >
					    limit ||
				    before == 0);
			seen += batch->n;
			before = batch->n == 5 ? 5 : request.body.len;
			sst_batch_free(batch);
		}
		assert_int_equal(seen, 40);
		sst_api_request_release(&request);
		sst_batcher_release(&batcher);
	}
}

static void
an_event_over_the_limit_can_never_go(void **state)
{
	(void)state;
	struct sst_api_limits limits = sst_api_facts(api)->limits;
	struct sst_batcher batcher;
	char padded[256 + SST_PAD];
	struct sst_sink_event in = { .event = event };
	enum sst_fate fate;
	const char *reason;

	limits.bytes = 42;
	sst_batcher_init(&batcher, api, &limits);
	read_line(padded, 1, 40); /* and [ ] */
	assert_int_equal(sst_batcher_add(&batcher, &in,
				 (struct sst_moment){ 0, 1 }, &fate, &reason),
		SST_OK);
	assert_int_equal(fate, SST_FATE_ITEM);
	read_line(padded, 2, 41);
	assert_int_equal(sst_batcher_add(&batcher, &in,
				 (struct sst_moment){ 0, 1 }, &fate, &reason),
		SST_OK);
	assert_int_equal(fate, SST_FATE_DEAD);
	assert_string_equal(reason, "it is too big");
	sst_batcher_release(&batcher);
}

static void
urls_that_may_be_used(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool is_allowed, is_loopback;
	} cases[] = {
		{ "https://ex.org/x", true, false },
		{ "HTTPS://ex.org/x", true, false },
		{ "http://127.0.0.1:8080/x", true, true },
		{ "http://127.9.9.9/x", true, true },
		{ "http://[::1]:8080/x", true, true },
		{ "http://localhost/x", true, true },
		{ "https://localhost/x", true, true },
		{ "http://ex.org/x", false, false },
		{ "http://localhost.ex.org/x", false, false },
		{ "http://127.0.0.1.ex.org/x", false, false },
		{ "http://128.0.0.1/x", false, false },
		{ "https://u:p@ex.org/x", false, false },
		{ "http://u:p@127.0.0.1/x", false, false },
		{ "ftp://ex.org/x", false, false },
		{ "file:///etc/passwd", false, false },
		{ "https:///x", false, false },
		{ "/x", false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		bool is_loopback = false;
		struct sst_err err;
		enum sst_status status = sst_http_check_url(
			cases[i].url, false, &is_loopback, &err);

		if ((status == SST_OK) != cases[i].is_allowed ||
			(status == SST_OK &&
				is_loopback != cases[i].is_loopback))
			fail_msg("%s", cases[i].url);
	}
}

static int
set_up(void **state)
{
	(void)state;
	static const struct sst_setting url = { SST_SPAN("url"),
		SST_SPAN("https://ex.org/hook") };
	struct sst_api_asked asked = { .settings = { &url, 1 } };
	char path[4096];
	struct sst_err err;

	(void)snprintf(path, sizeof(path), "%s/formats/apis/webhook.json",
		getenv("SRC") == NULL ? "." : getenv("SRC"));
	asked.path = path;
	event = malloc(sizeof(*event));
	if (event == NULL)
		return -1;
	sst_event_init(event);
	if (sst_api_open(&api, &asked, &err) == SST_OK)
		return 0;
	(void)fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int
tear_down(void **state)
{
	(void)state;
	sst_api_close(api);
	sst_event_release(event);
	free(event);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_2xx_is_taken_of_all_statuses),
		cmocka_unit_test(no_answer_is_tried_again),
		cmocka_unit_test(batches_are_as_full_as_their_limit_allows),
		cmocka_unit_test(an_event_over_the_limit_can_never_go),
		cmocka_unit_test(urls_that_may_be_used),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
