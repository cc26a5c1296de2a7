/* SPDX-License-Identifier: ISC */
/*
 * quirks -- what only some layouts need, kept off the path of the others.
 *
 * Some logs have words for "none", align numbers with blanks, put a mark on a
 * value, or give a duration in parts. A layout that has any of it says so
 * (has_quirks); its records and events pass through here.
 */
#ifndef SST_EVENT_QUIRKS_H
#define SST_EVENT_QUIRKS_H

#include "event/event.h"
#include "record/record.h"

/* A record that was just cut: words for "none" become "-", blanks and marks go,
 * values that must be unescaped are told so. */
void sst_quirks_tidy(struct sst_record *record);

/* An event that was just built: the sum of the duration's parts, unless one is
 * missing; https where the log's mark said so. */
void sst_quirks_finish(
	struct sst_event *event, const struct sst_record *record);

#endif
