/* SPDX-License-Identifier: ISC */
/* References: names, alternatives, conversions; and tables for map:. */
#include "push/compile_in.h"

#include "base/num.h"
#include "event/field.h"
#include "push/value.h"

/* ---- lets ---- */

const struct sst_doc_node *
sst_let_find(struct sst_compiler *c, struct sst_span name)
{
	const struct sst_doc_node *let;

	if (c->lets == NULL)
		return NULL;
	for (let = c->lets->first; let != NULL; let = let->next)
		if (sst_span_eq(let->name, name))
			return let;
	return NULL;
}

static bool
is_group(const struct sst_compiler *c, struct sst_span name)
{
	if (c->group_by == NULL)
		return false;
	for (const struct sst_doc_node *at = c->group_by->first; at != NULL;
		at = at->next)
		if (sst_span_eq(at->text, name))
			return true;
	return false;
}

struct sst_let_place
sst_let_enter(struct sst_compiler *c, const struct sst_doc_node *let)
{
	struct sst_let_place place = { c->let, c->node, c->is_grouped };
	const struct sst_doc_node *at;
	unsigned n = 0;

	for (at = c->lets->first; at != NULL && at != let; at = at->next)
		n++;
	if (n < 64)
		c->lets_used |= UINT64_C(1) << n;
	/* A let that is being inlined may only use those before it. */
	for (at = let; c->let != NULL && at != NULL; at = at->next)
		if (at == c->let)
			break;
	if (c->let != NULL && (at == NULL || let == c->let))
		sst_compile_fail(c, c->node,
			"'%.*s' is not defined before this", (int)let->name.len,
			let->name.at);
	c->let = let;
	c->is_grouped = c->is_grouped || is_group(c, let->name);
	return place;
}

void
sst_let_leave(struct sst_compiler *c, struct sst_let_place place)
{
	c->let = place.let;
	c->node = place.node;
	c->is_grouped = place.is_grouped;
}

/* ---- names ---- */

static const struct sst_api_setting *
find_setting(const struct sst_api_settings *all, struct sst_span name)
{
	for (size_t i = 0; i < all->n; i++)
		if (sst_span_eq(all->at[i].name, name))
			return &all->at[i];
	return NULL;
}

static void
refer_setting(struct sst_compiler *c, struct sst_span name, bool is_secret)
{
	const struct sst_api_setting *setting =
		find_setting(is_secret ? &c->secrets : &c->settings, name);
	struct sst_span value;

	if (setting == NULL) {
		sst_compile_fail(c, c->node, "there is no %s '%.*s'",
			is_secret ? "secret" : "setting", (int)name.len,
			name.at);
		return;
	}
	if (is_secret && !(c->refs & SST_REFS_SECRET)) {
		sst_compile_fail(c, c->node, "a secret may not stand here");
		return;
	}
	value = setting->value;
	if (!setting->is_there) {
		(void)sst_emit(c, SST_OP_ABSENT, 0, 0, 0);
		return;
	}
	switch (setting->type) {
	case SST_SETTING_INT:
	case SST_SETTING_DURATION:
	case SST_SETTING_SIZE:
		sst_emit_text(c, SST_OP_NUMBER, 0, value);
		return;
	case SST_SETTING_BOOL:
		(void)sst_emit(c,
			sst_span_is(value, "true") ? SST_OP_TRUE : SST_OP_FALSE,
			0, 0, 0);
		return;
	case SST_SETTING_URL:
		/* "https://h/" and "/path" meet in one slash. */
		if (c->joins_path && value.len > 0 &&
			value.at[value.len - 1] == '/')
			value.len--;
		break;
	case SST_SETTING_STRING:
	case SST_SETTING_CHOICE:
	case SST_SETTING_UUID:
		break;
	}
	sst_emit_text(c, SST_OP_STRING, 0, value);
}

static void
refer_let(struct sst_compiler *c, const struct sst_doc_node *let)
{
	struct sst_let_place place = sst_let_enter(c, let);

	if (c->status == SST_OK)
		sst_value_to_acc(c, let);
	sst_let_leave(c, place);
}

