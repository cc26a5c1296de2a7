/* SPDX-License-Identifier: ISC */
/* Does a value look like what it should be? */
#include "record/cut.h"

#include "text/ip.h"

static inline bool
is_absent(struct sst_span value)
{
	return value.len == 0 || (value.len == 1 && value.at[0] == '-');
}

/* One address, with or without port, or a host name. */
static inline bool
is_host(struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!sst_is_host_byte(value.at[i]))
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
		if (!sst_is_digit(value.at[i]) &&
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
		has_digit |= sst_is_digit(value.at[i]);
		if (!sst_is_digit(value.at[i]) && value.at[i] != '.' &&
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
		if (!sst_is_digit(value.at[i]) && value.at[i] != '.' &&
			!(value.at[i] >= 'a' && value.at[i] <= 'z') &&
			(uint8_t)value.at[i] < 0x80)
			return false;
	return sst_is_digit(value.at[0]);
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

	while (at > 0 && sst_is_digit(value.at[at - 1]))
		at--;
	return at > 1 && at < value.len && value.at[at - 1] == ':' &&
	       is_host(sst_span_head(value, at - 1));
}

/* 2026-11-24 and the hour behind it. */
static bool
is_iso_time(struct sst_span value)
{
	return value.len >= 16 && sst_is_digit(value.at[0]) &&
	       sst_is_digit(value.at[3]) && value.at[4] == '-' &&
	       value.at[7] == '-' && sst_is_digit(value.at[9]) &&
	       value.at[13] == ':';
}

static bool
is_epoch(struct sst_span value)
{
	bool has_point = false;

	for (size_t i = 0; i < value.len; i++) {
		if (!sst_is_digit(value.at[i]) &&
			(value.at[i] != '.' || has_point))
			return false;
		has_point |= value.at[i] == '.';
	}
	return value.len >= 9 && sst_is_digit(value.at[0]);
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
				: !sst_is_digit(value.at[i]) &&
					  !(value.at[i] == '.' && has_points) &&
					  value.at[i] != ',' &&
					  value.at[i] != ' ' &&
					  value.at[i] != ':')
			return false;
		if (before == '-' && sst_is_digit(value.at[i]) &&
			!(value.len == 2 && value.at[1] == '1'))
			return false;
	}
	return is_list(value);
}

bool
sst_cell_fits(const struct sst_cell *cell, struct sst_span value)
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
		return sst_is_clf_time(value);
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
