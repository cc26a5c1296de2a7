/* SPDX-License-Identifier: ISC */
/*
 * machine -- runs what push/compile made of an API file.
 *
 * The caller sets what the program may refer to (event, batch, answer), says
 * where to write, and runs from an entry. Nothing is allocated per event but
 * what the event itself needs for changed values.
 */
#ifndef SST_PUSH_MACHINE_H
#define SST_PUSH_MACHINE_H

#include "event/event.h"
#include "push/code.h"
#include "push/value.h"

/* What a program may hold in changed texts while it makes one item. */
#define SST_MACHINE_SCRATCH ((size_t)4 * 1024 * 1024)
#define SST_MACHINE_NOTES 1024

/* An answer, or why there is none. */
struct sst_answer {
	unsigned status;         /* 0: no whole answer came */
	const char *error;       /* "timeout" ...; NULL when status is set */
	struct sst_span headers; /* "Name: value\r\n" lines of the last one */
	struct sst_span body;
	int64_t retry_after_s; /* -1: not said */
};

/* Members of an object, scanned once. */
struct sst_members {
	bool is_read;
	size_t n;
	struct sst_pair pairs[SST_EVENT_PAIRS];
};

struct sst_machine {
	const struct sst_code *code;

	/* what programs refer to; the caller's */
	struct sst_event *event;
	struct sst_span batch_id;
	uint64_t batch_events;
	struct sst_span now;             /* RFC 3339 */
	struct sst_span body, signature; /* of a request that is signed */
	const struct sst_answer *answer;
	const struct sst_doc_node *json; /* of the answer's body, or NULL */
	const struct sst_doc_node *at;   /* element of an inner row */
	uint64_t sent;

	/* results */
	struct sst_value acc;
	bool ok, flag;
	size_t items_at; /* where ITEMS stood in the output */
	bool is_short;   /* out of memory or marks: what was made is not all */

	/* inside */
	struct sst_buf *out, *target; /* target: out, or sub */
	struct sst_buf scratch;       /* converted texts; never moves */
	struct sst_buf sub;           /* a text that becomes a value */
	struct sst_value kept, left;
	struct {
		struct sst_buf *to;
		size_t len, notes;
	} marks[SST_CODE_MARKS];
	size_t mark_count;
	struct sst_members props, params, each;
	size_t each_at, each_count, each_max;
	struct sst_value name, value;
	/* Names written so far into objects that take more by =add; into the
	 * pool or the output, which may move. */
	struct {
		bool is_pool;
		size_t at, len;
	} notes[SST_MACHINE_NOTES];
	size_t note_count;
};

/* SST_ENOMEM. The machine is large: the caller's on the heap. */
enum sst_status sst_machine_init(struct sst_machine *machine,
	const struct sst_code *code, struct sst_err *err) SST_MUST_USE;
void sst_machine_release(struct sst_machine *machine);

/* Another event, batch or answer: forget what was scanned of the last. */
void sst_machine_set_event(
	struct sst_machine *machine, struct sst_event *event);

/* Run from `entry` to its END, appending to `out`. */
void sst_machine_run(
	struct sst_machine *machine, size_t entry, struct sst_buf *out);

#endif
