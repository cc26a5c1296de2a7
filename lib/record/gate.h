/* SPDX-License-Identifier: ISC */
/*
 * gate -- a test so cheap that a line may be held against hundreds of layouts.
 *
 * A line that fits a layout, whichever way, has all its literals, one behind
 * the other. So it has at least as many quotes, brackets and blanks as they
 * have, begins with a byte that the first of them, or the first field, allows,
 * and has something like 24/Nov/2026:04:41:46 where they want one. A line that
 * fails here need not be cut; one that passes may still not fit.
 */
#ifndef SST_RECORD_GATE_H
#define SST_RECORD_GATE_H

#include "record/layout.h"

/* What the gates ask of a line; counted once for all layouts. */
struct sst_gate_facts {
	uint8_t first;
	bool has_clf;
	size_t quotes, brackets, blanks, length;
};

/* Set layout->gate; its cells, steps and cuts are ready. */
void sst_gate_make(struct sst_layout *layout);

struct sst_gate_facts sst_gate_count(struct sst_span line);

static inline bool
sst_gate_lets(const struct sst_gate *gate, const struct sst_gate_facts *look)
{
	return gate->first[look->first / 64] >> (look->first % 64) & 1 &&
	       look->has_clf >= gate->has_clf && look->quotes >= gate->quotes &&
	       look->brackets >= gate->brackets &&
	       look->blanks >= gate->blanks && look->length >= gate->length;
}

#endif
