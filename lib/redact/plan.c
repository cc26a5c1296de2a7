/* SPDX-License-Identifier: ISC */
/* A plan's steps applied to one text. */
#include "redact/look.h"
#include "redact/work.h"
#include "text/url.h"

/* A plan that changes its own result more often is given up. */
#define ROUNDS 4

/* What one step did. */
enum outcome {
	WENT_ON,  /* the output is the next step's input */
	FINISHED, /* and is final: no further step */
	REMOVED
};

/* One step at work. */
struct job {
	struct sst_redactor *r;
	const struct sst_step *step;
	struct sst_subject *subject;
	struct sst_span in;
	struct sst_buf *out;
	bool is_last;
};

static enum outcome
went_on_if(bool ok)
{
	return ok ? WENT_ON : REMOVED;
}

/* ---- scan, allow ---- */

static void
note_found(struct job *job, struct sst_span text, const struct sst_found *found,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		job->subject->done |= 1U << found[i].kind;
	if (job->subject->found_len == 0) {
		size_t len = found[0].end - found[0].start;

		if (len > SST_TALLY_SHAPE)
			len = SST_TALLY_SHAPE;
		memcpy(job->subject->found, text.at + found[0].start, len);
		job->subject->found_len = len;
	}
}

/* Replace what is found. A value that is nothing but a token goes. */
static enum outcome
scan_text(struct job *job, struct sst_span text, struct sst_span key)
{
	const struct sst_found *found;
	size_t n;

	n = sst_find(job->r->finder, text, key, &found);
	if (n == 0) {
		sst_buf_put_span(job->out, text);
		return WENT_ON;
	}
	note_found(job, text, found, n);
	if (job->r->policy->scan_drops ||
		(n == 1 && found[0].kind == SST_FOUND_TOKEN &&
			found[0].start == 0 && found[0].end == text.len))
		return REMOVED;
	sst_find_put_replaced(job->out, text, found, n);
	return WENT_ON;
}

static enum outcome
do_scan(struct job *job)
{
	return scan_text(job, job->in, job->subject->key);
}

/* Keep the parameters that are named, and scan them. */
static enum outcome
do_allow(struct job *job)
{
	static const struct sst_span none = SST_SPAN("");
	struct sst_param param;
	size_t at = 0, start = job->out->len;

	while (sst_url_next_param(job->in, &at, &param)) {
		size_t before = job->out->len;

		if (!sst_step_has_word(job->step, param.name))
			continue;
		if (before > start)
			sst_buf_byte(job->out, '&');
		if (scan_text(job, param.whole, none) == REMOVED)
			job->out->len = before;
	}
	return went_on_if(job->out->len > start);
}

/* ---- set ---- */

static const struct sst_span methods[] = { SST_SPAN("GET"), SST_SPAN("HEAD"),
	SST_SPAN("POST"), SST_SPAN("PUT"), SST_SPAN("DELETE"),
	SST_SPAN("CONNECT"), SST_SPAN("OPTIONS"), SST_SPAN("TRACE"),
	SST_SPAN("PATCH"), SST_SPAN("PROPFIND"), SST_SPAN("PROPPATCH"),
	SST_SPAN("MKCOL"), SST_SPAN("COPY"), SST_SPAN("MOVE"), SST_SPAN("LOCK"),
	SST_SPAN("UNLOCK"), SST_SPAN("REPORT"), SST_SPAN("SEARCH"),
	SST_SPAN("PURGE"), { NULL, 0 } };

static const struct sst_span protocols[] = { SST_SPAN("HTTP/0.9"),
	SST_SPAN("HTTP/1.0"), SST_SPAN("HTTP/1.1"), SST_SPAN("HTTP/2.0"),
	SST_SPAN("HTTP/2"), SST_SPAN("HTTP/3.0"), SST_SPAN("HTTP/3"),
	{ NULL, 0 } };

/* The names that sst-event(5) lists; a site's own ones are scanned. */
static const struct sst_span events[] = { SST_SPAN("page_view"),
	SST_SPAN("form_submit"), SST_SPAN("file_download"),
	SST_SPAN("site_search"), SST_SPAN("api_call"), SST_SPAN("asset"),
	SST_SPAN("redirect"), SST_SPAN("error"), SST_SPAN("bot_hit"),
	SST_SPAN("request"), SST_SPAN("click"), SST_SPAN("scroll"),
	SST_SPAN("purchase"), SST_SPAN("session"), SST_SPAN("alert"),
	{ NULL, 0 } };

