/* SPDX-License-Identifier: ISC */
/* Decompression, however the bytes arrive and whatever is wrong with them. */
#include "input/inflate.h"

#include "pack.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM ((size_t)512 * 1024)

/*
 * The inner reader: `step` bytes at a time, and between them, when it
 * stutters, EAGAIN and EINTR in turn. Counts its calls.
 */
struct drip {
	struct sst_span rest;
	size_t step;
	bool stutters;
	unsigned calls;
	const void *last_to; /* what the last call was asked for */
	size_t last_n;
};

struct result {
	struct sst_buf out;
	int error; /* errno of the end, 0 for a good one */
	char damage[64];
};

static ssize_t
drip_read(void *from, void *to, size_t n)
{
	struct drip *drip = from;
	size_t len = drip->step < drip->rest.len ? drip->step : drip->rest.len;

	drip->last_to = to;
	drip->last_n = n;
	if (drip->calls++ % 2 == 1 && drip->stutters) {
		errno = drip->calls % 4 == 0 ? EINTR : EAGAIN;
		return -1;
	}
	if (len > n)
		len = n;
	if (len != 0)
		memcpy(to, drip->rest.at, len);
	drip->rest = sst_span_from(drip->rest, len);
	return (ssize_t)len;
}

static struct sst_inflate *
open_drip(struct drip *drip)
{
	struct sst_inflate *in;

	assert_int_equal(sst_inflate_open(&in,
				 (struct sst_reader){ drip_read, drip }, NULL),
		SST_OK);
	assert_non_null(in);
	return in;
}

/* One read, held to the promises of inflate.h about the inner reader. */
static ssize_t
read_once(struct sst_inflate *in, struct drip *drip, char *to, size_t n)
{
	bool had_more = sst_inflate_has_more(in);
	unsigned calls = drip->calls;
	ssize_t got = sst_inflate_read(in, to, n);
	int saved = errno;

	assert_int_equal(drip->calls - calls, had_more ? 0 : 1);
	assert_true(got <= (ssize_t)n);
	/* What waits without output is looked at once, not for ever. */
	if (got == -1 && saved == EAGAIN && had_more)
		assert_false(sst_inflate_has_more(in));
	errno = saved;
	return got;
}

/* Read all of the input, n bytes at a time. */
static struct result
inflate(struct sst_span input, size_t step, size_t n, bool stutters)
{
	struct drip drip = {
		.rest = input, .step = step, .stutters = stutters
	};
	struct sst_inflate *in = open_drip(&drip);
	struct result r = { .error = 0 };
	static char to[ROOM];
	ssize_t got;

	assert_true(n <= ROOM);
	sst_buf_init(&r.out, (size_t)1 << 30);
	while ((got = read_once(in, &drip, to, n)) != 0) {
		if (got == -1 && errno != EAGAIN && errno != EINTR)
			break;
		if (got > 0)
			sst_buf_put(&r.out, to, (size_t)got);
	}
	if (got == -1) {
		assert_int_equal(errno, EBADMSG);
		r.error = errno;
		assert_non_null(sst_inflate_damage(in));
		(void)snprintf(r.damage, sizeof(r.damage), "%s",
			sst_inflate_damage(in));
		/* It stays so. */
		assert_int_equal(read_once(in, &drip, to, n), -1);
		assert_int_equal(errno, EBADMSG);
	} else {
		assert_null(sst_inflate_damage(in));
		assert_int_equal(
			sst_inflate_bytes_read(in), (uint64_t)input.len);
		if (!stutters)
			assert_int_equal(sst_inflate_read(in, to, n), 0);
	}
	assert_false(r.out.is_short);
	sst_inflate_close(in);
	return r;
}

static void
assert_same(const struct sst_buf *got, struct sst_span expected)
{
	assert_int_equal(got->len, expected.len);
	if (expected.len != 0)
		assert_memory_equal(got->at, expected.at, expected.len);
}

/* It inflates to this, whole. */
static void
assert_inflates(
	struct sst_span input, size_t step, size_t n, struct sst_span expected)
{
	struct result r = inflate(input, step, n, step % 2 == 1);

	if (r.error != 0)
		fail_msg("step %zu: %s", step, r.damage);
	assert_same(&r.out, expected);
	sst_buf_release(&r.out);
}

