/* SPDX-License-Identifier: ISC */
/*
 * show -- events and their keys as tables for people.
 */
#ifndef SST_EVENT_SHOW_H
#define SST_EVENT_SHOW_H

#include "base/buf.h"
#include "event/event.h"

/* Every key of the field table, a line each: name, type, personal or not, what
 * the strict policy does, help. */
void sst_show_fields(struct sst_buf *to);

/* Key and value of everything in an event, a line each, indented: first the
 * table's keys in its order, then the log's own. */
void sst_show_event(struct sst_buf *to, struct sst_event *event);

#endif
