/* SPDX-License-Identifier: ISC */
/*
 * redact -- apply a policy to events.
 *
 * Whatever leaves sst_redact_event() is what the policy lets through; a key
 * that no rule is for gets the policy's `unknown`. Doing it twice is doing it
 * once, byte for byte, for every action but crypto-pan: a value goes through
 * its plan until the plan leaves it alone, and one that does not settle is
 * replaced as a whole.
 *
 * Outcomes of values that repeat are remembered (redact/memo,
 * redact/known_agent); nothing is
 * allocated per event but in the event's own room.
 */
#ifndef SST_REDACT_REDACT_H
#define SST_REDACT_REDACT_H

#include "base/err.h"
#include "event/event.h"
#include "redact/policy.h"
#include "redact/tally.h"

#include <stdint.h>

struct sst_redactor;

struct sst_redact_counts {
	uint64_t changed;      /* values replaced */
	uint64_t removed;      /* keys left out */
	uint64_t found;        /* of these: something was found in the value */
	uint64_t unclassified; /* keys for which there is no rule */
	uint64_t anonymous;    /* events of visitors who opted out */
};

struct sst_redact_options {
	const struct sst_policy *policy; /* lives longer, as all here */
	const uint8_t *secret;           /* SST_KEY_LEN bytes, copied */
	const uint8_t *pan_key; /* of crypto-pan, 32 bytes; NULL: derived */
	struct sst_span name_space;
	const char *const *sites; /* own hosts */
	size_t site_count;
	int64_t max_age_us;               /* 0: any */
	bool marks;                       /* add `redacted` */
	struct sst_tally *tally;          /* what was done, or NULL */
	struct sst_redact_counts *counts; /* added to */
};

enum sst_status sst_redactor_open(struct sst_redactor **out,
	const struct sst_redact_options *options,
	struct sst_err *err) SST_MUST_USE;
void sst_redactor_close(struct sst_redactor *redactor);

/*
 * Redact in place. `line` is its number, for the tally. SST_OK, or SST_DROP
 * with *why: POLICY (no consent), TOO_OLD. When memory runs out the event
 * is_short, and must not be written.
 */
enum sst_status sst_redact_event(struct sst_redactor *redactor,
	struct sst_event *event, uint64_t line, int64_t now_us,
	enum sst_reason *why) SST_MUST_USE;

#endif
