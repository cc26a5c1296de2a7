/* SPDX-License-Identifier: ISC */
/*
 * sink_sqlite -- events into an SQLite database. The door to sqlite3.h.
 *
 * One transaction per batch; an event is settled when the transaction that
 * holds it is committed and synced (WAL, synchronous=FULL), and a database that
 * was in use at a crash is whole at the next start. The tables are those of
 * push/columns. Ids are unique: the same events again change nothing.
 *
 * The database knows the fingerprint of the key that made its ids; one made
 * with another key, by a newer schema, or by another program is refused.
 */
#ifndef SST_PUSH_SINK_SQLITE_H
#define SST_PUSH_SINK_SQLITE_H

#include "push/sink.h"

struct sst_sink_sqlite_asked {
	const char *path;
	const char *fingerprint; /* of the key; 16 hex digits */
	int64_t busy_us; /* how long to wait for a database that is locked */
	struct sst_sink_limits limits;
	struct sst_sink_owner owner;
};

/*
 * Open the database, made (0600) when there is none. SST_ECONFIG: it is not
 * ours, or another key's; SST_EIO: it cannot be opened, or is busy.
 */
enum sst_status sst_sink_sqlite_open(struct sst_sink **out,
	const struct sst_sink_sqlite_asked *asked,
	struct sst_err *err) SST_MUST_USE;

/* "3.40.1", for --version. */
const char *sst_sqlite_library_version(void);

#endif
