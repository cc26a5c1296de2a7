/* SPDX-License-Identifier: ISC */
/* Things that open doors: tokens, keys, credentials; and UUIDs. */
#include "redact/detect.h"
#include "redact/valid.h"

/* ---- keys of today's services ---- */

/* Sources: gitleaks, detect-secrets, the services' own documentation. */
static const struct shape {
	struct sst_span head;
	uint8_t min; /* token characters that follow */
} shapes[] = {
	{ SST_SPAN("AKIA"), 16 },  /* AWS */
	{ SST_SPAN("ASIA"), 16 },  /* AWS, temporary */
	{ SST_SPAN("AIza"), 30 },  /* Google */
	{ SST_SPAN("ya29."), 20 }, /* Google OAuth */
	{ SST_SPAN("ghp_"), 30 },  /* GitHub, and the next five */
	{ SST_SPAN("gho_"), 30 }, { SST_SPAN("ghu_"), 30 },
	{ SST_SPAN("ghs_"), 30 }, { SST_SPAN("ghr_"), 30 },
	{ SST_SPAN("github_pat_"), 20 },
	{ SST_SPAN("glpat-"), 16 }, /* GitLab */
	{ SST_SPAN("xoxa-"), 8 },   /* Slack, and the next five */
	{ SST_SPAN("xoxb-"), 8 }, { SST_SPAN("xoxp-"), 8 },
	{ SST_SPAN("xoxr-"), 8 }, { SST_SPAN("xoxs-"), 8 },
	{ SST_SPAN("xapp-"), 8 },
	{ SST_SPAN("sk_live_"), 10 }, /* Stripe, and the next two */
	{ SST_SPAN("sk_test_"), 10 }, { SST_SPAN("rk_live_"), 10 },
	{ SST_SPAN("sk-ant-"), 16 },  /* Anthropic */
	{ SST_SPAN("sk-proj-"), 16 }, /* OpenAI */
	{ SST_SPAN("SG."), 20 },      /* SendGrid */
	{ SST_SPAN("npm_"), 30 }, { SST_SPAN("pypi-"), 16 },
	{ SST_SPAN("hf_"), 30 },     /* Hugging Face */
	{ SST_SPAN("dop_v1_"), 30 }, /* DigitalOcean */
	{ SST_SPAN("shpat_"), 30 },  /* Shopify */
};

static bool
is_known_key(struct sst_span run)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (run.len >= shapes[i].head.len + shapes[i].min &&
			sst_span_starts(run, shapes[i].head))
			return true;
	return false;
}

/* Of each first letter that a key or JWT may begin with, the second ones. */
#define SECOND(c) (1U << ((c)&31))
static const uint32_t seconds[128] = { ['A'] = SECOND('K') | SECOND('S') |
					       SECOND('I'),
	['S'] = SECOND('G'),
	['d'] = SECOND('o'),
	['e'] = SECOND('y'),
	['g'] = SECOND('h') | SECOND('i') | SECOND('l'),
	['h'] = SECOND('f'),
	['n'] = SECOND('p'),
	['p'] = SECOND('y'),
	['r'] = SECOND('k'),
	['s'] = SECOND('k') | SECOND('h'),
	['x'] = SECOND('o') | SECOND('a'),
	['y'] = SECOND('a') };

/* Begins like the header of a JWT: base64 of `{"`. */
static bool
is_jwt(struct sst_span run)
{
	return run.len >= 16 && run.at[0] == 'e' && run.at[1] == 'y' &&
	       run.at[2] == 'J';
}

bool
sst_may_be_key(struct sst_span text)
{
	return text.len >= 2 &&
	       (seconds[text.at[0] & 127] >> (text.at[1] & 31) & 1) &&
	       (is_jwt(text) || is_known_key(text));
}

/* Mark from where a key or JWT begins in the run, at its start or behind one
 * of "-_.", to its end. */
static bool
find_key(struct sst_probe *probe, size_t start, size_t end)
{
	for (size_t at = start; at < end; at++) {
		struct sst_span run = sst_span(probe->text.at + at, end - at);

		if (at > start && !sst_probe_is_gap(probe, at - 1))
			continue;
		if (!is_jwt(run) && !is_known_key(run))
			continue;
		sst_probe_mark(probe, at, end,
			is_jwt(run) ? SST_FOUND_JWT : SST_FOUND_KEY);
		return true;
	}
	return false;
}

