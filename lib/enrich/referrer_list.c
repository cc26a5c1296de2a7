/* SPDX-License-Identifier: ISC */
#include "enrich/referrer_list.h"

#include "text/scan.h"

#include <stdlib.h>

#define ARENA ((size_t)32 * 1024 * 1024)

/* What `kind` of a source means. */
static const struct {
	const char *kind;
	char medium[2 * SST_PAD];
	enum sst_site_kind site;
} kinds[] = {
	{ "search", "organic", SST_SITE_SEARCH },
	{ "social", "social", SST_SITE_SOCIAL },
	{ "chat", "social", SST_SITE_SOCIAL },
	{ "video", "video", SST_SITE_VIDEO },
	{ "shopping", "referral", SST_SITE_SHOPPING },
	{ "email", "email", SST_SITE_OTHER },
	{ "ai", "ai-assistant", SST_SITE_AI },
	{ "paid", "paid", SST_SITE_OTHER },
};

static const char *const campaign_keys[] = {
	[SST_CAMPAIGN_SOURCE] = "source",
	[SST_CAMPAIGN_MEDIUM] = "medium",
	[SST_CAMPAIGN_NAME] = "campaign",
	[SST_CAMPAIGN_TERM] = "term",
	[SST_CAMPAIGN_CONTENT] = "content",
	[SST_CAMPAIGN_CLICK] = NULL, /* a list of its own */
};

static const char *const file_keys[] = { "name", "sources", "campaign",
	"click_ids", "samples", NULL };
static const char *const source_keys[] = { "source", "kind", "hosts", "terms",
	"names", NULL };
static const char *const click_keys[] = { "name", "source", "medium", NULL };

struct reading {
	struct sst_referrer_list *list;
	const char *path;
	struct sst_err *err;
};

/* FNV-1a, 64 bits (Fowler, Noll, Vo): the keys are few, short and ours. */
static size_t
hash_of(struct sst_span key)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (uint8_t)key.at[i]) * 0x100000001b3U;
	return (size_t)(hash ^ hash >> 32);
}

static struct sst_index_row *
row_of(const struct sst_index *index, struct sst_span key)
{
	size_t at = hash_of(key) & index->mask;

	while (index->rows[at].key.at != NULL &&
		!sst_span_eq(index->rows[at].key, key))
		at = (at + 1) & index->mask;
	return &index->rows[at];
}

uint32_t
sst_index_find(const struct sst_index *index, struct sst_span key)
{
	const struct sst_index_row *row = row_of(index, key);

	return row->key.at == NULL ? UINT32_MAX : row->value;
}

static bool
index_init(struct sst_index *index, size_t keys)
{
	size_t rows = 16;

	while (rows < keys * 2)
		rows *= 2;
	index->rows = calloc(rows, sizeof(*index->rows));
	index->mask = rows - 1;
	return index->rows != NULL;
}

static enum sst_status
no_memory(const struct reading *r)
{
	return sst_fail_memory(r->err, "the referrers");
}

/* A copy in lower case that lives as long as the list; at NULL: no memory. */
static struct sst_span
lower_copy(const struct reading *r, struct sst_span text)
{
	char *at = sst_arena_take(&r->list->arena, text.len);

	for (size_t i = 0; at != NULL && i < text.len; i++)
		at[i] = sst_lower(text.at[i]);
	return sst_span(at, text.len);
}

/* A text that is there, may stand in JSON as it is, and is not too long. */
static enum sst_status
need_text(const struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *owner, const char *what)
{
	if (node != NULL && node->kind == SST_DOC_STRING &&
		node->text.len != 0 && node->text.len <= SST_HOST_MAX &&
		sst_json_is_plain(node->text))
		return SST_OK;
	return sst_doc_fail(r->err, r->path, node != NULL ? node : owner,
		"expected %s: a text without quotes and control bytes", what);
}

static enum sst_status
need_list(const struct reading *r, const struct sst_doc_node *node,
	const struct sst_doc_node *owner, const char *what)
{
	if (node != NULL && node->kind == SST_DOC_ARRAY && node->count != 0)
		return SST_OK;
	return sst_doc_fail(r->err, r->path, node != NULL ? node : owner,
		"expected a list '%s'", what);
}

static enum sst_status
no_strangers(const struct reading *r, const struct sst_doc_node *node,
	const char *const *known)
{
	const struct sst_doc_node *bad = NULL;

	if (node->kind != SST_DOC_OBJECT)
		return sst_doc_fail(
			r->err, r->path, node, "expected an object");
	bad = sst_doc_unknown_member(node, known);
	if (bad == NULL)
		return SST_OK;
	return sst_doc_fail(r->err, r->path, bad, "'%.*s' is not known here",
		(int)bad->name.len, bad->name.at);
}

