/* SPDX-License-Identifier: ISC */
#include "event/from_record.h"

#include "base/num.h"
#include "base/wide.h"
#include "event/convert.h"
#include "event/values.h"
#include "record/escape.h"
#include "text/stamp.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdlib.h>

/* Longest time stamp that is remembered with its result. */
#define STAMP_MAX ((size_t)48)

struct sst_builder {
	struct sst_builder_options options;

	/* The last CLF time stamp and what it gave: the next line mostly has
	 * the same one. */
	char stamp_text[STAMP_MAX];
	size_t stamp_len;
	struct sst_stamp stamp;
	struct sst_buf time; /* in event spelling */
	struct sst_buf bytes, repaired;

	/* Of the line at hand. */
	struct sst_event *event;
	const struct sst_record *record;
	const struct sst_binding *binding;
	struct sst_stamp best; /* the most exact time so far */
	bool has_time, is_time_written, has_fraction, is_bad_utf8;
	bool has_clock, has_end, has_date;
	struct sst_stamp clock, end; /* of a day; when it ended */
	int64_t date;                /* midnight, seconds since 1970 */
	struct sst_stamp day;        /* what a line without a date is of */
	uint32_t fraction_nanos;
	uint8_t fraction_digits;
};

enum sst_status
sst_builder_open(struct sst_builder **out,
	const struct sst_builder_options *options, struct sst_err *err)
{
	struct sst_builder *b = calloc(1, sizeof(*b));

	*out = b;
	if (b == NULL)
		return sst_fail_memory(err, "events");
	b->options = *options;
	b->day.digits = UINT8_MAX; /* none is known */
	sst_buf_init(&b->time, 64);
	sst_buf_init(&b->bytes, SST_EVENT_ROOM);
	sst_buf_init(&b->repaired, SST_EVENT_ROOM);
	return SST_OK;
}

void
sst_builder_close(struct sst_builder *b)
{
	if (b == NULL)
		return;
	sst_buf_release(&b->time);
	sst_buf_release(&b->bytes);
	sst_buf_release(&b->repaired);
	free(b);
}

/* ---- putting values ---- */

static inline void
put(struct sst_builder *b, enum sst_field field, enum sst_kind kind,
	struct sst_span raw)
{
	sst_event_put(b->event, field, kind, raw, false);
}

/* b->bytes as text: repaired, spelled for JSON. */
static struct sst_span
spelled_bytes(struct sst_builder *b)
{
	struct sst_span clean = sst_buf_span(&b->bytes);
	struct sst_buf *work = &b->event->work;

	if (sst_utf8_valid(clean) != clean.len) {
		sst_buf_reset(&b->repaired);
		(void)sst_utf8_put_repaired(&b->repaired, clean);
		clean = sst_buf_span(&b->repaired);
		b->is_bad_utf8 = true;
	}
	sst_buf_reset(work);
	sst_json_put_escaped(work, clean);
	b->event->is_short |=
		b->bytes.is_short || b->repaired.is_short || work->is_short;
	return sst_event_keep(b->event, sst_buf_span(work));
}

/* A value of the line as text, its escapes undone. */
static struct sst_span
spelled(struct sst_builder *b, struct sst_span value)
{
	sst_buf_reset(&b->bytes);
	sst_unescape_put(&b->bytes, value, b->record->layout->escape);
	return spelled_bytes(b);
}

static inline void
put_text(struct sst_builder *b, enum sst_field field, struct sst_span value,
	bool is_odd)
{
	if (SST_LIKELY(!is_odd)) {
		put(b, field, SST_KIND_STRING, value);
		return;
	}
	sst_event_set(b->event, field, SST_KIND_STRING, spelled(b, value));
}

/* What is in the event's work buffer, as a value. */
static void
put_work(struct sst_builder *b, enum sst_field field, enum sst_kind kind)
{
	b->event->is_short |= b->event->work.is_short;
	put(b, field, kind,
		sst_event_keep(b->event, sst_buf_span(&b->event->work)));
}

