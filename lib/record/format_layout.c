/* SPDX-License-Identifier: ISC */
/* The layouts of a format file, one reader per kind. */
#include "base/num.h"
#include "record/columns.h"
#include "record/dialect.h"
#include "record/format_parts.h"
#include "record/members.h"

/* More layouts than a format may have; columns give one per default. */
#define LAYOUTS_MAX ((size_t)128)

struct reading {
	struct sst_format *format;
	struct sst_arena *arena;
	struct sst_err *err;
};

static enum sst_status
keep(struct reading *r, const struct sst_doc_node *node,
	struct sst_layout *layout)
{
	if (r->format->layout_count == LAYOUTS_MAX)
		return sst_doc_fail(r->err, r->format->path, node,
			"more than %d layouts", (int)LAYOUTS_MAX);
	if (layout->shape != SST_SHAPE_STRING)
		layout->order = r->format->order;
	r->format->layouts[r->format->layout_count++] = layout;
	return SST_OK;
}

/* What `inner` says, with the place of `node` before it. */
static enum sst_status
fail_at(struct reading *r, const struct sst_doc_node *node,
	const struct sst_err *inner)
{
	return sst_doc_fail(r->err, r->format->path, node, "%s", inner->text);
}

/* The texts of a list that may be missing, one after the other. */
typedef enum sst_status take_text(void *self, struct sst_arena *arena,
	struct sst_span text, struct sst_err *err);

static enum sst_status
each_text(struct reading *r, const struct sst_doc_node *list, take_text *take,
	void *self)
{
	struct sst_err inner = { 0 };

	if (list == NULL)
		return SST_OK;
	if (list->kind != SST_DOC_ARRAY)
		return sst_doc_fail(r->err, r->format->path, list,
			"expected a list of strings");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		if (node->kind != SST_DOC_STRING)
			return sst_doc_fail(r->err, r->format->path, node,
				"expected a string");
		if (take(self, r->arena, node->text, &inner) != SST_OK)
			return fail_at(r, node, &inner);
	}
	return SST_OK;
}

/* ---- format strings ---- */

