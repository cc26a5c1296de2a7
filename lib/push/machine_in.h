/* SPDX-License-Identifier: ISC */
/*
 * machine_in -- what the parts of the machine share; private to
 * push/machine*.c. machine_value.c has values, machine_test.c comparing,
 * machine.c output and control.
 */
#ifndef SST_PUSH_MACHINE_IN_H
#define SST_PUSH_MACHINE_IN_H

#include "push/machine.h"

static inline struct sst_span
sst_machine_text(const struct sst_machine *m, const struct sst_op *op)
{
	return sst_span(m->code->pool.at + op->at, op->len);
}

/* The value of a pair; of none, a null or a dropped one: absent. */
struct sst_value sst_machine_of_pair(const struct sst_pair *pair);
/* A pair's decoded key. */
struct sst_span sst_machine_key(
	struct sst_machine *m, const struct sst_pair *pair);
/* The members of an object's text. */
bool sst_machine_scan(struct sst_members *members, struct sst_span text);
/* The event itself becomes a value that has a text. */
void sst_machine_spell(struct sst_machine *m, struct sst_value *value);

/* Operations on acc. */
void sst_machine_load(struct sst_machine *m, const struct sst_op *op);
void sst_machine_load_answer(struct sst_machine *m, const struct sst_op *op);
void sst_machine_convert(struct sst_machine *m, const struct sst_op *op);
void sst_machine_map(struct sst_machine *m, const struct sst_map *map);
void sst_machine_add(struct sst_machine *m);
bool sst_machine_fits(struct sst_machine *m, const struct sst_test *test);

#endif
