/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "base/wide.h"

/* Alternatives of a rule that get a clause each; more are one test. */
#define ALTERNATIVES_MAX ((size_t)8)

#define GATE_WORDS ((SST_ROWS + 63) / 64)

/* What an event must be for tests to hold: a bit per row that allows it, and
 * the fields that must be there. */
struct gate {
	uint64_t rows[GATE_WORDS];
	uint64_t fields[SST_FIELD_WORDS];
};

/* Where the rows of a fact begin, and those of the next. */
static const size_t bounds[SST_FACTS + 1] = {
	[SST_FACT_STATUS] = SST_ROWS_STATUS,
	[SST_FACT_METHOD] = SST_ROWS_METHOD,
	[SST_FACT_QUERY] = SST_ROWS_QUERY,
	[SST_FACT_SECOND] = SST_ROWS_SECOND,
	[SST_FACT_THIRD] = SST_ROWS_THIRD,
	[SST_FACT_LAST] = SST_ROWS_LAST,
	[SST_FACT_EXTENSION] = SST_ROWS_EXTENSION,
	[SST_FACTS] = SST_ROWS,
};

/* ---- facts ---- */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#define ONES UINT64_C(0x0101010101010101)
#define LOWS (ONES * 0x7f)

/* The top bit of each byte that is zero, and of no other. */
static inline uint64_t
zero_bytes(uint64_t x)
{
	return ~(((x & LOWS) + LOWS) | x | LOWS);
}

/* sst_lower() of 8 bytes: a sum's top bit says whether its byte is at least
 * 'A', or more than 'Z'. */
static inline uint64_t
lower_bytes(uint64_t x)
{
	uint64_t low = x & LOWS;
	uint64_t upper = (low + ONES * (0x80 - 'A')) &
			 ~(low + ONES * (0x7f - 'Z')) & ~x & ~LOWS;

	return x | upper >> 2;
}

/* The last 8 bytes at once. */
uint64_t
sst_extension_of(struct sst_span path)
{
	char padded[16] = { 0 };
	const char *end = path.at + path.len;
	uint64_t word, marks;
	unsigned n;

	if (SST_UNLIKELY(path.len <= SST_PACK_MAX)) {
		if (path.len > 0)
			memcpy(padded + 9 - path.len, path.at, path.len);
		end = padded + 9;
	}
	word = sst_load8(end - 8);
	marks = zero_bytes(word ^ ONES * '.') | zero_bytes(word ^ ONES * '/');
	n = marks == 0 ? 8 : (unsigned)__builtin_clzll(marks) / 8;
	if (n == 0 || end[-1 - (int)n] != '.')
		return 0;
	return __builtin_bswap64(lower_bytes(word)) &
	       UINT64_MAX >> (64 - 8 * n);
}

#else

uint64_t
sst_extension_of(struct sst_span path)
{
	uint64_t word = 0;

	for (size_t i = 0; i <= SST_PACK_MAX && i < path.len; i++) {
		char c = path.at[path.len - 1 - i];

		if (c == '.')
			return word;
		if (c == '/' || i == SST_PACK_MAX)
			break;
		word |= (uint64_t)(uint8_t)sst_lower(c) << (8 * i);
	}
	return 0;
}

#endif

/* ---- gates ---- */

static inline bool
has_row(const struct gate *gate, size_t row)
{
	return gate->rows[row / 64] >> (row % 64) & 1;
}

static inline void
add_row(struct gate *gate, size_t row)
{
	gate->rows[row / 64] |= (uint64_t)1 << (row % 64);
}

/* All rows of a fact: it says nothing. */
static void
allow_fact(struct gate *gate, enum sst_fact fact)
{
	for (size_t row = bounds[fact]; row < bounds[fact + 1]; row++)
		add_row(gate, row);
}

/* The bytes that every text which is, or begins with, `head` has. */
static void
allow_head(struct gate *gate, struct sst_span head, bool is_whole)
{
	if (is_whole || head.len > 1)
		add_row(gate, sst_byte_row(SST_ROWS_SECOND, head, 1));
	else
		allow_fact(gate, SST_FACT_SECOND);
	if (is_whole || head.len > 2)
		add_row(gate, sst_byte_row(SST_ROWS_THIRD, head, 2));
	else
		allow_fact(gate, SST_FACT_THIRD);
}

