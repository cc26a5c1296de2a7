/* SPDX-License-Identifier: ISC */
#include "cli/say.h"

#include "base/buf.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
sst_say_init(struct sst_say *say, const char *tool)
{
	*say = (struct sst_say){ .tool = tool };
}

/* All of it, as far as stderr takes it: there is nowhere to complain. */
void
sst_say_raw(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* Append text that cannot steer a terminal: controls as \xHH, bytes that are
 * not UTF-8 as U+FFFD. */
static void
put_safe(struct sst_buf *to, struct sst_span text)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t code = sst_utf8_next(text, &i);

		/* C0, DEL and C1; the marks that turn the writing direction. */
		if (code < 32 || (code >= 127 && code < 160))
			sst_buf_printf(to, "\\x%02x", (unsigned)code);
		else if ((code >= 0x202a && code <= 0x202e) ||
			 (code >= 0x2066 && code <= 0x2069))
			sst_buf_printf(to, "\\u%04x", (unsigned)code);
		else
			sst_utf8_put(to, code);
	}
}

/* The text's first bytes, cut between characters. */
static void
keep_sample(char *sample, const char *text)
{
	size_t len = strlen(text);

	if (len >= SST_SAY_SAMPLE) {
		len = SST_SAY_SAMPLE - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(sample, text, len);
	sample[len] = '\0';
}

/* Where messages of a kind are counted; NULL: more kinds than any run has. */
static struct sst_say_kind_row *
row_of(struct sst_say *say, const char *kind)
{
	for (size_t i = 0; i < SST_SAY_KINDS; i++) {
		if (say->kinds[i].kind == NULL)
			say->kinds[i].kind = kind;
		if (say->kinds[i].kind == kind)
			return &say->kinds[i];
	}
	return NULL;
}

static void
put_line(const struct sst_say *say, enum sst_say_level level, const char *text)
{
	static const int journal[] = {
		[SST_SAY_ERROR] = 3, [SST_SAY_WARNING] = 4, [SST_SAY_NOTE] = 6
	};
	struct sst_buf line;

	sst_buf_init(&line, 8192);
	if (say->has_levels)
		sst_buf_printf(&line, "<%d>", journal[level]);
	sst_buf_printf(&line, "%s: ", say->tool);
	put_safe(&line, sst_span_of(text));
	SST_BUF_PUT(&line, "\n");
	sst_say_raw(line.at, line.len);
	sst_buf_release(&line);
}

static void
say_one(struct sst_say *say, enum sst_say_level level, const char *kind,
	const char *format, va_list args)
{
	struct sst_say_kind_row *row;
	char text[2048];

	if ((level == SST_SAY_NOTE && !say->is_verbose) ||
		(level != SST_SAY_ERROR && say->is_quiet))
		return;
	row = row_of(say, kind);
	if (row != NULL && row->count++ >= SST_SAY_REPEATS)
		return;
	(void)vsnprintf(text, sizeof(text), format, args);
	if (row != NULL && row->count == 1)
		keep_sample(row->sample, text);
	put_line(say, level, text);
}

void
sst_say(struct sst_say *say, enum sst_say_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_one(say, level, format, format, args);
	va_end(args);
}

void
sst_say_kind(struct sst_say *say, enum sst_say_level level, const char *kind,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_one(say, level, kind, format, args);
	va_end(args);
}

void
sst_say_err(struct sst_say *say, const struct sst_err *err)
{
	if (err->text[0] != '\0')
		put_line(say, SST_SAY_ERROR, err->text);
}

void
sst_say_end(struct sst_say *say)
{
	for (size_t i = 0; i < SST_SAY_KINDS; i++) {
		char text[SST_SAY_SAMPLE + 64];
		uint64_t more;

		if (say->kinds[i].count <= SST_SAY_REPEATS)
			continue;
		more = say->kinds[i].count - SST_SAY_REPEATS;
		(void)snprintf(text, sizeof(text),
			"%" PRIu64 " more messages like '%s'", more,
			say->kinds[i].sample);
		put_line(say, SST_SAY_WARNING, text);
		say->kinds[i].count = 0;
	}
}
