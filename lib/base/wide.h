/* SPDX-License-Identifier: ISC */
/*
 * wide -- looking at many bytes at once.
 *
 * The hot loops ask one question of a run of bytes: where is the first that
 * needs a closer look? Here it is answered for 16 bytes at a time with SSE2,
 * which every x86-64 has, and for 8 bytes at a time in plain C elsewhere. All
 * functions may load up to 15 bytes past `end` (SST_PAD), and never return
 * more than `end`.
 */
#ifndef SST_BASE_WIDE_H
#define SST_BASE_WIDE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* 8 bytes as a number, first byte lowest where the machine is little-endian;
 * for comparing and hashing within one run only. */
static inline uint64_t
sst_load8(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Bytes that memory moves at a time, on the machines that we know. */
#define SST_LINE 64

/* Begin to load the line at this address; any address is allowed. */
static inline void
sst_prefetch(const void *at)
{
	__builtin_prefetch(at);
}

/* A function with this attribute is compiled for processors with BMI1, BMI2 and
 * AVX2 (2013 and later), and may be called if sst_wide_has_bits(). */
#if defined(__x86_64__) && defined(__GNUC__)
#define SST_WIDE_BITS __attribute__((target("avx2,bmi,bmi2,popcnt")))

static inline int
sst_wide_has_bits(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#endif

/* The first n bytes, at most 8 (8 are read): the first one lowest, zeros behind
 * them. */
static inline uint64_t
sst_load_first(const char *at, size_t n)
{
	uint64_t word = sst_load8(at);

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return n >= 8 ? word : word & ((UINT64_C(1) << (8 * n)) - 1);
}

/* The top bit of each of 8 bytes that is in a range of ASCII. */
static inline uint64_t
sst_word_in(uint64_t word, char first, char last)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t low = word & 0x7f * ones;
	uint64_t from = low + (uint64_t)(0x80 - first) * ones;
	uint64_t past = low + (uint64_t)(0x7f - last) * ones;

	return from & ~past & ~word & 0x80 * ones;
}

/* Capital letters of ASCII as small ones. */
static inline uint64_t
sst_word_lower(uint64_t word)
{
	return word | sst_word_in(word, 'A', 'Z') >> 2;
}

#if defined(__SSE2__)

/* 16 bytes, of which questions are asked: an answer has a bit for each, the
 * first byte's lowest. */
struct sst_wide {
	__m128i x;
};

static inline struct sst_wide
sst_wide_load(const char *at)
{
	return (struct sst_wide){ _mm_loadu_si128(
		(const __m128i *)(const void *)at) };
}

/* Capital letters as small ones; other bytes become others too, none of them
 * a letter. */
static inline struct sst_wide
sst_wide_small(struct sst_wide w)
{
	return (struct sst_wide){ _mm_or_si128(w.x, _mm_set1_epi8(0x20)) };
}

static inline unsigned
sst_wide_is(struct sst_wide w, char byte)
{
	return (unsigned)_mm_movemask_epi8(
		_mm_cmpeq_epi8(w.x, _mm_set1_epi8(byte)));
}

/* Of ASCII, first > 0. */
static inline unsigned
sst_wide_in(struct sst_wide w, char first, char last)
{
	__m128i above = _mm_cmpgt_epi8(w.x, _mm_set1_epi8((char)(first - 1)));
	__m128i below = _mm_cmpgt_epi8(_mm_set1_epi8((char)(last + 1)), w.x);

	return (unsigned)_mm_movemask_epi8(_mm_and_si128(above, below));
}

/* 8 bytes and 8 more, as sst_load_first() has them. */
static inline struct sst_wide
sst_wide_of(uint64_t first, uint64_t second)
{
	return (struct sst_wide){ _mm_set_epi64x(
		(long long)second, (long long)first) };
}

/* To each 8 bytes of `sum` add the product of the two numbers of 32 bits in
 * those of `text`, each moved by its own of four keys. */
static inline struct sst_wide
sst_wide_add_products(
	struct sst_wide sum, struct sst_wide text, const uint32_t key[4])
{
	__m128i moved = _mm_add_epi32(
		text.x, _mm_loadu_si128((const __m128i *)(const void *)key));

	return (struct sst_wide){ _mm_add_epi64(
		sum.x, _mm_mul_epu32(moved, _mm_srli_epi64(moved, 32))) };
}

/* The first or second 8 bytes. */
static inline uint64_t
sst_wide_half(struct sst_wide w, int second)
{
#if defined(__x86_64__)
	return (uint64_t)_mm_cvtsi128_si64(
		second ? _mm_unpackhi_epi64(w.x, w.x) : w.x);
#else
	uint64_t halves[2];

	_mm_storeu_si128((__m128i *)(void *)halves, w.x);
	return halves[second];
#endif
}

/* Pairs of nibbles, the high one first, to bytes: in 16 bits the high one is
 * the lower byte. */
static inline __m128i
sst_wide_join(__m128i hex)
{
	/* Letters have bit 6, and their low bits begin at 1. */
	__m128i letter =
		_mm_and_si128(_mm_srli_epi16(hex, 6), _mm_set1_epi8(1));
	__m128i nibble = _mm_add_epi8(_mm_and_si128(hex, _mm_set1_epi8(0x0f)),
		_mm_add_epi8(_mm_slli_epi16(letter, 3), letter));

	return _mm_and_si128(_mm_or_si128(_mm_slli_epi16(nibble, 4),
				     _mm_srli_epi16(nibble, 8)),
		_mm_set1_epi16(0xff));
}

/* 32 hex digits to 16 bytes. */
static inline struct sst_wide
sst_wide_unhex(struct sst_wide first, struct sst_wide second)
{
	return (struct sst_wide){ _mm_packus_epi16(
		sst_wide_join(first.x), sst_wide_join(second.x)) };
}

/* 16 bytes to 32 hex digits in lower case. */
static inline void
sst_wide_hex(struct sst_wide w, struct sst_wide out[2])
{
	const __m128i low = _mm_set1_epi8(0x0f);
	__m128i high_nibbles = _mm_and_si128(_mm_srli_epi16(w.x, 4), low);
	__m128i low_nibbles = _mm_and_si128(w.x, low);

	out[0].x = _mm_unpacklo_epi8(high_nibbles, low_nibbles);
	out[1].x = _mm_unpackhi_epi8(high_nibbles, low_nibbles);
	for (int i = 0; i < 2; i++) {
		__m128i letter = _mm_cmpgt_epi8(out[i].x, _mm_set1_epi8(9));

		out[i].x = _mm_add_epi8(
			_mm_add_epi8(out[i].x, _mm_set1_epi8('0')),
			_mm_and_si128(letter, _mm_set1_epi8('a' - 10 - '0')));
	}
}

/* The top bit of each byte that is a control, '\', or not ASCII. */
static inline __m128i
sst_wide_unsafe(__m128i x)
{
	/* As signed bytes, controls and what is not ASCII are below 32. */
	__m128i low = _mm_cmplt_epi8(x, _mm_set1_epi8(32));
	__m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));

	return _mm_or_si128(low, slash);
}

