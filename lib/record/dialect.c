/* SPDX-License-Identifier: ISC */
#include "record/dialect.h"

#include <string.h>

/* HAProxy's words for a request and a server that there were none of, and for
 * a step that was not reached. */
static const struct sst_span haproxy_absent[] = { SST_SPAN("<BADREQ>"),
	SST_SPAN("<NOSRV>"), SST_SPAN("-1") };

/* In the order in which a string is asked: the surest marks first. */
static const struct sst_dialect dialects[] = {
	{ .name = "nginx", .is = sst_nginx_is, .piece = sst_nginx_piece },
	{ .name = "caddy",
		.is = sst_caddy_is,
		.piece = sst_caddy_piece,
		.escape = SST_ESCAPE_JSON,
		.macro = "{common_log}",
		.expansion = "{request>remote_ip} - {user_id} [{ts}] "
			     "\"{request>method} {request>uri} "
			     "{request>proto}\" {status} {size}" },
	{ .name = "fields", .is = sst_fields_is, .piece = sst_fields_piece },
	{ .name = "gunicorn",
		.is = sst_gunicorn_is,
		.piece = sst_gunicorn_piece },
	{ .name = "envoy",
		.is = sst_envoy_is,
		.piece = sst_envoy_piece,
		.escape = SST_ESCAPE_NONE },
	{ .name = "haproxy",
		.is = sst_haproxy_is,
		.piece = sst_haproxy_piece,
		.escape = SST_ESCAPE_HAPROXY,
		.absent = haproxy_absent,
		.absent_count =
			sizeof(haproxy_absent) / sizeof(haproxy_absent[0]),
		.merges_blanks = true },
	{ .name = "apache", .is = sst_apache_is, .piece = sst_apache_piece },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const struct sst_dialect *
sst_dialect_named(const char *name)
{
	for (size_t i = 0; i < COUNT(dialects); i++)
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	return NULL;
}

const struct sst_dialect *
sst_dialect_of(struct sst_span format)
{
	for (size_t i = 0; i < COUNT(dialects); i++)
		if (dialects[i].is(format))
			return &dialects[i];
	return NULL;
}

struct sst_span
sst_own_name(struct sst_arena *arena, const char *prefix, struct sst_span name)
{
	size_t head = strlen(prefix);
	char *at = sst_arena_take(arena, head + name.len + 1);

	if (at == NULL)
		return sst_span(NULL, 0);
	memcpy(at, prefix, head);
	for (size_t i = 0; i < name.len; i++)
		at[head + i] = sst_own_byte(name.at[i]);
	at[head + name.len] = '\0';
	return sst_span(at, head + name.len);
}

bool
sst_own_cell(struct sst_arena *arena, const char *prefix, struct sst_span name,
	struct sst_cell *out)
{
	*out = (struct sst_cell){ .conv = SST_CONV_TEXT,
		.key = sst_own_name(arena, prefix, name),
		.is_own = true };
	return out->key.at != NULL;
}

bool
sst_placeholder_cell(const struct sst_placeholder *rows, size_t n,
	struct sst_span name, struct sst_cell *out)
{
	for (size_t i = 0; i < n; i++)
		if (sst_span_is(name, rows[i].name)) {
			*out = (struct sst_cell){
				.key = sst_span_of(rows[i].key),
				.conv = (uint8_t)rows[i].conv,
				.shift = rows[i].shift,
			};
			return true;
		}
	return false;
}

bool
sst_header_cell(
	struct sst_arena *arena, struct sst_span name, struct sst_cell *out)
{
	static const struct sst_placeholder headers[] = {
		{ "referer", "referrer", SST_CONV_TEXT, 0 },
		{ "user_agent", "user_agent", SST_CONV_TEXT, 0 },
		{ "x_forwarded_for", "forwarded_for", SST_CONV_FORWARDED, 0 },
		{ "host", "host", SST_CONV_HOST, 0 },
		{ "cookie", "cookie", SST_CONV_TEXT, 0 },
		{ "dnt", "dnt", SST_CONV_FLAG, 0 },
		{ "sec_gpc", "gpc", SST_CONV_FLAG, 0 },
	};
	struct sst_span plain = sst_own_name(arena, "", name);

	if (plain.at == NULL)
		return false;
	return sst_placeholder_cell(headers, COUNT(headers), plain, out) ||
	       sst_own_cell(arena, "http_", plain, out);
}

void
sst_piece_literal(struct sst_piece *out, size_t *at, char byte, size_t len)
{
	out->kind = SST_PIECE_LITERAL;
	out->literal = byte;
	*at += len;
}

struct sst_span
sst_dialect_expanded(struct sst_arena *arena, const struct sst_dialect *dialect,
	struct sst_span format)
{
	struct sst_span macro, expansion;
	char *to;

	if (dialect->macro == NULL)
		return sst_arena_copy(arena, format);
	macro = sst_span_of(dialect->macro);
	expansion = sst_span_of(dialect->expansion);
	for (size_t i = 0; i < format.len; i++) {
		struct sst_span rest = sst_span_from(format, i);

		if (!sst_span_starts(rest, macro))
			continue;
		rest = sst_span_from(rest, macro.len);
		to = sst_arena_take(arena, i + expansion.len + rest.len + 1);
		if (to == NULL)
			return sst_span(NULL, 0);
		memcpy(to, format.at, i);
		memcpy(to + i, expansion.at, expansion.len);
		memcpy(to + i + expansion.len, rest.at, rest.len);
		return sst_span(to, i + expansion.len + rest.len);
	}
	return sst_arena_copy(arena, format);
}
