/* SPDX-License-Identifier: ISC */
/* sst-push: events to where they are wanted, and nothing acknowledged before it
 * is durable there. */
#include "cli/tool.h"
#include "event/where.h"
#include "push/builtin.h"
#include "push/header.h"
#include "push/pass.h"
#include "push/personal.h"
#include "push/sink_file.h"
#include "push/sink_http.h"
#include "push/sink_sqlite.h"
#include "json/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MIB (UINT64_C(1) << 20)

/* Lines that --pass holds back until a batch is durable: then the batch is made
 * durable early. */
#define PASS_FLUSH (8 * MIB)
#define PASS_MAX (256 * MIB)

/* Waits are cut into pieces, so that the end of --grace is seen. */
#define WAIT_MS 1000

#define SETTINGS_MAX 128

struct push {
	struct sst_common common;
	const char *to;
	struct sst_list set, secret, allowed, header;
	bool list_apis, ddl, pass_on, dry_run, test_endpoint, bodies,
		allow_http;
	const char *describe, *dead_letter, *ca_file, *tls_cert, *tls_key;
	uint64_t batch_events, batch_bytes, retries, in_flight, queue_size;
	int64_t batch_age_us, event_max_age_us, timeout_us, drain_us;
	int compress; /* enum sst_http_compress, from 1; 0: not said */

	struct sst_run *run;
	struct sst_event *event;
	struct sst_where *filter;
	struct sst_sink *sink;
	struct sst_dead *dead;
	struct sst_pass pass;
	struct sst_setting settings[SETTINGS_MAX], secrets[SETTINGS_MAX];
	size_t setting_count, secret_count;
	struct sst_buf headers;
	struct sst_http_counts counts;
	bool is_remote;
	uint64_t ticket; /* of the next event */
	uint64_t lost;
};

#define AT(field) offsetof(struct push, field)

