/* SPDX-License-Identifier: ISC */
#include "text/ip.h"

#include <assert.h>

/* ---.---.---.---, and eight groups of four with seven colons; an IPv4 tail
 * makes the longest text of an address: six groups and a dotted quad. */
#define MAX_V6 45

/* Four decimal numbers and nothing else: the straight path of every line. */
static bool
read_v4(struct sst_span text, uint8_t out[4])
{
	const char *at = text.at, *end;

	if (text.len < 7 || text.len > 15)
		return false;
	end = at + text.len;
	for (int i = 0; i < 4; i++) {
		unsigned value, digit, n = 1;

		if (i > 0 && (at == end || *at++ != '.'))
			return false;
		if (at == end)
			return false;
		value = (unsigned char)*at++ - (unsigned)'0';
		if (value > 9)
			return false;
		while (at < end && (digit = (unsigned char)*at - '0') <= 9) {
			value = value * 10 + digit;
			at++;
			/* A leading zero would be octal to some readers. */
			if (++n > 3 || value > 255 || value < 10)
				return false;
		}
		out[i] = (uint8_t)value;
	}
	return at == end;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = sst_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to four hex digits at *at; false when there is none, or a fifth. */
static bool
read_group(struct sst_span text, size_t *at, unsigned *out)
{
	size_t begin = *at;
	unsigned value = 0;

	for (; *at < text.len; ++*at) {
		int digit = hex_value(text.at[*at]);

		if (digit < 0)
			break;
		if (*at - begin == 4)
			return false;
		value = value << 4 | (unsigned)digit;
	}
	*out = value;
	return *at > begin;
}

/*
 * Groups into out[0..16). `gap` is the byte at which "::" stood; what was read
 * behind it moves to the end. A "::" stands for at least one group.
 */
static bool
read_v6(struct sst_span text, uint8_t out[16])
{
	size_t at = 0, n = 0, gap = SIZE_MAX;

	if (text.len < 2 || text.len > MAX_V6)
		return false;
	memset(out, 0, 16);
	if (text.at[0] == ':') {
		if (text.at[1] != ':')
			return false;
		gap = 0;
		at = 2;
	}
	while (at < text.len) {
		size_t begin = at;
		unsigned group;

		if (n == 16 || !read_group(text, &at, &group))
			return false;
		if (at < text.len && text.at[at] == '.') {
			if (n > 12 ||
				!read_v4(sst_span_from(text, begin), out + n))
				return false;
			n += 4;
			break;
		}
		out[n++] = (uint8_t)(group >> 8);
		out[n++] = (uint8_t)group;
		if (at == text.len)
			break;
		if (text.at[at++] != ':' || at == text.len)
			return false;
		if (text.at[at] != ':')
			continue;
		if (gap != SIZE_MAX)
			return false;
		gap = n;
		at++;
	}
	if (gap == SIZE_MAX)
		return n == 16;
	if (n > 14)
		return false;
	memmove(out + 16 - (n - gap), out + gap, n - gap);
	memset(out + gap, 0, 16 - n);
	return true;
}

bool
sst_ip_read(struct sst_span text, struct sst_ip *out)
{
	struct sst_ip ip = { .len = 4 };

	if (!read_v4(text, ip.at)) {
		ip.len = 16;
		if (!read_v6(text, ip.at))
			return false;
	}
	*out = ip;
	return true;
}

/* Cut off "%eth0": a name that means something to one machine only. */
static bool
cut_zone(struct sst_span *text)
{
	size_t at = sst_span_find(*text, '%');

	if (at + 1 == text->len)
		return false;
	if (at < text->len && sst_span_find(*text, ':') > at)
		return false; /* only IPv6 has zones */
	*text = sst_span_head(*text, at);
	return true;
}

static bool
all_digits(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

bool
sst_ip_read_endpoint(
	struct sst_span text, struct sst_ip *out, struct sst_span *port)
{
	struct sst_span host = text, rest;
	bool is_bracketed;
	struct sst_ip ip;

	if (text.len == 0)
		return false;
	rest = sst_span_from(text, text.len);
	is_bracketed = text.at[0] == '[';
	if (is_bracketed) {
		size_t close = sst_span_find(text, ']');

		if (close == text.len)
			return false;
		host = sst_span(text.at + 1, close - 1);
		rest = sst_span_from(text, close + 1);
	} else {
		size_t colon = sst_span_find(text, ':');
		struct sst_span behind =
			colon < text.len ? sst_span_from(text, colon + 1)
					 : rest;

		if (sst_span_find(behind, ':') == behind.len) {
			host = sst_span_head(text, colon);
			rest = sst_span_from(text, colon);
		}
	}
	if (rest.len > 0) {
		if (rest.at[0] != ':')
			return false;
		rest = sst_span_from(rest, 1);
		if (rest.len == 0 || !all_digits(rest))
			return false;
	}
	if (!cut_zone(&host) || !sst_ip_read(host, &ip) ||
		(is_bracketed && ip.len != 16))
		return false;
	*out = ip;
	*port = rest;
	return true;
}

bool
sst_net_read(struct sst_span text, struct sst_net *out)
{
	size_t slash = sst_span_find(text, '/');
	struct sst_net net;
	unsigned bits;

	if (!sst_ip_read(sst_span_head(text, slash), &net.ip))
		return false;
	bits = net.ip.len * 8U;
	if (slash < text.len) {
		struct sst_span size = sst_span_from(text, slash + 1);
		unsigned most = bits;

		if (size.len == 0 || size.len > 3 || !all_digits(size) ||
			(size.len > 1 && size.at[0] == '0'))
			return false;
		bits = 0;
		for (size_t i = 0; i < size.len; i++)
			bits = bits * 10 + (unsigned)(size.at[i] - '0');
		if (bits > most)
			return false;
	}
	sst_ip_mask(&net.ip, bits);
	net.bits = (uint8_t)bits;
	*out = net;
	return true;
}

/* ::ffff:0:0/96: IPv4 that came through an IPv6 socket. */
static bool
is_mapped(const struct sst_ip *ip)
{
	static const uint8_t head[12] = { [10] = 0xff, [11] = 0xff };

	return ip->len == 16 && memcmp(ip->at, head, sizeof(head)) == 0;
}

bool
sst_net_has(const struct sst_net *net, const struct sst_ip *ip)
{
	const uint8_t *a = net->ip.at, *b = ip->at;
	unsigned bits = net->bits, len = ip->len, whole;

	if (is_mapped(ip)) {
		b += 12;
		len = 4;
	}
	if (is_mapped(&net->ip) && bits >= 96) {
		a += 12;
		bits -= 96;
		if (len != 4)
			return false;
	} else if (net->ip.len != len) {
		return false;
	}
	whole = bits / 8;
	if (memcmp(a, b, whole) != 0)
		return false;
	return bits % 8 == 0 || (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0;
}

struct sst_ip
sst_ip_unmapped(const struct sst_ip *ip)
{
	/* RFC 6052: the well-known prefix of NAT64. */
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	struct sst_ip out = { .len = 4 };

	if (!is_mapped(ip) &&
		(ip->len != 16 || memcmp(ip->at, nat64, sizeof(nat64)) != 0))
		return *ip;
	memcpy(out.at, ip->at + 12, 4);
	return out;
}

void
sst_ip_mask(struct sst_ip *ip, unsigned bits)
{
	unsigned whole = bits / 8;

	if (whole >= ip->len)
		return;
	ip->at[whole] &= (uint8_t)(0xff00U >> bits % 8);
	memset(ip->at + whole + 1, 0, ip->len - whole - 1);
}

bool
sst_ip_eq(const struct sst_ip *a, const struct sst_ip *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

static size_t
write_v4(char *to, const uint8_t at[4])
{
	size_t n = 0;

	for (int i = 0; i < 4; i++) {
		unsigned byte = at[i];

		if (i > 0)
			to[n++] = '.';
		if (byte >= 100)
			to[n++] = (char)('0' + byte / 100);
		if (byte >= 10)
			to[n++] = (char)('0' + byte / 10 % 10);
		to[n++] = (char)('0' + byte % 10);
	}
	return n;
}

/* Lower case, no leading zeros (RFC 5952 section 4.1 and 4.3). */
static size_t
write_group(char *to, unsigned group)
{
	size_t n = 0;

	for (int shift = 12; shift >= 0; shift -= 4)
		if (group >> shift != 0 || shift == 0)
			to[n++] = "0123456789abcdef"[group >> shift & 15];
	return n;
}

/* The longest run of zero groups, the first of equal ones, at least two of
 * them (section 4.2); none: *len is 0. */
static void
find_zeros(const unsigned group[8], unsigned *begin, unsigned *len)
{
	unsigned run = 0;

	*begin = *len = 0;
	for (unsigned i = 0; i < 8; i++) {
		run = group[i] == 0 ? run + 1 : 0;
		if (run > *len && run > 1) {
			*len = run;
			*begin = i + 1 - run;
		}
	}
}

static size_t
write_v6(char *to, const struct sst_ip *ip)
{
	unsigned group[8], zeros, zeros_len, end = is_mapped(ip) ? 6 : 8;
	size_t n = 0;

	for (unsigned i = 0; i < 8; i++)
		group[i] = (unsigned)ip->at[2 * i] << 8 | ip->at[2 * i + 1];
	find_zeros(group, &zeros, &zeros_len);
	for (unsigned i = 0; i < end; i++) {
		if (zeros_len > 0 && i == zeros) {
			to[n++] = ':';
			to[n++] = ':';
			i += zeros_len - 1;
			continue;
		}
		if (n > 0 && to[n - 1] != ':')
			to[n++] = ':';
		n += write_group(to + n, group[i]);
	}
	if (end == 6) {
		to[n++] = ':';
		n += write_v4(to + n, ip->at + 12);
	}
	return n;
}

void
sst_ip_put(struct sst_buf *to, const struct sst_ip *ip)
{
	char text[MAX_V6];

	assert(ip->len == 4 || ip->len == 16);
	sst_buf_put(to, text,
		ip->len == 4 ? write_v4(text, ip->at) : write_v6(text, ip));
}