static void
put_ip(struct sst_builder *b, enum sst_field field, struct sst_span text,
	const struct sst_ip *ip)
{
	struct sst_span plain = text;

	/* Dotted quads are read strictly: they are canonical as they stand. */
	if (ip->len == 4 && sst_span_find(text, ':') == text.len) {
		put(b, field, SST_KIND_STRING, plain);
		return;
	}
	sst_buf_reset(&b->event->work);
	sst_ip_put(&b->event->work, ip);
	put_work(b, field, SST_KIND_STRING);
}

static void
put_int(struct sst_builder *b, enum sst_field field, struct sst_span digits)
{
	uint64_t value;

	/* Not even "+5" is a number of JSON. */
	while (digits.len > 1 && (digits.at[0] == '0' || digits.at[0] == '+'))
		digits = sst_span_from(digits, 1);
	if (digits.len < 16 || sst_num_u64(digits, &value))
		put(b, field, SST_KIND_NUMBER, digits);
}

static void
put_seconds(struct sst_builder *b, enum sst_field field, struct sst_span value,
	int shift)
{
	if (value.len == 0 || value.at[0] == '-')
		return;
	if (shift == 0 && sst_num_is_json(value)) {
		put(b, field, SST_KIND_NUMBER, value);
		return;
	}
	sst_buf_reset(&b->event->work);
	if (sst_num_put_shifted(&b->event->work, value, shift))
		put_work(b, field, SST_KIND_NUMBER);
}

/* ---- who ---- */

static void
put_port(struct sst_builder *b, enum sst_field field, struct sst_span port)
{
	uint64_t number;

	if (port.len != 0 && !sst_event_has(b->event, field) &&
		sst_num_u64(port, &number) && number <= 65535)
		put_int(b, field, port);
}

/* One address, endpoint or host name. */
static void
put_endpoint(struct sst_builder *b, enum sst_field field,
	enum sst_field port_field, struct sst_span value)
{
	struct sst_span port = { "", 0 };
	struct sst_ip ip;

	if (sst_ip_read(value, &ip)) {
		put_ip(b, field, value, &ip);
	} else if (sst_ip_read_endpoint(value, &ip, &port)) {
		struct sst_span address =
			ip.len == 4 ? sst_span_head(
					      value, sst_span_find(value, ':'))
				    : value;

		put_ip(b, field, address, &ip);
		put_port(b, port_field, port);
	} else if (field == SST_F_CLIENT_IP) {
		put(b, SST_F_CLIENT_HOST, SST_KIND_STRING, value);
	}
}

/* The right-most address of a list that no trusted network covers; the
 * left-most one when all are covered. */
static struct sst_span
client_of_list(const struct sst_builder *b, struct sst_span list)
{
	struct sst_span item = sst_span("", 0);
	size_t end = list.len;

	for (;;) {
		struct sst_span port;
		struct sst_ip ip;
		size_t start = end;

		while (start > 0 && list.at[start - 1] != ',')
			start--;
		item = sst_span(list.at + start, end - start);
		while (item.len > 0 && item.at[0] == ' ')
			item = sst_span_from(item, 1);
		while (item.len > 0 && item.at[item.len - 1] == ' ')
			item.len--;
		if (start == 0 || !sst_ip_read_endpoint(item, &ip, &port) ||
			!sst_nets_have(&b->options.trusted, &ip))
			return item;
		end = start - 1;
	}
}

static void
put_client(struct sst_builder *b, struct sst_span value)
{
	if (SST_LIKELY(sst_span_find(value, ',') == value.len)) {
		put_endpoint(b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT, value);
		return;
	}
	if (!sst_event_has(b->event, SST_F_FORWARDED_FOR))
		put(b, SST_F_FORWARDED_FOR, SST_KIND_STRING, value);
	put_endpoint(b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT,
		client_of_list(b, value));
}

