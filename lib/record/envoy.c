/* SPDX-License-Identifier: ISC */
/*
 * Envoy's format strings: %OPERATOR%, %OPERATOR(argument):length%.
 *
 * Facts: Envoy's access log documentation (usage) and
 * substitution_formatter.rst. Header values are written as they came, without
 * any escape.
 */
#include "record/dialect.h"

/* Operators without an argument, or whose argument changes nothing. DURATION
 * and its like are milliseconds. */
static const struct sst_placeholder operators[] = {
	{ "EMIT_TIME", "time", SST_CONV_TIME_ISO, 0 },
	{ "START_TIME", "time", SST_CONV_TIME_ISO, 0 },
	{ "START_TIME_LOCAL", "time", SST_CONV_TIME_ISO, 0 },
	{ "EMIT_TIME_LOCAL", "time", SST_CONV_TIME_ISO, 0 },
	{ "PROTOCOL", "protocol", SST_CONV_WORD, 0 },
	{ "RESPONSE_CODE", "status", SST_CONV_STATUS, 0 },
	{ "RESPONSE_FLAGS", "response_flags", SST_CONV_WORD, 0 },
	{ "RESPONSE_CODE_DETAILS", "response_code_details", SST_CONV_TEXT, 0 },
	{ "BYTES_RECEIVED", "bytes_received", SST_CONV_INT, 0 },
	{ "BYTES_SENT", "bytes", SST_CONV_INT, 0 },
	{ "DOWNSTREAM_WIRE_BYTES_SENT", "bytes_sent", SST_CONV_INT, 0 },
	{ "DOWNSTREAM_WIRE_BYTES_RECEIVED", "bytes_received", SST_CONV_INT, 0 },
	{ "DURATION", "duration", SST_CONV_SECONDS, 3 },
	{ "RESPONSE_DURATION", "ttfb", SST_CONV_SECONDS, 3 },
	{ "UPSTREAM_HOST", "upstream", SST_CONV_WORD, 0 },
	{ "UPSTREAM_REMOTE_ADDRESS", "upstream", SST_CONV_WORD, 0 },
	{ "DOWNSTREAM_REMOTE_ADDRESS", "client_ip", SST_CONV_CLIENT, 0 },
	{ "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "client_ip",
		SST_CONV_CLIENT, 0 },
	{ "DOWNSTREAM_REMOTE_PORT", "client_port", SST_CONV_INT, 0 },
	{ "DOWNSTREAM_DIRECT_REMOTE_ADDRESS", "peer_ip", SST_CONV_ADDRESS, 0 },
	{ "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "peer_ip",
		SST_CONV_ADDRESS, 0 },
	{ "DOWNSTREAM_LOCAL_ADDRESS", "server_ip", SST_CONV_ADDRESS, 0 },
	{ "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", "server_ip",
		SST_CONV_ADDRESS, 0 },
	{ "DOWNSTREAM_LOCAL_PORT", "server_port", SST_CONV_INT, 0 },
	{ "DOWNSTREAM_TLS_VERSION", "tls_version", SST_CONV_WORD, 0 },
	{ "DOWNSTREAM_TLS_CIPHER", "tls_cipher", SST_CONV_WORD, 0 },
	{ "STREAM_ID", "request_id", SST_CONV_WORD, 0 },
};

