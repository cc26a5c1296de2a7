/* SPDX-License-Identifier: ISC */
/* The members of a line, put where the layout wants them. */
#include "record/members_parts.h"

#include "base/num.h"

/* Exponents beyond this say nothing about a request. */
#define EXPONENT_MAX 30

struct taking {
	struct sst_record *record;
	struct sst_work *work;
	const struct sst_members *m;
	size_t used;    /* of work->pairs */
	uint32_t found; /* needs that are met */
};

/* One object: which one it is, and what stands before the names in it. */
struct place {
	uint16_t node;
	struct sst_span prefix;
};

static bool take_all(struct taking *t, struct place place,
	const struct sst_pair *pairs, size_t n);

/* ---- values ---- */

static bool
is_absent(const struct taking *t, struct sst_span value)
{
	if (value.len == 0 || (value.len == 1 && value.at[0] == '-') ||
		(value.len == 3 && memcmp(value.at, "N/A", 3) == 0))
		return true;
	for (size_t i = 0; i < t->m->absent_count; i++)
		if (sst_span_eq(value, t->m->absent[i]))
			return true;
	return false;
}

static bool
is_one_of(struct sst_span value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (sst_span_is(value, *words))
			return true;
	return false;
}

/* Does the value look like what the cell should be? */
static bool
suits(const struct sst_cell *cell, struct sst_span value)
{
	static const char *const truths[] = { "true", "false", "1", "0", NULL };

	switch (cell->conv) {
	case SST_CONV_HIT:
	case SST_CONV_MISS:
		return is_one_of(value, truths);
	case SST_CONV_FLAG:
		return value.len == 1 || is_one_of(value, truths);
	case SST_CONV_ELAPSED:
		return (value.at[0] >= '0' && value.at[0] <= '9') ||
		       value.at[0] == '-';
	default:
		return sst_cell_fits(cell, value);
	}
}

/* A sentinel of numbers: nothing was there to count. */
static bool
is_sentinel(const struct sst_cell *cell, struct sst_span value)
{
	static const char *const none[] = { "0", "-1", NULL };

	return (cell->conv == SST_CONV_STATUS ||
		       sst_span_is(cell->key, "upstream_status")) &&
	       is_one_of(value, none);
}

/* 1.25e-05 as 0.0000125: conversions know no exponents. */
static struct sst_span
without_exponent(struct sst_work *work, struct sst_span number)
{
	size_t e = 0, point;
	struct sst_span digits;
	int64_t places;
	bool is_plus;

	while (e < number.len && (number.at[e] | 0x20) != 'e')
		e++;
	if (e == number.len)
		return number;
	is_plus = number.at[e + 1] == '+';
	if (!sst_num_i64(sst_span_from(number, e + 1 + is_plus), &places) ||
		places > EXPONENT_MAX || places < -EXPONENT_MAX)
		return number;
	digits = sst_span_head(number, e);
	point = sst_span_find(digits, '.');
	sst_buf_reset(&work->buf);
	if (places <= 0) {
		if (!sst_num_put_shifted(&work->buf, digits, (int)-places))
			return number;
		return sst_arena_copy(&work->room, sst_buf_span(&work->buf));
	}
	/* Digits move from behind the point to before it. */
	sst_buf_put_span(&work->buf, sst_span_head(digits, point));
	for (size_t i = point + 1; places > 0; places--, i++)
		sst_buf_byte(&work->buf, i < digits.len ? digits.at[i] : '0');
	return sst_arena_copy(&work->room, sst_buf_span(&work->buf));
}

/* The elements of an array behind the pairs in use; 0 when there are none, or
 * too many. */
static size_t
elements(struct taking *t, struct sst_span array)
{
	enum sst_reason why;
	size_t n = 0;

	if (sst_scan_array(array, t->work->pairs + t->used,
		    SST_MEMBERS_MAX - t->used, &n, &why) != SST_OK)
		return 0;
	return n;
}

/* An array as one value: its one element, or all of them in a list. What came
 * is changed in place; false: there is nothing in it. */
