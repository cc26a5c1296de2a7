/* SPDX-License-Identifier: ISC */
#include "redact/value.h"

#include "base/num.h"
#include "base/wide.h"
#include "text/stamp.h"

/* ---- numbers ---- */

/* More digits than any double has. */
#define DIGITS_MAX ((size_t)40)

/* One more in the last place of decimal digits. True: they overflowed, and are
 * all zeros. */
static bool
carry(char *digits, size_t n)
{
	while (n > 0) {
		n--;
		if (digits[n] != '9') {
			digits[n]++;
			return false;
		}
		digits[n] = '0';
	}
	return true;
}

bool
sst_round_put(struct sst_buf *to, struct sst_span text, unsigned n)
{
	char digits[DIGITS_MAX];
	bool is_negative = text.len > 0 && text.at[0] == '-';
	bool is_zero = true, is_longer = false;
	struct sst_span number = sst_span_from(text, is_negative);
	size_t whole = sst_span_find(number, '.'), count = 0;

	if (!sst_num_is_json(text) || number.len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < number.len; i++) {
		if (i == whole)
			continue;
		if (number.at[i] < '0' || number.at[i] > '9')
			return false; /* an exponent */
		digits[count++] = number.at[i];
	}
	if (count <= whole + n) {
		sst_buf_put_span(to, text);
		return true;
	}
	if (digits[whole + n] >= '5')
		is_longer = carry(digits, whole + n);
	for (size_t i = 0; i < whole + n; i++)
		is_zero = is_zero && digits[i] == '0';
	if (is_negative && (is_longer || !is_zero))
		sst_buf_byte(to, '-');
	if (is_longer)
		sst_buf_byte(to, '1');
	sst_buf_put(to, digits, whole);
	if (n > 0)
		sst_buf_byte(to, '.');
	sst_buf_put(to, digits + whole, n);
	return true;
}

/* ---- times and versions ---- */

/*
 * Eight bytes against a form in which '0' stands for any digit: what differs is
 * below 10 there, and 0 elsewhere, so that added to `room` (0x7f less that) it
 * reaches no top bit.
 */
static inline uint64_t
misfit(const char *at, const char *form, const char *room)
{
	uint64_t rest = sst_load8(at) ^ sst_load8(form);

	return (rest | (rest + sst_load8(room))) & UINT64_C(0x8080808080808080);
}

bool
sst_time_is_canonical(struct sst_span text)
{
	if (text.len != sizeof("0000-00-00T00:00:00Z") - 1)
		return false;
	return (misfit(text.at, "0000-00-",
			"\x76\x76\x76\x76\x7f\x76\x76\x7f") |
		       misfit(text.at + 8, "00T00:00",
			       "\x76\x76\x7f\x76\x76\x7f\x76\x76") |
		       misfit(text.at + 12, "0:00:00Z",
			       "\x76\x7f\x76\x76\x7f\x76\x76\x7f")) == 0;
}

bool
sst_truncate_time_put(
	struct sst_buf *to, struct sst_span text, enum sst_unit unit)
{
	static const int64_t seconds[] = { [SST_UNIT_SECOND] = 1,
		[SST_UNIT_MINUTE] = 60,
		[SST_UNIT_HOUR] = 3600,
		[SST_UNIT_DAY] = 86400 };
	struct sst_stamp stamp;
	int year;
	unsigned month, day;

	if (unit == SST_UNIT_SECOND && sst_time_is_canonical(text)) {
		sst_buf_put_span(to, text);
		return true;
	}
	if (!sst_stamp_iso(text, false, &stamp))
		return false;
	stamp.nanos = 0;
	stamp.digits = 0;
	if (unit == SST_UNIT_YEAR) {
		int64_t days = stamp.seconds / 86400;

		days -= stamp.seconds % 86400 < 0;
		sst_date_of(days, &year, &month, &day);
		stamp.seconds = sst_days_of(year, 1, 1) * 86400;
	} else {
		int64_t rest = stamp.seconds % seconds[unit];

		stamp.seconds -= rest < 0 ? rest + seconds[unit] : rest;
	}
	sst_stamp_put(to, stamp);
	return true;
}

