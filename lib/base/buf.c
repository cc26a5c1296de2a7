/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Smaller steps would only mean more of them. */
#define FIRST_CAP ((size_t)256)

void
sst_buf_init(struct sst_buf *buf, size_t max)
{
	*buf = (struct sst_buf){ .max = max };
}

void
sst_buf_release(struct sst_buf *buf)
{
	free(buf->at);
	*buf = (struct sst_buf){ .max = buf->max };
}

bool
sst_buf_grow(struct sst_buf *buf, size_t n)
{
	size_t cap = buf->cap < FIRST_CAP ? FIRST_CAP : buf->cap;
	char *at;

	if (buf->is_short)
		return false;
	if (n > buf->max - buf->len) {
		buf->is_short = true;
		return false;
	}
	while (cap < buf->len + n)
		cap = cap > buf->max / 2 ? buf->max : cap * 2;
	if (cap > buf->max)
		cap = buf->max;
	at = cap > SIZE_MAX - SST_PAD ? NULL : realloc(buf->at, cap + SST_PAD);
	if (at == NULL) {
		buf->is_short = true;
		return false;
	}
	/* Readers may load the padding: it must not be uninitialized. */
	memset(at + buf->cap, 0, cap + SST_PAD - buf->cap);
	buf->at = at;
	buf->cap = cap;
	return true;
}

void
sst_buf_put_u64(struct sst_buf *buf, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	sst_buf_put(buf, digits + at, sizeof(digits) - at);
}

void
sst_buf_printf(struct sst_buf *buf, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* One more for the NUL, which is not counted as content. */
	if (n < 0 || !sst_buf_room(buf, (size_t)n + 1)) {
		buf->is_short = true;
		return;
	}
	va_start(args, format);
	(void)vsnprintf(buf->at + buf->len, (size_t)n + 1, format, args);
	va_end(args);
	buf->len += (size_t)n;
}

void
sst_buf_cut_head(struct sst_buf *buf, size_t n)
{
	assert(n <= buf->len);
	if (n == 0)
		return;
	memmove(buf->at, buf->at + n, buf->len - n);
	buf->len -= n;
}
