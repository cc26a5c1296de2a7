/* SPDX-License-Identifier: ISC */
/*
 * write -- an event to one JSON line.
 */
#ifndef SST_JSON_WRITE_H
#define SST_JSON_WRITE_H

#include "event/event.h"

/*
 * Append the event and a newline. An event that was read keeps its order, its
 * unknown keys and every byte that nobody changed; what was added comes last.
 * A built one is written in the order of the field table, the log's own fields
 * before the enriched ones. False when the buffer, or the event before it, ran
 * out of memory: then nothing was appended.
 */
bool sst_json_write(struct sst_buf *to, struct sst_event *event);

/* The same without the newline. */
bool sst_json_write_object(struct sst_buf *to, struct sst_event *event);

#endif
