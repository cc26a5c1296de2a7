/* SPDX-License-Identifier: ISC */
/* URLs, held against the regular expression of RFC 3986. */
#include "text/url.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
references_come_apart(void **state)
{
	static const struct {
		const char *text, *scheme, *userinfo, *host, *port, *path,
			*query, *fragment;
	} cases[] = {
		/* NULL: there is none */
		{ "https://h/p?q", "https", "", "h", "", "/p", "q", NULL },
		{ "http://u:p@h:80/a/b?c=d#e", "http", "u:p", "h", "80", "/a/b",
			"c=d", "e" },
		{ "//h/p", "", "", "h", "", "/p", NULL, NULL },
		{ "/p?q", "", "", NULL, "", "/p", "q", NULL },
		{ "/p?", "", "", NULL, "", "/p", "", NULL },
		{ "/p#", "", "", NULL, "", "/p", NULL, "" },
		{ "/p#a?b", "", "", NULL, "", "/p", NULL, "a?b" },
		{ "/p?a?b#c#d", "", "", NULL, "", "/p", "a?b", "c#d" },
		{ "p", "", "", NULL, "", "p", NULL, NULL },
		{ "*", "", "", NULL, "", "*", NULL, NULL },
		{ "", "", "", NULL, "", "", NULL, NULL },
		{ "?", "", "", NULL, "", "", "", NULL },
		{ "https:", "https", "", NULL, "", "", NULL, NULL },
		{ "https://", "https", "", "", "", "", NULL, NULL },
		{ "https:///p", "https", "", "", "", "/p", NULL, NULL },
		{ "https://h?q", "https", "", "h", "", "", "q", NULL },
		{ "https://h#f", "https", "", "h", "", "", NULL, "f" },
		{ "https://h:", "https", "", "h", "", "", NULL, NULL },
		{ "https:/p", "https", "", NULL, "", "/p", NULL, NULL },
		{ "https://[2001:db8::1]:443/", "https", "", "2001:db8::1",
			"443", "/", NULL, NULL },
		{ "https://[2001:db8::1/", "https", "", "[2001:db8::1", "", "/",
			NULL, NULL },
		{ "https://a:b:c/", "https", "", "a:b:c", "", "/", NULL, NULL },
		{ "https://h:x/", "https", "", "h:x", "", "/", NULL, NULL },
		{ "https://u@v@h/", "https", "u@v", "h", "", "/", NULL, NULL },
		{ "https://@h/", "https", "", "h", "", "/", NULL, NULL },
		{ "https://u@/", "https", "u", "", "", "/", NULL, NULL },
		{ "https://h/a@b:c", "https", "", "h", "", "/a@b:c", NULL,
			NULL },
		{ "android-app://com.example/", "android-app", "",
			"com.example", "", "/", NULL, NULL },
		{ "mailto:a@b", "mailto", "", NULL, "", "a@b", NULL, NULL },
		{ "1http://h/", "", "", NULL, "", "1http://h/", NULL, NULL },
		{ "ht_tp://h/", "", "", NULL, "", "ht_tp://h/", NULL, NULL },
		{ "://h/", "", "", NULL, "", "://h/", NULL, NULL },
		{ "/a:b", "", "", NULL, "", "/a:b", NULL, NULL },
		{ "/a//b", "", "", NULL, "", "/a//b", NULL, NULL },
		{ "///p", "", "", "", "", "/p", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_url url;

		sst_url_split(&url, sst_span_of(cases[i].text));
#define IS(part) \
	assert_true(sst_span_is(url.part, cases[i].part ? cases[i].part : ""))
		IS(scheme);
		IS(userinfo);
		IS(host);
		IS(port);
		IS(path);
		IS(query);
		IS(fragment);
#undef IS
		assert_int_equal(url.has_authority, cases[i].host != NULL);
		assert_int_equal(url.has_query, cases[i].query != NULL);
		assert_int_equal(url.has_fragment, cases[i].fragment != NULL);
	}
}

static void
no_text_at_all_has_no_parts(void **state)
{
	struct sst_url url;

	(void)state;
	sst_url_split(&url, sst_span(NULL, 0));
	assert_int_equal(url.path.len + url.host.len + url.query.len, 0);
	assert_false(url.has_authority || url.has_query || url.has_fragment);
}

static struct sst_span
group_of(const char *text, const regmatch_t *group)
{
	if (group->rm_so < 0)
		return sst_span("", 0);
	return sst_span(
		text + group->rm_so, (size_t)(group->rm_eo - group->rm_so));
}

static void
random_references_come_apart_as_rfc_3986_says(void **state)
{
	/* Appendix B, with the scheme's letters of section 3.1. */
	static const char pattern[] =
		"^(([A-Za-z][A-Za-z0-9+.-]*):)?(//([^/?#]*))?([^?#]*)"
		"(\\?([^#]*))?(#(.*))?$";
	static const char *const pieces[] = { "http", ":", "//", "/", "?", "#",
		"@", "a", "b.c", "80", "[::1]", "=", "&", "%41", "+", ".", " ",
		"\xff" };
	uint64_t seed = 3986;
	unsigned authorities = 0;
	regex_t regex;

	(void)state;
	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED), 0);
	for (int i = 0; i < 50000; i++) {
		char text[64];
		regmatch_t m[10];
		size_t len = 0;
		struct sst_url url;

		for (int n = 0; n < 9; n++) {
			const char *piece;

			seed = seed * 6364136223846793005U +
			       1442695040888963407U;
			piece = pieces[(seed >> 33) % COUNT(pieces)];
			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		}
		text[len] = '\0';
		assert_int_equal(regexec(&regex, text, 10, m, 0), 0);
		sst_url_split(&url, sst_span(text, len));
		assert_true(sst_span_eq(url.scheme, group_of(text, &m[2])));
		assert_int_equal(url.has_authority, m[3].rm_so >= 0);
		assert_true(sst_span_eq(url.path, group_of(text, &m[5])));
		assert_int_equal(url.has_query, m[6].rm_so >= 0);
		assert_true(sst_span_eq(url.query, group_of(text, &m[7])));
		assert_int_equal(url.has_fragment, m[8].rm_so >= 0);
		assert_true(sst_span_eq(url.fragment, group_of(text, &m[9])));
		if (url.has_authority && url.host.len > 0) {
			struct sst_span whole = group_of(text, &m[4]);

			authorities++;
			assert_true(url.host.at >= whole.at + url.userinfo.len);
			assert_true(url.host.at + url.host.len + url.port.len <=
				    whole.at + whole.len);
		}
	}
	assert_true(authorities > 500);
	regfree(&regex);
}

