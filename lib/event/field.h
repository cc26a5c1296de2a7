/* SPDX-License-Identifier: ISC */
/*
 * field -- THE table: one row per key of an event.
 *
 * The enum is in the order of sst-event(5), which is the order in which
 * sst-parse writes keys. sst-event(5), --list-fields, the strict policy, rules
 * and --where read these rows; tests hold the man page and the policy file
 * against them.
 */
#ifndef SST_EVENT_FIELD_H
#define SST_EVENT_FIELD_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum sst_field {
	SST_F_OTHER, /* a key that is not in the table */

	/* 1. from the log line */
	SST_F_ID,
	SST_F_TIME,
	SST_F_EVENT,
	SST_F_CLIENT_IP,
	SST_F_CLIENT_PORT,
	SST_F_CLIENT_HOST,
	SST_F_PEER_IP,
	SST_F_FORWARDED_FOR,
	SST_F_HOST,
	SST_F_SERVER_PORT,
	SST_F_SERVER_NAME,
	SST_F_SERVER_IP,
	SST_F_IDENT,
	SST_F_USER,
	SST_F_METHOD,
	SST_F_SCHEME,
	SST_F_PATH,
	SST_F_QUERY,
	SST_F_PROTOCOL,
	SST_F_REQUEST,
	SST_F_STATUS,
	SST_F_BYTES,
	SST_F_BYTES_SENT,
	SST_F_BYTES_RECEIVED,
	SST_F_REFERRER,
	SST_F_USER_AGENT,
	SST_F_DURATION,
	SST_F_TTFB,
	SST_F_UPSTREAM,
	SST_F_UPSTREAM_STATUS,
	SST_F_UPSTREAM_DURATION,
	SST_F_CACHE,
	SST_F_TLS_VERSION,
	SST_F_TLS_CIPHER,
	SST_F_REQUEST_ID,
	SST_F_DNT,
	SST_F_GPC,
	SST_F_CONSENT,
	SST_F_COOKIE,

	/* 2. from rules and enrichment: the log's own fields come before */
	SST_F_PROPS,
	SST_F_PARAMS,
	SST_F_COUNTRY,
	SST_F_REGION,
	SST_F_CITY,
	SST_F_LATITUDE,
	SST_F_LONGITUDE,
	SST_F_TIME_ZONE,
	SST_F_ASN,
	SST_F_AS_ORG,
	SST_F_BROWSER,
	SST_F_BROWSER_VERSION,
	SST_F_OS,
	SST_F_OS_VERSION,
	SST_F_DEVICE,
	SST_F_BOT,
	SST_F_SOURCE,
	SST_F_MEDIUM,
	SST_F_CAMPAIGN,
	SST_F_TERM,
	SST_F_CONTENT,
	SST_F_CHANNEL,
	SST_F_CLICK_ID,
	SST_F_WEIGHT,
	SST_F_INVALID_UTF8,
	SST_F_FILE,
	SST_F_LINE,
	SST_F_OFFSET,

	/* 3. from sst-session */
	SST_F_VISITOR_ID,
	SST_F_SESSION_ID,
	SST_F_SESSION_SEQ,
	SST_F_SESSION_START,
	SST_F_SESSION_NEW,
	SST_F_VISIT_NUMBER,
	SST_F_LATE,
	SST_F_END_TIME,
	SST_F_EVENTS,
	SST_F_PAGE_VIEWS,
	SST_F_ENTRY_PATH,
	SST_F_EXIT_PATH,
	SST_F_BOUNCE,
	SST_F_ENGAGED,
	SST_F_CONVERSIONS,
	SST_F_BOT_SCORE,
	SST_F_BOT_REASONS,
	SST_F_END_REASON,
	SST_F_ALERT,
	SST_F_SEVERITY,
	SST_F_COUNT_OF, /* "count" of an alert */
	SST_F_WINDOW,

	/* 4. from sst-redact */
	SST_F_REDACTED,

	SST_FIELD_COUNT
};

#define SST_F_FIRST_ENRICHED SST_F_PROPS

enum sst_field_type {
	SST_TYPE_STRING,
	SST_TYPE_INT,
	SST_TYPE_NUMBER,
	SST_TYPE_BOOL,
	SST_TYPE_OBJECT,
	SST_TYPE_ARRAY
};

struct sst_field_row {
	const char *name;
	enum sst_field_type type;
	bool is_personal;   /* may identify a person, alone or with others */
	const char *strict; /* what the strict policy does, as in its file */
	const char *help;   /* one line, no full stop */
};

/* The row of a field; SST_F_OTHER has the name "" and is dropped by strict. */
const struct sst_field_row *sst_field_row(enum sst_field field);

/* "string", "int" ... */
const char *sst_field_type_name(enum sst_field_type type);

/* Which field a key is: SST_F_OTHER when it is none. Looks through the table:
 * for options and files; events find theirs through sst_event_index(). */
enum sst_field sst_field_of(struct sst_span name);

#endif
