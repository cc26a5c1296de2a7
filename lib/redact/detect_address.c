/* SPDX-License-Identifier: ISC */
/* IP addresses in their spellings, and hardware addresses. */
#include "redact/detect.h"

#include "text/ip.h"

/* ---- IPv4 ---- */

/* One number of a quad as inet_aton(3) reads it: decimal, 0 octal, 0x hex.
 * Returns its length, 0 when it is none, and the value. */
static size_t
read_part(struct sst_span text, size_t at, uint32_t *value)
{
	unsigned base = 10;
	size_t i = at, first;

	if (i + 1 < text.len && text.at[i] == '0') {
		base = sst_lower(text.at[i + 1]) == 'x' ? 16 : 8;
		i += base == 16 ? 2 : 0;
	}
	*value = 0;
	for (first = i; i < text.len && i - first < 11; i++) {
		char c = sst_lower(text.at[i]);
		unsigned digit = sst_is_class(c, SST_C_DIGIT)
					 ? (unsigned)(c - '0')
				 : base == 16 && sst_is_class(c, SST_C_HEX)
					 ? (unsigned)(c - 'a' + 10)
					 : 99;

		if (digit > 15)
			break;
		/* "08" and "192.168.001.009" are decimal to people. */
		if (digit >= base)
			base = 10;
		*value = *value * base + digit;
		if (*value > 0xffff)
			return 0;
	}
	return i == first ? 0 : i - at;
}

/* Where four parts up to 255 with `separator` between them end, or `at`. */
static size_t
quad_end(struct sst_span text, size_t at, char separator)
{
	size_t i = at;

	for (int part = 0; part < 4; part++) {
		uint32_t value;
		size_t n;

		if (part > 0 && (i >= text.len || text.at[i++] != separator))
			return at;
		n = read_part(text, i, &value);
		if (n == 0 || value > 255)
			return at;
		i += n;
	}
	return i;
}

/* Is there a label of a host name behind a '.'? */
static bool
is_before_label(struct sst_span text, size_t at)
{
	return at + 1 < text.len && text.at[at] == '.' &&
	       sst_is_class(text.at[at + 1], SST_C_ALNUM) &&
	       !sst_is_class(text.at[at + 1], SST_C_DIGIT);
}

/* "1-2-3-4.isp.example", "001002003004.isp.example", forward or reversed. */
static size_t
host_quad_end(struct sst_span text, size_t at)
{
	size_t end = quad_end(text, at, '-'), i = at;

	if (end > at)
		return is_before_label(text, end) ? end : at;
	while (i < text.len && i - at < 13 &&
		sst_is_class(text.at[i], SST_C_DIGIT))
		i++;
	if (i - at != 12 || !is_before_label(text, i))
		return at;
	for (size_t k = at; k < i; k += 3)
		if ((text.at[k] - '0') * 100 + (text.at[k + 1] - '0') * 10 +
				(text.at[k + 2] - '0') >
			255)
			return at;
	return i;
}

/* The address as one number, where only an address can be: "//2130706433/",
 * "//0x7f000001:80". */
static size_t
integer_end(struct sst_span text, size_t at)
{
	bool is_hex = at + 1 < text.len && text.at[at] == '0' &&
		      sst_lower(text.at[at + 1]) == 'x';
	size_t i = at + (is_hex ? 2 : 0), first = i;

	if (at < 2 || text.at[at - 1] != '/' || text.at[at - 2] != '/')
		return at;
	while (i < text.len && i - first < 12 &&
		sst_is_class(text.at[i], is_hex ? SST_C_HEX : SST_C_DIGIT))
		i++;
	if (i - first < 8 ||
		(i < text.len && sst_is_class(text.at[i], SST_C_TOKEN)))
		return at;
	return i;
}

/* Does a number that is no part of a longer word or number begin here? In host
 * names letters may stand before it: "ip4.", "host-1-2-3-4". */
static bool
is_number_start(struct sst_span text, size_t at)
{
	if (!sst_is_class(text.at[at], SST_C_DIGIT))
		return false;
	return at == 0 || !sst_is_class(text.at[at - 1], SST_C_ALNUM);
}

void
sst_detect_ipv4(struct sst_probe *probe)
{
	struct sst_span text = probe->text;

	for (size_t at = 0; at + 7 <= text.len; at++) {
		size_t end;

		if (!is_number_start(text, at))
			continue;
		end = quad_end(text, at, '.');
		if (end == at)
			end = host_quad_end(text, at);
		if (end == at)
			end = integer_end(text, at);
		if (end == at)
			continue;
		/* A letter behind it makes it something else. */
		if (sst_probe_is_gap(probe, end)) {
			sst_probe_mark(probe, at, end, SST_FOUND_IP);
			at = end - 1;
		}
	}
}

