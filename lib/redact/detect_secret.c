/* SPDX-License-Identifier: ISC */
/* What a name or a scheme in front of it says is secret. */
#include "redact/detect.h"

/* ---- names ---- */

/* Secret wherever they are said, also as the end of a longer name
 * ("user_password", "X-Api-Key"). Lower case; '-' is written '_'. */
static const struct sst_span strong_names[] = { SST_SPAN("password"),
	SST_SPAN("passwd"), SST_SPAN("pwd"), SST_SPAN("pass"),
	SST_SPAN("passphrase"), SST_SPAN("secret"), SST_SPAN("token"),
	SST_SPAN("api_key"), SST_SPAN("apikey"), SST_SPAN("access_key"),
	SST_SPAN("accountkey"), SST_SPAN("private_key"),
	SST_SPAN("authorization"), SST_SPAN("sessionid"),
	SST_SPAN("session_id"), SST_SPAN("jsessionid"), SST_SPAN("phpsessid"),
	SST_SPAN("sessid"), SST_SPAN("credential"), SST_SPAN("credentials"),
	SST_SPAN("signature"), { NULL, 0 } };

/* Secret as the name of a parameter, where '=' follows. Sources: OAuth 2,
 * OpenID Connect and SAML; signed URLs of AWS, Google, Azure, CloudFront;
 * hashed addresses and personal tokens in mail tools' links. */
static const struct sst_span weak_names[] = { SST_SPAN("key"), SST_SPAN("auth"),
	SST_SPAN("session"), SST_SPAN("sid"), SST_SPAN("sig"), SST_SPAN("code"),
	SST_SPAN("state"), SST_SPAN("otp"), SST_SPAN("nonce"),
	SST_SPAN("login_hint"), SST_SPAN("id_token_hint"),
	SST_SPAN("samlresponse"), SST_SPAN("samlrequest"),
	SST_SPAN("relaystate"), SST_SPAN("key_pair_id"), SST_SPAN("policy"),
	SST_SPAN("em"), SST_SPAN("hem"), SST_SPAN("email_hash"), SST_SPAN("eh"),
	SST_SPAN("uid2"), SST_SPAN("mc_eid"), SST_SPAN("mkt_tok"),
	SST_SPAN("_kx"), SST_SPAN("_hsenc"), SST_SPAN("hash"),
	SST_SPAN("ticket"), { NULL, 0 } };

static char
plain_of(char c)
{
	return c == '-' || c == '.' ? '_' : sst_lower(c);
}

/* The last letters, which most names differ in already, come first. */
static bool
ends_with(struct sst_span name, struct sst_span word)
{
	if (name.len < word.len)
		return false;
	for (size_t i = 1; i <= word.len; i++)
		if (plain_of(name.at[name.len - i]) != word.at[word.len - i])
			return false;
	return name.len == word.len ||
	       plain_of(name.at[name.len - word.len - 1]) == '_';
}

static bool
is_strong(struct sst_span name)
{
	for (size_t i = 0; strong_names[i].at != NULL; i++)
		if (ends_with(name, strong_names[i]))
			return true;
	return false;
}

static bool
is_weak(struct sst_span name)
{
	for (size_t i = 0; weak_names[i].at != NULL; i++)
		if (name.len == weak_names[i].len &&
			ends_with(name, weak_names[i]))
			return true;
	return false;
}

bool
sst_is_secret_name(struct sst_span name)
{
	return is_strong(name) || is_weak(name);
}

/* ---- NAME=VALUE, NAME: VALUE ---- */

#define NAME_MAX_LEN ((size_t)40)

static bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* The name that ends at `at`, a space or quote skipped. */
static struct sst_span
name_before(struct sst_span text, size_t at)
{
	size_t end = at, start;

	while (end > 0 && at - end < 2 &&
		(text.at[end - 1] == ' ' || is_quote(text.at[end - 1])))
		end--;
	start = end;
	while (start > 0 && end - start < NAME_MAX_LEN &&
		(sst_is_class(text.at[start - 1], SST_C_TOKEN)))
		start--;
	return sst_span(text.at + start, end - start);
}

