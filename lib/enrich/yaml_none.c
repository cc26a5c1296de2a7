/* SPDX-License-Identifier: ISC */
/* Built without libyaml. */
#include "enrich/yaml.h"

struct sst_span
sst_yaml_value(const struct sst_yaml_item *item, const char *name)
{
	(void)item, (void)name;
	return sst_span(NULL, 0);
}

enum sst_status
sst_yaml_read(
	const char *path, struct sst_yaml_taker taker, struct sst_err *err)
{
	(void)taker;
	return sst_fail(err, SST_ECONFIG,
		"%s: this sst was built without libyaml, which reads it "
		"(Debian: libyaml-dev)",
		path);
}

const char *
sst_yaml_library_version(void)
{
	return NULL;
}
