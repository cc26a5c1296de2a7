/* SPDX-License-Identifier: ISC */
/*
 * rule_plan -- rules, compiled. Private to the files that read them
 * (rule_read.c, rule_action.c, rule_condition.c), find what may fit
 * (rule_index.c), test it (rule_test.c), apply it (rule.c, rule_props.c,
 * rule_beacon.c, rule_keys.c) and run the samples (rule_sample.c).
 *
 * A rule is one clause or several: conditions that must all hold, where "any"
 * gives one for each alternative. Clauses stand in blocks of 64. A block knows
 * for each fact about an event (its status's hundred, its path's extension
 * ...) which of its clauses that fact leaves possible, as one word with a bit
 * each. So an event costs a load and an AND per fact, whatever the rules; only
 * the clauses that are left are tested.
 */
#ifndef SST_ENRICH_RULE_PLAN_H
#define SST_ENRICH_RULE_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/span.h"
#include "enrich/rule.h"
#include "enrich/words.h"
#include "event/event.h"
#include "text/doc.h"
#include "text/match.h"
#include "text/net.h"

#include <stdbool.h>
#include <stdint.h>

/* In the order of what they cost; ANY and NOT cost what is in them. */
enum sst_test_kind {
	SST_TEST_HAS,
	SST_TEST_METHOD,
	SST_TEST_STATUS,
	SST_TEST_EXTENSION,
	SST_TEST_IN,
	SST_TEST_STARTS,
	SST_TEST_ENDS,
	SST_TEST_RANGE,
	SST_TEST_NET,
	SST_TEST_QUERY_HAS,
	SST_TEST_PATTERN,
	SST_TEST_ANY,
	SST_TEST_NOT
};

/* Eight bytes as one number; longer ones do not fit, 0 is none. */
#define SST_PACK_MAX ((size_t)8)

/* Numbers, open addressing; SST_PACK_FREE marks a free row. */
#define SST_PACK_FREE UINT64_MAX
struct sst_packed_set {
	uint64_t *rows;
	size_t mask;
	unsigned shift; /* of the hash */
};

/* Names of query parameters. */
struct sst_param_names {
	struct sst_span *at;
	size_t n;
	uint64_t lengths[256]; /* by first byte, a bit per length below 64 */
};

/* A text to compare with: its first 8 bytes as a word (in the machine's order,
 * zeros behind a shorter one), and which bits of it count. */
struct sst_want {
	struct sst_span text;
	uint64_t head, mask;
};

/* Conditions that must all hold, the cheap ones first. */
struct sst_tests {
	const struct sst_test *at;
	size_t n;
};

struct sst_test {
	enum sst_test_kind kind;
	enum sst_test_kind cost;
	enum sst_field field;         /* what is looked at */
	struct sst_span key;          /* its name, when field is SST_F_OTHER */
	const struct sst_want *wants; /* IN, STARTS, ENDS */
	size_t n;                     /* of wants, methods or lists */
	union {
		const uint64_t *methods;  /* METHOD: n packed names */
		const uint64_t *statuses; /* STATUS: 1,000 bits */
		struct sst_packed_set extensions;
		const struct sst_param_names *params;
		const struct sst_tests *lists; /* ANY: n lists; NOT: one */
		const struct sst_nets *nets;
		struct {
			double first, last;
		} range;
		struct {
			struct sst_match *match;
			struct sst_span text;
			struct sst_span prefix; /* text begins so, or no fit */
			struct sst_span
				suffix; /* and ends so, but for a '\n' */
			size_t groups;
			bool has_names;
		} pattern;
	} is;
};

/* Some texts: names of parameters, mostly. */
struct sst_texts {
	const struct sst_span *at;
	size_t n;
};

/* What a value of the parameter that names the event stands for. */
struct sst_rule_alias {
	struct sst_span value, event;
};

/* A property that is the first parameter there is of some. */
struct sst_rule_prop {
	struct sst_span name;
	struct sst_texts from;
};

/* A key and the value that it gets, or the key whose value it gets. */
struct sst_rule_key {
	enum sst_field field;
	struct sst_span name; /* of SST_F_OTHER, and of a property */
};
struct sst_rule_set {
	struct sst_rule_key to; /* SST_F_PROPS: a property */
	enum sst_kind kind;
	struct sst_span raw; /* JSON spelling */
};
struct sst_rule_renaming {
	struct sst_rule_key from, to;
};

struct sst_rule {
	struct sst_tests when;
	struct sst_span event; /* JSON spelling, without escapes; empty: this
				  rule only adds to what a later one decides */
	bool is_drop;
	bool props_from_query;
	bool is_beacon;             /* has page_from: speaks of another page */
	struct sst_texts name_from; /* parameters, the first that is there and
				       good counts; here and below */
	struct sst_texts page_from, referrer_from, time_from, sent_from;
	const struct sst_rule_alias *aliases;
	size_t alias_count;
	const struct sst_rule_prop *props;
	size_t prop_count;
	const struct sst_rule_set *sets;
	size_t set_count;
	const struct sst_rule_renaming *renamings;
	size_t renaming_count;
	double rate;            /* of the events that are kept; 0: all */
	struct sst_span weight; /* 1 / rate */
};

