/* SPDX-License-Identifier: ISC */
#include "enrich/bot.h"

#include "base/arena.h"
#include "base/recall.h"
#include "enrich/sample.h"
#include "enrich/words.h"
#include "text/doc.h"
#include "text/match.h"

#include <assert.h>
#include <stdlib.h>

/* A day's log of a busy site has some 16,000 agents: 1 MiB for twice as many,
 * touched as far as they occur. */
#define RECALL_BITS 14
/* An agent with more hits than this is judged by the first of them. */
#define HITS ((size_t)64)
/* Names, and the tree of the file while it is read. */
#define ARENA ((size_t)32 * 1024 * 1024)
#define WORDS ((size_t)8192)

/* Where in the agent a literal counts. */
enum place {
	ANYWHERE,
	WORD,
	WORD_END,
	START,
	WHOLE
};

static const struct {
	const char *key;
	enum place place;
} places[] = {
	{ "match", ANYWHERE },
	{ "words", WORD },
	{ "word_ends", WORD_END },
	{ "starts", START },
	{ "equals", WHOLE },
};

/* What a bot may be; people read it in the file, sst-session will count it. */
static const char *const kinds[] = { "ad", "ai-agent", "ai-crawler", "archive",
	"data", "feed", "headless", "library", "monitor", "other", "preview",
	"scanner", "search", "seo", "social-preview" };

struct entry {
	struct sst_span name;
	struct sst_match *pattern; /* or NULL */
};

struct literal {
	uint32_t entry; /* the number of entries: a word of `except` */
	enum place place;
};

struct sst_bots {
	struct sst_arena arena;
	struct entry *entries;
	uint32_t n;
	struct literal *literals; /* by word */
	struct sst_words *words;
	uint32_t *bare; /* entries that have a pattern and no literal */
	uint32_t bare_count;
	struct sst_recall recall;
	struct sst_span expected; /* an agent that will be asked for */
	struct sst_recall_key expected_key;
};

/* While a file is read: the words that all literals are compiled from. */
struct reading {
	const char *path;
	struct sst_bots *bots;
	struct sst_span *words;
	size_t n;
};

static const char *const file_keys[] = { "name", "except", "bots", "people",
	NULL };
static const char *const entry_keys[] = { "name", "kind", "match", "words",
	"word_ends", "starts", "equals", "pattern", "samples", NULL };

/* Take the words of a list; absent is empty. */
static enum sst_status
read_words(struct reading *r, const struct sst_doc_node *list, uint32_t entry,
	enum place place, struct sst_err *err)
{
	if (list == NULL)
		return SST_OK;
	if (list->kind != SST_DOC_ARRAY)
		return sst_doc_fail(
			err, r->path, list, "expected a list of words");
	for (const struct sst_doc_node *word = list->first; word != NULL;
		word = word->next) {
		if (word->kind != SST_DOC_STRING || word->text.len == 0 ||
			word->text.len > SST_WORD_MAX)
			return sst_doc_fail(err, r->path, word,
				"expected a word of 1 to %zu bytes",
				SST_WORD_MAX);
		if (r->n == WORDS)
			return sst_doc_fail(err, r->path, word,
				"more than %zu words", WORDS);
		r->words[r->n] = word->text;
		r->bots->literals[r->n] = (struct literal){ entry, place };
		r->n++;
	}
	return SST_OK;
}

static enum sst_status
read_pattern(struct reading *r, const struct sst_doc_node *node,
	struct entry *entry, struct sst_err *err)
{
	const struct sst_doc_node *pattern = sst_doc_member(node, "pattern");
	struct sst_err why = { 0 };

	if (pattern == NULL)
		return SST_OK;
	if (pattern->kind != SST_DOC_STRING)
		return sst_doc_fail(
			err, r->path, pattern, "expected a pattern");
	if (sst_match_open(&entry->pattern, pattern->text,
		    (struct sst_match_options){ .is_caseless = true },
		    &why) == SST_OK)
		return SST_OK;
	return sst_doc_fail(err, r->path, pattern, "%s", why.text);
}

static bool
is_kind(struct sst_span text)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sst_span_is(text, kinds[i]))
			return true;
	return false;
}

static enum sst_status
read_entry(struct reading *r, const struct sst_doc_node *node, uint32_t at,
	struct sst_err *err)
{
	const struct sst_doc_node *bad;
	struct sst_span name = sst_doc_text(node, "name");
	struct entry *entry = &r->bots->entries[at];
	size_t before = r->n;

