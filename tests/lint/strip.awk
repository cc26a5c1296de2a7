# SPDX-License-Identifier: ISC
#
# strip.awk -- C source on standard output with comments and the content of
# literals blanked, line for line, so that a search finds code only. Includes
# keep their file name.

BEGIN { in_comment = 0 }

{
	if (!in_comment && $0 ~ /^[ \t]*#[ \t]*include[ \t]/) {
		sub(/[ \t]*\/\*.*/, "")
		print
		next
	}
	out = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				i++
			}
			continue
		}
		if (two == "//")
			break
		if (two == "/*") {
			in_comment = 1
			out = out " "
			i++
			continue
		}
		if (c == "\"" || c == "'") {
			out = out c
			for (i++; i <= n; i++) {
				d = substr($0, i, 1)
				if (d == "\\")
					i++
				else if (d == c)
					break
			}
			out = out c
			continue
		}
		out = out c
	}
	print out
}
