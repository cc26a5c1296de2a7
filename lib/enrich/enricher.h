/* SPDX-License-Identifier: ISC */
/*
 * enricher -- all that lists, rules and databases know about an event, in the
 * order in which one thing builds on another: consent, place, bot, browser, the
 * event's name, its parameters, where the visit comes from.
 *
 * Tables are read when it is opened; nothing is allocated per event. Not for
 * two threads at once: each has its own.
 */
#ifndef SST_ENRICH_ENRICHER_H
#define SST_ENRICH_ENRICHER_H

#include "base/digest.h"
#include "base/err.h"
#include "event/event.h"

struct sst_enricher;

/* Names of files and of hosts, only read while it is opened. */
struct sst_enricher_plan {
	const char *bots, *referrers;
	const char *const *rules; /* asked in this order */
	size_t rule_count;
	const char *const *sites; /* own hosts */
	size_t site_count;
	const char *const *geo; /* may be none */
	size_t geo_count;
	const char *agents, *uap; /* both, or NULL: no browsers */
	const char *consent;      /* "cookie:NAME" ..., or NULL */
	bool with_params;
};

/* SST_ECONFIG, SST_EUSAGE and SST_EIO say which file or option is wrong. *out
 * is then NULL. */
enum sst_status sst_enricher_open(struct sst_enricher **out,
	const struct sst_enricher_plan *plan, struct sst_err *err) SST_MUST_USE;

/* Does a rule take a sample? Then a key says who is in it. */
bool sst_enricher_samples(const struct sst_enricher *enricher);
void sst_enricher_key(
	struct sst_enricher *enricher, const struct sst_digest *key);

/* The event will be handed in soon: worth a call ahead of other work. */
void sst_enricher_expect(
	struct sst_enricher *enricher, struct sst_event *event);

/* Add what is known. SST_DROP: a rule drops the event. */
enum sst_status sst_enricher_apply(
	struct sst_enricher *enricher, struct sst_event *event) SST_MUST_USE;

/* Addresses that a damaged database could not answer, patterns of user agents
 * that do not compile. */
uint64_t sst_enricher_bad_lookups(const struct sst_enricher *enricher);
uint64_t sst_enricher_bad_patterns(const struct sst_enricher *enricher);

/* NULL is allowed. */
void sst_enricher_close(struct sst_enricher *enricher);

#endif