/* The same for the end of a path. */
static void
allow_tail(struct gate *gate, struct sst_span tail, bool is_whole)
{
	bool has_extension = is_whole || sst_span_find(tail, '.') < tail.len ||
			     sst_span_find(tail, '/') < tail.len;

	if (is_whole || tail.len > 0)
		add_row(gate, sst_byte_row(SST_ROWS_LAST, tail,
				      tail.len == 0 ? 0 : tail.len - 1));
	else
		allow_fact(gate, SST_FACT_LAST);
	if (has_extension)
		add_row(gate, sst_extension_row(sst_extension_of(tail)));
	else
		allow_fact(gate, SST_FACT_EXTENSION);
}

/* What texts to compare the path with say. */
static void
allow_wants(struct gate *gate, const struct sst_test *test)
{
	for (size_t i = 0; i < test->n; i++) {
		struct sst_span want = test->wants[i].text;

		if (test->kind == SST_TEST_ENDS) {
			allow_fact(gate, SST_FACT_SECOND);
			allow_fact(gate, SST_FACT_THIRD);
		} else {
			allow_head(gate, want, test->kind == SST_TEST_IN);
		}
		if (test->kind == SST_TEST_STARTS) {
			allow_fact(gate, SST_FACT_LAST);
			allow_fact(gate, SST_FACT_EXTENSION);
		} else {
			allow_tail(gate, want, test->kind == SST_TEST_IN);
		}
	}
}

/* Where a pattern ends. Its "$" also holds before a line end. */
static void
allow_end(struct gate *gate, struct sst_span suffix)
{
	if (suffix.len == 0) {
		allow_fact(gate, SST_FACT_LAST);
		return;
	}
	add_row(gate, sst_byte_row(SST_ROWS_LAST, suffix, suffix.len - 1));
	add_row(gate, sst_byte_row(SST_ROWS_LAST, sst_span("\n", 1), 0));
}

static void
allow_statuses(struct gate *gate, const uint64_t *statuses)
{
	for (size_t s = 0; s < 1000; s++)
		if (statuses[s / 64] >> (s % 64) & 1)
			add_row(gate, SST_ROWS_STATUS + s / 100);
}

static struct gate gate_of(struct sst_tests tests);

/* One of the alternatives must hold. */
static struct gate
gate_of_any(const struct sst_test *test)
{
	struct gate any = gate_of(test->is.lists[0]);

	for (size_t i = 1; i < test->n; i++) {
		struct gate one = gate_of(test->is.lists[i]);

		for (size_t k = 0; k < GATE_WORDS; k++)
			any.rows[k] |= one.rows[k];
		for (size_t k = 0; k < SST_FIELD_WORDS; k++)
			any.fields[k] &= one.fields[k];
	}
	return any;
}

/* What one test asks of every event that it holds for. */
static struct gate
gate_of_test(const struct sst_test *test)
{
	struct gate gate = { .rows = { 0 } };
	bool is_path = test->field == SST_F_PATH;

	if (test->kind == SST_TEST_ANY)
		return gate_of_any(test);
	if (test->kind == SST_TEST_HAS && test->field != SST_F_OTHER)
		gate.fields[test->field / 64] |= (uint64_t)1
						 << (test->field % 64);
	if (test->kind == SST_TEST_METHOD)
		for (size_t i = 0; i < test->n; i++)
			add_row(&gate, sst_method_row(test->is.methods[i]));
	if (test->kind == SST_TEST_STATUS)
		allow_statuses(&gate, test->is.statuses);
	if (test->kind == SST_TEST_QUERY_HAS)
		add_row(&gate, SST_ROWS_QUERY + 1);
	if (test->kind == SST_TEST_EXTENSION)
		for (size_t i = 0; i <= test->is.extensions.mask; i++)
			if (test->is.extensions.rows[i] != SST_PACK_FREE)
				add_row(&gate,
					sst_extension_row(
						test->is.extensions.rows[i]));
	if (is_path &&
		(test->kind == SST_TEST_IN || test->kind == SST_TEST_STARTS ||
			test->kind == SST_TEST_ENDS))
		allow_wants(&gate, test);
	if (is_path && test->kind == SST_TEST_PATTERN) {
		allow_head(&gate, test->is.pattern.prefix, false);
		allow_end(&gate, test->is.pattern.suffix);
	}
	/* A fact that the test said nothing about may be any. */
	for (int fact = 0; fact < SST_FACTS; fact++) {
		bool is_said = false;

		for (size_t row = bounds[fact]; row < bounds[fact + 1]; row++)
			is_said |= has_row(&gate, row);
		if (!is_said)
			allow_fact(&gate, (enum sst_fact)fact);
	}
	return gate;
}

