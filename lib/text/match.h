/* SPDX-License-Identifier: ISC */
/*
 * match -- compiled patterns with limits. The door to pcre2.h.
 *
 * Patterns are PCRE2, compiled once, with JIT where the machine has it. A match
 * costs at most 100,000 steps from each place where it may begin, and 1 MiB of
 * heap; where there is no JIT 4,000,000 steps and bytes in all. Past that the
 * answer is SST_MATCH_LIMIT, which callers must treat as
 * the unsafe case (a redactor redacts, a rule does not apply and is counted).
 * Input may be any bytes (PCRE2_MATCH_INVALID_UTF).
 */
#ifndef SST_TEXT_MATCH_H
#define SST_TEXT_MATCH_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

struct sst_match;

#define SST_MATCH_GROUPS 32 /* the whole match and up to 31 captures */

enum sst_match_result {
	SST_MATCH_NO,
	SST_MATCH_YES,
	SST_MATCH_LIMIT
};

struct sst_match_options {
	bool is_caseless;
	bool is_anchored; /* at the start */
};

/* SST_ECONFIG with the position in the pattern when it does not compile, is
 * over 4,096 bytes long, or has too many groups. */
enum sst_status sst_match_open(struct sst_match **out, struct sst_span pattern,
	struct sst_match_options options, struct sst_err *err) SST_MUST_USE;

/*
 * Search text from `from` on; from <= text.len. On SST_MATCH_YES groups[0] is
 * the whole match and groups[1..] the captures (at NULL when unset); groups may
 * be NULL. Not for two threads at once on one pattern.
 */
enum sst_match_result sst_match_find(struct sst_match *match,
	struct sst_span text, size_t from,
	struct sst_span groups[SST_MATCH_GROUPS]);

/* Number of groups (whole match not counted), and the name of group n
 * (1-based), empty when it has none. */
size_t sst_match_group_count(const struct sst_match *match);
struct sst_span sst_match_group_name(const struct sst_match *match, size_t n);

void sst_match_close(struct sst_match *match);

/* "10.42 2022-12-11", for --version. */
const char *sst_match_library_version(void);

#endif