static const struct sst_opt opts[] = {
	{ .name = "to",
		.arg = "DESTINATION",
		.kind = SST_OPT_TEXT,
		.at = AT(to),
		.group = "Where to",
		.help = "sqlite:FILE, file:DIR, http(s)://URL (a webhook), or "
			"an API by name or file" },
	{ .name = "set",
		.arg = "KEY=VALUE",
		.kind = SST_OPT_LIST,
		.at = AT(set),
		.help = "a setting of the destination; repeatable" },
	{ .name = "secret",
		.arg = "KEY=SOURCE",
		.kind = SST_OPT_LIST,
		.at = AT(secret),
		.help = "a secret of the destination: file:PATH, env:NAME, "
			"fd:N or cred:NAME; repeatable" },
	{ .name = "header",
		.arg = "@FILE",
		.kind = SST_OPT_LIST,
		.at = AT(header),
		.help = "send the headers in FILE too, one a line" },
	{ .name = "list-apis",
		.kind = SST_OPT_FLAG,
		.at = AT(list_apis),
		.help = "print the destinations there are" },
	{ .name = "describe",
		.arg = "NAME",
		.kind = SST_OPT_TEXT,
		.at = AT(describe),
		.help = "print a destination's settings, limits and answers" },
	{ .name = "ddl",
		.kind = SST_OPT_FLAG,
		.at = AT(ddl),
		.help = "with --describe: print the table to create" },
	{ .name = "allow-personal",
		.arg = "KEY,...",
		.kind = SST_OPT_NAMES,
		.at = AT(allowed),
		.group = "What may leave",
		.help = "send these to a remote place although they identify a "
			"person: user, cookie*, forwarded_for, client_ip" },
	{ .name = "allow-http",
		.kind = SST_OPT_FLAG,
		.at = AT(allow_http),
		.help = "http:// without TLS to other than loopback" },
	{ .name = "batch-events",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(batch_events),
		.min = 1,
		.group = "Batches",
		.help = "events of a batch at most; never above the API's own "
			"limit" },
	{ .name = "batch-bytes",
		.arg = "SIZE",
		.kind = SST_OPT_SIZE,
		.at = AT(batch_bytes),
		.min = 1024,
		.help = "bytes of a batch at most, before compression" },
	{ .name = "batch-age",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(batch_age_us),
		.shown = "1s",
		.help = "how long an event waits for others" },
	{ .name = "queue-size",
		.arg = "SIZE",
		.kind = SST_OPT_SIZE,
		.at = AT(queue_size),
		.min = 65536,
		.shown = "16M",
		.is_rare = true,
		.help = "events in memory that wait for an answer; then the "
			"input waits" },
	{ .name = "in-flight",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(in_flight),
		.min = 1,
		.max = 256,
		.shown = "4",
		.group = "Sending",
		.help = "requests at a time" },
	{ .name = "compress",
		.arg = "HOW",
		.kind = SST_OPT_CHOICE,
		.choices = "auto|gzip|none",
		.at = AT(compress),
		.shown = "auto",
		.help = "bodies: auto (gzip where the API takes it), gzip or "
			"none" },
	{ .name = "timeout",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(timeout_us),
		.min = 1000,
		.shown = "the API's, else 30s",
		.help = "how long a request may take" },
	{ .name = "retries",
		.arg = "N",
		.kind = SST_OPT_COUNT,
		.at = AT(retries),
		.shown = "any",
		.help = "give a batch up after so many further attempts" },
	{ .name = "event-max-age",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(event_max_age_us),
		.min = 1000,
		.shown = "24h",
		.help = "give a batch up when it was tried for so long" },
	{ .name = "drain",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(drain_us),
		.min = 1000,
		.shown = "as --event-max-age",
		.help = "how long to go on trying at the end of input" },
	{ .name = "ca-file",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(ca_file),
		.is_rare = true,
		.help = "trust the certificates in FILE, not the system's" },
	{ .name = "tls-cert",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(tls_cert),
		.is_rare = true,
		.help = "our certificate (PEM), for servers that ask for one" },
	{ .name = "tls-key",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(tls_key),
		.is_rare = true,
		.help = "its key" },
	{ .name = "dead-letter",
		.arg = "DIR",
		.kind = SST_OPT_TEXT,
		.at = AT(dead_letter),
		.group = "What was refused",
		.help = "set events aside there that the API refused for good, "
			"with the reason" },
	{ .name = "dead-letter-bodies",
		.kind = SST_OPT_FLAG,
		.at = AT(bodies),
		.help = "with the event itself, which may be personal data" },
	{ .name = "pass",
		.kind = SST_OPT_FLAG,
		.at = AT(pass_on),
		.group = "Other",
		.help = "copy the input to stdout once it is durable, to chain "
			"destinations" },
	{ .name = "dry-run",
		.kind = SST_OPT_FLAG,
		.at = AT(dry_run),
		.help = "print the requests, secrets masked, send nothing" },
	{ .name = "test-endpoint",
		.kind = SST_OPT_FLAG,
		.at = AT(test_endpoint),
		.help = "send to the API's own debug endpoint, which stores "
			"nothing, and print its answers" },
	{ 0 },
};

static const struct sst_counter counters[] = {
	{ "stored", AT(counts.stored), "events known to be stored" },
	{ "accepted", AT(counts.accepted),
		"events that were taken, fate unknown" },
	{ "dead", AT(counts.dead), "events refused for good" },
	{ "requests", AT(counts.requests), "requests sent" },
	{ "retries", AT(counts.retries), "attempts after the first" },
	{ "splits", AT(counts.splits), "batches cut in halves" },
	{ "holds", AT(counts.holds), "times that sending was on hold" },
	{ "odd_answers", AT(counts.odd), "answers that were not believed" },
	{ 0 },
};

/* ---- what the sink says ---- */

static void
settled(void *self, uint64_t first, uint64_t n, enum sst_status status,
	enum sst_reason why)
{
	struct push *p = self;
	bool is_lost = status == SST_DROP && why == SST_WHY_LOST;

	sst_stats_settle(&p->run->stats, n, status, why);
	p->run->has_found |= status == SST_REJECT;
	p->lost += is_lost ? n : 0;
	if (p->pass_on) {
		sst_pass_settle(&p->pass, first, n, !is_lost);
		sst_pass_take(&p->pass, &p->run->out);
	}
}

static void
said(void *self, enum sst_sink_level level, const char *text)
{
	static const enum sst_say_level levels[] = {
		[SST_SINK_ERROR] = SST_SAY_ERROR,
		[SST_SINK_WARNING] = SST_SAY_WARNING,
		[SST_SINK_NOTE] = SST_SAY_NOTE,
	};
	struct push *p = self;

	sst_say(&p->run->say, levels[level], "%s", text);
}

