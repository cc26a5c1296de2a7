/* SPDX-License-Identifier: ISC */
#include "record/members_parts.h"

#include "base/buf.h"
#include "record/conv.h"

/* Paths are written by people: more levels or longer names make no sense. */
#define PATH_MAX_LEN ((size_t)256)

enum sst_status
sst_members_begin(struct sst_layout **out, struct sst_arena *arena,
	enum sst_shape shape, struct sst_err *err)
{
	struct sst_layout *layout = sst_arena_zero(arena, sizeof(*layout));
	struct sst_members *m = sst_arena_zero(arena, sizeof(*m));

	*out = layout;
	if (layout == NULL || m == NULL)
		return sst_fail_memory(err, "a layout");
	m->node_count = SST_NODE_LINE + 1;
	layout->shape = shape;
	layout->escape = SST_ESCAPE_JSON;
	layout->members = m;
	layout->source = sst_span_of(
		shape == SST_SHAPE_JSON ? "JSON members" : "logfmt");
	return SST_OK;
}

/* ---- paths ---- */

/* The next part of a path, its backslashes undone; *at moves behind its dot.
 * False: at the end. */
static bool
next_part(struct sst_span path, size_t *at, char to[PATH_MAX_LEN],
	struct sst_span *part)
{
	size_t n = 0;

	if (*at >= path.len)
		return false;
	while (*at < path.len && path.at[*at] != '.' && n < PATH_MAX_LEN) {
		if (path.at[*at] == '\\' && *at + 1 < path.len)
			++*at;
		to[n++] = path.at[(*at)++];
	}
	++*at;
	*part = sst_span(to, n);
	return true;
}

/* The entry of a name in an object, made where it is not there; NULL: no room
 * for it. */
static struct sst_entry *
entry_of(struct sst_members *m, struct sst_arena *arena, uint16_t node,
	struct sst_span name)
{
	struct sst_span kept = sst_arena_copy(arena, name);
	struct sst_entry *entry;
	size_t slot;

	if (kept.at == NULL)
		return NULL;
	slot = sst_entry_slot(node, kept);
	for (; m->slots[slot] != 0; slot = (slot + 1) % SST_ENTRY_SLOTS) {
		entry = &m->entries[m->slots[slot] - 1];
		if (entry->node == node &&
			sst_span_eq_nocase(entry->name, kept))
			return entry;
	}
	if (m->n == SST_ENTRIES_MAX)
		return NULL;
	entry = &m->entries[m->n++];
	*entry = (struct sst_entry){
		.name = kept, .node = node, .cell = -1, .also = -1
	};
	m->slots[slot] = (uint16_t)m->n;
	return entry;
}

/* Walk a path to its last part: *node is the object that it is in, `last` the
 * part. */
static enum sst_status
walk(struct sst_members *m, struct sst_arena *arena, struct sst_span path,
	uint16_t *node, struct sst_span *last, struct sst_err *err)
{
	char text[PATH_MAX_LEN];
	struct sst_span part;
	size_t at = 0;

	*node = SST_NODE_LINE;
	if (path.len == 0 || path.len > PATH_MAX_LEN)
		return sst_fail(err, SST_ECONFIG, "a path has 1 to %d bytes",
			(int)PATH_MAX_LEN);
	while (next_part(path, &at, text, &part)) {
		struct sst_entry *entry;

		if (at == path.len)
			break;
		if (at > path.len) {
			*last = sst_arena_copy(arena, part);
			return last->at != NULL
				       ? SST_OK
				       : sst_fail_memory(err, "a path");
		}
		entry = entry_of(m, arena, *node, part);
		if (entry == NULL)
			return sst_fail(err, SST_ECONFIG,
				"more than %d members", (int)SST_ENTRIES_MAX);
		if (entry->cell >= 0)
			return sst_fail(err, SST_ECONFIG,
				"'%.*s' is a value and an object",
				(int)part.len, part.at);
		if (entry->child == 0)
			entry->child = m->node_count++;
		*node = entry->child;
	}
	return sst_fail(err, SST_ECONFIG, "a path does not end in a dot");
}

/* ---- members ---- */

static enum sst_status
add_star(struct sst_members *m, struct sst_arena *arena, uint16_t node,
	struct sst_span head, struct sst_span mapping, struct sst_err *err)
{
	struct sst_star *star = &m->stars[m->star_count];

	if (mapping.len == 0 || mapping.at[mapping.len - 1] != '*')
		return sst_fail(err, SST_ECONFIG,
			"a path that ends in '*' becomes a key that does");
	if (m->star_count == SST_STARS_MAX)
		return sst_fail(err, SST_ECONFIG,
			"more than %d paths end in '*'", (int)SST_STARS_MAX);
	star->node = node;
	star->head = head;
	star->own = sst_own_name(
		arena, "", sst_span_head(mapping, mapping.len - 1));
	if (star->own.at == NULL)
		return sst_fail_memory(err, "a key");
	m->star_count++;
	return SST_OK;
}

/* The path as one name: nesting is '_'. */
static struct sst_span
own_of(struct sst_arena *arena, struct sst_span path)
{
	return sst_own_name(arena, "", path);
}

/* Half of a value: stands beside another cell of its key. */
static bool
is_part(const struct sst_cell *cell)
{
	return cell->conv == SST_CONV_DATE || cell->conv == SST_CONV_CLOCK ||
	       cell->conv == SST_CONV_FRACTION ||
	       cell->conv == SST_CONV_TIME_END;
}