/* A peer that is trusted: the client is who it forwarded for. */
static void
trust_proxy(struct sst_builder *b)
{
	struct sst_span peer = sst_event_text(b->event, SST_F_CLIENT_IP);
	struct sst_span list = sst_event_text(b->event, SST_F_FORWARDED_FOR);
	struct sst_span client, port;
	struct sst_ip ip;

	if (peer.at == NULL || list.at == NULL || !sst_ip_read(peer, &ip) ||
		!sst_nets_have(&b->options.trusted, &ip))
		return;
	client = client_of_list(b, list);
	if (!sst_ip_read_endpoint(client, &ip, &port))
		return;
	if (!sst_event_has(b->event, SST_F_PEER_IP))
		put(b, SST_F_PEER_IP, SST_KIND_STRING, peer);
	sst_buf_reset(&b->event->work);
	sst_ip_put(&b->event->work, &ip);
	put_work(b, SST_F_CLIENT_IP, SST_KIND_STRING);
}

/* ---- what was asked for ---- */

static void
put_host(struct sst_builder *b, struct sst_span value, bool is_odd)
{
	struct sst_span host, port;
	bool is_lower = true;
	struct sst_ip ip;

	if (is_odd || !sst_url_split_authority(value, &host, &port)) {
		put_text(b, SST_F_HOST, value, is_odd);
		return;
	}
	put_port(b, SST_F_SERVER_PORT, port);
	if (sst_ip_read(host, &ip)) {
		put_ip(b, SST_F_HOST, host, &ip);
		return;
	}
	for (size_t i = 0; i < host.len; i++)
		is_lower &= sst_lower(host.at[i]) == host.at[i];
	if (is_lower) {
		put(b, SST_F_HOST, SST_KIND_STRING, host);
		return;
	}
	sst_buf_reset(&b->event->work);
	for (size_t i = 0; i < host.len; i++)
		sst_buf_byte(&b->event->work, sst_lower(host.at[i]));
	put_work(b, SST_F_HOST, SST_KIND_STRING);
}

/* path?query */
static void
put_path(struct sst_builder *b, struct sst_span target, bool is_odd)
{
	size_t mark = sst_span_find(target, '?');

	if (mark > 0)
		put_text(b, SST_F_PATH, sst_span_head(target, mark), is_odd);
	if (mark < target.len)
		put_text(b, SST_F_QUERY, sst_span_from(target, mark + 1),
			is_odd);
}

/* An absolute target: its scheme and authority have keys of their own. */
static void
put_absolute(struct sst_builder *b, struct sst_span target, size_t scheme,
	bool is_odd)
{
	struct sst_span rest = sst_span_from(target, scheme + 3), authority;
	size_t len = 0, at;

	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?' &&
		rest.at[len] != '#')
		len++;
	authority = sst_span_head(rest, len);
	at = sst_span_find(authority, '@');
	if (at < len)
		authority = sst_span_from(authority, at + 1);
	if (!sst_event_has(b->event, SST_F_SCHEME)) {
		sst_buf_reset(&b->event->work);
		for (size_t i = 0; i < scheme; i++)
			sst_buf_byte(&b->event->work, sst_lower(target.at[i]));
		put_work(b, SST_F_SCHEME, SST_KIND_STRING);
	}
	if (authority.len > 0 && !sst_event_has(b->event, SST_F_HOST))
		put_host(b, authority, is_odd);
	put_path(b, sst_span_from(rest, len), is_odd);
}

/* Length of a scheme that "://" follows, or 0. */
static size_t
scheme_length(struct sst_span target)
{
	size_t n = 0;

	while (n < target.len && n < 16 &&
		((sst_lower(target.at[n]) >= 'a' &&
			 sst_lower(target.at[n]) <= 'z') ||
			(n > 0 &&
				((target.at[n] >= '0' && target.at[n] <= '9') ||
					target.at[n] == '+' ||
					target.at[n] == '-' ||
					target.at[n] == '.'))))
		n++;
	return n > 0 && n + 3 <= target.len &&
			       memcmp(target.at + n, "://", 3) == 0
		       ? n
		       : 0;
}

