/* SPDX-License-Identifier: ISC */
#include "redact/template.h"

#include "redact/detect.h"
#include "redact/valid.h"
#include "text/url.h"

/* A number this long is an id; shorter ones are years, pages, versions. */
#define NUMBER_MIN ((size_t)5)
#define HEX_MIN ((size_t)12)
#define NAMED_MIN ((size_t)16)

/* What stands before the name of a person. */
static const char *const people[] = { "user", "users", "u", "profile",
	"profiles", "member", "members", "account", "accounts", "author",
	"authors", "people", "person", "persons", "customer", "customers",
	"client", "clients", "patient", "patients", "employee", "employees",
	"student", "students", "teacher", "teachers", "contact", "contacts",
	"friend", "friends", "follower", "followers", "seller", "sellers",
	"principals", "avatar", "avatars", "ical", "gravatar", "by", NULL };

/* Pages that stand behind such a word, of which nobody has the name. */
static const char *const pages[] = { "login", "logout", "signin", "sign-in",
	"signup", "sign-up", "register", "registration", "settings", "password",
	"forgot", "forgot-password", "reset", "reset-password", "me", "new",
	"edit", "list", "search", "index", "home", "overview", "dashboard",
	"orders", "addresses", "address", "billing", "payment", "payments",
	"notifications", "preferences", "security", "verify", "activate",
	"create", "delete", "update", "all", "add", "api", "us", "confirm",
	"subscriptions", "wishlist", "favorites", "help", NULL };

/* What stands before the number of a thing that somebody has. */
static const char *const things[] = { "id", "ids", "order", "orders", "invoice",
	"invoices", "ticket", "tickets", "booking", "bookings", "reservation",
	"reservations", "cart", "carts", "basket", "payment", "payments",
	"transaction", "transactions", "case", "cases", "message", "messages",
	"conversation", "conversations", "invite", "invites", "invitation",
	"reset", "reset-password", "magic", "magic-link", "unsubscribe",
	"confirm", "verify", "activate", "token", "tokens", "session",
	"sessions", "share", "shared", "track", "tracking", NULL };

/* Files that are the site's own: a hash in their name is of their content. */
static const char *const assets[] = { "js", "mjs", "css", "map", "woff",
	"woff2", "ttf", "eot", "wasm", NULL };

static bool
is_one_of(struct sst_span text, const char *const *words)
{
	char first = text.len == 0 ? 0 : sst_lower(text.at[0]);

	for (size_t i = 0; words[i] != NULL; i++)
		if (words[i][0] == first &&
			sst_span_eq_nocase(text, sst_span_of(words[i])))
			return true;
	return false;
}

struct seen {
	size_t digits, hex, others; /* hex: a-f */
};

static struct seen
look_at(struct sst_span text)
{
	struct seen seen = { 0 };

	for (size_t i = 0; i < text.len; i++)
		if (sst_is_class(text.at[i], SST_C_DIGIT))
			seen.digits++;
		else if (sst_is_class(text.at[i], SST_C_HEX))
			seen.hex++;
		else
			seen.others++;
	return seen;
}

/* YYYYMMDD between 2000 and 2039: when something was published. */
static bool
is_date(struct sst_span digits)
{
	int month, day;

	if (digits.len != 8 || digits.at[0] != '2' || digits.at[1] != '0' ||
		digits.at[2] > '3')
		return false;
	month = (digits.at[4] - '0') * 10 + digits.at[5] - '0';
	day = (digits.at[6] - '0') * 10 + digits.at[7] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
is_uuid(struct sst_span text)
{
	return text.len == 36 && text.at[8] == '-' && text.at[13] == '-' &&
	       text.at[18] == '-' && text.at[23] == '-' &&
	       look_at(text).others == 4;
}

/* Is every character one of base64url? */
static bool
is_key_text(struct sst_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!sst_is_class(text.at[i], SST_C_ALNUM) &&
			text.at[i] != '-' && text.at[i] != '_')
			return false;
	return true;
}

/* Is it, or one of its words, random? "-" and "_" stand between words, and in
 * keys. An escape such as "%D9" stands between words too: it is a letter of
 * another script, or a separator. */
