/* SPDX-License-Identifier: ISC */
/* sst-parse: access-log lines to events. */
#include "cli/tool.h"
#include "enrich/agent.h"
#include "enrich/bot.h"
#include "enrich/enricher.h"
#include "enrich/referrer.h"
#include "enrich/rule.h"
#include "event/catalog.h"
#include "event/ident.h"
#include "event/origin.h"
#include "event/show.h"
#include "event/where.h"
#include "input/chain.h"
#include "input/source.h"
#include "text/net.h"
#include "text/utf8.h"
#include "json/format_test.h"
#include "json/write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct parse {
	struct sst_common common;
	const char *format;
	const char *log_format;
	int escape, dialect;
	bool list_formats, list_fields, explain;
	struct sst_list rules;
	bool no_default_rules;
	struct sst_list geo;
	const char *ua;
	struct sst_list sites;
	bool with_params;
	const char *consent;
	const char *default_host, *default_scheme;
	struct sst_list trusted;
	const char *name_space;
	int64_t id_window_us;
	uint64_t id_table;
	int64_t since_us, until_us;
	bool source_fields, as_given, is_arranging;
	uint64_t jobs;
	struct sst_following following;

	struct sst_catalog catalog;
	struct sst_recognizer *recognizer;
	struct sst_event *event;
	struct sst_ident *ident;     /* key and bound of all sources' ids */
	struct sst_origins *origins; /* not of a worker */
	struct sst_ident *counts;    /* of the source at hand */
	struct sst_enricher *enricher;
	struct sst_where *filter;
	uint64_t changes; /* of the layout, that were said */
	char id[SST_UUID_LEN + SST_PAD];
	struct sst_buf input_name; /* in JSON spelling */
	uint64_t ids_forgotten, bad_lookups, bad_patterns;

	/* --jobs. A worker is another struct parse, with tables of its own. */
	bool is_worker;
	struct slice *slice; /* of a worker: whose lines it takes */
	struct parse **workers;
	size_t worker_count;
};

/* A line whose id is settled later, because equal ones may stand before it. */
struct pending {
	struct sst_digest hash;
	int64_t second;
	size_t at; /* of the id in the output; SIZE_MAX: no event was written */
};

/* What is kept of a slice of lines until its turn comes. */
struct slice {
	struct sst_recognizer_state assumed, learnt;
	struct pending *pending;
	size_t n, room;
};

#define AT(field) offsetof(struct parse, field)