/* Facts about an event; each says one of its rows, and no two share one. */
enum sst_fact {
	SST_FACT_STATUS, /* its hundred; the last: absent */
	SST_FACT_METHOD, /* see enum sst_method_row */
	SST_FACT_QUERY,  /* 0: empty, 1: there */
	SST_FACT_SECOND, /* byte of the path, & 63; none is 0 */
	SST_FACT_THIRD,
	SST_FACT_LAST,
	SST_FACT_EXTENSION, /* by sst_extension_row() */
	SST_FACTS
};

enum sst_method_row {
	SST_METHOD_GET,
	SST_METHOD_HEAD,
	SST_METHOD_POST,
	SST_METHOD_OTHER,
	SST_METHOD_ROWS
};

/* So many that few extensions share a row. */
#define SST_EXTENSION_BITS 10

#define SST_ROWS_STATUS 0
#define SST_ROWS_METHOD (SST_ROWS_STATUS + 11)
#define SST_ROWS_QUERY (SST_ROWS_METHOD + SST_METHOD_ROWS)
#define SST_ROWS_SECOND (SST_ROWS_QUERY + 2)
#define SST_ROWS_THIRD (SST_ROWS_SECOND + 64)
#define SST_ROWS_LAST (SST_ROWS_THIRD + 64)
#define SST_ROWS_EXTENSION (SST_ROWS_LAST + 64)
#define SST_ROWS (SST_ROWS_EXTENSION + (1 << SST_EXTENSION_BITS))

/* One alternative of a rule: tests that the block has not answered. */
struct sst_clause {
	const struct sst_test *at;
	size_t n;
	const struct sst_rule *rule;
};

#define SST_BLOCK_CLAUSES 64

/* A clause holds only where one of some words is in a key's text. */
struct sst_rule_need {
	struct sst_rule_need *next;
	struct sst_span *words;
	size_t n;
	size_t block; /* number */
	uint64_t clause;
};

/* The words that clauses need in the text of one key, looked for at once. Keys
 * past the first few have none. */
#define SST_RULE_TEXTS 6
struct sst_rule_text {
	enum sst_field field;
	struct sst_rule_need *needs;
	size_t count;
	struct sst_words *words;          /* NULL: not compiled */
	const struct sst_rule_need **who; /* by word */
	uint64_t *seen; /* by block: clauses one of whose words is there */
};

struct sst_rule_block {
	struct sst_rule_block *next;
	uint64_t rows[SST_ROWS];          /* clauses that a fact allows */
	uint64_t needs[SST_FIELD_COUNT];  /* clauses that need a field */
	uint64_t fields[SST_FIELD_WORDS]; /* those that some clause needs */
	uint64_t worded[SST_RULE_TEXTS];  /* clauses that need a word there */
	size_t number;
	size_t n;
	struct sst_clause clauses[SST_BLOCK_CLAUSES];
};

/* What tests look at most, taken from the event once. */
struct sst_rule_view {
	struct sst_event *event;
	struct sst_span path, query;
	uint64_t method;    /* packed; 0: absent or long */
	uint64_t extension; /* packed, lower case; 0: none */
	size_t status;      /* 1,000: absent */
};

/* So many rules may add to one event; later ones do not. */
#define SST_RULE_ADDING ((size_t)16)
#define SST_RULE_PROPS ((size_t)64)
#define SST_PROP_NAME_MAX ((size_t)64)

struct sst_prop {
	struct sst_span name, value;
};

struct sst_rules {
	struct sst_arena arena;
	struct sst_rule *rules; /* SST_RULES_MAX */
	size_t n;
	struct sst_rule_block *first, *last; /* or NULL */
	size_t block_count;
	struct sst_rule_text texts[SST_RULE_TEXTS];
	size_t text_count;
	bool is_ready;              /* the words are compiled */
	struct sst_match **matches; /* all patterns, to be closed */
	size_t match_count, match_cap;
	uint64_t limited;
	struct sst_digest key; /* of the samples that are taken */
	bool is_sampling;

	/* Of the event at hand. */
	const struct sst_rule *adding[SST_RULE_ADDING]; /* and fit */
	size_t adding_count;
	struct sst_prop found[SST_MATCH_GROUPS]; /* named groups */
	size_t found_count;
	struct sst_span prop_names[SST_RULE_PROPS]; /* in `names` */
	size_t prop_count;
	struct sst_buf work;  /* a value with its escapes undone */
	struct sst_buf clean; /* the same as valid UTF-8 */
	struct sst_buf names; /* names of properties, decoded */
	struct sst_buf props; /* the object */
};

