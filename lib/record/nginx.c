/* SPDX-License-Identifier: ISC */
/* nginx's log_format: $name and ${name} between literal text. */
#include "record/dialect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Variables that have a key of their own in an event; all others keep their
 * name. Times are seconds with three decimals. */
static const struct sst_placeholder variables[] = {
	{ "remote_addr", "client_ip", SST_CONV_CLIENT, 0 },
	{ "remote_port", "client_port", SST_CONV_INT, 0 },
	{ "realip_remote_addr", "peer_ip", SST_CONV_ADDRESS, 0 },
	{ "host", "host", SST_CONV_HOST, 0 },
	{ "server_port", "server_port", SST_CONV_INT, 0 },
	{ "server_name", "server_name", SST_CONV_WORD, 0 },
	{ "server_addr", "server_ip", SST_CONV_ADDRESS, 0 },
	{ "remote_user", "user", SST_CONV_USER, 0 },
	{ "request", "request", SST_CONV_REQUEST, 0 },
	{ "request_method", "method", SST_CONV_WORD, 0 },
	{ "scheme", "scheme", SST_CONV_WORD, 0 },
	{ "https", "scheme", SST_CONV_HTTPS, 0 },
	{ "request_uri", "path", SST_CONV_TARGET, 0 },
	{ "uri", "path", SST_CONV_TEXT, 0 },
	{ "document_uri", "path", SST_CONV_TEXT, 0 },
	{ "args", "query", SST_CONV_QUERY, 0 },
	{ "query_string", "query", SST_CONV_QUERY, 0 },
	{ "server_protocol", "protocol", SST_CONV_WORD, 0 },
	{ "status", "status", SST_CONV_STATUS, 0 },
	{ "body_bytes_sent", "bytes", SST_CONV_INT, 0 },
	{ "bytes_sent", "bytes_sent", SST_CONV_INT, 0 },
	{ "request_length", "bytes_received", SST_CONV_INT, 0 },
	{ "request_time", "duration", SST_CONV_SECONDS, 0 },
	{ "upstream_header_time", "ttfb", SST_CONV_LAST_SECONDS, 0 },
	{ "upstream_addr", "upstream", SST_CONV_LIST, 0 },
	{ "upstream_status", "upstream_status", SST_CONV_LAST_INT, 0 },
	{ "upstream_response_time", "upstream_duration", SST_CONV_SUM_SECONDS,
		0 },
	{ "upstream_cache_status", "cache", SST_CONV_UPPER, 0 },
	{ "ssl_protocol", "tls_version", SST_CONV_WORD, 0 },
	{ "ssl_cipher", "tls_cipher", SST_CONV_WORD, 0 },
	{ "request_id", "request_id", SST_CONV_WORD, 0 },
	{ "req_id", "request_id", SST_CONV_WORD, 0 },
	{ "kong_request_id", "request_id", SST_CONV_WORD, 0 },
	{ "time_local", "time", SST_CONV_TIME_CLF, 0 },
	{ "time_iso8601", "time", SST_CONV_TIME_ISO, 0 },
	{ "msec", "time", SST_CONV_TIME_EPOCH, 0 },
};

/* Variables of the log's own whose values have no blank: where they end is
 * clear, whatever stands behind them. */
static const char *const words[] = { "ancient_browser", "connection",
	"connection_requests", "connection_time", "content_length",
	"gzip_ratio", "hostname", "http2", "http3", "invalid_referer",
	"is_args", "limit_conn_status", "limit_req_status", "modern_browser",
	"msie", "nginx_version", "pid", "pipe", "proxy_protocol_port",
	"proxy_protocol_server_port", "realip_remote_port",
	"request_completion", "ssl_alpn_protocol", "ssl_client_fingerprint",
	"ssl_client_serial", "ssl_curve", "ssl_early_data", "ssl_protocol",
	"ssl_server_name", "ssl_session_id", "ssl_session_reused",
	"tcpinfo_rcv_space", "tcpinfo_rtt", "tcpinfo_rttvar",
	"tcpinfo_snd_cwnd" };

/* Variables with nothing between them that are one value. */
static const char *const targets[] = {
	"$scheme://$host$request_uri",
	"$scheme://$http_host$request_uri",
	"$scheme://$server_name$request_uri",
	"$scheme://$host$uri$is_args$args",
	"$uri$is_args$args",
	"$uri$is_args$query_string",
	"$document_uri$is_args$args",
};

/* $upstream_http_name and the like may hold anything. */
static bool
is_header(struct sst_span name)
{
	static const struct sst_span prefixes[] = { SST_SPAN("upstream_http_"),
		SST_SPAN("upstream_cookie_"), SST_SPAN("upstream_trailer_") };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (sst_span_starts(name, prefixes[i]))
			return true;
	return false;
}

static bool
cell_of(struct sst_arena *arena, struct sst_span name, struct sst_cell *out)
{
	static const struct sst_span header = SST_SPAN("http_");
	static const struct sst_span upstream = SST_SPAN("upstream_");

	if (sst_placeholder_cell(variables, COUNT(variables), name, out))
		return true;
	if (sst_span_starts(name, header))
		return sst_header_cell(
			arena, sst_span_from(name, header.len), out);
	if (!sst_own_cell(arena, "", name, out))
		return false;
	if (sst_span_starts(name, upstream) && !is_header(name))
		out->conv = SST_CONV_LIST;
	for (size_t i = 0; i < COUNT(words); i++)
		if (sst_span_is(name, words[i]))
			out->conv = SST_CONV_WORD;
	return true;
}

static bool
is_name(char c)
{
	return (c >= '0' && c <= '9') || c == '_' ||
	       (sst_lower(c) >= 'a' && sst_lower(c) <= 'z');
}

/* One of the targets at the start of `rest`: its length, or 0. */
static size_t
target_length(struct sst_span rest)
{
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct sst_span target = sst_span_of(targets[i]);

		if (sst_span_starts(rest, target) &&
			(rest.len == target.len ||
				!is_name(rest.at[target.len])))
			return target.len;
	}
	return 0;
}

/* A '$' before a letter or a brace; no other dialect has one there. */
bool
sst_nginx_is(struct sst_span format)
{
	for (size_t i = 0; i + 1 < format.len; i++) {
		char next = sst_lower(format.at[i + 1]);

		if (format.at[i] == '$' &&
			(next == '{' || (next >= 'a' && next <= 'z')))
			return true;
	}
	return false;
}

enum sst_status
sst_nginx_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	size_t start = *at, end;
	bool has_brace;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (start == format.len)
		return SST_END;
	if (format.at[start] != '$') {
		sst_piece_literal(out, at, format.at[start], 1);
		return SST_OK;
	}
	end = target_length(sst_span_from(format, start));
	if (end > 0) {
		out->cell = (struct sst_cell){ .conv = SST_CONV_TARGET,
			.key = sst_span_of("path") };
		*at = start + end;
		return SST_OK;
	}
	has_brace = start + 1 < format.len && format.at[start + 1] == '{';
	start += 1 + has_brace;
	for (end = start; end < format.len && is_name(format.at[end]); end++)
		continue;
	if (end == start ||
		(has_brace && (end == format.len || format.at[end] != '}')))
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: expected the name of a "
			"variable after '$'",
			*at + 1);
	if (!cell_of(arena, sst_span(format.at + start, end - start),
		    &out->cell))
		return sst_fail_memory(err, "the format");
	*at = end + has_brace;
	return SST_OK;
}
