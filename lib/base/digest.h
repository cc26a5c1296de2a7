/* SPDX-License-Identifier: ISC */
/*
 * digest -- keyed hashes for ids, pseudonyms and tables.
 *
 * SipHash with 128-bit output (Aumasson and Bernstein; the reference code's
 * 128-bit variant) is our own, because it stands on the hot path and libsodium
 * has only the 2-4 rounds. Everything else is libsodium's: BLAKE2b to derive
 * keys, SHA-256 for fingerprints of files, the system's random source.
 * This file is the door to sodium.h.
 */
#ifndef SST_BASE_DIGEST_H
#define SST_BASE_DIGEST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

#define SST_KEY_LEN ((size_t)32)    /* the installation's secret */
#define SST_DIGEST_LEN ((size_t)16) /* every keyed hash: 128 bits */
#define SST_UUID_LEN ((size_t)36)   /* text of one */

/* A key of SipHash, and what it makes. */
struct sst_digest {
	uint8_t at[16];
};

/*
 * BLAKE2b-128 under `secret` (SST_KEY_LEN bytes) over label, NUL, context:
 * one secret gives independent keys for independent uses.
 */
struct sst_digest sst_digest_derive(
	const uint8_t *secret, const char *label, struct sst_span context);

/* SipHash-1-3 and SipHash-2-4, 128 bits. */
struct sst_digest sst_siphash13(
	const struct sst_digest *key, struct sst_span text);
struct sst_digest sst_siphash24(
	const struct sst_digest *key, struct sst_span text);

/* SipHash-1-3 of a text that comes in pieces: the same as of the whole. */
struct sst_sip {
	uint64_t state[4];
	uint64_t len;
	char carry[8]; /* the last len % 8 bytes, which wait for others */
};

void sst_sip_begin(struct sst_sip *sip, const struct sst_digest *key);
void sst_sip_put(struct sst_sip *sip, struct sst_span piece);
struct sst_digest sst_sip_end(const struct sst_sip *sip);

/*
 * SipHash-1-3 over several parts, each preceded by its length as 8 bytes,
 * little-endian, so that no two lists of parts are the same message.
 */
struct sst_digest sst_siphash_parts(
	const struct sst_digest *key, const struct sst_span *parts, size_t n);

/* SHA-256, appended as 64 lower-case hex digits. */
void sst_sha256_put(struct sst_buf *to, struct sst_span text);

/* HMAC-SHA-256 (RFC 2104) under a key of any length. */
#define SST_HMAC_LEN ((size_t)32)
void sst_hmac_sha256(
	uint8_t to[SST_HMAC_LEN], struct sst_span key, struct sst_span text);

/* Lower-case hex digits of n bytes. */
void sst_hex_put(struct sst_buf *to, const void *from, size_t n);

/* Fill with bytes of the system's random source. */
void sst_random(void *to, size_t n);

/* Overwrite, so that the compiler cannot leave it out. */
void sst_wipe(void *at, size_t n);

/*
 * The bytes as UUID text (RFC 9562), 36 characters. Version 8: byte 6 becomes
 * `version_byte` (0x80: sst's own; 0x81: re-keyed by sst-redact), the top bits
 * of byte 8 become 10.
 */
void sst_uuid_write(
	char to[36], const struct sst_digest *digest, uint8_t version_byte);

/* 36 characters of UUID text, hex in either case, to 16 bytes. */
bool sst_uuid_read(struct sst_span text, uint8_t to[16]);

#endif
