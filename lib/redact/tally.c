/* SPDX-License-Identifier: ISC */
#include "redact/tally.h"

#include "redact/valid.h"
#include "text/scan.h"

#include <inttypes.h>
#include <stdlib.h>

struct row {
	char field[SST_TALLY_NAME];
	size_t field_len;
	unsigned done;
	uint64_t count, first_line;
	char shape[SST_TALLY_SHAPE];
	size_t shape_len;
};

struct sst_tally {
	size_t n;
	uint64_t total;
	struct row rows[SST_TALLY_ROWS + 1]; /* the last: all others */
	/* Open addressing, twice as large: row + 1, or 0. */
	uint16_t slots[2 * SST_TALLY_ROWS];
};

const char *
sst_done_name(unsigned done)
{
	if (done < SST_DONE_ACTION)
		return sst_found_name((enum sst_found_kind)done);
	if (done < SST_DONE_UNCLASSIFIED)
		return sst_action_name(
			(enum sst_action)(done - SST_DONE_ACTION));
	return done == SST_DONE_UNCLASSIFIED ? "unclassified" : "unreadable";
}

enum sst_status
sst_tally_open(struct sst_tally **out, struct sst_err *err)
{
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? sst_fail_memory(err, "the report") : SST_OK;
}

void
sst_tally_close(struct sst_tally *tally)
{
	free(tally);
}

void
sst_shape_put(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		/* Of a character that is not ASCII its first byte counts. */
		if (((unsigned char)c & 0xc0) == 0x80)
			continue;
		if (c >= '0' && c <= '9')
			sst_buf_byte(to, '9');
		else if ((sst_lower(c) >= 'a' && sst_lower(c) <= 'z') ||
			 (unsigned char)c >= 0x80)
			sst_buf_byte(to, 'a');
		else
			sst_buf_byte(to, strchr("@.:-/_ ", c) != NULL && c != 0
						 ? c
						 : '*');
	}
}

/* A name with so many digits may be a number of somebody. */
#define DIGITS_HIDDEN 6

/* A name that may be shown: of the table, or one in which nothing could be.
 * Else it is what it is. */
static struct sst_span
shown(struct sst_span field)
{
	static const struct sst_span hidden = SST_SPAN("(not shown)");
	size_t digits = 0;

	if (field.len == 0 || field.len > SST_TALLY_NAME)
		return hidden;
	for (size_t i = 0; i < field.len; i++) {
		char c = sst_lower(field.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '_' && c != '.' && c != '-')
			return hidden;
		digits += c >= '0' && c <= '9';
	}
	return digits >= DIGITS_HIDDEN || sst_is_token_like(field) ? hidden
								   : field;
}

static struct row *
row_of(struct sst_tally *tally, struct sst_span field, unsigned done)
{
	const size_t slots = sizeof(tally->slots) / sizeof(tally->slots[0]);
	size_t slot = done * 31;

	for (size_t i = 0; i < field.len; i++)
		slot = slot * 131 + (unsigned char)field.at[i];
	for (slot %= slots; tally->slots[slot] != 0;
		slot = (slot + 1) % slots) {
		struct row *row = &tally->rows[tally->slots[slot] - 1];

		if (row->done == done &&
			sst_span_eq(
				sst_span(row->field, row->field_len), field))
			return row;
	}
	if (tally->n == SST_TALLY_ROWS)
		return &tally->rows[SST_TALLY_ROWS];
	tally->slots[slot] = (uint16_t)(tally->n + 1);
	tally->rows[tally->n].done = done;
	memcpy(tally->rows[tally->n].field, field.at, field.len);
	tally->rows[tally->n].field_len = field.len;
	return &tally->rows[tally->n++];
}

void
sst_tally_add(struct sst_tally *tally, struct sst_span field, unsigned done,
	uint64_t line, struct sst_span value)
{
	static const struct sst_span whole_line = SST_SPAN("(line)");
	struct row *row = row_of(tally,
		done == SST_DONE_UNREADABLE ? whole_line : shown(field), done);
	struct sst_buf shape;

	tally->total++;
	if (row->count++ > 0)
		return;
	row->first_line = line;
	sst_buf_init(&shape, SST_TALLY_SHAPE);
	if (value.len > SST_TALLY_SHAPE)
		value.len = SST_TALLY_SHAPE;
	sst_shape_put(&shape, value);
	if (shape.len > 0)
		memcpy(row->shape, shape.at, shape.len);
	row->shape_len = shape.len;
	sst_buf_release(&shape);
}

uint64_t
sst_tally_total(const struct sst_tally *tally)
{
	return tally->total;
}

static int
by_field(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;
	int order = sst_span_order(sst_span((*x)->field, (*x)->field_len),
		sst_span((*y)->field, (*y)->field_len));

	if (order != 0)
		return order;
	return ((*x)->done > (*y)->done) - ((*x)->done < (*y)->done);
}

static void
put_row(struct sst_buf *to, const struct row *row, bool is_rest)
{
	SST_BUF_PUT(to, "{\"field\":\"");
	if (is_rest)
		SST_BUF_PUT(to, "(others)");
	else
		sst_json_put_escaped(to, sst_span(row->field, row->field_len));
	sst_buf_printf(to,
		"\",\"kind\":\"%s\",\"count\":%" PRIu64
		",\"first_line\":%" PRIu64 ",\"shape\":\"",
		is_rest ? "(others)" : sst_done_name(row->done), row->count,
		row->first_line);
	sst_buf_put(to, row->shape, row->shape_len);
	SST_BUF_PUT(to, "\"}");
}

static size_t
sorted_rows(const struct sst_tally *tally, const struct row **rows)
{
	for (size_t i = 0; i < tally->n; i++)
		rows[i] = &tally->rows[i];
	if (tally->n > 1)
		qsort(rows, tally->n, sizeof(rows[0]), by_field);
	return tally->n;
}

void
sst_tally_put(struct sst_buf *to, const struct sst_tally *tally,
	const char *separator)
{
	const struct row *rows[SST_TALLY_ROWS];
	size_t n = sorted_rows(tally, rows);
	const struct row *rest = &tally->rows[SST_TALLY_ROWS];

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			sst_buf_put(to, separator, strlen(separator));
		put_row(to, rows[i], false);
	}
	if (rest->count > 0) {
		sst_buf_put(to, separator, strlen(separator));
		put_row(to, rest, true);
	}
}

void
sst_tally_put_fields(
	struct sst_buf *to, const struct sst_tally *tally, bool unclassified)
{
	const struct row *rows[SST_TALLY_ROWS], *last = NULL;
	size_t n = sorted_rows(tally, rows);

	for (size_t i = 0; i < n; i++) {
		const struct row *row = rows[i];

		if (unclassified && row->done != SST_DONE_UNCLASSIFIED)
			continue;
		if (last != NULL && row->field_len == last->field_len &&
			memcmp(row->field, last->field, row->field_len) == 0)
			continue;
		if (last != NULL)
			sst_buf_byte(to, ',');
		sst_buf_byte(to, '"');
		sst_json_put_escaped(to, sst_span(row->field, row->field_len));
		sst_buf_byte(to, '"');
		last = row;
	}
}
