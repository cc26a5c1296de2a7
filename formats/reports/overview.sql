-- SPDX-License-Identifier: ISC
-- The figures to look at first, and how the days compare.
--     sqlite3 events.db <overview.sql
-- A visitor is counted once a day: ids change at midnight UTC on purpose.
.mode list
.headers off

SELECT printf('AT A GLANCE %67s', coalesce(
	substr(min(time), 1, 10) || ' to ' || substr(max(time), 1, 10), ''))
FROM events;

WITH
visit AS (
	SELECT count(*) AS n, count(DISTINCT visitor_id) AS visitors,
		total(page_views) AS pages, total(bounce) AS bounces,
		CAST(round(coalesce(avg(duration), 0)) AS INTEGER) AS seconds
	FROM sessions
),
view AS (
	SELECT count(*) AS n FROM events WHERE event = 'page_view'
)
SELECT printf('  %-22s %,10d        %-22s %10.1f', 'visits', visit.n,
	'pages a visit', visit.pages / max(visit.n, 1)) || char(10)
	|| printf('  %-22s %,10d        %-22s %10.1f %%', 'visitors',
	visit.visitors, 'bounce rate', 100.0 * visit.bounces / max(visit.n, 1))
	|| char(10)
	|| printf('  %-22s %,10d        %-22s %7d:%02d', 'page views', view.n,
	'minutes a visit', visit.seconds / 60, visit.seconds % 60)
FROM visit, view;

SELECT '' || char(10) || printf('DAYS %19s %9s %11s', 'visits', 'visitors',
	'page views');

WITH
visit AS (
	SELECT substr(time, 1, 10) AS day, count(*) AS n,
		count(DISTINCT visitor_id) AS visitors,
		total(page_views) AS pages
	FROM sessions GROUP BY day
),
bar AS (
	SELECT *, CAST(28 * 8 * n / max(n) OVER () AS INTEGER) AS eighths
	FROM (SELECT * FROM visit ORDER BY day DESC LIMIT 31)
)
SELECT printf('  %s %s %,8d %,9d %,11d   ', day, substr('SunMonTueWedThuFriSat',
	1 + 3 * strftime('%w', day), 3), n, visitors, pages)
	|| substr('████████████████████████████', 1, eighths / 8)
	|| substr('▏▎▍▌▋▊▉', eighths % 8, eighths % 8 > 0)
FROM bar ORDER BY day;
