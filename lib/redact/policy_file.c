/* SPDX-License-Identifier: ISC */
/* A policy file, checked member by member. */
#include "redact/policy.h"

#include "redact/find.h"
#include "text/doc.h"

struct reading {
	struct sst_policy *policy;
	const char *path;
	const struct sst_policy_finder *finder;
	enum sst_weaker weaker;
	unsigned depth;
	struct sst_err *err;
};

/* Whoever refines may not weaken, unless told. True: take the new value. */
static bool
may_take(const struct reading *r, bool is_weaker, bool *is_refused)
{
	is_weaker = is_weaker && r->policy->file_count > 0;
	*is_refused = is_weaker && r->weaker == SST_WEAKER_REFUSE;
	return !is_weaker || r->weaker == SST_WEAKER_ALLOW;
}

static enum sst_status
refuse_weaker(const struct reading *r, const struct sst_doc_node *at)
{
	(void)sst_doc_fail(r->err, r->path, at,
		"'%.*s' is weaker here than in the policy that it refines; "
		"--allow-weaker takes it",
		(int)at->name.len, at->name.at);
	r->err->status = SST_EUSAGE;
	return SST_EUSAGE;
}

static enum sst_status
check_members(const struct reading *r, const struct sst_doc_node *object,
	const char *const *known, const char *what)
{
	const struct sst_doc_node *odd;

	if (object->kind != SST_DOC_OBJECT)
		return sst_doc_fail(
			r->err, r->path, object, "%s is no object", what);
	odd = sst_doc_unknown_member(object, known);
	if (odd != NULL)
		return sst_doc_fail(r->err, r->path, odd,
			"%s has no member '%.*s'", what, (int)odd->name.len,
			odd->name.at);
	return SST_OK;
}

/* ---- plans ---- */

static enum sst_status
read_step(const struct reading *r, const struct sst_doc_node *node,
	struct sst_step *out)
{
	const char *wrong;

	if (node->kind != SST_DOC_STRING)
		return sst_doc_fail(r->err, r->path, node,
			"an action is a string, such as \"drop\"");
	wrong = sst_step_read(out, r->policy->arena, node->text);
	if (wrong != NULL)
		return sst_doc_fail(r->err, r->path, node, "'%.*s' %s",
			(int)node->text.len, node->text.at, wrong);
	return SST_OK;
}

/* "drop", or ["template", "scan"]. */
static enum sst_status
read_plan(const struct reading *r, const struct sst_doc_node *node,
	struct sst_plan *out)
{
	bool is_list = node->kind == SST_DOC_ARRAY;
	const struct sst_doc_node *at = is_list ? node->first : node;
	enum sst_status status = SST_OK;

	out->n = is_list ? node->count : 1;
	if (out->n == 0 || out->n > SST_PLAN_STEPS)
		return sst_doc_fail(r->err, r->path, node,
			"a list has 1 to %d actions", SST_PLAN_STEPS);
	out->steps = sst_arena_zero(
		r->policy->arena, out->n * sizeof(out->steps[0]));
	if (out->steps == NULL)
		return sst_fail_memory(r->err, "the policy");
	for (size_t i = 0; i < out->n && status == SST_OK; i++, at = at->next)
		status = read_step(r, at, &out->steps[i]);
	return status;
}

/* An action on a key whose type it knows nothing of would do nothing. */
static enum sst_status
check_types(const struct reading *r, const struct sst_doc_node *node,
	const struct sst_policy_rule *rule)
{
	enum sst_field field = sst_field_of(rule->key);
	enum sst_field_type type;

	if (rule->is_prefix || field == SST_F_OTHER)
		return SST_OK;
	type = sst_field_row(field)->type;
	for (size_t i = 0; i < rule->plan.n; i++) {
		enum sst_action action = rule->plan.steps[i].action;

		if (!sst_action_fits(action, type))
			return sst_doc_fail(r->err, r->path, node,
				"'%s' does not fit '%.*s', whose type is %s",
				sst_action_name(action), (int)rule->key.len,
				rule->key.at, sst_field_type_name(type));
	}
	return SST_OK;
}

