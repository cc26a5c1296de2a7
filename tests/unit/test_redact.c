/* SPDX-License-Identifier: ISC */
/* Events through a policy, from line to line. */
#include "redact/redact.h"

#include "base/digest.h"

#include "json/read.h"
#include "json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE_MAX_LEN ((size_t)16384)

struct world {
	struct sst_arena arena;
	struct sst_policy policy;
	struct sst_redact_counts counts;
	struct sst_redact_options options;
	struct sst_redactor *redactor;
	struct sst_tally *tally;
	struct sst_event event;
	struct sst_err err;
};

static const uint8_t secret[SST_KEY_LEN] = { 7 };

static enum sst_status
find(void *self, const char *name, const char **path, struct sst_err *err)
{
	(void)self;
	(void)path;
	return sst_fail(err, SST_ECONFIG, "no '%s'", name);
}

/* text NULL: strict. */
static void
add_policy(struct world *w, const char *text)
{
	const struct sst_policy_finder finder = { find, NULL };
	char path[4096];
	int fd;

	if (text == NULL) {
		assert_non_null(getenv("SST_PATH"));
		snprintf(path, sizeof(path), "%s/policies/strict.json",
			getenv("SST_PATH"));
	} else {
		snprintf(path, sizeof(path), "/tmp/sst-redact.XXXXXX");
		fd = mkstemp(path);
		assert_int_not_equal(fd, -1);
		assert_int_equal(
			write(fd, text, strlen(text)), (ssize_t)strlen(text));
		assert_int_equal(close(fd), 0);
	}
	assert_int_equal(sst_policy_add_file(&w->policy, path, &finder,
				 SST_WEAKER_ALLOW, &w->err),
		SST_OK);
	if (text != NULL)
		(void)unlink(path);
}

static struct world *
open_world(const char *policy)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	sst_arena_init(&w->arena, 1 << 24);
	sst_event_init(&w->event);
	assert_int_equal(
		sst_policy_init(&w->policy, &w->arena, &w->err), SST_OK);
	add_policy(w, policy);
	assert_int_equal(sst_tally_open(&w->tally, &w->err), SST_OK);
	w->options = (struct sst_redact_options){ .policy = &w->policy,
		.secret = secret,
		.name_space = { "", 0 },
		.tally = w->tally,
		.counts = &w->counts };
	return w;
}

static void
close_world(struct world *w)
{
	sst_redactor_close(w->redactor);
	sst_tally_close(w->tally);
	sst_event_release(&w->event);
	sst_arena_release(&w->arena);
	free(w);
}

/* The line as it leaves, or the reason why it does not. */
static const char *
redacted(struct world *w, const char *line)
{
	static char in[LINE_MAX_LEN + SST_PAD], out[LINE_MAX_LEN];
	enum sst_reason why = SST_WHY_NONE;
	struct sst_buf buf;

	if (w->redactor == NULL)
		assert_int_equal(
			sst_redactor_open(&w->redactor, &w->options, &w->err),
			SST_OK);
	assert_true(strlen(line) < LINE_MAX_LEN);
	memset(in, 0, sizeof(in));
	memmove(in, line, strlen(line));
	if (sst_json_read(&w->event, sst_span_of(in), &why) != SST_OK)
		fail_msg("%s: %s", sst_reason_name(why), line);
	if (sst_redact_event(w->redactor, &w->event, 1,
		    INT64_C(1795495306000000), &why) != SST_OK)
		return sst_reason_name(why);
	sst_buf_init(&buf, LINE_MAX_LEN);
	assert_true(sst_json_write_object(&buf, &w->event));
	snprintf(out, sizeof(out), "%.*s", (int)buf.len, buf.at);
	sst_buf_release(&buf);
	return out;
}

static void
check(const char *policy, const char *line, const char *expected)
{
	struct world *w = open_world(policy);
	char once[LINE_MAX_LEN];

	snprintf(once, sizeof(once), "%s", redacted(w, line));
	assert_string_equal(once, expected);
	/* Again, now that the values are known. */
	assert_string_equal(redacted(w, line), expected);
	if (expected[0] == '{')
		assert_string_equal(redacted(w, once), expected);
	close_world(w);
}

/* ---- strict ---- */

