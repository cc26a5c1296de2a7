/* SPDX-License-Identifier: ISC */
/*
 * sample -- an event against what a data file expects of it.
 */
#ifndef SST_JSON_SAMPLE_H
#define SST_JSON_SAMPLE_H

#include "event/event.h"
#include "text/doc.h"

/*
 * Compare the members of `expected`, an object: each must be a key of the
 * event with an equal value; null means that there is no such key. What is
 * wrong goes to `report`, a line each, with path and position of the member.
 * True: nothing is.
 */
bool sst_sample_fits(struct sst_event *event,
	const struct sst_doc_node *expected, const char *path,
	struct sst_buf *report);

#endif