static enum sst_status
read_rule(const struct reading *r, const struct sst_doc_node *node,
	struct sst_policy_rule *out)
{
	struct sst_span key = node->name;
	enum sst_status status;

	*out = (struct sst_policy_rule){ .path = r->path, .line = node->line };
	if (key.len > 0 && key.at[key.len - 1] == '*') {
		out->is_prefix = true;
		key.len--;
	}
	if (sst_span_find(key, '*') < key.len ||
		(key.len == 0 && !out->is_prefix))
		return sst_doc_fail(r->err, r->path, node,
			"a key is a name, or the beginning of one and a '*'");
	out->key = sst_arena_copy(r->policy->arena, key);
	if (out->key.at == NULL)
		return sst_fail_memory(r->err, "the policy");
	status = read_plan(r, node, &out->plan);
	return status == SST_OK ? check_types(r, node, out) : status;
}

static enum sst_status
read_fields(const struct reading *r, const struct sst_doc_node *fields)
{
	const struct sst_doc_node *node;
	struct sst_policy_rule *rules;
	enum sst_status status = SST_OK;
	size_t n = 0, weaker_rule;

	if (fields->kind != SST_DOC_OBJECT)
		return sst_doc_fail(
			r->err, r->path, fields, "'fields' is no object");
	if (fields->count + r->policy->n > SST_POLICY_RULES)
		return sst_doc_fail(r->err, r->path, fields,
			"a policy has at most %d keys", SST_POLICY_RULES);
	rules = sst_arena_take(
		r->policy->arena, (fields->count + 1) * sizeof(rules[0]));
	if (rules == NULL)
		return sst_fail_memory(r->err, "the policy");
	for (node = fields->first; node != NULL && status == SST_OK;
		node = node->next)
		status = read_rule(r, node, &rules[n++]);
	if (status != SST_OK)
		return status;
	if (sst_policy_refine(r->policy, rules, n, r->weaker, &weaker_rule))
		return SST_OK;
	for (node = fields->first; weaker_rule > 0; weaker_rule--)
		node = node->next;
	return refuse_weaker(r, node);
}

/* ---- the other members ---- */

static enum sst_status
read_unknown(const struct reading *r, const struct sst_doc_node *node)
{
	struct sst_plan plan;
	enum sst_status status = read_plan(r, node, &plan);
	bool is_refused;

	if (status != SST_OK)
		return status;
	if (may_take(r, !sst_plan_is_as_strict(&plan, &r->policy->unknown),
		    &is_refused))
		r->policy->unknown = plan;
	return is_refused ? refuse_weaker(r, node) : SST_OK;
}

static enum sst_status
read_bits(const struct reading *r, const struct sst_doc_node *object,
	const char *name, unsigned max, unsigned *bits)
{
	const struct sst_doc_node *node = sst_doc_member(object, name);
	int64_t value;
	bool is_refused;

	if (node == NULL)
		return SST_OK;
	if (!sst_doc_i64(object, name, &value) || value < 0 || value > max)
		return sst_doc_fail(r->err, r->path, node,
			"'%s' is the number of bits to keep, 0 to %u", name,
			max);
	if (may_take(r, value > *bits, &is_refused))
		*bits = (unsigned)value;
	return is_refused ? refuse_weaker(r, node) : SST_OK;
}

static enum sst_status
read_mask(const struct reading *r, const struct sst_doc_node *node)
{
	static const char *const known[] = { "ipv4", "ipv6", NULL };
	enum sst_status status = check_members(r, node, known, "'mask'");

	if (status == SST_OK)
		status = read_bits(r, node, "ipv4", 32, &r->policy->mask_ipv4);
	if (status == SST_OK)
		status = read_bits(r, node, "ipv6", 128, &r->policy->mask_ipv6);
	return status;
}

