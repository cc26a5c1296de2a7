/* SPDX-License-Identifier: ISC */
/* Policy files: what they say, how they refine, what is refused. */
#include "redact/policy.h"

#include "redact/find.h"
#include "text/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	struct sst_arena arena;
	struct sst_policy policy;
	struct sst_err err;
	char paths[8][64];
	size_t files;
};

/* Bases are files of the same test: "0", "1" ... */
static enum sst_status
find(void *self, const char *name, const char **path, struct sst_err *err)
{
	struct world *w = self;
	size_t n = (size_t)(name[0] - '0');

	if (n >= w->files)
		return sst_fail(err, SST_ECONFIG, "no '%s'", name);
	*path = w->paths[n];
	return SST_OK;
}

static void
write_file(struct world *w, const char *text)
{
	char *path = w->paths[w->files++];
	int fd;

	snprintf(path, sizeof(w->paths[0]), "/tmp/sst-policy.XXXXXX");
	fd = mkstemp(path);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
}

static enum sst_status
add(struct world *w, const char *text, enum sst_weaker weaker)
{
	const struct sst_policy_finder finder = { find, w };

	write_file(w, text);
	return sst_policy_add_file(
		&w->policy, w->paths[w->files - 1], &finder, weaker, &w->err);
}

static struct world *
open_world(void)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	sst_arena_init(&w->arena, 1 << 24);
	assert_int_equal(
		sst_policy_init(&w->policy, &w->arena, &w->err), SST_OK);
	return w;
}

static void
close_world(struct world *w)
{
	for (size_t i = 0; i < w->files; i++)
		(void)unlink(w->paths[i]);
	sst_arena_release(&w->arena);
	free(w);
}

/* "mask", "template, scan" */
static const char *
plan(const struct world *w, const char *key)
{
	static char out[256];
	struct sst_buf buf;

	sst_buf_init(&buf, sizeof(out));
	sst_plan_put(&buf, sst_policy_plan(&w->policy, sst_span_of(key), NULL));
	snprintf(out, sizeof(out), "%.*s", (int)buf.len, buf.at);
	sst_buf_release(&buf);
	return out;
}

static void
the_rule_that_says_most_of_a_key_wins(void **state)
{
	struct world *w = open_world();
	bool is_unknown;

	(void)state;
	assert_int_equal(
		add(w,
			"{\"fields\":{\"http_*\":\"hash\",\"http_x_*\":"
			"\"scan\",\"http_x_a\":\"keep\",\"props\":\"scan\","
			"\"props.plan\":\"keep\",\"params.*\":\"drop\","
			"\"path\":[\"template\",\"scan\"]}}",
			SST_WEAKER_REFUSE),
		SST_OK);
	assert_string_equal(plan(w, "http_host"), "hash");
	assert_string_equal(plan(w, "http_x_b"), "scan");
	assert_string_equal(plan(w, "http_x_a"), "keep");
	assert_string_equal(plan(w, "http_x_ab"), "scan");
	assert_string_equal(plan(w, "props.plan"), "keep");
	assert_string_equal(plan(w, "props.name"), "scan");
	assert_string_equal(plan(w, "params.a"), "drop");
	assert_string_equal(plan(w, "path"), "template, scan");
	assert_string_equal(plan(w, "http"), "drop");
	(void)sst_policy_plan(&w->policy, sst_span_of("http"), &is_unknown);
	assert_true(is_unknown);
	(void)sst_policy_plan(&w->policy, sst_span_of("path"), &is_unknown);
	assert_false(is_unknown);
	close_world(w);
}

