/* SPDX-License-Identifier: ISC */
/*
 * consent -- what becomes of an event whose visitor opted out.
 *
 * "anonymous" means: nothing that tells one visitor from another. No address,
 * no agent, no visit, no finer place than the country, no campaign click; times
 * to the hour. What stays says that a page was asked for.
 */
#ifndef SST_REDACT_CONSENT_H
#define SST_REDACT_CONSENT_H

#include "event/event.h"
#include "redact/policy.h"

#include <stdbool.h>

/* Did the visitor opt out by a signal that the policy honours? Only `gpc` and
 * `dnt` are read. */
bool sst_consent_is_denied(
	const struct sst_policy *policy, struct sst_event *event);

/* May a field stay in an anonymous event? */
bool sst_consent_keeps(enum sst_field field);

/* Is it a time, and so cut to the hour? */
bool sst_consent_is_time(enum sst_field field);

#endif
