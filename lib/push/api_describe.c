/* SPDX-License-Identifier: ISC */
/* What --describe says of an API. */
#include "push/api_in.h"

static void
put_span(struct sst_buf *to, struct sst_span text)
{
	sst_buf_put_span(to, text);
}

static void
put_settings(struct sst_buf *to, const struct sst_api_settings *settings,
	const char *option)
{
	for (size_t i = 0; i < settings->n; i++) {
		const struct sst_doc_node *node = settings->at[i].node;
		const struct sst_doc_node *standard =
			sst_doc_member(node, "default");
		const struct sst_doc_node *choices =
			sst_doc_member(node, "choices");

		sst_buf_printf(to, "  %s ", option);
		put_span(to, settings->at[i].name);
		sst_buf_printf(to, "=%s  ",
			sst_doc_text(node, "type").at == NULL
				? "SOURCE"
				: sst_doc_text(node, "type").at);
		put_span(to, sst_doc_text(node, "help"));
		if (choices != NULL) {
			SST_BUF_PUT(to, ": ");
			for (const struct sst_doc_node *at = choices->first;
				at != NULL; at = at->next) {
				if (at != choices->first)
					SST_BUF_PUT(to, ", ");
				put_span(to, at->text);
			}
		}
		if (standard != NULL) {
			SST_BUF_PUT(to, " (default ");
			sst_doc_put_json(to, standard);
			SST_BUF_PUT(to, ")");
		} else if (sst_doc_is_true(node, "required")) {
			SST_BUF_PUT(to, " (required)");
		}
		sst_buf_byte(to, '\n');
	}
}

/* The shortest command that can work. */
static void
put_example(const struct sst_api *api, struct sst_buf *to)
{
	SST_BUF_PUT(to, "  sst-push --to ");
	put_span(to, api->facts.name);
	for (size_t i = 0; i < api->settings.n; i++)
		if (sst_doc_is_true(api->settings.at[i].node, "required")) {
			SST_BUF_PUT(to, " --set ");
			put_span(to, api->settings.at[i].name);
			SST_BUF_PUT(to, "=...");
		}
	for (size_t i = 0; i < api->secrets.n; i++)
		if (sst_doc_is_true(api->secrets.at[i].node, "required")) {
			SST_BUF_PUT(to, " --secret ");
			put_span(to, api->secrets.at[i].name);
			SST_BUF_PUT(to, "=file:...");
		}
	sst_buf_byte(to, '\n');
}

static void
put_doubles(const struct sst_api *api, struct sst_buf *to)
{
	static const char *const texts[] = {
		[SST_DEDUP_NONE] = "not told apart: a request whose answer "
				   "is lost is stored twice",
		[SST_DEDUP_EVENT] = "told by the event's id",
		[SST_DEDUP_BATCH] = "told by the request's id",
	};

	sst_buf_printf(to, "doubles\n  %s\n", texts[api->facts.dedup]);
}

static void
put_conditions(
	struct sst_buf *to, const struct sst_doc_node *list, const char *title)
{
	if (list == NULL || list->first == NULL)
		return;
	sst_buf_printf(to, "%s\n", title);
	for (const struct sst_doc_node *at = list->first; at != NULL;
		at = at->next) {
		SST_BUF_PUT(to, "  ");
		put_span(to, at->text);
		sst_buf_byte(to, '\n');
	}
}

static void
put_limits(struct sst_buf *to, const struct sst_api_limits *limits)
{
	SST_BUF_PUT(to, "limits of a request\n");
	sst_buf_printf(
		to, "  events %llu\n", (unsigned long long)limits->events);
	if (limits->bytes != 0)
		sst_buf_printf(to, "  bytes %llu, before compression\n",
			(unsigned long long)limits->bytes);
	if (limits->event_bytes != 0)
		sst_buf_printf(to, "  bytes of an event %llu\n",
			(unsigned long long)limits->event_bytes);
	if (limits->age_us >= 0)
		sst_buf_printf(to, "  age of an event %lld s\n",
			(long long)(limits->age_us / 1000000));
	if (limits->in_flight != 0)
		sst_buf_printf(to, "  requests at a time %llu\n",
			(unsigned long long)limits->in_flight);
	if (limits->rate != 0)
		sst_buf_printf(to, "  requests a second %llu\n",
			(unsigned long long)limits->rate);
}

