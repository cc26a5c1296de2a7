/* SPDX-License-Identifier: ISC */
#include "event/where.h"

#include "base/num.h"
#include "event/where_parts.h"

#include <stdlib.h>

/* Longer ones than a double has digits are compared as text. */
#define NUMBER_MAX 64

/* All conditions of a command line together. */
#define ROOM ((size_t)4 * 1024 * 1024)

struct names {
	struct sst_span *at;
	size_t n;
};

struct sst_where {
	struct sst_arena arena;
	struct sst_where_condition *conditions;
	size_t n;
	struct names only, skip;
	/* Of an object or array that a condition looks into. */
	struct sst_pair pairs[SST_EVENT_PAIRS];
};

static bool
copy_names(struct names *out, struct sst_arena *arena, const char *const *names,
	size_t n)
{
	out->at = sst_arena_zero(arena, n * sizeof(*out->at));
	if (out->at == NULL)
		return false;
	for (; out->n < n; out->n++) {
		out->at[out->n] =
			sst_arena_copy(arena, sst_span_of(names[out->n]));
		if (out->at[out->n].at == NULL)
			return false;
	}
	return true;
}

enum sst_status
sst_where_open(struct sst_where **out, const struct sst_where_asked *asked,
	struct sst_err *err)
{
	struct sst_where *where = calloc(1, sizeof(*where));
	enum sst_status status = SST_OK;

	*out = NULL;
	if (where == NULL)
		return sst_fail_memory(err, "conditions");
	sst_arena_init(&where->arena, ROOM);
	where->conditions = sst_arena_zero(
		&where->arena, asked->where_count * sizeof(*where->conditions));
	if (where->conditions == NULL ||
		!copy_names(&where->only, &where->arena, asked->only,
			asked->only_count) ||
		!copy_names(&where->skip, &where->arena, asked->skip,
			asked->skip_count))
		status = sst_fail_memory(err, "conditions");
	while (status == SST_OK && where->n < asked->where_count) {
		status = sst_where_parse(&where->conditions[where->n],
			&where->arena, asked->where[where->n], err);
		where->n++;
	}
	if (status != SST_OK)
		sst_where_close(where);
	else
		*out = where;
	return status;
}

bool
sst_where_asks(const struct sst_where *where, enum sst_field field)
{
	for (size_t i = 0; i < where->n; i++)
		if (where->conditions[i].field == field)
			return true;
	return false;
}

void
sst_where_close(struct sst_where *where)
{
	if (where == NULL)
		return;
	for (size_t i = 0; i < where->n; i++)
		sst_match_close(where->conditions[i].match);
	sst_arena_release(&where->arena);
	free(where);
}

static double
double_of(struct sst_span text)
{
	char digits[NUMBER_MAX + 1];

	memcpy(digits, text.at, text.len);
	digits[text.len] = '\0';
	return strtod(digits, NULL);
}

/* As numbers, both being JSON's. */
static int
order_of_numbers(struct sst_span a, struct sst_span b)
{
	int64_t i, k;
	double x, y;

	if (sst_num_i64(a, &i) && sst_num_i64(b, &k))
		return (i > k) - (i < k);
	if (a.len > NUMBER_MAX || b.len > NUMBER_MAX)
		return sst_span_order(a, b);
	x = double_of(a);
	y = double_of(b);
	return (x > y) - (x < y);
}

static bool
is_in_order(const struct sst_where_condition *c, const struct sst_pair *pair,
	struct sst_span text)
{
	/* A string is a number only where its size is asked for: versions
	 * 1.1 and 1.10 are not equal. */
	bool is_number =
		c->is_number &&
		(pair->kind == SST_KIND_NUMBER ||
			(c->fits != SST_WHERE_EQUAL && sst_num_is_json(text)));
	int order = is_number ? order_of_numbers(text, c->value)
			      : sst_span_order(text, c->value);
	unsigned outcome = order < 0   ? SST_WHERE_LESS
			   : order > 0 ? SST_WHERE_MORE
				       : SST_WHERE_EQUAL;