/* Headers that an argument names; the pseudo headers among them. */
static const struct {
	const char *name, *key;
	enum sst_conv conv;
} requested[] = {
	{ ":method", "method", SST_CONV_WORD },
	{ ":path", "path", SST_CONV_TARGET },
	{ "x-envoy-original-path", "path", SST_CONV_TARGET },
	{ ":authority", "host", SST_CONV_HOST },
	{ ":scheme", "scheme", SST_CONV_WORD },
	{ "x-request-id", "request_id", SST_CONV_WORD },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
is_operator(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* %NAME(argument):length% at the start of `text`: the length of it, or 0. */
static size_t
take_operator(
	struct sst_span text, struct sst_span *name, struct sst_span *argument)
{
	size_t at = 1, depth = 0;

	while (at < text.len && is_operator(text.at[at]))
		at++;
	*name = sst_span(text.at + 1, at - 1);
	*argument = sst_span("", 0);
	if (name->len < 2)
		return 0;
	if (at < text.len && text.at[at] == '(') {
		size_t start = at;

		for (; at < text.len; at++) {
			depth += text.at[at] == '(';
			depth -= text.at[at] == ')';
			if (depth == 0)
				break;
		}
		if (at == text.len)
			return 0;
		*argument = sst_span(text.at + start + 1, at - start - 1);
		at++;
	}
	if (at < text.len && text.at[at] == ':')
		for (at++; at < text.len && text.at[at] >= '0' &&
			   text.at[at] <= '9';)
			at++;
	return at < text.len && text.at[at] == '%' ? at + 1 : 0;
}

bool
sst_envoy_is(struct sst_span format)
{
	struct sst_span name, argument;

	for (size_t i = 0; i < format.len; i++)
		if (format.at[i] == '%' &&
			take_operator(
				sst_span_from(format, i), &name, &argument) > 0)
			return true;
	return false;
}

/* REQ(X?Y): the header X, or else Y. */
static bool
request_cell(
	struct sst_arena *arena, struct sst_span argument, struct sst_cell *out)
{
	struct sst_span name =
		sst_span_head(argument, sst_span_find(argument, '?'));

	for (size_t i = 0; i < COUNT(requested); i++)
		if (sst_span_eq_nocase(name, sst_span_of(requested[i].name))) {
			*out = (struct sst_cell){
				.key = sst_span_of(requested[i].key),
				.conv = (uint8_t)requested[i].conv,
			};
			return true;
		}
	return sst_header_cell(arena, name, out);
}

static bool
response_cell(
	struct sst_arena *arena, struct sst_span argument, struct sst_cell *out)
{
	struct sst_span name =
		sst_span_head(argument, sst_span_find(argument, '?'));

	if (sst_span_eq_nocase(
		    name, sst_span_of("x-envoy-upstream-service-time"))) {
		*out = (struct sst_cell){ .conv = SST_CONV_SECONDS,
			.shift = 3,
			.key = sst_span_of("upstream_duration") };
		return true;
	}
	return sst_own_cell(arena, "sent_http_", name, out);
}

/* What an operator with an argument is called among the log's own names:
 * dynamic_metadata_NAMESPACE_KEY. */
static bool
other_cell(struct sst_arena *arena, struct sst_span name,
	struct sst_span argument, struct sst_cell *out)
{
	struct sst_span head = sst_own_name(arena, "", name), tail, whole;
	char *at;

	if (head.at == NULL)
		return false;
	tail = sst_own_name(arena, argument.len > 0 ? "_" : "", argument);
	at = sst_arena_take(arena, head.len + tail.len + 1);
	if (tail.at == NULL || at == NULL)
		return false;
	memcpy(at, head.at, head.len);
	memcpy(at + head.len, tail.at, tail.len);
	whole = sst_span(at, head.len + tail.len);
	return sst_own_cell(arena, "", whole, out);
}

/* START_TIME(%Y-..): strftime, with %3f for milliseconds. */
static bool
time_cell(struct sst_span name, struct sst_span argument, struct sst_cell *out)
{
	static const struct sst_span start = SST_SPAN("START_TIME");
	static const struct sst_span emit = SST_SPAN("EMIT_TIME");

	if (argument.len == 0 ||
		(!sst_span_starts(name, start) && !sst_span_starts(name, emit)))
		return false;
	*out = (struct sst_cell){ .conv = SST_CONV_TIME_FORMAT,
		.key = sst_span_of("time"),
		.format = argument };
	if (sst_span_is(argument, "%s") || sst_span_is(argument, "%s.%3f") ||
		sst_span_is(argument, "%s%3f"))
		out->conv = SST_CONV_TIME_EPOCH;
	return true;
}

static bool
cell_of(struct sst_arena *arena, struct sst_span name, struct sst_span argument,
	struct sst_cell *out)
{
	if (time_cell(name, argument, out))
		return true;
	if (sst_placeholder_cell(operators, COUNT(operators), name, out))
		return true;
	if (sst_span_is(name, "REQ") || sst_span_is(name, "REQUEST_HEADER"))
		return request_cell(arena, argument, out);
	if (sst_span_is(name, "RESP") || sst_span_is(name, "RESPONSE_HEADER"))
		return response_cell(arena, argument, out);
	if (sst_span_is(name, "TRAILER") ||
		sst_span_is(name, "RESPONSE_TRAILER"))
		return sst_own_cell(arena, "sent_trailer_", argument, out);
	return other_cell(arena, name, argument, out);
}

enum sst_status
sst_envoy_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	struct sst_span rest = sst_span_from(format, *at), name, argument;
	size_t len;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (rest.len == 0)
		return SST_END;
	if (rest.at[0] != '%' || (rest.len > 1 && rest.at[1] == '%')) {
		sst_piece_literal(
			out, at, rest.at[0], rest.at[0] == '%' ? 2 : 1);
		return SST_OK;
	}
	len = take_operator(rest, &name, &argument);
	if (len == 0)
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: expected an operator between "
			"'%%' and '%%'",
			*at + 1);
	if (!cell_of(arena, name, argument, &out->cell))
		return sst_fail_memory(err, "the format");
	*at += len;
	return SST_OK;
}