	if (node->kind != SST_DOC_OBJECT)
		return sst_doc_fail(err, r->path, node, "expected an object");
	bad = sst_doc_unknown_member(node, entry_keys);
	if (bad != NULL)
		return sst_doc_fail(err, r->path, bad,
			"'%.*s' is no member of a bot", (int)bad->name.len,
			bad->name.at);
	if (name.len == 0 || !sst_json_is_plain(name))
		return sst_doc_fail(err, r->path, node,
			"expected a 'name' without quotes and control bytes");
	if (!is_kind(sst_doc_text(node, "kind")))
		return sst_doc_fail(err, r->path, node,
			"expected a 'kind' like 'search' or 'library'");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		enum sst_status status =
			read_words(r, sst_doc_member(node, places[i].key), at,
				places[i].place, err);

		if (status != SST_OK)
			return status;
	}
	if (r->n == before && sst_doc_member(node, "pattern") == NULL)
		return sst_doc_fail(err, r->path, node,
			"expected 'match', 'words', 'word_ends', 'starts', "
			"'equals' or 'pattern'");
	if (r->n == before)
		r->bots->bare[r->bots->bare_count++] = at;
	entry->name = sst_arena_copy(&r->bots->arena, name);
	if (entry->name.at == NULL)
		return sst_fail_memory(err, "the bots");
	return read_pattern(r, node, entry, err);
}

static enum sst_status
read_all(
	struct reading *r, const struct sst_doc_node *root, struct sst_err *err)
{
	const struct sst_doc_node *list = sst_doc_member(root, "bots");
	const struct sst_doc_node *bad;
	enum sst_status status;
	uint32_t at = 0;

	if (list == NULL || list->kind != SST_DOC_ARRAY || list->count == 0)
		return sst_doc_fail(
			err, r->path, root, "expected a list 'bots'");
	bad = sst_doc_unknown_member(root, file_keys);
	if (bad != NULL)
		return sst_doc_fail(err, r->path, bad,
			"'%.*s' is no member of a file of bots",
			(int)bad->name.len, bad->name.at);
	r->bots->n = (uint32_t)list->count;
	r->bots->entries = calloc(list->count, sizeof(*r->bots->entries));
	r->bots->bare = calloc(list->count, sizeof(*r->bots->bare));
	r->bots->literals = calloc(WORDS, sizeof(*r->bots->literals));
	r->words = calloc(WORDS, sizeof(*r->words));
	if (r->bots->entries == NULL || r->bots->bare == NULL ||
		r->bots->literals == NULL || r->words == NULL ||
		!sst_recall_init(&r->bots->recall, RECALL_BITS))
		return sst_fail_memory(err, "the bots");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		status = read_entry(r, node, at++, err);
		if (status != SST_OK)
			return status;
	}
	status = read_words(
		r, sst_doc_member(root, "except"), r->bots->n, ANYWHERE, err);
	if (status != SST_OK)
		return status;
	status = sst_words_open(&r->bots->words, r->words, r->n, err);
	if (status != SST_OK)
		return sst_fail_in(err, "%s", r->path);
	return SST_OK;
}

/* Make a list of the tree of a file, which is not needed afterwards. */
static enum sst_status
compile(struct sst_bots **out, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	struct reading r = { .path = path };
	enum sst_status status;

	*out = NULL;
	r.bots = calloc(1, sizeof(*r.bots));
	if (r.bots == NULL)
		return sst_fail_memory(err, "the bots");
	sst_arena_init(&r.bots->arena, ARENA);
	status = read_all(&r, root, err);
	free(r.words);
	if (status == SST_OK)
		*out = r.bots;
	else
		sst_bots_close(r.bots);
	return status;
}

enum sst_status
sst_bots_open(struct sst_bots **out, const char *path, struct sst_err *err)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	*out = NULL;
	sst_arena_init(&arena, ARENA);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = compile(out, path, root, err);
	sst_arena_release(&arena);
	return status;
}

