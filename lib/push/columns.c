/* SPDX-License-Identifier: ISC */
#include "push/columns.h"

/* Only summaries have these. */
#define IS_SUMMARY(field) \
	((field) >= SST_F_END_TIME && (field) <= SST_F_END_REASON)

/* What a summary has besides: of its visit, and of its first event. */
static const enum sst_field of_sessions[] = {
	SST_F_ID,
	SST_F_TIME,
	SST_F_HOST,
	SST_F_REFERRER,
	SST_F_DURATION,
	SST_F_DNT,
	SST_F_GPC,
	SST_F_CONSENT,
	SST_F_COUNTRY,
	SST_F_REGION,
	SST_F_CITY,
	SST_F_BROWSER,
	SST_F_BROWSER_VERSION,
	SST_F_OS,
	SST_F_OS_VERSION,
	SST_F_DEVICE,
	SST_F_BOT,
	SST_F_SOURCE,
	SST_F_MEDIUM,
	SST_F_CAMPAIGN,
	SST_F_TERM,
	SST_F_CONTENT,
	SST_F_CHANNEL,
	SST_F_CLICK_ID,
	SST_F_WEIGHT,
	SST_F_VISITOR_ID,
	SST_F_SESSION_ID,
	SST_F_VISIT_NUMBER,
	SST_F_LATE,
};

static const char *const names[SST_TABLE_COUNT] = {
	[SST_TABLE_EVENTS] = "events",
	[SST_TABLE_SESSIONS] = "sessions",
};

/* Column affinities: booleans are 0 and 1, objects and arrays JSON text. */
static const char *const affinities[] = {
	[SST_TYPE_STRING] = "TEXT",
	[SST_TYPE_INT] = "INTEGER",
	[SST_TYPE_NUMBER] = "REAL",
	[SST_TYPE_BOOL] = "INTEGER",
	[SST_TYPE_OBJECT] = "TEXT",
	[SST_TYPE_ARRAY] = "TEXT",
};

static const char views[] =
	"CREATE VIEW IF NOT EXISTS v_day AS\n"
	"  SELECT day, sum(visits) AS visits, sum(visitors) AS visitors,\n"
	"    sum(page_views) AS page_views, sum(events) AS events,\n"
	"    round(1.0 * sum(bounces) / sum(visits), 4) AS bounce_rate,\n"
	"    round(sum(seconds) / sum(visits), 1) AS seconds_per_visit,\n"
	"    sum(bot_hits) AS bot_hits, sum(errors) AS errors\n"
	"  FROM (SELECT substr(time, 1, 10) AS day, 0 AS visits,\n"
	"      count(DISTINCT iif(event = 'page_view', visitor_id, NULL))\n"
	"        AS visitors,\n"
	"      sum(event = 'page_view') AS page_views, count(*) AS events,\n"
	"      0 AS bounces, 0 AS seconds, sum(bot IS NOT NULL) AS bot_hits,\n"
	"      sum(event = 'error') AS errors\n"
	"    FROM events GROUP BY 1\n"
	"    UNION ALL SELECT substr(time, 1, 10), count(*), 0, 0, 0,\n"
	"      sum(bounce), sum(duration), 0, 0 FROM sessions GROUP BY 1)\n"
	"  GROUP BY day ORDER BY day;\n"
	"CREATE VIEW IF NOT EXISTS v_page AS\n"
	"  SELECT host, path, count(*) AS page_views,\n"
	"    count(DISTINCT visitor_id) AS visitors,\n"
	"    count(DISTINCT session_id) AS visits\n"
	"  FROM events WHERE event = 'page_view'\n"
	"  GROUP BY host, path ORDER BY page_views DESC, host, path;\n"
	"CREATE VIEW IF NOT EXISTS v_entry AS\n"
	"  SELECT entry_path, count(*) AS visits,\n"
	"    count(DISTINCT visitor_id) AS visitors,\n"
	"    round(avg(bounce), 4) AS bounce_rate,\n"
	"    round(avg(page_views), 2) AS page_views_per_visit\n"
	"  FROM sessions GROUP BY entry_path\n"
	"  ORDER BY visits DESC, entry_path;\n"
	"CREATE VIEW IF NOT EXISTS v_exit AS\n"
	"  SELECT exit_path, count(*) AS visits,\n"
	"    count(DISTINCT visitor_id) AS visitors\n"
	"  FROM sessions GROUP BY exit_path\n"
	"  ORDER BY visits DESC, exit_path;\n"
	"CREATE VIEW IF NOT EXISTS v_source AS\n"
	"  SELECT channel, source, medium, campaign, count(*) AS visits,\n"
	"    count(DISTINCT visitor_id) AS visitors,\n"
	"    sum(page_views) AS page_views,\n"
	"    round(avg(bounce), 4) AS bounce_rate,\n"
	"    sum(conversions) AS conversions\n"
	"  FROM sessions GROUP BY channel, source, medium, campaign\n"
	"  ORDER BY visits DESC, channel, source, medium, campaign;\n"
	"CREATE VIEW IF NOT EXISTS v_country AS\n"
	"  SELECT country, count(*) AS page_views,\n"
	"    count(DISTINCT visitor_id) AS visitors,\n"
	"    count(DISTINCT session_id) AS visits\n"
	"  FROM events WHERE event = 'page_view'\n"
	"  GROUP BY country ORDER BY page_views DESC, country;\n"
	"CREATE VIEW IF NOT EXISTS v_browser AS\n"
	"  SELECT browser, os, device, count(*) AS page_views,\n"
	"    count(DISTINCT visitor_id) AS visitors,\n"
	"    count(DISTINCT session_id) AS visits\n"
	"  FROM events WHERE event = 'page_view'\n"
	"  GROUP BY browser, os, device\n"
	"  ORDER BY page_views DESC, browser, os, device;\n"
	"CREATE VIEW IF NOT EXISTS v_bot AS\n"
	"  SELECT bot, count(*) AS hits, count(DISTINCT path) AS paths,\n"
	"    sum(status >= 400) AS errors, min(time) AS first_seen,\n"
	"    max(time) AS last_seen\n"
	"  FROM events WHERE bot IS NOT NULL\n"
	"  GROUP BY bot ORDER BY hits DESC, bot;\n"
	"CREATE VIEW IF NOT EXISTS v_error AS\n"
	"  SELECT status, host, path, count(*) AS hits,\n"
	"    min(time) AS first_seen, max(time) AS last_seen\n"
	"  FROM events WHERE status >= 400\n"
	"  GROUP BY status, host, path\n"
	"  ORDER BY hits DESC, status, host, path;\n";

