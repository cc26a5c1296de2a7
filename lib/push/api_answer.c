/* SPDX-License-Identifier: ISC */
/* What answers mean: the rows of a file, then the default classes. */
#include "push/api_in.h"

#include "base/num.h"
#include "base/unit.h"

static const char *const names[] = {
	[SST_VERDICT_STORED] = "stored",
	[SST_VERDICT_ACCEPTED] = "accepted",
	[SST_VERDICT_RETRY] = "retry",
	[SST_VERDICT_HOLD] = "hold",
	[SST_VERDICT_DEAD] = "dead",
	[SST_VERDICT_SPLIT] = "split",
	[SST_VERDICT_USE] = "use",
	[SST_VERDICT_PARTIAL] = "partial",
};

const char *
sst_verdict_name(enum sst_verdict_kind kind)
{
	return names[kind];
}

static bool
verdict_of(struct sst_span name, enum sst_verdict_kind *out)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sst_span_is(name, names[i])) {
			*out = (enum sst_verdict_kind)i;
			return true;
		}
	return false;
}

/* ---- compiling ---- */

/* A verdict of one event: no split, no use, no partial. */
static enum sst_verdict_kind
simple_verdict(struct sst_compiler *c, const struct sst_doc_node *row,
	const char *name, enum sst_verdict_kind standard)
{
	const struct sst_doc_node *node = sst_doc_member(row, name);
	enum sst_verdict_kind kind = standard;

	if (node != NULL &&
		(!verdict_of(node->text, &kind) || kind > SST_VERDICT_DEAD))
		sst_compile_fail(c, node,
			"'%s' is stored, accepted, retry, hold or dead", name);
	return kind;
}

static size_t
reference(struct sst_compiler *c, const struct sst_doc_node *row,
	const char *name, unsigned refs)
{
	const struct sst_doc_node *node = sst_doc_member(row, name);

	if (node == NULL)
		return SST_NO_ENTRY;
	if (node->kind != SST_DOC_STRING) {
		sst_compile_fail(c, node, "'%s' is a reference", name);
		return SST_NO_ENTRY;
	}
	return sst_compile_ref(c, node, refs);
}

/* Which members go with which verdict. */
static void
check_row(struct sst_compiler *c, const struct sst_doc_node *node,
	enum sst_verdict_kind then)
{
	static const struct {
		const char *name;
		unsigned kinds;
	} rows[] = {
#define K(kind) (1U << SST_VERDICT_##kind)
		{ "when", ~0U },
		{ "then", ~0U },
		{ "say", ~0U },
		{ "slow", ~0U },
		{ "lost", K(STORED) | K(ACCEPTED) },
		{ "wait", K(RETRY) },
		{ "wait_max", K(RETRY) },
		{ "tries", K(RETRY) },
		{ "finally", K(RETRY) },
		{ "alone", K(SPLIT) },
		{ "if_none", K(SPLIT) },
		{ "variant", K(USE) },
		{ "each", K(PARTIAL) },
		{ "list", K(PARTIAL) },
		{ "index", K(PARTIAL) },
		{ "rest", K(PARTIAL) },
		{ "first", K(PARTIAL) },
		{ "shift", K(PARTIAL) },
		{ "before", K(PARTIAL) },
		{ "after", K(PARTIAL) },
		{ "id", K(PARTIAL) },
		{ "answers", K(PARTIAL) },
#undef K
	};

	for (const struct sst_doc_node *at = node->first; at != NULL;
		at = at->next) {
		size_t i = 0;

		while (i < sizeof(rows) / sizeof(rows[0]) &&
			!sst_span_is(at->name, rows[i].name))
			i++;
		if (i == sizeof(rows) / sizeof(rows[0]))
			sst_compile_fail(c, at, "unknown member '%.*s'",
				(int)at->name.len, at->name.at);
		else if (!(rows[i].kinds >> then & 1))
			sst_compile_fail(c, at, "'%s' does not go with %s",
				rows[i].name, names[then]);
	}
}

static void
compile_retry(struct sst_compiler *c, const struct sst_doc_node *node,
	struct sst_api_row *row)
{
	const struct sst_doc_node *max = sst_doc_member(node, "wait_max");
	const struct sst_doc_node *tries = sst_doc_member(node, "tries");

