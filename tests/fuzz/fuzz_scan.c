/* SPDX-License-Identifier: ISC */
/*
 * The scanner of lines against yajl (text/doc).
 *
 * Oracles: both accept, or both refuse; members agree in number, order, kind
 * and value, decoded; an accepted value scans again on its own; a decoded
 * string that is escaped again scans, and decodes to the same. Two differences
 * are meant: the scanner does not look for a name that comes twice, and it has
 * room for so many members only.
 */
#include "fuzz.h"

#include "text/doc.h"
#include "text/scan.h"

#define PAIRS 64

static const enum sst_doc_kind doc_kind[] = {
	[SST_KIND_STRING] = SST_DOC_STRING,
	[SST_KIND_NUMBER] = SST_DOC_NUMBER,
	[SST_KIND_TRUE] = SST_DOC_TRUE,
	[SST_KIND_FALSE] = SST_DOC_FALSE,
	[SST_KIND_NULL] = SST_DOC_NULL,
	[SST_KIND_OBJECT] = SST_DOC_OBJECT,
	[SST_KIND_ARRAY] = SST_DOC_ARRAY,
};

struct members {
	struct sst_pair pairs[PAIRS];
	size_t n;
};

static bool
has_backslash(struct sst_span text)
{
	return sst_span_find(text, '\\') < text.len;
}

/* Escape a decoded string, and take it back from an object that has it. */
static void
check_round_trip(struct sst_span plain)
{
	struct sst_buf line, again;
	struct sst_pair pair;
	enum sst_reason why;
	size_t n;

	sst_buf_init(&line, 6 * plain.len + 16);
	sst_buf_init(&again, plain.len);
	SST_BUF_PUT(&line, "{\"k\":\"");
	sst_json_put_escaped(&line, plain);
	SST_BUF_PUT(&line, "\"}");
	FUZZ_CHECK(!line.is_short);
	FUZZ_CHECK(sst_scan_object(sst_buf_span(&line), &pair, 1, &n, &why) ==
		   SST_OK);
	FUZZ_CHECK(n == 1 && pair.kind == SST_KIND_STRING);
	sst_json_put_unescaped(&again, pair.value);
	FUZZ_CHECK(!again.is_short);
	FUZZ_CHECK(sst_span_eq(sst_buf_span(&again), plain));
	FUZZ_CHECK(sst_json_is_plain(plain) == sst_span_eq(pair.value, plain));
	sst_buf_release(&line);
	sst_buf_release(&again);
}

/* Between its quotes it is this text, decoded. */
static void
check_string(struct sst_span inside, bool is_escaped, struct sst_span decoded)
{
	struct sst_buf text;

	FUZZ_CHECK(is_escaped == has_backslash(inside));
	sst_buf_init(&text, inside.len);
	sst_json_put_unescaped(&text, inside);
	FUZZ_CHECK(!text.is_short);
	FUZZ_CHECK(sst_span_eq(sst_buf_span(&text), decoded));
	check_round_trip(decoded);
	sst_buf_release(&text);
}

static void check_members(
	const struct members *members, const struct sst_doc_node *node);

/* A nested value, scanned on its own, has the members that yajl found. */
static void
check_nested(struct sst_span value, const struct sst_doc_node *node)
{
	struct members inner;
	enum sst_reason why;
	enum sst_status status;

	if (node->kind == SST_DOC_OBJECT)
		status = sst_scan_object(
			value, inner.pairs, PAIRS, &inner.n, &why);
	else
		status = sst_scan_array(
			value, inner.pairs, PAIRS, &inner.n, &why);
	if (status == SST_REJECT && why == SST_WHY_TOO_MANY_KEYS)
		return;
	FUZZ_CHECK(status == SST_OK);
	check_members(&inner, node);
}

/* As deep as both parsers go: SST_SCAN_DEPTH. */
static void
check_members(const struct members *members, const struct sst_doc_node *node)
{
	const struct sst_doc_node *child = node->first;

	FUZZ_CHECK(members->n == node->count);
	for (size_t i = 0; i < members->n; i++, child = child->next) {
		const struct sst_pair *pair = &members->pairs[i];

		FUZZ_CHECK(
			child != NULL && child->kind == doc_kind[pair->kind]);
		FUZZ_CHECK(pair->tag == 0);
		FUZZ_CHECK((pair->flags & ~(SST_PAIR_KEY_ESCAPED |
						  SST_PAIR_ESCAPED)) == 0);
		check_string(pair->key, pair->flags & SST_PAIR_KEY_ESCAPED,
			child->name);
		if (pair->kind == SST_KIND_STRING)
			check_string(pair->value,
				pair->flags & SST_PAIR_ESCAPED, child->text);
		else
			FUZZ_CHECK(!(pair->flags & SST_PAIR_ESCAPED));
		if (pair->kind == SST_KIND_NUMBER)
			FUZZ_CHECK(sst_span_eq(pair->value, child->text));
		if (pair->kind >= SST_KIND_OBJECT)
			check_nested(pair->value, child);
	}
	FUZZ_CHECK(child == NULL);
}

static void
compare(struct sst_span text, struct sst_arena *arena)
{
	struct members members;
	struct sst_doc_node *root = NULL;
	struct sst_err err = { 0 };
	enum sst_reason why = SST_WHY_NONE;
	enum sst_status scanned =
		sst_scan_object(text, members.pairs, PAIRS, &members.n, &why);
	enum sst_status parsed = sst_doc_read(&root, arena, text, false, &err);

	FUZZ_CHECK(parsed == SST_OK || parsed == SST_ECONFIG);
	if (scanned == SST_OK && parsed != SST_OK) {
		FUZZ_CHECK(strstr(err.text, "a second member") != NULL);
		return;
	}
	if (scanned == SST_OK) {
		FUZZ_CHECK(root->kind == SST_DOC_OBJECT);
		check_members(&members, root);
		return;
	}
	FUZZ_CHECK(scanned == SST_REJECT);
	switch (why) {
	case SST_WHY_TOO_MANY_KEYS:
		break; /* the scanner stopped before it saw the rest */
	case SST_WHY_NOT_OBJECT:
		FUZZ_CHECK(parsed != SST_OK || root->kind != SST_DOC_OBJECT);
		break;
	case SST_WHY_BAD_JSON:
	case SST_WHY_TOO_DEEP:
	case SST_WHY_BAD_UTF8:
		FUZZ_CHECK(parsed != SST_OK);
		break;
	default:
		FUZZ_CHECK(false && "a reason that the scanner has");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sst_span text = fuzz_copy(sst_span((const char *)data, size));
	struct sst_arena arena;

	/* A node is some 100 bytes, and a value can be one. */
	sst_arena_init(&arena, 256 * size + 65536);
	compare(text, &arena);
	sst_arena_release(&arena);
	free((void *)(uintptr_t)text.at);
	return 0;
}
