/* SPDX-License-Identifier: ISC */
#include "record/format.h"

#include "record/format_parts.h"

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
	status = sst_format_order(out, root, &out->order, err);
	if (status != SST_OK)
		return status;
	status = read_names(out, root, "aliases", &out->aliases, err);
	if (status == SST_OK)
		status = read_names(out, root, "families", &out->families, err);
	if (status == SST_OK)
		status = sst_format_layouts(out, arena, root, err);
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
