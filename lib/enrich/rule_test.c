/* SPDX-License-Identifier: ISC */
#include "enrich/rule_plan.h"

#include "base/num.h"
#include "text/url.h"

#include <stdlib.h>

/* Longer ones are no numbers that anybody counts with. */
#define NUMBER_MAX ((size_t)64)

/* is_wanted: what named groups hold may become properties. */
static bool all_hold(struct sst_rules *rules, struct sst_tests tests,
	const struct sst_rule_view *view, bool is_wanted);

static bool
has_param(const struct sst_param_names *names, struct sst_span query)
{
	struct sst_param param;
	size_t at = 0;

	if (query.len == 0)
		return false;
	while (sst_url_next_param(query, &at, &param)) {
		struct sst_span name = param.name;

		if (param.value.len == 0 || name.len == 0 || name.len > 63 ||
			(names->lengths[(uint8_t)name.at[0]] >> name.len & 1) ==
				0)
			continue;
		for (size_t i = 0; i < names->n; i++)
			if (sst_span_eq(names->at[i], name))
				return true;
	}
	return false;
}

/* The pair of a key that is not in the field table, or NULL. The common case
 * is that the event has no such keys at all. */
static const struct sst_pair *
find_other(struct sst_event *event, struct sst_span key)
{
	bool is_built = event->line.at == NULL;

	return is_built && event->others == 0 ? NULL
					      : sst_event_find(event, key);
}

/* The text of a key; at NULL when it is absent. */
static struct sst_span
text_of(const struct sst_test *test, const struct sst_rule_view *view)
{
	const struct sst_pair *pair;

	if (test->field == SST_F_PATH)
		return view->path;
	if (test->field != SST_F_OTHER)
		return sst_event_peek(view->event, test->field);
	pair = find_other(view->event, test->key);
	if (pair == NULL)
		return sst_span(NULL, 0);
	return sst_event_pair_text(view->event, pair);
}

/* Most texts differ in their first 8 bytes, which costs no call. */
static bool
is_one(const struct sst_test *test, struct sst_span text)
{
	uint64_t head = sst_head(text);

	for (size_t i = 0; i < test->n; i++) {
		const struct sst_want *want = &test->wants[i];

		if (test->kind == SST_TEST_ENDS) {
			if (sst_span_ends(text, want->text))
				return true;
			continue;
		}
		if (((head ^ want->head) & want->mask) != 0 ||
			(test->kind == SST_TEST_IN ? text.len != want->text.len
						   : text.len < want->text.len))
			continue;
		if (want->text.len <= 8 || sst_span_starts(text, want->text))
			return true;
	}
	return false;
}

/* Remember the named groups of a match, for the rule that fits. */
static void
note_groups(struct sst_rules *rules, const struct sst_test *test,
	const struct sst_span *groups)
{
	for (size_t i = 1; i <= test->is.pattern.groups; i++) {
		struct sst_span name =
			sst_match_group_name(test->is.pattern.match, i);

		if (name.len == 0 || groups[i].at == NULL ||
			rules->found_count == SST_MATCH_GROUPS)
			continue;
		rules->found[rules->found_count++] =
			(struct sst_prop){ name, groups[i] };
	}
}

/* Has it the literals that the pattern begins and ends with? */
static bool
may_match(const struct sst_test *test, struct sst_span text)
{
	if (!sst_span_starts(text, test->is.pattern.prefix))
		return false;
	return sst_span_ends(text, test->is.pattern.suffix) ||
	       (text.len > 0 && text.at[text.len - 1] == '\n');
}

static bool
matches(struct sst_rules *rules, const struct sst_test *test,
	const struct sst_rule_view *view, bool is_wanted)
{
	struct sst_span groups[SST_MATCH_GROUPS];
	struct sst_span text = text_of(test, view);
	bool wants_groups = is_wanted && test->is.pattern.has_names;

	if (text.at == NULL || !may_match(test, text))
		return false;
	switch (sst_match_find(test->is.pattern.match, text, 0,
		wants_groups ? groups : NULL)) {
	case SST_MATCH_YES:
		if (wants_groups)
			note_groups(rules, test, groups);
		return true;
	case SST_MATCH_LIMIT:
		rules->limited++;
		return false;
	case SST_MATCH_NO:
		break;
	}
	return false;
}

static bool
is_in_range(const struct sst_test *test, struct sst_span text)
{
	char digits[NUMBER_MAX + 1];
	double value;

	if (text.len == 0 || text.len > NUMBER_MAX || !sst_num_is_json(text))
		return false;
	memcpy(digits, text.at, text.len);
	digits[text.len] = '\0';
	value = strtod(digits, NULL);
	return value >= test->is.range.first && value <= test->is.range.last;
}

static bool
is_in_nets(const struct sst_test *test, struct sst_span text)
{
	struct sst_ip ip;

	return sst_ip_read(text, &ip) && sst_nets_have(test->is.nets, &ip);
}

static bool
holds(struct sst_rules *rules, const struct sst_test *test,
	const struct sst_rule_view *view, bool is_wanted)
{
	struct sst_span text;

	switch (test->kind) {
	case SST_TEST_HAS:
		return test->field != SST_F_OTHER
			       ? sst_event_has(view->event, test->field)
			       : find_other(view->event, test->key) != NULL;
	case SST_TEST_METHOD:
		for (size_t i = 0; i < test->n; i++)
			if (test->is.methods[i] == view->method)
				return true;
		return false;
	case SST_TEST_STATUS:
		return test->is.statuses[view->status / 64] >>
			       (view->status % 64) &
		       1;
	case SST_TEST_EXTENSION:
		return view->path.at != NULL &&
		       sst_packed_has(&test->is.extensions, view->extension);
	case SST_TEST_IN:
	case SST_TEST_STARTS:
	case SST_TEST_ENDS:
		text = text_of(test, view);
		return text.at != NULL && is_one(test, text);
	case SST_TEST_RANGE:
		text = text_of(test, view);
		return text.at != NULL && is_in_range(test, text);
	case SST_TEST_NET:
		text = text_of(test, view);
		return text.at != NULL && is_in_nets(test, text);
	case SST_TEST_QUERY_HAS:
		return has_param(test->is.params, view->query);
	case SST_TEST_PATTERN:
		return matches(rules, test, view, is_wanted);
	case SST_TEST_ANY:
		for (size_t i = 0; i < test->n; i++)
			if (all_hold(rules, test->is.lists[i], view, is_wanted))
				return true;
		return false;
	case SST_TEST_NOT:
		return !all_hold(rules, test->is.lists[0], view, false);
	}
	return false;
}

static bool
all_hold(struct sst_rules *rules, struct sst_tests tests,
	const struct sst_rule_view *view, bool is_wanted)
{
	size_t before = rules->found_count;

	for (size_t i = 0; i < tests.n; i++)
		if (!holds(rules, &tests.at[i], view, is_wanted)) {
			rules->found_count = before;
			return false;
		}
	return true;
}

bool
sst_rule_holds(struct sst_rules *rules, struct sst_tests tests,
	const struct sst_rule_view *view)
{
	return all_hold(rules, tests, view, true);
}
