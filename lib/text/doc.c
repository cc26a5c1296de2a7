/* SPDX-License-Identifier: ISC */
/* The parser: yajl's callbacks build the tree. */
#include "text/doc.h"

#include "text/doc_parts.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>
#include <yajl/yajl_version.h>

/* An object or array that is open, and the child that came last. */
struct level {
	struct sst_doc_node *node, *last;
};

struct reading {
	struct sst_span text;
	struct sst_arena *arena;
	yajl_handle parser;
	struct sst_doc_node *root;
	struct sst_span name; /* of the member whose value comes next */
	bool is_ending;       /* yajl has all of the text */
	size_t end;           /* behind the last value so far */
	size_t depth;
	struct level levels[SST_DOC_DEPTH];

	/* Lines are counted up to here, and from here on. */
	size_t counted, line_at;
	uint32_t line;

	enum sst_status status; /* whoever ends the parse sets both */
	struct sst_doc_fault *fault;
};

/* Offsets come in order, so that the text is walked once. (That of an error
 * may be a little before the last token: then it is the token's.) */
static void
locate(struct reading *r, size_t at, uint32_t *line, uint32_t *column)
{
	if (at < r->counted)
		at = r->counted;
	for (; r->counted < at; r->counted++)
		if (r->text.at[r->counted] == '\n') {
			r->line++;
			r->line_at = r->counted + 1;
		}
	*line = r->line;
	*column = (uint32_t)(at - r->line_at + 1);
}

/* Returns 0: what yajl takes for "stop". */
static int
fault_at(struct reading *r, size_t at, struct sst_span text)
{
	r->status = SST_ECONFIG;
	locate(r, at, &r->fault->line, &r->fault->column);
	(void)snprintf(r->fault->text, sizeof(r->fault->text), "%.*s",
		(int)text.len, text.at);
	return 0;
}

static int
out_of_memory(struct reading *r)
{
	r->status = SST_ENOMEM;
	return 0;
}

static bool
is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.';
}

/* Is the byte at `at` behind an odd number of backslashes? */
static bool
is_escaped(struct sst_span text, size_t at)
{
	size_t first = at;

	while (first > 0 && text.at[first - 1] == '\\')
		first--;
	return (at - first) % 2 != 0;
}

/*
 * Where the token that ends at `end` begins. In a string every quote is
 * escaped, so its opening quote is the first one backwards that is not.
 */
static size_t
token_start(struct sst_span text, size_t end)
{
	size_t at = end;

	if (at == 0)
		return 0;
	at--;
	if (text.at[at] == '"') {
		while (at > 0) {
			at--;
			if (text.at[at] == '"' && !is_escaped(text, at))
				break;
		}
		return at;
	}
	if (is_of_word(text.at[at]))
		while (at > 0 && is_of_word(text.at[at - 1]))
			at--;
	return at;
}

/* yajl counts within what it was last given: at the end, one space. */
static size_t
here(const struct reading *r)
{
	return r->is_ending ? r->text.len : yajl_get_bytes_consumed(r->parser);
}

/* The first half of a surrogate pair is 1, the second 2, else 0. */
static int
surrogate_at(struct sst_span text, size_t at)
{
	char high, low;

	if (text.len - at < 6 || text.at[at] != '\\' || text.at[at + 1] != 'u')
		return 0;
	high = sst_lower(text.at[at + 2]);
	low = sst_lower(text.at[at + 3]);
	if (high != 'd')
		return 0;
	if (low == '8' || low == '9' || low == 'a' || low == 'b')
		return 1;
	return low >= 'c' && low <= 'f' ? 2 : 0;
}

/* yajl makes '?' or ill-formed UTF-8 of a surrogate that is alone. The token
 * is well-formed otherwise; *at is where the lone one stands. */
static bool
has_lone_surrogate(struct sst_span text, size_t *at, size_t end)
{
	for (; *at < end; ++*at) {
		int half = surrogate_at(text, *at);

		if (half == 1 && surrogate_at(text, *at + 6) == 2) {
			*at += 11;
			continue;
		}
		if (half != 0)
			return true;
		if (text.at[*at] == '\\')
			++*at;
	}
	return false;
}

/* The string whose token ends here. */
static int
check_string(struct reading *r)
{
	size_t end = here(r), at = token_start(r->text, end);

	if (!has_lone_surrogate(r->text, &at, end))
		return 1;
	return fault_at(r, at, sst_span_of("half of a surrogate pair"));
}

