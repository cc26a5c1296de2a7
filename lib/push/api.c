/* SPDX-License-Identifier: ISC */
/* Open and close an API. */
#include "push/api_in.h"

#include "base/digest.h"

#include <stdlib.h>

/* An API file with its compiled values; files are small. */
#define ARENA_MAX ((size_t)32 * 1024 * 1024)
/* Of all texts that programs write. */
#define POOL_MAX ((size_t)1024 * 1024)
/* An answer's body as a tree: the body is capped at 1 MiB. */
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)
#define WORK_MAX ((size_t)8 * 1024 * 1024)

static enum sst_status
find_variant(struct sst_api *api, const char *name, struct sst_err *err)
{
	if (name == NULL)
		return SST_OK;
	api->variant =
		sst_doc_member(sst_doc_member(api->doc, "variants"), name);
	if (api->variant == NULL)
		return sst_fail(err, SST_EUSAGE, "%.*s has no variant '%s'",
			(int)api->facts.name.len, api->facts.name.at, name);
	return SST_OK;
}

/* What is wrong with a variant is found with the rest. Batches that wait while
 * one takes over (`use`) were made for the file's own request. */
static enum sst_status
check_variants(struct sst_api *api, const struct sst_api_asked *asked,
	struct sst_err *err)
{
	const struct sst_doc_node *variants =
		sst_doc_member(api->doc, "variants");
	enum sst_status status = SST_OK;

	if (variants == NULL || asked->variant != NULL)
		return SST_OK;
	for (const struct sst_doc_node *at = variants->first;
		at != NULL && status == SST_OK; at = at->next) {
		struct sst_api_asked other = *asked;
		struct sst_api *variant;

		other.variant = at->name.at;
		status = sst_api_open(&variant, &other, err);
		if (status == SST_OK && !sst_span_is(at->name, "test") &&
			variant->facts.request_has_keys &&
			!api->facts.request_has_keys)
			status = sst_doc_fail(err, api->path, at,
				"its request has keys of events, and the "
				"file's own has none");
		sst_api_close(variant);
	}
	return status;
}

enum sst_status
sst_api_open(struct sst_api **out, const struct sst_api_asked *asked,
	struct sst_err *err)
{
	struct sst_api *api = calloc(1, sizeof(*api));
	enum sst_status status;

	*out = NULL;
	if (api == NULL)
		return sst_fail_memory(err, "an API");
	sst_arena_init(&api->arena, ARENA_MAX);
	sst_arena_init(&api->answer_arena, ANSWER_MAX);
	sst_buf_init(&api->code.pool, POOL_MAX);
	sst_buf_init(&api->work, WORK_MAX);
	api->path = asked->path;
	api->is_masked = asked->is_masked;
	api->url = api->lane = SST_NO_ENTRY;
	api->machine = malloc(sizeof(*api->machine));
	status = api->machine == NULL
			 ? sst_fail_memory(err, "an API")
			 : sst_machine_init(api->machine, &api->code, err);
	if (status == SST_OK)
		status = sst_doc_read_file(
			&api->doc, &api->arena, asked->path, err);
	if (status == SST_OK && api->doc->kind != SST_DOC_OBJECT)
		status = sst_doc_fail(
			err, asked->path, api->doc, "not an object");
	if (status == SST_OK) {
		api->facts.name = sst_doc_text(api->doc, "name");
		if (api->facts.name.at == NULL)
			api->facts.name = sst_span_of(asked->path);
		status = find_variant(api, asked->variant, err);
	}
	if (status == SST_OK)
		status = sst_api_read_settings(api, asked, err);
	if (status == SST_OK)
		status = sst_api_compile(api, NULL, err);
	if (status == SST_OK)
		status = check_variants(api, asked, err);
	if (status != SST_OK) {
		sst_api_close(api);
		return status;
	}
	*out = api;
	return SST_OK;
}

void
sst_api_close(struct sst_api *api)
{
	if (api == NULL)
		return;
	if (api->machine != NULL)
		sst_machine_release(api->machine);
	free(api->machine);
	/* Secrets were folded into it. */
	if (api->code.pool.at != NULL)
		sst_wipe(api->code.pool.at, api->code.pool.len);
	sst_api_wipe_auth(api);
	sst_buf_release(&api->code.pool);
	sst_buf_release(&api->work);
	sst_arena_release(&api->answer_arena);
	sst_arena_release(&api->arena);
	free(api);
}

const struct sst_api_facts *
sst_api_facts(const struct sst_api *api)
{
	return &api->facts;
}
