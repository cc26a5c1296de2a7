/* SPDX-License-Identifier: ISC */
/*
 * Lines of names and values: JSON, logfmt, columns.
 *
 * The first byte chooses the layout; the first line of the rest is said as a
 * directive, what follows is a line. Oracles: what becomes of it is one object
 * that the scanner takes, with no name twice, no null and nothing nested; the
 * same line gives the same event again, also to a recognizer that goes on where
 * the first one was; a JSON object that yajl takes is an event of a layout that
 * needs nothing, unless it has more members than there may be or a name twice.
 */
#include "fuzz.h"

#include "event/recognize.h"
#include "record/columns.h"
#include "record/members.h"
#include "text/doc.h"
#include "json/write.h"

static const char *const rows[][2] = {
	{ "time", "time" },
	{ "ts", "time:epoch_ms" },
	{ "end", "duration:end" },
	{ "ip", "client_ip" },
	{ "peer", "client_ip" },
	{ "request.method", "method" },
	{ "request.uri", "path:target" },
	{ "request.headers.*", "http_*" },
	{ "h_*", "sent_http_*" },
	{ "status", "status" },
	{ "code", "status" },
	{ "took", "duration" },
	{ "us", "ttfb:us" },
	{ "ua", "user_agent:percent2" },
	{ "ref", "referrer:encoded" },
	{ "hit", "cache:hit" },
	{ "proto", "protocol" },
	{ "tls", "tls_version:tls" },
	{ "host", "host" },
	{ "line", "request" },
	{ "own", "own_name" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct world {
	struct sst_arena arena;
	struct sst_event event;
	struct sst_recognizer *recognizer;
	struct sst_buf out;
};

static void
add_layout(struct world *w, uint8_t choice)
{
	static const char separators[] = { ' ', '\t', ',' };
	struct sst_layout *layout;

	if (choice % 5 < 2) {
		FUZZ_CHECK(sst_members_begin(&layout, &w->arena,
				   choice % 5 == 0 ? SST_SHAPE_JSON
						   : SST_SHAPE_LOGFMT,
				   NULL) == SST_OK);
		for (size_t i = 0; i < ROWS; i++)
			FUZZ_CHECK(sst_members_add(layout, &w->arena,
					   sst_span_of(rows[i][0]),
					   sst_span_of(rows[i][1]),
					   NULL) == SST_OK);
	} else {
		struct sst_columns *columns =
			sst_arena_zero(&w->arena, sizeof(*columns));

		FUZZ_CHECK(columns != NULL);
		columns->separator = separators[choice % 5 - 2];
		columns->at_least = choice / 5 % 4;
		FUZZ_CHECK(sst_columns_layout(&layout, &w->arena, columns,
				   sst_span_of("c-ip cs-method cs-uri "
					       "sc-status cs(User-Agent)"),
				   NULL) == SST_OK);
	}
	FUZZ_CHECK(sst_recognizer_add(w->recognizer, layout, sst_span_of("x"),
			   NULL) == SST_OK);
}

static struct world *
world_open(uint8_t choice)
{
	const struct sst_builder_options none = { .trusted = { NULL, 0 } };
	struct world *w = malloc(sizeof(*w));

	FUZZ_CHECK(w != NULL);
	sst_arena_init(&w->arena, 16 << 20);
	sst_event_init(&w->event);
	sst_buf_init(&w->out, 64 << 20);
	FUZZ_CHECK(sst_recognizer_open(&w->recognizer, &none, NULL) == SST_OK);
	add_layout(w, choice);
	return w;
}

static void
world_close(struct world *w)
{
	sst_recognizer_close(w->recognizer);
	sst_event_release(&w->event);
	sst_buf_release(&w->out);
	sst_arena_release(&w->arena);
	free(w);
}

/* The event, or the reason why there is none. */
static bool
take(struct world *w, struct sst_span line, enum sst_reason *why)
{
	enum sst_status status;
	int64_t time_us;

	sst_buf_reset(&w->out);
	status = sst_recognizer_fill(
		w->recognizer, &w->event, line, &time_us, why);
	FUZZ_CHECK(status == SST_OK || status == SST_REJECT);
	if (status == SST_REJECT)
		sst_buf_printf(&w->out, "%s", sst_reason_name(*why));
	else
		FUZZ_CHECK(sst_json_write_object(&w->out, &w->event));
	return status == SST_OK;
}

static void
check_event(struct sst_span text)
{
	static struct sst_pair pairs[1024];
	enum sst_reason why;
	size_t n;

	FUZZ_CHECK(sst_scan_object(text, pairs, 1024, &n, &why) == SST_OK);
	for (size_t i = 0; i < n; i++) {
		FUZZ_CHECK(pairs[i].kind != SST_KIND_NULL);
		FUZZ_CHECK(pairs[i].kind != SST_KIND_OBJECT);
		FUZZ_CHECK(pairs[i].kind != SST_KIND_ARRAY);
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(!sst_span_eq(pairs[i].key, pairs[j].key));
	}
}

/* Times are checked on their own; all else that is JSON is an event. */
static void
check_json(struct sst_span line, bool is_event, enum sst_reason why)
{
	struct sst_doc_node *tree;
	struct sst_arena arena;

	sst_arena_init(&arena, 64 << 20);
	if (sst_doc_read(&tree, &arena, line, false, NULL) == SST_OK &&
		tree->kind == SST_DOC_OBJECT && line.len > 0 &&
		line.at[0] == '{')
		FUZZ_CHECK(is_event || why == SST_WHY_TOO_MANY_KEYS ||
			   why == SST_WHY_BAD_TIME || why == SST_WHY_TOO_DEEP);
	sst_arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sst_recognizer_state state;
	struct sst_span input = { (const char *)data, size };
	uint8_t choice = fuzz_byte(&input);
	size_t end = sst_span_find(input, '\n');
	struct sst_span first = fuzz_copy(sst_span_head(input, end));
	struct sst_span line = fuzz_copy(
		sst_span_from(input, end < input.len ? end + 1 : end));
	struct world *w = world_open(choice), *other = world_open(choice);
	enum sst_reason why = SST_WHY_NONE, again = SST_WHY_NONE;
	bool is_event;

	FUZZ_CHECK(
		sst_recognizer_directive(w->recognizer, first, NULL) == SST_OK);
	is_event = take(w, line, &why);
	if (is_event)
		check_event(sst_buf_span(&w->out));
	if (choice % 5 == 0)
		check_json(line, is_event, why);

	sst_recognizer_state(w->recognizer, &state);
	sst_recognizer_resume(other->recognizer, &state);
	FUZZ_CHECK(take(other, line, &again) == is_event);
	FUZZ_CHECK(
		sst_span_eq(sst_buf_span(&w->out), sst_buf_span(&other->out)));
	FUZZ_CHECK(take(other, line, &again) == is_event);
	FUZZ_CHECK(
		sst_span_eq(sst_buf_span(&w->out), sst_buf_span(&other->out)));

	world_close(w);
	world_close(other);
	free((void *)(uintptr_t)first.at);
	free((void *)(uintptr_t)line.at);
	return 0;
}