bool
sst_column_is_uuid(enum sst_field field)
{
	return field == SST_F_ID || field == SST_F_VISITOR_ID ||
	       field == SST_F_SESSION_ID;
}

bool
sst_column_is_in(enum sst_table table, enum sst_field field)
{
	if (field == SST_F_OTHER)
		return false;
	if (table == SST_TABLE_EVENTS)
		return !IS_SUMMARY(field);
	if (IS_SUMMARY(field))
		return true;
	for (size_t i = 0; i < sizeof(of_sessions) / sizeof(of_sessions[0]);
		i++)
		if (of_sessions[i] == field)
			return true;
	return false;
}

const char *
sst_table_name(enum sst_table table)
{
	return names[table];
}

const char *
sst_column_type(enum sst_field field)
{
	/* An affinity of BLOB keeps what is no UUID as text. */
	return sst_column_is_uuid(field)
		       ? "BLOB"
		       : affinities[sst_field_row(field)->type];
}

static void
put_table(struct sst_buf *to, enum sst_table table)
{
	sst_buf_printf(to, "CREATE TABLE IF NOT EXISTS %s (\n", names[table]);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		enum sst_field field = (enum sst_field)f;

		if (sst_column_is_in(table, field))
			sst_buf_printf(to, "  \"%s\" %s%s,\n",
				sst_field_row(field)->name,
				sst_column_type(field),
				f == SST_F_ID ? " NOT NULL UNIQUE" : "");
	}
	SST_BUF_PUT(to, "  \"other\" TEXT\n);\n");
}

void
sst_columns_put_ddl(struct sst_buf *to)
{
	SST_BUF_PUT(to, "CREATE TABLE IF NOT EXISTS meta (\n"
			"  \"name\" TEXT PRIMARY KEY,\n"
			"  \"value\" TEXT NOT NULL\n"
			") WITHOUT ROWID;\n");
	for (int t = 0; t < SST_TABLE_COUNT; t++)
		put_table(to, (enum sst_table)t);
	SST_BUF_PUT(to, views);
}

/* What a longer summary changes: every column but the id. */
static void
put_replacement(struct sst_buf *to)
{
	SST_BUF_PUT(to, " ON CONFLICT(\"id\") DO UPDATE SET ");
	for (int f = SST_F_ID + 1; f < SST_FIELD_COUNT; f++) {
		const char *name = sst_field_row((enum sst_field)f)->name;

		if (sst_column_is_in(SST_TABLE_SESSIONS, (enum sst_field)f))
			sst_buf_printf(
				to, "\"%s\"=excluded.\"%s\",", name, name);
	}
	/* Without its Z a time with a fraction sorts after one without. A visit
	 * that was cut short by the end of input may turn out to have been
	 * over. */
	SST_BUF_PUT(to, "\"other\"=excluded.\"other\" WHERE "
			"(coalesce(excluded.\"events\",0),"
			"rtrim(coalesce(excluded.\"end_time\",''),'Z'),"
			"coalesce(excluded.\"end_reason\",'eof')<>'eof') > "
			"(coalesce(sessions.\"events\",0),"
			"rtrim(coalesce(sessions.\"end_time\",''),'Z'),"
			"coalesce(sessions.\"end_reason\",'eof')<>'eof')");
}

void
sst_columns_put_insert(struct sst_buf *to, enum sst_table table)
{
	/* Named, because a column that came later stands last. */
	sst_buf_printf(to, "INSERT INTO %s(", names[table]);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++)
		if (sst_column_is_in(table, (enum sst_field)f))
			sst_buf_printf(to, "\"%s\",",
				sst_field_row((enum sst_field)f)->name);
	SST_BUF_PUT(to, "\"other\") VALUES(");
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++)
		if (sst_column_is_in(table, (enum sst_field)f))
			SST_BUF_PUT(to, "?,");
	SST_BUF_PUT(to, "?)");
	if (table == SST_TABLE_SESSIONS)
		put_replacement(to);
	else
		SST_BUF_PUT(to, " ON CONFLICT(\"id\") DO NOTHING");
}
