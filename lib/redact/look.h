/* SPDX-License-Identifier: ISC */
/*
 * look -- a short text at one glance.
 *
 * Nearly all paths and campaign names are words, numbers and the marks between
 * them, and short. Of such a text each class of bytes is one number, a bit for
 * each place, made 16 bytes at a time; whatever the detectors of personal data
 * and of ids want to see is then a few shifts and no loop.
 *
 * For redact/find and redact/template. A look says "certainly not" or "ask":
 * who asks does so with the code that reads byte by byte, which a test holds
 * against this one.
 */
#ifndef SST_REDACT_LOOK_H
#define SST_REDACT_LOOK_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_LOOK_MAX ((size_t)64)

struct sst_look {
	struct sst_span text;
	uint64_t all; /* a bit for each byte */
	uint64_t digit, letter, upper;
	uint64_t hex; /* letters a to f, either case */
	uint64_t dot, dash, under, slash, colon, equals;
};

/* Look at a text with SST_PAD readable bytes behind it. False, and *out means
 * nothing: it is longer than SST_LOOK_MAX, or has other bytes than letters,
 * digits and ". - _ / : =". */
bool sst_look_at(struct sst_look *out, struct sst_span text);

/* What must be searched for in it: bits of enum sst_detector. 0 is certain. */
unsigned sst_look_evidence(const struct sst_look *look);

/* A bit for each place from which on there are at least n bits in a row; n is
 * 1 to 64. */
static inline uint64_t
sst_look_runs(uint64_t bits, unsigned n)
{
	unsigned have = 1;

	for (; 2 * have <= n; have *= 2)
		bits &= bits >> have;
	return n == have ? bits : bits & bits >> (n - have);
}

/* The run of bits that the lowest one begins; bits is not 0. */
static inline uint64_t
sst_look_run(uint64_t bits)
{
	uint64_t lowest = bits & -bits;

	return bits & ~(bits + lowest);
}

/* The bits from place `from` up to, not with, `to`; to is at most 64. */
static inline uint64_t
sst_look_part(size_t from, size_t to)
{
	uint64_t below = to >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << to) - 1;

	return from >= 64 ? 0 : below >> from << from;
}

#endif
