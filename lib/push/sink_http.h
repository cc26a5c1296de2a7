/* SPDX-License-Identifier: ISC */
/*
 * sink_http -- events to an HTTP API: batches, requests, answers, retries.
 *
 * Batches wait in memory, bounded in bytes; a full queue says SST_AGAIN, and
 * the input waits. What an answer means is the API file's business. From it
 * follows what becomes of a batch:
 *
 *   stored, accepted  its events are settled;
 *   retry    sent again after a wait (push/retry), up to `retries` and
 *            `event_max_age_us`, then given up;
 *   hold     all sending pauses, one batch at a time is tried;
 *   split    halves, down to single events: a poison event never blocks
 *            others;
 *   dead     a dead letter each, settled as refused.
 *
 * Given up means a dead letter when there is a place for them, else lost.
 * Batches whose events share a lane are sent one after another, in order.
 */
#ifndef SST_PUSH_SINK_HTTP_H
#define SST_PUSH_SINK_HTTP_H

#include "push/api.h"
#include "push/dead.h"
#include "push/http.h"
#include "push/retry.h"
#include "push/sink.h"

/* What happened, for --stats. */
struct sst_http_counts {
	uint64_t requests, retries, splits, holds;
	uint64_t accepted; /* events that were taken, fate unknown */
	uint64_t stored;   /* events that are known to be stored */
	uint64_t dead;     /* events in dead letters, or refused without */
	uint64_t odd;      /* answers that were not believed */
};

enum sst_http_compress {
	SST_HTTP_AUTO, /* when the API says that it inflates */
	SST_HTTP_GZIP,
	SST_HTTP_PLAIN
};

enum sst_http_mode {
	SST_HTTP_SEND,
	SST_HTTP_DRY, /* requests as text, nothing is sent */
	SST_HTTP_TEST /* to the API's debug endpoint: nothing is stored */
};

struct sst_sink_http_asked {
	struct sst_api_asked api;
	struct sst_http_asked http;
	enum sst_http_mode mode;
	enum sst_http_compress compress;
	struct sst_dead *dead; /* or NULL; stays the caller's */
	bool keeps_lines;      /* dead letters have bodies */
	struct sst_retry_policy retry;
	int64_t timeout_us; /* of a request; 0: the API's, else 30 s */
	uint64_t queue_bytes;
	struct sst_sink_limits limits;
	struct sst_sink_owner owner;
	/* What DRY writes; self is the owner's. */
	void (*print)(void *self, struct sst_span text);
	struct sst_http_counts *counts; /* the caller's */
};

enum sst_status sst_sink_http_open(struct sst_sink **out,
	const struct sst_sink_http_asked *asked,
	struct sst_err *err) SST_MUST_USE;

/* The API that it sends to. */
struct sst_api *sst_sink_http_api(struct sst_sink *sink);

/* Do events leave this machine? SST_ECONFIG or SST_EUSAGE: the URL is none, or
 * is http:// to another machine and that is not allowed. */
enum sst_status sst_sink_http_place(struct sst_sink *sink, int64_t now_us,
	bool allows_http, bool *is_remote, struct sst_err *err) SST_MUST_USE;

#endif
