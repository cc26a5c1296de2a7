/* SPDX-License-Identifier: ISC */
#include "enrich/referrer.h"

#include "base/recall.h"
#include "enrich/referrer_list.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdlib.h>

/* 4,096 referrer hosts; longer ones are looked up each time. */
#define RECALL_BITS 11
#define RECALL_BYTES ((size_t)256 * 1024)
/* Decoded values of one event: no longer than its line is, repaired. */
#define TEXT ((size_t)8 * 1024 * 1024)
#define ARENA ((size_t)32 * 1024 * 1024)

/* No referrer, no campaign. */
static const char direct[2 * SST_PAD] = "Direct";

struct sst_referrers {
	struct sst_referrer_list list;
	struct sst_recall recall; /* host to its rules */
	struct sst_arena arena;   /* the sites */
	struct sst_span *sites;   /* lower case, without "www." */
	size_t site_count;
	struct sst_buf work; /* a value with its escapes undone */
	struct sst_buf text; /* all values of the event at hand */
};

/* What the query says. */
struct campaign {
	struct sst_param value[SST_CAMPAIGN_KEYS];
	const struct sst_campaign_param *param[SST_CAMPAIGN_KEYS];
};

/* The source of a referrer's host and path, or SST_NO_SOURCE. */
static uint32_t
find_source(
	struct sst_referrers *refs, struct sst_span host, struct sst_span path)
{
	struct sst_recall_key key = sst_recall_key(host, 0);
	struct sst_recall_answer known;
	uint32_t rules, source;

	if (!sst_recall_find(&refs->recall, &key, &known)) {
		source = sst_host_look(&refs->list, host, path, &rules);
		sst_recall_put(&refs->recall, &key, rules, sst_span("", 0));
		return source;
	}
	rules = (uint32_t)known.number;
	source = sst_host_by_path(&refs->list, rules, path);
	if (source == SST_NO_SOURCE && rules != SST_NO_RULES)
		source = sst_host_look(&refs->list, host, path, &rules);
	return source;
}

static bool
is_own(const struct sst_referrers *refs, struct sst_span host,
	struct sst_span page_host)
{
	struct sst_span bare = sst_host_bare(host);

	if (page_host.len != 0 &&
		sst_span_eq_nocase(bare, sst_host_bare(page_host)))
		return true;
	for (size_t i = 0; i < refs->site_count; i++) {
		struct sst_span site = refs->sites[i];

		if (sst_span_ends(bare, site) &&
			(bare.len == site.len ||
				bare.at[bare.len - site.len - 1] == '.'))
			return true;
	}
	return false;
}

/* Decode a value for the event: percent, plus, UTF-8 made valid. What is added
 * first is good as long as `text` has the room that classify() gave it. */
static struct sst_span
decode(struct sst_referrers *refs, struct sst_span value)
{
	size_t start = refs->text.len;

	sst_buf_reset(&refs->work);
	sst_url_put_decoded(&refs->work, value, true);
	(void)sst_utf8_put_repaired(&refs->text, sst_buf_span(&refs->work));
	if (refs->work.is_short || refs->text.is_short)
		return sst_span("", 0);
	return sst_span(refs->text.at + start, refs->text.len - start);
}

/* As logged, but valid UTF-8. */
static struct sst_span
keep(struct sst_referrers *refs, struct sst_span value)
{
	size_t start = refs->text.len;

	(void)sst_utf8_put_repaired(&refs->text, value);
	if (refs->text.is_short)
		return sst_span("", 0);
	return sst_span(refs->text.at + start, refs->text.len - start);
}

/* Take the parameters of the query that matter. False: there are none. */
static bool
read_query(const struct sst_referrer_list *list, struct sst_span query,
	struct campaign *out)
{
	struct sst_param param;
	size_t at = 0;
	bool has_any = false;

	if (query.len == 0)
		return false;
	while (sst_url_next_param(query, &at, &param)) {
		const struct sst_campaign_param *row;
		char name[SST_PARAM_MAX];
		uint32_t found;

		if (param.value.len == 0 || param.name.len == 0 ||
			param.name.len > SST_PARAM_MAX ||
			(list->lengths[(uint8_t)param.name.at[0]] >>
					param.name.len &
				1) == 0)
			continue;
		for (size_t i = 0; i < param.name.len; i++)
			name[i] = sst_lower(param.name.at[i]);
		found = sst_index_find(
			&list->params, sst_span(name, param.name.len));
		if (found == UINT32_MAX)
			continue;
		row = &list->param[found];
		if (has_any && out->param[row->key] != NULL &&
			out->param[row->key]->rank <= row->rank)
			continue;
		if (!has_any)
			*out = (struct campaign){ 0 };
		has_any = true;
		out->param[row->key] = row;
		out->value[row->key] = param;
	}
	return has_any;
}

