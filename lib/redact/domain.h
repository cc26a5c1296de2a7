/* SPDX-License-Identifier: ISC */
/*
 * domain -- the registrable domain of a host. The door to libpsl.
 *
 * "www.shop.example.co.uk" gives "example.co.uk": what its owner registered,
 * by the public suffix list built into libpsl, private suffixes included (of
 * "john.blogspot.com" nothing may be left out).
 */
#ifndef SST_REDACT_DOMAIN_H
#define SST_REDACT_DOMAIN_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

#define SST_HOST_MAX ((size_t)253) /* RFC 1035 */

/* Is there a list? SST_ECONFIG when libpsl was built without one. */
enum sst_status sst_domain_check(struct sst_err *err) SST_MUST_USE;

/*
 * Write the host in lower case to `to` (SST_HOST_MAX + 1 bytes) and let *domain
 * be the part of it that is registrable. False: it has none (an address, a
 * single label, a public suffix) or is no host name.
 */
bool sst_domain_of(struct sst_span host, char *to, struct sst_span *domain);

#endif
