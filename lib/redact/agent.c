/* SPDX-License-Identifier: ISC */
#include "redact/agent.h"

/* Longer ones are looked at so far: work per agent is bounded. */
#define AGENT_MAX ((size_t)1024)

/* ---- crawlers and tools ---- */

/* The first whose word occurs, in any case, gives its name. Specific ones
 * first: "Googlebot-Image" is one of Google's. */
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

/* Where `word` ends in the text, or 0. */
static size_t
find_word(struct sst_span text, struct sst_span word, bool any_case)
{
	for (size_t i = 0; i + word.len <= text.len; i++) {
		struct sst_span here = sst_span(text.at + i, word.len);

		if (any_case ? sst_span_eq_nocase(here, word)
			     : sst_span_eq(here, word))
			return i + word.len;
	}
	return 0;
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

static struct sst_span
major_behind(struct sst_span text, struct sst_span word)
{
	size_t at = find_word(text, word, false);

	return at == 0 ? sst_span("", 0) : major_at(text, at);
}

static bool
put_robot(struct sst_buf *to, struct sst_span agent)
{
	for (size_t i = 0; i < sizeof(robots) / sizeof(robots[0]); i++) {
		const struct robot *robot = &robots[i];
		size_t at = find_word(agent, robot->word, true);
		struct sst_span major;

		if (at == 0)
			continue;
		major = robot->has_version ? major_at(agent, at)
					   : sst_span("", 0);
		sst_buf_put_span(to, robot->name);
		if (robot->has_version) {
			sst_buf_byte(to, '/');
			if (major.len > 0)
				sst_buf_put_span(to, major);
			else
				sst_buf_byte(to, '0');
		}
		return true;
	}
	return false;
}

static const struct system *
system_of(struct sst_span agent)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (find_word(agent, systems[i].word, false) != 0)
			return &systems[i];
	return NULL;
}

struct facts {
	const struct system *system;
	struct sst_span major, chrome, mobile;
};

/* Write a form. False: it wants a version that the agent does not have. */
static bool
put_form(struct sst_buf *to, struct sst_span form, const struct facts *facts)
{
	for (size_t i = 0; i < form.len; i++) {
		struct sst_span value;

		if (form.at[i] != '@') {
			sst_buf_byte(to, form.at[i]);
			continue;
		}
		i++;
		value = form.at[i] == 's'   ? facts->system->text
			: form.at[i] == 'm' ? facts->mobile
			: form.at[i] == 'c' ? facts->chrome
					    : facts->major;
		if (value.len == 0 && form.at[i] != 'm')
			return false;
		sst_buf_put_span(to, value);
	}
	return true;
}

static bool
put_browser(struct sst_buf *to, struct sst_span agent)
{
	static const struct sst_span chrome = SST_SPAN("Chrome/"),
				     mobile = SST_SPAN(" Mobile");
	struct facts facts = { .system = system_of(agent) };
	size_t start = to->len;

	if (facts.system == NULL)
		return false;
	facts.chrome = major_behind(agent, chrome);
	if (find_word(agent, mobile, false) != 0)
		facts.mobile = mobile;
	for (size_t i = 0; i < sizeof(browsers) / sizeof(browsers[0]); i++) {
		const struct browser *browser = &browsers[i];
		size_t at;

		if (!(browser->systems & facts.system->bit))
			continue;
		at = find_word(agent, browser->word, false);
		if (at == 0)
			continue;
		facts.major = major_at(agent, at);
		if (put_form(to, browser->form, &facts))
			return true;
		to->len = start;
	}
	return false;
}

void
sst_agent_put_reduced(struct sst_buf *to, struct sst_span agent)
{
	if (agent.len > AGENT_MAX)
		agent.len = AGENT_MAX;
	if (!put_robot(to, agent) && !put_browser(to, agent))
		SST_BUF_PUT(to, "Other");
}
