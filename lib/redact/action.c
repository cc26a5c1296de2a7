/* SPDX-License-Identifier: ISC */
#include "redact/action.h"

#include "base/num.h"

/* What an action takes behind a colon. */
enum argument {
	ARG_NONE,
	ARG_NUMBER,       /* digits */
	ARG_UNIT,         /* a unit of time, or digits */
	ARG_COMMAS,       /* names, with commas between */
	ARG_BARS_OR_NONE, /* values, with '|' between, or nothing */
	ARG_DAY_OR_NONE   /* "day", or nothing */
};

/* The types of fields that an action can be applied to, a bit each. */
#define FOR(type) (1U << SST_TYPE_##type)
#define FOR_ALL ((1U << (SST_TYPE_ARRAY + 1)) - 1)

static const struct {
	enum argument argument;
	unsigned types;
} rows[SST_ACT_COUNT] = {
	[SST_ACT_KEEP] = { ARG_NONE, FOR_ALL },
	[SST_ACT_DROP] = { ARG_NONE, FOR_ALL },
	[SST_ACT_MASK] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_HASH] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_CRYPTO_PAN] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_REDUCE] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_ROUND] = { ARG_NUMBER, FOR(NUMBER) | FOR(INT) },
	[SST_ACT_TRUNCATE] = { ARG_UNIT, FOR(STRING) },
	[SST_ACT_ALLOW] = { ARG_COMMAS, FOR(STRING) | FOR(OBJECT) },
	[SST_ACT_SET] = { ARG_BARS_OR_NONE, FOR(STRING) },
	[SST_ACT_DOMAIN] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_TEMPLATE] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_REKEY] = { ARG_DAY_OR_NONE, FOR(STRING) },
	[SST_ACT_DECISION] = { ARG_NONE, FOR(STRING) },
	[SST_ACT_SCAN] = { ARG_NONE, FOR(STRING) | FOR(OBJECT) | FOR(ARRAY) },
	[SST_ACT_REPLACE] = { ARG_NONE, FOR(STRING) },
};

static const struct {
	const char *name, *help;
} texts[SST_ACT_COUNT] = {
#define X(tag, name, help) { name, help },
	SST_ACTIONS(X)
#undef X
};

const char *
sst_action_name(enum sst_action action)
{
	return texts[action].name;
}

const char *
sst_action_help(enum sst_action action)
{
	return texts[action].help;
}

bool
sst_action_fits(enum sst_action action, enum sst_field_type type)
{
	return rows[action].types >> type & 1;
}

/* ---- reading ---- */

static const struct {
	struct sst_span name;
	enum sst_unit unit;
} units[] = {
	{ SST_SPAN("1s"), SST_UNIT_SECOND },
	{ SST_SPAN("1m"), SST_UNIT_MINUTE },
	{ SST_SPAN("1h"), SST_UNIT_HOUR },
	{ SST_SPAN("1d"), SST_UNIT_DAY },
	{ SST_SPAN("year"), SST_UNIT_YEAR },
};

/* More decimals than a double has, and more parts than a version. */
#define NUMBER_MAX 15

static bool
read_number(struct sst_span text, unsigned *out)
{
	uint64_t n;

	if (!sst_num_u64(text, &n) || n > NUMBER_MAX)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool
read_unit(struct sst_span text, struct sst_step *out)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (sst_span_eq(text, units[i].name)) {
			out->unit = units[i].unit;
			return true;
		}
	out->unit = SST_UNIT_PARTS;
	return read_number(text, &out->n) && out->n > 0;
}

/* False: an empty word, or no memory. */
static bool
read_words(struct sst_span text, char separator, struct sst_arena *arena,
	struct sst_step *out)
{
	size_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += text.at[i] == separator;
	out->words = sst_arena_take(arena, n * sizeof(out->words[0]));
	if (out->words == NULL)
		return false;
	for (; out->word_count < n; out->word_count++) {
		size_t len = sst_span_find(text, separator);

		if (len == 0)
			return false;
		out->words[out->word_count] = sst_span_head(text, len);
		text = sst_span_from(text, len < text.len ? len + 1 : len);
	}
	return true;
}

