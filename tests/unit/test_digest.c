/* SPDX-License-Identifier: ISC */
/*
 * Keyed hashes, held against published vectors: ids that were given out once
 * must come out the same for ever.
 */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Key 00 01 .. 0f and message 00 01 .. (n - 1), as in all vectors. */
static struct sst_digest
counting_key(void)
{
	struct sst_digest key;

	for (unsigned i = 0; i < 16; i++)
		key.at[i] = (uint8_t)i;
	return key;
}

static struct sst_span
counting_text(size_t n)
{
	static char text[64];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	assert_true(n <= sizeof(text));
	return sst_span(text, n);
}

static void
assert_hex(const void *at, size_t n, const char *hex)
{
	struct sst_buf buf;

	sst_buf_init(&buf, 256);
	sst_hex_put(&buf, at, n);
	assert_false(buf.is_short);
	if (!sst_span_is(sst_buf_span(&buf), hex))
		fail_msg("%.*s, not %s", (int)buf.len, buf.at, hex);
	sst_buf_release(&buf);
}

/* vectors_sip128 of the reference implementation (vectors.h). */
static void
siphash_2_4_gives_the_official_vectors(void **state)
{
	static const struct {
		size_t n;
		const char *hex;
	} vectors[] = {
		{ 0, "a3817f04ba25a8e66df67214c7550293" },
		{ 1, "da87c1d86b99af44347659119b22fc45" },
		{ 2, "8177228da4a45dc7fca38bdef60affe4" },
		{ 3, "9c70b60c5267a94e5f33b6b02985ed51" },
		{ 4, "f88164c12d9c8faf7d0f6e7c7bcd5579" },
		{ 5, "1368875980776f8854527a07690e9627" },
		{ 6, "14eeca338b208613485ea0308fd7a15e" },
		{ 7, "a1f1ebbed8dbc153c0b84aa61ff08239" },
		{ 8, "3b62a9ba6258f5610f83e264f31497b4" },
		{ 9, "264499060ad9baabc47f8b02bb6d71ed" },
		{ 10, "00110dc378146956c95447d3f3d0fbba" },
		{ 11, "0151c568386b6677a2b4dc6f81e5dc18" },
		{ 12, "d626b266905ef35882634df68532c125" },
		{ 13, "9869e247e9c08b10d029934fc4b952f7" },
		{ 14, "31fcefac66d7de9c7ec7485fe4494902" },
		{ 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
		{ 16, "6ee2a4ca67b054bbfd3315bf85230577" },
		{ 23, "c9d184ddd5a9f5e0cf8ce29a9abf691c" },
		{ 24, "2db479ae78bd50d8882a8a178a6132ad" },
		{ 31, "2939b0183223fafc1723de4f52c43d35" },
		{ 32, "7c3956ca5eeafc3e363e9d556546eb68" },
		{ 47, "e61c432b720b19d18ec8d84bdc63151b" },
		{ 63, "5150d1772f50834a503e069a973fbd7c" },
	};
	struct sst_digest key = counting_key();

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct sst_digest got =
			sst_siphash24(&key, counting_text(vectors[i].n));

		assert_hex(got.at, sizeof(got.at), vectors[i].hex);
	}
}

/* SHA-256 over all 64 digests in a row: of 2-4 those of vectors.h, of 1-3 what
 * OpenSSL's SIPHASH with c-rounds:1 and d-rounds:3 gives. */
static void
all_lengths_give_the_known_digests(void **state)
{
	struct sst_digest key = counting_key();
	struct sst_buf sum, all24, all13;

	(void)state;
	sst_buf_init(&sum, 64);
	sst_buf_init(&all24, 1024);
	sst_buf_init(&all13, 1024);
	for (size_t n = 0; n < 64; n++) {
		struct sst_digest a = sst_siphash24(&key, counting_text(n));
		struct sst_digest b = sst_siphash13(&key, counting_text(n));

		sst_buf_put(&all24, a.at, sizeof(a.at));
		sst_buf_put(&all13, b.at, sizeof(b.at));
	}
	sst_sha256_put(&sum, sst_buf_span(&all24));
	assert_true(sst_span_is(sst_buf_span(&sum),
		"ecfaa9fe47ff788fa834a9863ea2715a"
		"2880cd37d2b8c3c194402838428119b9"));
	sst_buf_reset(&sum);
	sst_sha256_put(&sum, sst_buf_span(&all13));
	assert_true(sst_span_is(sst_buf_span(&sum),
		"58cbba5178d829c27ef56e1b54bdf3db"
		"60957320e97f2fd6c8b270a7eecc0cca"));
	sst_buf_release(&sum);
	sst_buf_release(&all24);
	sst_buf_release(&all13);
}

