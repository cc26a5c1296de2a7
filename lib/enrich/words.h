/* SPDX-License-Identifier: ISC */
/*
 * words -- many literals, found in one pass over a text, ASCII case ignored.
 *
 * An Aho-Corasick automaton (Aho and Corasick, CACM 18(6), 1975) with all
 * failure transitions resolved: a byte costs two loads, whatever the number of
 * words. Bytes that occur in no word share one column of the table. Words are
 * 1 to SST_WORD_MAX bytes, all of them together fewer than SST_WORDS_BYTES.
 * What is compiled is only read, so that threads may share it.
 */
#ifndef SST_ENRICH_WORDS_H
#define SST_ENRICH_WORDS_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

#define SST_WORD_MAX ((size_t)256)
/* States are 15 bits wide, and each byte of a word may need one. */
#define SST_WORDS_BYTES ((size_t)32767)

struct sst_words;

/* A word stands at text[start..end). */
struct sst_words_hit {
	uint32_t word; /* index in the list given to open */
	size_t start, end;
};

/*
 * Compile n words; the spans are not needed afterwards. The same word may be
 * there twice, each then gives its own hits. SST_ECONFIG: too much of them, or
 * one is empty or too long; SST_ENOMEM. *out is then NULL.
 */
enum sst_status sst_words_open(struct sst_words **out,
	const struct sst_span *words, size_t n,
	struct sst_err *err) SST_MUST_USE;

/*
 * Find words, in the order of their ends. Writes at most max hits and stops
 * there; returns how many.
 */
size_t sst_words_find(const struct sst_words *words, struct sst_span text,
	struct sst_words_hit *hits, size_t max);

void sst_words_close(struct sst_words *words);

#endif
