/* SPDX-License-Identifier: ISC */
#include "record/frame.h"

#include "text/stamp_parts.h"

/* Ceiling of one copied line: more than --max-line allows by default. */
#define TEXT_MAX ((size_t)16 << 20)

/* Longest name of a host, a program or a service in front of a line. */
#define NAME_MAX_LEN 255

void
sst_frames_init(struct sst_frames *frames, int64_t now_us)
{
	frames->now_us = now_us;
	for (size_t i = 0; i < SST_FRAME_DEPTH; i++)
		sst_buf_init(&frames->text[i], TEXT_MAX);
}

void
sst_frames_release(struct sst_frames *frames)
{
	for (size_t i = 0; i < SST_FRAME_DEPTH; i++)
		sst_buf_release(&frames->text[i]);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	c = sst_lower(c);
	return c >= 'a' && c <= 'z';
}

bool
sst_frame_may(enum sst_frame_kind kind, char first)
{
	switch (kind) {
	case SST_FRAME_ANSI:
		return first == '\033' || first == '#';
	case SST_FRAME_SYSLOG: /* <PRI>, a count or a year, a month */
		return first == '<' || is_digit(first) ||
		       (first != '\0' && strchr("ADFJMNOS", first) != NULL);
	case SST_FRAME_CRI:
	case SST_FRAME_STAMP:
		return is_digit(first);
	case SST_FRAME_JSON:
		return first == '{';
	case SST_FRAME_BLANKS:
		return first == ' ' || first == '\t' || first == '\0';
	default:
		return is_letter(first);
	}
}

/* The bytes up to the next blank; *line is then what is behind it and the
 * blank. Empty: there is no blank. */
static struct sst_span
take_token(struct sst_span *line)
{
	size_t len = sst_span_find(*line, ' ');
	struct sst_span token = sst_span_head(*line, len);

	if (len == line->len)
		return sst_span(line->at, 0);
	*line = sst_span_from(*line, len + 1);
	return token;
}

static struct sst_span
without_blanks(struct sst_span line)
{
	while (line.len > 0 && sst_frame_may(SST_FRAME_BLANKS, line.at[0]))
		line = sst_span_from(line, 1);
	return line;
}

/* ---- time stamps ---- */

/* An ISO time and a blank. */
static bool
take_iso(struct sst_span *line, struct sst_frame *out)
{
	struct sst_span rest = *line, token = take_token(&rest);

	if (token.len < 19 || token.at[4] != '-' || token.at[10] != 'T' ||
		!sst_stamp_iso(token, true, &out->time))
		return false;
	out->has_time = true;
	*line = rest;
	return true;
}

/* The newest year in which there is such a day, not in the future: a day's
 * grace for zones east of here. */
static bool
choose_year(
	int64_t now_us, struct sst_stamp_parts *parts, struct sst_stamp *out)
{
	const int64_t grace = INT64_C(86400);
	int64_t now = now_us / 1000000;
	unsigned month, day;
	int year;

	if (now_us == 0)
		return false;
	sst_date_of(now / 86400, &year, &month, &day);
	/* 29 February comes every four years, or eight. */
	for (int back = -1; back <= 8; back++) {
		parts->year = (unsigned)(year - back);
		if (sst_stamp_of_parts(parts, out) &&
			out->seconds <= now + grace)
			return true;
	}
	return false;
}

/* "Nov 24 10:15:02 ", day padded with a blank. */
static bool
take_3164(
	struct sst_frames *frames, struct sst_span *line, struct sst_frame *out)
{
	struct sst_stamp_parts parts = { .year = 0 };
	const char *at = line->at;
	struct sst_stamp stamp = { .seconds = 0 };
	size_t end = 15;

