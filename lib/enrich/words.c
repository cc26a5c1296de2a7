/* SPDX-License-Identifier: ISC */
#include "enrich/words.h"

#include <assert.h>
#include <stdlib.h>

/* Marks a transition into a state where some word ends. */
#define HIT 0x8000U
#define NONE UINT32_MAX

struct sst_words {
	uint8_t column[256]; /* of a byte; 0: it occurs in no word */
	unsigned shift;      /* a row of `next` has 1 << shift columns */
	uint16_t *next;      /* row: state; value: state, and HIT */
	uint32_t *ends;      /* by state: a word that ends here, or NONE */
	uint16_t *above;     /* by state: the longest proper suffix where some
				word ends, or 0 */
	uint32_t *twin;      /* by word: the next equal word, or NONE */
	uint16_t *len;       /* by word */
	size_t states;
};

static inline size_t
cell(const struct sst_words *w, size_t state, uint8_t byte)
{
	return (state << w->shift) + w->column[byte];
}

/* Give columns to the bytes of all words; upper case shares with lower. */
static enum sst_status
make_columns(struct sst_words *w, const struct sst_span *words, size_t n,
	size_t *bytes, struct sst_err *err)
{
	unsigned columns = 1;

	*bytes = 0;
	for (size_t i = 0; i < n; i++) {
		if (words[i].len == 0 || words[i].len > SST_WORD_MAX)
			return sst_fail(err, SST_ECONFIG,
				"a word must have 1 to %zu bytes",
				SST_WORD_MAX);
		*bytes += words[i].len;
		if (*bytes >= SST_WORDS_BYTES)
			return sst_fail(err, SST_ECONFIG,
				"the words have more than %zu bytes together",
				SST_WORDS_BYTES - 1);
		for (size_t k = 0; k < words[i].len; k++) {
			uint8_t byte = (uint8_t)sst_lower(words[i].at[k]);

			if (w->column[byte] == 0)
				w->column[byte] = (uint8_t)columns++;
		}
	}
	/* Lower case only, so at most 230 of 256. */
	assert(columns <= 256);
	for (int c = 'A'; c <= 'Z'; c++)
		w->column[c] = w->column[c | 0x20];
	while (1U << w->shift < columns)
		w->shift++;
	return SST_OK;
}

static bool
allocate(struct sst_words *w, size_t states, size_t n)
{
	w->next = calloc(states << w->shift, sizeof(*w->next));
	w->ends = malloc(states * sizeof(*w->ends));
	w->above = calloc(states, sizeof(*w->above));
	w->twin = malloc((n + 1) * sizeof(*w->twin));
	w->len = calloc(n + 1, sizeof(*w->len));
	if (w->next == NULL || w->ends == NULL || w->above == NULL ||
		w->twin == NULL || w->len == NULL)
		return false;
	for (size_t i = 0; i < states; i++)
		w->ends[i] = NONE;
	return true;
}

/* Add one word to the trie. */
static void
add_word(struct sst_words *w, uint32_t word, struct sst_span text)
{
	size_t state = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = (uint8_t)sst_lower(text.at[i]);
		uint16_t *to = &w->next[cell(w, state, byte)];

		if (*to == 0)
			*to = (uint16_t)w->states++;
		state = *to;
	}
	w->len[word] = (uint16_t)text.len;
	w->twin[word] = w->ends[state];
	w->ends[state] = word;
}

/* What the automaton does in `state` where the trie ends: what the state's
 * longest proper suffix (`fail`) does. Breadth first, so that is complete. */
static void
resolve(struct sst_words *w, uint16_t *fail, uint16_t *queue)
{
	size_t columns = (size_t)1 << w->shift, head = 0, tail = 1;

	queue[0] = 0;
	while (head < tail) {
		size_t state = queue[head++];
		uint16_t *row = w->next + (state << w->shift);
		const uint16_t *other =
			w->next + ((size_t)fail[state] << w->shift);

		for (size_t c = 0; c < columns; c++) {
			uint16_t to = row[c], back = state == 0 ? 0 : other[c];

			if (to == 0) {
				row[c] = back;
				continue;
			}
			fail[to] = back;
			w->above[to] =
				w->ends[back] != NONE ? back : w->above[back];
			queue[tail++] = to;
		}
	}
}

static void
mark_hits(struct sst_words *w)
{
	for (size_t i = 0; i < w->states << w->shift; i++) {
		uint16_t to = w->next[i];

		if (w->ends[to] != NONE || w->above[to] != 0)
			w->next[i] = (uint16_t)(to | HIT);
	}
}

enum sst_status
sst_words_open(struct sst_words **out, const struct sst_span *words, size_t n,
	struct sst_err *err)
{
	struct sst_words *w = calloc(1, sizeof(*w));
	uint16_t *fail = NULL, *queue = NULL;
	enum sst_status status = SST_OK;
	size_t bytes;

	*out = NULL;
	if (w == NULL)
		return sst_fail_memory(err, "a list of words");
	status = make_columns(w, words, n, &bytes, err);
	if (status != SST_OK)
		goto out;
	fail = calloc(bytes + 1, sizeof(*fail));
	queue = calloc(bytes + 1, sizeof(*queue));
	if (fail == NULL || queue == NULL || !allocate(w, bytes + 1, n)) {
		status = sst_fail_memory(err, "a list of words");
		goto out;
	}
	w->states = 1;
	for (size_t i = 0; i < n; i++)
		add_word(w, (uint32_t)i, words[i]);
	resolve(w, fail, queue);
	mark_hits(w);
	*out = w;
	w = NULL;
out:
	free(queue);
	free(fail);
	sst_words_close(w);
	return status;
}

/* All words that end in `state`, at text offset `end`. */
static size_t
collect(const struct sst_words *w, uint16_t state, size_t end,
	struct sst_words_hit *hits, size_t max)
{
	size_t n = 0;

	for (; n < max; state = w->above[state]) {
		for (uint32_t word = w->ends[state]; word != NONE && n < max;
			word = w->twin[word])
			hits[n++] = (struct sst_words_hit){ word,
				end - w->len[word], end };
		if (w->above[state] == 0)
			break;
	}
	return n;
}

size_t
sst_words_find(const struct sst_words *w, struct sst_span text,
	struct sst_words_hit *hits, size_t max)
{
	uint16_t state = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		state = w->next[cell(w, state, (uint8_t)text.at[i])];
		if (SST_LIKELY((state & HIT) == 0))
			continue;
		state = (uint16_t)(state & ~HIT);
		n += collect(w, state, i + 1, hits + n, max - n);
		if (n == max)
			break;
	}
	return n;
}

void
sst_words_close(struct sst_words *w)
{
	if (w == NULL)
		return;
	free(w->next);
	free(w->ends);
	free(w->above);
	free(w->twin);
	free(w->len);
	free(w);
}
