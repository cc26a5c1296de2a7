/* SPDX-License-Identifier: ISC */
/* Values of a line in the spelling of events. */
#include "event/builder.h"

#include "base/num.h"
#include "record/escape.h"
#include "text/utf8.h"

/* b->bytes as text: repaired, spelled for JSON. */
struct sst_span
sst_build_spelled_bytes(struct sst_builder *b)
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
struct sst_span
sst_build_spelled(struct sst_builder *b, struct sst_span value)
{
	sst_buf_reset(&b->bytes);
	sst_unescape_put(&b->bytes, value, b->record->layout->escape);
	return sst_build_spelled_bytes(b);
}

/* What is in the event's work buffer, as a value. */
void
sst_build_work(struct sst_builder *b, enum sst_field field, enum sst_kind kind)
{
	b->event->is_short |= b->event->work.is_short;
	sst_build_put(b, field, kind,
		sst_event_keep(b->event, sst_buf_span(&b->event->work)));
}

void
sst_build_ip(struct sst_builder *b, enum sst_field field, struct sst_span text,
	const struct sst_ip *ip)
{
	struct sst_span plain = text;

	/* Dotted quads are read strictly: they are canonical as they stand. */
	if (ip->len == 4 && sst_span_find(text, ':') == text.len) {
		sst_build_put(b, field, SST_KIND_STRING, plain);
		return;
	}
	sst_buf_reset(&b->event->work);
	sst_ip_put(&b->event->work, ip);
	sst_build_work(b, field, SST_KIND_STRING);
}

void
sst_build_int(
	struct sst_builder *b, enum sst_field field, struct sst_span digits)
{
	uint64_t value;

	/* Not even "+5" is a number of JSON. */
	while (digits.len > 1 && (digits.at[0] == '0' || digits.at[0] == '+'))
		digits = sst_span_from(digits, 1);
	if (digits.len < 16 || sst_num_u64(digits, &value))
		sst_build_put(b, field, SST_KIND_NUMBER, digits);
}

void
sst_build_seconds(struct sst_builder *b, enum sst_field field,
	struct sst_span value, int shift)
{
	if (value.len == 0 || value.at[0] == '-')
		return;
	if (shift == 0 && sst_num_is_json(value)) {
		sst_build_put(b, field, SST_KIND_NUMBER, value);
		return;
	}
	sst_buf_reset(&b->event->work);
	if (sst_num_put_shifted(&b->event->work, value, shift))
		sst_build_work(b, field, SST_KIND_NUMBER);
}

void
sst_build_upper(
	struct sst_builder *b, enum sst_field field, struct sst_span value)
{
	sst_buf_reset(&b->bytes);
	sst_unescape_put(&b->bytes, value, b->record->layout->escape);
	for (size_t i = 0; i < b->bytes.len; i++) {
		char *c = &b->bytes.at[i];

		*c = *c >= 'a' && *c <= 'z' ? (char)(*c & ~0x20) : *c;
	}
	sst_event_set(
		b->event, field, SST_KIND_STRING, sst_build_spelled_bytes(b));
}
