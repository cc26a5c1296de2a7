/* SPDX-License-Identifier: ISC */
/*
 * agent -- browser, system and kind of device, by the user agent.
 *
 * Two files know them: our own formats/agents.json, for what came since
 * uap-core's last release and for kinds of devices, and uap-core's
 * regexes.yaml (enrich/uap). Ours is asked first. A program that only uap-core
 * knows for one becomes `bot`.
 *
 * Answers are remembered for some 65,000 agents (base/recall); past that all
 * are forgotten and found anew. Of an agent longer than SST_RECALL_MAX only
 * that much is read.
 */
#ifndef SST_ENRICH_AGENT_H
#define SST_ENRICH_AGENT_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"

#include <stdint.h>

struct sst_agents;

/* `own` is formats/agents.json, `uap` a regexes.yaml. SST_ECONFIG says which
 * line of which is wrong; *out is then NULL. */
enum sst_status sst_agents_open(struct sst_agents **out, const char *own,
	const char *uap, struct sst_err *err) SST_MUST_USE;

/* The event's agent will be asked for: worth a call ahead of other work. */
void sst_agents_expect(struct sst_agents *agents, struct sst_event *event);

/* Set `browser`, `browser_version`, `os`, `os_version`, `device`, as far as
 * they are known, and `bot`. After sst_bots_apply(): a bot's device is "bot".
 * Not for two threads at once. */
void sst_agents_apply(struct sst_agents *agents, struct sst_event *event);

/* Patterns that do not compile, of those that were tried. */
uint64_t sst_agents_bad(const struct sst_agents *agents);

void sst_agents_close(struct sst_agents *agents);

/* Run the samples in a file like formats/agents.json; as sst_bots_test(). */
enum sst_status sst_agents_test(const char *path, struct sst_buf *report,
	struct sst_err *err) SST_MUST_USE;

#endif
