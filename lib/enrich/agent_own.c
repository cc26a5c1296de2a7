/* SPDX-License-Identifier: ISC */
#include "enrich/agent_own.h"

#include "text/scan.h"

static const struct {
	const char *list;
	const char *name; /* the member that says what it is */
} kinds[SST_OWN_KINDS] = {
	[SST_OWN_BROWSERS] = { "browsers", "browser" },
	[SST_OWN_SYSTEMS] = { "systems", "os" },
	[SST_OWN_DEVICES] = { "devices", "device" },
};

static const char *const file_keys[] = { "name", "browsers", "systems",
	"devices", "samples", NULL };

static bool
is_device(struct sst_span name)
{
	static const char *const devices[] = { "desktop", "mobile", "tablet",
		"tv", "bot", "other" };

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (sst_span_is(name, devices[i]))
			return true;
	return false;
}

/* Does it compile? What is tried late would be missed late. */
static enum sst_status
check_pattern(
	const char *path, const struct sst_doc_node *node, struct sst_err *err)
{
	const struct sst_match_options none = { .is_caseless = false };
	struct sst_match *match;
	struct sst_err why = { 0 };

	if (node == NULL || node->kind != SST_DOC_STRING || node->text.len == 0)
		return sst_doc_fail(err, path, node, "expected a pattern");
	if (sst_match_open(&match, node->text, none, &why) != SST_OK)
		return sst_doc_fail(err, path, node, "%s", why.text);
	sst_match_close(match);
	return SST_OK;
}

static enum sst_status
read_entry(struct sst_agent_list *list, struct sst_arena *arena,
	const char *path, enum sst_own_kind kind,
	const struct sst_doc_node *node, struct sst_err *err)
{
	const char *const keys[] = { kinds[kind].name, "pattern", NULL };
	const struct sst_doc_node *bad = sst_doc_unknown_member(node, keys);
	const struct sst_doc_node *pattern = sst_doc_member(node, "pattern");
	struct sst_agent_pattern entry = {
		.parts = { sst_doc_text(node, kinds[kind].name) },
		.groups = { 0, 1, 2, 3, 4 },
	};
	enum sst_status status;

	if (node->kind != SST_DOC_OBJECT || bad != NULL)
		return sst_doc_fail(err, path, bad == NULL ? node : bad,
			"expected '%s' and 'pattern'", kinds[kind].name);
	if (entry.parts[0].len == 0 || !sst_json_is_plain(entry.parts[0]))
		return sst_doc_fail(err, path, node,
			"expected '%s' without quotes and control bytes",
			kinds[kind].name);
	if (kind == SST_OWN_DEVICES && !is_device(entry.parts[0]))
		return sst_doc_fail(err, path, node,
			"expected a 'device': desktop, mobile, tablet, tv, "
			"bot or other");
	status = check_pattern(path, pattern == NULL ? node : pattern, err);
	if (status != SST_OK)
		return status;
	entry.text = pattern->text;
	return sst_agent_list_add(list, arena, &entry, err);
}

enum sst_status
sst_agents_own_read(struct sst_agent_list *lists[SST_OWN_KINDS],
	struct sst_arena *arena, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	const struct sst_doc_node *bad =
		sst_doc_unknown_member(root, file_keys);
	enum sst_status status = SST_OK;

	if (root->kind != SST_DOC_OBJECT || bad != NULL)
		return sst_doc_fail(err, path, bad == NULL ? root : bad,
			"expected 'browsers', 'systems', 'devices' and "
			"'samples'");
	for (int kind = 0; kind < SST_OWN_KINDS; kind++) {
		const struct sst_doc_node *list =
			sst_doc_member(root, kinds[kind].list);
		const struct sst_doc_node *node =
			list == NULL ? NULL : list->first;

		if (list != NULL && list->kind != SST_DOC_ARRAY)
			return sst_doc_fail(err, path, list, "expected a list");
		for (; node != NULL && status == SST_OK; node = node->next)
			status = read_entry(lists[kind], arena, path,
				(enum sst_own_kind)kind, node, err);
	}
	return status;
}
