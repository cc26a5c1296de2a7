/* SPDX-License-Identifier: ISC */
/* Authentication helpers: from their members in a file to headers. */
#include "push/api_in.h"

#include "base/digest.h"
#include "push/auth.h"
#include "push/compile_in.h"

/* Of a value that goes into a header. */
#define VALUE_MAX ((size_t)16 * 1024)
/* Signing keys at a time: an old one and a new one, and then some. */
#define KEYS_MAX 8

/* ---- compiling ---- */

static const struct {
	const char *name;
	const char *members[12];
} helpers[] = {
	[SST_AUTH_BASIC] = { "basic",
		{ "use", "when", "user", "password", NULL } },
	[SST_AUTH_BEARER] = { "bearer", { "use", "when", "token", NULL } },
	[SST_AUTH_HMAC] = { "hmac",
		{ "use", "when", "key", "key_prefix", "key_as", "over",
			"digest", "header", "before", "value", "join", NULL } },
};

#define HELPERS (sizeof(helpers) / sizeof(helpers[0]))

static size_t
text_of(struct sst_compiler *c, const struct sst_doc_node *auth,
	const char *name, unsigned refs)
{
	const struct sst_doc_node *node = sst_doc_member(auth, name);

	if (node == NULL) {
		sst_compile_fail(c, auth, "has no '%s'", name);
		return SST_NO_ENTRY;
	}
	return sst_compile_text(c, node, SST_CODING_TEXT, refs);
}

/* A plain text out of some words, or any without them. */
static struct sst_span
word_of(struct sst_compiler *c, const struct sst_doc_node *auth,
	const char *name, const char *standard, const char *const *words)
{
	const struct sst_doc_node *node = sst_doc_member(auth, name);
	struct sst_span text =
		node == NULL ? sst_span_of(standard) : node->text;

	if (node != NULL && node->kind != SST_DOC_STRING)
		sst_compile_fail(c, node, "'%s' is a text", name);
	for (; words != NULL && *words != NULL; words++)
		if (text.at != NULL && sst_span_is(text, *words))
			return text;
	if (words != NULL)
		sst_compile_fail(c, node == NULL ? auth : node,
			"'%s' is none of those that sst-api(5) names", name);
	return text;
}

static bool
decode_key(struct sst_buf *to, struct sst_span text, struct sst_span as)
{
	if (sst_span_is(as, "base64"))
		return sst_base64_get(to, text);
	if (sst_span_is(as, "hex"))
		return sst_hex_get(to, text);
	sst_buf_put_span(to, text);
	return true;
}

/* Every line of the secret is a key, the prefix left out. */
static void
read_keys(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_api_auth *auth,
	struct sst_span text)
{
	static const char *const as_words[] = { "raw", "base64", "hex", NULL };
	struct sst_span as = word_of(c, node, "key_as", "raw", as_words);
	struct sst_span prefix = word_of(c, node, "key_prefix", "", NULL);
	struct sst_span *keys =
		sst_arena_zero(&api->arena, KEYS_MAX * sizeof(*keys));
	struct sst_buf key;

	if (keys == NULL) {
		c->status = sst_fail_memory(c->err, api->path);
		return;
	}
	auth->keys = keys;
	sst_buf_init(&key, VALUE_MAX);
	while (text.len > 0 && c->status == SST_OK) {
		size_t end = sst_span_find(text, '\n');
		struct sst_span line = sst_trim(sst_span_head(text, end));

		text = sst_span_from(text, end < text.len ? end + 1 : end);
		if (line.len == 0)
			continue;
		if (sst_span_starts(line, prefix))
			line = sst_span_from(line, prefix.len);
		sst_buf_reset(&key);
		if (auth->key_count == KEYS_MAX)
			sst_compile_fail(c, node,
				"the secret has more than "
				"8 keys, a line each");
		else if (!decode_key(&key, line, as) || key.len == 0)
			sst_compile_fail(c, node,
				"the secret that signs is no %.*s text",
				(int)as.len, as.at);
		else
			keys[auth->key_count++] =
				sst_arena_copy(&api->arena, sst_buf_span(&key));
	}
	if (key.at != NULL)
		sst_wipe(key.at, key.len);
	sst_buf_release(&key);
}