static int
kind_of(struct sst_span name)
{
	for (int i = 0; i < SST_FOUND_COUNT; i++)
		if (sst_span_is(name, sst_found_name((enum sst_found_kind)i)))
			return i;
	return -1;
}

static enum sst_status
read_kinds(const struct reading *r, const struct sst_doc_node *list)
{
	uint32_t kinds = 0;
	bool is_refused;

	if (list->kind != SST_DOC_ARRAY)
		return sst_doc_fail(
			r->err, r->path, list, "'kinds' is no list");
	for (const struct sst_doc_node *node = list->first; node != NULL;
		node = node->next) {
		int kind =
			node->kind == SST_DOC_STRING ? kind_of(node->text) : -1;

		if (kind < 0)
			return sst_doc_fail(r->err, r->path, node,
				"no such kind; there are email ip card iban "
				"phone ssn national device jwt key token "
				"mac uuid");
		kinds |= 1U << kind;
	}
	if (may_take(r, (r->policy->kinds & ~kinds) != 0, &is_refused))
		r->policy->kinds = kinds;
	return is_refused ? refuse_weaker(r, list) : SST_OK;
}

/* A member with one of several words, worst first. -1: err says why. */
static int
read_word(const struct reading *r, const struct sst_doc_node *node,
	const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (node->kind == SST_DOC_STRING &&
			sst_span_is(node->text, words[i]))
			return i;
	(void)sst_doc_fail(r->err, r->path, node, "'%.*s' is '%s' or '%s'",
		(int)node->name.len, node->name.at, words[0], words[1]);
	return -1;
}

static enum sst_status
read_scan(const struct reading *r, const struct sst_doc_node *object)
{
	static const char *const known[] = { "kinds", "action", NULL };
	static const char *const actions[] = { "replace", "drop", NULL };
	const struct sst_doc_node *kinds = sst_doc_member(object, "kinds");
	const struct sst_doc_node *action = sst_doc_member(object, "action");
	enum sst_status status = check_members(r, object, known, "'scan'");
	bool is_refused = false;
	int word;

	if (status == SST_OK && kinds != NULL)
		status = read_kinds(r, kinds);
	if (status != SST_OK || action == NULL)
		return status;
	word = read_word(r, action, actions);
	if (word < 0)
		return SST_ECONFIG;
	if (may_take(r, word == 0 && r->policy->scan_drops, &is_refused))
		r->policy->scan_drops = word == 1;
	return is_refused ? refuse_weaker(r, action) : SST_OK;
}

/* "gpc" and "dnt". */
static enum sst_status
read_signal(const struct reading *r, const struct sst_doc_node *node,
	bool *is_honoured)
{
	static const char *const words[] = { "ignore", "opt-out", NULL };
	bool is_refused;
	int word;

	if (node == NULL)
		return SST_OK;
	word = read_word(r, node, words);
	if (word < 0)
		return SST_ECONFIG;
	if (may_take(r, word == 0 && *is_honoured, &is_refused))
		*is_honoured = word == 1;
	return is_refused ? refuse_weaker(r, node) : SST_OK;
}

static enum sst_status
read_without(const struct reading *r, const struct sst_doc_node *node)
{
	static const char *const words[] = { "keep", "anonymous", "drop",
		NULL };
	bool is_refused;
	int word;

	if (node == NULL)
		return SST_OK;
	word = read_word(r, node, words);
	if (word < 0)
		return sst_doc_fail(r->err, r->path, node,
			"'without' is 'keep', 'anonymous' or 'drop'");
	if (may_take(r, word < (int)r->policy->without, &is_refused))
		r->policy->without = (enum sst_without)word;
	return is_refused ? refuse_weaker(r, node) : SST_OK;
}

