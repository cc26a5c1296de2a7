/* SPDX-License-Identifier: ISC */
/* Objects and arrays, member by member. */
#include "base/num.h"
#include "redact/work.h"
#include "text/scan.h"

/* A member's name behind "props."; a longer one is nobody's rule. */
#define NAME_MAX_LEN ((size_t)128)

struct walk {
	struct sst_redactor *r;
	struct sst_span top; /* the event's key */
	uint32_t done;
	bool is_changed;
};

static bool put_value(struct walk *w, const struct sst_plan *plan,
	const struct sst_pair *pair, struct sst_span key, size_t depth);

/* The decoded form of a string, padded; good until the next call. */
static struct sst_span
decoded(struct sst_redactor *r, struct sst_span inside, bool is_escaped)
{
	sst_buf_reset(&r->text);
	if (is_escaped)
		sst_json_put_unescaped(&r->text, inside);
	else
		sst_buf_put_span(&r->text, inside);
	return r->text.len == 0 ? sst_span("", 0) : sst_buf_span(&r->text);
}

/* Room for the pairs of one level, taken once and kept. */
static struct sst_pair *
pairs_of(struct sst_redactor *r, size_t depth)
{
	if (depth > SST_SCAN_DEPTH)
		return NULL;
	if (r->pairs[depth] == NULL)
		r->pairs[depth] = sst_arena_take(
			&r->arena, SST_EVENT_PAIRS * sizeof(r->pairs[0][0]));
	return r->pairs[depth];
}

/* The plan of a member: of props and params by its name, deeper ones have
 * that of the member they are in. */
static const struct sst_plan *
plan_of(const struct walk *w, const struct sst_plan *plan, struct sst_span name,
	size_t depth)
{
	char key[sizeof("params.") + NAME_MAX_LEN];
	size_t len = w->top.len;

	if (depth > 0 || (!sst_span_is(w->top, "props") &&
				 !sst_span_is(w->top, "params")))
		return plan;
	if (name.len > NAME_MAX_LEN)
		name.len = 0;
	memcpy(key, w->top.at, len);
	key[len++] = '.';
	memcpy(key + len, name.at, name.len);
	return sst_policy_plan(
		&w->r->loose, sst_span(key, len + name.len), NULL);
}

/* A name can be personal as well: then the member goes. */
static bool
is_clean_name(struct walk *w, struct sst_span name)
{
	const struct sst_found *found;
	size_t n;

	if (!sst_find_is_possible(name))
		return true;
	n = sst_find(w->r->finder, name, sst_span("", 0), &found);
	for (size_t i = 0; i < n; i++)
		w->done |= 1U << found[i].kind;
	return n == 0;
}

static bool
put_member(struct walk *w, const struct sst_plan *plan,
	const struct sst_pair *pair, size_t depth)
{
	struct sst_buf *to = &w->r->nested;
	char name[NAME_MAX_LEN];
	struct sst_span key =
		decoded(w->r, pair->key, pair->flags & SST_PAIR_KEY_ESCAPED);

	if (!is_clean_name(w, key))
		return false;
	plan = plan_of(w, plan, key, depth);
	if (plan->steps[0].action == SST_ACT_ALLOW &&
		!sst_step_has_word(&plan->steps[0], key)) {
		w->done |= 1U << (SST_DONE_ACTION + SST_ACT_ALLOW);
		return false;
	}
	/* r->text is the value's next. */
	if (key.len > NAME_MAX_LEN)
		key.len = NAME_MAX_LEN;
	memcpy(name, key.at, key.len);
	key.at = name;
	sst_buf_byte(to, '"');
	sst_buf_put_span(to, pair->key);
	SST_BUF_PUT(to, "\":");
	return put_value(w, plan, pair, key, depth + 1);
}

/* The members of an object or elements of an array. What cannot be taken apart
 * cannot be passed. */
