/* SPDX-License-Identifier: ISC */
#include "redact/agent.h"

#include "base/wide.h"

#include <assert.h>

/* Longer ones are looked at so far: work per agent is bounded. */
#define AGENT_MAX ((size_t)1024)

/* ---- crawlers and tools ---- */

/* The first whose word occurs gives its name. Specific ones first:
 * "Googlebot-Image" is one of Google's. */
static const struct robot {
	struct sst_span word, name;
	bool has_version; /* "/N" is added, the major version behind the word */
} robots[] = {
#define BOT(word, name) \
	{ \
		SST_SPAN(word), SST_SPAN(name), false \
	}
	BOT("googlebot", "Googlebot"),
	BOT("google-inspectiontool", "Google-InspectionTool"),
	BOT("adsbot-google", "AdsBot-Google"),
	BOT("mediapartners-google", "Mediapartners-Google"),
	BOT("googleother", "GoogleOther"),
	BOT("bingbot", "bingbot"),
	BOT("bingpreview", "BingPreview"),
	BOT("yandexbot", "YandexBot"),
	BOT("yandex.com/bots", "YandexBot"),
	BOT("baiduspider", "Baiduspider"),
	BOT("duckduckbot", "DuckDuckBot"),
	BOT("applebot", "Applebot"),
	BOT("slurp", "Slurp"),
	BOT("petalbot", "PetalBot"),
	BOT("bytespider", "Bytespider"),
	BOT("gptbot", "GPTBot"),
	BOT("oai-searchbot", "OAI-SearchBot"),
	BOT("chatgpt-user", "ChatGPT-User"),
	BOT("claudebot", "ClaudeBot"),
	BOT("perplexitybot", "PerplexityBot"),
	BOT("ccbot", "CCBot"),
	BOT("amazonbot", "Amazonbot"),
	BOT("facebookexternalhit", "facebookexternalhit"),
	BOT("meta-externalagent", "meta-externalagent"),
	BOT("twitterbot", "Twitterbot"),
	BOT("linkedinbot", "LinkedInBot"),
	BOT("pinterestbot", "Pinterestbot"),
	BOT("slackbot", "Slackbot"),
	BOT("telegrambot", "TelegramBot"),
	BOT("discordbot", "Discordbot"),
	BOT("whatsapp", "WhatsApp"),
	BOT("ahrefsbot", "AhrefsBot"),
	BOT("semrushbot", "SemrushBot"),
	BOT("mj12bot", "MJ12bot"),
	BOT("dotbot", "DotBot"),
	BOT("dataforseobot", "DataForSeoBot"),
	BOT("seznambot", "SeznamBot"),
	BOT("archive.org_bot", "archive.org_bot"),
	BOT("uptimerobot", "UptimeRobot"),
	BOT("pingdom", "Pingdom"),
	BOT("statuscake", "StatusCake"),
	BOT("monitor", "Monitor"),
	BOT("lighthouse", "Lighthouse"),
	BOT("zgrab", "zgrab"),
	BOT("nmap", "Nmap"),
	BOT("masscan", "masscan"),
	BOT("nikto", "Nikto"),
	BOT("sqlmap", "sqlmap"),
	BOT("nuclei", "Nuclei"),
	BOT("feedly", "Feedly"),
	BOT("feedfetcher", "FeedFetcher"),
#undef BOT
#define TOOL(word, name) \
	{ \
		SST_SPAN(word), SST_SPAN(name), true \
	}
	TOOL("headlesschrome/", "HeadlessChrome"),
	TOOL("curl/", "curl"),
	TOOL("wget/", "Wget"),
	TOOL("python-requests/", "python-requests"),
	TOOL("python-urllib/", "Python-urllib"),
	TOOL("python-httpx/", "python-httpx"),
	TOOL("aiohttp/", "aiohttp"),
	TOOL("go-http-client/", "Go-http-client"),
	TOOL("okhttp/", "okhttp"),
	TOOL("apache-httpclient/", "Apache-HttpClient"),
	TOOL("java/", "Java"),
	TOOL("libwww-perl/", "libwww-perl"),
	TOOL("axios/", "axios"),
	TOOL("node-fetch/", "node-fetch"),
	TOOL("postmanruntime/", "PostmanRuntime"),
	TOOL("scrapy/", "Scrapy"),
	TOOL("guzzlehttp/", "GuzzleHttp"),
#undef TOOL
	/* Whatever else says that it is one. */
	{ SST_SPAN("bot"), SST_SPAN("Bot"), false },
	{ SST_SPAN("crawl"), SST_SPAN("Bot"), false },
	{ SST_SPAN("spider"), SST_SPAN("Bot"), false },
};

