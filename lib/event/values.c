/* SPDX-License-Identifier: ISC */
#include "event/values.h"

#include "base/num.h"

/* More decimals than any server writes. */
#define DECIMALS 9

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == ':';
}

/* The value that begins at or behind *at; len 0 at the end. */
static struct sst_span
next_value(struct sst_span list, size_t *at)
{
	size_t start;

	while (*at < list.len && is_separator(list.at[*at]))
		++*at;
	start = *at;
	while (*at < list.len && !is_separator(list.at[*at]))
		++*at;
	return sst_span(list.at + start, *at - start);
}

struct sst_span
sst_list_last(struct sst_span list)
{
	struct sst_span last = sst_span(list.at, 0), value;
	size_t at = 0;

	while ((value = next_value(list, &at)).len > 0)
		last = value;
	return last;
}

/* A decimal as billionths. */
static bool
read_decimal(struct sst_span value, uint64_t *out, unsigned *decimals)
{
	size_t point = sst_span_find(value, '.');
	uint64_t whole, part = 0;

	*decimals = 0;
	if (!sst_num_u64(sst_span_head(value, point), &whole) ||
		whole > UINT64_C(1000000000))
		return false;
	if (point < value.len) {
		struct sst_span digits = sst_span_from(value, point + 1);

		if (digits.len > DECIMALS || !sst_num_u64(digits, &part))
			return false;
		*decimals = (unsigned)digits.len;
	}
	for (unsigned i = *decimals; i < DECIMALS; i++)
		part *= 10;
	*out = whole * UINT64_C(1000000000) + part;
	return true;
}

bool
sst_list_put_sum(struct sst_buf *to, struct sst_span list)
{
	uint64_t sum = 0, one;
	unsigned most = 0, decimals;
	bool has_any = false;
	struct sst_span value;
	size_t at = 0;

	while ((value = next_value(list, &at)).len > 0) {
		if (!read_decimal(value, &one, &decimals))
			continue;
		sum += one;
		has_any = true;
		most = decimals > most ? decimals : most;
	}
	if (!has_any)
		return false;
	sst_buf_put_u64(to, sum / UINT64_C(1000000000));
	if (most > 0) {
		char digits[DECIMALS];
		uint64_t rest = sum % UINT64_C(1000000000);

		for (int i = DECIMALS - 1; i >= 0; i--) {
			digits[i] = (char)('0' + rest % 10);
			rest /= 10;
		}
		sst_buf_byte(to, '.');
		sst_buf_put(to, digits, most);
	}
	return true;
}