/* The same, and of DEL. */
static inline __m128i
sst_wide_unclean(__m128i x)
{
	__m128i del = _mm_cmpeq_epi8(x, _mm_set1_epi8(127));

	return _mm_or_si128(sst_wide_unsafe(x), del);
}

/* A bit for each of 16 bytes that is no plain character of a JSON string: one
 * of the above, or '"'. */
static inline unsigned
sst_wide_odd_bits(__m128i x)
{
	__m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(quote, sst_wide_unclean(x)));
}

/* The first byte that is no plain character of a JSON string, or end. */
static inline const char *
sst_wide_plain(const char *at, const char *end)
{
	for (; at < end; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned odd = sst_wide_odd_bits(x);

		if (odd != 0) {
			at += __builtin_ctz(odd);
			break;
		}
	}
	return at < end ? at : end;
}

/* Is there no byte that would need work in JSON, quotes aside: no control, no
 * '\\', no DEL, nothing that is not ASCII? */
static inline int
sst_wide_is_clean(const char *at, const char *end)
{
	__m128i odd = _mm_setzero_si128();

	for (; end - at >= 16; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);

		odd = _mm_or_si128(odd, sst_wide_unclean(x));
	}
	if (_mm_movemask_epi8(odd) != 0)
		return 0;
	if (at < end) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned valid = (1U << (end - at)) - 1;

		return ((unsigned)_mm_movemask_epi8(sst_wide_unclean(x)) &
			       valid) == 0;
	}
	return 1;
}

/* A bit for each quote among 16 bytes; *odd collects what is unsafe. */
static inline SST_ALWAYS_INLINE uint64_t
sst_wide_quotes16(const char *at, __m128i *odd)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));

	*odd = _mm_or_si128(*odd, sst_wide_unsafe(x));
	return (unsigned)_mm_movemask_epi8(quote);
}

/*
 * A bit for each quote of the n bytes at `at`, 64 to a word. False: there is a
 * control, a '\' or a byte that is not ASCII (or, where bytes are looked at
 * eight at a time, DEL); the words mean nothing.
 */