/* ---- operating systems ---- */

enum {
	WINDOWS = 1,
	MACOS = 2,
	LINUX = 4,
	CHROMEOS = 8,
	ANDROID = 16,
	IPHONE = 32,
	IPAD = 64,
	DESKTOP = WINDOWS | MACOS | LINUX | CHROMEOS,
	IOS = IPHONE | IPAD,
	CHROMIUM = DESKTOP | ANDROID
};

/* The first whose word occurs. `text` is what Chrome's reduction and WebKit's
 * freeze write, whatever version there was. */
static const struct system {
	struct sst_span word;
	unsigned bit;
	struct sst_span text;
} systems[] = {
	{ SST_SPAN("CrOS"), CHROMEOS, SST_SPAN("X11; CrOS x86_64 14541.0.0") },
	{ SST_SPAN("iPad"), IPAD, SST_SPAN("iPad; CPU OS 17_7 like Mac OS X") },
	{ SST_SPAN("iPhone"), IPHONE,
		SST_SPAN("iPhone; CPU iPhone OS 17_7 like Mac OS X") },
	{ SST_SPAN("iPod"), IPHONE,
		SST_SPAN("iPhone; CPU iPhone OS 17_7 like Mac OS X") },
	{ SST_SPAN("Windows"), WINDOWS,
		SST_SPAN("Windows NT 10.0; Win64; x64") },
	{ SST_SPAN("Android"), ANDROID, SST_SPAN("Linux; Android 10; K") },
	{ SST_SPAN("Macintosh"), MACOS,
		SST_SPAN("Macintosh; Intel Mac OS X 10_15_7") },
	{ SST_SPAN("Linux"), LINUX, SST_SPAN("X11; Linux x86_64") },
	{ SST_SPAN("X11"), LINUX, SST_SPAN("X11; Linux x86_64") },
};

/* ---- browsers ---- */

#define BLINK \
	"Mozilla/5.0 (@s) AppleWebKit/537.36 (KHTML, like Gecko) " \
	"Chrome/@c.0.0.0@m Safari/537.36"
#define WEBKIT "Mozilla/5.0 (@s) AppleWebKit/605.1.15 (KHTML, like Gecko) "

/*
 * The first whose word occurs on a system for which it is. In the form @s is
 * the system, @n the major version behind the word, @c the one behind
 * "Chrome/", @m " Mobile" when the agent says so. A form contains its own
 * word and no earlier row's, which makes it its own reduced form.
 */
