/* SPDX-License-Identifier: ISC */
/*
 * Decompression of anything.
 *
 * Oracles: what begins with no magic comes through as it is; each read costs
 * one call of the inner reader at most and gets on; output and end do not
 * depend on how the bytes arrive and how they are asked for.
 *
 * Input: read size, room, and then the file.
 */
#include "fuzz.h"

#include "input/inflate.h"

#include <errno.h>

/* A bomb is cut here: what comes after it is more of the same. */
#define OUTPUT_MAX ((size_t)32 * 1024)

struct drip {
	struct sst_span rest;
	size_t step;
	uint64_t calls;
};

struct result {
	struct sst_buf out; /* used again for the next input */
	const char *end;    /* a damage by its last word, "" or "cut" */
};

static ssize_t
drip_read(void *from, void *to, size_t n)
{
	struct drip *drip = from;
	size_t len = drip->step < drip->rest.len ? drip->step : drip->rest.len;

	drip->calls++;
	len = len < n ? len : n;
	if (len != 0)
		memcpy(to, drip->rest.at, len);
	drip->rest = sst_span_from(drip->rest, len);
	return (ssize_t)len;
}

static const char *
end_of(const struct sst_inflate *in)
{
	static const char *const ends[] = { "early", "damaged", "MiB", "else" };
	const char *damage = sst_inflate_damage(in);

	FUZZ_CHECK(damage != NULL);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (sst_span_ends(sst_span_of(damage), sst_span_of(ends[i])))
			return ends[i];
	FUZZ_CHECK(false && "a damage of a known kind");
	return "";
}

/* One read, and what it may cost. */
static ssize_t
read_once(struct sst_inflate *in, struct drip *drip, char *to, size_t room)
{
	bool had_more = sst_inflate_has_more(in);
	uint64_t calls = drip->calls;
	ssize_t got = sst_inflate_read(in, to, room);

	FUZZ_CHECK(got <= (ssize_t)room);
	FUZZ_CHECK(drip->calls - calls == (had_more ? 0 : 1));
	if (got == -1 && errno == EAGAIN)
		FUZZ_CHECK(!had_more || !sst_inflate_has_more(in));
	return got;
}

static char to[65536];

static void
inflate(struct result *r, struct sst_span file, size_t step, size_t room)
{
	struct drip drip = { file, step, 0 };
	struct sst_inflate *in;
	ssize_t got;

	if (r->out.max == 0)
		sst_buf_init(&r->out, OUTPUT_MAX + sizeof(to));
	sst_buf_reset(&r->out);
	r->end = "";
	FUZZ_CHECK(
		sst_inflate_open(&in, (struct sst_reader){ drip_read, &drip },
			NULL) == SST_OK);
	while ((got = read_once(in, &drip, to, room)) != 0) {
		if (got == -1 && errno == EAGAIN)
			continue;
		if (got == -1) {
			FUZZ_CHECK(errno == EBADMSG);
			r->end = end_of(in);
			break;
		}
		sst_buf_put(&r->out, to, (size_t)got);
		if (r->out.len > OUTPUT_MAX) {
			r->out.len = OUTPUT_MAX;
			r->end = "cut";
			break;
		}
	}
	FUZZ_CHECK(!r->out.is_short);
	sst_inflate_close(in);
}

/* No codec begins with this byte. */
static bool
is_surely_plain(struct sst_span file)
{
	if (file.len == 0)
		return true;
	if (((uint8_t)file.at[0] & 0xf0) == 0x50) /* a skippable frame */
		return false;
	return memchr("\x1f\x28\xfd\x42", file.at[0], 4) == NULL;
}

static bool
is_damaged(const struct result *r)
{
	return r->end[0] == 'd';
}

/*
 * How much of a block that turns out to be bad was written before it did
 * depends, with xz and bzip2, on how much they had at a time. None of it is
 * good: only that one output begins with the other can be asked.
 */
static void
compare(const struct result *a, const struct result *b, struct sst_span file)
{
	size_t less = a->out.len < b->out.len ? a->out.len : b->out.len;
	bool is_by_block =
		sst_span_starts(file, (struct sst_span)SST_SPAN("BZh")) ||
		sst_span_starts(file, (struct sst_span)SST_SPAN("\xfd"));

	FUZZ_CHECK(less == 0 || memcmp(a->out.at, b->out.at, less) == 0);
	if (is_by_block && (is_damaged(a) || is_damaged(b)))
		return;
	FUZZ_CHECK(a->out.len == b->out.len);
	FUZZ_CHECK(a->end == b->end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sst_span file = sst_span((const char *)data, size);
	size_t step = 1 + (size_t)fuzz_byte(&file);
	size_t room = 1 + (size_t)fuzz_byte(&file);
	static struct result slow, fast;

	/* A byte at a time of a bomb only takes long. */
	if (room < 16 && file.len > 256)
		room += 16;
	inflate(&slow, file, step, room);
	inflate(&fast, file, 65536, 65536);
	compare(&slow, &fast, file);
	if (is_surely_plain(file)) {
		FUZZ_CHECK(sst_span_eq(sst_buf_span(&fast.out), file));
		FUZZ_CHECK(fast.end[0] == '\0');
	}
	return 0;
}
