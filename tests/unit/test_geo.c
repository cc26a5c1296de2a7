/* SPDX-License-Identifier: ISC */
/* Databases that the test writes itself: sound ones of several layouts, and
 * the same with every byte damaged. */
#include "enrich/geo.h"
#include "enrich/geo_guard.h"
#include "place.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Types of the MaxMind DB file format specification 2.0. */
enum {
	POINTER = 1,
	STRING = 2,
	DOUBLE = 3,
	UINT16 = 5,
	UINT32 = 6,
	MAP = 7,
	UINT64 = 9,
	ARRAY = 11
};

static void
put_control(struct sst_buf *to, unsigned type, size_t size)
{
	assert_true(size < 29 + 256);
	sst_buf_byte(to,
		(char)((type < 8 ? type << 5 : 0) | (size < 29 ? size : 29)));
	if (type >= 8)
		sst_buf_byte(to, (char)(type - 7));
	if (size >= 29)
		sst_buf_byte(to, (char)(size - 29));
}

static void
put_string(struct sst_buf *to, const char *text)
{
	put_control(to, STRING, strlen(text));
	sst_buf_put(to, text, strlen(text));
}

static void
put_number(struct sst_buf *to, const char *key, unsigned type, uint64_t value)
{
	size_t n = 0;

	put_string(to, key);
	while (n < 8 && value >> (8 * n) != 0)
		n++;
	put_control(to, type, n);
	while (n-- > 0)
		sst_buf_byte(to, (char)(value >> (8 * n)));
}

static void
put_double(struct sst_buf *to, const char *key, double value)
{
	uint64_t bits;

	put_string(to, key);
	put_control(to, DOUBLE, 8);
	memcpy(&bits, &value, 8);
	for (int i = 56; i >= 0; i -= 8)
		sst_buf_byte(to, (char)(bits >> i));
}

static void
put_pair(struct sst_buf *to, const char *key, const char *value)
{
	put_string(to, key);
	put_string(to, value);
}

/* A key whose value is a map, or list, of n. */
static void
put_key(struct sst_buf *to, const char *key, unsigned type, size_t n)
{
	put_string(to, key);
	put_control(to, type, n);
}

static void
put_city(struct sst_buf *to)
{
	put_control(to, MAP, 4);
	put_key(to, "city", MAP, 1);
	put_key(to, "names", MAP, 2);
	put_pair(to, "de", "Falsch");
	put_pair(to, "en", "S\xc3\xa3o \"P\"");
	put_key(to, "country", MAP, 1);
	put_pair(to, "iso_code", "BR");
	put_key(to, "location", MAP, 3);
	put_double(to, "latitude", -23.5475);
	put_double(to, "longitude", 46);
	put_pair(to, "time_zone", "America/Sao_Paulo");
	put_key(to, "subdivisions", ARRAY, 1);
	put_control(to, MAP, 1);
	put_pair(to, "iso_code", "SP");
}

static void
put_asn(struct sst_buf *to)
{
	put_control(to, MAP, 2);
	put_number(to, "autonomous_system_number", UINT32, 4200000001U);
	put_pair(to, "autonomous_system_organization", "Example \\ Net");
}

static void
put_flat(struct sst_buf *to)
{
	put_control(to, MAP, 6);
	put_pair(to, "asn", "AS64496");
	put_pair(to, "as_name", "Flat Net");
	put_pair(to, "country", "Brazil");
	put_pair(to, "country_code", "BR");
	put_pair(to, "lat", "1.50");
	put_pair(to, "lng", "181");
}

static void
put_wrong(struct sst_buf *to)
{
	put_control(to, MAP, 3);
	put_pair(to, "country_code", "br");
	put_pair(to, "city", "\xff");
	put_key(to, "location", MAP, 2);
	put_double(to, "latitude", 91);
	put_double(to, "longitude", (double)NAN);
}

