/* SPDX-License-Identifier: ISC */
/* Who it is. */
#include "session_kit.h"

#include "event/event.h"
#include "session/hit.h"
#include "session/visitor.h"
#include "json/read.h"

/* The event of a JSON line, '' for quotes. */
struct reading {
	struct sst_event event;
	char line[512];
};

static void
read_line(struct reading *reading, const char *json)
{
	enum sst_reason why;
	size_t len = strlen(json);

	assert_true(len + SST_PAD < sizeof(reading->line));
	memset(reading->line, 0, sizeof(reading->line));
	for (size_t i = 0; i < len; i++)
		reading->line[i] = json[i] == '\'' ? '"' : json[i];
	assert_int_equal(sst_json_read(&reading->event,
				 sst_span(reading->line, len), &why),
		SST_OK);
}

static struct sst_digest
key_of_tests(void)
{
	struct sst_digest key = { { 1, 2, 3 } };

	return key;
}

/* The hash of who made a line, or zeros when nobody did. */
static struct sst_digest
who_is(const char *list, const char *json)
{
	static struct reading reading;
	struct sst_digest key = key_of_tests(), id = { { 0 } };
	struct sst_visitor *visitor;
	struct sst_err err = { 0 };
	struct sst_span who;

	sst_event_init(&reading.event);
	if (sst_visitor_open(&visitor, list, &err) != SST_OK)
		fail_msg("%s", err.text);
	read_line(&reading, json);
	who = sst_visitor_of(visitor, &reading.event);
	if (who.at != NULL)
		id = sst_siphash13(&key, who);
	assert_false(reading.event.is_short);
	sst_visitor_close(visitor);
	sst_event_release(&reading.event);
	return id;
}

/* Are these the same visitor? Nobody is not the same as nobody. */
static const struct {
	const char *list, *a, *b;
	bool is_same;
} pairs[] = {
	/* An address and an agent. */
	{ "ip+ua", "{'client_ip':'192.0.2.1','user_agent':'x'}",
		"{'client_ip':'192.0.2.1','user_agent':'x','user':'u'}", true },
	{ "ip+ua", "{'client_ip':'192.0.2.1','user_agent':'x'}",
		"{'client_ip':'192.0.2.2','user_agent':'x'}", false },
	{ "ip+ua", "{'client_ip':'192.0.2.1','user_agent':'x'}",
		"{'client_ip':'192.0.2.1','user_agent':'y'}", false },
	{ "ip+ua", "{'client_ip':'192.0.2.1'}",
		"{'client_ip':'192.0.2.1','user_agent':''}", true },
	{ "ip+ua", "{'client_host':'h.example'}", "{'client_host':'h.example'}",
		true },
	/* IPv6: the network counts, the rest changes. */
	{ "ip", "{'client_ip':'2001:db8:1:2::1'}",
		"{'client_ip':'2001:db8:1:2:ffff::9'}", true },
	{ "ip", "{'client_ip':'2001:db8:1:2::1'}",
		"{'client_ip':'2001:db8:1:3::1'}", false },
	{ "ip", "{'client_ip':'2001:db8:1:2::1'}",
		"{'client_ip':'2001:DB8:1:2:0:0:0:1'}", true },
	/* IPv4, however it is spelled. */
	{ "ip", "{'client_ip':'192.0.2.1'}", "{'client_ip':'::ffff:192.0.2.1'}",
		true },
	{ "ip", "{'client_ip':'192.0.2.1'}", "{'client_ip':'::ffff:c000:201'}",
		true },
	{ "ip", "{'client_ip':'192.0.2.1'}", "{'client_ip':'::ffff:192.0.2.2'}",
		false },
	/* A user goes before an address, but not on 401. */
	{ "user,ip+ua", "{'client_ip':'192.0.2.1','user':'u'}",
		"{'client_ip':'192.0.2.2','user':'u'}", true },
	{ "user,ip+ua", "{'client_ip':'192.0.2.1','user':'u'}",
		"{'client_ip':'192.0.2.1','user':'v'}", false },
	{ "user,ip+ua", "{'client_ip':'192.0.2.1','user':'u','status':401}",
		"{'client_ip':'192.0.2.1'}", true },
	{ "user,ip+ua", "{'client_ip':'192.0.2.1','user':'u','status':403}",
		"{'client_ip':'192.0.2.1'}", false },
	{ "user,ip+ua", "{'client_ip':'192.0.2.1','user':''}",
		"{'client_ip':'192.0.2.1'}", true },
	/* Escapes are spelling. */
	{ "user", "{'user':'\\u0041'}", "{'user':'A'}", true },
	/* Cookies, alone or in the header. */
	{ "cookie:sid", "{'cookie':'a=1; sid=77; b=2'}", "{'cookie':'sid=77'}",
		true },
	{ "cookie:sid", "{'cookie':'sid=77'}", "{'cookie_sid':'77'}", true },
	{ "cookie:Sid-X", "{'cookie':'Sid-X=77'}", "{'cookie_sid_x':'77'}",
		true },
	{ "cookie:sid", "{'cookie':'sid=77'}", "{'cookie':'sid=78'}", false },
	{ "cookie:sid,ip", "{'cookie':'xsid=77','client_ip':'192.0.2.1'}",
		"{'client_ip':'192.0.2.1'}", true },
	{ "cookie:sid,ip", "{'cookie':'sid=','client_ip':'192.0.2.1'}",
		"{'client_ip':'192.0.2.1'}", true },
	/* Parameters are decoded. */
	{ "param:u", "{'query':'x=1&u=a+b'}", "{'query':'%75=a%20b&u=c'}",
		true },
	{ "param:u", "{'query':'u=a'}", "{'query':'u=b'}", false },
	/* Any other key. */
	{ "http_x_client", "{'http_x_client':'c'}",
		"{'http_x_client':'c','path':'/'}", true },
	{ "host+ip", "{'host':'a','client_ip':'192.0.2.1'}",
		"{'host':'b','client_ip':'192.0.2.1'}", false },
	/* What one alternative gives is never what another gives. */
	{ "user,cookie:u", "{'user':'x'}", "{'cookie':'u=x'}", false },
	{ "host+user", "{'host':'ab','user':'c'}", "{'host':'a','user':'bc'}",
		false },
};