bool
sst_may_name_secret(struct sst_span text, size_t at)
{
	return sst_is_secret_name(name_before(text, at));
}

/* Where the value that begins at or behind `*at` ends. */
static size_t
value_end(struct sst_span text, size_t *at)
{
	size_t end;
	char quote = 0;

	while (*at < text.len && text.at[*at] == ' ')
		(*at)++;
	if (*at < text.len && is_quote(text.at[*at]))
		quote = text.at[(*at)++];
	for (end = *at; end < text.len; end++)
		if (quote != 0 ? text.at[end] == quote
			       : strchr("&;, \t\r\n<>)}#|\"'/", text.at[end]) !=
					 NULL)
			break;
	return end;
}

static void
find_named(struct sst_probe *probe)
{
	struct sst_span text = probe->text;

	for (size_t at = 1; at + 1 < text.len; at++) {
		struct sst_span name;
		size_t start = at + 1, end;

		if (text.at[at] != '=' && text.at[at] != ':')
			continue;
		name = name_before(text, at);
		if (!is_strong(name) && (text.at[at] != '=' || !is_weak(name)))
			continue;
		end = value_end(text, &start);
		if (end > start && !sst_is_redacted_value(sst_span(
					   text.at + start, end - start)))
			sst_probe_mark(probe, start, end, SST_FOUND_KEY);
	}
}

/* ---- Authorization, and the user of a URL ---- */

/* Is the word something random and not the next word of a sentence? */
static bool
is_credential(struct sst_span word)
{
	size_t odd = 0;

	for (size_t i = 0; i < word.len; i++)
		odd += sst_is_class(word.at[i], SST_C_DIGIT) ||
		       (i > 0 && word.at[i] >= 'A' && word.at[i] <= 'Z') ||
		       word.at[i] == '=';
	return word.len >= 6 && odd >= 2;
}

static void
find_scheme(struct sst_probe *probe, struct sst_span scheme)
{
	struct sst_span text = probe->text;

	for (size_t at = 0; at + scheme.len + 6 < text.len; at++) {
		size_t start = at + scheme.len, end;

		if (!sst_span_eq_nocase(
			    sst_span(text.at + at, scheme.len), scheme))
			continue;
		if (text.at[start] != ' ' && text.at[start] != '+' &&
			text.at[start] != ':')
			continue;
		for (end = ++start;
			end < text.len && (sst_is_class(text.at[end],
						  SST_C_BASE64 | SST_C_TOKEN));
			end++)
			;
		if (is_credential(sst_span(text.at + start, end - start)))
			sst_probe_mark(probe, start, end, SST_FOUND_KEY);
	}
}

/* "//user:password@host", also "//user@host". */
static void
find_userinfo(struct sst_probe *probe)
{
	struct sst_span text = probe->text;

	for (size_t at = 0; at + 3 < text.len; at++) {
		size_t end = at + 2;

		if (text.at[at] != '/' || text.at[at + 1] != '/')
			continue;
		while (end < text.len && end - at < 256 &&
			strchr("/?#@ \"<>", text.at[end]) == NULL)
			end++;
		if (end < text.len && text.at[end] == '@' && end > at + 2)
			sst_probe_mark(probe, at + 2, end, SST_FOUND_KEY);
	}
}

void
sst_detect_secrets(struct sst_probe *probe)
{
	static const struct sst_span bearer = SST_SPAN("bearer"),
				     basic = SST_SPAN("basic");

	if (probe->depth == 0 && probe->key.len != 0 &&
		sst_is_secret_name(probe->key) && probe->text.len > 0 &&
		!sst_is_redacted_value(probe->text))
		sst_probe_mark(probe, 0, probe->text.len, SST_FOUND_KEY);
	find_named(probe);
	find_scheme(probe, bearer);
	find_scheme(probe, basic);
	find_userinfo(probe);
}
