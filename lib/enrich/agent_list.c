/* SPDX-License-Identifier: ISC */
#include "enrich/agent_list.h"

#include "enrich/literal.h"
#include "enrich/words.h"

#include <stdlib.h>

/* Of one text; with more all patterns are tried. */
#define HITS ((size_t)1024)
/* A head of a longer literal tells nearly as well, and keeps the automaton of
 * some hundred patterns within its bounds. */
#define HEAD ((size_t)6)

/* What most agents have; the rest tells more. */
static const char *const common[] = { "Mozilla/5.0", "AppleWebKit/537.36",
	"Gecko", "Version/4.0", "Mobile/15E148", "Safari/537.36", "Chrome/",
	"Android", "iPhone", "iPad", "iPod", "Windows NT", "Windows Phone",
	"Windows CE", "Linux", "Macintosh", " Build/", NULL };

static bool
copy(struct sst_arena *arena, struct sst_span *span)
{
	if (span->at == NULL)
		return true;
	*span = sst_arena_copy(arena, *span);
	return span->at != NULL;
}

enum sst_status
sst_agent_list_add(struct sst_agent_list *list, struct sst_arena *arena,
	const struct sst_agent_pattern *pattern, struct sst_err *err)
{
	struct sst_agent_entry *entry;
	bool is_kept;

	if (list->n == SST_AGENT_LIST_MAX)
		return sst_fail(err, SST_ECONFIG,
			"more than %zu patterns in a list", list->n);
	if (list->n == list->room) {
		size_t room = list->room == 0 ? 256 : list->room * 2;
		struct sst_agent_entry *larger =
			realloc(list->entries, room * sizeof(*larger));

		if (larger == NULL)
			return sst_fail_memory(err, "a list of agents");
		list->entries = larger;
		list->room = room;
	}
	entry = &list->entries[list->n++];
	*entry = (struct sst_agent_entry){ .is = *pattern };
	is_kept = copy(arena, &entry->is.text);
	for (size_t i = 0; i < SST_AGENT_PARTS; i++)
		is_kept = copy(arena, &entry->is.parts[i]) && is_kept;
	return is_kept ? SST_OK : sst_fail_memory(err, "a list of agents");
}

/* A word of a pattern, in lower case. */
struct word {
	struct sst_span text;
	uint32_t entry;
};

/* Words of all patterns, while they are read. */
struct reading {
	struct word *words;
	size_t n, room;
	struct sst_arena arena;
};

static bool
add_word(struct reading *r, struct sst_span text, size_t entry)
{
	char *lower;

	if (r->n == r->room) {
		size_t room = r->room == 0 ? 1024 : r->room * 2;
		struct word *words = realloc(r->words, room * sizeof(*words));

		if (words == NULL)
			return false;
		r->words = words;
		r->room = room;
	}
	text = sst_span_head(text, text.len < HEAD ? text.len : HEAD);
	lower = sst_arena_take(&r->arena, text.len);
	if (lower == NULL)
		return false;
	for (size_t i = 0; i < text.len; i++)
		lower[i] = sst_lower(text.at[i]);
	r->words[r->n++] =
		(struct word){ sst_span(lower, text.len), (uint32_t)entry };
	return true;
}

/* The words of one entry, or that it needs none. */
static bool
read_entry(struct sst_agent_list *list, struct reading *r,
	struct sst_literals *literals, size_t at)
{
	if (!sst_literals_of(literals, list->entries[at].is.text, common)) {
		list->always[at / 64] |= (uint64_t)1 << (at % 64);
		return true;
	}
	for (size_t i = 0; i < literals->n; i++)
		if (!add_word(r, sst_literal(literals, i), at))
			return false;
	return true;
}

static int
by_text(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return sst_span_order(x->text, y->text);
}

/* One row per distinct word: dozens of patterns need the same one. Past the
 * automaton's bounds all patterns are tried: slow, but right. */
static bool
compile_words(struct sst_agent_list *list, struct reading *r)
{
	size_t width = list->n / 64 + 1, n = 0;
	struct sst_span *texts = calloc(r->n + 1, sizeof(*texts));

	list->rows = calloc((r->n + 1) * width, sizeof(*list->rows));
	if (texts == NULL || list->rows == NULL) {
		free(texts);
		return false;
	}
	if (r->n > 0)
		qsort(r->words, r->n, sizeof(r->words[0]), by_text);
	for (size_t i = 0; i < r->n; i++) {
		const struct word *word = &r->words[i];

		if (n == 0 || !sst_span_eq(texts[n - 1], word->text))
			texts[n++] = word->text;
		list->rows[(n - 1) * width + word->entry / 64] |=
			(uint64_t)1 << (word->entry % 64);
	}
	if (sst_words_open(&list->words, texts, n, NULL) != SST_OK)
		list->words = NULL;
	free(texts);
	return true;
}

