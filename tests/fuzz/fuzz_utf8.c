/* SPDX-License-Identifier: ISC */
/*
 * Validation and repair of UTF-8.
 *
 * Oracles: a decoder after the definition (shortest form, no surrogates, at
 * most U+10FFFF) finds the same valid head; a repair is valid, keeps the valid
 * head, changes nothing that is valid and nothing when done again; reading and
 * writing code points gives a repair too.
 */
#include "fuzz.h"

#include "text/utf8.h"

/* Bytes of the character at the start of text, 0 when it is none. */
static size_t
length_by_definition(struct sst_span text)
{
	static const uint32_t smallest[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t byte = (uint8_t)text.at[0], value;
	size_t n = byte < 0x80   ? 1
		   : byte < 0xc0 ? 0
		   : byte < 0xe0 ? 2
		   : byte < 0xf0 ? 3
		   : byte < 0xf8 ? 4
				 : 0;

	if (n <= 1 || n > text.len)
		return n <= 1 ? n : 0;
	value = byte & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		byte = (uint8_t)text.at[i];
		if (byte >> 6 != 2)
			return 0;
		value = value << 6 | (byte & 0x3f);
	}
	if (value < smallest[n] || value > 0x10ffff || value >> 11 == 0x1b)
		return 0;
	return n;
}

static size_t
valid_by_definition(struct sst_span text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t n = length_by_definition(sst_span_from(text, at));

		if (n == 0)
			break;
		at += n;
	}
	return at;
}

/* Walk over the code points and write them again. */
static void
copy_by_code_points(struct sst_buf *to, struct sst_span text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t before = at;

		sst_utf8_put(to, sst_utf8_next(text, &at));
		FUZZ_CHECK(at > before && at <= text.len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sst_span text = fuzz_copy(sst_span((const char *)data, size));
	size_t valid = sst_utf8_valid(text);
	struct sst_buf once, again, walked;
	bool was_whole;

	/* U+FFFD takes three bytes, and stands for one at least. */
	sst_buf_init(&once, 3 * size + 1);
	sst_buf_init(&again, 3 * size + 1);
	sst_buf_init(&walked, 3 * size + 1);
	FUZZ_CHECK(valid == valid_by_definition(text));
	was_whole = sst_utf8_put_repaired(&once, text);
	FUZZ_CHECK(!once.is_short && was_whole == (valid == size));
	FUZZ_CHECK(sst_utf8_valid(sst_buf_span(&once)) == once.len);
	FUZZ_CHECK(sst_span_starts(
		sst_buf_span(&once), sst_span_head(text, valid)));
	FUZZ_CHECK(!was_whole || once.len == size);

	FUZZ_CHECK(sst_utf8_put_repaired(&again, sst_buf_span(&once)));
	FUZZ_CHECK(sst_span_eq(sst_buf_span(&again), sst_buf_span(&once)));

	copy_by_code_points(&walked, text);
	FUZZ_CHECK(sst_utf8_valid(sst_buf_span(&walked)) == walked.len);
	FUZZ_CHECK(!was_whole ||
		   sst_span_eq(sst_buf_span(&walked), sst_buf_span(&once)));

	sst_buf_release(&once);
	sst_buf_release(&again);
	sst_buf_release(&walked);
	free((void *)(uintptr_t)text.at);
	return 0;
}
