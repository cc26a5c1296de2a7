/* SPDX-License-Identifier: ISC */
#include "base/span.h"

int
sst_span_order(struct sst_span a, struct sst_span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.at, b.at, n);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}
