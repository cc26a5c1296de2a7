/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "enrich/sample.h"
#include "text/scan.h"

#include <stdlib.h>

#define ARENA ((size_t)32 * 1024 * 1024)
/* Of one key or value of a sample, escaped. */
#define TEXT ((size_t)1024 * 1024)

/* A span in JSON spelling that lives as long as the event's line. */
static struct sst_span
escaped(struct sst_event *event, struct sst_span text)
{
	struct sst_span out;
	struct sst_buf buf;

	sst_buf_init(&buf, TEXT);
	sst_json_put_escaped(&buf, text);
	out = sst_event_keep(event, sst_buf_span(&buf));
	sst_buf_release(&buf);
	return out;
}

/* Make an event of the members of "given". False: one is neither text, number
 * nor truth value. */
static bool
give(struct sst_event *event, const struct sst_doc_node *given)
{
	const struct sst_doc_node *node = given->first;

	sst_event_reset(event);
	for (; node != NULL; node = node->next) {
		enum sst_field field = sst_field_of(node->name);
		enum sst_kind kind = SST_KIND_STRING;
		struct sst_span raw;

		switch (node->kind) {
		case SST_DOC_STRING:
			raw = escaped(event, node->text);
			break;
		case SST_DOC_NUMBER:
			kind = SST_KIND_NUMBER;
			raw = node->text;
			break;
		case SST_DOC_TRUE:
			kind = SST_KIND_TRUE;
			raw = sst_span("true", 4); /* kept, so padded, below */
			break;
		case SST_DOC_FALSE:
			kind = SST_KIND_FALSE;
			raw = sst_span("false", 5);
			break;
		default:
			return false;
		}
		raw = sst_event_keep(event, raw);
		if (field == SST_F_OTHER)
			sst_event_add_other(
				event, escaped(event, node->name), kind, raw);
		else
			sst_event_set(event, field, kind, raw);
	}
	return true;
}

/* Is `props` of the event what the sample says? Absent is { }. */
static bool
has_props(struct sst_event *event, const struct sst_doc_node *want,
	struct sst_arena *arena)
{
	struct sst_span raw = sst_event_text(event, SST_F_PROPS);
	struct sst_doc_node *got;

	if (want == NULL || raw.at == NULL)
		return raw.at == NULL && (want == NULL || want->count == 0);
	return sst_doc_read(&got, arena, raw, false, NULL) == SST_OK &&
	       sst_doc_eq(want, got);
}

/* Has the event the keys that the sample names, with these values? null: it
 * has no such key. */
static void
try_keys(struct sst_samples *samples, struct sst_event *event,
	const struct sst_doc_node *keys)
{
	const struct sst_doc_node *want = keys == NULL ? NULL : keys->first;

	for (; want != NULL; want = want->next) {
		const struct sst_pair *pair = sst_event_find(event, want->name);
		struct sst_span got = { NULL, 0 }, text = want->text;

		if (pair != NULL)
			got = sst_event_pair_text(event, pair);
		if (want->kind == SST_DOC_TRUE || want->kind == SST_DOC_FALSE)
			text = sst_span_of(
				want->kind == SST_DOC_TRUE ? "true" : "false");
		sst_samples_add(samples, want,
			want->kind == SST_DOC_NULL
				? pair == NULL
				: pair != NULL && sst_span_eq(got, text),
			"'%.*s' is '%.*s'", (int)want->name.len, want->name.at,
			(int)got.len, got.at == NULL ? "" : got.at);
	}
}

static void
try_sample(struct sst_samples *samples, struct sst_rules *rules,
	struct sst_event *event, const struct sst_doc_node *sample,
	struct sst_arena *arena)
{
	static const char *const known[] = { "given", "event", "props", "keys",
		"drop", NULL };
	const struct sst_doc_node *given = sst_doc_member(sample, "given");
	struct sst_span want = sst_doc_text(sample, "event"), got;
	enum sst_status status;

	if (given == NULL || given->kind != SST_DOC_OBJECT ||
		sst_doc_unknown_member(sample, known) != NULL ||
		!give(event, given)) {
		sst_samples_add(samples, sample, false,
			"expected 'given', 'event', 'props', 'keys' or "
			"'drop'");
		return;
	}
	status = sst_rules_apply(rules, event);
	if (sst_doc_is_true(sample, "drop") || status == SST_DROP) {
		sst_samples_add(samples, sample,
			sst_doc_is_true(sample, "drop") && status == SST_DROP,
			"the event is %s",
			status == SST_DROP ? "dropped" : "kept");
		return;
	}
	got = sst_event_text(event, SST_F_EVENT);
	sst_samples_add(samples, sample, sst_span_eq(got, want),
		"the event is '%.*s', expected '%.*s'", (int)got.len, got.at,
		(int)want.len, want.at);
	got = sst_event_text(event, SST_F_PROPS);
	sst_samples_add(samples, sample,
		has_props(event, sst_doc_member(sample, "props"), arena),
		"the props are %.*s", got.at == NULL ? 4 : (int)got.len,
		got.at == NULL ? "none" : got.at);
	try_keys(samples, event, sst_doc_member(sample, "keys"));
}

enum sst_status
sst_rules_test(const char *path, struct sst_buf *report, struct sst_err *err)
{
	struct sst_samples samples = { .path = path, .report = report };
	struct sst_event *event = calloc(1, sizeof(*event));
	struct sst_rules *rules = NULL;
	const struct sst_doc_node *node;
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, ARENA);
	if (event == NULL) {
		status = sst_fail_memory(err, "a sample");
		goto out;
	}
	sst_event_init(event);
	status = sst_rules_open(&rules, err);
	if (status == SST_OK)
		status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = sst_rules_read(rules, path, root, err);
	if (status != SST_OK)
		goto out;
	node = sst_doc_member(root, "samples");
	for (node = node == NULL ? NULL : node->first; node != NULL;
		node = node->next)
		try_sample(&samples, rules, event, node, &arena);
	status = sst_samples_end(&samples, err);
out:
	sst_rules_close(rules);
	if (event != NULL)
		sst_event_release(event);
	free(event);
	sst_arena_release(&arena);
	return status;
}
