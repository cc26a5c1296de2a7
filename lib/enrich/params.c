/* SPDX-License-Identifier: ISC */
#include "enrich/params.h"

#include "text/cookie.h"
#include "text/scan.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdlib.h>

/* ---- params ---- */

/* One parameter, in JSON spelling, in the text of the event's query; `next` is
 * the next one of the same name, 0 for none: nothing follows the first. */
struct param {
	struct sst_span name, value;
	uint16_t next;
	bool is_first;
};

struct sst_params {
	struct sst_buf work, clean, out;
	size_t n;
	struct param at[SST_PARAMS_MAX];
};

enum sst_status
sst_params_open(struct sst_params **out, struct sst_err *err)
{
	struct sst_params *params = calloc(1, sizeof(*params));

	*out = params;
	if (params == NULL)
		return sst_fail_memory(err, "parameters");
	sst_buf_init(&params->work, SST_EVENT_ROOM);
	sst_buf_init(&params->clean, SST_EVENT_ROOM);
	sst_buf_init(&params->out, SST_EVENT_ROOM);
	return SST_OK;
}

void
sst_params_close(struct sst_params *params)
{
	if (params == NULL)
		return;
	sst_buf_release(&params->work);
	sst_buf_release(&params->clean);
	sst_buf_release(&params->out);
	free(params);
}

/* Decoded, repaired, and spelled for JSON, in the event's room. */
static struct sst_span
spelled(struct sst_params *params, struct sst_event *event,
	struct sst_span encoded)
{
	sst_buf_reset(&params->work);
	sst_buf_reset(&params->clean);
	sst_url_put_decoded(&params->work, encoded, true);
	(void)sst_utf8_put_repaired(
		&params->clean, sst_buf_span(&params->work));
	sst_buf_reset(&params->work);
	sst_json_put_escaped(&params->work, sst_buf_span(&params->clean));
	event->is_short |= params->work.is_short || params->clean.is_short;
	return sst_event_keep(event, sst_buf_span(&params->work));
}

/* Add one, behind the last of its name. */
static void
add(struct sst_params *params, struct sst_span name, struct sst_span value)
{
	size_t i, n = params->n++;

	params->at[n] = (struct param){ name, value, 0, true };
	for (i = 0; i < n; i++)
		if (params->at[i].is_first &&
			sst_span_eq(params->at[i].name, name))
			break;
	if (i == n)
		return;
	params->at[n].is_first = false;
	while (params->at[i].next != 0)
		i = params->at[i].next;
	params->at[i].next = (uint16_t)n;
}

static void
put_string(struct sst_buf *to, struct sst_span inside)
{
	SST_BUF_PUT(to, "\"");
	sst_buf_put_span(to, inside);
	SST_BUF_PUT(to, "\"");
}

static void
put_values(struct sst_buf *to, const struct sst_params *params, size_t i)
{
	if (params->at[i].next == 0) {
		put_string(to, params->at[i].value);
		return;
	}
	SST_BUF_PUT(to, "[");
	for (;;) {
		put_string(to, params->at[i].value);
		i = params->at[i].next;
		if (i == 0)
			break;
		SST_BUF_PUT(to, ",");
	}
	SST_BUF_PUT(to, "]");
}

void
sst_params_apply(struct sst_params *params, struct sst_event *event)
{
	struct sst_span query = sst_event_text(event, SST_F_QUERY);
	struct sst_buf *out = &params->out;
	struct sst_param param;
	size_t at = 0;

	if (query.len == 0 || sst_event_has(event, SST_F_PARAMS))
		return;
	params->n = 0;
	while (params->n < SST_PARAMS_MAX &&
		sst_url_next_param(query, &at, &param))
		if (param.name.len > 0)
			add(params, spelled(params, event, param.name),
				spelled(params, event, param.value));
	if (params->n == 0)
		return;
	sst_buf_reset(out);
	for (size_t i = 0; i < params->n; i++) {
		if (!params->at[i].is_first)
			continue;
		sst_buf_byte(out, i == 0 ? '{' : ',');
		put_string(out, params->at[i].name);
		SST_BUF_PUT(out, ":");
		put_values(out, params, i);
	}
	SST_BUF_PUT(out, "}");
	event->is_short |= out->is_short;
	sst_event_set(event, SST_F_PARAMS, SST_KIND_OBJECT,
		sst_event_keep(event, sst_buf_span(out)));
}

