/* SPDX-License-Identifier: ISC */
#include "redact/template.h"

#include "base/wide.h"
#include "redact/detect.h"
#include "redact/valid.h"
#include "text/url.h"

#include <assert.h>

/* A number this long is an id; shorter ones are years, pages, versions. */
#define NUMBER_MIN ((size_t)5)
#define HEX_MIN ((size_t)12)
#define NAMED_MIN 16
#define UUID_LEN ((size_t)36)
/* Letters alone are random from there on: sst_is_token_like(). */
#define LETTERS_MIN ((size_t)20)

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

/* ---- lists ---- */

enum {
	PEOPLE = 1,
	PAGES = 2,
	THINGS = 4,
	ASSETS = 8
};

static const struct {
	const char *const *words;
	uint8_t bit;
} lists[] = { { people, PEOPLE }, { pages, PAGES }, { things, THINGS },
	{ assets, ASSETS } };

/* No word is longer. */
#define WORD_MAX ((size_t)16)

struct word {
	uint64_t head, tail;
	size_t slot; /* the first where it may be */
};

/* A text of 1 to WORD_MAX bytes, padded. */
static inline struct word
word_of(struct sst_span text)
{
	struct word word = { sst_word_lower(sst_load_first(text.at, text.len)),
		0, 0 };

	if (text.len > 8)
		word.tail = sst_word_lower(
			sst_load_first(text.at + 8, text.len - 8));
	word.slot = (size_t)((word.head ^ (word.tail << 21 | word.tail >> 43)) *
				     UINT64_C(0x9e3779b97f4a7c15) >>
			     56);
	return word;
}

_Static_assert(SST_TEMPLATE_WORDS == 256, "slots are numbered by 8 bits");

static void
add_word(struct sst_template *t, const char *text, uint8_t bit)
{
	char padded[WORD_MAX + SST_PAD] = { 0 };
	size_t len = strlen(text);
	struct word word;

	assert(len <= WORD_MAX);
	memcpy(padded, text, len);
	word = word_of(sst_span(padded, len));
	while (t->words[word.slot].lists != 0 &&
		(t->words[word.slot].head != word.head ||
			t->words[word.slot].tail != word.tail))
		word.slot = (word.slot + 1) % SST_TEMPLATE_WORDS;
	t->words[word.slot].head = word.head;
	t->words[word.slot].tail = word.tail;
	t->words[word.slot].lists |= bit;
}

void
sst_template_init(struct sst_template *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t k = 0; lists[i].words[k] != NULL; k++)
			add_word(out, lists[i].words[k], lists[i].bit);
}

/* The lists that a text is in, whatever its case. */
static unsigned
lists_of(const struct sst_template *t, struct sst_span text)
{
	struct word word;

	if (text.len == 0 || text.len > WORD_MAX)
		return 0;
	word = word_of(text);
	while (t->words[word.slot].lists != 0) {
		if (t->words[word.slot].head == word.head &&
			t->words[word.slot].tail == word.tail)
			return t->words[word.slot].lists;
		word.slot = (word.slot + 1) % SST_TEMPLATE_WORDS;
	}
	return 0;
}

/* ---- ids ---- */

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
	return text.len == UUID_LEN && text.at[8] == '-' &&
	       text.at[13] == '-' && text.at[18] == '-' && text.at[23] == '-' &&
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

/* ---- segments ---- */

static const struct sst_span id = SST_SPAN(":id");

/* What stands behind the dot of a stem. */
static struct sst_span
extension_of(struct sst_span text, size_t stem)
{
	return sst_span_from(text, stem < text.len ? stem + 1 : stem);
}

/* `before` has the lists of the segment before. */
static bool
names_somebody(
	const struct sst_template *t, unsigned before, struct sst_span text)
{
	if ((before & PEOPLE) && !(lists_of(t, text) & PAGES))
		return true;
	return (before & THINGS) &&
	       (look_at(text).digits > 0 || text.len >= NAMED_MIN);
}

