/* SPDX-License-Identifier: ISC */
#include "enrich/agent.h"

#include "base/arena.h"
#include "base/recall.h"
#include "enrich/agent_own.h"
#include "enrich/sample.h"
#include "enrich/uap.h"
#include "text/doc.h"
#include "text/scan.h"

#include <stdlib.h>

/* A month of a large site: 65,536 agents, in 2 MiB for their tags. */
#define RECALL_BITS 15
#define KNOWN ((size_t)65536)
/* What is known of them, some 60 bytes each. */
#define ARENA ((size_t)16 * 1024 * 1024)
/* The file's tree, and its texts. */
#define FILE_ARENA ((size_t)16 * 1024 * 1024)
#define TEXT ((size_t)65536)

/* In the order of the fields. */
enum value {
	BROWSER,
	BROWSER_VERSION,
	OS,
	OS_VERSION,
	DEVICE,
	BOT,
	VALUES
};

static const enum sst_field fields[VALUES] = { SST_F_BROWSER,
	SST_F_BROWSER_VERSION, SST_F_OS, SST_F_OS_VERSION, SST_F_DEVICE,
	SST_F_BOT };

/* In JSON spelling; at NULL: not known. */
struct known {
	struct sst_span values[VALUES];
	bool is_escaped[VALUES];
};

struct sst_agents {
	struct sst_uap uap; /* behind our own browsers and systems */
	struct sst_agent_list devices;
	struct sst_recall recall;
	struct sst_span expected; /* an agent that will be asked for */
	struct sst_recall_key expected_key;
	uint64_t generation; /* of what is remembered */
	struct known *known; /* KNOWN */
	size_t n;
	struct sst_arena arena; /* of known */
	struct sst_buf work, spelled;
};

static enum sst_status
open_own(struct sst_agents *agents, const char *path, struct sst_err *err)
{
	struct sst_agent_list *lists[SST_OWN_KINDS] = {
		[SST_OWN_BROWSERS] = &agents->uap.lists[SST_UAP_BROWSER],
		[SST_OWN_SYSTEMS] = &agents->uap.lists[SST_UAP_SYSTEM],
		[SST_OWN_DEVICES] = &agents->devices,
	};
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, FILE_ARENA);
	status = sst_doc_read_file(&root, &arena, path, err);
	if (status == SST_OK)
		status = sst_agents_own_read(
			lists, &agents->uap.arena, path, root, err);
	sst_arena_release(&arena);
	return status;
}

enum sst_status
sst_agents_open(struct sst_agents **out, const char *own, const char *uap,
	struct sst_err *err)
{
	struct sst_agents *agents = calloc(1, sizeof(*agents));
	enum sst_status status;

	*out = NULL;
	if (agents == NULL)
		return sst_fail_memory(err, "user agents");
	sst_uap_init(&agents->uap);
	sst_arena_init(&agents->arena, ARENA);
	sst_buf_init(&agents->work, TEXT);
	sst_buf_init(&agents->spelled, TEXT);
	agents->known = calloc(KNOWN, sizeof(*agents->known));
	if (agents->known == NULL ||
		!sst_recall_init(&agents->recall, RECALL_BITS))
		status = sst_fail_memory(err, "user agents");
	else
		status = open_own(agents, own, err);
	if (status == SST_OK && uap != NULL)
		status = sst_uap_read(&agents->uap, uap, err);
	if (status == SST_OK)
		status = sst_uap_compile(&agents->uap, err);
	if (status == SST_OK)
		status = sst_agent_list_compile(&agents->devices, err);
	if (status == SST_OK)
		*out = agents;
	else
		sst_agents_close(agents);
	return status;
}

/* ---- what an agent says ---- */

struct answer {
	const struct sst_agent_pattern *pattern; /* NULL: nothing */
	struct sst_span groups[SST_MATCH_GROUPS];
};

static void
ask(struct answer *answer, struct sst_agent_list *list, struct sst_span agent)
{
	memset(answer->groups, 0, sizeof(answer->groups));
	answer->pattern = sst_agent_list_find(list, agent, answer->groups);
}

/* The work buffer's text, to be kept; at NULL when empty, or no room. */
static struct sst_span
spell(struct sst_agents *agents)
{
	if (agents->work.len == 0)
		return sst_span(NULL, 0);
	sst_buf_reset(&agents->spelled);
	sst_json_put_escaped(&agents->spelled, sst_buf_span(&agents->work));
	return sst_arena_copy(&agents->arena, sst_buf_span(&agents->spelled));
}

