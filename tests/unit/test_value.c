/* SPDX-License-Identifier: ISC */
/* What single actions make of a value. */
#include "redact/value.h"

#include "redact/agent.h"
#include "redact/domain.h"
#include "redact/pseudonym.h"
#include "redact/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A copy with readable bytes behind it, as values of events have. */
static struct sst_span
padded(const char *text)
{
	static char at[1024 + SST_PAD];

	assert_true(strlen(text) < 1024);
	memset(at, 0, sizeof(at));
	memcpy(at, text, strlen(text));
	return sst_span(at, strlen(text));
}

static const char *
taken(struct sst_buf *buf)
{
	static char out[2048];

	snprintf(out, sizeof(out), "%.*s", (int)buf->len,
		buf->at == NULL ? "" : buf->at);
	sst_buf_release(buf);
	return out;
}

struct example {
	const char *text, *expected; /* NULL: left out */
	unsigned n;
};

/* What each action gives must also be what it gives of its own result. */
static void
check_twice(bool (*act)(struct sst_buf *to, struct sst_span text, unsigned n),
	const struct example *e)
{
	struct sst_buf buf;
	bool is_kept;

	sst_buf_init(&buf, 4096);
	is_kept = act(&buf, padded(e->text), e->n);
	assert_int_equal(is_kept, e->expected != NULL);
	if (!is_kept) {
		sst_buf_release(&buf);
		return;
	}
	assert_string_equal(taken(&buf), e->expected);
	sst_buf_init(&buf, 4096);
	assert_true(act(&buf, padded(e->expected), e->n));
	assert_string_equal(taken(&buf), e->expected);
}
#define CHECK(act, examples) \
	for (size_t i = 0; i < sizeof(examples) / sizeof((examples)[0]); i++) \
	check_twice(act, &(examples)[i])

static void
numbers_are_rounded_in_decimal(void **state)
{
	static const struct example examples[] = {
		{ "52.5163", "52.5", 1 },
		{ "52.55", "52.6", 1 },
		{ "-13.377", "-13.4", 1 },
		{ "-0.04", "0.0", 1 },
		{ "9.96", "10.0", 1 },
		{ "99.5", "100", 0 },
		{ "-9.96", "-10.0", 1 },
		{ "7", "7", 1 },
		{ "7.0", "7.0", 1 },
		{ "1e3", NULL, 1 },
		{ "north", NULL, 1 },
		{ "", NULL, 1 },
	};

	(void)state;
	CHECK(sst_round_put, examples);
}

static bool
truncate_time(struct sst_buf *to, struct sst_span text, unsigned n)
{
	return sst_truncate_time_put(to, text, (enum sst_unit)n);
}

static void
times_are_cut_to_their_unit(void **state)
{
	static const struct example examples[] = {
		{ "2026-11-24T04:41:46.987Z", "2026-11-24T04:41:46Z",
			SST_UNIT_SECOND },
		{ "2026-11-24T04:41:46Z", "2026-11-24T04:41:46Z",
			SST_UNIT_SECOND },
		{ "2026-11-24T05:41:46+01:00", "2026-11-24T04:41:46Z",
			SST_UNIT_SECOND },
		{ "2026-11-24T04:41:46.5Z", "2026-11-24T04:41:00Z",
			SST_UNIT_MINUTE },
		{ "2026-11-24T04:41:46Z", "2026-11-24T04:00:00Z",
			SST_UNIT_HOUR },
		{ "2026-11-24T04:41:46Z", "2026-11-24T00:00:00Z",
			SST_UNIT_DAY },
		{ "2026-11-24T04:41:46Z", "2026-01-01T00:00:00Z",
			SST_UNIT_YEAR },
		{ "1969-07-20T20:17:40Z", "1969-07-20T20:00:00Z",
			SST_UNIT_HOUR },
		{ "1969-07-20T20:17:40Z", "1969-01-01T00:00:00Z",
			SST_UNIT_YEAR },
		{ "2026-11-24T04:41:4john", NULL, SST_UNIT_SECOND },
		{ "yesterday", NULL, SST_UNIT_SECOND },
		{ "", NULL, SST_UNIT_HOUR },
	};

	(void)state;
	CHECK(truncate_time, examples);
}