/* Up to SST_PACK_MAX bytes as a number; longer ones give 0. */
static inline uint64_t
sst_pack(struct sst_span text)
{
	uint64_t word = 0;

	if (text.len > SST_PACK_MAX)
		return 0;
	for (size_t i = 0; i < text.len; i++)
		word = word << 8 | (uint8_t)text.at[i];
	return word;
}

/* The first 8 bytes of a text that has SST_PAD readable ones behind it. */
static inline uint64_t
sst_head(struct sst_span text)
{
	uint64_t word;

	memcpy(&word, text.at, sizeof(word));
	return word;
}

static inline size_t
sst_packed_row(const struct sst_packed_set *set, uint64_t word)
{
	return (size_t)(word * 0x9e3779b97f4a7c15U >> set->shift) & set->mask;
}

/* Of `none` as of a long extension: the row of 0 is no other's, unless its
 * hash says so. */
static inline size_t
sst_extension_row(uint64_t packed)
{
	return SST_ROWS_EXTENSION + (size_t)(packed * 0x9e3779b97f4a7c15U >>
					     (64 - SST_EXTENSION_BITS));
}

static inline size_t
sst_method_row(uint64_t packed)
{
	size_t row = packed == 0x474554     ? SST_METHOD_GET
		     : packed == 0x48454144 ? SST_METHOD_HEAD
		     : packed == 0x504f5354 ? SST_METHOD_POST
					    : SST_METHOD_OTHER;

	return SST_ROWS_METHOD + row;
}

/* The row of a byte of a path, among those that begin at `rows`. */
static inline size_t
sst_byte_row(size_t rows, struct sst_span path, size_t i)
{
	return rows + (i < path.len ? (uint8_t)path.at[i] & 63 : 0);
}

/* What follows the last '.' of the last segment, in lower case: 1 to 8 bytes
 * packed, or 0. */
uint64_t sst_extension_of(struct sst_span path);

static inline bool
sst_packed_has(const struct sst_packed_set *set, uint64_t word)
{
	size_t at = sst_packed_row(set, word);

	while (set->rows[at] != SST_PACK_FREE) {
		if (set->rows[at] == word)
			return true;
		at = (at + 1) & set->mask;
	}
	return false;
}

/* Add the clauses of a rule behind those there are. False: no memory. */
bool sst_rule_index(struct sst_rules *rules, const struct sst_rule *rule);

/* Note a literal that one of the tests of a clause needs, if one does. False:
 * no memory. */
bool sst_rule_words_add(struct sst_rules *rules, struct sst_rule_block *block,
	uint64_t clause, struct sst_tests tests);

/* Compile the words of all clauses; where that fails, clauses are only tested
 * one by one. */
void sst_rule_words_compile(struct sst_rules *rules);
void sst_rule_words_release(struct sst_rules *rules);

/* Find them in an event: `seen` of the text is filled. */
void sst_rule_words_look(
	struct sst_rules *rules, size_t text, const struct sst_rule_view *view);

/* The first rule that fits and decides, or NULL; those before it that only add
 * are in `adding`. `found` are the groups of the patterns of all of them. */
const struct sst_rule *sst_rule_find(
	struct sst_rules *rules, const struct sst_rule_view *view);

/* Do n tests hold? */
bool sst_rule_holds(struct sst_rules *rules, struct sst_tests tests,
	const struct sst_rule_view *view);

/* A query's value decoded, as valid UTF-8; until the next call. */
struct sst_span sst_rule_decode(struct sst_rules *rules, struct sst_span value);

/* The value of the first of some parameters that is there and not empty,
 * decoded, until the next call; at NULL: there is none. */
struct sst_span sst_rule_param(
	struct sst_rules *rules, struct sst_texts names, struct sst_span query);

/* Set `props`: what `rule` (or NULL) and those that add make, but for the
 * parameter that named the event. */
void sst_rule_set_props(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view, struct sst_span name_param);

/* A beacon speaks of a page: path, query, host, scheme, referrer and time
 * become those of the page. */
void sst_rule_set_page(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_rule_view *view);

/* Rename and set keys. */
void sst_rule_set_keys(struct sst_rules *rules, const struct sst_rule *rule,
	struct sst_event *event);

/* Is the event one of those that are kept? Then `weight` is set. */
bool sst_rule_samples(const struct sst_rules *rules,
	const struct sst_rule *rule, struct sst_event *event);

/* Compile the rules of a tree; `samples` in it are left to rule_sample.c. */
enum sst_status sst_rules_read(struct sst_rules *rules, const char *path,
	const struct sst_doc_node *root, struct sst_err *err) SST_MUST_USE;

#endif