static void
put_target(struct sst_builder *b, struct sst_span target, bool is_odd)
{
	size_t scheme;

	if (SST_LIKELY(target.len > 0 && target.at[0] == '/')) {
		put_path(b, target, is_odd);
		return;
	}
	scheme = scheme_length(target);
	if (scheme > 0)
		put_absolute(b, target, scheme, is_odd);
	else if (!is_odd &&
		 sst_span_is(sst_event_peek(b->event, SST_F_METHOD), "CONNECT"))
		put_host(b, target, false);
	else
		put_path(b, target, is_odd);
}

/* RFC 9110's tchar, the alphabet of methods. */
static bool
is_token(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			(c >= '0' && c <= '9') ||
			memchr("!#$%&'*+-.^_`|~", c, 15) != NULL)
			continue;
		return false;
	}
	return text.len > 0;
}

/* Where the protocol begins: behind the last space, if it is "HTTP/...". */
static size_t
protocol_at(struct sst_span line)
{
	size_t at = line.len;

	/* HTTP/1.1 and its like are 8 bytes. */
	if (SST_LIKELY(line.len > 9 && line.at[line.len - 9] == ' '))
		at = line.len - 8;
	else
		while (at > 0 && line.at[at - 1] != ' ')
			at--;
	if (line.len - at < 6 || memcmp(line.at + at, "HTTP/", 5) != 0)
		return line.len;
	return at;
}

/* The request line. See the row of `request` in sst-event(5). */
static void
put_request(struct sst_builder *b, struct sst_span line, bool is_odd)
{
	size_t space = sst_span_find(line, ' ');
	struct sst_span method = sst_span_head(line, space);
	size_t protocol = protocol_at(line);

	if (!is_token(method) || space == line.len) {
		put_text(b, SST_F_REQUEST, line, is_odd);
		return;
	}
	if (protocol == line.len) {
		/* HTTP/0.9: GET and a path, nothing more. */
		put_text(b, SST_F_REQUEST, line, is_odd);
		if (space + 1 < line.len && line.at[space + 1] == '/' &&
			sst_span_find(sst_span_from(line, space + 1), ' ') ==
				line.len - space - 1) {
			put(b, SST_F_METHOD, SST_KIND_STRING, method);
			put_target(b, sst_span_from(line, space + 1), is_odd);
		}
		return;
	}
	if (protocol < space + 3) { /* no target between two spaces */
		put_text(b, SST_F_REQUEST, line, is_odd);
		return;
	}
	put(b, SST_F_METHOD, SST_KIND_STRING, method);
	put_text(b, SST_F_PROTOCOL, sst_span_from(line, protocol), is_odd);
	line = sst_span(line.at + space + 1, protocol - 1 - (space + 1));
	if (sst_span_is(method, "CONNECT") && !is_odd)
		put_host(b, line, false);
	else
		put_target(b, line, is_odd);
}

/* ---- when ---- */

static void
note_time(struct sst_builder *b, struct sst_stamp stamp)
{
	if (!b->has_time || stamp.digits > b->best.digits)
		b->best = stamp;
	b->has_time = true;
}

static bool
read_clf(struct sst_builder *b, struct sst_span value)
{
	bool is_same = value.len == b->stamp_len &&
		       memcmp(value.at, b->stamp_text, value.len) == 0;

	if (!is_same) {
		b->stamp_len = 0;
		if (!sst_stamp_clf(value, &b->stamp))
			return false;
		if (value.len <= STAMP_MAX) {
			memcpy(b->stamp_text, value.at, value.len);
			b->stamp_len = value.len;
		}
		sst_buf_reset(&b->time);
		sst_stamp_put(&b->time, b->stamp);
	}
	b->is_time_written = !b->has_time;
	note_time(b, b->stamp);
	return true;
}

static bool
read_date(struct sst_builder *b, struct sst_span value)
{
	struct sst_stamp midnight;

	if (value.len != 10)
		return false;
	sst_buf_reset(&b->bytes);
	sst_buf_put_span(&b->bytes, value);
	SST_BUF_PUT(&b->bytes, "T00:00:00");
	b->has_date = sst_stamp_iso(sst_buf_span(&b->bytes), true, &midnight);
	b->date = midnight.seconds;
	return b->has_date;
}

