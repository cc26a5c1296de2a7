/* SPDX-License-Identifier: ISC */
/* sst-redact: events to events with nothing in them that must not leave. */
#include "cli/tool.h"
#include "event/where.h"
#include "os/process.h"
#include "redact/audit.h"
#include "redact/redact.h"
#include "state/file.h"
#include "text/doc.h"
#include "text/stamp.h"
#include "json/read.h"
#include "json/sample.h"
#include "json/write.h"

#include <stdlib.h>
#include <string.h>

#define POLICY_FILE_MAX ((size_t)1 << 20)
#define REPORT_MAX ((size_t)4 << 20)

enum check {
	CHECK_OFF,
	CHECK_EVENTS,
	CHECK_TEXT
};

struct redact {
	struct sst_common common;
	struct sst_list policies;
	bool allow_weaker;
	int check; /* enum check */
	const char *report;
	const char *pan_key_file;
	bool mark;
	int64_t max_age_us;
	bool list_policies;
	const char *print_policy, *explain_field;
	struct sst_list sites;
	const char *name_space;

	struct sst_tool tool; /* a check gives no events: see start() */
	struct sst_arena arena;
	struct sst_policy policy;
	struct sst_key pan_key;
	struct sst_redactor *redactor;
	struct sst_finder *finder; /* --check=text */
	struct sst_tally *tally;
	struct sst_where *filter;
	struct sst_event *event;
	struct sst_redact_counts counts;
	char fingerprint[17];
	uint64_t read, unreadable;
	int64_t first_us, last_us; /* times of events; first > last: none */
};

#define AT(field) offsetof(struct redact, field)

static const struct sst_opt opts[] = {
	{ .name = "policy",
		.arg = "NAME|FILE",
		.kind = SST_OPT_LIST,
		.at = AT(policies),
		.shown = "strict",
		.group = "What may leave",
		.help = "a policy; of several, later ones refine earlier "
			"ones" },
	{ .name = "allow-weaker",
		.kind = SST_OPT_FLAG,
		.at = AT(allow_weaker),
		.help = "a policy may let through more than the one that it "
			"refines" },
	{ .name = "site",
		.arg = "HOST,...",
		.kind = SST_OPT_NAMES,
		.at = AT(sites),
		.help = "own hosts, which are written whole" },
	{ .name = "max-age",
		.arg = "DURATION",
		.kind = SST_OPT_DURATION,
		.at = AT(max_age_us),
		.min = 1,
		.help = "drop events older than that" },
	{ .name = "namespace",
		.arg = "NAME",
		.kind = SST_OPT_TEXT,
		.at = AT(name_space),
		.help = "a destination's name: ids and hashes of two of them "
			"cannot be joined" },
	{ .name = "crypto-pan-key",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(pan_key_file),
		.is_rare = true,
		.help = "32 bytes, raw or as 64 hex digits, to agree with "
			"other "
			"Crypto-PAn tools; else one is derived from the hash "
			"key" },
	{ .name = "mark",
		.kind = SST_OPT_FLAG,
		.at = AT(mark),
		.help = "add 'redacted', the names of the keys that were "
			"changed or left out" },
	{ .name = "check",
		.arg = "events|text",
		.kind = SST_OPT_CHOICE,
		.is_arg_optional = true,
		.default_arg = "events",
		.choices = "events|text",
		.at = AT(check),
		.group = "Evidence",
		.help = "write no events, but what the policy would change; "
			"exit 3 when there is any. 'text' looks through any "
			"bytes" },
	{ .name = "report",
		.arg = "FILE",
		.kind = SST_OPT_TEXT,
		.at = AT(report),
		.help = "write what was done, for an auditor, at the end" },
	{ .name = "list-policies",
		.kind = SST_OPT_FLAG,
		.at = AT(list_policies),
		.group = "Policies",
		.help = "print the names of the policies there are" },
	{ .name = "print-policy",
		.arg = "NAME",
		.kind = SST_OPT_TEXT,
		.at = AT(print_policy),
		.help = "print a policy's file, to be edited" },
	{ .name = "explain-field",
		.arg = "KEY",
		.kind = SST_OPT_TEXT,
		.at = AT(explain_field),
		.help = "print what becomes of a key, and why" },
	{ 0 },
};

