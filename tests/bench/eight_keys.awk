# SPDX-License-Identifier: ISC
#
# eight_keys.awk -- the peer of sst-parse: combined lines to JSON with eight
# keys, as one would write it in awk: no id, no name, no check of the date. It
# does only what the lines of bench_gen need to become valid JSON.

BEGIN {
	FS = "\""
	split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", name, " ")
	for (i = 1; i <= 12; i++)
		month[name[i]] = sprintf("%02d", i)
}

# With escaped quotes in it: put the pieces together again.
/\\/ {
	gsub(/\\"/, "\001")
	gsub(/\\x/, "\\\\\\\\x")
	escaped = 1
}

{
	split($1, head, " ")
	split($2, request, " ")
	split($3, tail, " ")
	t = head[4]
	line = "{\"time\":\"" substr(t, 9, 4) "-" month[substr(t, 5, 3)] "-" \
		substr(t, 2, 2) "T" substr(t, 14, 8) "Z\",\"client_ip\":\"" \
		head[1] "\",\"method\":\"" request[1] "\",\"path\":\"" \
		request[2] "\",\"status\":" tail[1] ",\"bytes\":" tail[2] \
		",\"referrer\":\"" $4 "\",\"user_agent\":\"" $6 "\"}"
	if (escaped) {
		gsub(/\001/, "\\\\\"", line)
		escaped = 0
	}
	print line
}
