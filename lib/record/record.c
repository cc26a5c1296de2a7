/* SPDX-License-Identifier: ISC */
#include "record/record.h"

#include "base/wide.h"
#include "record/shape.h"
#include "text/ip.h"

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
	       (value.at[value.len - 1] != ',' &&
		       !sst_ip_read_endpoint(value, &ip, &port));
}

/* A name may hold spaces, but what ends like two columns of "-" is not one. */
static bool
is_user(struct sst_span value)
{
	return value.len < 3 || value.at[value.len - 1] != '-' ||
	       value.at[value.len - 2] != ' ';
}

static bool
is_int(struct sst_span value)
{
	if (is_absent(value))
		return true;
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.at[i]))
			return value.len == 2 && value.at[0] == '-' &&
			       value.at[1] == '1';
	return true;
}

/* Digits, points, and what separates the parts of an upstream list. */
static bool
is_numbers(struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.at[i]) && value.at[i] != '.' &&
			value.at[i] != ',' && value.at[i] != ' ' &&
			value.at[i] != ':' && value.at[i] != '-')
			return false;
	return value.len == 0 || (value.at[value.len - 1] != ',' &&
					 value.at[value.len - 1] != ':');
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
	case SST_CONV_USER:
		return cell->is_quoted || is_user(value);
	case SST_CONV_INT:
		return is_int(value);
	case SST_CONV_STATUS:
		return (value.len == 3 && is_int(value)) || is_absent(value);
	case SST_CONV_SECONDS:
	case SST_CONV_LAST_INT:
	case SST_CONV_LAST_SECONDS:
	case SST_CONV_SUM_SECONDS:
		return is_numbers(value);
	case SST_CONV_TIME_CLF:
		return is_clf_time(value);
	case SST_CONV_TIME_ISO:
	case SST_CONV_TIME_EPOCH:
		return value.len > 0 && is_digit(value.at[0]);
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

/* May the value at `at` be followed by another end further on? Words and
 * fixed fields end in one place only. */
static bool
may_go_on(const struct sst_cell *cell, const struct sst_step *step)
{
	if (step->cut == SST_CUT_FIXED || step->cut == SST_CUT_REST)
		return false;
	if (cell->is_quoted)
		return true;
	return cell->conv == SST_CONV_CLIENT || cell->conv == SST_CONV_TEXT ||
	       cell->conv == SST_CONV_USER ||
	       cell->conv == SST_CONV_FORWARDED ||
	       cell->conv == SST_CONV_REQUEST ||
	       cell->conv == SST_CONV_TARGET || cell->conv == SST_CONV_QUERY ||
	       cell->conv == SST_CONV_TIME_FORMAT ||
	       cell->conv == SST_CONV_LAST_INT ||
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
	if (step->cut == SST_CUT_FIXED || step->cut == SST_CUT_REST)
		stop = end_of_value(step, at, s->end, &ignored);
	else
		stop = find_literal(at, s->end, step->literal);
	while (stop <= s->end && s->found < 2 && s->tries++ < TRIES_MAX) {
		s->start[i] = at;
		s->len[i] = (size_t)(stop - at);
		if (fits(cell, sst_span(at, s->len[i])))
			try_from(s, i + 1, stop + step->literal.len);
		if (!may_go_on(cell, step))
			break;
		stop = find_literal(stop + 1, s->end, step->literal);
	}
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
	struct search s = {
		.record = record, .layout = layout, .end = line.at + line.len
	};

	record->layout = layout;
	if (layout->shape != SST_SHAPE_STRING) {
		*why = sst_shape_why(record, layout, line);
		return SST_REJECT;
	}
	if (sst_span_starts(line, layout->head))
		try_from(&s, 0, line.at + layout->head.len);
	if (s.found == 1 && s.tries < TRIES_MAX)
		return SST_OK;
	*why = s.found > 0 ? SST_WHY_AMBIGUOUS : SST_WHY_NO_FORMAT;
	return SST_REJECT;
}
