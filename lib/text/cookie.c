/* SPDX-License-Identifier: ISC */
#include "text/cookie.h"

static struct sst_span
trim(struct sst_span text)
{
	while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
		text = sst_span_from(text, 1);
	while (text.len > 0 &&
		(text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

bool
sst_cookie_find(
	struct sst_span header, struct sst_span name, struct sst_span *out)
{
	while (header.len > 0) {
		size_t end = sst_span_find(header, ';');
		struct sst_span crumb = trim(sst_span_head(header, end));
		size_t equals = sst_span_find(crumb, '=');

		if (equals < crumb.len &&
			sst_span_eq(sst_span_head(crumb, equals), name)) {
			*out = sst_span_from(crumb, equals + 1);
			return true;
		}
		header =
			sst_span_from(header, end < header.len ? end + 1 : end);
	}
	return false;
}