/* Add "host", "host/path" or "stem.*" of a source. */
static enum sst_status
read_host(const struct reading *r, const struct sst_doc_node *node,
	uint32_t source)
{
	struct sst_span host = node->text, path;
	size_t slash = sst_span_find(host, '/');
	uint32_t mine = (uint32_t)r->list->rule_count++, *link;
	struct sst_index_row *row;

	path = sst_span_from(host, slash);
	host = sst_span_head(host, slash);
	if (host.len > 2 && sst_span_ends(host, sst_span(".*", 2)))
		host.len--; /* the '.' stays: no host ends with one */
	host = lower_copy(r, host);
	path = sst_arena_copy(&r->list->arena, path);
	if (host.at == NULL || path.at == NULL)
		return no_memory(r);
	row = row_of(&r->list->hosts, host);
	if (row->key.at == NULL) {
		row->key = host;
		row->value = UINT32_MAX;
	}
	link = &row->value;
	while (*link != UINT32_MAX && r->list->rules[*link].path.len > path.len)
		link = &r->list->rules[*link].next;
	if (*link != UINT32_MAX &&
		sst_span_eq(r->list->rules[*link].path, path))
		return sst_doc_fail(r->err, r->path, node,
			"'%.*s' is there already", (int)node->text.len,
			node->text.at);
	r->list->rules[mine] = (struct sst_host_rule){ path, source, *link };
	*link = mine;
	return SST_OK;
}

static enum sst_status
read_terms(const struct reading *r, const struct sst_doc_node *node,
	struct sst_source *source)
{
	struct sst_span *terms;

	if (node == NULL)
		return SST_OK;
	terms = sst_arena_zero(&r->list->arena, node->count * sizeof(*terms));
	if (terms == NULL)
		return no_memory(r);
	source->terms = terms;
	for (const struct sst_doc_node *term = node->first; term != NULL;
		term = term->next) {
		enum sst_status status = need_text(r, term, node, "a name");

		if (status != SST_OK)
			return status;
		terms[source->term_count] =
			sst_arena_copy(&r->list->arena, term->text);
		if (terms[source->term_count++].at == NULL)
			return no_memory(r);
	}
	return SST_OK;
}

/* Another spelling of a source; the first source that claims it has it. */
static enum sst_status
add_name(const struct reading *r, struct sst_span name, uint32_t source)
{
	struct sst_index_row *row;

	name = lower_copy(r, name);
	if (name.at == NULL)
		return no_memory(r);
	row = row_of(&r->list->names, name);
	if (row->key.at == NULL)
		*row = (struct sst_index_row){ name, source };
	return SST_OK;
}

static bool
find_kind(struct sst_span text, struct sst_source *source)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sst_span_is(text, kinds[i].kind)) {
			source->medium = sst_span_of(kinds[i].medium);
			source->site = kinds[i].site;
			return true;
		}
	return false;
}

static enum sst_status
read_source(const struct reading *r, const struct sst_doc_node *node)
{
	uint32_t at = (uint32_t)r->list->source_count++;
	struct sst_source *source = &r->list->sources[at];
	const struct sst_doc_node *name = sst_doc_member(node, "source");
	const struct sst_doc_node *hosts = sst_doc_member(node, "hosts");
	const struct sst_doc_node *names = sst_doc_member(node, "names");
	enum sst_status status = no_strangers(r, node, source_keys);

	if (status == SST_OK)
		status = need_text(r, name, node, "'source'");
	if (status == SST_OK)
		status = need_list(r, hosts, node, "hosts");
	if (status != SST_OK)
		return status;
	if (!find_kind(sst_doc_text(node, "kind"), source))
		return sst_doc_fail(r->err, r->path, node,
			"expected a 'kind': search, social, chat, video, "
			"shopping, email, ai or paid");
	source->name = sst_arena_copy(&r->list->arena, name->text);
	if (source->name.at == NULL)
		return no_memory(r);
	source->channel = sst_channel_of(&(struct sst_channel_facts){
		.source = source->name,
		.medium = source->medium,
		.site = source->site,
	});
	status = add_name(r, source->name, at);
	for (node = hosts->first; status == SST_OK && node != NULL;
		node = node->next) {
		status = need_text(r, node, hosts, "a host");
		if (status == SST_OK)
			status = read_host(r, node, at);
	}
	for (node = names == NULL ? NULL : names->first;
		status == SST_OK && node != NULL; node = node->next) {
		status = need_text(r, node, names, "a name");
		if (status == SST_OK)
			status = add_name(r, node->text, at);
	}
	return status;
}

/* Add a parameter of the page's query. */
static enum sst_status
add_param(const struct reading *r, const struct sst_doc_node *name,
	struct sst_campaign_param param)
{
	struct sst_referrer_list *list = r->list;
	struct sst_index_row *row;
	struct sst_span key;

	if (name->text.len > SST_PARAM_MAX)
		return sst_doc_fail(r->err, r->path, name,
			"a parameter's name has at most %zu bytes",
			SST_PARAM_MAX);
	key = lower_copy(r, name->text);
	if (key.at == NULL)
		return no_memory(r);
	row = row_of(&list->params, key);
	if (row->key.at != NULL)
		return sst_doc_fail(r->err, r->path, name,
			"'%.*s' is there already", (int)key.len, key.at);
	*row = (struct sst_index_row){ key, (uint32_t)list->param_count };
	list->param[list->param_count++] = param;
	list->lengths[(uint8_t)key.at[0]] |= (uint64_t)1 << key.len;
	if (key.at[0] >= 'a' && key.at[0] <= 'z')
		list->lengths[(uint8_t)(key.at[0] - 0x20)] |= (uint64_t)1
							      << key.len;
	return SST_OK;
}