enum sst_status
sst_agent_list_compile(struct sst_agent_list *list, struct sst_err *err)
{
	struct sst_literals *literals = malloc(sizeof(*literals));
	struct reading r = { .n = 0 };
	size_t words = list->n / 64 + 1;
	enum sst_status status = SST_OK;

	sst_arena_init(&r.arena, (size_t)16 * 1024 * 1024);
	list->always = calloc(words, sizeof(*list->always));
	list->open = calloc(words, sizeof(*list->open));
	if (literals == NULL || list->always == NULL || list->open == NULL)
		status = sst_fail_memory(err, "a list of agents");
	for (size_t i = 0; i < list->n && status == SST_OK; i++)
		if (!read_entry(list, &r, literals, i))
			status = sst_fail_memory(err, "a list of agents");
	if (status == SST_OK && !compile_words(list, &r))
		status = sst_fail_memory(err, "a list of agents");
	sst_arena_release(&r.arena);
	free(r.words);
	free(literals);
	return status;
}

/* Mark the patterns that the text's literals leave. */
static void
open_entries(struct sst_agent_list *list, struct sst_span text)
{
	struct sst_words_hit hits[HITS];
	size_t words = list->n / 64 + 1;
	size_t n = HITS;

	if (list->words != NULL)
		n = sst_words_find(list->words, text, hits, HITS);
	if (n == HITS) {
		memset(list->open, 0xff, words * sizeof(*list->open));
		return;
	}
	memcpy(list->open, list->always, words * sizeof(*list->open));
	for (size_t i = 0; i < n; i++) {
		const uint64_t *row = list->rows + hits[i].word * words;

		for (size_t k = 0; k < words; k++)
			list->open[k] |= row[k];
	}
}

static bool
try(struct sst_agent_list *list, struct sst_agent_entry *entry,
	struct sst_span text, struct sst_span groups[SST_MATCH_GROUPS])
{
	const struct sst_match_options options = {
		.is_caseless = entry->is.is_caseless
	};

	if (entry->match == NULL && !entry->is_bad &&
		sst_match_open(&entry->match, entry->is.text, options, NULL) !=
			SST_OK) {
		entry->is_bad = true;
		list->bad++;
	}
	return !entry->is_bad &&
	       sst_match_find(entry->match, text, 0, groups) == SST_MATCH_YES;
}

const struct sst_agent_pattern *
sst_agent_list_find(struct sst_agent_list *list, struct sst_span text,
	struct sst_span groups[SST_MATCH_GROUPS])
{
	if (list->n == 0)
		return NULL;
	open_entries(list, text);
	for (size_t i = 0; i < list->n / 64 + 1; i++)
		for (uint64_t open = list->open[i]; open != 0;
			open &= open - 1) {
			size_t at = i * 64 + (size_t)__builtin_ctzll(open);

			if (at >= list->n)
				return NULL;
			if (try(list, &list->entries[at], text, groups))
				return &list->entries[at].is;
		}
	return NULL;
}

static void
trim(struct sst_buf *to, size_t start)
{
	size_t lead = start;

	while (to->len > start && to->at[to->len - 1] == ' ')
		to->len--;
	while (lead < to->len && to->at[lead] == ' ')
		lead++;
	if (lead == start)
		return;
	memmove(to->at + start, to->at + lead, to->len - lead);
	to->len -= lead - start;
}

/* A group that the pattern has not is empty. */
static struct sst_span
group_of(const struct sst_span groups[SST_MATCH_GROUPS], size_t n)
{
	return groups[n].at == NULL ? sst_span("", 0) : groups[n];
}

void
sst_agent_part_put(struct sst_buf *to, const struct sst_agent_pattern *pattern,
	size_t part, const struct sst_span groups[SST_MATCH_GROUPS])
{
	struct sst_span text = pattern->parts[part];
	size_t start = to->len;

	if (text.at == NULL && pattern->groups[part] != 0) {
		struct sst_span group = group_of(groups, pattern->groups[part]);

		sst_buf_put(to, group.at, group.len);
	}
	for (size_t i = 0; i < text.len; i++) {
		char next = i + 1 < text.len ? text.at[i + 1] : '\0';

		if (text.at[i] == '$' && next >= '1' && next <= '9') {
			struct sst_span group =
				group_of(groups, (size_t)(next - '0'));

			sst_buf_put(to, group.at, group.len);
			i++;
		} else {
			sst_buf_byte(to, text.at[i]);
		}
	}
	trim(to, start);
}

void
sst_agent_list_release(struct sst_agent_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		sst_match_close(list->entries[i].match);
	free(list->entries);
	sst_words_close(list->words);
	free(list->rows);
	free(list->always);
	free(list->open);
	*list = (struct sst_agent_list){ .n = 0 };
}
