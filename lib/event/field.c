/* SPDX-License-Identifier: ISC */
#include "event/field.h"

#include <assert.h>

/* Columns: type, personal?, the strict policy's action, help. */
static const struct sst_field_row rows[SST_FIELD_COUNT] = {
	[SST_F_OTHER] = { "", SST_TYPE_STRING, true, "drop",
		"any other key: the log's own, or a user's" },
#define ROW(tag, name, type, personal, strict, help) \
	[SST_F_##tag] = { name, SST_TYPE_##type, personal, strict, help }

	ROW(ID, "id", STRING, false, "rekey",
		"deterministic event id, UUID version 8"),
	ROW(TIME, "time", STRING, false, "truncate:1s",
		"when the request was logged, UTC"),
	ROW(EVENT, "event", STRING, false, "set, scan",
		"event name, given by the rules"),
	ROW(CLIENT_IP, "client_ip", STRING, true, "mask",
		"the visitor's address"),
	ROW(CLIENT_PORT, "client_port", INT, true, "drop",
		"the visitor's port"),
	ROW(CLIENT_HOST, "client_host", STRING, true, "drop",
		"host name logged instead of an address"),
	ROW(PEER_IP, "peer_ip", STRING, true, "drop",
		"TCP peer, when it differs from client_ip"),
	ROW(FORWARDED_FOR, "forwarded_for", STRING, true, "drop",
		"X-Forwarded-For as logged"),
	ROW(HOST, "host", STRING, false, "set, domain",
		"requested host, lower case, no port"),
	ROW(SERVER_PORT, "server_port", INT, false, "keep", "server port"),
	ROW(SERVER_NAME, "server_name", STRING, false, "set, domain",
		"configured server name, when logged beside host"),
	ROW(SERVER_IP, "server_ip", STRING, false, "drop", "server address"),
	ROW(IDENT, "ident", STRING, true, "drop", "RFC 1413 identity"),
	ROW(USER, "user", STRING, true, "drop", "authenticated user"),
	ROW(METHOD, "method", STRING, false, "set", "request method as sent"),
	ROW(SCHEME, "scheme", STRING, false, "keep", "http or https"),
	ROW(PATH, "path", STRING, true, "template, scan",
		"path without query, as sent"),
	ROW(QUERY, "query", STRING, true, "allow:page,sort,lang",
		"query without the question mark"),
	ROW(PROTOCOL, "protocol", STRING, false, "set",
		"HTTP/1.1, HTTP/2.0 ... as sent"),
	ROW(REQUEST, "request", STRING, true, "drop",
		"the request line, only when it is not well-formed"),
	ROW(STATUS, "status", INT, false, "keep", "final response status"),
	ROW(BYTES, "bytes", INT, false, "keep", "response body bytes"),
	ROW(BYTES_SENT, "bytes_sent", INT, false, "drop",
		"response bytes with headers"),
	ROW(BYTES_RECEIVED, "bytes_received", INT, false, "drop",
		"request bytes with headers"),
	ROW(REFERRER, "referrer", STRING, true, "domain, template, scan",
		"Referer header"),
	ROW(USER_AGENT, "user_agent", STRING, true, "reduce",
		"User-Agent header"),
	ROW(DURATION, "duration", NUMBER, false, "keep",
		"seconds to serve the request; of a session: its length"),
	ROW(TTFB, "ttfb", NUMBER, false, "drop", "seconds to the first byte"),
	ROW(UPSTREAM, "upstream", STRING, false, "drop", "upstream addresses"),
	ROW(UPSTREAM_STATUS, "upstream_status", INT, false, "drop",
		"last upstream's status"),
	ROW(UPSTREAM_DURATION, "upstream_duration", NUMBER, false, "drop",
		"seconds upstream, summed over retries"),
	ROW(CACHE, "cache", STRING, false, "keep",
		"cache result: HIT, MISS ..."),
	ROW(TLS_VERSION, "tls_version", STRING, false, "keep", "TLS version"),
	ROW(TLS_CIPHER, "tls_cipher", STRING, false, "drop", "TLS cipher"),
	ROW(REQUEST_ID, "request_id", STRING, true, "drop",
		"request or trace id"),
	ROW(DNT, "dnt", BOOL, false, "keep", "the DNT header was 1"),
	ROW(GPC, "gpc", BOOL, false, "keep", "the Sec-GPC header was 1"),
	ROW(CONSENT, "consent", STRING, true, "decision",
		"consent signal as logged"),
	ROW(COOKIE, "cookie", STRING, true, "drop", "Cookie header as logged"),

	ROW(PROPS, "props", OBJECT, true, "drop",
		"properties given by a rule or a beacon"),
	ROW(PARAMS, "params", OBJECT, true, "allow:page,sort,lang",
		"decoded query parameters"),
	ROW(COUNTRY, "country", STRING, false, "keep",
		"ISO 3166-1 alpha-2 code"),
	ROW(REGION, "region", STRING, false, "keep",
		"ISO 3166-2 code without the country"),
	ROW(CITY, "city", STRING, true, "drop", "city"),
	ROW(LATITUDE, "latitude", NUMBER, true, "drop", "degrees north"),
	ROW(LONGITUDE, "longitude", NUMBER, true, "drop", "degrees east"),
	ROW(TIME_ZONE, "time_zone", STRING, false, "keep", "IANA time zone"),
	ROW(ASN, "asn", INT, true, "drop", "autonomous system number"),
	ROW(AS_ORG, "as_org", STRING, true, "drop",
		"autonomous system's organization"),
	ROW(BROWSER, "browser", STRING, false, "keep", "browser family"),
	ROW(BROWSER_VERSION, "browser_version", STRING, false, "truncate:1",
		"browser version"),
	ROW(OS, "os", STRING, false, "keep", "operating system"),
	ROW(OS_VERSION, "os_version", STRING, false, "truncate:1",
		"operating system version"),
	ROW(DEVICE, "device", STRING, false, "keep",
		"desktop, mobile, tablet, tv, bot or other"),
	ROW(BOT, "bot", STRING, false, "keep",
		"the bot's name; absent for people"),
	ROW(SOURCE, "source", STRING, false, "scan", "traffic source"),
	ROW(MEDIUM, "medium", STRING, false, "scan", "traffic medium"),
	ROW(CAMPAIGN, "campaign", STRING, false, "scan", "campaign name"),
	ROW(TERM, "term", STRING, true, "drop", "search term"),
	ROW(CONTENT, "content", STRING, false, "scan", "campaign content"),
	ROW(CHANNEL, "channel", STRING, false, "keep",
		"GA4 default channel group"),
	ROW(CLICK_ID, "click_id", STRING, true, "replace",
		"click id of an advertising network, NAME=VALUE"),
	ROW(WEIGHT, "weight", NUMBER, false, "keep",
		"1/rate of a sampled event"),
	ROW(INVALID_UTF8, "invalid_utf8", BOOL, false, "keep",
		"bytes that are not UTF-8 became U+FFFD"),
	ROW(FILE, "file", STRING, true, "drop", "name of the input"),
	ROW(LINE, "line", INT, false, "drop", "line number in the input"),
	ROW(OFFSET, "offset", INT, false, "drop",
		"offset of the line's first byte"),

	ROW(VISITOR_ID, "visitor_id", STRING, true, "rekey:day",
		"pseudonymous visitor, UUID"),
	ROW(SESSION_ID, "session_id", STRING, true, "rekey:day", "visit, UUID"),
	ROW(SESSION_SEQ, "session_seq", INT, false, "keep",
		"1 for the visit's first event"),
	ROW(SESSION_START, "session_start", STRING, false, "truncate:1s",
		"time of the visit's first event"),
	ROW(SESSION_NEW, "session_new", BOOL, false, "keep",
		"true on the first event, else absent"),
	ROW(VISIT_NUMBER, "visit_number", INT, true, "drop",
		"the visitor's how-manieth visit"),
	ROW(LATE, "late", BOOL, false, "keep",
		"came after its place in time had passed"),
	ROW(END_TIME, "end_time", STRING, false, "truncate:1s",
		"time of the visit's last event"),
	ROW(EVENTS, "events", INT, false, "keep",
		"events of the visit that are not passive"),
	ROW(PAGE_VIEWS, "page_views", INT, false, "keep",
		"page views of the visit"),
	ROW(ENTRY_PATH, "entry_path", STRING, true, "template, scan",
		"path of the first page"),
	ROW(EXIT_PATH, "exit_path", STRING, true, "template, scan",
		"path of the last page"),
	ROW(BOUNCE, "bounce", BOOL, false, "keep",
		"exactly one page view and no conversion"),
	ROW(ENGAGED, "engaged", BOOL, false, "keep",
		"longer than 10 s, two page views, or a conversion"),
	ROW(CONVERSIONS, "conversions", INT, false, "keep",
		"conversion events of the visit"),
	ROW(BOT_SCORE, "bot_score", NUMBER, false, "keep",
		"0 to 1: how much the visit behaves like a bot"),
	ROW(BOT_REASONS, "bot_reasons", ARRAY, false, "drop", "why it does"),
	ROW(END_REASON, "end_reason", STRING, false, "keep",
		"what ended the visit"),
	ROW(ALERT, "alert", STRING, false, "drop", "name of an alert"),
	ROW(SEVERITY, "severity", STRING, false, "drop",
		"severity of an alert"),
	ROW(COUNT_OF, "count", INT, false, "drop", "events behind an alert"),
	ROW(WINDOW, "window", NUMBER, false, "drop",
		"seconds that an alert looked at"),

	ROW(REDACTED, "redacted", ARRAY, false, "scan",
		"names of the keys that sst-redact changed"),
#undef ROW
};

const struct sst_field_row *
sst_field_row(enum sst_field field)
{
	assert(field < SST_FIELD_COUNT);
	return &rows[field];
}

const char *
sst_field_type_name(enum sst_field_type type)
{
	static const char *const names[] = {
		[SST_TYPE_STRING] = "string",
		[SST_TYPE_INT] = "int",
		[SST_TYPE_NUMBER] = "number",
		[SST_TYPE_BOOL] = "bool",
		[SST_TYPE_OBJECT] = "object",
		[SST_TYPE_ARRAY] = "array",
	};

	return names[type];
}

enum sst_field
sst_field_of(struct sst_span name)
{
	for (int i = SST_F_OTHER + 1; i < SST_FIELD_COUNT; i++)
		if (sst_span_is(name, rows[i].name))
			return (enum sst_field)i;
	return SST_F_OTHER;
}
