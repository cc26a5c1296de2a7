/* SPDX-License-Identifier: ISC */
/*
 * params -- what a query says, decoded: `params` and `consent` of an event.
 */
#ifndef SST_ENRICH_PARAMS_H
#define SST_ENRICH_PARAMS_H

#include "base/err.h"
#include "event/event.h"

/* More parameters than this are left out, and so is the rest of a query. */
#define SST_PARAMS_MAX 256

struct sst_params;

enum sst_status sst_params_open(
	struct sst_params **out, struct sst_err *err) SST_MUST_USE;

/*
 * Set `params` to an object of the query's parameters, percent signs and '+'
 * undone once, repaired where they are not UTF-8; one that occurs more than
 * once is an array. None, or one that is there already: no change. Memory is
 * that of the event (SST_EVENT_ROOM).
 */
void sst_params_apply(struct sst_params *params, struct sst_event *event);

void sst_params_close(struct sst_params *params);

/* Where a consent signal stands: --consent cookie:NAME|header:NAME|param:NAME.
 */
struct sst_consent;

/* SST_EUSAGE says what was expected. `source` is only read. */
enum sst_status sst_consent_open(struct sst_consent **out, const char *source,
	struct sst_err *err) SST_MUST_USE;

/* Set `consent` to the decoded signal, where the event has none yet. */
void sst_consent_apply(struct sst_consent *consent, struct sst_event *event);

void sst_consent_close(struct sst_consent *consent);

#endif
