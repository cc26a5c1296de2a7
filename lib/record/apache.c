/* SPDX-License-Identifier: ISC */
/* Apache's LogFormat: %x and %{argument}x with modifiers. */
#include "record/dialect.h"

#include <string.h>

/* Directives without an argument, or with one that changes nothing. */
static const struct {
	const char *name, *key;
	enum sst_conv conv;
	int8_t shift;
	bool is_own;
} directives[] = {
	{ "a", "client_ip", SST_CONV_CLIENT, 0, false },
	{ "A", "server_ip", SST_CONV_ADDRESS, 0, false },
	{ "B", "bytes", SST_CONV_INT, 0, false },
	{ "b", "bytes", SST_CONV_INT, 0, false },
	{ "D", "duration", SST_CONV_SECONDS, 6, false },
	{ "f", "filename", SST_CONV_TEXT, 0, true },
	{ "h", "client_ip", SST_CONV_CLIENT, 0, false },
	{ "H", "protocol", SST_CONV_WORD, 0, false },
	{ "I", "bytes_received", SST_CONV_INT, 0, false },
	{ "k", "keepalive_requests", SST_CONV_WORD, 0, true },
	{ "l", "ident", SST_CONV_IDENT, 0, false },
	{ "L", "request_id", SST_CONV_WORD, 0, false },
	{ "m", "method", SST_CONV_WORD, 0, false },
	{ "O", "bytes_sent", SST_CONV_INT, 0, false },
	{ "p", "server_port", SST_CONV_INT, 0, false },
	{ "P", "pid", SST_CONV_WORD, 0, true },
	{ "q", "query", SST_CONV_QUERY, 0, false },
	{ "r", "request", SST_CONV_REQUEST, 0, false },
	{ "R", "handler", SST_CONV_WORD, 0, true },
	{ "s", "status", SST_CONV_STATUS, 0, false },
	{ "S", "bytes_transferred", SST_CONV_WORD, 0, true },
	{ "T", "duration", SST_CONV_SECONDS, 0, false },
	{ "u", "user", SST_CONV_USER, 0, false },
	{ "U", "path", SST_CONV_TEXT, 0, false },
	{ "v", "host", SST_CONV_HOST, 0, false },
	{ "V", "server_name", SST_CONV_WORD, 0, false },
	{ "X", "connection_status", SST_CONV_WORD, 0, true },
	{ "^FB", "ttfb", SST_CONV_SECONDS, 6, false },
	{ "^FU", "request_body_time_us", SST_CONV_WORD, 0, true },
};

/* Directives whose argument decides. */
static const struct {
	const char *name, *argument, *key;
	enum sst_conv conv;
	int8_t shift;
} arguments[] = {
	{ "a", "c", "peer_ip", SST_CONV_ADDRESS, 0 },
	{ "h", "c", "peer_ip", SST_CONV_ADDRESS, 0 },
	{ "p", "remote", "client_port", SST_CONV_INT, 0 },
	{ "T", "s", "duration", SST_CONV_SECONDS, 0 },
	{ "T", "ms", "duration", SST_CONV_SECONDS, 3 },
	{ "T", "us", "duration", SST_CONV_SECONDS, 6 },
	{ "t", "sec", "time", SST_CONV_TIME_EPOCH, 0 },
	{ "t", "msec", "time", SST_CONV_TIME_EPOCH, 0 },
	{ "t", "usec", "time", SST_CONV_TIME_EPOCH, 0 },
	{ "t", "msec_frac", "time", SST_CONV_FRACTION, 0 },
	{ "t", "usec_frac", "time", SST_CONV_FRACTION, 0 },
	{ "x", "SSL_PROTOCOL", "tls_version", SST_CONV_WORD, 0 },
	{ "x", "SSL_CIPHER", "tls_cipher", SST_CONV_WORD, 0 },
	{ "c", "SSL_PROTOCOL", "tls_version", SST_CONV_WORD, 0 },
	{ "c", "SSL_CIPHER", "tls_cipher", SST_CONV_WORD, 0 },
};

