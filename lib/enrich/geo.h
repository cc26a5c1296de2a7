/* SPDX-License-Identifier: ISC */
/*
 * geo -- country, city, network of an address, from MaxMind DB files.
 *
 * The City, Country, ASN and Enterprise layouts of MaxMind (DB-IP uses them
 * too) and the flat ones of IPinfo. Several files may be open: of each key
 * the first file that knows it counts.
 *
 * A file must belong to root or the user, and nobody else may write it. It is
 * copied into memory at open, so that nothing happens to it while it is
 * mapped; each entry is checked before the library decodes it, and read leaf
 * by leaf. A file that is no database is refused by name; damage inside one
 * gives absent keys and is counted.
 *
 * Answers are remembered by address (16,384 of them a file) and by entry.
 * This is the door to maxminddb.h.
 */
#ifndef SST_ENRICH_GEO_H
#define SST_ENRICH_GEO_H

#include "base/err.h"
#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

struct sst_geo;

/* Open n files, n at least 1. SST_ECONFIG names the file. *out is then NULL. */
enum sst_status sst_geo_open(struct sst_geo **out, const char *const *paths,
	size_t n, struct sst_err *err) SST_MUST_USE;

/*
 * Set country, region, city, latitude, longitude, time_zone, asn and as_org of
 * an event that has a client_ip, as far as they are known and not set. What is
 * set is good until the event's reset. Not for two threads at once.
 */
void sst_geo_apply(struct sst_geo *geo, struct sst_event *event);

/* How many lookups met damage. */
uint64_t sst_geo_damaged(const struct sst_geo *geo);

void sst_geo_close(struct sst_geo *geo);

/* "1.7.1", for --version. */
const char *sst_geo_library_version(void);

#endif