/* A node for the value whose token ends here, in its place in the tree. */
static struct sst_doc_node *
add(struct reading *r, enum sst_doc_kind kind)
{
	struct sst_doc_node *node = sst_arena_zero(r->arena, sizeof(*node));
	struct level *level;

	if (node == NULL) {
		out_of_memory(r);
		return NULL;
	}
	r->end = here(r);
	node->kind = kind;
	locate(r, token_start(r->text, here(r)), &node->line, &node->column);
	if (r->depth == 0) {
		r->root = node;
		return node;
	}
	level = &r->levels[r->depth - 1];
	node->name = r->name;
	r->name = (struct sst_span){ NULL, 0 };
	if (level->last == NULL)
		level->node->first = node;
	else
		level->last->next = node;
	level->last = node;
	level->node->count++;
	return node;
}

static int
add_text(struct reading *r, enum sst_doc_kind kind, struct sst_span text)
{
	struct sst_doc_node *node = add(r, kind);

	if (node == NULL)
		return 0;
	node->text = sst_arena_copy(r->arena, text);
	return node->text.at != NULL ? 1 : out_of_memory(r);
}

static int
on_null(void *ctx)
{
	return add(ctx, SST_DOC_NULL) != NULL;
}

static int
on_boolean(void *ctx, int value)
{
	return add(ctx, value ? SST_DOC_TRUE : SST_DOC_FALSE) != NULL;
}

static int
on_number(void *ctx, const char *text, size_t len)
{
	return add_text(ctx, SST_DOC_NUMBER, sst_span(text, len));
}

static int
on_string(void *ctx, const unsigned char *text, size_t len)
{
	return check_string(ctx) &&
	       add_text(ctx, SST_DOC_STRING, sst_span((const char *)text, len));
}

static int
on_name(void *ctx, const unsigned char *text, size_t len)
{
	struct reading *r = ctx;

	if (!check_string(r))
		return 0;
	r->name = sst_arena_copy(r->arena, sst_span((const char *)text, len));
	return r->name.at != NULL ? 1 : out_of_memory(r);
}

static int
begin(struct reading *r, enum sst_doc_kind kind)
{
	struct sst_doc_node *node;

	if (r->depth == SST_DOC_DEPTH)
		return fault_at(
			r, here(r) - 1, sst_span_of("nested too deeply"));
	node = add(r, kind);
	if (node == NULL)
		return 0;
	r->levels[r->depth++] = (struct level){ node, NULL };
	return 1;
}

static int
on_object(void *ctx)
{
	return begin(ctx, SST_DOC_OBJECT);
}

static int
on_array(void *ctx)
{
	return begin(ctx, SST_DOC_ARRAY);
}

static int
on_end(void *ctx)
{
	struct reading *r = ctx;

	r->depth--;
	r->end = here(r);
	return 1;
}

/* For qsort: by name, then by place. */
static int
by_name(const void *a, const void *b)
{
	const struct sst_doc_node *x = *(struct sst_doc_node *const *)a;
	const struct sst_doc_node *y = *(struct sst_doc_node *const *)b;
	int order = sst_span_order(x->name, y->name);

	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	if (order == 0)
		order = (x->column > y->column) - (x->column < y->column);
	return order;
}

/* Sorted, because an answer from a server may have very many members. */
static int
on_object_end(void *ctx)
{
	struct reading *r = ctx;
	const struct sst_doc_node *object = r->levels[--r->depth].node;
	struct sst_doc_node **members, *twice = NULL;
	size_t n = 0;

	r->end = here(r);
	if (object->count < 2)
		return 1;
	members = calloc(object->count, sizeof(*members));
	if (members == NULL)
		return out_of_memory(r);
	for (struct sst_doc_node *m = object->first; m != NULL; m = m->next)
		members[n++] = m;
	qsort(members, n, sizeof(*members), by_name);
	for (size_t i = 1; i < n && twice == NULL; i++)
		if (sst_span_eq(members[i - 1]->name, members[i]->name))
			twice = members[i];
	free(members);
	if (twice == NULL)
		return 1;
	r->status = SST_ECONFIG;
	r->fault->line = twice->line;
	r->fault->column = twice->column;
	(void)snprintf(r->fault->text, sizeof(r->fault->text),
		"a second member '%.*s'",
		twice->name.len < 64 ? (int)twice->name.len : 64,
		twice->name.at);
	return 0;
}

/* What yajl did not like: its message's first line without "parse error: " and
 * full stop, and where. */
