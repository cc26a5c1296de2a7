/* SPDX-License-Identifier: ISC */
#include "record/record.h"

#include "base/wide.h"
#include "record/shape.h"
#include "text/ip.h"
#include "text/stamp.h"

/* ---- does a value look like what it should be? ---- */

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_absent(struct sst_span value)
{
	return value.len == 0 || (value.len == 1 && value.at[0] == '-');
}

/* What an address, a port or a host name is written with: a bit for each
 * byte below 128. */
#define BIT(c) (UINT64_C(1) << ((c)&63))
#define LETTERS ((UINT64_C(1) << 26) - 1)
static const uint64_t host_bytes[4] = {
	BIT('%') | BIT('-') | BIT('.') | BIT(':') | (UINT64_C(0x3ff) << '0'),
	BIT('[') | BIT(']') | BIT('_') | LETTERS << ('A' & 63) |
		LETTERS << ('a' & 63),
};

static inline bool
is_host_byte(char c)
{
	return host_bytes[(uint8_t)c / 64] >> ((uint8_t)c % 64) & 1;
}

/* One address, with or without port, or a host name. */
static inline bool
is_host(struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_host_byte(value.at[i]))
			return false;
	return !is_absent(value);
}

/* A client is a host, or a list of them as X-Forwarded-For has it; "-" only
 * between quotes, where a header was logged. */
static bool
is_client(struct sst_span value, bool is_quoted)
{
	if (is_quoted && is_absent(value))
		return true;
	if (SST_LIKELY(is_host(value)))
		return true;
	for (;;) {
		size_t len = sst_span_find(value, ',');

		if (!is_host(sst_span_head(value, len)))
			return false;
		if (len == value.len)
			return true;
		value = sst_span_from(value, len + 1);
		while (value.len > 0 && value.at[0] == ' ')
			value = sst_span_from(value, 1);
	}
}

static bool
is_address(struct sst_span value)
{
	static const struct sst_span local = SST_SPAN("unix:");
	struct sst_span port;
	struct sst_ip ip;

	return is_absent(value) || sst_ip_read_endpoint(value, &ip, &port) ||
	       sst_span_starts(value, local);
}

static bool
is_ident(struct sst_span value)
{
	struct sst_span port;
	struct sst_ip ip;

	return value.len < 3 ||
	       (value.at[value.len - 1] != ',' && value.at[0] != '"' &&
		       !sst_ip_read_endpoint(value, &ip, &port));
}

/* A name may hold spaces, but what ends like two columns of "-" is not one. */
static bool
is_user(struct sst_span value)
{
	return value.len < 3 || ((value.at[value.len - 1] != '-' ||
					 value.at[value.len - 2] != ' ') &&
					value.at[0] != '"');
}

/* HAProxy writes '+' before a number that was not final. */
static bool
is_int(struct sst_span value)
{
	if (is_absent(value))
		return true;
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.at[i]) &&
			!(i == 0 && value.len > 1 && value.at[0] == '+'))
			return value.len == 2 && value.at[0] == '-' &&
			       value.at[1] == '1';
	return true;
}

/* Three digits; 0 and -1 say that there was no answer. */
static bool
is_status(struct sst_span value)
{
	return is_int(value) &&
	       ((value.len == 3 && value.at[0] != '+') || is_absent(value) ||
		       value.at[0] == '-' ||
		       (value.len == 1 && value.at[0] == '0'));
}

/* "+12", "-1" and absent ones, too; microseconds have no decimals. */
static bool
is_seconds(struct sst_span value, int shift)
{
	bool has_digit = is_absent(value);

	if (shift > 3 && sst_span_find(value, '.') < value.len)
		return false;

	for (size_t i = 0; i < value.len; i++) {
		has_digit |= is_digit(value.at[i]);
		if (!is_digit(value.at[i]) && value.at[i] != '.' &&
			value.at[i] != ' ' &&
			!(i == 0 && (value.at[i] == '-' || value.at[i] == '+')))
			return false;
	}
	return has_digit;
}

