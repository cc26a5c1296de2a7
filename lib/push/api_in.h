/* SPDX-License-Identifier: ISC */
/*
 * api_in -- what the parts of an API share; private to push/api*.c.
 */
#ifndef SST_PUSH_API_IN_H
#define SST_PUSH_API_IN_H

#include "push/api.h"
#include "push/compile.h"

#define SST_API_CONDITIONS 32 /* of skip, of needs */
#define SST_API_GROUPS 16
#define SST_API_PARTS 64 /* query members, headers */
#define SST_API_AUTHS 8
#define SST_API_ROWS 64

enum sst_body {
	SST_BODY_ARRAY,
	SST_BODY_LINES,
	SST_BODY_CONCAT,
	SST_BODY_SINGLE,
	SST_BODY_ENVELOPE
};

struct sst_api_part {
	struct sst_span name;
	size_t entry;
};

enum sst_auth_kind {
	SST_AUTH_BASIC,
	SST_AUTH_BEARER,
	SST_AUTH_HMAC
};

/* A helper that makes a header; an entry that is not there is SST_NO_ENTRY. */
struct sst_api_auth {
	enum sst_auth_kind kind;
	size_t when;
	size_t user, password; /* bearer: password is the token */
	/* hmac */
	const struct sst_span *keys; /* in the arena, wiped with the API */
	size_t key_count;
	size_t over, before, value;
	bool is_hex;
	struct sst_span header, join;
};

/* An answer row; an entry that is not there is SST_NO_ENTRY. */
struct sst_api_row {
	size_t when;
	enum sst_verdict_kind then;
	size_t lost, wait;
	int64_t wait_max_us; /* -1: any */
	int64_t tries;
	enum sst_verdict_kind finally, alone, if_none;
	bool has_if_none;
	size_t each, list, index, first, id;
	int64_t shift;
	enum sst_verdict_kind rest, before, after;
	const struct sst_api_row *rows; /* inner */
	size_t row_count;
	struct sst_span variant, say;
	bool is_slow;
};

struct sst_api {
	struct sst_arena arena;
	const char *path;
	struct sst_doc_node *doc;
	const struct sst_doc_node *variant; /* or NULL */
	struct sst_api_facts facts;
	struct sst_api_settings settings, secrets;
	struct sst_code code;
	struct sst_machine *machine;
	size_t skip[SST_API_CONDITIONS], skip_count;
	size_t needs[SST_API_CONDITIONS], needs_count;
	const char *needs_text[SST_API_CONDITIONS];
	const char *needs_first; /* the sentence of the last failed one */
	size_t items[SST_API_CONDITIONS], item_count; /* lines of an item */
	bool has_lines;
	enum sst_body body;
	size_t body_entry;
	struct sst_span method, type;
	size_t url;
	struct sst_api_part query[SST_API_PARTS], headers[SST_API_PARTS];
	size_t query_count, header_count;
	struct sst_api_auth auths[SST_API_AUTHS];
	size_t auth_count;
	bool is_masked;
	size_t groups[SST_API_GROUPS], group_count, lane;
	const struct sst_api_row *rows;
	size_t row_count;
	struct sst_arena answer_arena; /* of the answer's JSON */
	struct sst_buf work;
};

/* api_setting.c: read declarations and what was given for them. */
enum sst_status sst_api_read_settings(struct sst_api *api,
	const struct sst_api_asked *asked, struct sst_err *err) SST_MUST_USE;

/* api_auth.c: compile a helper; append the headers of those whose `when` holds.
 */
void sst_api_compile_auth(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node);
void sst_api_put_auth(struct sst_api *api, struct sst_buf *to);
/* Overwrite the keys. */
void sst_api_wipe_auth(struct sst_api *api);

/* api_answer.c: compile rows. */
void sst_api_compile_answers(struct sst_api *api, struct sst_compiler *c);

/* api_compile.c: all of it, or only the limits in a node. */
enum sst_status sst_api_compile(struct sst_api *api,
	const struct sst_doc_node *only_limits,
	struct sst_err *err) SST_MUST_USE;
/* A sample has limits of its own. */
enum sst_status sst_api_change_limits(struct sst_api *api,
	const struct sst_doc_node *node, struct sst_err *err) SST_MUST_USE;

#endif