/* 24-bit records: 10.0.0.0/8 has the data, all else has nothing. */
static void
put_tree(struct sst_buf *to)
{
	const unsigned nodes = 8, none = nodes, data = nodes + 16;

	for (unsigned bit = 0; bit < nodes; bit++) {
		unsigned is_set = 10U >> (7 - bit) & 1;
		unsigned next = bit == nodes - 1 ? data : bit + 1;
		unsigned record[2] = { is_set ? none : next,
			is_set ? next : none };

		for (int side = 0; side < 2; side++)
			for (int i = 16; i >= 0; i -= 8)
				sst_buf_byte(to, (char)(record[side] >> i));
	}
	for (int i = 0; i < 16; i++)
		sst_buf_byte(to, '\0');
}

static void
put_metadata(struct sst_buf *to)
{
	SST_BUF_PUT(to, "\xab\xcd\xefMaxMind.com");
	put_control(to, MAP, 9);
	put_number(to, "node_count", UINT32, 8);
	put_number(to, "record_size", UINT16, 24);
	put_number(to, "ip_version", UINT16, 4);
	put_pair(to, "database_type", "Test");
	put_key(to, "languages", ARRAY, 1);
	put_string(to, "en");
	put_number(to, "binary_format_major_version", UINT16, 2);
	put_number(to, "binary_format_minor_version", UINT16, 0);
	put_number(to, "build_epoch", UINT64, 1700000000);
	put_key(to, "description", MAP, 1);
	put_pair(to, "en", "Test");
}

static void
write_db(const char *path, void (*put)(struct sst_buf *to))
{
	struct sst_buf file;

	sst_buf_init(&file, 65536);
	put_tree(&file);
	put(&file);
	put_metadata(&file);
	assert_false(file.is_short);
	place_write(path, 0644, sst_buf_span(&file));
	sst_buf_release(&file);
}

/* What a list of files says about an address: "key=value;" in table order. */
static void
look_up(const char *const *paths, size_t n, const char *ip, char out[512])
{
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_geo *geo;
	struct sst_err err = { 0 };
	size_t len = 0;

	assert_non_null(event);
	sst_event_init(event);
	if (sst_geo_open(&geo, paths, n, &err) != SST_OK)
		fail_msg("%s", err.text);
	/* Twice, so that the answer is the remembered one. */
	for (int round = 0; round < 2; round++) {
		sst_event_reset(event);
		sst_event_set(event, SST_F_CLIENT_IP, SST_KIND_STRING,
			sst_event_keep(event, sst_span_of(ip)));
		sst_geo_apply(geo, event);
	}
	out[0] = '\0';
	for (int f = SST_F_COUNTRY; f <= SST_F_AS_ORG; f++) {
		struct sst_pair *pair = sst_event_get(event, (enum sst_field)f);

		if (pair != NULL)
			len += (size_t)snprintf(out + len, 512 - len,
				"%s=%.*s;",
				sst_field_row((enum sst_field)f)->name,
				(int)pair->value.len, pair->value.at);
	}
	sst_geo_close(geo);
	sst_event_release(event);
	free(event);
}

static void
every_layout_gives_its_keys(void **state)
{
	static const struct {
		void (*put)(struct sst_buf *to);
		const char *found;
	} cases[] = {
		{ put_city, "country=BR;region=SP;city=S\xc3\xa3o \\\"P\\\";"
			    "latitude=-23.5475;longitude=46;"
			    "time_zone=America/Sao_Paulo;" },
		{ put_asn, "asn=4200000001;as_org=Example \\\\ Net;" },
		{ put_flat, "country=BR;latitude=1.5;asn=64496;"
			    "as_org=Flat Net;" },
		{ put_wrong, "" },
	};
	static const char *const path[] = { "g.mmdb" };
	char found[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_db(path[0], cases[i].put);
		look_up(path, 1, "10.1.2.3", found);
		assert_string_equal(found, cases[i].found);
		look_up(path, 1, "::ffff:10.1.2.3", found);
		assert_string_equal(found, cases[i].found);
		look_up(path, 1, "11.1.2.3", found);
		assert_string_equal(found, "");
		look_up(path, 1, "2001:db8::1", found);
		assert_string_equal(found, "");
		look_up(path, 1, "no address", found);
		assert_string_equal(found, "");
	}
}