/* Date and time of day have columns of their own; a log without the first
 * says it in front of its lines. */
static void
join_clock(struct sst_builder *b)
{
	struct sst_stamp stamp = b->clock;

	if (!b->has_clock || (!b->has_date && b->day.digits == UINT8_MAX))
		return;
	if (b->has_date) {
		stamp.seconds += b->date;
	} else {
		int64_t midnight = b->day.seconds - b->day.seconds % 86400;

		stamp.seconds += midnight;
		if (stamp.seconds < b->day.seconds)
			stamp.seconds += 86400;
	}
	b->is_time_written = false;
	note_time(b, stamp);
}

static bool
read_time(struct sst_builder *b, size_t i, struct sst_span value)
{
	const struct sst_cell *cell = &b->record->layout->cells[i];
	struct sst_stamp stamp;
	uint64_t fraction;
	bool is_good;

	switch (cell->conv) {
	case SST_CONV_TIME_CLF:
		return read_clf(b, value);
	case SST_CONV_TIME_ISO:
		is_good = sst_stamp_iso(value, false, &stamp);
		break;
	case SST_CONV_TIME_EPOCH:
		is_good = sst_convert_epoch(value, cell->shift, &stamp);
		break;
	case SST_CONV_TIME_ANY:
		is_good = sst_convert_stamp(value, &stamp);
		break;
	case SST_CONV_TIME_END:
		b->has_end = sst_convert_stamp(value, &b->end);
		return true;
	case SST_CONV_CLOCK:
		b->has_clock = sst_convert_clock(value, &b->clock);
		return b->has_clock;
	case SST_CONV_DATE:
		return read_date(b, value);
	case SST_CONV_TIME_FORMAT:
		is_good =
			sst_stamp_by_format(cell->format, value, true, &stamp);
		break;
	default:
		is_good = sst_num_u64(value, &fraction) && value.len <= 9;
		if (!is_good)
			return false;
		b->has_fraction = true;
		b->fraction_digits = (uint8_t)value.len;
		for (size_t n = value.len; n < 9; n++)
			fraction *= 10;
		b->fraction_nanos = (uint32_t)fraction;
		return true;
	}
	b->is_time_written = false;
	if (is_good)
		note_time(b, stamp);
	return is_good;
}

static void
put_time(struct sst_builder *b, int64_t *time_us)
{
	*time_us = INT64_MIN;
	if (!b->has_time)
		return;
	if (b->has_fraction && b->best.digits == 0) {
		b->best.nanos = b->fraction_nanos;
		b->best.digits = b->fraction_digits;
		b->is_time_written = false;
	}
	*time_us = b->best.seconds * 1000000 + b->best.nanos / 1000;
	if (b->is_time_written) {
		put(b, SST_F_TIME, SST_KIND_STRING, sst_buf_span(&b->time));
		return;
	}
	sst_buf_reset(&b->event->work);
	sst_stamp_put(&b->event->work, b->best);
	put_work(b, SST_F_TIME, SST_KIND_STRING);
}

/* ---- one field ---- */

static void
put_upper(struct sst_builder *b, enum sst_field field, struct sst_span value)
{
	sst_buf_reset(&b->bytes);
	sst_unescape_put(&b->bytes, value, b->record->layout->escape);
	for (size_t i = 0; i < b->bytes.len; i++) {
		char *c = &b->bytes.at[i];

		*c = *c >= 'a' && *c <= 'z' ? (char)(*c & ~0x20) : *c;
	}
	sst_event_set(b->event, field, SST_KIND_STRING, spelled_bytes(b));
}

static void
put_query(struct sst_builder *b, struct sst_span value, bool is_odd)
{
	if (value.len > 0 && value.at[0] == '?')
		value = sst_span_from(value, 1);
	if (!sst_event_has(b->event, SST_F_QUERY))
		put_text(b, SST_F_QUERY, value, is_odd);
}

