/* SPDX-License-Identifier: ISC */
#include "record/layout.h"

#include "record/dialect.h"
#include "record/gate.h"
#include "record/pieces.h"

#include "text/stamp.h"

#include <stdlib.h>

/* Longest format string that makes sense. */
#define FORMAT_MAX ((size_t)16 * 1024)

/* So few that a line is not held against too many. */
#define VARIANTS_MAX 32

/* A literal that grows while pieces are read. */
struct literal {
	char at[256];
	size_t len;
};

static bool
literal_add(struct literal *literal, char c)
{
	if (literal->len == sizeof(literal->at))
		return false;
	literal->at[literal->len++] = c;
	return true;
}

/* Values of these never hold a space, so the first one ends them. */
static bool
is_word(const struct sst_cell *cell)
{
	switch (cell->conv) {
	case SST_CONV_ADDRESS:
	case SST_CONV_WORD:
	case SST_CONV_IDENT:
	case SST_CONV_INT:
	case SST_CONV_STATUS:
	case SST_CONV_SECONDS:
	case SST_CONV_TIME_EPOCH:
	case SST_CONV_TIME_ISO:
	case SST_CONV_FRACTION:
	case SST_CONV_HOST:
	case SST_CONV_HTTPS:
	case SST_CONV_FLAG:
	case SST_CONV_UPPER:
	case SST_CONV_ELAPSED:
	case SST_CONV_PROTOCOL:
	case SST_CONV_ENDPOINT:
	case SST_CONV_NAME:
	case SST_CONV_FRONTEND:
		return true;
	default:
		return false;
	}
}

/* A time that holds the byte that would end it is as long as it always is. */
static uint16_t
fixed_time(const struct sst_cell *cell, char stop)
{
	if (cell->conv != SST_CONV_TIME_FORMAT ||
		sst_span_find(cell->format, stop) == cell->format.len)
		return 0;
	return (uint16_t)sst_stamp_format_length(cell->format);
}

/* Between the literal before a cell and the one behind it: how it ends. */
static void
choose_cut(struct sst_layout *layout, size_t i, char before)
{
	struct sst_cell *cell = &layout->cells[i];
	struct sst_step *step = &layout->steps[i];

	step->stop = step->literal.len > 0 ? step->literal.at[0] : 0;
	cell->is_quoted = before == '"' && step->stop == '"';
	if (step->literal.len > 0 && step->fixed == 0)
		step->fixed = fixed_time(cell, step->stop);
	if (step->fixed != 0)
		step->cut = SST_CUT_FIXED;
	else if (step->literal.len == 0)
		step->cut = before == '"' && layout->escape != SST_ESCAPE_NONE
				    ? SST_CUT_OPEN
				    : SST_CUT_REST;
	else if (cell->is_padded)
		step->cut = SST_CUT_PADDED;
	else if (cell->is_quoted && layout->escape != SST_ESCAPE_NONE)
		step->cut = SST_CUT_QUOTE;
	else if (step->literal.len == 1 || is_word(cell) ||
		 cell->conv == SST_CONV_TIME_CLF)
		step->cut = SST_CUT_BYTE;
	else
		step->cut = SST_CUT_TEXT;
}

/* The literal read so far belongs behind the last cell, or is the head. */
static bool
settle(struct sst_layout *layout, struct sst_arena *arena,
	struct literal *literal)
{
	struct sst_span text =
		sst_arena_copy(arena, sst_span(literal->at, literal->len));

	if (text.at == NULL)
		return false;
	if (layout->n == 0)
		layout->head = text;
	else
		layout->steps[layout->n - 1].literal = text;
	literal->len = 0;
	return true;
}

static enum sst_status
add_field(struct sst_layout *layout, struct sst_arena *arena,
	const struct sst_piece *piece, struct literal *literal,
	struct sst_err *err)
{
	if (layout->n == SST_CELLS_MAX)
		return sst_fail(err, SST_ECONFIG,
			"the format has more than %d fields", SST_CELLS_MAX);
	if (layout->n > 0 && literal->len == 0 && piece->opening == 0 &&
		layout->steps[layout->n - 1].fixed == 0 && piece->fixed == 0)
		return sst_fail(err, SST_ECONFIG,
			"nothing stands between '%s' and '%s' in the format",
			layout->cells[layout->n - 1].key.at,
			piece->cell.key.at);
	if (piece->opening != 0 && !literal_add(literal, piece->opening))
		return sst_fail(err, SST_ECONFIG, "a literal is too long");
	if (!settle(layout, arena, literal))
		return sst_fail_memory(err, "the format");
	layout->cells[layout->n] = piece->cell;
	layout->steps[layout->n].fixed = piece->fixed;
	layout->n++;
	if (piece->closing != 0)
		(void)literal_add(literal, piece->closing);
	return SST_OK;
}

/* ---- layouts ---- */

static enum sst_status
add_pieces(struct sst_layout *layout, struct sst_arena *arena,
	const struct sst_pieces *pieces, unsigned mask, bool merges_blanks,
	struct sst_err *err)
{
	struct literal literal = { .len = 0 };

	for (size_t i = 0; i < pieces->n; i++) {
		const struct sst_piece *piece = &pieces->at[i].piece;
		enum sst_status status = SST_OK;

		if (!(mask >> pieces->at[i].group & 1))
			continue;
		if (piece->kind == SST_PIECE_FIELD)
			status = add_field(layout, arena, piece, &literal, err);
		else if (merges_blanks && piece->literal == ' ' &&
			 (literal.len > 0 ? literal.at[literal.len - 1] == ' '
					  : layout->n == 0))
			continue;
		else if (!literal_add(&literal, piece->literal))
			status = sst_fail(err, SST_ECONFIG,
				"a literal of the format is too long");
		if (status != SST_OK)
			return status;
	}
	if (layout->n == 0)
		return sst_fail(err, SST_ECONFIG,
			"the format has no field ($name, %%x or {key})");
	return settle(layout, arena, &literal)
		       ? SST_OK
		       : sst_fail_memory(err, "the format");
}