static bool
unwrap(struct taking *t, struct sst_pair *pair)
{
	struct sst_buf *buf = &t->work->buf;
	size_t n;

	while (pair->kind == SST_KIND_ARRAY) {
		const struct sst_pair *item = t->work->pairs + t->used;

		n = elements(t, pair->value);
		if (n == 0)
			return false;
		if (n == 1) {
			pair->kind = item->kind;
			pair->value = item->value;
			continue;
		}
		sst_buf_reset(buf);
		for (size_t i = 0; i < n; i++) {
			if (i > 0)
				SST_BUF_PUT(buf, ", ");
			sst_buf_put_span(buf, item[i].value);
		}
		pair->kind = SST_KIND_STRING;
		pair->value = sst_arena_copy(&t->work->room, sst_buf_span(buf));
		return pair->value.at != NULL;
	}
	return pair->kind != SST_KIND_NULL;
}

/* ---- cells ---- */

/* True: the value is dealt with. False: it is to be kept under its own name. */
static bool
take_cell(struct taking *t, size_t i, struct sst_pair pair)
{
	const struct sst_cell *cell = &t->record->layout->cells[i];

	if (t->record->value[i].len > 0)
		return false; /* the second one of a name */
	if (!unwrap(t, &pair) || is_absent(t, pair.value))
		return true;
	if (pair.kind == SST_KIND_OBJECT)
		return false;
	if (pair.kind == SST_KIND_NUMBER)
		pair.value = without_exponent(t->work, pair.value);
	if (pair.value.at == NULL || is_sentinel(cell, pair.value))
		return true;
	if (!suits(cell, pair.value))
		return false;
	sst_record_set(t->record, i, pair.value);
	return true;
}

static bool
is_time(const struct sst_cell *cell)
{
	return sst_span_is(cell->key, "time");
}

/* Of several members of one key the first stays; the others are kept under
 * their own names where they say something else. */
static bool
settle(struct taking *t)
{
	struct sst_record *r = t->record;
	const struct sst_layout *layout = r->layout;

	for (size_t i = 1; i < layout->n; i++) {
		size_t k = t->m->primary[i];

		if (!layout->cells[i].is_other_way || r->value[i].len == 0)
			continue;
		while (k < i && (t->m->primary[k] != t->m->primary[i] ||
					r->value[k].len == 0))
			k++;
		if (k == i)
			continue;
		if (!is_time(&layout->cells[i]) && !t->m->is_shared[i] &&
			!sst_span_eq(r->value[i], r->value[k]) &&
			!sst_record_add(r,
				(struct sst_own_key){
					sst_span("", 0), t->m->own[i] },
				SST_KIND_STRING, r->value[i]))
			return false;
		r->value[i] = sst_span("", 0);
	}
	return true;
}

/* ---- what no path names ---- */

/* The name of a member in its place: a star's prefix comes in its stead. */
static struct sst_own_key
name_of(const struct taking *t, struct place place, struct sst_span key)
{
	for (size_t i = 0; place.node != 0 && i < t->m->star_count; i++) {
		const struct sst_star *star = &t->m->stars[i];

		if (star->node == place.node && key.len > star->head.len &&
			sst_span_eq_nocase(
				sst_span_head(key, star->head.len), star->head))
			return (struct sst_own_key){ star->own,
				sst_span_from(key, star->head.len) };
	}
	return (struct sst_own_key){ place.prefix, key };
}

/* The members of a nested object. */
static bool
descend(struct taking *t, uint16_t node, struct sst_own_key key,
	struct sst_span object)
{
	const struct sst_pair *pairs = t->work->pairs + t->used;
	struct place place = { node, { "", 0 } };
	char *prefix;
	size_t n = 0, len = 0;
	bool is_good;

	if (sst_scan_object(object, t->work->pairs + t->used,
		    SST_MEMBERS_MAX - t->used, &n, &t->work->why) != SST_OK)
		return false;
	prefix = sst_arena_take(
		&t->work->room, key.prefix.len + key.name.len + 1);
	if (prefix == NULL)
		return false;
	memcpy(prefix, key.prefix.at, key.prefix.len);
	len = key.prefix.len;
	for (size_t i = 0; i < key.name.len && len < SST_OWN_NAME_MAX; i++)
		prefix[len++] = sst_own_byte(key.name.at[i]);
	prefix[len++] = '_';
	place.prefix = sst_span(prefix, len);
	t->used += n;
	is_good = take_all(t, place, pairs, n);
	t->used -= n;
	return is_good;
}

/* A string that holds an object, where a path goes on. */
static bool
take_text_object(struct taking *t, uint16_t node, struct sst_own_key key,
	struct sst_span inside, bool *is_taken)
{
	struct sst_buf *buf = &t->work->buf;
	struct sst_span object;
	enum sst_reason why;
	size_t n;

