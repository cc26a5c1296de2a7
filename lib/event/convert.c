/* SPDX-License-Identifier: ISC */
#include "event/convert.h"

#include "base/num.h"
#include "text/url.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- durations ---- */

/* Units of a number, the longer names first; `seconds` is 0 where it is a
 * decimal shift. */
static const struct {
	struct sst_span name;
	int shift;
	uint64_t seconds;
} units[] = {
	{ SST_SPAN("ms"), 3, 0 },
	{ SST_SPAN("us"), 6, 0 },
	{ SST_SPAN("\xc2\xb5s"), 6, 0 }, /* micro sign */
	{ SST_SPAN("\xce\xbcs"), 6, 0 }, /* Greek mu */
	{ SST_SPAN("ns"), 9, 0 },
	{ SST_SPAN("s"), 0, 0 },
	{ SST_SPAN("m"), 0, 60 },
	{ SST_SPAN("h"), 0, 3600 },
};
#define UNITS (sizeof(units) / sizeof(units[0]))

/* Length of the decimal at the beginning. */
static size_t
decimal_length(struct sst_span value)
{
	size_t n = 0;

	while (n < value.len && (is_digit(value.at[n]) || value.at[n] == '.'))
		n++;
	return n;
}

/* "1h2m3.5s": whole hours and minutes, then seconds as they stand. */
static bool
put_parts(struct sst_buf *to, struct sst_span value)
{
	uint64_t whole = 0;

	while (value.len > 0) {
		size_t n = decimal_length(value), point;
		struct sst_span number = sst_span_head(value, n);
		uint64_t part, unit = 0;

		value = sst_span_from(value, n);
		for (size_t i = 0; i < UNITS && unit == 0; i++)
			if (units[i].shift == 0 && value.len > 0 &&
				value.at[0] == units[i].name.at[0])
				unit = units[i].seconds == 0 ? 1
							     : units[i].seconds;
		if (unit == 0)
			return false;
		value = sst_span_from(value, 1);
		point = sst_span_find(number, '.');
		if (!sst_num_u64(sst_span_head(number, point), &part) ||
			part > UINT32_MAX)
			return false;
		whole += part * unit;
		if (point < n || value.len == 0) {
			sst_buf_put_u64(to, whole);
			sst_buf_put_span(to, sst_span_from(number, point));
			return value.len == 0 && point + 1 != n;
		}
	}
	return false;
}

bool
sst_convert_elapsed(struct sst_buf *to, struct sst_span value, int whole)
{
	size_t n = decimal_length(value);
	struct sst_span unit = sst_span_from(value, n);

	if (whole > 0 && unit.len == 0 &&
		sst_span_find(value, '.') == value.len)
		return sst_num_put_shifted(to, value, whole);
	if (sst_num_is_json(value) && value.at[0] != '-') {
		sst_buf_put_span(to, value);
		return true;
	}
	if (n == 0)
		return false;
	if (unit.len == 0)
		return sst_num_put_shifted(to, value, 0);
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].seconds == 0 && sst_span_eq(unit, units[i].name))
			return sst_num_put_shifted(
				to, sst_span_head(value, n), units[i].shift);
	return put_parts(to, value);
}

/* ---- versions ---- */

/* Behind a word, and a "v" or "/" or space, as "tlsv1.2", "http/1.1" have it;
 * the whole text where it is not there. */
static struct sst_span
without_word(struct sst_span text, const char *word)
{
	size_t n = strlen(word);

	if (text.len <= n ||
		!sst_span_eq_nocase(sst_span_head(text, n), sst_span_of(word)))
		return text;
	text = sst_span_from(text, n);
	if (text.len > 1 && (sst_lower(text.at[0]) == 'v' ||
				    text.at[0] == '/' || text.at[0] == ' '))
		text = sst_span_from(text, 1);
	return text;
}

void
sst_convert_protocol(struct sst_buf *to, struct sst_span value)
{
	struct sst_span number = value;
	size_t n = 0, points = 0;
	bool is_number;

	/* "HTTP/2" stays as it is. */
	if (sst_span_find(value, '/') == value.len)
		number = without_word(value, "http");
	is_number = number.len > 0 && is_digit(number.at[0]);
	for (size_t i = 0; i < number.len; i++) {
		is_number &= is_digit(number.at[i]) || number.at[i] == '.';
		points += number.at[i] == '.';
		if (points < 2)
			n = i + 1;
	}
	if (is_number)
		SST_BUF_PUT(to, "HTTP/");
	sst_buf_put_span(to, is_number ? sst_span_head(number, n) : value);
}

void
sst_convert_tls(struct sst_buf *to, struct sst_span value)
{
	static const struct {
		const char *number, *name;
	} versions[] = {
		{ "768", "SSLv3" },
		{ "769", "TLSv1" },
		{ "770", "TLSv1.1" },
		{ "771", "TLSv1.2" },
		{ "772", "TLSv1.3" },
		{ "1.0", "TLSv1" },
		{ "1", "TLSv1" },
		{ "1.1", "TLSv1.1" },
		{ "1.2", "TLSv1.2" },
		{ "1.3", "TLSv1.3" },
	};
	struct sst_span number = without_word(value, "tls");

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (sst_span_is(number, versions[i].number)) {
			sst_buf_put_span(to, sst_span_of(versions[i].name));
			return;
		}
	sst_buf_put_span(to, value);
}

