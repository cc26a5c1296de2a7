/* SPDX-License-Identifier: ISC */
/*
 * literal -- texts without which a pattern cannot match.
 *
 * Of many patterns few can fit a text, and which they are is seen in one pass
 * over it (enrich/words) when each pattern is known by a set of literals one of
 * which is in everything it matches. The set is read off the pattern, as in
 * Russ Cox, "Regular Expression Matching with a Trigram Index", 2012, but with
 * whole literals: the longest run of letters in a sequence, all branches of a
 * choice together.
 *
 * ASCII case is for the words to ignore. A pattern that ignores case itself
 * also takes U+017F for "s" and U+212A for "k", which its literals do not.
 */
#ifndef SST_ENRICH_LITERAL_H
#define SST_ENRICH_LITERAL_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_LITERALS_MAX ((size_t)256)
#define SST_LITERALS_BYTES ((size_t)4096)

struct sst_literals {
	size_t n;
	size_t worth; /* bytes of the shortest, but see `common` */
	size_t used;
	struct {
		uint16_t at, len; /* in `text` */
	} runs[SST_LITERALS_MAX];
	char text[SST_LITERALS_BYTES];
};

static inline struct sst_span
sst_literal(const struct sst_literals *literals, size_t i)
{
	return sst_span(
		literals->text + literals->runs[i].at, literals->runs[i].len);
}

/* Read a pattern (PCRE2) that compiles. False: nothing is certain, which is
 * also the answer for what this does not understand: options within the
 * pattern, quotes, verbs, references, classes by name, nesting past 16.
 * `common`, ended by NULL, or NULL: words that nearly all texts have, which are
 * taken only where there is nothing better. */
bool sst_literals_of(struct sst_literals *out, struct sst_span pattern,
	const char *const *common);

#endif
