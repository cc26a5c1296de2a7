/* SPDX-License-Identifier: ISC */
/*
 * work -- what the parts of redact/redact share; nothing else includes it.
 *
 *   plan.c      a plan's steps applied to one text
 *   nested.c    objects and arrays, member by member
 *   pair.c      one pair, and what is remembered of it
 *   redact.c    an event
 *   redactor.c  a policy made ready
 */
#ifndef SST_REDACT_WORK_H
#define SST_REDACT_WORK_H

#include "redact/agent.h"
#include "redact/cryptopan.h"
#include "redact/domain.h"
#include "redact/find.h"
#include "redact/known_agent.h"
#include "redact/memo.h"
#include "redact/pseudonym.h"
#include "redact/redact.h"
#include "redact/template.h"
#include "redact/value.h"

/* What became of a value. */
enum sst_change {
	SST_SAME,
	SST_CHANGED,
	SST_GONE
};

/* How a field is gone about: the cheap ways apart. */
enum sst_way {
	SST_WAY_KEEP,
	SST_WAY_DROP,
	SST_WAY_SECOND, /* truncate:1s, which most times are already */
	SST_WAY_REKEY,  /* that alone */
	SST_WAY_MASK,   /* that alone */
	SST_WAY_REDUCE, /* that alone, of user_agent */
	SST_WAY_TEXT,   /* its plan, each time */
	SST_WAY_MEMO,   /* its plan, remembered */
	SST_WAY_NESTED
};

/* Contexts of what is remembered: a field's number, or one of these. */
enum sst_context {
	SST_CONTEXT_OWN = SST_FIELD_COUNT, /* of the event's own host */
	SST_CONTEXT_HOST,                  /* the domain of a host */
	SST_CONTEXT_ORIGIN,                /* of a URL: what becomes of it */
	SST_CONTEXT_COUNT
};

/* Sets and bytes of the memory of hosts, referrers and what else repeats: small
 * enough for the processor's cache, since a miss there costs more than what
 * most plans do. */
#define SST_MEMO_SETS_BITS 11
#define SST_MEMO_BYTES ((size_t)256 << 10)

/* A value of up to 16 bytes that its field's plan leaves as it is: methods,
 * names of events and of campaigns are asked about again and again. */
struct sst_short_value {
	uint64_t head, tail;
	uint32_t field, len; /* field 0: none */
};
#define SST_STAYS 256

struct sst_redactor {
	const struct sst_policy *policy;
	struct sst_policy loose; /* its rules that are not for one table key */
	const struct sst_plan *plans[SST_FIELD_COUNT];
	uint8_t ways[SST_FIELD_COUNT];
	bool is_unclassified[SST_FIELD_COUNT];
	bool is_daily[SST_FIELD_COUNT]; /* outcomes depend on the day */
	bool has_own_site; /* some plan asks whether a URL is the site's own */

	struct sst_agents agents;
	struct sst_template template;
	struct sst_finder *finder;
	struct sst_known_agents *known_agents;
	struct sst_short_value stays[SST_STAYS]; /* by hash */
	struct sst_memo memo;
	struct sst_cryptopan *pan; /* NULL: no plan has it */
	struct sst_pseudonyms pseudonyms;
	struct sst_masks masks;
	const char *const *sites;
	size_t site_count;
	int64_t max_age_us;
	bool marks;
	struct sst_tally *tally;
	struct sst_redact_counts *counts;

	struct sst_buf work[2]; /* a step's input and output */
	struct sst_buf settled; /* what the last round gave */
	struct sst_buf text;    /* a value, decoded */
	struct sst_buf nested;  /* an object, written anew */
	struct sst_arena arena; /* pairs of nested values, kept */
	struct sst_pair *pairs[SST_SCAN_DEPTH + 1];

	/* of the event at hand */
	uint64_t line;
	uint32_t day;        /* YYYYMMDD of the visit; 1: it has no time */
	char date[10];       /* as the last time spelled it, or "" */
	struct sst_span own; /* registrable domain of its host, or empty */
	uint64_t own_digest; /* tells one from another */
	char own_text[SST_HOST_MAX + 1];
	uint64_t changed_fields[SST_FIELD_WORDS];
};

/* One text and where it stands. */
struct sst_subject {
	struct sst_span text; /* decoded, padded */
	struct sst_span key;  /* a member's name, or empty */
	enum sst_field field;
	uint32_t done; /* out: bits, enum in redact/tally.h */
	bool is_own;   /* out: a URL of the own site, gone on with */
	char found[SST_TALLY_SHAPE]; /* out: the first finding, its head */
	size_t found_len;
};

/* True is certain: running the plan would leave the text of a field, under no
 * key of its own, as it is. */
bool sst_plan_is_settled(const struct sst_redactor *r,
	const struct sst_plan *plan, enum sst_field field,
	struct sst_span text);

/*
 * Apply a plan until it leaves the result alone. SST_CHANGED: *result is the
 * text, until the next call.
 */
enum sst_change sst_plan_run(struct sst_redactor *r,
	const struct sst_plan *plan, struct sst_subject *subject,
	struct sst_span *result);

/* Redact a nested value of the event; `name` is its key. On SST_CHANGED
 * r->nested is what it becomes, as JSON. */
enum sst_change sst_nested_run(struct sst_redactor *r,
	const struct sst_plan *plan, const struct sst_pair *pair,
	struct sst_span name);

/* Do what the policy says with each pair. */
void sst_pairs_redact(struct sst_redactor *r, struct sst_event *event);

/* Run a plan over a pair that is no object, and remember nothing. */
void sst_pair_run(struct sst_redactor *r, struct sst_event *event,
	const struct sst_plan *plan, struct sst_pair *pair);

/* Leave a pair out; `done` says why. */
void sst_pair_remove(struct sst_redactor *r, struct sst_event *event,
	struct sst_pair *pair, uint32_t done);

/* Count what was done with a value of `field`. */
void sst_redact_note(struct sst_redactor *r, struct sst_span field,
	uint32_t done, struct sst_span value);

#endif
