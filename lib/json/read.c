/* SPDX-License-Identifier: ISC */
#include "json/read.h"

/* Does a key of the event pass for that of a control line? */
static bool
has_barrier(struct sst_event *event)
{
	static const struct sst_span barrier = SST_SPAN("_barrier");

	if (SST_LIKELY(event->unknown == 0))
		return false;
	for (size_t i = 0; i < event->n; i++) {
		const struct sst_pair *pair = &event->pairs[i];

		if (pair->tag != SST_F_OTHER)
			continue;
		if (sst_span_eq(sst_event_key(event, pair), barrier))
			return true;
	}
	return false;
}

enum sst_status
sst_json_read(
	struct sst_event *event, struct sst_span line, enum sst_reason *why)
{
	enum sst_status status;

	sst_event_reset(event);
	event->line = line;
	status = sst_scan_object(
		line, event->pairs, SST_EVENT_PAIRS, &event->n, why);
	if (status == SST_OK)
		status = sst_event_index(event, why);
	if (status != SST_OK)
		return status;
	*why = SST_WHY_NONE;
	if (SST_LIKELY(!has_barrier(event)))
		return SST_OK;
	*why = SST_WHY_BAD_BARRIER;
	return SST_REJECT;
}