/* "Other" is uap-core's word for nothing. */
static struct sst_span
name_of(struct sst_agents *agents, const struct answer *answer)
{
	sst_buf_reset(&agents->work);
	if (answer->pattern != NULL)
		sst_agent_part_put(
			&agents->work, answer->pattern, 0, answer->groups);
	if (sst_span_is(sst_buf_span(&agents->work), "Other"))
		sst_buf_reset(&agents->work);
	return spell(agents);
}

/* "1.2.3", up to the first part that is not there. */
static struct sst_span
version_of(struct sst_agents *agents, const struct answer *answer)
{
	struct sst_buf *to = &agents->work;

	sst_buf_reset(to);
	for (size_t i = 1; i < SST_AGENT_PARTS && answer->pattern != NULL;
		i++) {
		size_t before = to->len;

		if (i > 1)
			SST_BUF_PUT(to, ".");
		sst_agent_part_put(to, answer->pattern, i, answer->groups);
		if (to->len == before + (i > 1)) {
			to->len = before;
			break;
		}
	}
	return spell(agents);
}

static void
learn_pair(struct sst_agents *agents, struct known *known,
	enum sst_uap_kind kind, struct sst_span agent, enum value name)
{
	struct answer answer;

	ask(&answer, &agents->uap.lists[kind], agent);
	known->values[name] = name_of(agents, &answer);
	if (known->values[name].at != NULL)
		known->values[name + 1] = version_of(agents, &answer);
}

/* Ours says which kind. What it does not know, but uap-core has a brand for,
 * is some phone. */
static void
learn_device(
	struct sst_agents *agents, struct known *known, struct sst_span agent)
{
	struct answer answer;

	sst_buf_reset(&agents->work);
	ask(&answer, &agents->devices, agent);
	if (answer.pattern != NULL) {
		sst_agent_part_put(
			&agents->work, answer.pattern, 0, answer.groups);
	} else {
		ask(&answer, &agents->uap.lists[SST_UAP_DEVICE], agent);
		if (answer.pattern != NULL)
			sst_agent_part_put(&agents->work, answer.pattern, 1,
				answer.groups);
		if (agents->work.len > 0) {
			sst_buf_reset(&agents->work);
			SST_BUF_PUT(&agents->work, "mobile");
		} else {
			SST_BUF_PUT(&agents->work, "other");
		}
	}
	known->values[DEVICE] = spell(agents);
}

static void
learn_bot(struct sst_agents *agents, struct known *known, struct sst_span agent)
{
	struct answer answer;

	ask(&answer, &agents->uap.spiders, agent);
	if (answer.pattern == NULL)
		return;
	known->values[BOT] = known->values[BROWSER];
	if (known->values[BOT].at != NULL)
		return;
	sst_buf_reset(&agents->work);
	SST_BUF_PUT(&agents->work, "other");
	known->values[BOT] = spell(agents);
}

static void
learn(struct sst_agents *agents, struct known *known, struct sst_span agent)
{
	*known = (struct known){ .values = { { NULL, 0 } } };
	learn_pair(agents, known, SST_UAP_BROWSER, agent, BROWSER);
	learn_pair(agents, known, SST_UAP_SYSTEM, agent, OS);
	learn_device(agents, known, agent);
	learn_bot(agents, known, agent);
	for (size_t i = 0; i < VALUES; i++)
		known->is_escaped[i] = known->values[i].at != NULL &&
				       sst_span_find(known->values[i], '\\') <
					       known->values[i].len;
}

/* Forget all when there is no room for one more. */
static const struct known *
find(struct sst_agents *agents, struct sst_span agent)
{
	struct sst_recall_key key;
	uint64_t at;

	if (agent.at == agents->expected.at &&
		agent.len == agents->expected.len)
		key = agents->expected_key;
	else
		key = sst_recall_key(
			&agents->recall, agent, agents->generation);
	agents->expected = sst_span(NULL, 0);
	if (SST_LIKELY(sst_recall_find(&agents->recall, &key, &at)))
		return &agents->known[at];
	if (agents->n == KNOWN) {
		agents->n = 0;
		agents->generation++;
		sst_arena_reset(&agents->arena);
		key = sst_recall_key(
			&agents->recall, agent, agents->generation);
	}
	at = agents->n++;
	learn(agents, &agents->known[at], agent);
	sst_recall_put(&agents->recall, &key, at);
	return &agents->known[at];
}

