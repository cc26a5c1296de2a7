/* SPDX-License-Identifier: ISC */
/*
 * Which lines are control lines. They pass a tool as they are, past its policy
 * too, so everything in them is checked: nothing rides along.
 */
#include "cli/frame.h"

#include "text/scan.h"

/* Keys of a barrier, and of one of its sources, with room to tell that there
 * are more. */
#define KEYS 12

/* A glob may name many logs. */
#define SOURCES 1024

static bool
is_one_of(struct sst_span key, const char *const *names)
{
	for (; *names != NULL; names++)
		if (sst_span_is(key, *names))
			return true;
	return false;
}

/* No key may be there twice. */
static bool
is_repeated(const struct sst_pair *pairs, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (sst_span_eq(pairs[j].key, pairs[i].key))
			return true;
	return false;
}

static bool
is_source(struct sst_span object)
{
	static const char *const names[] = { "path", "dev", "inode", "born",
		"head", "tail", "offset", "format", NULL };
	struct sst_pair pairs[KEYS];
	enum sst_reason why;
	size_t n;

	if (sst_scan_object(object, pairs, KEYS, &n, &why) != SST_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		if (pairs[i].kind != SST_KIND_STRING ||
			!is_one_of(pairs[i].key, names) ||
			is_repeated(pairs, i))
			return false;
	return true;
}

static bool
are_sources(struct sst_span array)
{
	struct sst_pair elements[SOURCES];
	enum sst_reason why;
	size_t n;

	if (sst_scan_array(array, elements, SOURCES, &n, &why) != SST_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		if (elements[i].kind != SST_KIND_OBJECT ||
			!is_source(elements[i].value))
			return false;
	return true;
}

static bool
is_number(const struct sst_pair *pair)
{
	if (pair->kind != SST_KIND_STRING || pair->value.len == 0)
		return false;
	for (size_t i = 0; i < pair->value.len; i++)
		if (pair->value.at[i] < '0' || pair->value.at[i] > '9')
			return false;
	return true;
}

static bool
is_member(const struct sst_pair *pair)
{
	static const char *const flags[] = { "resume", "end", NULL };

	if (is_one_of(pair->key, flags))
		return pair->kind == SST_KIND_TRUE;
	return sst_span_is(pair->key, "sources") &&
	       pair->kind == SST_KIND_ARRAY && are_sources(pair->value);
}

bool
sst_is_control(struct sst_span line)
{
	static const struct sst_span start = SST_SPAN("{\"_barrier\":\"");
	struct sst_pair pairs[KEYS];
	enum sst_reason why;
	size_t n;

	if (SST_LIKELY(!sst_span_starts(line, start)) ||
		sst_scan_object(line, pairs, KEYS, &n, &why) != SST_OK ||
		!is_number(&pairs[0]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!is_member(&pairs[i]) || is_repeated(pairs, i))
			return false;
	return true;
}
