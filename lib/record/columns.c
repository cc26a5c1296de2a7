/* SPDX-License-Identifier: ISC */
#include "record/columns.h"

#include "record/conv.h"
#include "record/shape.h"

#include <stdio.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* ---- the plan ---- */

enum sst_status
sst_columns_name(struct sst_columns *columns, struct sst_arena *arena,
	struct sst_span name, struct sst_span mapping, struct sst_err *err)
{
	struct sst_column_name *own = &columns->names[columns->name_count];

	if (columns->name_count == SST_COLUMN_NAMES_MAX)
		return sst_fail(err, SST_ECONFIG, "more than %d names",
			(int)SST_COLUMN_NAMES_MAX);
	own->name = sst_arena_copy(arena, name);
	if (own->name.at == NULL)
		return sst_fail_memory(err, "a name");
	columns->name_count++;
	return sst_conv_cell(&own->cell, arena, mapping, err);
}

/* The next name of a list; false: at the end. */
static bool
next_name(struct sst_span names, size_t *at, struct sst_span *name)
{
	size_t start;

	while (*at < names.len && is_blank(names.at[*at]))
		++*at;
	start = *at;
	while (*at < names.len && !is_blank(names.at[*at]))
		++*at;
	*name = sst_span(names.at + start, *at - start);
	return name->len > 0;
}

static bool
cell_of(const struct sst_columns *columns, struct sst_arena *arena,
	struct sst_span name, struct sst_cell *out)
{
	for (size_t i = 0; i < columns->name_count; i++)
		if (sst_span_eq_nocase(columns->names[i].name, name)) {
			*out = columns->names[i].cell;
			return true;
		}
	return sst_w3c_cell(arena, name, out);
}

enum sst_status
sst_columns_layout(struct sst_layout **out, struct sst_arena *arena,
	const struct sst_columns *columns, struct sst_span names,
	struct sst_err *err)
{
	struct sst_layout *layout = sst_arena_zero(arena, sizeof(*layout));
	struct sst_span name;
	size_t at = 0;

	*out = NULL;
	if (layout == NULL)
		return sst_fail_memory(err, "columns");
	if (names.len > SST_HEADER_MAX)
		return sst_fail(err, SST_ECONFIG, "too long a list of columns");
	layout->shape = SST_SHAPE_COLUMNS;
	layout->escape = SST_ESCAPE_NONE;
	layout->columns = columns;
	layout->source = sst_arena_copy(arena, names);
	if (layout->source.at == NULL)
		return sst_fail_memory(err, "columns");
	while (next_name(layout->source, &at, &name)) {
		if (layout->n == SST_CELLS_MAX)
			return sst_fail(err, SST_ECONFIG,
				"more than %d columns", SST_CELLS_MAX);
		if (!cell_of(columns, arena, name, &layout->cells[layout->n]))
			return sst_fail_memory(err, "columns");
		layout->n++;
	}
	if (layout->n == 0)
		return sst_fail(err, SST_ECONFIG, "expected names of columns");
	*out = layout;
	return SST_OK;
}

/* ---- directives ---- */

enum sst_directive
sst_directive_of(struct sst_span line, struct sst_span *value)
{
	static const struct {
		const char *name;
		enum sst_directive directive;
	} known[] = {
		{ "#fields", SST_DIRECTIVE_FIELDS },
		{ "#software", SST_DIRECTIVE_SOFTWARE },
		{ "#date", SST_DIRECTIVE_DATE },
	};
	size_t colon = sst_span_find(line, ':');

	if (colon == line.len)
		return SST_DIRECTIVE_OTHER;
	*value = sst_span_from(line, colon + 1);
	while (value->len > 0 && is_blank(value->at[0]))
		*value = sst_span_from(*value, 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sst_span_eq_nocase(sst_span_head(line, colon),
			    sst_span_of(known[i].name)))
			return known[i].directive;
	return SST_DIRECTIVE_OTHER;
}

static bool
has_part(struct sst_span text, struct sst_span part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (sst_span_eq_nocase(sst_span(text.at + i, part.len), part))
			return true;
	return false;
}

int
sst_columns_claim(const struct sst_columns *columns, struct sst_span names,
	struct sst_span software)
{
	struct sst_span name;
	size_t at = 0;

	if (columns->software.len > 0 && has_part(software, columns->software))
		return 2;
	while (columns->mark_count > 0 && next_name(names, &at, &name))
		for (size_t i = 0; i < columns->mark_count; i++)
			if (sst_span_eq_nocase(name, columns->marks[i]))
				return 2;
	return columns->software.len == 0 && columns->mark_count == 0;
}

/* ---- lines ---- */

/* A column of a line: what is left of it begins at `at`. */
struct reading {
	struct sst_work *work;
	const char *at, *end;
	char separator;
};

