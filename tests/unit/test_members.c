/* SPDX-License-Identifier: ISC */
/* Lines that name their values: JSON objects and logfmt. */
#include "shape_kit.h"

#include "text/doc.h"

#include <stdio.h>

struct sample {
	const char *line, *event;
};

static void
all_give(struct kit *kit, const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_equal(
			kit_line(kit, samples[i].line), samples[i].event);
}
#define ALL_GIVE(kit, samples) \
	all_give(kit, samples, sizeof(samples) / sizeof((samples)[0]))

static void
members_become_keys_by_their_paths(void **state)
{
	static const char *const rows[] = { "request.method", "method",
		"request.uri", "path:target", "request.headers.User-Agent",
		"user_agent", "request.headers.*", "http_*", "status", "status",
		"took", "duration:ms", "a\\.b", "request_id", "ip", "client_ip",
		"ip_2", "client_ip", "named", "own", NULL };
	static const struct sample samples[] = {
		{ "{\"request\":{\"method\":\"GET\",\"uri\":\"/a?b\","
		  "\"headers\":{\"User-Agent\":[\"x\"],\"A-B\":[\"1\",2]}},"
		  "\"status\":\"404\",\"took\":1.5,\"a.b\":\"id\"}",
			"{\"method\":\"GET\",\"path\":\"/a\",\"query\":\"b\","
			"\"status\":404,\"user_agent\":\"x\","
			"\"duration\":0.0015,\"request_id\":\"id\","
			"\"http_a_b\":\"1, 2\"}" },
		/* letter case of names does not count */
		{ "{\"STATUS\":200,\"Took\":\"12\"}",
			"{\"status\":200,\"duration\":0.012}" },
		/* exponents */
		{ "{\"took\":1.25e-1}", "{\"duration\":0.000125}" },
		{ "{\"took\":12e+2}", "{\"duration\":1.2}" },
		/* absent in all ways */
		{ "{\"status\":null,\"took\":\"-\",\"ip\":\"\","
		  "\"a.b\":\"N/A\",\"x\":null,\"y\":[],\"z\":{}}",
			"{}" },
		{ "{\"status\":0}", "{}" },
		{ "{\"status\":-1}", "{}" },
		/* of one key's members the first that is there wins */
		{ "{\"ip_2\":\"192.0.2.9\",\"ip\":\"192.0.2.7\"}",
			"{\"client_ip\":\"192.0.2.7\","
			"\"ip_2\":\"192.0.2.9\"}" },
		{ "{\"ip_2\":\"192.0.2.7\",\"ip\":\"192.0.2.7\"}",
			"{\"client_ip\":\"192.0.2.7\"}" },
		{ "{\"ip_2\":\"192.0.2.9\",\"ip\":\"-\"}",
			"{\"client_ip\":\"192.0.2.9\"}" },
		/* what does not look like its key keeps its own name */
		{ "{\"status\":\"OK\",\"ip\":\"a b\"}",
			"{\"log_status\":\"OK\",\"ip\":\"a b\"}" },
		{ "{\"status\":{\"code\":200}}", "{\"status_code\":200}" },
		/* and so does the second of a name */
		{ "{\"status\":200,\"status\":404}",
			"{\"status\":200,\"log_status\":404}" },
		{ "{\"x\":1,\"X\":2,\"x_2\":3}",
			"{\"x\":1,\"x_2\":2,\"x_2_2\":3}" },
		{ "{\"named\":\"a\",\"own\":\"b\",\"own_2\":\"c\"}",
			"{\"own\":\"a\",\"own_3\":\"b\","
			"\"own_2\":\"c\"}" },
		{ "{\"named\":\"a\",\"own\":\"b\",\"own_2\":\"c\"}",
			"{\"own\":\"a\",\"own_3\":\"b\","
			"\"own_2\":\"c\"}" },
	};
	struct kit kit;

	(void)state;
	kit_open(&kit);
	kit_add(&kit, kit_members(&kit, SST_SHAPE_JSON, rows));
	ALL_GIVE(&kit, samples);
	kit_close(&kit);
}

