/* SPDX-License-Identifier: ISC */
/*
 * compile -- templates, values and conditions of an API file to operations.
 *
 * What may be referred to depends on where a value stands; a reference that may
 * not stand there is an error with its line and column. The first error is
 * kept, everything after it does nothing: callers look at `status` once.
 */
#ifndef SST_PUSH_COMPILE_H
#define SST_PUSH_COMPILE_H

#include "base/arena.h"
#include "base/err.h"
#include "push/code.h"
#include "text/doc.h"

/* What a value may refer to; settings and lets always. */
enum {
	SST_REFS_EVENT = 1, /* keys of the event */
	SST_REFS_GROUP = 2, /* keys that all events of a request share */
	SST_REFS_SECRET = 4,
	SST_REFS_BATCH = 8,
	SST_REFS_NOW = 16,
	SST_REFS_ANSWER = 32,
	SST_REFS_AT = 64,
	SST_REFS_ITEMS = 128,    /* "=items" */
	SST_REFS_BODY = 256,     /* body: of the request, to sign it */
	SST_REFS_SIGNATURE = 512 /* signature */
};

enum sst_setting_type {
	SST_SETTING_STRING,
	SST_SETTING_URL,
	SST_SETTING_INT,
	SST_SETTING_BOOL,
	SST_SETTING_CHOICE,
	SST_SETTING_UUID,
	SST_SETTING_DURATION, /* seconds */
	SST_SETTING_SIZE      /* bytes */
};

/* A setting or secret, with its value. */
struct sst_api_setting {
	struct sst_span name;
	enum sst_setting_type type;
	bool is_there;
	struct sst_span value; /* as the language sees it */
	const struct sst_doc_node *node;
};

struct sst_api_settings {
	struct sst_api_setting *at;
	size_t n;
};

struct sst_compiler {
	struct sst_code *code;
	struct sst_arena *arena;
	const char *path; /* for messages */
	const struct sst_doc_node *lets, *maps, *group_by;
	struct sst_api_settings settings, secrets;
	bool is_single; /* one event a request: all keys are shared */
	enum sst_status status;
	struct sst_err *err;

	/* where we are */
	unsigned refs;
	const struct sst_doc_node *node; /* for messages */
	const struct sst_doc_node *let;  /* being inlined, or NULL */
	bool is_grouped;                 /* in a let of group_by */
	bool in_each;
	bool joins_path;                /* a '/' follows the reference */
	unsigned depth;                 /* marks in use */
	uint64_t lets_used;             /* a bit per let, in order */
	bool uses_event, uses_batch_id; /* since the caller cleared them */
};

#define SST_NO_ENTRY SIZE_MAX

/* Each returns the entry of a program that leaves... */
/* ...JSON in the output, and ok. */
size_t sst_compile_json(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs);
/* ...text in the output, and ok. */
size_t sst_compile_text(struct sst_compiler *c, const struct sst_doc_node *node,
	enum sst_coding coding, unsigned refs);
/* ...a value in acc. */
size_t sst_compile_value(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs);
/* ...the value of a bare reference ("json.items") in acc. */
size_t sst_compile_ref(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs);
/* ...a condition's truth in flag; a list is an "and". */
size_t sst_compile_condition(
	struct sst_compiler *c, const struct sst_doc_node *node, unsigned refs);

/* The same of a text that stands at the node, such as a case's name. */
size_t sst_compile_condition_text(struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_span text, unsigned refs);

/* Tables for map: must come before the programs. */
void sst_compile_maps(struct sst_compiler *c);

/* Fail at a node, unless something failed before. */
void sst_compile_fail(struct sst_compiler *c, const struct sst_doc_node *node,
	const char *format, ...) SST_PRINTF(3, 4);

#endif