static void
only_the_canonical_spelling_is_canonical(void **state)
{
	static const char good[] = "2026-11-24T04:41:46Z";

	(void)state;
	assert_true(sst_time_is_canonical(padded(good)));
	for (size_t i = 0; i < sizeof(good) - 1; i++)
		for (int c = 0; c < 256; c++) {
			char text[sizeof(good) + SST_PAD] = { 0 };
			bool is_digit = good[i] >= '0' && good[i] <= '9';

			memcpy(text, good, sizeof(good));
			text[i] = (char)c;
			assert_int_equal(sst_time_is_canonical(sst_span(
						 text, sizeof(good) - 1)),
				is_digit ? c >= '0' && c <= '9'
					 : text[i] == good[i]);
		}
}

static void
versions_keep_their_first_parts(void **state)
{
	static const struct example examples[] = {
		{ "17.2.1", "17", 1 },
		{ "17.2.1", "17.2", 2 },
		{ "XP", "XP", 1 },
		{ "17", "17", 3 },
		{ "17.john@example.org", "17", 2 },
		{ "john@example.org", NULL, 1 },
		{ "12345678901234567", NULL, 1 },
		{ "", NULL, 1 },
	};

	(void)state;
	CHECK(sst_truncate_parts_put, examples);
}

static bool
mask(struct sst_buf *to, struct sst_span text, unsigned n)
{
	const struct sst_masks masks = { n, n == 24 ? 32 : 48 };

	return sst_mask_put(to, text, &masks);
}

static void
addresses_lose_their_last_bits(void **state)
{
	static const struct example examples[] = {
		{ "203.0.113.77", "203.0.113.0", 24 },
		{ "203.0.113.77", "203.0.0.0", 16 },
		{ "2001:db8:1:2::3", "2001:db8::", 24 },
		{ "2001:db8:1:2::3", "2001:db8:1::", 16 },
		{ "::ffff:203.0.113.77", "203.0.113.0", 24 },
		{ "64:ff9b::203.0.113.77", "203.0.113.0", 24 },
		{ "[2001:db8::1]:443", "2001:db8::", 24 },
		{ "203.0.113.77:8080", "203.0.113.0", 24 },
		{ "fe80::1%eth0", "fe80::", 24 },
		{ "203.0.113.77, unknown,2001:db8:1::2",
			"203.0.113.0, 2001:db8::", 24 },
		{ "unknown", NULL, 24 },
		{ "203.0.113.777", NULL, 24 },
		{ "", NULL, 24 },
	};

	(void)state;
	CHECK(mask, examples);
}

/* Of the published vectors: the first of each key, two that share a prefix, and
 * IPv6. */