static void
what_no_path_names_keeps_its_name_and_type(void **state)
{
	static const char *const rows[] = { "s", "status", NULL };
	static const struct sample samples[] = {
		{ "{\"A-b\":\"x\",\"n\":1.50,\"t\":true,\"f\":false}",
			"{\"a_b\":\"x\",\"n\":1.50,\"t\":true,\"f\":false}" },
		{ "{\"a\":{\"b\":{\"C\":1},\"d\":[{\"e\":2}]}}",
			"{\"a_b_c\":1,\"a_d_e\":2}" },
		{ "{\"a\":[\"x\",1,null,{\"b\":1}],\"b\":[[\"y\"]]}",
			"{\"a\":\"x, 1, null, {\\\"b\\\":1}\",\"b\":\"y\"}" },
		{ "{\"a\":\"\\u00e9\\n\\\"\\/\"}",
			"{\"a\":\"\xc3\xa9\\n\\\"/\"}" },
		/* a name that would pass for a contract key */
		{ "{\"time\":\"x\",\"_x\":1,\"log_time\":2,\"id\":3}",
			"{\"log_time_2\":\"x\",\"log__x\":1,\"log_time\":2,"
			"\"log_id\":3}" },
		{ "{\"\":1,\"\xc3\xa9\":2}", "{\"log_\":1,\"log___\":2}" },
	};
	struct kit kit;

	(void)state;
	kit_open(&kit);
	kit_add(&kit, kit_members(&kit, SST_SHAPE_JSON, rows));
	ALL_GIVE(&kit, samples);
	kit_close(&kit);
}

static void
a_line_fits_when_all_needs_are_met(void **state)
{
	static const char *const one[] = { "a", "path", NULL };
	static const char *const two[] = { "b.c", "path", NULL };
	static const struct sample samples[] = {
		{ "{\"a\":\"1\",\"kind\":\"x\"}",
			"{\"path\":\"1\",\"kind\":\"x\"}" },
		{ "{\"a\":\"1\",\"kind\":\"y\"}", "no_format" },
		{ "{\"a\":\"1\"}", "no_format" },
		{ "{\"kind\":\"x\"}", "no_format" },
		{ "{\"a\":null,\"kind\":\"x\"}", "no_format" },
		{ "{\"b\":{\"c\":\"2\"}}", "{\"path\":\"2\"}" },
		{ "{\"b\":{\"d\":\"2\"}}", "{\"b_d\":\"2\"}" },
		{ "{\"b\":\"2\"}", "no_format" },
		/* an object in a string, where a path goes on */
		{ "{\"b\":\"{\\\"c\\\":\\\"\\\\u0041\\\"}\"}",
			"{\"path\":\"A\"}" },
		{ "not JSON", "no_format" },
		{ "[1]", "no_format" },
	};
	struct sst_layout *layout;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	layout = kit_members(&kit, SST_SHAPE_JSON, one);
	kit_need(&kit, layout, "a");
	kit_need(&kit, layout, "kind=x");
	kit_add(&kit, layout);
	layout = kit_members(&kit, SST_SHAPE_JSON, two);
	kit_need(&kit, layout, "b.c|b.d");
	kit_add(&kit, layout);
	ALL_GIVE(&kit, samples);
	kit_close(&kit);
}

