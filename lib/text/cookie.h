/* SPDX-License-Identifier: ISC */
/*
 * cookie -- a Cookie header: "a=1; b=2" (RFC 6265 5.4).
 */
#ifndef SST_TEXT_COOKIE_H
#define SST_TEXT_COOKIE_H

#include "base/span.h"

/* The value of the first cookie of that name, as it stands there. */
bool sst_cookie_find(
	struct sst_span header, struct sst_span name, struct sst_span *out);

#endif
