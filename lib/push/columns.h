/* SPDX-License-Identifier: ISC */
/*
 * columns -- the tables of the embedded destination, made from the field table.
 *
 * Two tables: `events`, and `sessions` for the summaries that sst-session
 * writes. A key of event/field is a column of the one, of the other or of both;
 * what is no column of a table goes into its JSON column `other`, so that
 * nothing is lost. Views (v_day, v_page ...) are for people.
 */
#ifndef SST_PUSH_COLUMNS_H
#define SST_PUSH_COLUMNS_H

#include "base/buf.h"
#include "event/field.h"

#include <stdbool.h>

/* Goes up when a table changes; kept in PRAGMA user_version. */
#define SST_SCHEMA_VERSION 1
/* PRAGMA application_id, "sst1". */
#define SST_SCHEMA_ID 0x73737431

enum sst_table {
	SST_TABLE_EVENTS,
	SST_TABLE_SESSIONS,
	SST_TABLE_COUNT
};

const char *sst_table_name(enum sst_table table);

/* Is the key a column of that table? */
bool sst_column_is_in(enum sst_table table, enum sst_field field);

/* UUIDs are kept as 16 bytes. */
bool sst_column_is_uuid(enum sst_field field);

/* "TEXT", "INTEGER" ... */
const char *sst_column_type(enum sst_field field);

/* Append the statements that make tables and views. They may be run again. */
void sst_columns_put_ddl(struct sst_buf *to);

/*
 * Append the statement that adds a row: one parameter per column, in the order
 * of the field table, the last one `other`. An event whose id is there changes
 * nothing. A summary whose id is there replaces it when it has more events, or
 * as many and a later end, so that the order of arrival does not matter.
 */
void sst_columns_put_insert(struct sst_buf *to, enum sst_table table);

#endif
