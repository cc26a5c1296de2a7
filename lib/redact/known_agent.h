/* SPDX-License-Identifier: ISC */
/*
 * known_agent -- agents that were seen, and what each was reduced to.
 *
 * A log has ten thousand agents, again and again, which are reduced to a few
 * hundred forms. Neither is copied per agent: an agent is a number of 52 bits,
 * and its form the number of one in a list, so that all of it stays in the
 * processor's cache.
 *
 * The number is of NH (Black, Halevi, Krawczyk, Krovetz, Rogaway: UMAC, CRYPTO
 * 1999) in two lanes under a key of this run: whoever chooses two agents has no
 * better than about one chance in 2^50 that they are taken for the same; the
 * one would then have the other's reduced form, which is still one. Bounded:
 * the newer agents of a set push out older ones; when the list of forms is
 * full, agents with further forms are reduced each time.
 */
#ifndef SST_REDACT_KNOWN_AGENT_H
#define SST_REDACT_KNOWN_AGENT_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

/* Longer agents and forms are not remembered. */
#define SST_KNOWN_AGENT_MAX ((size_t)512)
#define SST_KNOWN_FORM_MAX ((size_t)192)
#define SST_KNOWN_FORMS ((size_t)1024)

struct sst_known_agents;

/* Some 400 KiB. */
enum sst_status sst_known_agents_open(
	struct sst_known_agents **out, struct sst_err *err) SST_MUST_USE;
void sst_known_agents_close(struct sst_known_agents *known);

/* Get ready to find an agent with SST_PAD readable bytes behind it: its place
 * comes into the cache while other things are done. */
void sst_known_agents_ask(
	struct sst_known_agents *known, struct sst_span agent);

/* The form of the agent that was asked for last. *form lives as long as
 * `known`, and has the padding too. */
bool sst_known_agents_find(const struct sst_known_agents *known,
	struct sst_span agent, struct sst_span *form);

/* Remember the form of the agent that was asked for last, and not found. */
void sst_known_agents_put(struct sst_known_agents *known, struct sst_span agent,
	struct sst_span form);

#endif
