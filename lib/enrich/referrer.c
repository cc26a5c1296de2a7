/* SPDX-License-Identifier: ISC */
#include "enrich/referrer.h"

#include "enrich/referrer_list.h"
#include "text/utf8.h"

#include <stdlib.h>

/* Decoded values of one event: no longer than its line is, repaired. */
#define TEXT ((size_t)8 * 1024 * 1024)
#define ARENA ((size_t)32 * 1024 * 1024)

static bool
is_own(const struct sst_referrers *refs, struct sst_span host,
	struct sst_span page_host)
{
	struct sst_span bare = sst_host_bare(host);

	if (page_host.len != 0 && sst_host_is_page(bare, page_host))
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

bool
sst_campaign_read(const struct sst_referrer_list *list, struct sst_span query,
	struct sst_campaign *out)
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
			*out = (struct sst_campaign){ 0 };
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
	bool is_by_path = false;
	uint32_t found;

	sst_host_fold(&host, source);
	if (host.len == 0)
		return SST_SITE_OTHER;
	found = sst_index_find(&refs->list.names, sst_span(host.at, host.len));
	if (found == UINT32_MAX && memchr(host.at, '.', host.len) != NULL)
		found = sst_host_look(&refs->list, sst_span(host.at, host.len),
			sst_span("/", 1), &is_by_path);
	return found == UINT32_MAX ? SST_SITE_OTHER
				   : refs->list.sources[found].site;
}

/* Fill in what the campaign parameters say. */
static void
take_campaign(struct sst_referrers *refs, const struct sst_campaign *campaign,
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

/* Fill in what the referrer says, where nothing better is known. False: it
 * does not say the channel. */
static bool
take_referrer(struct sst_referrers *refs, struct sst_finding *f)
{
	SST_PADDED(app, "app");
	SST_PADDED(referral, "referral");
	struct sst_span name = sst_span(f->host.at, f->host.len);
	struct sst_traffic *out = &f->traffic;
	const struct sst_source *source;

	if (out->source.len != 0)
		return false;
	f->source =
		sst_host_look(&refs->list, name, f->url.path, &f->is_by_path);
	if (f->source == SST_NO_SOURCE) {
		bool is_app = sst_span_is(f->url.scheme, "android-app") ||
			      sst_span_is(f->url.scheme, "ios-app");

		out->source = keep(refs, sst_host_bare(name));
		if (out->medium.len == 0)
			out->medium = is_app ? app : referral;
		return false;
	}
	source = &refs->list.sources[f->source];
	out->source = source->name;
	if (out->term.len == 0)
		out->term = find_term(refs, source, f->url.query);
	if (out->medium.len != 0)
		return false;
	out->medium = source->medium;
	f->channel = source->channel;
	return out->campaign.len == 0;
}

/* Take the referrer apart. What has no host says nothing. */
static void
read_referrer(struct sst_span referrer, struct sst_finding *f)
{
	if (referrer.len <= 1)
		return;
	sst_url_split(&f->url, referrer);
	if (f->url.has_authority)
		sst_host_fold(&f->host, f->url.host);
}

void
sst_referrers_find(struct sst_referrers *refs, const struct sst_visit *visit,
	const struct sst_campaign *campaign, struct sst_finding *f)
{
	bool is_internal, is_said = false;

	f->traffic = (struct sst_traffic){ .channel = NULL };
	f->host.len = 0;
	f->source = SST_NO_SOURCE;
	f->is_by_path = false;
	f->origin = SST_ORIGIN_DIRECT;
	f->channel = SST_CHANNEL_DIRECT;
	read_referrer(visit->referrer, f);
	if (f->host.len == 0 && campaign == NULL)
		return;
	is_internal =
		f->host.len != 0 &&
		is_own(refs, sst_span(f->host.at, f->host.len), visit->host);
	if (is_internal && campaign == NULL) {
		f->origin = SST_ORIGIN_OWN;
		return;
	}
	f->origin = SST_ORIGIN_LOST;
	/* A repair makes three bytes of one; then nothing moves below. */
	sst_buf_reset(&refs->text);
	if (!sst_buf_room(&refs->text,
		    3 * (visit->referrer.len + visit->query.len) + 1))
		return;
	f->origin = SST_ORIGIN_KNOWN;
	if (campaign != NULL)
		take_campaign(refs, campaign, &f->traffic);
	if (f->host.len != 0 && !is_internal)
		is_said = take_referrer(refs, f);
	if (!is_said)
		f->channel = sst_channel_of(&(struct sst_channel_facts){
			.source = f->traffic.source,
			.medium = f->traffic.medium,
			.campaign = f->traffic.campaign,
			.site = site_of(refs, f->traffic.source),
		});
}

void
sst_referrers_classify(struct sst_referrers *refs,
	const struct sst_visit *visit, struct sst_traffic *out)
{
	struct sst_campaign campaign;
	bool has_campaign =
		sst_campaign_read(&refs->list, visit->query, &campaign);
	struct sst_finding finding;

	sst_referrers_find(
		refs, visit, has_campaign ? &campaign : NULL, &finding);
	*out = finding.traffic;
	if (finding.origin == SST_ORIGIN_KNOWN ||
		finding.origin == SST_ORIGIN_DIRECT)
		out->channel = sst_channel_name(finding.channel).at;
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
	if (status == SST_OK && !sst_referrers_init_recall(refs))
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
