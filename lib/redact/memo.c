/* SPDX-License-Identifier: ISC */
#include "redact/memo.h"

#include "base/digest.h"
#include "base/wide.h"

#include <assert.h>
#include <stdlib.h>

/* Half a cache line; a set is one. */
struct sst_memo_slot {
	uint64_t context;
	uint64_t number;
	uint64_t at;  /* of the key, in bytes ever written; 0: never used */
	uint32_t tag; /* further bits of the hash */
	uint16_t key_len;
	uint16_t text_len; /* of the text behind the key */
};

bool
sst_memo_init(struct sst_memo *memo, unsigned bits, size_t size)
{
	size_t slots = (size_t)2 << bits;

	assert(bits > 0 && bits <= 24);
	assert((size & (size - 1)) == 0 && size >= 2 * SST_MEMO_MAX);
	*memo = (struct sst_memo){
		.slots = calloc(slots, sizeof(*memo->slots)),
		.ring = calloc(1, size + SST_PAD),
		.end = 2 * (uint64_t)size,
		.size = size,
		.bits = bits,
	};
	if (memo->slots != NULL && memo->ring != NULL)
		return true;
	sst_memo_release(memo);
	return false;
}

void
sst_memo_release(struct sst_memo *memo)
{
	uint64_t written = memo->end - 2 * memo->size;

	/* Values of a log must not be found in memory later. */
	if (memo->ring != NULL)
		sst_wipe(memo->ring,
			written < memo->size ? written : memo->size);
	free(memo->slots);
	free(memo->ring);
	*memo = (struct sst_memo){ 0 };
}

/* Odd, with about as many ones as zeros: fractions of the golden ratio and of
 * the square root of 2. */
#define GOLDEN 0x9e3779b97f4a7c15U
#define ROOT 0x6a09e667f3bcc909U

/* Two words at once; what one says is turned away from what the other does. */
static inline uint64_t
mix(uint64_t hash, uint64_t a, uint64_t b)
{
	hash = (hash ^ a ^ (b << 21 | b >> 43)) * GOLDEN;
	return hash ^ hash >> 32;
}

/* Below 8 bytes: all of them, whatever stands behind. */
static uint64_t
short_word(struct sst_span text)
{
	uint32_t head, tail;

	if (text.len >= 4) {
		memcpy(&head, text.at, sizeof(head));
		memcpy(&tail, text.at + text.len - 4, sizeof(tail));
		return (uint64_t)head << 32 | tail;
	}
	if (text.len == 0)
		return 0;
	return (uint64_t)(uint8_t)text.at[0] << 16 |
	       (uint64_t)(uint8_t)text.at[text.len / 2] << 8 |
	       (uint8_t)text.at[text.len - 1];
}

/* The last words of a text overlap the ones before, so that there is no rest.
 * Two lanes, since each multiplication waits for the one before. */
static inline uint64_t
hash_of(struct sst_span text, uint64_t context)
{
	uint64_t a = context ^ text.len * ROOT, b = ROOT;
	const char *at = text.at, *end = text.at + text.len;

	if (text.len < 8)
		return mix(a, short_word(text), b) * GOLDEN;
	if (text.len < 16)
		return mix(a, sst_load8(at), sst_load8(end - 8)) * GOLDEN;
	for (; end - at > 32; at += 32) {
		a = mix(a, sst_load8(at), sst_load8(at + 8));
		b = mix(b, sst_load8(at + 16), sst_load8(at + 24));
	}
	if (text.len >= 32)
		at = end - 32;
	a = mix(a, sst_load8(at), sst_load8(at + 8));
	b = mix(b, sst_load8(end - 16), sst_load8(end - 8));
	return mix(a, b, b >> 32) * GOLDEN;
}

struct sst_memo_key
sst_memo_key(struct sst_span text, uint64_t context)
{
	return (struct sst_memo_key){ text, context, hash_of(text, context) };
}

static inline struct sst_memo_slot *
set_of(const struct sst_memo *memo, uint64_t hash)
{
	return memo->slots + (size_t)(hash >> (64 - memo->bits)) * 2;
}

static inline char *
place_of(const struct sst_memo *memo, uint64_t at)
{
	return memo->ring + (size_t)(at & (memo->size - 1));
}

bool
sst_memo_find(const struct sst_memo *memo, const struct sst_memo_key *key,
	struct sst_memo_answer *out)
{
	const struct sst_memo_slot *slot;

	if (memo->slots == NULL)
		return false;
	slot = set_of(memo, key->hash);
	for (int way = 0; way < 2; way++, slot++) {
		const char *at = place_of(memo, slot->at);

		if (slot->tag != (uint32_t)key->hash ||
			slot->key_len != key->text.len ||
			slot->context != key->context ||
			memo->end - slot->at > memo->size ||
			!sst_span_eq(key->text, sst_span(at, slot->key_len)))
			continue;
		out->number = slot->number;
		out->text = sst_span(at + slot->key_len, slot->text_len);
		return true;
	}
	return false;
}

void
sst_memo_put(struct sst_memo *memo, const struct sst_memo_key *key,
	uint64_t number, struct sst_span text)
{
	struct sst_memo_slot *slot;
	uint64_t left;
	size_t need;
	char *to;

	if (memo->slots == NULL || key->text.len > SST_MEMO_MAX ||
		text.len > SST_MEMO_MAX - key->text.len)
		return;
	/* A text lies in one piece: what is left at the end may be too short.
	 */
	need = key->text.len + text.len;
	left = memo->size - (memo->end & (memo->size - 1));
	if (need > left)
		memo->end += left;
	slot = set_of(memo, key->hash);
	slot += slot[1].at < slot[0].at;
	*slot = (struct sst_memo_slot){ key->context, number, memo->end,
		(uint32_t)key->hash, (uint16_t)key->text.len,
		(uint16_t)text.len };
	to = place_of(memo, memo->end);
	if (key->text.len != 0)
		memcpy(to, key->text.at, key->text.len);
	if (text.len != 0)
		memcpy(to + key->text.len, text.at, text.len);
	memo->end += need;
}
