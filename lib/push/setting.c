/* SPDX-License-Identifier: ISC */
#include "push/sink.h"

struct sst_span
sst_settings_get(const struct sst_settings *settings, const char *name)
{
	for (size_t i = settings->n; i-- > 0;)
		if (sst_span_is(settings->at[i].name, name))
			return settings->at[i].value;
	return sst_span(NULL, 0);
}

enum sst_status
sst_settings_check(const struct sst_settings *settings, const char *destination,
	const char *const *known, struct sst_err *err)
{
	for (size_t i = 0; i < settings->n; i++) {
		const char *const *name = known;

		while (*name != NULL &&
			!sst_span_is(settings->at[i].name, *name))
			name++;
		if (*name == NULL)
			return sst_fail(err, SST_EUSAGE,
				"%s has no setting '%.*s'", destination,
				(int)settings->at[i].name.len,
				settings->at[i].name.at);
	}
	return SST_OK;
}

enum sst_status
sst_setting_cut(const char *text, const char *option, struct sst_setting *out,
	struct sst_err *err)
{
	struct sst_span all = sst_span_of(text);
	size_t equal = sst_span_find(all, '=');

	/* Not repeated: it may be a secret in the wrong place. */
	if (equal == 0 || equal == all.len)
		return sst_fail(err, SST_EUSAGE, "--%s: expected KEY=%s",
			option,
			strcmp(option, "set") == 0 ? "VALUE" : "SOURCE");
	out->name = sst_span_head(all, equal);
	out->value = sst_span_from(all, equal + 1);
	return SST_OK;
}
