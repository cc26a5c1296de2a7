/* SPDX-License-Identifier: ISC */
#include "session/summary.h"

#include "base/num.h"
#include "text/stamp.h"

#include <inttypes.h>
#include <stdio.h>

/* Longer than this is engaged (GA4's default). */
#define ENGAGED_US ((int64_t)10 * 1000000)

static void
put_text(struct sst_event *event, enum sst_field field, struct sst_span raw)
{
	if (raw.at != NULL)
		sst_event_set(event, field, SST_KIND_STRING, raw);
}

/* What stands in event->work, kept and set. */
static void
put_work(struct sst_event *event, enum sst_field field, enum sst_kind kind)
{
	event->is_short |= event->work.is_short;
	sst_event_set(event, field, kind,
		sst_event_keep(event, sst_buf_span(&event->work)));
}

static void
put_duration(struct sst_event *event, int64_t us)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, us);

	sst_buf_reset(&event->work);
	(void)sst_num_put_shifted(&event->work, sst_span(digits, (size_t)n), 6);
	put_work(event, SST_F_DURATION, SST_KIND_NUMBER);
}

/* The earliest event's time; as it was spelled, unless that event came after
 * another one. */
static void
put_start(struct sst_event *event, const struct sst_visit *visit)
{
	if (visit->start_us == visit->opened_us) {
		put_text(event, SST_F_TIME, sst_time_text_span(&visit->opened));
		return;
	}
	sst_buf_reset(&event->work);
	sst_stamp_put(&event->work, sst_stamp_of_us(visit->start_us));
	put_work(event, SST_F_TIME, SST_KIND_STRING);
}

static void
put_counts(struct sst_event *event, const struct sst_visit *visit)
{
	sst_event_set_i64(event, SST_F_EVENTS, visit->events);
	sst_event_set_i64(event, SST_F_PAGE_VIEWS, visit->page_views);
}

static void
put_judgement(struct sst_event *event, const struct sst_visit *visit)
{
	bool has_conversion = visit->conversions != 0;

	sst_event_set_bool(
		event, SST_F_BOUNCE, visit->page_views == 1 && !has_conversion);
	sst_event_set_bool(event, SST_F_ENGAGED,
		visit->last_us - visit->start_us > ENGAGED_US ||
			visit->page_views >= 2 || has_conversion);
	sst_event_set_i64(event, SST_F_CONVERSIONS, visit->conversions);
}

void
sst_summary_put(struct sst_event *event, const struct sst_visit *visit,
	enum sst_visit_end why)
{
	static const struct {
		enum sst_text text;
		enum sst_field field;
	} first_touch[] = {
		{ SST_TEXT_ENTRY, SST_F_ENTRY_PATH },
		{ SST_TEXT_EXIT, SST_F_EXIT_PATH },
		{ SST_TEXT_REFERRER, SST_F_REFERRER },
		{ SST_TEXT_SOURCE, SST_F_SOURCE },
		{ SST_TEXT_MEDIUM, SST_F_MEDIUM },
		{ SST_TEXT_CAMPAIGN, SST_F_CAMPAIGN },
		{ SST_TEXT_TERM, SST_F_TERM },
		{ SST_TEXT_CONTENT, SST_F_CONTENT },
		{ SST_TEXT_CHANNEL, SST_F_CHANNEL },
		{ SST_TEXT_CLICK_ID, SST_F_CLICK_ID },
	};
	SST_PADDED(name, "session");
	struct sst_span session_id = sst_span(visit->session_id, SST_UUID_LEN);
	struct sst_text_set set;

	sst_texts_get(visit->texts, &set);
	put_text(event, SST_F_ID, session_id);
	put_start(event, visit);
	put_text(event, SST_F_EVENT, name);
	put_text(event, SST_F_END_TIME, sst_time_text_span(&visit->last));
	put_duration(event, visit->last_us - visit->start_us);
	put_text(event, SST_F_VISITOR_ID,
		sst_span(visit->visitor_id, SST_UUID_LEN));
	put_text(event, SST_F_SESSION_ID, session_id);
	put_counts(event, visit);
	for (size_t i = 0; i < sizeof(first_touch) / sizeof(first_touch[0]);
		i++)
		put_text(event, first_touch[i].field,
			set.at[first_touch[i].text]);
	put_judgement(event, visit);
	put_text(event, SST_F_CONSENT, set.at[SST_TEXT_CONSENT]);
	if (visit->flags & SST_VISIT_DNT)
		sst_event_set_bool(event, SST_F_DNT, true);
	if (visit->flags & SST_VISIT_GPC)
		sst_event_set_bool(event, SST_F_GPC, true);
	/* A literal has no padding behind it; its copy has. */
	sst_event_set(event, SST_F_END_REASON, SST_KIND_STRING,
		sst_event_keep(event, sst_span_of(sst_visit_end_name(why))));
}
