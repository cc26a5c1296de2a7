/* SPDX-License-Identifier: ISC */
/*
 * agent_own -- the lists of formats/agents.json. Private to agent.c and
 * agent_own.c.
 */
#ifndef SST_ENRICH_AGENT_OWN_H
#define SST_ENRICH_AGENT_OWN_H

#include "enrich/agent_list.h"
#include "text/doc.h"

enum sst_own_kind {
	SST_OWN_BROWSERS,
	SST_OWN_SYSTEMS,
	SST_OWN_DEVICES,
	SST_OWN_KINDS
};

/* Add what the lists of a tree have. */
enum sst_status sst_agents_own_read(struct sst_agent_list *lists[SST_OWN_KINDS],
	struct sst_arena *arena, const char *path,
	const struct sst_doc_node *root, struct sst_err *err) SST_MUST_USE;

#endif
