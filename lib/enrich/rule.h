/* SPDX-License-Identifier: ISC */
/*
 * rule -- event names and properties from rules.
 *
 * Rules are files: formats/rules/default.json, and those of --rules before it.
 * The first rule whose conditions all hold names the event or drops it; rules
 * before it that do neither may set and rename keys, or take a sample. Nothing
 * fits: the event is "request". Conditions see the event as it was logged.
 * Conditions are compiled: methods and extensions to words compared as numbers,
 * statuses to a bit set; in a rule the cheap ones are tested first, and a
 * pattern only behind its literal prefix. See sst-rules(5) for the language.
 *
 *   { "rules": [
 *       { "event": "purchase",
 *         "when": { "method": "POST", "status": "2xx",
 *                   "path": "^/order/(?<order>\\d+)/pay$" } },
 *       { "event": "beacon", "when": { "path": { "in": [ "/t.gif" ] } },
 *         "name_from": "e", "props_from": "query" },
 *       { "drop": true, "when": { "path": { "starts": "/healthz" } } } ] }
 *
 * Bounds: SST_RULES_MAX rules, 16 tests in one "when", nested 4 deep. Of one
 * event at most 64 properties are made, names of up to 64 bytes; of a name
 * that occurs twice the first counts.
 */
#ifndef SST_ENRICH_RULE_H
#define SST_ENRICH_RULE_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "event/event.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_RULES_MAX ((size_t)4096)

struct sst_rules;

/* No rules yet. SST_ENOMEM: *out is NULL. */
enum sst_status sst_rules_open(
	struct sst_rules **out, struct sst_err *err) SST_MUST_USE;

/* Add the rules of a file behind those there are. SST_ECONFIG says
 * PATH:LINE:COLUMN and what was expected there; the rules are then only good
 * to be closed. */
enum sst_status sst_rules_add(struct sst_rules *rules, const char *path,
	struct sst_err *err) SST_MUST_USE;

/* Does some rule keep a sample of its events only? Which of them is then told
 * by a hash under `key`, the same in all runs that are to agree. */
bool sst_rules_sample(const struct sst_rules *rules);
void sst_rules_key(struct sst_rules *rules, const struct sst_digest *key);

/*
 * Set `event`, and `props` where a rule makes some, and what else rules ask
 * for. Names are good until close, all else until the event's reset. SST_DROP:
 * a rule asks to drop the event, or it is in no sample. Not for two threads at
 * once on one set of rules.
 */
enum sst_status sst_rules_apply(
	struct sst_rules *rules, struct sst_event *event) SST_MUST_USE;

/* How often a pattern hit its limits, and so did not fit. */
uint64_t sst_rules_limited(const struct sst_rules *rules);

void sst_rules_close(struct sst_rules *rules);

/* Run the samples in a file, against its rules alone; as sst_bots_test(). */
enum sst_status sst_rules_test(const char *path, struct sst_buf *report,
	struct sst_err *err) SST_MUST_USE;

#endif