static const struct sst_counter counters[] = {
	{ "changed", AT(counts.changed), "values replaced" },
	{ "removed", AT(counts.removed), "keys left out" },
	{ "found", AT(counts.found),
		"of both: something personal was found in the value" },
	{ "unclassified", AT(counts.unclassified),
		"keys that no rule of the policy is for" },
	{ "anonymous", AT(counts.anonymous),
		"events of visitors who opted out" },
	{ 0 },
};

/* ---- policies ---- */

static enum sst_status
find_policy(
	void *self, const char *name, const char **path, struct sst_err *err)
{
	return sst_run_find(self, "policies", name, path, err);
}

static enum sst_status
add_policy(struct redact *r, struct sst_run *run, const char *name,
	enum sst_weaker weaker, struct sst_err *err)
{
	const struct sst_policy_finder finder = { find_policy, run };
	const char *path;
	enum sst_status status = find_policy(run, name, &path, err);

	return status == SST_OK ? sst_policy_add_file(&r->policy, path, &finder,
					  weaker, err)
				: status;
}

/* A check is strict at least, whatever else it is asked for. */
static enum sst_status
open_policy(struct redact *r, struct sst_run *run, struct sst_err *err)
{
	bool is_audit = r->check != CHECK_OFF && !r->allow_weaker;
	enum sst_weaker weaker = r->allow_weaker ? SST_WEAKER_ALLOW
				 : is_audit      ? SST_WEAKER_SKIP
						 : SST_WEAKER_REFUSE;
	enum sst_status status;

	sst_arena_init(&r->arena, (size_t)64 << 20);
	status = sst_policy_init(&r->policy, &r->arena, err);
	if (status == SST_OK && (is_audit || r->policies.n == 0))
		status = add_policy(r, run, "strict", weaker, err);
	for (size_t i = 0; i < r->policies.n && status == SST_OK; i++)
		status = add_policy(r, run, r->policies.at[i], weaker, err);
	return status;
}

static enum sst_status
list_policies(struct redact *r, struct sst_run *run, struct sst_err *err)
{
	struct sst_list names;
	enum sst_status status = sst_run_names(run, "policies", &names, err);

	for (size_t i = 0; status == SST_OK && i < names.n; i++) {
		struct sst_doc_node *file;
		const char *path;
		struct sst_span title;

		status = find_policy(run, names.at[i], &path, err);
		if (status == SST_OK)
			status = sst_doc_read_file(&file, &r->arena, path, err);
		if (status != SST_OK)
			break;
		title = sst_doc_text(file, "title");
		sst_buf_printf(&run->out, "%-12s %.*s\n", names.at[i],
			(int)title.len, title.at == NULL ? "" : title.at);
	}
	return status == SST_OK ? SST_END : status;
}

static enum sst_status
print_policy(struct redact *r, struct sst_run *run, struct sst_err *err)
{
	const char *path;
	struct sst_buf text;
	enum sst_status status = find_policy(run, r->print_policy, &path, err);

	if (status != SST_OK)
		return status;
	sst_buf_init(&text, POLICY_FILE_MAX);
	status = sst_file_read(&text, path, err);
	if (status == SST_OK)
		sst_buf_put_span(&run->out, sst_buf_span(&text));
	else if (status == SST_END)
		status = sst_fail(err, SST_ECONFIG, "no file '%s'", path);
	sst_buf_release(&text);
	return status == SST_OK ? SST_END : status;
}

/* The line of the file that has the rule: its comment is the reason. */
static enum sst_status
print_rule(struct sst_run *run, const struct sst_policy_rule *rule,
	struct sst_err *err)
{
	struct sst_buf text;
	struct sst_span rest;
	enum sst_status status;