static void
narrow(struct gate *gate, const struct gate *by)
{
	for (size_t i = 0; i < GATE_WORDS; i++)
		gate->rows[i] &= by->rows[i];
	for (size_t i = 0; i < SST_FIELD_WORDS; i++)
		gate->fields[i] |= by->fields[i];
}

static struct gate
gate_of(struct sst_tests tests)
{
	struct gate gate = { .fields = { 0 } };

	memset(gate.rows, 0xff, sizeof(gate.rows));
	for (size_t i = 0; i < tests.n; i++) {
		struct gate one = gate_of_test(&tests.at[i]);

		narrow(&gate, &one);
	}
	return gate;
}

/* ---- clauses ---- */

static bool
is_whole_hundreds(const uint64_t *statuses)
{
	for (size_t s = 0; s < 1000; s++) {
		size_t first = s - s % 100;

		if ((statuses[s / 64] >> (s % 64) & 1) !=
			(statuses[first / 64] >> (first % 64) & 1))
			return false;
	}
	return true;
}

/* Does the gate say all that the test would? */
static bool
is_answered(const struct sst_test *test)
{
	switch (test->kind) {
	case SST_TEST_HAS:
		return test->field != SST_F_OTHER;
	case SST_TEST_METHOD:
		for (size_t i = 0; i < test->n; i++)
			if (sst_method_row(test->is.methods[i]) ==
				SST_ROWS_METHOD + SST_METHOD_OTHER)
				return false;
		return true;
	case SST_TEST_STATUS:
		return is_whole_hundreds(test->is.statuses);
	default:
		return false;
	}
}

/* The block with room for one more clause, or NULL. */
static struct sst_rule_block *
block_with_room(struct sst_rules *rules)
{
	struct sst_rule_block *block = rules->last;

	if (block != NULL && block->n < SST_BLOCK_CLAUSES)
		return block;
	block = sst_arena_zero(&rules->arena, sizeof(*block));
	if (block == NULL)
		return NULL;
	if (rules->last == NULL)
		rules->first = block;
	else
		rules->last->next = block;
	rules->last = block;
	block->number = rules->block_count++;
	return block;
}

/* Make the tests of `when` a clause; of the one test that is `any`, if there
 * is one, the alternative `which` takes the place. */
static bool
add_clause(struct sst_rules *rules, const struct sst_rule *rule,
	const struct sst_test *any, size_t which)
{
	const struct sst_tests when = rule->when;
	size_t max = when.n + (any == NULL ? 0 : any->is.lists[which].n);
	struct sst_rule_block *block = block_with_room(rules);
	struct sst_test *tests =
		sst_arena_zero(&rules->arena, (max + 1) * sizeof(*tests));
	struct gate gate;
	uint64_t bit;
	size_t n = 0, kept = 0;

	if (block == NULL || tests == NULL)
		return false;
	for (size_t i = 0; i < when.n; i++) {
		if (&when.at[i] != any) {
			tests[n++] = when.at[i];
			continue;
		}
		for (size_t k = 0; k < any->is.lists[which].n; k++)
			tests[n++] = any->is.lists[which].at[k];
	}
	gate = gate_of((struct sst_tests){ tests, n });
	bit = (uint64_t)1 << block->n;
	for (size_t row = 0; row < SST_ROWS; row++)
		if (has_row(&gate, row))
			block->rows[row] |= bit;
	for (size_t f = 0; f < SST_FIELD_COUNT; f++)
		if (gate.fields[f / 64] >> (f % 64) & 1)
			block->needs[f] |= bit;
	for (size_t i = 0; i < SST_FIELD_WORDS; i++)
		block->fields[i] |= gate.fields[i];
	for (size_t i = 0; i < n; i++)
		if (!is_answered(&tests[i]))
			tests[kept++] = tests[i];
	block->clauses[block->n++] = (struct sst_clause){ tests, kept, rule };
	return sst_rule_words_add(
		rules, block, bit, (struct sst_tests){ tests, kept });
}

/* The "any" whose alternatives become clauses, or NULL: what stands beside it
 * is then tested for each of them, so it must be cheap. */
static const struct sst_test *
find_any(struct sst_tests when)
{
	const struct sst_test *any = NULL;

	for (size_t i = 0; i < when.n; i++) {
		const struct sst_test *test = &when.at[i];

		if (test->kind == SST_TEST_ANY && any == NULL &&
			test->n <= ALTERNATIVES_MAX)
			any = test;
		else if (test->kind >= SST_TEST_QUERY_HAS)
			return NULL;
	}
	return any;
}