static void
complain(struct reading *r)
{
	unsigned char *said = yajl_get_error(r->parser, 0, NULL, 0);
	struct sst_span text = sst_span_of(
		said == NULL ? "not valid JSON" : (const char *)said);
	bool is_parse = sst_span_starts(text, sst_span_of("parse error: "));
	size_t at = here(r), colon;

	text = sst_span_head(text, sst_span_find(text, '\n'));
	colon = sst_span_find(text, ':');
	if (colon + 2 < text.len)
		text = sst_span_from(text, colon + 2);
	/* After a token that may not be here; before a character that may not,
	 * but for this one message. */
	if (is_parse && !r->is_ending)
		at = token_start(r->text, at);
	else if (at > 0 && sst_span_is(text, "invalid char in json text."))
		at--;
	if (sst_span_ends(text, sst_span_of(".")))
		text.len--;
	(void)fault_at(r, at, text);
	yajl_free_error(r->parser, said);
}

/* yajl takes overlong UTF-8 and surrogates for valid, and vertical tabs and
 * form feeds for white space. */
static bool
has_only_text(struct reading *r)
{
	size_t valid = sst_utf8_valid(r->text);

	for (size_t i = 0; i < valid; i++) {
		unsigned char c = (unsigned char)r->text.at[i];

		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			return fault_at(
				r, i, sst_span_of("a control character"));
	}
	return valid == r->text.len ||
	       fault_at(r, valid, sst_span_of("bytes that are not UTF-8"));
}

/* Behind a whole document yajl takes a string or comment that is still open at
 * the end of the text for nothing. Nothing else can stand there: white space
 * and comments that end. */
static bool
has_clean_end(struct reading *r)
{
	struct sst_span rest = sst_span_from(r->text, r->end);

	while (rest.len != 0) {
		bool is_long = sst_span_starts(rest, sst_span_of("/*"));
		size_t at = r->text.len - rest.len;

		if (rest.at[0] == '"')
			return fault_at(r, at, sst_span_of("trailing garbage"));
		if (is_long)
			rest = sst_span_from(rest, 2);
		else if (rest.at[0] == '/')
			rest = sst_span_from(rest, sst_span_find(rest, '\n'));
		else
			rest = sst_span_from(rest, 1);
		while (is_long && !sst_span_starts(rest, sst_span_of("*/"))) {
			if (rest.len == 0)
				return fault_at(r, at,
					sst_span_of("a comment without end"));
			rest = sst_span_from(rest, 1);
		}
		if (is_long)
			rest = sst_span_from(rest, 2);
	}
	return true;
}

static void
parse(struct reading *r)
{
	yajl_status status;

	status = yajl_parse(
		r->parser, (const unsigned char *)r->text.at, r->text.len);
	if (status == yajl_status_ok) {
		r->is_ending = true;
		status = yajl_complete_parse(r->parser);
	}
	if (status != yajl_status_ok && r->status == SST_OK)
		complain(r);
	if (r->status == SST_OK)
		(void)has_clean_end(r);
}

enum sst_status
sst_doc_parse(struct sst_doc_node **out, struct sst_arena *arena,
	struct sst_span text, bool allow_comments, struct sst_doc_fault *fault)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_null,
		.yajl_boolean = on_boolean,
		.yajl_number = on_number,
		.yajl_string = on_string,
		.yajl_start_map = on_object,
		.yajl_map_key = on_name,
		.yajl_end_map = on_object_end,
		.yajl_start_array = on_array,
		.yajl_end_array = on_end,
	};

	struct reading r = {
		.text = text, .arena = arena, .line = 1, .fault = fault
	};

	if (text.len > SST_DOC_MAX) {
		(void)fault_at(&r, 0, sst_span_of("larger than 8 MiB"));
		return r.status;
	}
	if (!has_only_text(&r))
		return r.status;
	r.parser = yajl_alloc(&callbacks, NULL, &r);
	if (r.parser == NULL)
		return SST_ENOMEM;
	(void)yajl_config(r.parser, yajl_allow_comments, allow_comments);
	(void)yajl_config(r.parser, yajl_dont_validate_strings, 1);
	parse(&r);
	yajl_free(r.parser);
	*out = r.root;
	return r.status;
}

const char *
sst_doc_library_version(void)
{
	static char text[32];
	int version = yajl_version();

	(void)snprintf(text, sizeof(text), "%d.%d.%d", version / 10000,
		version / 100 % 100, version % 100);
	return text;
}