/* Does it need more than cutting and converting? See event/quirks.h. */
static bool
has_quirks(const struct sst_layout *layout)
{
	bool found = layout->absent_count > 0 ||
		     layout->escape == SST_ESCAPE_HAPROXY;

	for (size_t i = 0; i < layout->n; i++)
		found |= layout->cells[i].is_padded ||
			 layout->cells[i].is_part ||
			 layout->cells[i].conv == SST_CONV_FRONTEND;
	return found;
}

/* The layout in which the optional parts of `mask` are there. */
static enum sst_status
build(struct sst_layout **out, struct sst_arena *arena,
	const struct sst_layout *model, const struct sst_pieces *pieces,
	unsigned mask, bool merges_blanks, struct sst_err *err)
{
	struct sst_layout *layout = sst_arena_zero(arena, sizeof(*layout));
	enum sst_status status;

	*out = layout;
	if (layout == NULL)
		return sst_fail_memory(err, "the format");
	layout->source = model->source;
	layout->escape = model->escape;
	layout->absent = model->absent;
	layout->absent_count = model->absent_count;
	layout->order = model->order;
	status = add_pieces(layout, arena, pieces, mask, merges_blanks, err);
	if (status != SST_OK)
		return status;
	for (size_t i = 0; i < layout->n; i++) {
		struct sst_span before =
			i == 0 ? layout->head : layout->steps[i - 1].literal;

		choose_cut(layout, i,
			before.len > 0 ? before.at[before.len - 1] : 0);
	}
	layout->has_quirks = has_quirks(layout);
	sst_gate_make(layout);
	return SST_OK;
}

/* A part can only be there where the part around it is. */
static bool
is_possible(const struct sst_pieces *pieces, unsigned mask)
{
	for (size_t g = 0; g < pieces->groups; g++)
		if (mask >> g & 1 && !(mask >> pieces->parent[g] & 1))
			return false;
	return true;
}

/* Which parts are there, the n-th way: parts are left out from the end on. */
static unsigned
mask_of(const struct sst_pieces *pieces, unsigned n)
{
	unsigned mask = 1U << SST_NO_GROUP;

	for (size_t g = 0; g < pieces->groups; g++)
		if (!(n >> (pieces->groups - 1 - g) & 1))
			mask |= 1U << g;
	return mask;
}

/* All of them, the most complete first. */
static enum sst_status
build_all(struct sst_layout **out, struct sst_arena *arena,
	const struct sst_layout *model, const struct sst_pieces *pieces,
	bool merges_blanks, struct sst_err *err)
{
	size_t n = 0;

	for (unsigned way = 0; way < 1U << pieces->groups; way++) {
		unsigned mask = mask_of(pieces, way);
		enum sst_status status;

		if (!is_possible(pieces, mask))
			continue;
		if (n++ == VARIANTS_MAX)
			return sst_fail(err, SST_ECONFIG,
				"the optional parts of the format give more "
				"than %d layouts",
				VARIANTS_MAX);
		status = build(
			out, arena, model, pieces, mask, merges_blanks, err);
		if (status != SST_OK)
			return status;
		out = &(*out)->next;
	}
	return SST_OK;
}

enum sst_status
sst_layout_compile(struct sst_layout **out, struct sst_arena *arena,
	const struct sst_layout_asked *asked, struct sst_err *err)
{
	const struct sst_dialect *dialect =
		asked->dialect == NULL ? sst_dialect_of(asked->format)
				       : sst_dialect_named(asked->dialect);
	struct sst_layout model = { .absent = asked->absent,
		.absent_count = asked->absent_count,
		.order = asked->order,
		.escape = asked->escape };
	struct sst_pieces *pieces;
	enum sst_status status;

	*out = NULL;
	if (asked->format.len > FORMAT_MAX)
		return sst_fail(err, SST_ECONFIG, "the format is too long");
	if (dialect == NULL && asked->dialect != NULL)
		return sst_fail(
			err, SST_ECONFIG, "no dialect '%s'", asked->dialect);
	if (dialect == NULL)
		return sst_fail(err, SST_ECONFIG,
			"the format has no field ($name, %%x or {key})");
	if (asked->escape == SST_ESCAPE_DEFAULT)
		model.escape = dialect->escape;
	if (asked->absent_count == 0) {
		model.absent = dialect->absent;
		model.absent_count = dialect->absent_count;
	}
	model.source = sst_dialect_expanded(arena, dialect, asked->format);
	pieces = malloc(sizeof(*pieces));
	if (model.source.at == NULL || pieces == NULL) {
		free(pieces);
		return sst_fail_memory(err, "the format");
	}
	status = sst_pieces_read(pieces, arena, dialect, model.source, err);
	if (status == SST_OK)
		status = build_all(out, arena, &model, pieces,
			dialect->merges_blanks, err);
	free(pieces);
	if (status != SST_OK)
		*out = NULL;
	return status;
}

enum sst_status
sst_layout_read(struct sst_layout **out, struct sst_arena *arena,
	struct sst_span format, enum sst_escape escape, struct sst_err *err)
{
	const struct sst_layout_asked asked = {
		.format = format, .escape = escape, .order = SST_ORDER
	};

	return sst_layout_compile(out, arena, &asked, err);
}