/* It gives this, and then says "CODEC data HOW". */
static void
assert_damaged(struct sst_span input, size_t step, struct sst_span expected,
	const char *codec, const char *how)
{
	struct result r = inflate(input, step, ROOM, step % 2 == 1);
	char damage[64];

	(void)snprintf(damage, sizeof(damage), "%s data %s", codec, how);
	assert_string_equal(r.damage, damage);
	assert_int_equal(r.error, EBADMSG);
	assert_same(&r.out, expected);
	sst_buf_release(&r.out);
}

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

/* Log-like lines, or noise that no codec makes smaller. */
static struct sst_buf
text_of(size_t n, bool is_noise)
{
	struct sst_buf text;
	unsigned seed = 7;

	sst_buf_init(&text, n + 128);
	while (text.len < n) {
		if (is_noise)
			sst_buf_byte(&text, (char)next_random(&seed));
		else
			sst_buf_printf(&text,
				"192.0.2.%u \"GET /%u HTTP/1.1\" 200 %u\n",
				next_random(&seed) % 256, next_random(&seed),
				next_random(&seed));
	}
	text.len = n;
	return text;
}

static struct sst_buf
packed(const char *codec, struct sst_span text)
{
	struct sst_buf buf;

	sst_buf_init(&buf, (size_t)1 << 24);
	pack(&buf, codec, text);
	return buf;
}

static void
every_codec_gives_its_text_at_every_read_size(void **state)
{
	static const size_t lengths[] = { 0, 1, 100, 3000 };
	static const size_t rooms[] = { 1, 13, ROOM };

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++)
		for (size_t l = 0; l < 8; l++) {
			struct sst_buf text = text_of(lengths[l / 2], l % 2);
			struct sst_span plain = sst_buf_span(&text);
			struct sst_buf file = packed(pack_names[c], plain);

			for (size_t step = 1; step <= 64; step++)
				assert_inflates(sst_buf_span(&file), step,
					rooms[step % 3], plain);
			sst_buf_release(&file);
			sst_buf_release(&text);
		}
}

/* Larger than the blocks of zstd and bzip2, and than what is read at once. */
static void
every_codec_gives_a_text_of_many_blocks(void **state)
{
	static const size_t steps[] = { 64, 4093, (size_t)1 << 20 };
	static const size_t rooms[] = { 997, 65536, ROOM };

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++)
		for (int is_noise = 0; is_noise < 2; is_noise++) {
			struct sst_buf text = text_of(700000, is_noise);
			struct sst_span plain = sst_buf_span(&text);
			struct sst_buf file = packed(pack_names[c], plain);

			for (size_t i = 0; i < 9; i++)
				assert_inflates(sst_buf_span(&file),
					steps[i % 3], rooms[i / 3], plain);
			sst_buf_release(&file);
			sst_buf_release(&text);
		}
}

static void
plain_data_comes_through_as_it_is(void **state)
{
	static const struct sst_span plain[] = { SST_SPAN(""), SST_SPAN("\n"),
		SST_SPAN("GET / HTTP/1.1\n"), SST_SPAN("\0\0\0\0\0\0\0\0\0\0"),
		/* what begins like a magic and is none */
		SST_SPAN("\x1f"), SST_SPAN("\x1fz"), SST_SPAN("B"),
		SST_SPAN("BZ"), SST_SPAN("BZ\n"), SST_SPAN("BZhang - -\n"),
		SST_SPAN("BZh1AY&Sx"), SST_SPAN("BZh91AY&sY"), SST_SPAN("("),
		SST_SPAN("(\xb5/"), SST_SPAN("(\xb5/\n"), SST_SPAN("P*M"),
		SST_SPAN("P*M\x19"), SST_SPAN("\x4f*M\x18"),
		SST_SPAN("`*M\x18"), SST_SPAN("\xfd"),
		SST_SPAN("\xfd"
			 "7zXZ"),
		SST_SPAN("\xfd"
			 "7zXZ\x01") };

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		for (size_t step = 1; step <= 16; step++) {
			assert_inflates(plain[i], step, 1, plain[i]);
			assert_inflates(plain[i], step, ROOM, plain[i]);
		}
}

static void
plain_data_is_read_straight_into_the_callers_room(void **state)
{
	struct sst_span text = SST_SPAN("a line\nand another\n");
	struct drip drip = { .rest = text, .step = 7 };
	struct sst_inflate *in = open_drip(&drip);
	static char to[ROOM];

	(void)state;
	assert_int_equal(sst_inflate_read(in, to, ROOM), 7);
	assert_ptr_equal(drip.last_to, to);
	assert_int_equal(sst_inflate_read(in, to + 7, ROOM - 7), 7);
	assert_ptr_equal(drip.last_to, to + 7);
	assert_int_equal(drip.last_n, ROOM - 7);
	assert_memory_equal(to, text.at, 14);
	sst_inflate_close(in);
}

