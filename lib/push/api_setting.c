/* SPDX-License-Identifier: ISC */
/* Settings and secrets: what an API file declares, and what was given. */
#include "push/api_in.h"

#include "base/digest.h"
#include "base/num.h"
#include "base/unit.h"

static const char *const types[] = {
	[SST_SETTING_STRING] = "string",
	[SST_SETTING_URL] = "url",
	[SST_SETTING_INT] = "int",
	[SST_SETTING_BOOL] = "bool",
	[SST_SETTING_CHOICE] = "choice",
	[SST_SETTING_UUID] = "uuid",
	[SST_SETTING_DURATION] = "duration",
	[SST_SETTING_SIZE] = "size",
};

/* What stands in for a required setting when a file is only looked at. */
static const char *const fillers[] = {
	[SST_SETTING_STRING] = "x",
	[SST_SETTING_URL] = "https://api.invalid",
	[SST_SETTING_INT] = "1",
	[SST_SETTING_BOOL] = "true",
	[SST_SETTING_CHOICE] = "",
	[SST_SETTING_UUID] = "00000000-0000-8000-8000-000000000000",
	[SST_SETTING_DURATION] = "1",
	[SST_SETTING_SIZE] = "1",
};

/* ---- values ---- */

static bool
is_choice(const struct sst_doc_node *node, struct sst_span value)
{
	const struct sst_doc_node *choices = sst_doc_member(node, "choices");

	for (const struct sst_doc_node *at = choices == NULL ? NULL
							     : choices->first;
		at != NULL; at = at->next)
		if (sst_span_eq(at->text, value))
			return true;
	return false;
}

/* "A-Z0-9-": ranges and single characters. */
static bool
has_only(struct sst_span value, struct sst_span chars)
{
	for (size_t i = 0; i < value.len; i++) {
		bool fits = false;

		for (size_t k = 0; k < chars.len && !fits;) {
			bool is_range =
				k + 2 < chars.len && chars.at[k + 1] == '-';

			fits = is_range ? value.at[i] >= chars.at[k] &&
						  value.at[i] <= chars.at[k + 2]
					: value.at[i] == chars.at[k];
			k += is_range ? 3 : 1;
		}
		if (!fits)
			return false;
	}
	return true;
}

static bool
is_printable(struct sst_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
			return false;
	return true;
}

static bool
is_url(struct sst_span value)
{
	static const struct sst_span schemes[] = { SST_SPAN("https://"),
		SST_SPAN("http://") };

	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] <= ' ')
			return false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (sst_span_starts(value, schemes[i]) &&
			value.len > schemes[i].len)
			return true;
	return false;
}

/* "15m" and "64k" become numbers; the rest stays. False: it does not fit. */
static bool
read_value(struct sst_api *api, struct sst_api_setting *setting,
	struct sst_span in)
{
	uint8_t uuid[16];
	uint64_t size;
	int64_t number;
	char digits[24];
	struct sst_buf text;

	setting->value = in;
	switch (setting->type) {
	case SST_SETTING_STRING:
		return is_printable(in);
	case SST_SETTING_URL:
		return is_url(in);
	case SST_SETTING_INT:
		return sst_num_i64(in, &number);
	case SST_SETTING_BOOL:
		return sst_span_is(in, "true") || sst_span_is(in, "false");
	case SST_SETTING_CHOICE:
		return is_choice(setting->node, in);
	case SST_SETTING_UUID:
		return sst_uuid_read(in, uuid);
	case SST_SETTING_DURATION:
		if (!sst_unit_duration(in, &number))
			return false;
		size = (uint64_t)number / 1000000;
		break;
	case SST_SETTING_SIZE:
		if (!sst_unit_size(in, &size))
			return false;
		break;
	default:
		return false;
	}
	sst_buf_init(&text, sizeof(digits));
	sst_buf_put_u64(&text, size);
	setting->value = sst_arena_copy(&api->arena, sst_buf_span(&text));
	sst_buf_release(&text);
	return setting->value.at != NULL;
}

static bool
passes_check(const struct sst_doc_node *check, struct sst_span value)
{
	const struct sst_doc_node *length = sst_doc_member(check, "length");
	struct sst_span starts = sst_doc_text(check, "starts");
	struct sst_span chars = sst_doc_text(check, "chars");
	uint64_t low = 0, high = UINT64_MAX;

	if (length != NULL && length->count == 2)
		(void)(sst_num_u64(length->first->text, &low) &&
			sst_num_u64(length->first->next->text, &high));
	return (starts.at == NULL || sst_span_starts(value, starts)) &&
	       (chars.at == NULL || has_only(value, chars)) &&
	       value.len >= low && value.len <= high;
}

/* A value of the file or of the user. Its text is never repeated: it may be a
 * secret that went astray. */
