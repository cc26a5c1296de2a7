/* SPDX-License-Identifier: ISC */
/* sst-session: events to events that know their visit, and a summary each. */
#include "cli/tool.h"
#include "event/where.h"
#include "session/hit.h"
#include "session/place.h"
#include "session/session.h"
#include "session/snapshot.h"
#include "session/summary.h"
#include "session/ties.h"
#include "session/visitor.h"
#include "state/file.h"
#include "json/read.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)

/* Options that cannot be longer than a visit is sensible, and sums of which
 * with any time of the calendar do not overflow. */
#define DURATION_MAX (3660 * 24 * 3600 * SECOND)

/* Summaries at the end may be as many as open visits: write some. */
#define FLUSH_AT ((size_t)256 * 1024)

#define SETTINGS_MAX ((size_t)64 * 1024)

/* Choices, in the order of their words. */
enum {
	GAP_CONTINUE = 1,
	GAP_SPLIT
};
enum {
	NEW_ON_CAMPAIGN = 1,
	NEW_ON_SOURCE
};
enum {
	SUMMARIES_ON = 1,
	SUMMARIES_ONLY,
	SUMMARIES_OFF
};
enum {
	AT_EOF_CLOSE = 1,
	AT_EOF_KEEP,
	AT_EOF_EXPIRE
};

/* An event between its two steps: read, with its visit on its way from memory;
 * and given its place. */
struct lane {
	struct sst_event event;
	struct sst_visitor *visitor;
	struct sst_hit_reader reader;
	struct sst_hit hit;
	bool has_visitor, is_waiting;
};

/* One is read while the other one waits. */
#define LANES 2

struct session {
	struct sst_common common;
	int64_t timeout_us, max_duration_us;
	uint64_t max_events;
	int gap_exact, new_on, rules_of, summaries, at_eof;
	const char *new_at_midnight; /* a zone */
	const char *visitor_list, *rotation;
	struct sst_list conversions, passive;
	const char *state;
	uint64_t max_sessions;

	struct lane *lanes; /* LANES */
	size_t next;        /* the one for the next line */
	struct sst_event *summary;
	struct sst_where *filter;
	struct sst_rotate rotate;
	struct sst_sessions *sessions;
	struct sst_session_counts counts;
	uint64_t no_visitor;
	struct sst_run *run; /* for the closer */
	const struct sst_key *key;
	struct sst_buf settings; /* what a state file depends on */
	int lock;
};

#define AT(field) offsetof(struct session, field)