	row->wait = reference(c, node, "wait", c->refs);
	if (max != NULL && !sst_unit_duration(max->text, &row->wait_max_us))
		sst_compile_fail(c, max, "not a duration");
	if (tries != NULL &&
		(!sst_num_i64(tries->text, &row->tries) || row->tries < 1))
		sst_compile_fail(c, tries, "not a number of tries");
	row->finally = simple_verdict(c, node, "finally", SST_VERDICT_DEAD);
	if ((tries == NULL) != (sst_doc_member(node, "finally") == NULL))
		sst_compile_fail(c, node, "'tries' and 'finally' go together");
}

static const struct sst_api_row *compile_rows(struct sst_api *api,
	struct sst_compiler *c, const struct sst_doc_node *list, unsigned refs,
	size_t *n);

static void
compile_partial(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_api_row *row)
{
	const struct sst_doc_node *inner = sst_doc_member(node, "answers");
	const struct sst_doc_node *shift = sst_doc_member(node, "shift");
	unsigned refs = SST_REFS_ANSWER, of_element = refs | SST_REFS_AT;

	row->each = reference(c, node, "each", refs);
	row->list = reference(c, node, "list", refs);
	row->index = reference(c, node, "index", of_element);
	row->first = reference(c, node, "first", refs);
	row->id = reference(c, node, "id", of_element);
	row->rest = simple_verdict(c, node, "rest", SST_VERDICT_RETRY);
	row->before = simple_verdict(c, node, "before", SST_VERDICT_RETRY);
	row->after = simple_verdict(c, node, "after", SST_VERDICT_RETRY);
	if (shift != NULL && !sst_num_i64(shift->text, &row->shift))
		sst_compile_fail(c, shift, "not a number");
	if ((row->each != SST_NO_ENTRY) + (row->list != SST_NO_ENTRY) +
			(row->first != SST_NO_ENTRY) !=
		1)
		sst_compile_fail(
			c, node, "partial has one of each, list and first");
	if (row->list != SST_NO_ENTRY &&
		(row->index == SST_NO_ENTRY ||
			sst_doc_member(node, "rest") == NULL))
		sst_compile_fail(c, node, "'list' goes with index and rest");
	if (row->first != SST_NO_ENTRY &&
		(sst_doc_member(node, "before") == NULL ||
			sst_doc_member(node, "after") == NULL))
		sst_compile_fail(c, node, "'first' goes with before and after");
	if (inner != NULL)
		row->rows = compile_rows(
			api, c, inner, of_element, &row->row_count);
}

static void
compile_row(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node, unsigned refs, struct sst_api_row *row)
{
	const struct sst_doc_node *when = sst_doc_member(node, "when");
	struct sst_span then = sst_doc_text(node, "then");
	bool is_inner = (refs & SST_REFS_AT) != 0;

	*row = (struct sst_api_row){ .when = SST_NO_ENTRY,
		.lost = SST_NO_ENTRY,
		.wait = SST_NO_ENTRY,
		.wait_max_us = -1,
		.each = SST_NO_ENTRY,
		.list = SST_NO_ENTRY,
		.index = SST_NO_ENTRY,
		.first = SST_NO_ENTRY,
		.id = SST_NO_ENTRY };
	if (then.at == NULL || !verdict_of(then, &row->then)) {
		sst_compile_fail(c, node,
			"'%.*s' is no verdict: stored, accepted, partial, "
			"retry, hold, dead, split, use",
			(int)then.len, then.at == NULL ? "" : then.at);
		return;
	}
	check_row(c, node, row->then);
	if (is_inner && row->then > SST_VERDICT_DEAD)
		sst_compile_fail(c, node, "not of one event");
	if (when != NULL)
		row->when = sst_compile_condition(c, when, refs);
	else if (node->next != NULL)
		sst_compile_fail(c, node, "a row without 'when' is the last");
	row->say = sst_doc_text(node, "say");
	row->is_slow = sst_doc_is_true(node, "slow");
	row->lost = reference(c, node, "lost", refs);
	row->alone = simple_verdict(c, node, "alone", SST_VERDICT_DEAD);
	row->has_if_none = sst_doc_member(node, "if_none") != NULL;
	row->if_none = simple_verdict(c, node, "if_none", SST_VERDICT_DEAD);
	row->variant = sst_doc_text(node, "variant");
	if (row->then == SST_VERDICT_USE) {
		const struct sst_doc_node *at =
			sst_doc_member(api->doc, "variants");

		for (at = at == NULL ? NULL : at->first;
			at != NULL &&
			(row->variant.at == NULL ||
				!sst_span_eq(at->name, row->variant));
			at = at->next)
			;
		if (at == NULL)
			sst_compile_fail(c, node, "there is no such variant");
	}
	c->refs = refs;
	if (row->then == SST_VERDICT_RETRY)
		compile_retry(c, node, row);
	else if (row->then == SST_VERDICT_PARTIAL)
		compile_partial(api, c, node, row);
}

