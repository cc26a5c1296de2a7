/* SPDX-License-Identifier: ISC */
/*
 * yaml -- the YAML of uap-core: lists of flat items. The door to libyaml.
 *
 * A file is a mapping of names to lists, and an item of a list is a mapping of
 * names to scalars; nothing else is taken (no nesting, no anchors). Built
 * --without-libyaml, reading fails and says so.
 *
 * Bounds: a file of 64 MiB, SST_YAML_PAIRS members in an item.
 */
#ifndef SST_ENRICH_YAML_H
#define SST_ENRICH_YAML_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

#define SST_YAML_PAIRS ((size_t)16)

struct sst_yaml_item {
	const char *path;
	unsigned long line;   /* where it begins, from 1 */
	struct sst_span list; /* the name of its list */
	size_t n;
	struct {
		struct sst_span name, value; /* value.at NULL: null */
	} pairs[SST_YAML_PAIRS];
};

/* A member's value; at NULL: it is null or not there. */
struct sst_span sst_yaml_value(
	const struct sst_yaml_item *item, const char *name);

/* Who takes the items. Spans are good during the call. */
struct sst_yaml_taker {
	enum sst_status (*take)(void *self, const struct sst_yaml_item *item,
		struct sst_err *err);
	void *self;
};

/* Read a file. SST_ECONFIG says PATH:LINE and what was expected there, SST_EIO
 * that it cannot be read; else what the taker says. */
enum sst_status sst_yaml_read(const char *path, struct sst_yaml_taker taker,
	struct sst_err *err) SST_MUST_USE;

/* "0.2.5", or NULL: there is none. */
const char *sst_yaml_library_version(void);

#endif
