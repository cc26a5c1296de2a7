/* SPDX-License-Identifier: ISC */
/*
 * Time stamps: whatever is accepted is printed as gmtime_r() says, and reads
 * again as the same stamp.
 *
 * Input: which reader, then the text; for the reader by format, the format, a
 * NUL and the text.
 */
#include "fuzz.h"

#include "text/stamp.h"

#include <time.h>

static bool
read_clf(struct sst_span text, struct sst_stamp *out)
{
	return sst_stamp_clf(text, out);
}

static bool
read_iso(struct sst_span text, struct sst_stamp *out)
{
	return sst_stamp_iso(text, false, out);
}

static bool
read_iso_as_utc(struct sst_span text, struct sst_stamp *out)
{
	return sst_stamp_iso(text, true, out);
}

static bool
read_by_format(struct sst_span text, struct sst_stamp *out)
{
	size_t nul = sst_span_find(text, '\0');

	if (nul == text.len)
		return false;
	return sst_stamp_by_format(sst_span_head(text, nul),
		sst_span_from(text, nul + 1), true, out);
}

static bool
read_us(struct sst_span text, struct sst_stamp *out)
{
	int64_t us;

	if (!sst_stamp_us(text, &us))
		return false;
	*out = sst_stamp_of_us(us);
	FUZZ_CHECK(out->digits == 0 || out->digits == 6);
	FUZZ_CHECK(out->seconds * 1000000 + out->nanos / 1000 == us);
	return true;
}

static bool (*const readers[])(struct sst_span, struct sst_stamp *) = {
	read_clf,
	read_iso,
	read_iso_as_utc,
	sst_stamp_epoch,
	read_by_format,
	read_us,
};

/* As sst_stamp_put() should write it, by the C library. */
static void
put_by_libc(struct sst_buf *to, struct sst_stamp stamp)
{
	time_t seconds = (time_t)stamp.seconds;
	struct tm tm;
	char digits[16];

	FUZZ_CHECK(gmtime_r(&seconds, &tm) != NULL);
	sst_buf_printf(to, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	(void)snprintf(
		digits, sizeof(digits), "%09lu", (unsigned long)stamp.nanos);
	if (stamp.digits > 0)
		sst_buf_printf(to, ".%.*s", stamp.digits, digits);
	sst_buf_byte(to, 'Z');
}

static void
check(struct sst_stamp stamp)
{
	struct sst_buf text, expected;
	struct sst_stamp again;
	int64_t us;

	FUZZ_CHECK(stamp.nanos < 1000000000 && stamp.digits <= 9);
	sst_buf_init(&text, 64);
	sst_buf_init(&expected, 64);
	sst_stamp_put(&text, stamp);
	put_by_libc(&expected, stamp);
	FUZZ_CHECK(!text.is_short && !expected.is_short);
	FUZZ_CHECK(sst_span_eq(sst_buf_span(&text), sst_buf_span(&expected)));

	FUZZ_CHECK(sst_stamp_iso(sst_buf_span(&text), false, &again));
	FUZZ_CHECK(again.seconds == stamp.seconds);
	FUZZ_CHECK(again.nanos == stamp.nanos);
	FUZZ_CHECK(again.digits == stamp.digits);

	FUZZ_CHECK(sst_stamp_us(sst_buf_span(&text), &us));
	FUZZ_CHECK(us == stamp.seconds * 1000000 + stamp.nanos / 1000);
	sst_buf_release(&text);
	sst_buf_release(&expected);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sst_span input = sst_span((const char *)data, size);
	size_t which = fuzz_byte(&input) % (sizeof(readers) / sizeof(*readers));
	struct sst_span text = fuzz_copy(input);
	struct sst_stamp stamp;

	if (readers[which](text, &stamp))
		check(stamp);
	free((void *)(uintptr_t)text.at);
	return 0;
}