/* ---- IPv6 ---- */

/* The longest spelling, and a ':' too many at its ends. */
#define IPV6_MAX ((size_t)45 + 2)

static size_t
colons_of(struct sst_span run)
{
	size_t n = 0;

	for (size_t i = 0; i < run.len; i++)
		n += run.at[i] == ':';
	return n;
}

/* Eight groups or more: too many for an address, yet meant as one. */
static bool
is_overlong(struct sst_span run)
{
	size_t group = 0;

	for (size_t i = 0; i < run.len; i++) {
		group = run.at[i] == ':' ? 0 : group + 1;
		if (group > 4)
			return false;
	}
	return colons_of(run) >= 7;
}

/* Mark the run text[start..end) of hex digits, ':' and '.', when what is left
 * of it without punctuation at its ends is an address, and a word of its own:
 * in "std::string" no "d::" is. */
static void
judge_run(struct sst_probe *probe, size_t start, size_t end)
{
	struct sst_span run;
	struct sst_ip ip;

	if (!sst_probe_is_gap(probe, end))
		while (end > start && probe->text.at[end - 1] != '.')
			end--;
	while (end > start && probe->text.at[end - 1] == '.')
		end--;
	while (start < end && probe->text.at[start] == '.')
		start++;
	if (end - start < 2 || end - start > IPV6_MAX ||
		(start > 0 && !sst_probe_is_gap(probe, start - 1)))
		return;
	run = sst_span(probe->text.at + start, end - start);
	/* "is:2001:db8::1", "2001:db8::1:" */
	for (int i = 0; i < 3 && colons_of(run) >= 2; i++) {
		if (sst_ip_read(run, &ip) || is_overlong(run)) {
			sst_probe_mark(probe, start, end, SST_FOUND_IP);
			return;
		}
		if (run.at[0] == ':' && run.at[1] != ':')
			run = sst_span_from(run, 1);
		else if (run.at[run.len - 1] == ':' &&
			 run.at[run.len - 2] != ':')
			run.len--;
		else
			return;
	}
}

void
sst_detect_ipv6(struct sst_probe *probe)
{
	struct sst_span text = probe->text;
	size_t at = 0;

	while (at < text.len) {
		size_t start = at;

		while (at < text.len &&
			(sst_is_class(text.at[at], SST_C_HEX) ||
				text.at[at] == ':' || text.at[at] == '.'))
			at++;
		if (at == start)
			at++;
		else if (at - start >= 2)
			judge_run(probe, start, at);
	}
}

/* ---- hardware addresses ---- */

/* Pairs of hex digits with one separator: six, or eight of an EUI-64. */
static bool
is_mac(struct sst_span run)
{
	char separator = run.at[2];
	size_t letters = 0, ends = 0;

	if (separator != ':' && separator != '-')
		return false;
	for (size_t i = 0; i < run.len; i++) {
		if (i % 3 == 2 ? run.at[i] != separator
			       : !sst_is_class(run.at[i], SST_C_HEX))
			return false;
		letters += i % 3 != 2 && !sst_is_class(run.at[i], SST_C_DIGIT);
		ends += sst_lower(run.at[i]) == 'f';
	}
	/* "20-26-11-24-04-41" is a date, all ones is everybody. */
	return (separator == ':' || letters > 0) && ends < run.len / 3 * 2;
}

/* "aabb.ccdd.eeff" */
static bool
is_dotted_mac(struct sst_span run)
{
	for (size_t i = 0; i < run.len; i++)
		if (i % 5 == 4 ? run.at[i] != '.'
			       : !sst_is_class(run.at[i], SST_C_HEX))
			return false;
	return true;
}

void
sst_detect_mac(struct sst_probe *probe)
{
	static const struct {
		size_t len;
		bool (*is)(struct sst_span run);
	} forms[] = { { 23, is_mac }, { 17, is_mac }, { 14, is_dotted_mac } };
	struct sst_span text = probe->text;

	for (size_t at = 0; at + 14 <= text.len; at++) {
		if (!sst_is_class(text.at[at], SST_C_HEX) ||
			(at > 0 && !sst_probe_is_gap(probe, at - 1)))
			continue;
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			size_t len = forms[i].len;

			if (len > text.len - at ||
				!sst_probe_is_gap(probe, at + len) ||
				!forms[i].is(sst_span(text.at + at, len)))
				continue;
			sst_probe_mark(probe, at, at + len, SST_FOUND_MAC);
			break;
		}
	}
}
