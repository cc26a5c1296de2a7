/* SPDX-License-Identifier: ISC */
/*
 * uap -- uap-core's regexes.yaml: what browsers, systems and devices say in
 * their user agents.
 *
 * The file's three lists, read as its specification says: the first pattern
 * that matches gives the parts, from its groups or from what the file puts in
 * their place. See https://github.com/ua-parser/uap-core.
 */
#ifndef SST_ENRICH_UAP_H
#define SST_ENRICH_UAP_H

#include "enrich/agent_list.h"

enum sst_uap_kind {
	SST_UAP_BROWSER, /* family, major, minor, patch */
	SST_UAP_SYSTEM,  /* the same, and patch minor */
	SST_UAP_DEVICE,  /* family, brand, model */
	SST_UAP_KINDS
};

struct sst_uap {
	struct sst_agent_list lists[SST_UAP_KINDS];
	/* Those of the device list that name robots, of the rows that come
	 * before all others: whether an agent is one of them is known without
	 * the hundreds behind. */
	struct sst_agent_list spiders;
	struct sst_arena arena;
};

void sst_uap_init(struct sst_uap *uap);

/* Add a file's patterns behind those that are in the lists. SST_ECONFIG says
 * PATH:LINE and what was expected there. */
enum sst_status sst_uap_read(struct sst_uap *uap, const char *path,
	struct sst_err *err) SST_MUST_USE;

/* All are added. SST_ENOMEM. */
enum sst_status sst_uap_compile(
	struct sst_uap *uap, struct sst_err *err) SST_MUST_USE;

/* How many patterns do not compile, of those that were tried. */
uint64_t sst_uap_bad(const struct sst_uap *uap);

void sst_uap_release(struct sst_uap *uap);

#endif
