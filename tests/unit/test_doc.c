/* SPDX-License-Identifier: ISC */
/* Documents: what is read, where it stands, and what is refused. */
#include "text/doc.h"

#include "base/buf.h"
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

/* The tree as "{a:1,b:[T,F,N,\"x\"]}". */
static void
print(struct sst_buf *to, const struct sst_doc_node *node)
{
	static const char letters[] = "NFT";
	char close = node->kind == SST_DOC_OBJECT ? '}' : ']';

	switch (node->kind) {
	case SST_DOC_NULL:
	case SST_DOC_FALSE:
	case SST_DOC_TRUE:
		sst_buf_byte(to, letters[node->kind]);
		return;
	case SST_DOC_NUMBER:
		sst_buf_put_span(to, node->text);
		return;
	case SST_DOC_STRING:
		sst_buf_printf(
			to, "'%.*s'", (int)node->text.len, node->text.at);
		return;
	case SST_DOC_ARRAY:
	case SST_DOC_OBJECT:
		break;
	}
	sst_buf_byte(to, close == '}' ? '{' : '[');
	for (const struct sst_doc_node *n = node->first; n; n = n->next) {
		if (close == '}')
			sst_buf_printf(
				to, "%.*s:", (int)n->name.len, n->name.at);
		print(to, n);
		if (n->next != NULL)
			sst_buf_byte(to, ',');
	}
	sst_buf_byte(to, close);
}

static void
documents_become_trees(void **state)
{
	static const struct {
		const char *text, *tree;
	} cases[] = {
		{ "{}", "{}" },
		{ " [ ] ", "[]" },
		{ "null", "N" },
		{ "true", "T" },
		{ "false\n", "F" },
		{ "0", "0" },
		{ "-12.50e+3", "-12.50e+3" },
		{ "123456789012345678901234567890",
			"123456789012345678901234567890" },
		{ "\"\"", "''" },
		{ "\"a\\\"\\\\\\/\\u00fc\\ud83d\\ude00\"",
			"'a\"\\/\xc3\xbc\xf0\x9f\x98\x80'" },
		{ "\"\\\\ud800\"", "'\\ud800'" },
		{ "\"\xc3\xbc\"", "'\xc3\xbc'" },
		{ "{\"a\":1,\"b\":[true,false,null,\"x\"],\"\":{\"c\":{}}}",
			"{a:1,b:[T,F,N,'x'],:{c:{}}}" },
		{ "{\"a\":{\"x\":1},\"b\":{\"x\":1}}", "{a:{x:1},b:{x:1}}" },
		{ "/* \"{ */ {// ]\n\"a\" /**/ : //\"\n 1 /***/ } // end",
			"{a:1}" },
	};
	struct sst_arena arena;
	struct sst_buf buf;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	sst_buf_init(&buf, 256);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_err err = { 0 };
		struct sst_doc_node *root;

		if (sst_doc_read(&root, &arena, sst_span_of(cases[i].text),
			    true, &err) != SST_OK)
			fail_msg("%s: %s", cases[i].text, err.text);
		sst_buf_reset(&buf);
		print(&buf, root);
		assert_true(sst_span_is(sst_buf_span(&buf), cases[i].tree));
	}
	sst_buf_release(&buf);
	sst_arena_release(&arena);
}

static void
a_nul_in_a_string_is_kept(void **state)
{
	struct sst_arena arena;
	struct sst_doc_node *root;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	assert_int_equal(sst_doc_read(&root, &arena,
				 sst_span_of("{\"a\\u0000b\":\"\\u0000c\"}"),
				 false, NULL),
		SST_OK);
	assert_true(sst_span_eq(
		root->first->name, (struct sst_span)SST_SPAN("a\0b")));
	assert_true(sst_span_eq(
		root->first->text, (struct sst_span)SST_SPAN("\0c")));
	sst_arena_release(&arena);
}

