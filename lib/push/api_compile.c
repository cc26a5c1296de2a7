/* SPDX-License-Identifier: ISC */
/* The members of an API file, checked and compiled. */
#include "push/api_in.h"

#include "base/unit.h"

#include <stdlib.h>

/* What all but the items may refer to. */
#define IN_ENVELOPE (SST_REFS_GROUP | SST_REFS_SECRET | SST_REFS_BATCH)

/* ---- choosing ---- */

/* Run a condition that only settings decide. */
static bool
holds(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node)
{
	size_t entry = sst_compile_condition_text(
		c, node, node->name, SST_REFS_SECRET);

	if (entry == SST_NO_ENTRY)
		return false;
	sst_machine_run(api->machine, entry, &api->work);
	return api->machine->flag;
}

/* The branch of a =case on settings, at any depth; else the node itself. */
static const struct sst_doc_node *
choose(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node)
{
	while (node != NULL && node->kind == SST_DOC_OBJECT &&
		node->first != NULL &&
		sst_span_is(node->first->name, "=case") &&
		c->status == SST_OK) {
		const struct sst_doc_node *at = node->first->first;

		while (at != NULL && !sst_span_is(at->name, "*") &&
			!holds(api, c, at))
			at = at->next;
		node = at;
	}
	return c->status == SST_OK ? node : NULL;
}

/* A member of the variant, else of the file. */
static const struct sst_doc_node *
member_of(const struct sst_api *api, const char *name)
{
	const struct sst_doc_node *node = sst_doc_member(api->variant, name);

	return node != NULL ? node : sst_doc_member(api->doc, name);
}

/* The same for a member of `request`. */
static const struct sst_doc_node *
request_member(const struct sst_api *api, const char *name)
{
	const struct sst_doc_node *node =
		sst_doc_member(sst_doc_member(api->variant, "request"), name);

	return node != NULL
		       ? node
		       : sst_doc_member(
				 sst_doc_member(api->doc, "request"), name);
}

static struct sst_span
chosen_text(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node)
{
	size_t entry;
	struct sst_span text;

	node = choose(api, c, node);
	if (node == NULL)
		return sst_span(NULL, 0);
	entry = sst_compile_value(c, node, 0);
	if (entry == SST_NO_ENTRY)
		return sst_span(NULL, 0);
	sst_machine_run(api->machine, entry, &api->work);
	if (!api->machine->acc.is_there)
		return sst_span(NULL, 0);
	text = sst_arena_copy(&api->arena,
		sst_value_text(&api->machine->scratch, &api->machine->acc));
	if (text.at == NULL)
		c->status = sst_fail_memory(c->err, api->path);
	return text;
}

/* ---- members ---- */

static void
check_members(struct sst_api *api, struct sst_compiler *c)
{
	static const char *const known[] = { "name", "title", "homepage",
		"settings", "secrets", "let", "maps", "skip", "needs", "item",
		"body", "request", "limits", "group_by", "order", "lane",
		"dedup", "variants", "ddl", "samples", "answers", NULL };
	static const char *const of_request[] = { "url", "type", "method",
		"query", "headers", "compress", "auth", "timeout", NULL };
	static const char *const of_variant[] = { "body", "answers", "request",
		"limits", NULL };
	const struct sst_doc_node *variants =
		sst_doc_member(api->doc, "variants");
	const struct sst_doc_node *unknown = NULL;

	unknown = sst_doc_unknown_member(api->doc, known);
	if (unknown == NULL)
		unknown = sst_doc_unknown_member(
			sst_doc_member(api->doc, "request"), of_request);
	for (const struct sst_doc_node *at = variants == NULL ? NULL
							      : variants->first;
		at != NULL && unknown == NULL; at = at->next) {
		unknown = sst_doc_unknown_member(at, of_variant);
		if (unknown == NULL)
			unknown = sst_doc_unknown_member(
				sst_doc_member(at, "request"), of_request);
	}
	if (unknown != NULL)
		sst_compile_fail(c, unknown, "unknown member '%.*s'",
			(int)unknown->name.len, unknown->name.at);
	if (sst_doc_text(api->doc, "name").at == NULL)
		sst_compile_fail(c, api->doc, "has no 'name'");
	if (sst_doc_member(api->doc, "item") == NULL)
		sst_compile_fail(c, api->doc, "has no 'item'");
}

