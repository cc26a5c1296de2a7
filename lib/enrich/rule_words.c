/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "enrich/literal.h"

#include <stdlib.h>

/* Of one text; with more all clauses are tested. */
#define HITS ((size_t)128)
/* A head of a longer literal is as good. */
#define HEAD ((size_t)32)

/* One of the literals that a test needs; n 0: it needs none. */
struct need {
	enum sst_field field;
	struct sst_span words[SST_LITERALS_MAX];
	size_t n, shortest;
	struct sst_literals read;
};

static void
add(struct need *need, struct sst_span word)
{
	word = sst_span_head(word, word.len < HEAD ? word.len : HEAD);
	if (need->n == 0 || word.len < need->shortest)
		need->shortest = word.len;
	need->words[need->n++] = word;
}

/* What one test needs. An empty word says nothing. */
static void
read_need(const struct sst_test *test, struct need *need)
{
	need->n = 0;
	need->field = test->field;
	if (test->field == SST_F_OTHER)
		return;
	switch (test->kind) {
	case SST_TEST_IN:
	case SST_TEST_STARTS:
	case SST_TEST_ENDS:
		for (size_t i = 0; i < test->n && i < SST_LITERALS_MAX; i++)
			add(need, test->wants[i].text);
		break;
	case SST_TEST_QUERY_HAS:
		for (size_t i = 0;
			i < test->is.params->n && i < SST_LITERALS_MAX; i++)
			add(need, test->is.params->at[i]);
		break;
	case SST_TEST_PATTERN:
		if (!sst_literals_of(&need->read, test->is.pattern.text, NULL))
			break;
		for (size_t i = 0; i < need->read.n; i++)
			add(need, sst_literal(&need->read, i));
		break;
	default:
		break;
	}
	if (need->n > 0 && need->shortest == 0)
		need->n = 0;
}

/* More words than there is room for: the need does not know them all. */
static bool
is_whole(const struct sst_test *test)
{
	if (test->kind == SST_TEST_QUERY_HAS)
		return test->is.params->n <= SST_LITERALS_MAX;
	return test->kind == SST_TEST_PATTERN || test->n <= SST_LITERALS_MAX;
}

/* The texts of a field, or NULL: there are too many. */
static struct sst_rule_text *
text_for(struct sst_rules *rules, enum sst_field field)
{
	for (size_t i = 0; i < rules->text_count; i++)
		if (rules->texts[i].field == field)
			return &rules->texts[i];
	if (rules->text_count == SST_RULE_TEXTS)
		return NULL;
	rules->texts[rules->text_count].field = field;
	return &rules->texts[rules->text_count++];
}

static bool
keep(struct sst_rules *rules, struct sst_rule_block *block, uint64_t clause,
	const struct need *found)
{
	struct sst_rule_text *text = text_for(rules, found->field);
	struct sst_rule_need *need;

	if (text == NULL)
		return true;
	need = sst_arena_zero(&rules->arena, sizeof(*need));
	if (need == NULL)
		return false;
	need->words =
		sst_arena_zero(&rules->arena, found->n * sizeof(*need->words));
	if (need->words == NULL)
		return false;
	for (; need->n < found->n; need->n++) {
		need->words[need->n] =
			sst_arena_copy(&rules->arena, found->words[need->n]);
		if (need->words[need->n].at == NULL)
			return false;
	}
	need->block = block->number;
	need->clause = clause;
	need->next = text->needs;
	text->needs = need;
	text->count += need->n;
	block->worded[text - rules->texts] |= clause;
	return true;
}

bool
sst_rule_words_add(struct sst_rules *rules, struct sst_rule_block *block,
	uint64_t clause, struct sst_tests tests)
{
	struct need *best = calloc(2, sizeof(*best)), *other = best + 1;
	bool is_kept = true;
	size_t which = 0;

	if (best == NULL)
		return false;
	for (size_t i = 0; i < tests.n; i++) {
		if (!is_whole(&tests.at[i]))
			continue;
		read_need(&tests.at[i], other);
		if (other->n > 0 &&
			(best->n == 0 || other->shortest > best->shortest)) {
			best->n = other->n;
			best->shortest = other->shortest;
			which = i;
		}
	}
	if (best->n > 0) {
		read_need(&tests.at[which], best);
		is_kept = keep(rules, block, clause, best);
	}
	free(best);
	return is_kept;
}

static bool
compile(struct sst_rules *rules, struct sst_rule_text *text)
{
	struct sst_span *words = calloc(text->count, sizeof(*words));
	bool is_done = false;
	size_t n = 0;

	text->who = calloc(text->count, sizeof(struct sst_rule_need *));
	text->seen = calloc(rules->block_count, sizeof(*text->seen));
	if (words == NULL || text->who == NULL || text->seen == NULL)
		goto out;
	for (const struct sst_rule_need *need = text->needs; need != NULL;
		need = need->next)
		for (size_t i = 0; i < need->n; i++) {
			text->who[n] = need;
			words[n++] = need->words[i];
		}
	is_done = sst_words_open(&text->words, words, n, NULL) == SST_OK;
out:
	free(words);
	return is_done;
}

static void
forget(struct sst_rule_text *text)
{
	sst_words_close(text->words);
	free(text->who);
	free(text->seen);
	text->words = NULL;
	text->who = NULL;
	text->seen = NULL;
}

void
sst_rule_words_compile(struct sst_rules *rules)
{
	sst_rule_words_release(rules);
	for (size_t i = 0; i < rules->text_count; i++)
		if (!compile(rules, &rules->texts[i]))
			forget(&rules->texts[i]);
	rules->is_ready = true;
}

void
sst_rule_words_release(struct sst_rules *rules)
{
	for (size_t i = 0; i < rules->text_count; i++)
		forget(&rules->texts[i]);
	rules->is_ready = false;
}

void
sst_rule_words_look(
	struct sst_rules *rules, size_t text, const struct sst_rule_view *view)
{
	struct sst_rule_text *at = &rules->texts[text];
	struct sst_words_hit hits[HITS];
	bool knows = at->words != NULL;
	size_t n = 0;

	if (knows)
		n = sst_words_find(at->words,
			sst_event_peek(view->event, at->field), hits, HITS);
	if (at->seen == NULL)
		return;
	memset(at->seen, knows && n < HITS ? 0 : 0xff,
		rules->block_count * sizeof(*at->seen));
	for (size_t i = 0; i < n; i++)
		at->seen[at->who[hits[i].word]->block] |=
			at->who[hits[i].word]->clause;
}
