/* SPDX-License-Identifier: ISC */
/*
 * agent_list -- a long list of patterns, the first of which to match counts.
 *
 * Hundreds of patterns one by one cost more than the rest of sst-parse. So the
 * literals that they need (enrich/literal) are found in one pass over the text
 * (enrich/words); only patterns whose literals are there, and the few that
 * need none, are tried, in their order; and a pattern is compiled when it is
 * first tried. The answer is that of trying them all.
 *
 * Bounds: SST_AGENT_LIST_MAX patterns. Nothing is allocated after the first
 * try of each pattern.
 */
#ifndef SST_ENRICH_AGENT_LIST_H
#define SST_ENRICH_AGENT_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "text/match.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_AGENT_LIST_MAX ((size_t)8192)
/* What a match gives: "family, major, minor, patch, patch minor", or "family,
 * brand, model". */
#define SST_AGENT_PARTS 5

struct sst_agent_pattern {
	struct sst_span text;
	bool is_caseless;
	/* "$1" to "$9" stand for groups; at NULL: the group itself, the first
	 * one for the first part and so on. */
	struct sst_span parts[SST_AGENT_PARTS];
	uint8_t groups[SST_AGENT_PARTS]; /* 0: nothing */
};

struct sst_agent_entry {
	struct sst_agent_pattern is;
	struct sst_match *match; /* NULL: not tried yet */
	bool is_bad;             /* it does not compile */
};

struct sst_words;

struct sst_agent_list {
	struct sst_agent_entry *entries;
	size_t n, room;
	struct sst_words *words; /* NULL: all are tried */
	uint64_t *rows;          /* by word: a bit per entry that it opens */
	uint64_t *always;        /* a bit per entry that needs no literal */
	uint64_t *open;          /* of the text at hand: those to try */
	uint64_t bad;            /* patterns that do not compile */
};

/* { 0 } is valid. Spans of the pattern are copied into `arena`. SST_ENOMEM, or
 * SST_ECONFIG: too many. */
enum sst_status sst_agent_list_add(struct sst_agent_list *list,
	struct sst_arena *arena, const struct sst_agent_pattern *pattern,
	struct sst_err *err) SST_MUST_USE;

/* All are added. SST_ENOMEM. */
enum sst_status sst_agent_list_compile(
	struct sst_agent_list *list, struct sst_err *err) SST_MUST_USE;

/* The first that matches, or NULL; groups of the match. */
const struct sst_agent_pattern *sst_agent_list_find(struct sst_agent_list *list,
	struct sst_span text, struct sst_span groups[SST_MATCH_GROUPS]);

/* Append what the match gives for one part, without blanks at its ends. */
void sst_agent_part_put(struct sst_buf *to,
	const struct sst_agent_pattern *pattern, size_t part,
	const struct sst_span groups[SST_MATCH_GROUPS]);

void sst_agent_list_release(struct sst_agent_list *list);

#endif
