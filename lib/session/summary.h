/* SPDX-License-Identifier: ISC */
/*
 * summary -- a visit that has ended, as an event.
 */
#ifndef SST_SESSION_SUMMARY_H
#define SST_SESSION_SUMMARY_H

#include "event/event.h"
#include "session/session.h"

/*
 * Set the keys of a summary (sst-event(5), in the order given there) in an
 * event that has none. It borrows the visit. What did not fit shows in
 * event->is_short.
 */
void sst_summary_put(struct sst_event *event, const struct sst_visit *visit,
	enum sst_visit_end why);

#endif
