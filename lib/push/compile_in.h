/* SPDX-License-Identifier: ISC */
/*
 * compile_in -- what the parts of the compiler share; private to
 * push/compile*.c, push/emit.c and push/template.c.
 *
 * emit writes operations, template strings, compile values, compile_ref
 * references, compile_cond conditions, compile_add =each and =add.
 */
#ifndef SST_PUSH_COMPILE_IN_H
#define SST_PUSH_COMPILE_IN_H

#include "push/compile.h"

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

/* When the last operation, which began at `start`, is a constant: it is undone
 * and given. */
bool sst_emit_fold(struct sst_compiler *c, size_t start, struct sst_op *out);
/* Its text, copied: the pool moves when it grows. */
struct sst_span sst_emit_constant(
	struct sst_compiler *c, const struct sst_op *op);

/* Is the string one reference? Then what is between its braces. */
bool sst_template_is_ref(struct sst_span text, struct sst_span *ref);
bool sst_template_has_ref(struct sst_span text);

/* The object's form ("=case"), or NULL. */
const struct sst_doc_node *sst_value_form(
	const struct sst_doc_node *node, const char *name);
/* As sst_value_to_json, and ok is always set. */
void sst_value_to_json_ok(
	struct sst_compiler *c, const struct sst_doc_node *node);
/* A member; of an added object its name is noted. */
void sst_value_member(
	struct sst_compiler *c, const struct sst_doc_node *node, bool is_added);
/* A name in JSON spelling, in the arena. */
struct sst_span sst_value_spelled(struct sst_compiler *c, struct sst_span name);

/* A list of names that an object spells, and one name more. */
uint16_t sst_add_list_new(struct sst_compiler *c);
void sst_add_spell(
	struct sst_compiler *c, uint16_t list, const struct sst_doc_node *node);
/* The members or elements that =each makes; the brackets are the caller's. */
void sst_add_each(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list);
/* What =add adds; several of them. */
void sst_add_one(
	struct sst_compiler *c, const struct sst_doc_node *node, uint16_t list);
void sst_add_list(
	struct sst_compiler *c, const struct sst_doc_node *add, uint16_t list);

#endif