static void
check_lets(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *lets = sst_doc_member(api->doc, "let");

	if (lets == NULL)
		return;
	if (lets->kind != SST_DOC_OBJECT || lets->count > 64) {
		sst_compile_fail(
			c, lets, "'let' is an object of 64 members at most");
		return;
	}
	for (const struct sst_doc_node *at = lets->first; at != NULL;
		at = at->next)
		if (sst_field_of(at->name) != SST_F_OTHER)
			sst_compile_fail(c, at,
				"'%.*s' is the name of an event's key",
				(int)at->name.len, at->name.at);
}

static void
check_lets_used(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *lets = sst_doc_member(api->doc, "let");
	unsigned n = 0;

	/* A variant may use what the others do not. */
	if (lets == NULL || api->variant != NULL ||
		sst_doc_member(api->doc, "variants") != NULL)
		return;
	for (const struct sst_doc_node *at = lets->first; at != NULL;
		at = at->next, n++)
		if (!(c->lets_used >> n & 1))
			sst_compile_fail(c, at, "'%.*s' is not used",
				(int)at->name.len, at->name.at);
}

/* Every verdict that matters, and two requests, must have been thought of. */
static void
check_samples(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *samples =
		sst_doc_member(api->doc, "samples");
	bool has_taken = false, has_retry = false, has_hold = false;
	unsigned requests = 0;

	for (const struct sst_doc_node *at = samples == NULL ? NULL
							     : samples->first;
		at != NULL; at = at->next) {
		const struct sst_doc_node *verdict =
			sst_doc_member(at, "verdict");

		requests += sst_doc_member(at, "requests") != NULL;
		/* One word, or one for each event. */
		if (verdict != NULL && verdict->kind == SST_DOC_ARRAY)
			verdict = verdict->first;
		for (; verdict != NULL; verdict = verdict->next) {
			has_taken |= sst_span_is(verdict->text, "stored") ||
				     sst_span_is(verdict->text, "accepted");
			has_retry |= sst_span_is(verdict->text, "retry");
			has_hold |= sst_span_is(verdict->text, "hold");
			if (verdict == sst_doc_member(at, "verdict"))
				break;
		}
	}
	if (requests < 2 || !has_taken || !has_retry || !has_hold)
		sst_compile_fail(c, samples == NULL ? api->doc : samples,
			"samples are missing: two requests, and an answer each "
			"that means stored or accepted, retry, and hold");
}

static void
compile_conditions(struct sst_compiler *c, const struct sst_doc_node *list,
	size_t *entries, size_t *n, const char **texts)
{
	if (list == NULL)
		return;
	if (list->kind != SST_DOC_ARRAY || list->count > SST_API_CONDITIONS) {
		sst_compile_fail(c, list, "a list of up to %d conditions",
			SST_API_CONDITIONS);
		return;
	}
	for (const struct sst_doc_node *at = list->first; at != NULL;
		at = at->next) {
		if (texts != NULL)
			texts[*n] = at->text.at;
		entries[(*n)++] = sst_compile_condition(c, at, SST_REFS_EVENT);
	}
}

static void
compile_item(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *item = sst_doc_member(api->doc, "item");

	if (item->kind == SST_DOC_OBJECT && item->first != NULL &&
		sst_span_is(item->first->name, "=lines")) {
		const struct sst_doc_node *lines = item->first;

		if (item->count != 1 || lines->kind != SST_DOC_ARRAY ||
			lines->count == 0 ||
			lines->count > SST_API_CONDITIONS) {
			sst_compile_fail(c, item,
				"'=lines' is a list of values, and alone");
			return;
		}
		api->has_lines = true;
		for (const struct sst_doc_node *at = lines->first; at != NULL;
			at = at->next)
			api->items[api->item_count++] =
				sst_compile_json(c, at, SST_REFS_EVENT);
		return;
	}
	api->items[api->item_count++] =
		sst_compile_json(c, item, SST_REFS_EVENT);
}

