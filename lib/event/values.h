/* SPDX-License-Identifier: ISC */
/*
 * values -- the lists that nginx writes for several upstreams.
 *
 * Attempts inside a group are separated by ", ", groups by " : "; an attempt
 * without a value is "-": "0.010, - : 0.001".
 */
#ifndef SST_EVENT_VALUES_H
#define SST_EVENT_VALUES_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* The last value, "-" included. */
struct sst_span sst_list_last(struct sst_span list);

/* Append the sum of decimal seconds, exactly, with as many decimals as the
 * longest has. False: no value in it. */
bool sst_list_put_sum(struct sst_buf *to, struct sst_span list);

#endif