	return (c->fits & outcome) != 0;
}

static bool
is_in_list(const struct sst_where_condition *c, struct sst_span text)
{
	struct sst_ip ip;
	bool is_ip = sst_ip_read(text, &ip);

	for (size_t i = 0; i < c->n; i++) {
		const struct sst_where_item *item = &c->items[i];

		if (sst_span_eq(text, item->word) ||
			(is_ip && item->is_net && sst_net_has(&item->net, &ip)))
			return true;
	}
	return false;
}

/* Does one value fit, before negation? */
static enum sst_match_result
try_value(const struct sst_where_condition *c, struct sst_event *event,
	const struct sst_pair *pair)
{
	struct sst_span text = sst_event_pair_text(event, pair);
	bool is_fit = false;

	switch (c->kind) {
	case SST_WHERE_MATCH:
		return sst_match_find(c->match, text, 0, NULL);
	case SST_WHERE_IN:
		is_fit = is_in_list(c, text);
		break;
	case SST_WHERE_ORDER:
		is_fit = is_in_order(c, pair, text);
		break;
	}
	return is_fit ? SST_MATCH_YES : SST_MATCH_NO;
}

/* The pair that a condition speaks of, or NULL. */
static const struct sst_pair *
find(struct sst_where *where, const struct sst_where_condition *c,
	struct sst_event *event)
{
	const struct sst_pair *pair;
	enum sst_reason why;
	size_t n;

	if (c->field == SST_F_OTHER)
		return sst_event_find(event, c->key);
	pair = sst_event_get(event, c->field);
	if (pair == NULL || !c->is_nested)
		return pair;
	if (pair->kind != SST_KIND_OBJECT ||
		sst_scan_object(pair->value, where->pairs, SST_EVENT_PAIRS, &n,
			&why) != SST_OK)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (where->pairs[i].kind != SST_KIND_NULL &&
			sst_span_eq(
				sst_event_key(event, &where->pairs[i]), c->key))
			return &where->pairs[i];
	return NULL;
}

/* Of an array it is enough that one element fits. */
static enum sst_match_result
try_array(struct sst_where *where, const struct sst_where_condition *c,
	struct sst_event *event, const struct sst_pair *pair)
{
	enum sst_match_result result = SST_MATCH_NO;
	enum sst_reason why;
	size_t n;

	if (sst_scan_array(pair->value, where->pairs, SST_EVENT_PAIRS, &n,
		    &why) != SST_OK)
		return SST_MATCH_LIMIT;
	for (size_t i = 0; i < n && result != SST_MATCH_YES; i++) {
		enum sst_match_result one =
			try_value(c, event, &where->pairs[i]);

		if (one != SST_MATCH_NO)
			result = one;
	}
	return result;
}

static bool
holds(struct sst_where *where, const struct sst_where_condition *c,
	struct sst_event *event)
{
	const struct sst_pair *pair = find(where, c, event);
	enum sst_match_result result = SST_MATCH_NO;

	if (pair != NULL)
		result = pair->kind == SST_KIND_ARRAY
				 ? try_array(where, c, event, pair)
				 : try_value(c, event, pair);
	/* Past a limit nothing is known: neither fits. */
	return result == (c->is_negated ? SST_MATCH_NO : SST_MATCH_YES);
}

static bool
has_name(const struct names *names, struct sst_span name)
{
	for (size_t i = 0; i < names->n; i++)
		if (sst_span_eq(names->at[i], name))
			return true;
	return false;
}

bool
sst_where_keeps(struct sst_where *where, struct sst_event *event)
{
	if (where == NULL)
		return true;
	if (where->only.n > 0 || where->skip.n > 0) {
		struct sst_span name = sst_event_text(event, SST_F_EVENT);

		if (where->only.n > 0 &&
			(name.at == NULL || !has_name(&where->only, name)))
			return false;
		if (name.at != NULL && has_name(&where->skip, name))
			return false;
	}
	for (size_t i = 0; i < where->n; i++)
		if (!holds(where, &where->conditions[i], event))
			return false;
	return true;
}
