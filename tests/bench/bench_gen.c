/* SPDX-License-Identifier: ISC */
/*
 * bench_gen -- a big access log in combined format, the same for a seed.
 *
 *	bench_gen LINES [SEED] >access.log
 *
 * Lines are as long (about 265 bytes) and as varied as those of a busy site,
 * because both decide how fast a parser is: visitors come and go, each with an
 * address and a browser of its own, so that caches of agents and tables of
 * visits have work to do; pages number hundreds of thousands; one line in a
 * hundred has escapes, bytes that are not ASCII, or a broken request. Time
 * goes on by a second every LINES_A_SECOND, so that visits also end.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_A_SECOND 50

/* Visitors on the site at a time: half an hour at 50 lines a second, and 12
 * lines a visit. */
#define VISITORS 7500
#define LINES_A_VISIT 12

/* 2026-11-24T00:00:00Z */
#define START ((time_t)1795478400)

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct visitor {
	char address[40];
	char agent[200];
	char page[180]; /* the one that they look at: the next referrer */
	unsigned left;  /* lines until they leave */
	bool is_bot;
};

static struct visitor visitors[VISITORS];
static uint64_t state;

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators" (2014). */
static uint64_t
random_next(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static unsigned
below(unsigned n)
{
	return (unsigned)(random_next() % n);
}

/* Small numbers are likelier: pages and articles have favourites. */
static unsigned
skewed_below(unsigned n)
{
	unsigned a = below(n);
	unsigned b = below(n);

	return (unsigned)((uint64_t)a * b / n);
}

static const char *const words[] = { "about", "annual", "archive", "autumn",
	"bicycle", "bread", "castle", "cheap", "city", "coffee", "cotton",
	"desk", "engine", "garden", "guide", "harbour", "history", "island",
	"kitchen", "lamp", "leather", "letter", "market", "modern", "mountain",
	"music", "north", "ocean", "old", "paper", "photo", "quiet", "recipe",
	"report", "river", "silver", "station", "summer", "table", "travel",
	"village", "water", "window", "winter", "wooden", "yellow" };

static const char *const systems[] = {
	"Windows NT 10.0; Win64; x64",
	"Macintosh; Intel Mac OS X 10_15_7",
	"X11; Linux x86_64",
	"Linux; Android 14; SM-S911B",
	"Linux; Android 13; Pixel 7",
	"Linux; Android 10; K",
};

static const char *const bots[] = {
	"Mozilla/5.0 (compatible; Googlebot/2.1; "
	"+http://www.google.com/bot.html)",
	"Mozilla/5.0 (compatible; bingbot/2.0; "
	"+http://www.bing.com/bingbot.htm)",
	"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
	"curl/8.9.1",
	"python-requests/2.32.3",
};

static const char *const referrers[] = {
	"-",
	"-",
	"https://www.google.com/",
	"https://www.bing.com/search?q=coffee+table",
	"https://duckduckgo.com/",
	"https://t.co/Zk3vQx81aB",
	"https://news.example.net/2026/11/what-to-read",
};

static const char *const assets[] = { "css", "js", "png", "jpg", "svg", "woff2",
	"webp" };

static const char *const odd_lines[] = {
	"\"\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03\" 400 157 "
	"\"-\" \"-\"",
	"\"GET /search?q=caf\xc3\xa9+cr\xc3\xa8me HTTP/1.1\" 200 8123 \"-\" "
	"\"Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 "
	"Firefox/131.0\"",
	"\"GET /say?text=\\\"quoted\\\" HTTP/1.1\" 200 912 "
	"\"https://www.example.org/a\\\"b\" \"Mozilla/5.0 \\\"odd\\\" agent\"",
	"\"-\" 408 0 \"-\" \"-\"",
	"\"GET /caf\\xE9/menu HTTP/1.1\" 404 153 \"-\" \"Mozilla/4.0 "
	"(compatible; MSIE 6.0; Windows NT 5.1)\"",
	"\"OPTIONS * HTTP/1.0\" 200 126 \"-\" \"Apache (internal dummy "
	"connection)\"",
};

static void
make_agent(struct visitor *v)
{
	const char *system = systems[below(COUNT(systems))];
	unsigned version = 96 + below(36);

	if (v->is_bot)
		snprintf(v->agent, sizeof(v->agent), "%s",
			bots[below(COUNT(bots))]);
	else if (below(5) == 0)
		snprintf(v->agent, sizeof(v->agent),
			"Mozilla/5.0 (%s; rv:%u.0) Gecko/20100101 "
			"Firefox/%u.0",
			system, version, version);
	else
		snprintf(v->agent, sizeof(v->agent),
			"Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like "
			"Gecko) Chrome/%u.0.%u.%u%s Safari/537.36",
			system, version, 4600 + below(2200), below(200),
			strstr(system, "Android") != NULL ? " Mobile" : "");
}

static void
arrive(struct visitor *v)
{
	v->is_bot = below(12) == 0;
	v->left = 1 + below(2 * LINES_A_VISIT - 1);
	if (below(6) == 0)
		snprintf(v->address, sizeof(v->address), "2001:db8:%x:%x::%x",
			below(65536), below(65536), 1 + below(65535));
	else
		snprintf(v->address, sizeof(v->address), "%u.%u.%u.%u",
			1 + below(223), below(256), below(256), 1 + below(254));
	make_agent(v);
	snprintf(v->page, sizeof(v->page), "%s",
		v->is_bot ? "-" : referrers[below(COUNT(referrers))]);
}

/* The path of one of some 400,000 pages, with a query now and then. */
static void
make_target(char *to, size_t size)
{
	unsigned page = skewed_below(400000);
	int len = snprintf(to, size, "/%s/%s-%s-%s-%u",
		words[page % COUNT(words)], words[page / 7 % COUNT(words)],
		words[page / 11 % COUNT(words)],
		words[page / 13 % COUNT(words)], page);

	switch (below(20)) {
	case 0:
		snprintf(to + len, size - (size_t)len,
			"?utm_source=newsletter&utm_medium=email&utm_campaign="
			"%s-%u",
			words[below(COUNT(words))], 1 + below(52));
		break;
	case 1:
	case 2:
		snprintf(to + len, size - (size_t)len, "?page=%u&sort=%s&id=%u",
			1 + below(40), words[below(COUNT(words))],
			below(1000000));
		break;
	default:
		break;
	}
}

static void
put_page(struct visitor *v, const char *stamp)
{
	static const unsigned statuses[] = { 200, 200, 200, 200, 200, 200, 200,
		200, 200, 200, 200, 200, 200, 304, 301, 404 };
	char target[140];

	make_target(target, sizeof(target));
	printf("%s - - [%s +0000] \"%s %s HTTP/%s\" %u %u \"%s\" \"%s\"\n",
		v->address, stamp, below(40) == 0 ? "POST" : "GET", target,
		below(3) == 0 ? "1.1" : "2.0", statuses[below(COUNT(statuses))],
		500 + below(90000), v->page, v->agent);
	if (!v->is_bot)
		snprintf(v->page, sizeof(v->page), "https://www.example.org%s",
			target);
}

static void
put_asset(const struct visitor *v, const char *stamp)
{
	const char *kind = assets[below(COUNT(assets))];

	printf("%s - - [%s +0000] \"GET /static/%s/%s-%08x.%s HTTP/2.0\" %u "
	       "%u \"%s\" \"%s\"\n",
		v->address, stamp, kind, words[below(COUNT(words))],
		(unsigned)skewed_below(20000) * 2654435761u, kind,
		below(8) == 0 ? 304u : 200u, 200 + below(300000), v->page,
		v->agent);
}

static void
put_line(const char *stamp)
{
	struct visitor *v = &visitors[below(VISITORS)];

	if (v->left == 0)
		arrive(v);
	v->left--;
	if (below(100) == 0)
		printf("%s - - [%s +0000] %s\n", v->address, stamp,
			odd_lines[below(COUNT(odd_lines))]);
	else if (v->is_bot || below(2) == 0)
		put_page(v, stamp);
	else
		put_asset(v, stamp);
}

int
main(int argc, char **argv)
{
	uint64_t lines = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	char stamp[32] = "";

	if (lines == 0) {
		fprintf(stderr, "usage: bench_gen LINES [SEED]\n");
		return 2;
	}
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	for (uint64_t i = 0; i < lines; i++) {
		if (i % LINES_A_SECOND == 0) {
			time_t now = START + (time_t)(i / LINES_A_SECOND);
			struct tm tm;

			gmtime_r(&now, &tm);
			strftime(
				stamp, sizeof(stamp), "%d/%b/%Y:%H:%M:%S", &tm);
		}
		put_line(stamp);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
