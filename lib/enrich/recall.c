/* SPDX-License-Identifier: ISC */
#include "enrich/recall.h"

#include <assert.h>
#include <stdlib.h>

/* Apart from the texts, so that a miss touches one line of memory. */
struct sst_recall_slot {
	uint32_t tag; /* further bits of the hash */
	uint32_t answer;
	uint32_t len;    /* of the text, plus 1; 0: the slot is free */
	uint32_t is_old; /* of the first of a set: it is to be replaced next */
};

bool
sst_recall_init(struct sst_recall *recall, unsigned bits, size_t max_text)
{
	size_t slots = (size_t)2 << bits;

	assert(bits > 0 && bits <= 24 && max_text > 0 &&
		max_text < SIZE_MAX / slots);
	recall->bits = bits;
	recall->max_text = max_text;
	recall->slots = calloc(slots, sizeof(*recall->slots));
	recall->texts = malloc(slots * max_text);
	if (recall->slots != NULL && recall->texts != NULL)
		return true;
	sst_recall_release(recall);
	return false;
}

void
sst_recall_release(struct sst_recall *recall)
{
	free(recall->slots);
	free(recall->texts);
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

/* Where the set of a hash begins. */
static inline size_t
set_of(const struct sst_recall *recall, uint64_t hash)
{
	return (size_t)(hash >> (64 - recall->bits)) * 2;
}

bool
sst_recall_get(const struct sst_recall *recall, uint64_t hash,
	struct sst_span text, uint32_t *out)
{
	size_t at;

	if (recall->slots == NULL || text.len > recall->max_text)
		return false;
	at = set_of(recall, hash);
	for (int way = 0; way < 2; way++, at++) {
		const struct sst_recall_slot *slot = &recall->slots[at];

		if (slot->tag != (uint32_t)hash || slot->len != text.len + 1 ||
			!sst_span_eq(text,
				sst_span(recall->texts + at * recall->max_text,
					text.len)))
			continue;
		*out = slot->answer;
		return true;
	}
	return false;
}

void
sst_recall_put(struct sst_recall *recall, uint64_t hash, struct sst_span text,
	uint32_t answer)
{
	struct sst_recall_slot *slots;
	size_t set, way;

	if (recall->slots == NULL || text.len > recall->max_text)
		return;
	set = set_of(recall, hash);
	slots = &recall->slots[set];
	way = slots[0].len != 0 && (slots[1].len == 0 || !slots[0].is_old);
	slots[0].is_old = way == 1;
	slots[way].tag = (uint32_t)hash;
	slots[way].answer = answer;
	slots[way].len = (uint32_t)text.len + 1;
	if (text.len != 0)
		memcpy(recall->texts + (set + way) * recall->max_text, text.at,
			text.len);
}