static const struct sst_opt opts[] = {
	{ .name = "timeout",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(timeout_us),
		.min = 1,
		.max = DURATION_MAX,
		.shown = "30m",
		.group = "When a visit ends",
		.help = "inactivity that ends a visit" },
	{ .name = "gap-exact",
		.arg = "WHAT",
		.kind = SST_OPT_CHOICE,
		.choices = "continue|split",
		.at = AT(gap_exact),
		.shown = "continue",
		.help = "what a gap of exactly that long does" },
	{ .name = "max-duration",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(max_duration_us),
		.min = 1,
		.max = DURATION_MAX,
		.help = "an event later than that after the start begins "
			"another visit" },
	{ .name = "max-events",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(max_events),
		.min = 1,
		.max = UINT32_MAX,
		.is_rare = true,
		.help = "so many events are a whole visit" },
	{ .name = "new-on-campaign",
		.arg = "campaign|source",
		.kind = SST_OPT_CHOICE,
		.is_arg_optional = true,
		.default_arg = "campaign",
		.choices = "campaign|source",
		.at = AT(new_on),
		.help = "another campaign or click id begins another visit; "
			"'source': another source or referrer too" },
	{ .name = "new-at-midnight",
		.arg = "ZONE",
		.kind = SST_OPT_TEXT,
		.is_arg_optional = true,
		.default_arg = "UTC",
		.at = AT(new_at_midnight),
		.help = "another day begins another visit; ZONE is UTC or an "
			"offset such as +01:00" },
	{ .name = "rules-of",
		.arg = "NAME",
		.kind = SST_OPT_CHOICE,
		.choices = SST_VISIT_RULES_NAMES,
		.at = AT(rules_of),
		.help = "all of the above as that system has them; options "
			"given beside it go before" },
	{ .name = "visitor",
		.arg = "LIST",
		.kind = SST_OPT_TEXT,
		.at = AT(visitor_list),
		.shown = SST_VISITOR_DEFAULT,
		.group = "Who it is",
		.help = "what tells visitors apart, the first that is there: "
			"user, ip, ua, cookie:NAME, param:NAME or a key of the "
			"event, joined by +" },
	{ .name = "rotate",
		.arg = "WHEN",
		.kind = SST_OPT_TEXT,
		.at = AT(rotation),
		.shown = "daily",
		.help = "daily, daily:ZONE or never: when a visitor gets "
			"another id" },
	{ .name = "summaries",
		.arg = "WHAT",
		.kind = SST_OPT_CHOICE,
		.choices = "on|only|off",
		.at = AT(summaries),
		.shown = "on",
		.group = "What comes out",
		.help = "an event 'session' at a visit's end" },
	{ .name = "conversion",
		.arg = "NAME,...",
		.kind = SST_OPT_NAMES,
		.at = AT(conversions),
		.help = "events that count as conversions" },
	{ .name = "passive",
		.arg = "NAME,...",
		.kind = SST_OPT_NAMES,
		.at = AT(passive),
		.shown = "asset,bot_hit,redirect,error,request",
		.help = "events that neither open nor extend a visit; 'none' "
			"for none" },
	{ .name = "state",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(state),
		.group = "From run to run",
		.help = "keep open visits there for the next run" },
	{ .name = "at-eof",
		.arg = "WHAT",
		.kind = SST_OPT_CHOICE,
		.choices = "close|keep|expire",
		.at = AT(at_eof),
		.help = "what becomes of open visits at the end: close them; "
			"keep them in the state; expire those that are over "
			"and keep the rest (default with --state)" },
	{ .name = "max-sessions",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(max_sessions),
		.min = 1,
		.max = (int64_t)SST_TABLE_MAX - 1,
		.shown = "1000000",
		.help = "open visits at most; the oldest ends early" },
	{ 0 },
};

static const struct sst_counter counters[] = {
	{ "visits", AT(counts.visits), "visits that began" },
	{ "open", AT(counts.open), "visits that are open" },
	{ "evicted", AT(counts.ended[SST_VISIT_EVICTED]),
		"visits that ended early (--max-sessions)" },
	{ "no_visitor", AT(no_visitor),
		"events that do not tell whose they are" },
	{ "late", AT(counts.late), "events whose place in time had passed" },
	{ "ahead", AT(counts.ahead),
		"events more than an hour ahead of all before" },
	{ 0 },
};

/* ---- what was asked for ---- */

static enum sst_status
read_rules(
	struct session *s, struct sst_visit_rules *rules, struct sst_err *err)
{
	const char *zone = s->new_at_midnight;

	*rules = *sst_visit_rules_number(s->rules_of);
	if (s->timeout_us != 0)
		rules->timeout_us = s->timeout_us;
	if (s->gap_exact != 0)
		rules->exact_splits = s->gap_exact == GAP_SPLIT;
	if (s->max_duration_us != 0)
		rules->max_duration_us = s->max_duration_us;
	if (s->max_events != 0)
		rules->max_events = (uint32_t)s->max_events;
	if (s->new_on != 0)
		rules->new_on = s->new_on == NEW_ON_SOURCE
					? SST_NEW_ON_SOURCE
					: SST_NEW_ON_CAMPAIGN;
	if (zone == NULL)
		return SST_OK;
	rules->at_midnight = true;
	if (!sst_zone_read(sst_span_of(zone), &rules->midnight_offset_s))
		return sst_fail(err, SST_EUSAGE,
			"--new-at-midnight: '%s' is neither UTC nor an offset "
			"such as +01:00",
			zone);
	return SST_OK;
}

static enum sst_status
add_names(struct lane *lane, const struct sst_list *names, unsigned flag,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < names->n && status == SST_OK; i++)
		status = sst_hit_reader_add(
			&lane->reader, names->at[i], flag, err);
	return status;
}

static const struct sst_list *
passive_names(const struct session *s)
{
	static const char *defaults[] = { SST_PASSIVE_DEFAULT };
	static const struct sst_list none = { 0 };
	static const struct sst_list usual = { defaults,
		sizeof(defaults) / sizeof(defaults[0]) };

	if (s->passive.n == 1 && strcmp(s->passive.at[0], "none") == 0)
		return &none;
	return s->passive.n != 0 ? &s->passive : &usual;
}

