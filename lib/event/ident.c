/* SPDX-License-Identifier: ISC */
#include "event/ident.h"

#include "base/wide.h"

#include <stdlib.h>

/* Slots a second begins with, and keeps when it is used again. */
#define FIRST_SLOTS 64
#define KEPT_SLOTS 16384

/* One line of one second; count 0: the slot is free. */
struct seen {
	uint64_t low, high; /* the line's hash */
	uint32_t count;
};

/* The lines of one second: open addressing, a power of two of slots. */
struct second {
	int64_t at;
	uint32_t used, slots;
	struct seen *seen;
};

struct sst_ident {
	struct sst_digest key;
	struct sst_ident *first, *next; /* all that share a bound */
	uint64_t all, max, forgotten;   /* the first one's: lines of all */
	uint64_t total;                 /* lines that are remembered here */
	size_t n;
	struct second seconds[]; /* second s stands in seconds[s mod n] */
};

enum sst_status
sst_ident_open(struct sst_ident **out, const uint8_t *secret,
	struct sst_span name_space, uint64_t window_s, uint64_t max,
	struct sst_err *err)
{
	size_t n = window_s < 1 ? 1 : (size_t)window_s + 1;
	struct sst_ident *ident;

	*out = NULL;
	if (n > 100000)
		return sst_fail(err, SST_EUSAGE,
			"--id-window: more than a day is not remembered");
	ident = calloc(1, sizeof(*ident) + n * sizeof(ident->seconds[0]));
	if (ident == NULL)
		return sst_fail_memory(err, "event ids");
	ident->n = n;
	ident->max = max;
	ident->first = ident;
	ident->key = sst_digest_derive(secret, "sst event id", name_space);
	*out = ident;
	return SST_OK;
}

/* Empty a second; memory that only a peak needs is given back. */
static void
forget(struct sst_ident *ident, struct second *second)
{
	ident->total -= second->used;
	ident->first->all -= second->used;
	if (second->slots > KEPT_SLOTS) {
		free(second->seen);
		second->seen = NULL;
		second->slots = 0;
	} else if (second->used > 0) {
		memset(second->seen, 0,
			second->slots * sizeof(second->seen[0]));
	}
	second->used = 0;
}

enum sst_status
sst_ident_open_like(
	struct sst_ident **out, struct sst_ident *like, struct sst_err *err)
{
	struct sst_ident *ident =
		calloc(1, sizeof(*ident) + like->n * sizeof(ident->seconds[0]));

	*out = ident;
	if (ident == NULL)
		return sst_fail_memory(err, "event ids");
	ident->key = like->key;
	ident->n = like->n;
	ident->first = like->first;
	ident->next = like->first->next;
	like->first->next = ident;
	return SST_OK;
}

static struct seen *
slot_of(struct second *second, uint64_t low, uint64_t high)
{
	uint32_t mask = second->slots - 1, at = (uint32_t)low & mask;

	while (second->seen[at].count != 0 &&
		(second->seen[at].low != low || second->seen[at].high != high))
		at = (at + 1) & mask;
	return &second->seen[at];
}

/* Double the slots; false when there is no memory. */
static bool
grow(struct second *second)
{
	struct second larger = *second;

	larger.slots = second->slots == 0 ? FIRST_SLOTS : second->slots * 2;
	larger.seen = calloc(larger.slots, sizeof(larger.seen[0]));
	if (larger.seen == NULL)
		return false;
	for (uint32_t i = 0; i < second->slots; i++)
		if (second->seen[i].count != 0)
			*slot_of(&larger, second->seen[i].low,
				second->seen[i].high) = second->seen[i];
	free(second->seen);
	*second = larger;
	return true;
}

/* The bound is reached: the oldest second of the largest goes. */
static void
forget_oldest(struct sst_ident *first)
{
	struct sst_ident *largest = first;
	struct second *oldest = NULL;

	for (struct sst_ident *it = first; it != NULL; it = it->next)
		if (it->total > largest->total)
			largest = it;
	for (size_t i = 0; i < largest->n; i++) {
		struct second *second = &largest->seconds[i];

		if (second->used > 0 &&
			(oldest == NULL || second->at < oldest->at))
			oldest = second;
	}
	if (oldest == NULL)
		return;
	forget(largest, oldest);
	first->forgotten++;
}

/* Which occurrence of this line in this second is it? */
static uint32_t
count(struct sst_ident *ident, const struct sst_digest *hash, int64_t at)
{
	uint64_t low = sst_load8((const char *)hash->at);
	uint64_t high = sst_load8((const char *)hash->at + 8);
	struct second *second =
		&ident->seconds[(uint64_t)at % (uint64_t)ident->n];
	struct seen *seen;

	if (second->at != at) {
		forget(ident, second);
		second->at = at;
	}
	if (second->used >= second->slots / 2 && !grow(second) &&
		second->used + 1 >= second->slots)
		return 1; /* no memory: as if it were forgotten */
	seen = slot_of(second, low, high);
	if (seen->count == 0) {
		if (ident->first->all >= ident->first->max) {
			forget_oldest(ident->first);
			if (second->slots == 0 && !grow(second))
				return 1;
			seen = slot_of(second, low, high);
		}
		*seen = (struct seen){ low, high, 0 };
		second->used++;
		ident->total++;
		ident->first->all++;
	}
	return ++seen->count;
}

/* The version of our UUIDs: 8, whose content is the maker's own. */
#define ID_VERSION 0x80

void
sst_ident_first(const struct sst_ident *ident, struct sst_span line,
	struct sst_digest *hash, char to[SST_UUID_LEN])
{
	*hash = sst_siphash13(&ident->key, line);
	sst_uuid_write(to, hash, ID_VERSION);
}

bool
sst_ident_settle(struct sst_ident *ident, const struct sst_digest *hash,
	int64_t second, char to[SST_UUID_LEN])
{
	uint32_t n = count(ident, hash, second);
	struct sst_digest later;
	char again[24];

	if (SST_LIKELY(n <= 1))
		return false;
	memcpy(again, hash->at, 16);
	for (unsigned i = 0; i < 8; i++)
		again[16 + i] = (char)((uint64_t)n >> (8 * i));
	later = sst_siphash13(&ident->key, sst_span(again, 24));
	sst_uuid_write(to, &later, ID_VERSION);
	return true;
}

void
sst_ident_write(struct sst_ident *ident, struct sst_span line, int64_t second,
	char to[SST_UUID_LEN])
{
	struct sst_digest hash;

	sst_ident_first(ident, line, &hash, to);
	(void)sst_ident_settle(ident, &hash, second, to);
}

uint64_t
sst_ident_forgotten(const struct sst_ident *ident)
{
	return ident->first->forgotten;
}

void
sst_ident_close(struct sst_ident *ident)
{
	if (ident == NULL)
		return;
	for (struct sst_ident *it = ident->first; it != ident; it = it->next)
		if (it->next == ident) {
			it->next = ident->next;
			break;
		}
	ident->first->all -= ident->total;
	for (size_t i = 0; i < ident->n; i++)
		free(ident->seconds[i].seen);
	sst_wipe(&ident->key, sizeof(ident->key));
	free(ident);
}