/* May an event key stand here? `name` as group_by would spell it. */
static bool
may_use_event(struct sst_compiler *c, struct sst_span name)
{
	c->uses_event = true;
	if (c->refs & SST_REFS_EVENT)
		return true;
	if (!(c->refs & SST_REFS_GROUP)) {
		sst_compile_fail(c, c->node,
			"the event's '%.*s' is not known here", (int)name.len,
			name.at);
		return false;
	}
	if (c->is_single || c->is_grouped || is_group(c, name))
		return true;
	sst_compile_fail(c, c->node,
		"'%.*s' differs between the events of a request: name it in "
		"group_by",
		(int)name.len, name.at);
	return false;
}

/* "a.0.b" to names with a NUL behind each. */
static void
emit_path(struct sst_compiler *c, enum sst_op_code code, struct sst_span path)
{
	char *copy;
	struct sst_span all = { NULL, 0 };

	if (path.len > 0) {
		copy = sst_arena_take(c->arena, path.len + 1);
		if (copy == NULL) {
			c->status = sst_fail_memory(c->err, c->path);
			return;
		}
		for (size_t i = 0; i < path.len; i++)
			copy[i] = path.at[i] == '.' ? '\0' : path.at[i];
		copy[path.len] = '\0';
		all = sst_span(copy, path.len + 1);
	}
	sst_emit_text(c, code, 0, all);
}

static bool
takes(struct sst_span *name, const char *head)
{
	struct sst_span text = sst_span_of(head);

	if (!sst_span_starts(*name, text) || name->len == text.len)
		return false;
	*name = sst_span_from(*name, text.len);
	return true;
}

/* Names that only answers have. */
static bool
refer_answer(struct sst_compiler *c, struct sst_span name)
{
	static const struct {
		const char *name;
		enum sst_op_code code;
	} whole[] = {
		{ "status", SST_OP_STATUS },
		{ "error", SST_OP_ERROR },
		{ "body", SST_OP_BODY },
		{ "sent", SST_OP_SENT },
		{ "json", SST_OP_JSON },
	};

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (sst_span_is(name, whole[i].name)) {
			(void)sst_emit(c, whole[i].code, 0, 0, 0);
			return true;
		}
	if (takes(&name, "header.")) {
		sst_emit_text(c, SST_OP_HEADER, 0, name);
		return true;
	}
	if (takes(&name, "json.")) {
		emit_path(c, SST_OP_JSON, name);
		return true;
	}
	if (!(c->refs & SST_REFS_AT))
		return false;
	if (sst_span_is(name, "at")) {
		(void)sst_emit(c, SST_OP_AT, 0, 0, 0);
		return true;
	}
	if (!takes(&name, "at."))
		return false;
	emit_path(c, SST_OP_AT, name);
	return true;
}

static bool
refer_batch(struct sst_compiler *c, struct sst_span name)
{
	bool is_now = sst_span_is(name, "now");
	bool is_id = sst_span_is(name, "batch.id");

	if (!is_now && !is_id && !sst_span_is(name, "batch.events"))
		return false;
	if (is_now && !(c->refs & SST_REFS_NOW))
		sst_compile_fail(c, c->node,
			"'now' may not stand here: a resend must be equal");
	else if (!is_now && !(c->refs & SST_REFS_BATCH))
		sst_compile_fail(c, c->node, "the batch is not known here");
	c->uses_batch_id |= is_id;
	(void)sst_emit(c,
		is_now  ? SST_OP_NOW
		: is_id ? SST_OP_BATCH_ID
			: SST_OP_BATCH_EVENTS,
		0, 0, 0);
	return true;
}

static bool
refer_signing(struct sst_compiler *c, struct sst_span name)
{
	if ((c->refs & SST_REFS_BODY) && sst_span_is(name, "body"))
		(void)sst_emit(c, SST_OP_SENT_BODY, 0, 0, 0);
	else if ((c->refs & SST_REFS_SIGNATURE) &&
		 sst_span_is(name, "signature"))
		(void)sst_emit(c, SST_OP_SIGNATURE, 0, 0, 0);
	else
		return false;
	return true;
}

