/* SPDX-License-Identifier: ISC */
/*
 * batch -- items that travel together, and where they are cut.
 *
 * A batch holds the items of one request, with what is needed to settle, name,
 * split and send them again: it never changes what an item says. Batches are
 * cut by the number of events and by the bytes of the body before compression,
 * envelope and separators included, and never mix events of two groups.
 */
#ifndef SST_PUSH_BATCH_H
#define SST_PUSH_BATCH_H

#include "base/digest.h"
#include "push/api.h"

/* One event in a batch. Offsets are into the batch's buffers. */
struct sst_entry {
	uint64_t ticket;
	const char *input; /* lives as long as the sink */
	uint64_t number;   /* of its line */
	int64_t time_us;   /* of the event; INT64_MIN: it has none */
	uint64_t lane;     /* hash; 0 without lanes */
	size_t item, item_len;
	size_t id, id_len;     /* in texts */
	size_t line, line_len; /* in texts; 0: not kept */
};

struct sst_family; /* batches that were split from one: sink_http */

struct sst_batch {
	struct sst_batch *next; /* in a list of its owner */
	struct sst_entry *entries;
	size_t n, max;
	struct sst_buf items, texts;
	size_t first_len;    /* of the first event's line, at texts[0] */
	uint64_t group;      /* hash of what its events share */
	uint64_t body_bytes; /* what a request of it has */
	char id[SST_UUID_LEN];
	bool has_id;

	/* for who sends it */
	uint64_t *lanes; /* sorted */
	size_t lane_count;
	int64_t born_us, not_before_us; /* monotonic */
	unsigned attempts, row_tries, odd_answers;
	struct sst_family *family;
	int state;
};

/* NULL: no memory. */
struct sst_batch *sst_batch_new(void);
void sst_batch_free(struct sst_batch *batch);

/* Append an event with its item. False: no memory. */
bool sst_batch_add(struct sst_batch *batch, const struct sst_entry *entry,
	struct sst_span item, struct sst_span id, struct sst_span line);

struct sst_span sst_batch_item(const struct sst_batch *batch, size_t i);
struct sst_span sst_batch_event_id(const struct sst_batch *batch, size_t i);
struct sst_span sst_batch_line(const struct sst_batch *batch, size_t i);

/* A new batch of the events that `keep` marks (each[i] == value). NULL: no
 * memory. */
struct sst_batch *sst_batch_pick(
	const struct sst_batch *batch, const uint8_t *each, uint8_t value);

/* ---- cutting ---- */

struct sst_batcher {
	struct sst_api *api;
	struct sst_api_limits limits;
	bool keeps_lines;                     /* for dead letters with bodies */
	struct sst_buf item, group;           /* of the event at hand */
	struct sst_batch *open, **open_end;   /* in the order they began */
	struct sst_batch *ready, **ready_end; /* complete, oldest first */
	size_t open_count;
};

/* limits: the API's, made smaller by the user's. */
void sst_batcher_init(struct sst_batcher *batcher, struct sst_api *api,
	const struct sst_api_limits *limits);
void sst_batcher_release(struct sst_batcher *batcher);

/* An event: its fate, and the reason when that is not ITEM. SST_ENOMEM. */
enum sst_status sst_batcher_add(struct sst_batcher *batcher,
	const struct sst_sink_event *in, struct sst_moment now,
	enum sst_fate *fate, const char **reason) SST_MUST_USE;

/* Complete those that began at or before `born_us`; INT64_MAX: all. */
void sst_batcher_close(struct sst_batcher *batcher, int64_t born_us);

/* The oldest complete one becomes the caller's; NULL: there is none. */
struct sst_batch *sst_batcher_take(struct sst_batcher *batcher);

/* Make its request; `event` is room to read the first event into. */
enum sst_status sst_batch_request(struct sst_batch *batch, struct sst_api *api,
	struct sst_event *event, int64_t now_us, struct sst_api_request *out,
	struct sst_err *err) SST_MUST_USE;

#endif
