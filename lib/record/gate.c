/* SPDX-License-Identifier: ISC */
#include "record/gate.h"

static void
count(struct sst_gate_facts *look, struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		look->quotes += text.at[i] == '"';
		look->brackets += text.at[i] == '[';
		look->blanks += text.at[i] == ' ';
	}
	look->length += text.len;
}

/* Is there something like 24/Nov/2026:04:41:46? */
static bool
has_clf(struct sst_span line)
{
	for (size_t i = 0; i + 16 <= line.len; i++) {
		size_t slash = sst_span_find(
			sst_span(line.at + i, line.len - i - 15), '/');

		i += slash;
		if (i + 16 > line.len)
			break;
		if (line.at[i + 4] == '/' && line.at[i + 9] == ':' &&
			line.at[i + 12] == ':' && line.at[i + 15] == ':')
			return true;
	}
	return false;
}

struct sst_gate_facts
sst_gate_count(struct sst_span line)
{
	struct sst_gate_facts look = { .first = 0 };

	if (line.len > 0)
		look.first = (uint8_t)line.at[0];
	count(&look, line);
	look.has_clf = has_clf(line);
	return look;
}

static void
allow(struct sst_gate *gate, unsigned from, unsigned to)
{
	for (unsigned c = from; c <= to; c++)
		gate->first[c / 64] |= UINT64_C(1) << (c % 64);
}

/* What the text of a cell may begin with; record.c is at least as strict. */
static void
allow_cell(struct sst_gate *gate, const struct sst_cell *cell)
{
	switch (cell->conv) {
	case SST_CONV_TIME_CLF:
	case SST_CONV_TIME_ISO:
	case SST_CONV_TIME_EPOCH:
		allow(gate, '0', '9');
		break;
	case SST_CONV_STATUS:
	case SST_CONV_INT:
		allow(gate, '0', '9');
		allow(gate, '-', '-');
		allow(gate, '+', '+');
		break;
	case SST_CONV_NAME:
		allow(gate, 'a', 'z');
		allow(gate, 'A', 'Z');
		allow(gate, '0', '9');
		break;
	default:
		allow(gate, 0, 255);
	}
}

static uint16_t
bounded(size_t n)
{
	return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

void
sst_gate_make(struct sst_layout *layout)
{
	struct sst_gate *gate = &layout->gate;
	struct sst_gate_facts need = { .first = 0 };
	const struct sst_cell *cell = &layout->cells[0];
	const struct sst_step *step = &layout->steps[0];

	*gate = (struct sst_gate){ .length = 0 };
	if (layout->head.len > 0) {
		unsigned c = (uint8_t)layout->head.at[0];

		allow(gate, c, c);
	} else {
		allow_cell(gate, cell);
		/* The first field may be empty: then its end begins it. */
		if (step->literal.len > 0)
			allow(gate, (uint8_t)step->literal.at[0],
				(uint8_t)step->literal.at[0]);
		if (cell->is_padded)
			allow(gate, ' ', ' ');
	}
	count(&need, layout->head);
	for (size_t i = 0; i < layout->n; i++) {
		count(&need, layout->steps[i].literal);
		gate->has_clf |= layout->cells[i].conv == SST_CONV_TIME_CLF;
	}
	gate->quotes = bounded(need.quotes);
	gate->brackets = bounded(need.brackets);
	gate->blanks = bounded(need.blanks);
	gate->length = bounded(need.length);
}