static bool
is_word(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = sst_lower(text.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return text.len > 0 && text.len <= 16;
}

bool
sst_truncate_parts_put(struct sst_buf *to, struct sst_span text, unsigned n)
{
	unsigned taken = 0;

	while (taken < n && text.len > 0) {
		struct sst_span part =
			sst_span_head(text, sst_span_find(text, '.'));

		if (!is_word(part))
			break;
		if (taken++ > 0)
			sst_buf_byte(to, '.');
		sst_buf_put_span(to, part);
		text = sst_span_from(
			text, part.len < text.len ? part.len + 1 : part.len);
	}
	return taken > 0;
}

/* ---- addresses ---- */

static struct sst_span
trim(struct sst_span text)
{
	while (text.len > 0 && text.at[0] == ' ')
		text = sst_span_from(text, 1);
	while (text.len > 0 && text.at[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* Takes the next address of a list; false at its end. */
static bool
next_address(struct sst_span *list, struct sst_ip *ip)
{
	while (list->len > 0) {
		size_t comma = sst_span_find(*list, ',');
		struct sst_span hop = trim(sst_span_head(*list, comma));
		struct sst_span port;

		*list = sst_span_from(
			*list, comma < list->len ? comma + 1 : comma);
		if (!sst_ip_read_endpoint(hop, ip, &port))
			continue;
		*ip = sst_ip_unmapped(ip);
		return true;
	}
	return false;
}

static void
put_separated(struct sst_buf *to, size_t start, const struct sst_ip *ip)
{
	if (to->len > start)
		SST_BUF_PUT(to, ", ");
	sst_ip_put(to, ip);
}

/* Nearly all addresses are four plain numbers, alone. False: this is not. */
static bool
read_quad(struct sst_span text, uint32_t *out)
{
	uint32_t address = 0;
	size_t at = 0;

	for (int part = 0; part < 4; part++) {
		size_t first = at;
		uint32_t number = 0;

		while (at < text.len && text.at[at] >= '0' &&
			text.at[at] <= '9' && at - first < 3)
			number = number * 10 + (uint32_t)(text.at[at++] - '0');
		if (at == first || number > 255 ||
			(text.at[first] == '0' && at - first > 1))
			return false;
		address = address << 8 | number;
		if (part < 3 && (at >= text.len || text.at[at++] != '.'))
			return false;
	}
	*out = address;
	return at == text.len;
}

static void
put_quad(struct sst_buf *to, uint32_t address)
{
	char *at;

	if (!sst_buf_room(to, sizeof("255.255.255.255")))
		return;
	at = to->at + to->len;
	for (int shift = 24; shift >= 0; shift -= 8) {
		uint32_t number = address >> shift & 0xff;

		if (number >= 100)
			*at++ = (char)('0' + number / 100);
		if (number >= 10)
			*at++ = (char)('0' + number / 10 % 10);
		*at++ = (char)('0' + number % 10);
		*at++ = '.';
	}
	to->len = (size_t)(at - 1 - to->at);
}

bool
sst_mask_put(
	struct sst_buf *to, struct sst_span text, const struct sst_masks *masks)
{
	size_t start = to->len;
	uint32_t quad;
	struct sst_ip ip;

	if (SST_LIKELY(read_quad(text, &quad))) {
		put_quad(to, masks->ipv4 == 0
				     ? 0
				     : quad >> (32 - masks->ipv4)
						       << (32 - masks->ipv4));
		return to->len > start;
	}
	while (next_address(&text, &ip)) {
		sst_ip_mask(&ip, ip.len == 4 ? masks->ipv4 : masks->ipv6);
		put_separated(to, start, &ip);
	}
	return to->len > start;
}

bool
sst_pan_put(struct sst_buf *to, struct sst_span text, struct sst_cryptopan *pan)
{
	size_t start = to->len;
	struct sst_ip ip;

	while (next_address(&text, &ip)) {
		if (!sst_cryptopan_map(pan, &ip))
			return false;
		put_separated(to, start, &ip);
	}
	return to->len > start;
}

/* ---- consent, click ids ---- */

void
sst_decision_put(struct sst_buf *to, struct sst_span text)
{
	static const struct sst_span words[] = { SST_SPAN("granted"),
		SST_SPAN("denied"), SST_SPAN("unknown") };
	struct sst_span decision = words[2];

	for (size_t i = 0; i < 3; i++)
		if (sst_span_eq_nocase(text, words[i]))
			decision = words[i];
	if (text.len == 4 && text.at[0] == '1') {
		bool is_valid = true;

		for (size_t i = 1; i < 4; i++)
			is_valid =
				is_valid && strchr("YNyn-", text.at[i]) != NULL;
		if (is_valid && sst_lower(text.at[2]) != '-')
			decision = words[sst_lower(text.at[2]) == 'y'];
	}
	sst_buf_put_span(to, decision);
}

/* Source: the networks' own documentation; see sst-parse(1) for which of them
 * become click_id. */
static const char *const click_ids[] = { "gclid", "gbraid", "wbraid", "gclsrc",
	"dclid", "gad_source", "gad_campaignid", "srsltid", "msclkid", "fbclid",
	"ttclid", "twclid", "li_fat_id", "epik", "ScCid", "rdt_cid", "yclid",
	"ysclid", "igshid", "igsh", "mc_cid", "mc_eid", "_hsenc", "_hsmi",
	"mkt_tok", "s_kwcid", "ef_id", "irclickid", "_kx", "vmcid", "tblci",
	"obclid", "dicbo", "qclid", "sscid", "mtm_cid", NULL };

void
sst_replace_put(struct sst_buf *to, struct sst_span text)
{
	struct sst_span name = sst_span_head(text, sst_span_find(text, '='));

	for (size_t i = 0; click_ids[i] != NULL; i++)
		if (sst_span_eq_nocase(name, sst_span_of(click_ids[i]))) {
			sst_buf_put(to, click_ids[i], strlen(click_ids[i]));
			return;
		}
	SST_BUF_PUT(to, "redacted");
}
