/* SPDX-License-Identifier: ISC */
#include "base/digest.h"

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
store64(uint8_t *to, uint64_t value)
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

/* The two hex digits of every byte: "000102...fdfeff". */
#define HEX_ROW(high) \
	high "0" high "1" high "2" high "3" high "4" high "5" high "6" high \
	     "7" high "8" high "9" high "a" high "b" high "c" high "d" high \
	     "e" high "f"
static const char hex_pairs[] = HEX_ROW("0") HEX_ROW("1") HEX_ROW("2")
	HEX_ROW("3") HEX_ROW("4") HEX_ROW("5") HEX_ROW("6") HEX_ROW("7")
		HEX_ROW("8") HEX_ROW("9") HEX_ROW("a") HEX_ROW("b") HEX_ROW("c")
			HEX_ROW("d") HEX_ROW("e") HEX_ROW("f");

static inline void
put_hex(char *to, unsigned byte)
{
	memcpy(to, hex_pairs + 2 * byte, 2);
}

void
sst_uuid_write(
	char to[36], const struct sst_digest *digest, uint8_t version_byte)
{
	static const uint8_t at[16] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24,
		26, 28, 30, 32, 34 };

	for (unsigned i = 0; i < 16; i++)
		put_hex(to + at[i], digest->at[i]);
	put_hex(to + at[6], version_byte);
	put_hex(to + at[8], (digest->at[8] & 0x3fU) | 0x80);
	to[8] = to[13] = to[18] = to[23] = '-';
}

/* The value of a hex digit and 1; 0: it is none. */
static const uint8_t hex_values[256] = { ['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16 };

bool
sst_uuid_read(struct sst_span text, uint8_t to[16])
{
	static const uint8_t at[16] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24,
		26, 28, 30, 32, 34 };
	const unsigned char *from = (const void *)text.at;
	bool is_good = true;

	if (text.len != SST_UUID_LEN || from[8] != '-' || from[13] != '-' ||
		from[18] != '-' || from[23] != '-')
		return false;
	for (unsigned i = 0; i < 16; i++) {
		unsigned high = hex_values[from[at[i]]];
		unsigned low = hex_values[from[at[i] + 1]];

		is_good &= high != 0 && low != 0;
		to[i] = (uint8_t)((high - 1) << 4 | ((low - 1) & 15));
	}
	return is_good;
}
