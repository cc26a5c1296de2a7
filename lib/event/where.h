/* SPDX-License-Identifier: ISC */
/*
 * where -- which events the user asked for: --where, --skip, --only.
 *
 * --where 'KEY OP VALUE' with the operators = != < <= > >= ~ !~ and "in" (a
 * comma list of networks or words). ~ is a PCRE2 search. A number is compared
 * with a number as such, with < and the like also one in a string; all else by
 * bytes. A value that begins like an operator needs a space before it. A key
 * may be any key of an event, also an unknown one, or props.NAME and
 * params.NAME. An array fits when one of its elements does, and fits != and !~
 * when none does. An absent key fits no condition but != and !~. All conditions
 * must hold.
 */
#ifndef SST_EVENT_WHERE_H
#define SST_EVENT_WHERE_H

#include "base/err.h"
#include "event/event.h"

struct sst_where;

/* What to compile; the strings are only read. */
struct sst_where_asked {
	const char *const *where; /* conditions */
	size_t where_count;
	const char *const *only; /* event names; any, when there is none */
	size_t only_count;
	const char *const *skip;
	size_t skip_count;
};

/* SST_EUSAGE names the condition and what is wrong with it; a misspelt key of
 * a condition on a table key is not an error (it may be the log's own). */
enum sst_status sst_where_open(struct sst_where **out,
	const struct sst_where_asked *asked, struct sst_err *err) SST_MUST_USE;

/* Does the event fit? A pattern that hits its limits does not fit. `where` may
 * be NULL: everything fits. */
bool sst_where_keeps(struct sst_where *where, struct sst_event *event);

/* Does a condition ask for this field? */
bool sst_where_asks(const struct sst_where *where, enum sst_field field);

void sst_where_close(struct sst_where *where);

#endif
