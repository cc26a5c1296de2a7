/* SPDX-License-Identifier: ISC */
/*
 * referrer_list -- the lists of referrers.json, compiled. Private to the files
 * that fill it (referrer_list.c), look hosts up (referrer_host.c), ask it
 * (referrer.c), remember what it said (referrer_event.c) and run its samples
 * (referrer_sample.c).
 */
#ifndef SST_ENRICH_REFERRER_LIST_H
#define SST_ENRICH_REFERRER_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/recall.h"
#include "base/span.h"
#include "enrich/channel.h"
#include "enrich/referrer.h"
#include "text/doc.h"
#include "text/url.h"

#include <stdbool.h>
#include <stdint.h>

/* Longer host names do not exist (RFC 1035: 255 with the dots). */
#define SST_HOST_MAX ((size_t)255)
/* Longer parameters are none of ours. */
#define SST_PARAM_MAX ((size_t)32)

/* A table from short texts to numbers, open addressing, at most half full. */
struct sst_index {
	struct sst_index_row {
		struct sst_span key; /* at NULL: free */
		uint32_t value;
	} * rows;
	size_t mask; /* rows - 1 */
};

/* The number of `key`, or UINT32_MAX. */
uint32_t sst_index_find(const struct sst_index *index, struct sst_span key);

struct sst_source {
	struct sst_span name, medium;
	enum sst_site_kind site;
	unsigned channel;             /* when there is no campaign */
	const struct sst_span *terms; /* parameters with the search term */
	size_t term_count;
};

/* One of several that a host may mean, by path; the longest path first. */
struct sst_host_rule {
	struct sst_span path; /* begins with '/'; empty: any */
	uint32_t source;
	uint32_t next; /* or UINT32_MAX */
};

enum sst_campaign_key {
	SST_CAMPAIGN_SOURCE,
	SST_CAMPAIGN_MEDIUM,
	SST_CAMPAIGN_NAME,
	SST_CAMPAIGN_TERM,
	SST_CAMPAIGN_CONTENT,
	SST_CAMPAIGN_CLICK,
	SST_CAMPAIGN_KEYS
};

/* A parameter of the page's query that matters. */
struct sst_campaign_param {
	enum sst_campaign_key key;
	uint32_t rank;          /* the lower wins */
	struct sst_span source; /* of a click id: what it says */
	struct sst_span medium;
};

struct sst_referrer_list {
	struct sst_arena arena;
	struct sst_source *sources;
	size_t source_count;
	struct sst_host_rule *rules;
	size_t rule_count;
	struct sst_index hosts;  /* lower case; "google." is "google.*" */
	struct sst_index names;  /* of sources, lower case */
	struct sst_index params; /* lower case */
	struct sst_campaign_param *param;
	size_t param_count;
	/* By first byte: a bit per length of a parameter that begins so. */
	uint64_t lengths[256];
};

/* Compile the tree of a file. SST_ECONFIG or SST_ENOMEM; release in any case.
 */
enum sst_status sst_referrer_list_read(struct sst_referrer_list *list,
	const char *path, const struct sst_doc_node *root,
	struct sst_err *err) SST_MUST_USE;

void sst_referrer_list_release(struct sst_referrer_list *list);

#define SST_NO_SOURCE UINT32_MAX

/* A host name as it is looked up. */
struct sst_host {
	char at[SST_HOST_MAX + 1];
	size_t len;
};

/* Lower case, without a final dot. Empty: no host, or too long to be one. */
void sst_host_fold(struct sst_host *to, struct sst_span host);

/* Without "www.". */
struct sst_span sst_host_bare(struct sst_span host);

/*
 * The source of a host and the path there, or SST_NO_SOURCE: by the host, its
 * parents, and their "name.*", the longest first. *is_by_path is set when
 * another path there may give another source; it is not cleared.
 */
uint32_t sst_host_look(const struct sst_referrer_list *list,
	struct sst_span host, struct sst_span path, bool *is_by_path);

struct sst_referrers {
	struct sst_referrer_list list;
	struct sst_recall recall; /* see referrer_event.c */
	struct sst_arena arena;   /* the sites */
	struct sst_span *sites;   /* lower case, without "www." */
	size_t site_count;
	struct sst_buf work; /* a value with its escapes undone */
	struct sst_buf text; /* all values of the event at hand */
};

/* What the query of a page says. */
struct sst_campaign {
	struct sst_param value[SST_CAMPAIGN_KEYS];
	const struct sst_campaign_param *param[SST_CAMPAIGN_KEYS];
};

/* Take the parameters of the query that matter. False: there are none, and
 * nothing is written. */
bool sst_campaign_read(const struct sst_referrer_list *list,
	struct sst_span query, struct sst_campaign *out);

enum sst_origin {
	SST_ORIGIN_OWN,    /* the visitor was here before */
	SST_ORIGIN_DIRECT, /* nothing is known */
	SST_ORIGIN_LOST,   /* no memory to say it */
	SST_ORIGIN_KNOWN   /* what follows says it */
};

struct sst_finding {
	enum sst_origin origin;
	struct sst_traffic traffic;
	unsigned channel;   /* of KNOWN and DIRECT */
	struct sst_url url; /* the referrer's parts, when it has a host */
	struct sst_host host;
	uint32_t source; /* that the host gave, or SST_NO_SOURCE */
	bool is_by_path; /* another path may have given another one */
};

/* Find out where a visitor came from. `campaign` may be NULL. What out says is
 * good until the next call. */
void sst_referrers_find(struct sst_referrers *refs,
	const struct sst_visit *visit, const struct sst_campaign *campaign,
	struct sst_finding *out);

/* Is a referrer's host, without "www.", the page's? */
bool sst_host_is_page(struct sst_span bare, struct sst_span page_host);

/* Room for what sst_referrers_apply() remembers. False: no memory. */
bool sst_referrers_init_recall(struct sst_referrers *refs);

/* Open the lists of a tree, without sites; as sst_referrers_open(). */
enum sst_status sst_referrers_compile(struct sst_referrers **out,
	const char *path, const struct sst_doc_node *root,
	struct sst_err *err) SST_MUST_USE;

#endif