static const struct sst_opt opts[] = {
	{ .letter = 'f',
		.name = "format",
		.arg = "NAME|FILE|auto",
		.kind = SST_OPT_TEXT,
		.at = AT(format),
		.shown = "auto",
		.group = "The log's format",
		.help = "a format by name, alias, family or file; auto finds "
			"the one that explains the lines" },
	{ .name = "log-format",
		.arg = "STRING",
		.kind = SST_OPT_TEXT,
		.at = AT(log_format),
		.help = "the server's own format string: nginx's, Apache's, "
			"HAProxy's, Envoy's or Caddy's" },
	{ .name = "log-escape",
		.arg = "HOW",
		.kind = SST_OPT_CHOICE,
		.choices = "default|json|none",
		.at = AT(escape),
		.is_rare = true,
		.help = "nginx's escape= of that format: default, json or "
			"none" },
	{ .name = "log-dialect",
		.arg = "WHOSE",
		.kind = SST_OPT_CHOICE,
		.choices = "auto|nginx|apache|haproxy|envoy|gunicorn|caddy|"
			   "fields",
		.at = AT(dialect),
		.is_rare = true,
		.shown = "auto",
		.help = "whose format string that is; auto tells it by its "
			"content" },
	{ .name = "list-formats",
		.kind = SST_OPT_FLAG,
		.at = AT(list_formats),
		.help = "print the known formats" },
	{ .name = "explain",
		.kind = SST_OPT_FLAG,
		.at = AT(explain),
		.help = "show how the first lines are understood, field by "
			"field" },
	{ .letter = 'j',
		.name = "jobs",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(jobs),
		.min = 1,
		.max = 64,
		.shown = "1",
		.group = "What to read",
		.help = "threads for large files; the output is that of one, "
			"byte for byte" },
	{ .letter = 'F',
		.name = "follow",
		.kind = SST_OPT_FLAG,
		.at = AT(following.is_asked),
		.help = "go on as files grow, across rotation, and as globs "
			"find new ones" },
	{ .name = "from-end",
		.kind = SST_OPT_FLAG,
		.at = AT(following.from_end),
		.help = "with --follow: only lines that come from now on" },
	{ .name = "as-given",
		.kind = SST_OPT_FLAG,
		.at = AT(as_given),
		.help = "read files in the order given, not by their first "
			"time stamps" },
	{ .name = "since",
		.arg = "TIME",
		.kind = SST_OPT_TIME,
		.at = AT(since_us),
		.help = "events of that time and later" },
	{ .name = "until",
		.arg = "TIME",
		.kind = SST_OPT_TIME,
		.at = AT(until_us),
		.help = "events before that time" },
	{ .name = "trust-proxy",
		.arg = "NET,...",
		.kind = SST_OPT_NAMES,
		.at = AT(trusted),
		.help = "believe X-Forwarded-For of these peers; 'loopback' "
			"and 'private' name networks" },
	{ .name = "default-host",
		.arg = "HOST",
		.kind = SST_OPT_TEXT,
		.at = AT(default_host),
		.help = "host of events whose log has none" },
	{ .name = "default-scheme",
		.arg = "SCHEME",
		.kind = SST_OPT_TEXT,
		.at = AT(default_scheme),
		.help = "scheme of events whose log has none" },
	{ .name = "rules",
		.arg = "NAME|FILE",
		.kind = SST_OPT_LIST,
		.at = AT(rules),
		.group = "What lines mean",
		.help = "event rules, before the default ones; repeatable" },
	{ .name = "no-default-rules",
		.kind = SST_OPT_FLAG,
		.at = AT(no_default_rules),
		.help = "only the rules given; other lines are 'request'" },
	{ .name = "site",
		.arg = "HOST,...",
		.kind = SST_OPT_NAMES,
		.at = AT(sites),
		.help = "own hosts: a referrer there is internal" },
	{ .name = "params",
		.kind = SST_OPT_FLAG,
		.at = AT(with_params),
		.help = "add the query's parameters, decoded, as 'params'" },
	{ .name = "consent",
		.arg = "WHERE",
		.kind = SST_OPT_TEXT,
		.at = AT(consent),
		.help = "where a consent signal stands: cookie:NAME, "
			"header:NAME or param:NAME" },
	{ .name = "geo",
		.arg = "FILE.mmdb",
		.kind = SST_OPT_LIST,
		.at = AT(geo),
		.help = "add country, city, network from a MaxMind DB; "
			"repeatable" },
	{ .name = "ua",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.is_arg_optional = true,
		.default_arg = "",
		.at = AT(ua),
		.help = "add browser, system and kind of device; FILE is a "
			"regexes.yaml of uap-core, else the installed one" },
	{ .name = "list-fields",
		.kind = SST_OPT_FLAG,
		.at = AT(list_fields),
		.group = "Events",
		.help = "print every key of an event: type, personal or not, "
			"what sst-redact does by default" },
	{ .name = "source-fields",
		.kind = SST_OPT_FLAG,
		.at = AT(source_fields),
		.help = "add file, line and offset" },
	{ .name = "namespace",
		.arg = "NAME",
		.kind = SST_OPT_TEXT,
		.at = AT(name_space),
		.help = "keeps the ids of servers apart that write to one "
			"destination" },
	{ .name = "id-window",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(id_window_us),
		.shown = "60s",
		.is_rare = true,
		.help = "how long equal lines are told apart, in log time" },
	{ .name = "id-table",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(id_table),
		.min = 1024,
		.max = 1 << 28,
		.shown = "1048576",
		.is_rare = true,
		.help = "how many lines are remembered for that" },
	{ 0 },
};