/* A client and its port, which the last colon parts. */
static void
put_last_port(struct sst_builder *b, struct sst_span value)
{
	size_t at = value.len;

	while (at > 0 && value.at[at - 1] != ':')
		at--;
	if (at == 0) {
		put_client(b, value);
		return;
	}
	put_endpoint(b, SST_F_CLIENT_IP, SST_F_CLIENT_PORT,
		sst_span_head(value, at - 1));
	put_port(b, SST_F_CLIENT_PORT, sst_span_from(value, at));
}

/* What only some logs spell so: see event/convert.h. */
static void
put_converted(struct sst_builder *b, enum sst_field field, size_t i)
{
	const struct sst_cell *cell = &b->record->layout->cells[i];
	struct sst_span value = b->record->value[i];
	struct sst_buf *to = &b->bytes, *work = &b->event->work;
	bool is_good = true;

	sst_buf_reset(work);
	sst_unescape_put(work, value, b->record->layout->escape);
	value = sst_buf_span(work);
	sst_buf_reset(to);
	switch (cell->conv) {
	case SST_CONV_PROTOCOL:
		/* Some say "https" in the same place. */
		if (sst_span_is(value, "http") || sst_span_is(value, "https"))
			field = SST_F_SCHEME;
		sst_convert_protocol(to, value);
		break;
	case SST_CONV_TLS:
		sst_convert_tls(to, value);
		break;
	case SST_CONV_PERCENT:
		sst_convert_percent(to, &b->repaired, value, cell->shift);
		break;
	case SST_CONV_ENCODED:
		sst_convert_encoded(to, value);
		break;
	case SST_CONV_PLUS:
		sst_convert_plus(to, value);
		break;
	case SST_CONV_ELAPSED:
		is_good = sst_convert_elapsed(to, value, cell->shift);
		break;
	case SST_CONV_LOWER:
		for (size_t k = 0; k < value.len; k++)
			sst_buf_byte(to, sst_lower(value.at[k]));
		break;
	case SST_CONV_SLASH:
		if (value.at[0] != '/')
			SST_BUF_PUT(to, "/");
		sst_buf_put_span(to, value);
		break;
	case SST_CONV_HIT:
		is_good = value.at[0] != 'f';
		sst_buf_put_span(
			to, sst_span_of(value.at[0] == '0' ? "MISS" : "HIT"));
		break;
	default: /* SST_CONV_MISS */
		is_good = value.at[0] == 't' || value.at[0] == '1';
		SST_BUF_PUT(to, "MISS");
		break;
	}
	if (!is_good)
		return;
	value = spelled_bytes(b);
	if (field == SST_F_OTHER)
		sst_event_add_other(
			b->event, b->binding->other[i], SST_KIND_STRING, value);
	else
		sst_event_set(b->event, field,
			cell->conv == SST_CONV_ELAPSED ? SST_KIND_NUMBER
						       : SST_KIND_STRING,
			value);
}

/* A value of the log's own, under its own name; without one it is skipped. */
static void
put_other(struct sst_builder *b, size_t i, struct sst_span value)
{
	struct sst_span raw;

	if (b->binding->other[i].len == 0)
		return;
	raw = b->record->is_odd[i] ? spelled(b, value) : value;

	sst_event_add_other(
		b->event, b->binding->other[i], SST_KIND_STRING, raw);
}