	sst_buf_init(&text, POLICY_FILE_MAX);
	status = sst_file_read(&text, rule->path, err);
	if (status != SST_OK) {
		sst_buf_release(&text);
		return status == SST_END ? sst_fail(err, SST_ECONFIG,
						   "no file '%s'", rule->path)
					 : status;
	}
	rest = sst_buf_span(&text);
	for (uint32_t line = 1; line < rule->line; line++) {
		size_t len = sst_span_find(rest, '\n');

		rest = sst_span_from(rest, len < rest.len ? len + 1 : len);
	}
	rest = sst_span_head(rest, sst_span_find(rest, '\n'));
	while (rest.len > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t'))
		rest = sst_span_from(rest, 1);
	sst_buf_printf(&run->out, "  %s:%u: %.*s\n", rule->path, rule->line,
		(int)rest.len, rest.at);
	sst_buf_release(&text);
	return SST_OK;
}

static enum sst_status
explain_field(struct redact *r, struct sst_run *run, struct sst_err *err)
{
	struct sst_span key = sst_span_of(r->explain_field);
	enum sst_field field = sst_field_of(key);
	const struct sst_field_row *row = sst_field_row(field);
	const struct sst_policy_rule *rule =
		sst_policy_rule_of(&r->policy, key);
	const struct sst_plan *plan = sst_policy_plan(&r->policy, key, NULL);
	enum sst_status status = SST_OK;

	sst_buf_printf(&run->out, "%s: %s (%s%s)\n", r->explain_field,
		row->help, sst_field_type_name(row->type),
		row->is_personal ? ", personal" : "");
	if (rule == NULL)
		sst_buf_printf(&run->out,
			"  no rule of policy '%.*s' is for it: unknown\n",
			(int)r->policy.name.len, r->policy.name.at);
	else
		status = print_rule(run, rule, err);
	for (size_t i = 0; i < plan->n; i++) {
		const struct sst_step *step = &plan->steps[i];

		sst_buf_printf(&run->out, "  %.*s: %s\n",
			(int)step->spelled.len, step->spelled.at,
			sst_action_help(step->action));
	}
	return status == SST_OK ? SST_END : status;
}

/* ---- start ---- */

static bool
needs_key(const struct sst_policy *policy, bool has_pan_key)
{
	static const enum sst_action keyed[] = { SST_ACT_HASH, SST_ACT_REKEY,
		SST_ACT_CRYPTO_PAN };
	size_t n = sizeof(keyed) / sizeof(keyed[0]) - has_pan_key;

	for (size_t k = 0; k < n; k++) {
		if (sst_plan_has(&policy->unknown, keyed[k]))
			return true;
		for (size_t i = 0; i < policy->n; i++)
			if (sst_plan_has(&policy->rules[i].plan, keyed[k]))
				return true;
	}
	return false;
}

/* A secret of another length would be brought to 32 bytes, and agree with
 * nobody. */
static enum sst_status
read_pan_key(struct redact *r, struct sst_err *err)
{
	struct sst_buf text;
	enum sst_status status;
	bool is_right;

	sst_buf_init(&text, 128);
	status = sst_file_read(&text, r->pan_key_file, err);
	is_right = text.len == 32 || text.len == 64 || text.len == 65;
	if (text.at != NULL)
		sst_wipe(text.at, text.len);
	sst_buf_release(&text);
	if (status == SST_END)
		status = sst_fail(
			err, SST_ECONFIG, "no file '%s'", r->pan_key_file);
	else if (status == SST_OK && is_right)
		status = sst_key_read(&r->pan_key, r->pan_key_file, err);
	else if (status != SST_EIO)
		status = sst_fail(err, SST_ECONFIG,
			"'%s' has not 32 bytes, raw or as 64 hex digits",
			r->pan_key_file);
	if (status != SST_OK)
		(void)sst_fail_in(err, "--crypto-pan-key");
	return status;
}

static enum sst_status
open_redactor(struct redact *r, struct sst_run *run, struct sst_err *err)
{
	static const uint8_t no_secret[SST_KEY_LEN];
	const struct sst_key *key = NULL;
	struct sst_redact_options options = {
		.policy = &r->policy,
		.secret = no_secret,
		.name_space =
			sst_span_of(r->name_space == NULL ? "" : r->name_space),
		.sites = r->sites.at,
		.site_count = r->sites.n,
		.max_age_us = r->max_age_us,
		.marks = r->mark,
		.tally = r->tally,
		.counts = &r->counts,
	};
	enum sst_status status = SST_OK;

	if (r->pan_key_file != NULL) {
		status = read_pan_key(r, err);
		options.pan_key = r->pan_key.secret;
	}
	if (status == SST_OK &&
		needs_key(&r->policy, r->pan_key_file != NULL)) {
		status = sst_run_key(run, &key, err);
		if (status == SST_OK) {
			options.secret = key->secret;
			memcpy(r->fingerprint, key->fingerprint,
				sizeof(r->fingerprint));
		}
	}
	return status == SST_OK ? sst_redactor_open(&r->redactor, &options, err)
				: status;
}

static enum sst_status
open_event(struct redact *r, struct sst_err *err)
{
	r->event = malloc(sizeof(*r->event));
	if (r->event == NULL)
		return sst_fail_memory(err, "an event");
	sst_event_init(r->event);
	return SST_OK;
}

static enum sst_status
start(void *self, struct sst_run *run, struct sst_err *err)
{
	struct redact *r = self;
	const struct sst_where_asked asked = {
		.where = r->common.where.at,
		.where_count = r->common.where.n,
		.only = r->common.only.at,
		.only_count = r->common.only.n,
		.skip = r->common.skip.at,
		.skip_count = r->common.skip.n,
	};
	enum sst_status status;

	r->first_us = INT64_MAX;
	r->last_us = INT64_MIN;
	r->tool.takes_no_output = r->check != CHECK_OFF;
	r->tool.reads_events = r->check != CHECK_TEXT;
	status = open_policy(r, run, err);
	if (status != SST_OK)
		return status;
	if (r->list_policies)
		return list_policies(r, run, err);
	if (r->print_policy != NULL)
		return print_policy(r, run, err);
	if (r->explain_field != NULL)
		return explain_field(r, run, err);
	status = sst_where_open(&r->filter, &asked, err);
	if (status == SST_OK && (r->check != CHECK_OFF || r->report != NULL))
		status = sst_tally_open(&r->tally, err);
	if (status == SST_OK && r->check == CHECK_TEXT)
		status = sst_finder_open(&r->finder, r->policy.kinds, err);
	if (status == SST_OK)
		status = open_redactor(r, run, err);
	return status == SST_OK ? open_event(r, err) : status;
}

/* ---- lines ---- */

/* What cannot be read cannot be shown to be clean. */
static enum sst_status
take_unreadable(struct redact *r, struct sst_run *run, uint64_t line)
{
	static const struct sst_span none = SST_SPAN("");

	r->unreadable++;
	if (r->check != CHECK_OFF) {
		sst_tally_add(r->tally, none, SST_DONE_UNREADABLE, line, none);
		run->has_found = true;
	}
	return SST_REJECT;
}

/* The period that a report is of. */
static void
learn_time(struct redact *r)
{
	struct sst_span text = sst_event_text(r->event, SST_F_TIME);
	int64_t us;

	if (r->report == NULL || text.at == NULL || !sst_stamp_us(text, &us))
		return;
	r->first_us = us < r->first_us ? us : r->first_us;
	r->last_us = us > r->last_us ? us : r->last_us;
}

static enum sst_status
check_text(struct redact *r, struct sst_run *run, const struct sst_line *line,
	enum sst_reason *why)
{
	r->read++;
	sst_audit_text(
		r->finder, &r->policy, r->tally, line->text, line->number);
	run->has_found |= sst_tally_total(r->tally) > 0;
	*why = SST_WHY_NOT_ASKED;
	return SST_DROP;
}

static enum sst_status
take_line(void *self, struct sst_run *run, const struct sst_line *line,
	enum sst_reason *why, struct sst_err *err)
{
	struct redact *r = self;
	enum sst_status status;