static enum sst_status
take_value(struct sst_api *api, struct sst_api_setting *setting,
	struct sst_span value, const struct sst_doc_node *from_file,
	struct sst_err *err)
{
	const struct sst_doc_node *check =
		sst_doc_member(setting->node, "check");
	struct sst_buf choices;
	enum sst_status status;

	setting->is_there = true;
	if (read_value(api, setting, value) &&
		passes_check(check, setting->value))
		return SST_OK;
	if (from_file != NULL)
		return sst_doc_fail(err, api->path, from_file,
			"the default does not pass the setting's own checks");
	sst_buf_init(&choices, SST_ERR_MAX / 2);
	if (setting->type == SST_SETTING_CHOICE) {
		const struct sst_doc_node *list =
			sst_doc_member(setting->node, "choices");

		for (const struct sst_doc_node *at = list->first; at != NULL;
			at = at->next)
			sst_buf_printf(&choices, "%s%.*s",
				at == list->first ? ": " : ", ",
				(int)at->text.len, at->text.at);
	}
	status = sst_fail(err, SST_EUSAGE,
		"--set %.*s: not a valid %s%.*s for %.*s",
		(int)setting->name.len, setting->name.at, types[setting->type],
		(int)choices.len, choices.at == NULL ? "" : choices.at,
		(int)api->facts.name.len, api->facts.name.at);
	sst_buf_release(&choices);
	return status;
}

/* ---- declarations ---- */

static enum sst_status
read_type(struct sst_api *api, struct sst_api_setting *setting,
	struct sst_err *err)
{
	struct sst_span type = sst_doc_text(setting->node, "type");
	const struct sst_doc_node *choices =
		sst_doc_member(setting->node, "choices");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (type.at != NULL && sst_span_is(type, types[i])) {
			setting->type = (enum sst_setting_type)i;
			if ((setting->type == SST_SETTING_CHOICE) ==
				(choices != NULL &&
					choices->kind == SST_DOC_ARRAY &&
					choices->count > 0))
				return SST_OK;
			return sst_doc_fail(err, api->path, setting->node,
				"'choices' is a list, and belongs to a choice");
		}
	return sst_doc_fail(err, api->path, setting->node,
		"a setting has a type: string, url, int, bool, choice, uuid, "
		"duration or size");
}

static enum sst_status
read_declaration(struct sst_api *api, struct sst_api_setting *setting,
	const struct sst_doc_node *node, bool is_secret, struct sst_err *err)
{
	static const char *const of_setting[] = { "type", "help", "default",
		"required", "choices", "check", NULL };
	static const char *const of_secret[] = { "help", "required", NULL };
	static const char *const of_check[] = { "starts", "chars", "length",
		NULL };
	const struct sst_doc_node *unknown = NULL;

	setting->name = node->name;
	setting->node = node;
	if (node->kind != SST_DOC_OBJECT)
		return sst_doc_fail(err, api->path, node, "not an object");
	unknown = sst_doc_unknown_member(
		node, is_secret ? of_secret : of_setting);
	if (unknown == NULL && sst_doc_member(node, "check") != NULL)
		unknown = sst_doc_unknown_member(
			sst_doc_member(node, "check"), of_check);
	if (unknown != NULL)
		return sst_doc_fail(err, api->path, unknown,
			"unknown member '%.*s'", (int)unknown->name.len,
			unknown->name.at);
	if (sst_doc_text(node, "help").at == NULL)
		return sst_doc_fail(err, api->path, node, "has no 'help'");
	return is_secret ? SST_OK : read_type(api, setting, err);
}

static const struct sst_doc_node *
default_of(const struct sst_api_setting *setting)
{
	return sst_doc_member(setting->node, "default");
}

static struct sst_span
default_text(const struct sst_doc_node *node)
{
	return node->kind == SST_DOC_TRUE    ? sst_span_of("true")
	       : node->kind == SST_DOC_FALSE ? sst_span_of("false")
					     : node->text;
}

/* A stand-in that passes the setting's checks. */
static struct sst_span
filler_of(struct sst_api *api, const struct sst_api_setting *setting)
{
	const struct sst_doc_node *check =
		sst_doc_member(setting->node, "check");
	struct sst_span starts = sst_doc_text(check, "starts");
	struct sst_span chars = sst_doc_text(check, "chars");
	const struct sst_doc_node *length = sst_doc_member(check, "length");
	uint64_t least = 1;
	struct sst_buf text;
	struct sst_span copy;

	if (setting->type == SST_SETTING_CHOICE)
		return sst_doc_member(setting->node, "choices")->first->text;
	if (check == NULL)
		return sst_span_of(fillers[setting->type]);
	if (length != NULL && length->count == 2)
		(void)sst_num_u64(length->first->text, &least);
	sst_buf_init(&text, 4096);
	if (starts.at != NULL)
		sst_buf_put_span(&text, starts);
	while (text.len < least && text.len < 4096)
		sst_buf_byte(&text, chars.len > 0 ? chars.at[0] : 'x');
	copy = sst_arena_copy(&api->arena, sst_buf_span(&text));
	sst_buf_release(&text);
	return copy;
}

