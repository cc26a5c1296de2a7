/* SPDX-License-Identifier: ISC */
/*
 * ip -- IPv4 and IPv6 addresses: read, mask, compare, print.
 *
 * Text is read strictly: dotted quads are four decimal numbers 0-255 without
 * leading zeros; IPv6 in every spelling of RFC 4291, with an embedded IPv4
 * tail. What is printed is canonical (RFC 5952). No resolver is ever asked.
 */
#ifndef SST_TEXT_IP_H
#define SST_TEXT_IP_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_ip {
	uint8_t at[16]; /* network order; IPv4 in the first four */
	uint8_t len;    /* 4 or 16 */
};

/* A network: the first `bits` bits count. */
struct sst_net {
	struct sst_ip ip;
	uint8_t bits;
};

/* The whole span is an address: no port, no brackets, no zone. */
bool sst_ip_read(struct sst_span text, struct sst_ip *out);

/*
 * What logs have where an address is expected: "192.0.2.1", "192.0.2.1:80",
 * "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80", "fe80::1%eth0". The port
 * is digits or empty; the zone is dropped.
 */
bool sst_ip_read_endpoint(
	struct sst_span text, struct sst_ip *out, struct sst_span *port);

/* "10.0.0.0/8", or an address alone (all its bits). Bits past the mask are
 * cleared. */
bool sst_net_read(struct sst_span text, struct sst_net *out);

/* Both of one family (an IPv4-mapped address counts as IPv4). */
bool sst_net_has(const struct sst_net *net, const struct sst_ip *ip);

/* IPv4-mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96) become the IPv4 address
 * in them; others stay. */
struct sst_ip sst_ip_unmapped(const struct sst_ip *ip);

/* Clear all but the first `bits` bits. */
void sst_ip_mask(struct sst_ip *ip, unsigned bits);

bool sst_ip_eq(const struct sst_ip *a, const struct sst_ip *b);

/* Append canonical text. */
void sst_ip_put(struct sst_buf *to, const struct sst_ip *ip);

#endif