static enum sst_status
read_campaign(const struct reading *r, const struct sst_doc_node *node)
{
	for (int key = 0; key < SST_CAMPAIGN_CLICK; key++) {
		const struct sst_doc_node *list =
			sst_doc_member(node, campaign_keys[key]);
		enum sst_status status =
			need_list(r, list, node, campaign_keys[key]);
		uint32_t rank = 0;

		if (status != SST_OK)
			return status;
		for (const struct sst_doc_node *name = list->first;
			name != NULL; name = name->next) {
			status = need_text(r, name, list, "a parameter");
			if (status == SST_OK)
				status = add_param(r, name,
					(struct sst_campaign_param){
						.key = (enum sst_campaign_key)
							key,
						.rank = rank++ });
			if (status != SST_OK)
				return status;
		}
	}
	return SST_OK;
}

static enum sst_status
read_click(
	const struct reading *r, const struct sst_doc_node *node, uint32_t rank)
{
	struct sst_campaign_param param = { .key = SST_CAMPAIGN_CLICK,
		.rank = rank };
	const struct sst_doc_node *name = sst_doc_member(node, "name");
	const struct sst_doc_node *source = sst_doc_member(node, "source");
	const struct sst_doc_node *medium = sst_doc_member(node, "medium");
	enum sst_status status = no_strangers(r, node, click_keys);

	if (status == SST_OK)
		status = need_text(r, name, node, "'name'");
	if (status == SST_OK)
		status = need_text(r, medium, node, "'medium'");
	if (status == SST_OK && source != NULL)
		status = need_text(r, source, node, "'source'");
	if (status != SST_OK)
		return status;
	param.medium = sst_arena_copy(&r->list->arena, medium->text);
	if (source != NULL)
		param.source = sst_arena_copy(&r->list->arena, source->text);
	if (param.medium.at == NULL ||
		(source != NULL && param.source.at == NULL))
		return no_memory(r);
	return add_param(r, name, param);
}

/* How many leaves a tree has: a bound for every table. */
static size_t
leaves(const struct sst_doc_node *node)
{
	size_t n = 1;

	for (node = node == NULL ? NULL : node->first; node != NULL;
		node = node->next)
		n += leaves(node);
	return n;
}

static enum sst_status
allocate(const struct reading *r, const struct sst_doc_node *sources,
	const struct sst_doc_node *campaign, const struct sst_doc_node *clicks)
{
	struct sst_referrer_list *list = r->list;
	size_t hosts = leaves(sources);
	size_t params = leaves(campaign) + leaves(clicks);

	list->sources = calloc(hosts, sizeof(*list->sources));
	list->rules = calloc(hosts, sizeof(*list->rules));
	list->param = calloc(params, sizeof(*list->param));
	if (list->sources == NULL || list->rules == NULL ||
		list->param == NULL || !index_init(&list->hosts, hosts) ||
		!index_init(&list->names, hosts) ||
		!index_init(&list->params, params))
		return no_memory(r);
	return SST_OK;
}

enum sst_status
sst_referrer_list_read(struct sst_referrer_list *list, const char *path,
	const struct sst_doc_node *root, struct sst_err *err)
{
	struct reading r = { list, path, err };
	const struct sst_doc_node *sources = sst_doc_member(root, "sources");
	const struct sst_doc_node *campaign = sst_doc_member(root, "campaign");
	const struct sst_doc_node *clicks = sst_doc_member(root, "click_ids");
	const struct sst_doc_node *node;
	enum sst_status status;
	uint32_t rank = 0;

	sst_arena_init(&list->arena, ARENA);
	status = no_strangers(&r, root, file_keys);
	if (status == SST_OK)
		status = need_list(&r, sources, root, "sources");
	if (status == SST_OK)
		status = need_list(&r, clicks, root, "click_ids");
	if (status == SST_OK && campaign == NULL)
		status = sst_doc_fail(
			err, path, root, "expected an object 'campaign'");
	if (status == SST_OK)
		status = allocate(&r, sources, campaign, clicks);
	if (status != SST_OK)
		return status;
	for (node = sources->first; status == SST_OK && node != NULL;
		node = node->next) {
		struct sst_source *source = &list->sources[list->source_count];

		status = read_source(&r, node);
		if (status == SST_OK)
			status = read_terms(
				&r, sst_doc_member(node, "terms"), source);
	}
	if (status == SST_OK)
		status = read_campaign(&r, campaign);
	for (node = clicks->first; status == SST_OK && node != NULL;
		node = node->next)
		status = read_click(&r, node, rank++);
	return status;
}

void
sst_referrer_list_release(struct sst_referrer_list *list)
{
	free(list->sources);
	free(list->rules);
	free(list->param);
	free(list->hosts.rows);
	free(list->names.rows);
	free(list->params.rows);
	sst_arena_release(&list->arena);
	*list = (struct sst_referrer_list){ 0 };
}
