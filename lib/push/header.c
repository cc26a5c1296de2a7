/* SPDX-License-Identifier: ISC */
#include "push/header.h"

static bool
is_header(struct sst_span line)
{
	size_t colon = sst_span_find(line, ':');

	return colon != 0 && colon != line.len &&
	       sst_span_find(line, '\r') == line.len &&
	       sst_span_find(line, '\0') == line.len;
}

enum sst_status
sst_headers_take(struct sst_buf *to, struct sst_span text, const char *path,
	struct sst_err *err)
{
	for (unsigned line = 1; text.len > 0; line++) {
		size_t end = sst_span_find(text, '\n');
		struct sst_span one = sst_span_head(text, end);

		text = sst_span_from(text, end < text.len ? end + 1 : end);
		if (one.len > 0 && one.at[one.len - 1] == '\r')
			one.len--;
		if (one.len == 0)
			continue;
		if (!is_header(one))
			return sst_fail(err, SST_ECONFIG,
				"%s:%u: expected 'Name: value'", path, line);
		sst_buf_put_span(to, one);
		sst_buf_byte(to, '\0');
	}
	return SST_OK;
}
