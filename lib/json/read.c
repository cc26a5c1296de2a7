/* SPDX-License-Identifier: ISC */
#include "json/read.h"

/* May a value of this kind stand for a field of this type? A bit per kind. */
static const uint8_t kinds_of[] = {
	[SST_TYPE_STRING] = 1 << SST_KIND_STRING,
	[SST_TYPE_INT] = 1 << SST_KIND_NUMBER,
	[SST_TYPE_NUMBER] = 1 << SST_KIND_NUMBER,
	[SST_TYPE_BOOL] = 1 << SST_KIND_TRUE | 1 << SST_KIND_FALSE,
	[SST_TYPE_OBJECT] = 1 << SST_KIND_OBJECT,
	[SST_TYPE_ARRAY] = 1 << SST_KIND_ARRAY,
};

static enum sst_reason
check(struct sst_event *event)
{
	static const struct sst_span barrier = SST_SPAN("_barrier");

	for (size_t i = 0; i < event->n; i++) {
		const struct sst_pair *pair = &event->pairs[i];
		unsigned kinds;

		if (pair->tag != SST_F_OTHER) {
			kinds = kinds_of[sst_field_row(pair->tag)->type] |
				1U << SST_KIND_NULL;
			if (SST_UNLIKELY(!(kinds >> pair->kind & 1)))
				return SST_WHY_BAD_VALUE;
		} else if (SST_UNLIKELY(sst_span_eq(
				   sst_event_key(event, pair), barrier))) {
			return SST_WHY_BAD_BARRIER;
		}
	}
	return SST_WHY_NONE;
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
	*why = check(event);
	return *why == SST_WHY_NONE ? SST_OK : SST_REJECT;
}