static void
a_comment_behind_the_document_must_end(void **state)
{
	static const struct {
		struct sst_span text;
		const char *message;
	} cases[] = {
		{ SST_SPAN("{} // \"x"), "" },
		{ SST_SPAN("[] /* \"x */ // y\n/**/\n"), "" },
		{ SST_SPAN("{} /* x"),
			"line 1, column 4: a comment without end" },
		{ SST_SPAN("1\n/*/"),
			"line 2, column 1: a comment without end" },
		{ SST_SPAN("1 /**/ \"x"),
			"line 1, column 8: trailing garbage" },
	};
	struct sst_arena arena;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_err err = { 0 };
		struct sst_doc_node *root;

		assert_int_equal(
			sst_doc_read(&root, &arena, cases[i].text, true, &err),
			cases[i].message[0] == '\0' ? SST_OK : SST_ECONFIG);
		assert_string_equal(err.text, cases[i].message);
	}
	sst_arena_release(&arena);
}

static void
what_is_no_document_is_refused_with_its_place(void **state)
{
	static const struct {
		struct sst_span text;
		const char *message;
	} cases[] = {
		{ SST_SPAN(""), "line 1, column 1: premature EOF" },
		{ SST_SPAN(" \n "), "line 2, column 2: premature EOF" },
		{ SST_SPAN("{\"a\":1"), "line 1, column 7: premature EOF" },
		{ SST_SPAN("[1,\n2"), "line 2, column 2: premature EOF" },
		{ SST_SPAN("\"abc"), "line 1, column 5: premature EOF" },
		{ SST_SPAN("{} {}"), "line 1, column 4: trailing garbage" },
		{ SST_SPAN("1 2"), "line 1, column 4: trailing garbage" },
		{ SST_SPAN("{}\n\n  \"x\""),
			"line 3, column 3: trailing garbage" },
		{ SST_SPAN("99 \"x"), "line 1, column 4: trailing garbage" },
		{ SST_SPAN("{}\n \""), "line 2, column 2: trailing garbage" },
		{ SST_SPAN("{\"a\":1,}"), "line 1, column 8: invalid object "
					  "key (must be a string)" },
		{ SST_SPAN("[1,]"), "line 1, column 4: unallowed token at "
				    "this point in JSON text" },
		{ SST_SPAN("[1\n \"xyz\"]"), "line 2, column 2: after array "
					     "element, I expect ',' or ']'" },
		{ SST_SPAN("{\n  'a': 1\n}"),
			"line 2, column 3: invalid char in json text" },
		{ SST_SPAN("{\"a\" 1}"), "line 1, column 6: object key and "
					 "value must be separated by a colon "
					 "(':')" },
		{ SST_SPAN("[nul]"),
			"line 1, column 5: invalid string in json text" },
		{ SST_SPAN("[\"a\\x\"]"),
			"line 1, column 5: inside a string, '\\' occurs before "
			"a character which it may not" },
		{ SST_SPAN("[\"a\nb\"]"),
			"line 1, column 4: invalid character inside string" },
		{ SST_SPAN("[01]"), "line 1, column 2: after array element, I "
				    "expect ',' or ']'" },
		{ SST_SPAN("[-]"),
			"line 1, column 3: malformed number, a digit "
			"is required after the minus sign" },
		{ SST_SPAN("/* c */ 1"),
			"line 1, column 1: probable comment found in input "
			"text, comments are not enabled" },
		/* Stricter than yajl */
		{ SST_SPAN("[\n\"a\xff\"]"),
			"line 2, column 3: bytes that are not UTF-8" },
		{ SST_SPAN("\"\xc0\x80\""),
			"line 1, column 2: bytes that are not UTF-8" },
		{ SST_SPAN("\"\xed\xa0\x80\""),
			"line 1, column 2: bytes that are not UTF-8" },
		{ SST_SPAN("{\v}"), "line 1, column 2: a control character" },
		{ SST_SPAN("[\f]"), "line 1, column 2: a control character" },
		{ SST_SPAN("[\0]"), "line 1, column 2: a control character" },
		{ SST_SPAN("[1,\n\"\\ud800\"]"),
			"line 2, column 2: half of a surrogate pair" },
		{ SST_SPAN("[\"\\ud800\\ud800\"]"),
			"line 1, column 3: half of a surrogate pair" },
		{ SST_SPAN("[\"x\\uDC00\"]"),
			"line 1, column 4: half of a surrogate pair" },
		{ SST_SPAN("{\"\\udbff\\n\":1}"),
			"line 1, column 3: half of a surrogate pair" },
		{ SST_SPAN("{\"a\":1,\n \"b\":2, \"a\":3}"),
			"line 2, column 13: a second member 'a'" },
		{ SST_SPAN("{\"a\":1,\"\\u0061\":3}"),
			"line 1, column 17: a second member 'a'" },
		{ SST_SPAN("[{\"x\":{\"b\":1,\"c\":1,\"b\":1}}]"),
			"line 1, column 24: a second member 'b'" },
	};
	struct sst_arena arena;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sst_err err = { 0 };
		struct sst_doc_node *root = (void *)&arena;

		assert_int_equal(
			sst_doc_read(&root, &arena, cases[i].text, false, &err),
			SST_ECONFIG);
		assert_null(root);
		assert_string_equal(err.text, cases[i].message);
	}
	sst_arena_release(&arena);
}

