/* SPDX-License-Identifier: ISC */
/* uap-core's own tests, all of them, against its own file. */
#include "enrich/bot.h"
#include "enrich/uap.h"
#include "enrich/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Debian's package uap-core. */
#define UAP "/usr/share/uap-core/"

struct comparison {
	struct sst_uap uap;
	struct sst_bots *bots;
	enum sst_uap_kind kind;
	struct sst_buf got;
	size_t n, bad;
};

static const char *const parts[SST_UAP_KINDS][SST_AGENT_PARTS] = {
	[SST_UAP_BROWSER] = { "family", "major", "minor", "patch" },
	[SST_UAP_SYSTEM] = { "family", "major", "minor", "patch",
		"patch_minor" },
	[SST_UAP_DEVICE] = { "family", "brand", "model" },
};

/* As it is in memory that sst reads: with readable bytes behind it. */
static struct sst_span
pad(char to[4096 + SST_PAD], struct sst_span text)
{
	assert_true(text.len < 4096);
	memcpy(to, text.at, text.len);
	return sst_span(to, text.len);
}

/* What has no value is empty here and null there. */
static enum sst_status
compare(void *self, const struct sst_yaml_item *item, struct sst_err *err)
{
	struct comparison *c = self;
	struct sst_span groups[SST_MATCH_GROUPS] = { { NULL, 0 } };
	struct sst_span agent = sst_yaml_value(item, "user_agent_string");
	const struct sst_agent_pattern *found;
	char padded[4096 + SST_PAD] = { 0 };
	bool is_good = true;

	(void)err;
	if (agent.at == NULL)
		return SST_OK;
	found = sst_agent_list_find(
		&c->uap.lists[c->kind], pad(padded, agent), groups);
	for (size_t i = 0; i < SST_AGENT_PARTS && parts[c->kind][i] != NULL;
		i++) {
		struct sst_span want = sst_yaml_value(item, parts[c->kind][i]);

		sst_buf_reset(&c->got);
		if (found != NULL)
			sst_agent_part_put(&c->got, found, i, groups);
		else if (i == 0)
			SST_BUF_PUT(&c->got, "Other");
		is_good &= want.len == c->got.len &&
			   (want.len == 0 ||
				   memcmp(want.at, c->got.at, want.len) == 0);
		if (!is_good && c->bad < 20)
			print_message("%s:%lu: %s is '%.*s', expected '%.*s'\n",
				item->path, item->line, parts[c->kind][i],
				(int)c->got.len, c->got.at, (int)want.len,
				want.at == NULL ? "" : want.at);
	}
	c->n++;
	c->bad += !is_good;
	return SST_OK;
}

static void
run(struct comparison *c, enum sst_uap_kind kind, const char *path,
	size_t at_least)
{
	const struct sst_yaml_taker taker = { compare, c };
	struct sst_err err = { 0 };

	c->kind = kind;
	c->n = c->bad = 0;
	if (sst_yaml_read(path, taker, &err) != SST_OK)
		fail_msg("%s", err.text);
	print_message("%s: %zu agents, %zu differ\n", path, c->n, c->bad);
	assert_int_equal(c->bad, 0);
	assert_true(c->n >= at_least);
}

static void
all_answers_are_those_of_uap_core(void **state)
{
	struct comparison *c = *state;

	run(c, SST_UAP_BROWSER, UAP "tests/test_ua.yaml", 1000);
	run(c, SST_UAP_SYSTEM, UAP "tests/test_os.yaml", 400);
	run(c, SST_UAP_DEVICE, UAP "tests/test_device.yaml", 10000);
	run(c, SST_UAP_SYSTEM, UAP "test_resources/additional_os_tests.yaml",
		10);
	run(c, SST_UAP_BROWSER,
		UAP "test_resources/firefox_user_agent_strings.yaml", 200);
	run(c, SST_UAP_BROWSER,
		UAP "test_resources/opera_mini_user_agent_strings.yaml", 200);
	run(c, SST_UAP_BROWSER,
		UAP "test_resources/podcasting_user_agent_strings.yaml", 50);
	run(c, SST_UAP_BROWSER, UAP "test_resources/pgts_browser_list.yaml",
		10000);
	assert_int_equal(sst_uap_bad(&c->uap), 0);
}

static enum sst_status
expect_person(void *self, const struct sst_yaml_item *item, struct sst_err *err)
{
	struct comparison *c = self;
	struct sst_span agent = sst_yaml_value(item, "user_agent_string"), bot;
	char padded[4096 + SST_PAD] = { 0 };

	(void)err;
	bot = sst_bots_find(c->bots, pad(padded, agent));
	if (bot.len != 0)
		print_message("%s:%lu: a person is '%.*s'\n", item->path,
			item->line, (int)bot.len, bot.at);
	c->n++;
	c->bad += bot.len != 0;
	return SST_OK;
}

static void
no_firefox_and_no_opera_mini_is_a_bot(void **state)
{
	struct comparison *c = *state;
	const struct sst_yaml_taker taker = { expect_person, c };

	c->n = c->bad = 0;
	assert_int_equal(
		sst_yaml_read(UAP
			"test_resources/firefox_user_agent_strings.yaml",
			taker, NULL),
		SST_OK);
	assert_int_equal(
		sst_yaml_read(UAP
			"test_resources/opera_mini_user_agent_strings.yaml",
			taker, NULL),
		SST_OK);
	assert_true(c->n > 400);
	assert_int_equal(c->bad, 0);
}

int
main(void)
{
	static struct comparison c;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(
			all_answers_are_those_of_uap_core, &c),
		cmocka_unit_test_prestate(
			no_firefox_and_no_opera_mini_is_a_bot, &c),
	};
	struct sst_err err = { 0 };
	char path[4096];
	int failed;

	if (access(UAP "regexes.yaml", R_OK) != 0 ||
		access(UAP "tests/test_ua.yaml", R_OK) != 0 ||
		sst_yaml_library_version() == NULL)
		return 77;
	(void)snprintf(
		path, sizeof(path), "%s/formats/bots.json", getenv("SRC"));
	sst_buf_init(&c.got, 65536);
	sst_uap_init(&c.uap);
	if (sst_uap_read(&c.uap, UAP "regexes.yaml", &err) != SST_OK ||
		sst_uap_compile(&c.uap, &err) != SST_OK ||
		sst_bots_open(&c.bots, path, &err) != SST_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	failed = cmocka_run_group_tests_name("uap", tests, NULL, NULL);
	sst_bots_close(c.bots);
	sst_uap_release(&c.uap);
	sst_buf_release(&c.got);
	return failed;
}
