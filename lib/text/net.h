/* SPDX-License-Identifier: ISC */
/*
 * net -- lists of networks as a user writes them.
 */
#ifndef SST_TEXT_NET_H
#define SST_TEXT_NET_H

#include "base/arena.h"
#include "base/err.h"
#include "text/ip.h"

struct sst_nets {
	struct sst_net *at;
	size_t n;
};

/*
 * Read n words: "10.0.0.0/8", an address, or the name of networks ("loopback",
 * "private"). They live in `arena`. SST_EUSAGE names the word that is none of
 * these.
 */
enum sst_status sst_nets_read(struct sst_nets *out, struct sst_arena *arena,
	const char *const *words, size_t n, struct sst_err *err) SST_MUST_USE;

/* Is the address in one of them? */
bool sst_nets_have(const struct sst_nets *nets, const struct sst_ip *ip);

#endif