static void
strict_treats_each_kind_of_key(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"client_ip\":\"203.0.113.77\",\"client_port\":4711}",
			"{\"client_ip\":\"203.0.113.0\"}" },
		{ "{\"client_ip\":\"no address\",\"status\":200}",
			"{\"status\":200}" },
		{ "{\"event\":\"page_view\"}", "{\"event\":\"page_view\"}" },
		{ "{\"event\":\"john@example.org\"}",
			"{\"event\":\"redacted-email\"}" },
		{ "{\"method\":\"GET\",\"protocol\":\"HTTP/1.1\"}",
			"{\"method\":\"GET\",\"protocol\":\"HTTP/1.1\"}" },
		{ "{\"method\":\"JOHN\",\"protocol\":\"SSH-2.0-John\"}",
			"{\"method\":\"other\",\"protocol\":\"other\"}" },
		{ "{\"host\":\"www.shop.example\"}",
			"{\"host\":\"shop.example\"}" },
		{ "{\"host\":\"192.0.2.1\",\"a\":1}", "{}" },
		{ "{\"host\":\"1-2-3-4.isp.example\"}",
			"{\"host\":\"isp.example\"}" },
		{ "{\"query\":\"page=2&q=john&sort=a%40b.example\"}",
			"{\"query\":\"page=2&sort=redacted-email\"}" },
		{ "{\"query\":\"q=john\"}", "{}" },
		{ "{\"params\":{\"page\":\"2\",\"q\":\"john\","
		  "\"lang\":[\"de\",\"a@b.example\"]}}",
			"{\"params\":{\"page\":\"2\",\"lang\":[\"de\","
			"\"redacted-email\"]}}" },
		{ "{\"props\":{\"plan\":\"gold\"},\"bytes\":1}",
			"{\"bytes\":1}" },
		{ "{\"path\":\"/x/john%2540b.example\"}",
			"{\"path\":\"/x/redacted-email\"}" },
		{ "{\"campaign\":\"xK9fQ2mZ7pLw3RtY\",\"medium\":\"mail\"}",
			"{\"medium\":\"mail\"}" },
		{ "{\"browser_version\":\"120.0.6099\",\"os\":\"Android\"}",
			"{\"browser_version\":\"120\",\"os\":\"Android\"}" },
		{ "{\"cookie_a\":\"x\",\"http_y\":1,\"note_z\":null}", "{}" },
		{ "{\"unheard_of\":{\"a\":[1]},\"gpc\":false}",
			"{\"gpc\":false}" },
		{ "{\"click_id\":\"gclid=EAIaIQ\",\"consent\":\"1YYN\"}",
			"{\"click_id\":\"gclid\",\"consent\":\"denied\"}" },
		{ "{\"redacted\":[\"user\",\"a@b.example\"]}",
			"{\"redacted\":[\"user\",\"redacted-email\"]}" },
		{ "{\"source\":\"j\\u0040x.example \\\"q\\\"\"}",
			"{\"source\":\"redacted-email \\\"q\\\"\"}" },
		{ "{\"user\":null,\"status\":null}",
			"{\"user\":null,\"status\":null}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(NULL, cases[i][0], cases[i][1]);
}

static void
a_referrer_keeps_its_path_on_the_own_site_only(void **state)
{
	static const char *const sites[] = { "www.shop.example" };
	struct world *w;

	(void)state;
	check(NULL,
		"{\"host\":\"www.a.example\",\"referrer\":"
		"\"https://b.a.example/users/john?x=1\"}",
		"{\"host\":\"a.example\",\"referrer\":"
		"\"https://a.example/users/:id\"}");
	check(NULL,
		"{\"host\":\"www.a.example\",\"referrer\":"
		"\"https://mail.b.example/john\"}",
		"{\"host\":\"a.example\",\"referrer\":\"b.example\"}");
	check(NULL, "{\"referrer\":\"http://user:pw@192.0.2.1/x\"}", "{}");
	check(NULL, "{\"referrer\":\"android-app://com.example.app/john\"}",
		"{\"referrer\":\"android-app://com.example.app\"}");
	check(NULL, "{\"referrer\":\"javascript:alert(1)\"}", "{}");

	w = open_world(NULL);
	w->options.sites = sites;
	w->options.site_count = 1;
	assert_string_equal(
		redacted(w, "{\"host\":\"www.shop.example\",\"referrer\":"
			    "\"https://www.shop.example/a?x\"}"),
		"{\"host\":\"www.shop.example\",\"referrer\":"
		"\"https://www.shop.example/a\"}");
	/* The same referrer on another host is another site's. */
	assert_string_equal(redacted(w, "{\"host\":\"b.example\",\"referrer\":"
					"\"https://c.example/a\"}"),
		"{\"host\":\"b.example\",\"referrer\":\"c.example\"}");
	assert_string_equal(redacted(w, "{\"host\":\"c.example\",\"referrer\":"
					"\"https://c.example/a\"}"),
		"{\"host\":\"c.example\",\"referrer\":"
		"\"https://c.example/a\"}");
	close_world(w);
}

