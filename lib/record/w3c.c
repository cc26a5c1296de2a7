/* SPDX-License-Identifier: ISC */
/* The columns of W3C extended logs, by name. */
#include "record/columns.h"

#include "record/conv.h"

/* Columns with a key of their own, as "KEY[:CONV]". time-taken is seconds in
 * the draft and in CloudFront; IIS counts milliseconds, which its format
 * says. */
static const struct {
	const char *name, *mapping;
} names[] = {
	/* the draft */
	{ "date", "time:date" },
	{ "time", "time:clock" },
	{ "time-taken", "duration:seconds" },
	{ "bytes", "bytes_sent:int" },
	{ "c-ip", "client_ip" },
	{ "c-dns", "client_host:text" },
	{ "s-ip", "server_ip" },
	{ "cs-method", "method" },
	{ "cs-uri", "path:target" },
	{ "cs-uri-stem", "path:text" },
	{ "cs-uri-query", "query" },
	{ "cs-host", "host" },
	{ "cs-bytes", "bytes_received" },
	{ "sc-status", "status" },
	{ "c-status", "status" },
	{ "sc-bytes", "bytes_sent" },
	/* IIS */
	{ "s-port", "server_port" },
	{ "cs-username", "user:text" },
	{ "cs-version", "protocol" },
	{ "date-local", "time:date" },
	{ "time-local", "time:clock" },
	{ "timetakenms", "duration:ms" },
	{ "x-forwarded-for", "forwarded_for" },
	/* other servers */
	{ "c-port", "client_port" },
	{ "c-auth-id", "user:text" },
	{ "cs-auth-user", "user:text" },
	{ "cs-referer", "referrer" },
	{ "cs-user-agent", "user_agent:plus" },
	{ "cs-cookie", "cookie" },
	{ "cs(referrer)", "referrer" },
	{ "cs(user-agent)", "user_agent:plus" },
	{ "x-duration", "duration:seconds" },
	/* CloudFront */
	{ "cs-protocol", "scheme" },
	{ "cs-protocol-version", "protocol" },
	{ "time-to-first-byte", "ttfb:seconds" },
	{ "ssl-protocol", "tls_version" },
	{ "ssl-cipher", "tls_cipher" },
	{ "x-edge-result-type", "cache" },
	{ "x-edge-request-id", "request_id" },
};

/* Behind "cs(" or "sc(": the header's name; len 0: it is not so. */
static struct sst_span
header_of(struct sst_span name, const char *prefix)
{
	if (name.len < 5 || name.at[name.len - 1] != ')' ||
		!sst_span_eq_nocase(
			sst_span_head(name, 3), sst_span_of(prefix)))
		return sst_span("", 0);
	return sst_span(name.at + 3, name.len - 4);
}

bool
sst_w3c_cell(
	struct sst_arena *arena, struct sst_span name, struct sst_cell *out)
{
	struct sst_span header;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sst_span_eq_nocase(name, sst_span_of(names[i].name)))
			return sst_conv_cell(out, arena,
				       sst_span_of(names[i].mapping),
				       NULL) == SST_OK;
	header = header_of(name, "cs(");
	if (header.len > 0)
		return sst_header_cell(arena, header, out);
	*out = (struct sst_cell){ .conv = SST_CONV_TEXT, .is_own = true };
	header = header_of(name, "sc(");
	out->key = header.len > 0 ? sst_own_name(arena, "sent_http_", header)
				  : sst_own_name(arena, "", name);
	return out->key.at != NULL;
}
