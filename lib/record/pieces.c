/* SPDX-License-Identifier: ISC */
#include "record/pieces.h"

#include "base/buf.h"

static enum sst_status
add_piece(struct sst_pieces *pieces, const struct sst_piece *piece,
	unsigned *group, struct sst_err *err)
{
	if (piece->kind == SST_PIECE_OPEN) {
		if (pieces->groups == SST_GROUPS_MAX)
			return sst_fail(err, SST_ECONFIG,
				"the format has more than %d optional parts",
				SST_GROUPS_MAX);
		pieces->parent[pieces->groups] = *group;
		*group = (unsigned)pieces->groups++;
		return SST_OK;
	}
	if (piece->kind == SST_PIECE_CLOSE) {
		if (*group == SST_NO_GROUP)
			return sst_fail(err, SST_ECONFIG,
				"an optional part ends that did not begin");
		*group = pieces->parent[*group];
		return SST_OK;
	}
	if (pieces->n == SST_PIECES_MAX)
		return sst_fail(err, SST_ECONFIG, "the format is too long");
	pieces->at[pieces->n].piece = *piece;
	pieces->at[pieces->n++].group = *group;
	return SST_OK;
}

/* The blank behind a piece that may be missing is missing with it. */
static enum sst_status
add_optional(struct sst_pieces *pieces, const struct sst_piece *piece,
	bool has_blank, unsigned *group, struct sst_err *err)
{
	const struct sst_piece blank = { .literal = ' ' };
	struct sst_piece mark = { .kind = SST_PIECE_OPEN };
	enum sst_status status = add_piece(pieces, &mark, group, err);

	if (status == SST_OK)
		status = add_piece(pieces, piece, group, err);
	if (status == SST_OK && has_blank)
		status = add_piece(pieces, &blank, group, err);
	mark.kind = SST_PIECE_CLOSE;
	return status == SST_OK ? add_piece(pieces, &mark, group, err) : status;
}

/* ---- times in several fields ---- */

/* Does a strftime format say which day it was? */
static bool
has_date(struct sst_span format)
{
	for (size_t i = 0; i + 1 < format.len; i++)
		if (format.at[i] == '%' && format.at[i + 1] != '%' &&
			strchr("YymdebBhDFsc", format.at[i + 1]) != NULL)
			return true;
	return false;
}

/* Append what a piece is in a strftime format. */
static void
put_piece(struct sst_buf *format, const struct sst_piece *piece)
{
	if (piece->kind == SST_PIECE_LITERAL)
		sst_buf_printf(format, piece->literal == '%' ? "%%%%" : "%c",
			piece->literal);
	else if (piece->cell.conv == SST_CONV_FRACTION)
		sst_buf_printf(format, "%%%uf", (unsigned)piece->fixed);
	else
		sst_buf_put_span(format, piece->cell.format);
}

/* The field that goes on with the time of the i-th piece, or 0: a fraction, or
 * a time where not both say the day, with nothing but text between. */
static size_t
next_of_time(const struct sst_pieces *pieces, size_t i)
{
	for (size_t k = i + 1; k < pieces->n; k++) {
		const struct sst_piece *piece = &pieces->at[k].piece;

		if (pieces->at[k].group != pieces->at[i].group)
			return 0;
		if (piece->kind != SST_PIECE_FIELD)
			continue;
		if (piece->cell.conv == SST_CONV_FRACTION)
			return k;
		return piece->cell.conv == SST_CONV_TIME_FORMAT &&
				       !(has_date(piece->cell.format) &&
					       has_date(pieces->at[i]
								.piece.cell
								.format))
			       ? k
			       : 0;
	}
	return 0;
}

/* Apache's %{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t is one time. */
static enum sst_status
merge_times(
	struct sst_pieces *pieces, struct sst_arena *arena, struct sst_err *err)
{
	struct sst_buf format;

	sst_buf_init(&format, 1024);
	for (size_t i = 0; i < pieces->n; i++) {
		struct sst_cell *cell = &pieces->at[i].piece.cell;
		size_t k;

		if (pieces->at[i].piece.kind != SST_PIECE_FIELD ||
			cell->conv != SST_CONV_TIME_FORMAT)
			continue;
		while ((k = next_of_time(pieces, i)) != 0) {
			sst_buf_reset(&format);
			for (size_t m = i; m <= k; m++)
				put_piece(&format, &pieces->at[m].piece);
			cell->format =
				sst_arena_copy(arena, sst_buf_span(&format));
			if (format.is_short || cell->format.at == NULL) {
				sst_buf_release(&format);
				return sst_fail_memory(err, "the format");
			}
			memmove(&pieces->at[i + 1], &pieces->at[k + 1],
				(pieces->n - k - 1) * sizeof(pieces->at[0]));
			pieces->n -= k - i;
		}
	}
	sst_buf_release(&format);
	return SST_OK;
}

enum sst_status
sst_pieces_read(struct sst_pieces *pieces, struct sst_arena *arena,
	const struct sst_dialect *dialect, struct sst_span format,
	struct sst_err *err)
{
	unsigned group = SST_NO_GROUP;
	struct sst_piece piece;
	size_t at = 0;

	pieces->n = pieces->groups = 0;
	for (;;) {
		enum sst_status status =
			dialect->piece(arena, format, &at, &piece, err);

		if (status == SST_END)
			break;
		if (status == SST_OK && piece.is_optional) {
			bool has_blank =
				at < format.len && format.at[at] == ' ';

			at += has_blank;
			status = add_optional(
				pieces, &piece, has_blank, &group, err);
		} else if (status == SST_OK &&
			   piece.kind != SST_PIECE_NOTHING) {
			status = add_piece(pieces, &piece, &group, err);
		}
		if (status != SST_OK)
			return status;
	}
	return group == SST_NO_GROUP
		       ? merge_times(pieces, arena, err)
		       : sst_fail(err, SST_ECONFIG,
				 "an optional part of the format has no end");
}