/* ---- encodings ---- */

static int
hex(struct sst_span text, size_t at)
{
	char c = at < text.len ? sst_lower(text.at[at]) : 0;

	if (is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
sst_convert_percent(struct sst_buf *to, struct sst_buf *scratch,
	struct sst_span value, int times)
{
	struct sst_span once;

	if (times <= 1 || sst_span_find(value, '%') == value.len) {
		sst_url_put_decoded(to, value, false);
		return;
	}
	sst_buf_reset(scratch);
	sst_url_put_decoded(scratch, value, false);
	once = sst_buf_span(scratch);
	if (sst_span_find(once, ' ') < once.len)
		sst_buf_put_span(to, once);
	else
		sst_url_put_decoded(to, once, false);
	to->is_short |= scratch->is_short;
}

void
sst_convert_encoded(struct sst_buf *to, struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++) {
		sst_buf_byte(to, value.at[i]);
		if (value.at[i] == '%' && i + 4 < value.len &&
			value.at[i + 1] == '2' && value.at[i + 2] == '5' &&
			hex(value, i + 3) >= 0 && hex(value, i + 4) >= 0)
			i += 2;
	}
}

void
sst_convert_plus(struct sst_buf *to, struct sst_span value)
{
	bool has_space = sst_span_find(value, ' ') < value.len;

	for (size_t i = 0; i < value.len; i++)
		sst_buf_byte(to,
			value.at[i] == '+' && !has_space ? ' ' : value.at[i]);
}

/* ---- times ---- */

#define BILLION UINT32_C(1000000000)

bool
sst_convert_between(
	struct sst_buf *to, struct sst_stamp from, struct sst_stamp until)
{
	int64_t seconds = until.seconds - from.seconds;
	uint32_t nanos = until.nanos;
	uint8_t digits =
		from.digits > until.digits ? from.digits : until.digits;

	if (nanos < from.nanos) {
		nanos += BILLION;
		seconds--;
	}
	nanos -= from.nanos;
	if (seconds < 0)
		return false;
	sst_buf_put_u64(to, (uint64_t)seconds);
	for (uint32_t unit = BILLION / 10; digits > 0 && nanos > 0;
		unit /= 10, digits--) {
		if (unit == BILLION / 10)
			SST_BUF_PUT(to, ".");
		sst_buf_byte(to, (char)('0' + nanos / unit));
		nanos %= unit;
	}
	return true;
}

bool
sst_convert_epoch(struct sst_span value, int shift, struct sst_stamp *out)
{
	static const uint32_t power[] = { 1, 10, 100, 1000, 10000, 100000,
		1000000, 10000000, 100000000, 1000000000 };
	size_t point = sst_span_find(value, '.');
	uint64_t whole, part = 0;
	size_t more = 0;

	if (shift == 0)
		return sst_stamp_epoch(value, out);
	if (!sst_num_u64(sst_span_head(value, point), &whole))
		return false;
	if (point < value.len) {
		/* Decimals of a millisecond, as far as nanoseconds go. */
		more = value.len - point - 1;
		if (more > (size_t)(9 - shift))
			more = (size_t)(9 - shift);
		if (more > 0 &&
			!sst_num_u64(
				sst_span(value.at + point + 1, more), &part))
			return false;
	}
	out->seconds = (int64_t)(whole / power[shift]);
	out->digits = (uint8_t)((size_t)shift + more);
	out->nanos = (uint32_t)(whole % power[shift]) * power[9 - shift] +
		     (uint32_t)part * power[9 - out->digits];
	/* The year 9999 ends there. */
	return out->seconds <= INT64_C(253402300799);
}

bool
sst_convert_stamp(struct sst_span value, struct sst_stamp *out)
{
	if (value.len > 2 && value.at[0] == '[' &&
		value.at[value.len - 1] == ']')
		value = sst_span(value.at + 1, value.len - 2);
	return sst_stamp_epoch(value, out) || sst_stamp_iso(value, true, out) ||
	       sst_stamp_clf(value, out);
}

bool
sst_convert_clock(struct sst_span value, struct sst_stamp *out)
{
	static const char day[] = "1970-01-01T";
	char text[sizeof(day) + 24 + SST_PAD];

	if (value.len < 5 || value.len > 20)
		return false;
	memcpy(text, day, sizeof(day) - 1);
	memcpy(text + sizeof(day) - 1, value.at, value.len);
	/* HH:MM is allowed. */
	if (value.len == 5) {
		memcpy(text + sizeof(day) - 1 + 5, ":00", 3);
		value.len = 8;
	}
	return sst_stamp_iso(
		sst_span(text, sizeof(day) - 1 + value.len), true, out);
}