static void
depth_ends_where_the_header_says(void **state)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	struct sst_err err = { 0 };
	char text[SST_DOC_DEPTH * 2 + 2];

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	memset(text, '[', SST_DOC_DEPTH);
	memset(text + SST_DOC_DEPTH, ']', SST_DOC_DEPTH);
	assert_int_equal(
		sst_doc_read(&root, &arena, sst_span(text, SST_DOC_DEPTH * 2),
			false, &err),
		SST_OK);
	memset(text, '[', SST_DOC_DEPTH + 1);
	memset(text + SST_DOC_DEPTH + 1, ']', SST_DOC_DEPTH + 1);
	assert_int_equal(sst_doc_read(&root, &arena,
				 sst_span(text, sizeof(text)), false, &err),
		SST_ECONFIG);
	assert_string_equal(err.text, "line 1, column 33: nested too deeply");
	/* A million brackets cost no stack. */
	{
		const size_t n = 1024 * 1024;
		char *deep = malloc(n);

		assert_non_null(deep);
		memset(deep, '[', n);
		assert_int_equal(sst_doc_read(&root, &arena, sst_span(deep, n),
					 false, &err),
			SST_ECONFIG);
		free(deep);
	}
	sst_arena_release(&arena);
}

static void
size_ends_where_the_header_says(void **state)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	struct sst_err err = { 0 };
	char *text = malloc(SST_DOC_MAX + 1);

	(void)state;
	assert_non_null(text);
	sst_arena_init(&arena, ARENA_MAX);
	memset(text, ' ', SST_DOC_MAX + 1);
	text[0] = '1';
	assert_int_equal(sst_doc_read(&root, &arena,
				 sst_span(text, SST_DOC_MAX), false, &err),
		SST_OK);
	assert_int_equal(sst_doc_read(&root, &arena,
				 sst_span(text, SST_DOC_MAX + 1), false, &err),
		SST_ECONFIG);
	assert_string_equal(err.text, "line 1, column 1: larger than 8 MiB");
	free(text);
	sst_arena_release(&arena);
}

static void
many_members_are_told_apart_quickly(void **state)
{
	const size_t n = 200000;
	struct sst_arena arena;
	struct sst_doc_node *root;
	struct sst_err err = { 0 };
	struct sst_buf text;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	sst_buf_init(&text, SST_DOC_MAX);
	SST_BUF_PUT(&text, "{");
	for (size_t i = 0; i < n; i++)
		sst_buf_printf(&text, "\"k%zu\":0,", i * 7919 % n);
	text.at[text.len - 1] = '}';
	assert_false(text.is_short);
	assert_int_equal(
		sst_doc_read(&root, &arena, sst_buf_span(&text), false, &err),
		SST_OK);
	assert_int_equal(root->count, n);
	text.len--;
	SST_BUF_PUT(&text, ",\n\"k5\":0}");
	assert_int_equal(
		sst_doc_read(&root, &arena, sst_buf_span(&text), false, &err),
		SST_ECONFIG);
	assert_string_equal(err.text, "line 2, column 6: a second member 'k5'");
	sst_buf_release(&text);
	sst_arena_release(&arena);
}