static void
a_byte_that_begins_no_magic_is_given_at_once(void **state)
{
	const struct sst_span line = SST_SPAN("GET /\n");
	struct drip drip = { .rest = line, .step = 1 };
	struct sst_inflate *in = open_drip(&drip);
	char to[16];

	(void)state;
	for (size_t i = 0; i < line.len; i++) {
		assert_false(sst_inflate_has_more(in));
		assert_int_equal(sst_inflate_read(in, to, sizeof(to)), 1);
		assert_int_equal(to[0], line.at[i]);
	}
	sst_inflate_close(in);
}

static void
a_byte_that_could_begin_a_magic_waits_for_the_next(void **state)
{
	struct drip drip = { .rest = SST_SPAN("Bob\n"), .step = 1 };
	struct sst_inflate *in = open_drip(&drip);
	char to[16];

	(void)state;
	assert_int_equal(sst_inflate_read(in, to, sizeof(to)), -1);
	assert_int_equal(errno, EAGAIN);
	assert_false(sst_inflate_has_more(in));
	assert_int_equal(sst_inflate_read(in, to, 1), 1);
	assert_int_equal(to[0], 'B');
	assert_true(sst_inflate_has_more(in));
	assert_int_equal(sst_inflate_read(in, to, sizeof(to)), 1);
	assert_int_equal(to[0], 'o');
	assert_false(sst_inflate_has_more(in));
	assert_int_equal(drip.calls, 2);
	sst_inflate_close(in);
}

static void
units_that_follow_one_another_are_one_stream(void **state)
{
	struct sst_buf a = text_of(700, false), b = text_of(300, true), both;

	(void)state;
	sst_buf_init(&both, 2000);
	sst_buf_put_span(&both, sst_buf_span(&a));
	sst_buf_put_span(&both, sst_buf_span(&b));
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf file;

		sst_buf_init(&file, 8192);
		pack(&file, pack_names[c], sst_buf_span(&a));
		pack(&file, pack_names[c], (struct sst_span)SST_SPAN(""));
		pack(&file, pack_names[c], sst_buf_span(&b));
		for (size_t step = 1; step <= 64; step++)
			assert_inflates(sst_buf_span(&file), step,
				step % 3 == 0 ? 7 : ROOM, sst_buf_span(&both));
		sst_buf_release(&file);
	}
	sst_buf_release(&a);
	sst_buf_release(&b);
	sst_buf_release(&both);
}

/* Each costs a few bytes and gives nothing: all of them are walked over. */
static void
a_thousand_empty_units_give_nothing(void **state)
{
	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf unit =
			packed(pack_names[c], (struct sst_span)SST_SPAN(""));
		struct sst_buf file;

		sst_buf_init(&file, (size_t)1 << 20);
		for (int i = 0; i < 1000; i++)
			sst_buf_put_span(&file, sst_buf_span(&unit));
		assert_false(file.is_short);
		sst_buf_release(&unit);
		assert_inflates(sst_buf_span(&file), 4096, ROOM,
			(struct sst_span)SST_SPAN(""));
		sst_buf_release(&file);
	}
}

/* A unit of "one\n", then `between`, then perhaps one of "two\n". */
static struct sst_buf
file_with(const char *codec, struct sst_span between, bool has_second)
{
	struct sst_buf file;

	sst_buf_init(&file, 4096);
	pack(&file, codec, (struct sst_span)SST_SPAN("one\n"));
	sst_buf_put_span(&file, between);
	if (has_second)
		pack(&file, codec, (struct sst_span)SST_SPAN("two\n"));
	return file;
}

#define FOUR "\0\0\0\0"
#define SKIP "\x5f*M\x18\x02\0\0\0ab" /* a skippable frame of zstd */

