/* SPDX-License-Identifier: ISC */
/*
 * visit -- what is known of an open visit, and its strings.
 *
 * A visit is a record of the table of open visits, 256 bytes or four lines of
 * the cache, and one heap block for its strings: 84 bytes, the strings, and up
 * to 32 for the next exit path. The block is made when the visit begins and
 * made anew only when a longer exit path or an earlier first event comes.
 * Strings are kept whole and in the JSON spelling they came in; they are never
 * decoded.
 *
 * Most events need the record and of the block its exit path alone, so that
 * what tells whether there is more to do stands in the record.
 */
#ifndef SST_SESSION_VISIT_H
#define SST_SESSION_VISIT_H

#include "base/digest.h"
#include "base/span.h"
#include "base/wide.h"
#include "session/rules.h"
#include "session/table.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The strings of an event that a visit may keep. Consent is first: it is
 * compared with every event's. The exit path is last: it is replaced in its
 * place. */
enum sst_text {
	SST_TEXT_CONSENT,
	SST_TEXT_ENTRY,
	SST_TEXT_REFERRER,
	SST_TEXT_SOURCE,
	SST_TEXT_MEDIUM,
	SST_TEXT_CAMPAIGN,
	SST_TEXT_TERM,
	SST_TEXT_CONTENT,
	SST_TEXT_CHANNEL,
	SST_TEXT_CLICK_ID,
	SST_TEXT_EXIT,
	SST_TEXT_COUNT
};
#define SST_TEXT_FIRST_SOURCE SST_TEXT_SOURCE
#define SST_TEXT_LAST_SOURCE SST_TEXT_CLICK_ID

/* A set of strings, borrowed; an absent one has at NULL. */
struct sst_text_set {
	struct sst_span at[SST_TEXT_COUNT];
};

/* The same in one block. */
struct sst_texts;

/* Make a block of them. NULL: no memory, or one is longer than 100 MiB. They
 * may be parts of another block. */
struct sst_texts *sst_texts_make(const struct sst_text_set *set);

/* Give the strings as spans into the block, good until it is freed or its exit
 * path is set; SST_PAD bytes behind each may be read. */
void sst_texts_get(const struct sst_texts *texts, struct sst_text_set *set);

/* They will be asked for soon: begin to load as much as most have. */
void sst_texts_expect(const struct sst_texts *texts);

/* The consent alone. */
struct sst_span sst_texts_consent(const struct sst_texts *texts);

/* Where in the block the exit path is, and the longest that fits there. */
struct sst_exit {
	uint32_t at, room;
};

struct sst_exit sst_texts_exit(const struct sst_texts *texts);

/* Replace the exit path if it fits into the block. Only writes to it: nobody
 * waits for memory. */
bool sst_texts_set_exit(
	struct sst_texts *texts, struct sst_exit exit, struct sst_span path);

/* Bytes that it takes; of NULL 0. */
size_t sst_texts_size(const struct sst_texts *texts);

/* The longest that RFC 3339 needs with nine digits and an offset. */
#define SST_TIME_MAX 35

struct sst_time_text {
	char at[SST_TIME_MAX];
	uint8_t len;
};

enum {
	SST_VISIT_HAS_PAGE = 1,       /* entry and exit are those of pages */
	SST_VISIT_ENTRY_IS_GIVEN = 2, /* by the redirect before it */
	SST_VISIT_CONSENT_MIXED = 4,
	SST_VISIT_DNT = 8,
	SST_VISIT_GPC = 16
};

struct sst_visit {
	_Alignas(SST_LINE) struct sst_entry entry;
	uint32_t events;           /* that are not passive */
	int64_t touch_us;          /* the clock when the last of them came */
	int64_t start_us, last_us; /* the earliest and the latest of them */
	int64_t opened_us;         /* the one that came first */
	uint64_t campaign;         /* as struct sst_judged_visit has it */
	struct sst_texts *texts;
	uint32_t *burst; /* ring of the last events' times, in milliseconds
			    since opened_us; NULL until a rule needs it */
	struct sst_exit exit;
	uint32_t page_views, conversions;
	uint8_t flags;
	bool has_consent; /* among the strings */
	char visitor_id[SST_UUID_LEN];
	char session_id[SST_UUID_LEN];
	struct sst_time_text opened, last; /* as these events spell them */
};
static_assert(
	sizeof(struct sst_visit) == 4 * SST_LINE, "four lines of the cache");

/* What a redirect leaves for the visit that it leads to. */
struct sst_touch {
	struct sst_entry entry;
	int64_t time_us;
	uint64_t campaign;
	struct sst_texts *texts;
};

/* Keep an event's time as it is spelled, at most SST_TIME_MAX bytes. */
static inline void
sst_time_text_set(struct sst_time_text *to, struct sst_span spelled)
{
	assert(spelled.len <= SST_TIME_MAX);
	memcpy(to->at, spelled.at, spelled.len);
	to->len = (uint8_t)spelled.len;
}

static inline struct sst_span
sst_time_text_span(const struct sst_time_text *text)
{
	return sst_span(text->at, text->len);
}

#endif