static void
siphash_1_3_gives_what_others_compute(void **state)
{
	static const struct {
		size_t n;
		const char *hex;
	} vectors[] = {
		{ 0, "e77ebcb22788a5befd62db6add303001" },
		{ 1, "fc6f370460d3eda85e0573cc2b2ff063" },
		{ 7, "1084b923f2aae0c3a62f2ec80848ab77" },
		{ 8, "aa12fee1d5e3dab4724f16ab35f9c799" },
		{ 15, "c17e5505b2bd526c2921cdec1e7e0109" },
		{ 16, "d0a8d95715518eebb513b0f83d9e1793" },
		{ 63, "4c5800e34efe426f079f6b0aa75260ad" },
	};
	struct sst_digest key = counting_key();

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct sst_digest got =
			sst_siphash13(&key, counting_text(vectors[i].n));

		assert_hex(got.at, sizeof(got.at), vectors[i].hex);
	}
}

static void
a_digest_does_not_depend_on_where_the_text_lies(void **state)
{
	struct sst_digest key = counting_key(),
			  want = sst_siphash13(&key, counting_text(40));

	(void)state;
	for (size_t shift = 0; shift < 16; shift++) {
		char text[64];
		struct sst_digest got;

		memcpy(text + shift, counting_text(40).at, 40);
		got = sst_siphash13(&key, sst_span(text + shift, 40));
		assert_memory_equal(got.at, want.at, sizeof(want.at));
	}
}

/* The message that the header describes, built the obvious way. */
static void
parts_are_hashed_with_their_lengths(void **state)
{
	struct sst_digest key = counting_key();
	struct sst_buf whole;

	(void)state;
	sst_buf_init(&whole, 1024);
	for (size_t a = 0; a < 20; a++)
		for (size_t b = 0; b < 20; b++) {
			struct sst_span parts[3] = { counting_text(a),
				sst_span(NULL, 0), counting_text(b) };
			struct sst_digest got, want;

			sst_buf_reset(&whole);
			for (int i = 0; i < 3; i++) {
				char len[8] = { (char)parts[i].len };

				sst_buf_put(&whole, len, 8);
				sst_buf_put_span(&whole, parts[i]);
			}
			want = sst_siphash13(&key, sst_buf_span(&whole));
			got = sst_siphash_parts(&key, parts, 3);
			assert_memory_equal(got.at, want.at, sizeof(want.at));
		}
	sst_buf_release(&whole);
}

static void
pieces_are_hashed_as_their_whole(void **state)
{
	char text[40];
	struct sst_digest key = counting_key();

	(void)state;
	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 37);
	for (size_t len = 0; len <= sizeof(text); len++)
		for (size_t a = 0; a <= len; a++)
			for (size_t b = a; b <= len; b++) {
				struct sst_digest got,
					want = sst_siphash13(
						&key, sst_span(text, len));
				struct sst_sip sip;

				sst_sip_begin(&sip, &key);
				sst_sip_put(&sip, sst_span(text, a));
				sst_sip_put(&sip, sst_span(text + a, b - a));
				sst_sip_put(&sip, sst_span(text + b, len - b));
				got = sst_sip_end(&sip);
				assert_memory_equal(
					got.at, want.at, sizeof(got.at));
			}
}