static const char *
visitor_list(const struct session *s)
{
	return s->visitor_list == NULL ? SST_VISITOR_DEFAULT : s->visitor_list;
}

static enum sst_status
open_lane(struct session *s, struct lane *lane,
	const struct sst_visit_rules *rules, struct sst_err *err)
{
	enum sst_status status =
		sst_visitor_open(&lane->visitor, visitor_list(s), err);

	sst_event_init(&lane->event);
	if (status == SST_OK)
		status = sst_hit_reader_init(
			&lane->reader, lane->visitor, rules->new_on, err);
	if (status == SST_OK)
		status =
			add_names(lane, passive_names(s), SST_HIT_PASSIVE, err);
	if (status == SST_OK)
		status = add_names(
			lane, &s->conversions, SST_HIT_CONVERSION, err);
	return status;
}

static enum sst_status
open_lanes(struct session *s, const struct sst_visit_rules *rules,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	s->lanes = calloc(LANES, sizeof(*s->lanes));
	if (s->lanes == NULL)
		return sst_fail_memory(err, "events");
	for (size_t i = 0; i < LANES && status == SST_OK; i++)
		status = open_lane(s, &s->lanes[i], rules, err);
	return status;
}

static enum sst_status
check_options(struct session *s, struct sst_run *run, struct sst_err *err)
{
	if (s->at_eof == 0)
		s->at_eof = s->state == NULL ? AT_EOF_CLOSE : AT_EOF_EXPIRE;
	if (s->at_eof != AT_EOF_CLOSE && s->state == NULL)
		return sst_fail(err, SST_EUSAGE,
			"--at-eof: to keep visits needs --state FILE");
	if (!sst_rotate_read(&s->rotate,
		    sst_span_of(s->rotation == NULL ? "daily" : s->rotation)))
		return sst_fail(err, SST_EUSAGE,
			"--rotate: '%s' is neither never, daily nor "
			"daily:ZONE, where ZONE is UTC or an offset such as "
			"+01:00",
			s->rotation);
	if (s->rotate.is_never)
		sst_say(&run->say, SST_SAY_WARNING,
			"--rotate never: visitors can be followed for as long "
			"as the events are kept");
	return SST_OK;
}

/* ---- visits that end ---- */

static enum sst_status
write_summary(void *self, const struct sst_visit *visit, enum sst_visit_end why,
	struct sst_err *err)
{
	static const char empty[SST_PAD * 2] = "{}";
	struct session *s = self;
	struct sst_run *run = s->run;
	enum sst_reason reason;

	if (s->summaries == SUMMARIES_OFF)
		return SST_OK;
	/* An event that was read writes what is added in its order. */
	if (sst_json_read(s->summary, sst_span(empty, 2), &reason) != SST_OK)
		return sst_fail_memory(err, "a summary");
	sst_summary_put(s->summary, visit, why);
	if (!sst_json_write(&run->out, s->summary))
		return sst_fail_memory(err, "a summary");
	run->stats.made++;
	return run->out.len >= FLUSH_AT ? sst_run_flush(run, err) : SST_OK;
}

/* ---- start ---- */

static enum sst_status
load_state(struct session *s, struct sst_run *run, struct sst_err *err)
{
	const struct sst_snapshot_ties ties = { s->key,
		sst_buf_span(&s->settings) };
	struct sst_buf lock;
	bool is_previous;
	enum sst_status status;

	if (s->state == NULL)
		return SST_OK;
	sst_buf_init(&lock, SETTINGS_MAX);
	sst_buf_printf(&lock, "%s.lock", s->state);
	status = lock.is_short ? sst_fail_memory(err, "a path")
			       : sst_file_lock(&s->lock, lock.at, err);
	sst_buf_release(&lock);
	if (status == SST_OK)
		status = sst_snapshot_load(
			s->sessions, s->state, &ties, &is_previous, err);
	if (status != SST_OK) {
		(void)sst_fail_in(err, "--state");
		return status;
	}
	if (is_previous)
		sst_say(&run->say, SST_SAY_WARNING,
			"--state: %s; going on from '%s.1', the one before",
			err->text, s->state);
	return SST_OK;
}