static void
compile_body(struct sst_api *api, struct sst_compiler *c)
{
	static const char *const names[] = {
		[SST_BODY_ARRAY] = "array",
		[SST_BODY_LINES] = "lines",
		[SST_BODY_CONCAT] = "concat",
		[SST_BODY_SINGLE] = "single",
	};
	const struct sst_doc_node *given = member_of(api, "body");
	const struct sst_doc_node *body = choose(api, c, given);

	if (body == NULL) {
		sst_compile_fail(c, given == NULL ? api->doc : given,
			"has no 'body' for these settings");
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (body->kind == SST_DOC_STRING &&
			sst_span_is(body->text, names[i])) {
			api->body = (enum sst_body)i;
			if (api->has_lines && i != SST_BODY_LINES)
				sst_compile_fail(c, body,
					"items of several lines need lines");
			if (i == SST_BODY_SINGLE)
				api->facts.limits.events = 1;
			return;
		}
	if (body->kind != SST_DOC_OBJECT || api->has_lines) {
		sst_compile_fail(c, body,
			"a body is array, lines, concat, single or an object "
			"with '=items'");
		return;
	}
	api->body = SST_BODY_ENVELOPE;
	c->uses_event = false;
	api->body_entry =
		sst_compile_json(c, body, IN_ENVELOPE | SST_REFS_ITEMS);
	if (c->status == SST_OK && (c->refs & SST_REFS_ITEMS))
		sst_compile_fail(c, body, "'=items' is missing");
	api->facts.request_has_keys |= c->uses_event;
}

static void
compile_part(struct sst_compiler *c, const struct sst_doc_node *node,
	enum sst_coding coding, struct sst_api_part *parts, size_t *n)
{
	/* What a user's file says may not split a header. */
	for (size_t i = 0; coding == SST_CODING_HEADER && i < node->name.len;
		i++)
		if ((unsigned char)node->name.at[i] <= ' ' ||
			node->name.at[i] == ':' || node->name.at[i] >= 0x7f)
			sst_compile_fail(c, node, "no name of a header");
	if (*n == SST_API_PARTS) {
		sst_compile_fail(c, node, "too many");
		return;
	}
	parts[*n].name = node->name;
	parts[(*n)++].entry =
		sst_compile_text(c, node, coding, IN_ENVELOPE | SST_REFS_NOW);
}

/* The file's members, each replaced by the variant's, then the variant's own.
 */
static void
compile_parts(struct sst_api *api, struct sst_compiler *c, const char *name,
	enum sst_coding coding, struct sst_api_part *parts, size_t *n)
{
	const struct sst_doc_node *of_file =
		sst_doc_member(sst_doc_member(api->doc, "request"), name);
	const struct sst_doc_node *of_variant =
		sst_doc_member(sst_doc_member(api->variant, "request"), name);
	const struct sst_doc_node *at, *own;

	for (at = of_file == NULL ? NULL : of_file->first; at != NULL;
		at = at->next) {
		for (own = of_variant == NULL ? NULL : of_variant->first;
			own != NULL && !sst_span_eq(own->name, at->name);
			own = own->next)
			;
		compile_part(c, own != NULL ? own : at, coding, parts, n);
	}
	for (own = of_variant == NULL ? NULL : of_variant->first; own != NULL;
		own = own->next) {
		for (at = of_file == NULL ? NULL : of_file->first;
			at != NULL && !sst_span_eq(own->name, at->name);
			at = at->next)
			;
		if (at == NULL)
			compile_part(c, own, coding, parts, n);
	}
}

static void
compile_request(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *url = request_member(api, "url");
	const struct sst_doc_node *auth = request_member(api, "auth");
	const struct sst_doc_node *timeout = request_member(api, "timeout");
	const struct sst_doc_node *compress = request_member(api, "compress");

	if (url == NULL) {
		sst_compile_fail(c, api->doc, "has no request with a 'url'");
		return;
	}
	c->uses_event = false;
	api->url = sst_compile_text(
		c, url, SST_CODING_PCT, IN_ENVELOPE | SST_REFS_NOW);
	api->type = chosen_text(api, c, request_member(api, "type"));
	api->method = chosen_text(api, c, request_member(api, "method"));
	if (api->method.at == NULL)
		api->method = sst_span_of("POST");
	for (size_t i = 0; i < api->method.len; i++)
		if (api->method.at[i] < 'A' || api->method.at[i] > 'Z')
			sst_compile_fail(c, request_member(api, "method"),
				"a method is capital letters");
	compile_parts(
		api, c, "query", SST_CODING_PCT, api->query, &api->query_count);
	api->facts.url_has_keys = c->uses_event;
	compile_parts(api, c, "headers", SST_CODING_HEADER, api->headers,
		&api->header_count);
	api->facts.request_has_keys |= c->uses_event;
	for (const struct sst_doc_node *at = auth == NULL ? NULL : auth->first;
		at != NULL; at = at->next)
		sst_api_compile_auth(api, c, at);
	if (timeout != NULL &&
		!sst_unit_duration(timeout->text, &api->facts.timeout_us))
		sst_compile_fail(c, timeout, "not a duration");
	compress = choose(api, c, compress);
	for (const struct sst_doc_node *at = compress == NULL ? NULL
							      : compress->first;
		at != NULL; at = at->next) {
		if (sst_span_is(at->text, "gzip"))
			api->facts.takes_gzip = true;
		else if (!sst_span_is(at->text, "zstd"))
			sst_compile_fail(c, at, "compress knows gzip, zstd");
	}
}

static void
read_limits(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node)
{
	static const char *const known[] = { "events", "bytes", "event_bytes",
		"age", "future", "in_flight", "rate", NULL };
	struct sst_api_limits *limits = &api->facts.limits;
	const struct sst_doc_node *unknown;
	const struct {
		const char *name;
		uint64_t *size;
		int64_t *duration;
	} rows[] = {
		{ "events", &limits->events, NULL },
		{ "bytes", &limits->bytes, NULL },
		{ "event_bytes", &limits->event_bytes, NULL },
		{ "age", NULL, &limits->age_us },
		{ "future", NULL, &limits->future_us },
		{ "in_flight", &limits->in_flight, NULL },
		{ "rate", &limits->rate, NULL },
	};

	node = choose(api, c, node);
	if (node == NULL)
		return;
	unknown = sst_doc_unknown_member(node, known);
	if (unknown != NULL)
		sst_compile_fail(c, unknown,
			"'%.*s' is no limit that this sst-push has",
			(int)unknown->name.len, unknown->name.at);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sst_doc_node *at =
			sst_doc_member(node, rows[i].name);
		struct sst_span text;

		if (at == NULL)
			continue;
		text = chosen_text(api, c, at);
		if (text.at == NULL ||
			(rows[i].size != NULL
					? !sst_unit_size(text, rows[i].size)
					: !sst_unit_duration(
						  text, rows[i].duration)))
			sst_compile_fail(c, at, "not a limit");
	}
	if (limits->events == 0)
		sst_compile_fail(c, node, "'events' is 1 or more");
}