static bool
is_in(const struct sst_span *list, struct sst_span text)
{
	for (size_t i = 0; list[i].at != NULL; i++)
		if (sst_span_eq(list[i], text))
			return true;
	return false;
}

static bool
is_site(const struct sst_redactor *r, struct sst_span host)
{
	for (size_t i = 0; i < r->site_count; i++)
		if (sst_span_eq_nocase(sst_span_of(r->sites[i]), host))
			return true;
	return false;
}

/* Of a set without words: is it in the list that the field has? */
static bool
is_in_own_list(const struct sst_redactor *r, enum sst_field field,
	struct sst_span text)
{
	switch (field) {
	case SST_F_METHOD:
		return is_in(methods, text);
	case SST_F_PROTOCOL:
		return is_in(protocols, text);
	case SST_F_EVENT:
		return is_in(events, text);
	case SST_F_HOST:
	case SST_F_SERVER_NAME:
		return is_site(r, text);
	default:
		return false;
	}
}

static bool
is_in_set(const struct sst_redactor *r, const struct sst_step *step,
	enum sst_field field, struct sst_span text)
{
	return step->word_count > 0 ? sst_step_has_word(step, text)
				    : is_in_own_list(r, field, text);
}

/* What is in the list is done; the rest goes on, or is "other". */
static enum outcome
do_set(struct job *job)
{
	bool is_member =
		is_in_set(job->r, job->step, job->subject->field, job->in);

	if (!is_member && job->is_last)
		SST_BUF_PUT(job->out, "other");
	else
		sst_buf_put_span(job->out, job->in);
	return is_member ? FINISHED : WENT_ON;
}

/* ---- domain ---- */

static bool
is_clean(struct sst_redactor *r, struct sst_span text)
{
	const struct sst_found *found;

	return sst_find(r->finder, text, sst_span("", 0), &found) == 0;
}

/* The registrable domain of a host, remembered; it may be put into `text`
 * (SST_HOST_MAX + SST_PAD bytes). False: there is none, or it is not clean. */
static bool
domain_of(struct job *job, struct sst_span host, char *text,
	struct sst_span *domain)
{
	struct sst_memo *memo = &job->r->memo;
	const struct sst_memo_key key = sst_memo_key(host, SST_CONTEXT_HOST);
	struct sst_memo_answer known;

	if (sst_memo_find(memo, &key, &known)) {
		*domain = known.text;
		return domain->len > 0;
	}
	/* "1-2-3-4.example" is registrable, and an address. */
	if (!sst_domain_of(host, text, domain) || !is_clean(job->r, *domain))
		*domain = sst_span(text, 0);
	sst_memo_put(memo, &key, 0, *domain);
	return domain->len > 0;
}

/* The registrable domain of a host, or the host when it is one of --site. */
static bool
put_domain(struct job *job, struct sst_span host, bool *is_own)
{
	char text[SST_HOST_MAX + SST_PAD];
	struct sst_span domain;

	*is_own = true;
	if (host.len <= SST_HOST_MAX && is_site(job->r, host)) {
		sst_buf_put_span(job->out, host);
		return true;
	}
	if (!domain_of(job, host, text, &domain))
		return false;
	*is_own = job->r->own.len > 0 && sst_span_eq(domain, job->r->own);
	sst_buf_put_span(job->out, domain);
	return true;
}

/* An app's package name is what its maker registered. */
static enum outcome
put_app(struct job *job, const struct sst_url *url)
{
	if (!sst_span_is(url->scheme, "android-app") ||
		!is_clean(job->r, url->host))
		return REMOVED;
	SST_BUF_PUT(job->out, "android-app://");
	sst_buf_put_span(job->out, url->host);
	return FINISHED;
}

/* Of a URL of the own site path and all go on, when there are further steps:
 * "https://example.org/a". Of all others the domain is left: "example.org". */