static void
an_authority_is_a_host_and_perhaps_a_port(void **state)
{
	static const struct {
		const char *text, *host, *port;
	} cases[] = {
		{ "example.org", "example.org", "" },
		{ "example.org:443", "example.org", "443" },
		{ "example.org:", "example.org", "" },
		{ "example.org:65535", "example.org", "65535" },
		{ "example.org:65536", NULL, NULL },
		{ "example.org:x", NULL, NULL },
		{ "example.org:-1", NULL, NULL },
		{ "example.org:80:80", NULL, NULL },
		{ "192.0.2.1:80", "192.0.2.1", "80" },
		{ "[2001:db8::1]:80", "2001:db8::1", "80" },
		{ "[2001:db8::1]", "2001:db8::1", "" },
		{ "[2001:db8::1]:", "2001:db8::1", "" },
		{ "[2001:db8::1]80", NULL, NULL },
		{ "[2001:db8::1", NULL, NULL },
		{ "[fe80::1%25eth0]", "fe80::1%25eth0", "" },
		{ "[192.0.2.1]", NULL, NULL },
		{ "[]", NULL, NULL },
		{ "[", NULL, NULL },
		{ "2001:db8::1", "2001:db8::1", "" },
		{ "::1", "::1", "" },
		{ "a:b:c", NULL, NULL },
		{ ":80", NULL, NULL },
		{ ":", NULL, NULL },
		{ "", NULL, NULL },
		{ "a b", NULL, NULL },
		{ "a\tb", NULL, NULL },
		{ "a/b", NULL, NULL },
		{ "u@h", NULL, NULL },
		{ "a\x7f", NULL, NULL },
		{ "m\xc3\xbcnchen.example", "m\xc3\xbcnchen.example", "" },
		{ "_dmarc.example.org", "_dmarc.example.org", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_span host, port;
		bool is_one = sst_url_split_authority(
			sst_span_of(cases[i].text), &host, &port);

		if (is_one != (cases[i].host != NULL))
			fail_msg("'%s': %d", cases[i].text, is_one);
		if (!is_one)
			continue;
		assert_true(sst_span_is(host, cases[i].host));
		assert_true(sst_span_is(port, cases[i].port));
	}
}

static void
a_query_is_walked_pair_by_pair(void **state)
{
	/* name|value; or name; */
	static const struct {
		const char *query, *pairs;
	} cases[] = {
		{ "a=b&c&d=", "a|b;c;d|;" },
		{ "a=b=c", "a|b=c;" },
		{ "=b", "|b;" },
		{ "=", "|;" },
		{ "a&&b", "a;b;" },
		{ "&a&", "a;" },
		{ "&&&", "" },
		{ "&", "" },
		{ "", "" },
		{ "a=1;b=2", "a|1;b|2;" },
		{ ";;a;", "a;" },
		{ "a=1;b=2&c=3", "a|1;b=2;c|3;" },
		{ "&a;b", "a;b;" },
		{ "a;b&", "a;b;" },
	};
	struct sst_buf log;

	(void)state;
	sst_buf_init(&log, 256);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_span query = sst_span_of(cases[i].query);
		struct sst_param param;
		size_t at = 0;

		sst_buf_reset(&log);
		while (sst_url_next_param(query, &at, &param)) {
			sst_buf_put_span(&log, param.name);
			if (param.has_value)
				sst_buf_byte(&log, '|');
			sst_buf_put_span(&log, param.value);
			sst_buf_byte(&log, ';');
			assert_int_equal(param.whole.len,
				param.name.len + param.value.len +
					param.has_value);
		}
		assert_false(sst_url_next_param(query, &at, &param));
		if (!sst_span_is(sst_buf_span(&log), cases[i].pairs))
			fail_msg("'%s': %.*s", cases[i].query, (int)log.len,
				log.at);
	}
	sst_buf_release(&log);
}

