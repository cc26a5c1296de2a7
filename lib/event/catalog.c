/* SPDX-License-Identifier: ISC */
#include "event/catalog.h"

static enum sst_status
add_layouts(const struct sst_format *format, struct sst_recognizer *recognizer,
	struct sst_err *err)
{
	enum sst_status status = SST_OK;

	for (size_t i = 0; i < format->layout_count && status == SST_OK; i++)
		status = sst_recognizer_add(
			recognizer, format->layouts[i], format->name, err);
	return status;
}

enum sst_status
sst_catalog_read(struct sst_catalog *out, struct sst_arena *arena,
	const struct sst_catalog_asked *asked,
	struct sst_recognizer *recognizer, struct sst_err *err)
{
	out->n = 0;
	out->formats =
		sst_arena_take(arena, (asked->n + 1) * sizeof(*out->formats));
	if (out->formats == NULL)
		return sst_fail_memory(err, "formats");
	for (size_t i = 0; i < asked->n; i++) {
		struct sst_format *format = &out->formats[out->n];
		enum sst_status status =
			sst_format_read(format, arena, asked->paths[i], err);

		if (status != SST_OK)
			return status;
		if (asked->wanted != NULL &&
			!sst_format_is(format, sst_span_of(asked->wanted)))
			continue;
		out->n++;
		status = add_layouts(format, recognizer, err);
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

void
sst_catalog_show(const struct sst_catalog *catalog, struct sst_buf *to)
{
	for (size_t i = 0; i < catalog->n; i++) {
		const struct sst_format *f = &catalog->formats[i];

		sst_buf_printf(to, "%-20.*s %.*s\n", (int)f->name.len,
			f->name.at, (int)f->title.len, f->title.at);
		for (const struct sst_doc_node *alias =
				f->aliases == NULL ? NULL : f->aliases->first;
			alias != NULL; alias = alias->next)
			sst_buf_printf(to, "%-20.*s = %.*s\n",
				(int)alias->text.len, alias->text.at,
				(int)f->name.len, f->name.at);
	}
}
