/* SPDX-License-Identifier: ISC */
/* Email addresses (RFC 5321 as people use it). */
#include "redact/detect.h"

/* RFC 5321 has 64; what stands before it without a gap is taken with it. */
#define LOCAL_MAX ((size_t)256)
#define DOMAIN_MAX ((size_t)253)

/* Where the local part before the '@' at `at` begins, or `at`. The characters
 * that delimit things in URLs ("/=?&#'") are left out, though RFC 5322 allows
 * them: what stays of such an address names nobody. */
static size_t
local_start(const struct sst_probe *probe, size_t at)
{
	const char *text = probe->text.at;
	size_t floor = at > LOCAL_MAX ? at - LOCAL_MAX : 0, i = at;

	if (at > 1 && text[at - 1] == '"') {
		for (i = at - 1; i > floor; i--)
			if (text[i - 1] == '"')
				return i - 1;
		return at;
	}
	while (i > floor && sst_is_class(text[i - 1], SST_C_EMAIL))
		i--;
	while (i < at && text[i] == '.')
		i++;
	return i;
}

static bool
is_label_byte(char c)
{
	return sst_is_class(c, SST_C_ALNUM) || c == '-' ||
	       (unsigned char)c >= 0x80;
}

/* A top label begins with a letter: "pkg@1.2.3" is a version. What follows need
 * not be letters, since whatever stands behind an address without a gap is
 * taken with it. */
static bool
is_top_label(struct sst_span label)
{
	return label.len >= 2 && !sst_is_class(label.at[0], SST_C_DIGIT) &&
	       label.at[0] != '-';
}

/* Where the domain that begins at `at` ends, or `at` when it is none. */
static size_t
domain_end(const struct sst_probe *probe, size_t at)
{
	struct sst_span text = probe->text;
	size_t limit = text.len - at > DOMAIN_MAX ? at + DOMAIN_MAX : text.len;
	size_t label = at, end = at, labels = 0;

	for (size_t i = at; i <= limit; i++) {
		if (i < limit && is_label_byte(text.at[i]))
			continue;
		if (i == label)
			break;
		labels++;
		if (labels > 1 &&
			is_top_label(sst_span(text.at + label, i - label)))
			end = i;
		if (i == limit || text.at[i] != '.')
			break;
		label = i + 1;
	}
	return end;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]": where it ends, or `at`. */
static size_t
literal_end(const struct sst_probe *probe, size_t at)
{
	size_t i = at;

	if (at >= probe->text.len || probe->text.at[at] != '[')
		return at;
	while (i < probe->text.len && i - at < 64 && probe->text.at[i] != ']')
		i++;
	return i < probe->text.len && probe->text.at[i] == ']' && i - at > 4
		       ? i + 1
		       : at;
}

void
sst_detect_email(struct sst_probe *probe)
{
	size_t at = 0;

	for (;; at++) {
		size_t start, end;

		at += sst_span_find(sst_span_from(probe->text, at), '@');
		if (at >= probe->text.len)
			return;
		start = local_start(probe, at);
		if (start == at)
			continue;
		end = domain_end(probe, at + 1);
		if (end == at + 1)
			end = literal_end(probe, at + 1);
		if (end > at + 1)
			sst_probe_mark(probe, start, end, SST_FOUND_EMAIL);
	}
}
