/* SPDX-License-Identifier: ISC */
/*
 * escape -- undo what a log writer did to odd bytes.
 *
 * One set of rules serves nginx and Apache: \xHH is the byte, \\ \" and
 * \b \n \r \t \v are their characters, a backslash before anything else stays.
 * (nginx writes no other backslash than \xHH, so the sets cannot clash.)
 * HAProxy writes #HH instead.
 */
#ifndef SST_RECORD_ESCAPE_H
#define SST_RECORD_ESCAPE_H

#include "base/buf.h"
#include "record/layout.h"

/* Append text with its escapes undone once; the result may be any bytes. */
void sst_unescape_put(
	struct sst_buf *to, struct sst_span text, enum sst_escape escape);

/* The UTF-16 code unit that a backslash, 'u' and four hex digits at text.at[at]
 * spell, as in JSON; -1: there are none. */
int sst_escape_unit(struct sst_span text, size_t at);

#endif