static enum sst_status
open_sessions(struct session *s, const struct sst_visit_rules *rules,
	struct sst_err *err)
{
	const struct sst_sessions_config config = { .rules = *rules,
		.secret = s->key->secret,
		.rotate = &s->rotate,
		.counts = &s->counts,
		.closer = { write_summary, s },
		.max_visits = (size_t)s->max_sessions };

	enum sst_status status = sst_sessions_open(&s->sessions, &config, err);

	for (size_t i = 0; i < LANES; i++)
		s->lanes[i].reader.sessions = s->sessions;
	return status;
}

static enum sst_status
open_summaries(struct session *s, struct sst_err *err)
{
	const struct sst_where_asked asked = {
		.where = s->common.where.at,
		.where_count = s->common.where.n,
		.only = s->common.only.at,
		.only_count = s->common.only.n,
		.skip = s->common.skip.at,
		.skip_count = s->common.skip.n,
	};

	s->summary = malloc(sizeof(*s->summary));
	if (s->summary == NULL)
		return sst_fail_memory(err, "an event");
	sst_event_init(s->summary);
	return sst_where_open(&s->filter, &asked, err);
}

static enum sst_status
start(void *self, struct sst_run *run, struct sst_err *err)
{
	struct session *s = self;
	struct sst_visit_rules rules;
	enum sst_status status = read_rules(s, &rules, err);

	s->run = run;
	sst_buf_init(&s->settings, SETTINGS_MAX);
	if (status == SST_OK)
		status = open_summaries(s, err);
	if (status == SST_OK)
		status = open_lanes(s, &rules, err);
	if (status == SST_OK)
		status = sst_run_key(run, &s->key, err);
	if (status != SST_OK)
		return status;
	sst_rotate_init(&s->rotate, s->key->secret);
	status = check_options(s, run, err);
	sst_ties_put(
		&s->settings, &(struct sst_ties){ &rules, &s->rotate,
				      visitor_list(s), &s->lanes[0].reader });
	if (status == SST_OK && s->settings.is_short)
		status = sst_fail_memory(err, "options");
	if (status == SST_OK)
		status = open_sessions(s, &rules, err);
	return status == SST_OK ? load_state(s, run, err) : status;
}

/* ---- lines ---- */

static enum sst_status
drop(enum sst_reason *why)
{
	*why = SST_WHY_NOT_ASKED;
	return SST_DROP;
}

/* The first step. What is refused or not asked for waits for nothing. */
static enum sst_status
read_event(struct session *s, struct lane *lane, struct sst_span line,
	enum sst_reason *why)
{
	const struct lane *other = &s->lanes[(s->next + 1) % LANES];
	enum sst_status status = sst_json_read(&lane->event, line, why);

	if (status != SST_OK)
		return status;
	if (other->is_waiting && other->has_visitor)
		sst_sessions_prepare(s->sessions, &other->hit.key);
	if (s->filter != NULL && !sst_where_keeps(s->filter, &lane->event))
		return drop(why);
	status = sst_hit_read(&lane->reader, &lane->event, &lane->hit, why);
	lane->has_visitor = status == SST_OK;
	return status == SST_REJECT ? status : SST_OK;
}

/* The second step. */
static enum sst_status
place_event(struct session *s, struct lane *lane, enum sst_reason *why,
	struct sst_err *err)
{
	const struct sst_hit *hit = &lane->hit;
	struct sst_seq_text seq;
	struct sst_place place;
	enum sst_status status;

	s->no_visitor += !lane->has_visitor && !hit->is_made;
	if (lane->has_visitor) {
		status = sst_sessions_hit(s->sessions, hit, &place, err);
		if (status != SST_OK)
			return status;
	}
	if (s->summaries == SUMMARIES_ONLY)
		return drop(why);
	if (!hit->is_made)
		sst_place_drop(&lane->event);
	if (lane->has_visitor)
		sst_place_put(&lane->event, &place, &seq);
	return sst_json_write(&s->run->out, &lane->event)
		       ? SST_OK
		       : sst_fail_memory(err, "an event");
}