static const char *
read_argument(struct sst_step *out, struct sst_arena *arena,
	struct sst_span text, bool has_argument)
{
	switch (rows[out->action].argument) {
	case ARG_NONE:
		return has_argument ? "takes nothing behind a colon" : NULL;
	case ARG_NUMBER:
		return has_argument && read_number(text, &out->n)
			       ? NULL
			       : "needs a number of decimals: round:1";
	case ARG_UNIT:
		return has_argument && read_unit(text, out)
			       ? NULL
			       : "needs 1s, 1m, 1h, 1d, year, or a number of "
				 "parts: truncate:1s";
	case ARG_COMMAS:
		return has_argument && read_words(text, ',', arena, out)
			       ? NULL
			       : "needs names: allow:page,sort,utm_*";
	case ARG_BARS_OR_NONE:
		return !has_argument || read_words(text, '|', arena, out)
			       ? NULL
			       : "needs values, or nothing: set:a|b";
	case ARG_DAY_OR_NONE:
		out->is_daily = has_argument;
		return !has_argument || sst_span_is(text, "day")
			       ? NULL
			       : "takes nothing but 'day': rekey:day";
	}
	return "is not known";
}

const char *
sst_step_read(
	struct sst_step *out, struct sst_arena *arena, struct sst_span text)
{
	size_t colon;

	*out = (struct sst_step){ .spelled = sst_arena_copy(arena, text) };
	if (out->spelled.at == NULL)
		return "does not fit into memory";
	text = out->spelled;
	colon = sst_span_find(text, ':');
	for (int i = 0; i < SST_ACT_COUNT; i++) {
		if (!sst_span_is(sst_span_head(text, colon), texts[i].name))
			continue;
		out->action = (enum sst_action)i;
		return read_argument(out, arena,
			sst_span_from(
				text, colon < text.len ? colon + 1 : colon),
			colon < text.len);
	}
	return "is no action; there are keep drop mask hash crypto-pan reduce "
	       "round truncate allow set domain template rekey decision scan "
	       "replace";
}

/* ---- asking ---- */

static bool
fits_word(struct sst_span word, struct sst_span name)
{
	if (word.len > 0 && word.at[word.len - 1] == '*')
		return sst_span_starts(name, sst_span_head(word, word.len - 1));
	return sst_span_eq(word, name);
}

bool
sst_step_has_word(const struct sst_step *step, struct sst_span name)
{
	for (size_t i = 0; i < step->word_count; i++)
		if (fits_word(step->words[i], name))
			return true;
	return false;
}

bool
sst_plan_has(const struct sst_plan *plan, enum sst_action action)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->steps[i].action == action)
			return true;
	return false;
}

/* ---- comparing ---- */

static bool
is_subset(const struct sst_step *part, const struct sst_step *whole)
{
	/* A field's own list can be compared with itself only. */
	if (part->word_count == 0 || whole->word_count == 0)
		return part->word_count == whole->word_count;
	for (size_t i = 0; i < part->word_count; i++)
		if (!sst_step_has_word(whole, part->words[i]))
			return false;
	return true;
}

static bool
is_step_as_strict(const struct sst_step *later, const struct sst_step *earlier)
{
	if (later->action != earlier->action)
		return false;
	switch (later->action) {
	case SST_ACT_ROUND:
		return later->n <= earlier->n;
	case SST_ACT_TRUNCATE:
		if (earlier->unit == SST_UNIT_PARTS)
			return later->unit == SST_UNIT_PARTS &&
			       later->n <= earlier->n;
		return later->unit >= earlier->unit;
	case SST_ACT_ALLOW:
	case SST_ACT_SET:
		return is_subset(later, earlier);
	case SST_ACT_REKEY:
		return later->is_daily || !earlier->is_daily;
	default:
		return true;
	}
}

bool
sst_plan_is_as_strict(
	const struct sst_plan *later, const struct sst_plan *earlier)
{
	size_t covered = 0;

	if (sst_plan_has(later, SST_ACT_DROP))
		return true;
	for (size_t i = 0; i < later->n && covered < earlier->n;) {
		const struct sst_step *step = &earlier->steps[covered];

		if (step->action == SST_ACT_KEEP)
			covered++;
		else if (is_step_as_strict(&later->steps[i++], step))
			covered++;
	}
	while (covered < earlier->n &&
		earlier->steps[covered].action == SST_ACT_KEEP)
		covered++;
	return covered == earlier->n;
}

void
sst_plan_put(struct sst_buf *to, const struct sst_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (i > 0)
			SST_BUF_PUT(to, ", ");
		sst_buf_put_span(to, plan->steps[i].spelled);
	}
}
