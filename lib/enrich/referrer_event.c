/* SPDX-License-Identifier: ISC */
/*
 * What referrers say about events, and the memory of it: an authority mostly
 * says all ("www.example.net" in "https://www.example.net/a?b"), so that the
 * common event costs one look into a table and three values that are there
 * already.
 */
#include "base/wide.h"
#include "enrich/referrer_list.h"
#include "text/scan.h"

/* 8,192 hosts and URLs. */
#define RECALL_BITS 12

/* Two kinds of keys, as contexts. */
enum {
	AUTHORITY,
	WHOLE /* referrer, where the authority alone does not decide */
};

/* What is remembered of one, packed into the number of a recall. */
struct memory {
	uint32_t source; /* or SST_NO_SOURCE: the host is its own source */
	uint8_t channel;
	uint8_t is;                /* one of the following */
	uint8_t bare_at, bare_len; /* the bare host, in the authority */
};
enum {
	A_SOURCE,
	OWN,       /* a site of ours */
	UNDECIDED, /* look for the whole referrer */
};

static uint64_t
pack(struct memory m)
{
	return (uint64_t)m.source << 32 | (uint64_t)m.channel << 24 |
	       (uint64_t)m.is << 16 | (uint64_t)m.bare_at << 8 | m.bare_len;
}