/* The value of a key in a line, up to its quote. */
static const char *
value_of(const char *line, const char *key)
{
	static char out[2][64];
	static int turn;
	char wanted[64];
	const char *at;

	turn = !turn;
	snprintf(wanted, sizeof(wanted), "\"%s\":\"", key);
	at = strstr(line, wanted);
	assert_non_null(at);
	snprintf(out[turn], sizeof(out[turn]), "%.36s", at + strlen(wanted));
	return out[turn];
}

#define VISITOR "\"visitor_id\":\"0190163d-8694-8039-9bea-5d4d2d7a1b11\""

static void
a_visit_over_midnight_keeps_its_first_days_id(void **state)
{
	struct world *w = open_world(NULL);
	char first[64];
	const char *id;

	(void)state;
	snprintf(first, sizeof(first), "%s",
		value_of(redacted(w, "{\"time\":\"2026-11-24T23:59:59Z\","
				     "\"session_start\":"
				     "\"2026-11-24T23:50:00Z\"," VISITOR "}"),
			"visitor_id"));
	id = value_of(redacted(w, "{\"time\":\"2026-11-25T00:00:01Z\","
				  "\"session_start\":"
				  "\"2026-11-24T23:50:00.5Z\"," VISITOR "}"),
		"visitor_id");
	assert_string_equal(id, first);
	/* A visit that begins the next day has another. */
	id = value_of(redacted(w, "{\"time\":\"2026-11-25T00:00:01Z\","
				  "\"session_start\":"
				  "\"2026-11-25T00:00:01Z\"," VISITOR "}"),
		"visitor_id");
	assert_string_not_equal(id, first);
	/* A summary has its start as time. */
	id = value_of(
		redacted(w, "{\"time\":\"2026-11-24T23:50:00Z\"," VISITOR "}"),
		"visitor_id");
	assert_string_equal(id, first);
	close_world(w);
}

static void
who_opted_out_is_anonymous(void **state)
{
	static const char line[] =
		"{\"time\":\"2026-11-24T04:41:46Z\",\"client_ip\":"
		"\"203.0.113.77\",\"path\":\"/a\",\"user_agent\":\"curl/8.9\","
		"\"gpc\":true,\"country\":\"DE\",\"region\":\"BE\","
		"\"source\":\"mail\"," VISITOR ",\"session_seq\":3}";

	(void)state;
	check(NULL, line,
		"{\"time\":\"2026-11-24T04:00:00Z\",\"path\":\"/a\","
		"\"gpc\":true,\"country\":\"DE\"}");
	check("{\"unknown\":\"keep\",\"consent\":{\"without\":\"drop\"}}", line,
		"policy");
	check("{\"unknown\":\"keep\",\"consent\":{\"gpc\":\"ignore\"}}", line,
		line);
	check("{\"unknown\":\"keep\",\"consent\":{\"without\":\"drop\"}}",
		"{\"dnt\":true}", "{\"dnt\":true}");
	check("{\"unknown\":\"keep\",\"consent\":{\"dnt\":\"opt-out\","
	      "\"without\":\"drop\"}}",
		"{\"dnt\":true}", "policy");
}

/* ---- other policies ---- */

