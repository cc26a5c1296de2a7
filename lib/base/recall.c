/* SPDX-License-Identifier: ISC */
#include "base/recall.h"

#include "base/digest.h"
#include "base/wide.h"

#include <assert.h>
#include <stdlib.h>

/* Half a cache line; a set is one. */
struct sst_recall_slot {
	struct sst_recall_key key; /* all zero: never used */
	uint64_t number;
	uint64_t padding;
};

bool
sst_recall_init(struct sst_recall *recall, unsigned bits)
{
	assert(bits > 0 && bits <= 24);
	recall->bits = bits;
	recall->slots =
		aligned_alloc(64, ((size_t)2 << bits) * sizeof(*recall->slots));
	if (recall->slots == NULL)
		return false;
	memset(recall->slots, 0, ((size_t)2 << bits) * sizeof(*recall->slots));
	sst_random(recall->secret, sizeof(recall->secret));
	return true;
}

void
sst_recall_release(struct sst_recall *recall)
{
	free(recall->slots);
	sst_wipe(recall, sizeof(*recall));
}

/* sum += a * b, modulo 2^128. */
static inline void
add_product(struct sst_recall_key *sum, uint64_t a, uint64_t b)
{
	uint64_t low, high;
#if defined(__SIZEOF_INT128__)
	unsigned __int128 product = (unsigned __int128)a * b;

	low = (uint64_t)product;
	high = (uint64_t)(product >> 64);
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32;
	uint64_t b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
	uint64_t other = a0 * b1 + (uint32_t)middle;

	low = a * b;
	high = a1 * b1 + (middle >> 32) + (other >> 32);
#endif
	sum->low += low;
	sum->high += high + (sum->low < low);
}

/* Up to 15 bytes as two words, whatever stands behind them. */
static inline void
take_short(struct sst_span text, uint64_t *a, uint64_t *b)
{
	char padded[16] = { 0 };

	if (text.len != 0)
		memcpy(padded, text.at, text.len);
	*a = sst_load8(padded);
	*b = sst_load8(padded + 8);
}

/* The last two words overlap the ones before, so that there is no rest; among
 * texts of one length no two give the same words. */
struct sst_recall_key
sst_recall_key(
	const struct sst_recall *recall, struct sst_span text, uint64_t context)
{
	const uint64_t *secret = recall->secret;
	struct sst_recall_key sum = { 0, 0 };
	uint64_t a, b;

	if (text.len > SST_RECALL_MAX)
		return sum;
	add_product(&sum, text.len + secret[0], context + secret[1]);
	if (text.len < 16) {
		take_short(text, &a, &b);
		add_product(&sum, a + secret[2], b + secret[3]);
		return sum;
	}
	for (size_t at = 0, word = 2; at < text.len; at += 16, word += 2) {
		size_t from = at + 16 <= text.len ? at : text.len - 16;

		a = sst_load8(text.at + from);
		b = sst_load8(text.at + from + 8);
		add_product(&sum, a + secret[word], b + secret[word + 1]);
	}
	return sum;
}

/* NH is universal as a whole; a product spreads what its halves have in
 * common with those of another text. */
static inline struct sst_recall_slot *
set_of(const struct sst_recall *recall, const struct sst_recall_key *key)
{
	uint64_t hash = (key->low ^ key->high) * 0x9e3779b97f4a7c15U;

	return recall->slots + (size_t)(hash >> (64 - recall->bits)) * 2;
}

static inline bool
is_key(const struct sst_recall_key *a, const struct sst_recall_key *b)
{
	return a->low == b->low && a->high == b->high;
}

static inline bool
is_kept(const struct sst_recall *recall, const struct sst_recall_key *key)
{
	return recall->slots != NULL && (key->low | key->high) != 0;
}

void
sst_recall_expect(
	const struct sst_recall *recall, const struct sst_recall_key *key)
{
	if (is_kept(recall, key))
		__builtin_prefetch(set_of(recall, key));
}

bool
sst_recall_find(const struct sst_recall *recall,
	const struct sst_recall_key *key, uint64_t *number)
{
	const struct sst_recall_slot *set;

	if (!is_kept(recall, key))
		return false;
	set = set_of(recall, key);
	for (int way = 0; way < 2; way++)
		if (is_key(&set[way].key, key)) {
			*number = set[way].number;
			return true;
		}
	return false;
}

void
sst_recall_put(struct sst_recall *recall, const struct sst_recall_key *key,
	uint64_t number)
{
	struct sst_recall_slot *set;

	if (!is_kept(recall, key))
		return;
	set = set_of(recall, key);
	set[1] = set[0];
	set[0].key = *key;
	set[0].number = number;
}