static void
crypto_pan_gives_the_published_pseudonyms(void **state)
{
	static const uint8_t plain_key[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
		27, 28, 29, 30, 31 };
	static const uint8_t sample_key[32] = { 21, 34, 23, 141, 51, 164, 207,
		128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121,
		121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2 };
	static const struct {
		const uint8_t *key;
		const char *address, *pseudonym;
	} cases[] = {
		{ plain_key, "192.0.2.1", "2.90.93.17" },
		{ plain_key, "2001:db8::1",
			"dd92:2c44:3fc0:ff1e:7ff9:c7f0:8180:7e00" },
		{ sample_key, "24.5.0.80", "100.9.15.210" },
		{ sample_key, "24.13.62.231", "100.2.192.247" },
		{ sample_key, "208.234.120.210", "227.154.67.17" },
		{ sample_key, "130.132.252.244", "133.68.164.234" },
		{ sample_key, "2001:db8::1",
			"4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e" },
		{ sample_key, "2001:db8::2",
			"4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_cryptopan *pan;
		struct sst_buf buf;

		assert_int_equal(
			sst_cryptopan_open(&pan, cases[i].key, NULL), SST_OK);
		sst_buf_init(&buf, 256);
		assert_true(sst_pan_put(&buf, padded(cases[i].address), pan));
		assert_string_equal(taken(&buf), cases[i].pseudonym);
		sst_cryptopan_close(pan);
	}
}

static bool
decide(struct sst_buf *to, struct sst_span text, unsigned n)
{
	(void)n;
	sst_decision_put(to, text);
	return true;
}

static bool
replace(struct sst_buf *to, struct sst_span text, unsigned n)
{
	(void)n;
	sst_replace_put(to, text);
	return true;
}

static void
consent_strings_become_their_outcome(void **state)
{
	static const struct example examples[] = {
		{ "1YYN", "denied", 0 },
		{ "1YNN", "granted", 0 },
		{ "1---", "unknown", 0 },
		{ "1yy-", "denied", 0 },
		{ "1YXN", "unknown", 0 },
		{ "Granted", "granted", 0 },
		{ "CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA", "unknown",
			0 },
		{ "", "unknown", 0 },
	};

	(void)state;
	CHECK(decide, examples);
}

static void
click_ids_become_their_parameter(void **state)
{
	static const struct example examples[] = {
		{ "gclid=EAIaIQobChMI", "gclid", 0 },
		{ "FBCLID=IwAR0", "fbclid", 0 },
		{ "ScCid=1", "ScCid", 0 },
		{ "john=1", "redacted", 0 },
		{ "EAIaIQobChMI", "redacted", 0 },
	};

	(void)state;
	CHECK(replace, examples);
}

static bool template(struct sst_buf *to, struct sst_span text, unsigned n)
{
	struct sst_template template;
	struct sst_buf plain = { 0 };
	char padded[256 + SST_PAD] = { 0 };
	struct sst_look look;

	(void)n;
	assert_true(text.len <= 256);
	memcpy(padded, text.at, text.len);
	text.at = padded;
	sst_template_init(&template);
	sst_buf_init(&plain, 1024);
	sst_template_put(&plain, &template, text);
	if (sst_look_at(&look, text) && sst_template_keeps(&template, &look))
		assert_true(sst_span_eq(text, sst_buf_span(&plain)));
	sst_buf_put_span(to, sst_buf_span(&plain));
	sst_buf_release(&plain);
	return true;
}

static void
segments_that_name_somebody_become_id(void **state)
{
	static const struct example examples[] = {
		{ "/", "/", 0 },
		{ "", "", 0 },
		{ "/users/john/orders/48813/invoice.pdf",
			"/users/:id/orders/:id/invoice.pdf", 0 },
		{ "/users/", "/users/", 0 },
		{ "/user/login", "/user/login", 0 },
		{ "/Users/John.Smith", "/Users/:id", 0 },
		{ "/~john/cv.html", "/:id/cv.html", 0 },
		{ "/%7Ejohn/", "/:id/", 0 },
		{ "/@john", "/:id", 0 },
		{ "/order/12", "/order/:id", 0 },
		{ "/order/new", "/order/new", 0 },
		{ "/page/2", "/page/2", 0 },
		{ "/blog/2026/11/24/a-title", "/blog/2026/11/24/a-title", 0 },
		{ "/news/20261124/x", "/news/20261124/x", 0 },
		{ "/item/1234567", "/item/:id", 0 },
		{ "/p/some-product-1234567", "/p/some-product-1234567", 0 },
		{ "/x/f47ac10b-58cc-4372-a567-0e02b2c3d479", "/x/:id", 0 },
		{ "/x/5d41402abc4b2a76b9719d911017c592", "/x/:id", 0 },
		{ "/avatar/5d41402abc4b2a76b9719d911017c592.png", "/avatar/:id",
			0 },
		{ "/img/5d41402abc4b2a76b9719d911017c592.png", "/img/:id.png",
			0 },
		{ "/app.5d41402a.js", "/app.5d41402a.js", 0 },
		{ "/main-5d41402abc4b2a76b9719d911017c592.css",
			"/main-5d41402abc4b2a76b9719d911017c592.css", 0 },
		{ "/a/xK9fQ2mZ7pLw", "/a/:id", 0 },
		{ "/reset/aK3mcnqLpwBzTrfsd", "/reset/:id", 0 },
		{ "/iphone15pro/h264", "/iphone15pro/h264", 0 },
		{ "/tag/%DA%AF%D9%88%D8%B4%DB%8C-AVALON",
			"/tag/%DA%AF%D9%88%D8%B4%DB%8C-AVALON", 0 },
		{ "/filter/b1,b103,b105,b126", "/filter/b1,b103,b105,b126", 0 },
		{ "/a/%20xK9fQ2mZ7pLw", "/a/:id", 0 },
		{ "/a;jsessionid=1A2B3C/b", "/a/b", 0 },
		{ "/(S(lit3py55t21z5v55vlm25s55))/x", "/:id/x", 0 },
		{ "https://shop.example/users/john?x=1#y",
			"https://shop.example/users/:id", 0 },
		{ "https://12345.example", "https://12345.example", 0 },
	};

	(void)state;
	CHECK(template, examples);
}

static bool
reduce(struct sst_buf *to, struct sst_span text, unsigned n)
{
	struct sst_agents agents;
	char padded[2048 + SST_PAD] = { 0 };

	(void)n;
	assert_true(text.len <= 2048);
	memcpy(padded, text.at, text.len);
	sst_agents_init(&agents);
	sst_agent_put_reduced(to, &agents, sst_span(padded, text.len));
	return true;
}

#define LIKE "AppleWebKit/537.36 (KHTML, like Gecko) "
#define LIKE_IOS "AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define IPHONE "(iPhone; CPU iPhone OS 17_7 like Mac OS X) "

static void
agents_are_reduced_to_a_closed_list(void **state)
{
	static const struct example examples[] = {
		{ "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A) " LIKE
		  "Chrome/120.0.6099.43 Mobile Safari/537.36",
			"Mozilla/5.0 (Linux; Android 10; K) " LIKE
			"Chrome/120.0.0.0 Mobile Safari/537.36",
			0 },
		{ "Mozilla/5.0 (Windows NT 6.1; WOW64) " LIKE
		  "Chrome/119.0.1.2 Safari/537.36 Edg/119.0.2151.44",
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " LIKE
			"Chrome/119.0.0.0 Safari/537.36 Edg/119.0.0.0",
			0 },
		{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.1) "
		  "Gecko/20100101 Firefox/120.1",
			"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7; "
			"rv:120.0) Gecko/20100101 Firefox/120.0",
			0 },
		{ "Mozilla/5.0 (Android 13; Mobile; rv:120.1) Gecko/120.1 "
		  "Firefox/120.1",
			"Mozilla/5.0 (Android 10; Mobile; rv:120.0) "
			"Gecko/120.0 Firefox/120.0",
			0 },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6_1 like Mac OS "
		  "X) " LIKE_IOS "Version/16.6 Mobile/15E148 Safari/604.1",
			"Mozilla/5.0 " IPHONE LIKE_IOS
			"Version/16.0 Mobile/15E148 Safari/604.1",
			0 },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS "
		  "X) " LIKE_IOS
		  "CriOS/119.0.6045.109 Mobile/15E148 Safari/604.1",
			"Mozilla/5.0 " IPHONE LIKE_IOS
			"CriOS/119.0.0.0 Mobile/15E148 Safari/604.1",
			0 },
		{ "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)",
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64; "
			"Trident/7.0; rv:11.0) like Gecko",
			0 },
		{ "Mozilla/5.0 (compatible; Googlebot/2.1; "
		  "+http://www.google.com/bot.html)",
			"Googlebot", 0 },
		{ "John's crawler, john@example.org", "Bot", 0 },
		{ "curl/8.9.1", "curl/8", 0 },
		{ "curl/john", "curl/0", 0 },
		{ "python-requests/2.31.0", "python-requests/2", 0 },
		{ "john@example.org", "Other", 0 },
		{ "Mozilla/5.0 (X11; Linux x86_64) Chrome/123456", "Other", 0 },
		{ "", "Other", 0 },
	};

	(void)state;
	CHECK(reduce, examples);
}

