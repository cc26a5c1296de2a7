/* SPDX-License-Identifier: ISC */
#include "session/visit.h"

#include <stdlib.h>
#include <string.h>

/* Exit paths change: room for one a little longer saves a new block. */
#define EXIT_STEP ((size_t)32)

#define ABSENT UINT32_MAX

/* Together they must stay below 4 GiB. */
#define LEN_MAX ((size_t)UINT32_MAX / (2 * SST_TEXT_COUNT))

struct sst_texts {
	uint32_t size; /* of the strings, with the room of the exit path */
	uint32_t exit_at;
	uint32_t len[SST_TEXT_COUNT]; /* ABSENT: the string is not there */
	char at[];
};

struct sst_texts *
sst_texts_make(const struct sst_text_set *set)
{
	struct sst_texts *texts;
	size_t size = 0, at = 0;

	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		if (set->at[i].len > LEN_MAX)
			return NULL;
		size += set->at[i].len;
	}
	size += EXIT_STEP - set->at[SST_TEXT_EXIT].len % EXIT_STEP;
	texts = malloc(sizeof(*texts) + size + SST_PAD);
	if (texts == NULL)
		return NULL;
	texts->size = (uint32_t)size;
	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		struct sst_span text = set->at[i];

		texts->len[i] = text.at == NULL ? ABSENT : (uint32_t)text.len;
		texts->exit_at = (uint32_t)at;
		if (text.len != 0)
			memcpy(texts->at + at, text.at, text.len);
		at += text.len;
	}
	return texts;
}

void
sst_texts_get(const struct sst_texts *texts, struct sst_text_set *set)
{
	size_t at = 0;

	for (size_t i = 0; i < SST_TEXT_COUNT; i++) {
		set->at[i] = texts->len[i] == ABSENT
				     ? sst_span(NULL, 0)
				     : sst_span(texts->at + at, texts->len[i]);
		at += set->at[i].len;
	}
}

void
sst_texts_expect(const struct sst_texts *texts)
{
	for (int line = 0; line < 4; line++)
		sst_prefetch((const char *)texts + (size_t)line * SST_LINE);
}

struct sst_span
sst_texts_consent(const struct sst_texts *texts)
{
	return texts->len[SST_TEXT_CONSENT] == ABSENT
		       ? sst_span(NULL, 0)
		       : sst_span(texts->at, texts->len[SST_TEXT_CONSENT]);
}

struct sst_exit
sst_texts_exit(const struct sst_texts *texts)
{
	return (struct sst_exit){ texts->exit_at,
		texts->size - texts->exit_at };
}

bool
sst_texts_set_exit(
	struct sst_texts *texts, struct sst_exit exit, struct sst_span path)
{
	if (path.len > exit.room)
		return false;
	if (path.len != 0)
		memcpy(texts->at + exit.at, path.at, path.len);
	texts->len[SST_TEXT_EXIT] =
		path.at == NULL ? ABSENT : (uint32_t)path.len;
	return true;
}

size_t
sst_texts_size(const struct sst_texts *texts)
{
	return texts == NULL ? 0 : sizeof(*texts) + texts->size + SST_PAD;
}