static void
put_segment(struct sst_buf *to, const struct sst_template *t, unsigned before,
	struct sst_span text)
{
	size_t stem;

	text = sst_span_head(text, sst_span_find(text, ';'));
	stem = stem_length(text);
	if (text.len == 0 || sst_span_eq(sst_span_head(text, stem), id)) {
		sst_buf_put_span(to, text);
		return;
	}
	if (names_somebody(t, before, text)) {
		sst_buf_put_span(to, id);
	} else if (lists_of(t, extension_of(text, stem)) & ASSETS) {
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

/* ---- paths ---- */

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
sst_template_put(struct sst_buf *to, const struct sst_template *template,
	struct sst_span path)
{
	unsigned before = 0;
	size_t at = path_start(path), end = path.len;

	for (size_t i = at; i < end; i++)
		if (path.at[i] == '?' || path.at[i] == '#')
			end = i;
	sst_buf_put(to, path.at, at);
	for (;;) {
		struct sst_span rest = sst_span(path.at + at, end - at);
		struct sst_span segment =
			sst_span_head(rest, sst_span_find(rest, '/'));

		put_segment(to, template, before, segment);
		at += segment.len;
		if (at == end)
			return;
		sst_buf_byte(to, '/');
		at++;
		before = lists_of(template,
			sst_span_head(segment, sst_span_find(segment, ';')));
	}
}

/* ---- paths that stay ---- */

/* May it be random? Where no letter is upper case each number gives two changes
 * of class; sst_is_token_like() wants 3 changes in a word of 10, and so many in
 * all that is before an extension. */
static bool
may_be_random(const struct sst_look *look, uint64_t segment, uint64_t first)
{
	uint64_t word = (look->digit | look->letter) & segment;
	uint64_t digits = look->digit & segment;
	int numbers = __builtin_popcountll(digits & ~(digits << 1));

	if (numbers <= 1)
		return false;
	return sst_look_runs(word, 10) != 0 ||
	       (sst_look_runs(first, NAMED_MIN) != 0 &&
		       2 * numbers * 10 >=
			       3 * __builtin_popcountll(word & first));
}

/* What is certainly no id: nothing in it is upper case or long, it is no
 * number, no hex digits, and not random. */
static bool
is_tame(const struct sst_look *look, size_t at, size_t end)
{
	uint64_t segment = sst_look_part(at, end);
	uint64_t dots = look->dot & segment;
	uint64_t first = segment & (dots == 0 ? segment : (dots & -dots) - 1);

	if (end - at >= UUID_LEN)
		return false;
	if ((look->digit & segment) == 0)
		return !(look->upper & segment) || end - at < LETTERS_MIN;
	return !(look->upper & segment) &&
	       (first & ~(look->digit | look->hex)) != 0 &&
	       !may_be_random(look, segment, first);
}

static bool
keeps_segment(const struct sst_template *t, const struct sst_look *look,
	size_t at, size_t end)
{
	struct sst_span text = sst_span(look->text.at + at, end - at);
	size_t stem;

	if (is_tame(look, at, end))
		return true;
	stem = stem_length(text);
	return (lists_of(t, extension_of(text, stem)) & ASSETS) ||
	       (!looks_like_id(sst_span_head(text, stem)) &&
		       !looks_like_id(text));
}

bool
sst_template_keeps(const struct sst_template *t, const struct sst_look *path)
{
	unsigned before = 0;

	/* Of a URL more is looked at than the path: stricter, never laxer. */
	for (size_t at = 0;; at++) {
		uint64_t ends = path->slash & sst_look_part(at, SST_LOOK_MAX);
		size_t end = ends == 0 ? path->text.len
				       : (size_t)__builtin_ctzll(ends);

		if (end > at && ((before & (PEOPLE | THINGS)) ||
					!keeps_segment(t, path, at, end)))
			return false;
		if (ends == 0)
			return true;
		before = lists_of(t, sst_span(path->text.at + at, end - at));
		at = end;
	}
}