static void
nested_values_are_treated_member_by_member(void **state)
{
	static const char policy[] =
		"{\"fields\":{\"props.*\":\"scan\",\"props.name\":\"drop\","
		"\"props.plan\":\"set:gold|silver\",\"props.at\":\"round:1\","
		"\"props.user\":\"hash\"},\"unknown\":\"scan\"}";

	(void)state;
	check(policy,
		"{\"props\":{\"name\":\"john\",\"plan\":\"gold\",\"n\":7}}",
		"{\"props\":{\"plan\":\"gold\",\"n\":7}}");
	check(policy, "{\"props\":{\"plan\":\"bronze\",\"at\":52.5163}}",
		"{\"props\":{\"plan\":\"other\",\"at\":52.5}}");
	check(policy,
		"{\"props\":{\"a\":{\"b\":[1,\"a@b.example\",null,true]}}}",
		"{\"props\":{\"a\":{\"b\":[1,\"redacted-email\",null,true]}}}");
	check(policy, "{\"props\":{\"card\":4111111111111111}}",
		"{\"props\":{\"card\":\"redacted-card\"}}");
	check(policy, "{\"props\":{\"password\":\"hunter2\",\"x\":1}}",
		"{\"props\":{\"password\":\"redacted-key\",\"x\":1}}");
	check(policy, "{\"props\":{\"a@b.example\":1,\"x\":{}}}",
		"{\"props\":{\"x\":{}}}");
	check(policy, "{\"props\":{\"name\":1}}", "{}");
	check(policy, "{\"z\":[\"192.0.2.7\",{\"y\":\"ok\"}],\"k\":12}",
		"{\"z\":[\"redacted-ip\",{\"y\":\"ok\"}],\"k\":12}");
	check(policy, "{\"api_key\":\"abc\",\"n\":4111111111111111}",
		"{\"api_key\":\"redacted-key\",\"n\":\"redacted-card\"}");
	/* A key of the table keeps its type, or goes. */
	check(policy, "{\"bytes\":4111111111111111,\"status\":200}",
		"{\"status\":200}");
}

static void
scan_can_drop_what_it_finds_something_in(void **state)
{
	(void)state;
	check("{\"unknown\":\"scan\",\"scan\":{\"action\":\"drop\"}}",
		"{\"path\":\"/a@b.example\",\"source\":\"mail\"}",
		"{\"source\":\"mail\"}");
	check("{\"unknown\":\"scan\",\"scan\":{\"kinds\":[\"ip\"]}}",
		"{\"path\":\"/a@b.example/192.0.2.1\"}",
		"{\"path\":\"/a@b.example/redacted-ip\"}");
}

static void
crypto_pan_is_not_done_twice_over(void **state)
{
	static const uint8_t key[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
		28, 29, 30, 31 };
	struct world *w =
		open_world("{\"fields\":{\"client_ip\":\"crypto-pan\"}}");

	(void)state;
	w->options.pan_key = key;
	for (int i = 0; i < 2; i++)
		assert_string_equal(
			redacted(w, "{\"client_ip\":\"192.0.2.1\"}"),
			"{\"client_ip\":\"2.90.93.17\"}");
	close_world(w);
}

static void
events_past_their_age_are_dropped(void **state)
{
	struct world *w = open_world("{\"unknown\":\"keep\"}");

	(void)state;
	/* One hour before the clock of redacted(): 2026-11-24T04:41:46Z. */
	w->options.max_age_us = INT64_C(3600000000);
	assert_string_equal(redacted(w, "{\"time\":\"2026-11-24T03:41:46Z\"}"),
		"{\"time\":\"2026-11-24T03:41:46Z\"}");
	assert_string_equal(
		redacted(w, "{\"time\":\"2026-11-24T03:41:45Z\"}"), "too_old");
	assert_string_equal(redacted(w, "{\"path\":\"/\"}"), "too_old");
	close_world(w);
}

static void
marks_name_keys_and_are_set_once(void **state)
{
	struct world *w = open_world(NULL);
	char once[LINE_MAX_LEN];

	(void)state;
	w->options.marks = true;
	snprintf(once, sizeof(once), "%s",
		redacted(w, "{\"user\":\"john\",\"path\":\"/~john\","
			    "\"secret\":1,\"status\":200}"));
	assert_string_equal(once,
		"{\"path\":\"/:id\",\"status\":200,"
		"\"redacted\":[\"(other)\",\"user\",\"path\"]}");
	assert_string_equal(redacted(w, once), once);
	assert_string_equal(
		redacted(w, "{\"user\":\"x\",\"redacted\":[\"user\"]}"),
		"{\"redacted\":[\"user\"]}");
	assert_string_equal(
		redacted(w, "{\"status\":200}"), "{\"status\":200}");
	close_world(w);
}