	if (line->len < 16 || at[3] != ' ' || at[6] != ' ' || at[9] != ':' ||
		at[12] != ':')
		return false;
	parts.month = sst_stamp_month(at);
	parts.day = at[4] == ' ' && is_digit(at[5]) ? (unsigned)(at[5] - '0')
						    : sst_stamp_two(at + 4);
	parts.hour = sst_stamp_two(at + 7);
	parts.minute = sst_stamp_two(at + 10);
	parts.second = sst_stamp_two(at + 13);
	if (parts.month == 0 || parts.day > 31 || parts.hour > 23 ||
		parts.minute > 59 || parts.second > 60)
		return false;
	if (at[end] == '.' && is_digit(at[end + 1]) &&
		!sst_stamp_fraction(
			sst_span_from(*line, end), &(size_t){ 0 }, &stamp))
		return false;
	while (end < line->len && at[end] != ' ')
		end++;
	if (end == line->len)
		return false;
	out->has_time = choose_year(frames->now_us, &parts, &stamp);
	out->time = stamp;
	*line = sst_span_from(*line, end + 1);
	return true;
}

/* ---- syslog ---- */

/* <0> to <191>. */
static bool
take_pri(struct sst_span *line)
{
	size_t i = 1;

	if (line->len < 3 || line->at[0] != '<')
		return false;
	while (i < line->len && i < 5 && is_digit(line->at[i]))
		i++;
	if (i < 2 || i > 4 || i == line->len || line->at[i] != '>')
		return false;
	*line = sst_span_from(*line, i + 1);
	return true;
}

/* "TAG: ", "TAG[pid]: ". */
static bool
is_tag(struct sst_span token)
{
	if (token.len < 2 || token.len > NAME_MAX_LEN ||
		token.at[token.len - 1] != ':')
		return false;
	for (size_t i = 0; i + 1 < token.len; i++) {
		char c = token.at[i];

		if (!is_letter(c) && !is_digit(c) &&
			(c == '\0' || strchr("-_./[]()@#", c) == NULL))
			return false;
	}
	return true;
}

/* Behind the time: "HOST TAG: ", "TAG: ", or "HOST " alone. */
static void
take_host_and_tag(struct sst_span *line, bool *has_tag)
{
	struct sst_span rest = *line, first, second, behind_host;

	*has_tag = false;
	first = take_token(&rest);
	if (first.len == 0)
		return;
	behind_host = rest;
	if (is_tag(first)) {
		*has_tag = true;
		*line = rest;
		return;
	}
	second = take_token(&rest);
	*has_tag = is_tag(second);
	*line = *has_tag ? rest : behind_host;
}

/* One [id name="value" ...]; \" \\ \] inside. */
static bool
take_element(struct sst_span *line)
{
	bool is_quoted = false;

	for (size_t i = 1; i < line->len; i++) {
		char c = line->at[i];

		if (c == '\\' && is_quoted)
			i++;
		else if (c == '"')
			is_quoted = !is_quoted;
		else if (c == ']' && !is_quoted) {
			*line = sst_span_from(*line, i + 1);
			return true;
		}
	}
	return false;
}

/* "1 TIME HOST APP PROCID MSGID SD MSG" behind PRI. Heroku's has no SD. */
static bool
take_5424(struct sst_span *line, struct sst_frame *out)
{
	static const struct sst_span version = SST_SPAN("1 ");
	static const struct sst_span nil = SST_SPAN("- ");
	static const struct sst_span bom = SST_SPAN("\xef\xbb\xbf");
	struct sst_span rest = *line;

	if (!sst_span_starts(rest, version))
		return false;
	rest = sst_span_from(rest, version.len);
	if (sst_span_starts(rest, nil))
		rest = sst_span_from(rest, nil.len);
	else if (!take_iso(&rest, out))
		return false;
	for (size_t i = 0; i < 4; i++)
		if (take_token(&rest).len == 0)
			return false;
	if (sst_span_starts(rest, nil)) {
		rest = sst_span_from(rest, nil.len);
	} else if (rest.len > 0 && rest.at[0] == '[') {
		struct sst_span behind = rest;

		while (behind.len > 0 && behind.at[0] == '[' &&
			take_element(&behind))
			continue;
		if (behind.len > 0 && behind.at[0] == ' ')
			rest = sst_span_from(behind, 1);
	}
	if (sst_span_starts(rest, bom))
		rest = sst_span_from(rest, bom.len);
	*line = rest;
	return true;
}

/* RFC 6587: the length of the message in front of it. */
static void
take_count(struct sst_span *line)
{
	size_t i = 0;

	while (i < line->len && i < 8 && is_digit(line->at[i]))
		i++;
	if (i > 0 && i + 1 < line->len && line->at[i] == ' ' &&
		line->at[i + 1] == '<')
		*line = sst_span_from(*line, i + 1);
}

