/* SPDX-License-Identifier: ISC */
/*
 * builtin -- destinations that are no API file: what they are and want.
 */
#ifndef SST_PUSH_BUILTIN_H
#define SST_PUSH_BUILTIN_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Append a line for each, for --list-apis. */
void sst_builtin_list(struct sst_buf *to);

/* Append what "sqlite" or "file" is (a colon behind the name is allowed), or
 * with wants_ddl the tables to create. False, and nothing is appended: it is
 * none of these, or has no tables. */
bool sst_builtin_describe(
	struct sst_span name, bool wants_ddl, struct sst_buf *to);

#endif