static void
read_words(struct sst_api *api, struct sst_compiler *c)
{
	static const char *const dedups[] = {
		[SST_DEDUP_NONE] = "none",
		[SST_DEDUP_EVENT] = "event",
		[SST_DEDUP_BATCH] = "batch",
	};
	const struct sst_doc_node *dedup = sst_doc_member(api->doc, "dedup");
	const struct sst_doc_node *order = sst_doc_member(api->doc, "order");
	const struct sst_doc_node *title = sst_doc_member(api->doc, "title");
	size_t i = 0;

	api->facts.title = title != NULL ? title->text : api->facts.name;
	if (order != NULL && !sst_span_is(order->text, "time"))
		sst_compile_fail(c, order, "'order' is time");
	api->facts.is_in_order = order != NULL;
	if (dedup == NULL)
		return;
	while (i < 3 && !sst_span_is(dedup->text, dedups[i]))
		i++;
	if (i == 3)
		sst_compile_fail(c, dedup, "'dedup' is event, batch or none");
	api->facts.dedup = (enum sst_api_dedup)i;
}

/* A bare reference to a key or let, as a value. */
static size_t
compile_key(struct sst_compiler *c, const struct sst_doc_node *node)
{
	if (node->kind != SST_DOC_STRING) {
		sst_compile_fail(c, node, "not a key or a let");
		return SST_NO_ENTRY;
	}
	return sst_compile_ref(c, node, SST_REFS_EVENT);
}

