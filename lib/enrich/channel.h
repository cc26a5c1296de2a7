/* SPDX-License-Identifier: ISC */
/*
 * channel -- GA4's default channel groups.
 *
 * The rules of Google Analytics' help page "Default channel group" (article
 * 9756891), in their order, the first that fits: with the channel AI Assistant
 * before Organic Search. Case does not matter. Whether a source is a search,
 * social, video or shopping site is the caller's knowledge (referrers.json).
 */
#ifndef SST_ENRICH_CHANNEL_H
#define SST_ENRICH_CHANNEL_H

#include "base/span.h"

enum sst_site_kind {
	SST_SITE_OTHER,
	SST_SITE_SEARCH,
	SST_SITE_SOCIAL,
	SST_SITE_VIDEO,
	SST_SITE_SHOPPING,
	SST_SITE_AI
};

struct sst_channel_facts {
	struct sst_span source, medium, campaign; /* empty when not set */
	enum sst_site_kind site;                  /* what the source is */
};

/* The first of them. */
#define SST_CHANNEL_DIRECT 0U

/* The number of a channel, below 256. */
unsigned sst_channel_of(const struct sst_channel_facts *facts);

/* "Organic Search" ...; "Unassigned" when nothing fits. SST_PAD bytes behind
 * it may be read, nothing in it needs an escape. */
struct sst_span sst_channel_name(unsigned channel);

#endif
