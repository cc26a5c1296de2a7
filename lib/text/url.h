/* SPDX-License-Identifier: ISC */
/*
 * url -- the parts of a URL, and of a query, without copying.
 *
 * Nothing is decoded: the parts are spans of the input, as a log has them, and
 * hostile input gives odd parts, never an error. Decoding is a second step.
 */
#ifndef SST_TEXT_URL_H
#define SST_TEXT_URL_H

#include "base/buf.h"
#include "base/span.h"

struct sst_url {
	struct sst_span scheme;   /* "https"; empty for a path or //host */
	struct sst_span userinfo; /* before '@' of the authority, without it */
	struct sst_span host;     /* without brackets and port */
	struct sst_span port;     /* digits, or empty */
	struct sst_span path;     /* "/p"; also "p" where no authority is */
	struct sst_span query;    /* without '?' */
	struct sst_span fragment; /* without '#' */
	bool has_authority, has_query, has_fragment;
};

/* Take a reference apart: absolute ("https://h/p?q"), "//h/p", "/p?q", "p".
 * Where sst_url_split_authority() says no, all of it is the host. */
void sst_url_split(struct sst_url *out, struct sst_span text);

/* Of "host", "host:port", "[v6]:port", "v6": host without brackets, port digits
 * or empty. False when it cannot be an authority (empty host, a byte that no
 * host has, two colons without brackets and no address, port that is no number
 * up to 65535). */
bool sst_url_split_authority(
	struct sst_span text, struct sst_span *host, struct sst_span *port);

/*
 * Walk "a=b&c&d=": each call gives one pair and moves *at; false at the end.
 * Separator is '&' (and ';' where no '&' occurs in the query). Start with
 * *at = 0. A pair without '=' has an empty value and has_value false; nothing
 * between two separators is no pair.
 */
struct sst_param {
	struct sst_span name, value; /* still percent-encoded */
	struct sst_span whole;       /* name=value as spelled */
	bool has_value;
};
bool sst_url_next_param(
	struct sst_span query, size_t *at, struct sst_param *out);

/* Append text with %XX undone once; with `plus`, '+' becomes a space. An
 * escape that is not one stays as it is. */
void sst_url_put_decoded(struct sst_buf *to, struct sst_span text, bool plus);

/* Append text with everything but RFC 3986 unreserved characters as %XX. */
void sst_url_put_encoded(struct sst_buf *to, struct sst_span text);

/* What follows the last '.' of the last path segment; empty when none. */
struct sst_span sst_url_extension(struct sst_span path);

#endif
