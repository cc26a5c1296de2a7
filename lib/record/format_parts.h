/* SPDX-License-Identifier: ISC */
/* format_parts -- internal to format: how the layouts of a file are read. */
#ifndef SST_RECORD_FORMAT_PARTS_H
#define SST_RECORD_FORMAT_PARTS_H

#include "record/format.h"

enum sst_status sst_format_layouts(struct sst_format *out,
	struct sst_arena *arena, const struct sst_doc_node *root,
	struct sst_err *err) SST_MUST_USE;

/* "order" of a layout, or of a format for all of its layouts; *order stays
 * where nothing is said. */
enum sst_status sst_format_order(const struct sst_format *format,
	const struct sst_doc_node *node, int *order,
	struct sst_err *err) SST_MUST_USE;

#endif
