/* SPDX-License-Identifier: ISC */
/*
 * gzip -- a request's body, compressed.
 *
 * The same bytes give the same bytes: a resend is equal. Limits of an API are
 * of what a body has before this.
 */
#ifndef SST_PUSH_GZIP_H
#define SST_PUSH_GZIP_H

#include "base/buf.h"

/* Shorter bodies go as they are: headers are longer than what is won. */
#define SST_GZIP_LEAST ((size_t)1024)

/* Append the text as one gzip member. False: no memory or no room, and some of
 * it may be there. */
bool sst_gzip_put(struct sst_buf *to, struct sst_span text);

#endif
