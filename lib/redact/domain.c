/* SPDX-License-Identifier: ISC */
#include "redact/domain.h"

#include "text/ip.h"

#include <libpsl.h>

enum sst_status
sst_domain_check(struct sst_err *err)
{
	if (psl_builtin() == NULL)
		return sst_fail(err, SST_ECONFIG,
			"libpsl has no public suffix list built in");
	return SST_OK;
}

/* Letters, digits, '-', '_' and what is not ASCII, in labels. */
static bool
copy_host(struct sst_span host, char *to)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = sst_lower(host.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '-' && c != '_' && c != '.' &&
			(unsigned char)c < 0x80)
			return false;
		to[i] = c;
	}
	to[host.len] = '\0';
	return true;
}

bool
sst_domain_of(struct sst_span host, char *to, struct sst_span *domain)
{
	struct sst_ip ip;
	const char *found;

	if (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.len > SST_HOST_MAX ||
		sst_ip_read(host, &ip) || !copy_host(host, to))
		return false;
	found = psl_registrable_domain(psl_builtin(), to);
	if (found == NULL)
		return false;
	*domain = sst_span_of(found);
	return true;
}
