/* SPDX-License-Identifier: ISC */
/* What tests of rules share: files of rules with samples. */
#ifndef RULE_KIT_H
#define RULE_KIT_H

#include "enrich/rule.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A file of rules with samples: both sides of each condition are in one place,
 * and the code that runs samples is the code that users have. */
static inline void
run_samples(const char *rules, const char *samples, unsigned at_least)
{
	struct sst_buf text, report;
	struct sst_err err = { 0 };
	unsigned run = 0;

	sst_buf_init(&text, 65536);
	sst_buf_init(&report, 65536);
	sst_buf_printf(&text, "{ \"rules\": [ %s ],\n\"samples\": [ %s ] }",
		rules, samples);
	assert_false(text.is_short);
	place_write("u.json", 0644, sst_buf_span(&text));
	sst_buf_release(&text);
	if (sst_rules_test("u.json", &report, &err) != SST_OK)
		fail_msg("%s\n%.*s", err.text, (int)report.len, report.at);
	sst_buf_byte(&report, '\0');
	assert_int_equal(sscanf(strrchr(report.at, ':'), ": %u", &run), 1);
	assert_int_equal(run, at_least);
	sst_buf_release(&report);
}

#define YES(given) "{ \"given\": { " given " }, \"event\": \"yes\" },"
#define NO(given) "{ \"given\": { " given " }, \"event\": \"request\" },"
#define LAST "{ \"given\": { }, \"event\": \"request\" }"

#endif
