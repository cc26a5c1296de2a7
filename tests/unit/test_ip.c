/* SPDX-License-Identifier: ISC */
/* Addresses, held against inet_pton and inet_ntop, and RFC 5952. */
#include "text/ip.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* xorshift64: the same numbers on every run and machine. */
static uint64_t
draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Canonical text, or "-" when it is no address. */
static const char *
canonical(const char *text, char to[64])
{
	struct sst_buf buf;
	struct sst_ip ip;

	sst_buf_init(&buf, 64);
	if (sst_ip_read(sst_span_of(text), &ip))
		sst_ip_put(&buf, &ip);
	else
		SST_BUF_PUT(&buf, "-");
	assert_false(buf.is_short);
	memcpy(to, buf.at, buf.len);
	to[buf.len] = '\0';
	sst_buf_release(&buf);
	return to;
}

static void
text_is_read_strictly_and_printed_canonically(void **state)
{
	static const struct {
		const char *text, *canonical;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "256.0.0.0", "-" },
		{ "1.2.3.999", "-" },
		{ "01.2.3.4", "-" },
		{ "1.2.3.04", "-" },
		{ "1.2.3.00", "-" },
		{ "1.2.3", "-" },
		{ "1.2.3.", "-" },
		{ "1.2.3.4.", "-" },
		{ "1.2.3.4.5", "-" },
		{ "1..3.4", "-" },
		{ ".1.2.3.4", "-" },
		{ " 1.2.3.4", "-" },
		{ "1.2.3.4 ", "-" },
		{ "1.2.3.0004", "-" },
		{ "0x1.2.3.4", "-" },
		{ "1.2.3.4:80", "-" },
		{ "", "-" },
		{ "-", "-" },
		{ ":", "-" },
		{ ":::", "-" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ ":1::", "-" },
		{ "1:", "-" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "1:2:3:4:5:6:7:8:", "-" },
		{ "1:2:3:4:5:6:7", "-" },
		{ "1:2:3:4:5:6:7:8:9", "-" },
		{ "1:2:3:4:5:6:7::8", "-" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "1::3::5", "-" },
		{ "12345::", "-" },
		{ "g::", "-" },
		/* RFC 5952 section 1 and 4 */
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:db8::0001", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0000:0:1::1", "2001:db8::1:0:0:1" },
		{ "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAAA",
			"2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa" },
		{ "0:0:1::", "0:0:1::" },
		{ "1:0:0:2:0:0:0:0", "1:0:0:2::" },
		/* Section 5: a tail in dots where it is known to be IPv4 */
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "0:0:0:0:0:FFFF:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:0.0.0.0", "::ffff:0.0.0.0" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "1:2:3:4:5:6:7:1.2.3.4", "-" },
		{ "1:2:3:4:5:1.2.3.4", "-" },
		{ "::1.2.3.4:5", "-" },
		{ "::1.2.3", "-" },
		{ "::1.2.3.256", "-" },
		{ "1.2.3.4::", "-" },
		{ "::1.2.3.4", "::102:304" },
		{ "1111:2222:3333:4444:5555:6666:123.123.123.123",
			"1111:2222:3333:4444:5555:6666:7b7b:7b7b" },
		{ "fe80::1%eth0", "-" },
		{ "[::1]", "-" },
	};
	char got[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
			canonical(cases[i].text, got), cases[i].canonical);
}

static void
a_nul_ends_no_address(void **state)
{
	struct sst_ip ip;

	(void)state;
	assert_false(sst_ip_read((struct sst_span)SST_SPAN("1.2.3.4\0"), &ip));
	assert_false(sst_ip_read((struct sst_span)SST_SPAN("::1\0"), &ip));
	assert_false(sst_ip_read((struct sst_span){ NULL, 0 }, &ip));
}

/* Text that is often an address, and often nearly one. */
static size_t
make_text(char to[64], uint64_t *seed)
{
	static const char *const pieces[] = { "::", ":", ".", "0", "1", "25",
		"255", "256", "00", "ffff", "1.2.3.4", "db8", "ABCD", "10000",
		"g", "0:0", "1:2:3", "1:2:3:4:5:6", "::ffff:", "9.", " " };
	size_t len = 0;

	for (uint64_t n = 1 + draw(seed) % 9; n > 0; n--) {
		const char *piece = pieces[draw(seed) % COUNT(pieces)];

		if (len + strlen(piece) >= 64)
			break;
		memcpy(to + len, piece, strlen(piece));
		len += strlen(piece);
	}
	to[len] = '\0';
	return len;
}