static void
of_several_files_the_first_that_knows_a_key_counts(void **state)
{
	static const char *const paths[] = { "flat.mmdb", "city.mmdb",
		"asn.mmdb" };
	char found[512];

	(void)state;
	write_db(paths[0], put_flat);
	write_db(paths[1], put_city);
	write_db(paths[2], put_asn);
	look_up(paths, 3, "10.0.0.1", found);
	assert_string_equal(found,
		"country=BR;region=SP;city=S\xc3\xa3o \\\"P\\\";latitude=1.5;"
		"longitude=46;time_zone=America/Sao_Paulo;asn=64496;"
		"as_org=Flat Net;");
}

static void
a_file_that_is_no_database_is_refused_by_name(void **state)
{
	static const char *const path[] = { "g.mmdb" };
	struct sst_err err = { 0 };
	struct sst_geo *geo;

	(void)state;
	assert_int_equal(sst_geo_open(&geo, path, 1, &err), SST_ECONFIG);
	assert_null(geo);
	assert_non_null(strstr(err.text, "cannot open g.mmdb: "));
	place_write(path[0], 0644, sst_span("", 0));
	assert_int_equal(sst_geo_open(&geo, path, 1, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "g.mmdb: is no MaxMind DB file"));
	place_write(path[0], 0644, sst_span("just text\n", 10));
	assert_int_equal(sst_geo_open(&geo, path, 1, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "g.mmdb: is no MaxMind DB file"));
}

static void
a_file_that_others_may_write_is_refused(void **state)
{
	static const char *const path[] = { "g.mmdb" }, *const folder[] = {
		"."
	};
	struct sst_err err = { 0 };
	struct sst_geo *geo;

	(void)state;
	write_db(path[0], put_city);
	assert_int_equal(chmod(path[0], 0664), 0);
	assert_int_equal(sst_geo_open(&geo, path, 1, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "g.mmdb: must belong to root or you"));
	assert_int_equal(chmod(path[0], 0646), 0);
	assert_int_equal(sst_geo_open(&geo, path, 1, &err), SST_ECONFIG);
	assert_int_equal(sst_geo_open(&geo, folder, 1, &err), SST_ECONFIG);
	assert_string_equal(err.text, ".: is no regular file");
}

/* What the test found out about a damaged file. */
struct fate {
	unsigned refused, silent, loud;
};

static void
try_damaged(struct sst_event *event, const char *const *path, struct fate *fate)
{
	struct sst_err err = { 0 };
	struct sst_geo *geo;

	if (sst_geo_open(&geo, path, 1, &err) != SST_OK) {
		assert_int_equal(err.status, SST_ECONFIG);
		assert_non_null(strstr(err.text, path[0]));
		fate->refused++;
		return;
	}
	sst_event_reset(event);
	sst_event_set(event, SST_F_CLIENT_IP, SST_KIND_STRING,
		sst_event_keep(event, sst_span_of("10.1.2.3")));
	sst_geo_apply(geo, event);
	if (sst_geo_damaged(geo) != 0)
		fate->loud++;
	else
		fate->silent++;
	sst_geo_close(geo);
}

/* The file cut at every length, and each of its bytes changed: it is refused,
 * or keys are absent or others; no more can be asked, and no less. */
static void
damage_of_any_byte_is_survived(void **state)
{
	static const char *const path[] = { "bad.mmdb" };
	static const unsigned char masks[] = { 0x01, 0x80, 0xff, 0x1f, 0xe0 };
	struct sst_event *event = malloc(sizeof(*event));
	struct fate fate = { 0 };
	struct sst_buf file;

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	sst_buf_init(&file, 65536);
	put_tree(&file);
	put_city(&file);
	put_metadata(&file);
	for (size_t n = 0; n < file.len; n += 3) {
		place_write(path[0], 0644, sst_span(file.at, n));
		try_damaged(event, path, &fate);
	}
	for (size_t i = 0; i < file.len; i++) {
		unsigned char mask = masks[i % sizeof(masks)];

		file.at[i] = (char)(file.at[i] ^ mask);
		place_write(path[0], 0644, sst_buf_span(&file));
		try_damaged(event, path, &fate);
		file.at[i] = (char)(file.at[i] ^ mask);
	}
	assert_true(fate.refused > 100);
	assert_true(fate.loud > 10);
	assert_true(fate.silent > 10);
	sst_buf_release(&file);
	sst_event_release(event);
	free(event);
}