static void
hosts_have_the_domain_that_was_registered(void **state)
{
	static const struct {
		const char *host, *domain; /* NULL: none */
	} cases[] = {
		{ "www.Example.co.uk", "example.co.uk" },
		{ "example.org.", "example.org" },
		{ "john.blogspot.com", "john.blogspot.com" },
		{ "a.b.unlisted", "b.unlisted" },
		{ "localhost", NULL },
		{ "co.uk", NULL },
		{ "192.0.2.1", NULL },
		{ "2001:db8::1", NULL },
		{ "a b.example", NULL },
		{ "", NULL },
	};

	(void)state;
	assert_int_equal(sst_domain_check(NULL), SST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[SST_HOST_MAX + 1];
		struct sst_span domain;
		bool has_one =
			sst_domain_of(padded(cases[i].host), text, &domain);

		assert_int_equal(has_one, cases[i].domain != NULL);
		if (has_one)
			assert_true(sst_span_is(domain, cases[i].domain));
	}
}

static const char *
id_of(struct sst_pseudonyms *p, const char *id, uint32_t day)
{
	struct sst_buf buf;

	sst_buf_init(&buf, 256);
	sst_pseudonym_put_id(&buf, p, padded(id), day);
	return taken(&buf);
}

static void
ids_differ_by_key_namespace_and_day(void **state)
{
	static const char id[] = "0190163d-8694-8039-9bea-5d4d2d7a1b11";
	const uint8_t secret[32] = { 1 }, other[32] = { 2 };
	struct sst_pseudonyms p, q;
	char first[2048];

	(void)state;
	sst_pseudonyms_init(&p, secret, sst_span_of("a"));
	snprintf(first, sizeof(first), "%s", id_of(&p, id, 0));
	assert_memory_equal(first + 14, "81", 2);
	assert_string_equal(first, id_of(&p, id, 0));
	assert_string_equal(first, id_of(&p, first, 20261124));
	assert_string_equal(
		first, id_of(&p, "0190163D-8694-8039-9BEA-5D4D2D7A1B11", 0));
	assert_string_not_equal(first, id_of(&p, id, 20261124));
	assert_string_not_equal(first, id_of(&p, "no uuid", 0));
	sst_pseudonyms_init(&q, secret, sst_span_of("b"));
	assert_string_not_equal(first, id_of(&q, id, 0));
	sst_pseudonyms_init(&q, other, sst_span_of("a"));
	assert_string_not_equal(first, id_of(&q, id, 0));
	/* Days that share a slot of the table are still two days. */
	snprintf(first, sizeof(first), "%s", id_of(&p, id, 20260100));
	assert_string_not_equal(
		first, id_of(&p, id, 20260100 + SST_PSEUDONYM_DAYS));
	assert_string_equal(first, id_of(&p, id, 20260100));
	sst_pseudonyms_wipe(&p);
	sst_pseudonyms_wipe(&q);
}

