/* SPDX-License-Identifier: ISC */
#include "redact/decode.h"

#include "text/utf8.h"

#include <stdlib.h>

void
sst_level_init(struct sst_level *level, size_t max)
{
	*level = (struct sst_level){ 0 };
	sst_buf_init(&level->text, max);
}

void
sst_level_release(struct sst_level *level)
{
	sst_buf_release(&level->text);
	free(level->from);
	level->from = NULL;
	level->from_cap = 0;
}

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = sst_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of n hex digits at `at`, or -1. */
static int32_t
hex_number(struct sst_span in, size_t at, size_t n)
{
	int32_t value = 0;

	if (at + n > in.len)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_of(in.at[at + i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* What an encoded element stands for. A code point above ASCII that has no
 * plain counterpart is given as it is. */
struct piece {
	size_t len;      /* in the input; 0: it is no encoding */
	uint32_t code;   /* what it means */
	bool is_byte;    /* code is a byte, maybe a part of a UTF-8 sequence */
	bool is_nothing; /* it is invisible */
};

/* %XX and %uXXXX. */
static struct piece
read_percent(struct sst_span in, size_t at)
{
	int32_t code = hex_number(in, at + 1, 2);

	if (code >= 0)
		return (struct piece){ 3, (uint32_t)code, true, false };
	if (at + 1 < in.len && sst_lower(in.at[at + 1]) == 'u')
		code = hex_number(in, at + 2, 4);
	return code < 0 ? (struct piece){ 0 }
			: (struct piece){ 6, (uint32_t)code, false, false };
}

/* \xXX and \uXXXX, and a backslash before punctuation. */
static struct piece
read_backslash(struct sst_span in, size_t at)
{
	int32_t code = -1;

	if (at + 1 >= in.len)
		return (struct piece){ 0 };
	if (in.at[at + 1] == 'x')
		code = hex_number(in, at + 2, 2);
	if (code >= 0)
		return (struct piece){ 4, (uint32_t)code, true, false };
	if (in.at[at + 1] == 'u')
		code = hex_number(in, at + 2, 4);
	if (code >= 0)
		return (struct piece){ 6, (uint32_t)code, false, false };
	if (memchr("\\/\"'@.:+-", in.at[at + 1], 9) != NULL)
		return (struct piece){ 2, (unsigned char)in.at[at + 1], true,
			false };
	return (struct piece){ 0 };
}

/* The entities that can hide a separator of something personal. */
static const struct {
	struct sst_span name; /* without '&' */
	char means;
} entities[] = {
	{ SST_SPAN("commat;"), '@' },
	{ SST_SPAN("period;"), '.' },
	{ SST_SPAN("colon;"), ':' },
	{ SST_SPAN("sol;"), '/' },
	{ SST_SPAN("plus;"), '+' },
	{ SST_SPAN("lowbar;"), '_' },
	{ SST_SPAN("hyphen;"), '-' },
	{ SST_SPAN("dash;"), '-' },
	{ SST_SPAN("nbsp;"), ' ' },
	{ SST_SPAN("equals;"), '=' },
	{ SST_SPAN("num;"), '#' },
	{ SST_SPAN("percnt;"), '%' },
	{ SST_SPAN("quot;"), '"' },
	{ SST_SPAN("apos;"), '\'' },
	{ SST_SPAN("amp;"), '&' },
};

/* "&#64;", "&#x40", leading zeros and a missing semicolon allowed, as browsers
 * do. `at` is behind "&#". */
static struct piece
read_number_entity(struct sst_span in, size_t at)
{
	bool is_hex = at < in.len && sst_lower(in.at[at]) == 'x';
	size_t i = at + is_hex, first = i;
	uint32_t code = 0;

	/* Up to eight digits: 0x0010FFFF and as many zeros as anyone writes. */
	for (; i < in.len && i - first < 8; i++) {
		int digit = hex_of(in.at[i]);

		if (digit < 0 || (!is_hex && digit > 9))
			break;
		code = code * (is_hex ? 16 : 10) + (uint32_t)digit;
	}
	if (i == first)
		return (struct piece){ 0 };
	i += i < in.len && in.at[i] == ';';
	return (struct piece){ i - at + 2, code, false, false };
}

static struct piece
read_entity(struct sst_span in, size_t at)
{
	struct sst_span rest = sst_span_from(in, at + 1);

	if (rest.len > 1 && rest.at[0] == '#')
		return read_number_entity(in, at + 2);
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (sst_span_starts(rest, entities[i].name))
			return (struct piece){ entities[i].name.len + 1,
				(unsigned char)entities[i].means, true, false };
	return (struct piece){ 0 };
}

/* Quoted-printable: only what hides a separator, since "page=20" is no code,
 * and the soft line break. */
static struct piece
read_quoted(struct sst_span in, size_t at)
{
	int32_t code = hex_number(in, at + 1, 2);

	if (code > 0 && memchr("@.+=_-: %", (int)code, 9) != NULL)
		return (struct piece){ 3, (uint32_t)code, true, false };
	if (at + 1 < in.len && in.at[at + 1] == '\n')
		return (struct piece){ 2, 0, false, true };
	if (at + 2 < in.len && in.at[at + 1] == '\r' && in.at[at + 2] == '\n')
		return (struct piece){ 3, 0, false, true };
	return (struct piece){ 0 };
}

bool
sst_is_quoted(struct sst_span in, size_t at)
{
	return read_quoted(in, at).len > 0;
}

/*
 * Compatibility forms of ASCII (Unicode's NFKC, the ones that keyboards,
 * phones and tricksters give): code points from..to stand for ASCII from
 * `means` on, or for nothing when it is 0. Sorted.
 */
static const struct {
	uint32_t from, to;
	char means;
	bool is_run; /* each next code point is the next character */
} forms[] = {
	{ 0x00a0, 0x00a0, ' ', false },  /* no-break space */
	{ 0x00ad, 0x00ad, 0, false },    /* soft hyphen */
	{ 0x034f, 0x034f, 0, false },    /* grapheme joiner */
	{ 0x0660, 0x0669, '0', true },   /* Arabic-Indic digits */
	{ 0x06f0, 0x06f9, '0', true },   /* extended Arabic-Indic */
	{ 0x0966, 0x096f, '0', true },   /* Devanagari */
	{ 0x09e6, 0x09ef, '0', true },   /* Bengali */
	{ 0x0e50, 0x0e59, '0', true },   /* Thai */
	{ 0x180e, 0x180e, 0, false },    /* Mongolian vowel separator */
	{ 0x2000, 0x200a, ' ', false },  /* spaces of all widths */
	{ 0x200b, 0x200f, 0, false },    /* zero width, direction marks */
	{ 0x2010, 0x2015, '-', false },  /* hyphens and dashes */
	{ 0x2024, 0x2024, '.', false },  /* one dot leader */
	{ 0x202a, 0x202e, 0, false },    /* direction */
	{ 0x202f, 0x202f, ' ', false },  /* narrow no-break space */
	{ 0x2060, 0x2064, 0, false },    /* word joiner */
	{ 0x2070, 0x2070, '0', false },  /* superscript 0, and 4 to 9 */
	{ 0x2074, 0x2079, '4', true },   /* */
	{ 0x2080, 0x2089, '0', true },   /* subscripts */
	{ 0x2212, 0x2212, '-', false },  /* minus */
	{ 0x2460, 0x2468, '1', true },   /* circled digits */
	{ 0x24b6, 0x24cf, 'A', true },   /* circled letters */
	{ 0x24d0, 0x24e9, 'a', true },   /* */
	{ 0x3002, 0x3002, '.', false },  /* ideographic full stop */
	{ 0xfe52, 0xfe52, '.', false },  /* small full stop */
	{ 0xfe63, 0xfe63, '-', false },  /* small hyphen */
	{ 0xfe6b, 0xfe6b, '@', false },  /* small commercial at */
	{ 0xfeff, 0xfeff, 0, false },    /* zero width no-break space */
	{ 0xff01, 0xff5e, '!', true },   /* full-width forms */
	{ 0xff61, 0xff61, '.', false },  /* half-width full stop */
	{ 0x1d400, 0x1d419, 'A', true }, /* mathematical bold */
	{ 0x1d41a, 0x1d433, 'a', true }, /* */
	{ 0x1d5a0, 0x1d5b9, 'A', true }, /* mathematical sans-serif */
	{ 0x1d5ba, 0x1d5d3, 'a', true }, /* */
	{ 0x1d670, 0x1d689, 'A', true }, /* mathematical monospace */
	{ 0x1d68a, 0x1d6a3, 'a', true }, /* */
	{ 0x1d7ce, 0x1d7d7, '0', true }, /* mathematical digits: bold */
	{ 0x1d7d8, 0x1d7e1, '0', true }, /* double-struck */
	{ 0x1d7e2, 0x1d7eb, '0', true }, /* sans-serif */
	{ 0x1d7ec, 0x1d7f5, '0', true }, /* sans-serif bold */
	{ 0x1d7f6, 0x1d7ff, '0', true }, /* monospace */
	{ 0xe0020, 0xe007e, ' ', true }, /* tag characters */
	{ 0xe0100, 0xe01ef, 0, false },  /* variation selectors */
};

/* Give a code point its plain form. False: it has none. */
static bool
simplify(struct piece *piece)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (piece->code < forms[i].from)
			return false;
		if (piece->code > forms[i].to)
			continue;
		piece->is_nothing = forms[i].means == 0;
		piece->code =
			(unsigned char)forms[i].means +
			(forms[i].is_run ? piece->code - forms[i].from : 0);
		piece->is_byte = true;
		return true;
	}
	return false;
}

/* A character that is not ASCII and has a plain form. */
static struct piece
read_wide(struct sst_span in, size_t at)
{
	size_t next = at;
	struct piece piece = { 0 };

	piece.code = sst_utf8_next(in, &next);
	if (simplify(&piece))
		piece.len = next - at;
	return piece;
}

static struct piece
read_piece(struct sst_span in, size_t at)
{
	unsigned char c = (unsigned char)in.at[at];

	if (c >= 0x80)
		return read_wide(in, at);
	switch (c) {
	case '%':
		return read_percent(in, at);
	case '\\':
		return read_backslash(in, at);
	case '&':
		return read_entity(in, at);
	case '=':
		return read_quoted(in, at);
	default:
		return (struct piece){ 0 };
	}
}

static bool
make_room(struct sst_level *level, size_t n)
{
	uint32_t *from;

	if (!sst_buf_room(&level->text, n))
		return false;
	if (n + 1 <= level->from_cap)
		return true;
	from = realloc(level->from, (n + 1) * sizeof(*from));
	if (from == NULL) {
		level->text.is_short = true;
		return false;
	}
	level->from = from;
	level->from_cap = n + 1;
	return true;
}

bool
sst_decode_step(struct sst_level *out, struct sst_span in, const uint32_t *from)
{
	bool is_changed = false;
	size_t at = 0;

	sst_buf_reset(&out->text);
	if (!make_room(out, in.len))
		return false;
	while (at < in.len) {
		struct piece piece = read_piece(in, at);
		size_t was = out->text.len;
		uint32_t source = from == NULL ? (uint32_t)at : from[at];

		if (piece.len == 0) {
			sst_buf_byte(&out->text, in.at[at++]);
		} else {
			at += piece.len;
			is_changed = true;
			/* An escape is never shorter than what it means. */
			if (!piece.is_byte && !piece.is_nothing)
				simplify(&piece);
			if (piece.is_byte && !piece.is_nothing)
				sst_buf_byte(&out->text, (char)piece.code);
			else if (!piece.is_nothing)
				sst_utf8_put(&out->text, piece.code);
		}
		for (; was < out->text.len; was++)
			out->from[was] = source;
	}
	out->from[out->text.len] =
		from == NULL ? (uint32_t)in.len : from[in.len];
	return is_changed;
}
