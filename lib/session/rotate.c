/* SPDX-License-Identifier: ISC */
#include "session/rotate.h"

#include "base/num.h"
#include "text/stamp.h"

#include <stdio.h>

#define DAY_US ((int64_t)86400 * 1000000)

/* No place on Earth is further from UTC. */
#define MAX_OFFSET_S (14 * 3600)

static const char label[] = "sst visitor day";

void
sst_rotate_init(struct sst_rotate *rotate, const uint8_t secret[SST_KEY_LEN])
{
	*rotate = (struct sst_rotate){ 0 };
	memcpy(rotate->secret, secret, SST_KEY_LEN);
}

void
sst_rotate_release(struct sst_rotate *rotate)
{
	sst_wipe(rotate, sizeof(*rotate));
}

static bool
two_digits(struct sst_span text, size_t at, int32_t *out)
{
	uint64_t value;

	if (text.len < at + 2 ||
		!sst_num_u64(sst_span(text.at + at, 2), &value))
		return false;
	*out = (int32_t)value;
	return true;
}

bool
sst_zone_read(struct sst_span text, int32_t *offset_s)
{
	bool is_colon = text.len == 6 && text.at[3] == ':';
	int32_t hours, minutes = 0, seconds;

	if (sst_span_is(text, "UTC") || sst_span_is(text, "Z")) {
		*offset_s = 0;
		return true;
	}
	if (text.len < 3 || (text.at[0] != '+' && text.at[0] != '-') ||
		!two_digits(text, 1, &hours))
		return false;
	if (text.len != 3 && text.len != 5 && !is_colon)
		return false;
	if (text.len > 3 && !two_digits(text, is_colon ? 4 : 3, &minutes))
		return false;
	seconds = hours * 3600 + minutes * 60;
	if (minutes > 59 || seconds > MAX_OFFSET_S)
		return false;
	*offset_s = text.at[0] == '-' ? -seconds : seconds;
	return true;
}

bool
sst_rotate_read(struct sst_rotate *rotate, struct sst_span text)
{
	static const struct sst_span daily = SST_SPAN("daily:");

	rotate->is_never = sst_span_is(text, "never");
	rotate->offset_s = 0;
	if (rotate->is_never || sst_span_is(text, "daily"))
		return true;
	return sst_span_starts(text, daily) &&
	       sst_zone_read(sst_span_from(text, daily.len), &rotate->offset_s);
}

/* A key for good has a context that is no date. */
static struct sst_digest
make_key(const struct sst_rotate *rotate, int64_t day)
{
	struct sst_span never = SST_SPAN("never");
	char date[32];
	int year;
	unsigned month, day_of_month;

	if (rotate->is_never)
		return sst_digest_derive(rotate->secret, label, never);
	sst_date_of(day, &year, &month, &day_of_month);
	(void)snprintf(date, sizeof(date), "%04d-%02u-%02u", year, month,
		day_of_month);
	return sst_digest_derive(rotate->secret, label, sst_span_of(date));
}

const struct sst_digest *
sst_rotate_key(struct sst_rotate *rotate, int64_t time_us)
{
	int64_t local = time_us + (int64_t)rotate->offset_s * 1000000;
	int64_t day =
		rotate->is_never ? 0 : local / DAY_US - (local % DAY_US < 0);
	size_t at = (size_t)((uint64_t)day % SST_ROTATE_KEYS);

	if (!rotate->keys[at].is_made || rotate->keys[at].day != day) {
		rotate->keys[at].key = make_key(rotate, day);
		rotate->keys[at].day = day;
		rotate->keys[at].is_made = true;
	}
	return &rotate->keys[at].key;
}