/* Escapes as a format file spells them. */
static bool
escape_of(struct sst_span word, enum sst_escape *out)
{
	static const struct {
		const char *name;
		enum sst_escape escape;
	} escapes[] = {
		{ "default", SST_ESCAPE_DEFAULT },
		{ "json", SST_ESCAPE_JSON },
		{ "none", SST_ESCAPE_NONE },
		{ "haproxy", SST_ESCAPE_HAPROXY },
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (sst_span_is(word, escapes[i].name)) {
			*out = escapes[i].escape;
			return true;
		}
	return false;
}

/* Values that mean "none". */
static enum sst_status
take_word(void *self, struct sst_arena *arena, struct sst_span text,
	struct sst_err *err)
{
	struct sst_layout_asked *asked = self;
	struct sst_span *words = sst_arena_take(
		arena, (asked->absent_count + 1) * sizeof(*words));

	if (words == NULL)
		return sst_fail_memory(err, "a layout");
	for (size_t i = 0; i < asked->absent_count; i++)
		words[i] = asked->absent[i];
	words[asked->absent_count++] = text;
	asked->absent = words;
	return SST_OK;
}

static enum sst_status
read_dialect(struct reading *r, const struct sst_doc_node *node,
	struct sst_layout_asked *asked)
{
	const struct sst_doc_node *word = sst_doc_member(node, "dialect");

	if (word == NULL)
		return SST_OK;
	asked->dialect = word->text.at;
	if (word->kind != SST_DOC_STRING ||
		sst_dialect_named(asked->dialect) == NULL)
		return sst_doc_fail(r->err, r->format->path, word,
			"expected the name of a dialect, such as \"apache\"");
	return SST_OK;
}

static enum sst_status
read_string(struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *format)
{
	const struct sst_doc_node *word = sst_doc_member(node, "escape");
	struct sst_layout_asked asked = { .format = format->text,
		.order = r->format->order };
	struct sst_err inner = { 0 };
	struct sst_layout *layout;
	enum sst_status status;

	if (format->kind != SST_DOC_STRING)
		return sst_doc_fail(r->err, r->format->path, format,
			"expected a format string");
	if (word != NULL && !escape_of(word->text, &asked.escape))
		return sst_doc_fail(r->err, r->format->path, word,
			"expected \"default\", \"json\", \"none\" or "
			"\"haproxy\"");
	status = read_dialect(r, node, &asked);
	if (status == SST_OK)
		status = each_text(
			r, sst_doc_member(node, "absent"), take_word, &asked);
	if (status == SST_OK)
		status =
			sst_format_order(r->format, node, &asked.order, r->err);
	if (status != SST_OK)
		return status;
	if (sst_layout_compile(&layout, r->arena, &asked, &inner) != SST_OK)
		return fail_at(r, format, &inner);
	return keep(r, node, layout);
}

/* ---- members ---- */

static enum sst_status
take_need(void *self, struct sst_arena *arena, struct sst_span text,
	struct sst_err *err)
{
	return sst_members_need(self, arena, text, err);
}

static enum sst_status
take_absent(void *self, struct sst_arena *arena, struct sst_span text,
	struct sst_err *err)
{
	return sst_members_absent(self, arena, text, err);
}

/* "path": "KEY[:CONV]", or a list of two such. */
static enum sst_status
read_member(struct reading *r, struct sst_layout *layout,
	const struct sst_doc_node *row)
{
	const struct sst_doc_node *mapping =
		row->kind == SST_DOC_ARRAY ? row->first : row;
	struct sst_err inner = { 0 };

	for (; mapping != NULL; mapping = mapping->next) {
		if (mapping->kind != SST_DOC_STRING)
			return sst_doc_fail(r->err, r->format->path, mapping,
				"expected \"KEY[:CONV]\"");
		if (sst_members_add(layout, r->arena, row->name, mapping->text,
			    &inner) != SST_OK)
			return fail_at(r, mapping, &inner);
		if (mapping == row)
			break;
	}
	return SST_OK;
}

static enum sst_status
read_members(struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *members, enum sst_shape shape)
{
	struct sst_layout *layout;
	enum sst_status status =
		sst_members_begin(&layout, r->arena, shape, r->err);

	if (status != SST_OK)
		return status;
	if (members->kind != SST_DOC_OBJECT)
		return sst_doc_fail(r->err, r->format->path, members,
			"expected an object of members and keys");
	for (const struct sst_doc_node *row = members->first; row != NULL;
		row = row->next) {
		status = read_member(r, layout, row);
		if (status != SST_OK)
			return status;
	}
	status = each_text(r, sst_doc_member(node, "needs"), take_need, layout);
	if (status == SST_OK)
		status = each_text(
			r, sst_doc_member(node, "absent"), take_absent, layout);
	return status == SST_OK ? keep(r, node, layout) : status;
}

static enum sst_status
read_json(struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *value)
{
	return read_members(r, node, value, SST_SHAPE_JSON);
}

static enum sst_status
read_logfmt(struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *value)
{
	return read_members(r, node, value, SST_SHAPE_LOGFMT);
}

/* ---- columns ---- */

static enum sst_status
take_mark(void *self, struct sst_arena *arena, struct sst_span text,
	struct sst_err *err)
{
	struct sst_columns *columns = self;

	(void)arena;
	if (columns->mark_count == SST_MARKS_MAX)
		return sst_fail(err, SST_ECONFIG, "more than %d marks",
			(int)SST_MARKS_MAX);
	columns->marks[columns->mark_count++] = text;
	return SST_OK;
}

struct defaults {
	struct reading *r;
	const struct sst_doc_node *node;
	const struct sst_columns *columns;
};

static enum sst_status
take_default(void *self, struct sst_arena *arena, struct sst_span text,
	struct sst_err *err)
{
	struct defaults *d = self;
	struct sst_layout *layout;
	enum sst_status status =
		sst_columns_layout(&layout, arena, d->columns, text, err);

	if (status != SST_OK)
		return status;
	layout->is_guessed = true;
	return keep(d->r, d->node, layout);
}

static enum sst_status
read_separator(struct reading *r, const struct sst_doc_node *node, char *out)
{
	const struct sst_doc_node *word = sst_doc_member(node, "separator");

	*out = ' ';
	if (word == NULL || sst_span_is(word->text, "blanks"))
		return SST_OK;
	if (sst_span_is(word->text, "tab"))
		*out = '\t';
	else if (sst_span_is(word->text, "comma"))
		*out = ',';
	else
		return sst_doc_fail(r->err, r->format->path, word,
			"expected \"blanks\", \"tab\" or \"comma\"");
	return SST_OK;
}

static enum sst_status
read_columns(struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *names)
{
	struct sst_columns *columns =
		sst_arena_zero(r->arena, sizeof(*columns));
	const struct sst_doc_node *list = sst_doc_member(node, "defaults");
	struct defaults defaults = { r, node, columns };
	struct sst_err inner = { 0 };
	enum sst_status status;
	int64_t n = 0;

	if (columns == NULL)
		return sst_fail_memory(r->err, "a layout");
	if (names->kind != SST_DOC_OBJECT || list == NULL || list->count == 0)
		return sst_doc_fail(r->err, r->format->path, names,
			"'columns' is an object of names and keys, with a list "
			"'defaults' beside it");
	for (const struct sst_doc_node *row = names->first; row != NULL;
		row = row->next)
		if (sst_columns_name(columns, r->arena, row->name, row->text,
			    &inner) != SST_OK)
			return fail_at(r, row, &inner);
	if (sst_doc_member(node, "at_least") != NULL &&
		(!sst_doc_i64(node, "at_least", &n) || n < 1))
		return sst_doc_fail(r->err, r->format->path,
			sst_doc_member(node, "at_least"),
			"expected a number of columns");
	columns->at_least = (size_t)n;
	columns->software = sst_doc_text(node, "software");
	status = read_separator(r, node, &columns->separator);
	if (status == SST_OK)
		status = each_text(
			r, sst_doc_member(node, "marks"), take_mark, columns);
	return status == SST_OK ? each_text(r, list, take_default, &defaults)
				: status;
}

/* ---- all kinds ---- */

/* A layout is of the kind whose member it has. */
static const struct {
	const char *member;
	enum sst_status (*read)(struct reading *r,
		const struct sst_doc_node *node,
		const struct sst_doc_node *value);
	const char *known[8];
} kinds[] = {
	{ "log_format", read_string,
		{ "log_format", "escape", "dialect", "absent", "order",
			NULL } },
	{ "json", read_json, { "json", "needs", "absent", NULL } },
	{ "logfmt", read_logfmt, { "logfmt", "needs", "absent", NULL } },
	{ "columns", read_columns,
		{ "columns", "separator", "defaults", "at_least", "software",
			"marks", NULL } },
};

static enum sst_status
read_layout(struct reading *r, const struct sst_doc_node *node)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct sst_doc_node *value =
			sst_doc_member(node, kinds[i].member);
		const struct sst_doc_node *odd;

		if (value == NULL)
			continue;
		odd = sst_doc_unknown_member(node, kinds[i].known);
		if (odd != NULL)
			return sst_doc_fail(r->err, r->format->path, odd,
				"unknown member '%.*s' of a layout with '%s'",
				(int)odd->name.len, odd->name.at,
				kinds[i].member);
		return kinds[i].read(r, node, value);
	}
	return sst_doc_fail(r->err, r->format->path, node,
		"a layout needs a 'log_format', 'json', 'logfmt' or "
		"'columns'");
}