/* Each second file against the first. */
static void
what_would_let_more_through_is_refused(void **state)
{
	static const char first[] =
		"{\"fields\":{\"user\":\"drop\",\"client_ip\":\"mask\","
		"\"path\":[\"template\",\"scan\"],\"status\":\"keep\","
		"\"latitude\":\"round:1\",\"time\":\"truncate:1m\","
		"\"query\":\"allow:page,sort\",\"id\":\"rekey\","
		"\"visitor_id\":\"rekey:day\",\"http_*\":\"drop\"},"
		"\"mask\":{\"ipv4\":24,\"ipv6\":32},\"scan\":{\"kinds\":"
		"[\"email\",\"ip\"],\"action\":\"drop\"},\"consent\":"
		"{\"gpc\":\"opt-out\",\"without\":\"anonymous\"}}";
	static const struct {
		const char *text;
		bool is_weaker;
	} cases[] = {
		{ "{\"fields\":{\"user\":\"hash\"}}", true },
		{ "{\"fields\":{\"status\":\"drop\"}}", false },
		{ "{\"fields\":{\"client_ip\":\"drop\"}}", false },
		{ "{\"fields\":{\"client_ip\":\"keep\"}}", true },
		{ "{\"fields\":{\"client_ip\":\"crypto-pan\"}}", true },
		{ "{\"fields\":{\"path\":\"scan\"}}", true },
		{ "{\"fields\":{\"path\":[\"scan\",\"template\"]}}", true },
		{ "{\"fields\":{\"path\":[\"template\",\"scan\",\"hash\"]}}",
			false },
		{ "{\"fields\":{\"latitude\":\"round:0\"}}", false },
		{ "{\"fields\":{\"latitude\":\"round:2\"}}", true },
		{ "{\"fields\":{\"time\":\"truncate:1h\"}}", false },
		{ "{\"fields\":{\"time\":\"truncate:1s\"}}", true },
		{ "{\"fields\":{\"query\":\"allow:sort\"}}", false },
		{ "{\"fields\":{\"query\":\"allow:sort,q\"}}", true },
		{ "{\"fields\":{\"query\":\"allow:*\"}}", true },
		{ "{\"fields\":{\"id\":\"rekey:day\"}}", false },
		{ "{\"fields\":{\"visitor_id\":\"rekey\"}}", true },
		{ "{\"fields\":{\"http_x\":\"scan\"}}", true },
		{ "{\"fields\":{\"http_x_*\":\"scan\"}}", true },
		{ "{\"fields\":{\"ht*\":\"scan\"}}", true },
		{ "{\"fields\":{\"statu*\":\"keep\"}}", true },
		{ "{\"fields\":{\"other\":\"scan\"}}", true },
		{ "{\"fields\":{\"other\":\"drop\"}}", false },
		{ "{\"unknown\":\"scan\"}", true },
		{ "{\"unknown\":\"drop\"}", false },
		{ "{\"mask\":{\"ipv4\":16}}", false },
		{ "{\"mask\":{\"ipv6\":48}}", true },
		{ "{\"scan\":{\"kinds\":[\"email\",\"ip\",\"card\"]}}", false },
		{ "{\"scan\":{\"kinds\":[\"email\"]}}", true },
		{ "{\"scan\":{\"action\":\"replace\"}}", true },
		{ "{\"consent\":{\"gpc\":\"ignore\"}}", true },
		{ "{\"consent\":{\"dnt\":\"opt-out\"}}", false },
		{ "{\"consent\":{\"without\":\"drop\"}}", false },
		{ "{\"consent\":{\"without\":\"keep\"}}", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int weaker = 0; weaker < 3; weaker++) {
			struct world *w = open_world();
			struct sst_buf before, after;
			enum sst_status status;

			assert_int_equal(
				add(w, first, SST_WEAKER_REFUSE), SST_OK);
			sst_buf_init(&before, 65536);
			sst_buf_init(&after, 65536);
			sst_policy_put(&before, &w->policy);
			status = add(w, cases[i].text, (enum sst_weaker)weaker);
			sst_policy_put(&after, &w->policy);
			assert_int_equal(
				status, weaker == SST_WEAKER_REFUSE &&
							cases[i].is_weaker
						? SST_EUSAGE
						: SST_OK);
			/* What is refused or left out changes nothing. */
			if (cases[i].is_weaker)
				assert_int_equal(
					sst_span_eq(sst_buf_span(&before),
						sst_buf_span(&after)),
					weaker != SST_WEAKER_ALLOW);
			sst_buf_release(&before);
			sst_buf_release(&after);
			close_world(w);
		}
}

static void
a_base_is_refined_as_an_earlier_policy_is(void **state)
{
	struct world *w = open_world();

	(void)state;
	write_file(w, "{\"name\":\"b\",\"fields\":{\"user\":\"hash\","
		      "\"status\":\"keep\"}}");
	assert_int_equal(add(w,
				 "{\"name\":\"a\",\"base\":\"0\",\"fields\":"
				 "{\"user\":\"drop\"}}",
				 SST_WEAKER_REFUSE),
		SST_OK);
	assert_string_equal(plan(w, "user"), "drop");
	assert_string_equal(plan(w, "status"), "keep");
	assert_true(sst_span_is(w->policy.name, "b+a"));
	assert_int_equal(add(w, "{\"base\":\"0\",\"unknown\":\"keep\"}",
				 SST_WEAKER_REFUSE),
		SST_EUSAGE);
	/* A file that is its own base ends somewhere. */
	close_world(w);
	w = open_world();
	assert_int_equal(
		add(w, "{\"base\":\"0\"}", SST_WEAKER_REFUSE), SST_ECONFIG);
	close_world(w);
}

static void
mistakes_are_named_with_line_and_column(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} cases[] = {
		{ "{\"fields\":{\"path\":\"kepe\"}}",
			":1:19:", "'kepe' is no action" },
		{ "{\n\"feilds\":{}}", ":2:", "no member 'feilds'" },
		{ "{\"fields\":[]}", ":1:11:", "no object" },
		{ "{\"fields\":{\"path\":[]}}", ":1:19:", "1 to 6 actions" },
		{ "{\"fields\":{\"path\":7}}", ":1:19:", "a string" },
		{ "{\"fields\":{\"*x\":\"drop\"}}", ":1:", "and a '*'" },
		{ "{\"fields\":{\"latitude\":\"round\"}}",
			":1:", "number of decimals" },
		{ "{\"fields\":{\"time\":\"truncate:2s\"}}", ":1:", "1s" },
		{ "{\"fields\":{\"path\":\"scan:x\"}}",
			":1:", "takes nothing" },
		{ "{\"fields\":{\"id\":\"rekey:week\"}}", ":1:", "'day'" },
		{ "{\"fields\":{\"query\":\"allow:a,,b\"}}",
			":1:", "needs names" },
		{ "{\"fields\":{\"status\":\"mask\"}}",
			":1:", "does not fit 'status'" },
		{ "{\"fields\":{\"props\":\"template\"}}",
			":1:", "does not fit 'props'" },
		{ "{\"mask\":{\"ipv4\":33}}", ":1:", "0 to 32" },
		{ "{\"mask\":{\"ipv5\":3}}", ":1:", "no member 'ipv5'" },
		{ "{\"scan\":{\"kinds\":[\"emial\"]}}",
			":1:19:", "no such kind" },
		{ "{\"scan\":{\"action\":\"mask\"}}", ":1:", "'replace'" },
		{ "{\"consent\":{\"tcf\":\"cookie:x\"}}",
			":1:", "'tcf' cannot be honoured" },
		{ "{\"consent\":{\"gpc\":true}}", ":1:", "'opt-out'" },
		{ "{\"base\":\"9\"}", ":1:", "no '9'" },
		{ "{\"unknown\":\"x\"}", ":1:", "no action" },
		{ "[]", ":1:1:", "no object" },
		{ "{\"fields\":{\"a\":\"keep\" \"b\":1}}", ":1:", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *w = open_world();
		char where[96];

		assert_int_equal(
			add(w, cases[i].text, SST_WEAKER_REFUSE), SST_ECONFIG);
		snprintf(where, sizeof(where), "%s%s", w->paths[0],
			cases[i].where);
		assert_memory_equal(w->err.text, where, strlen(where));
		assert_non_null(strstr(w->err.text, cases[i].what));
		close_world(w);
	}
}

/* The field table tells people what strict does: it must be true. */
static void
strict_is_what_the_field_table_says(void **state)
{
	const struct sst_policy_finder nowhere = { find, NULL };
	const char *folder = getenv("SST_PATH");
	struct world *w = open_world();
	char path[4096];

	(void)state;
	assert_non_null(folder);
	snprintf(path, sizeof(path), "%s/policies/strict.json", folder);
	assert_int_equal(sst_policy_add_file(&w->policy, path, &nowhere,
				 SST_WEAKER_REFUSE, &w->err),
		SST_OK);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		const struct sst_field_row *row =
			sst_field_row((enum sst_field)f);
		char key[64];

		/* Of objects each member is asked about. */
		snprintf(key, sizeof(key), "%s%s", row->name,
			row->type == SST_TYPE_OBJECT ? ".x" : "");
		assert_string_equal(plan(w, key), row->strict);
		assert_non_null(
			sst_policy_rule_of(&w->policy, sst_span_of(key)));
	}
	assert_string_equal(
		plan(w, "some_header"), sst_field_row(SST_F_OTHER)->strict);
	assert_int_equal(w->policy.mask_ipv4, 24);
	assert_int_equal(w->policy.mask_ipv6, 32);
	assert_int_equal(
		w->policy.kinds, SST_FOUND_ALL & ~(1U << SST_FOUND_ENCODED));
	assert_true(w->policy.honours_gpc);
	assert_false(w->policy.honours_dnt);
	assert_int_equal(w->policy.without, SST_WITHOUT_ANONYMOUS);
	close_world(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule_that_says_most_of_a_key_wins),
		cmocka_unit_test(what_would_let_more_through_is_refused),
		cmocka_unit_test(a_base_is_refined_as_an_earlier_policy_is),
		cmocka_unit_test(mistakes_are_named_with_line_and_column),
		cmocka_unit_test(strict_is_what_the_field_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
