/* SPDX-License-Identifier: ISC */
/*
 * cryptopan -- prefix-preserving pseudonyms of addresses. The door to
 * libcrypto.
 *
 * Two addresses that share their first k bits get pseudonyms that share
 * exactly their first k bits; whoever has the key can undo it. The algorithm is
 * that of Xu, Fan, Ammar and Moon (ICNP 2002) with AES-128, bit for bit as
 * other tools have it: the first 16 bytes of the key are the AES key, the last
 * 16, encrypted once, the pad.
 */
#ifndef SST_REDACT_CRYPTOPAN_H
#define SST_REDACT_CRYPTOPAN_H

#include "base/err.h"
#include "text/ip.h"

#include <stdint.h>

#define SST_CRYPTOPAN_KEY_LEN ((size_t)32)

struct sst_cryptopan;

/* SST_EIO when libcrypto refuses to work, SST_ENOMEM. The key is not kept. */
enum sst_status sst_cryptopan_open(struct sst_cryptopan **out,
	const uint8_t key[32], struct sst_err *err) SST_MUST_USE;
void sst_cryptopan_close(struct sst_cryptopan *pan);

/* The pseudonym of an address, of the same family. 32 or 128 blocks of AES.
 * False: libcrypto failed, and the address must not be used. */
bool sst_cryptopan_map(struct sst_cryptopan *pan, struct sst_ip *ip);

#endif
