/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *text;
} reasons[SST_WHY_COUNT] = {
#define X(tag, name, text) [SST_WHY_##tag] = { name, text },
	SST_REASONS(X)
#undef X
};

const char *
sst_reason_name(enum sst_reason why)
{
	assert(why < SST_WHY_COUNT);
	return reasons[why].name;
}

const char *
sst_reason_text(enum sst_reason why)
{
	assert(why < SST_WHY_COUNT);
	return reasons[why].text;
}

enum sst_status
sst_fail(struct sst_err *err, enum sst_status status, const char *format, ...)
{
	va_list args;

	if (err == NULL)
		return status;
	err->status = status;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return status;
}

enum sst_status
sst_fail_in(struct sst_err *err, const char *format, ...)
{
	char said[SST_ERR_MAX];
	va_list args;
	size_t len, room;
	int n;

	memcpy(said, err->text, sizeof(said));
	va_start(args, format);
	n = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = n < 0 ? 0 : (size_t)n;
	if (len + 3 > sizeof(err->text))
		return err->status;
	memcpy(err->text + len, ": ", 2);
	len += 2;
	room = sizeof(err->text) - len - 1;
	n = (int)strnlen(said, room);
	memcpy(err->text + len, said, (size_t)n);
	err->text[len + (size_t)n] = '\0';
	return err->status;
}

enum sst_status
sst_fail_memory(struct sst_err *err, const char *what)
{
	return sst_fail(err, SST_ENOMEM, "no memory for %s", what);
}
