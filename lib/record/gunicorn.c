/* SPDX-License-Identifier: ISC */
/*
 * gunicorn's access_log_format: %(x)s, %({header}i)s.
 *
 * Facts: gunicorn's documentation of the setting, glogging.py.
 */
#include "record/dialect.h"

static const struct sst_placeholder atoms[] = {
	{ "h", "client_ip", SST_CONV_CLIENT, 0 },
	{ "l", "ident", SST_CONV_IDENT, 0 },
	{ "u", "user", SST_CONV_USER, 0 },
	{ "t", "time", SST_CONV_TIME_CLF, 0 },
	{ "r", "request", SST_CONV_REQUEST, 0 },
	{ "m", "method", SST_CONV_WORD, 0 },
	{ "U", "path", SST_CONV_TEXT, 0 },
	{ "q", "query", SST_CONV_QUERY, 0 },
	{ "H", "protocol", SST_CONV_WORD, 0 },
	{ "s", "status", SST_CONV_STATUS, 0 },
	{ "B", "bytes", SST_CONV_INT, 0 },
	{ "b", "bytes", SST_CONV_INT, 0 },
	{ "f", "referrer", SST_CONV_TEXT, 0 },
	{ "a", "user_agent", SST_CONV_TEXT, 0 },
	{ "T", "duration", SST_CONV_SECONDS, 0 },
	{ "M", "duration", SST_CONV_SECONDS, 3 },
	{ "D", "duration", SST_CONV_SECONDS, 6 },
	{ "L", "duration", SST_CONV_SECONDS, 0 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool
sst_gunicorn_is(struct sst_span format)
{
	for (size_t i = 0; i + 1 < format.len; i++)
		if (format.at[i] == '%' && format.at[i + 1] == '(')
			return true;
	return false;
}

/* {header}i, {header}o, {variable}e. */
static bool
named_cell(struct sst_arena *arena, struct sst_span name, struct sst_piece *out)
{
	struct sst_span inside = sst_span(name.at + 1, name.len - 3);
	char kind = name.at[name.len - 1];

	if (kind == 'i')
		return sst_header_cell(arena, inside, &out->cell);
	return sst_own_cell(
		arena, kind == 'o' ? "sent_http_" : "env_", inside, &out->cell);
}

static bool
cell_of(struct sst_arena *arena, struct sst_span name, struct sst_piece *out)
{
	if (sst_placeholder_cell(atoms, COUNT(atoms), name, &out->cell)) {
		if (out->cell.conv == SST_CONV_TIME_CLF) {
			out->opening = '[';
			out->closing = ']';
		}
		return true;
	}
	if (name.len > 3 && name.at[0] == '{' && name.at[name.len - 2] == '}')
		return named_cell(arena, name, out);
	if (sst_span_is(name, "p")) { /* <pid> */
		out->opening = '<';
		out->closing = '>';
		name = sst_span("pid", 3);
	}
	return sst_own_cell(arena, "", name, &out->cell);
}

enum sst_status
sst_gunicorn_piece(struct sst_arena *arena, struct sst_span format, size_t *at,
	struct sst_piece *out, struct sst_err *err)
{
	struct sst_span rest = sst_span_from(format, *at);
	size_t end;

	*out = (struct sst_piece){ .kind = SST_PIECE_FIELD };
	if (rest.len == 0)
		return SST_END;
	if (rest.at[0] != '%' || (rest.len > 1 && rest.at[1] == '%')) {
		sst_piece_literal(
			out, at, rest.at[0], rest.at[0] == '%' ? 2 : 1);
		return SST_OK;
	}
	end = sst_span_find(rest, ')');
	if (rest.len < 5 || rest.at[1] != '(' || end + 1 >= rest.len ||
		rest.at[end + 1] != 's')
		return sst_fail(err, SST_ECONFIG,
			"byte %zu of the format: expected %%(name)s", *at + 1);
	if (!cell_of(arena, sst_span(rest.at + 2, end - 2), out))
		return sst_fail_memory(err, "the format");
	*at += end + 2;
	return SST_OK;
}
