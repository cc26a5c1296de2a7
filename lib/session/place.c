/* SPDX-License-Identifier: ISC */
#include "session/place.h"

void
sst_place_drop(struct sst_event *event)
{
	if (SST_LIKELY(!sst_event_has_any(event, SST_F_VISITOR_ID, SST_F_LATE)))
		return;
	for (int f = SST_F_VISITOR_ID; f <= SST_F_LATE; f++) {
		struct sst_pair *pair = sst_event_get(event, (enum sst_field)f);

		if (pair != NULL)
			sst_event_drop(event, pair);
	}
}

static struct sst_span
spell(struct sst_seq_text *text, uint32_t seq)
{
	char *end = text->at + SST_SEQ_DIGITS, *at = end;

	do
		*--at = (char)('0' + seq % 10);
	while ((seq /= 10) != 0);
	return sst_span(at, (size_t)(end - at));
}

static inline void
put_text(struct sst_event *event, enum sst_field field, struct sst_span raw)
{
	sst_event_put(event, field, SST_KIND_STRING, raw, false);
}

void
sst_place_put(struct sst_event *event, const struct sst_place *place,
	struct sst_seq_text *seq)
{
	SST_PADDED(yes, "true");

	put_text(event, SST_F_VISITOR_ID, place->visitor_id);
	if (place->session_id.at != NULL) {
		put_text(event, SST_F_SESSION_ID, place->session_id);
		if (place->seq != 0)
			sst_event_put(event, SST_F_SESSION_SEQ, SST_KIND_NUMBER,
				spell(seq, place->seq), false);
		put_text(event, SST_F_SESSION_START, place->session_start);
	}
	if (place->is_new)
		sst_event_put(
			event, SST_F_SESSION_NEW, SST_KIND_TRUE, yes, false);
	if (place->is_late)
		sst_event_put(event, SST_F_LATE, SST_KIND_TRUE, yes, false);
}
