/* SPDX-License-Identifier: ISC */
/* Asking a document that was read. */
#include "text/doc.h"

#include "base/num.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* So many digits fit an int64_t, whatever they are. */
#define SAFE_DIGITS 18

static const struct sst_doc_node *
find(const struct sst_doc_node *object, struct sst_span name)
{
	const struct sst_doc_node *member;

	if (object == NULL || object->kind != SST_DOC_OBJECT)
		return NULL;
	for (member = object->first; member != NULL; member = member->next)
		if (sst_span_eq(member->name, name))
			break;
	return member;
}

const struct sst_doc_node *
sst_doc_member(const struct sst_doc_node *object, const char *name)
{
	return find(object, sst_span_of(name));
}

struct sst_span
sst_doc_text(const struct sst_doc_node *object, const char *name)
{
	const struct sst_doc_node *member = sst_doc_member(object, name);

	if (member == NULL || member->kind != SST_DOC_STRING)
		return (struct sst_span){ NULL, 0 };
	return member->text;
}

bool
sst_doc_i64(const struct sst_doc_node *object, const char *name, int64_t *out)
{
	const struct sst_doc_node *member = sst_doc_member(object, name);

	return member != NULL && member->kind == SST_DOC_NUMBER &&
	       sst_num_i64(member->text, out);
}

bool
sst_doc_is_true(const struct sst_doc_node *object, const char *name)
{
	const struct sst_doc_node *member = sst_doc_member(object, name);

	return member != NULL && member->kind == SST_DOC_TRUE;
}

enum sst_status
sst_doc_fail(struct sst_err *err, const char *path,
	const struct sst_doc_node *at, const char *format, ...)
{
	char text[SST_ERR_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return sst_fail(err, SST_ECONFIG, "%s:%u:%u: %s", path,
		(unsigned)at->line, (unsigned)at->column, text);
}

const struct sst_doc_node *
sst_doc_unknown_member(
	const struct sst_doc_node *object, const char *const *known)
{
	const struct sst_doc_node *member;

	if (object == NULL || object->kind != SST_DOC_OBJECT)
		return NULL;
	for (member = object->first; member != NULL; member = member->next) {
		const char *const *name = known;

		while (*name != NULL && !sst_span_is(member->name, *name))
			name++;
		if (*name == NULL)
			break;
	}
	return member;
}

static bool
is_integer(struct sst_span text)
{
	size_t sign = text.len > 0 && text.at[0] == '-';

	for (size_t i = sign; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return text.len - sign <= SAFE_DIGITS;
}

static bool
number_eq(struct sst_span a, struct sst_span b)
{
	double x, y;

	if (sst_span_eq(a, b))
		return true;
	if (is_integer(a) && is_integer(b)) {
		int64_t i, k;

		return sst_num_i64(a, &i) && sst_num_i64(b, &k) && i == k;
	}
	/* A NUL follows each, and the grammar is checked. What no double holds
	 * equals itself only. */
	x = strtod(a.at, NULL);
	y = strtod(b.at, NULL);
	return isfinite(x) && x >= y && x <= y;
}

static bool
object_eq(const struct sst_doc_node *a, const struct sst_doc_node *b)
{
	/* Most often both have the same order. */
	const struct sst_doc_node *next = b->first;

	for (const struct sst_doc_node *m = a->first; m != NULL; m = m->next) {
		const struct sst_doc_node *other =
			next != NULL && sst_span_eq(next->name, m->name)
				? next
				: find(b, m->name);

		if (other == NULL || !sst_doc_eq(m, other))
			return false;
		next = other->next;
	}
	return true;
}

bool
sst_doc_eq(const struct sst_doc_node *a, const struct sst_doc_node *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	switch (a->kind) {
	case SST_DOC_NUMBER:
		return number_eq(a->text, b->text);
	case SST_DOC_STRING:
		return sst_span_eq(a->text, b->text);
	case SST_DOC_ARRAY:
		a = a->first;
		b = b->first;
		for (; a != NULL && b != NULL; a = a->next, b = b->next)
			if (!sst_doc_eq(a, b))
				return false;
		return true;
	case SST_DOC_OBJECT:
		return object_eq(a, b);
	case SST_DOC_NULL:
	case SST_DOC_FALSE:
	case SST_DOC_TRUE:
		break;
	}
	return true;
}
