-- SPDX-License-Identifier: ISC
-- The hours of the day (UTC) at which people look at pages.
--     sqlite3 events.db <hours.sql
.mode list
.headers off

SELECT char(10) || printf('HOURS %21s %42s', 'page views', 'page views');

WITH RECURSIVE
hour(at) AS (
	SELECT 0 UNION ALL SELECT at + 1 FROM hour WHERE at < 23
),
counted AS (
	SELECT at, count(events.id) AS n
	FROM hour LEFT JOIN events ON event = 'page_view'
		AND CAST(substr(time, 12, 2) AS INTEGER) = at
	GROUP BY at
),
bar AS (
	SELECT at, n, 8 * 20 * n / max(max(n) OVER (), 1) AS eighths
	FROM counted
),
drawn AS (
	SELECT at, printf('  %02d %,9d  %-!21s', at, n,
		substr('████████████████████', 1, eighths / 8)
		|| substr('▏▎▍▌▋▊▉', eighths % 8, eighths % 8 > 0)) AS line
	FROM bar
)
SELECT rtrim(a.line || '   ' || b.line)
FROM drawn AS a JOIN drawn AS b ON b.at = a.at + 12
ORDER BY a.at;