static void
padding_and_skippable_frames_are_passed_over(void **state)
{
	static const struct {
		const char *codec;
		struct sst_span between;
		bool has_second;
	} cases[] = {
		{ "gzip", SST_SPAN("\0"), false },
		{ "gzip", SST_SPAN(FOUR FOUR FOUR FOUR "\0"), false },
		{ "xz", SST_SPAN(FOUR), false },
		{ "xz", SST_SPAN(FOUR FOUR FOUR), true },
		{ "zstd", SST_SPAN(SKIP), false },
		{ "zstd", SST_SPAN(SKIP SKIP), true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_buf file = file_with(
			cases[i].codec, cases[i].between, cases[i].has_second);
		struct sst_span plain = SST_SPAN("one\ntwo\n");

		if (!cases[i].has_second)
			plain.len = 4;
		for (size_t step = 1; step <= 64; step++)
			assert_inflates(sst_buf_span(&file), step, ROOM, plain);
		sst_buf_release(&file);
	}
}

static void
a_file_may_begin_with_a_skippable_frame(void **state)
{
	struct sst_buf file;

	(void)state;
	sst_buf_init(&file, 4096);
	SST_BUF_PUT(&file, SKIP);
	pack(&file, "zstd", (struct sst_span)SST_SPAN("one\n"));
	for (size_t step = 1; step <= 64; step++)
		assert_inflates(sst_buf_span(&file), step, ROOM,
			(struct sst_span)SST_SPAN("one\n"));
	sst_buf_release(&file);
}

static void
what_does_not_belong_behind_a_unit_is_damage_after_the_good(void **state)
{
	static const struct {
		const char *codec;
		struct sst_span between;
		bool has_second;
		const char *how;
	} cases[] = {
#define ELSE "is followed by something else"
		{ "gzip", SST_SPAN("x"), false, ELSE },
		{ "gzip", SST_SPAN("\x1f\x8c"), false, ELSE },
		{ "gzip", SST_SPAN("\0\0x"), false, ELSE },
		{ "gzip", SST_SPAN("\x01"), false, ELSE },
		{ "gzip", SST_SPAN("\0"), true, ELSE },
		{ "gzip", SST_SPAN("plain text\n"), true, ELSE },
		{ "gzip", SST_SPAN("\x1f"), false, "ends early" },
		{ "gzip", SST_SPAN("\x1f\x8b"), false, "ends early" },
		{ "gzip", SST_SPAN("\x1f\x8b\x07\0"), false, "is damaged" },
		{ "gzip", SST_SPAN("(\xb5/\xfd"), false, ELSE },
		{ "zstd", SST_SPAN("\0"), false, ELSE },
		{ "zstd", SST_SPAN("(\xb5/"), false, "ends early" },
		{ "zstd",
			SST_SPAN("P*M\x18\xff\xff\xff\xff"
				 "abc"),
			false, "ends early" },
		{ "xz", SST_SPAN("x"), false, ELSE },
		{ "xz", SST_SPAN("\0\0\0"), false, ELSE },
		{ "xz", SST_SPAN("\0\0\0\x01"), false, ELSE },
		{ "xz", SST_SPAN(FOUR "\0"), true, ELSE },
		{ "xz",
			SST_SPAN(FOUR "\xfd"
				      "7z"),
			false, "ends early" },
		{ "bzip2", SST_SPAN("\0"), false, ELSE },
		{ "bzip2", SST_SPAN("BZh91AY&SZ"), false, ELSE },
		{ "bzip2", SST_SPAN("BZh91AY"), false, "ends early" },
#undef ELSE
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_buf file = file_with(
			cases[i].codec, cases[i].between, cases[i].has_second);

		for (size_t step = 1; step <= 64; step++)
			assert_damaged(sst_buf_span(&file), step,
				(struct sst_span)SST_SPAN("one\n"),
				cases[i].codec, cases[i].how);
		sst_buf_release(&file);
	}
}

/* Bytes behind the last that carry no text: checksums, index, footer. */
static size_t
trailer_len(const char *codec)
{
	if (strcmp(codec, "gzip") == 0)
		return 8;
	if (strcmp(codec, "zstd") == 0)
		return 4;
	/* xz: CRC64, index of one block, footer; bzip2: end mark and CRC. */
	return strcmp(codec, "xz") == 0 ? 8 + 12 + 12 : 10;
}

/* Cut shorter than what tells a codec from text, it is text. */
static bool
is_taken_for_plain(const char *codec, size_t cut)
{
	if (strcmp(codec, "gzip") == 0)
		return cut < 2;
	if (strcmp(codec, "zstd") == 0)
		return cut < 4;
	return cut < (strcmp(codec, "xz") == 0 ? 6 : 3);
}

static void
a_file_cut_anywhere_gives_its_good_bytes_then_says_so(void **state)
{
	struct sst_buf text = text_of(3000, false);

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf file =
			packed(pack_names[c], sst_buf_span(&text));
		size_t before = 0;

		for (size_t cut = 0; cut < file.len; cut++) {
			struct sst_span head =
				sst_span_head(sst_buf_span(&file), cut);
			struct result r = inflate(
				head, 1 + cut % 64, 1 + cut % 999, cut % 2);

			if (is_taken_for_plain(pack_names[c], cut)) {
				assert_int_equal(r.error, 0);
				assert_same(&r.out, head);
				sst_buf_release(&r.out);
				continue;
			}
			assert_int_equal(r.error, EBADMSG);
			assert_non_null(strstr(r.damage, " data ends early"));
			/* A longer head never gives less. */
			assert_in_range(r.out.len, before, text.len);
			before = r.out.len;
			if (before != 0)
				assert_memory_equal(r.out.at, text.at, before);
			if (cut + trailer_len(pack_names[c]) >= file.len)
				assert_int_equal(before, text.len);
			sst_buf_release(&r.out);
		}
		sst_buf_release(&file);
	}
	sst_buf_release(&text);
}

