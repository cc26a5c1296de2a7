/* SPDX-License-Identifier: ISC */
/*
 * bot -- programs among the visitors, by their user agent.
 *
 * The list is a file, formats/bots.json: entries with a name, a kind and the
 * literals (and seldom a pattern) that give them away. The first entry of the
 * file that fits gives the name. All literals are looked for in one pass; a
 * pattern runs only where a literal of its entry was found, or where the entry
 * has none and no entry before it fits. The answers for
 * some 16,000 agents are remembered (base/recall), so that the common case is
 * a hash and a look. Nothing is allocated after open.
 *
 * What an agent claims is taken as it is: whether a Googlebot is Google's is
 * another question.
 */
#ifndef SST_ENRICH_BOT_H
#define SST_ENRICH_BOT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "event/event.h"

struct sst_bots;

/* SST_ECONFIG says PATH:LINE:COLUMN and what was expected there. *out is then
 * NULL. */
enum sst_status sst_bots_open(struct sst_bots **out, const char *path,
	struct sst_err *err) SST_MUST_USE;

/* The bot's name, good until close, in JSON spelling, SST_PAD bytes behind it;
 * empty for a person. An empty agent is a person's: nothing is known. Not for
 * two threads at once on one list. */
struct sst_span sst_bots_find(struct sst_bots *bots, struct sst_span agent);

/* The event's agent will be asked for: worth a call ahead of other work. */
void sst_bots_expect(struct sst_bots *bots, struct sst_event *event);

/* Set `bot` of an event whose user agent is one; no other key changes. */
void sst_bots_apply(struct sst_bots *bots, struct sst_event *event);

void sst_bots_close(struct sst_bots *bots);

/* Run the samples in the file; a report goes to `report`. SST_EIO: one failed,
 * SST_ECONFIG: the file is wrong. */
enum sst_status sst_bots_test(const char *path, struct sst_buf *report,
	struct sst_err *err) SST_MUST_USE;

#endif
