/* SPDX-License-Identifier: ISC */
/*
 * catalog -- the known formats, and a recognizer that has their layouts.
 */
#ifndef SST_EVENT_CATALOG_H
#define SST_EVENT_CATALOG_H

#include "event/recognize.h"
#include "record/format.h"

struct sst_catalog {
	struct sst_format *formats; /* those whose layouts are in use */
	size_t n;
};

struct sst_catalog_asked {
	const char *const *paths;
	size_t n;
	const char *wanted; /* NULL: all of them */
};

/*
 * Read the format files, and add the layouts of those that go by
 * `wanted` (name, alias or family) to the recognizer. Everything lives in
 * `arena`. That nothing goes by the name is no error: n is then 0.
 */
enum sst_status sst_catalog_read(struct sst_catalog *out,
	struct sst_arena *arena, const struct sst_catalog_asked *asked,
	struct sst_recognizer *recognizer, struct sst_err *err) SST_MUST_USE;

/* Name and title of each format, and its aliases, a line each. */
void sst_catalog_show(const struct sst_catalog *catalog, struct sst_buf *to);

#endif
