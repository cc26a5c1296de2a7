/* SPDX-License-Identifier: ISC */
#include "event/from_record.h"

#include <stdio.h>

static bool
is_time(uint8_t conv)
{
	return conv == SST_CONV_TIME_CLF || conv == SST_CONV_TIME_ISO ||
	       conv == SST_CONV_TIME_EPOCH || conv == SST_CONV_TIME_FORMAT ||
	       conv == SST_CONV_TIME_ANY || conv == SST_CONV_CLOCK ||
	       conv == SST_CONV_DATE;
}

/* A layout whose lines name their values says itself what they need. */
static bool
must_have_time(const struct sst_layout *layout)
{
	return layout->shape == SST_SHAPE_STRING ||
	       layout->shape == SST_SHAPE_COLUMNS;
}

/* How often has this cell's key come before it? Times share one key. */
static unsigned
earlier(const struct sst_layout *layout, size_t i)
{
	unsigned n = 0;

	if (is_time(layout->cells[i].conv) || layout->cells[i].is_other_way ||
		layout->cells[i].conv == SST_CONV_FRACTION)
		return 0;
	for (size_t j = 0; j < i; j++)
		n += sst_span_eq(layout->cells[j].key, layout->cells[i].key);
	return n;
}

static bool
name_other(struct sst_binding *out, size_t i, struct sst_arena *arena,
	const char *prefix)
{
	struct sst_span key = out->layout->cells[i].key;
	unsigned n = earlier(out->layout, i);
	char name[512];
	int len;

	len = n == 0 ? snprintf(name, sizeof(name), "%s%.*s", prefix,
			       (int)key.len, key.at)
		     : snprintf(name, sizeof(name), "%s%.*s_%u", prefix,
			       (int)key.len, key.at, n + 1);
	if (len < 0 || (size_t)len >= sizeof(name))
		return false;
	out->other[i] = sst_arena_copy(arena, sst_span(name, (size_t)len));
	return out->other[i].at != NULL;
}

enum sst_status
sst_bind(struct sst_binding *out, const struct sst_layout *layout,
	struct sst_arena *arena, struct sst_err *err)
{
	*out = (struct sst_binding){ .layout = layout };
	for (size_t i = 0; i < layout->n; i++) {
		const struct sst_cell *cell = &layout->cells[i];
		enum sst_field field = sst_field_of(cell->key);
		bool is_log = cell->is_own &&
			      (field != SST_F_OTHER || cell->key.len == 0 ||
				      cell->key.at[0] == '_');

		out->has_time |= is_time(cell->conv) && must_have_time(layout);
		if (cell->key.len == 0) /* skipped */
			continue;
		if (!cell->is_own && field != SST_F_OTHER &&
			earlier(layout, i) == 0) {
			out->field[i] = (uint16_t)field;
		} else if (!name_other(out, i, arena, is_log ? "log_" : "")) {
			return sst_fail(err, SST_ECONFIG,
				"a field of the format has too long a name");
		}
	}
	return SST_OK;
}