/* ---- base64 ---- */

/* Longer ones are searched so far; what follows is of the same kind. */
#define DECODED_MAX ((size_t)384)

/* The value of a digit of base64 or base64url and 1; 0: it is none. */
static const uint8_t base64_values[256] = { ['A'] = 1,
	['B'] = 2,
	['C'] = 3,
	['D'] = 4,
	['E'] = 5,
	['F'] = 6,
	['G'] = 7,
	['H'] = 8,
	['I'] = 9,
	['J'] = 10,
	['K'] = 11,
	['L'] = 12,
	['M'] = 13,
	['N'] = 14,
	['O'] = 15,
	['P'] = 16,
	['Q'] = 17,
	['R'] = 18,
	['S'] = 19,
	['T'] = 20,
	['U'] = 21,
	['V'] = 22,
	['W'] = 23,
	['X'] = 24,
	['Y'] = 25,
	['Z'] = 26,
	['a'] = 27,
	['b'] = 28,
	['c'] = 29,
	['d'] = 30,
	['e'] = 31,
	['f'] = 32,
	['g'] = 33,
	['h'] = 34,
	['i'] = 35,
	['j'] = 36,
	['k'] = 37,
	['l'] = 38,
	['m'] = 39,
	['n'] = 40,
	['o'] = 41,
	['p'] = 42,
	['q'] = 43,
	['r'] = 44,
	['s'] = 45,
	['t'] = 46,
	['u'] = 47,
	['v'] = 48,
	['w'] = 49,
	['x'] = 50,
	['y'] = 51,
	['z'] = 52,
	['0'] = 53,
	['1'] = 54,
	['2'] = 55,
	['3'] = 56,
	['4'] = 57,
	['5'] = 58,
	['6'] = 59,
	['7'] = 60,
	['8'] = 61,
	['9'] = 62,
	['+'] = 63,
	['-'] = 63,
	['/'] = 64,
	['_'] = 64 };

static inline int
base64_value(char c)
{
	return base64_values[(unsigned char)c] - 1;
}

static size_t
base64_decode(struct sst_span text, char *to, size_t max)
{
	uint32_t bits = 0;
	size_t n = 0, have = 0;

	for (size_t i = 0; i < text.len && n < max; i++) {
		int value = base64_value(text.at[i]);

		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have & 0xff);
		}
	}
	return n;
}

/* Something that can be read has at most so many odd bytes. */
#define ODD_SHARE 10

static inline bool
is_odd(unsigned byte)
{
	return byte < 0x20 || byte > 0x7e;
}

static bool
is_readable(struct sst_span text)
{
	size_t odd = 0;

	for (size_t i = 0; i < text.len; i++)
		odd += is_odd((unsigned char)text.at[i]);
	return odd * ODD_SHARE <= text.len;
}

/* Of a word that is no base64 two in three bytes are odd: it takes a few. */
bool
sst_may_hide(struct sst_span run)
{
	size_t n = run.len * 6 / 8, odd = 0, spare;

	n = n < DECODED_MAX ? n : DECODED_MAX;
	spare = n / ODD_SHARE;
	for (size_t i = 0, done = 0; done + 3 <= n; i += 4, done += 3) {
		unsigned bits = (unsigned)base64_value(run.at[i]) << 18 |
				(unsigned)base64_value(run.at[i + 1]) << 12 |
				(unsigned)base64_value(run.at[i + 2]) << 6 |
				(unsigned)base64_value(run.at[i + 3]);

		odd += (size_t)is_odd(bits >> 16 & 0xff) +
		       (size_t)is_odd(bits >> 8 & 0xff) +
		       (size_t)is_odd(bits & 0xff);
		if (odd > spare)
			return false;
	}
	return true;
}

/* Is it base64 of a text in which there is something? One level inside of
 * another is looked at, no more. */
static bool
hides_something(const struct sst_probe *probe, struct sst_span run)
{
	char plain[DECODED_MAX + SST_PAD];
	struct sst_found found[SST_FIND_RANGES];
	struct sst_probe inner = {
		.kinds = probe->kinds, .depth = probe->depth + 1, .found = found
	};

	if (probe->depth >= 2 || run.len < SST_HIDDEN_MIN)
		return false;
	inner.text = sst_span(plain, base64_decode(run, plain, DECODED_MAX));
	if (inner.text.len < 6 || !is_readable(inner.text))
		return false;
	memset(plain + inner.text.len, 0, SST_PAD);
	sst_detect(&inner, SST_DETECT_ALL);
	return inner.n > 0;
}

