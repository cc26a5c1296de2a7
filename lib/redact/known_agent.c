/* SPDX-License-Identifier: ISC */
#include "redact/known_agent.h"

#include "base/digest.h"
#include "base/wide.h"

#include <stdlib.h>

/* A set of slots is a line of the cache. */
#define WAYS ((size_t)4)
#define SETS ((size_t)8192)

/* Of the second lane the key is the first one's, moved by a pair. */
#define KEY_WORDS (SST_KNOWN_AGENT_MAX / 4 + 2)

struct slot {
	uint64_t tag;
	uint16_t len;
	uint16_t form; /* its number and 1; 0: the slot is empty */
};

struct form {
	uint8_t len;
	char text[SST_KNOWN_FORM_MAX + SST_PAD - 1];
};

struct sst_known_agents {
	struct slot *slots;
	struct form *forms;
	size_t form_count;
	uint64_t turn; /* odd */
	uint32_t key[KEY_WORDS];
};

enum sst_status
sst_known_agents_open(struct sst_known_agents **out, struct sst_err *err)
{
	struct sst_known_agents *known = calloc(1, sizeof(*known));

	*out = known;
	if (known == NULL)
		return sst_fail_memory(err, "known agents");
	known->slots = calloc(SETS * WAYS, sizeof(known->slots[0]));
	known->forms = calloc(SST_KNOWN_FORMS, sizeof(known->forms[0]));
	if (known->slots == NULL || known->forms == NULL) {
		sst_known_agents_close(known);
		*out = NULL;
		return sst_fail_memory(err, "known agents");
	}
	sst_random(known->key, sizeof(known->key));
	sst_random(&known->turn, sizeof(known->turn));
	known->turn |= 1;
	return SST_OK;
}

void
sst_known_agents_close(struct sst_known_agents *known)
{
	if (known == NULL)
		return;
	free(known->slots);
	free(known->forms);
	sst_wipe(known->key, sizeof(known->key));
	free(known);
}

/* Two words of the agent times each other, each first moved by the key. */
static inline uint64_t
product(uint64_t pair, const uint32_t *key)
{
	uint32_t low = (uint32_t)pair + key[0];
	uint32_t high = (uint32_t)(pair >> 32) + key[1];

	return (uint64_t)low * high;
}

static uint64_t
tag_of(const struct sst_known_agents *known, struct sst_span agent)
{
	const uint32_t *key = known->key;
	uint64_t first = 0, second = 0;
	size_t i = 0;

	for (; i + 8 <= agent.len; i += 8, key += 2) {
		uint64_t pair = sst_load8(agent.at + i);

		first += product(pair, key);
		second += product(pair, key + 2);
	}
	if (i < agent.len) {
		uint64_t pair = sst_load_first(agent.at + i, agent.len - i);

		first += product(pair, key);
		second += product(pair, key + 2);
	}
	return first + second * known->turn;
}

static inline struct slot *
set_of(const struct sst_known_agents *known, uint64_t tag)
{
	/* The low bits of a sum of products are those of its factors. */
	uint64_t mixed = (tag ^ tag >> 32) * UINT64_C(0x9e3779b97f4a7c15);

	return known->slots + (size_t)(mixed >> 51) * WAYS;
}

_Static_assert(SETS == (size_t)1 << (64 - 51), "sets are numbered by 13 bits");

bool
sst_known_agents_find(const struct sst_known_agents *known,
	struct sst_span agent, struct sst_span *form)
{
	const struct slot *slot;
	uint64_t tag;

	if (agent.len > SST_KNOWN_AGENT_MAX)
		return false;
	tag = tag_of(known, agent);
	slot = set_of(known, tag);
	for (size_t way = 0; way < WAYS; way++, slot++)
		if (slot->tag == tag && slot->len == agent.len &&
			slot->form != 0) {
			const struct form *found =
				&known->forms[slot->form - 1];

			*form = sst_span(found->text, found->len);
			return true;
		}
	return false;
}

/* The number of a form, and 1; 0: there is no room for it. */
static uint16_t
number_of(struct sst_known_agents *known, struct sst_span form)
{
	size_t i = 0;

	while (i < known->form_count &&
		!sst_span_eq(form,
			sst_span(known->forms[i].text, known->forms[i].len)))
		i++;
	if (i == SST_KNOWN_FORMS)
		return 0;
	if (i == known->form_count) {
		memcpy(known->forms[i].text, form.at, form.len);
		known->forms[i].len = (uint8_t)form.len;
		known->form_count++;
	}
	return (uint16_t)(i + 1);
}

void
sst_known_agents_put(struct sst_known_agents *known, struct sst_span agent,
	struct sst_span form)
{
	struct slot *set;
	uint16_t number;
	uint64_t tag;

	if (agent.len > SST_KNOWN_AGENT_MAX || form.len == 0 ||
		form.len > SST_KNOWN_FORM_MAX)
		return;
	number = number_of(known, form);
	if (number == 0)
		return;
	tag = tag_of(known, agent);
	set = set_of(known, tag);
	memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
	*set = (struct slot){ tag, (uint16_t)agent.len, number };
}
