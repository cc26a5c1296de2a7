/* SPDX-License-Identifier: ISC */
#include "push/builtin.h"

#include "push/columns.h"

static const char sqlite_text[] =
	"sqlite: an SQLite database with the tables events and sessions\n"
	"settings\n"
	"  --set busy=duration  how long to wait for a lock (default 10s)\n"
	"an event needs\n"
	"  id\n"
	"--describe sqlite --ddl prints the tables and views\n";

static const char file_text[] =
	"file: JSON Lines files in a directory\n"
	"settings\n"
	"  --set max_bytes=size  of a file (default 256M)\n"
	"  --set max_age=duration  of a file (default 1h)\n";

void
sst_builtin_list(struct sst_buf *to)
{
	SST_BUF_PUT(to, "sqlite:FILE         an SQLite database\n"
			"file:DIR            rotated JSON Lines files\n"
			"http(s)://URL       a webhook\n");
}

bool
sst_builtin_describe(struct sst_span name, bool wants_ddl, struct sst_buf *to)
{
	if (name.len > 0 && name.at[name.len - 1] == ':')
		name.len--;
	if (sst_span_is(name, "sqlite")) {
		if (wants_ddl)
			sst_columns_put_ddl(to);
		else
			SST_BUF_PUT(to, sqlite_text);
		return true;
	}
	if (!sst_span_is(name, "file") || wants_ddl)
		return false;
	SST_BUF_PUT(to, file_text);
	return true;
}
