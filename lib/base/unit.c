/* SPDX-License-Identifier: ISC */
#include "base/unit.h"

#include "base/num.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "k", UINT64_C(1) << 10 },
	{ "K", UINT64_C(1) << 10 },
	{ "M", UINT64_C(1) << 20 },
	{ "G", UINT64_C(1) << 30 },
	{ NULL, 0 },
};

#define SECOND UINT64_C(1000000)

static const struct unit durations[] = {
	{ "", SECOND },
	{ "ms", 1000 },
	{ "s", SECOND },
	{ "m", 60 * SECOND },
	{ "h", 3600 * SECOND },
	{ "d", 86400 * SECOND },
	{ "w", 7 * 86400 * SECOND },
	{ NULL, 0 },
};

static bool
read_with(const struct unit *units, struct sst_span text, uint64_t *out)
{
	size_t n = 0;
	uint64_t number;

	while (n < text.len && text.at[n] >= '0' && text.at[n] <= '9')
		n++;
	if (!sst_num_u64(sst_span_head(text, n), &number))
		return false;
	for (; units->name != NULL; units++) {
		if (!sst_span_is(sst_span_from(text, n), units->name))
			continue;
		if (number > (uint64_t)INT64_MAX / units->factor)
			return false;
		*out = number * units->factor;
		return true;
	}
	return false;
}

bool
sst_unit_size(struct sst_span text, uint64_t *out)
{
	return read_with(sizes, text, out);
}

bool
sst_unit_duration(struct sst_span text, int64_t *out_us)
{
	uint64_t us;

	if (!read_with(durations, text, &us))
		return false;
	*out_us = (int64_t)us;
	return true;
}
