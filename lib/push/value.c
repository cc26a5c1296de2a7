/* SPDX-License-Identifier: ISC */
#include "push/value.h"

#include "base/digest.h"
#include "base/num.h"
#include "text/stamp.h"
#include "text/url.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdio.h>

static const struct sst_conv_row rows[SST_CONV_COUNT] = {
	[SST_CONV_S] = { "s", SST_ARG_NUMBER_OR_NONE, 0, 9 },
	[SST_CONV_MS] = { "ms", SST_ARG_NONE, 0, 0 },
	[SST_CONV_US] = { "us", SST_ARG_NONE, 0, 0 },
	[SST_CONV_NS] = { "ns", SST_ARG_NONE, 0, 0 },
	[SST_CONV_ISO] = { "iso", SST_ARG_NUMBER, 0, 9 },
	[SST_CONV_STR] = { "str", SST_ARG_NONE, 0, 0 },
	[SST_CONV_NUM] = { "num", SST_ARG_NONE, 0, 0 },
	[SST_CONV_INT] = { "int", SST_ARG_NONE, 0, 0 },
	[SST_CONV_SHIFT] = { "shift", SST_ARG_NUMBER, -18, 18 },
	[SST_CONV_LOWER] = { "lower", SST_ARG_NONE, 0, 0 },
	[SST_CONV_CHARS] = { "chars", SST_ARG_NUMBER, 1, 65535 },
	[SST_CONV_BYTES] = { "bytes", SST_ARG_NUMBER, 1, 65535 },
	[SST_CONV_NAME] = { "name", SST_ARG_NUMBER, 1, 255 },
	[SST_CONV_HEX] = { "hex", SST_ARG_NUMBER, 1, 32 },
	[SST_CONV_PAIR] = { "pair", SST_ARG_NONE, 0, 0 },
	[SST_CONV_MAP] = { "map", SST_ARG_MAP, 0, 0 },
	[SST_CONV_JSON] = { "json", SST_ARG_NONE, 0, 0 },
	[SST_CONV_PCT] = { "pct", SST_ARG_NONE, 0, 0 },
	[SST_CONV_TYPE] = { "type", SST_ARG_NONE, 0, 0 },
	[SST_CONV_LEN] = { "len", SST_ARG_NONE, 0, 0 },
	[SST_CONV_AFTER] = { "after", SST_ARG_TEXT, 0, 0 },
};

const struct sst_conv_row *
sst_conv_row(enum sst_conv conv)
{
	return &rows[conv];
}

enum sst_conv
sst_conv_of(struct sst_span name)
{
	int i = 0;

	while (i < SST_CONV_COUNT && !sst_span_is(name, rows[i].name))
		i++;
	return (enum sst_conv)i;
}

/* ---- spelling ---- */

struct sst_value
sst_value_string(struct sst_span text)
{
	return (struct sst_value){
		.is_there = true, .kind = SST_KIND_STRING, .text = text
	};
}

struct sst_value
sst_value_number(struct sst_span text)
{
	return (struct sst_value){
		.is_there = true, .kind = SST_KIND_NUMBER, .text = text
	};
}

/* What was appended to the scratch since `from`. */
static struct sst_span
since(const struct sst_buf *scratch, size_t from)
{
	return sst_span(scratch->at + from, scratch->len - from);
}

/* Depth is bounded by SST_DOC_DEPTH. */
void
sst_doc_put_json(struct sst_buf *to, const struct sst_doc_node *node)
{
	bool is_object = node->kind == SST_DOC_OBJECT;

	switch (node->kind) {
	case SST_DOC_NULL:
		SST_BUF_PUT(to, "null");
		return;
	case SST_DOC_FALSE:
		SST_BUF_PUT(to, "false");
		return;
	case SST_DOC_TRUE:
		SST_BUF_PUT(to, "true");
		return;
	case SST_DOC_NUMBER:
		sst_buf_put_span(to, node->text);
		return;
	case SST_DOC_STRING:
		sst_buf_byte(to, '"');
		sst_json_put_escaped(to, node->text);
		sst_buf_byte(to, '"');
		return;
	case SST_DOC_ARRAY:
	case SST_DOC_OBJECT:
		break;
	}
	sst_buf_byte(to, is_object ? '{' : '[');
	for (const struct sst_doc_node *at = node->first; at != NULL;
		at = at->next) {
		if (at != node->first)
			sst_buf_byte(to, ',');
		if (is_object) {
			sst_buf_byte(to, '"');
			sst_json_put_escaped(to, at->name);
			SST_BUF_PUT(to, "\":");
		}
		sst_doc_put_json(to, at);
	}
	sst_buf_byte(to, is_object ? '}' : ']');
}

