/* SPDX-License-Identifier: ISC */
#include "push/sink_sqlite.h"

#include "base/digest.h"
#include "base/num.h"
#include "push/columns.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough that a commit's two syncs do not show, few enough that what a crash
 * repeats is a second's work. */
#define BATCH_EVENTS 10000

/* Pages that are held in memory: 16 MiB keeps the index of some hundred
 * thousand ids, so that most inserts find their leaf. */
#define CACHE_KIB 16384

/* The DDL and the longest statement. */
#define SQL_MAX ((size_t)64 * 1024)

/* What an event may have in `other`: as much as a line. */
#define OTHER_MAX ((size_t)4 * 1024 * 1024)

struct sqlite_sink {
	struct sst_sink sink;
	struct sst_sink_owner owner;
	struct sst_sink_limits limits;
	sqlite3 *db;
	sqlite3_stmt *insert[SST_TABLE_COUNT];
	int param[SST_TABLE_COUNT][SST_FIELD_COUNT]; /* 0: no column */
	int other[SST_TABLE_COUNT];
	struct sst_buf json; /* of the row's `other` */
	const char *path;
	uint64_t first;   /* ticket of the transaction's first event */
	uint64_t held;    /* events in it */
	int64_t began_us; /* 0: not known yet */
	bool is_open;     /* a transaction is */
};

static enum sst_status
fail(struct sqlite_sink *sink, const char *what, struct sst_err *err)
{
	int code = sqlite3_errcode(sink->db) & 0xff;
	enum sst_status status = code == SQLITE_NOTADB || code == SQLITE_CORRUPT
					 ? SST_ECONFIG
				 : code == SQLITE_NOMEM ? SST_ENOMEM
							: SST_EIO;

	return sst_fail(err, status, "%s: %s: %s", sink->path, what,
		sqlite3_errmsg(sink->db));
}