static void
hashes_are_keyed_and_hashed_once(void **state)
{
	const uint8_t secret[32] = { 1 };
	struct sst_pseudonyms p;
	struct sst_buf buf;
	char once[2048];

	(void)state;
	sst_pseudonyms_init(&p, secret, sst_span_of(""));
	sst_buf_init(&buf, 256);
	sst_pseudonym_put_hash(&buf, &p, padded("john"));
	snprintf(once, sizeof(once), "%s", taken(&buf));
	assert_int_equal(strlen(once), 3 + 32);
	assert_memory_equal(once, "h1_", 3);
	sst_buf_init(&buf, 256);
	sst_pseudonym_put_hash(&buf, &p, padded(once));
	assert_string_equal(taken(&buf), once);
	sst_pseudonyms_wipe(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_rounded_in_decimal),
		cmocka_unit_test(times_are_cut_to_their_unit),
		cmocka_unit_test(only_the_canonical_spelling_is_canonical),
		cmocka_unit_test(versions_keep_their_first_parts),
		cmocka_unit_test(addresses_lose_their_last_bits),
		cmocka_unit_test(crypto_pan_gives_the_published_pseudonyms),
		cmocka_unit_test(consent_strings_become_their_outcome),
		cmocka_unit_test(click_ids_become_their_parameter),
		cmocka_unit_test(segments_that_name_somebody_become_id),
		cmocka_unit_test(agents_are_reduced_to_a_closed_list),
		cmocka_unit_test(hosts_have_the_domain_that_was_registered),
		cmocka_unit_test(ids_differ_by_key_namespace_and_day),
		cmocka_unit_test(hashes_are_keyed_and_hashed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