static void
a_value_is_sane_when_all_of_it_is_there_and_not_too_deep(void **state)
{
	static const struct {
		struct sst_span data;
		bool is_sane;
	} cases[] = {
		{ SST_SPAN(""), false }, { SST_SPAN("\x40"), true }, /* "" */
		{ SST_SPAN("\x43"
			   "abc"),
			true },
		{ SST_SPAN("\x44"
			   "abc"),
			false },
		{ SST_SPAN("\x5d"), false },     /* its length is cut */
		{ SST_SPAN("\x5d\x00"), false }, /* 29 bytes, none there */
		{ SST_SPAN("\xe0"), true },      /* { } */
		{ SST_SPAN("\xe1\x41"
			   "a\x41"
			   "b"),
			true },
		{ SST_SPAN("\xe1\x41"
			   "a"),
			false },
		{ SST_SPAN("\xe1\xa1\x01\x41"
			   "b"),
			false },                    /* key 1 */
		{ SST_SPAN("\x01\x04\x40"), true }, /* [ "" ] */
		{ SST_SPAN("\x02\x04\x40"), false },
		{ SST_SPAN("\x20\x03\x00\x40"), true },  /* -> "" */
		{ SST_SPAN("\x20\x09"), false },         /* out of the data */
		{ SST_SPAN("\x20\x00"), false },         /* to a pointer */
		{ SST_SPAN("\x01\x04\x20\x00"), false }, /* [ itself ] */
		{ SST_SPAN("\xe1\x20\x04\x40\x41"
			   "k"),
			true },
		{ SST_SPAN("\x68\0\0\0\0\0\0\0\0"), true },
		{ SST_SPAN("\x67\0\0\0\0\0\0\0"), false }, /* 7-byte double */
		{ SST_SPAN("\xc5\0\0\0\0\0"), false },     /* 5-byte uint32 */
		{ SST_SPAN("\x01\x07"), true },            /* true */
		{ SST_SPAN("\x02\x07"), false },
		{ SST_SPAN("\x00\x05"), false }, /* a cache container */
		{ SST_SPAN("\x00\xff"), false }, /* no such type */
	};
	char deep[2 * SST_GEO_DEPTH + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (sst_geo_is_sane((const uint8_t *)cases[i].data.at,
			    cases[i].data.len, 0) != cases[i].is_sane)
			fail_msg("case %zu", i);
	for (int depth = 1; depth <= SST_GEO_DEPTH; depth++) {
		size_t n = 0;

		for (int i = 0; i < depth; i++) {
			deep[n++] = '\x01'; /* [ one element ] */
			deep[n++] = '\x04';
		}
		deep[n++] = '\x40';
		assert_int_equal(sst_geo_is_sane((const uint8_t *)deep, n, 0),
			depth < SST_GEO_DEPTH);
	}
}

/* 16 lists of 16 pointers to the next: 16^16 values, if one followed them. */
static void
a_value_that_multiplies_itself_is_refused_soon(void **state)
{
	uint8_t data[12 * 34 + 1];
	size_t n = 0;

	(void)state;
	for (unsigned level = 0; level < 12; level++) {
		unsigned next = (level + 1) * 34;

		data[n++] = 16;
		data[n++] = 4;
		for (int i = 0; i < 16; i++) {
			data[n++] = (uint8_t)(0x20 | next >> 8);
			data[n++] = (uint8_t)next;
		}
	}
	data[n++] = 0x40;
	assert_false(sst_geo_is_sane(data, n, 0));
	assert_true(sst_geo_is_sane(data, n, 11 * 34));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(every_layout_gives_its_keys),
		IN_PLACE(of_several_files_the_first_that_knows_a_key_counts),
		IN_PLACE(a_file_that_is_no_database_is_refused_by_name),
		IN_PLACE(a_file_that_others_may_write_is_refused),
		IN_PLACE(damage_of_any_byte_is_survived),
		cmocka_unit_test(
			a_value_is_sane_when_all_of_it_is_there_and_not_too_deep),
		cmocka_unit_test(
			a_value_that_multiplies_itself_is_refused_soon),
	};

	return cmocka_run_group_tests_name("geo", tests, NULL, NULL);
}