static void
compile_groups(struct sst_api *api, struct sst_compiler *c)
{
	const struct sst_doc_node *group = sst_doc_member(api->doc, "group_by");
	const struct sst_doc_node *lane = sst_doc_member(api->doc, "lane");

	if (group != NULL && (group->kind != SST_DOC_ARRAY ||
				     group->count > SST_API_GROUPS)) {
		sst_compile_fail(c, group, "'group_by' is a list of keys");
		return;
	}
	for (const struct sst_doc_node *at = group == NULL ? NULL
							   : group->first;
		at != NULL; at = at->next)
		api->groups[api->group_count++] = compile_key(c, at);
	api->facts.is_grouped = api->group_count > 0;
	api->lane = lane == NULL ? SST_NO_ENTRY : compile_key(c, lane);
	api->facts.has_lanes = lane != NULL;
}

static void
compile_all(struct sst_api *api, struct sst_compiler *c)
{
	struct sst_api_limits *limits = &api->facts.limits;

	check_members(api, c);
	check_lets(api, c);
	check_samples(api, c);
	if (c->status != SST_OK)
		return;
	*limits = (struct sst_api_limits){
		.events = 1000, .age_us = -1, .future_us = -1
	};
	read_words(api, c);
	sst_compile_maps(c);
	compile_conditions(c, sst_doc_member(api->doc, "skip"), api->skip,
		&api->skip_count, NULL);
	compile_conditions(c, sst_doc_member(api->doc, "needs"), api->needs,
		&api->needs_count, api->needs_text);
	compile_item(api, c);
	read_limits(api, c, sst_doc_member(api->doc, "limits"));
	read_limits(api, c, sst_doc_member(api->variant, "limits"));
	compile_groups(api, c);
	if (c->status != SST_OK)
		return;
	c->is_single = limits->events == 1;
	c->uses_batch_id = false;
	compile_body(api, c);
	c->is_single = limits->events == 1;
	if (c->status == SST_OK)
		compile_request(api, c);
	api->facts.has_batch_id = c->uses_batch_id;
	if (c->status == SST_OK)
		sst_api_compile_answers(api, c);
	if (c->status == SST_OK)
		check_lets_used(api, c);
}

enum sst_status
sst_api_compile(struct sst_api *api, const struct sst_doc_node *only_limits,
	struct sst_err *err)
{
	struct sst_compiler *c = calloc(1, sizeof(*c));
	enum sst_status status;

	if (c == NULL)
		return sst_fail_memory(err, "an API's program");
	c->code = &api->code;
	c->arena = &api->arena;
	c->path = api->path;
	c->lets = sst_doc_member(api->doc, "let");
	c->maps = sst_doc_member(api->doc, "maps");
	c->group_by = sst_doc_member(api->doc, "group_by");
	c->settings = api->settings;
	c->secrets = api->secrets;
	for (size_t i = 0; i < c->secrets.n; i++)
		c->secrets.at[i].type = SST_SETTING_STRING;
	c->err = err;
	if (only_limits != NULL)
		read_limits(api, c, only_limits);
	else
		compile_all(api, c);
	status = c->status;
	free(c);
	return status;
}

enum sst_status
sst_api_change_limits(struct sst_api *api, const struct sst_doc_node *node,
	struct sst_err *err)
{
	return sst_api_compile(api, node, err);
}
