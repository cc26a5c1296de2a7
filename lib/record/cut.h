/* SPDX-License-Identifier: ISC */
/*
 * cut -- what the two ways of cutting a line share: the first one (record.c),
 * all of them (search.c), and what values look like (fit.c). Private to
 * record/.
 */
#ifndef SST_RECORD_CUT_H
#define SST_RECORD_CUT_H

#include "record/record.h"

static inline bool
sst_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What an address, a port or a host name is written with: a bit for each
 * byte below 128. */
#define SST_HOST_BIT(c) (UINT64_C(1) << ((c)&63))
#define SST_HOST_LETTERS ((UINT64_C(1) << 26) - 1)
static const uint64_t sst_host_bytes[4] = {
	SST_HOST_BIT('%') | SST_HOST_BIT('-') | SST_HOST_BIT('.') |
		SST_HOST_BIT(':') | (UINT64_C(0x3ff) << '0'),
	SST_HOST_BIT('[') | SST_HOST_BIT(']') | SST_HOST_BIT('_') |
		SST_HOST_LETTERS << ('A' & 63) | SST_HOST_LETTERS << ('a' & 63),
};

static inline bool
sst_is_host_byte(char c)
{
	return sst_host_bytes[(uint8_t)c / 64] >> ((uint8_t)c % 64) & 1;
}

/* 24/Nov/2026:04:41:46 +0100, and a fraction that some servers add. */
#define SST_CLF_LEN 26
#define SST_CLF_FRACTION_MAX 10

static inline bool
sst_is_clf_time(struct sst_span value)
{
	return value.len >= SST_CLF_LEN &&
	       value.len <= SST_CLF_LEN + SST_CLF_FRACTION_MAX &&
	       value.at[2] == '/' && value.at[6] == '/' &&
	       value.at[11] == ':' && value.at[14] == ':' &&
	       value.at[17] == ':';
}

/* Where the literal occurs first, or end + 1. */
const char *sst_find_literal(
	const char *at, const char *end, struct sst_span literal);

/* The end of the value at `at`; beyond `end` when there is none. *is_odd is
 * set where it has a byte that needs work. */
const char *sst_end_of_value(const struct sst_step *step, const char *at,
	const char *end, unsigned *is_odd);

#endif
