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
	SST_REFS_ITEMS = 128 /* "=items" */
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

/* Tables for map: must come before the programs. */
void sst_compile_maps(struct sst_compiler *c);

/* Fail at a node, unless something failed before. */
void sst_compile_fail(struct sst_compiler *c, const struct sst_doc_node *node,
	const char *format, ...) SST_PRINTF(3, 4);

/* ---- shared by compile*.c ---- */

size_t sst_emit(struct sst_compiler *c, enum sst_op_code code, unsigned arg,
	size_t len, size_t at);
/* Append to the pool: an operation's text. */
void sst_emit_text(struct sst_compiler *c, enum sst_op_code code, unsigned arg,
	struct sst_span text);
/* Output, joined with the TEXT before it. */
void sst_emit_output(
	struct sst_compiler *c, struct sst_span text, enum sst_coding coding);
void sst_emit_mark(struct sst_compiler *c, enum sst_op_code code, unsigned arg);
void sst_emit_pop(struct sst_compiler *c, enum sst_op_code code, unsigned arg);
/* Jumps to a place that is not known yet form a chain. */
#define SST_NO_CHAIN UINT32_MAX
void sst_emit_jump(
	struct sst_compiler *c, enum sst_op_code code, uint32_t *chain);
void sst_chain_here(struct sst_compiler *c, uint32_t chain);
void sst_chain_add(struct sst_compiler *c, size_t op, uint32_t *chain);

/* acc = a reference's value. */
void sst_refer(struct sst_compiler *c, struct sst_span ref);
/* acc = a value; JSON into the output (true: always there, ok is not set). */
void sst_value_to_acc(struct sst_compiler *c, const struct sst_doc_node *node);
bool sst_value_to_json(struct sst_compiler *c, const struct sst_doc_node *node);
/* flag = a condition. */
void sst_condition(struct sst_compiler *c, struct sst_span text);
/* The parts of a template into the output; absent ones jump to the chain. */
void sst_template(struct sst_compiler *c, struct sst_span text,
	enum sst_coding coding, uint32_t *chain);
/* The let of that name, or NULL; enter it and leave it. */
const struct sst_doc_node *sst_let_find(
	struct sst_compiler *c, struct sst_span name);
struct sst_let_place {
	const struct sst_doc_node *let, *node;
	bool is_grouped;
};
struct sst_let_place sst_let_enter(
	struct sst_compiler *c, const struct sst_doc_node *let);
void sst_let_leave(struct sst_compiler *c, struct sst_let_place place);

/* Where `what` stands outside quotes and braces, from `from` on; text.len when
 * nowhere. */
size_t sst_find_outside(struct sst_span text, size_t from, const char *what);
struct sst_span sst_trim(struct sst_span text);
/* Where the bracket that opens at `at` closes; text.len when it does not. */
size_t sst_find_close(struct sst_span text, size_t at);

#endif