/* The search term in a referrer's query: the first name of the list that has a
 * value. */
static struct sst_span
find_term(struct sst_referrers *refs, const struct sst_source *source,
	struct sst_span query)
{
	struct sst_span best = { "", 0 };
	size_t rank = source->term_count, at = 0;
	struct sst_param param;

	while (rank > 0 && sst_url_next_param(query, &at, &param))
		for (size_t i = 0; i < rank; i++)
			if (param.value.len != 0 &&
				sst_span_eq(param.name, source->terms[i])) {
				best = param.value;
				rank = i;
				break;
			}
	return best.len == 0 ? best : decode(refs, best);
}

/* What kind of site a source from a link is: by name, else by host. */
static enum sst_site_kind
site_of(const struct sst_referrers *refs, struct sst_span source)
{
	struct sst_host host;
	uint32_t found, rules;

	sst_host_fold(&host, source);
	if (host.len == 0)
		return SST_SITE_OTHER;
	found = sst_index_find(&refs->list.names, sst_span(host.at, host.len));
	if (found == UINT32_MAX && memchr(host.at, '.', host.len) != NULL)
		found = sst_host_look(&refs->list, sst_span(host.at, host.len),
			sst_span("/", 1), &rules);
	return found == UINT32_MAX ? SST_SITE_OTHER
				   : refs->list.sources[found].site;
}

/* Fill in what the campaign parameters say. */
static void
take_campaign(struct sst_referrers *refs, const struct campaign *campaign,
	struct sst_traffic *out)
{
	struct sst_span *const to[] = {
		[SST_CAMPAIGN_SOURCE] = &out->source,
		[SST_CAMPAIGN_MEDIUM] = &out->medium,
		[SST_CAMPAIGN_NAME] = &out->campaign,
		[SST_CAMPAIGN_TERM] = &out->term,
		[SST_CAMPAIGN_CONTENT] = &out->content,
	};
	const struct sst_campaign_param *click =
		campaign->param[SST_CAMPAIGN_CLICK];

	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		if (campaign->param[i] != NULL)
			*to[i] = decode(refs, campaign->value[i].value);
	if (click == NULL)
		return;
	out->click_id = keep(refs, campaign->value[SST_CAMPAIGN_CLICK].whole);
	/* A click id says nothing about a source that the link names itself,
	 * unless it is the same. */
	if (out->source.len == 0)
		out->source = click->source;
	if (out->medium.len == 0 &&
		(click->source.len == 0 ||
			sst_span_eq_nocase(out->source, click->source)))
		out->medium = click->medium;
}

/* Fill in what the referrer says, where nothing better is known. */
static void
take_referrer(struct sst_referrers *refs, const struct sst_url *url,
	const struct sst_host *host, struct sst_traffic *out)
{
	SST_PADDED(app, "app");
	SST_PADDED(referral, "referral");
	struct sst_span name = sst_span(host->at, host->len);
	const struct sst_source *source;
	uint32_t found;

	if (out->source.len != 0)
		return;
	found = find_source(refs, name, url->path);
	if (found == SST_NO_SOURCE) {
		bool is_app = sst_span_is(url->scheme, "android-app") ||
			      sst_span_is(url->scheme, "ios-app");

		out->source = keep(refs, sst_host_bare(name));
		if (out->medium.len == 0)
			out->medium = is_app ? app : referral;
		return;
	}
	source = &refs->list.sources[found];
	out->source = source->name;
	if (out->term.len == 0)
		out->term = find_term(refs, source, url->query);
	if (out->medium.len != 0)
		return;
	out->medium = source->medium;
	if (out->campaign.len == 0)
		out->channel = source->channel;
}

/* Take the referrer apart. What has no host says nothing. */
static void
read_referrer(
	struct sst_span referrer, struct sst_url *url, struct sst_host *host)
{
	host->len = 0;
	if (referrer.len <= 1)
		return;
	sst_url_split(url, referrer);
	if (url->has_authority)
		sst_host_fold(host, url->host);
}

void
sst_referrers_classify(struct sst_referrers *refs,
	const struct sst_visit *visit, struct sst_traffic *out)
{
	struct campaign campaign;
	bool has_campaign = read_query(&refs->list, visit->query, &campaign);
	bool is_internal;
	struct sst_host host;
	struct sst_url url;

	*out = (struct sst_traffic){ .channel = NULL };
	read_referrer(visit->referrer, &url, &host);
	if (host.len == 0 && !has_campaign) {
		out->channel = direct;
		return;
	}
	is_internal = host.len != 0 &&
		      is_own(refs, sst_span(host.at, host.len), visit->host);
	if (is_internal && !has_campaign)
		return;
	/* A repair makes three bytes of one; then nothing moves below. */
	sst_buf_reset(&refs->text);
	if (!sst_buf_room(&refs->text,
		    3 * (visit->referrer.len + visit->query.len) + 1))
		return;
	if (has_campaign)
		take_campaign(refs, &campaign, out);
	if (host.len != 0 && !is_internal)
		take_referrer(refs, &url, &host, out);
	if (out->channel == NULL)
		out->channel = sst_channel_of(&(struct sst_channel_facts){
			.source = out->source,
			.medium = out->medium,
			.campaign = out->campaign,
			.site = site_of(refs, out->source),
		});
}