static void
parts_are_not_their_concatenation(void **state)
{
	const struct sst_span ab_c[] = { SST_SPAN("ab"), SST_SPAN("c") };
	const struct sst_span a_bc[] = { SST_SPAN("a"), SST_SPAN("bc") };
	const struct sst_span abc[] = { SST_SPAN("abc") };
	struct sst_digest key = counting_key(),
			  x = sst_siphash_parts(&key, ab_c, 2),
			  y = sst_siphash_parts(&key, a_bc, 2),
			  z = sst_siphash_parts(&key, abc, 1);

	(void)state;
	assert_memory_not_equal(x.at, y.at, sizeof(x.at));
	assert_memory_not_equal(x.at, z.at, sizeof(x.at));
	assert_memory_not_equal(y.at, z.at, sizeof(x.at));
}

static void
one_secret_gives_a_key_for_each_use(void **state)
{
	uint8_t secret[32], other[32];
	struct sst_digest a, b;

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		secret[i] = other[i] = (uint8_t)i;
	other[31] ^= 1;

	/* Python: blake2b(b"sst event id\0default", key=bytes(range(32)),
	 * digest_size=16) */
	a = sst_digest_derive(secret, "sst event id", sst_span_of("default"));
	assert_hex(a.at, sizeof(a.at), "1891dce84443a51c2b301b8ca00ba159");

	/* The NUL keeps label and context apart. */
	b = sst_digest_derive(secret, "sst event i", sst_span_of("ddefault"));
	assert_memory_not_equal(a.at, b.at, sizeof(a.at));
	b = sst_digest_derive(secret, "sst event iddefault", sst_span(NULL, 0));
	assert_memory_not_equal(a.at, b.at, sizeof(a.at));
	b = sst_digest_derive(secret, "sst visitor id", sst_span_of("default"));
	assert_memory_not_equal(a.at, b.at, sizeof(a.at));
	b = sst_digest_derive(other, "sst event id", sst_span_of("default"));
	assert_memory_not_equal(a.at, b.at, sizeof(a.at));
}

static void
sha_256_is_that_of_fips_180(void **state)
{
	static const struct {
		const char *text, *hex;
	} vectors[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
	};
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t i = 0; i < COUNT(vectors); i++) {
		sst_buf_reset(&buf);
		sst_sha256_put(&buf, sst_span_of(vectors[i].text));
		assert_true(sst_span_is(sst_buf_span(&buf), vectors[i].hex));
	}
	sst_buf_release(&buf);
}

static void
a_uuid_comes_back_but_for_version_and_variant(void **state)
{
	struct sst_digest key = counting_key();

	(void)state;
	for (size_t n = 0; n < 64; n++) {
		struct sst_digest digest =
			sst_siphash13(&key, counting_text(n));
		uint8_t version = n % 2 == 0 ? 0x80 : 0x81, back[16];
		char text[36], upper[36];

		sst_uuid_write(text, &digest, version);
		for (size_t i = 0; i < 36; i++) {
			bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

			assert_int_equal(text[i] == '-', is_dash);
			upper[i] = text[i] >= 'a' && text[i] <= 'f'
					   ? (char)(text[i] - 32)
					   : text[i];
		}
		assert_int_equal(text[14], '8');
		assert_int_equal(text[15], version == 0x80 ? '0' : '1');
		assert_non_null(memchr("89ab", text[19], 4));
		digest.at[6] = version;
		digest.at[8] = (uint8_t)((digest.at[8] & 0x3f) | 0x80);
		assert_true(sst_uuid_read(sst_span(text, 36), back));
		assert_memory_equal(back, digest.at, 16);
		assert_true(sst_uuid_read(sst_span(upper, 36), back));
		assert_memory_equal(back, digest.at, 16);
	}
}

static void
known_bytes_make_a_known_uuid(void **state)
{
	struct sst_digest digest = counting_key();
	char text[37] = { 0 };

	(void)state;
	digest.at[15] = 0xef;
	sst_uuid_write(text, &digest, 0x80);
	assert_string_equal(text, "00010203-0405-8007-8809-0a0b0c0d0eef");
}

