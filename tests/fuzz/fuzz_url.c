/* SPDX-License-Identifier: ISC */
/*
 * URLs and queries.
 *
 * Oracles: the parts lie in the text, in order, and with their delimiters are
 * all of it; the pairs of a query and their separators are all of it; encoding
 * and decoding gives the text; decoding never makes it longer.
 */
#include "fuzz.h"

#include "text/url.h"

/* The next bytes of the text are this part. */
static void
expect(struct sst_span *rest, struct sst_span part)
{
	FUZZ_CHECK(part.len <= rest->len);
	FUZZ_CHECK(part.len == 0 || part.at == rest->at);
	*rest = sst_span_from(*rest, part.len);
}

static void
expect_byte(struct sst_span *rest, char byte)
{
	FUZZ_CHECK(rest->len != 0 && rest->at[0] == byte);
	*rest = sst_span_from(*rest, 1);
}

static void
check_authority(const struct sst_url *url, struct sst_span *rest)
{
	expect_byte(rest, '/');
	expect_byte(rest, '/');
	/* An '@' ends the userinfo, also an empty one, before the host. */
	if (url->userinfo.len != 0 || (rest->len != 0 && rest->at[0] == '@' &&
					      url->host.at != rest->at)) {
		expect(rest, url->userinfo);
		expect_byte(rest, '@');
	}
	/* Brackets are no part of the host unless it is none. */
	if (rest->len != 0 && rest->at[0] == '[' && url->host.at != rest->at) {
		expect_byte(rest, '[');
		expect(rest, url->host);
		expect_byte(rest, ']');
	} else {
		expect(rest, url->host);
	}
	FUZZ_CHECK(memchr(url->port.at, '@', url->port.len) == NULL);
	if (rest->len != 0 && rest->at[0] == ':') {
		expect_byte(rest, ':');
		expect(rest, url->port);
	} else {
		FUZZ_CHECK(url->port.len == 0);
	}
}

static void
check_split(struct sst_span text)
{
	struct sst_span rest = text;
	struct sst_url url;

	sst_url_split(&url, text);
	if (url.scheme.len != 0) {
		expect(&rest, url.scheme);
		expect_byte(&rest, ':');
	}
	if (url.has_authority)
		check_authority(&url, &rest);
	expect(&rest, url.path);
	if (url.has_query) {
		expect_byte(&rest, '?');
		expect(&rest, url.query);
	}
	if (url.has_fragment) {
		expect_byte(&rest, '#');
		expect(&rest, url.fragment);
	}
	FUZZ_CHECK(rest.len == 0);
	FUZZ_CHECK(url.has_query || url.query.len == 0);
	FUZZ_CHECK(sst_span_find(url.path, '?') == url.path.len);
	FUZZ_CHECK(sst_span_find(url.query, '#') == url.query.len);
	FUZZ_CHECK(sst_span_ends(url.path, sst_url_extension(url.path)));
}

static void
check_params(struct sst_span query)
{
	bool has_amp = sst_span_find(query, '&') < query.len;
	char separator = has_amp ? '&' : ';';
	struct sst_span rest = query;
	struct sst_param param;
	size_t at = 0;

	while (sst_url_next_param(query, &at, &param)) {
		while (rest.len != 0 && rest.at[0] == separator)
			rest = sst_span_from(rest, 1);
		FUZZ_CHECK(param.whole.len != 0);
		FUZZ_CHECK(sst_span_find(param.whole, separator) ==
			   param.whole.len);
		FUZZ_CHECK(param.name.at == param.whole.at);
		FUZZ_CHECK(param.name.len == sst_span_find(param.whole, '='));
		FUZZ_CHECK(
			param.has_value == (param.name.len < param.whole.len));
		FUZZ_CHECK(param.name.len + param.has_value + param.value.len ==
			   param.whole.len);
		FUZZ_CHECK(sst_span_ends(param.whole, param.value));
		expect(&rest, param.whole);
	}
	while (rest.len != 0)
		expect_byte(&rest, separator);
}

static void
check_coding(struct sst_span text)
{
	struct sst_buf coded, plain;

	sst_buf_init(&coded, 3 * text.len + 1);
	sst_buf_init(&plain, text.len + 1);
	sst_url_put_encoded(&coded, text);
	for (size_t i = 0; i < coded.len; i++)
		FUZZ_CHECK(memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
				  "klmnopqrstuvwxyz0123456789-._~%",
				   coded.at[i], 67) != NULL);
	sst_url_put_decoded(&plain, sst_buf_span(&coded), true);
	FUZZ_CHECK(!coded.is_short && !plain.is_short);
	FUZZ_CHECK(sst_span_eq(sst_buf_span(&plain), text));

	for (int plus = 0; plus < 2; plus++) {
		sst_buf_reset(&plain);
		sst_url_put_decoded(&plain, text, plus == 1);
		FUZZ_CHECK(!plain.is_short && plain.len <= text.len);
	}
	sst_buf_release(&coded);
	sst_buf_release(&plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sst_span text = fuzz_copy(sst_span((const char *)data, size));

	check_split(text);
	check_params(text);
	check_coding(text);
	free((void *)(uintptr_t)text.at);
	return 0;
}
