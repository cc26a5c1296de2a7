/* SPDX-License-Identifier: ISC */
#include "base/recall.h"

#include "base/digest.h"
#include "base/wide.h"

#include <assert.h>
#include <stdlib.h>

/* Half a cache line; a set is one. */
struct sst_recall_slot {
	uint64_t context;
	uint64_t number;
	uint64_t at;  /* of the key, in bytes ever written; 0: never used */
	uint32_t tag; /* further bits of the hash */
	uint16_t key_len;
	uint16_t text_len; /* of the text behind the key */
};

bool
sst_recall_init(struct sst_recall *recall, unsigned bits, size_t size)
{
	size_t slots = (size_t)2 << bits;

	assert(bits > 0 && bits <= 24);
	assert((size & (size - 1)) == 0 && size >= 2 * SST_RECALL_MAX);
	*recall = (struct sst_recall){
		.slots = calloc(slots, sizeof(*recall->slots)),
		.ring = calloc(1, size + SST_PAD),
		.end = 2 * (uint64_t)size,
		.size = size,
		.bits = bits,
	};
	if (recall->slots != NULL && recall->ring != NULL)
		return true;
	sst_recall_release(recall);
	return false;
}

void
sst_recall_release(struct sst_recall *recall)
{
	uint64_t written = recall->end - 2 * recall->size;

	/* Values of a log must not be found in memory later. */
	if (recall->ring != NULL)
		sst_wipe(recall->ring,
			written < recall->size ? written : recall->size);
	free(recall->slots);
	free(recall->ring);
	*recall = (struct sst_recall){ 0 };
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

struct sst_recall_key
sst_recall_key(struct sst_span text, uint64_t context)
{
	return (struct sst_recall_key){ text, context, hash_of(text, context) };
}

static inline struct sst_recall_slot *
set_of(const struct sst_recall *recall, uint64_t hash)
{
	return recall->slots + (size_t)(hash >> (64 - recall->bits)) * 2;
}

static inline char *
place_of(const struct sst_recall *recall, uint64_t at)
{
	return recall->ring + (size_t)(at & (recall->size - 1));
}

bool
sst_recall_find(const struct sst_recall *recall,
	const struct sst_recall_key *key, struct sst_recall_answer *out)
{
	const struct sst_recall_slot *slot;

	if (recall->slots == NULL)
		return false;
	slot = set_of(recall, key->hash);
	for (int way = 0; way < 2; way++, slot++) {
		const char *at = place_of(recall, slot->at);

		if (slot->tag != (uint32_t)key->hash ||
			slot->key_len != key->text.len ||
			slot->context != key->context ||
			recall->end - slot->at > recall->size ||
			!sst_span_eq(key->text, sst_span(at, slot->key_len)))
			continue;
		out->number = slot->number;
		out->text = sst_span(at + slot->key_len, slot->text_len);
		return true;
	}
	return false;
}

void
sst_recall_put(struct sst_recall *recall, const struct sst_recall_key *key,
	uint64_t number, struct sst_span text)
{
	struct sst_recall_slot *slot;
	uint64_t left;
	size_t need;
	char *to;

	if (recall->slots == NULL || key->text.len > SST_RECALL_MAX ||
		text.len > SST_RECALL_MAX - key->text.len)
		return;
	/* A text lies in one piece: what is left at the end may be too short.
	 */
	need = key->text.len + text.len;
	left = recall->size - (recall->end & (recall->size - 1));
	if (need > left)
		recall->end += left;
	slot = set_of(recall, key->hash);
	slot += slot[1].at < slot[0].at;
	*slot = (struct sst_recall_slot){ key->context, number, recall->end,
		(uint32_t)key->hash, (uint16_t)key->text.len,
		(uint16_t)text.len };
	to = place_of(recall, recall->end);
	if (key->text.len != 0)
		memcpy(to, key->text.at, key->text.len);
	if (text.len != 0)
		memcpy(to + key->text.len, text.at, text.len);
	recall->end += need;
}
