/* SPDX-License-Identifier: ISC */
/*
 * sink_http_in -- the sender of sink_http; private to push/sink_http*.c.
 *
 * sink_http.c is the interface and decides when to send, sink_http_answer.c
 * what an answer does to a batch, sink_http_queue.c keeps batches in their
 * places and settles events.
 */
#ifndef SST_PUSH_SINK_HTTP_IN_H
#define SST_PUSH_SINK_HTTP_IN_H

#include "push/batch.h"
#include "push/sink_http.h"

enum sst_batch_state {
	SST_BATCH_READY,  /* to be sent when its time has come */
	SST_BATCH_FLYING, /* its answer is awaited */
	SST_BATCH_ASIDE   /* one event that was refused; its family decides */
};

/* Batches that were split from one: was anything of it taken? */
struct sst_family {
	size_t members; /* live batches */
	size_t aside;   /* of them */
	bool has_taken;
	enum sst_verdict_kind alone, if_none;
};

struct sst_sender {
	struct sst_sink sink;
	struct sst_sink_http_asked asked;
	struct sst_api *api;
	struct sst_http *http;
	struct sst_batcher batcher;
	struct sst_batch *queue, **queue_end; /* oldest first, any state */
	struct sst_event event;               /* room for sst_batch_request */
	struct sst_api_request request;
	struct sst_buf gzip; /* the next body, compressed */
	uint8_t *each;       /* verdicts of one answer */
	size_t each_max;
	struct sst_moment now;
	uint64_t held, bytes;
	unsigned limit;         /* in flight, at the moment */
	bool has_begun;         /* an event was wanted */
	int64_t pause_until_us; /* the server asked for it */
	int64_t hold_until_us;
	int64_t rate_until_us; /* the API's limit `rate`: the next request */
	unsigned holds;        /* in a row */
	bool is_ended;         /* no more company will come */
	char api_name[64];
};

void sst_sender_say(struct sst_sender *sink, enum sst_sink_level level,
	const char *format, ...) SST_PRINTF(3, 4);

/* ---- sink_http_queue.c ---- */

/* At the end; behind another, since lanes keep their order; out. */
void sst_sender_append(struct sst_sender *sink, struct sst_batch *batch);
void sst_sender_insert(struct sst_sender *sink, struct sst_batch *before,
	struct sst_batch *batch);
/* Its events are settled, or are in other batches. */
void sst_sender_remove(struct sst_sender *sink, struct sst_batch *batch);
void sst_sender_leave_family(struct sst_batch *batch);

enum sst_status sst_sender_note_lanes(struct sst_sender *sink,
	struct sst_batch *batch, struct sst_err *err) SST_MUST_USE;
/* No batch before it has an event of a lane of its own. */
bool sst_sender_is_lane_free(
	const struct sst_sender *sink, const struct sst_batch *batch);

/* Event i of a batch. */
void sst_sender_settle(struct sst_sender *sink, const struct sst_batch *batch,
	size_t i, enum sst_status status, enum sst_reason why);
/* Mask the secrets that a server may have echoed. */
void sst_sender_hide(struct sst_sender *sink, struct sst_buf *text);

/* ---- sink_http_answer.c ---- */

enum sst_status sst_sender_take_answer(struct sst_sender *sink,
	struct sst_batch *batch, const struct sst_answer *answer,
	struct sst_err *err) SST_MUST_USE;
/* No more attempts. */
enum sst_status sst_sender_give_up(struct sst_sender *sink,
	struct sst_batch *batch, const struct sst_answer *answer,
	struct sst_err *err) SST_MUST_USE;
/* Two batches in its place. */
enum sst_status sst_sender_halve(struct sst_sender *sink,
	struct sst_batch *batch, struct sst_err *err) SST_MUST_USE;
/* The API's limits, made smaller by the user's. */
struct sst_api_limits sst_sender_limits(const struct sst_sender *sink);

#endif