/* The keys are read now: a bad one is told before the first event. */
static void
find_keys(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_api_auth *auth)
{
	size_t key = text_of(c, node, "key", SST_REFS_SECRET);
	struct sst_buf text;

	if (c->status != SST_OK || api->is_masked)
		return;
	if (auth->when != SST_NO_ENTRY) {
		sst_machine_run(api->machine, auth->when, &api->work);
		if (!api->machine->flag)
			return;
	}
	sst_buf_init(&text, VALUE_MAX);
	sst_machine_run(api->machine, key, &text);
	if (!api->machine->ok || text.len == 0)
		sst_compile_fail(c, node, "the secret that signs is not given");
	else
		read_keys(api, c, node, auth, sst_buf_span(&text));
	if (text.at != NULL)
		sst_wipe(text.at, text.len);
	sst_buf_release(&text);
}

static void
compile_hmac(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node, struct sst_api_auth *auth)
{
	static const char *const digests[] = { "hex", "base64", NULL };
	const unsigned refs = SST_REFS_BATCH | SST_REFS_NOW;

	auth->header = word_of(c, node, "header", NULL, NULL);
	if (auth->header.at == NULL || auth->header.len == 0)
		sst_compile_fail(c, node, "has no 'header'");
	auth->join = word_of(c, node, "join", " ", NULL);
	auth->is_hex =
		sst_span_is(word_of(c, node, "digest", "hex", digests), "hex");
	auth->over = text_of(c, node, "over", refs | SST_REFS_BODY);
	auth->value = text_of(c, node, "value", refs | SST_REFS_SIGNATURE);
	auth->before = sst_doc_member(node, "before") == NULL
			       ? SST_NO_ENTRY
			       : text_of(c, node, "before", refs);
	find_keys(api, c, node, auth);
}

void
sst_api_compile_auth(struct sst_api *api, struct sst_compiler *c,
	const struct sst_doc_node *node)
{
	struct sst_span use = sst_doc_text(node, "use");
	const struct sst_doc_node *when = sst_doc_member(node, "when");
	const struct sst_doc_node *unknown;
	struct sst_api_auth *auth = &api->auths[api->auth_count];
	size_t kind = 0;

	while (kind < HELPERS &&
		(use.at == NULL || !sst_span_is(use, helpers[kind].name)))
		kind++;
	if (kind == HELPERS) {
		sst_compile_fail(c, node,
			"'%.*s' is no authentication that this sst-push has: "
			"basic, bearer, hmac",
			(int)use.len, use.at == NULL ? "" : use.at);
		return;
	}
	unknown = sst_doc_unknown_member(node, helpers[kind].members);
	if (unknown != NULL)
		sst_compile_fail(c, unknown, "unknown member '%.*s'",
			(int)unknown->name.len, unknown->name.at);
	if (api->auth_count == SST_API_AUTHS) {
		sst_compile_fail(c, node, "too many");
		return;
	}
	*auth = (struct sst_api_auth){ .kind = (enum sst_auth_kind)kind,
		.when = SST_NO_ENTRY,
		.user = SST_NO_ENTRY,
		.password = SST_NO_ENTRY,
		.over = SST_NO_ENTRY,
		.before = SST_NO_ENTRY,
		.value = SST_NO_ENTRY };
	if (when != NULL)
		auth->when = sst_compile_condition(c, when, SST_REFS_SECRET);
	switch (auth->kind) {
	case SST_AUTH_BASIC:
		auth->user = text_of(c, node, "user", SST_REFS_SECRET);
		auth->password = text_of(c, node, "password", SST_REFS_SECRET);
		break;
	case SST_AUTH_BEARER:
		auth->password = text_of(c, node, "token", SST_REFS_SECRET);
		break;
	case SST_AUTH_HMAC:
		compile_hmac(api, c, node, auth);
		break;
	}
	api->auth_count++;
}

