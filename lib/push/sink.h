/* SPDX-License-Identifier: ISC */
/*
 * sink -- where events go: one interface, one file per kind of destination.
 *
 * A sink is given events one by one, each with a ticket: a number that grows by
 * one per event that it accepts. It settles each ticket once, in any order, as
 * soon as it knows the event's fate for good: SST_OK when it is durable at the
 * destination, SST_REJECT when it was set aside, SST_DROP when it was given up.
 * Until then the event is held, and if the process dies it was never
 * acknowledged.
 *
 * What stands before a sink (today the input, later a spool on disk) needs
 * nothing more than that: it appends events, offers the oldest ones again after
 * a restart, and forgets what is settled.
 */
#ifndef SST_PUSH_SINK_H
#define SST_PUSH_SINK_H

#include "event/event.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct sst_sink;

/* One event on its way into a sink. All is borrowed for the call, but `input`,
 * which lives as long as the sink. */
struct sst_sink_event {
	struct sst_event *event;
	struct sst_span line; /* as it was read, without its end */
	uint64_t ticket;
	const char *input; /* where the line stood, for dead letters */
	uint64_t number;
};

/* Both clocks at one moment. */
struct sst_moment {
	int64_t wall_us; /* since 1970 */
	int64_t mono_us; /* of a clock that nobody sets */
};

/* How loud a message is; the caller maps it to cli/say. */
enum sst_sink_level {
	SST_SINK_ERROR,
	SST_SINK_WARNING,
	SST_SINK_NOTE
};

/* What a sink tells its owner. */
struct sst_sink_owner {
	void (*settle)(void *self, uint64_t first, uint64_t n,
		enum sst_status status, enum sst_reason why);
	void (*say)(void *self, enum sst_sink_level level, const char *text);
	void *self;
};

struct sst_sink_ops {
	const char *name;
	/*
	 * Take an event. SST_HELD: it will be settled, in a later call.
	 * SST_DROP or SST_REJECT
	 * (*why): it is not wanted, and its ticket may be given to the next.
	 * SST_AGAIN: no room, call work() and try again. Else the sink has
	 * failed and the run must end.
	 */
	enum sst_status (*put)(struct sst_sink *sink,
		const struct sst_sink_event *event, enum sst_reason *why,
		struct sst_err *err);
	/*
	 * Do what can be done without waiting. *wait_ms: call again after so
	 * long at the latest; -1: when something happens.
	 */
	enum sst_status (*work)(struct sst_sink *sink, struct sst_moment now,
		int *wait_ms, struct sst_err *err);
	/* Like poll(2), the sink's own descriptors included. NULL: it has
	 * none. */
	int (*wait)(struct sst_sink *sink, struct pollfd *fds, nfds_t n,
		int timeout_ms);
	/* Send or write now what waits for company. Does not wait for
	 * answers: work() goes on until nothing is held. */
	enum sst_status (*flush)(struct sst_sink *sink, struct sst_moment now,
		struct sst_err *err);
	/* The last call before close, when nothing is held any more. NULL:
	 * nothing to do. */
	enum sst_status (*finish)(struct sst_sink *sink, struct sst_moment now,
		struct sst_err *err);
	/* Events that are not settled yet. */
	uint64_t (*held)(const struct sst_sink *sink);
	/* Settle all of them as given up. */
	void (*abandon)(struct sst_sink *sink);
	void (*close)(struct sst_sink *sink);
};

struct sst_sink {
	const struct sst_sink_ops *ops;
};

/* A "KEY=VALUE" of --set, taken apart. */
struct sst_setting {
	struct sst_span name, value; /* value has a NUL behind it */
};

struct sst_settings {
	const struct sst_setting *at;
	size_t n;
};

/* Take "KEY=VALUE" apart; *out borrows it. SST_EUSAGE, in the name of the
 * option ("set", "secret") and without the text. */
enum sst_status sst_setting_cut(const char *text, const char *option,
	struct sst_setting *out, struct sst_err *err) SST_MUST_USE;

/* The value of a setting (the last one given wins), at NULL when absent. */
struct sst_span sst_settings_get(
	const struct sst_settings *settings, const char *name);

/* SST_EUSAGE for a setting whose name is not in the NULL-ended list. */
enum sst_status sst_settings_check(const struct sst_settings *settings,
	const char *destination, const char *const *known,
	struct sst_err *err) SST_MUST_USE;

/* What all sinks that batch are told. */
struct sst_sink_limits {
	uint64_t batch_events; /* 0: the sink's own choice */
	uint64_t batch_bytes;  /* 0: the same */
	int64_t batch_age_us;  /* the longest that an event waits for others */
};

#endif