/* What is read of the event's agent. */
static inline struct sst_span
agent_of(struct sst_event *event)
{
	struct sst_span agent = sst_event_peek(event, SST_F_USER_AGENT);

	return agent.len < SST_RECALL_MAX
		       ? agent
		       : sst_span_head(agent, SST_RECALL_MAX);
}

void
sst_agents_expect(struct sst_agents *agents, struct sst_event *event)
{
	agents->expected = agent_of(event);
	if (agents->expected.len == 0)
		return;
	agents->expected_key = sst_recall_key(
		&agents->recall, agents->expected, agents->generation);
	sst_recall_expect(&agents->recall, &agents->expected_key);
}

void
sst_agents_apply(struct sst_agents *agents, struct sst_event *event)
{
	SST_PADDED(bot, "bot");
	struct sst_span agent = agent_of(event);
	const struct known *known;

	if (agent.len == 0)
		return;
	known = find(agents, agent);
	for (size_t i = 0; i < VALUES; i++)
		if (known->values[i].at != NULL &&
			!sst_event_has(event, fields[i]))
			sst_event_put(event, fields[i], SST_KIND_STRING,
				known->values[i], known->is_escaped[i]);
	if (sst_event_has(event, SST_F_BOT))
		sst_event_put(event, SST_F_DEVICE, SST_KIND_STRING, bot, false);
}

uint64_t
sst_agents_bad(const struct sst_agents *agents)
{
	return sst_uap_bad(&agents->uap);
}

void
sst_agents_close(struct sst_agents *agents)
{
	if (agents == NULL)
		return;
	sst_agent_list_release(&agents->devices);
	sst_uap_release(&agents->uap);
	sst_recall_release(&agents->recall);
	free(agents->known);
	sst_arena_release(&agents->arena);
	sst_buf_release(&agents->work);
	sst_buf_release(&agents->spelled);
	free(agents);
}

/* ---- samples ---- */

static void
try_sample(struct sst_samples *samples, struct sst_agents *agents,
	struct sst_event *event, const struct sst_doc_node *sample)
{
	struct sst_span agent = sst_doc_text(sample, "agent");
	const struct sst_doc_node *want = sample->first;

	if (agent.at == NULL || sample->count < 2) {
		sst_samples_add(samples, sample, false,
			"expected 'agent' and what it is");
		return;
	}
	sst_event_reset(event);
	sst_event_set_text(
		event, SST_F_USER_AGENT, sst_event_keep(event, agent));
	sst_agents_apply(agents, event);
	for (; want != NULL; want = want->next) {
		enum sst_field field = sst_field_of(want->name);
		struct sst_span got;

		if (sst_span_is(want->name, "agent"))
			continue;
		got = field == SST_F_OTHER ? sst_span("no such key", 11)
					   : sst_event_text(event, field);
		sst_samples_add(samples, want,
			got.len == want->text.len &&
				(got.len == 0 || sst_span_eq(got, want->text)),
			"the %.*s is '%.*s'", (int)want->name.len,
			want->name.at, (int)got.len,
			got.at == NULL ? "" : got.at);
	}
}

enum sst_status
sst_agents_test(const char *path, struct sst_buf *report, struct sst_err *err)
{
	struct sst_samples samples = { .path = path, .report = report };
	struct sst_event *event = calloc(1, sizeof(*event));
	struct sst_agents *agents = NULL;
	const struct sst_doc_node *node;
	struct sst_arena arena;
	struct sst_doc_node *root;
	enum sst_status status;

	sst_arena_init(&arena, FILE_ARENA);
	if (event == NULL) {
		status = sst_fail_memory(err, "a sample");
		goto out;
	}
	sst_event_init(event);
	status = sst_agents_open(&agents, path, NULL, err);
	if (status == SST_OK)
		status = sst_doc_read_file(&root, &arena, path, err);
	if (status != SST_OK)
		goto out;
	node = sst_doc_member(root, "samples");
	for (node = node == NULL ? NULL : node->first; node != NULL;
		node = node->next)
		try_sample(&samples, agents, event, node);
	status = sst_samples_end(&samples, err);
out:
	sst_agents_close(agents);
	if (event != NULL)
		sst_event_release(event);
	free(event);
	sst_arena_release(&arena);
	return status;
}
