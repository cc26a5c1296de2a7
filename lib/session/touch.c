/* SPDX-License-Identifier: ISC */
/* Redirects: the first touch of the visit that they lead to. */
#include "session/inside.h"

#include <string.h>

enum sst_status
sst_touch_keep(struct sst_sessions *s, const struct sst_digest *key,
	const struct sst_hit *hit, struct sst_err *err)
{
	struct sst_touch *touch = sst_table_find(s->touches, key);
	int64_t gap = touch == NULL ? 0 : hit->time_us - touch->time_us;

	if (touch != NULL && gap <= SST_TOUCH_US && gap >= -SST_TOUCH_US) {
		if (gap > 0)
			touch->time_us = hit->time_us;
		sst_table_touch(s->touches, touch);
		return SST_OK;
	}
	if (touch != NULL)
		sst_sessions_drop_touch(s, touch);
	if (sst_table_count(s->touches) >= SST_TOUCH_MAX)
		sst_sessions_drop_touch(s, sst_table_oldest(s->touches));
	touch = sst_table_add(s->touches, key);
	if (touch == NULL)
		return sst_fail_memory(err, "a redirect");
	touch->time_us = hit->time_us;
	touch->campaign = hit->campaign;
	touch->texts = sst_texts_make(&hit->texts);
	if (touch->texts == NULL) {
		sst_sessions_drop_touch(s, touch);
		return sst_fail_memory(err, "a redirect");
	}
	return SST_OK;
}

struct sst_touch *
sst_touch_find(const struct sst_sessions *s, const struct sst_digest *key,
	int64_t time_us)
{
	struct sst_touch *touch;

	if (sst_table_count(s->touches) == 0)
		return NULL;
	touch = sst_table_find(s->touches, key);
	if (touch == NULL || time_us < touch->time_us ||
		time_us - touch->time_us > SST_TOUCH_US)
		return NULL;
	return touch;
}

static bool
has_source(const struct sst_text_set *set)
{
	for (int i = SST_TEXT_FIRST_SOURCE; i <= SST_TEXT_LAST_SOURCE; i++)
		if (set->at[i].at != NULL)
			return true;
	return false;
}

void
sst_touch_put(struct sst_text_set *set, const struct sst_touch *touch)
{
	struct sst_text_set first;

	sst_texts_get(touch->texts, &first);
	if (first.at[SST_TEXT_ENTRY].at != NULL)
		set->at[SST_TEXT_ENTRY] = first.at[SST_TEXT_ENTRY];
	if (first.at[SST_TEXT_REFERRER].at != NULL)
		set->at[SST_TEXT_REFERRER] = first.at[SST_TEXT_REFERRER];
	if (has_source(&first))
		memcpy(&set->at[SST_TEXT_FIRST_SOURCE],
			&first.at[SST_TEXT_FIRST_SOURCE],
			(SST_TEXT_LAST_SOURCE - SST_TEXT_FIRST_SOURCE + 1) *
				sizeof(set->at[0]));
}
