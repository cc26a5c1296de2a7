/* SPDX-License-Identifier: ISC */
/*
 * template -- ":id" for the segments of a path that name somebody.
 *
 * "/users/john/orders/48813/invoice.pdf" becomes
 * "/users/:id/orders/:id/invoice.pdf". A segment gives way when it
 *   - begins with '~' or '@';
 *   - follows a word for people ("users", "author"), unless it is one of a few
 *     words that name a page there ("login", "settings");
 *   - follows a word for things with a number ("order", "invite") and has a
 *     digit, or 16 characters or more;
 *   - is a number of 5 digits or more that is no date (20260101): years and
 *     page numbers stay;
 *   - is a UUID, or 12 hex digits or more with both digits and letters;
 *   - looks random (redact/valid).
 * A file's extension stays; names of scripts, styles and fonts stay whole,
 * whatever hash is in them. What follows a ';' in a segment goes. Of a URL only
 * the path is looked at; query and fragment go.
 */
#ifndef SST_REDACT_TEMPLATE_H
#define SST_REDACT_TEMPLATE_H

#include "base/buf.h"
#include "base/span.h"
#include "redact/look.h"

#define SST_TEMPLATE_WORDS 256

/* The words of the source's lists, each found by one comparison. */
struct sst_template {
	struct {
		uint64_t head, tail; /* in lower case, zeros behind */
		uint8_t lists;       /* a bit for each that it is in; 0: none */
	} words[SST_TEMPLATE_WORDS];
};

void sst_template_init(struct sst_template *out);

/* Append the template of a path, or of a URL with "://", which has SST_PAD
 * readable bytes behind it. */
void sst_template_put(struct sst_buf *to, const struct sst_template *template,
	struct sst_span path);

/* Is a path its own template? True is certain. */
bool sst_template_keeps(
	const struct sst_template *template, const struct sst_look *path);

#endif
