/* SPDX-License-Identifier: ISC */
#include "enrich/sample.h"

#include <stdarg.h>
#include <stdio.h>

void
sst_samples_add(struct sst_samples *s, const struct sst_doc_node *at,
	bool is_good, const char *format, ...)
{
	char text[SST_ERR_MAX];
	va_list args;

	s->run++;
	if (is_good)
		return;
	s->failed++;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sst_buf_printf(s->report, "%s:%u:%u: %s\n", s->path, at->line,
		at->column, text);
}

enum sst_status
sst_samples_end(struct sst_samples *s, struct sst_err *err)
{
	sst_buf_printf(s->report, "%s: %zu samples, %zu failed\n", s->path,
		s->run, s->failed);
	if (s->run == 0)
		return sst_fail(err, SST_EIO, "%s has no samples", s->path);
	if (s->failed != 0)
		return sst_fail(err, SST_EIO, "%s: %zu of %zu samples failed",
			s->path, s->failed, s->run);
	return SST_OK;
}