static void
an_arena_that_is_full_is_no_memory(void **state)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	struct sst_err err = { 0 };

	(void)state;
	sst_arena_init(&arena, 1000);
	assert_int_equal(
		sst_doc_read(&root, &arena,
			sst_span_of("[1,2,3,4,5,6,7,8,9,10]"), false, &err),
		SST_ENOMEM);
	assert_null(root);
	assert_string_equal(err.text, "no memory for a document");
	sst_arena_release(&arena);
}

/* ---- places: a random document, written down with what it says ---- */

struct writing {
	struct sst_buf text, want;
	uint64_t seed;
	uint32_t line, column;
};

static unsigned
draw(struct writing *w, unsigned n)
{
	w->seed = w->seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(w->seed >> 33) % n;
}

static void
put(struct writing *w, const char *text)
{
	for (; *text != '\0'; text++) {
		sst_buf_byte(&w->text, *text);
		w->column++;
		if (*text == '\n') {
			w->line++;
			w->column = 1;
		}
	}
}

static void
put_gap(struct writing *w)
{
	static const char *const gaps[] = { "", "", " ", "\n", "\t", "\r\n",
		"/* \" */", "// [\n", "/*\n\\\"*/", "//\\\n" };

	put(w, gaps[draw(w, COUNT(gaps))]);
}

static void
write_value(struct writing *w, int depth)
{
	static const char *const plain[] = { "1", "-2.5e3", "true", "false",
		"null", "\"\"", "\"a b\"", "\"\\\"\"", "\"\\\\\"",
		"\"\\\\\\\"x\"", "\"\\u00e9 \xc3\xbc\"", "\"[{\"", "\"//\"" };
	unsigned kind = depth == 0 ? 6 : draw(w, depth < 5 ? 10 : 6);

	put_gap(w);
	sst_buf_printf(
		&w->want, "%u:%u ", (unsigned)w->line, (unsigned)w->column);
	if (kind < 6) {
		put(w, plain[draw(w, COUNT(plain))]);
	} else {
		bool is_object = kind < 8;
		unsigned n = draw(w, 5);

		put(w, is_object ? "{" : "[");
		for (unsigned i = 0; i < n; i++) {
			char name[16];

			if (is_object) {
				(void)snprintf(name, sizeof(name),
					"\"\\\\\\\"%u\"", i);
				put_gap(w);
				put(w, name);
				put_gap(w);
				put(w, ":");
			}
			write_value(w, depth + 1);
			if (i + 1 < n)
				put(w, ",");
		}
		put_gap(w);
		put(w, is_object ? "}" : "]");
	}
	put_gap(w);
}

static void
list_places(struct sst_buf *to, const struct sst_doc_node *node)
{
	size_t count = 0;

	sst_buf_printf(
		to, "%u:%u ", (unsigned)node->line, (unsigned)node->column);
	for (const struct sst_doc_node *n = node->first; n; n = n->next) {
		list_places(to, n);
		count++;
	}
	assert_int_equal(count, node->count);
}

static void
every_node_knows_where_it_begins(void **state)
{
	struct writing w = { .seed = 7159 };
	struct sst_arena arena;
	struct sst_buf got;
	size_t longest = 0;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	sst_buf_init(&w.text, 1 << 20);
	sst_buf_init(&w.want, 1 << 20);
	sst_buf_init(&got, 1 << 20);
	for (int i = 0; i < 5000; i++) {
		struct sst_err err = { 0 };
		struct sst_doc_node *root;

		sst_buf_reset(&w.text);
		sst_buf_reset(&w.want);
		sst_buf_reset(&got);
		sst_arena_reset(&arena);
		w.line = w.column = 1;
		write_value(&w, 0);
		if (sst_doc_read(&root, &arena, sst_buf_span(&w.text), true,
			    &err) != SST_OK)
			fail_msg("%s: %.*s", err.text, (int)w.text.len,
				w.text.at);
		list_places(&got, root);
		if (!sst_span_eq(sst_buf_span(&got), sst_buf_span(&w.want)))
			fail_msg("%.*s", (int)w.text.len, w.text.at);
		longest = got.len > longest ? got.len : longest;
	}
	assert_true(longest > 200);
	sst_buf_release(&w.text);
	sst_buf_release(&w.want);
	sst_buf_release(&got);
	sst_arena_release(&arena);
}