/* ---- one word ---- */

/* 8-4-4-4-12 hex digits. */
static bool
is_uuid(struct sst_span run)
{
	if (run.len != 36)
		return false;
	for (size_t i = 0; i < run.len; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
				? run.at[i] != '-'
				: !sst_is_class(run.at[i], SST_C_HEX))
			return false;
	return true;
}

static bool
is_hex(struct sst_span run)
{
	for (size_t i = 0; i < run.len; i++)
		if (!sst_is_class(run.at[i], SST_C_HEX))
			return false;
	return true;
}

/* MD5, SHA-1, SHA-256 as a word of their own: hashed emails are that. In
 * "app-5d41....js" the hash is a part of a name and stays. */
static bool
is_hash(struct sst_span run)
{
	return (run.len == 32 || run.len == 40 || run.len == 64) && is_hex(run);
}

/* Is all that a value has one word, or what is behind a '='? */
static bool
is_whole(const struct sst_probe *probe, size_t start, size_t end)
{
	return (start == 0 || probe->text.at[start - 1] == '=') &&
	       (end == probe->text.len || probe->text.at[end] == '&' ||
		       probe->text.at[end] == '=');
}

/* A word of letters, digits, '-' and '_' (and '.' in a JWT). */
static void
judge_word(struct sst_probe *probe, size_t start, size_t end)
{
	struct sst_span run = sst_span(probe->text.at + start, end - start);
	size_t dot = sst_span_find(run, '.');
	struct sst_span first = sst_span_head(run, dot);

	if (find_key(probe, start, end))
		return;
	/* The dots of a sentence or a file name end what is judged now. */
	if (sst_is_redacted_value(first))
		return;
	if (is_uuid(first))
		sst_probe_mark(probe, start, start + first.len, SST_FOUND_UUID);
	else if (dot == run.len && is_hash(first))
		sst_probe_mark(probe, start, end, SST_FOUND_TOKEN);
	else if (dot == run.len && run.len >= 16 &&
		 is_whole(probe, start, end) && sst_is_token_like(run))
		sst_probe_mark(probe, start, end, SST_FOUND_TOKEN);
}

/* Runs of base64 characters; words are judged by judge_word(). */
static void
find_hidden(struct sst_probe *probe)
{
	struct sst_span text = probe->text;
	size_t at = 0;

	while (at < text.len) {
		size_t start = at;

		while (at < text.len &&
			sst_is_class(text.at[at], SST_C_BASE64) &&
			text.at[at] != '=')
			at++;
		if (at - start >= 12) {
			struct sst_span run =
				sst_span(text.at + start, at - start);
			size_t slash = sst_span_find(run, '/');

			/* A path's segments are looked at one by one too. */
			if (hides_something(probe, run))
				sst_probe_mark(
					probe, start, at, SST_FOUND_TOKEN);
			while (slash < run.len) {
				size_t next;

				run = sst_span_from(run, slash + 1);
				next = sst_span_find(run, '/');
				if (hides_something(
					    probe, sst_span_head(run, next))) {
					size_t from =
						(size_t)(run.at - text.at);
					sst_probe_mark(probe, from, from + next,
						SST_FOUND_TOKEN);
				}
				slash = next;
			}
		} else if (at == start) {
			at++;
		}
		while (at < text.len && text.at[at] == '=')
			at++;
	}
}

void
sst_detect_tokens(struct sst_probe *probe)
{
	static const struct sst_span armour = SST_SPAN("-----BEGIN ");
	struct sst_span text = probe->text;
	size_t at = 0;

	while (at < text.len) {
		size_t start = at;

		while (at < text.len && sst_is_class(text.at[at], SST_C_TOKEN))
			at++;
		if (at - start >= 12)
			judge_word(probe, start, at);
		if (sst_span_starts(sst_span_from(text, start), armour)) {
			sst_probe_mark(probe, start, text.len, SST_FOUND_KEY);
			return;
		}
		if (at == start)
			at++;
	}
	find_hidden(probe);
}