static bool
put_children(struct walk *w, const struct sst_plan *plan,
	const struct sst_pair *parent, struct sst_span key, size_t depth)
{
	bool is_object = parent->kind == SST_KIND_OBJECT;
	struct sst_buf *to = &w->r->nested;
	struct sst_pair *pairs = pairs_of(w->r, depth);
	enum sst_reason why;
	size_t n, kept = 0;

	if (pairs == NULL ||
		(is_object ? sst_scan_object(parent->value, pairs,
				     SST_EVENT_PAIRS, &n, &why)
			   : sst_scan_array(parent->value, pairs,
				     SST_EVENT_PAIRS, &n, &why)) != SST_OK)
		return false;
	sst_buf_byte(to, is_object ? '{' : '[');
	for (size_t i = 0; i < n; i++) {
		size_t before = to->len;

		if (kept > 0)
			sst_buf_byte(to, ',');
		if (is_object ? put_member(w, plan, &pairs[i], depth)
			      : put_value(w, plan, &pairs[i], key, depth + 1)) {
			kept++;
		} else {
			to->len = before;
			w->is_changed = true;
		}
	}
	sst_buf_byte(to, is_object ? '}' : ']');
	return true;
}

static void
put_as_is(struct sst_buf *to, const struct sst_pair *pair)
{
	bool is_string = pair->kind == SST_KIND_STRING;

	if (is_string)
		sst_buf_byte(to, '"');
	sst_buf_put_span(to, pair->value);
	if (is_string)
		sst_buf_byte(to, '"');
}

static void
put_string(struct sst_buf *to, struct sst_span text)
{
	sst_buf_byte(to, '"');
	sst_json_put_escaped(to, text);
	sst_buf_byte(to, '"');
}

/* A string, number or truth value. */
static bool
put_leaf(struct walk *w, const struct sst_plan *plan,
	const struct sst_pair *pair, struct sst_span key)
{
	static const struct sst_step scan = { .action = SST_ACT_SCAN };
	static const struct sst_plan scan_plan = { (struct sst_step *)&scan,
		1 };
	struct sst_redactor *r = w->r;
	bool is_string = pair->kind == SST_KIND_STRING;
	struct sst_subject subject = { .key = key, .field = SST_F_OTHER };
	struct sst_span result;
	enum sst_change change;

	/* `allow` has let the member in; its value is scanned. */
	if (plan->steps[0].action == SST_ACT_ALLOW)
		plan = &scan_plan;
	subject.text = decoded(
		r, pair->value, is_string && (pair->flags & SST_PAIR_ESCAPED));
	change = sst_plan_run(r, plan, &subject, &result);
	w->done |= subject.done;
	if (change == SST_GONE)
		return false;
	w->is_changed = w->is_changed || change == SST_CHANGED;
	if (change == SST_SAME)
		put_as_is(&r->nested, pair);
	else if (!is_string && sst_num_is_json(result))
		sst_buf_put_span(&r->nested, result);
	else
		put_string(&r->nested, result);
	return true;
}

/* False: the value must be left out. */
static bool
put_value(struct walk *w, const struct sst_plan *plan,
	const struct sst_pair *pair, struct sst_span key, size_t depth)
{
	switch (plan->steps[0].action) {
	case SST_ACT_DROP:
		w->done |= 1U << (SST_DONE_ACTION + SST_ACT_DROP);
		return false;
	case SST_ACT_KEEP:
		if (plan->n > 1)
			break;
		put_as_is(&w->r->nested, pair);
		return true;
	default:
		break;
	}
	if (pair->kind == SST_KIND_OBJECT || pair->kind == SST_KIND_ARRAY)
		return put_children(w, plan, pair, key, depth);
	if (pair->kind == SST_KIND_NULL) {
		sst_buf_put_span(&w->r->nested, pair->value);
		return true;
	}
	return put_leaf(w, plan, pair, key);
}

enum sst_change
sst_nested_run(struct sst_redactor *r, const struct sst_plan *plan,
	const struct sst_pair *pair, struct sst_span name)
{
	struct walk w = { .r = r, .top = name };
	bool is_kept;

	sst_buf_reset(&r->nested);
	is_kept = put_children(&w, plan, pair, name, 0);
	r->counts->found += (w.done & SST_FOUND_ALL) != 0;
	/* An object that has lost all it had goes. */
	if (w.is_changed && r->nested.len <= 2)
		is_kept = false;
	if (!is_kept || r->nested.is_short) {
		sst_redact_note(r, name,
			w.done != 0 ? w.done
				    : 1U << (SST_DONE_ACTION + SST_ACT_DROP),
			sst_span("", 0));
		return SST_GONE;
	}
	if (!w.is_changed)
		return SST_SAME;
	sst_redact_note(r, name, w.done, sst_span("", 0));
	return SST_CHANGED;
}
