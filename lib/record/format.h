/* SPDX-License-Identifier: ISC */
/*
 * format -- a file of formats/logs/: a name, its layouts, its samples.
 *
 * Real logs of one name differ by a host in front, an ident, a trailing
 * field: so a format has several layouts, tried in their order. A line that
 * layouts of several formats explain is taken by the one of lowest "order"
 * (50 where nothing is said), then by the name of the format. The file is JSON
 * with comments:
 *
 *   { "name": "combined", "title": "...", "aliases": [ "nginx_combined" ],
 *     "families": [ "apache", "nginx" ],
 *     "order": 50,
 *     "layouts": [ { "log_format": "%h %l %u %t ...", "escape": "json",
 *                    "dialect": "apache", "absent": [ "N/A" ] },
 *                  { "json": { "request.uri": "path:target" },
 *                    "needs": [ "request.method" ], "absent": [ "none" ] },
 *                  { "logfmt": { "path": "path:target" }, "needs": [ ... ] },
 *                  { "columns": { "time-taken": "duration:ms" },
 *                    "separator": "tab", "defaults": [ "date time c-ip" ],
 *                    "at_least": 12, "software": "...", "marks": [ ... ] } ],
 *     "samples": [ { "line": "...", "event": { "status": 200 } },
 *                  { "line": "...", "reject": "bad_time" } ] }
 */
#ifndef SST_RECORD_FORMAT_H
#define SST_RECORD_FORMAT_H

#include "record/layout.h"
#include "text/doc.h"

struct sst_format {
	struct sst_span name, title;
	const char *path;
	int order; /* of its layouts, where they say none */
	const struct sst_doc_node *aliases, *families; /* arrays, or NULL */
	const struct sst_doc_node *samples;            /* array */
	struct sst_layout **layouts; /* each may have others behind it: next */
	size_t layout_count;
};

/* Read and check a format file; all of it lives in `arena`. SST_ECONFIG with
 * "FILE:LINE:COLUMN: what was expected", SST_EIO. */
enum sst_status sst_format_read(struct sst_format *out, struct sst_arena *arena,
	const char *path, struct sst_err *err) SST_MUST_USE;

/* Is this the format's name, one of its aliases or families? */
bool sst_format_is(const struct sst_format *format, struct sst_span name);

#endif
