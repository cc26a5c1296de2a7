/* SPDX-License-Identifier: ISC */
/*
 * header -- header lines of a user's own, for every request.
 *
 * They may hold credentials, so messages name the file and the line, and never
 * show it.
 */
#ifndef SST_PUSH_HEADER_H
#define SST_PUSH_HEADER_H

#include "base/buf.h"
#include "base/err.h"

/* Append each line "Name: value" of the text with a NUL behind it, as
 * struct sst_http_asked wants them. SST_ECONFIG: a line is no header; `path` is
 * what the message calls the file. Empty lines are left out. */
enum sst_status sst_headers_take(struct sst_buf *to, struct sst_span text,
	const char *path, struct sst_err *err) SST_MUST_USE;

#endif