static void
printed(void *self, struct sst_span text)
{
	struct push *p = self;

	sst_buf_put_span(&p->run->out, text);
}

static struct sst_moment
moment(const struct push *p)
{
	return (struct sst_moment){ .wall_us = sst_run_now_us(p->run),
		.mono_us = sst_monotonic_us() };
}

/* The sink has failed: what it holds will not arrive by this run. */
static enum sst_status
failed(struct push *p, enum sst_status status)
{
	if (status > SST_REJECT)
		p->sink->ops->abandon(p->sink);
	return status;
}

static enum sst_status
work(struct push *p, int *wait_ms, struct sst_err *err)
{
	return failed(p, p->sink->ops->work(p->sink, moment(p), wait_ms, err));
}

static int
wait_for(struct push *p, struct pollfd *fds, nfds_t n, int ms)
{
	return p->sink != NULL && p->sink->ops->wait != NULL
		       ? p->sink->ops->wait(p->sink, fds, n, ms)
		       : poll(fds, n, ms);
}

/* Let the sink work, and wait once when that settled nothing. SST_END: there
 * is no more time. */
static enum sst_status
wait_once(struct push *p, struct sst_err *err)
{
	uint64_t held = p->sink->ops->held(p->sink);
	int wait_ms;
	enum sst_status status;

	if (!sst_run_may_wait(p->run))
		return SST_END;
	status = work(p, &wait_ms, err);
	if (status != SST_OK)
		return status;
	if (p->run->out.len > 0) {
		status = sst_run_flush(p->run, err);
		if (status == SST_END) /* --pass has no reader any more */
			p->pass_on = false;
		else if (status != SST_OK)
			return failed(p, status);
	}
	if (p->sink->ops->held(p->sink) < held)
		return SST_OK;
	if (wait_ms < 0 || wait_ms > WAIT_MS)
		wait_ms = WAIT_MS;
	(void)wait_for(p, NULL, 0, wait_ms);
	return SST_OK;
}

/* ---- settings ---- */

static enum sst_status
read_settings(struct push *p, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	if (p->set.n >= SETTINGS_MAX || p->secret.n >= SETTINGS_MAX)
		return sst_fail(err, SST_EUSAGE, "too many settings");
	for (size_t i = 0; i < p->set.n && status == SST_OK; i++)
		status = sst_setting_cut(p->set.at[i], "set",
			&p->settings[p->setting_count++], err);
	return status;
}

static enum sst_status
read_secrets(struct push *p, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < p->secret.n && status == SST_OK; i++) {
		struct sst_setting *secret = &p->secrets[p->secret_count++];
		char name[64];

		status =
			sst_setting_cut(p->secret.at[i], "secret", secret, err);
		if (status != SST_OK)
			break;
		(void)snprintf(name, sizeof(name), "--secret %.*s",
			(int)secret->name.len, secret->name.at);
		status = sst_run_secret(
			p->run, name, secret->value.at, &secret->value, err);
	}
	return status;
}

static enum sst_status
read_headers(struct push *p, struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < p->header.n && status == SST_OK; i++) {
		const char *name = p->header.at[i];
		char source[4096];
		struct sst_span text;
		int n;

		if (name[0] != '@')
			return sst_fail(err, SST_EUSAGE,
				"--header: expected @FILE: what is typed there "
				"others can read");
		n = snprintf(source, sizeof(source), "file:%s", name + 1);
		if (n < 0 || (size_t)n >= sizeof(source))
			return sst_fail(
				err, SST_EUSAGE, "--header: name too long");
		status = sst_run_secret(p->run, "--header", source, &text, err);
		if (status == SST_OK)
			status = sst_headers_take(
				&p->headers, text, name + 1, err);
	}
	if (p->headers.is_short)
		return sst_fail(err, SST_ECONFIG, "--header: too much");
	return status;
}

static struct sst_settings
all_settings(const struct push *p)
{
	return (struct sst_settings){ p->settings, p->setting_count };
}

/* ---- destinations ---- */

static struct sst_sink_limits
limits_of(const struct push *p)
{
	return (struct sst_sink_limits){ .batch_events = p->batch_events,
		.batch_bytes = p->batch_bytes,
		.batch_age_us = p->batch_age_us };
}

