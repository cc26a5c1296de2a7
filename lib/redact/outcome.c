/* SPDX-License-Identifier: ISC */
#include "redact/outcome.h"

#include "base/digest.h"
#include "base/wide.h"

#include <assert.h>
#include <stdlib.h>

/* Half a KiB with the rest of the slot: an agent and its reduced form fit. */
#define ROOM ((size_t)488)

struct slot {
	uint64_t context;
	uint32_t kinds;
	uint16_t key_len, value_len;
	uint8_t change;
	bool is_used;
	char at[ROOM]; /* the key, then the value */
};

struct sst_outcomes {
	size_t mask;
	struct slot *slots;
};

enum sst_status
sst_outcomes_open(struct sst_outcomes **out, size_t slots, struct sst_err *err)
{
	struct sst_outcomes *outcomes = calloc(1, sizeof(*outcomes));

	assert(slots > 0 && (slots & (slots - 1)) == 0);
	*out = NULL;
	if (outcomes == NULL)
		return sst_fail_memory(err, "redacted values");
	outcomes->mask = slots - 1;
	outcomes->slots = calloc(slots, sizeof(outcomes->slots[0]));
	if (outcomes->slots == NULL) {
		free(outcomes);
		return sst_fail_memory(err, "redacted values");
	}
	*out = outcomes;
	return SST_OK;
}

void
sst_outcomes_close(struct sst_outcomes *outcomes)
{
	if (outcomes == NULL)
		return;
	/* It is full of what must not be found in a core file. */
	sst_wipe(outcomes->slots,
		(outcomes->mask + 1) * sizeof(outcomes->slots[0]));
	free(outcomes->slots);
	free(outcomes);
}

/* Whoever makes values collide makes them slow, nothing else: no key needed. */
static inline size_t
slot_of(const struct sst_outcomes *outcomes, struct sst_outcome_key key)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t mixed = (key.context + key.value.len) * odd;
	size_t i = 0;

	for (; i + 8 <= key.value.len; i += 8) {
		mixed = (mixed ^ sst_load8(key.value.at + i)) * odd;
		mixed ^= mixed >> 29;
	}
	if (i < key.value.len) {
		uint64_t last = sst_load8(key.value.at + i);
		unsigned spare = 8 * (unsigned)(8 - (key.value.len - i));

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		last >>= spare;
#else
		last <<= spare;
#endif
		mixed = (mixed ^ last) * odd;
	}
	return (size_t)(mixed >> 32 ^ mixed >> 51) & outcomes->mask;
}

bool
sst_outcomes_find(const struct sst_outcomes *outcomes,
	struct sst_outcome_key key, struct sst_outcome *out)
{
	const struct slot *slot = &outcomes->slots[slot_of(outcomes, key)];

	if (!slot->is_used || slot->context != key.context ||
		slot->key_len != key.value.len ||
		memcmp(slot->at, key.value.at, key.value.len) != 0)
		return false;
	out->value = sst_span(slot->at + slot->key_len, slot->value_len);
	out->kinds = slot->kinds;
	out->change = slot->change;
	return true;
}

void
sst_outcomes_put(struct sst_outcomes *outcomes, struct sst_outcome_key key,
	struct sst_outcome outcome)
{
	struct slot *slot;

	if (key.value.len > ROOM || outcome.value.len > ROOM - key.value.len)
		return;
	slot = &outcomes->slots[slot_of(outcomes, key)];
	slot->is_used = true;
	slot->context = key.context;
	slot->key_len = (uint16_t)key.value.len;
	slot->value_len = (uint16_t)outcome.value.len;
	slot->kinds = outcome.kinds;
	slot->change = outcome.change;
	memcpy(slot->at, key.value.at, key.value.len);
	if (outcome.value.len > 0)
		memcpy(slot->at + key.value.len, outcome.value.at,
			outcome.value.len);
}