static enum outcome
do_domain(struct job *job)
{
	static const struct sst_span http = SST_SPAN("http"),
				     https = SST_SPAN("https");
	struct sst_url url;
	struct sst_span host, port;
	size_t start = job->out->len;
	char kept[SST_HOST_MAX + 1];
	bool is_own;

	sst_url_split(&url, job->in);
	if (!url.has_authority || url.scheme.len == 0) {
		if (!sst_url_split_authority(job->in, &host, &port))
			return REMOVED;
		return put_domain(job, host, &is_own) ? FINISHED : REMOVED;
	}
	if (!sst_span_eq_nocase(url.scheme, http) &&
		!sst_span_eq_nocase(url.scheme, https))
		return put_app(job, &url);
	if (!put_domain(job, url.host, &is_own))
		return REMOVED;
	if (!is_own || job->is_last || job->out->is_short)
		return FINISHED;
	job->subject->is_own = true;
	host = sst_span(kept, job->out->len - start);
	memcpy(kept, job->out->at + start, host.len);
	job->out->len = start;
	sst_buf_put_span(job->out, url.scheme);
	SST_BUF_PUT(job->out, "://");
	sst_buf_put_span(job->out, host);
	sst_buf_put_span(job->out, url.path);
	return WENT_ON;
}

/* ---- the table ---- */

static enum outcome
do_keep(struct job *job)
{
	sst_buf_put_span(job->out, job->in);
	return WENT_ON;
}

static enum outcome
do_drop(struct job *job)
{
	(void)job;
	return REMOVED;
}

static enum outcome
do_mask(struct job *job)
{
	return went_on_if(sst_mask_put(job->out, job->in, &job->r->masks));
}

static enum outcome
do_crypto_pan(struct job *job)
{
	return went_on_if(sst_pan_put(job->out, job->in, job->r->pan));
}

static enum outcome
do_hash(struct job *job)
{
	sst_pseudonym_put_hash(job->out, &job->r->pseudonyms, job->in);
	return WENT_ON;
}

static enum outcome
do_rekey(struct job *job)
{
	sst_pseudonym_put_id(job->out, &job->r->pseudonyms, job->in,
		job->step->is_daily ? job->r->day : 0);
	return WENT_ON;
}

static enum outcome
do_reduce(struct job *job)
{
	sst_agent_put_reduced(job->out, &job->r->agents, job->in);
	return WENT_ON;
}

static enum outcome
do_round(struct job *job)
{
	return went_on_if(sst_round_put(job->out, job->in, job->step->n));
}

static enum outcome
do_truncate(struct job *job)
{
	const struct sst_step *step = job->step;

	return went_on_if(
		step->unit == SST_UNIT_PARTS
			? sst_truncate_parts_put(job->out, job->in, step->n)
			: sst_truncate_time_put(job->out, job->in, step->unit));
}

static enum outcome
do_template(struct job *job)
{
	sst_template_put(job->out, &job->r->template, job->in);
	return WENT_ON;
}

static enum outcome
do_decision(struct job *job)
{
	sst_decision_put(job->out, job->in);
	return WENT_ON;
}

static enum outcome
do_replace(struct job *job)
{
	sst_replace_put(job->out, job->in);
	return WENT_ON;
}

static enum outcome (*const doers[SST_ACT_COUNT])(struct job *job) = {
	[SST_ACT_KEEP] = do_keep,
	[SST_ACT_DROP] = do_drop,
	[SST_ACT_MASK] = do_mask,
	[SST_ACT_HASH] = do_hash,
	[SST_ACT_CRYPTO_PAN] = do_crypto_pan,
	[SST_ACT_REDUCE] = do_reduce,
	[SST_ACT_ROUND] = do_round,
	[SST_ACT_TRUNCATE] = do_truncate,
	[SST_ACT_ALLOW] = do_allow,
	[SST_ACT_SET] = do_set,
	[SST_ACT_DOMAIN] = do_domain,
	[SST_ACT_TEMPLATE] = do_template,
	[SST_ACT_REKEY] = do_rekey,
	[SST_ACT_DECISION] = do_decision,
	[SST_ACT_SCAN] = do_scan,
	[SST_ACT_REPLACE] = do_replace,
};

/* ---- running ---- */