static bool
put_cell(struct sst_builder *b, size_t i)
{
	const struct sst_cell *cell = &b->record->layout->cells[i];
	enum sst_field field = b->binding->field[i];
	struct sst_span value = b->record->value[i];
	bool is_odd = b->record->is_odd[i];
	struct sst_span port;
	struct sst_ip ip;
	uint64_t number;
	SST_PADDED(https, "https");
	SST_PADDED(yes, "true");

	if (value.len == 0 ? !cell->is_quoted
			   : value.len == 1 && value.at[0] == '-')
		return true;
	if (field == SST_F_OTHER) {
		if (cell->conv >= SST_CONV_ELAPSED && cell->conv != SST_CONV_IP)
			put_converted(b, field, i);
		else
			put_other(b, i, value);
		return true;
	}
	switch (cell->conv) {
	case SST_CONV_TEXT:
	case SST_CONV_WORD:
	case SST_CONV_IDENT:
	case SST_CONV_USER:
	case SST_CONV_FORWARDED:
	case SST_CONV_LIST:
	case SST_CONV_FRONTEND:
		put_text(b, field, value, is_odd);
		return true;
	case SST_CONV_CLIENT:
		put_client(b, value);
		return true;
	case SST_CONV_ADDRESS:
		put_endpoint(b, field,
			field == SST_F_SERVER_IP ? SST_F_SERVER_PORT
						 : SST_F_CLIENT_PORT,
			value);
		return true;
	case SST_CONV_IP:
		if (sst_ip_read_endpoint(value, &ip, &port)) {
			sst_buf_reset(&b->event->work);
			sst_ip_put(&b->event->work, &ip);
			put_work(b, field, SST_KIND_STRING);
		}
		return true;
	case SST_CONV_STATUS:
		if (value.len != 3 || memcmp(value.at, "000", 3) == 0)
			return true;
		put_int(b, field, value);
		return true;
	case SST_CONV_INT:
		if (value.at[0] != '-')
			put_int(b, field, value);
		return true;
	case SST_CONV_SECONDS:
		put_seconds(b, field, value, cell->shift);
		return true;
	case SST_CONV_LAST_INT:
	case SST_CONV_LAST_SECONDS:
		value = sst_list_last(value);
		if (cell->conv == SST_CONV_LAST_SECONDS)
			put_seconds(b, field, value, 0);
		else if (sst_num_u64(value, &number))
			put_int(b, field, value);
		return true;
	case SST_CONV_SUM_SECONDS:
		sst_buf_reset(&b->event->work);
		if (sst_list_put_sum(&b->event->work, value))
			put_work(b, field, SST_KIND_NUMBER);
		return true;
	case SST_CONV_REQUEST:
		put_request(b, value, is_odd);
		return true;
	case SST_CONV_TARGET:
		put_target(b, value, is_odd);
		return true;
	case SST_CONV_QUERY:
		put_query(b, value, is_odd);
		return true;
	case SST_CONV_HOST:
	case SST_CONV_NAME:
		put_host(b, value, is_odd);
		return true;
	case SST_CONV_ENDPOINT:
		put_last_port(b, value);
		return true;
	case SST_CONV_HTTPS:
		if (sst_span_is(value, "on"))
			put(b, field, SST_KIND_STRING, https);
		return true;
	case SST_CONV_FLAG:
		if (sst_span_is(value, "1"))
			put(b, field, SST_KIND_TRUE, yes);
		return true;
	case SST_CONV_UPPER:
		put_upper(b, field, value);
		return true;
	case SST_CONV_ELAPSED:
	case SST_CONV_PROTOCOL:
	case SST_CONV_TLS:
	case SST_CONV_HIT:
	case SST_CONV_MISS:
	case SST_CONV_PERCENT:
	case SST_CONV_ENCODED:
	case SST_CONV_PLUS:
	case SST_CONV_LOWER:
	case SST_CONV_SLASH:
		put_converted(b, field, i);
		return true;
	default:
		return read_time(b, i, value);
	}
}

/* Is the key that of another value beside the fields? Those of the layout are
 * in the event already, `first` of them. */
static bool
is_taken(const struct sst_builder *b, struct sst_span key, size_t first)
{
	for (size_t i = 0, left = first; left > 0; i++)
		if (b->event->pairs[i].tag == SST_F_OTHER) {
			if (sst_span_eq(b->event->pairs[i].key, key))
				return true;
			left--;
		}
	return false;
}

/* A name that would pass for a contract key has "log_" before it, and one that
 * the event has a number behind it. */