static bool
take_syslog(
	struct sst_frames *frames, struct sst_span line, struct sst_frame *out)
{
	bool has_pri, has_time, has_tag = false;

	take_count(&line);
	has_pri = take_pri(&line);
	if (has_pri && take_5424(&line, out)) {
		out->is_sure = true;
		out->inside = line;
		return true;
	}
	has_time = take_3164(frames, &line, out) || take_iso(&line, out);
	if (has_time)
		take_host_and_tag(&line, &has_tag);
	out->is_sure = has_pri || has_tag;
	out->inside = line;
	return has_pri || has_time;
}

/* ---- the others ---- */

/* "#033" is how rsyslog writes an escape. */
static size_t
escape_at(struct sst_span line, size_t at)
{
	static const struct sst_span octal = SST_SPAN("#033");

	if (at < line.len && line.at[at] == '\033')
		return 1;
	return sst_span_starts(sst_span_from(line, at), octal) ? octal.len : 0;
}

/* The length of ESC [ parameters letter at `at`, or 0. */
static size_t
colour_at(struct sst_span line, size_t at)
{
	size_t i = at, len = escape_at(line, at);

	if (len == 0 || at + len >= line.len || line.at[at + len] != '[')
		return 0;
	for (i += len + 1; i < line.len; i++)
		if (!is_digit(line.at[i]) && line.at[i] != ';')
			return line.at[i] == 'm' ? i + 1 - at : 0;
	return 0;
}

static bool
take_ansi(struct sst_frames *frames, unsigned depth, struct sst_span line,
	struct sst_frame *out)
{
	struct sst_buf *text = &frames->text[depth];

	if (colour_at(line, 0) == 0)
		return false;
	sst_buf_reset(text);
	for (size_t at = 0; at < line.len;) {
		size_t len = colour_at(line, at);

		if (len == 0)
			sst_buf_byte(text, line.at[at++]);
		at += len;
	}
	out->inside = without_blanks(sst_buf_span(text));
	out->is_sure = true;
	return !text->is_short;
}

/* "TIME stdout F LINE"; a line in parts (P) is not put together. */
static bool
take_cri(struct sst_span line, struct sst_frame *out)
{
	struct sst_span stream, flag;

	if (!take_iso(&line, out))
		return false;
	stream = take_token(&line);
	if (!sst_span_is(stream, "stdout") && !sst_span_is(stream, "stderr"))
		return false;
	flag = take_token(&line);
	out->inside = line;
	out->is_sure = true;
	return sst_span_is(flag, "F") || sst_span_is(flag, "P");
}

/* "service-1  | LINE" */
static bool
take_compose(struct sst_span line, struct sst_frame *out)
{
	struct sst_span name = take_token(&line);

	for (size_t i = 0; i < name.len; i++)
		if (!is_letter(name.at[i]) && !is_digit(name.at[i]) &&
			name.at[i] != '-' && name.at[i] != '_' &&
			name.at[i] != '.')
			return false;
	line = without_blanks(line);
	if (name.len == 0 || name.len > NAME_MAX_LEN || line.len < 2 ||
		line.at[0] != '|' || line.at[1] != ' ')
		return false;
	out->inside = sst_span_from(line, 2);
	return true;
}

bool
sst_frame_take(struct sst_frames *frames, enum sst_frame_kind kind,
	unsigned depth, struct sst_span line, struct sst_frame *out)
{
	*out = (struct sst_frame){ .inside = line };
	switch (kind) {
	case SST_FRAME_ANSI:
		return take_ansi(frames, depth, line, out);
	case SST_FRAME_SYSLOG:
		if (!take_syslog(frames, line, out))
			return false;
		out->inside = without_blanks(out->inside);
		return true;
	case SST_FRAME_CRI:
		return take_cri(line, out);
	case SST_FRAME_JSON:
		return sst_frame_take_json(frames, depth, line, out);
	case SST_FRAME_STAMP:
		if (!take_iso(&line, out))
			return false;
		out->inside = without_blanks(line);
		return true;
	case SST_FRAME_BLANKS:
		out->inside = without_blanks(line);
		return out->inside.len > 0;
	default:
		return take_compose(line, out);
	}
}