enum sst_status
sst_format_order(const struct sst_format *format,
	const struct sst_doc_node *node, int *order, struct sst_err *err)
{
	const struct sst_doc_node *number = sst_doc_member(node, "order");
	uint64_t value;

	if (number == NULL)
		return SST_OK;
	if (number->kind != SST_DOC_NUMBER ||
		!sst_num_u64(number->text, &value) || value > 99)
		return sst_doc_fail(err, format->path, number,
			"expected a number from 0 to 99");
	*order = (int)value;
	return SST_OK;
}

enum sst_status
sst_format_layouts(struct sst_format *out, struct sst_arena *arena,
	const struct sst_doc_node *root, struct sst_err *err)
{
	const struct sst_doc_node *list = sst_doc_member(root, "layouts");
	struct reading r = { out, arena, err };

	if (list == NULL || list->kind != SST_DOC_ARRAY || list->count == 0)
		return sst_doc_fail(err, out->path, list == NULL ? root : list,
			"a format needs 'layouts', a list with at least one");
	out->layout_count = 0;
	out->layouts =
		sst_arena_take(arena, LAYOUTS_MAX * sizeof(out->layouts[0]));
	if (out->layouts == NULL)
		return sst_fail_memory(err, "a format");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		enum sst_status status = read_layout(&r, node);

		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}