/*
 * zstd tells nothing of what it wrote in a call that fails: a block before a
 * bad one must come out all the same. Blocks of noise are stored raw, 128 KiB
 * each, so the third one's header is where it can be computed.
 */
static void
good_blocks_before_a_bad_one_are_given(void **state)
{
	struct sst_buf text = text_of(400000, true);
	struct sst_buf file = packed("zstd", sst_buf_span(&text));
	static const size_t steps[] = { 1, 10007, (size_t)1 << 20 };
	static const size_t rooms[] = { 1000, 65536, ROOM };
	const size_t block = 128 * 1024;
	/* From the end: checksum, what is left of 400,000 bytes in the last
	 * block, its header, the third block, and its header. */
	size_t at = file.len - 4 - (text.len - 3 * block) - 3 - block - 3;

	(void)state;
	/* A raw block's header: type 0 in bits 1 and 2. Type 3 is reserved. */
	assert_int_equal((unsigned char)file.at[at] & 7, 0);
	file.at[at] |= 6;
	for (size_t i = 0; i < 9; i++) {
		struct result r = inflate(
			sst_buf_span(&file), steps[i % 3], rooms[i / 3], false);

		assert_string_equal(r.damage, "zstd data is damaged");
		assert_same(&r.out, sst_span(text.at, 2 * block));
		sst_buf_release(&r.out);
	}
	sst_buf_release(&file);
	sst_buf_release(&text);
}

/* On a pipe that gives no more for now, what was decompressed must come out
 * before anybody waits for it. */
static void
output_that_waits_is_given_without_another_read(void **state)
{
	struct sst_buf text = text_of(3000, false);

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf file =
			packed(pack_names[c], sst_buf_span(&text));
		struct drip drip = { .step = SIZE_MAX };
		struct sst_inflate *in = open_drip(&drip);
		size_t total = 0;
		char to[64];

		/* The last byte of text is there, the trailer is not. */
		drip.rest = sst_span_head(sst_buf_span(&file),
			file.len - trailer_len(pack_names[c]));
		while (drip.rest.len != 0) {
			ssize_t got = read_once(in, &drip, to, sizeof(to));

			assert_true(got > 0 || errno == EAGAIN);
			total += got > 0 ? (size_t)got : 0;
		}
		while (sst_inflate_has_more(in)) {
			ssize_t got = read_once(in, &drip, to, sizeof(to));

			assert_true(got > 0 || errno == EAGAIN);
			total += got > 0 ? (size_t)got : 0;
		}
		assert_int_equal(total, text.len);
		sst_inflate_close(in);
		sst_buf_release(&file);
	}
	sst_buf_release(&text);
}

/* Some bits of a header mean nothing (a time stamp); then all must be well. */
static void
a_flipped_bit_never_makes_other_text_look_whole(void **state)
{
	static const size_t magic[PACK_COUNT] = { 2, 4, 6, 10 };
	struct sst_buf text = text_of(120, false);
	size_t found = 0, harmless = 0;

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf file =
			packed(pack_names[c], sst_buf_span(&text));

		for (size_t bit = 8 * magic[c]; bit < 8 * file.len; bit++) {
			struct result r;

			file.at[bit / 8] ^= (char)(1 << bit % 8);
			r = inflate(sst_buf_span(&file), 50, ROOM, false);
			file.at[bit / 8] ^= (char)(1 << bit % 8);
			if (r.error == 0) {
				assert_same(&r.out, sst_buf_span(&text));
				harmless++;
			} else {
				found++;
			}
			sst_buf_release(&r.out);
		}
		sst_buf_release(&file);
	}
	assert_true(found > 20 * harmless);
	sst_buf_release(&text);
}

