/* SPDX-License-Identifier: ISC */
/* Lines that are JSON objects. */
#include "record/members_parts.h"

/* Scan the line once for all layouts; a line that is nearly JSON is repaired
 * first. */
static void
scan(struct sst_work *work, struct sst_span line)
{
	struct sst_span repaired;
	enum sst_reason why;

	work->is_scanned = true;
	work->is_repaired = false;
	work->why = SST_WHY_NONE;
	work->is_good = sst_scan_object(line, work->pairs, SST_MEMBERS_MAX,
				&work->n, &work->why) == SST_OK;
	if (work->is_good || (work->why != SST_WHY_BAD_JSON &&
				     work->why != SST_WHY_BAD_UTF8))
		return;
	sst_json_repair(work, line);
	repaired = sst_arena_copy(&work->room, sst_buf_span(&work->buf));
	if (repaired.at == NULL || work->buf.is_short)
		return;
	work->is_good = sst_scan_object(repaired, work->pairs, SST_MEMBERS_MAX,
				&work->n, &why) == SST_OK;
	if (work->is_good)
		work->why = SST_WHY_NONE;
}

bool
sst_json_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	struct sst_work *work = record->work;

	(void)layout;
	if (line.len < 2 || line.at[0] != '{')
		return false;
	if (!work->is_scanned)
		scan(work, line);
	return work->is_good && sst_members_take(record, work->n);
}
