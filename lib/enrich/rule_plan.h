/* SPDX-License-Identifier: ISC */
/*
 * rule_plan -- rules, compiled. Private to the files that make them
 * (rule_read.c), apply them (rule.c) and run their samples (rule_sample.c).
 */
#ifndef SST_ENRICH_RULE_PLAN_H
#define SST_ENRICH_RULE_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "enrich/rule.h"
#include "event/event.h"
#include "text/doc.h"
#include "text/match.h"

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

/*
 * What an event must have for conditions to be looked at: computed from them,
 * so that most rules cost a few comparisons of words. A gate that is open says
 * nothing.
 */
struct sst_gate {
	uint64_t has[SST_FIELD_WORDS]; /* fields that must be there */
	uint64_t extensions;           /* by sst_extension_bit() */
	uint64_t seconds;              /* of the path, by sst_second_bit() */
	uint32_t statuses;             /* by hundreds; bit 10: absent */
	uint32_t methods;              /* by sst_method_bit() */
	bool needs_query;              /* that is not empty */
};

/* Conditions that must all hold, the cheap ones first. */
struct sst_tests {
	struct sst_gate gate;
	const struct sst_test *at;
	size_t n;
};

struct sst_test {
	enum sst_test_kind kind;
	enum sst_test_kind cost;
	enum sst_field field;         /* what is looked at */
	struct sst_span key;          /* its name, when field is SST_F_OTHER */
	const struct sst_want *wants; /* IN, STARTS, ENDS */
	uint64_t seconds; /* IN, STARTS: bits of their second bytes, by
			     sst_second_bit(); none has another */
	size_t n;         /* of wants or lists */
	union {
		const uint64_t *methods;  /* METHOD: n packed names */
		const uint64_t *statuses; /* STATUS: 1,000 bits */
		struct sst_packed_set extensions;
		const struct sst_param_names *params;
		const struct sst_tests *lists; /* ANY: n lists; NOT: one */
		struct {
			struct sst_match *match;
			struct sst_span prefix; /* text begins so, or no fit */
			size_t groups;
			bool has_names;
		} pattern;
	} is;
};

struct sst_rule {
	struct sst_tests when;
	struct sst_span event; /* JSON spelling */
	bool is_drop;
	bool props_from_query;
	const struct sst_span *name_from; /* parameters, the first that is */
	size_t name_from_count;           /* there and good counts */
};

#define SST_RULE_PROPS ((size_t)64)
#define SST_PROP_NAME_MAX ((size_t)64)

struct sst_prop {
	struct sst_span name, value;
};

struct sst_rules {
	struct sst_arena arena;
	struct sst_rule *rules; /* SST_RULES_MAX */
	size_t n;
	struct sst_match **matches; /* all patterns, to be closed */
	size_t match_count, match_cap;
	uint64_t limited;

	/* Of the event at hand. */
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

/* A bit for the second byte of a text of two bytes or more (of a path: what
 * follows the '/'). */
static inline uint64_t
sst_second_bit(struct sst_span text)
{
	return (uint64_t)1 << ((uint8_t)text.at[1] & 63);
}

static inline uint64_t
sst_extension_bit(uint64_t packed)
{
	return (uint64_t)1 << (packed * 0x9e3779b97f4a7c15U >> 58);
}

static inline uint32_t
sst_method_bit(uint64_t packed)
{
	return packed == 0x474554 ? 1 : /* GET */
		       packed == 0x48454144 ? 2
					    : /* HEAD */
		       packed == 0x504f5354 ? 4
					    : 8; /* POST */
}

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

/* Compile the rules of a tree; `samples` in it are left to rule_sample.c. */
enum sst_status sst_rules_read(struct sst_rules *rules, const char *path,
	const struct sst_doc_node *root, struct sst_err *err) SST_MUST_USE;

#endif