static enum sst_status
add_cell(struct sst_layout *layout, struct sst_arena *arena,
	struct sst_span mapping, struct sst_err *err)
{
	struct sst_members *m = layout->members;
	struct sst_cell *cell = &layout->cells[layout->n];
	enum sst_status status;

	if (layout->n == SST_CELLS_MAX)
		return sst_fail(err, SST_ECONFIG,
			"more than %d members with a key", SST_CELLS_MAX);
	status = sst_conv_cell(cell, arena, mapping, err);
	if (status != SST_OK)
		return status;
	m->primary[layout->n] = (uint16_t)layout->n;
	for (size_t i = 0; i < layout->n && !is_part(cell); i++)
		if (!is_part(&layout->cells[i]) &&
			sst_span_eq(layout->cells[i].key, cell->key)) {
			m->primary[layout->n] = m->primary[i];
			cell->is_other_way = true;
			break;
		}
	layout->n++;
	return SST_OK;
}

enum sst_status
sst_members_add(struct sst_layout *layout, struct sst_arena *arena,
	struct sst_span path, struct sst_span mapping, struct sst_err *err)
{
	struct sst_members *m = layout->members;
	struct sst_entry *entry;
	struct sst_span last;
	uint16_t node;
	enum sst_status status = walk(m, arena, path, &node, &last, err);

	if (status != SST_OK)
		return status;
	if (last.len > 0 && last.at[last.len - 1] == '*')
		return add_star(m, arena, node,
			sst_span_head(last, last.len - 1), mapping, err);
	entry = entry_of(m, arena, node, last);
	if (entry == NULL)
		return sst_fail(err, SST_ECONFIG, "more than %d members",
			(int)SST_ENTRIES_MAX);
	if (entry->also >= 0 || entry->child != 0)
		return sst_fail(err, SST_ECONFIG,
			"'%.*s' has more than two keys, or is an object",
			(int)path.len, path.at);
	status = add_cell(layout, arena, mapping, err);
	if (status != SST_OK)
		return status;
	if (entry->cell < 0) {
		entry->cell = (int16_t)(layout->n - 1);
	} else {
		entry->also = (int16_t)(layout->n - 1);
		m->is_shared[entry->cell] = m->is_shared[entry->also] = true;
	}
	m->own[layout->n - 1] = own_of(arena, path);
	return m->own[layout->n - 1].at != NULL ? SST_OK
						: sst_fail_memory(err, "a key");
}

/* ---- needs ---- */

static enum sst_status
need_one(struct sst_members *m, struct sst_arena *arena, struct sst_span need,
	uint32_t bit, struct sst_err *err)
{
	size_t equals = sst_span_find(need, '='), at = 0;
	struct sst_entry *entry;
	struct sst_span last, part;
	char text[PATH_MAX_LEN];
	uint16_t node;
	enum sst_status status =
		walk(m, arena, sst_span_head(need, equals), &node, &last, err);

	if (status != SST_OK)
		return status;
	(void)next_part(sst_span_head(need, equals), &at, text, &part);
	entry = entry_of(m, arena, SST_NODE_LINE, part);
	if (entry != NULL)
		entry->leads |= bit;
	entry = entry_of(m, arena, node, last);
	if (entry == NULL || m->need_count == SST_NEEDS_MAX)
		return sst_fail(err, SST_ECONFIG, "too many members");
	if (equals == need.len) {
		entry->needs |= bit;
		return SST_OK;
	}
	m->needs[m->need_count].entry = (uint16_t)(entry - m->entries);
	m->needs[m->need_count].bit = bit;
	m->needs[m->need_count].text =
		sst_arena_copy(arena, sst_span_from(need, equals + 1));
	if (m->needs[m->need_count].text.at == NULL)
		return sst_fail_memory(err, "a layout");
	m->need_count++;
	return SST_OK;
}

enum sst_status
sst_members_need(struct sst_layout *layout, struct sst_arena *arena,
	struct sst_span need, struct sst_err *err)
{
	struct sst_members *m = layout->members;
	uint32_t bit;

	if (m->bits == SST_NEEDS_MAX)
		return sst_fail(err, SST_ECONFIG, "more than %d needs",
			(int)SST_NEEDS_MAX);
	bit = UINT32_C(1) << m->bits++;
	m->all_needs |= bit;
	for (;;) {
		size_t len = sst_span_find(need, '|');
		enum sst_status status =
			need_one(m, arena, sst_span_head(need, len), bit, err);

		if (status != SST_OK || len == need.len)
			return status;
		need = sst_span_from(need, len + 1);
	}
}

enum sst_status
sst_members_absent(struct sst_layout *layout, struct sst_arena *arena,
	struct sst_span text, struct sst_err *err)
{
	struct sst_members *m = layout->members;

	if (m->absent_count == SST_ABSENT_MAX)
		return sst_fail(err, SST_ECONFIG,
			"more than %d texts for absent values",
			(int)SST_ABSENT_MAX);
	m->absent[m->absent_count] = sst_arena_copy(arena, text);
	if (m->absent[m->absent_count].at == NULL)
		return sst_fail_memory(err, "a layout");
	m->absent_count++;
	return SST_OK;
}
