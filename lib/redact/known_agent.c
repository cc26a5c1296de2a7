/* SPDX-License-Identifier: ISC */
#include "redact/known_agent.h"

#include "base/digest.h"
#include "base/wide.h"
#include "redact/memo.h"

#include <stdlib.h>

/* A set of slots is a line of the cache; together they stay in its second
 * level. */
#define LINE ((size_t)64)
#define WAYS ((size_t)8)
#define SET_BITS 11
#define SETS ((size_t)1 << SET_BITS)

/* Of a slot the low bits are its form's number and 1, the others the agent's
 * tag; 0: it is empty. */
#define FORM_BITS 12
#define FORM_MASK ((UINT64_C(1) << FORM_BITS) - 1)

_Static_assert(SST_KNOWN_FORMS < 1 << FORM_BITS, "a slot has room for a form");

/* Of the second lane the key is the first one's, moved by a pair. */
#define KEY_WORDS (SST_KNOWN_AGENT_MAX / 4 + 6)

struct form {
	uint16_t next; /* of those with its hash: a number and 1 */
	uint8_t len;
	char text[SST_KNOWN_FORM_MAX + SST_PAD - 3];
};

struct sst_known_agents {
	uint64_t *slots;
	struct form *forms;
	size_t form_count;
	uint16_t chains[256]; /* the first form of each hash: as above */
	uint64_t asked;       /* the number of the last agent asked for */
	uint64_t turn;        /* odd */
	uint32_t key[KEY_WORDS];
};

enum sst_status
sst_known_agents_open(struct sst_known_agents **out, struct sst_err *err)
{
	struct sst_known_agents *known = calloc(1, sizeof(*known));

	*out = known;
	if (known == NULL)
		return sst_fail_memory(err, "known agents");
	known->slots =
		aligned_alloc(LINE, SETS * WAYS * sizeof(known->slots[0]));
	known->forms = calloc(SST_KNOWN_FORMS, sizeof(known->forms[0]));
	if (known->slots == NULL || known->forms == NULL) {
		sst_known_agents_close(known);
		*out = NULL;
		return sst_fail_memory(err, "known agents");
	}
	memset(known->slots, 0, SETS * WAYS * sizeof(known->slots[0]));
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

/* The first n bytes, fewer than 16, zeros behind them. */
static inline struct sst_wide
load_rest(const char *at, size_t n)
{
	return sst_wide_of(sst_load_first(at, n),
		n > 8 ? sst_load_first(at + 8, n - 8) : 0);
}

static uint64_t
mixed_of(const struct sst_known_agents *known, struct sst_span agent)
{
	const uint32_t *key = known->key;
	struct sst_wide first = sst_wide_of(0, 0), second = first;
	uint64_t sum;
	size_t i = 0;

	for (; i + 16 <= agent.len; i += 16, key += 4) {
		struct sst_wide text = sst_wide_load(agent.at + i);

		first = sst_wide_add_products(first, text, key);
		second = sst_wide_add_products(second, text, key + 2);
	}
	if (i < agent.len) {
		struct sst_wide text = load_rest(agent.at + i, agent.len - i);

		first = sst_wide_add_products(first, text, key);
		second = sst_wide_add_products(second, text, key + 2);
	}
	sum = sst_wide_half(first, 0) + sst_wide_half(first, 1);
	sum += (sst_wide_half(second, 0) + sst_wide_half(second, 1)) *
		       known->turn +
	       agent.len;
	/* The low bits of a sum of products are those of its factors. */
	sum = (sum ^ sum >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static inline uint64_t *
set_of(const struct sst_known_agents *known, uint64_t mixed)
{
	return known->slots + (size_t)(mixed & (SETS - 1)) * WAYS;
}

void
sst_known_agents_ask(struct sst_known_agents *known, struct sst_span agent)
{
	if (agent.len > SST_KNOWN_AGENT_MAX)
		return;
	known->asked = mixed_of(known, agent);
	__builtin_prefetch(set_of(known, known->asked));
}

bool
sst_known_agents_find(const struct sst_known_agents *known,
	struct sst_span agent, struct sst_span *form)
{
	const uint64_t *slot = set_of(known, known->asked);

	if (agent.len > SST_KNOWN_AGENT_MAX)
		return false;
	for (size_t way = 0; way < WAYS; way++) {
		uint64_t form_number = slot[way] & FORM_MASK;

		if (((slot[way] ^ known->asked) & ~FORM_MASK) == 0 &&
			form_number != 0) {
			const struct form *found =
				&known->forms[form_number - 1];

			*form = sst_span(found->text, found->len);
			return true;
		}
	}
	return false;
}

/* The number of a form, and 1; 0: there is no room for it. */
static uint16_t
number_of(struct sst_known_agents *known, struct sst_span form)
{
	uint16_t *chain = &known->chains[sst_memo_key(form, 0).hash >> 56];
	struct form *new = &known->forms[known->form_count];

	for (uint16_t n = *chain; n != 0; n = known->forms[n - 1].next)
		if (sst_span_eq(form, sst_span(known->forms[n - 1].text,
					      known->forms[n - 1].len)))
			return n;
	if (known->form_count == SST_KNOWN_FORMS)
		return 0;
	memcpy(new->text, form.at, form.len);
	new->len = (uint8_t)form.len;
	new->next = *chain;
	*chain = (uint16_t)++known->form_count;
	return *chain;
}

void
sst_known_agents_put(struct sst_known_agents *known, struct sst_span agent,
	struct sst_span form)
{
	uint64_t *set;
	uint16_t number;

	if (agent.len > SST_KNOWN_AGENT_MAX || form.len == 0 ||
		form.len > SST_KNOWN_FORM_MAX)
		return;
	number = number_of(known, form);
	if (number == 0)
		return;
	set = set_of(known, known->asked);
	memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
	*set = (known->asked & ~FORM_MASK) | number;
}
