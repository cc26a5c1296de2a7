/* SPDX-License-Identifier: ISC */
/*
 * referrer -- where a visitor came from: source, medium, campaign, channel.
 *
 * Campaign parameters of the page's own query win over click ids, click ids
 * over the referrer. The lists are a file, formats/referrers.json. A referrer
 * that is one's own (the event's host, with or without "www.", or a host of
 * --site or below it) says nothing, and is no direct visit either. Without
 * referrer and campaign the channel is Direct, and there is no source.
 *
 * Per event: one look at the query for its few interesting names, and one hash
 * of the referrer's host, whose answer is remembered. Nothing is allocated
 * once the buffers have grown.
 */
#ifndef SST_ENRICH_REFERRER_H
#define SST_ENRICH_REFERRER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "event/event.h"

struct sst_referrers;

/* What is asked about; absent is empty. */
struct sst_visit {
	struct sst_span referrer; /* the URL, as logged */
	struct sst_span host;     /* of the page */
	struct sst_span query;    /* of the page, without '?' */
};

/* Decoded, valid UTF-8; absent is empty. Good until the next call. */
struct sst_traffic {
	struct sst_span source, medium, campaign, term, content;
	struct sst_span click_id; /* NAME=VALUE as logged */
	const char *channel;      /* NULL: the referrer is one's own */
};

/*
 * Open the lists. `sites` are n own hosts; they are copied. SST_ECONFIG says
 * PATH:LINE:COLUMN and what was expected there. *out is then NULL.
 */
enum sst_status sst_referrers_open(struct sst_referrers **out, const char *path,
	const char *const *sites, size_t n, struct sst_err *err) SST_MUST_USE;

/* Not for two threads at once on one list. */
void sst_referrers_classify(struct sst_referrers *refs,
	const struct sst_visit *visit, struct sst_traffic *out);

/*
 * Set the keys of an event, after its name is known: assets and bot hits get
 * none, and only events that a visit can begin with are Direct.
 */
void sst_referrers_apply(struct sst_referrers *refs, struct sst_event *event);

void sst_referrers_close(struct sst_referrers *refs);

/* Run the samples in the file, as sst_bots_test() does. */
enum sst_status sst_referrers_test(const char *path, struct sst_buf *report,
	struct sst_err *err) SST_MUST_USE;

#endif
