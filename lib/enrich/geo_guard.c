/* SPDX-License-Identifier: ISC */
#include "enrich/geo_guard.h"

#include <string.h>

/* Types of the specification. */
enum {
	EXTENDED = 0,
	POINTER = 1,
	STRING = 2,
	DOUBLE = 3,
	BYTES = 4,
	UINT16 = 5,
	UINT32 = 6,
	MAP = 7,
	INT32 = 8,
	UINT64 = 9,
	UINT128 = 10,
	ARRAY = 11,
	BOOLEAN = 14,
	FLOAT = 15,
	TYPES
};

/* How many bytes a value may have; 0: another kind of type, or none. */
static const struct {
	size_t least, most;
} lengths[TYPES] = {
	[STRING] = { 0, SIZE_MAX },
	[BYTES] = { 0, SIZE_MAX },
	[DOUBLE] = { 8, 8 },
	[FLOAT] = { 4, 4 },
	[UINT16] = { 0, 2 },
	[UINT32] = { 0, 4 },
	[INT32] = { 0, 4 },
	[UINT64] = { 0, 8 },
	[UINT128] = { 0, 16 },
};

struct walk {
	const uint8_t *data;
	size_t size, at;
	int values; /* that may still come */
};

/* n bytes as a number, high byte first. */
static bool
take(struct walk *w, size_t n, size_t *out)
{
	size_t value = 0;

	if (n > w->size - w->at)
		return false;
	for (; n > 0; n--)
		value = value << 8 | w->data[w->at++];
	*out = value;
	return true;
}

/* Read a control byte and what belongs to it: the type, and its size (of a
 * pointer: where it leads). */
static bool
take_control(struct walk *w, unsigned *type, size_t *size)
{
	static const size_t base[] = { 0, 2048, 526336, 0 };
	size_t control, more;

	if (!take(w, 1, &control))
		return false;
	*type = (unsigned)control >> 5;
	if (*type == POINTER) {
		size_t kind = control >> 3 & 3;

		if (!take(w, kind + 1, &more))
			return false;
		*size = more + base[kind];
		if (kind != 3)
			*size += (control & 7) << (8 * (kind + 1));
		return true;
	}
	if (*type == EXTENDED) {
		if (!take(w, 1, &more))
			return false;
		*type = (unsigned)more + 7;
	}
	*size = control & 31;
	if (*size < 29)
		return true;
	if (!take(w, *size - 28, &more))
		return false;
	*size = more + (*size == 29 ? 29 : *size == 30 ? 285 : 65821);
	return true;
}

static bool walk_value(struct walk *w, int depth, bool may_point, bool is_key);

/* Go where a pointer leads, and come back. */
static bool
walk_pointer(struct walk *w, size_t to, int depth, bool is_key)
{
	size_t back = w->at;
	bool is_sane;

	if (to >= w->size)
		return false;
	w->at = to;
	is_sane = walk_value(w, depth + 1, false, is_key);
	w->at = back;
	return is_sane;
}

static bool
walk_value(struct walk *w, int depth, bool may_point, bool is_key)
{
	unsigned type;
	size_t size;

	if (depth > SST_GEO_DEPTH || w->values-- == 0 ||
		!take_control(w, &type, &size) || type >= TYPES)
		return false;
	if (type == POINTER)
		return may_point && walk_pointer(w, size, depth, is_key);
	if (is_key && type != STRING)
		return false;
	if (type == BOOLEAN)
		return size <= 1;
	if (type == MAP || type == ARRAY) {
		for (; size > 0; size--)
			if ((type == MAP &&
				    !walk_value(w, depth + 1, true, true)) ||
				!walk_value(w, depth + 1, true, false))
				return false;
		return true;
	}
	if (lengths[type].most == 0 || size < lengths[type].least ||
		size > lengths[type].most || size > w->size - w->at)
		return false;
	w->at += size;
	return true;
}

bool
sst_geo_is_sane(const uint8_t *data, size_t size, size_t offset)
{
	struct walk w = { data, size, offset, SST_GEO_VALUES };

	return offset < size && walk_value(&w, 1, true, false);
}

size_t
sst_geo_find_metadata(const uint8_t *tail, size_t n)
{
	static const char marker[] = "\xab\xcd\xefMaxMind.com";
	const size_t len = sizeof(marker) - 1;

	for (size_t at = n; at >= len; at--)
		if (memcmp(tail + at - len, marker, len) == 0)
			return at;
	return n;
}