static void
set(struct sst_event *event, enum sst_field field, struct sst_span text)
{
	if (text.len != 0)
		sst_event_set_text(event, field, text);
}

static bool
is_one_of(struct sst_span name, const struct sst_span *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sst_span_eq(name, names[i]))
			return true;
	return false;
}

void
sst_referrers_apply(struct sst_referrers *refs, struct sst_event *event)
{
	/* Events that say nothing about how a visit began, and such as no
	 * visit begins with. */
	static const struct sst_span never[] = { SST_SPAN("asset"),
		SST_SPAN("bot_hit") };
	static const struct sst_span not_direct[] = { SST_SPAN("error"),
		SST_SPAN("redirect"), SST_SPAN("request"),
		SST_SPAN("api_call") };
	struct sst_span name = sst_event_text(event, SST_F_EVENT);
	struct sst_traffic traffic;
	struct sst_visit visit;

	if (is_one_of(name, never, sizeof(never) / sizeof(never[0])))
		return;
	visit.referrer = sst_event_text(event, SST_F_REFERRER);
	visit.query = sst_event_text(event, SST_F_QUERY);
	visit.host = sst_event_text(event, SST_F_HOST);
	sst_referrers_classify(refs, &visit, &traffic);
	if (traffic.channel == NULL ||
		(traffic.channel == direct &&
			is_one_of(name, not_direct,
				sizeof(not_direct) / sizeof(not_direct[0]))))
		return;
	set(event, SST_F_SOURCE, traffic.source);
	set(event, SST_F_MEDIUM, traffic.medium);
	set(event, SST_F_CAMPAIGN, traffic.campaign);
	set(event, SST_F_TERM, traffic.term);
	set(event, SST_F_CONTENT, traffic.content);
	sst_event_set(event, SST_F_CHANNEL, SST_KIND_STRING,
		sst_span_of(traffic.channel));
	set(event, SST_F_CLICK_ID, traffic.click_id);
}

static enum sst_status
take_sites(struct sst_referrers *refs, const char *const *sites, size_t n,
	struct sst_err *err)
{
	refs->sites = calloc(n + 1, sizeof(*refs->sites));
	if (refs->sites == NULL)
		return sst_fail_memory(err, "the sites");
	for (size_t i = 0; i < n; i++) {
		struct sst_host host;

		sst_host_fold(&host, sst_span_of(sites[i]));
		if (host.len == 0)
			return sst_fail(err, SST_EUSAGE, "'%s' is no host name",
				sites[i]);
		refs->sites[i] = sst_arena_copy(&refs->arena,
			sst_host_bare(sst_span(host.at, host.len)));
		if (refs->sites[i].at == NULL)
			return sst_fail_memory(err, "the sites");
		refs->site_count++;
	}
	return SST_OK;
}

enum sst_status
sst_referrers_compile(struct sst_referrers **out, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	struct sst_referrers *refs = calloc(1, sizeof(*refs));
	enum sst_status status;

	*out = NULL;
	if (refs == NULL)
		return sst_fail_memory(err, "the referrers");
	sst_arena_init(&refs->arena, ARENA);
	sst_buf_init(&refs->work, TEXT);
	sst_buf_init(&refs->text, TEXT);
	status = sst_referrer_list_read(&refs->list, path, root, err);
	if (status == SST_OK &&
		!sst_recall_init(&refs->recall, RECALL_BITS, RECALL_BYTES))
		status = sst_fail_memory(err, "the referrers");
	if (status == SST_OK)
		*out = refs;
	else
		sst_referrers_close(refs);
	return status;
}

enum sst_status
sst_referrers_open(struct sst_referrers **out, const char *path,
	const char *const *sites, size_t n, struct sst_err *err)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	*out = NULL;
	sst_arena_init(&arena, ARENA);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = sst_referrers_compile(out, path, root, err);
	sst_arena_release(&arena);
	if (status == SST_OK)
		status = take_sites(*out, sites, n, err);
	if (status != SST_OK) {
		sst_referrers_close(*out);
		*out = NULL;
	}
	return status;
}

void
sst_referrers_close(struct sst_referrers *refs)
{
	if (refs == NULL)
		return;
	sst_referrer_list_release(&refs->list);
	sst_recall_release(&refs->recall);
	free(refs->sites);
	sst_arena_release(&refs->arena);
	sst_buf_release(&refs->work);
	sst_buf_release(&refs->text);
	free(refs);
}
