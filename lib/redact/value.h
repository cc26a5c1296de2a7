/* SPDX-License-Identifier: ISC */
/*
 * value -- the actions that need nothing but the value.
 *
 * Each appends what becomes of the text and returns true, or false when the
 * text is not what the action is for: then the key must be left out, since
 * what cannot be treated cannot be passed. All give their own result again.
 */
#ifndef SST_REDACT_VALUE_H
#define SST_REDACT_VALUE_H

#include "base/buf.h"
#include "base/span.h"
#include "redact/action.h"
#include "redact/cryptopan.h"

/* A number of JSON without exponent to n decimals, half away from zero. */
bool sst_round_put(struct sst_buf *to, struct sst_span text, unsigned n);

/* Is it "2026-11-24T04:41:46Z", as sst writes whole seconds? */
bool sst_time_is_canonical(struct sst_span text);

/* A time (RFC 3339) to the start of its second, minute, hour, day or year. */
bool sst_truncate_time_put(
	struct sst_buf *to, struct sst_span text, enum sst_unit unit);

/* The first n dot-separated parts of a version ("17.2.1"), each of up to 16
 * letters and digits. */
bool sst_truncate_parts_put(
	struct sst_buf *to, struct sst_span text, unsigned n);

/* Which bits of an address stay. */
struct sst_masks {
	unsigned ipv4, ipv6;
};

/*
 * Mask an address, or each of a list with commas (ports and brackets are
 * dropped, mapped and NAT64 addresses are IPv4). What is no address is left out
 * of the list; false when nothing is left. The text has SST_PAD readable bytes
 * behind it.
 */
bool sst_mask_put(struct sst_buf *to, struct sst_span text,
	const struct sst_masks *masks);

/* The same with the pseudonym of each. */
bool sst_pan_put(
	struct sst_buf *to, struct sst_span text, struct sst_cryptopan *pan);

/* "granted", "denied" or "unknown": these words themselves, and the US Privacy
 * string ("1YYN": opted out of sale). Of all other strings what they say is
 * not read: "unknown", which is no consent. */
void sst_decision_put(struct sst_buf *to, struct sst_span text);

/* NAME of "NAME=VALUE" or "NAME" when it is a known click id, else
 * "redacted". */
void sst_replace_put(struct sst_buf *to, struct sst_span text);

#endif