static const struct browser {
	struct sst_span word;
	unsigned systems;
	struct sst_span form;
} browsers[] = {
	{ SST_SPAN("Edg/"), DESKTOP, SST_SPAN(BLINK " Edg/@n.0.0.0") },
	{ SST_SPAN("EdgA/"), ANDROID, SST_SPAN(BLINK " EdgA/@n.0.0.0") },
	{ SST_SPAN("EdgiOS/"), IOS,
		SST_SPAN(WEBKIT "EdgiOS/@n.0.0.0 Mobile/15E148 Safari/604.1") },
	{ SST_SPAN("Edge/"), WINDOWS, SST_SPAN(BLINK " Edge/@n.0") },
	{ SST_SPAN("OPR/"), CHROMIUM, SST_SPAN(BLINK " OPR/@n.0.0.0") },
	{ SST_SPAN("SamsungBrowser/"), CHROMIUM,
		SST_SPAN("Mozilla/5.0 (@s) AppleWebKit/537.36 (KHTML, like "
			 "Gecko) SamsungBrowser/@n.0 Chrome/@c.0.0.0@m "
			 "Safari/537.36") },
	{ SST_SPAN("YaBrowser/"), CHROMIUM,
		SST_SPAN(BLINK " YaBrowser/@n.0.0.0") },
	{ SST_SPAN("Vivaldi/"), CHROMIUM, SST_SPAN(BLINK " Vivaldi/@n.0") },
	{ SST_SPAN("UCBrowser/"), CHROMIUM, SST_SPAN(BLINK " UCBrowser/@n.0") },
	{ SST_SPAN("FxiOS/"), IOS,
		SST_SPAN(WEBKIT "FxiOS/@n.0 Mobile/15E148 Safari/605.1.15") },
	{ SST_SPAN("Firefox/"), DESKTOP,
		SST_SPAN("Mozilla/5.0 (@s; rv:@n.0) Gecko/20100101 "
			 "Firefox/@n.0") },
	{ SST_SPAN("Firefox/"), ANDROID,
		SST_SPAN("Mozilla/5.0 (Android 10; Mobile; rv:@n.0) "
			 "Gecko/@n.0 Firefox/@n.0") },
	{ SST_SPAN("CriOS/"), IOS,
		SST_SPAN(WEBKIT "CriOS/@n.0.0.0 Mobile/15E148 Safari/604.1") },
	{ SST_SPAN("Chrome/"), CHROMIUM, SST_SPAN(BLINK) },
	{ SST_SPAN("Chromium/"), CHROMIUM,
		SST_SPAN("Mozilla/5.0 (@s) AppleWebKit/537.36 (KHTML, like "
			 "Gecko) Chromium/@n.0.0.0@m Safari/537.36") },
	{ SST_SPAN("Version/"), MACOS,
		SST_SPAN(WEBKIT "Version/@n.0 Safari/605.1.15") },
	{ SST_SPAN("Version/"), IOS,
		SST_SPAN(WEBKIT "Version/@n.0 Mobile/15E148 Safari/604.1") },
	{ SST_SPAN("Mobile/"), IOS, SST_SPAN(WEBKIT "Mobile/15E148") },
	{ SST_SPAN("Trident/"), WINDOWS,
		SST_SPAN("Mozilla/5.0 (@s; Trident/7.0; rv:11.0) like Gecko") },
	{ SST_SPAN("MSIE "), WINDOWS,
		SST_SPAN("Mozilla/5.0 (@s; Trident/7.0; rv:11.0) like Gecko") },
};

/* ---- reading ---- */

#define ROBOTS (sizeof(robots) / sizeof(robots[0]))
#define SYSTEMS (sizeof(systems) / sizeof(systems[0]))
#define BROWSERS (sizeof(browsers) / sizeof(browsers[0]))
#define WORDS (ROBOTS + SYSTEMS + BROWSERS + 2)

_Static_assert(WORDS < SST_AGENT_WORDS, "a word is numbered from 1");

/* The words of all tables, one after the other. */
static struct sst_span
word_of(size_t i)
{
	static const struct sst_span more[] = { SST_SPAN("Chrome/"),
		SST_SPAN(" Mobile") };

	if (i < ROBOTS)
		return robots[i].word;
	i -= ROBOTS;
	if (i < SYSTEMS)
		return systems[i].word;
	i -= SYSTEMS;
	return i < BROWSERS ? browsers[i].word : more[i - BROWSERS];
}

#define WORD_CHROME (WORDS - 2)
#define WORD_MOBILE (WORDS - 1)

static inline unsigned
pair_at(const char *at)
{
	return (unsigned)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static inline size_t
slot_of(unsigned pair)
{
	return (uint8_t)(pair >> 8 ^ pair << 3 ^ pair);
}

/* Lower case of n bytes; up to 7 more are read and written. */
static void
put_lower(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t word = sst_word_lower(sst_load8(from + i));

		memcpy(to + i, &word, sizeof(word));
	}
}

void
sst_agents_init(struct sst_agents *agents)
{
	memset(agents, 0, sizeof(*agents));
	for (size_t i = 0; i < WORDS; i++) {
		struct sst_span word = word_of(i);
		char lower[SST_PAD] = { 0 };
		unsigned pair;
		size_t slot;

		assert(word.len >= 2 && word.len < sizeof(lower));
		memcpy(lower, word.at, word.len);
		put_lower(lower, lower, word.len);
		pair = pair_at(lower);
		slot = slot_of(pair);
		agents->next[i + 1] = agents->first[slot];
		agents->first[slot] = (uint8_t)(i + 1);
		agents->pairs[pair / 8] |= (uint8_t)(1 << pair % 8);
		agents->head[i + 1] = sst_load_first(lower, 8);
		agents->mask[i + 1] =
			word.len < 8 ? (UINT64_C(1) << 8 * word.len) - 1
				     : ~UINT64_C(0);
	}
}

/* Where each word ends in an agent for the first time, or 0. */
struct places {
	uint16_t end[WORDS];
};

