/* SPDX-License-Identifier: ISC */
/*
 * The explicit dialect of format files: {key:conv} between literal text.
 *
 *   {key} {key:conv}  a field, the key of the event that it becomes, and how
 *                     it is read (conv.h)
 *   {}  {:conv}       a field that is skipped, but must look like that
 *   {=name}           kept under the log's own name, even where the event has
 *                     a key of that name: then as log_name
 *   {>key:conv}       aligned to the right: blanks may stand in front
 *   {+key:conv}       its seconds count to the duration of the event
 *   {[} ... {]}       a part that may be missing
 *   {{                a brace
 */
#include "record/conv.h"
#include "record/dialect.h"

/* Braces, and no '%' outside of them: a time format has some inside. */
bool
sst_fields_is(struct sst_span format)
{
	bool has_field = false, is_inside = false;

	for (size_t i = 0; i < format.len; i++) {
		if (format.at[i] == '%' && !is_inside)
			return false;
		is_inside = format.at[i] == '{' ||
			    (is_inside && format.at[i] != '}');
		has_field |= is_inside;
	}
	return has_field;
}

/* What stands in front of the key. */
struct marks {
	bool is_own, is_padded, is_part;
};

static struct sst_span
take_marks(struct sst_span inside, struct marks *marks)
{
	*marks = (struct marks){ .is_own = false };
	for (; inside.len > 0; inside = sst_span_from(inside, 1)) {
		if (inside.at[0] == '=')
			marks->is_own = true;
		else if (inside.at[0] == '>')
			marks->is_padded = true;
		else if (inside.at[0] == '+')
			marks->is_part = true;
		else
			break;
	}
	return inside;
}

static enum sst_status
read_cell(struct sst_cell *out, struct sst_arena *arena, struct sst_span inside,
	struct sst_err *err)
{
	struct marks marks;
	enum sst_status status = SST_OK;

	inside = take_marks(inside, &marks);
	if (inside.len > 0 && inside.at[0] != ':') {
		status = sst_conv_cell(out, arena, inside, err);
		if (marks.is_own && sst_span_find(inside, ':') == inside.len)
			out->conv = SST_CONV_TEXT;
	} else {
		*out = (struct sst_cell){ .conv = SST_CONV_TEXT,
			.key = sst_span("", 0) };
		if (inside.len > 0 &&
			!sst_conv_read(sst_span_from(inside, 1), out))
			status = sst_fail(err, SST_ECONFIG,
				"unknown conversion '%.*s'",
				(int)inside.len - 1, inside.at + 1);
	}
	out->is_own = marks.is_own;
	out->is_padded = marks.is_padded;
	out->is_part = marks.is_part;
	return status;
}

enum sst_status
sst_fields_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	struct sst_span rest = sst_span_from(format, *at), inside;
	struct sst_err inner = { .status = SST_OK };
	size_t end;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (rest.len == 0)
		return SST_END;
	if (rest.at[0] != '{' || (rest.len > 1 && rest.at[1] == '{')) {
		sst_piece_literal(
			out, at, rest.at[0], rest.at[0] == '{' ? 2 : 1);
		return SST_OK;
	}
	end = sst_span_find(rest, '}');
	if (end == rest.len)
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: '{' is not closed", *at + 1);
	inside = sst_span(rest.at + 1, end - 1);
	if (sst_span_is(inside, "["))
		out->kind = SST_PIECE_OPEN;
	else if (sst_span_is(inside, "]"))
		out->kind = SST_PIECE_CLOSE;
	else if (read_cell(&out->cell, arena, inside, &inner) != SST_OK)
		return sst_fail(err, inner.status, "byte %zu of the format: %s",
			*at + 1, inner.text);
	*at += end + 1;
	return SST_OK;
}