static void
what_is_no_uuid_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"00010203-0405-8007-8809-0a0b0c0d0ee",
		"00010203-0405-8007-8809-0a0b0c0d0eeff",
		"00010203-0405-8007-8809-0a0b0c0d0eeg",
		"g0010203-0405-8007-8809-0a0b0c0d0eef",
		"00010203+0405-8007-8809-0a0b0c0d0eef",
		"00010203-0405-8007-8809_0a0b0c0d0eef",
		"0001020-30405-8007-8809-0a0b0c0d0eef",
		"000102030405800788090a0b0c0d0eef0000",
		"{0010203-0405-8007-8809-0a0b0c0d0ee}",
		"00010203-0405-8007-8809-0a0b0c0d0e/f",
		"00010203-0405-8007-8809-0a0b0c0d0e:f",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		uint8_t to[16];

		if (sst_uuid_read(sst_span_of(texts[i]), to))
			fail_msg("'%s'", texts[i]);
	}
}

static void
random_bytes_differ_and_wiped_ones_do_not(void **state)
{
	static const uint8_t zeros[64];
	uint8_t a[64] = { 0 }, b[64] = { 0 };

	(void)state;
	sst_random(a, sizeof(a));
	sst_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, zeros, sizeof(a));
	sst_wipe(a, sizeof(a));
	assert_memory_equal(a, zeros, sizeof(a));
}

/* RFC 4231, cases 1, 2 and 6, and the vector of Standard Webhooks. */
static void
hmac_sha_256_is_that_of_rfc_4231(void **state)
{
	(void)state;
	static char long_key[131];
	/* base64 MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw */
	static const char webhook_key[] =
		"\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4"
		"\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda\x2d\xa4\xb0";
	const struct {
		struct sst_span key, text;
		const char *hex;
	} vectors[] = {
		{ SST_SPAN("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
			   "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
			SST_SPAN("Hi There"),
			"b0344c61d8db38535ca8afceaf0bf12b"
			"881dc200c9833da726e9376c2e32cff7" },
		{ SST_SPAN("Jefe"), SST_SPAN("what do ya want for nothing?"),
			"5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843" },
		{ sst_span(long_key, sizeof(long_key)),
			SST_SPAN("Test Using Larger Than Block-Size Key - Hash "
				 "Key First"),
			"60e431591ee0b67f0d8a26aacbf5b77f"
			"8e0bc6213728c5140546040f0ee37f54" },
		{ sst_span(webhook_key, sizeof(webhook_key) - 1),
			SST_SPAN("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330."
				 "{\"test\": 2432232314}"),
			"83484cf52b04f8e4cf2531adfed9882a"
			"d4b2665137b852442d594d20e2c9d4e1" },
	};

	memset(long_key, 0xaa, sizeof(long_key));
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t mac[SST_HMAC_LEN];
		struct sst_buf hex;

		sst_buf_init(&hex, 64);
		sst_hmac_sha256(mac, vectors[i].key, vectors[i].text);
		sst_hex_put(&hex, mac, sizeof(mac));
		assert_true(sst_span_is(sst_buf_span(&hex), vectors[i].hex));
		sst_buf_release(&hex);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_2_4_gives_the_official_vectors),
		cmocka_unit_test(all_lengths_give_the_known_digests),
		cmocka_unit_test(siphash_1_3_gives_what_others_compute),
		cmocka_unit_test(
			a_digest_does_not_depend_on_where_the_text_lies),
		cmocka_unit_test(parts_are_hashed_with_their_lengths),
		cmocka_unit_test(pieces_are_hashed_as_their_whole),
		cmocka_unit_test(parts_are_not_their_concatenation),
		cmocka_unit_test(one_secret_gives_a_key_for_each_use),
		cmocka_unit_test(sha_256_is_that_of_fips_180),
		cmocka_unit_test(hmac_sha_256_is_that_of_rfc_4231),
		cmocka_unit_test(a_uuid_comes_back_but_for_version_and_variant),
		cmocka_unit_test(known_bytes_make_a_known_uuid),
		cmocka_unit_test(what_is_no_uuid_is_refused),
		cmocka_unit_test(random_bytes_differ_and_wiped_ones_do_not),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