static const struct sst_api_row *
compile_rows(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *list, unsigned refs, size_t *n)
{
	struct sst_api_row *rows;

	*n = 0;
	if (list->kind != SST_DOC_ARRAY || list->count > SST_API_ROWS) {
		sst_compile_fail(c, list, "a list of rows");
		return NULL;
	}
	rows = sst_arena_zero(&api->arena, (list->count + 1) * sizeof(*rows));
	if (rows == NULL) {
		c->status = sst_fail_memory(c->err, api->path);
		return NULL;
	}
	for (const struct sst_doc_node *at = list->first; at != NULL;
		at = at->next)
		compile_row(api, c, at, refs, &rows[(*n)++]);
	return rows;
}

void
sst_api_compile_answers(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *list =
		sst_doc_member(api->variant, "answers");

	if (list == NULL)
		list = sst_doc_member(api->doc, "answers");
	if (list != NULL)
		api->rows = compile_rows(
			api, c, list, SST_REFS_ANSWER, &api->row_count);
}

/* ---- judging ---- */

/* Destinations agree on these, where a file says nothing. */
static enum sst_verdict_kind
by_class(const struct sst_answer *answer)
{
	unsigned status = answer->status;

	if (status == 0)
		return answer->error != NULL &&
				       strcmp(answer->error, "tls") == 0
			       ? SST_VERDICT_HOLD
			       : SST_VERDICT_RETRY;
	if (status >= 200 && status <= 299)
		return SST_VERDICT_ACCEPTED;
	switch (status) {
	case 408:
	case 425:
	case 429:
		return SST_VERDICT_RETRY;
	case 401:
	case 403:
	case 404:
	case 405:
	case 407:
		return SST_VERDICT_HOLD;
	case 413:
		return SST_VERDICT_SPLIT;
	case 501:
	case 505:
		return SST_VERDICT_DEAD;
	default:
		break;
	}
	if (status >= 300 && status <= 399)
		return SST_VERDICT_HOLD;
	if (status >= 400 && status <= 499)
		return SST_VERDICT_DEAD;
	return SST_VERDICT_RETRY;
}

static const struct sst_api_row *
find_row(struct sst_api *api, const struct sst_api_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].when == SST_NO_ENTRY)
			return &rows[i];
		sst_machine_run(api->machine, rows[i].when, &api->work);
		if (api->machine->flag)
			return &rows[i];
	}
	return NULL;
}

/* A reference as a number that counts something. */
static bool
count_of(struct sst_api *api, size_t entry, int64_t *out)
{
	struct sst_machine *m = api->machine;

	if (entry == SST_NO_ENTRY)
		return false;
	sst_machine_run(m, entry, &api->work);
	return m->acc.is_there &&
	       sst_num_i64(sst_value_text(&m->scratch, &m->acc), out);
}

/* Of the element at hand. */
static enum sst_verdict_kind
judge_element(struct sst_api *api, const struct sst_api_row *row)
{
	const struct sst_api_row *inner =
		find_row(api, row->rows, row->row_count);

	return inner == NULL ? SST_VERDICT_DEAD : inner->then;
}

static bool
is_of_event(struct sst_api *api, const struct sst_api_row *row,
	const struct sst_sent *sent, uint64_t i)
{
	struct sst_machine *m = api->machine;

	if (row->id == SST_NO_ENTRY)
		return true;
	sst_machine_run(m, row->id, &api->work);
	return !m->acc.is_there ||
	       sst_span_eq(sst_value_text(&m->scratch, &m->acc),
		       sent->id(sent->self, i));
}