	*is_taken = false;
	sst_buf_reset(buf);
	sst_json_put_unescaped(buf, inside);
	object = sst_arena_copy(&t->work->room, sst_buf_span(buf));
	if (object.at == NULL ||
		sst_scan_object(object, t->work->pairs + t->used,
			SST_MEMBERS_MAX - t->used, &n, &why) != SST_OK)
		return true;
	*is_taken = true;
	return descend(t, node, key, object);
}

static bool
take_other(struct taking *t, struct place place, uint16_t child,
	struct sst_pair pair)
{
	struct sst_own_key key = name_of(t, place, pair.key);
	bool is_taken = false;

	if (!unwrap(t, &pair))
		return true;
	if (pair.kind == SST_KIND_OBJECT)
		return descend(t, child, key, pair.value);
	if (pair.kind == SST_KIND_STRING && is_absent(t, pair.value))
		return true;
	if (child != 0 && pair.kind == SST_KIND_STRING &&
		pair.value.at[0] == '{') {
		if (!take_text_object(t, child, key, pair.value, &is_taken))
			return false;
		if (is_taken)
			return true;
	}
	return sst_record_add(
		t->record, key, (enum sst_kind)pair.kind, pair.value);
}

/* ---- needs ---- */

static void
meet_needs(struct taking *t, const struct sst_entry *entry,
	const struct sst_pair *pair)
{
	size_t number = (size_t)(entry - t->m->entries);

	if (pair->kind == SST_KIND_NULL)
		return;
	t->found |= entry->needs;
	for (size_t i = 0; i < t->m->need_count; i++)
		if (t->m->needs[i].entry == number &&
			sst_span_eq(t->m->needs[i].text, pair->value))
			t->found |= t->m->needs[i].bit;
}

/* A member whose name was spelled with escapes: the name itself. */
static bool
plain_name(struct taking *t, struct sst_pair *pair)
{
	sst_buf_reset(&t->work->buf);
	sst_json_put_unescaped(&t->work->buf, pair->key);
	pair->key = sst_arena_copy(&t->work->room, sst_buf_span(&t->work->buf));
	return pair->key.at != NULL;
}

static bool
take_one(struct taking *t, struct place place, struct sst_pair pair)
{
	const struct sst_entry *entry = NULL;

	if (SST_UNLIKELY(pair.flags & SST_PAIR_KEY_ESCAPED) &&
		!plain_name(t, &pair))
		return false;
	if (place.node != 0)
		entry = sst_entry_find(t->m, place.node, pair.key);
	if (entry == NULL)
		return take_other(t, place, 0, pair);
	meet_needs(t, entry, &pair);
	if (entry->also >= 0)
		(void)take_cell(t, (size_t)entry->also, pair);
	if (entry->cell >= 0 && take_cell(t, (size_t)entry->cell, pair))
		return true;
	return take_other(t, place, entry->child, pair);
}

/* The recursion is as deep as the scanner lets objects nest. */
static bool
take_all(struct taking *t, struct place place, const struct sst_pair *pairs,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!take_one(t, place, pairs[i]))
			return false;
	return true;
}

/* May the line have what the layout needs? Seen from the names of its outermost
 * object alone, so that many layouts can be asked. */
static bool
may_fit(const struct sst_members *m, const struct sst_pair *pairs, size_t n)
{
	uint32_t found = 0;

	for (size_t i = 0; i < n && found != m->all_needs; i++) {
		const struct sst_entry *entry;

		/* A name with escapes may be any. */
		if (pairs[i].flags & SST_PAIR_KEY_ESCAPED)
			return true;
		entry = sst_entry_find(m, SST_NODE_LINE, pairs[i].key);
		if (entry != NULL && pairs[i].kind != SST_KIND_NULL)
			found |= entry->leads;
	}
	return found == m->all_needs;
}

bool
sst_members_take(struct sst_record *record, size_t n)
{
	const struct sst_layout *layout = record->layout;
	struct sst_work *work = record->work;
	struct taking t = {
		.record = record,
		.work = work,
		.m = layout->members,
		.used = n,
	};
	const struct place line = { SST_NODE_LINE, { "", 0 } };

	if (layout != work->fitted && !may_fit(t.m, work->pairs, n))
		return false;
	sst_record_clear(record);
	if (!take_all(&t, line, work->pairs, n) || t.found != t.m->all_needs ||
		!settle(&t))
		return false;
	work->fitted = layout;
	return true;
}
