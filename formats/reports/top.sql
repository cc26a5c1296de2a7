-- SPDX-License-Identifier: ISC
-- What leads each list: pages, where visits begin and come from, campaigns,
-- and, apart from all figures about visits, bots and errors.
--     sqlite3 events.db <top.sql
-- A list is one row of `list` and one SELECT of `found`.
.mode list
.headers off

WITH
list(no, title, unit) AS (VALUES
	(1, 'TOP PAGES', 'views'),
	(2, 'ENTRY PAGES', 'visits'),
	(3, 'CHANNELS', 'visits'),
	(4, 'SOURCES', 'visits'),
	(5, 'REFERRERS', 'visits'),
	(6, 'CAMPAIGNS', 'visits'),
	(7, 'BOTS', 'hits'),
	(8, 'ERRORS', 'hits')
),
found(no, label, n) AS (
	SELECT 1, coalesce(host, '') || coalesce(path, ''), count(*)
	FROM events WHERE event = 'page_view' GROUP BY 2
	UNION ALL
	SELECT 2, entry_path, count(*)
	FROM sessions WHERE entry_path IS NOT NULL GROUP BY 2
	UNION ALL
	SELECT 3, coalesce(channel, 'Direct'), count(*)
	FROM sessions GROUP BY 2
	UNION ALL
	SELECT 4, coalesce(source, '(direct)') || coalesce(' / ' || medium, ''),
		count(*)
	FROM sessions GROUP BY 2
	UNION ALL
	-- A link on the own site brings nobody: such visits are direct.
	SELECT 5, referrer, count(*)
	FROM sessions WHERE referrer IS NOT NULL AND channel <> 'Direct'
	GROUP BY 2
	UNION ALL
	SELECT 6, campaign || coalesce(' (' || source || ')', ''), count(*)
	FROM sessions WHERE campaign IS NOT NULL GROUP BY 2
	UNION ALL
	SELECT 7, bot, count(*)
	FROM events WHERE bot IS NOT NULL GROUP BY 2
	UNION ALL
	SELECT 8, status || ' ' || coalesce(path, '(no request)'), count(*)
	FROM events WHERE event = 'error' GROUP BY 2
),
ranked AS (
	SELECT no, n,
		row_number() OVER (PARTITION BY no ORDER BY n DESC, label)
			AS rank,
		100.0 * n / sum(n) OVER (PARTITION BY no) AS share,
		8 * 10 * n / max(n) OVER (PARTITION BY no) AS eighths,
		-- Visitors chose these letters: none may steer the terminal.
		CASE
		WHEN label GLOB '*[' || char(127) || '-' || char(159) || ']*'
		THEN '(not printable)'
		ELSE substr(json_quote(label), 2, length(json_quote(label)) - 2)
		END AS label
	FROM found
)
SELECT line FROM (
	SELECT no, 0 AS rank, char(10)
		|| printf('%-50s %7s %7s', title, unit, 'share') AS line
	FROM list
	UNION ALL
	SELECT no, rank, printf('  %-!48s %,7d %5.1f %%  ',
		CASE WHEN length(label) > 48 THEN substr(label, 1, 47) || '…'
		ELSE label END, n, share)
		|| substr('██████████', 1, eighths / 8)
		|| substr('▏▎▍▌▋▊▉', eighths % 8, eighths % 8 > 0)
	FROM ranked WHERE rank <= 6
	UNION ALL
	SELECT no, 1, '  none'
	FROM list WHERE no NOT IN (SELECT no FROM found)
)
ORDER BY no, rank;
