/* SPDX-License-Identifier: ISC */
#include "session/hit.h"

#include "text/stamp.h"

#include <assert.h>

/* read_texts() copies them as one run. */
static_assert(
	SST_F_CLICK_ID - SST_F_SOURCE == SST_TEXT_CLICK_ID - SST_TEXT_SOURCE &&
		SST_F_CHANNEL - SST_F_SOURCE ==
			SST_TEXT_CHANNEL - SST_TEXT_SOURCE,
	"strings are in the order of their fields");

/* Campaigns are told apart under this key on every host; that it is public
 * lets nobody do more than begin visits of their own. */
static const struct sst_digest campaign_key = { "sst campaign key" };

enum sst_status
sst_hit_reader_init(struct sst_hit_reader *reader, struct sst_visitor *visitor,
	enum sst_new_on new_on, struct sst_err *err)
{
	enum sst_status status;

	*reader =
		(struct sst_hit_reader){ .visitor = visitor, .new_on = new_on };
	status = sst_hit_reader_add(reader, "page_view", SST_HIT_PAGE, err);
	if (status == SST_OK)
		status = sst_hit_reader_add(
			reader, "redirect", SST_HIT_REDIRECT, err);
	return status;
}

enum sst_status
sst_hit_reader_add(struct sst_hit_reader *reader, const char *name,
	unsigned flags, struct sst_err *err)
{
	struct sst_span span = sst_span_of(name);

	for (size_t i = 0; i < reader->n; i++)
		if (sst_span_eq(reader->names[i].name, span)) {
			reader->names[i].flags |= flags;
			return SST_OK;
		}
	if (reader->n == SST_HIT_NAMES)
		return sst_fail(err, SST_EUSAGE,
			"more than %d event names in --passive and "
			"--conversion",
			SST_HIT_NAMES);
	reader->names[reader->n++] = (struct sst_hit_name){ span, flags };
	return SST_OK;
}

static unsigned
flags_of(const struct sst_hit_reader *reader, struct sst_span name)
{
	for (size_t i = 0; i < reader->n; i++)
		if (sst_span_eq(reader->names[i].name, name))
			return reader->names[i].flags;
	return 0;
}

/* A string in JSON spelling, as it will be written again. */
static struct sst_span
raw_of(struct sst_event *event, enum sst_field field)
{
	const struct sst_pair *pair = sst_event_get(event, field);

	return pair == NULL ? sst_span(NULL, 0) : pair->value;
}

/* "(direct)" and "(none)" are how some write that there is no source. */
static bool
is_direct(struct sst_span source)
{
	return source.len == 0 || sst_span_is(source, "(direct)") ||
	       sst_span_is(source, "(none)") || sst_span_is(source, "direct");
}

/* What rules.new_on looks at, hashed; 0: the event has none. */
static uint64_t
campaign_of(const struct sst_hit_reader *reader, const struct sst_text_set *set)
{
	const struct sst_span *parts = &set->at[SST_TEXT_FIRST_SOURCE];
	size_t n = SST_TEXT_LAST_SOURCE - SST_TEXT_FIRST_SOURCE + 1;
	bool has_one = set->at[SST_TEXT_CAMPAIGN].len != 0 ||
		       set->at[SST_TEXT_CLICK_ID].len != 0;
	struct sst_digest hash;
	uint64_t campaign = 0;

	if (reader->new_on == SST_NEW_ON_SOURCE)
		has_one |= !is_direct(set->at[SST_TEXT_SOURCE]);
	if (!has_one)
		return 0;
	hash = sst_siphash_parts(&campaign_key, parts, n);
	for (unsigned i = 0; i < 8; i++)
		campaign |= (uint64_t)hash.at[i] << (8 * i);
	return campaign | 1;
}

static enum sst_status
refuse(enum sst_reason *why, enum sst_reason reason)
{
	*why = reason;
	return SST_REJECT;
}

/* A time of more digits than a visit keeps, in fewer. */
static void
shorten_time(struct sst_hit_reader *reader, struct sst_event *event,
	struct sst_hit *hit)
{
	struct sst_buf buf;

	sst_buf_init(&buf, sizeof(reader->time) - SST_PAD);
	sst_stamp_put(&buf, sst_stamp_of_us(hit->time_us));
	event->is_short |= buf.is_short;
	hit->time.len = buf.len;
	hit->time.at = reader->time;
	memcpy(reader->time, buf.at, buf.len);
	sst_buf_release(&buf);
}

static enum sst_status
read_time(struct sst_hit_reader *reader, struct sst_event *event,
	struct sst_hit *hit, enum sst_reason *why)
{
	hit->time = sst_event_peek(event, SST_F_TIME);
	if (hit->time.at == NULL)
		return refuse(why, SST_WHY_NO_TIME);
	if (reader->seen.len != 0 &&
		sst_span_eq(hit->time, sst_time_text_span(&reader->seen))) {
		hit->time_us = reader->seen_us;
		return SST_OK;
	}
	if (!sst_stamp_us(hit->time, &hit->time_us))
		return refuse(why, SST_WHY_BAD_TIME);
	if (SST_UNLIKELY(hit->time.len > SST_TIME_MAX)) {
		shorten_time(reader, event, hit);
		return SST_OK;
	}
	sst_time_text_set(&reader->seen, hit->time);
	reader->seen_us = hit->time_us;
	return SST_OK;
}

/* The strings that a visit or a redirect may keep; the exit path is the
 * session room's own. */
static void
read_texts(struct sst_event *event, struct sst_text_set *set)
{
	set->at[SST_TEXT_CONSENT] = raw_of(event, SST_F_CONSENT);
	set->at[SST_TEXT_ENTRY] = raw_of(event, SST_F_PATH);
	set->at[SST_TEXT_REFERRER] = raw_of(event, SST_F_REFERRER);
	if (SST_LIKELY(!sst_event_has_any(event, SST_F_SOURCE, SST_F_CLICK_ID)))
		return;
	for (unsigned i = SST_TEXT_FIRST_SOURCE; i <= SST_TEXT_LAST_SOURCE; i++)
		set->at[i] =
			raw_of(event, (enum sst_field)(SST_F_SOURCE + i -
						       SST_TEXT_FIRST_SOURCE));
}

enum sst_status
sst_hit_read(struct sst_hit_reader *reader, struct sst_event *event,
	struct sst_hit *hit, enum sst_reason *why)
{
	struct sst_span name = sst_event_peek(event, SST_F_EVENT);
	enum sst_status status;

	*hit = (struct sst_hit){ .flags = flags_of(reader, name) };
	hit->is_made =
		sst_span_is(name, "session") || sst_span_is(name, "alert");
	if (!hit->is_made)
		hit->who = sst_visitor_of(reader->visitor, event);
	/* First of all, so that the visit comes while the rest is read. */
	if (reader->sessions != NULL && hit->who.at != NULL)
		hit->key = sst_sessions_expect(reader->sessions, hit->who);
	status = read_time(reader, event, hit, why);
	if (status != SST_OK)
		return status;
	if (hit->who.at == NULL)
		return SST_END;
	hit->id = sst_event_peek(event, SST_F_ID);
	if (sst_event_is_true(event, SST_F_DNT))
		hit->flags |= SST_HIT_DNT;
	if (sst_event_is_true(event, SST_F_GPC))
		hit->flags |= SST_HIT_GPC;
	read_texts(event, &hit->texts);
	if (reader->new_on != SST_NEW_ON_NOTHING)
		hit->campaign = campaign_of(reader, &hit->texts);
	return SST_OK;
}