static bool
refer_event(struct sst_compiler *c, struct sst_span name)
{
	struct sst_span whole = name;
	enum sst_field field = sst_field_of(name);
	enum sst_op_code code;

	if (field != SST_F_OTHER) {
		if (may_use_event(c, name))
			(void)sst_emit(c, SST_OP_KEY, 0, 0, field);
		return true;
	}
	if (sst_span_is(name, "*")) {
		if (may_use_event(c, name))
			(void)sst_emit(c, SST_OP_EVENT, 0, 0, 0);
		return true;
	}
	if (takes(&name, "props."))
		code = SST_OP_PROP;
	else if (takes(&name, "params."))
		code = SST_OP_PARAM;
	else if (takes(&name, "other."))
		code = SST_OP_OTHER;
	else
		return false;
	if (may_use_event(c, whole))
		sst_emit_text(c, code, 0, name);
	return true;
}

static void
refer_name(struct sst_compiler *c, struct sst_span name)
{
	const struct sst_doc_node *let;

	if (name.len >= 2 && name.at[0] == '\'' &&
		name.at[name.len - 1] == '\'') {
		sst_emit_text(c, SST_OP_STRING, 0,
			sst_span(name.at + 1, name.len - 2));
		return;
	}
	if (sst_num_is_json(name)) {
		sst_emit_text(c, SST_OP_NUMBER, 0, name);
		return;
	}
	if (sst_span_is(name, "$name") || sst_span_is(name, "$value")) {
		if (!c->in_each)
			sst_compile_fail(c, c->node,
				"'%.*s' is known in =each only", (int)name.len,
				name.at);
		(void)sst_emit(c,
			sst_span_is(name, "$name") ? SST_OP_NAME : SST_OP_VALUE,
			0, 0, 0);
		return;
	}
	let = sst_let_find(c, name);
	if (let != NULL) {
		refer_let(c, let);
		return;
	}
	if (takes(&name, "set.")) {
		refer_setting(c, name, false);
		return;
	}
	if (takes(&name, "secret.")) {
		refer_setting(c, name, true);
		return;
	}
	if ((c->refs & SST_REFS_ANSWER) && refer_answer(c, name))
		return;
	if (refer_signing(c, name) || refer_batch(c, name) ||
		refer_event(c, name))
		return;
	if (c->refs & SST_REFS_EVENT) {
		sst_compile_fail(c, c->node,
			"there is no key '%.*s': other keys are 'other.KEY'",
			(int)name.len, name.at);
		return;
	}
	sst_compile_fail(
		c, c->node, "'%.*s' is not known here", (int)name.len, name.at);
}

/* ---- conversions ---- */

static const struct sst_map *
find_map(const struct sst_compiler *c, struct sst_span name, size_t *n)
{
	for (*n = 0; *n < c->code->map_count; ++*n)
		if (sst_span_eq(c->code->maps[*n].name, name))
			return &c->code->maps[*n];
	return NULL;
}

static void
convert(struct sst_compiler *c, struct sst_span text)
{
	size_t colon = sst_find_outside(text, 0, ":"), n;
	struct sst_span name = sst_span_head(text, colon);
	struct sst_span arg = colon < text.len ? sst_span_from(text, colon + 1)
					       : sst_span(NULL, 0);
	enum sst_conv conv = sst_conv_of(name);
	const struct sst_conv_row *row;
	int64_t number = 0;

	if (conv == SST_CONV_COUNT) {
		sst_compile_fail(c, c->node, "there is no conversion '%.*s'",
			(int)name.len, name.at);
		return;
	}
	row = sst_conv_row(conv);
	switch (row->arg) {
	case SST_ARG_NONE:
		if (arg.at == NULL)
			break;
		sst_compile_fail(
			c, c->node, "'%s' takes no argument", row->name);
		return;
	case SST_ARG_NUMBER_OR_NONE:
		if (arg.at == NULL)
			break;
		/* fall through */
	case SST_ARG_NUMBER:
		if (arg.at != NULL && sst_num_i64(arg, &number) &&
			number >= row->min && number <= row->max)
			break;
		sst_compile_fail(c, c->node,
			"'%s' takes a number from %d to %d", row->name,
			row->min, row->max);
		return;
	case SST_ARG_TEXT:
		if (arg.at != NULL && arg.len > 2 && arg.at[0] == '\'' &&
			arg.at[arg.len - 1] == '\'') {
			sst_emit_text(c, SST_OP_CONV, conv,
				sst_span(arg.at + 1, arg.len - 2));
			return;
		}
		sst_compile_fail(
			c, c->node, "'%s' takes a text in ''", row->name);
		return;
	case SST_ARG_MAP:
		if (find_map(c, arg, &n) != NULL)
			(void)sst_emit(c, SST_OP_MAP, 0, 0, n);
		else
			sst_compile_fail(c, c->node, "there is no map '%.*s'",
				(int)arg.len, arg.at == NULL ? "" : arg.at);
		return;
	}
	(void)sst_emit(c, SST_OP_CONV, conv, 0, (uint32_t)(int32_t)number);
}

