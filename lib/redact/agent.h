/* SPDX-License-Identifier: ISC */
/*
 * agent -- a user agent to one of a closed list.
 *
 * What is left is the browser's family and major version and the family of the
 * operating system, written as an agent string in the form to which browsers
 * reduce theirs, so that whatever reads agents reads these too. Models,
 * builds, carriers, languages and minor versions go. Crawlers and tools keep a
 * canonical name; all others become "Other". Reducing twice is reducing once.
 */
#ifndef SST_REDACT_AGENT_H
#define SST_REDACT_AGENT_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

/* More than there are words in the tables of the source. */
#define SST_AGENT_WORDS 128

/* The words by the pair of letters that each begins with, so that one pass
 * finds them all: a bit for each pair says where looking is worth it, its hash
 * which words begin so. A word is compared by its first 8 bytes at once. */
struct sst_agents {
	uint8_t first[256], next[SST_AGENT_WORDS]; /* numbered from 1 */
	uint8_t pairs[65536 / 8];
	uint64_t head[SST_AGENT_WORDS], mask[SST_AGENT_WORDS];
};

void sst_agents_init(struct sst_agents *agents);

/* Append the reduced form of an agent with SST_PAD readable bytes behind it. */
void sst_agent_put_reduced(struct sst_buf *to, const struct sst_agents *agents,
	struct sst_span agent);

#endif