static struct sst_sink_owner
owner_of(struct push *p)
{
	return (struct sst_sink_owner){ settled, said, p };
}

static enum sst_status
set_duration(const struct push *p, const char *name, int64_t *out_us,
	struct sst_err *err)
{
	const struct sst_settings all = all_settings(p);
	struct sst_span text = sst_settings_get(&all, name);

	if (text.at != NULL && (!sst_opt_duration(text, out_us) || *out_us < 1))
		return sst_fail(
			err, SST_EUSAGE, "--set %s: not a duration", name);
	return SST_OK;
}

static enum sst_status
set_size(const struct push *p, const char *name, uint64_t *out,
	struct sst_err *err)
{
	const struct sst_settings all = all_settings(p);
	struct sst_span text = sst_settings_get(&all, name);

	if (text.at != NULL && (!sst_opt_size(text, out) || *out < 1))
		return sst_fail(err, SST_EUSAGE, "--set %s: not a size", name);
	return SST_OK;
}

static enum sst_status
open_sqlite(struct push *p, const char *path, struct sst_err *err)
{
	static const char *const known[] = { "busy", NULL };
	const struct sst_settings all = all_settings(p);
	struct sst_sink_sqlite_asked asked = { .path = path,
		.busy_us = 10 * SECOND,
		.limits = limits_of(p),
		.owner = owner_of(p) };
	const struct sst_key *key;
	enum sst_status status =
		sst_settings_check(&all, "sqlite:", known, err);

	if (status == SST_OK)
		status = set_duration(p, "busy", &asked.busy_us, err);
	if (status == SST_OK)
		status = sst_run_key(p->run, &key, err);
	if (status != SST_OK)
		return status;
	asked.fingerprint = key->fingerprint;
	return sst_sink_sqlite_open(&p->sink, &asked, err);
}

static enum sst_status
open_files(struct push *p, const char *path, struct sst_err *err)
{
	static const char *const known[] = { "max_bytes", "max_age", NULL };
	const struct sst_settings all = all_settings(p);
	struct sst_sink_file_asked asked = { .path = path,
		.max_bytes = 256 * MIB,
		.max_age_us = 3600 * SECOND,
		.now = moment(p),
		.limits = limits_of(p),
		.owner = owner_of(p) };
	enum sst_status status = sst_settings_check(&all, "file:", known, err);

	if (status == SST_OK)
		status = set_size(p, "max_bytes", &asked.max_bytes, err);
	if (status == SST_OK)
		status = set_duration(p, "max_age", &asked.max_age_us, err);
	return status == SST_OK ? sst_sink_file_open(&p->sink, &asked, err)
				: status;
}

static enum sst_status
open_api(struct push *p, const char *name, struct sst_err *err)
{
	struct sst_sink_http_asked asked = {
		.mode = p->dry_run         ? SST_HTTP_DRY
			: p->test_endpoint ? SST_HTTP_TEST
					   : SST_HTTP_SEND,
		.compress = p->compress == 0
				    ? SST_HTTP_AUTO
				    : (enum sst_http_compress)(p->compress - 1),
		.keeps_lines = p->bodies,
		.retry = sst_retry_standard,
		.timeout_us = p->timeout_us,
		.queue_bytes = p->queue_size,
		.limits = limits_of(p),
		.owner = owner_of(p),
		.print = printed,
		.counts = &p->counts,
	};
	enum sst_status status = read_secrets(p, err);

	if (status == SST_OK)
		status = read_headers(p, err);
	if (status == SST_OK)
		status = sst_run_find(
			p->run, "apis", name, &asked.api.path, err);
	if (status == SST_OK && p->dead_letter != NULL)
		status = sst_dead_open(
			&p->dead, p->dead_letter, name, p->bodies, err);
	if (status != SST_OK)
		return status;
	asked.dead = p->dead;
	asked.retry.retries = p->retries;
	asked.retry.max_age_us = p->event_max_age_us;
	asked.api.settings = all_settings(p);
	if (p->dry_run) /* shown, and sent nowhere */
		for (size_t i = 0; i < p->secret_count; i++)
			p->secrets[i].value = sst_span_of("***");
	asked.api.secrets.at = p->secrets;
	asked.api.secrets.n = p->secret_count;
	asked.api.variant = p->test_endpoint ? "test" : NULL;
	asked.http = (struct sst_http_asked){
		.in_flight = (unsigned)p->in_flight,
		.connect_timeout_us = 10 * SECOND,
		.user_agent = "sst-push/" SST_VERSION,
		.allow_http = p->allow_http,
		.ca_file = p->ca_file,
		.tls_cert = p->tls_cert,
		.tls_key = p->tls_key,
		.headers = sst_buf_span(&p->headers),
	};
	status = sst_sink_http_open(&p->sink, &asked, err);
	return status == SST_OK
		       ? sst_sink_http_place(p->sink, sst_run_now_us(p->run),
				 p->allow_http, &p->is_remote, err)
		       : status;
}

