/* SPDX-License-Identifier: ISC */
#include "text/url.h"

#include "base/num.h"
#include "text/ip.h"

static bool
is_alpha(char c)
{
	c = sst_lower(c);
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of a scheme before its ':', or 0 (RFC 3986 section 3.1). */
static size_t
scheme_len(struct sst_span text)
{
	size_t i;

	if (text.len == 0 || !is_alpha(text.at[0]))
		return 0;
	for (i = 1; i < text.len; i++) {
		char c = text.at[i];

		if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' &&
			c != '.')
			break;
	}
	return i < text.len && text.at[i] == ':' ? i : 0;
}

/* Cut text at the first byte of `ends`, which stays in the rest. */
static struct sst_span
take_until(struct sst_span *text, const char *ends)
{
	size_t n = text->len;
	struct sst_span head;

	for (; *ends != '\0'; ends++)
		n = sst_span_find(sst_span_head(*text, n), *ends);
	head = sst_span_head(*text, n);
	*text = sst_span_from(*text, n);
	return head;
}

/* What stands before the last '@' may name somebody: a password with an '@' in
 * it must not end up in the host. */
static void
split_userinfo(struct sst_url *out, struct sst_span authority)
{
	size_t at = authority.len;

	out->userinfo = sst_span_head(authority, 0);
	while (at > 0 && authority.at[at - 1] != '@')
		at--;
	if (at > 0) {
		out->userinfo = sst_span_head(authority, at - 1);
		authority = sst_span_from(authority, at);
	}
	if (!sst_url_split_authority(authority, &out->host, &out->port)) {
		out->host = authority;
		out->port = sst_span_from(authority, authority.len);
	}
}

/* RFC 3986 appendix B, without the regular expression. */
void
sst_url_split(struct sst_url *out, struct sst_span text)
{
	struct sst_span rest = text.len == 0 ? sst_span_of("") : text;
	size_t scheme = scheme_len(rest);

	*out = (struct sst_url){ .scheme = sst_span_head(rest, scheme) };
	if (scheme > 0)
		rest = sst_span_from(rest, scheme + 1);
	out->userinfo = out->host = out->port = sst_span_head(rest, 0);
	if (sst_span_starts(rest, sst_span_of("//"))) {
		out->has_authority = true;
		rest = sst_span_from(rest, 2);
		split_userinfo(out, take_until(&rest, "/?#"));
	}
	out->path = take_until(&rest, "?#");
	out->query = out->fragment = sst_span_from(rest, rest.len);
	if (rest.len > 0 && rest.at[0] == '?') {
		out->has_query = true;
		rest = sst_span_from(rest, 1);
		out->query = take_until(&rest, "#");
	}
	if (rest.len > 0) {
		out->has_fragment = true;
		out->fragment = sst_span_from(rest, 1);
	}
}

/* Bytes that no host name has: controls, space, and what would end or begin
 * another part of a URL (the URL Standard's forbidden host code points). */
static bool
is_host_name(struct sst_span host)
{
	static const char forbidden[] = "#/:<>?@[\\]^|\x7f";

	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.at[i];

		if (c <= ' ' ||
			memchr(forbidden, c, sizeof(forbidden) - 1) != NULL)
			return false;
	}
	return host.len > 0;
}

static bool
is_ipv6(struct sst_span host)
{
	struct sst_ip ip;

	return sst_ip_read(host, &ip) && ip.len == 16;
}

bool
sst_url_split_authority(
	struct sst_span text, struct sst_span *host, struct sst_span *port)
{
	size_t colon = sst_span_find(text, ':');
	struct sst_span name, rest;
	uint64_t number;

	if (text.len == 0)
		return false;
	if (text.at[0] == '[') {
		size_t close = sst_span_find(text, ']');

		name = sst_span_head(sst_span_from(text, 1),
			close == text.len ? 0 : close - 1);
		if (!is_ipv6(sst_span_head(name, sst_span_find(name, '%'))))
			return false;
		rest = sst_span_from(text, close + 1);
	} else if (is_ipv6(text)) {
		name = text;
		rest = sst_span_from(text, text.len);
	} else {
		name = sst_span_head(text, colon);
		if (!is_host_name(name))
			return false;
		rest = sst_span_from(text, colon);
	}
	if (rest.len > 0) {
		if (rest.at[0] != ':')
			return false;
		rest = sst_span_from(rest, 1);
		if (rest.len > 0 &&
			(!sst_num_u64(rest, &number) || number > UINT16_MAX))
			return false;
	}
	*host = name;
	*port = rest;
	return true;
}

bool
sst_url_next_param(struct sst_span query, size_t *at, struct sst_param *out)
{
	struct sst_span whole;
	char separator = '&';
	size_t equals;

	/* Later calls see it where the pair before ended: the query is not
	 * searched again for each. */
	if (*at > 0)
		separator = query.at[*at - 1];
	else if (sst_span_find(query, '&') == query.len)
		separator = ';';
	do {
		if (*at >= query.len)
			return false;
		whole = sst_span_from(query, *at);
		whole.len = sst_span_find(whole, separator);
		*at += whole.len;
		/* A separator that nothing follows ends the query too. */
		if (*at < query.len)
			++*at;
	} while (whole.len == 0);

	equals = sst_span_find(whole, '=');
	out->whole = whole;
	out->name = sst_span_head(whole, equals);
	out->has_value = equals < whole.len;
	out->value = sst_span_from(whole, out->has_value ? equals + 1 : equals);
	return true;
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c = sst_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at text.at[i] stands for, or -1. */
static int
unescape(struct sst_span text, size_t i)
{
	int high, low;

	if (text.len - i < 3)
		return -1;
	high = hex_value(text.at[i + 1]);
	low = hex_value(text.at[i + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

void
sst_url_put_decoded(struct sst_buf *to, struct sst_span text, bool plus)
{
	size_t from = 0; /* what is not yet copied */

	for (size_t i = 0; i < text.len; i++) {
		int byte = -1;
		size_t n = 3;

		if (text.at[i] == '%') {
			byte = unescape(text, i);
		} else if (plus && text.at[i] == '+') {
			byte = ' ';
			n = 1;
		}
		if (byte < 0)
			continue;
		sst_buf_put(to, text.at + from, i - from);
		sst_buf_byte(to, (char)byte);
		i += n - 1;
		from = i + 1;
	}
	if (from < text.len)
		sst_buf_put(to, text.at + from, text.len - from);
}

void
sst_url_put_encoded(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (is_alpha(c) || is_digit(c) || c == '-' || c == '.' ||
			c == '_' || c == '~') {
			sst_buf_byte(to, c);
			continue;
		}
		sst_buf_byte(to, '%');
		sst_buf_byte(to, "0123456789ABCDEF"[(unsigned char)c >> 4]);
		sst_buf_byte(to, "0123456789ABCDEF"[c & 15]);
	}
}

struct sst_span
sst_url_extension(struct sst_span path)
{
	for (size_t i = path.len; i > 0 && path.at[i - 1] != '/'; i--)
		if (path.at[i - 1] == '.')
			return sst_span_from(path, i);
	return sst_span_head(path, 0);
}
