# SPDX-License-Identifier: ISC
#
# report.awk -- the table and the marks of tests/bench/run. The first file has
# rows "wall cpu kib lines bytes row title...", the second "tool kib".

# Strings of a visit: its paths, referrer, agent and campaign. Those of
# bench_gen have about 400 bytes, and memory comes in steps.
function session_bound() { return 32 + visits * (384 + 400) / 1048576 }

# A tool beside its peer: by the clock, which counts, and by CPU time, which a
# busy machine disturbs less.
function mark(what, tool, peer, bound, ratio)
{
	ratio = speed[tool] / speed[peer]
	printf "%-40s %6.2fx (by CPU %5.2fx)  at least %.1fx  %s\n", what, ratio, \
		thrift[tool] / thrift[peer], bound, \
		verdict(ratio >= bound)
}

function memory_mark(what, tool, bound)
{
	printf "%-40s %6.1f MiB  under %.1f MiB  %s\n", what, peak[tool], bound, \
		verdict(peak[tool] < bound)
}

function verdict(is_met)
{
	if (!is_met)
		short = 1
	return is_met ? "pass" : "SHORT"
}

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
	thrift[$6] = $5 / ($2 > 0 ? $2 : 0.01)
	printf "%-28s %12d %9.1f %8.2f %9.1f\n", title, $4 / $1, \
		$5 / $1 / 1e6, $2, $3 / 1024
	next
}

{ peak[$1] = $2 / 1024 }

END {
	print ""
	mark("sst-parse / mawk", "sst-parse", "awk", 3)
	mark("the same with a thread a processor", "sst-parse.jobs", "awk", 3)
	mark("sst-session / yajl on its input", "sst-session", "yajl.sst-session", 1)
	mark("sst-redact / yajl on its input", "sst-redact", "yajl.sst-redact", 1)
	mark("sst-push to files / yajl on its input", "sst-push", "yajl.sst-push", 2)
	print ""
	memory_mark("sst-parse in the pipe", "sst-parse", 48)
	memory_mark("sst-session, " visits " visits open at most", "sst-session", \
		session_bound())
	memory_mark("sst-redact in the pipe", "sst-redact", 48)
	memory_mark("sst-push in the pipe", "sst-push", 48)
	exit short
}