/* ---- asking ---- */

static struct sst_doc_node *
read_in(struct sst_arena *arena, const char *text)
{
	struct sst_doc_node *root;
	struct sst_err err = { 0 };

	if (sst_doc_read(&root, arena, sst_span_of(text), false, &err) !=
		SST_OK)
		fail_msg("%s: %s", text, err.text);
	return root;
}

static void
members_are_found_by_name_and_kind(void **state)
{
	static const char *const known[] = { "text", "n", "yes", "no", NULL };
	struct sst_arena arena;
	const struct sst_doc_node *root, *inner;
	int64_t n = 7;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	root = read_in(&arena,
		"{\"text\":\"x\",\"n\":-5,\"yes\":true,\"no\":false,"
		"\"o\":{\"n\":1.5}}");
	inner = sst_doc_member(root, "o");
	assert_non_null(inner);
	assert_int_equal(inner->kind, SST_DOC_OBJECT);
	assert_null(sst_doc_member(root, "x"));
	assert_null(sst_doc_member(NULL, "x"));
	assert_null(sst_doc_member(sst_doc_member(root, "n"), "x"));
	assert_true(sst_span_is(sst_doc_text(root, "text"), "x"));
	assert_null(sst_doc_text(root, "n").at);
	assert_null(sst_doc_text(root, "x").at);
	assert_false(sst_doc_i64(root, "text", &n));
	assert_false(sst_doc_i64(inner, "n", &n));
	assert_false(sst_doc_i64(inner, "x", &n));
	assert_int_equal(n, 7);
	assert_true(sst_doc_i64(root, "n", &n));
	assert_int_equal(n, -5);
	assert_true(sst_doc_is_true(root, "yes"));
	assert_false(sst_doc_is_true(root, "no"));
	assert_false(sst_doc_is_true(root, "x"));
	assert_true(sst_doc_unknown_member(root, known) == inner);
	assert_null(sst_doc_unknown_member(inner, known));
	assert_null(sst_doc_unknown_member(NULL, known));
	sst_arena_release(&arena);
}

static void
values_are_equal_as_json(void **state)
{
	static const struct {
		const char *a, *b;
		bool is_equal;
	} cases[] = {
		{ "1", "1", true },
		{ "1", "2", false },
		{ "1", "1.0", true },
		{ "1.50", "1.5", true },
		{ "1e2", "100", true },
		{ "-0", "0", true },
		{ "0.1", "0.10000000000000001", true },
		{ "999999999999999999", "999999999999999998", false },
		{ "99999999999999999999", "99999999999999999999", true },
		{ "1e999", "1e998", false },
		{ "1e999", "1e999", true },
		{ "1", "\"1\"", false },
		{ "true", "false", false },
		{ "null", "null", true },
		{ "null", "false", false },
		{ "\"a\"", "\"\\u0061\"", true },
		{ "\"a\"", "\"a\\u0000\"", false },
		{ "[1,2]", "[1,2]", true },
		{ "[1,2]", "[2,1]", false },
		{ "[1,2]", "[1]", false },
		{ "[]", "{}", false },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3,\"a\":1,\"b\":2}",
			true },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
		{ "{\"a\":{\"x\":[{}]}}", "{\"a\":{\"x\":[{}]}}", true },
		{ "{\"a\":{\"x\":[{}]}}", "{\"a\":{\"x\":[[]]}}", false },
	};
	struct sst_arena arena;

	(void)state;
	sst_arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sst_doc_node *a = read_in(&arena, cases[i].a);
		const struct sst_doc_node *b = read_in(&arena, cases[i].b);

		if (sst_doc_eq(a, b) != cases[i].is_equal ||
			sst_doc_eq(b, a) != cases[i].is_equal)
			fail_msg("%s %s", cases[i].a, cases[i].b);
		assert_true(sst_doc_eq(a, a));
	}
	sst_arena_release(&arena);
}