	if (r->check == CHECK_TEXT)
		return check_text(r, run, line, why);
	status = sst_json_read(r->event, line->text, why);
	if (status != SST_OK)
		return take_unreadable(r, run, line->number);
	if (!sst_where_keeps(r->filter, r->event)) {
		*why = SST_WHY_NOT_ASKED;
		return SST_DROP;
	}
	r->read++;
	learn_time(r);
	status = sst_redact_event(r->redactor, r->event, line->number,
		r->max_age_us == 0 ? 0 : sst_run_now_us(run), why);
	if (status != SST_OK)
		return status;
	if (r->check != CHECK_OFF) {
		run->has_found |= sst_tally_total(r->tally) > 0;
		*why = SST_WHY_NOT_ASKED;
		return SST_DROP;
	}
	return sst_json_write(&run->out, r->event)
		       ? SST_OK
		       : sst_fail_memory(err, "an event");
}

/* ---- the end ---- */

static enum sst_status
write_report(struct redact *r, const struct sst_audit_facts *facts,
	struct sst_err *err)
{
	struct sst_buf text;
	enum sst_status status;

	sst_buf_init(&text, REPORT_MAX);
	sst_audit_put_report(&text, r->tally, facts);
	status = text.is_short ? sst_fail_memory(err, "the report")
			       : sst_file_replace(r->report,
					 sst_buf_span(&text), false, err);
	if (status != SST_OK)
		(void)sst_fail_in(err, "--report");
	sst_buf_release(&text);
	return status;
}

static enum sst_status
end(void *self, struct sst_run *run, bool is_whole, struct sst_err *err)
{
	struct redact *r = self;
	const struct sst_audit_facts facts = {
		.events = r->read,
		.policy = &r->policy,
		.version = sst_span_of(SST_VERSION),
		.key = sst_span_of(r->fingerprint),
		.name_space =
			sst_span_of(r->name_space == NULL ? "" : r->name_space),
		.first_us = r->first_us,
		.last_us = r->last_us,
		.out = run->stats.out,
		.dropped = run->stats.dropped,
		.rejected = run->stats.rejected,
		.anonymous = r->counts.anonymous,
	};
	enum sst_status status = SST_OK;

	(void)is_whole; /* the frame exits 1; what was seen is still said */
	/* Lines that were too long never came here. */
	while (r->check != CHECK_OFF && r->unreadable < run->stats.rejected)
		(void)take_unreadable(r, run, 0);
	if (r->report != NULL)
		status = write_report(r, &facts, err);
	if (status != SST_OK || r->check == CHECK_OFF)
		return status;
	sst_audit_put_findings(&run->out, r->tally, &facts);
	if (r->read == 0 && sst_tally_total(r->tally) == 0)
		return sst_fail(err, SST_EIO, "there was nothing to check");
	return SST_OK;
}

static void
release(void *self)
{
	struct redact *r = self;

	sst_redactor_close(r->redactor);
	sst_finder_close(r->finder);
	sst_tally_close(r->tally);
	sst_where_close(r->filter);
	if (r->event != NULL)
		sst_event_release(r->event);
	free(r->event);
	sst_arena_release(&r->arena);
	sst_key_wipe(&r->pan_key);
}

/* ---- --test ---- */

/* A sample's event as a line of JSON. */
static void
put_json(struct sst_buf *to, const struct sst_doc_node *node)
{
	static const char *const words[] = { [SST_DOC_NULL] = "null",
		[SST_DOC_FALSE] = "false",
		[SST_DOC_TRUE] = "true" };
	bool is_object = node->kind == SST_DOC_OBJECT;

	switch (node->kind) {
	case SST_DOC_NUMBER:
		sst_buf_put_span(to, node->text);
		return;
	case SST_DOC_STRING:
		sst_buf_byte(to, '"');
		sst_json_put_escaped(to, node->text);
		sst_buf_byte(to, '"');
		return;
	case SST_DOC_ARRAY:
	case SST_DOC_OBJECT:
		break;
	default:
		sst_buf_put_span(to, sst_span_of(words[node->kind]));
		return;
	}
	sst_buf_byte(to, is_object ? '{' : '[');
	for (const struct sst_doc_node *child = node->first; child != NULL;
		child = child->next) {
		if (child != node->first)
			sst_buf_byte(to, ',');
		if (is_object) {
			sst_buf_byte(to, '"');
			sst_json_put_escaped(to, child->name);
			SST_BUF_PUT(to, "\":");
		}
		put_json(to, child);
	}
	sst_buf_byte(to, is_object ? '}' : ']');
}

/* Redact the line in `text`, and put what becomes of it there. False: it is no
 * event, or was dropped. */
static bool
redact_line(struct redact *r, struct sst_buf *text)
{
	enum sst_reason why;

	if (sst_json_read(r->event, sst_buf_span(text), &why) != SST_OK ||
		sst_redact_event(r->redactor, r->event, 1, 0, &why) != SST_OK)
		return false;
	return true;
}

/* The event borrows `text`, so what it becomes is written beside it. */
static bool
sample_is_stable(struct redact *r, struct sst_buf *once, struct sst_buf *twice)
{
	sst_buf_reset(once);
	if (!sst_json_write_object(once, r->event) || !redact_line(r, once))
		return false;
	sst_buf_reset(twice);
	return sst_json_write_object(twice, r->event) &&
	       sst_span_eq(sst_buf_span(once), sst_buf_span(twice));
}

/* A redactor of its own for each: samples name sites. */
static enum sst_status
open_sample(struct redact *r, const struct sst_doc_node *sample,
	struct sst_err *err)
{
	static const uint8_t secret[SST_KEY_LEN] =
		"a sample's ids are no secret";
	const struct sst_doc_node *sites = sst_doc_member(sample, "site");
	const struct sst_doc_node *site = sites == NULL ? NULL : sites->first;
	struct sst_redact_options options = { .policy = &r->policy,
		.secret = secret,
		.name_space = { "", 0 },
		.counts = &r->counts };
	const char **names = sst_arena_take(&r->arena,
		(sites == NULL ? 1 : sites->count + 1) * sizeof(names[0]));

