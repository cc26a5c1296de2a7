/* SPDX-License-Identifier: ISC */
#include "enrich/yaml.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#define FILE_MAX ((size_t)64 * 1024 * 1024)
/* The scalars of one item, and the name of its list. */
#define ARENA ((size_t)1024 * 1024)

struct reading {
	struct sst_yaml_item item;
	struct sst_yaml_taker taker;
	struct sst_arena arena;
	yaml_parser_t parser;
	struct sst_err *err;
};

struct sst_span
sst_yaml_value(const struct sst_yaml_item *item, const char *name)
{
	for (size_t i = 0; i < item->n; i++)
		if (sst_span_is(item->pairs[i].name, name))
			return item->pairs[i].value;
	return sst_span(NULL, 0);
}

static enum sst_status
fail(struct reading *r, unsigned long line, const char *what)
{
	return sst_fail(
		r->err, SST_ECONFIG, "%s:%lu: %s", r->item.path, line, what);
}

static enum sst_status
expect(struct reading *r, yaml_event_t *event, yaml_event_type_t type,
	const char *what)
{
	unsigned long line;

	if (!yaml_parser_parse(&r->parser, event)) {
		const char *problem = r->parser.problem;

		return fail(r, r->parser.problem_mark.line + 1,
			problem == NULL ? "no YAML" : problem);
	}
	if (type == YAML_NO_EVENT || event->type == type)
		return SST_OK;
	line = event->start_mark.line + 1;
	yaml_event_delete(event);
	return fail(r, line, what);
}

/* The same, where nothing of the event is needed. */
static enum sst_status
skip(struct reading *r, yaml_event_type_t type, const char *what)
{
	yaml_event_t event;
	enum sst_status status = expect(r, &event, type, what);

	if (status == SST_OK)
		yaml_event_delete(&event);
	return status;
}

/* As the core schema says it: nothing, "~", "null", without quotes. */
static bool
is_null(const yaml_event_t *scalar)
{
	const char *text = (const char *)scalar->data.scalar.value;

	return scalar->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text[0] == '\0' || strcmp(text, "~") == 0 ||
		       strcmp(text, "null") == 0);
}

/* Copy a scalar and give the event back. False: no memory. */
static bool
keep(struct reading *r, yaml_event_t *scalar, struct sst_span *out)
{
	bool is_kept = true;

	*out = sst_span(NULL, 0);
	if (!is_null(scalar)) {
		*out = sst_arena_copy(&r->arena,
			sst_span((const char *)scalar->data.scalar.value,
				scalar->data.scalar.length));
		is_kept = out->at != NULL;
	}
	yaml_event_delete(scalar);
	return is_kept;
}

/* The members of an item, whose beginning was read. */
static enum sst_status
read_item(struct reading *r)
{
	struct sst_yaml_item *item = &r->item;

	for (item->n = 0;; item->n++) {
		yaml_event_t event;
		enum sst_status status = expect(r, &event, YAML_NO_EVENT, "");

		if (status != SST_OK)
			return status;
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return item->n == 0
				       ? fail(r, item->line, "expected members")
				       : r->taker.take(
						 r->taker.self, item, r->err);
		}
		if (event.type != YAML_SCALAR_EVENT ||
			item->n == SST_YAML_PAIRS) {
			yaml_event_delete(&event);
			return fail(r, item->line,
				"expected up to 16 names and values");
		}
		if (!keep(r, &event, &item->pairs[item->n].name))
			return sst_fail_memory(r->err, "a list");
		status = expect(r, &event, YAML_SCALAR_EVENT,
			"expected a value, not a list or a reference");
		if (status != SST_OK)
			return status;
		if (!keep(r, &event, &item->pairs[item->n].value))
			return sst_fail_memory(r->err, "a list");
	}
}

/* The items of a list, whose beginning was read. */
static enum sst_status
read_list(struct reading *r, struct sst_span name)
{
	for (;;) {
		yaml_event_t event;
		enum sst_status status = expect(r, &event, YAML_NO_EVENT, "");
		yaml_event_type_t type;

		if (status != SST_OK)
			return status;
		type = event.type;
		r->item.line = event.start_mark.line + 1;
		yaml_event_delete(&event);
		if (type == YAML_SEQUENCE_END_EVENT)
			return SST_OK;
		if (type != YAML_MAPPING_START_EVENT)
			return fail(r, r->item.line,
				"expected an item with names and values");
		sst_arena_reset(&r->arena);
		r->item.list = sst_arena_copy(&r->arena, name);
		status = r->item.list.at == NULL
				 ? sst_fail_memory(r->err, "a list")
				 : read_item(r);
		if (status != SST_OK)
			return status;
	}
}

static enum sst_status
read_document(struct reading *r)
{
	static const char what[] = "expected a mapping of names to lists";
	enum sst_status status = skip(r, YAML_STREAM_START_EVENT, what);

	if (status == SST_OK)
		status = skip(r, YAML_DOCUMENT_START_EVENT, what);
	if (status == SST_OK)
		status = skip(r, YAML_MAPPING_START_EVENT, what);
	while (status == SST_OK) {
		yaml_event_t event;
		char name[256];
		size_t len;

		status = expect(r, &event, YAML_NO_EVENT, what);
		if (status != SST_OK)
			break;
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		len = event.type == YAML_SCALAR_EVENT ? event.data.scalar.length
						      : sizeof(name);
		if (len < sizeof(name))
			memcpy(name, event.data.scalar.value, len);
		yaml_event_delete(&event);
		if (len >= sizeof(name))
			return fail(r, r->parser.mark.line + 1, what);
		status = skip(r, YAML_SEQUENCE_START_EVENT, what);
		if (status == SST_OK)
			status = read_list(r, sst_span(name, len));
	}
	return status;
}

/* Is it of a size that somebody may have meant? */
static enum sst_status
check_size(FILE *file, const char *path, struct sst_err *err)
{
	long size;

	if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
		fseek(file, 0, SEEK_SET) != 0)
		return sst_fail(err, SST_EIO, "%s: cannot be read: %s", path,
			strerror(errno));
	if ((size_t)size > FILE_MAX)
		return sst_fail(err, SST_ECONFIG, "%s: more than %zu bytes",
			path, FILE_MAX);
	return SST_OK;
}

enum sst_status
sst_yaml_read(
	const char *path, struct sst_yaml_taker taker, struct sst_err *err)
{
	struct reading r = { .taker = taker, .err = err };
	FILE *file = fopen(path, "rb");
	enum sst_status status;

	r.item.path = path;
	if (file == NULL)
		return sst_fail(
			err, SST_ECONFIG, "%s: %s", path, strerror(errno));
	status = check_size(file, path, err);
	if (status != SST_OK)
		goto out;
	if (!yaml_parser_initialize(&r.parser)) {
		status = sst_fail_memory(err, "a YAML file");
		goto out;
	}
	sst_arena_init(&r.arena, ARENA);
	yaml_parser_set_input_file(&r.parser, file);
	status = read_document(&r);
	sst_arena_release(&r.arena);
	yaml_parser_delete(&r.parser);
out:
	(void)fclose(file);
	return status;
}

const char *
sst_yaml_library_version(void)
{
	return yaml_get_version_string();
}