/* A number, and the unit behind it, as Go writes them. */
static bool
is_elapsed(struct sst_span value)
{
	if (is_absent(value))
		return true;
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.at[i]) && value.at[i] != '.' &&
			!(value.at[i] >= 'a' && value.at[i] <= 'z') &&
			(uint8_t)value.at[i] < 0x80)
			return false;
	return is_digit(value.at[0]);
}

/* Dots and letters, and no address. */
static bool
is_name(struct sst_span value)
{
	struct sst_span port;
	struct sst_ip ip;

	return is_host(value) && sst_span_find(value, '.') < value.len &&
	       !sst_ip_read_endpoint(value, &ip, &port);
}

static bool
is_endpoint(struct sst_span value)
{
	size_t at = value.len;

	while (at > 0 && is_digit(value.at[at - 1]))
		at--;
	return at > 1 && at < value.len && value.at[at - 1] == ':' &&
	       is_host(sst_span_head(value, at - 1));
}

/* 2026-11-24 and the hour behind it. */
static bool
is_iso_time(struct sst_span value)
{
	return value.len >= 16 && is_digit(value.at[0]) &&
	       is_digit(value.at[3]) && value.at[4] == '-' &&
	       value.at[7] == '-' && is_digit(value.at[9]) &&
	       value.at[13] == ':';
}

static bool
is_epoch(struct sst_span value)
{
	bool has_point = false;

	for (size_t i = 0; i < value.len; i++) {
		if (!is_digit(value.at[i]) && (value.at[i] != '.' || has_point))
			return false;
		has_point |= value.at[i] == '.';
	}
	return value.len >= 9 && is_digit(value.at[0]);
}

/* The parts of an upstream list are separated by ", " and " : ": a blank stands
 * behind a comma, and on both sides of a colon, nowhere else. */
static bool
is_list(struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] != ' ')
			continue;
		if (i == 0 || i + 1 == value.len)
			return false;
		if (value.at[i - 1] != ',' && value.at[i - 1] != ':' &&
			value.at[i + 1] != ':')
			return false;
	}
	return value.len == 0 || (value.at[value.len - 1] != ',' &&
					 value.at[value.len - 1] != ':');
}

/* Each part is a number, or "-". */
static bool
is_numbers(struct sst_span value, bool has_points)
{
	for (size_t i = 0; i < value.len; i++) {
		char before = i == 0 ? ' ' : value.at[i - 1];

		if (value.at[i] == '-'
				? before != ' '
				: !is_digit(value.at[i]) &&
					  !(value.at[i] == '.' && has_points) &&
					  value.at[i] != ',' &&
					  value.at[i] != ' ' &&
					  value.at[i] != ':')
			return false;
		if (before == '-' && is_digit(value.at[i]) &&
			!(value.len == 2 && value.at[1] == '1'))
			return false;
	}
	return is_list(value);
}

/* 24/Nov/2026:04:41:46 +0100, and a fraction that some servers add. */
#define CLF_LEN 26
#define CLF_FRACTION_MAX 10

static inline bool
is_clf_time(struct sst_span value)
{
	return value.len >= CLF_LEN &&
	       value.len <= CLF_LEN + CLF_FRACTION_MAX && value.at[2] == '/' &&
	       value.at[6] == '/' && value.at[11] == ':' &&
	       value.at[14] == ':' && value.at[17] == ':';
}

