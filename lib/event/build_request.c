/* SPDX-License-Identifier: ISC */
/* Request lines, targets and hosts. */
#include "event/builder.h"

#include "text/url.h"

void
sst_build_host(struct sst_builder *b, struct sst_span value, bool is_odd)
{
	struct sst_span host, port;
	bool is_lower = true;
	struct sst_ip ip;

	if (is_odd || !sst_url_split_authority(value, &host, &port)) {
		sst_build_text(b, SST_F_HOST, value, is_odd);
		return;
	}
	sst_build_port(b, SST_F_SERVER_PORT, port);
	if (sst_ip_read(host, &ip)) {
		sst_build_ip(b, SST_F_HOST, host, &ip);
		return;
	}
	for (size_t i = 0; i < host.len; i++)
		is_lower &= sst_lower(host.at[i]) == host.at[i];
	if (is_lower) {
		sst_build_put(b, SST_F_HOST, SST_KIND_STRING, host);
		return;
	}
	sst_buf_reset(&b->event->work);
	for (size_t i = 0; i < host.len; i++)
		sst_buf_byte(&b->event->work, sst_lower(host.at[i]));
	sst_build_work(b, SST_F_HOST, SST_KIND_STRING);
}

/* path?query */
static void
put_path(struct sst_builder *b, struct sst_span target, bool is_odd)
{
	size_t mark = sst_span_find(target, '?');

	if (mark > 0)
		sst_build_text(
			b, SST_F_PATH, sst_span_head(target, mark), is_odd);
	if (mark < target.len)
		sst_build_text(b, SST_F_QUERY, sst_span_from(target, mark + 1),
			is_odd);
}

/* An absolute target: its scheme and authority have keys of their own. */
static void
put_absolute(struct sst_builder *b, struct sst_span target, size_t scheme,
	bool is_odd)
{
	struct sst_span rest = sst_span_from(target, scheme + 3), authority;
	size_t len = 0, at;

	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?' &&
		rest.at[len] != '#')
		len++;
	authority = sst_span_head(rest, len);
	at = sst_span_find(authority, '@');
	if (at < len)
		authority = sst_span_from(authority, at + 1);
	if (!sst_event_has(b->event, SST_F_SCHEME)) {
		sst_buf_reset(&b->event->work);
		for (size_t i = 0; i < scheme; i++)
			sst_buf_byte(&b->event->work, sst_lower(target.at[i]));
		sst_build_work(b, SST_F_SCHEME, SST_KIND_STRING);
	}
	if (authority.len > 0 && !sst_event_has(b->event, SST_F_HOST))
		sst_build_host(b, authority, is_odd);
	put_path(b, sst_span_from(rest, len), is_odd);
}

/* Length of a scheme that "://" follows, or 0. */
static size_t
scheme_length(struct sst_span target)
{
	size_t n = 0;

	while (n < target.len && n < 16 &&
		((sst_lower(target.at[n]) >= 'a' &&
			 sst_lower(target.at[n]) <= 'z') ||
			(n > 0 &&
				((target.at[n] >= '0' && target.at[n] <= '9') ||
					target.at[n] == '+' ||
					target.at[n] == '-' ||
					target.at[n] == '.'))))
		n++;
	return n > 0 && n + 3 <= target.len &&
			       memcmp(target.at + n, "://", 3) == 0
		       ? n
		       : 0;
}

void
sst_build_target(struct sst_builder *b, struct sst_span target, bool is_odd)
{
	size_t scheme;

	if (SST_LIKELY(target.len > 0 && target.at[0] == '/')) {
		put_path(b, target, is_odd);
		return;
	}
	scheme = scheme_length(target);
	if (scheme > 0)
		put_absolute(b, target, scheme, is_odd);
	else if (!is_odd &&
		 sst_span_is(sst_event_peek(b->event, SST_F_METHOD), "CONNECT"))
		sst_build_host(b, target, false);
	else
		put_path(b, target, is_odd);
}

/* RFC 9110's tchar, the alphabet of methods. */
static bool
is_token(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			(c >= '0' && c <= '9') ||
			memchr("!#$%&'*+-.^_`|~", c, 15) != NULL)
			continue;
		return false;
	}
	return text.len > 0;
}

/* Where the protocol begins: behind the last space, if it is "HTTP/...". */
static size_t
protocol_at(struct sst_span line)
{
	size_t at = line.len;

	/* HTTP/1.1 and its like are 8 bytes. */
	if (SST_LIKELY(line.len > 9 && line.at[line.len - 9] == ' '))
		at = line.len - 8;
	else
		while (at > 0 && line.at[at - 1] != ' ')
			at--;
	if (line.len - at < 6 || memcmp(line.at + at, "HTTP/", 5) != 0)
		return line.len;
	return at;
}

/* The request line. See the row of `request` in sst-event(5). */
void
sst_build_request(struct sst_builder *b, struct sst_span line, bool is_odd)
{
	size_t space = sst_span_find(line, ' ');
	struct sst_span method = sst_span_head(line, space);
	size_t protocol = protocol_at(line);

	if (!is_token(method) || space == line.len) {
		sst_build_text(b, SST_F_REQUEST, line, is_odd);
		return;
	}
	if (protocol == line.len) {
		/* HTTP/0.9: GET and a path, nothing more. */
		sst_build_text(b, SST_F_REQUEST, line, is_odd);
		if (space + 1 < line.len && line.at[space + 1] == '/' &&
			sst_span_find(sst_span_from(line, space + 1), ' ') ==
				line.len - space - 1) {
			sst_build_put(b, SST_F_METHOD, SST_KIND_STRING, method);
			sst_build_target(
				b, sst_span_from(line, space + 1), is_odd);
		}
		return;
	}
	if (protocol < space + 3) { /* no target between two spaces */
		sst_build_text(b, SST_F_REQUEST, line, is_odd);
		return;
	}
	sst_build_put(b, SST_F_METHOD, SST_KIND_STRING, method);
	sst_build_text(
		b, SST_F_PROTOCOL, sst_span_from(line, protocol), is_odd);
	line = sst_span(line.at + space + 1, protocol - 1 - (space + 1));
	if (sst_span_is(method, "CONNECT") && !is_odd)
		sst_build_host(b, line, false);
	else
		sst_build_target(b, line, is_odd);
}

void
sst_build_query(struct sst_builder *b, struct sst_span value, bool is_odd)
{
	if (value.len > 0 && value.at[0] == '?')
		value = sst_span_from(value, 1);
	if (!sst_event_has(b->event, SST_F_QUERY))
		sst_build_text(b, SST_F_QUERY, value, is_odd);
}