static const struct sst_counter counters[] = {
	{ "ids_forgotten", AT(ids_forgotten),
		"seconds whose lines were forgotten (--id-table)" },
	{ "truncated", AT(following.truncated),
		"times that a followed file was cut: lines may be lost" },
	{ "bad_lookups", AT(bad_lookups),
		"addresses that a --geo file could not answer" },
	{ "bad_patterns", AT(bad_patterns),
		"patterns of the --ua file that do not compile" },
	{ 0 },
};

/* ---- formats ---- */

static enum sst_status
no_such_format(
	const char *name, const struct sst_list *names, struct sst_err *err)
{
	const char *like = sst_suggest(sst_span_of(name), names->at, names->n);

	if (like != NULL)
		return sst_fail(err, SST_EUSAGE,
			"--format: no format '%s', did you mean '%s'?", name,
			like);
	return sst_fail(err, SST_EUSAGE,
		"--format: no format '%s' (--list-formats shows them; a file "
		"needs a '/')",
		name);
}

/* --format PATH, or all formats that go by the name; all of them for auto. */
static enum sst_status
open_formats(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	bool is_auto = p->format == NULL || strcmp(p->format, "auto") == 0;
	bool is_path = !is_auto && strchr(p->format, '/') != NULL;
	struct sst_catalog_asked asked = { .paths = &p->format, .n = 1 };
	struct sst_list names = { NULL, 0 };
	enum sst_status status = SST_OK;
	const char **paths;

	if (!is_path) {
		status = sst_run_names(run, "logs", &names, err);
		paths = sst_arena_take(
			&run->arena, (names.n + 1) * sizeof(*paths));
		if (paths == NULL)
			return sst_fail_memory(err, "formats");
		for (size_t i = 0; i < names.n && status == SST_OK; i++)
			status = sst_run_find(
				run, "logs", names.at[i], &paths[i], err);
		asked.paths = paths;
		asked.n = names.n;
		asked.wanted = is_auto ? NULL : p->format;
	}
	if (status == SST_OK)
		status = sst_catalog_read(
			&p->catalog, &run->arena, &asked, p->recognizer, err);
	if (status != SST_OK || p->catalog.n > 0)
		return status;
	return is_auto ? sst_fail(err, SST_ECONFIG,
				 "no formats found: SST_PATH or --data-dir "
				 "must name a folder with logs/")
		       : no_such_format(p->format, &names, err);
}

static enum sst_status
open_log_format(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	static const enum sst_escape escapes[] = { SST_ESCAPE_DEFAULT,
		SST_ESCAPE_DEFAULT, SST_ESCAPE_JSON, SST_ESCAPE_NONE };
	/* In the order of the option's words. */
	static const char *const dialects[] = { NULL, NULL, "nginx", "apache",
		"haproxy", "envoy", "gunicorn", "caddy", "fields" };
	const struct sst_layout_asked asked = {
		.format = sst_span_of(p->log_format),
		.dialect = dialects[p->dialect],
		.escape = escapes[p->escape],
		.order = SST_ORDER,
	};
	struct sst_layout *layout;
	enum sst_status status =
		sst_layout_compile(&layout, &run->arena, &asked, err);

	if (status != SST_OK) {
		(void)sst_fail_in(err, "--log-format");
		return status;
	}
	return sst_recognizer_add(
		p->recognizer, layout, sst_span_of("--log-format"), err);
}

/* ---- start ---- */

static enum sst_status
open_ids(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	const struct sst_key *key;
	enum sst_status status = sst_run_key(run, &key, err);

	if (status != SST_OK)
		return status;
	return sst_ident_open(&p->ident, key->secret,
		sst_span_of(p->name_space == NULL ? "" : p->name_space),
		(uint64_t)(p->id_window_us / 1000000), p->id_table, err);
}