static const char *
behind(const char *text, const char *head)
{
	size_t len = strlen(head);

	return strncmp(text, head, len) == 0 ? text + len : NULL;
}

static enum sst_status
open_destination(struct push *p, struct sst_err *err)
{
	const char *path;
	bool is_url = behind(p->to, "http://") != NULL ||
		      behind(p->to, "https://") != NULL;

	if (!is_url && ((path = behind(p->to, "sqlite:")) != NULL ||
			       (path = behind(p->to, "file:")) != NULL)) {
		if (path[0] == '\0')
			return sst_fail(err, SST_EUSAGE,
				"--to %s: a path is missing", p->to);
		if (p->dry_run || p->test_endpoint || p->dead_letter != NULL ||
			p->secret.n > 0 || p->header.n > 0)
			return sst_fail(err, SST_EUSAGE,
				"--dry-run, --test-endpoint, --dead-letter, "
				"--secret and --header are for HTTP APIs");
		return p->to[0] == 's' ? open_sqlite(p, path, err)
				       : open_files(p, path, err);
	}
	if (!is_url && strstr(p->to, "://") != NULL)
		return sst_fail(err, SST_EUSAGE,
			"--to: no such destination: see --list-apis");
	if (is_url) {
		p->settings[p->setting_count++] =
			(struct sst_setting){ SST_SPAN("url"),
				sst_span_of(p->to) };
		return open_api(p, "webhook", err);
	}
	return open_api(p, p->to, err);
}

/* ---- other jobs ---- */

static enum sst_status
list_apis(struct push *p, struct sst_err *err)
{
	struct sst_buf *out = &p->run->out;
	struct sst_list names;
	enum sst_status status = sst_run_names(p->run, "apis", &names, err);

	sst_builtin_list(out);
	for (size_t i = 0; status == SST_OK && i < names.n; i++) {
		const char *path;

		if (strcmp(names.at[i], "events") == 0)
			continue; /* the samples' events */
		status = sst_run_find(p->run, "apis", names.at[i], &path, err);
		if (status == SST_OK)
			status = sst_api_list(names.at[i], path, out, err);
	}
	return status == SST_OK ? SST_END : status;
}

static enum sst_status
describe(struct push *p, struct sst_err *err)
{
	struct sst_buf *out = &p->run->out;
	const char *path;
	enum sst_status status;

	if (sst_builtin_describe(sst_span_of(p->describe), p->ddl, out))
		return SST_END;
	status = sst_run_find(p->run, "apis", p->describe, &path, err);
	if (status == SST_OK)
		status = sst_api_describe_file(path, p->ddl, out, err);
	return status == SST_OK ? SST_END : status;
}

/* ---- callbacks ---- */

static enum sst_status
check_options(struct push *p, struct sst_err *err)
{
	if (p->to == NULL)
		return sst_fail(err, SST_EUSAGE,
			"--to is missing: where shall events go? see "
			"--list-apis");
	if (p->bodies && p->dead_letter == NULL)
		return sst_fail(err, SST_EUSAGE,
			"--dead-letter-bodies needs --dead-letter DIR");
	if (p->pass_on && (p->dry_run || p->test_endpoint))
		return sst_fail(err, SST_EUSAGE,
			"--pass and --dry-run or --test-endpoint both write to "
			"stdout");
	for (size_t i = 0; i < p->allowed.n; i++)
		if (!sst_personal_is_name(p->allowed.at[i]))
			return sst_fail(err, SST_EUSAGE,
				"--allow-personal: '%s' is none of user, "
				"cookie, cookie*, cookie_NAME, forwarded_for, "
				"client_ip",
				p->allowed.at[i]);
	return SST_OK;
}