static inline bool
fits(const struct sst_cell *cell, struct sst_span value)
{
	switch (cell->conv) {
	case SST_CONV_CLIENT:
		return is_client(value, cell->is_quoted);
	case SST_CONV_ADDRESS:
	case SST_CONV_IP:
		return is_address(value);
	case SST_CONV_FORWARDED:
		return value.len == 0 || value.at[value.len - 1] != ',';
	case SST_CONV_IDENT:
		return is_ident(value);
	case SST_CONV_WORD:
	case SST_CONV_UPPER:
	case SST_CONV_FRONTEND:
		return cell->is_quoted ||
		       sst_span_find(value, ' ') == value.len;
	case SST_CONV_USER:
		return cell->is_quoted || is_user(value);
	case SST_CONV_INT:
		return is_int(value);
	case SST_CONV_STATUS:
		return is_status(value);
	case SST_CONV_SECONDS:
		return is_seconds(value, cell->shift);
	case SST_CONV_ELAPSED:
		return is_elapsed(value);
	case SST_CONV_NAME:
		return is_name(value);
	case SST_CONV_ENDPOINT:
		return is_endpoint(value);
	case SST_CONV_LIST:
		return is_list(value);
	case SST_CONV_LAST_INT:
		return is_numbers(value, false);
	case SST_CONV_LAST_SECONDS:
	case SST_CONV_SUM_SECONDS:
		return is_numbers(value, true);
	case SST_CONV_TIME_CLF:
		return is_clf_time(value);
	case SST_CONV_TIME_ISO:
		return is_iso_time(value);
	case SST_CONV_TIME_EPOCH:
		return is_epoch(value);
	case SST_CONV_TARGET:
		return value.len == 0 || value.at[0] != ' ';
	default:
		return true;
	}
}

bool
sst_cell_fits(const struct sst_cell *cell, struct sst_span value)
{
	return fits(cell, value);
}

/* ---- the first way ---- */

static inline bool
has_literal(const char *at, const char *end, struct sst_span literal)
{
	if (SST_LIKELY(literal.len == 1))
		return at < end && *at == literal.at[0];
	if (literal.len == 2)
		return end - at >= 2 && at[0] == literal.at[0] &&
		       at[1] == literal.at[1];
	return (size_t)(end - at) >= literal.len &&
	       memcmp(at, literal.at, literal.len) == 0;
}