static enum sst_status
run(struct sqlite_sink *sink, const char *sql, const char *what,
	struct sst_err *err)
{
	if (sqlite3_exec(sink->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return SST_OK;
	return fail(sink, what, err);
}

/* The one number that a statement gives. */
static enum sst_status
ask(struct sqlite_sink *sink, const char *sql, int64_t *out,
	struct sst_err *err)
{
	sqlite3_stmt *stmt = NULL;
	enum sst_status status = SST_OK;

	if (sqlite3_prepare_v2(sink->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
		sqlite3_step(stmt) != SQLITE_ROW)
		status = fail(sink, "cannot read the schema", err);
	else
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return status;
}

/* ---- schema ---- */

/* A key that came after the database was made is a column more. */
static enum sst_status
add_columns(struct sqlite_sink *sink, enum sst_table table, struct sst_err *err)
{
	for (int f = SST_F_ID + 1; f < SST_FIELD_COUNT; f++) {
		enum sst_field field = (enum sst_field)f;
		const char *name = sst_field_row(field)->name;
		enum sst_status status;
		int64_t count = 0;
		char *sql;

		if (!sst_column_is_in(table, field))
			continue;
		sql = sqlite3_mprintf("SELECT count(*) FROM "
				      "pragma_table_info(%Q) WHERE name=%Q",
			sst_table_name(table), name);
		if (sql == NULL)
			return sst_fail_memory(err, "a statement");
		status = ask(sink, sql, &count, err);
		sqlite3_free(sql);
		if (status != SST_OK)
			return status;
		if (count != 0)
			continue;
		sql = sqlite3_mprintf("ALTER TABLE %s ADD COLUMN \"%w\" %s",
			sst_table_name(table), name, sst_column_type(field));
		if (sql == NULL)
			return sst_fail_memory(err, "a statement");
		status = run(sink, sql, "cannot add a column", err);
		sqlite3_free(sql);
		if (status != SST_OK)
			return status;
	}
	return SST_OK;
}

static enum sst_status
make_schema(
	struct sqlite_sink *sink, const char *fingerprint, struct sst_err *err)
{
	struct sst_buf sql;
	enum sst_status status;

	sst_buf_init(&sql, SQL_MAX);
	sst_columns_put_ddl(&sql);
	sst_buf_printf(&sql,
		"INSERT OR IGNORE INTO meta VALUES('key_fingerprint','%s');"
		"PRAGMA application_id=%d;PRAGMA user_version=%d;",
		fingerprint, SST_SCHEMA_ID, SST_SCHEMA_VERSION);
	sst_buf_byte(&sql, '\0');
	status = sql.is_short ? sst_fail_memory(err, "the schema")
			      : run(sink, sql.at, "cannot make tables", err);
	sst_buf_release(&sql);
	return status;
}

static enum sst_status
check_fingerprint(
	struct sqlite_sink *sink, const char *fingerprint, struct sst_err *err)
{
	sqlite3_stmt *stmt = NULL;
	const unsigned char *text;
	enum sst_status status = SST_OK;

	if (sqlite3_prepare_v2(sink->db,
		    "SELECT value FROM meta WHERE name='key_fingerprint'", -1,
		    &stmt, NULL) != SQLITE_OK ||
		sqlite3_step(stmt) != SQLITE_ROW)
		status = sst_fail(err, SST_ECONFIG,
			"%s: does not say which key made its ids", sink->path);
	else if ((text = sqlite3_column_text(stmt, 0)) == NULL ||
		 strcmp((const char *)text, fingerprint) != 0)
		status = sst_fail(err, SST_ECONFIG,
			"%s: its ids were made with key %s, this is key %s",
			sink->path, text == NULL ? "?" : (const char *)text,
			fingerprint);
	(void)sqlite3_finalize(stmt);
	return status;
}

/* Whose database is it? Changes nothing. */
static enum sst_status
check_owner(struct sqlite_sink *sink, const char *fingerprint, bool *is_new,
	struct sst_err *err)
{
	int64_t tables = 0, id = 0, version = 0;
	enum sst_status status;

	status = ask(sink, "SELECT count(*) FROM sqlite_master", &tables, err);
	if (status == SST_OK)
		status = ask(sink, "PRAGMA application_id", &id, err);
	if (status == SST_OK)
		status = ask(sink, "PRAGMA user_version", &version, err);
	if (status != SST_OK)
		return status;
	*is_new = tables == 0;
	if (*is_new)
		return SST_OK;
	if (id != SST_SCHEMA_ID)
		return sst_fail(err, SST_ECONFIG,
			"%s: is another program's database", sink->path);
	if (version > SST_SCHEMA_VERSION || version < 1)
		return sst_fail(err, SST_ECONFIG,
			"%s: has schema %lld, this sst-push knows up to %d",
			sink->path, (long long)version, SST_SCHEMA_VERSION);
	return check_fingerprint(sink, fingerprint, err);
}

/* In one transaction, so that of two processes one makes the tables. */
static enum sst_status
bring_schema(
	struct sqlite_sink *sink, const char *fingerprint, struct sst_err *err)
{
	bool is_new;
	enum sst_status status =
		run(sink, "BEGIN IMMEDIATE", "cannot lock", err);

	if (status != SST_OK)
		return status;
	status = check_owner(sink, fingerprint, &is_new, err);
	if (status == SST_OK && is_new)
		status = make_schema(sink, fingerprint, err);
	for (int t = 0; status == SST_OK && t < SST_TABLE_COUNT; t++)
		status = add_columns(sink, (enum sst_table)t, err);
	if (status == SST_OK)
		return run(sink, "COMMIT", "cannot make tables", err);
	(void)sqlite3_exec(sink->db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

static enum sst_status
prepare(struct sqlite_sink *sink, enum sst_table table, struct sst_err *err)
{
	struct sst_buf sql;
	enum sst_status status = SST_OK;
	int n = 0;

	sst_buf_init(&sql, SQL_MAX);
	sst_columns_put_insert(&sql, table);
	if (sql.is_short)
		status = sst_fail_memory(err, "a statement");
	else if (sqlite3_prepare_v3(sink->db, sql.at, (int)sql.len,
			 SQLITE_PREPARE_PERSISTENT, &sink->insert[table],
			 NULL) != SQLITE_OK)
		status = fail(sink, "cannot prepare", err);
	sst_buf_release(&sql);
	for (int f = 0; f < SST_FIELD_COUNT; f++)
		if (sst_column_is_in(table, (enum sst_field)f))
			sink->param[table][f] = ++n;
	sink->other[table] = n + 1;
	return status;
}

/* ---- rows ---- */

static enum sst_status
commit(struct sqlite_sink *sink, struct sst_err *err)
{
	enum sst_status status;

	if (!sink->is_open)
		return SST_OK;
	status = run(sink, "COMMIT", "cannot commit", err);
	if (status != SST_OK)
		return status;
	sink->is_open = false;
	if (sink->held > 0)
		sink->owner.settle(sink->owner.self, sink->first, sink->held,
			SST_OK, SST_WHY_NONE);
	sink->held = 0;
	return SST_OK;
}

static enum sst_status
begin(struct sqlite_sink *sink, uint64_t ticket, struct sst_err *err)
{
	enum sst_status status;

	if (sink->is_open && sink->held < sink->limits.batch_events)
		return SST_OK;
	status = commit(sink, err);
	if (status != SST_OK)
		return status;
	status = run(sink, "BEGIN IMMEDIATE", "cannot write", err);
	if (status != SST_OK)
		return status;
	sink->is_open = true;
	sink->first = ticket;
	sink->held = 0;
	sink->began_us = 0;
	return SST_OK;
}

static int
bind_text(sqlite3_stmt *stmt, int param, struct sst_span text)
{
	return sqlite3_bind_text64(
		stmt, param, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int
bind(sqlite3_stmt *stmt, int param, struct sst_event *event,
	const struct sst_pair *pair)
{
	int64_t number;
	uint8_t uuid[16];

	switch ((enum sst_kind)pair->kind) {
	case SST_KIND_TRUE:
	case SST_KIND_FALSE:
		return sqlite3_bind_int(
			stmt, param, pair->kind == SST_KIND_TRUE);
	case SST_KIND_NUMBER:
		if (sst_num_i64(pair->value, &number))
			return sqlite3_bind_int64(stmt, param, number);
		break; /* as text: the column's affinity makes it a number */
	case SST_KIND_STRING:
		if (sst_column_is_uuid((enum sst_field)pair->tag) &&
			sst_uuid_read(pair->value, uuid))
			return sqlite3_bind_blob(stmt, param, uuid,
				sizeof(uuid), SQLITE_TRANSIENT);
		return bind_text(stmt, param, sst_event_pair_text(event, pair));
	case SST_KIND_NULL:
		return SQLITE_OK;
	case SST_KIND_OBJECT:
	case SST_KIND_ARRAY:
		break;
	}
	return bind_text(stmt, param, pair->value);
}

/* A key without a column, as a member of `other`. */
static void
keep_other(struct sst_buf *json, const struct sst_pair *pair)
{
	bool is_text = pair->kind == SST_KIND_STRING;

	sst_buf_put(json, json->len == 0 ? "{\"" : ",\"", 2);
	sst_buf_put_span(json, pair->key);
	sst_buf_put(json, "\":\"", is_text ? 3 : 2);
	sst_buf_put_span(json, pair->value);
	sst_buf_put(json, "\"", is_text ? 1 : 0);
}

static int
bind_event(
	struct sqlite_sink *sink, enum sst_table table, struct sst_event *event)
{
	sqlite3_stmt *stmt = sink->insert[table];
	int code = sqlite3_clear_bindings(stmt);

	sst_buf_reset(&sink->json);
	for (size_t i = 0; code == SQLITE_OK && i < event->n; i++) {
		const struct sst_pair *pair = &event->pairs[i];
		int param = sink->param[table][pair->tag];

		if (pair->flags & SST_PAIR_DROPPED)
			continue;
		if (param != 0)
			code = bind(stmt, param, event, pair);
		else if (pair->tag != SST_F_EVENT)
			keep_other(&sink->json, pair);
	}
	if (code != SQLITE_OK || sink->json.len == 0)
		return code;
	sst_buf_byte(&sink->json, '}');
	return bind_text(stmt, sink->other[table], sst_buf_span(&sink->json));
}

static enum sst_status
put(struct sst_sink *self, const struct sst_sink_event *in,
	enum sst_reason *why, struct sst_err *err)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)self;
	struct sst_pair *name = sst_event_get(in->event, SST_F_EVENT);
	enum sst_table table =
		name != NULL && sst_span_is(name->value, "session")
			? SST_TABLE_SESSIONS
			: SST_TABLE_EVENTS;
	enum sst_status status;
	int code;

	if (!sst_event_has(in->event, SST_F_ID)) {
		*why = SST_WHY_NO_ID;
		return SST_REJECT;
	}
	status = begin(sink, in->ticket, err);
	if (status != SST_OK)
		return status;
	code = bind_event(sink, table, in->event);
	if (sink->json.is_short || in->event->is_short)
		return sst_fail_memory(err, "an event");
	if (code == SQLITE_OK)
		code = sqlite3_step(sink->insert[table]);
	/* The spans that it borrowed end with this call. */
	(void)sqlite3_reset(sink->insert[table]);
	if (code == SQLITE_TOOBIG) {
		*why = SST_WHY_TOO_BIG;
		return SST_REJECT;
	}
	if (code != SQLITE_DONE)
		return fail(sink, "cannot write", err);
	sink->held++;
	return SST_HELD;
}

/* ---- the rest of a sink ---- */

static enum sst_status
work(struct sst_sink *self, struct sst_moment now, int *wait_ms,
	struct sst_err *err)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)self;
	int64_t left_us;

	*wait_ms = -1;
	if (!sink->is_open)
		return SST_OK;
	if (sink->began_us == 0)
		sink->began_us = now.mono_us;
	left_us = sink->began_us + sink->limits.batch_age_us - now.mono_us;
	if (left_us <= 0)
		return commit(sink, err);
	*wait_ms = (int)(left_us / 1000) + 1;
	return SST_OK;
}

static enum sst_status
flush(struct sst_sink *self, struct sst_moment now, struct sst_err *err)
{
	(void)now;
	return commit((struct sqlite_sink *)self, err);
}

static uint64_t
held(const struct sst_sink *self)
{
	return ((const struct sqlite_sink *)self)->held;
}

static void
abandon(struct sst_sink *self)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)self;

	if (sink->is_open)
		(void)sqlite3_exec(sink->db, "ROLLBACK", NULL, NULL, NULL);
	sink->is_open = false;
	if (sink->held > 0)
		sink->owner.settle(sink->owner.self, sink->first, sink->held,
			SST_DROP, SST_WHY_LOST);
	sink->held = 0;
}

static void
close_sqlite(struct sst_sink *self)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)self;

	for (int t = 0; t < SST_TABLE_COUNT; t++)
		(void)sqlite3_finalize(sink->insert[t]);
	(void)sqlite3_close(sink->db);
	sst_buf_release(&sink->json);
	free(sink);
}

