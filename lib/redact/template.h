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

/* Append the template of a path, or of a URL with "://". */
void sst_template_put(struct sst_buf *to, struct sst_span path);

#endif