static void
a_long_query_is_searched_once(void **state)
{
	const size_t n = 4 * 1024 * 1024;
	char *text = malloc(n);
	struct sst_param param;
	size_t at = 0, count = 0;

	/* Were it searched for '&' at every pair, this would not end. */
	(void)state;
	assert_non_null(text);
	memset(text, ';', n);
	for (size_t i = 0; i < n; i += 2)
		text[i] = 'a';
	while (sst_url_next_param(sst_span(text, n), &at, &param))
		count++;
	assert_int_equal(count, n / 2);
	free(text);
}

static void
escapes_are_undone_once(void **state)
{
	static const struct {
		struct sst_span text, form, plain; /* with and without plus */
	} cases[] = {
		{ SST_SPAN(""), SST_SPAN(""), SST_SPAN("") },
		{ SST_SPAN("a%20b"), SST_SPAN("a b"), SST_SPAN("a b") },
		{ SST_SPAN("a+b"), SST_SPAN("a b"), SST_SPAN("a+b") },
		{ SST_SPAN("%2B"), SST_SPAN("+"), SST_SPAN("+") },
		{ SST_SPAN("%2541"), SST_SPAN("%41"), SST_SPAN("%41") },
		{ SST_SPAN("%c3%BC"), SST_SPAN("\xc3\xbc"),
			SST_SPAN("\xc3\xbc") },
		{ SST_SPAN("%00x"), SST_SPAN("\0x"), SST_SPAN("\0x") },
		{ SST_SPAN("%"), SST_SPAN("%"), SST_SPAN("%") },
		{ SST_SPAN("%4"), SST_SPAN("%4"), SST_SPAN("%4") },
		{ SST_SPAN("%4g"), SST_SPAN("%4g"), SST_SPAN("%4g") },
		{ SST_SPAN("%%41"), SST_SPAN("%A"), SST_SPAN("%A") },
		{ SST_SPAN("%u00e9"), SST_SPAN("%u00e9"), SST_SPAN("%u00e9") },
		{ SST_SPAN("%41%42c"), SST_SPAN("ABc"), SST_SPAN("ABc") },
	};
	struct sst_buf buf;

	(void)state;
	sst_buf_init(&buf, 64);
	for (size_t i = 0; i < COUNT(cases); i++) {
		sst_buf_reset(&buf);
		sst_url_put_decoded(&buf, cases[i].text, true);
		assert_true(sst_span_eq(sst_buf_span(&buf), cases[i].form));
		sst_buf_reset(&buf);
		sst_url_put_decoded(&buf, cases[i].text, false);
		assert_true(sst_span_eq(sst_buf_span(&buf), cases[i].plain));
	}
	sst_buf_release(&buf);
}

static void
encoding_every_byte_comes_back(void **state)
{
	static const char unreserved[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-._~";
	struct sst_buf encoded, decoded;

	(void)state;
	sst_buf_init(&encoded, 1024);
	sst_buf_init(&decoded, 1024);
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		bool is_kept =
			memchr(unreserved, c, sizeof(unreserved) - 1) != NULL;

		sst_buf_reset(&encoded);
		sst_buf_reset(&decoded);
		sst_url_put_encoded(&encoded, sst_span(&byte, 1));
		assert_int_equal(encoded.len, is_kept ? 1 : 3);
		sst_url_put_decoded(&decoded, sst_buf_span(&encoded), true);
		assert_true(sst_span_eq(
			sst_buf_span(&decoded), sst_span(&byte, 1)));
	}
	sst_buf_reset(&encoded);
	sst_url_put_encoded(&encoded, sst_span_of("/\xc3\xbc"));
	assert_true(sst_span_is(sst_buf_span(&encoded), "%2F%C3%BC"));
	sst_buf_release(&encoded);
	sst_buf_release(&decoded);
}

static void
an_extension_is_of_the_last_segment(void **state)
{
	static const struct {
		const char *path, *extension;
	} cases[] = {
		{ "/a/b.pdf", "pdf" },
		{ "/a/b.tar.gz", "gz" },
		{ "/a.b/c", "" },
		{ "/a.b/", "" },
		{ "/a.", "" },
		{ "/.htaccess", "htaccess" },
		{ "x.js", "js" },
		{ "/", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(sst_span_is(
			sst_url_extension(sst_span_of(cases[i].path)),
			cases[i].extension));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_come_apart),
		cmocka_unit_test(no_text_at_all_has_no_parts),
		cmocka_unit_test(random_references_come_apart_as_rfc_3986_says),
		cmocka_unit_test(an_authority_is_a_host_and_perhaps_a_port),
		cmocka_unit_test(a_query_is_walked_pair_by_pair),
		cmocka_unit_test(a_long_query_is_searched_once),
		cmocka_unit_test(escapes_are_undone_once),
		cmocka_unit_test(encoding_every_byte_comes_back),
		cmocka_unit_test(an_extension_is_of_the_last_segment),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