static bool
judge_list(struct sst_api *api, const struct sst_api_row *row,
	const struct sst_sent *sent, uint8_t *each)
{
	struct sst_machine *m = api->machine;
	bool is_indexed = row->list != SST_NO_ENTRY;
	const struct sst_doc_node *at;
	uint64_t n = 0;

	sst_machine_run(m, is_indexed ? row->list : row->each, &api->work);
	if (!m->acc.is_there || m->acc.kind != SST_KIND_ARRAY)
		return false;
	at = m->acc.node->first;
	if (is_indexed)
		memset(each, (int)row->rest, sent->n);
	else if (m->acc.node->count != sent->n)
		return false;
	for (; at != NULL; at = at->next, n++) {
		int64_t index = (int64_t)n;

		m->at = at;
		if (is_indexed && !count_of(api, row->index, &index))
			return false;
		if (index < 0 || (uint64_t)index >= sent->n ||
			!is_of_event(api, row, sent, (uint64_t)index))
			return false;
		each[index] = (uint8_t)judge_element(api, row);
	}
	return true;
}

static bool
judge_first(struct sst_api *api, const struct sst_api_row *row,
	const struct sst_sent *sent, uint8_t *each)
{
	int64_t index;

	if (!count_of(api, row->first, &index))
		return false;
	index += row->shift;
	if (index < 0 || (uint64_t)index >= sent->n)
		return false;
	for (uint64_t i = 0; i < sent->n; i++)
		each[i] = (uint8_t)(i < (uint64_t)index    ? row->before
				    : i == (uint64_t)index ? SST_VERDICT_DEAD
							   : row->after);
	return true;
}

/* One verdict for all is no partial one. */
static void
join(struct sst_judgement *out, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++)
		if (out->each[i] != out->each[0])
			return;
	out->kind = (enum sst_verdict_kind)out->each[0];
}

static void
by_row(struct sst_api *api, const struct sst_api_row *row,
	const struct sst_sent *sent, struct sst_judgement *out)
{
	int64_t number;

	out->kind = row->then;
	out->say = row->say;
	out->is_slow = row->is_slow;
	out->tries = row->tries;
	out->finally = row->finally;
	out->alone = row->alone;
	out->has_if_none = row->has_if_none;
	out->if_none = row->if_none;
	out->variant = row->variant;
	if (count_of(api, row->lost, &number) && number > 0)
		out->lost =
			(uint64_t)number < sent->n ? (uint64_t)number : sent->n;
	if (count_of(api, row->wait, &number) && number >= 0 &&
		number < 1000000000)
		out->wait_us = number * 1000000;
	if (row->wait_max_us >= 0 && out->wait_us > row->wait_max_us)
		out->wait_us = row->wait_max_us;
	if (row->then != SST_VERDICT_PARTIAL)
		return;
	if (row->first != SST_NO_ENTRY
			? judge_first(api, row, sent, out->each)
			: judge_list(api, row, sent, out->each)) {
		join(out, sent->n);
		return;
	}
	out->kind = SST_VERDICT_RETRY;
	out->is_odd = true;
}

void
sst_api_judge(struct sst_api *api, const struct sst_answer *answer,
	const struct sst_sent *sent, uint8_t *each, struct sst_judgement *out)
{
	struct sst_machine *m = api->machine;
	struct sst_doc_node *doc = NULL;
	const struct sst_api_row *row;

	*out = (struct sst_judgement){ .each = each,
		.wait_us = answer->retry_after_s < 0
				   ? -1
				   : answer->retry_after_s * 1000000,
		.alone = SST_VERDICT_DEAD };
	sst_machine_set_event(m, NULL);
	m->answer = answer;
	m->sent = sent->n;
	m->at = NULL;
	sst_arena_reset(&api->answer_arena);
	/* A body that is no JSON has no json.* */
	if (answer->body.len == 0 ||
		sst_doc_read(&doc, &api->answer_arena, answer->body, false,
			NULL) != SST_OK)
		doc = NULL;
	m->json = doc;
	row = find_row(api, api->rows, api->row_count);
	if (row != NULL) {
		by_row(api, row, sent, out);
	} else {
		out->kind = by_class(answer);
	}
	m->answer = NULL;
	m->json = NULL;
	m->at = NULL;
}