static struct sst_span
free_name(struct sst_builder *b, const char *prefix, struct sst_span key,
	size_t first)
{
	struct sst_buf *work = &b->event->work;

	for (size_t n = 1;; n++) {
		struct sst_span name;
		bool is_free;

		sst_buf_reset(work);
		sst_buf_put_span(work, sst_span_of(prefix));
		sst_buf_put_span(work, key);
		if (n > 1)
			sst_buf_printf(work, "_%zu", n);
		name = sst_buf_span(work);
		is_free = !is_taken(b, name, first);
		for (size_t i = 0; i < b->record->extra_count; i++)
			is_free &= !sst_span_eq(b->record->extras[i].key, name);
		if (is_free || work->is_short)
			return sst_event_keep(b->event, name);
	}
}

/* What a line of names and values has beside the layout's. */
static void
put_extras(struct sst_builder *b)
{
	const struct sst_record *record = b->record;
	const size_t first = b->event->others;

	for (size_t i = 0; i < record->extra_count; i++) {
		const struct sst_pair *pair = &record->extras[i];
		struct sst_span key = pair->key, value = pair->value;

		if (key.len == 0 || key.at[0] == '_' ||
			sst_event_field(b->event, key) != SST_F_OTHER)
			key = free_name(b, "log_", key, first);
		else if (SST_UNLIKELY(is_taken(b, key, first)))
			key = free_name(b, "", key, first);
		if (pair->flags & SST_PAIR_ESCAPED)
			value = spelled(b, value);
		sst_event_add_other(
			b->event, key, (enum sst_kind)pair->kind, value);
	}
	b->is_bad_utf8 |= record->is_repaired;
	if (b->has_end && b->has_time &&
		!sst_event_has(b->event, SST_F_DURATION)) {
		sst_buf_reset(&b->event->work);
		if (sst_convert_between(&b->event->work, b->best, b->end))
			put_work(b, SST_F_DURATION, SST_KIND_NUMBER);
	}
}

void
sst_builder_day(struct sst_builder *b, const struct sst_stamp *stamp)
{
	b->day = *stamp;
}

/* A peer is worth a word only where it is not the client. */
static void
drop_same_peer(struct sst_builder *b)
{
	if (sst_span_eq(sst_event_peek(b->event, SST_F_PEER_IP),
		    sst_event_peek(b->event, SST_F_CLIENT_IP)))
		sst_event_drop(
			b->event, sst_event_get(b->event, SST_F_PEER_IP));
}

static void
put_defaults(struct sst_builder *b)
{
	const struct sst_builder_options *o = &b->options;

	if (o->default_host.len > 0 && !sst_event_has(b->event, SST_F_HOST))
		put(b, SST_F_HOST, SST_KIND_STRING, o->default_host);
	if (o->default_scheme.len > 0 && !sst_event_has(b->event, SST_F_SCHEME))
		put(b, SST_F_SCHEME, SST_KIND_STRING, o->default_scheme);
}

enum sst_status
sst_builder_fill(struct sst_builder *b, struct sst_event *event,
	const struct sst_binding *binding, const struct sst_record *record,
	int64_t *time_us, enum sst_reason *why)
{
	sst_event_reset(event);
	b->event = event;
	b->record = record;
	b->binding = binding;
	b->has_time = b->has_fraction = b->is_bad_utf8 = false;
	b->has_clock = b->has_date = b->has_end = false;
	b->is_time_written = false;
	for (size_t i = 0; i < record->layout->n; i++)
		if (SST_UNLIKELY(!put_cell(b, i))) {
			*why = SST_WHY_BAD_TIME;
			return SST_REJECT;
		}
	if (SST_UNLIKELY(b->has_clock))
		join_clock(b);
	if (SST_UNLIKELY(binding->has_time && !b->has_time)) {
		*why = SST_WHY_BAD_TIME;
		return SST_REJECT;
	}
	put_time(b, time_us);
	if (SST_UNLIKELY(record->layout->shape != SST_SHAPE_STRING))
		put_extras(b);
	if (b->options.trusted.n > 0)
		trust_proxy(b);
	if (SST_UNLIKELY(sst_event_has(event, SST_F_PEER_IP)))
		drop_same_peer(b);
	put_defaults(b);
	if (b->is_bad_utf8)
		sst_event_set_bool(event, SST_F_INVALID_UTF8, true);
	return SST_OK;
}
