/* SPDX-License-Identifier: ISC */
#include "event/origin.h"

#include <stdlib.h>

/* A file or a log. */
struct origin {
	char *name;
	size_t len;
	uint64_t entered;                   /* when last */
	struct sst_recognizer_state *state; /* of a file: some 4 KiB */
	struct sst_ident *ident;            /* of a log */
};

struct table {
	struct origin *at;
	size_t n, room;
};

struct sst_origins {
	struct sst_recognizer *recognizer;
	struct sst_recognizer_state fresh;
	struct sst_ident *ident;
	struct table files, logs;
	struct origin *current; /* of files; NULL: none was entered */
	uint64_t entries;
};

enum sst_status
sst_origins_open(struct sst_origins **out, struct sst_recognizer *recognizer,
	struct sst_ident *ident, struct sst_err *err)
{
	struct sst_origins *o = calloc(1, sizeof(*o));

	*out = o;
	if (o == NULL)
		return sst_fail_memory(err, "sources");
	o->recognizer = recognizer;
	sst_recognizer_state(recognizer, &o->fresh);
	o->ident = ident;
	return SST_OK;
}

static void
release(struct origin *origin)
{
	free(origin->name);
	free(origin->state);
	sst_ident_close(origin->ident);
}

/* Room for another one. NULL: no memory. */
static struct origin *
make_room(struct table *table)
{
	struct origin *oldest = table->at;

	if (table->n == SST_ORIGINS_MAX) {
		for (size_t i = 1; i < table->n; i++)
			if (table->at[i].entered < oldest->entered)
				oldest = &table->at[i];
		release(oldest);
		return oldest;
	}
	if (table->n == table->room) {
		size_t room = table->room * 2 + 4;
		struct origin *larger =
			realloc(table->at, room * sizeof(table->at[0]));

		if (larger == NULL)
			return NULL;
		table->at = larger;
		table->room = room;
	}
	return &table->at[table->n++];
}

/* By name, made when it is new. */
static struct origin *
find(struct sst_origins *o, struct table *table, struct sst_span name)
{
	struct origin *found = NULL;

	for (size_t i = 0; i < table->n && found == NULL; i++)
		if (sst_span_eq(sst_span(table->at[i].name, table->at[i].len),
			    name))
			found = &table->at[i];
	if (found == NULL) {
		char *copy = malloc(name.len + 1);

		found = copy == NULL ? NULL : make_room(table);
		if (found == NULL) {
			free(copy);
			return NULL;
		}
		memcpy(copy, name.at, name.len);
		*found = (struct origin){ .name = copy, .len = name.len };
	}
	found->entered = ++o->entries;
	return found;
}

static struct origin *
find_file(struct sst_origins *o, struct sst_span name)
{
	struct origin *file = find(o, &o->files, name);

	if (file == NULL || file->state != NULL)
		return file;
	file->state = malloc(sizeof(*file->state));
	if (file->state == NULL)
		return NULL;
	*file->state = o->fresh;
	return file;
}

enum sst_status
sst_origins_enter(struct sst_origins *o, struct sst_span file,
	struct sst_span log, struct sst_ident **ident, struct sst_err *err)
{
	struct origin *origin;

	*ident = NULL;
	if (o->current != NULL)
		sst_recognizer_state(o->recognizer, o->current->state);
	o->current = find_file(o, file);
	if (o->current == NULL)
		return sst_fail_memory(err, "sources");
	sst_recognizer_resume(o->recognizer, o->current->state);
	if (o->ident == NULL)
		return SST_OK;
	origin = find(o, &o->logs, log);
	if (origin == NULL)
		return sst_fail_memory(err, "sources");
	if (origin->ident == NULL) {
		enum sst_status status =
			sst_ident_open_like(&origin->ident, o->ident, err);

		if (status != SST_OK)
			return status;
	}
	*ident = origin->ident;
	return SST_OK;
}

void
sst_origins_close(struct sst_origins *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->files.n; i++)
		release(&o->files.at[i]);
	for (size_t i = 0; i < o->logs.n; i++)
		release(&o->logs.at[i]);
	free(o->files.at);
	free(o->logs.at);
	free(o);
}