/* A condition may be a list. */
static void
put_when(struct sst_buf *to, const struct sst_doc_node *when)
{
	if (when == NULL) {
		SST_BUF_PUT(to, "else");
	} else if (when->kind == SST_DOC_STRING) {
		put_span(to, when->text);
	} else {
		for (const struct sst_doc_node *at = when->first; at != NULL;
			at = at->next) {
			if (at != when->first)
				SST_BUF_PUT(to, " and ");
			put_span(to, at->text);
		}
	}
}

static void
put_answers(struct sst_buf *to, const struct sst_doc_node *list)
{
	SST_BUF_PUT(to, "answers\n");
	for (const struct sst_doc_node *at = list == NULL ? NULL : list->first;
		at != NULL; at = at->next) {
		struct sst_span say = sst_doc_text(at, "say");

		SST_BUF_PUT(to, "  ");
		put_when(to, sst_doc_member(at, "when"));
		SST_BUF_PUT(to, ": ");
		put_span(to, sst_doc_text(at, "then"));
		if (say.at != NULL) {
			SST_BUF_PUT(to, " (");
			put_span(to, say);
			SST_BUF_PUT(to, ")");
		}
		sst_buf_byte(to, '\n');
	}
	SST_BUF_PUT(to,
		"  any other: accepted (2xx), retry (no answer, 408, "
		"425, 429, 5xx),\n    hold (3xx, 401, 403, 404, 405, "
		"407, a bad certificate), split (413),\n    dead (other "
		"4xx, 501, 505)\n");
}

void
sst_api_describe(struct sst_api *api, struct sst_buf *to)
{
	struct sst_span homepage = sst_doc_text(api->doc, "homepage");

	put_span(to, api->facts.name);
	SST_BUF_PUT(to, ": ");
	put_span(to, api->facts.title);
	if (homepage.at != NULL) {
		SST_BUF_PUT(to, ", ");
		put_span(to, homepage);
	}
	sst_buf_byte(to, '\n');
	put_example(api, to);
	SST_BUF_PUT(to, "settings\n");
	put_settings(to, &api->settings, "--set");
	put_settings(to, &api->secrets, "--secret");
	put_conditions(to, sst_doc_member(api->doc, "needs"), "an event needs");
	put_conditions(to, sst_doc_member(api->doc, "skip"),
		"events that are left out");
	put_limits(to, &api->facts.limits);
	put_doubles(api, to);
	put_answers(to, sst_doc_member(api->doc, "answers"));
}

void
sst_api_put_ddl(struct sst_api *api, struct sst_buf *to)
{
	const struct sst_doc_node *ddl = sst_doc_member(api->doc, "ddl");

	if (ddl == NULL)
		return;
	if (ddl->kind == SST_DOC_ARRAY && ddl->first != NULL &&
		ddl->first->kind == SST_DOC_STRING) {
		for (const struct sst_doc_node *at = ddl->first; at != NULL;
			at = at->next) {
			put_span(to, at->text);
			sst_buf_byte(to, '\n');
		}
		return;
	}
	sst_doc_put_json(to, ddl);
	sst_buf_byte(to, '\n');
}

enum sst_status
sst_api_list(const char *name, const char *path, struct sst_buf *to,
	struct sst_err *err)
{
	const struct sst_api_asked asked = { .path = path,
		.fill_missing = true };
	struct sst_api *api;
	enum sst_status status = sst_api_open(&api, &asked, err);

	if (status != SST_OK)
		return status;
	sst_buf_printf(to, "%-19s %.*s\n", name,
		(int)sst_api_facts(api)->title.len,
		sst_api_facts(api)->title.at);
	sst_api_close(api);
	return SST_OK;
}

enum sst_status
sst_api_describe_file(const char *path, bool wants_ddl, struct sst_buf *to,
	struct sst_err *err)
{
	const struct sst_api_asked asked = { .path = path,
		.fill_missing = true };
	struct sst_api *api;
	enum sst_status status = sst_api_open(&api, &asked, err);

	if (status != SST_OK)
		return status;
	if (wants_ddl)
		sst_api_put_ddl(api, to);
	else
		sst_api_describe(api, to);
	sst_api_close(api);
	return SST_OK;
}