static enum sst_status
open_filter(struct push *p, struct sst_err *err)
{
	const struct sst_where_asked asked = {
		.where = p->common.where.at,
		.where_count = p->common.where.n,
		.only = p->common.only.at,
		.only_count = p->common.only.n,
		.skip = p->common.skip.at,
		.skip_count = p->common.skip.n,
	};

	return sst_where_open(&p->filter, &asked, err);
}

static enum sst_status
start(void *self, struct sst_run *run, struct sst_err *err)
{
	struct push *p = self;
	enum sst_status status;
	int wait_ms;

	p->run = run;
	if (p->list_apis)
		return list_apis(p, err);
	if (p->describe != NULL)
		return describe(p, err);
	if (p->ddl)
		return sst_fail(
			err, SST_EUSAGE, "--ddl goes with --describe NAME");
	p->event = malloc(sizeof(*p->event));
	if (p->event == NULL)
		return sst_fail_memory(err, "an event");
	sst_event_init(p->event);
	sst_pass_init(&p->pass, PASS_MAX);
	sst_buf_init(&p->headers, 65536);
	status = check_options(p, err);
	if (status == SST_OK)
		status = open_filter(p, err);
	if (status == SST_OK)
		status = read_settings(p, err);
	if (status == SST_OK)
		status = open_destination(p, err);
	/* It learns the time before the first event. */
	return status == SST_OK ? work(p, &wait_ms, err) : status;
}

static enum sst_status
test(void *self, struct sst_run *run, const char *path, struct sst_err *err)
{
	struct push *p = self;
	const char *events;
	enum sst_status status;

	p->run = run;
	status = sst_run_find(run, "apis", "events", &events, err);
	return status == SST_OK ? sst_api_test(path, events, &run->out, err)
				: status;
}

static enum sst_status
keep_for_pass(struct push *p, uint64_t ticket, struct sst_span line,
	struct sst_err *err)
{
	if (!p->pass_on)
		return SST_OK;
	if (!sst_pass_add(&p->pass, ticket, line))
		return failed(p, sst_fail_memory(err, "--pass"));
	if (ticket == SST_PASS_NO_EVENT)
		sst_pass_take(&p->pass, &p->run->out);
	else if (p->pass.bytes.len - p->pass.start >= PASS_FLUSH)
		return failed(p, p->sink->ops->flush(p->sink, moment(p), err));
	return SST_OK;
}

/* Give it to the sink, and wait for room as long as that takes. */
static enum sst_status
give(struct push *p, const struct sst_sink_event *in, enum sst_reason *why,
	struct sst_err *err)
{
	enum sst_status status;

	while ((status = p->sink->ops->put(p->sink, in, why, err)) ==
		SST_AGAIN) {
		status = wait_once(p, err);
		if (status == SST_END) {
			p->sink->ops->abandon(p->sink);
			return sst_fail(err, SST_EIO,
				"stopped before everything was delivered");
		}
		if (status != SST_OK)
			return status;
	}
	return failed(p, status);
}

static enum sst_status
check_personal(struct push *p, const struct sst_line *line, struct sst_err *err)
{
	const struct sst_personal_allowed allowed = { p->allowed.at,
		p->allowed.n };
	struct sst_span key;

	if (!p->is_remote)
		return SST_OK;
	key = sst_personal_find(p->event, &allowed);
	if (key.at == NULL)
		return SST_OK;
	p->sink->ops->abandon(p->sink);
	return sst_fail(err, SST_ECONFIG,
		"%s:%" PRIu64 ": '%.*s' was not redacted and would leave this "
		"machine: use sst-redact, or --allow-personal %.*s",
		p->run->input, line->number, (int)key.len, key.at, (int)key.len,
		key.at);
}

static enum sst_status
line(void *self, struct sst_run *run, const struct sst_line *in,
	enum sst_reason *why, struct sst_err *err)
{
	struct push *p = self;
	struct sst_sink_event event = { .event = p->event,
		.line = in->text,
		.ticket = p->ticket,
		.input = run->input,
		.number = in->number };
	enum sst_status status, kept;