/* Who is in a sample nobody outside can tell, and every run agrees. */
static enum sst_status
choose_samples(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	const struct sst_key *key;
	enum sst_status status = sst_run_key(run, &key, err);
	struct sst_digest derived;

	if (status != SST_OK)
		return status;
	derived = sst_digest_derive(key->secret, "sst sample", sst_span("", 0));
	sst_enricher_key(p->enricher, &derived);
	return SST_OK;
}

/* The user's rules, then the default ones. */
static enum sst_status
find_rules(const struct parse *p, struct sst_run *run,
	struct sst_enricher_plan *plan, struct sst_err *err)
{
	size_t n = p->rules.n + !p->no_default_rules;
	const char **paths = sst_arena_take(&run->arena, n * sizeof(*paths));
	enum sst_status status = SST_OK;

	if (paths == NULL)
		return sst_fail_memory(err, "rules");
	for (size_t i = 0; i < n && status == SST_OK; i++)
		status = sst_run_find(run, "rules",
			i < p->rules.n ? p->rules.at[i] : "default", &paths[i],
			err);
	plan->rules = paths;
	plan->rule_count = n;
	return status;
}

/* Where uap-core's package puts it: Debian's, one's own. */
static const char *
installed_uap(void)
{
	static const char *const paths[] = {
		"/usr/local/share/uap-core/regexes.yaml",
		"/usr/share/uap-core/regexes.yaml",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (access(paths[i], R_OK) == 0)
			return paths[i];
	return NULL;
}

static enum sst_status
find_agents(const struct parse *p, struct sst_run *run,
	struct sst_enricher_plan *plan, struct sst_err *err)
{
	if (p->ua == NULL)
		return SST_OK;
	plan->uap = p->ua[0] == '\0' ? installed_uap() : p->ua;
	if (plan->uap == NULL)
		return sst_fail(err, SST_ECONFIG,
			"--ua: uap-core's regexes.yaml is not installed "
			"(Debian: uap-core); --ua=FILE names one");
	return sst_run_find(run, "", "agents", &plan->agents, err);
}

static enum sst_status
open_enricher(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	struct sst_enricher_plan plan = {
		.sites = p->sites.at,
		.site_count = p->sites.n,
		.geo = p->geo.at,
		.geo_count = p->geo.n,
		.consent = p->consent,
		.with_params = p->with_params,
	};
	enum sst_status status = sst_run_find(run, "", "bots", &plan.bots, err);

	if (status == SST_OK)
		status = sst_run_find(
			run, "", "referrers", &plan.referrers, err);
	if (status == SST_OK)
		status = find_rules(p, run, &plan, err);
	if (status == SST_OK)
		status = find_agents(p, run, &plan, err);
	if (status == SST_OK)
		status = sst_enricher_open(&p->enricher, &plan, err);
	if (status == SST_OK && sst_enricher_samples(p->enricher))
		status = choose_samples(p, run, err);
	return status;
}

static bool
is_name_of_host(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (!((*at >= 'a' && *at <= 'z') ||
			    (*at >= '0' && *at <= '9') || *at == '.' ||
			    *at == '-' || *at == ':'))
			return false;
	return true;
}

static enum sst_status
open_recognizer(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	struct sst_builder_options options = { .now_us = sst_run_now_us(run) };
	enum sst_status status = sst_nets_read(&options.trusted, &run->arena,
		p->trusted.at, p->trusted.n, err);

	if (status != SST_OK) {
		(void)sst_fail_in(err, "--trust-proxy");
		return status;
	}
	if ((p->default_host != NULL && !is_name_of_host(p->default_host)) ||
		(p->default_scheme != NULL &&
			!is_name_of_host(p->default_scheme)))
		return sst_fail(err, SST_EUSAGE,
			"--default-host and --default-scheme take lower-case "
			"names");
	if (p->default_host != NULL)
		options.default_host = sst_arena_copy(
			&run->arena, sst_span_of(p->default_host));
	if (p->default_scheme != NULL)
		options.default_scheme = sst_arena_copy(
			&run->arena, sst_span_of(p->default_scheme));
	status = sst_recognizer_open(&p->recognizer, &options, err);
	if (status != SST_OK)
		return status;
	if (p->log_format != NULL && p->format != NULL)
		return sst_fail(err, SST_EUSAGE,
			"--format and --log-format exclude each other");
	return p->log_format != NULL ? open_log_format(p, run, err)
				     : open_formats(p, run, err);
}

/* What every thread has of its own. */
static enum sst_status
open_tables(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	const struct sst_where_asked asked = {
		.where = p->common.where.at,
		.where_count = p->common.where.n,
		.only = p->common.only.at,
		.only_count = p->common.only.n,
		.skip = p->common.skip.at,
		.skip_count = p->common.skip.n,
	};
	enum sst_status status;

	p->event = malloc(sizeof(*p->event));
	if (p->event == NULL)
		return sst_fail_memory(err, "an event");
	sst_event_init(p->event);
	status = open_recognizer(p, run, err);
	if (status == SST_OK && !p->list_formats)
		status = sst_where_open(&p->filter, &asked, err);
	if (status == SST_OK && !p->list_formats)
		status = open_enricher(p, run, err);
	return status;
}

static enum sst_status
start(void *self, struct sst_run *run, struct sst_err *err)
{
	struct parse *p = self;
	enum sst_status status;

	if (p->list_fields) {
		sst_show_fields(&run->out);
		return SST_END;
	}
	if (p->following.from_end && !p->following.is_asked)
		return sst_fail(err, SST_EUSAGE,
			"--from-end says where --follow begins");
	status = open_tables(p, run, err);
	if (status == SST_OK && p->list_formats) {
		sst_catalog_show(&p->catalog, &run->out);
		return SST_END;
	}
	if (p->following.is_asked)
		run->following = &p->following;
	if (status == SST_OK && !p->explain)
		status = open_ids(p, run, err);
	return status == SST_OK ? sst_origins_open(&p->origins, p->recognizer,
					  p->ident, err)
				: status;
}

/* ---- times ---- */

static int64_t
time_of(void *self, struct sst_run *run, struct sst_span line)
{
	struct parse *p = self;
	int64_t found = INT64_MIN;
	enum sst_reason why;

	(void)run;
	if (line.len > 0 && line.at[0] == '#') {
		/* At the begin of a file it says what the next lines are. No
		 * memory for that is said when the file is read. */
		if (p->is_arranging)
			(void)!sst_recognizer_directive(
				p->recognizer, line, NULL);
		return INT64_MIN;
	}
	if (sst_recognizer_fill(p->recognizer, p->event, line, &found, &why) !=
		SST_OK)
		return INT64_MIN;
	return found;
}

/* Equal lines are counted within a window: it must be seen as a whole. */
static void
range(const void *self, int64_t *from_us, int64_t *until_us)
{
	const struct parse *p = self;

	if (p->since_us != 0)
		*from_us = p->since_us - p->id_window_us;
	if (p->until_us != 0)
		*until_us = p->until_us;
}

/* access.log* expands newest first: read the oldest first. */
static enum sst_status
arrange(void *self, struct sst_run *run, struct sst_list *inputs,
	struct sst_err *err)
{
	struct parse *p = self;
	struct sst_recognizer_state before;
	enum sst_status status;

	if (p->as_given)
		return SST_OK;
	sst_recognizer_state(p->recognizer, &before);
	p->is_arranging = true;
	status = sst_run_by_time(run, inputs, err);
	p->is_arranging = false;
	sst_recognizer_resume(p->recognizer, &before);
	return status;
}

/* ---- lines ---- */

static enum sst_status
begin(void *self, struct sst_run *run, struct sst_err *err)
{
	struct parse *p = self;
	struct sst_span path = sst_span_of(run->input);
	enum sst_status status = SST_OK;
	struct sst_buf name;

	/* What workers need of it each slice tells them. */
	if (!p->is_worker)
		status = sst_origins_enter(
			p->origins, path, sst_chain_of(path), &p->counts, err);
	if (status != SST_OK || !p->source_fields)
		return status;
	sst_buf_init(&name, 65536);
	(void)sst_utf8_put_repaired(&name, path);
	sst_buf_reset(&p->input_name);
	sst_json_put_escaped(&p->input_name, sst_buf_span(&name));
	status = name.is_short || p->input_name.is_short
			 ? sst_fail_memory(err, "a name")
			 : SST_OK;
	sst_buf_release(&name);
	return status;
}

static void
say_format(struct parse *p, struct sst_run *run, const struct sst_line *line)
{
	struct sst_span layout, name;
	uint64_t changes;

	name = sst_recognizer_name(p->recognizer, &layout, &changes);
	if (changes == p->changes)
		return;
	p->changes = changes;
	sst_say(&run->say, SST_SAY_NOTE, "%s:%llu: format '%.*s': %.*s",
		run->input, (unsigned long long)line->number, (int)name.len,
		name.at, (int)layout.len, layout.at);
}

static enum sst_status
drop(enum sst_reason reason, enum sst_reason *why)
{
	*why = reason;
	return SST_DROP;
}

static void
put_source(struct parse *p, const struct sst_line *line)
{
	sst_event_set(p->event, SST_F_FILE, SST_KIND_STRING,
		sst_buf_span(&p->input_name));
	sst_event_set_i64(p->event, SST_F_LINE, (int64_t)line->number);
	sst_event_set_i64(p->event, SST_F_OFFSET, (int64_t)line->offset);
}

/* --explain: the line taken apart, as a table. */
static void
put_explained(struct parse *p, struct sst_run *run, const struct sst_line *line)
{
	struct sst_span layout, name;
	uint64_t changes;

	name = sst_recognizer_name(p->recognizer, &layout, &changes);
	sst_buf_printf(&run->out, "%s:%llu: %.*s\n  %.*s\n", run->input,
		(unsigned long long)line->number, (int)name.len, name.at,
		(int)layout.len, layout.at);
	sst_show_event(&run->out, p->event);
}

/* Every event begins so: the id is the first row of the field table. */
static const char before_id[] = "{\"id\":\"";

static bool
make_room(struct slice *slice)
{
	size_t room = slice->room * 2 + 1024;
	struct pending *larger =
		realloc(slice->pending, room * sizeof(slice->pending[0]));

	if (larger == NULL)
		return false;
	slice->pending = larger;
	slice->room = room;
	return true;
}

/* The event's id; in a worker as if no equal line stood before this one. */
static enum sst_status
identify(struct parse *p, struct sst_span line, int64_t second,
	struct sst_err *err)
{
	struct slice *slice = p->slice;

	if (SST_LIKELY(slice == NULL)) {
		sst_ident_write(p->counts, line, second, p->id);
	} else {
		struct pending *pending;

		if (slice->n == slice->room && !make_room(slice))
			return sst_fail_memory(err, "event ids");
		pending = &slice->pending[slice->n++];
		pending->second = second;
		pending->at = SIZE_MAX;
		sst_ident_first(p->ident, line, &pending->hash, p->id);
	}
	sst_event_put(p->event, SST_F_ID, SST_KIND_STRING,
		sst_span(p->id, SST_UUID_LEN), false);
	return SST_OK;
}

static enum sst_status
write_event(struct parse *p, struct sst_run *run, struct sst_err *err)
{
	if (p->slice != NULL && p->ident != NULL)
		p->slice->pending[p->slice->n - 1].at =
			run->out.len + sizeof(before_id) - 1;
	return sst_json_write(&run->out, p->event)
		       ? SST_OK
		       : sst_fail_memory(err, "an event");
}

static enum sst_status
take(void *self, struct sst_run *run, const struct sst_line *line,
	enum sst_reason *why, struct sst_err *err)
{
	struct parse *p = self;
	enum sst_status status;
	int64_t time_us;

	if (SST_UNLIKELY(line->text.at[0] == '#')) {
		status = sst_recognizer_directive(
			p->recognizer, line->text, err);
		return status == SST_OK ? drop(SST_WHY_DIRECTIVE, why) : status;
	}
	status = sst_recognizer_fill(
		p->recognizer, p->event, line->text, &time_us, why);
	if (SST_UNLIKELY(run->common->is_verbose))
		say_format(p, run, line);
	if (status != SST_OK)
		return status;
	sst_enricher_expect(p->enricher, p->event);
	if (p->ident != NULL) {
		status = identify(p, line->text, time_us / 1000000, err);
		if (status != SST_OK)
			return status;
	}
	if ((p->since_us != 0 && time_us < p->since_us) ||
		(p->until_us != 0 && time_us >= p->until_us))
		return drop(SST_WHY_NOT_ASKED, why);
	if (sst_enricher_apply(p->enricher, p->event) == SST_DROP)
		return drop(SST_WHY_RULE, why);
	if (p->source_fields)
		put_source(p, line);
	if (p->filter != NULL && !sst_where_keeps(p->filter, p->event))
		return drop(SST_WHY_NOT_ASKED, why);
	if (p->explain) {
		put_explained(p, run, line);
		return SST_OK;
	}
	return write_event(p, run, err);
}

/* ---- --jobs ---- */

/* Filters on an id want to know it, and notes are said line by line. */
static size_t
jobs(const void *self)
{
	const struct parse *p = self;

	if (p->explain || p->common.is_verbose ||
		(p->filter != NULL && sst_where_asks(p->filter, SST_F_ID)))
		return 1;
	return (size_t)p->jobs;
}

static void
release_tables(struct parse *p)
{
	sst_buf_release(&p->input_name);
	sst_where_close(p->filter);
	sst_enricher_close(p->enricher);
	sst_recognizer_close(p->recognizer);
	if (p->event != NULL)
		sst_event_release(p->event);
	free(p->event);
}

static enum sst_status
hire(void *self, struct sst_run *run, void **worker, struct sst_err *err)
{
	struct parse *p = self, *w = malloc(sizeof(*w));
	struct parse **all = realloc(
		p->workers, (p->worker_count + 1) * sizeof(p->workers[0]));

	*worker = w;
	if (all != NULL)
		p->workers = all;
	if (w == NULL || all == NULL)
		return sst_fail_memory(err, "threads");
	*w = *p;
	w->catalog = (struct sst_catalog){ NULL, 0 };
	w->origins = NULL;
	w->recognizer = NULL;
	w->event = NULL;
	w->enricher = NULL;
	w->filter = NULL;
	sst_buf_init(&w->input_name, p->input_name.max);
	w->is_worker = true;
	p->workers[p->worker_count++] = w;
	return open_tables(w, run, err);
}

static void
dismiss(void *worker)
{
	release_tables(worker);
	free(worker);
}

static enum sst_status
open_slice(void *self, void **slice, struct sst_err *err)
{
	(void)self;
	*slice = calloc(1, sizeof(struct slice));
	return *slice == NULL ? sst_fail_memory(err, "slices") : SST_OK;
}

static void
close_slice(void *slice)
{
	free(((struct slice *)slice)->pending);
	free(slice);
}

static void
give(void *self, void *slice)
{
	const struct parse *p = self;
	struct slice *s = slice;

	s->n = 0;
	sst_recognizer_state(p->recognizer, &s->assumed);
}

static void
enter(void *worker, void *slice)
{
	struct parse *w = worker;

	w->slice = slice;
	sst_recognizer_resume(w->recognizer, &w->slice->assumed);
}

static void
leave(void *worker, void *slice)
{
	struct parse *w = worker;

	sst_recognizer_state(w->recognizer, &((struct slice *)slice)->learnt);
	w->slice = NULL;
}

static bool
settle(void *self, void *slice, struct sst_buf *out)
{
	struct parse *p = self;
	const struct slice *s = slice;
	struct sst_recognizer_state now;

	sst_recognizer_state(p->recognizer, &now);
	if (!sst_recognizer_state_eq(&now, &s->assumed))
		return false;
	sst_recognizer_resume(p->recognizer, &s->learnt);
	for (size_t i = 0; p->ident != NULL && i < s->n; i++) {
		const struct pending *it = &s->pending[i];
		bool is_written = it->at != SIZE_MAX;

		assert(!is_written ||
			memcmp(out->at + it->at - (sizeof(before_id) - 1),
				before_id, sizeof(before_id) - 1) == 0);
		(void)sst_ident_settle(p->counts, &it->hash, it->second,
			is_written ? out->at + it->at : p->id);
	}
	return true;
}

static const struct sst_parallel parallel = {
	.jobs = jobs,
	.hire = hire,
	.open_slice = open_slice,
	.give = give,
	.enter = enter,
	.leave = leave,
	.settle = settle,
	.close_slice = close_slice,
	.dismiss = dismiss,
};

/* ---- end of input ---- */

/* Every thread compiles patterns of its own: what one found, others may have
 * found too. */
static void
add_worker(struct parse *p, const struct sst_enricher *enricher)
{
	uint64_t patterns = sst_enricher_bad_patterns(enricher);

	p->bad_lookups += sst_enricher_bad_lookups(enricher);
	if (patterns > p->bad_patterns)
		p->bad_patterns = patterns;
}

static enum sst_status
end(void *self, struct sst_run *run, bool is_whole, struct sst_err *err)
{
	struct parse *p = self;

	(void)run, (void)is_whole, (void)err;
	if (p->ident != NULL)
		p->ids_forgotten = sst_ident_forgotten(p->ident);
	if (p->enricher == NULL)
		return SST_OK;
	p->bad_lookups = sst_enricher_bad_lookups(p->enricher);
	p->bad_patterns = sst_enricher_bad_patterns(p->enricher);
	for (size_t i = 0; i < p->worker_count; i++)
		add_worker(p, p->workers[i]->enricher);
	return SST_OK;
}

/* ---- --test FILE ---- */

/* Which kind of file it is, is told by its members. */
static enum sst_status
test(void *self, struct sst_run *run, const char *path, struct sst_err *err)
{
	static const struct {
		const char *member;
		enum sst_status (*test)(const char *path,
			struct sst_buf *report, struct sst_err *err);
	} kinds[] = {
		{ "browsers", sst_agents_test },
		{ "bots", sst_bots_test },
		{ "sources", sst_referrers_test },
		{ "rules", sst_rules_test },
	};
	struct sst_doc_node *root;
	enum sst_status status =
		sst_doc_read_file(&root, &run->arena, path, err);

	if (status != SST_OK)
		return status;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sst_doc_member(root, kinds[i].member) != NULL)
			return kinds[i].test(path, &run->out, err);
	(void)self;
	return sst_format_test(path, &run->out, err);
}

