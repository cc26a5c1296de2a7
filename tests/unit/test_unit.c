/* SPDX-License-Identifier: ISC */
/* Sizes and durations as people write them. */
#include "base/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
sizes_are_powers_of_1024(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t value; /* 0: refused */
	} cases[] = {
		{ "1", 1 },
		{ "64k", 65536 },
		{ "64K", 65536 },
		{ "10M", 10485760 },
		{ "1G", 1073741824 },
		{ "8589934591G", UINT64_C(9223372035781033984) },
		{ "8589934592G", 0 }, /* 2^63 */
		{ "99999999999999999999", 0 },
		{ "", 0 },
		{ "k", 0 },
		{ "-1", 0 },
		{ "1.5k", 0 },
		{ "1 k", 0 },
		{ "1kB", 0 },
		{ "1s", 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t value = 7;
		bool fits = sst_unit_size(sst_span_of(cases[i].text), &value);

		if (fits != (cases[i].value != 0) ||
			value != (fits ? cases[i].value : 7))
			fail_msg("'%s'", cases[i].text);
	}
}

static void
durations_are_microseconds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t us; /* -1: refused */
	} cases[] = {
		{ "0", 0 },
		{ "2", 2000000 },
		{ "500ms", 500000 },
		{ "30s", 30000000 },
		{ "15m", 900000000 },
		{ "24h", INT64_C(86400000000) },
		{ "7d", INT64_C(604800000000) },
		{ "2w", INT64_C(1209600000000) },
		{ "9223372036854s", INT64_C(9223372036854000000) },
		{ "9223372036855s", -1 },
		{ "1y", -1 },
		{ "ms", -1 },
		{ "1k", -1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t us = -7;
		bool fits = sst_unit_duration(sst_span_of(cases[i].text), &us);

		if (fits != (cases[i].us >= 0) ||
			us != (fits ? cases[i].us : -7))
			fail_msg("'%s'", cases[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_powers_of_1024),
		cmocka_unit_test(durations_are_microseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
