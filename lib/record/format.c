/* SPDX-License-Identifier: ISC */
#include "record/format.h"

#include "base/num.h"
#include "record/dialect.h"

/* Escapes as a format file spells them. */
static bool
escape_of(struct sst_span word, enum sst_escape *out)
{
	static const struct {
		const char *name;
		enum sst_escape escape;
	} escapes[] = {
		{ "default", SST_ESCAPE_DEFAULT },
		{ "json", SST_ESCAPE_JSON },
		{ "none", SST_ESCAPE_NONE },
		{ "haproxy", SST_ESCAPE_HAPROXY },
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (sst_span_is(word, escapes[i].name)) {
			*out = escapes[i].escape;
			return true;
		}
	return false;
}

/* "absent": values that mean "none", a list of strings. */
static enum sst_status
read_absent(const struct sst_format *format, struct sst_arena *arena,
	const struct sst_doc_node *list, struct sst_layout_asked *asked,
	struct sst_err *err)
{
	struct sst_span *words;

	if (list == NULL)
		return SST_OK;
	if (list->kind != SST_DOC_ARRAY || list->count == 0)
		return sst_doc_fail(err, format->path, list,
			"expected a list of values that mean 'none'");
	words = sst_arena_take(arena, list->count * sizeof(*words));
	if (words == NULL)
		return sst_fail_memory(err, "a format");
	asked->absent = words;
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		if (node->kind != SST_DOC_STRING)
			return sst_doc_fail(err, format->path, node,
				"expected a value, a string");
		words[asked->absent_count++] = node->text;
	}
	return SST_OK;
}

/* "order" of a layout, or of a format for all of its layouts. */
static enum sst_status
read_order(const struct sst_format *format, const struct sst_doc_node *node,
	int *order, struct sst_err *err)
{
	const struct sst_doc_node *number = sst_doc_member(node, "order");
	uint64_t value;

	if (number == NULL)
		return SST_OK;
	if (number->kind != SST_DOC_NUMBER ||
		!sst_num_u64(number->text, &value) || value > 99)
		return sst_doc_fail(err, format->path, number,
			"expected a number from 0 to 99");
	*order = (int)value;
	return SST_OK;
}

static enum sst_status
read_dialect(const struct sst_format *format, const struct sst_doc_node *node,
	struct sst_layout_asked *asked, struct sst_err *err)
{
	const struct sst_doc_node *word = sst_doc_member(node, "dialect");

	if (word == NULL)
		return SST_OK;
	asked->dialect = word->text.at;
	if (word->kind != SST_DOC_STRING ||
		sst_dialect_named(asked->dialect) == NULL)
		return sst_doc_fail(err, format->path, word,
			"expected the name of a dialect, such as \"apache\"");
	return SST_OK;
}

static enum sst_status
read_layout(struct sst_format *out, size_t i, struct sst_arena *arena,
	const struct sst_doc_node *node, struct sst_err *err)
{
	static const char *const known[] = { "log_format", "escape", "dialect",
		"absent", "order", NULL };
	const struct sst_doc_node *odd = sst_doc_unknown_member(node, known);
	const struct sst_doc_node *format = sst_doc_member(node, "log_format");
	const struct sst_doc_node *word = sst_doc_member(node, "escape");
	struct sst_layout_asked asked = { .order = out->order };
	struct sst_err inner = { 0 };
	enum sst_status status;

	if (odd != NULL)
		return sst_doc_fail(err, out->path, odd,
			"unknown member '%.*s' of a layout (known: log_format, "
			"escape, dialect, absent, order)",
			(int)odd->name.len, odd->name.at);
	if (format == NULL || format->kind != SST_DOC_STRING)
		return sst_doc_fail(err, out->path, node,
			"a layout needs a 'log_format', a string");
	if (word != NULL && !escape_of(word->text, &asked.escape))
		return sst_doc_fail(err, out->path, word,
			"expected \"default\", \"json\", \"none\" or "
			"\"haproxy\"");
	status = read_dialect(out, node, &asked, err);
	if (status == SST_OK)
		status = read_absent(out, arena, sst_doc_member(node, "absent"),
			&asked, err);
	if (status == SST_OK)
		status = read_order(out, node, &asked.order, err);
	if (status != SST_OK)
		return status;
	asked.format = format->text;
	if (sst_layout_compile(&out->layouts[i], arena, &asked, &inner) !=
		SST_OK)
		return sst_doc_fail(err, out->path, format, "%s", inner.text);
	return SST_OK;
}

