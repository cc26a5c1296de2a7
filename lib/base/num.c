/* SPDX-License-Identifier: ISC */
#include "base/num.h"

bool
sst_num_u64(struct sst_span text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.len == 0 || text.len > 20)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool
sst_num_i64(struct sst_span text, int64_t *out)
{
	bool is_negative = text.len > 0 && text.at[0] == '-';
	uint64_t value;

	if (!sst_num_u64(is_negative ? sst_span_from(text, 1) : text, &value))
		return false;
	if (value > (uint64_t)INT64_MAX)
		return false;
	*out = is_negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* How many digits from `at` on. */
static size_t
digits(struct sst_span text, size_t at)
{
	size_t i = at;

	while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
		i++;
	return i - at;
}

bool
sst_num_is_json(struct sst_span text)
{
	size_t i = text.len > 0 && text.at[0] == '-' ? 1 : 0;
	size_t whole = digits(text, i), n;

	if (whole == 0 || (whole > 1 && text.at[i] == '0'))
		return false;
	i += whole;
	if (i < text.len && text.at[i] == '.') {
		n = digits(text, i + 1);
		if (n == 0)
			return false;
		i += 1 + n;
	}
	if (i < text.len && (text.at[i] == 'e' || text.at[i] == 'E')) {
		i++;
		if (i < text.len && (text.at[i] == '+' || text.at[i] == '-'))
			i++;
		n = digits(text, i);
		if (n == 0)
			return false;
		i += n;
	}
	return i == text.len;
}

bool
sst_num_put_shifted(struct sst_buf *to, struct sst_span text, int places)
{
	size_t whole = digits(text, 0), fraction = 0, n, scale, i = 0;

	if (whole < text.len && text.at[whole] == '.')
		fraction = digits(text, whole + 1);
	if (whole == 0 || (fraction == 0 ? whole != text.len
					 : whole + 1 + fraction != text.len))
		return false;
	if (places == 0 && (whole == 1 || text.at[0] != '0')) {
		sst_buf_put_span(to, text);
		return true;
	}

	/* The value is its n digits, the last `scale` of them behind the
	 * point. Zeros that say nothing are left out at both ends. */
#define DIGIT(k) text.at[(k) < whole ? (k) : (k) + 1]
	n = whole + fraction;
	scale = fraction + (size_t)places;
	while (i < n && n - i > scale + 1 && DIGIT(i) == '0')
		i++;
	while (scale > 0 && n > i && DIGIT(n - 1) == '0') {
		n--;
		scale--;
	}
	if (n == i)
		scale = 0;
	if (n - i <= scale || n == i)
		SST_BUF_PUT(to, "0");
	for (; i < n && n - i > scale; i++)
		sst_buf_byte(to, DIGIT(i));
	if (scale == 0)
		return true;
	SST_BUF_PUT(to, ".");
	for (; scale > n - i; scale--)
		SST_BUF_PUT(to, "0");
	for (; i < n; i++)
		sst_buf_byte(to, DIGIT(i));
#undef DIGIT
	return true;
}
