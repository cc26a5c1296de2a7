/* SPDX-License-Identifier: ISC */
/*
 * api -- an HTTP API as data: what an event becomes, what a request looks like,
 * which answers mean what.
 *
 * A file of formats/apis is loaded, checked and compiled together with its
 * settings and secrets; sst-api(5) has the language. Everything that the file
 * can get wrong is found here, with its line and column, before the first
 * event. An API is used by one thread.
 */
#ifndef SST_PUSH_API_H
#define SST_PUSH_API_H

#include "event/event.h"
#include "push/machine.h"
#include "push/sink.h"

struct sst_api;

struct sst_api_asked {
	const char *path;
	struct sst_settings settings, secrets;
	const char *variant; /* or NULL */
	/* Missing settings get a value that passes their checks: to describe
	 * or test a file. */
	bool fill_missing;
	/* Secrets are stars, for people to see a request: what is made of them
	 * is stars too. */
	bool is_masked;
};

/* SST_EIO or SST_ECONFIG: the file. SST_EUSAGE: a setting or a secret. */
enum sst_status sst_api_open(struct sst_api **out,
	const struct sst_api_asked *asked, struct sst_err *err) SST_MUST_USE;
void sst_api_close(struct sst_api *api);

enum sst_api_dedup {
	SST_DEDUP_NONE,
	SST_DEDUP_EVENT,
	SST_DEDUP_BATCH
};

struct sst_api_limits {
	uint64_t events;      /* of a request */
	uint64_t bytes;       /* of a body; 0: no limit */
	uint64_t event_bytes; /* of an item; 0: no limit */
	int64_t age_us;       /* -1: any */
	int64_t future_us;    /* -1: any */
	uint64_t in_flight;   /* 0: no limit */
	uint64_t rate;        /* requests a second; 0: no limit */
};

struct sst_api_facts {
	struct sst_span name, title;
	struct sst_api_limits limits;
	enum sst_api_dedup dedup;
	bool is_grouped;  /* group_by */
	bool is_in_order; /* a batch is sorted by time */
	bool has_lanes;
	bool request_has_keys; /* a batch must keep its first event */
	bool url_has_keys;     /* of events, and not only settings */
	bool takes_gzip;
	bool has_batch_id;  /* it is used */
	int64_t timeout_us; /* 0: not said */
};

const struct sst_api_facts *sst_api_facts(const struct sst_api *api);

/* ---- events ---- */

enum sst_fate {
	SST_FATE_ITEM,
	SST_FATE_SKIP, /* not for this API */
	SST_FATE_DEAD, /* see reason */
	SST_FATE_NEEDS /* a condition of `needs` fails: see reason */
};

/*
 * Append what the event becomes. An event later than allowed gets now_us (since
 * 1970) as its time. *reason: a sentence part that lives as long as the API,
 * "" for ITEM and SKIP; "out of memory" is a DEAD one.
 */
enum sst_fate sst_api_item(struct sst_api *api, struct sst_event *event,
	int64_t now_us, struct sst_buf *to, const char **reason);

/* Append what all events of its request share (group_by), and its lane; a NUL
 * behind each value. */
void sst_api_put_group(
	struct sst_api *api, struct sst_event *event, struct sst_buf *to);
void sst_api_put_lane(
	struct sst_api *api, struct sst_event *event, struct sst_buf *to);

/* ---- requests ---- */

/* What a request is made of. */
struct sst_api_batch {
	struct sst_event *first; /* NULL unless request_has_keys */
	struct sst_span id;      /* UUID text */
	uint64_t events;
	/* Items in their order. */
	const struct sst_span *items;
	int64_t now_us;
};

struct sst_api_request {
	struct sst_buf method, url; /* NUL-terminated texts */
	struct sst_buf headers;     /* "Name: value" and a NUL, each */
	struct sst_buf body;
};

void sst_api_request_init(struct sst_api_request *request);
void sst_api_request_release(struct sst_api_request *request);

/* Make a request. SST_ECONFIG: no URL comes of it; SST_ENOMEM. */
enum sst_status sst_api_request(struct sst_api *api,
	const struct sst_api_batch *batch, struct sst_api_request *out,
	struct sst_err *err) SST_MUST_USE;

/* Make its URL alone, before there is an event: not when url_has_keys. */
enum sst_status sst_api_url(struct sst_api *api, int64_t now_us,
	struct sst_buf *url, struct sst_err *err) SST_MUST_USE;

/* Bytes of the body around and between `events` items. */
uint64_t sst_api_envelope_bytes(
	struct sst_api *api, const struct sst_api_batch *batch);
uint64_t sst_api_separator_bytes(const struct sst_api *api);

/* ---- answers ---- */

enum sst_verdict_kind {
	SST_VERDICT_STORED,
	SST_VERDICT_ACCEPTED,
	SST_VERDICT_RETRY,
	SST_VERDICT_HOLD,
	SST_VERDICT_DEAD,
	SST_VERDICT_SPLIT,
	SST_VERDICT_USE,
	SST_VERDICT_PARTIAL /* see each */
};

const char *sst_verdict_name(enum sst_verdict_kind kind);

/* What an answer means. */
struct sst_judgement {
	enum sst_verdict_kind kind;
	uint8_t *each;   /* PARTIAL: a kind per event; the caller's array */
	int64_t wait_us; /* RETRY: before that; -1: not said */
	int64_t tries;   /* RETRY: so often, then `finally`; 0: any */
	enum sst_verdict_kind finally;
	enum sst_verdict_kind alone; /* SPLIT: of one event */
	bool has_if_none;
	enum sst_verdict_kind if_none; /* SPLIT: when nothing was taken */
	struct sst_span variant;       /* USE */
	uint64_t lost;                 /* of those stored so many are gone */
	bool is_slow;
	bool is_odd; /* not believed */
	struct sst_span say;
};

/* What was sent: the ids of its events, in the order of the items. */
struct sst_sent {
	uint64_t n;
	struct sst_span (*id)(void *self, uint64_t i);
	void *self;
};

/* `each` has room for sent->n verdicts. */
void sst_api_judge(struct sst_api *api, const struct sst_answer *answer,
	const struct sst_sent *sent, uint8_t *each, struct sst_judgement *out);

/* ---- files ---- */

/* Run the samples of the file; a line per failure and the count go to `report`.
 * SST_EIO: one fails. SST_ECONFIG: the file has errors. events_path: the file
 * of named events. */
enum sst_status sst_api_test(const char *path, const char *events_path,
	struct sst_buf *report, struct sst_err *err) SST_MUST_USE;

/* Settings, limits and answers, for people. */
void sst_api_describe(struct sst_api *api, struct sst_buf *to);
void sst_api_put_ddl(struct sst_api *api, struct sst_buf *to);

/* The same of an API file, whatever settings it wants: its line for
 * --list-apis; its description or, with wants_ddl, its table. SST_ECONFIG: the
 * file is wrong. */
enum sst_status sst_api_list(const char *name, const char *path,
	struct sst_buf *to, struct sst_err *err) SST_MUST_USE;
enum sst_status sst_api_describe_file(const char *path, bool wants_ddl,
	struct sst_buf *to, struct sst_err *err) SST_MUST_USE;

#endif
