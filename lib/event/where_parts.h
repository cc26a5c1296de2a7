/* SPDX-License-Identifier: ISC */
/*
 * where_parts -- one condition, between its parser (where_parse) and those who
 * ask it (where); for them alone.
 */
#ifndef SST_EVENT_WHERE_PARTS_H
#define SST_EVENT_WHERE_PARTS_H

#include "base/arena.h"
#include "event/field.h"
#include "text/ip.h"
#include "text/match.h"

enum sst_where_kind {
	SST_WHERE_ORDER, /* = < <= > >= */
	SST_WHERE_MATCH, /* ~ */
	SST_WHERE_IN
};

/* The outcomes of a comparison, and which of them fit. */
enum {
	SST_WHERE_LESS = 1,
	SST_WHERE_EQUAL = 2,
	SST_WHERE_MORE = 4
};

/* One of a comma list. */
struct sst_where_item {
	struct sst_span word;
	struct sst_net net;
	bool is_net;
};

struct sst_where_condition {
	struct sst_span key;  /* of a nested key what follows the dot */
	enum sst_field field; /* of a nested key where it is nested */
	bool is_nested;       /* props.NAME, params.NAME */
	bool is_negated;      /* != and !~ */
	bool is_number;       /* the value is one */
	uint8_t fits;         /* SST_WHERE_LESS ... */
	enum sst_where_kind kind;
	struct sst_span value;
	struct sst_match *match;
	struct sst_where_item *items;
	size_t n;
};

/* Read one condition; what it needs is in `arena`, but for `match`, which is
 * the caller's to close, also after a failure. SST_EUSAGE or SST_ENOMEM. */
enum sst_status sst_where_parse(struct sst_where_condition *out,
	struct sst_arena *arena, const char *text,
	struct sst_err *err) SST_MUST_USE;

#endif