static void
visitors_are_told_apart_as_asked(void **state)
{
	static const struct sst_digest nobody;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct sst_digest a = who_is(pairs[i].list, pairs[i].a);
		struct sst_digest b = who_is(pairs[i].list, pairs[i].b);
		bool is_same = memcmp(&a, &b, sizeof(a)) == 0;

		if (memcmp(&a, &nobody, sizeof(a)) == 0 ||
			memcmp(&b, &nobody, sizeof(b)) == 0)
			fail_msg("pair %zu: nobody", i);
		if (is_same != pairs[i].is_same)
			fail_msg("pair %zu: %s against %s", i, pairs[i].a,
				pairs[i].b);
	}
}

static void
without_anything_that_tells_there_is_no_visitor(void **state)
{
	static const struct sst_digest nobody;
	static const struct {
		const char *list, *json;
	} cases[] = {
		{ "user,ip+ua", "{'user_agent':'x'}" },
		{ "user,ip+ua", "{'user':'u','status':401}" },
		{ "user", "{'user':null}" },
		{ "cookie:sid", "{'cookie':'sid'}" },
		{ "cookie:sid", "{'cookie':'; ;=;'}" },
		{ "param:u", "{'query':''}" },
		{ "param:u", "{'query':'u=&u=x'}" },
		{ "http_x", "{'http_x':''}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_digest who = who_is(cases[i].list, cases[i].json);

		assert_memory_equal(&who, &nobody, sizeof(who));
	}
}

static void
the_message_is_that_of_length_prefixed_parts(void **state)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	struct sst_digest key = key_of_tests();
	struct sst_span parts[] = { SST_SPAN("ip+ua"),
		{ (const char *)address, 4 }, SST_SPAN("agent") };
	struct sst_digest want = sst_siphash_parts(&key, parts, 3);
	struct sst_digest is = who_is(
		"ip+ua", "{'client_ip':'192.0.2.1','user_agent':'agent'}");

	(void)state;
	assert_memory_equal(&is, &want, sizeof(is));
}