static inline SST_ALWAYS_INLINE int
sst_wide_quotes(const char *at, size_t n, uint64_t *bits)
{
	__m128i odd = _mm_setzero_si128(), rest;
	size_t i = 0;

	for (; i + 64 <= n; i += 64)
		*bits++ = sst_wide_quotes16(at + i, &odd) |
			  sst_wide_quotes16(at + i + 16, &odd) << 16 |
			  sst_wide_quotes16(at + i + 32, &odd) << 32 |
			  sst_wide_quotes16(at + i + 48, &odd) << 48;
	if (i < n)
		*bits = 0;
	for (size_t by = 0; i + 16 <= n; i += 16, by += 16)
		*bits |= sst_wide_quotes16(at + i, &odd) << by;
	if (i < n) {
		unsigned valid = (1U << (n - i)) - 1;

		rest = _mm_setzero_si128();
		*bits |= (sst_wide_quotes16(at + i, &rest) & valid) << (i % 64);
		if (((unsigned)_mm_movemask_epi8(rest) & valid) != 0)
			return 0;
	}
	return _mm_movemask_epi8(odd) == 0;
}

/* The first `byte`, or end. */
static inline const char *
sst_wide_find(const char *at, const char *end, char byte)
{
	const __m128i wanted = _mm_set1_epi8(byte);

	for (; at < end; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned hit =
			(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, wanted));

		if (hit != 0) {
			at += __builtin_ctz(hit);
			break;
		}
	}
	return at < end ? at : end;
}

/* The first of three bytes, or end. */
static inline const char *
sst_wide_find3(const char *at, const char *end, const char bytes[3])
{
	const __m128i a = _mm_set1_epi8(bytes[0]);
	const __m128i b = _mm_set1_epi8(bytes[1]);
	const __m128i c = _mm_set1_epi8(bytes[2]);

	for (; at < end; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned hit = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			_mm_cmpeq_epi8(x, a), _mm_or_si128(_mm_cmpeq_epi8(x, b),
						      _mm_cmpeq_epi8(x, c))));

		if (hit != 0) {
			at += __builtin_ctz(hit);
			break;
		}
	}
	return at < end ? at : end;
}

/* The first `byte`, or end. *is_odd is set when a byte before it is no plain
 * character of a JSON string; it is not cleared. */
static inline const char *
sst_wide_until(const char *at, const char *end, char byte, unsigned *is_odd)
{
	const __m128i wanted = _mm_set1_epi8(byte);

	for (; at < end; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		unsigned odd = sst_wide_odd_bits(x);
		unsigned hit =
			(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, wanted));

		if (end - at < 16) {
			unsigned valid = (1U << (end - at)) - 1;

			odd &= valid;
			hit &= valid;
		}
		if (hit != 0) {
			/* The bits below the lowest one of hit. */
			*is_odd |= odd & ((hit & -hit) - 1);
			return at + __builtin_ctz(hit);
		}
		*is_odd |= odd;
	}
	return end;
}

#else

#define SST_WIDE_ONES UINT64_C(0x0101010101010101)
#define SST_WIDE_TOPS UINT64_C(0x8080808080808080)

struct sst_wide {
	uint64_t x[2];
};

static inline struct sst_wide
sst_wide_load(const char *at)
{
	return (struct sst_wide){ { sst_load_first(at, 8),
		sst_load_first(at + 8, 8) } };
}

static inline struct sst_wide
sst_wide_small(struct sst_wide w)
{
	return (struct sst_wide){ { w.x[0] | SST_WIDE_ONES * 0x20,
		w.x[1] | SST_WIDE_ONES * 0x20 } };
}

static inline unsigned
sst_wide_in(struct sst_wide w, char first, char last)
{
	unsigned bits = 0;

	for (int i = 0; i < 2; i++) {
		uint64_t hit = sst_word_in(w.x[i], first, last);

		/* Byte k's bit goes from 8 * k to 56 + k. */
		bits |= (unsigned)((hit >> 7) * UINT64_C(0x0102040810204080) >>
				   56)
			<< (8 * i);
	}
	return bits;
}

static inline unsigned
sst_wide_is(struct sst_wide w, char byte)
{
	return sst_wide_in(w, byte, byte);
}

static inline struct sst_wide
sst_wide_of(uint64_t first, uint64_t second)
{
	return (struct sst_wide){ { first, second } };
}

static inline struct sst_wide
sst_wide_add_products(
	struct sst_wide sum, struct sst_wide text, const uint32_t key[4])
{
	for (int i = 0; i < 2; i++) {
		uint32_t low = (uint32_t)text.x[i] + key[2 * i];
		uint32_t high = (uint32_t)(text.x[i] >> 32) + key[2 * i + 1];

		sum.x[i] += (uint64_t)low * high;
	}
	return sum;
}

static inline uint64_t
sst_wide_half(struct sst_wide w, int second)
{
	return w.x[second];
}

/* 8 hex digits to 4 bytes. Letters have bit 6, and their low bits begin at
 * 1. */
