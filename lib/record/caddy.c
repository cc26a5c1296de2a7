/* SPDX-License-Identifier: ISC */
/*
 * Caddy's transform encoder: {request>remote_ip}, {status}, and {common_log}
 * for the whole line. {a:b} is a, or b where there is no a.
 *
 * Facts: caddyserver/transform-encoder, and the members of Caddy's JSON log.
 */
#include "record/dialect.h"

static const struct sst_placeholder placeholders[] = {
	{ "ts", "time", SST_CONV_TIME_ANY, 0 },
	{ "request>client_ip", "client_ip", SST_CONV_CLIENT, 0 },
	{ "request>remote_ip", "client_ip", SST_CONV_CLIENT, 0 },
	{ "request>remote_addr", "client_ip", SST_CONV_CLIENT, 0 },
	{ "request>remote_port", "client_port", SST_CONV_INT, 0 },
	{ "request>method", "method", SST_CONV_WORD, 0 },
	{ "request>uri", "path", SST_CONV_TARGET, 0 },
	{ "request>proto", "protocol", SST_CONV_WORD, 0 },
	{ "request>host", "host", SST_CONV_HOST, 0 },
	{ "user_id", "user", SST_CONV_USER, 0 },
	{ "status", "status", SST_CONV_STATUS, 0 },
	{ "size", "bytes", SST_CONV_INT, 0 },
	{ "bytes_read", "bytes_received", SST_CONV_INT, 0 },
	{ "duration", "duration", SST_CONV_ELAPSED, 0 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool
sst_caddy_is(struct sst_span format)
{
	static const struct sst_span common = SST_SPAN("{common_log}");
	bool is_inside = false;

	for (size_t i = 0; i < format.len; i++) {
		if (sst_span_starts(sst_span_from(format, i), common))
			return true;
		if (format.at[i] == '%' && !is_inside)
			return false;
		if (format.at[i] == '{')
			is_inside =
				i + 1 < format.len && format.at[i + 1] != '>';
		else if (format.at[i] == '}')
			is_inside = false;
		else if (is_inside && format.at[i] == '>')
			return true;
	}
	return false;
}

/* request>headers>User-Agent>[0] */
static bool
header_of(struct sst_span name, const char *prefix, struct sst_span *out)
{
	struct sst_span head = sst_span_of(prefix);

	if (!sst_span_starts(name, head))
		return false;
	*out = sst_span_from(name, head.len);
	out->len = sst_span_find(*out, '>');
	return true;
}

static bool
cell_of(struct sst_arena *arena, struct sst_span name, struct sst_cell *out)
{
	struct sst_span header;

	name.len = sst_span_find(name, ':');
	if (sst_placeholder_cell(placeholders, COUNT(placeholders), name, out))
		return true;
	if (header_of(name, "request>headers>", &header))
		return sst_header_cell(arena, header, out);
	if (header_of(name, "resp_headers>", &header))
		return sst_own_cell(arena, "sent_http_", header, out);
	return sst_own_cell(arena, "", name, out);
}

enum sst_status
sst_caddy_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	struct sst_span rest = sst_span_from(format, *at);
	size_t end;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (rest.len == 0)
		return SST_END;
	if (rest.at[0] != '{') {
		sst_piece_literal(out, at, rest.at[0], 1);
		return SST_OK;
	}
	end = sst_span_find(rest, '}');
	if (end == rest.len || end == 1)
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: expected a name between '{' "
			"and '}'",
			*at + 1);
	if (!cell_of(arena, sst_span(rest.at + 1, end - 1), &out->cell))
		return sst_fail_memory(err, "the format");
	*at += end + 1;
	return SST_OK;
}
