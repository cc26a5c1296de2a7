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

/* Is it the number of a quad as it is written: up to 255, no zero before it? */
static inline bool
is_octet(const char *at, size_t len)
{
	if (len == 1)
		return true;
	if (len == 2)
		return at[0] != '0';
	return len == 3 && at[0] != '0' &&
	       (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0') <= 255;
}

/* Nearly all addresses are four plain numbers, alone, of which the last ones
 * go: the others are copied. False: this is not such an address, or mask. */
static bool
put_masked_quad(struct sst_buf *to, struct sst_span text, unsigned bits)
{
	static const char zeros[SST_PAD] = "0.0.0.0";
	const unsigned keeps = bits / 8;
	struct sst_wide wide;
	unsigned all, dots;
	size_t start = 0, kept = 0;

	if (text.len - 1 >= 15 || bits % 8 != 0)
		return false;
	wide = sst_wide_load(text.at);
	all = (1U << text.len) - 1;
	dots = sst_wide_is(wide, '.') & all;
	if (((sst_wide_in(wide, '0', '9') | dots) & all) != all)
		return false;
	dots |= all + 1; /* behind the last number */
	for (unsigned part = 0; part < 4; part++) {
		size_t end;

		if (dots == 0)
			return false;
		end = (size_t)__builtin_ctz(dots);
		if (end == start || !is_octet(text.at + start, end - start))
			return false;
		dots &= dots - 1;
		start = end + 1;
		kept = part < keeps ? start : kept;
	}
	if (dots != 0)
		return false;
	kept = keeps == 4 ? text.len : kept;
	sst_buf_put_padded(to, sst_span_head(text, kept));
	sst_buf_put_padded(to, sst_span(zeros, keeps == 4 ? 0 : 7 - 2 * keeps));
	return true;
}

bool
sst_mask_put(
	struct sst_buf *to, struct sst_span text, const struct sst_masks *masks)
{
	size_t start = to->len;
	struct sst_ip ip;

	if (SST_LIKELY(put_masked_quad(to, text, masks->ipv4)))
		return to->len > start;
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
