/* SPDX-License-Identifier: ISC */
/* Lines that a JSON object carries. */
#include "record/frame.h"

/* Which member the line is in, and which has its time. */
static const struct {
	const char *line, *time;
	bool is_sure; /* no access log calls a member so */
} carriers[] = {
	{ "log", "time", true },                     /* Docker, Fluent */
	{ "MESSAGE", "__REALTIME_TIMESTAMP", true }, /* journald */
	{ "message", "@timestamp", false },          /* Beats */
	{ "textPayload", "timestamp", true },        /* Google Cloud */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct sst_pair *
find(const struct sst_frames *frames, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (sst_span_is(frames->pairs[i].key, name))
			return &frames->pairs[i];
	return NULL;
}

/* journald writes what is not UTF-8 as an array of byte values. */
static bool
put_array(struct sst_buf *to, struct sst_span array)
{
	unsigned value = 0;
	bool has_digit = false;

	for (size_t i = 1; i < array.len; i++) {
		char c = array.at[i];

		if (c >= '0' && c <= '9') {
			value = value * 10 + (unsigned)(c - '0');
			has_digit = true;
			if (value > 255)
				return false;
		} else if (c == ',' || c == ']') {
			if (has_digit)
				sst_buf_byte(to, (char)(unsigned char)value);
			value = 0;
			has_digit = false;
		} else if (c != ' ') {
			return false;
		}
	}
	return true;
}

static bool
put_line(struct sst_buf *to, const struct sst_pair *pair)
{
	sst_buf_reset(to);
	if (pair->kind == SST_KIND_ARRAY)
		return put_array(to, pair->value);
	if (pair->kind != SST_KIND_STRING)
		return false;
	sst_json_put_unescaped(to, pair->value);
	return true;
}

static void
read_time(const struct sst_pair *pair, struct sst_frame *out)
{
	if (pair == NULL || pair->kind == SST_KIND_NULL)
		return;
	out->has_time = sst_stamp_iso(pair->value, true, &out->time) ||
			sst_stamp_epoch(pair->value, &out->time);
}

bool
sst_frame_take_json(struct sst_frames *frames, unsigned depth,
	struct sst_span line, struct sst_frame *out)
{
	struct sst_buf *text = &frames->text[depth];
	enum sst_reason why;
	size_t n;

	if (sst_scan_object(line, frames->pairs, SST_FRAME_PAIRS, &n, &why) !=
		SST_OK)
		return false;
	for (size_t i = 0; i < COUNT(carriers); i++) {
		const struct sst_pair *pair = find(frames, n, carriers[i].line);

		if (pair == NULL || !put_line(text, pair))
			continue;
		read_time(find(frames, n, carriers[i].time), out);
		while (text->len > 0 &&
			(text->at[text->len - 1] == '\n' ||
				text->at[text->len - 1] == '\r'))
			text->len--;
		out->inside = sst_buf_span(text);
		out->is_sure = carriers[i].is_sure;
		return text->len > 0 && !text->is_short;
	}
	return false;
}