void
sst_refer(struct sst_compiler *c, struct sst_span ref)
{
	uint32_t chain = SST_NO_CHAIN;
	size_t start = 0;

	for (;;) {
		size_t end = sst_find_outside(ref, start, "??");
		struct sst_span alternative =
			sst_trim(sst_span(ref.at + start, end - start));
		size_t bar = sst_find_outside(alternative, 0, "|");
		struct sst_span name =
			sst_trim(sst_span_head(alternative, bar));

		if (name.len == 0) {
			sst_compile_fail(
				c, c->node, "a reference without a name");
			return;
		}
		refer_name(c, name);
		while (bar < alternative.len && c->status == SST_OK) {
			size_t next =
				sst_find_outside(alternative, bar + 1, "|");

			convert(c, sst_trim(sst_span(alternative.at + bar + 1,
					   next - bar - 1)));
			bar = next;
		}
		if (end == ref.len || c->status != SST_OK)
			break;
		sst_emit_jump(c, SST_OP_JUMP_PRESENT, &chain);
		start = end + 2;
	}
	sst_chain_here(c, chain);
}

/* ---- maps ---- */

/* The parts of a result around its {.}. */
static void
read_parts(struct sst_compiler *c, struct sst_map_row *row,
	const struct sst_doc_node *node)
{
	static const struct sst_span gap = SST_SPAN("{.}");
	struct sst_span *parts, text = node->text;
	size_t n = 1, at;

	for (at = 0; at + gap.len <= text.len; at++)
		n += memcmp(text.at + at, gap.at, gap.len) == 0;
	parts = sst_arena_take(c->arena, n * sizeof(*parts));
	if (parts == NULL) {
		c->status = sst_fail_memory(c->err, c->path);
		return;
	}
	row->parts = parts;
	row->n = n;
	row->is_number = node->kind == SST_DOC_NUMBER;
	for (size_t i = 0; i < n; i++) {
		for (at = 0;
			at < text.len &&
			(text.len - at < gap.len ||
				memcmp(text.at + at, gap.at, gap.len) != 0);
			at++)
			if (strchr("{}[]", text.at[at]) != NULL)
				sst_compile_fail(c, node,
					"a map's result has no reference but "
					"'{.}'");
		parts[i] = sst_span_head(text, at);
		text = at < text.len ? sst_span_from(text, at + gap.len)
				     : sst_span_from(text, at);
	}
}

static void
read_map(struct sst_compiler *c, const struct sst_doc_node *node)
{
	struct sst_map *map = &c->code->maps[c->code->map_count];
	struct sst_map_row *rows;
	size_t n = 0;

	if (node->kind != SST_DOC_OBJECT || node->count == 0) {
		sst_compile_fail(c, node, "a map is an object with members");
		return;
	}
	if (c->code->map_count == SST_CODE_MAPS) {
		sst_compile_fail(c, node, "too many maps");
		return;
	}
	rows = sst_arena_zero(c->arena, node->count * sizeof(*rows));
	if (rows == NULL) {
		c->status = sst_fail_memory(c->err, c->path);
		return;
	}
	for (const struct sst_doc_node *at = node->first; at != NULL;
		at = at->next) {
		struct sst_map_row *row = &rows[n++];

		row->key = at->name;
		row->is_prefix = at->name.len > 0 &&
				 at->name.at[at->name.len - 1] == '*';
		row->key.len -= row->is_prefix;
		if (at->kind == SST_DOC_STRING || at->kind == SST_DOC_NUMBER)
			read_parts(c, row, at);
		else
			sst_compile_fail(
				c, at, "a map gives strings and numbers");
	}
	map->name = node->name;
	map->n = n;
	map->rows = rows;
	c->code->map_count++;
}

void
sst_compile_maps(struct sst_compiler *c)
{
	if (c->maps == NULL)
		return;
	for (const struct sst_doc_node *at = c->maps->first; at != NULL;
		at = at->next)
		read_map(c, at);
}