struct sst_span
sst_value_text(struct sst_buf *scratch, const struct sst_value *value)
{
	size_t from = scratch->len;

	if (value->node != NULL && value->node->kind >= SST_DOC_ARRAY) {
		sst_doc_put_json(scratch, value->node);
		return since(scratch, from);
	}
	if (!value->is_escaped)
		return value->text;
	sst_json_put_unescaped(scratch, value->text);
	return since(scratch, from);
}

void
sst_value_put_json(struct sst_buf *to, const struct sst_value *value)
{
	assert(value->is_there && !value->is_event);
	if (value->kind == SST_KIND_STRING) {
		sst_buf_byte(to, '"');
		/* What came from a JSON line is spelled as JSON spells it. */
		if (value->is_escaped || sst_json_is_plain(value->text))
			sst_buf_put_span(to, value->text);
		else
			sst_json_put_escaped(to, value->text);
		sst_buf_byte(to, '"');
	} else if (value->node != NULL && value->node->kind >= SST_DOC_ARRAY) {
		sst_doc_put_json(to, value->node);
	} else {
		sst_buf_put_span(to, value->text);
	}
}

/* Longer than any number that means something. */
#define NUMBER_MAX 64

bool
sst_value_double(struct sst_span text, double *out)
{
	double value = 0, scale = 1;
	bool is_fraction = false;
	int64_t exponent = 0;
	size_t i = text.len > 0 && text.at[0] == '-' ? 1 : 0;

	if (text.len >= NUMBER_MAX || !sst_num_is_json(text))
		return false;
	for (; i < text.len && sst_lower(text.at[i]) != 'e'; i++) {
		if (text.at[i] == '.') {
			is_fraction = true;
			continue;
		}
		value = value * 10 + (text.at[i] - '0');
		scale *= is_fraction ? 10 : 1;
	}
	if (i < text.len) {
		struct sst_span tail = sst_span_from(text, i + 1);

		if (tail.at[0] == '+')
			tail = sst_span_from(tail, 1);
		/* Beyond a double's range nothing that we compare with is. */
		if (!sst_num_i64(tail, &exponent) || exponent > 300 ||
			exponent < -300)
			return false;
	}
	for (value /= scale; exponent > 0; exponent--)
		value *= 10;
	for (; exponent < 0; exponent++)
		value /= 10;
	*out = text.at[0] == '-' ? -value : value;
	return true;
}

/* ---- conversions ---- */

static bool
to_time(struct sst_buf *scratch, struct sst_span text, enum sst_conv conv,
	int digits, struct sst_span *out)
{
	static const struct {
		int64_t per_second;
		uint32_t nanos;
	} units[] = {
		[SST_CONV_S] = { 1, 1000000000 },
		[SST_CONV_MS] = { 1000, 1000000 },
		[SST_CONV_US] = { 1000000, 1000 },
		[SST_CONV_NS] = { 1000000000, 1 },
	};
	size_t from = scratch->len;
	struct sst_stamp stamp;

	if (!sst_stamp_iso(text, false, &stamp))
		return false;
	if (conv == SST_CONV_ISO) {
		stamp.digits = (uint8_t)digits;
		sst_stamp_put(scratch, stamp);
	} else if (conv == SST_CONV_S && digits > 0) {
		char fraction[16];

		(void)snprintf(fraction, sizeof(fraction), "%09u", stamp.nanos);
		sst_buf_printf(scratch, "%lld.%.*s", (long long)stamp.seconds,
			digits, fraction);
	} else {
		int64_t whole;

		/* 9,223,372,036 s is the year 2262. */
		if (stamp.seconds > INT64_MAX / 1000000000 - 1 ||
			stamp.seconds < INT64_MIN / 1000000000 + 1)
			return false;
		whole = stamp.seconds * units[conv].per_second +
			stamp.nanos / units[conv].nanos;
		sst_buf_printf(scratch, "%lld", (long long)whole);
	}
	*out = since(scratch, from);
	return true;
}

/* The decimal point moves right (left, when places < 0). Exact: digits only,
 * an exponent is added to the places. */
static bool
shift(struct sst_buf *scratch, struct sst_span text, int places,
	struct sst_span *out)
{
	size_t from = scratch->len, e = 0, i = 0, point;
	char digits[NUMBER_MAX * 2];
	size_t n = 0;
	int64_t exponent = 0, dot;

