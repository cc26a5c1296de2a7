/* SPDX-License-Identifier: ISC */
/*
 * from_record -- what the fields of a log line mean.
 *
 * A binding says once per layout which event key each field is; a builder
 * turns records into events by it. Most values are spans of the line; what
 * needs work (escapes, addresses, numbers with another unit, times) is written
 * into the event's own room. Rules of sst-event(5) that hold here: "-" and
 * sentinels are absent, a quoted empty value is present, escapes are undone
 * once, bytes that are not UTF-8 become U+FFFD and are flagged.
 */
#ifndef SST_EVENT_FROM_RECORD_H
#define SST_EVENT_FROM_RECORD_H

#include "event/event.h"
#include "record/record.h"
#include "text/net.h"
#include "text/stamp.h"

struct sst_binding {
	const struct sst_layout *layout;
	bool has_time;
	uint16_t field[SST_CELLS_MAX];        /* enum sst_field */
	struct sst_span other[SST_CELLS_MAX]; /* key where it is SST_F_OTHER */
};

/* Bind a layout; names live in `arena`. The second field of one key becomes
 * KEY_2; a log's own name that is a contract key's becomes log_NAME. */
enum sst_status sst_bind(struct sst_binding *out,
	const struct sst_layout *layout, struct sst_arena *arena,
	struct sst_err *err) SST_MUST_USE;

/* What the user says of all lines. */
struct sst_builder_options {
	struct sst_span default_host;   /* plain ASCII; empty: none */
	struct sst_span default_scheme; /* the same */
	struct sst_nets trusted;        /* whose X-Forwarded-For is believed */
	int64_t now_us; /* gives years to time stamps that have none; 0: none */
};

struct sst_builder;

enum sst_status sst_builder_open(struct sst_builder **out,
	const struct sst_builder_options *options,
	struct sst_err *err) SST_MUST_USE;

/*
 * Reset the event and fill it. *time_us is the event's time in microseconds
 * since 1970, INT64_MIN when the line has none. SST_REJECT with BAD_TIME when
 * the time stamp names no time. The event borrows line and builder until the
 * next call.
 */
enum sst_status sst_builder_fill(struct sst_builder *builder,
	struct sst_event *event, const struct sst_binding *binding,
	const struct sst_record *record, int64_t *time_us,
	enum sst_reason *why) SST_MUST_USE;

/* Lines that have a time of day, but no date, are of this day or, where they
 * say an earlier time, of the next one. Digits UINT8_MAX: no day is known. */
void sst_builder_day(
	struct sst_builder *builder, const struct sst_stamp *stamp);

void sst_builder_close(struct sst_builder *builder);

#endif