/* Directives that name something of the request: the key is made of both. */
static const struct {
	const char *name, *prefix;
} named[] = {
	{ "C", "cookie_" },
	{ "e", "env_" },
	{ "n", "note_" },
	{ "o", "sent_http_" },
	{ "^ti", "trailer_" },
	{ "^to", "sent_trailer_" },
	{ "x", "" },
	{ "c", "" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* %{...}t: one of the words above, else a strftime format. */
static void
time_format(struct sst_span argument, struct sst_cell *out)
{
	out->key = sst_span_of("time");
	out->conv = SST_CONV_TIME_FORMAT;
	out->format = argument;
}

/* "begin:" and "end:" say when the clock was read, not how it is written. */
static struct sst_span
without_prefix(struct sst_span argument)
{
	static const struct sst_span begin = SST_SPAN("begin:");
	static const struct sst_span end = SST_SPAN("end:");

	if (sst_span_starts(argument, begin))
		return sst_span_from(argument, begin.len);
	if (sst_span_starts(argument, end))
		return sst_span_from(argument, end.len);
	return argument;
}

/* SST_OK, SST_END: no such directive, SST_ENOMEM. */
static enum sst_status
cell_of(struct sst_arena *arena, struct sst_span name, struct sst_span argument,
	struct sst_cell *out)
{
	*out = (struct sst_cell){ .conv = SST_CONV_TEXT };
	if (sst_span_is(name, "t"))
		argument = without_prefix(argument);
	for (size_t i = 0; i < COUNT(arguments); i++)
		if (sst_span_is(name, arguments[i].name) &&
			sst_span_is(argument, arguments[i].argument)) {
			out->key = sst_span_of(arguments[i].key);
			out->conv = (uint8_t)arguments[i].conv;
			out->shift = arguments[i].shift;
			return SST_OK;
		}
	for (size_t i = 0; i < COUNT(directives); i++)
		if (sst_span_is(name, directives[i].name)) {
			out->key = sst_span_of(directives[i].key);
			out->conv = (uint8_t)directives[i].conv;
			out->shift = directives[i].shift;
			out->is_own = directives[i].is_own;
			return SST_OK;
		}
	if (argument.len == 0)
		return SST_END;
	if (sst_span_is(name, "t")) {
		time_format(argument, out);
		return SST_OK;
	}
	if (sst_span_is(name, "i"))
		return sst_header_cell(arena, argument, out) ? SST_OK
							     : SST_ENOMEM;
	for (size_t i = 0; i < COUNT(named); i++)
		if (sst_span_is(name, named[i].name)) {
			out->key =
				sst_own_name(arena, named[i].prefix, argument);
			out->is_own = true;
			return out->key.at != NULL ? SST_OK : SST_ENOMEM;
		}
	return SST_END;
}

/* A backslash sequence of the configuration file. */
static char
literal_of(char c)
{
	return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* The length of "^FB" and the like, else 1. */
static size_t
name_length(struct sst_span rest)
{
	if (rest.len >= 3 && rest.at[0] == '^')
		return 3;
	return rest.len > 0 ? 1 : 0;
}

/* Behind '%': modifiers ("!400,501", "<", ">") and "{argument}", in any
 * order. False: a brace is not closed. */
static bool
skip_modifiers(struct sst_span format, size_t *at, struct sst_span *argument)
{
	*argument = sst_span("", 0);
	while (*at < format.len) {
		char c = format.at[*at];
		size_t len;

		if (c == '{') {
			len = sst_span_find(sst_span_from(format, *at), '}');
			if (*at + len == format.len)
				return false;
			*argument = sst_span(format.at + *at + 1, len - 1);
			*at += len + 1;
		} else if (c == '<' || c == '>' || c == '!' || c == ',' ||
			   (c >= '0' && c <= '9')) {
			++*at;
		} else {
			break;
		}
	}
	return true;
}

static void
whole_time(struct sst_piece *out)
{
	out->cell = (struct sst_cell){ .conv = SST_CONV_TIME_CLF,
		.key = sst_span_of("time") };
	out->opening = '[';
	out->closing = ']';
}

bool
sst_apache_is(struct sst_span format)
{
	return sst_span_find(format, '%') < format.len;
}

enum sst_status
sst_apache_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	size_t start = *at, i = *at, len;
	struct sst_span argument, name;
	enum sst_status status;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (i == format.len)
		return SST_END;
	if (format.at[i] == '\\' && i + 1 < format.len) {
		sst_piece_literal(out, at, literal_of(format.at[i + 1]), 2);
		return SST_OK;
	}
	if (format.at[i] != '%' ||
		(i + 1 < format.len && format.at[i + 1] == '%')) {
		sst_piece_literal(
			out, at, format.at[i], format.at[i] == '%' ? 2 : 1);
		return SST_OK;
	}
	i++;
	if (!skip_modifiers(format, &i, &argument))
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: '{' is not closed", start + 1);
	len = name_length(sst_span_from(format, i));
	name = sst_span(format.at + i, len);
	*at = i + len;
	if (sst_span_is(name, "t") && argument.len == 0) {
		whole_time(out);
		return SST_OK;
	}
	status = cell_of(arena, name, argument, &out->cell);
	if (status == SST_ENOMEM)
		return sst_fail_memory(err, "the format");
	if (status == SST_END)
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: unknown directive '%.*s'",
			start + 1, (int)(*at - start), format.at + start);
	if (out->cell.conv == SST_CONV_FRACTION)
		out->fixed = sst_span_is(without_prefix(argument), "msec_frac")
				     ? 3
				     : 6;
	return SST_OK;
}