	if (!sst_num_is_json(text) || text.len >= NUMBER_MAX)
		return false;
	while (e < text.len && text.at[e] != 'e' && text.at[e] != 'E')
		e++;
	if (e < text.len) {
		struct sst_span tail = sst_span_from(text, e + 1);

		if (tail.at[0] == '+')
			tail = sst_span_from(tail, 1);
		if (!sst_num_i64(tail, &exponent) || exponent > 40 ||
			exponent < -40)
			return false;
	}
	if (text.at[0] == '-') {
		sst_buf_byte(scratch, '-');
		i = 1;
	}
	point = e;
	for (size_t k = i; k < e; k++) {
		if (text.at[k] == '.')
			point = k;
		else
			digits[n++] = text.at[k];
	}
	/* The value is 0.DIGITS times 10^dot. */
	dot = (int64_t)(point - i) + exponent + places;
	for (i = 0; i < n && digits[i] == '0'; i++)
		dot--;
	while (n > i && digits[n - 1] == '0')
		n--;
	if (n == i) {
		scratch->len = from;
		sst_buf_byte(scratch, '0');
		*out = since(scratch, from);
		return true;
	}
	if (dot <= 0)
		SST_BUF_PUT(scratch, "0.");
	for (; dot < 0; dot++)
		sst_buf_byte(scratch, '0');
	for (int64_t k = 0; i < n; i++, k++) {
		if (k == dot && dot > 0)
			sst_buf_byte(scratch, '.');
		sst_buf_byte(scratch, digits[i]);
		if (i + 1 == n)
			for (k++; k < dot; k++)
				sst_buf_byte(scratch, '0');
	}
	*out = since(scratch, from);
	return true;
}

/* The number that text begins with, without its fraction. */
static bool
leading_int(struct sst_buf *scratch, struct sst_span text, struct sst_span *out)
{
	bool is_negative = text.len > 0 && text.at[0] == '-';
	size_t from = scratch->len, start = is_negative ? 1 : 0, n = start;

	while (n < text.len && text.at[n] >= '0' && text.at[n] <= '9')
		n++;
	/* 1e3 would be read as 1. */
	if (n == start || (n < text.len && sst_lower(text.at[n]) == 'e' &&
				  sst_num_is_json(text)))
		return false;
	while (start + 1 < n && text.at[start] == '0')
		start++; /* leading zeros are no JSON */
	if (n - start > 18)
		return false;
	if (is_negative && text.at[start] != '0')
		sst_buf_byte(scratch, '-');
	sst_buf_put(scratch, text.at + start, n - start);
	*out = since(scratch, from);
	return true;
}

/* How many bytes the first `max` characters (bytes, when !by_chars) take. */
static size_t
head_len(struct sst_span text, int max, bool by_chars)
{
	size_t at = 0;

	for (int n = 0; at < text.len && (!by_chars || n < max); n++) {
		size_t next = at;

		(void)sst_utf8_next(text, &next);
		if (!by_chars && next > (size_t)max)
			break;
		at = next;
	}
	return at;
}

static bool
is_letter(char c)
{
	return sst_lower(c) >= 'a' && sst_lower(c) <= 'z';
}

/* A letter, then letters, digits and '_': any other character is a '_', and
 * what begins with no letter gets an 'x' or "x_" before it. */
static struct sst_span
to_name(struct sst_buf *scratch, struct sst_span text, int max)
{
	size_t from = scratch->len, at = 0;

	if (text.len > 0 && !is_letter(text.at[0])) {
		sst_buf_byte(scratch, 'x');
		if (text.at[0] >= '0' && text.at[0] <= '9')
			sst_buf_byte(scratch, '_');
	}
	while (at < text.len && scratch->len - from < (size_t)max) {
		char c = text.at[at];

		(void)sst_utf8_next(text, &at);
		sst_buf_byte(scratch,
			is_letter(c) || (c >= '0' && c <= '9') ? c : '_');
	}
	return sst_span(scratch->at + from, scratch->len - from);
}

static uint32_t
number_at(const uint8_t *at)
{
	uint32_t value = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
			 (uint32_t)at[2] << 8 | at[3];

	value &= UINT32_C(0x7fffffff);
	return value == 0 ? 1 : value;
}

static bool
of_uuid(struct sst_buf *scratch, struct sst_span text, enum sst_conv conv,
	int digits, struct sst_span *out)
{
	size_t from = scratch->len;
	uint8_t uuid[16];

	if (!sst_uuid_read(text, uuid))
		return false;
	if (conv == SST_CONV_PAIR) {
		sst_buf_put_u64(scratch, number_at(uuid));
		sst_buf_byte(scratch, '.');
		sst_buf_put_u64(scratch, number_at(uuid + 9));
	} else {
		sst_hex_put(scratch, uuid, sizeof(uuid));
		if (!scratch->is_short)
			scratch->len = from + (size_t)digits;
	}
	*out = since(scratch, from);
	return true;
}

