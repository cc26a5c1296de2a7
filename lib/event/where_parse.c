/* SPDX-License-Identifier: ISC */
/* 'KEY OP VALUE' to a condition. */
#include "event/where_parts.h"

#include "base/num.h"

#define OPERATORS "= != < <= > >= ~ !~ in"

/* Those that begin with another one come before it. */
static const struct {
	const char *text;
	enum sst_where_kind kind;
	bool is_negated;
	uint8_t fits;
} operators[] = {
	{ "!=", SST_WHERE_ORDER, true, SST_WHERE_EQUAL },
	{ "!~", SST_WHERE_MATCH, true, 0 },
	{ "<=", SST_WHERE_ORDER, false, SST_WHERE_LESS | SST_WHERE_EQUAL },
	{ ">=", SST_WHERE_ORDER, false, SST_WHERE_MORE | SST_WHERE_EQUAL },
	{ "=", SST_WHERE_ORDER, false, SST_WHERE_EQUAL },
	{ "<", SST_WHERE_ORDER, false, SST_WHERE_LESS },
	{ ">", SST_WHERE_ORDER, false, SST_WHERE_MORE },
	{ "~", SST_WHERE_MATCH, false, 0 },
	{ "in ", SST_WHERE_IN, false, 0 },
};

static bool
is_of_operator(char c)
{
	return c == '=' || c == '!' || c == '<' || c == '>' || c == '~';
}

static struct sst_span
behind_spaces(struct sst_span text)
{
	while (text.len > 0 && text.at[0] == ' ')
		text = sst_span_from(text, 1);
	return text;
}

static struct sst_span
trimmed(struct sst_span text)
{
	text = behind_spaces(text);
	while (text.len > 0 && text.at[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* Cut "props." or "params." off, and find the field. */
static void
resolve(struct sst_where_condition *c)
{
	static const struct {
		struct sst_span prefix;
		enum sst_field field;
	} nests[] = {
		{ SST_SPAN("props."), SST_F_PROPS },
		{ SST_SPAN("params."), SST_F_PARAMS },
	};

	for (size_t i = 0; i < sizeof(nests) / sizeof(nests[0]); i++)
		if (sst_span_starts(c->key, nests[i].prefix) &&
			c->key.len > nests[i].prefix.len) {
			c->key = sst_span_from(c->key, nests[i].prefix.len);
			c->field = nests[i].field;
			c->is_nested = true;
			return;
		}
	c->field = sst_field_of(c->key);
}

/* Key and operator; what follows is left in *rest. False: no such thing. */
static bool
split(struct sst_where_condition *c, struct sst_span *rest)
{
	struct sst_span text = behind_spaces(*rest);
	size_t n = 0;

	while (n < text.len && text.at[n] != ' ' && !is_of_operator(text.at[n]))
		n++;
	c->key = sst_span_head(text, n);
	text = behind_spaces(sst_span_from(text, n));
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		struct sst_span op = sst_span_of(operators[i].text);

		if (!sst_span_starts(text, op))
			continue;
		c->kind = operators[i].kind;
		c->is_negated = operators[i].is_negated;
		c->fits = operators[i].fits;
		text = sst_span_from(text, op.len);
		/* "==", "=~", ">>": no operator, and no value was meant. */
		if (text.len > 0 && is_of_operator(text.at[0]))
			return false;
		*rest = behind_spaces(text);
		return c->key.len > 0;
	}
	return false;
}

static enum sst_status
parse_list(struct sst_where_condition *c, struct sst_arena *arena,
	struct sst_err *err)
{
	struct sst_span rest = c->value;
	size_t most = 1;

	for (size_t i = 0; i < rest.len; i++)
		most += rest.at[i] == ',';
	c->items = sst_arena_zero(arena, most * sizeof(*c->items));
	if (c->items == NULL)
		return sst_fail_memory(err, "a list");
	while (c->n < most) {
		struct sst_where_item *item = &c->items[c->n++];
		size_t comma = sst_span_find(rest, ',');

		item->word = trimmed(sst_span_head(rest, comma));
		item->is_net = sst_net_read(item->word, &item->net);
		if (item->word.len == 0)
			return sst_fail(
				err, SST_EUSAGE, "a list with an empty place");
		/* "10.0.0.0/33" is a slip, "text/html" a word. */
		if (!item->is_net &&
			sst_net_read(sst_span_head(item->word,
					     sst_span_find(item->word, '/')),
				&item->net))
			return sst_fail(err, SST_EUSAGE, "'%.*s' is no network",
				(int)item->word.len, item->word.at);
		rest = sst_span_from(
			rest, comma < rest.len ? comma + 1 : comma);
	}
	return SST_OK;
}

static enum sst_status
parse_value(struct sst_where_condition *c, struct sst_arena *arena,
	struct sst_err *err)
{
	enum sst_status status;

	/* "user=" asks for a user that is there and empty. */
	if (c->value.len == 0 && c->fits != SST_WHERE_EQUAL)
		return sst_fail(err, SST_EUSAGE, "expected a value");
	switch (c->kind) {
	case SST_WHERE_MATCH:
		status = sst_match_open(&c->match, c->value,
			(struct sst_match_options){ 0 }, err);
		return status == SST_ECONFIG ? SST_EUSAGE : status;
	case SST_WHERE_IN:
		return parse_list(c, arena, err);
	case SST_WHERE_ORDER:
		c->is_number = sst_num_is_json(c->value);
		break;
	}
	return SST_OK;
}

enum sst_status
sst_where_parse(struct sst_where_condition *out, struct sst_arena *arena,
	const char *text, struct sst_err *err)
{
	struct sst_span rest = sst_arena_copy(arena, sst_span_of(text));
	enum sst_status status;

	*out = (struct sst_where_condition){ .field = SST_F_OTHER };
	if (rest.at == NULL)
		return sst_fail_memory(err, "a condition");
	if (!split(out, &rest))
		return sst_fail(err, SST_EUSAGE,
			"--where: '%s': expected KEY OP VALUE, OP being one "
			"of " OPERATORS,
			text);
	resolve(out);
	out->value = rest;
	status = parse_value(out, arena, err);
	if (status != SST_OK && err != NULL) {
		err->status = status;
		(void)sst_fail_in(err, "--where: '%s'", text);
	}
	return status;
}