static enum sst_status
read_layouts(struct sst_format *out, struct sst_arena *arena,
	const struct sst_doc_node *root, struct sst_err *err)
{
	const struct sst_doc_node *list = sst_doc_member(root, "layouts");
	size_t i = 0;

	if (list == NULL || list->kind != SST_DOC_ARRAY || list->count == 0)
		return sst_doc_fail(err, out->path, list == NULL ? root : list,
			"a format needs 'layouts', a list with at least one");
	out->layouts =
		sst_arena_take(arena, list->count * sizeof(out->layouts[0]));
	if (out->layouts == NULL)
		return sst_fail_memory(err, "a format");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		enum sst_status status =
			read_layout(out, i++, arena, node, err);

		if (status != SST_OK)
			return status;
	}
	out->layout_count = i;
	return SST_OK;
}

/* A list of strings that may be missing. */
static enum sst_status
read_names(const struct sst_format *format, const struct sst_doc_node *root,
	const char *name, const struct sst_doc_node **out, struct sst_err *err)
{
	const struct sst_doc_node *list = sst_doc_member(root, name);

	*out = list;
	if (list == NULL)
		return SST_OK;
	if (list->kind != SST_DOC_ARRAY)
		return sst_doc_fail(
			err, format->path, list, "expected a list of names");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next)
		if (node->kind != SST_DOC_STRING)
			return sst_doc_fail(err, format->path, node,
				"expected a name, a string");
	return SST_OK;
}

/* Each is a line with the event or the reject that is expected of it. */
static enum sst_status
check_samples(struct sst_format *out, const struct sst_doc_node *root,
	struct sst_err *err)
{
	static const char *const known[] = { "line", "event", "reject", NULL };

	out->samples = sst_doc_member(root, "samples");
	if (out->samples == NULL || out->samples->kind != SST_DOC_ARRAY ||
		out->samples->count == 0)
		return sst_doc_fail(err, out->path,
			out->samples == NULL ? root : out->samples,
			"a format needs 'samples', a list with at least one");
	for (const struct sst_doc_node *node = out->samples->first;
		node != NULL; node = node->next) {
		const struct sst_doc_node *odd =
			sst_doc_unknown_member(node, known);
		const struct sst_doc_node *event =
			sst_doc_member(node, "event");
		bool has_reject = sst_doc_text(node, "reject").at != NULL;

		if (odd != NULL)
			return sst_doc_fail(err, out->path, odd,
				"unknown member '%.*s' of a sample (known: "
				"line, event, reject)",
				(int)odd->name.len, odd->name.at);
		if (sst_doc_text(node, "line").at == NULL ||
			(event != NULL && event->kind != SST_DOC_OBJECT) ||
			(event != NULL) == has_reject)
			return sst_doc_fail(err, out->path, node,
				"a sample has a 'line' and either an 'event' "
				"or a 'reject'");
	}
	return SST_OK;
}

enum sst_status
sst_format_read(struct sst_format *out, struct sst_arena *arena,
	const char *path, struct sst_err *err)
{
	static const char *const known[] = { "name", "title", "aliases",
		"families", "order", "layouts", "samples", NULL };
	const struct sst_doc_node *odd;
	struct sst_doc_node *root;
	enum sst_status status = sst_doc_read_file(&root, arena, path, err);

	*out = (struct sst_format){ .path = path, .order = SST_ORDER };
	if (status != SST_OK)
		return status;
	if (root->kind != SST_DOC_OBJECT)
		return sst_doc_fail(err, path, root, "expected an object");
	odd = sst_doc_unknown_member(root, known);
	if (odd != NULL)
		return sst_doc_fail(err, path, odd,
			"unknown member '%.*s' of a format (known: name, "
			"title, aliases, families, order, layouts, samples)",
			(int)odd->name.len, odd->name.at);
	out->name = sst_doc_text(root, "name");
	out->title = sst_doc_text(root, "title");
	if (out->name.at == NULL || out->title.at == NULL)
		return sst_doc_fail(err, path, root,
			"a format needs a 'name' and a 'title', strings");
	status = read_names(out, root, "aliases", &out->aliases, err);
	if (status == SST_OK)
		status = read_names(out, root, "families", &out->families, err);
	if (status == SST_OK)
		status = read_order(out, root, &out->order, err);
	if (status == SST_OK)
		status = read_layouts(out, arena, root, err);
	return status == SST_OK ? check_samples(out, root, err) : status;
}

static bool
is_listed(const struct sst_doc_node *list, struct sst_span name)
{
	const struct sst_doc_node *node = list == NULL ? NULL : list->first;

	for (; node != NULL; node = node->next)
		if (sst_span_eq(node->text, name))
			return true;
	return false;
}

bool
sst_format_is(const struct sst_format *format, struct sst_span name)
{
	return sst_span_eq(format->name, name) ||
	       is_listed(format->aliases, name) ||
	       is_listed(format->families, name);
}