/* All steps once, over `in`. SST_GONE, or the text that came out. */
static enum sst_change
run_once(struct sst_redactor *r, const struct sst_plan *plan,
	struct sst_subject *subject, struct sst_span *text)
{
	struct job job = { .r = r, .subject = subject, .in = *text };
	enum outcome outcome = WENT_ON;

	for (size_t i = 0; i < plan->n && outcome == WENT_ON; i++) {
		job.step = &plan->steps[i];
		job.is_last = i + 1 == plan->n;
		/* Not the one that holds the input. */
		job.out = &r->work[job.in.at == r->work[0].at];
		sst_buf_reset(job.out);
		outcome = doers[job.step->action](&job);
		if (outcome == REMOVED || job.out->is_short) {
			subject->done |=
				1U << (SST_DONE_ACTION + job.step->action);
			return SST_GONE;
		}
		if (!sst_span_eq(job.in, sst_buf_span(job.out)) &&
			job.step->action != SST_ACT_SCAN)
			subject->done |=
				1U << (SST_DONE_ACTION + job.step->action);
		job.in = sst_buf_span(job.out);
	}
	*text = job.in;
	return SST_SAME;
}

/* What is in a set is done. A path that is its own template, and in which
 * nothing can be found, is what most of them are. */
bool
sst_plan_is_settled(const struct sst_redactor *r, const struct sst_plan *plan,
	enum sst_field field, struct sst_span text)
{
	const struct sst_step *step = plan->steps;
	struct sst_look look;

	if (step->action == SST_ACT_SET)
		return is_in_set(r, step, field, text);
	if (step->action == SST_ACT_TEMPLATE && plan->n == 2)
		step++;
	if (step != plan->steps + plan->n - 1 || step->action != SST_ACT_SCAN ||
		!sst_look_at(&look, text))
		return false;
	return (plan->n == 1 || sst_template_keeps(&r->template, &look)) &&
	       sst_look_evidence(&look) == 0;
}

/* Actions whose own result they leave alone: redact/value.h, redact/agent.h and
 * redact/pseudonym.h say so. */
#define STABLE \
	(1U << SST_ACT_MASK | 1U << SST_ACT_HASH | 1U << SST_ACT_REDUCE | \
		1U << SST_ACT_ROUND | 1U << SST_ACT_TRUNCATE | \
		1U << SST_ACT_REKEY | 1U << SST_ACT_DECISION | \
		1U << SST_ACT_REPLACE)

/* Is one round all that is needed? Parameters without a ';' are cut the same
 * way again. Crypto-PAn is the one action that is not meant to be done once. */
static bool
is_final(const struct sst_plan *plan, const struct sst_subject *subject,
	struct sst_span text)
{
	enum sst_action action = plan->steps[0].action;

	if (plan->n == 1 && action == SST_ACT_ALLOW)
		return (subject->done & SST_FOUND_ALL) == 0 &&
		       sst_span_find(text, ';') == text.len;
	return (plan->n == 1 && STABLE >> action & 1) ||
	       sst_plan_has(plan, SST_ACT_CRYPTO_PAN);
}

enum sst_change
sst_plan_run(struct sst_redactor *r, const struct sst_plan *plan,
	struct sst_subject *subject, struct sst_span *result)
{
	static const struct sst_span gave_up = SST_SPAN("redacted");
	struct sst_span text = subject->text, was = text;

	subject->done = 0;
	subject->is_own = false;
	subject->found_len = 0;
	for (int round = 0; round < ROUNDS; round++) {
		bool is_known =
			subject->key.len == 0 &&
			sst_plan_is_settled(r, plan, subject->field, text);

		if (!is_known && run_once(r, plan, subject, &text) == SST_GONE)
			return SST_GONE;
		*result = text;
		if (is_known || is_final(plan, subject, text) ||
			sst_span_eq(was, text))
			return sst_span_eq(text, subject->text) ? SST_SAME
								: SST_CHANGED;
		/* The steps use both work buffers in turn. */
		sst_buf_reset(&r->settled);
		sst_buf_put_span(&r->settled, text);
		text = was = sst_buf_span(&r->settled);
		if (r->settled.is_short)
			return SST_GONE;
	}
	*result = gave_up;
	return sst_span_eq(gave_up, subject->text) ? SST_SAME : SST_CHANGED;
}
