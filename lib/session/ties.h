/* SPDX-License-Identifier: ISC */
/*
 * ties -- what open visits depend on, as lines of "name=value".
 *
 * A state that was made with other ones is refused (session/snapshot). Names of
 * events stand in the order of the reader, each with what it counts for, so
 * that it does not matter how an option spelled them.
 */
#ifndef SST_SESSION_TIES_H
#define SST_SESSION_TIES_H

#include "base/buf.h"
#include "session/hit.h"
#include "session/rotate.h"
#include "session/rules.h"

struct sst_ties {
	const struct sst_visit_rules *rules;
	const struct sst_rotate *rotate;
	const char *visitor; /* as session/visitor reads it */
	const struct sst_hit_reader *reader;
};

void sst_ties_put(struct sst_buf *to, const struct sst_ties *ties);

#endif