static inline uint64_t
sst_word_unhex(uint64_t hex)
{
	uint64_t nibbles =
		(hex & SST_WIDE_ONES * 0x0f) + (hex >> 6 & SST_WIDE_ONES) * 9;
	uint64_t apart =
		(nibbles << 4 | nibbles >> 8) & UINT64_C(0x00ff00ff00ff00ff);

	apart = (apart | apart >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (apart | apart >> 16) & UINT32_MAX;
}

static inline struct sst_wide
sst_wide_unhex(struct sst_wide first, struct sst_wide second)
{
	return (struct sst_wide){ { sst_word_unhex(first.x[0]) |
					    sst_word_unhex(first.x[1]) << 32,
		sst_word_unhex(second.x[0]) | sst_word_unhex(second.x[1])
						      << 32 } };
}

/* 4 bytes to 8 hex digits. */
static inline uint64_t
sst_word_hex(uint64_t bytes)
{
	uint64_t apart = (bytes | bytes << 16) & UINT64_C(0x0000ffff0000ffff);
	uint64_t nibbles;

	apart = (apart | apart << 8) & UINT64_C(0x00ff00ff00ff00ff);
	nibbles = (apart >> 4 | apart << 8) & SST_WIDE_ONES * 0x0f;
	/* From 10 on it is a letter. */
	return nibbles + SST_WIDE_ONES * '0' +
	       ((nibbles + SST_WIDE_ONES * 6) >> 4 & SST_WIDE_ONES) *
		       ('a' - 10 - '0');
}

static inline void
sst_wide_hex(struct sst_wide w, struct sst_wide out[2])
{
	for (int i = 0; i < 2; i++)
		out[i] = sst_wide_of(sst_word_hex(w.x[i] & UINT32_MAX),
			sst_word_hex(w.x[i] >> 32));
}

/* Not zero when one of the 8 bytes is no plain character. */
static inline uint64_t
sst_wide_odd_word(uint64_t x)
{
	uint64_t quote = x ^ SST_WIDE_ONES * '"';
	uint64_t slash = x ^ SST_WIDE_ONES * '\\';
	uint64_t del = x ^ SST_WIDE_ONES * 127;

	return ((x - SST_WIDE_ONES * 32) | (quote - SST_WIDE_ONES) |
		       (slash - SST_WIDE_ONES) | (del - SST_WIDE_ONES) | x) &
	       SST_WIDE_TOPS;
}

static inline int
sst_wide_is_odd(char c)
{
	unsigned char u = (unsigned char)c;

	return u < 32 || u >= 127 || u == '"' || u == '\\';
}

static inline const char *
sst_wide_plain(const char *at, const char *end)
{
	while (at + 8 <= end && sst_wide_odd_word(sst_load8(at)) == 0)
		at += 8;
	while (at < end && !sst_wide_is_odd(*at))
		at++;
	return at;
}

static inline int
sst_wide_is_clean(const char *at, const char *end)
{
	for (; at < end; at++) {
		at = sst_wide_plain(at, end);
		if (at < end && *at != '"')
			return 0;
	}
	return 1;
}

static inline SST_ALWAYS_INLINE int
sst_wide_quotes(const char *at, size_t n, uint64_t *bits)
{
	for (size_t word = 0; word * 64 < n; word++)
		bits[word] = 0;
	for (const char *end = at + n, *quote = at; quote < end; quote++) {
		quote = sst_wide_plain(quote, end);
		if (quote == end)
			break;
		if (*quote != '"')
			return 0;
		bits[(size_t)(quote - at) / 64] |=
			UINT64_C(1) << ((size_t)(quote - at) % 64);
	}
	return 1;
}

static inline const char *
sst_wide_find(const char *at, const char *end, char byte)
{
	const uint64_t wanted = SST_WIDE_ONES * (unsigned char)byte;

	for (; at + 8 <= end; at += 8) {
		uint64_t hit = sst_load8(at) ^ wanted;

		if ((hit - SST_WIDE_ONES) & ~hit & SST_WIDE_TOPS)
			break;
	}
	while (at < end && *at != byte)
		at++;
	return at;
}

static inline const char *
sst_wide_find3(const char *at, const char *end, const char bytes[3])
{
	while (at < end && *at != bytes[0] && *at != bytes[1] &&
		*at != bytes[2])
		at++;
	return at;
}

static inline const char *
sst_wide_until(const char *at, const char *end, char byte, unsigned *is_odd)
{
	const uint64_t wanted = SST_WIDE_ONES * (unsigned char)byte;

	for (; at + 8 <= end; at += 8) {
		uint64_t x = sst_load8(at), hit = x ^ wanted;

		if ((hit - SST_WIDE_ONES) & ~hit & SST_WIDE_TOPS)
			break;
		*is_odd |= sst_wide_odd_word(x) != 0;
	}
	for (; at < end && *at != byte; at++)
		*is_odd |= (unsigned)sst_wide_is_odd(*at);
	return at;
}

#endif

#endif
