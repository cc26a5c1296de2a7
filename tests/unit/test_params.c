/* SPDX-License-Identifier: ISC */
/* Queries, cookies and headers as params and consent. */
#include "enrich/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An event with one field and its own text. */
static void
set(struct sst_event *event, enum sst_field field, const char *text)
{
	sst_event_reset(event);
	sst_event_set_text(event, field, sst_span_of(text));
}

static void
assert_value(struct sst_event *event, enum sst_field field, const char *want)
{
	struct sst_span got = sst_event_text(event, field);

	if (want == NULL) {
		assert_null(got.at);
		return;
	}
	assert_non_null(got.at);
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.at, want, got.len);
}

static void
parameters_are_decoded_and_repeated_ones_are_arrays(void **state)
{
	static const struct {
		const char *query, *params;
	} cases[] = {
		{ "a=1", "{\"a\":\"1\"}" },
		{ "a=1&b=2&a=3&c",
			"{\"a\":[\"1\",\"3\"],\"b\":\"2\",\"c\":\"\"}" },
		{ "a=1&a=2&b=x&a=3&b=y",
			"{\"a\":[\"1\",\"2\",\"3\"],\"b\":[\"x\",\"y\"]}" },
		{ "q=a+b%20c%22", "{\"q\":\"a b c\\\"\"}" },
		{ "%61=1&a=2", "{\"a\":[\"1\",\"2\"]}" },
		{ "x=%ff", "{\"x\":\"\xef\xbf\xbd\"}" },
		{ "&&=1&", NULL },
		{ "", NULL },
	};
	struct sst_params *params;
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_err err = { 0 };

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	assert_int_equal(sst_params_open(&params, &err), SST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set(event, SST_F_QUERY, cases[i].query);
		sst_params_apply(params, event);
		assert_value(event, SST_F_PARAMS, cases[i].params);
	}
	sst_params_close(params);
	sst_event_release(event);
	free(event);
}

static void
no_more_parameters_than_the_bound(void **state)
{
	static char query[SST_PARAMS_MAX * 2 * 3];
	struct sst_params *params;
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_err err = { 0 };
	struct sst_span got;

	(void)state;
	assert_non_null(event);
	for (size_t i = 0; i + 4 < sizeof(query); i += 4)
		memcpy(query + i, "a=1&", 4);
	sst_event_init(event);
	assert_int_equal(sst_params_open(&params, &err), SST_OK);
	set(event, SST_F_QUERY, query);
	sst_params_apply(params, event);
	got = sst_event_text(event, SST_F_PARAMS);
	/* {"a":["1","1",...]} */
	assert_int_equal(got.len, 5 + 4 * SST_PARAMS_MAX + 2);
	sst_params_close(params);
	sst_event_release(event);
	free(event);
}

static void
consent_is_found_where_it_was_said_to_be(void **state)
{
	static const struct {
		const char *source, *cookie, *query, *own_key, *own, *consent;
	} cases[] = {
		{ "cookie:c", "a=1; c=C%2Bx+y; d=2", NULL, NULL, NULL,
			"C+x+y" },
		{ "cookie:c", "cc=1", NULL, NULL, NULL, NULL },
		{ "cookie:My-C", NULL, NULL, "cookie_my_c", "v", "v" },
		{ "header:X-Consent", NULL, NULL, "http_x_consent", "yes",
			"yes" },
		{ "header:X-Consent", NULL, NULL, "http_x", "yes", NULL },
		{ "param:gdpr consent", NULL, "a=1&gdpr+consent=a+b", NULL,
			NULL, "a b" },
		{ "param:c", "c=1", NULL, NULL, NULL, NULL },
	};
	struct sst_event *event = malloc(sizeof(*event));
	struct sst_err err = { 0 };

	(void)state;
	assert_non_null(event);
	sst_event_init(event);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_consent *consent;
		char key[64 + SST_PAD] = "", own[64 + SST_PAD] = "";

		assert_int_equal(
			sst_consent_open(&consent, cases[i].source, &err),
			SST_OK);
		sst_event_reset(event);
		if (cases[i].cookie != NULL)
			sst_event_set_text(event, SST_F_COOKIE,
				sst_span_of(cases[i].cookie));
		if (cases[i].query != NULL)
			sst_event_set_text(event, SST_F_QUERY,
				sst_span_of(cases[i].query));
		if (cases[i].own_key != NULL) {
			memcpy(key, cases[i].own_key, strlen(cases[i].own_key));
			memcpy(own, cases[i].own, strlen(cases[i].own));
			sst_event_add_other(event, sst_span_of(key),
				SST_KIND_STRING, sst_span_of(own));
		}
		sst_consent_apply(consent, event);
		assert_value(event, SST_F_CONSENT, cases[i].consent);
		sst_consent_close(consent);
	}
	sst_event_release(event);
	free(event);
}

static void
a_consent_without_a_known_place_is_refused(void **state)
{
	static const char *const bad[] = { "", "cookie:", "cookie", "x:y",
		"Cookie:a" };
	struct sst_consent *consent;
	struct sst_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			sst_consent_open(&consent, bad[i], &err), SST_EUSAGE);
		assert_null(consent);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			parameters_are_decoded_and_repeated_ones_are_arrays),
		cmocka_unit_test(no_more_parameters_than_the_bound),
		cmocka_unit_test(consent_is_found_where_it_was_said_to_be),
		cmocka_unit_test(a_consent_without_a_known_place_is_refused),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
