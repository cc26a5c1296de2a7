/* SPDX-License-Identifier: ISC */
/*
 * HAProxy's log-format: %x, %{flags}x, %[sample], %(name)x.
 *
 * Facts: the configuration manual, section 8.2, and src/log.c. Several blanks
 * become one, and %hr %hs, the captured headers, are not written at all where
 * the proxy declares none; flags change quotes only (%{+Q}).
 */
#include "record/dialect.h"

/* Aliases; times are milliseconds. Accept and request time have no zone: they
 * are the machine's, which keeps UTC. */
static const struct {
	const char *name, *key;
	enum sst_conv conv;
	int8_t shift;
	bool is_own;
	bool is_mark; /* no other dialect writes this */
} aliases[] = {
	{ "ac", "actconn", SST_CONV_INT, 0, true, true },
	{ "B", "bytes_sent", SST_CONV_INT, 0, false, false },
	{ "b", "backend", SST_CONV_WORD, 0, true, false },
	{ "bc", "beconn", SST_CONV_INT, 0, true, true },
	{ "bi", "backend_source_ip", SST_CONV_WORD, 0, true, true },
	{ "bp", "backend_source_port", SST_CONV_INT, 0, true, true },
	{ "bq", "backend_queue", SST_CONV_INT, 0, true, true },
	{ "CC", "captured_request_cookie", SST_CONV_TEXT, 0, true, true },
	{ "ci", "client_ip", SST_CONV_CLIENT, 0, false, true },
	{ "cp", "client_port", SST_CONV_INT, 0, false, true },
	{ "CS", "captured_response_cookie", SST_CONV_TEXT, 0, true, true },
	{ "f", "frontend", SST_CONV_FRONTEND, 0, true, false },
	{ "fc", "feconn", SST_CONV_INT, 0, true, true },
	{ "fi", "server_ip", SST_CONV_ADDRESS, 0, false, true },
	{ "fp", "server_port", SST_CONV_INT, 0, false, true },
	{ "ft", "frontend", SST_CONV_FRONTEND, 0, true, true },
	{ "H", "hostname", SST_CONV_WORD, 0, true, false },
	{ "HM", "method", SST_CONV_WORD, 0, false, true },
	{ "HP", "path", SST_CONV_TEXT, 0, false, true },
	{ "HPO", "path", SST_CONV_TEXT, 0, false, true },
	{ "HQ", "query", SST_CONV_QUERY, 0, false, true },
	{ "HU", "path", SST_CONV_TARGET, 0, false, true },
	{ "HV", "protocol", SST_CONV_WORD, 0, false, true },
	{ "hr", "captured_request_headers", SST_CONV_TEXT, 0, true, true },
	{ "hrl", "captured_request_headers", SST_CONV_TEXT, 0, true, true },
	{ "hs", "captured_response_headers", SST_CONV_TEXT, 0, true, true },
	{ "hsl", "captured_response_headers", SST_CONV_TEXT, 0, true, true },
	{ "ID", "request_id", SST_CONV_TEXT, 0, false, true },
	{ "lc", "frontend_log_counter", SST_CONV_INT, 0, true, true },
	{ "ms", "time", SST_CONV_FRACTION, 0, false, true },
	{ "OG", "log_origin", SST_CONV_WORD, 0, true, true },
	{ "pid", "pid", SST_CONV_INT, 0, true, true },
	{ "r", "request", SST_CONV_REQUEST, 0, false, false },
	{ "rc", "retries", SST_CONV_INT, 0, true, true },
	{ "rt", "request_counter", SST_CONV_INT, 0, true, true },
	{ "s", "server", SST_CONV_WORD, 0, true, false },
	{ "sc", "srv_conn", SST_CONV_INT, 0, true, true },
	{ "si", "upstream", SST_CONV_WORD, 0, false, true },
	{ "sp", "upstream_port", SST_CONV_INT, 0, true, true },
	{ "sq", "srv_queue", SST_CONV_INT, 0, true, true },
	{ "sslc", "tls_cipher", SST_CONV_WORD, 0, false, true },
	{ "sslv", "tls_version", SST_CONV_WORD, 0, false, true },
	{ "ST", "status", SST_CONV_STATUS, 0, false, true },
	{ "T", "time", SST_CONV_TIME_CLF, 0, false, false },
	{ "t", "time", SST_CONV_TIME_FORMAT, 0, false, false },
	{ "Ta", "duration", SST_CONV_SECONDS, 3, false, true },
	{ "Tc", "connect_time", SST_CONV_INT, 0, true, true },
	{ "Td", "data_time", SST_CONV_INT, 0, true, true },
	{ "Th", "handshake_time", SST_CONV_INT, 0, true, true },
	{ "Ti", "idle_time", SST_CONV_INT, 0, true, true },
	{ "Tl", "time", SST_CONV_TIME_CLF, 0, false, false },
	{ "Tq", "request_time", SST_CONV_INT, 0, true, true },
	{ "TR", "request_time", SST_CONV_INT, 0, true, true },
	{ "Tr", "ttfb", SST_CONV_SECONDS, 3, false, true },
	{ "tr", "time", SST_CONV_TIME_FORMAT, 0, false, true },
	{ "trg", "time", SST_CONV_TIME_CLF, 0, false, true },
	{ "trl", "time", SST_CONV_TIME_CLF, 0, false, true },
	{ "Ts", "time", SST_CONV_TIME_EPOCH, 0, false, false },
	{ "ts", "termination_state", SST_CONV_WORD, 0, true, true },
	{ "tsc", "termination_state", SST_CONV_WORD, 0, true, true },
	{ "Tt", "duration", SST_CONV_SECONDS, 3, false, true },
	{ "Tu", "user_time", SST_CONV_INT, 0, true, true },
	{ "Tw", "queue_time", SST_CONV_INT, 0, true, true },
	{ "U", "bytes_received", SST_CONV_INT, 0, false, false },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Sample expressions that have a key of their own. */
static const struct sst_placeholder samples[] = {
	{ "capture.req.method", "method", SST_CONV_WORD, 0 },
	{ "capture.req.uri", "path", SST_CONV_TARGET, 0 },
	{ "capture.req.ver", "protocol", SST_CONV_WORD, 0 },
	{ "method", "method", SST_CONV_WORD, 0 },
	{ "path", "path", SST_CONV_TEXT, 0 },
	{ "query", "query", SST_CONV_QUERY, 0 },
	{ "src", "client_ip", SST_CONV_CLIENT, 0 },
	{ "src_port", "client_port", SST_CONV_INT, 0 },
	{ "dst", "server_ip", SST_CONV_ADDRESS, 0 },
	{ "dst_port", "server_port", SST_CONV_INT, 0 },
	{ "status", "status", SST_CONV_STATUS, 0 },
	{ "ssl_fc_protocol", "tls_version", SST_CONV_WORD, 0 },
	{ "ssl_fc_cipher", "tls_cipher", SST_CONV_WORD, 0 },
	{ "unique-id", "request_id", SST_CONV_TEXT, 0 },
};

/* 24/Nov/2026:10:15:02.655 */
static const struct sst_span stamp = SST_SPAN("%d/%b/%Y:%H:%M:%S.%3f");

static bool
is_letter(char c)
{
	c = sst_lower(c);
	return c >= 'a' && c <= 'z';
}

/* The row of the letters at the start of `text`, or COUNT(aliases): the
 * longest alias that they begin with. */
static size_t
find_alias(struct sst_span text, bool is_whole)
{
	size_t found = COUNT(aliases), length = 0;

	for (size_t i = 0; i < COUNT(aliases); i++) {
		struct sst_span name = sst_span_of(aliases[i].name);

		if (name.len > length && sst_span_starts(text, name) &&
			!(is_whole && text.len > name.len &&
				is_letter(text.at[name.len]))) {
			found = i;
			length = name.len;
		}
	}
	return found;
}

/* A mark is a sample, a flag with its sign, or an alias of HAProxy's alone. */
bool
sst_haproxy_is(struct sst_span format)
{
	for (size_t i = 0; i + 2 < format.len; i++) {
		struct sst_span rest = sst_span_from(format, i + 1);
		size_t row;

		if (format.at[i] != '%')
			continue;
		if (rest.at[0] == '[' ||
			(rest.at[0] == '{' &&
				(rest.at[1] == '+' || rest.at[1] == '-')))
			return true;
		row = find_alias(rest, true);
		if (row < COUNT(aliases) && aliases[row].is_mark)
			return true;
	}
	return false;
}

static bool
sample_cell(struct sst_arena *arena, struct sst_span text, struct sst_cell *out)
{
	static const struct sst_span header = SST_SPAN("req.hdr(");
	static const struct sst_span captured = SST_SPAN("capture.req.hdr(");
	size_t comma = sst_span_find(text, ',');
	struct sst_span name = sst_span_head(text, comma);

	if (sst_placeholder_cell(samples, COUNT(samples), name, out))
		return true;
	if (sst_span_starts(text, header) && !sst_span_starts(text, captured)) {
		name = sst_span_from(text, header.len);
		name.len = sst_span_find(name, ')');
		name.len = sst_span_find(name, ',');
		return sst_header_cell(arena, name, out);
	}
	return sst_own_cell(arena, "", name, out);
}

static bool
alias_cell(struct sst_arena *arena, size_t row, struct sst_piece *out)
{
	struct sst_span key = sst_span_of(aliases[row].key);

	if (aliases[row].is_own && !sst_own_cell(arena, "", key, &out->cell))
		return false;
	if (!aliases[row].is_own)
		out->cell = (struct sst_cell){ .key = key };
	out->cell.conv = (uint8_t)aliases[row].conv;
	out->cell.shift = aliases[row].shift;
	if (out->cell.conv == SST_CONV_TIME_FORMAT)
		out->cell.format = stamp;
	if (out->cell.conv == SST_CONV_FRACTION)
		out->fixed = 3;
	return true;
}

/* Behind '%': "{flags}" and "(name:type)", either of which may be missing. */
static bool
skip_marks(struct sst_span format, size_t *at, bool *is_quoted)
{
	static const char opening[] = "{(", closing[] = "})";

	for (size_t i = 0; i < 2; i++) {
		struct sst_span rest = sst_span_from(format, *at);
		size_t end;

		if (rest.len == 0 || rest.at[0] != opening[i])
			continue;
		end = sst_span_find(rest, closing[i]);
		if (end == rest.len)
			return false;
		for (size_t k = 0; k + 1 < end; k++)
			if (rest.at[k + 1] == 'Q')
				*is_quoted = rest.at[k] == '+';
		*at += end + 1;
	}
	return true;
}

/* %{+Q}o changes all that follows and writes nothing itself: said once, at the
 * start, it is looked for from there. */
static bool
all_quoted(struct sst_span format, size_t at)
{
	bool found = false;

	for (size_t i = 0; i + 1 < at; i++) {
		bool is_quoted = false;
		size_t k = i + 1;

		if (format.at[i] != '%' || format.at[i + 1] != '{' ||
			!skip_marks(format, &k, &is_quoted) || k >= at ||
			format.at[k] != 'o')
			continue;
		found = is_quoted;
	}
	return found;
}

static bool
is_text(const struct sst_cell *cell)
{
	return cell->conv == SST_CONV_TEXT || cell->conv == SST_CONV_WORD ||
	       cell->conv == SST_CONV_REQUEST ||
	       cell->conv == SST_CONV_TARGET || cell->conv == SST_CONV_QUERY ||
	       cell->conv == SST_CONV_FRONTEND;
}

/* %hr and %hs stand in braces, which no value has, or are missing. */
static void
captured(struct sst_piece *out)
{
	static const struct sst_span name = SST_SPAN("captured_re");

	if (!sst_span_starts(out->cell.key, name) || out->opening != 0 ||
		out->cell.key.at[out->cell.key.len - 1] != 's')
		return;
	out->opening = '{';
	out->closing = '}';
	out->is_optional = true;
}

/* %ci:%cp: an IPv6 address has colons too, the last one is the port's. */
static void
take_port(struct sst_span format, size_t *at, struct sst_piece *out)
{
	static const struct sst_span port = SST_SPAN(":%cp");

	if (out->cell.conv == SST_CONV_CLIENT &&
		sst_span_starts(sst_span_from(format, *at), port)) {
		out->cell.conv = SST_CONV_ENDPOINT;
		*at += port.len;
	}
}

/* %[...] or an alias at *at. */
static enum sst_status
take_field(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	struct sst_span rest = sst_span_from(format, *at);
	size_t row;

	if (rest.len > 0 && rest.at[0] == '[') {
		size_t end = sst_span_find(rest, ']');

		if (end == rest.len)
			return sst_fail(err, SST_ECONFIG,
				"byte %zu of the format: '[' is not closed",
				*at + 1);
		*at += end + 1;
		return sample_cell(arena, sst_span(rest.at + 1, end - 1),
			       &out->cell)
			       ? SST_OK
			       : sst_fail_memory(err, "the format");
	}
	row = find_alias(rest, false);
	if (row == COUNT(aliases))
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: unknown alias '%%%.*s'",
			*at + 1, rest.len > 3 ? 3 : (int)rest.len, rest.at);
	*at += strlen(aliases[row].name);
	return alias_cell(arena, row, out) ? SST_OK
					   : sst_fail_memory(err, "the format");
}

enum sst_status
sst_haproxy_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	bool is_quoted = all_quoted(format, *at);
	size_t start = *at, i = *at;
	enum sst_status status;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (i == format.len)
		return SST_END;
	if (format.at[i] == '\\' && i + 1 < format.len) {
		sst_piece_literal(out, at, format.at[i + 1], 2);
		return SST_OK;
	}
	if (format.at[i] != '%' ||
		(i + 1 < format.len && format.at[i + 1] == '%')) {
		sst_piece_literal(
			out, at, format.at[i], format.at[i] == '%' ? 2 : 1);
		return SST_OK;
	}
	i++;
	if (!skip_marks(format, &i, &is_quoted))
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: '{' is not closed", start + 1);
	if (i < format.len && format.at[i] == 'o') {
		out->kind = SST_PIECE_NOTHING;
		*at = i + 1;
		return SST_OK;
	}
	status = take_field(arena, format, &i, out, err);
	if (status != SST_OK)
		return status;
	take_port(format, &i, out);
	*at = i;
	if (is_quoted && is_text(&out->cell))
		out->opening = out->closing = '"';
	captured(out);
	return SST_OK;
}