/* Do the second step of the event that waits for it, if one does. */
static enum sst_status
catch_up(struct session *s, struct sst_err *err)
{
	struct lane *lane = &s->lanes[(s->next + 1) % LANES];
	enum sst_reason why = SST_WHY_NONE;
	enum sst_status status;

	if (!lane->is_waiting)
		return SST_OK;
	lane->is_waiting = false;
	status = place_event(s, lane, &why, err);
	if (status != SST_OK && status != SST_DROP)
		return status;
	sst_stats_settle(&s->run->stats, 1, status, why);
	return SST_OK;
}

/*
 * A table of visits is larger than the processor's caches, and memory as slow
 * as reading half an event. So an event is read, and waits for its place until
 * the one behind it is read; or until the input pauses, since it borrows its
 * line.
 */
static enum sst_status
take(void *self, struct sst_run *run, const struct sst_line *line,
	enum sst_reason *why, struct sst_err *err)
{
	struct session *s = self;
	struct lane *lane = &s->lanes[s->next];
	enum sst_status status = read_event(s, lane, line->text, why);

	(void)run;
	if (status != SST_OK)
		return status;
	/* Not asked for: -n does not count it, so it must be known at once. */
	if (s->summaries == SUMMARIES_ONLY)
		return place_event(s, lane, why, err);
	status = catch_up(s, err);
	if (status != SST_OK)
		return status;
	lane->is_waiting = true;
	s->next = (s->next + 1) % LANES;
	return SST_HELD;
}

static enum sst_status
idle(void *self, struct sst_run *run, int *wait_ms, struct sst_err *err)
{
	(void)run;
	*wait_ms = -1;
	return catch_up(self, err);
}

static enum sst_status
barrier(void *self, struct sst_run *run, struct sst_span line,
	struct sst_err *err)
{
	(void)run;
	(void)line;
	return catch_up(self, err);
}

/* ---- end ---- */

/* Saved last: what the state has seen, the reader of the output has. */
static enum sst_status
save_state(struct session *s, struct sst_run *run, struct sst_err *err)
{
	const struct sst_snapshot_ties ties = { s->key,
		sst_buf_span(&s->settings) };
	enum sst_status status = sst_run_flush(run, err);

	if (status != SST_OK)
		return status;
	status = sst_snapshot_save(s->sessions, s->state, &ties, err);
	if (status != SST_OK)
		(void)sst_fail_in(err, "--state");
	return status;
}

static enum sst_status
end(void *self, struct sst_run *run, bool is_whole, struct sst_err *err)
{
	struct session *s = self;
	enum sst_status status = catch_up(s, err);

	if (status != SST_OK)
		return status;
	/* The next run reads the same events again. */
	if (!is_whole && s->state != NULL) {
		sst_say(&run->say, SST_SAY_WARNING,
			"--state: the input ended early, '%s' stays as it was",
			s->state);
		return SST_OK;
	}
	if (s->at_eof == AT_EOF_CLOSE)
		status = sst_sessions_close_all(s->sessions, err);
	if (status == SST_OK && s->state != NULL)
		status = save_state(s, run, err);
	return status;
}

static void
release(void *self)
{
	struct session *s = self;

	sst_sessions_close(s->sessions);
	sst_rotate_release(&s->rotate);
	sst_where_close(s->filter);
	for (size_t i = 0; s->lanes != NULL && i < LANES; i++) {
		sst_visitor_close(s->lanes[i].visitor);
		sst_event_release(&s->lanes[i].event);
	}
	free(s->lanes);
	if (s->summary != NULL)
		sst_event_release(s->summary);
	free(s->summary);
	sst_buf_release(&s->settings);
	sst_file_unlock(s->lock);
}

static const struct sst_tool tool = {
	.name = "sst-session",
	.synopsis = "[OPTION...] [FILE...]",
	.about = "Join events to visits, and sum each visit up at its end.",
	.examples = "  sst-parse access.log | sst-session\n"
		    "  sst-session --summaries only events.jsonl\n"
		    "  sst-session --rules-of matomo --conversion purchase\n"
		    "  sst-session --state visits hour-13.jsonl\n",
	.opts = opts,
	.counters = counters,
	.max_line = 1024 * 1024,
	.reads_events = true,
	.start = start,
	.line = take,
	.barrier = barrier,
	.idle = idle,
	.end = end,
	.release = release,
};

int
main(int argc, char **argv)
{
	struct session session = { .max_sessions = 1000000, .lock = -1 };

	return sst_tool_main(&tool, &session, argc, argv);
}
