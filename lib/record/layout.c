/* SPDX-License-Identifier: ISC */
#include "record/layout.h"

#include "base/buf.h"

#include <string.h>

/* Longest format string that makes sense. */
#define FORMAT_MAX ((size_t)16 * 1024)

struct sst_span
sst_own_name(struct sst_arena *arena, const char *prefix, struct sst_span name)
{
	size_t head = strlen(prefix);
	char *at = sst_arena_take(arena, head + name.len + 1);

	if (at == NULL)
		return sst_span(NULL, 0);
	memcpy(at, prefix, head);
	for (size_t i = 0; i < name.len; i++)
		at[head + i] = sst_own_byte(name.at[i]);
	at[head + name.len] = '\0';
	return sst_span(at, head + name.len);
}

bool
sst_header_cell(
	struct sst_arena *arena, struct sst_span name, struct sst_cell *out)
{
	static const struct {
		const char *name, *key;
		enum sst_conv conv;
	} headers[] = {
		{ "referer", "referrer", SST_CONV_TEXT },
		{ "user_agent", "user_agent", SST_CONV_TEXT },
		{ "x_forwarded_for", "forwarded_for", SST_CONV_FORWARDED },
		{ "host", "host", SST_CONV_HOST },
		{ "cookie", "cookie", SST_CONV_TEXT },
		{ "dnt", "dnt", SST_CONV_FLAG },
		{ "sec_gpc", "gpc", SST_CONV_FLAG },
	};
	struct sst_span plain = sst_own_name(arena, "", name);

	if (plain.at == NULL)
		return false;
	*out = (struct sst_cell){ .conv = SST_CONV_TEXT, .is_own = true };
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (sst_span_is(plain, headers[i].name)) {
			out->key = sst_span_of(headers[i].key);
			out->conv = (uint8_t)headers[i].conv;
			out->is_own = false;
			return true;
		}
	out->key = sst_own_name(arena, "http_", plain);
	return out->key.at != NULL;
}

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
		return true;
	default:
		return false;
	}
}

/* Between the literal before a cell and the one behind it: how it ends. */
static void
choose_cut(struct sst_layout *layout, size_t i, char before)
{
	struct sst_cell *cell = &layout->cells[i];
	struct sst_step *step = &layout->steps[i];

	step->stop = step->literal.len > 0 ? step->literal.at[0] : 0;
	cell->is_quoted = before == '"' && step->stop == '"';
	if (step->fixed != 0)
		step->cut = SST_CUT_FIXED;
	else if (step->literal.len == 0)
		step->cut = SST_CUT_REST;
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

static bool
is_nginx(struct sst_span format)
{
	/* A '$' before a letter; Apache knows none. */
	for (size_t i = 0; i + 1 < format.len; i++)
		if (format.at[i] == '$' &&
			(format.at[i + 1] == '{' ||
				(sst_lower(format.at[i + 1]) >= 'a' &&
					sst_lower(format.at[i + 1]) <= 'z')))
			return true;
	return false;
}

static enum sst_status
read_pieces(struct sst_layout *layout, struct sst_arena *arena,
	struct sst_span format, struct sst_err *err)
{
	bool nginx = is_nginx(format);
	struct literal literal = { .len = 0 };
	struct sst_piece piece;
	size_t at = 0;

	for (;;) {
		enum sst_status status =
			nginx ? sst_nginx_piece(arena, format, &at, &piece, err)
			      : sst_apache_piece(
					arena, format, &at, &piece, err);

		if (status == SST_END)
			break;
		if (status == SST_OK && piece.is_field)
			status =
				add_field(layout, arena, &piece, &literal, err);
		else if (status == SST_OK &&
			 !literal_add(&literal, piece.literal))
			status = sst_fail(err, SST_ECONFIG,
				"a literal of the format is too long");
		if (status != SST_OK)
			return status;
	}
	if (layout->n == 0)
		return sst_fail(err, SST_ECONFIG,
			"the format has no field ($name or %%x)");
	return settle(layout, arena, &literal)
		       ? SST_OK
		       : sst_fail_memory(err, "the format");
}

enum sst_status
sst_layout_compile(struct sst_layout **out, struct sst_arena *arena,
	struct sst_span format, enum sst_escape escape, struct sst_err *err)
{
	struct sst_layout *layout = sst_arena_zero(arena, sizeof(*layout));
	enum sst_status status;

	*out = NULL;
	if (format.len > FORMAT_MAX)
		return sst_fail(err, SST_ECONFIG, "the format is too long");
	if (layout == NULL)
		return sst_fail_memory(err, "the format");
	layout->escape = escape;
	layout->source = sst_arena_copy(arena, format);
	if (layout->source.at == NULL)
		return sst_fail_memory(err, "the format");
	status = read_pieces(layout, arena, layout->source, err);
	if (status != SST_OK)
		return status;
	for (size_t i = 0; i < layout->n; i++) {
		struct sst_span before =
			i == 0 ? layout->head : layout->steps[i - 1].literal;

		choose_cut(layout, i,
			before.len > 0 ? before.at[before.len - 1] : 0);
	}
	*out = layout;
	return SST_OK;
}
