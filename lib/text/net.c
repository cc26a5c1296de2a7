/* SPDX-License-Identifier: ISC */
#include "text/net.h"

#define NAMED_MAX 6

/* RFC 1122, 1918, 3927, 4193, 4291. */
static const struct {
	const char *name;
	const char *nets[NAMED_MAX];
} named[] = {
	{ "loopback", { "127.0.0.0/8", "::1/128" } },
	{ "private", { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
			     "169.254.0.0/16", "fc00::/7", "fe80::/10" } },
};

/* Add the networks of a name; false: there is no such name. */
static bool
add_named(struct sst_nets *out, const char *word)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (!sst_span_is(sst_span_of(word), named[i].name))
			continue;
		for (size_t j = 0; j < NAMED_MAX; j++)
			if (named[i].nets[j] != NULL &&
				sst_net_read(sst_span_of(named[i].nets[j]),
					&out->at[out->n]))
				out->n++;
		return true;
	}
	return false;
}

enum sst_status
sst_nets_read(struct sst_nets *out, struct sst_arena *arena,
	const char *const *words, size_t n, struct sst_err *err)
{
	out->n = 0;
	out->at = sst_arena_take(arena, (n * NAMED_MAX + 1) * sizeof(*out->at));
	if (out->at == NULL)
		return sst_fail_memory(err, "networks");
	for (size_t i = 0; i < n; i++) {
		if (add_named(out, words[i]))
			continue;
		if (!sst_net_read(sst_span_of(words[i]), &out->at[out->n]))
			return sst_fail(err, SST_EUSAGE,
				"'%s' is no network such as 10.0.0.0/8, "
				"loopback or private",
				words[i]);
		out->n++;
	}
	return SST_OK;
}

bool
sst_nets_have(const struct sst_nets *nets, const struct sst_ip *ip)
{
	for (size_t i = 0; i < nets->n; i++)
		if (sst_net_has(&nets->at[i], ip))
			return true;
	return false;
}