static void
reading_agrees_with_inet_pton(void **state)
{
	uint64_t seed = 20261124;
	unsigned good = 0, bad = 0;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		char text[64];
		size_t len = make_text(text, &seed);
		struct sst_ip ip = { .len = 0 };
		uint8_t want[16];
		bool is_v4 = inet_pton(AF_INET, text, want) == 1;
		bool is_v6 = !is_v4 && inet_pton(AF_INET6, text, want) == 1;
		bool got = sst_ip_read(sst_span(text, len), &ip);

		if (got != (is_v4 || is_v6))
			fail_msg("'%s': %d", text, got);
		if (!got) {
			bad++;
			continue;
		}
		good++;
		assert_int_equal(ip.len, is_v4 ? 4 : 16);
		assert_memory_equal(ip.at, want, ip.len);
	}
	/* The generator must reach both answers often. */
	assert_true(good > 5000);
	assert_true(bad > 5000);
}

static void
printing_agrees_with_inet_ntop(void **state)
{
	uint64_t seed = 5952;
	unsigned compared = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct sst_ip ip = { .len = draw(&seed) % 4 == 0 ? 4 : 16 },
			      back;
		char want[64], got[64];
		struct sst_buf buf;

		for (unsigned k = 0; k < ip.len; k += 2)
			if (ip.len == 4 || draw(&seed) % 2 != 0) {
				ip.at[k] = (uint8_t)(draw(&seed) >>
						     (draw(&seed) % 40));
				ip.at[k + 1] = (uint8_t)draw(&seed);
			}
		assert_non_null(inet_ntop(ip.len == 4 ? AF_INET : AF_INET6,
			ip.at, want, sizeof(want)));
		sst_buf_init(&buf, 64);
		sst_ip_put(&buf, &ip);
		memcpy(got, buf.at, buf.len);
		got[buf.len] = '\0';
		assert_true(sst_ip_read(sst_buf_span(&buf), &back));
		assert_true(sst_ip_eq(&ip, &back));
		sst_buf_release(&buf);
		/* glibc prints the retired ::a.b.c.d in dots, we do not. */
		if (strncmp(want, "::", 2) == 0 && strchr(want, '.') != NULL)
			continue;
		assert_string_equal(got, want);
		compared++;
	}
	assert_true(compared > 100000);
}

