/* SPDX-License-Identifier: ISC */
#include "event/show.h"

void
sst_show_fields(struct sst_buf *to)
{
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		const struct sst_field_row *row =
			sst_field_row((enum sst_field)f);

		sst_buf_printf(to, "%-18s %-7s %-9s %-21s %s\n", row->name,
			sst_field_type_name(row->type),
			row->is_personal ? "personal" : "-", row->strict,
			row->help);
	}
}

static void
show_pair(struct sst_buf *to, const struct sst_pair *pair)
{
	sst_buf_printf(to, "    %-18.*s %.*s\n", (int)pair->key.len,
		pair->key.at, (int)pair->value.len, pair->value.at);
}

void
sst_show_event(struct sst_buf *to, struct sst_event *event)
{
	for (int f = 0; f < SST_FIELD_COUNT; f++) {
		const struct sst_pair *pair =
			sst_event_get(event, (enum sst_field)f);

		if (pair != NULL)
			show_pair(to, pair);
	}
	for (size_t i = 0; i < event->n; i++)
		if (event->pairs[i].tag == SST_F_OTHER)
			show_pair(to, &event->pairs[i]);
}
