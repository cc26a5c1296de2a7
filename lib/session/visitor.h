/* SPDX-License-Identifier: ISC */
/*
 * visitor -- who it is: what of an event tells visitors apart.
 *
 * The user gives a list of alternatives, "user,cookie:sid,ip+ua": the first
 * whose first part is in the event decides. Parts are joined by '+':
 *
 *   user         the authenticated user, unless the status is 401: then the
 *                name is what somebody typed, not who it was
 *   ip           client_ip, of IPv6 the first 64 bits (the rest changes from
 *                day to day), an IPv4-mapped one as IPv4; else client_host
 *   ua           the user agent
 *   cookie:NAME  the cookie, logged alone (cookie_name) or in `cookie`
 *   param:NAME   a query parameter, decoded
 *   KEY          any other key of the event, such as a logged header field
 *
 * What comes out is bytes to be hashed: the alternative's own text and its
 * parts, each behind its length as 8 bytes, little-endian, the message that
 * sst_siphash_parts() hashes. So a user 'a' is nobody's cookie 'a', and no two
 * lists of parts are the same. Under one key the hash is the same on every
 * host.
 */
#ifndef SST_SESSION_VISITOR_H
#define SST_SESSION_VISITOR_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"

#include <stdbool.h>

#define SST_VISITOR_DEFAULT "user,ip+ua"

struct sst_visitor;

/* SST_EUSAGE names the part that cannot be. */
enum sst_status sst_visitor_open(struct sst_visitor **out, const char *list,
	struct sst_err *err) SST_MUST_USE;

/*
 * The visitor of an event, as bytes that are good until the next call and have
 * SST_PAD readable ones behind them. at is NULL when the event has nothing
 * that tells (or no memory is left: event->is_short).
 */
struct sst_span sst_visitor_of(
	struct sst_visitor *visitor, struct sst_event *event);

/* NULL is allowed. */
void sst_visitor_close(struct sst_visitor *visitor);

#endif