static void
endpoints_come_in_every_shape_of_a_log(void **state)
{
	static const struct {
		const char *text, *ip, *port;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", "" },
		{ "192.0.2.1:80", "192.0.2.1", "80" },
		{ "192.0.2.1:", NULL, NULL },
		{ "192.0.2.1:http", NULL, NULL },
		{ "192.0.2.1:80:90", NULL, NULL },
		{ "2001:db8::1", "2001:db8::1", "" },
		{ "[2001:db8::1]", "2001:db8::1", "" },
		{ "[2001:DB8::1]:443", "2001:db8::1", "443" },
		{ "[2001:db8::1]443", NULL, NULL },
		{ "[2001:db8::1]:", NULL, NULL },
		{ "[2001:db8::1", NULL, NULL },
		{ "[192.0.2.1]:80", NULL, NULL },
		{ "fe80::1%eth0", "fe80::1", "" },
		{ "[fe80::1%25eth0]:80", "fe80::1", "80" },
		{ "fe80::1%", NULL, NULL },
		{ "192.0.2.1%eth0", NULL, NULL },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", "" },
		{ "[::ffff:192.0.2.1]:8", "::ffff:192.0.2.1", "8" },
		{ "::1", "::1", "" },
		{ "[]", NULL, NULL },
		{ "[", NULL, NULL },
		{ ":80", NULL, NULL },
		{ "unix:", NULL, NULL },
		{ "example.org:80", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_span port;
		struct sst_ip ip, want;
		bool is_one = sst_ip_read_endpoint(
			sst_span_of(cases[i].text), &ip, &port);

		if (is_one != (cases[i].ip != NULL))
			fail_msg("'%s': %d", cases[i].text, is_one);
		if (!is_one)
			continue;
		assert_true(sst_ip_read(sst_span_of(cases[i].ip), &want));
		assert_true(sst_ip_eq(&ip, &want));
		assert_true(sst_span_is(port, cases[i].port));
	}
}

static void
a_mask_keeps_exactly_its_bits(void **state)
{
	(void)state;
	for (unsigned len = 4; len <= 16; len += 12)
		for (unsigned bits = 0; bits <= len * 8; bits++) {
			struct sst_ip ip = { .len = (uint8_t)len };

			memset(ip.at, 0xff, len);
			sst_ip_mask(&ip, bits);
			for (unsigned k = 0; k < len * 8; k++)
				assert_int_equal(
					ip.at[k / 8] >> (7 - k % 8) & 1,
					k < bits);
		}
}

static void
a_network_has_what_its_bits_say(void **state)
{
	static const struct {
		const char *net, *ip;
		int has; /* -1: no network */
	} cases[] = {
		{ "10.0.0.0/8", "10.255.255.255", 1 },
		{ "10.0.0.0/8", "11.0.0.0", 0 },
		{ "10.1.2.3/8", "10.9.9.9", 1 },
		{ "10.0.0.0/9", "10.127.255.255", 1 },
		{ "10.0.0.0/9", "10.128.0.0", 0 },
		{ "192.0.2.1", "192.0.2.1", 1 },
		{ "192.0.2.1", "192.0.2.2", 0 },
		{ "192.0.2.1/32", "192.0.2.1", 1 },
		{ "192.0.2.1/31", "192.0.2.0", 1 },
		{ "192.0.2.1/31", "192.0.2.2", 0 },
		{ "0.0.0.0/0", "203.0.113.9", 1 },
		{ "0.0.0.0/0", "::1", 0 },
		{ "::/0", "203.0.113.9", 0 },
		{ "::/0", "2001:db8::1", 1 },
		{ "2001:db8::/33", "2001:db8:7fff::", 1 },
		{ "2001:db8::/33", "2001:db8:8000::", 0 },
		{ "2001:db8::1", "2001:db8::1", 1 },
		{ "2001:db8::1/128", "2001:db8::2", 0 },
		{ "10.0.0.0/8", "::ffff:10.1.1.1", 1 },
		{ "10.0.0.0/8", "::ffff:11.1.1.1", 0 },
		{ "::ffff:10.0.0.0/104", "10.1.1.1", 1 },
		{ "::ffff:10.0.0.0/104", "11.1.1.1", 0 },
		{ "::ffff:10.0.0.0/104", "::ffff:10.1.1.1", 1 },
		{ "::ffff:0:0/96", "2001:db8::1", 0 },
		{ "10.0.0.0/33", NULL, -1 },
		{ "10.0.0.0/", NULL, -1 },
		{ "10.0.0.0/08", NULL, -1 },
		{ "10.0.0.0/8/8", NULL, -1 },
		{ "10.0.0.0/ 8", NULL, -1 },
		{ "10.0.0.0/-8", NULL, -1 },
		{ "10/8", NULL, -1 },
		{ "::/129", NULL, -1 },
		{ "::/1000", NULL, -1 },
		{ "/8", NULL, -1 },
		{ "", NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_net net;
		struct sst_ip ip;
		bool is_net = sst_net_read(sst_span_of(cases[i].net), &net);

		if (is_net != (cases[i].has != -1))
			fail_msg("'%s': %d", cases[i].net, is_net);
		if (!is_net)
			continue;
		assert_true(sst_ip_read(sst_span_of(cases[i].ip), &ip));
		if (sst_net_has(&net, &ip) != (cases[i].has == 1))
			fail_msg("%s in %s", cases[i].ip, cases[i].net);
	}
}

static void
a_network_keeps_no_bits_past_its_mask(void **state)
{
	struct sst_net net;
	struct sst_ip want;

	(void)state;
	assert_true(sst_net_read(
		(struct sst_span)SST_SPAN("192.0.2.255/26"), &net));
	assert_true(
		sst_ip_read((struct sst_span)SST_SPAN("192.0.2.192"), &want));
	assert_true(sst_ip_eq(&net.ip, &want));
	assert_int_equal(net.bits, 26);
}

static void
mapped_and_translated_addresses_become_ipv4(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "64:ff9b::192.0.2.1", "192.0.2.1" },
		{ "64:ff9b:1::192.0.2.1", "64:ff9b:1::c000:201" },
		{ "::192.0.2.1", "::c000:201" },
		{ "::1:ffff:192.0.2.1", "::1:ffff:c000:201" },
		{ "192.0.2.1", "192.0.2.1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_ip ip, want;

		assert_true(sst_ip_read(sst_span_of(cases[i].from), &ip));
		assert_true(sst_ip_read(sst_span_of(cases[i].to), &want));
		ip = sst_ip_unmapped(&ip);
		assert_true(sst_ip_eq(&ip, &want));
	}
}

static void
a_full_buffer_takes_no_part_of_an_address(void **state)
{
	struct sst_ip ip;
	struct sst_buf buf;

	(void)state;
	assert_true(sst_ip_read((struct sst_span)SST_SPAN("1.2.3.4"), &ip));
	sst_buf_init(&buf, 6);
	sst_ip_put(&buf, &ip);
	assert_true(buf.is_short);
	assert_int_equal(buf.len, 0);
	sst_buf_init(&buf, 7);
	sst_ip_put(&buf, &ip);
	assert_true(sst_span_is(sst_buf_span(&buf), "1.2.3.4"));
	sst_buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_strictly_and_printed_canonically),
		cmocka_unit_test(a_nul_ends_no_address),
		cmocka_unit_test(reading_agrees_with_inet_pton),
		cmocka_unit_test(printing_agrees_with_inet_ntop),
		cmocka_unit_test(endpoints_come_in_every_shape_of_a_log),
		cmocka_unit_test(a_mask_keeps_exactly_its_bits),
		cmocka_unit_test(a_network_has_what_its_bits_say),
		cmocka_unit_test(a_network_keeps_no_bits_past_its_mask),
		cmocka_unit_test(mapped_and_translated_addresses_become_ipv4),
		cmocka_unit_test(a_full_buffer_takes_no_part_of_an_address),
	};

	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