static bool
is_alnum(char c)
{
	c = sst_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Does a literal count where it was found? */
static bool
is_in_place(enum place place, struct sst_span agent,
	const struct sst_words_hit *hit)
{
	bool ends = hit->end == agent.len || !is_alnum(agent.at[hit->end]) ||
		    !is_alnum(agent.at[hit->end - 1]);

	switch (place) {
	case ANYWHERE:
		return true;
	case WORD:
		return ends &&
		       (hit->start == 0 || !is_alnum(agent.at[hit->start - 1]));
	case WORD_END:
		return ends;
	case START:
		return hit->start == 0;
	case WHOLE:
		return hit->start == 0 && hit->end == agent.len;
	}
	return false;
}

/* Does it overlap a word of `except`? */
static bool
is_excepted(const struct sst_bots *bots, const struct sst_words_hit *hits,
	size_t n, const struct sst_words_hit *hit)
{
	for (size_t i = 0; i < n; i++)
		if (bots->literals[hits[i].word].entry == bots->n &&
			hits[i].start < hit->end && hits[i].end > hit->start)
			return true;
	return false;
}

/* The first entry that fits, or the number of entries. */
static uint32_t
look(const struct sst_bots *bots, struct sst_span agent)
{
	struct sst_words_hit hits[HITS];
	size_t n = sst_words_find(bots->words, agent, hits, HITS);
	uint32_t best = bots->n;

	for (size_t i = 0; i < n; i++) {
		const struct literal *it = &bots->literals[hits[i].word];
		struct sst_match *pattern;

		if (it->entry >= best ||
			!is_in_place(it->place, agent, &hits[i]) ||
			is_excepted(bots, hits, n, &hits[i]))
			continue;
		pattern = bots->entries[it->entry].pattern;
		if (pattern == NULL || sst_match_find(pattern, agent, 0,
					       NULL) == SST_MATCH_YES)
			best = it->entry;
	}
	for (uint32_t i = 0; i < bots->bare_count && bots->bare[i] < best; i++)
		if (sst_match_find(bots->entries[bots->bare[i]].pattern, agent,
			    0, NULL) == SST_MATCH_YES)
			return bots->bare[i];
	return best;
}

/* The number of the entry that fits, or the number of entries. */
static uint32_t
find(struct sst_bots *bots, struct sst_span agent)
{
	struct sst_recall_key key;
	uint64_t found;

	if (agent.at == bots->expected.at && agent.len == bots->expected.len)
		key = bots->expected_key;
	else
		key = sst_recall_key(&bots->recall, agent, 0);
	bots->expected = sst_span(NULL, 0);
	if (SST_UNLIKELY(!sst_recall_find(&bots->recall, &key, &found))) {
		found = look(bots, agent);
		sst_recall_put(&bots->recall, &key, found);
	}
	return (uint32_t)found;
}

struct sst_span
sst_bots_find(struct sst_bots *bots, struct sst_span agent)
{
	uint32_t found = find(bots, agent);

	return found == bots->n ? sst_span("", 0) : bots->entries[found].name;
}

void
sst_bots_expect(struct sst_bots *bots, struct sst_event *event)
{
	bots->expected = sst_event_peek(event, SST_F_USER_AGENT);
	if (bots->expected.len == 0)
		return;
	bots->expected_key = sst_recall_key(&bots->recall, bots->expected, 0);
	sst_recall_expect(&bots->recall, &bots->expected_key);
}

void
sst_bots_apply(struct sst_bots *bots, struct sst_event *event)
{
	struct sst_span agent = sst_event_peek(event, SST_F_USER_AGENT);
	uint32_t found;

	if (agent.len == 0)
		return;
	found = find(bots, agent);
	if (found != bots->n)
		sst_event_put(event, SST_F_BOT, SST_KIND_STRING,
			bots->entries[found].name, false);
}

void
sst_bots_close(struct sst_bots *bots)
{
	if (bots == NULL)
		return;
	for (uint32_t i = 0; bots->entries != NULL && i < bots->n; i++)
		sst_match_close(bots->entries[i].pattern);
	free(bots->entries);
	free(bots->bare);
	free(bots->literals);
	sst_words_close(bots->words);
	sst_recall_release(&bots->recall);
	sst_arena_release(&bots->arena);
	free(bots);
}

/* Each agent of a list must be found under `name`. */
static void
try_agents(struct sst_samples *samples, struct sst_bots *bots,
	const struct sst_doc_node *list, struct sst_span name)
{
	const struct sst_doc_node *node = list == NULL ? NULL : list->first;

	for (; node != NULL; node = node->next) {
		struct sst_span got = sst_bots_find(bots, node->text);

		sst_samples_add(samples, node,
			node->kind == SST_DOC_STRING && sst_span_eq(got, name),
			"the agent is '%.*s', expected '%.*s'", (int)got.len,
			got.at, (int)name.len, name.at);
	}
}

enum sst_status
sst_bots_test(const char *path, struct sst_buf *report, struct sst_err *err)
{
	struct sst_samples samples = { .path = path, .report = report };
	struct sst_bots *bots = NULL;
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, ARENA);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = compile(&bots, path, root, err);
	if (status != SST_OK)
		goto out;
	for (const struct sst_doc_node *bot =
			sst_doc_member(root, "bots")->first;
		bot != NULL; bot = bot->next) {
		const struct sst_doc_node *list =
			sst_doc_member(bot, "samples");

		if (list == NULL || list->count == 0)
			sst_samples_add(
				&samples, bot, false, "the bot has no samples");
		try_agents(&samples, bots, list, sst_doc_text(bot, "name"));
	}
	try_agents(&samples, bots, sst_doc_member(root, "people"),
		sst_span("", 0));
	status = sst_samples_end(&samples, err);
out:
	sst_bots_close(bots);
	sst_arena_release(&arena);
	return status;
}