/* The quote that ends the value at `at`: not one that a backslash escapes. */
static const char *
closing_quote(const char *at, const char *end, unsigned *is_odd)
{
	const char *start = at;

	for (;;) {
		const char *quote = sst_wide_until(at, end, '"', is_odd);
		const char *slash = quote;

		if (SST_LIKELY(!*is_odd) || quote == end)
			return quote;
		while (slash > start && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote;
		at = quote + 1;
	}
}

/* Where the literal occurs first, or end + 1. */
static const char *
find_literal(const char *at, const char *end, struct sst_span literal)
{
	while (at < end) {
		at = memchr(at, literal.at[0], (size_t)(end - at));
		if (at == NULL)
			break;
		if (has_literal(at, end, literal))
			return at;
		at++;
	}
	return end + 1;
}

/* The end of the value at `at`; beyond `end` when there is none. */
static inline const char *
end_of_value(const struct sst_step *step, const char *at, const char *end,
	unsigned *is_odd)
{
	const char *stop;

	switch (step->cut) {
	case SST_CUT_BYTE:
		stop = sst_wide_until(at, end, step->stop, is_odd);
		break;
	case SST_CUT_QUOTE:
		stop = closing_quote(at, end, is_odd);
		break;
	case SST_CUT_TEXT:
		stop = find_literal(at, end, step->literal);
		if (stop <= end)
			*is_odd = sst_wide_plain(at, stop) != stop;
		return stop;
	case SST_CUT_PADDED:
		while (at < end && *at == ' ')
			at++;
		stop = sst_wide_until(at, end, step->stop, is_odd);
		break;
	case SST_CUT_OPEN:
		stop = end;
		*is_odd = sst_wide_plain(at, stop) != stop;
		return sst_wide_find(at, end, '"') == end ? end : end + 1;
	case SST_CUT_FIXED:
		if ((size_t)(end - at) < step->fixed)
			return end + 1;
		stop = at + step->fixed;
		*is_odd = sst_wide_plain(at, stop) != stop;
		break;
	default:
		stop = end;
		*is_odd = sst_wide_plain(at, stop) != stop;
		break;
	}
	return has_literal(stop, end, step->literal) ? stop : end + 1;
}

/*
 * The same for a line without a byte that needs work, as most are: quotes end
 * values, and only what no quote ends can hold one. What a value looks like is
 * seen while looking for its end. NULL: not by this way.
 */
static inline const char *
end_of_clean_value(const struct sst_cell *cell, const struct sst_step *step,
	const char *at, const char *end, bool *is_odd)
{
	const char *stop = at;
	unsigned odd = 0;

	*is_odd = false;
	switch (cell->conv) {
	case SST_CONV_STATUS:
	case SST_CONV_INT:
		while (stop < end && is_digit(*stop))
			stop++;
		if (stop > at &&
			(stop - at == 3 || cell->conv == SST_CONV_INT) &&
			has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_CLIENT:
		while (stop < end && is_host_byte(*stop))
			stop++;
		if (stop - at > 1 && has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_TIME_CLF:
		stop = at + CLF_LEN;
		if (end - at > CLF_LEN && *stop == step->stop &&
			is_clf_time(sst_span(at, CLF_LEN)) &&
			has_literal(stop, end, step->literal))
			return stop;
		break;
	case SST_CONV_NAME: /* "-" is none */
		break;
	default:
		if (step->cut == SST_CUT_QUOTE) {
			stop = sst_wide_find(at, end, '"');
			if (has_literal(stop, end, step->literal))
				return stop;
		} else if (*at == '-' && step->cut != SST_CUT_REST &&
			   has_literal(at + 1, end, step->literal)) {
			return at + 1;
		}
		break;
	}
	stop = end_of_value(step, at, end, &odd);
	*is_odd = odd != 0;
	return stop <= end && fits(cell, sst_span(at, (size_t)(stop - at)))
		       ? stop
		       : NULL;
}

static inline const char *
end_of_odd_value(const struct sst_cell *cell, const struct sst_step *step,
	const char *at, const char *end, bool *is_odd)
{
	unsigned odd = 0;
	const char *stop = end_of_value(step, at, end, &odd);

	*is_odd = odd != 0;
	return stop <= end && fits(cell, sst_span(at, (size_t)(stop - at)))
		       ? stop
		       : NULL;
}

static bool
cut_first_way(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	const char *at = line.at + layout->head.len;
	const char *end = line.at + line.len;
	bool is_clean = sst_wide_is_clean(at, end);

	for (size_t i = 0; i < layout->n; i++) {
		const struct sst_cell *cell = &layout->cells[i];
		const struct sst_step *step = &layout->steps[i];
		const char *stop = is_clean ? end_of_clean_value(cell, step, at,
						      end, &record->is_odd[i])
					    : end_of_odd_value(cell, step, at,
						      end, &record->is_odd[i]);

		if (stop == NULL)
			return false;
		record->value[i] = sst_span(at, (size_t)(stop - at));
		at = stop + step->literal.len;
	}
	return at == end;
}

/* ---- all ways ---- */

/* Enough for any line that a person would call clear. */
#define TRIES_MAX 4096

struct search {
	struct sst_record *record;
	const struct sst_layout *layout;
	const char *end;
	unsigned tries, found;
	const char *start[SST_CELLS_MAX]; /* the way that is being tried */
	size_t len[SST_CELLS_MAX];
};

/* A second way that gives other values makes the line ambiguous. */
static void
keep(struct search *s)
{
	bool is_other = s->found == 0;

	for (size_t i = 0; i < s->layout->n; i++)
		is_other |= s->record->value[i].at != s->start[i] ||
			    s->record->value[i].len != s->len[i];
	if (is_other && s->found++ == 0)
		for (size_t i = 0; i < s->layout->n; i++) {
			const char *stop = s->start[i] + s->len[i];

			s->record->value[i] = sst_span(s->start[i], s->len[i]);
			s->record->is_odd[i] =
				sst_wide_plain(s->start[i], stop) != stop;
		}
}

static bool
ends_once(const struct sst_step *step)
{
	return step->cut == SST_CUT_FIXED || step->cut == SST_CUT_REST ||
	       step->cut == SST_CUT_OPEN || step->cut == SST_CUT_PADDED;
}

/* Looking at all ways, a time must be one: its format says where it ends. */
static bool
may_be(const struct sst_cell *cell, struct sst_span value)
{
	struct sst_stamp stamp;

	return fits(cell, value) &&
	       (cell->conv != SST_CONV_TIME_FORMAT ||
		       sst_stamp_by_format(cell->format, value, true, &stamp));
}

/* May the value at `at` be followed by another end further on? Words and
 * fixed fields end in one place only. */
static bool
may_go_on(const struct sst_cell *cell, const struct sst_step *step)
{
	if (ends_once(step))
		return false;
	if (cell->is_quoted)
		return true;
	return cell->conv == SST_CONV_CLIENT || cell->conv == SST_CONV_TEXT ||
	       cell->conv == SST_CONV_USER ||
	       cell->conv == SST_CONV_FORWARDED ||
	       cell->conv == SST_CONV_REQUEST ||
	       cell->conv == SST_CONV_TARGET || cell->conv == SST_CONV_QUERY ||
	       cell->conv == SST_CONV_TIME_FORMAT ||
	       cell->conv == SST_CONV_LIST || cell->conv == SST_CONV_LAST_INT ||
	       cell->conv == SST_CONV_LAST_SECONDS ||
	       cell->conv == SST_CONV_SUM_SECONDS;
}

/* The recursion is as deep as the layout has fields, whatever the line. */
static void
try_from(struct search *s, size_t i, const char *at)
{
	const struct sst_cell *cell = &s->layout->cells[i];
	const struct sst_step *step = &s->layout->steps[i];
	const char *stop = at;
	unsigned ignored = 0;

	if (i == s->layout->n) {
		if (at == s->end)
			keep(s);
		return;
	}
	if (ends_once(step))
		stop = end_of_value(step, at, s->end, &ignored);
	else
		stop = find_literal(at, s->end, step->literal);
	while (stop <= s->end && s->found < 2 && s->tries++ < TRIES_MAX) {
		s->start[i] = at;
		s->len[i] = (size_t)(stop - at);
		if (may_be(cell, sst_span(at, s->len[i])))
			try_from(s, i + 1, stop + step->literal.len);
		if (!may_go_on(cell, step))
			break;
		stop = find_literal(stop + 1, s->end, step->literal);
	}
}

/* All literals, one behind the other: without them there is no way. */
static bool
has_literals(const struct sst_layout *layout, struct sst_span line)
{
	const char *at = line.at + layout->head.len;
	const char *end = line.at + line.len;

	for (size_t i = 0; i < layout->n; i++) {
		const struct sst_step *step = &layout->steps[i];

		if (step->literal.len == 0)
			continue;
		at = find_literal(at, end, step->literal);
		if (at > end)
			return false;
		at += step->literal.len;
	}
	return true;
}

bool
sst_record_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	record->layout = layout;
	if (SST_UNLIKELY(layout->shape != SST_SHAPE_STRING))
		return sst_shape_cut(record, layout, line);
	return sst_span_starts(line, layout->head) &&
	       cut_first_way(record, layout, line);
}

enum sst_status
sst_record_search(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line, enum sst_reason *why)
{
	struct search s; /* large, and not for lines that have no chance */

	record->layout = layout;
	if (layout->shape != SST_SHAPE_STRING) {
		*why = sst_shape_why(record, layout, line);
		return SST_REJECT;
	}
	*why = SST_WHY_NO_FORMAT;
	if (!sst_span_starts(line, layout->head) || !has_literals(layout, line))
		return SST_REJECT;
	s.record = record;
	s.layout = layout;
	s.end = line.at + line.len;
	s.tries = s.found = 0;
	try_from(&s, 0, line.at + layout->head.len);
	if (s.found == 1 && s.tries < TRIES_MAX)
		return SST_OK;
	if (s.found > 0)
		*why = SST_WHY_AMBIGUOUS;
	return SST_REJECT;
}
