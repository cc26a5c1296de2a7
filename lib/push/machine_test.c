/* SPDX-License-Identifier: ISC */
/* Comparing values, and adding them. */
#include "push/machine_in.h"

#include <stdio.h>

static bool
fits_number(const struct sst_test *test, const struct sst_test_value *value,
	double left, double right)
{
	if (value->is_range)
		return left >= value->low && left <= value->high;
	switch (test->op) {
	case SST_TEST_LT:
		return left < right;
	case SST_TEST_LE:
		return left <= right;
	case SST_TEST_GT:
		return left > right;
	case SST_TEST_GE:
		return left >= right;
	case SST_TEST_EQ:
	case SST_TEST_NE:
	case SST_TEST_HAS:
	case SST_TEST_HAS_NOT:
		break;
	}
	return left >= right && left <= right;
}

static bool
contains(struct sst_span text, struct sst_span what)
{
	for (size_t i = 0; i + what.len <= text.len; i++)
		if (memcmp(text.at + i, what.at, what.len) == 0)
			return true;
	return false;
}

static bool
fits_value(struct sst_machine *m, const struct sst_test *test,
	const struct sst_test_value *value, struct sst_span text)
{
	bool is_order = test->op >= SST_TEST_LT && test->op <= SST_TEST_GE;
	struct sst_span right = value->text;
	double a, b = 0;

	if (value->is_kept) {
		if (!m->kept.is_there)
			return false;
		right = sst_value_text(&m->scratch, &m->kept);
	}
	if (test->op >= SST_TEST_HAS)
		return contains(text, right);
	if (sst_value_double(text, &a) &&
		(value->is_range || sst_value_double(right, &b)))
		return fits_number(test, value, a, b);
	return !is_order && !value->is_range && sst_span_eq(text, right);
}

bool
sst_machine_fits(struct sst_machine *m, const struct sst_test *test)
{
	bool is_negated =
		test->op == SST_TEST_NE || test->op == SST_TEST_HAS_NOT;
	struct sst_span text;

	if (!m->acc.is_there)
		return is_negated;
	sst_machine_spell(m, &m->acc);
	text = sst_value_text(&m->scratch, &m->acc);
	for (size_t i = 0; i < test->n; i++)
		if (fits_value(m, test, &test->values[i], text))
			return !is_negated;
	return is_negated;
}

/* Sums are of counts: whole numbers. */
void
sst_machine_add(struct sst_machine *m)
{
	double a, b;
	char text[64];
	size_t from = m->scratch.len;

	if (!m->left.is_there || !m->acc.is_there ||
		!sst_value_double(sst_value_text(&m->scratch, &m->left), &a) ||
		!sst_value_double(sst_value_text(&m->scratch, &m->acc), &b)) {
		m->acc = (struct sst_value){ 0 };
		return;
	}
	from = m->scratch.len;
	(void)snprintf(text, sizeof(text), "%.0f", a + b);
	sst_buf_put_span(&m->scratch, sst_span_of(text));
	m->acc = sst_value_number(
		sst_span(m->scratch.at + from, m->scratch.len - from));
}