/* What asks for consent would be worse than refused if it were ignored. */
static enum sst_status
read_consent(const struct reading *r, const struct sst_doc_node *object)
{
	static const char *const known[] = { "gpc", "dnt", "without", NULL };
	static const char *const later[] = { "tcf", "gpp", "usp", "gcs", "gcd",
		"publisher", "vendors", "basis", NULL };
	enum sst_status status;

	for (size_t i = 0; later[i] != NULL; i++)
		if (sst_doc_member(object, later[i]) != NULL)
			return sst_doc_fail(r->err, r->path,
				sst_doc_member(object, later[i]),
				"this version does not read consent strings: "
				"'%s' cannot be honoured",
				later[i]);
	status = check_members(r, object, known, "'consent'");
	if (status == SST_OK)
		status = read_signal(r, sst_doc_member(object, "gpc"),
			&r->policy->honours_gpc);
	if (status == SST_OK)
		status = read_signal(r, sst_doc_member(object, "dnt"),
			&r->policy->honours_dnt);
	if (status == SST_OK)
		status = read_without(r, sst_doc_member(object, "without"));
	return status;
}

/* ---- the file ---- */

static enum sst_status add_file(struct reading *r);

static enum sst_status
add_base(const struct reading *r, const struct sst_doc_node *node)
{
	struct reading base = *r;
	enum sst_status status;
	const char *name;

	if (node->kind != SST_DOC_STRING || r->depth == SST_POLICY_BASES)
		return sst_doc_fail(r->err, r->path, node,
			"'base' is the name of a policy, at most %d deep",
			SST_POLICY_BASES);
	name = sst_arena_copy(r->policy->arena, node->text).at;
	if (name == NULL)
		return sst_fail_memory(r->err, "the policy");
	status = r->finder->find(r->finder->self, name, &base.path, r->err);
	if (status != SST_OK)
		return sst_fail_in(
			r->err, "%s:%u:%u", r->path, node->line, node->column);
	base.depth++;
	return add_file(&base);
}

static void
add_name(struct sst_policy *policy, struct sst_span name)
{
	struct sst_buf whole;

	sst_buf_init(&whole, 4096);
	sst_buf_put_span(&whole, policy->name);
	if (policy->name.len > 0)
		sst_buf_byte(&whole, '+');
	sst_buf_put_span(&whole, name);
	policy->name = sst_arena_copy(policy->arena, sst_buf_span(&whole));
	sst_buf_release(&whole);
}

static enum sst_status
read_members(const struct reading *r, const struct sst_doc_node *file)
{
	static const struct {
		const char *name;
		enum sst_status (*read)(const struct reading *r,
			const struct sst_doc_node *node);
	} members[] = { { "fields", read_fields }, { "unknown", read_unknown },
		{ "mask", read_mask }, { "scan", read_scan },
		{ "consent", read_consent } };
	enum sst_status status = SST_OK;

	for (size_t i = 0;
		i < sizeof(members) / sizeof(members[0]) && status == SST_OK;
		i++) {
		const struct sst_doc_node *node =
			sst_doc_member(file, members[i].name);

		if (node != NULL)
			status = members[i].read(r, node);
	}
	return status;
}

static enum sst_status
add_file(struct reading *r)
{
	static const char *const known[] = { "name", "title", "note", "base",
		"fields", "unknown", "mask", "scan", "consent", "samples",
		NULL };
	struct sst_doc_node *file;
	const struct sst_doc_node *base;
	enum sst_status status =
		sst_doc_read_file(&file, r->policy->arena, r->path, r->err);

	if (status == SST_OK)
		status = check_members(r, file, known, "a policy");
	if (status != SST_OK)
		return status;
	base = sst_doc_member(file, "base");
	if (base != NULL)
		status = add_base(r, base);
	if (status == SST_OK)
		status = read_members(r, file);
	if (status != SST_OK)
		return status;
	add_name(r->policy, sst_doc_text(file, "name").at != NULL
				    ? sst_doc_text(file, "name")
				    : sst_span_of(r->path));
	r->policy->file_count++;
	return SST_OK;
}

enum sst_status
sst_policy_add_file(struct sst_policy *policy, const char *path,
	const struct sst_policy_finder *finder, enum sst_weaker weaker,
	struct sst_err *err)
{
	struct reading r = { policy, path, finder, weaker, 0, err };

	return add_file(&r);
}