static bool
has_random_part(struct sst_span text)
{
	size_t start = 0, i = 0;

	if (text.len >= NAMED_MIN && is_key_text(text) &&
		sst_is_token_like(text))
		return true;
	while (i <= text.len) {
		if (i < text.len && sst_is_class(text.at[i], SST_C_ALNUM)) {
			i++;
			continue;
		}
		if (sst_is_token_like(sst_span(text.at + start, i - start)))
			return true;
		i += i + 2 < text.len && text.at[i] == '%' ? 3 : 1;
		start = i;
	}
	return false;
}

/* By its own looks, wherever it stands. */
static bool
looks_like_id(struct sst_span text)
{
	struct seen seen = look_at(text);

	if (text.len == 0)
		return false;
	if (text.at[0] == '~' || text.at[0] == '@' ||
		(text.len > 3 && text.at[0] == '%' &&
			(sst_span_eq_nocase(
				 sst_span_head(text, 3), sst_span_of("%7e")) ||
				sst_span_eq_nocase(sst_span_head(text, 3),
					sst_span_of("%40")))))
		return true;
	if (seen.digits == text.len)
		return text.len >= NUMBER_MIN && !is_date(text);
	if (seen.others == 0 && seen.digits > 0 && text.len >= HEX_MIN)
		return true;
	return is_uuid(text) ||
	       (text.len > 3 && sst_span_starts(text, sst_span_of("(S("))) ||
	       has_random_part(text);
}

/* Where the extension begins (at its dot), or the length. */
static size_t
stem_length(struct sst_span text)
{
	size_t dot = text.len;

	while (dot > 0 && text.at[dot - 1] != '.' && text.len - dot < 5 &&
		sst_is_class(text.at[dot - 1], SST_C_ALNUM))
		dot--;
	return dot > 1 && dot < text.len && text.at[dot - 1] == '.' ? dot - 1
								    : text.len;
}

static bool
names_somebody(struct sst_span before, struct sst_span text)
{
	if (is_one_of(before, people) && !is_one_of(text, pages))
		return true;
	return is_one_of(before, things) &&
	       (look_at(text).digits > 0 || text.len >= NAMED_MIN);
}

static void
put_segment(struct sst_buf *to, struct sst_span before, struct sst_span text)
{
	static const struct sst_span id = SST_SPAN(":id");
	size_t semicolon = sst_span_find(text, ';');
	size_t stem;
	struct sst_span extension;

	text = sst_span_head(text, semicolon);
	stem = stem_length(text);
	if (text.len == 0 || sst_span_eq(sst_span_head(text, stem), id)) {
		sst_buf_put_span(to, text);
		return;
	}
	extension = sst_span_from(text, stem < text.len ? stem + 1 : stem);
	if (names_somebody(before, text)) {
		sst_buf_put_span(to, id);
	} else if (is_one_of(extension, assets)) {
		sst_buf_put_span(to, text);
	} else if (looks_like_id(sst_span_head(text, stem))) {
		sst_buf_put_span(to, id);
		sst_buf_put_span(to, sst_span_from(text, stem));
	} else if (looks_like_id(text)) {
		sst_buf_put_span(to, id);
	} else {
		sst_buf_put_span(to, text);
	}
}

/* Where the path begins: behind the authority of a URL. */
static size_t
path_start(struct sst_span text)
{
	struct sst_url url;

	sst_url_split(&url, text);
	if (!url.has_authority || url.scheme.len == 0)
		return 0;
	return url.path.len > 0 ? (size_t)(url.path.at - text.at) : text.len;
}

void
sst_template_put(struct sst_buf *to, struct sst_span path)
{
	struct sst_span before = { "", 0 };
	size_t at = path_start(path), end = path.len;

	for (size_t i = at; i < end; i++)
		if (path.at[i] == '?' || path.at[i] == '#')
			end = i;
	sst_buf_put(to, path.at, at);
	for (;;) {
		struct sst_span rest = sst_span(path.at + at, end - at);
		struct sst_span segment =
			sst_span_head(rest, sst_span_find(rest, '/'));

		put_segment(to, before, segment);
		at += segment.len;
		if (at == end)
			return;
		sst_buf_byte(to, '/');
		at++;
		before = sst_span_head(segment, sst_span_find(segment, ';'));
	}
}