/* ---- headers ---- */

static void
put_basic(struct sst_api *api, const struct sst_api_auth *auth,
	struct sst_buf *to)
{
	struct sst_machine *m = api->machine;
	struct sst_buf user, password;

	sst_buf_init(&user, VALUE_MAX);
	sst_buf_init(&password, VALUE_MAX);
	sst_machine_run(m, auth->user, &user);
	if (m->ok) {
		/* A password may be missing: then it is empty. */
		sst_machine_run(m, auth->password, &password);
		SST_BUF_PUT(to, "Authorization: ");
		sst_auth_put_basic(
			to, sst_buf_span(&user), sst_buf_span(&password));
		sst_buf_byte(to, '\0');
	}
	to->is_short |= user.is_short || password.is_short;
	sst_buf_release(&user);
	sst_buf_release(&password);
}

static void
put_bearer(struct sst_api *api, const struct sst_api_auth *auth,
	struct sst_buf *to)
{
	struct sst_machine *m = api->machine;
	struct sst_buf token;

	sst_buf_init(&token, VALUE_MAX);
	sst_machine_run(m, auth->password, &token);
	if (m->ok) {
		SST_BUF_PUT(to, "Authorization: ");
		sst_auth_put_bearer(to, sst_buf_span(&token));
		sst_buf_byte(to, '\0');
	}
	to->is_short |= token.is_short;
	sst_buf_release(&token);
}

static void
put_signature(const struct sst_api_auth *auth, struct sst_span key,
	struct sst_span over, struct sst_buf *to)
{
	uint8_t mac[SST_HMAC_LEN];

	sst_hmac_sha256(mac, key, over);
	sst_buf_reset(to);
	if (auth->is_hex)
		sst_hex_put(to, mac, sizeof(mac));
	else
		sst_base64_put(to, sst_span((const char *)mac, sizeof(mac)));
}

static void
put_hmac(struct sst_api *api, const struct sst_api_auth *auth,
	struct sst_buf *to)
{
	struct sst_machine *m = api->machine;
	size_t n = api->is_masked ? 1 : auth->key_count;
	struct sst_buf over, signature;

	sst_buf_init(&over, m->body.len + VALUE_MAX);
	sst_buf_init(&signature, VALUE_MAX);
	sst_machine_run(m, auth->over, &over);
	sst_buf_put_span(to, auth->header);
	SST_BUF_PUT(to, ": ");
	if (auth->before != SST_NO_ENTRY)
		sst_machine_run(m, auth->before, to);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			sst_buf_put_span(to, auth->join);
		if (api->is_masked)
			SST_BUF_PUT(&signature, "***");
		else
			put_signature(auth, auth->keys[i], sst_buf_span(&over),
				&signature);
		m->signature = sst_buf_span(&signature);
		sst_machine_run(m, auth->value, to);
	}
	m->signature = sst_span(NULL, 0);
	sst_buf_byte(to, '\0');
	to->is_short |= over.is_short || signature.is_short;
	sst_buf_release(&over);
	sst_buf_release(&signature);
}

void
sst_api_put_auth(struct sst_api *api, struct sst_buf *to)
{
	for (size_t i = 0; i < api->auth_count; i++) {
		const struct sst_api_auth *auth = &api->auths[i];

		if (auth->when != SST_NO_ENTRY) {
			sst_machine_run(api->machine, auth->when, &api->work);
			if (!api->machine->flag)
				continue;
		}
		switch (auth->kind) {
		case SST_AUTH_BASIC:
			put_basic(api, auth, to);
			break;
		case SST_AUTH_BEARER:
			put_bearer(api, auth, to);
			break;
		case SST_AUTH_HMAC:
			put_hmac(api, auth, to);
			break;
		}
	}
}

void
sst_api_wipe_auth(struct sst_api *api)
{
	for (size_t i = 0; i < api->auth_count; i++)
		for (size_t k = 0; k < api->auths[i].key_count; k++)
			sst_wipe((void *)(uintptr_t)api->auths[i].keys[k].at,
				api->auths[i].keys[k].len);
}