static enum sst_status
settle_setting(struct sst_api *api, struct sst_api_setting *setting,
	const struct sst_api_asked *asked, struct sst_err *err)
{
	bool is_required = sst_doc_is_true(setting->node, "required");
	const struct sst_doc_node *standard = default_of(setting);

	for (size_t i = asked->settings.n; i-- > 0;)
		if (sst_span_eq(asked->settings.at[i].name, setting->name))
			return take_value(api, setting,
				asked->settings.at[i].value, NULL, err);
	if (standard != NULL)
		return take_value(
			api, setting, default_text(standard), standard, err);
	if (!is_required)
		return SST_OK;
	if (asked->fill_missing)
		return take_value(
			api, setting, filler_of(api, setting), NULL, err);
	return sst_fail(err, SST_EUSAGE, "%.*s needs --set %.*s=... (%.*s)",
		(int)api->facts.name.len, api->facts.name.at,
		(int)setting->name.len, setting->name.at,
		(int)sst_doc_text(setting->node, "help").len,
		sst_doc_text(setting->node, "help").at);
}

static enum sst_status
settle_secret(struct sst_api *api, struct sst_api_setting *secret,
	const struct sst_api_asked *asked, struct sst_err *err)
{
	for (size_t i = asked->secrets.n; i-- > 0;)
		if (sst_span_eq(asked->secrets.at[i].name, secret->name)) {
			secret->is_there = true;
			secret->value = asked->secrets.at[i].value;
			return SST_OK;
		}
	if (!sst_doc_is_true(secret->node, "required"))
		return SST_OK;
	if (asked->fill_missing) {
		secret->is_there = true;
		secret->value = sst_span_of("SECRET");
		return SST_OK;
	}
	return sst_fail(err, SST_EUSAGE,
		"%.*s needs --secret %.*s=file:PATH (%.*s)",
		(int)api->facts.name.len, api->facts.name.at,
		(int)secret->name.len, secret->name.at,
		(int)sst_doc_text(secret->node, "help").len,
		sst_doc_text(secret->node, "help").at);
}

static enum sst_status
check_known(struct sst_api *api, const struct sst_settings *given,
	const struct sst_api_settings *known, const char *option,
	struct sst_err *err)
{
	for (size_t i = 0; i < given->n; i++) {
		struct sst_span name = given->at[i].name;
		size_t k = 0;

		while (k < known->n && !sst_span_eq(known->at[k].name, name))
			k++;
		if (k == known->n)
			return sst_fail(err, SST_EUSAGE,
				"%.*s has no %s '%.*s': see --describe %.*s",
				(int)api->facts.name.len, api->facts.name.at,
				option, (int)name.len, name.at,
				(int)api->facts.name.len, api->facts.name.at);
	}
	return SST_OK;
}

static enum sst_status
read_all(struct sst_api *api, struct sst_api_settings *out, bool is_secret,
	const struct sst_api_asked *asked, struct sst_err *err)
{
	const struct sst_doc_node *node =
		sst_doc_member(api->doc, is_secret ? "secrets" : "settings");
	enum sst_status status = SST_OK;

	if (node == NULL)
		return SST_OK;
	if (node->kind != SST_DOC_OBJECT)
		return sst_doc_fail(err, api->path, node, "not an object");
	out->at = sst_arena_zero(
		&api->arena, (node->count + 1) * sizeof(*out->at));
	if (out->at == NULL)
		return sst_fail_memory(err, "settings");
	for (node = node->first; node != NULL && status == SST_OK;
		node = node->next) {
		struct sst_api_setting *setting = &out->at[out->n++];

		status = read_declaration(api, setting, node, is_secret, err);
		if (status == SST_OK)
			status = is_secret ? settle_secret(
						     api, setting, asked, err)
					   : settle_setting(
						     api, setting, asked, err);
	}
	return status;
}

enum sst_status
sst_api_read_settings(struct sst_api *api, const struct sst_api_asked *asked,
	struct sst_err *err)
{
	enum sst_status status =
		read_all(api, &api->settings, false, asked, err);

	if (status == SST_OK)
		status = read_all(api, &api->secrets, true, asked, err);
	if (status == SST_OK)
		status = check_known(
			api, &asked->settings, &api->settings, "setting", err);
	if (status == SST_OK)
		status = check_known(
			api, &asked->secrets, &api->secrets, "secret", err);
	return status;
}