static void
broken_json_is_rejected_by_its_reason(void **state)
{
	static const char *const rows[] = { "s", "status", NULL };
	struct sst_buf deep;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	sst_buf_init(&deep, 1 << 20);
	kit_add(&kit, kit_members(&kit, SST_SHAPE_JSON, rows));
	assert_string_equal(kit_line(&kit, "{\"s\":200"), "bad_json");
	assert_string_equal(kit_line(&kit, "{\"s\":200}x"), "bad_json");
	assert_string_equal(kit_line(&kit, "{\"s\":200,}"), "bad_json");

	SST_BUF_PUT(&deep, "{\"a\":");
	for (int i = 0; i < 20000; i++)
		SST_BUF_PUT(&deep, "[");
	SST_BUF_PUT(&deep, "}");
	assert_string_equal(kit_take(&kit, sst_buf_span(&deep)), "too_deep");

	sst_buf_reset(&deep);
	SST_BUF_PUT(&deep, "{\"s\":200");
	for (int i = 0; i < 256; i++)
		sst_buf_printf(&deep, ",\"k%d\":%d", i, i);
	SST_BUF_PUT(&deep, "}");
	kit_take(&kit, sst_buf_span(&deep));
	assert_memory_equal(kit.out.at, "{\"status\":200,\"k0\":0", 19);
	deep.len--;
	SST_BUF_PUT(&deep, ",\"k\":1}");
	assert_string_equal(
		kit_take(&kit, sst_buf_span(&deep)), "too_many_keys");

	/* The next line is none the worse for it. */
	assert_string_equal(kit_line(&kit, "{\"s\":200}"), "{\"status\":200}");
	sst_buf_release(&deep);
	kit_close(&kit);
}

static void
what_servers_call_json_is_repaired(void **state)
{
	static const char *const rows[] = { "s", "status", "t",
		"upstream_duration:sum_seconds", "p", "path:text", NULL };
	static const struct sample samples[] = {
		{ "{\"p\":\"/\\x22\\xC3\\xA9\\x5C\\x0A\",\"s\":200}",
			"{\"path\":\"/\\\"\xc3\xa9\\\\\\n\",\"status\":200}" },
		{ "{\"s\":,\"t\":-,\"p\":\"/\"}", "{\"path\":\"/\"}" },
		{ "{\"p\":\"/\",\"s\":}", "{\"path\":\"/\"}" },
		{ "{\"t\":0.1, 0.2 : 0.3, \"s\":200}",
			"{\"status\":200,\"upstream_duration\":0.6}" },
		{ "{\"p\":\"\xff\"}",
			"{\"path\":\"\xef\xbf\xbd\",\"invalid_utf8\":true}" },
		{ "{\"p\":\"\\xFF\"}",
			"{\"path\":\"\xef\xbf\xbd\",\"invalid_utf8\":true}" },
		{ "{\"p\":\"a\tb\\d\\ud800\\u0041\"}",
			"{\"path\":\"a\\tb\\\\d\xef\xbf\xbd"
			"A\"}" },
		{ "{\"p\":\"\\ud83d\\ude00\\q\"}",
			"{\"path\":\"\xf0\x9f\x98\x80\\\\q\"}" },
		{ "{\"p\":x,\"s\":200}", "bad_json" },
	};
	struct kit kit;

	(void)state;
	kit_open(&kit);
	kit_add(&kit, kit_members(&kit, SST_SHAPE_JSON, rows));
	ALL_GIVE(&kit, samples);
	kit_close(&kit);
}

static void
logfmt_has_quotes_escapes_and_bare_keys(void **state)
{
	static const char *const rows[] = { "path", "path:target", "status",
		"status", "took", "duration", NULL };
	static const struct sample samples[] = {
		{ "path=/a?b status=200 took=1.5ms",
			"{\"path\":\"/a\",\"query\":\"b\",\"status\":200,"
			"\"duration\":0.0015}" },
		{ "status=200  x=\"a \\\"b\\\" \\u00e9\\n\" y= z=\"\" debug "
		  "k-1=2",
			"{\"status\":200,\"x\":\"a \\\"b\\\" \xc3\xa9\\n\","
			"\"debug\":true,\"k_1\":\"2\"}" },
		{ "status=200 x=a=b", "{\"status\":200,\"x\":\"a=b\"}" },
		{ "status=200 x=\xff", "{\"status\":200,\"x\":\"\xef\xbf\xbd\","
				       "\"invalid_utf8\":true}" },
		{ "status=200 x=\"a", "no_format" },
		{ "status=200 x=\"a\"b", "no_format" },
		{ "status=200 =x", "no_format" },
		{ "no pair", "no_format" },
	};
	struct sst_layout *layout;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	layout = kit_members(&kit, SST_SHAPE_LOGFMT, rows);
	kit_need(&kit, layout, "status");
	kit_add(&kit, layout);
	ALL_GIVE(&kit, samples);
	kit_close(&kit);
}

