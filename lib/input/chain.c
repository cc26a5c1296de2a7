/* SPDX-License-Identifier: ISC */
#include "input/chain.h"

struct sst_span
sst_chain_of(struct sst_span path)
{
	static const struct sst_span endings[] = { SST_SPAN(".gz"),
		SST_SPAN(".zst"), SST_SPAN(".xz"), SST_SPAN(".bz2") };
	size_t digits;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (sst_span_ends(path, endings[i])) {
			path.len -= endings[i].len;
			break;
		}
	digits = path.len;
	while (digits > 0 && path.at[digits - 1] >= '0' &&
		path.at[digits - 1] <= '9')
		digits--;
	if (digits > 1 && digits < path.len &&
		(path.at[digits - 1] == '.' || path.at[digits - 1] == '-'))
		path.len = digits - 1;
	return path;
}
