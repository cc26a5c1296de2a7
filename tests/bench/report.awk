# SPDX-License-Identifier: ISC
#
# report.awk -- the table and the marks of tests/bench/run. The first file has
# rows "wall cpu kib lines bytes row title...", the second "tool kib".

# Strings of a visit: its paths, referrer, agent and campaign. Those of
# bench_gen have about 400 bytes, and memory comes in steps.
function session_bound() { return 32 + visits * (384 + 400) / 1048576 }

function mark(what, value, bound, unit, is_ceiling, met)
{
	met = is_ceiling ? value < bound : value >= bound
	printf "%-44s %7.2f%s  %s %.2f%s  %s\n", what, value, unit, \
		is_ceiling ? "under" : "at least", bound, unit, \
		met ? "pass" : "SHORT"
	if (!met)
		short = 1
}

function ratio(a, b) { return speed[b] ? speed[a] / speed[b] : 0 }

BEGIN {
	printf "%-28s %12s %9s %8s %9s\n", "best of " rounds, "lines/s", \
		"MB/s", "CPU s", "peak MiB"
}

FNR == NR {
	title = $7
	for (i = 8; i <= NF; i++)
		title = title " " $i
	# Bytes a second, so that ratios hold also where one event more is
	# read than another.
	speed[$6] = $5 / $1
	printf "%-28s %12d %9.1f %8.2f %9.1f\n", title, $4 / $1, \
		$5 / $1 / 1e6, $2, $3 / 1024
	next
}

{ peak[$1] = $2 / 1024 }

END {
	print ""
	mark("sst-parse / mawk", ratio("sst-parse", "awk"), 3, "x", 0)
	mark("sst-session / yajl on its input", \
		ratio("sst-session", "yajl.sst-session"), 1, "x", 0)
	mark("sst-redact / yajl on its input", \
		ratio("sst-redact", "yajl.sst-redact"), 1, "x", 0)
	mark("sst-push to a file / yajl on its input", \
		ratio("sst-push", "yajl.sst-push"), 2, "x", 0)
	print ""
	mark("sst-parse, memory in the pipe", peak["sst-parse"], 48, " MiB", 1)
	mark("sst-session (" visits " visits open at most)", \
		peak["sst-session"], session_bound(), " MiB", 1)
	mark("sst-redact, memory in the pipe", peak["sst-redact"], 48, " MiB", 1)
	mark("sst-push, memory in the pipe", peak["sst-push"], 48, " MiB", 1)
	exit short
}
