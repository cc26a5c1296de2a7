/* SPDX-License-Identifier: ISC */
/*
 * doc_parts -- between the parser of documents and what calls it; for text/doc
 * alone.
 */
#ifndef SST_TEXT_DOC_PARTS_H
#define SST_TEXT_DOC_PARTS_H

#include "text/doc.h"

struct sst_doc_fault {
	uint32_t line, column;
	char text[256];
};

/* SST_OK and a tree; or SST_ECONFIG, and *fault says what and where; or
 * SST_ENOMEM. */
enum sst_status sst_doc_parse(struct sst_doc_node **out,
	struct sst_arena *arena, struct sst_span text, bool allow_comments,
	struct sst_doc_fault *fault) SST_MUST_USE;

#endif
