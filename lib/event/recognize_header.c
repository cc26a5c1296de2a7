/* SPDX-License-Identifier: ISC */
/* What lines say that begin with '#'. */
#include "event/recognize_parts.h"

static const struct sst_columns *
columns_of(const struct sst_recognizer *r, size_t i)
{
	return r->candidates[i] == NULL ? NULL : sst_layout_of(r, i)->columns;
}

/* Whose header it is: the format of columns that says so, else the first one
 * that may be, else the first one. r->n: there is none. */
static size_t
owner_of(const struct sst_recognizer *r, struct sst_span names)
{
	struct sst_span software = sst_span(r->software, r->software_len);
	size_t best = r->n;
	int best_claim = -1;

	for (size_t i = SST_HEADER_PLACE + 1; i < r->n; i++) {
		int claim;

		if (columns_of(r, i) == NULL)
			continue;
		claim = sst_columns_claim(columns_of(r, i), names, software);
		if (claim > best_claim) {
			best = i;
			best_claim = claim;
		}
	}
	return best;
}

static void
use_header(struct sst_recognizer *r, const struct sst_header *header)
{
	struct sst_candidate *c = header == NULL ? NULL : header->candidate;

	r->header = header;
	if (c == r->candidates[SST_HEADER_PLACE])
		return;
	r->candidates[SST_HEADER_PLACE] = c;
	r->changes++;
}

/* Make a layout in place of the oldest. What the line says may make none: then
 * those that there are stay. NULL. */
static const struct sst_header *
add_header(struct sst_recognizer *r, size_t owner, struct sst_span names)
{
	struct sst_header *header = &r->headers[r->next_header];
	const struct sst_columns *columns = columns_of(r, owner);
	struct sst_layout *layout;
	struct sst_err err = { 0 };

	if (header == r->header)
		header = &r->headers[++r->next_header % SST_HEADERS_MAX];
	sst_arena_reset(&header->arena);
	header->owner = owner;
	header->candidate =
		sst_arena_zero(&header->arena, sizeof(*header->candidate));
	if (header->candidate == NULL ||
		sst_columns_layout(&layout, &header->arena, columns, names,
			&err) != SST_OK ||
		sst_bind(&header->candidate->binding, layout, &header->arena,
			&err) != SST_OK) {
		r->is_short |=
			header->candidate == NULL || err.status == SST_ENOMEM;
		header->candidate = NULL;
		return NULL;
	}
	header->candidate->name = r->candidates[owner]->name;
	r->next_header = (r->next_header + 1) % SST_HEADERS_MAX;
	return header;
}

void
sst_recognizer_header(
	struct sst_recognizer *r, size_t owner, struct sst_span names)
{
	const struct sst_header *header = NULL;

	for (size_t i = 0; i < SST_HEADERS_MAX && header == NULL; i++) {
		const struct sst_candidate *c = r->headers[i].candidate;

		if (c != NULL && r->headers[i].owner == owner &&
			sst_span_eq(c->binding.layout->source, names))
			header = &r->headers[i];
	}
	if (header == NULL)
		header = add_header(r, owner, names);
	if (header == NULL)
		return;
	use_header(r, header);
	r->current = SST_HEADER_PLACE;
}

static void
take_fields(struct sst_recognizer *r, struct sst_span names)
{
	size_t owner = owner_of(r, names);

	if (owner < r->n)
		sst_recognizer_header(r, owner, names);
}

enum sst_status
sst_recognizer_directive(
	struct sst_recognizer *r, struct sst_span line, struct sst_err *err)
{
	struct sst_span value;

	switch (sst_directive_of(line, &value)) {
	case SST_DIRECTIVE_FIELDS:
		take_fields(r, value);
		break;
	case SST_DIRECTIVE_SOFTWARE:
		r->software_len = value.len < SST_SOFTWARE_MAX
					  ? value.len
					  : SST_SOFTWARE_MAX;
		memcpy(r->software, value.at, r->software_len);
		break;
	case SST_DIRECTIVE_DATE:
		value = sst_span_head(value, value.len < 19 ? value.len : 19);
		if (!sst_stamp_iso(value, true, &r->day))
			break;
		r->has_day = true;
		sst_builder_day(r->builder, &r->day);
		break;
	default:
		break;
	}
	return r->is_short ? sst_fail_memory(err, "a header") : SST_OK;
}

void
sst_recognizer_no_header(struct sst_recognizer *r)
{
	use_header(r, NULL);
}