/* ---- consent ---- */

enum place {
	COOKIE,
	HEADER,
	PARAM
};

struct sst_consent {
	enum place place;
	struct sst_span name;
	struct sst_span key; /* that a cookie or header alone is logged under */
	struct sst_buf work, clean;
	char text[]; /* of both */
};

static const struct {
	struct sst_span word;
	enum place place;
	struct sst_span prefix; /* of the log's own name */
} places[] = {
	{ SST_SPAN("cookie:"), COOKIE, SST_SPAN("cookie_") },
	{ SST_SPAN("header:"), HEADER, SST_SPAN("http_") },
	{ SST_SPAN("param:"), PARAM, SST_SPAN("") },
};

/* "Name" and, as record/layout spells it, "prefix_name". */
static struct sst_consent *
make(size_t i, struct sst_span name)
{
	struct sst_span prefix = places[i].prefix;
	struct sst_consent *consent = calloc(
		1, sizeof(*consent) + 2 * name.len + prefix.len + 2 * SST_PAD);
	char *key;

	if (consent == NULL)
		return NULL;
	consent->place = places[i].place;
	memcpy(consent->text, name.at, name.len);
	consent->name = sst_span(consent->text, name.len);
	key = consent->text + name.len;
	memcpy(key, prefix.at, prefix.len);
	for (size_t k = 0; k < name.len; k++) {
		char c = sst_lower(name.at[k]);
		bool is_plain =
			(c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		key[prefix.len + k] = is_plain ? c : '_';
	}
	consent->key = sst_span(key, prefix.len + name.len);
	sst_buf_init(&consent->work, SST_EVENT_ROOM);
	sst_buf_init(&consent->clean, SST_EVENT_ROOM);
	return consent;
}

enum sst_status
sst_consent_open(
	struct sst_consent **out, const char *source, struct sst_err *err)
{
	struct sst_span text = sst_span_of(source);

	*out = NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct sst_span word = places[i].word;

		if (!sst_span_starts(text, word) || text.len == word.len)
			continue;
		*out = make(i, sst_span_from(text, word.len));
		return *out == NULL ? sst_fail_memory(err, "--consent")
				    : SST_OK;
	}
	return sst_fail(err, SST_EUSAGE,
		"--consent: expected cookie:NAME, header:NAME or param:NAME");
}

static bool
find_param(struct sst_consent *consent, struct sst_event *event,
	struct sst_span *out)
{
	struct sst_span query = sst_event_text(event, SST_F_QUERY);
	struct sst_param param;
	size_t at = 0;

	while (query.len > 0 && sst_url_next_param(query, &at, &param)) {
		sst_buf_reset(&consent->work);
		sst_url_put_decoded(&consent->work, param.name, true);
		if (!sst_span_eq(sst_buf_span(&consent->work), consent->name))
			continue;
		*out = param.value;
		return true;
	}
	return false;
}

static bool
find_signal(struct sst_consent *consent, struct sst_event *event,
	struct sst_span *out)
{
	const struct sst_pair *alone;

	if (consent->place == PARAM)
		return find_param(consent, event, out);
	alone = sst_event_find(event, consent->key);
	if (alone != NULL) {
		*out = sst_event_pair_text(event, alone);
		return true;
	}
	return consent->place == COOKIE &&
	       sst_cookie_find(
		       sst_event_text(event, SST_F_COOKIE), consent->name, out);
}

void
sst_consent_apply(struct sst_consent *consent, struct sst_event *event)
{
	struct sst_span value;

	if (sst_event_has(event, SST_F_CONSENT) ||
		!find_signal(consent, event, &value))
		return;
	/* '+' is a character of consent strings, but a space in a query. */
	sst_buf_reset(&consent->work);
	sst_buf_reset(&consent->clean);
	sst_url_put_decoded(&consent->work, value, consent->place == PARAM);
	(void)sst_utf8_put_repaired(
		&consent->clean, sst_buf_span(&consent->work));
	event->is_short |= consent->work.is_short || consent->clean.is_short;
	sst_event_set_text(event, SST_F_CONSENT, sst_buf_span(&consent->clean));
}

void
sst_consent_close(struct sst_consent *consent)
{
	if (consent == NULL)
		return;
	sst_buf_release(&consent->work);
	sst_buf_release(&consent->clean);
	free(consent);
}
