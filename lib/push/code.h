/* SPDX-License-Identifier: ISC */
/*
 * code -- an API file's values and conditions as flat operations.
 *
 * push/compile writes them, push/machine runs them. An operation is 8 bytes;
 * texts, tests, maps and lists of names stand beside them and are referred to
 * by number. Only NEXT jumps back, over the members of one object: what a
 * program writes is bounded by the event.
 */
#ifndef SST_PUSH_CODE_H
#define SST_PUSH_CODE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_CODE_OPS ((size_t)4096)
#define SST_CODE_MARKS 32
#define SST_CODE_TESTS ((size_t)512)
#define SST_CODE_MAPS ((size_t)32)
#define SST_CODE_LISTS ((size_t)32)
#define SST_CODE_NAMES ((size_t)512)

/* `acc` is the value at hand, `ok` whether a JSON value was written, `flag`
 * what a condition says. (len, at) is a text of the pool where "text" is said.
 */
enum sst_op_code {
	SST_OP_END,
	/* output */
	SST_OP_TEXT,     /* append text */
	SST_OP_PUT_JSON, /* ok = acc is there; append it as JSON */
	SST_OP_OK,       /* ok = arg */
	SST_OP_MARK,     /* remember the end of the output */
	SST_OP_POP,      /* forget the mark */
	SST_OP_CUT,      /* cut back to the mark, forget it; ok = false */
	SST_OP_OPEN,     /* mark, append the bracket arg */
	SST_OP_CLOSE,    /* the last comma becomes the bracket arg, ok = true;
			    or all is cut back to the mark */
	SST_OP_MEMBER,   /* ok: append a comma, and note the name (text) when
			    arg is set; else cut back; forget the mark */
	SST_OP_ITEMS,    /* here stand the items; ok = true */
	SST_OP_SUB,      /* what follows is written aside */
	SST_OP_SUB_END,  /* acc = that, a string; absent when arg is set */
	SST_OP_SUB_JSON, /* acc = that, kind arg; absent when !ok */
	SST_OP_ADD_ALL,  /* append all members of acc but those in list at */
	/* the value at hand */
	SST_OP_ABSENT,
	SST_OP_KEY,    /* event field at */
	SST_OP_OTHER,  /* event key text */
	SST_OP_PROP,   /* member text of props */
	SST_OP_PARAM,  /* of params */
	SST_OP_EVENT,  /* the event */
	SST_OP_STRING, /* text, decoded */
	SST_OP_NUMBER, /* text */
	SST_OP_TRUE,
	SST_OP_FALSE,
	SST_OP_NAME, /* $name */
	SST_OP_VALUE,
	SST_OP_BATCH_ID,
	SST_OP_BATCH_EVENTS,
	SST_OP_NOW,
	SST_OP_SENT_BODY, /* of the request that is signed */
	SST_OP_SIGNATURE,
	/* the same, of an answer */
	SST_OP_STATUS,
	SST_OP_ERROR,
	SST_OP_HEADER, /* text */
	SST_OP_BODY,
	SST_OP_SENT,
	SST_OP_JSON, /* path text: names and numbers, each with a NUL */
	SST_OP_AT,   /* the same, from the element */
	/* computing */
	SST_OP_CONV,  /* arg: enum sst_conv; at: number; or text */
	SST_OP_MAP,   /* map at */
	SST_OP_FLAG,  /* flag = arg */
	SST_OP_TRUTH, /* flag = acc is there, not false; arg: negated */
	SST_OP_KEEP,  /* the other side of a comparison = acc */
	SST_OP_LEFT,  /* the first term of a sum = acc */
	SST_OP_ADD,   /* acc += that */
	SST_OP_TEST,  /* flag = test at of acc */
	/* what may jump, to at */
	SST_OP_JUMP,
	SST_OP_JUMP_PRESENT, /* acc is there */
	SST_OP_JUMP_ABSENT,
	SST_OP_JUMP_FALSE, /* flag */
	SST_OP_PUT_PART,   /* append acc as a part of a string, as arg (enum
			      sst_coding) says; jump when it is absent */
	SST_OP_EACH,       /* over the members of acc, len at most; jump when
			      there are none */
	SST_OP_NEXT,       /* the next one; jump when it was the last */
	SST_OP_NAMED,      /* mark, append acc as a name; jump when it cannot
			      be one, is in list len, or was written */
	SST_OP_EACH_END,   /* as MEMBER, count, jump */
};

/* How a part of a string is written. */
enum sst_coding {
	SST_CODING_JSON,   /* inside of a JSON string */
	SST_CODING_TEXT,   /* as it is */
	SST_CODING_PCT,    /* percent-encoded */
	SST_CODING_HEADER, /* control characters become spaces */
};

struct sst_op {
	uint8_t code;
	uint8_t arg;
	uint16_t len;
	uint32_t at;
};

enum sst_test_op {
	SST_TEST_EQ,
	SST_TEST_NE,
	SST_TEST_LT,
	SST_TEST_LE,
	SST_TEST_GT,
	SST_TEST_GE,
	SST_TEST_HAS,
	SST_TEST_HAS_NOT
};

/* One value on the right side. */
struct sst_test_value {
	bool is_range; /* low..high */
	bool is_kept;  /* what KEEP kept */
	double low, high;
	struct sst_span text;
};

struct sst_test {
	enum sst_test_op op;
	size_t n;
	const struct sst_test_value *values;
};

/* A row of `maps`: the result has the looked-up text in its gaps. */
struct sst_map_row {
	struct sst_span key; /* without the star */
	bool is_prefix;
	bool is_number; /* the result is no string */
	size_t n;       /* parts; a gap between each two */
	const struct sst_span *parts;
};

struct sst_map {
	struct sst_span name;
	size_t n;
	const struct sst_map_row *rows;
};

struct sst_code {
	struct sst_op ops[SST_CODE_OPS];
	size_t n;
	size_t label; /* the last op that something jumps to */
	struct sst_buf pool;
	struct sst_test tests[SST_CODE_TESTS];
	size_t test_count;
	struct sst_map maps[SST_CODE_MAPS];
	size_t map_count;
	/* Names that an object spells, in JSON spelling. */
	struct sst_span names[SST_CODE_NAMES];
	size_t name_count;
	struct {
		uint16_t first, n;
	} lists[SST_CODE_LISTS];
	size_t list_count;
};

#endif