static void
mistakes_of_a_layout_are_named(void **state)
{
	static const struct {
		const char *path, *mapping, *message;
	} cases[] = {
		{ "", "x", "a path has 1 to 256 bytes" },
		{ "a.", "x", "a path does not end in a dot" },
		{ "s", "x", NULL }, /* a second key */
		{ "s", "y", "'s' has more than two keys, or is an object" },
		{ "s.t", "x", "'s' is a value and an object" },
		{ "x", "Y", "'Y' is no key: lower case, digits and '_'" },
		{ "x2", "y:z", "unknown conversion 'z' of 'y'" },
		{ "x.*", "http",
			"a path that ends in '*' becomes a key that "
			"does" },
	};
	static const char *const rows[] = { "s", "status", NULL };
	struct sst_layout *layout;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	layout = kit_members(&kit, SST_SHAPE_JSON, rows);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_err err = { 0 };
		enum sst_status status = sst_members_add(layout, &kit.arena,
			sst_span_of(cases[i].path),
			sst_span_of(cases[i].mapping), &err);

		if (cases[i].message == NULL) {
			assert_int_equal(status, SST_OK);
			continue;
		}
		assert_int_equal(status, SST_ECONFIG);
		assert_string_equal(err.text, cases[i].message);
	}
	kit_close(&kit);
}

/* ---- against the tree of text/doc ---- */

/* A random value; objects and arrays to some depth. */
static void
put_value(struct sst_buf *to, uint32_t *seed, unsigned depth)
{
	static const char *const scalars[] = { "null", "true", "false", "0",
		"-1.5e3", "12", "\"\"", "\"-\"", "\"a b\"", "\"\\u00e9\\\\\"",
		"\"\\\"q\\\"\\n\"", "\"\xc3\xa9\"", "\"\\ud83d\\ude00\"",
		"\"N/A\"", "\"{}\"" };
	static const char *const names[] = { "a", "B", "c-d", "e\\\"f", "g.h",
		"status", "x_2", "\xc3\xa9", "" };
	unsigned kind = kit_random(seed, depth == 0 ? 6 : 8), n;

	if (kind < 6) {
		sst_buf_printf(to, "%s", scalars[kit_random(seed, 15)]);
		return;
	}
	n = kit_random(seed, 5);
	sst_buf_byte(to, kind == 6 ? '{' : '[');
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			sst_buf_byte(to, ',');
		/* A number keeps names apart: the tree takes none twice. */
		if (kind == 6)
			sst_buf_printf(
				to, "\"%s%u\":", names[kit_random(seed, 9)], i);
		if (kit_random(seed, 4) == 0)
			sst_buf_byte(to, ' ');
		put_value(to, seed, depth - 1);
	}
	sst_buf_byte(to, kind == 6 ? '}' : ']');
}

/* One value that an event must have. */
struct want {
	char key[512];
	const struct sst_doc_node *node;
};

struct wants {
	size_t n;
	struct want all[512];
};

static bool
is_absent(const struct sst_doc_node *node)
{
	return node->kind == SST_DOC_NULL ||
	       (node->kind == SST_DOC_STRING &&
		       (node->text.len == 0 || sst_span_is(node->text, "-") ||
			       sst_span_is(node->text, "N/A")));
}

/* The rules of sst-event(5), told by the tree: nested names are joined, one
 * element stands for its array. Longer arrays are left to other tests. */
