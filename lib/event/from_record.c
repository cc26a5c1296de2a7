/* SPDX-License-Identifier: ISC */
#include "event/from_record.h"

#include "base/num.h"
#include "event/builder.h"
#include "event/convert.h"
#include "event/values.h"
#include "record/escape.h"

#include <stdlib.h>

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

/* ---- one field ---- */

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
	value = sst_build_spelled_bytes(b);
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
	raw = b->record->is_odd[i] ? sst_build_spelled(b, value) : value;

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
		sst_build_text(b, field, value, is_odd);
		return true;
	case SST_CONV_CLIENT:
		sst_build_client(b, value);
		return true;
	case SST_CONV_ADDRESS:
		sst_build_endpoint(b, field,
			field == SST_F_SERVER_IP ? SST_F_SERVER_PORT
						 : SST_F_CLIENT_PORT,
			value);
		return true;
	case SST_CONV_IP:
		if (sst_ip_read_endpoint(value, &ip, &port)) {
			sst_buf_reset(&b->event->work);
			sst_ip_put(&b->event->work, &ip);
			sst_build_work(b, field, SST_KIND_STRING);
		}
		return true;
	case SST_CONV_STATUS:
		if (value.len != 3 || memcmp(value.at, "000", 3) == 0)
			return true;
		sst_build_int(b, field, value);
		return true;
	case SST_CONV_INT:
		if (value.at[0] != '-')
			sst_build_int(b, field, value);
		return true;
	case SST_CONV_SECONDS:
		sst_build_seconds(b, field, value, cell->shift);
		return true;
	case SST_CONV_LAST_INT:
	case SST_CONV_LAST_SECONDS:
		value = sst_list_last(value);
		if (cell->conv == SST_CONV_LAST_SECONDS)
			sst_build_seconds(b, field, value, 0);
		else if (sst_num_u64(value, &number))
			sst_build_int(b, field, value);
		return true;
	case SST_CONV_SUM_SECONDS:
		sst_buf_reset(&b->event->work);
		if (sst_list_put_sum(&b->event->work, value))
			sst_build_work(b, field, SST_KIND_NUMBER);
		return true;
	case SST_CONV_REQUEST:
		sst_build_request(b, value, is_odd);
		return true;
	case SST_CONV_TARGET:
		sst_build_target(b, value, is_odd);
		return true;
	case SST_CONV_QUERY:
		sst_build_query(b, value, is_odd);
		return true;
	case SST_CONV_HOST:
	case SST_CONV_NAME:
		sst_build_host(b, value, is_odd);
		return true;
	case SST_CONV_ENDPOINT:
		sst_build_last_port(b, value);
		return true;
	case SST_CONV_HTTPS:
		if (sst_span_is(value, "on"))
			sst_build_put(b, field, SST_KIND_STRING, https);
		return true;
	case SST_CONV_FLAG:
		if (sst_span_is(value, "1"))
			sst_build_put(b, field, SST_KIND_TRUE, yes);
		return true;
	case SST_CONV_UPPER:
		sst_build_upper(b, field, value);
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
		return sst_build_read_time(b, i, value);
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
			value = sst_build_spelled(b, value);
		sst_event_add_other(
			b->event, key, (enum sst_kind)pair->kind, value);
	}
	b->is_bad_utf8 |= record->is_repaired;
	if (b->has_end && b->has_time &&
		!sst_event_has(b->event, SST_F_DURATION)) {
		sst_buf_reset(&b->event->work);
		if (sst_convert_between(&b->event->work, b->best, b->end))
			sst_build_work(b, SST_F_DURATION, SST_KIND_NUMBER);
	}
}

void
sst_builder_day(struct sst_builder *b, const struct sst_stamp *stamp)
{
	b->day = *stamp;
}

static void
put_defaults(struct sst_builder *b)
{
	const struct sst_builder_options *o = &b->options;

	if (o->default_host.len > 0 && !sst_event_has(b->event, SST_F_HOST))
		sst_build_put(b, SST_F_HOST, SST_KIND_STRING, o->default_host);
	if (o->default_scheme.len > 0 && !sst_event_has(b->event, SST_F_SCHEME))
		sst_build_put(
			b, SST_F_SCHEME, SST_KIND_STRING, o->default_scheme);
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
		sst_build_join_clock(b);
	if (SST_UNLIKELY(binding->has_time && !b->has_time)) {
		*why = SST_WHY_BAD_TIME;
		return SST_REJECT;
	}
	sst_build_time(b, time_us);
	if (SST_UNLIKELY(record->layout->shape != SST_SHAPE_STRING))
		put_extras(b);
	if (b->options.trusted.n > 0)
		sst_build_trust_proxy(b);
	if (SST_UNLIKELY(sst_event_has(event, SST_F_PEER_IP)))
		sst_build_drop_same_peer(b);
	put_defaults(b);
	if (b->is_bad_utf8)
		sst_event_set_bool(event, SST_F_INVALID_UTF8, true);
	return SST_OK;
}