static void
what_was_done_is_counted_without_values(void **state)
{
	struct world *w = open_world(NULL);
	struct sst_buf rows;

	(void)state;
	for (int i = 0; i < 2; i++)
		(void)redacted(w, "{\"campaign\":\"ann@ex.org\",\"john\":1,"
				  "\"a@b.example\":2,\"user\":\"x9\"}");
	assert_int_equal(w->counts.found, 2);
	assert_int_equal(w->counts.unclassified, 4);
	assert_int_equal(w->counts.removed, 6);
	assert_int_equal(w->counts.changed, 2);
	sst_buf_init(&rows, 65536);
	sst_tally_put(&rows, w->tally, "\n");
	sst_buf_byte(&rows, '\0');
	assert_string_equal(rows.at,
		"{\"field\":\"(not shown)\",\"kind\":\"unclassified\","
		"\"count\":2,\"first_line\":1,\"shape\":\"9\"}\n"
		"{\"field\":\"campaign\",\"kind\":\"email\",\"count\":2,"
		"\"first_line\":1,\"shape\":\"aaa@aa.aaa\"}\n"
		"{\"field\":\"john\",\"kind\":\"unclassified\",\"count\":2,"
		"\"first_line\":1,\"shape\":\"9\"}\n"
		"{\"field\":\"user\",\"kind\":\"drop\",\"count\":2,"
		"\"first_line\":1,\"shape\":\"a9\"}");
	sst_buf_release(&rows);
	close_world(w);
}

/* ---- twice is once ---- */

/* Pieces of values, in JSON spelling. */
static const char *const pieces[] = { "/", "/", "-", ".", "@", "%", "=", "&",
	";", ":", "?", "#", "+", " ", "~", "(", "[", "\\\"", "\\\\", "\\u0040",
	"\\n", "users", "user/", "orders/", "john", "john@example.org",
	"john%40example.org", "john%2540example.org", "a%25252540b.example",
	"&#64;", "=40", "\xef\xbc\xa0", "\xe2\x80\x8b", "\xc2\xad", "\xc3\xa9",
	"192.0.2.77", "192.0.2.0", "2001:db8::1", "::", "1-2-3-4.isp.example",
	"0x7f000001", "4111111111111111", "4111-1111-1111-1111", "+49301234567",
	"phone ", "DE89370400440532013000", "078-05-1123", "01:23:45:67:89:ab",
	"f47ac10b-58cc-4372-a567-0e02b2c3d479",
	"0190163d-8694-8139-9bea-5d4d2d7a1b11",
	"h1_0123456789abcdef0123456789abcdef", "eyJhbGciOiJIUzI1NiJ9.eyJ4Ijox",
	"AKIAIOSFODNN7EXAMPLE", "xK9fQ2mZ7pLw3RtY", "aW5mb0BleGFtcGxlLm9yZw",
	"password=", "token:", "Bearer ", "redacted", "redacted-email",
	"redacted-key", ":id", "https://", "http://", "www.a.example", "//u:p@",
	"android-app://", "gclid=", "1YYN", "granted", "page=", "sort=", "GET",
	"HTTP/1.1", "Mozilla/5.0 (", "Windows", "iPhone", ") Chrome/12", "bot",
	"2026-11-24T04:41:46", "Z", ".123", "1", "20", "77777", "ff",
	"-----BEGIN ", ";jsessionid=", "\\u00e9", "%u0040", "%4", "xn--",
	"\\/" };

struct dice {
	uint64_t state;
};

static size_t throw(struct dice * dice, size_t n)
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	return (size_t)(dice->state >> 11) % n;
}

static void
put_string(struct sst_buf *to, struct dice *dice)
{
	size_t n = throw(dice, 9);

	sst_buf_byte(to, '"');
	while (n-- > 0) {
		const char *piece =
			pieces[throw(dice, sizeof(pieces) / sizeof(pieces[0]))];

		sst_buf_put(to, piece, strlen(piece));
	}
	sst_buf_byte(to, '"');
}

static void
put_value(struct sst_buf *to, struct dice *dice, enum sst_field_type type)
{
	switch (type) {
	case SST_TYPE_STRING:
		put_string(to, dice);
		break;
	case SST_TYPE_INT:
		sst_buf_put_u64(to, throw(dice, 3) == 0
					    ? UINT64_C(4111111111111111)
					    : throw(dice, 1000));
		break;
	case SST_TYPE_NUMBER:
		sst_buf_printf(
			to, "-%zu.%zu", throw(dice, 99), throw(dice, 99999));
		break;
	case SST_TYPE_BOOL:
		sst_buf_printf(
			to, "%s", throw(dice, 4) == 0 ? "true" : "false");
		break;
	case SST_TYPE_OBJECT:
		SST_BUF_PUT(to, "{\"page\":");
		put_string(to, dice);
		SST_BUF_PUT(to, ",\"phone\":[");
		put_string(to, dice);
		SST_BUF_PUT(to, ",7],");
		put_string(to, dice);
		SST_BUF_PUT(to, ":{\"x\":");
		put_string(to, dice);
		SST_BUF_PUT(to, "}}");
		break;
	case SST_TYPE_ARRAY:
		SST_BUF_PUT(to, "[");
		put_string(to, dice);
		SST_BUF_PUT(to, "]");
		break;
	}
}