/* ---- end ---- */

static void
release(void *self)
{
	struct parse *p = self;

	sst_origins_close(p->origins);
	release_tables(p);
	sst_ident_close(p->ident);
	free(p->workers);
}

static const struct sst_tool tool = {
	.name = "sst-parse",
	.synopsis = "[OPTION...] [FILE...]",
	.about = "Turn the lines of access logs into events, one JSON object a "
		 "line.",
	.examples = "  sst-parse access.log\n"
		    "  tail -F access.log | sst-parse -f combined\n"
		    "  sst-parse --follow /var/log/nginx/access.log\n"
		    "  sst-parse --log-format '$remote_addr [$time_local] "
		    "\"$request\" $status' x.log\n"
		    "  sst-parse --skip asset,bot_hit --since yesterday "
		    "access.log*\n",
	.opts = opts,
	.counters = counters,
	.max_line = 64 * 1024,
	.start = start,
	.test = test,
	.arrange = arrange,
	.time_of = time_of,
	.range = range,
	.begin = begin,
	.line = take,
	.parallel = &parallel,
	.end = end,
	.release = release,
};

int
main(int argc, char **argv)
{
	struct parse parse = {
		.id_window_us = 60 * INT64_C(1000000),
		.id_table = 1 << 20,
		.jobs = 1,
	};

	sst_buf_init(&parse.input_name, 65536);

	return sst_tool_main(&tool, &parse, argc, argv);
}
