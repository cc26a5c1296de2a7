/* SPDX-License-Identifier: ISC */
/*
 * read -- one JSON line to an event.
 */
#ifndef SST_JSON_READ_H
#define SST_JSON_READ_H

#include "event/event.h"

/*
 * Reset the event and fill it from `line`, which it borrows (SST_PAD readable
 * bytes behind it). SST_REJECT and *why when it is no event: a reason of
 * text/scan, DUPLICATE_KEY, BAD_VALUE (a key of the table whose value has
 * another JSON type than the table says; null counts as absent and is left as
 * it is), or BAD_BARRIER (it has the key "_barrier"; real control lines never
 * come here).
 */
enum sst_status sst_json_read(struct sst_event *event, struct sst_span line,
	enum sst_reason *why) SST_MUST_USE;

#endif