/* An event with each field in half of all cases, and two that nobody knows. */
static const char *
event_of(struct dice *dice)
{
	static char out[LINE_MAX_LEN];
	struct sst_buf line;

	sst_buf_init(&line, LINE_MAX_LEN);
	SST_BUF_PUT(&line, "{\"http_x\":");
	put_string(&line, dice);
	SST_BUF_PUT(&line, ",\"other\":");
	put_string(&line, dice);
	for (int f = SST_F_OTHER + 1; f < SST_FIELD_COUNT; f++) {
		const struct sst_field_row *row =
			sst_field_row((enum sst_field)f);

		if (throw(dice, 2) == 0)
			continue;
		sst_buf_printf(&line, ",\"%s\":", row->name);
		/* What strict keeps as it is comes from lists of ours. */
		if (row->type == SST_TYPE_STRING &&
			strcmp(row->strict, "keep") == 0)
			SST_BUF_PUT(&line, "\"plain\"");
		else
			put_value(&line, dice, row->type);
	}
	SST_BUF_PUT(&line, "}");
	assert_false(line.is_short);
	snprintf(out, sizeof(out), "%.*s", (int)line.len, line.at);
	sst_buf_release(&line);
	return out;
}

/* Every action that is for text, on fields that it was not made for. */
static const char all_sorts[] =
	"{\"fields\":{\"path\":[\"scan\",\"template\"],\"query\":\"scan\","
	"\"user\":\"hash\",\"cookie\":[\"scan\",\"hash\"],\"host\":\"domain\","
	"\"referrer\":[\"domain\",\"scan\"],\"request\":[\"template\",\"scan\"]"
	","
	"\"user_agent\":[\"reduce\",\"scan\"],\"id\":\"rekey\","
	"\"visitor_id\":[\"scan\",\"rekey:day\"],\"forwarded_for\":\"mask\","
	"\"latitude\":\"round:1\",\"longitude\":\"round:0\","
	"\"time\":\"truncate:1h\",\"session_start\":\"truncate:1m\","
	"\"end_time\":\"truncate:year\",\"os_version\":\"truncate:2\","
	"\"term\":\"set:a|john\",\"city\":[\"set:john\",\"scan\"],"
	"\"click_id\":[\"replace\",\"scan\"],\"consent\":\"decision\","
	"\"entry_path\":[\"domain\",\"template\",\"scan\"],"
	"\"exit_path\":[\"allow:page,sort\",\"template\"],"
	"\"props.*\":[\"template\",\"scan\"],\"params.*\":\"hash\"},"
	"\"unknown\":\"scan\",\"consent\":{\"dnt\":\"opt-out\"}}";

static void
redacting_twice_is_redacting_once(void **state)
{
	static const char *const policies[] = { NULL, all_sorts };

	(void)state;
	for (size_t p = 0; p < 2; p++) {
		struct world *w = open_world(policies[p]);
		struct dice dice = { UINT64_C(0x5eed5eed5eed5eed) };

		w->options.marks = p == 1;
		for (int i = 0; i < 3000; i++) {
			const char *line = event_of(&dice);
			char once[LINE_MAX_LEN];
			uint64_t before;

			snprintf(once, sizeof(once), "%s", redacted(w, line));
			before = sst_tally_total(w->tally);
			assert_string_equal(redacted(w, once), once);
			/* --check of what came out finds nothing. */
			assert_int_equal(sst_tally_total(w->tally), before);
			assert_null(strstr(once, "john@example.org"));
		}
		close_world(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_treats_each_kind_of_key),
		cmocka_unit_test(
			a_referrer_keeps_its_path_on_the_own_site_only),
		cmocka_unit_test(a_visit_over_midnight_keeps_its_first_days_id),
		cmocka_unit_test(who_opted_out_is_anonymous),
		cmocka_unit_test(nested_values_are_treated_member_by_member),
		cmocka_unit_test(scan_can_drop_what_it_finds_something_in),
		cmocka_unit_test(crypto_pan_is_not_done_twice_over),
		cmocka_unit_test(events_past_their_age_are_dropped),
		cmocka_unit_test(marks_name_keys_and_are_set_once),
		cmocka_unit_test(what_was_done_is_counted_without_values),
		cmocka_unit_test(redacting_twice_is_redacting_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
