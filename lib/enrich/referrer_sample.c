/* SPDX-License-Identifier: ISC */
#include "enrich/referrer.h"

#include "enrich/referrer_list.h"
#include "enrich/sample.h"

#define ARENA ((size_t)32 * 1024 * 1024)

/* Is a key of the traffic what the sample expects, absent ones included? */
static void
compare(struct sst_samples *samples, const struct sst_doc_node *event,
	const char *key, struct sst_span got)
{
	struct sst_span want = sst_doc_text(event, key);

	sst_samples_add(samples, event,
		sst_span_eq(got, want.at == NULL ? sst_span("", 0) : want),
		"'%s' is '%.*s', expected '%.*s'", key, (int)got.len, got.at,
		(int)want.len, want.at);
}

static void
try_sample(struct sst_samples *samples, struct sst_referrers *refs,
	const struct sst_doc_node *sample)
{
	const struct sst_doc_node *given = sst_doc_member(sample, "given");
	const struct sst_doc_node *event = sst_doc_member(sample, "event");
	struct sst_visit visit = {
		.referrer = sst_doc_text(given, "referrer"),
		.host = sst_doc_text(given, "host"),
		.query = sst_doc_text(given, "query"),
	};
	struct sst_traffic got;

	if (given == NULL || event == NULL) {
		sst_samples_add(
			samples, sample, false, "expected 'given' and 'event'");
		return;
	}
	sst_referrers_classify(refs, &visit, &got);
	compare(samples, event, "source", got.source);
	compare(samples, event, "medium", got.medium);
	compare(samples, event, "campaign", got.campaign);
	compare(samples, event, "term", got.term);
	compare(samples, event, "content", got.content);
	compare(samples, event, "click_id", got.click_id);
	compare(samples, event, "channel",
		sst_span_of(got.channel == NULL ? "" : got.channel));
}

enum sst_status
sst_referrers_test(
	const char *path, struct sst_buf *report, struct sst_err *err)
{
	struct sst_samples samples = { .path = path, .report = report };
	struct sst_referrers *refs = NULL;
	const struct sst_doc_node *node;
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, ARENA);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = sst_referrers_compile(&refs, path, root, err);
	if (status != SST_OK)
		goto out;
	node = sst_doc_member(root, "samples");
	for (node = node == NULL ? NULL : node->first; node != NULL;
		node = node->next)
		try_sample(&samples, refs, node);
	status = sst_samples_end(&samples, err);
out:
	sst_referrers_close(refs);
	sst_arena_release(&arena);
	return status;
}
