/* SPDX-License-Identifier: ISC */
#include "base/digest.h"

#include "base/wide.h"

#include <sodium.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

/* Little-endian, whatever the machine. */
static inline uint64_t
load64(const void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* In one piece: what is loaded at once from bytes stored one by one waits for
 * all of them. */
static inline void
store64(void *to, uint64_t value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap64(value);
#endif
	memcpy(to, &value, sizeof(value));
}

static inline uint64_t
rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static inline SST_ALWAYS_INLINE void
sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static inline SST_ALWAYS_INLINE void
absorb(struct state *s, uint64_t word, int rounds)
{
	s->v3 ^= word;
	for (int i = 0; i < rounds; i++)
		sip_round(s);
	s->v0 ^= word;
}

static inline struct state
begin(const struct sst_digest *key)
{
	uint64_t k0 = load64(key->at), k1 = load64(key->at + 8);

	/* "somepseudorandomlygeneratedbytes", and 0xee for 128 bits. */
	return (struct state){ k0 ^ 0x736f6d6570736575U,
		k1 ^ 0x646f72616e646f6dU ^ 0xee, k0 ^ 0x6c7967656e657261U,
		k1 ^ 0x7465646279746573U };
}

/* The last word: fewer than 8 bytes, and the message's length on top. */
static inline uint64_t
last_word(const char *at, size_t n, size_t whole)
{
	uint64_t word = (uint64_t)(whole & 0xff) << 56;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(uint8_t)at[i] << (8 * i);
	return word;
}

static inline SST_ALWAYS_INLINE struct sst_digest
finish(struct state *s, int rounds)
{
	struct sst_digest out;

	s->v2 ^= 0xee;
	for (int i = 0; i < rounds; i++)
		sip_round(s);
	store64(out.at, s->v0 ^ s->v1 ^ s->v2 ^ s->v3);
	s->v1 ^= 0xdd;
	for (int i = 0; i < rounds; i++)
		sip_round(s);
	store64(out.at + 8, s->v0 ^ s->v1 ^ s->v2 ^ s->v3);
	return out;
}

/* last_word() of a text that has a word before it: the last 8 bytes are there
 * to be loaded, and nothing depends on how many of them count. */
static inline uint64_t
last_word_of_many(struct sst_span text)
{
	uint64_t word = load64(text.at + text.len - 8);
	unsigned n = text.len % 8;

	word = n == 0 ? 0 : word >> (64 - 8 * n);
	return word | (uint64_t)(text.len & 0xff) << 56;
}

/* Inlined into its two callers, so that the rounds are unrolled. */
static inline SST_ALWAYS_INLINE struct sst_digest
siphash(const struct sst_digest *key, struct sst_span text, int c, int d)
{
	struct state s = begin(key);
	size_t i = 0;

	for (; i + 8 <= text.len; i += 8)
		absorb(&s, load64(text.at + i), c);
	absorb(&s,
		i != 0 ? last_word_of_many(text)
		       : last_word(text.at, text.len, text.len),
		c);
	return finish(&s, d);
}

struct sst_digest
sst_siphash13(const struct sst_digest *key, struct sst_span text)
{
	return siphash(key, text, 1, 3);
}

struct sst_digest
sst_siphash24(const struct sst_digest *key, struct sst_span text)
{
	return siphash(key, text, 2, 4);
}

void
sst_sip_begin(struct sst_sip *sip, const struct sst_digest *key)
{
	struct state s = begin(key);

	*sip = (struct sst_sip){ .state = { s.v0, s.v1, s.v2, s.v3 } };
}

static inline struct state
state_of(const struct sst_sip *sip)
{
	return (struct state){ sip->state[0], sip->state[1], sip->state[2],
		sip->state[3] };
}

void
sst_sip_put(struct sst_sip *sip, struct sst_span piece)
{
	struct state s = state_of(sip);
	size_t waiting = sip->len % 8, i = 0;

	sip->len += piece.len;
	for (; waiting != 0 && i < piece.len; i++) {
		sip->carry[waiting] = piece.at[i];
		waiting = (waiting + 1) % 8;
		if (waiting == 0)
			absorb(&s, load64(sip->carry), 1);
	}
	for (; piece.len - i >= 8; i += 8)
		absorb(&s, load64(piece.at + i), 1);
	for (; i < piece.len; i++)
		sip->carry[waiting++] = piece.at[i];
	sip->state[0] = s.v0;
	sip->state[1] = s.v1;
	sip->state[2] = s.v2;
	sip->state[3] = s.v3;
}

struct sst_digest
sst_sip_end(const struct sst_sip *sip)
{
	struct state s = state_of(sip);

	absorb(&s, last_word(sip->carry, sip->len % 8, (size_t)sip->len), 1);
	return finish(&s, 3);
}

struct sst_digest
sst_siphash_parts(
	const struct sst_digest *key, const struct sst_span *parts, size_t n)
{
	struct state s = begin(key);
	char carry[16]; /* fewer than 8 bytes wait for the next part */
	size_t waiting = 0, whole = 0;

	for (size_t p = 0; p < n; p++) {
		uint8_t len[8];
		struct sst_span piece[2] = { { (const char *)len, 8 },
			parts[p] };

		store64(len, parts[p].len);
		for (int k = 0; k < 2; k++)
			for (size_t i = 0; i < piece[k].len; i++) {
				carry[waiting++] = piece[k].at[i];
				whole++;
				if (waiting < 8)
					continue;
				absorb(&s, load64(carry), 1);
				waiting = 0;
			}
	}
	absorb(&s, last_word(carry, waiting, whole), 1);
	return finish(&s, 3);
}

struct sst_digest
sst_digest_derive(
	const uint8_t *secret, const char *label, struct sst_span context)
{
	struct sst_digest out;
	crypto_generichash_state state;

	(void)crypto_generichash_init(
		&state, secret, SST_KEY_LEN, sizeof(out.at));
	/* The label's own NUL separates it from the context. */
	(void)crypto_generichash_update(
		&state, (const unsigned char *)label, strlen(label) + 1);
	(void)crypto_generichash_update(
		&state, (const unsigned char *)context.at, context.len);
	(void)crypto_generichash_final(&state, out.at, sizeof(out.at));
	return out;
}

void
sst_sha256_put(struct sst_buf *to, struct sst_span text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(
		hash, (const unsigned char *)text.at, text.len);
	sst_hex_put(to, hash, sizeof(hash));
}

void
sst_hmac_sha256(
	uint8_t to[SST_HMAC_LEN], struct sst_span key, struct sst_span text)
{
	crypto_auth_hmacsha256_state state;

	(void)crypto_auth_hmacsha256_init(
		&state, (const unsigned char *)key.at, key.len);
	(void)crypto_auth_hmacsha256_update(
		&state, (const unsigned char *)text.at, text.len);
	(void)crypto_auth_hmacsha256_final(&state, to);
	sodium_memzero(&state, sizeof(state));
}

void
sst_hex_put(struct sst_buf *to, const void *from, size_t n)
{
	const uint8_t *at = from;

	for (size_t i = 0; i < n; i++) {
		sst_buf_byte(to, "0123456789abcdef"[at[i] >> 4]);
		sst_buf_byte(to, "0123456789abcdef"[at[i] & 15]);
	}
}

void
sst_random(void *to, size_t n)
{
	randombytes_buf(to, n);
}

void
sst_wipe(void *at, size_t n)
{
	sodium_memzero(at, n);
}

/* ---- UUIDs ----
 *
 * A UUID has a '-' before its 9th, 13th, 17th and 21st hex digit, so that its
 * digits are read and written as 8, 4, 4, 4, 4 and 8 of them.
 */

static inline uint64_t
load32(const void *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap32(word);
#endif
	return word;
}

static inline void
store32(char *to, uint64_t value)
{
	uint32_t word = (uint32_t)value;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap32(word);
#endif
	memcpy(to, &word, sizeof(word));
}

void
sst_uuid_write(
	char to[36], const struct sst_digest *digest, uint8_t version_byte)
{
	/* Byte 6, and the top bits of byte 8. */
	const uint64_t version = UINT64_C(0xff) << 48, variant = 0xc0;
	uint64_t first = load64(digest->at), second = load64(digest->at + 8);
	struct sst_wide hex[2];

	first = (first & ~version) | (uint64_t)version_byte << 48;
	second = (second & ~variant) | 0x80;
	sst_wide_hex(sst_wide_of(first, second), hex);

	first = sst_wide_half(hex[0], 1);
	second = sst_wide_half(hex[1], 0);
	store64(to, sst_wide_half(hex[0], 0));
	store32(to + 9, first);
	store32(to + 14, first >> 32);
	store32(to + 19, second);
	store32(to + 24, second >> 32);
	store64(to + 28, sst_wide_half(hex[1], 1));
	to[8] = to[13] = to[18] = to[23] = '-';
}

static inline bool
is_hex(struct sst_wide w)
{
	return (sst_wide_in(w, '0', '9') |
		       sst_wide_in(sst_wide_small(w), 'a', 'f')) == 0xffff;
}

bool
sst_uuid_read(struct sst_span text, uint8_t to[16])
{
	const char *at = text.at;
	struct sst_wide first, second, bytes;

	if (text.len != SST_UUID_LEN || at[8] != '-' || at[13] != '-' ||
		at[18] != '-' || at[23] != '-')
		return false;
	first = sst_wide_of(load64(at), load32(at + 9) | load32(at + 14) << 32);
	second = sst_wide_of(
		load32(at + 19) | load32(at + 24) << 32, load64(at + 28));
	bytes = sst_wide_unhex(first, second);
	store64(to, sst_wide_half(bytes, 0));
	store64(to + 8, sst_wide_half(bytes, 1));
	return is_hex(first) && is_hex(second);
}