/* The words that begin at `at` of an agent in lower case. */
static void
take_words(const struct sst_agents *agents, struct sst_span agent, size_t at,
	struct places *out)
{
	uint64_t here = sst_load_first(agent.at + at, 8);

	for (unsigned w = agents->first[slot_of(pair_at(agent.at + at))];
		w != 0; w = agents->next[w]) {
		struct sst_span word;

		if (((here ^ agents->head[w]) & agents->mask[w]) != 0 ||
			out->end[w - 1] != 0)
			continue;
		word = word_of(w - 1);
		if (word.len <= agent.len - at &&
			sst_span_eq_nocase(
				sst_span(agent.at + at, word.len), word))
			out->end[w - 1] = (uint16_t)(at + word.len);
	}
}

/* One pass for all words, in any case. */
static void
find_words(const struct sst_agents *agents, struct sst_span agent,
	struct places *out)
{
	char lower[AGENT_MAX + SST_PAD];

	memset(out, 0, sizeof(*out));
	put_lower(lower, agent.at, agent.len);
	memset(lower + agent.len, 0, SST_PAD);
	for (size_t at = 0; at + 1 < agent.len; at++) {
		unsigned pair = pair_at(lower + at);

		if (SST_UNLIKELY(agents->pairs[pair / 8] >> pair % 8 & 1))
			take_words(agents, sst_span(lower, agent.len), at, out);
	}
}

/* The digits at `at`: one to three, or none. */
static struct sst_span
major_at(struct sst_span text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9')
		end++;
	return sst_span(text.at + at, end - at > 3 ? 0 : end - at);
}

static bool
put_robot(struct sst_buf *to, struct sst_span agent, const struct places *at)
{
	const uint16_t *end = at->end;
	size_t i = 0;

	while (i < ROBOTS && end[i] == 0)
		i++;
	if (i == ROBOTS)
		return false;
	sst_buf_put_span(to, robots[i].name);
	if (robots[i].has_version) {
		struct sst_span major = major_at(agent, end[i]);

		sst_buf_byte(to, '/');
		sst_buf_put(to, major.len > 0 ? major.at : "0",
			major.len > 0 ? major.len : 1);
	}
	return true;
}

struct facts {
	const struct system *system;
	struct sst_span major, chrome, mobile;
};

/* Write a form. False: it wants a version that the agent does not have. */
static bool
put_form(struct sst_buf *to, struct sst_span form, const struct facts *facts)
{
	for (;;) {
		size_t next = sst_span_find(form, '@');
		struct sst_span value;
		char what;

		sst_buf_put(to, form.at, next);
		if (next == form.len)
			return true;
		what = form.at[next + 1];
		form = sst_span_from(form, next + 2);
		value = what == 's'   ? facts->system->text
			: what == 'm' ? facts->mobile
			: what == 'c' ? facts->chrome
				      : facts->major;
		if (value.len == 0 && what != 'm')
			return false;
		sst_buf_put_span(to, value);
	}
}

static bool
put_browser(struct sst_buf *to, struct sst_span agent, const struct places *at)
{
	static const struct sst_span mobile = SST_SPAN(" Mobile");
	const uint16_t *system = at->end + ROBOTS;
	const uint16_t *browser = system + SYSTEMS;
	struct facts facts = { 0 };
	size_t start = to->len, s = 0;

	while (s < SYSTEMS && system[s] == 0)
		s++;
	if (s == SYSTEMS)
		return false;
	facts.system = &systems[s];
	if (at->end[WORD_CHROME] != 0)
		facts.chrome = major_at(agent, at->end[WORD_CHROME]);
	if (at->end[WORD_MOBILE] != 0)
		facts.mobile = mobile;
	for (size_t i = 0; i < BROWSERS; i++) {
		if (browser[i] == 0 ||
			!(browsers[i].systems & facts.system->bit))
			continue;
		facts.major = major_at(agent, browser[i]);
		if (put_form(to, browsers[i].form, &facts))
			return true;
		to->len = start;
	}
	return false;
}

void
sst_agent_put_reduced(struct sst_buf *to, const struct sst_agents *agents,
	struct sst_span agent)
{
	struct places places;

	if (agent.len > AGENT_MAX)
		agent.len = AGENT_MAX;
	find_words(agents, agent, &places);
	if (!put_robot(to, agent, &places) && !put_browser(to, agent, &places))
		SST_BUF_PUT(to, "Other");
}
