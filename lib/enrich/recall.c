/* SPDX-License-Identifier: ISC */
#include "enrich/recall.h"

#include <assert.h>
#include <stdlib.h>

/* What stands before the text of a slot. */
struct slot {
	uint32_t answer;
	uint16_t len; /* of the text, plus 1; 0: the slot is free */
	uint16_t tag; /* further bits of the hash */
};

bool
sst_recall_init(struct sst_recall *recall, unsigned bits, size_t max_text)
{
	assert(bits > 0 && bits <= 24 && max_text < UINT16_MAX);
	*recall = (struct sst_recall){
		.bits = bits,
		.max_text = max_text,
		.stride = (sizeof(struct slot) + max_text + 7) / 8 * 8,
	};
	recall->slots = calloc((size_t)1 << bits, recall->stride);
	return recall->slots != NULL;
}

void
sst_recall_release(struct sst_recall *recall)
{
	free(recall->slots);
	*recall = (struct sst_recall){ 0 };
}

static inline uint64_t
load(const char *at, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, at, n);
	return word;
}

/* Odd constants with about as many ones as zeros: the fractions of the golden
 * ratio and of the square root of 2. */
static inline uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
	return hash ^ hash >> 32;
}

uint64_t
sst_recall_hash(struct sst_span text)
{
	uint64_t a = text.len, b = 0x6a09e667f3bcc909U;
	size_t i = 0;

	/* Two lanes, since each multiplication waits for the one before. */
	for (; i + 16 <= text.len; i += 16) {
		a = mix(a, load(text.at + i, 8));
		b = mix(b, load(text.at + i + 8, 8));
	}
	if (i + 8 <= text.len) {
		a = mix(a, load(text.at + i, 8));
		i += 8;
	}
	if (i < text.len)
		b = mix(b, load(text.at + i, text.len - i));
	return mix(mix(a, b), b >> 7);
}

static inline struct slot *
slot_of(const struct sst_recall *recall, uint64_t hash)
{
	size_t at = (size_t)(hash >> (64 - recall->bits));

	/* calloc aligned the table, stride is a multiple of 8. */
	return (struct slot *)(void *)(recall->slots + at * recall->stride);
}

bool
sst_recall_get(const struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t *out)
{
	const struct slot *slot;

	if (recall->slots == NULL || text.len > recall->max_text)
		return false;
	slot = slot_of(recall, hash);
	if (slot->len != text.len + 1 || slot->tag != (uint16_t)hash ||
		(text.len != 0 && memcmp(slot + 1, text.at, text.len) != 0))
		return false;
	*out = slot->answer;
	return true;
}

void
sst_recall_put(struct sst_recall *recall, uint64_t hash, struct sst_span text,
	uint32_t answer)
{
	struct slot *slot;

	if (recall->slots == NULL || text.len > recall->max_text)
		return;
	slot = slot_of(recall, hash);
	slot->answer = answer;
	slot->len = (uint16_t)(text.len + 1);
	slot->tag = (uint16_t)hash;
	if (text.len != 0)
		memcpy(slot + 1, text.at, text.len);
}
