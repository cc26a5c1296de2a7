/* SPDX-License-Identifier: ISC */
#include "record/shape.h"

#include "base/wide.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the work space ---- */

enum sst_status
sst_record_prepare(struct sst_record *record, struct sst_err *err)
{
	if (record->work != NULL)
		return SST_OK;
	record->work = calloc(1, sizeof(*record->work));
	if (record->work == NULL)
		return sst_fail_memory(err, "lines");
	sst_arena_init(&record->work->room, SST_WORK_ROOM);
	sst_buf_init(&record->work->buf, SST_WORK_ROOM);
	sst_buf_init(&record->work->spare, SST_WORK_ROOM);
	return SST_OK;
}

void
sst_record_release(struct sst_record *record)
{
	if (record->work == NULL)
		return;
	sst_arena_release(&record->work->room);
	sst_buf_release(&record->work->buf);
	sst_buf_release(&record->work->spare);
	free(record->work);
	record->work = NULL;
}

void
sst_record_forget_work(struct sst_record *record)
{
	record->work->is_scanned = false;
	record->work->why = SST_WHY_NONE;
	sst_arena_reset(&record->work->room);
}

/* ---- values ---- */

void
sst_record_clear(struct sst_record *record)
{
	for (size_t i = 0; i < record->layout->n; i++)
		record->value[i] = sst_span("", 0);
	record->extras = record->work->extras;
	record->extra_count = 0;
	record->is_repaired = record->work->is_repaired;
	if (++record->work->round == 0) {
		memset(record->work->seen, 0, sizeof(record->work->seen));
		record->work->round = 1;
	}
}

static inline bool
is_odd(struct sst_span value)
{
	const char *end = value.at + value.len;

	return sst_wide_plain(value.at, end) != end;
}

void
sst_record_set(struct sst_record *record, size_t cell, struct sst_span value)
{
	record->value[cell] = value;
	record->is_odd[cell] = is_odd(value);
}

/* ---- the log's own names ---- */

/* Where the name stands, or would stand, among those seen. */
static size_t
slot_of(const struct sst_work *work, struct sst_span key)
{
	uint64_t hash = key.len;
	size_t slot;

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (uint8_t)key.at[i]) * UINT64_C(0x100000001b3);
	slot = (size_t)(hash >> 32) % SST_NAMES_SEEN;
	while (work->seen[slot].round == work->round &&
		!sst_span_eq(work->extras[work->seen[slot].extra].key, key))
		slot = (slot + 1) % SST_NAMES_SEEN;
	return slot;
}

/* The key in an event's spelling: lower case, other bytes than [a-z0-9_] are
 * '_'. There is room for NUMBER_MAX bytes behind it. */
#define NUMBER_MAX ((size_t)8)

static char *
spell(struct sst_work *work, struct sst_own_key key, size_t *len)
{
	size_t head = key.prefix.len < SST_OWN_NAME_MAX ? key.prefix.len
							: SST_OWN_NAME_MAX;
	size_t rest = key.name.len < SST_OWN_NAME_MAX - head
			      ? key.name.len
			      : SST_OWN_NAME_MAX - head;
	char *at = sst_arena_take(&work->room, head + rest + NUMBER_MAX);

	if (at == NULL)
		return NULL;
	memcpy(at, key.prefix.at, head);
	for (size_t i = 0; i < rest; i++)
		at[head + i] = sst_own_byte(key.name.at[i]);
	*len = head + rest;
	return at;
}

bool
sst_record_add(struct sst_record *record, struct sst_own_key own,
	enum sst_kind kind, struct sst_span value)
{
	struct sst_work *work = record->work;
	size_t stem = 0, len, slot;
	char *at = spell(work, own, &stem);

	if (at == NULL || record->extra_count == SST_EXTRAS_MAX) {
		work->why = SST_WHY_TOO_MANY_KEYS;
		return false;
	}
	len = stem;
	slot = slot_of(work, sst_span(at, len));
	for (unsigned n = 2; work->seen[slot].round == work->round; n++) {
		len = stem + (size_t)snprintf(at + stem, NUMBER_MAX, "_%u", n);
		slot = slot_of(work, sst_span(at, len));
	}
	work->seen[slot].round = work->round;
	work->seen[slot].extra = (uint16_t)record->extra_count;
	work->extras[record->extra_count++] = (struct sst_pair){
		.key = sst_span(at, len),
		.value = value,
		.kind = (uint8_t)kind,
		.flags = kind == SST_KIND_STRING && is_odd(value)
				 ? SST_PAIR_ESCAPED
				 : 0,
	};
	return true;
}

/* ---- which shape ---- */

bool
sst_shape_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	switch (layout->shape) {
	case SST_SHAPE_JSON:
		return sst_json_cut(record, layout, line);
	case SST_SHAPE_LOGFMT:
		return sst_logfmt_cut(record, layout, line);
	case SST_SHAPE_COLUMNS:
		return sst_columns_cut(record, layout, line);
	default:
		return false;
	}
}

enum sst_reason
sst_shape_why(const struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	const struct sst_work *work = record->work;

	if (layout->shape == SST_SHAPE_JSON && line.len > 0 &&
		line.at[0] == '{' && work->why != SST_WHY_NONE)
		return work->why;
	return SST_WHY_NO_FORMAT;
}