	if (names == NULL)
		return sst_fail_memory(err, "a sample");
	for (; site != NULL; site = site->next)
		names[options.site_count++] =
			sst_arena_copy(&r->arena, site->text).at;
	options.sites = names;
	sst_redactor_close(r->redactor);
	return sst_redactor_open(&r->redactor, &options, err);
}

/* False, and a line in run->out: the sample fails. */
static bool
sample_passes(struct redact *r, struct sst_run *run,
	const struct sst_doc_node *sample, const char *path)
{
	const struct sst_doc_node *given = sst_doc_member(sample, "event");
	const struct sst_doc_node *expected = sst_doc_member(sample, "expect");
	struct sst_buf text, once, twice;
	bool is_good = false;

	sst_buf_init(&text, POLICY_FILE_MAX);
	sst_buf_init(&once, POLICY_FILE_MAX);
	sst_buf_init(&twice, POLICY_FILE_MAX);
	if (given == NULL || expected == NULL) {
		sst_buf_printf(&run->out,
			"%s:%u:%u: a sample has 'event' and 'expect'\n", path,
			sample->line, sample->column);
		goto out;
	}
	put_json(&text, given);
	if (!redact_line(r, &text)) {
		is_good = expected->kind == SST_DOC_NULL;
		if (!is_good)
			sst_buf_printf(&run->out,
				"%s:%u:%u: no event, or dropped\n", path,
				given->line, given->column);
		goto out;
	}
	is_good = sst_sample_fits(r->event, expected, path, &run->out);
	if (is_good && !sample_is_stable(r, &once, &twice)) {
		sst_buf_printf(&run->out,
			"%s:%u:%u: redacting twice is not redacting once\n",
			path, given->line, given->column);
		is_good = false;
	}
out:
	sst_buf_release(&text);
	sst_buf_release(&once);
	sst_buf_release(&twice);
	return is_good;
}

static enum sst_status
test_file(
	void *self, struct sst_run *run, const char *path, struct sst_err *err)
{
	struct redact *r = self;
	const struct sst_policy_finder finder = { find_policy, run };
	const struct sst_doc_node *samples, *sample;
	struct sst_doc_node *file;
	size_t passed = 0, failed = 0;
	enum sst_status status;

	sst_arena_init(&r->arena, (size_t)64 << 20);
	status = sst_policy_init(&r->policy, &r->arena, err);
	if (status == SST_OK)
		status = sst_policy_add_file(
			&r->policy, path, &finder, SST_WEAKER_ALLOW, err);
	if (status == SST_OK)
		status = sst_doc_read_file(&file, &r->arena, path, err);
	if (status == SST_OK)
		status = open_event(r, err);
	if (status != SST_OK)
		return status;
	samples = sst_doc_member(file, "samples");
	sample = samples == NULL ? NULL : samples->first;
	for (; sample != NULL && status == SST_OK; sample = sample->next) {
		bool is_good;

		status = open_sample(r, sample, err);
		if (status != SST_OK)
			break;
		is_good = sample_passes(r, run, sample, path);
		passed += is_good;
		failed += !is_good;
	}
	if (status != SST_OK)
		return status;
	sst_buf_printf(&run->out, "%s: %zu passed, %zu failed\n", path, passed,
		failed);
	return failed == 0 ? SST_OK
			   : sst_fail(err, SST_EIO, "%zu of %zu samples fail",
				     failed, passed + failed);
}

int
main(int argc, char **argv)
{
	static const struct sst_tool tool = {
		.name = "sst-redact",
		.synopsis = "[OPTION...] [FILE...]",
		.about = "Events to events with nothing in them that must not "
			 "leave.",
		.examples =
			"  sst-parse access.log | sst-redact >clean.jsonl\n"
			"  sst-redact --check clean.jsonl\n"
			"  sst-redact --site www.example.org --policy strict\n"
			"  sst-redact --print-policy strict >mine.json\n"
			"  sst-redact --explain-field user_agent\n",
		.opts = opts,
		.counters = counters,
		.max_line = (uint64_t)1 << 20,
		.reads_events = true,
		.start = start,
		.test = test_file,
		.line = take_line,
		.end = end,
		.release = release,
	};
	static struct redact r;

	/* It holds keys and what must not leave; a refusal cannot be helped. */
	(void)!sst_process_no_core();
	r.tool = tool;
	return sst_tool_main(&r.tool, &r, argc, argv);
}