static const struct sst_sink_ops ops = {
	.name = "sqlite",
	.put = put,
	.work = work,
	.flush = flush,
	.held = held,
	.abandon = abandon,
	.close = close_sqlite,
};

/* SQLite would make it for everybody to read; what is there keeps its mode. */
static enum sst_status
make_file(const char *path, struct sst_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd == -1)
		return sst_fail(err, SST_EIO, "%s: %s", path, strerror(errno));
	(void)close(fd);
	return SST_OK;
}

static enum sst_status
open_database(struct sqlite_sink *sink,
	const struct sst_sink_sqlite_asked *asked, struct sst_err *err)
{
	enum sst_status status = make_file(asked->path, err);
	bool is_new;

	if (status != SST_OK)
		return status;
	if (sqlite3_open_v2(asked->path, &sink->db, SQLITE_OPEN_READWRITE,
		    NULL) != SQLITE_OK)
		return sink->db == NULL ? sst_fail_memory(err, "a database")
					: fail(sink, "cannot open", err);
	(void)sqlite3_busy_timeout(
		sink->db, (int)(asked->busy_us / 1000 > 86400000
					  ? 86400000
					  : asked->busy_us / 1000));
	/* Look before anything is changed, then once more under the lock. */
	status = check_owner(sink, asked->fingerprint, &is_new, err);
	if (status == SST_OK)
		status = run(sink,
			"PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
			"cannot open", err);
	if (status == SST_OK) {
		char pragma[64];

		(void)sqlite3_snprintf(sizeof(pragma), pragma,
			"PRAGMA cache_size=-%d", CACHE_KIB);
		status = run(sink, pragma, "cannot open", err);
	}
	if (status == SST_OK)
		status = bring_schema(sink, asked->fingerprint, err);
	for (int t = 0; status == SST_OK && t < SST_TABLE_COUNT; t++)
		status = prepare(sink, (enum sst_table)t, err);
	return status;
}

enum sst_status
sst_sink_sqlite_open(struct sst_sink **out,
	const struct sst_sink_sqlite_asked *asked, struct sst_err *err)
{
	struct sqlite_sink *sink = calloc(1, sizeof(*sink));
	enum sst_status status;

	*out = NULL;
	if (sink == NULL)
		return sst_fail_memory(err, "a database");
	sink->sink.ops = &ops;
	sink->owner = asked->owner;
	sink->limits = asked->limits;
	sink->path = asked->path;
	if (sink->limits.batch_events == 0)
		sink->limits.batch_events = BATCH_EVENTS;
	sst_buf_init(&sink->json, OTHER_MAX);
	status = open_database(sink, asked, err);
	if (status != SST_OK) {
		close_sqlite(&sink->sink);
		return status;
	}
	*out = &sink->sink;
	return SST_OK;
}

const char *
sst_sqlite_library_version(void)
{
	return sqlite3_libversion();
}