/* ---- files ---- */

static void
a_fault_of_a_file_names_file_line_and_column(void **state)
{
	static const struct {
		const char *text, *message; /* behind the path */
	} cases[] = {
		{ "/* c */ {\"a\": [1, 2]}\n", NULL },
		{ "{\"a\": 1,\n \"a\": 2}\n", ":2:7: a second member 'a'" },
		{ "{\"a\":\n", ":2:1: premature EOF" },
	};
	char path[] = "test_doc.XXXXXX";
	struct sst_arena arena;
	struct sst_err err = { 0 };
	struct sst_doc_node *root;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd != -1);
	sst_arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].text);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, cases[i].text, n, 0), n);
		if (cases[i].message == NULL) {
			assert_int_equal(
				sst_doc_read_file(&root, &arena, path, &err),
				SST_OK);
			assert_int_equal(sst_doc_fail(&err, path,
						 root->first->first->next,
						 "no %s", "two"),
				SST_ECONFIG);
			assert_int_equal(
				memcmp(err.text, path, strlen(path)), 0);
			assert_string_equal(
				err.text + strlen(path), ":1:19: no two");
			continue;
		}
		assert_int_equal(sst_doc_read_file(&root, &arena, path, &err),
			SST_ECONFIG);
		assert_null(root);
		assert_int_equal(memcmp(err.text, path, strlen(path)), 0);
		assert_string_equal(err.text + strlen(path), cases[i].message);
	}
	assert_int_equal(ftruncate(fd, (off_t)SST_DOC_MAX + 1), 0);
	assert_int_equal(
		sst_doc_read_file(&root, &arena, path, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, ":1:1: larger than 8 MiB"));
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
		sst_doc_read_file(&root, &arena, path, &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "cannot open 'test_doc."));
	assert_int_equal(
		sst_doc_read_file(&root, &arena, "/", &err), SST_ECONFIG);
	assert_non_null(strstr(err.text, "cannot read '/': "));
	sst_arena_release(&arena);
}

static void
a_pipe_is_read_to_its_end(void **state)
{
	struct sst_arena arena;
	struct sst_doc_node *root;
	struct sst_err err = { 0 };
	char path[32];
	int ends[2];

	(void)state;
	if (access("/dev/fd", F_OK) != 0)
		skip();
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "[1,2]", 5), 5);
	assert_int_equal(close(ends[1]), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	sst_arena_init(&arena, ARENA_MAX);
	assert_int_equal(sst_doc_read_file(&root, &arena, path, &err), SST_OK);
	assert_int_equal(root->count, 2);
	assert_int_equal(close(ends[0]), 0);
	sst_arena_release(&arena);
}

static void
the_library_says_its_version(void **state)
{
	int major, minor, patch;

	(void)state;
	assert_int_equal(sscanf(sst_doc_library_version(), "%d.%d.%d", &major,
				 &minor, &patch),
		3);
	assert_int_equal(major, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_become_trees),
		cmocka_unit_test(a_nul_in_a_string_is_kept),
		cmocka_unit_test(a_comment_behind_the_document_must_end),
		cmocka_unit_test(what_is_no_document_is_refused_with_its_place),
		cmocka_unit_test(depth_ends_where_the_header_says),
		cmocka_unit_test(size_ends_where_the_header_says),
		cmocka_unit_test(many_members_are_told_apart_quickly),
		cmocka_unit_test(an_arena_that_is_full_is_no_memory),
		cmocka_unit_test(every_node_knows_where_it_begins),
		cmocka_unit_test(members_are_found_by_name_and_kind),
		cmocka_unit_test(values_are_equal_as_json),
		cmocka_unit_test(a_fault_of_a_file_names_file_line_and_column),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(the_library_says_its_version),
	};

	return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