bool
sst_rule_index(struct sst_rules *rules, const struct sst_rule *rule)
{
	const struct sst_test *any = find_any(rule->when);
	size_t n = any == NULL ? 1 : any->n;

	for (size_t i = 0; i < n; i++)
		if (!add_clause(rules, rule, any, i))
			return false;
	return true;
}

/* ---- looking ---- */

/* The clauses of a block that the facts leave. */
static inline uint64_t
open_clauses(const struct sst_rule_block *block, const struct sst_event *event,
	const size_t rows[SST_FACTS])
{
	const uint64_t *allowed = block->rows;
	uint64_t open =
		allowed[rows[SST_FACT_STATUS]] &
		allowed[rows[SST_FACT_METHOD]] & allowed[rows[SST_FACT_QUERY]] &
		allowed[rows[SST_FACT_SECOND]] & allowed[rows[SST_FACT_THIRD]] &
		allowed[rows[SST_FACT_LAST]] &
		allowed[rows[SST_FACT_EXTENSION]];

	for (size_t i = 0; i < SST_FIELD_WORDS; i++) {
		uint64_t missing = block->fields[i] & ~event->has[i];

		for (; missing != 0; missing &= missing - 1)
			open &= ~block->needs[i * 64 +
					      (size_t)__builtin_ctzll(missing)];
	}
	return open;
}

/* So many clauses cost more to test than a look at the text. */
#define MANY 3

/* Leave out clauses whose words are not in the event. `looked` has a bit for
 * each text that was searched already. */
static inline uint64_t
with_words(struct sst_rules *rules, const struct sst_rule_block *block,
	uint64_t open, unsigned *looked, const struct sst_rule_view *view)
{
	for (size_t i = 0; i < rules->text_count; i++) {
		uint64_t asked = open & block->worded[i];
		bool is_looked = *looked >> i & 1;

		if (rules->texts[i].words == NULL ||
			(!is_looked && __builtin_popcountll(asked) < MANY))
			continue;
		if (!is_looked)
			sst_rule_words_look(rules, i, view);
		*looked |= 1U << i;
		open &= ~asked | rules->texts[i].seen[block->number];
	}
	return open;
}

/* Clauses of one rule stand together, and several may hold. */
static void
add_rule(struct sst_rules *rules, const struct sst_rule *rule)
{
	size_t n = rules->adding_count;

	if (n < SST_RULE_ADDING && (n == 0 || rules->adding[n - 1] != rule))
		rules->adding[rules->adding_count++] = rule;
}

const struct sst_rule *
sst_rule_find(struct sst_rules *rules, const struct sst_rule_view *view)
{
	const struct sst_span path = view->path;
	const size_t rows[SST_FACTS] = {
		[SST_FACT_STATUS] = SST_ROWS_STATUS + view->status / 100,
		[SST_FACT_METHOD] = sst_method_row(view->method),
		[SST_FACT_QUERY] = SST_ROWS_QUERY + (view->query.len != 0),
		[SST_FACT_SECOND] = sst_byte_row(SST_ROWS_SECOND, path, 1),
		[SST_FACT_THIRD] = sst_byte_row(SST_ROWS_THIRD, path, 2),
		[SST_FACT_LAST] = sst_byte_row(
			SST_ROWS_LAST, path, path.len == 0 ? 0 : path.len - 1),
		[SST_FACT_EXTENSION] = sst_extension_row(view->extension),
	};

	unsigned looked = 0;

	if (SST_UNLIKELY(!rules->is_ready))
		sst_rule_words_compile(rules);
	rules->found_count = 0;
	rules->adding_count = 0;
	for (const struct sst_rule_block *block = rules->first; block != NULL;
		block = block->next) {
		uint64_t open = open_clauses(block, view->event, rows);

		if (SST_UNLIKELY(__builtin_popcountll(open) >= MANY))
			open = with_words(rules, block, open, &looked, view);
		for (; open != 0; open &= open - 1) {
			const struct sst_clause *clause =
				&block->clauses[__builtin_ctzll(open)];

			if (clause->n != 0 &&
				!sst_rule_holds(rules,
					(struct sst_tests){
						clause->at, clause->n },
					view))
				continue;
			if (SST_LIKELY(clause->rule->event.len != 0 ||
				       clause->rule->is_drop))
				return clause->rule;
			add_rule(rules, clause->rule);
		}
	}
	return NULL;
}
