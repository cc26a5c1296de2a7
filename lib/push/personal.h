/* SPDX-License-Identifier: ISC */
/*
 * personal -- what must not leave the machine unless somebody said so.
 *
 * Not a redactor: it finds events that plainly never went through one.
 */
#ifndef SST_PUSH_PERSONAL_H
#define SST_PUSH_PERSONAL_H

#include "event/event.h"

/* Keys that may leave ("user", "cookie*"), from --allow-personal. */
struct sst_personal_allowed {
	const char *const *names;
	size_t n;
};

/*
 * Look for user, cookie, cookie_*, forwarded_for, and a client_ip whose last
 * 8 bits (IPv4) or 80 bits (IPv6) are not all zero. The name of the key that
 * was found, as the event spells it; at NULL: none.
 */
struct sst_span sst_personal_find(
	struct sst_event *event, const struct sst_personal_allowed *allowed);

/* False: not a key that could be allowed. */
bool sst_personal_is_name(const char *name);

#endif