static void
flatten(struct wants *wants, const char *prefix, struct sst_span name,
	const struct sst_doc_node *node)
{
	char key[512];
	int len = snprintf(key, sizeof(key), "%s", prefix);

	for (size_t i = 0; i < name.len && len < 500; i++)
		key[len++] = sst_own_byte(name.at[i]);
	key[len] = '\0';
	while (node->kind == SST_DOC_ARRAY && node->count == 1)
		node = node->first;
	if (node->kind == SST_DOC_OBJECT) {
		key[len++] = '_';
		key[len] = '\0';
		for (const struct sst_doc_node *child = node->first;
			child != NULL; child = child->next)
			flatten(wants, key, child->name, child);
		return;
	}
	if (is_absent(node) ||
		(node->kind == SST_DOC_ARRAY && node->count == 0))
		return;
	assert_true(wants->n < 512);
	memcpy(wants->all[wants->n].key, key, sizeof(key));
	wants->all[wants->n++].node = node;
}

/* Is the n-th member of the event the n-th value wanted? Keys are in the order
 * of the line; one that came before has a number behind it. */
static bool
is_nth(const struct wants *wants, size_t n, const struct sst_doc_node *got)
{
	struct sst_span key = sst_span_of(wants->all[n].key);
	const struct sst_doc_node *want = wants->all[n].node;

	if (!sst_span_eq(
		    sst_span_head(got->name,
			    key.len < got->name.len ? key.len : got->name.len),
		    key))
		return false;
	for (size_t i = key.len; i < got->name.len; i++)
		if (memchr("_0123456789", got->name.at[i], 11) == NULL)
			return false;
	return want->kind == SST_DOC_ARRAY || sst_doc_eq(want, got);
}

static void
values_are_those_that_a_tree_has(void **state)
{
	static const char *const rows[] = { "nothing", "request_id", NULL };
	uint32_t seed = 20261124;
	struct sst_buf line;
	struct kit kit;

	(void)state;
	kit_open(&kit);
	sst_buf_init(&line, 1 << 20);
	kit_add(&kit, kit_members(&kit, SST_SHAPE_JSON, rows));
	for (int round = 0; round < 3000; round++) {
		static struct wants wants;
		struct sst_doc_node *tree, *event;
		struct sst_arena arena;
		size_t n = 0;

		sst_arena_init(&arena, 8 << 20);
		sst_buf_reset(&line);
		SST_BUF_PUT(&line, "{\"top\":");
		put_value(&line, &seed, 4);
		SST_BUF_PUT(&line, "}");
		assert_int_equal(sst_doc_read(&tree, &arena,
					 sst_buf_span(&line), false, NULL),
			SST_OK);
		wants.n = 0;
		flatten(&wants, "", tree->first->name, tree->first);
		(void)kit_take(&kit, sst_buf_span(&line));
		assert_int_equal(sst_doc_read(&event, &arena,
					 sst_span(kit.out.at, kit.out.len - 1),
					 false, NULL),
			SST_OK);
		assert_int_equal(event->count, wants.n);
		for (const struct sst_doc_node *got = event->first; got != NULL;
			got = got->next)
			assert_true(is_nth(&wants, n++, got));
		sst_arena_release(&arena);
	}
	sst_buf_release(&line);
	kit_close(&kit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_become_keys_by_their_paths),
		cmocka_unit_test(what_no_path_names_keeps_its_name_and_type),
		cmocka_unit_test(a_line_fits_when_all_needs_are_met),
		cmocka_unit_test(broken_json_is_rejected_by_its_reason),
		cmocka_unit_test(what_servers_call_json_is_repaired),
		cmocka_unit_test(logfmt_has_quotes_escapes_and_bare_keys),
		cmocka_unit_test(mistakes_of_a_layout_are_named),
		cmocka_unit_test(values_are_those_that_a_tree_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
