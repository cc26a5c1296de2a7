/* SPDX-License-Identifier: ISC */
/*
 * builder -- what the parts of from_record share; private to event/.
 *
 * One file for each question that a field answers: who asked (build_who.c), for
 * what (build_request.c), when (build_time.c); build_value.c spells values, and
 * from_record.c goes through the fields. All put what they find into b->event.
 */
#ifndef SST_EVENT_BUILDER_H
#define SST_EVENT_BUILDER_H

#include "base/wide.h"
#include "event/from_record.h"
#include "text/ip.h"
#include "text/stamp.h"

/* Longest time stamp that is remembered with its result. */
#define SST_STAMP_MAX ((size_t)48)

struct sst_builder {
	struct sst_builder_options options;

	/* The last CLF time stamp and what it gave: the next line mostly has
	 * the same one. */
	char stamp_text[SST_STAMP_MAX];
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

/* ---- build_value.c ---- */

static inline void
sst_build_put(struct sst_builder *b, enum sst_field field, enum sst_kind kind,
	struct sst_span raw)
{
	sst_event_put(b->event, field, kind, raw, false);
}

/* b->bytes, or a value of the line with its escapes undone, repaired and
 * spelled for JSON; good until the event is reset. */
struct sst_span sst_build_spelled_bytes(struct sst_builder *b);
struct sst_span sst_build_spelled(struct sst_builder *b, struct sst_span value);

/* A value of the line as text; `is_odd` as in struct sst_record. */
static inline void
sst_build_text(struct sst_builder *b, enum sst_field field,
	struct sst_span value, bool is_odd)
{
	if (SST_LIKELY(!is_odd)) {
		sst_build_put(b, field, SST_KIND_STRING, value);
		return;
	}
	sst_event_set(
		b->event, field, SST_KIND_STRING, sst_build_spelled(b, value));
}

/* What is in the event's work buffer, as a value. */
void sst_build_work(
	struct sst_builder *b, enum sst_field field, enum sst_kind kind);
/* An address as the log spells it, which was read as `ip`: canonical. */
void sst_build_ip(struct sst_builder *b, enum sst_field field,
	struct sst_span text, const struct sst_ip *ip);
/* Digits: without leading zeros; nothing where they are too many. */
void sst_build_int(
	struct sst_builder *b, enum sst_field field, struct sst_span digits);
/* A number, its point moved by `shift` places; "-" and the like are none. */
void sst_build_seconds(struct sst_builder *b, enum sst_field field,
	struct sst_span value, int shift);
/* In capitals. */
void sst_build_upper(
	struct sst_builder *b, enum sst_field field, struct sst_span value);

/* ---- build_who.c ---- */

/* A port, where the field has none yet. */
void sst_build_port(
	struct sst_builder *b, enum sst_field field, struct sst_span port);
/* One address, endpoint or host name. */
void sst_build_endpoint(struct sst_builder *b, enum sst_field field,
	enum sst_field port_field, struct sst_span value);
/* The same, or a list of which the client is one. */
void sst_build_client(struct sst_builder *b, struct sst_span value);
/* A client whose port is behind the last colon. */
void sst_build_last_port(struct sst_builder *b, struct sst_span value);
/* Of a trusted peer the client is who it forwarded for. */
void sst_build_trust_proxy(struct sst_builder *b);
/* A peer is worth a word only where it is not the client. */
void sst_build_drop_same_peer(struct sst_builder *b);

/* ---- build_request.c ---- */

/* A host with or without port, in lower case. */
void sst_build_host(struct sst_builder *b, struct sst_span value, bool is_odd);
/* path?query, or a URL. */
void sst_build_target(
	struct sst_builder *b, struct sst_span target, bool is_odd);
/* METHOD TARGET PROTOCOL; what is none of that is kept as `request`. */
void sst_build_request(
	struct sst_builder *b, struct sst_span line, bool is_odd);
/* A query with or without its question mark, where there is none yet. */
void sst_build_query(struct sst_builder *b, struct sst_span value, bool is_odd);

/* ---- build_time.c ---- */

/* Read the i-th field, a time or a part of one. False: it names no time. */
bool sst_build_read_time(
	struct sst_builder *b, size_t i, struct sst_span value);
/* A date and a time of day that have fields of their own are one time. */
void sst_build_join_clock(struct sst_builder *b);
/* Put the most exact time that was read; INT64_MIN: there was none. */
void sst_build_time(struct sst_builder *b, int64_t *time_us);

#endif
