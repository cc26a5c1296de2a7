/* SPDX-License-Identifier: ISC */
/*
 * rule_reading -- from the tree of a file of rules to conditions. Private to
 * rule_read.c, which reads rules, rule_action.c, which reads what they do, and
 * rule_condition.c, which reads one condition each.
 */
#ifndef SST_ENRICH_RULE_READING_H
#define SST_ENRICH_RULE_READING_H

#include "enrich/rule_plan.h"

struct sst_rule_reading {
	struct sst_rules *rules;
	const char *path;
	struct sst_err *err;
};

/* Fail at a place of the file. */
#define SST_RULE_FAIL(r, node, ...) \
	sst_doc_fail((r)->err, (r)->path, node, __VA_ARGS__)

static inline enum sst_status
sst_rule_no_memory(const struct sst_rule_reading *r)
{
	return sst_fail_memory(r->err, "the rules");
}

/* Zeros that live as long as the rules; NULL: no memory. */
static inline void *
sst_rule_take(const struct sst_rule_reading *r, size_t n, size_t size)
{
	/* Both come from a bounded document. */
	return sst_arena_zero(&r->rules->arena, n * size);
}

/* All members of a rule but "when". */
enum sst_status sst_rule_read_actions(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_rule *rule) SST_MUST_USE;

/* A text, number or truth value, or a list of at least one: copies of them. */
enum sst_status sst_rule_read_texts(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, const struct sst_span **out,
	size_t *n) SST_MUST_USE;

/* The conditions that have a name of their own. */
enum sst_status sst_rule_read_method(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;
enum sst_status sst_rule_read_status(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;
enum sst_status sst_rule_read_query_has(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;
enum sst_status sst_rule_read_has(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;

/* A pattern; `field` and `key` of the test are set. */
enum sst_status sst_rule_read_pattern(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;

/* A condition on the key of the event that the member is named by. */
enum sst_status sst_rule_read_key(const struct sst_rule_reading *r,
	const struct sst_doc_node *node, struct sst_test *test) SST_MUST_USE;

#endif