static void
a_window_of_64_mib_is_the_largest(void **state)
{
	static const char *const codecs[] = { "zstd", "xz" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct sst_buf file;

		sst_buf_init(&file, 4096);
		pack_wide(&file, codecs[i], 26);
		assert_inflates(sst_buf_span(&file), 64, ROOM,
			(struct sst_span)SST_SPAN("wide\n"));
		sst_buf_reset(&file);
		pack_wide(&file, codecs[i], 27);
		assert_damaged(sst_buf_span(&file), 64,
			(struct sst_span)SST_SPAN(""), codecs[i],
			"needs more than 64 MiB");
		sst_buf_release(&file);
	}
}

/* Resident pages of this process, in bytes; 0 where the system has no say. */
static size_t
resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	size_t all, pages = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%zu %zu", &all, &pages) != 2)
		pages = 0;
	(void)fclose(file);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void
memory_does_not_depend_on_the_ratio(void **state)
{
	const size_t size = (size_t)64 << 20;
	static char to[ROOM];

	(void)state;
	for (size_t c = 0; c < PACK_COUNT; c++) {
		struct sst_buf bomb;
		struct drip drip = { .step = 4096 };
		struct sst_inflate *in = open_drip(&drip);
		size_t total = 0, before, most = 0;
		ssize_t got;

		sst_buf_init(&bomb, (size_t)1 << 20);
		pack_zeros(&bomb, pack_names[c], size);
		assert_true(bomb.len < size / 500);
		drip.rest = sst_buf_span(&bomb);
		before = resident();
		while ((got = read_once(in, &drip, to, ROOM)) != 0) {
			size_t now = resident();

			assert_true(got > 0 || errno == EAGAIN);
			total += got > 0 ? (size_t)got : 0;
			most = now > before + most ? now - before : most;
		}
		assert_int_equal(total, size);
		assert_true(most < size / 4);
		sst_inflate_close(in);
		sst_buf_release(&bomb);
	}
}

static ssize_t
broken_read(void *from, void *to, size_t n)
{
	(void)from, (void)to, (void)n;
	errno = EIO;
	return -1;
}

static void
an_error_of_the_system_is_no_damage(void **state)
{
	struct sst_inflate *in;
	char to[16];

	(void)state;
	assert_int_equal(
		sst_inflate_open(
			&in, (struct sst_reader){ broken_read, NULL }, NULL),
		SST_OK);
	assert_int_equal(sst_inflate_read(in, to, sizeof(to)), -1);
	assert_int_equal(errno, EIO);
	assert_null(sst_inflate_damage(in));
	sst_inflate_close(in);
	sst_inflate_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_codec_gives_its_text_at_every_read_size),
		cmocka_unit_test(every_codec_gives_a_text_of_many_blocks),
		cmocka_unit_test(plain_data_comes_through_as_it_is),
		cmocka_unit_test(
			plain_data_is_read_straight_into_the_callers_room),
		cmocka_unit_test(a_byte_that_begins_no_magic_is_given_at_once),
		cmocka_unit_test(
			a_byte_that_could_begin_a_magic_waits_for_the_next),
		cmocka_unit_test(units_that_follow_one_another_are_one_stream),
		cmocka_unit_test(a_thousand_empty_units_give_nothing),
		cmocka_unit_test(padding_and_skippable_frames_are_passed_over),
		cmocka_unit_test(a_file_may_begin_with_a_skippable_frame),
		cmocka_unit_test(
			what_does_not_belong_behind_a_unit_is_damage_after_the_good),
		cmocka_unit_test(
			a_file_cut_anywhere_gives_its_good_bytes_then_says_so),
		cmocka_unit_test(good_blocks_before_a_bad_one_are_given),
		cmocka_unit_test(
			output_that_waits_is_given_without_another_read),
		cmocka_unit_test(
			a_flipped_bit_never_makes_other_text_look_whole),
		cmocka_unit_test(a_window_of_64_mib_is_the_largest),
		cmocka_unit_test(memory_does_not_depend_on_the_ratio),
		cmocka_unit_test(an_error_of_the_system_is_no_damage),
	};

	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