	status = sst_json_read(p->event, in->text, why);
	if (status != SST_OK)
		return status;
	if (!sst_where_keeps(p->filter, p->event)) {
		*why = SST_WHY_NOT_ASKED;
		status = keep_for_pass(p, SST_PASS_NO_EVENT, in->text, err);
		return status == SST_OK ? SST_DROP : status;
	}
	status = check_personal(p, in, err);
	if (status == SST_OK)
		status = give(p, &event, why, err);
	if (status > SST_REJECT)
		return status;
	run->has_found |= status == SST_REJECT &&
			  (*why == SST_WHY_REFUSED || *why == SST_WHY_TOO_BIG);
	kept = keep_for_pass(p,
		status == SST_HELD ? p->ticket : SST_PASS_NO_EVENT, in->text,
		err);
	p->ticket += status == SST_HELD;
	return kept == SST_OK ? status : kept;
}

static enum sst_status
barrier(void *self, struct sst_run *run, struct sst_span text,
	struct sst_err *err)
{
	(void)run;
	return keep_for_pass(self, SST_PASS_NO_EVENT, text, err);
}

static enum sst_status
idle(void *self, struct sst_run *run, int *wait_ms, struct sst_err *err)
{
	(void)run;
	return work(self, wait_ms, err);
}

static int
wait_for_all(void *self, struct pollfd *fds, nfds_t n, int ms)
{
	return wait_for(self, fds, n, ms);
}

static enum sst_status
end(void *self, struct sst_run *run, bool is_whole, struct sst_err *err)
{
	struct push *p = self;
	int64_t give_up_us =
		p->drain_us == 0 ? INT64_MAX : sst_monotonic_us() + p->drain_us;
	enum sst_status status =
		failed(p, p->sink->ops->flush(p->sink, moment(p), err));

	(void)run;
	(void)is_whole; /* there is no position to be kept yet */
	while (status == SST_OK && p->sink->ops->held(p->sink) > 0) {
		status = wait_once(p, err);
		if (status == SST_OK && sst_monotonic_us() >= give_up_us &&
			p->sink->ops->held(p->sink) > 0)
			status = SST_END;
	}
	if (status == SST_END) {
		p->sink->ops->abandon(p->sink);
		status = SST_OK;
	}
	if (status == SST_OK && p->sink->ops->finish != NULL)
		status = p->sink->ops->finish(p->sink, moment(p), err);
	if (status == SST_OK && p->lost > 0)
		status = sst_fail(err, SST_EIO,
			"%" PRIu64 " event(s) were not delivered", p->lost);
	return status;
}

static void
put_versions(struct sst_buf *to)
{
	sst_buf_printf(to, ", libcurl %s, SQLite %s",
		sst_http_library_version(), sst_sqlite_library_version());
}

static void
release(void *self)
{
	struct push *p = self;

	if (p->sink != NULL)
		p->sink->ops->close(p->sink);
	sst_dead_close(p->dead);
	sst_where_close(p->filter);
	sst_pass_release(&p->pass);
	sst_buf_release(&p->headers);
	if (p->event != NULL)
		sst_event_release(p->event);
	free(p->event);
}

static const struct sst_tool tool = {
	.name = "sst-push",
	.synopsis = "--to DESTINATION [OPTION...] [FILE...]",
	.about = "Deliver events: to a database, to files, to HTTP APIs.",
	.examples = "  ... | sst-push --to sqlite:events.db\n"
		    "  ... | sst-push --to file:/var/lib/sst/events --set "
		    "max_age=10m\n"
		    "  ... | sst-push --to https://example.org/hook --secret "
		    "token=file:token\n",
	.opts = opts,
	.counters = counters,
	.max_line = MIB,
	.reads_events = true,
	.takes_no_output = true,
	.start = start,
	.test = test,
	.line = line,
	.barrier = barrier,
	.idle = idle,
	.wait = wait_for_all,
	.end = end,
	.put_versions = put_versions,
	.release = release,
};

int
main(int argc, char **argv)
{
	struct push push = {
		.batch_age_us = SECOND,
		.retries = UINT64_MAX,
		.event_max_age_us = 24 * 3600 * SECOND,
		.in_flight = 4,
		.queue_size = 16 * MIB,
	};

	return sst_tool_main(&tool, &push, argc, argv);
}