static inline struct memory
unpack(uint64_t number)
{
	return (struct memory){ (uint32_t)(number >> 32),
		(uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number };
}

bool
sst_referrers_init_recall(struct sst_referrers *refs)
{
	return sst_recall_init(&refs->recall, RECALL_BITS);
}

/* The authority of a web page's URL; empty: it is something else. */
static inline struct sst_span
authority_of(struct sst_span referrer)
{
	size_t start;
	const char *end;

	if (referrer.len > 8 && memcmp(referrer.at, "https://", 8) == 0)
		start = 8;
	else if (referrer.len > 7 && memcmp(referrer.at, "http://", 7) == 0)
		start = 7;
	else
		return sst_span("", 0);
	end = sst_wide_find3(
		referrer.at + start, referrer.at + referrer.len, "/?#");
	return sst_span(
		referrer.at + start, (size_t)(end - referrer.at) - start);
}

/* What a rule has set stays. */
static inline void
put(struct sst_event *event, enum sst_field field, struct sst_span raw)
{
	if (SST_LIKELY(!sst_event_has(event, field)))
		sst_event_put(event, field, SST_KIND_STRING, raw, false);
}

/* Could a search term stand in the referrer? */
static inline bool
may_have_term(const struct sst_referrer_list *list, uint32_t source,
	struct sst_span referrer)
{
	return source != SST_NO_SOURCE &&
	       list->sources[source].term_count != 0 &&
	       sst_span_find(referrer, '?') < referrer.len;
}

/* Set what is remembered about the referrer. False: it must be found out. */
static inline bool
apply_known(const struct sst_referrers *refs, struct sst_event *event,
	const struct sst_visit *visit, struct sst_span authority)
{
	SST_PADDED(referral, "referral");
	struct sst_recall_key key =
		sst_recall_key(&refs->recall, authority, AUTHORITY);
	uint64_t number;
	struct sst_span bare;
	struct memory known;

	if (!sst_recall_find(&refs->recall, &key, &number))
		return false;
	known = unpack(number);
	if (known.is == UNDECIDED) {
		key = sst_recall_key(&refs->recall, visit->referrer, WHOLE);
		if (!sst_recall_find(&refs->recall, &key, &number))
			return false;
		known = unpack(number);
	}
	bare = sst_span(authority.at + known.bare_at, known.bare_len);
	if (known.is == OWN ||
		(visit->host.len != 0 && sst_host_is_page(bare, visit->host)))
		return true;
	if (may_have_term(&refs->list, known.source, visit->referrer))
		return false;
	if (known.source == SST_NO_SOURCE) {
		put(event, SST_F_SOURCE, bare);
		put(event, SST_F_MEDIUM, referral);
	} else {
		put(event, SST_F_SOURCE, refs->list.sources[known.source].name);
		put(event, SST_F_MEDIUM,
			refs->list.sources[known.source].medium);
	}
	put(event, SST_F_CHANNEL, sst_channel_name(known.channel));
	return true;
}

/* Remember what was found out about a referrer without the page's host. The
 * bare host must stand in the authority as it is to be written. */
static void
remember(struct sst_referrers *refs, struct sst_span referrer,
	struct sst_span authority, const struct sst_finding *f)
{
	struct sst_recall_key key =
		sst_recall_key(&refs->recall, authority, AUTHORITY);
	struct sst_span bare = sst_host_bare(sst_span(f->host.at, f->host.len));
	struct memory m = { f->source, (uint8_t)f->channel,
		f->origin == SST_ORIGIN_OWN ? OWN : A_SOURCE, 0,
		(uint8_t)bare.len };
	size_t at;

	if (f->origin == SST_ORIGIN_DIRECT || f->origin == SST_ORIGIN_LOST ||
		authority.len > UINT8_MAX || bare.len == 0 ||
		!sst_json_is_plain(bare) ||
		may_have_term(&refs->list, f->source, referrer))
		return;
	at = (size_t)(f->url.host.at - authority.at) + f->host.len - bare.len;
	if (memcmp(authority.at + at, bare.at, bare.len) != 0)
		return;
	m.bare_at = (uint8_t)at;
	if (f->is_by_path) {
		struct sst_recall_key whole =
			sst_recall_key(&refs->recall, referrer, WHOLE);
		struct memory undecided = { .is = UNDECIDED };
		uint64_t known;

		sst_recall_put(&refs->recall, &whole, pack(m));
		if (sst_recall_find(&refs->recall, &key, &known))
			return;
		m = undecided;
	}
	sst_recall_put(&refs->recall, &key, pack(m));
}

static void
set(struct sst_event *event, enum sst_field field, struct sst_span text)
{
	if (text.len != 0 && !sst_event_has(event, field))
		sst_event_set_text(event, field, text);
}

static void
set_traffic(struct sst_event *event, const struct sst_finding *f)
{
	const struct sst_traffic *traffic = &f->traffic;

	set(event, SST_F_SOURCE, traffic->source);
	set(event, SST_F_MEDIUM, traffic->medium);
	set(event, SST_F_CAMPAIGN, traffic->campaign);
	set(event, SST_F_TERM, traffic->term);
	set(event, SST_F_CONTENT, traffic->content);
	put(event, SST_F_CHANNEL, sst_channel_name(f->channel));
	set(event, SST_F_CLICK_ID, traffic->click_id);
}

/* What an event may say about how a visit began. */
enum part {
	ALL,
	NOT_DIRECT, /* no visit begins with it */
	NOTHING
};

static inline enum part
part_of(struct sst_span name)
{
	static const struct {
		struct sst_span name;
		enum part part;
	} rows[] = {
		{ SST_SPAN("asset"), NOTHING },
		{ SST_SPAN("bot_hit"), NOTHING },
		{ SST_SPAN("error"), NOT_DIRECT },
		{ SST_SPAN("redirect"), NOT_DIRECT },
		{ SST_SPAN("request"), NOT_DIRECT },
		{ SST_SPAN("api_call"), NOT_DIRECT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (sst_span_eq(name, rows[i].name))
			return rows[i].part;
	return ALL;
}

void
sst_referrers_apply(struct sst_referrers *refs, struct sst_event *event)
{
	enum part part = part_of(sst_event_peek(event, SST_F_EVENT));
	struct sst_span authority;
	struct sst_campaign campaign;
	struct sst_finding found;
	struct sst_visit visit;
	bool has_campaign;

	if (part == NOTHING)
		return;
	visit.referrer = sst_event_peek(event, SST_F_REFERRER);
	visit.query = sst_event_peek(event, SST_F_QUERY);
	visit.host = sst_event_peek(event, SST_F_HOST);
	has_campaign = sst_campaign_read(&refs->list, visit.query, &campaign);
	authority = authority_of(visit.referrer);
	if (!has_campaign && authority.len != 0 &&
		apply_known(refs, event, &visit, authority))
		return;
	sst_referrers_find(
		refs, &visit, has_campaign ? &campaign : NULL, &found);
	if (found.origin == SST_ORIGIN_KNOWN)
		set_traffic(event, &found);
	else if (found.origin == SST_ORIGIN_DIRECT && part == ALL)
		put(event, SST_F_CHANNEL, sst_channel_name(found.channel));
	if (has_campaign || authority.len == 0)
		return;
	if (found.origin == SST_ORIGIN_OWN) {
		visit.host.len = 0; /* another page may ask */
		sst_referrers_find(refs, &visit, NULL, &found);
	}
	remember(refs, visit.referrer, authority, &found);
}