/* "a ""b"" c": the quote that ends the value at `at`; NULL: there is none with
 * a separator behind it. *has_pair: there are doubled ones. */
static const char *
closing_quote(const struct reading *r, const char *at, bool *has_pair)
{
	*has_pair = false;
	for (; at < r->end; at++) {
		if (*at != '"')
			continue;
		if (at + 1 < r->end && at[1] == '"') {
			*has_pair = true;
			at++;
			continue;
		}
		return at + 1 == r->end || at[1] == r->separator ||
				       (r->separator == ' ' && at[1] == '\t')
			       ? at
			       : NULL;
	}
	return NULL;
}

/* Doubled quotes as single ones. */
static struct sst_span
halved(struct sst_work *work, struct sst_span text)
{
	sst_buf_reset(&work->buf);
	for (size_t i = 0; i < text.len; i++) {
		sst_buf_byte(&work->buf, text.at[i]);
		if (text.at[i] == '"')
			i++;
	}
	return sst_arena_copy(&work->room, sst_buf_span(&work->buf));
}

/* The next column. False: there is none. */
static bool
next_column(struct reading *r, struct sst_span *value)
{
	bool has_pair;

	if (r->separator == ' ')
		while (r->at < r->end && is_blank(*r->at))
			r->at++;
	if (r->at >= r->end) {
		/* Behind a last separator there is one that is empty. */
		if (r->at > r->end || r->separator == ' ')
			return false;
		*value = sst_span(r->at++, 0);
		return true;
	}
	if (*r->at == '"') {
		const char *quote = closing_quote(r, r->at + 1, &has_pair);

		if (quote != NULL) {
			*value = sst_span(
				r->at + 1, (size_t)(quote - r->at - 1));
			if (has_pair)
				*value = halved(r->work, *value);
			r->at = quote + 2;
			return value->at != NULL;
		}
	}
	*value = sst_span(r->at, 0);
	while (r->at < r->end && *r->at != r->separator &&
		!(r->separator == ' ' && *r->at == '\t'))
		r->at++;
	value->len = (size_t)(r->at - value->at);
	r->at++;
	return true;
}

static bool
is_date(struct sst_span value)
{
	return value.len == 10 && value.at[4] == '-' && value.at[7] == '-';
}

static bool
is_clock(struct sst_span value)
{
	return value.len >= 5 && value.at[2] == ':';
}

/* Columns that no header names are told by what every line has. */
static bool
suits(const struct sst_cell *cell, struct sst_span value, bool is_guessed)
{
	if (value.len == 0 || (value.len == 1 && value.at[0] == '-'))
		return cell->conv != SST_CONV_DATE &&
		       cell->conv != SST_CONV_CLOCK &&
		       !(is_guessed && cell->conv == SST_CONV_STATUS);
	switch (cell->conv) {
	case SST_CONV_DATE:
		return is_date(value);
	case SST_CONV_CLOCK:
		return is_clock(value);
	case SST_CONV_STATUS:
		/* FTP and other services have a 0 here. */
		return sst_span_is(value, "0") || sst_cell_fits(cell, value);
	default:
		return sst_cell_fits(cell, value);
	}
}

/* A column behind those that the layout knows: servers append new ones. */
static bool
keep_further(struct sst_record *record, size_t number, struct sst_span value)
{
	char name[32];
	int len = snprintf(name, sizeof(name), "column_%zu", number);

	if (value.len == 0 || (value.len == 1 && value.at[0] == '-'))
		return true;
	return sst_record_add(record,
		(struct sst_own_key){ { "", 0 }, { name, (size_t)len } },
		SST_KIND_STRING, value);
}

bool
sst_columns_cut(struct sst_record *record, const struct sst_layout *layout,
	struct sst_span line)
{
	const struct sst_columns *columns = layout->columns;
	struct sst_work *work = record->work;
	struct reading r = { .work = work,
		.at = line.at,
		.end = line.at + line.len,
		.separator = columns->separator };
	struct sst_span value;
	size_t i;

	/* Where a line has tabs they separate, and blanks do not. */
	if (r.separator == ' ' && sst_span_find(line, '\t') < line.len &&
		sst_span_find(line, ' ') < line.len)
		r.separator = '\t';
	work->is_repaired = false;
	sst_record_clear(record);
	for (i = 0; next_column(&r, &value); i++) {
		if (i >= layout->n) {
			if (columns->at_least == 0 ||
				!keep_further(record, i + 1, value))
				return false;
			continue;
		}
		if (!suits(&layout->cells[i], value, layout->is_guessed))
			return false;
		if (layout->cells[i].conv == SST_CONV_STATUS &&
			sst_span_is(value, "0"))
			continue;
		sst_record_set(record, i, value);
	}
	return i >= (columns->at_least == 0 ? layout->n : columns->at_least);
}