static void
a_list_that_makes_no_sense_is_refused_by_name(void **state)
{
	static const struct {
		const char *list, *named;
	} cases[] = {
		{ "", "''" },
		{ "user,", "''" },
		{ "ip+", "''" },
		{ "+ua", "''" },
		{ "cookie:", "'cookie:'" },
		{ "param:", "'param:'" },
		{ "User", "'User'" },
		{ "user, ip", "' ip'" },
		{ "ip+ip+ip+ip+ip+ip+ip+ip+ip", "8 parts" },
		{ "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a", "16 alternatives" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sst_visitor *visitor = NULL;
		struct sst_err err = { 0 };

		assert_int_equal(
			sst_visitor_open(&visitor, cases[i].list, &err),
			SST_EUSAGE);
		assert_null(visitor);
		assert_non_null(strstr(err.text, cases[i].named));
	}
}

/* ---- what of an event the table of visits looks at ---- */

static struct sst_hit
hit_of(struct sst_hit_reader *reader, struct reading *reading, const char *json)
{
	struct sst_hit hit;
	enum sst_reason why;

	read_line(reading, json);
	assert_int_equal(
		sst_hit_read(reader, &reading->event, &hit, &why), SST_OK);
	return hit;
}

static void
campaigns_are_told_apart_by_all_their_keys(void **state)
{
	static const struct {
		enum sst_new_on on;
		const char *a, *b; /* added to the event */
		bool has_a, is_same;
	} cases[] = {
		{ SST_NEW_ON_NOTHING, ",'campaign':'c'", ",'campaign':'c'",
			false, true },
		{ SST_NEW_ON_CAMPAIGN, ",'campaign':'c'", ",'campaign':'c'",
			true, true },
		{ SST_NEW_ON_CAMPAIGN, ",'campaign':'c'", ",'campaign':'d'",
			true, false },
		{ SST_NEW_ON_CAMPAIGN, ",'campaign':'c','source':'s'",
			",'campaign':'c','source':'t'", true, false },
		{ SST_NEW_ON_CAMPAIGN, ",'click_id':'1'", ",'click_id':'2'",
			true, false },
		{ SST_NEW_ON_CAMPAIGN, ",'source':'google'", "", false, true },
		{ SST_NEW_ON_SOURCE, ",'source':'google'", ",'source':'bing'",
			true, false },
		{ SST_NEW_ON_SOURCE, ",'source':'(direct)'", "", false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct reading reading;
		static struct sst_hit_reader reader;
		struct sst_visitor *visitor;
		struct sst_err err = { 0 };
		uint64_t campaigns[2];

		sst_event_init(&reading.event);
		assert_int_equal(
			sst_visitor_open(&visitor, "ip", &err), SST_OK);
		assert_int_equal(sst_hit_reader_init(
					 &reader, visitor, cases[i].on, &err),
			SST_OK);
		for (int k = 0; k < 2; k++) {
			char json[256];

			(void)snprintf(json, sizeof(json),
				"{'time':'2026-11-24T12:00:00Z','client_ip':"
				"'192.0.2.1'%s}",
				k == 0 ? cases[i].a : cases[i].b);
			campaigns[k] = hit_of(&reader, &reading, json).campaign;
		}
		assert_int_equal(campaigns[0] != 0, cases[i].has_a);
		assert_int_equal(
			campaigns[0] == campaigns[1], cases[i].is_same);
		sst_visitor_close(visitor);
		sst_event_release(&reading.event);
	}
}

static void
names_decide_what_an_event_counts_for(void **state)
{
	static struct reading reading;
	static struct sst_hit_reader reader;
	struct sst_visitor *visitor;
	struct sst_err err = { 0 };
	struct sst_hit hit;

	(void)state;
	sst_event_init(&reading.event);
	assert_int_equal(sst_visitor_open(&visitor, "ip", &err), SST_OK);
	assert_int_equal(
		sst_hit_reader_init(&reader, visitor, SST_NEW_ON_NOTHING, &err),
		SST_OK);
	assert_int_equal(
		sst_hit_reader_add(&reader, "redirect", SST_HIT_PASSIVE, &err),
		SST_OK);
	assert_int_equal(sst_hit_reader_add(&reader, "page_view",
				 SST_HIT_CONVERSION, &err),
		SST_OK);
#define EVENT(name) \
	"{'time':'2026-11-24T12:00:00.5+01:00','client_ip':'::1'," \
	"'event':'" name "','dnt':true,'gpc':false,'path':'/\\u0041'}"
	hit = hit_of(&reader, &reading, EVENT("redirect"));
	assert_int_equal(
		hit.flags, SST_HIT_PASSIVE | SST_HIT_REDIRECT | SST_HIT_DNT);
	assert_int_equal(hit.time_us, KIT_NOON - KIT_HOUR + KIT_SECOND / 2);
	hit = hit_of(&reader, &reading, EVENT("page_view"));
	assert_int_equal(
		hit.flags, SST_HIT_PAGE | SST_HIT_CONVERSION | SST_HIT_DNT);
	hit = hit_of(&reader, &reading, EVENT("p\\u0061ge_view"));
	assert_int_equal(
		hit.flags, SST_HIT_PAGE | SST_HIT_CONVERSION | SST_HIT_DNT);
	hit = hit_of(&reader, &reading, EVENT("click"));
	assert_int_equal(hit.flags, SST_HIT_DNT);
	/* Paths stay as they are spelled. */
	assert_int_equal(hit.texts.at[SST_TEXT_ENTRY].len, 7);
#undef EVENT
	sst_visitor_close(visitor);
	sst_event_release(&reading.event);
}

static void
events_without_a_time_are_rejected(void **state)
{
	static const struct {
		const char *json;
		enum sst_status status;
		enum sst_reason why;
	} cases[] = {
		{ "{'client_ip':'::1'}", SST_REJECT, SST_WHY_NO_TIME },
		{ "{'time':'2026-13-01T00:00:00Z'}", SST_REJECT,
			SST_WHY_BAD_TIME },
		{ "{'time':'yesterday'}", SST_REJECT, SST_WHY_BAD_TIME },
		{ "{'time':'','client_ip':'::1'}", SST_REJECT,
			SST_WHY_BAD_TIME },
		{ "{'time':'2026-11-24T12:00:00Z'}", SST_END, SST_WHY_NONE },
		{ "{'time':'2026-11-24T12:00:00Z','client_ip':'::1',"
		  "'event':'session'}",
			SST_END, SST_WHY_NONE },
		{ "{'time':'2026-11-24T12:00:00Z','client_ip':'::1',"
		  "'event':'alert'}",
			SST_END, SST_WHY_NONE },
		{ "{'time':'2026-11-24T12:00:00Z','client_ip':'::1'}", SST_OK,
			SST_WHY_NONE },
	};
	static struct reading reading;
	static struct sst_hit_reader reader;
	struct sst_visitor *visitor;
	struct sst_err err = { 0 };

	(void)state;
	sst_event_init(&reading.event);
	assert_int_equal(sst_visitor_open(&visitor, "ip", &err), SST_OK);
	assert_int_equal(
		sst_hit_reader_init(&reader, visitor, SST_NEW_ON_NOTHING, &err),
		SST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum sst_reason why = SST_WHY_NONE;
		struct sst_hit hit;

		read_line(&reading, cases[i].json);
		assert_int_equal(
			sst_hit_read(&reader, &reading.event, &hit, &why),
			cases[i].status);
		assert_int_equal(why, cases[i].why);
	}
	sst_visitor_close(visitor);
	sst_event_release(&reading.event);
}

static void
a_time_with_too_many_digits_is_spelled_anew(void **state)
{
	static struct reading reading;
	static struct sst_hit_reader reader;
	struct sst_visitor *visitor;
	struct sst_err err = { 0 };
	struct sst_hit hit;

	(void)state;
	sst_event_init(&reading.event);
	assert_int_equal(sst_visitor_open(&visitor, "ip", &err), SST_OK);
	assert_int_equal(
		sst_hit_reader_init(&reader, visitor, SST_NEW_ON_NOTHING, &err),
		SST_OK);
	read_line(&reading, "{'client_ip':'::1','time':"
			    "'2026-11-24T12:00:00.1234567890123456789Z'}");
	if (sst_hit_read(&reader, &reading.event, &hit,
		    &(enum sst_reason){ 0 }) == SST_OK)
		assert_true(hit.time.len <= SST_TIME_MAX);
	sst_visitor_close(visitor);
	sst_event_release(&reading.event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(visitors_are_told_apart_as_asked),
		cmocka_unit_test(
			without_anything_that_tells_there_is_no_visitor),
		cmocka_unit_test(the_message_is_that_of_length_prefixed_parts),
		cmocka_unit_test(a_list_that_makes_no_sense_is_refused_by_name),
		cmocka_unit_test(campaigns_are_told_apart_by_all_their_keys),
		cmocka_unit_test(names_decide_what_an_event_counts_for),
		cmocka_unit_test(events_without_a_time_are_rejected),
		cmocka_unit_test(a_time_with_too_many_digits_is_spelled_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
