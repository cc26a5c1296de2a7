/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "text/scan.h"
#include "text/stamp.h"
#include "text/url.h"

#define SECOND INT64_C(1000000)
/* A clock that says when something happened is believed when that was not
 * later than the log's own time, and not more than so much before it: pages in
 * the background send late, but a visit is over after half an hour. */
#define CLOCK_MAX (30 * 60 * SECOND)
/* With the time of sending beside it only the difference counts, which a wrong
 * clock does not change: trackers keep what they could not send for a day. */
#define QUEUE_MAX (24 * 3600 * SECOND)

static void
set_or_drop(struct sst_event *event, enum sst_field field, bool is_there,
	struct sst_span text)
{
	struct sst_pair *pair = sst_event_get(event, field);

	if (is_there)
		sst_event_set_text(event, field, text);
	else if (pair != NULL)
		sst_event_drop(event, pair);
}

/* A name that a visitor sends is a host's, or it does not count. */
static bool
is_host(struct sst_span host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = sst_lower(host.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '.' && c != '-' && c != '_' && c != ':' &&
			(uint8_t)c < 0x80)
			return false;
	}
	return host.len > 0 && host.len <= 255;
}

/* The page's host, in lower case. */
static void
set_host(struct sst_rules *rules, struct sst_event *event, struct sst_span host)
{
	sst_buf_reset(&rules->work);
	for (size_t i = 0; i < host.len; i++)
		sst_buf_byte(&rules->work, sst_lower(host.at[i]));
	sst_event_set_text(event, SST_F_HOST, sst_buf_span(&rules->work));
}

/* The event is of the page. False: the text is no web page's address. */
static bool
set_url(struct sst_rules *rules, struct sst_event *event, struct sst_span text)
{
	struct sst_url url;
	bool is_secure;

	sst_url_split(&url, text);
	is_secure = sst_span_eq_nocase(url.scheme, sst_span("https", 5));
	if (!url.has_authority || !is_host(url.host) ||
		(!is_secure &&
			!sst_span_eq_nocase(url.scheme, sst_span("http", 4))))
		return false;
	set_host(rules, event, url.host);
	sst_event_set_text(event, SST_F_SCHEME,
		is_secure ? sst_span("https", 5) : sst_span("http", 4));
	sst_event_set_text(event, SST_F_PATH,
		url.path.len == 0 ? sst_span("/", 1) : url.path);
	set_or_drop(event, SST_F_QUERY, url.has_query, url.query);
	return true;
}

/* 13 digits are milliseconds, and so on. */
static bool
read_clock(struct sst_rules *rules, struct sst_texts names,
	struct sst_span query, int64_t *us)
{
	struct sst_span text = sst_rule_param(rules, names, query);
	struct sst_stamp stamp;

	if (text.at == NULL || (!sst_stamp_epoch(text, &stamp) &&
				       !sst_stamp_iso(text, true, &stamp)))
		return false;
	*us = stamp.seconds * SECOND + stamp.nanos / 1000;
	return true;
}

/* When it happened, as far as that can be believed. */
static void
set_time(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view)
{
	struct sst_span logged = sst_event_peek(view->event, SST_F_TIME);
	int64_t log_us, then_us, sent_us, age, max = CLOCK_MAX;

	if (logged.len == 0 || !sst_stamp_us(logged, &log_us) ||
		!read_clock(rules, rule->time_from, view->query, &then_us))
		return;
	age = log_us - then_us;
	if (read_clock(rules, rule->sent_from, view->query, &sent_us)) {
		age = sent_us - then_us;
		max = QUEUE_MAX;
	}
	if (age < 0 || age > max)
		return;
	sst_buf_reset(&rules->work);
	sst_stamp_put(&rules->work, sst_stamp_of_us(log_us - age));
	sst_event_set_text(view->event, SST_F_TIME, sst_buf_span(&rules->work));
}

/*
 * The request's own Referer is the page that sent it: it says which page,
 * where no parameter does (browsers may cut it down to the host), and is
 * nobody's referrer.
 */
void
sst_rule_set_page(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view)
{
	struct sst_event *event = view->event;
	const struct sst_span query = view->query;
	struct sst_span page =
		sst_event_keep(event, sst_event_peek(event, SST_F_REFERRER));
	struct sst_span text;

	if (rule->time_from.n > 0)
		set_time(rules, rule, view);
	text = sst_rule_param(rules, rule->referrer_from, query);
	set_or_drop(event, SST_F_REFERRER, text.at != NULL, text);
	text = sst_rule_param(rules, rule->page_from, query);
	if (text.at != NULL)
		text = sst_event_keep(event, text);
	if (text.at == NULL || !set_url(rules, event, text))
		(void)set_url(rules, event, page);
}