static const char *
type_of(const struct sst_value *value)
{
	switch ((enum sst_kind)value->kind) {
	case SST_KIND_STRING:
		return "string";
	case SST_KIND_NUMBER:
		for (size_t i = 0; i < value->text.len; i++)
			if (strchr(".eE", value->text.at[i]) != NULL)
				return "number";
		return "int";
	case SST_KIND_TRUE:
	case SST_KIND_FALSE:
		return "bool";
	case SST_KIND_OBJECT:
		return "object";
	case SST_KIND_ARRAY:
		return "array";
	case SST_KIND_NULL:
		break;
	}
	return "null";
}

static size_t
length_of(const struct sst_value *value, struct sst_span text)
{
	size_t n = 0, at = 0;

	if (value->node != NULL && value->node->kind >= SST_DOC_ARRAY)
		return value->node->count;
	for (; at < text.len; n++)
		(void)sst_utf8_next(text, &at);
	return n;
}

static bool
after(struct sst_span text, struct sst_span what, struct sst_span *out)
{
	for (size_t i = 0; i + what.len <= text.len; i++)
		if (memcmp(text.at + i, what.at, what.len) == 0) {
			*out = sst_span_from(text, i + what.len);
			return true;
		}
	return false;
}

static struct sst_span
put_with(struct sst_buf *scratch, struct sst_span text,
	void (*put)(struct sst_buf *, struct sst_span))
{
	size_t from = scratch->len;

	put(scratch, text);
	return since(scratch, from);
}

static void
put_lower(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++)
		sst_buf_byte(to, sst_lower(text.at[i]));
}

/* Of a string, what the conversion makes of its text. Other kinds stay. */
static void
convert_string(struct sst_buf *scratch, struct sst_value *value,
	enum sst_conv conv, int number)
{
	struct sst_span text;

	if (value->kind != SST_KIND_STRING)
		return;
	text = sst_value_text(scratch, value);
	if (conv == SST_CONV_LOWER)
		text = put_with(scratch, text, put_lower);
	else
		text = sst_span_head(
			text, head_len(text, number, conv == SST_CONV_CHARS));
	*value = sst_value_string(text);
}

void
sst_value_convert(struct sst_buf *scratch, struct sst_value *value,
	enum sst_conv conv, int number, struct sst_span argument)
{
	size_t from = scratch->len;
	struct sst_span text;
	bool fits = true;

	assert(value->is_there && !value->is_event);
	if (conv == SST_CONV_CHARS || conv == SST_CONV_BYTES ||
		conv == SST_CONV_LOWER) {
		convert_string(scratch, value, conv, number);
		return;
	}
	if (conv == SST_CONV_JSON) {
		sst_value_put_json(scratch, value);
		*value = sst_value_string(since(scratch, from));
		return;
	}
	text = sst_value_text(scratch, value);
	from = scratch->len;
	switch (conv) {
	case SST_CONV_S:
	case SST_CONV_MS:
	case SST_CONV_US:
	case SST_CONV_NS:
	case SST_CONV_ISO:
		fits = value->kind == SST_KIND_STRING &&
		       to_time(scratch, text, conv, number, &text);
		break;
	case SST_CONV_NUM:
		fits = sst_num_is_json(text);
		break;
	case SST_CONV_INT:
		fits = leading_int(scratch, text, &text);
		break;
	case SST_CONV_SHIFT:
		fits = shift(scratch, text, number, &text);
		break;
	case SST_CONV_NAME:
		text = to_name(scratch, text, number);
		fits = text.len > 0;
		break;
	case SST_CONV_HEX:
	case SST_CONV_PAIR:
		fits = of_uuid(scratch, text, conv, number, &text);
		break;
	case SST_CONV_PCT:
		text = put_with(scratch, text, sst_url_put_encoded);
		break;
	case SST_CONV_TYPE:
		sst_buf_put_span(scratch, sst_span_of(type_of(value)));
		text = since(scratch, from);
		break;
	case SST_CONV_LEN:
		sst_buf_put_u64(scratch, length_of(value, text));
		text = since(scratch, from);
		break;
	case SST_CONV_AFTER:
		fits = after(text, argument, &text);
		break;
	case SST_CONV_STR:
	case SST_CONV_LOWER:
	case SST_CONV_CHARS:
	case SST_CONV_BYTES:
	case SST_CONV_JSON:
	case SST_CONV_MAP:
	case SST_CONV_COUNT:
		break;
	}
	if (!fits)
		*value = (struct sst_value){ 0 };
	else if (conv <= SST_CONV_NS || conv == SST_CONV_NUM ||
		 conv == SST_CONV_INT || conv == SST_CONV_SHIFT ||
		 conv == SST_CONV_LEN)
		*value = sst_value_number(text);
	else
		*value = sst_value_string(text);
}
