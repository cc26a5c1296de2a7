/* SPDX-License-Identifier: ISC */
#include "enrich/channel.h"

#include <stdbool.h>
#include <stddef.h>

/* Where `word` (lower case) first stands in text, in any case; or text.len. */
static size_t
find(struct sst_span text, struct sst_span word, size_t from)
{
	for (size_t i = from; i + word.len <= text.len; i++)
		if (sst_lower(text.at[i]) == word.at[0] &&
			sst_span_eq_nocase(
				sst_span(text.at + i, word.len), word))
			return i;
	return text.len;
}

/* One of a list. */
static bool
is_one_of(struct sst_span text, const struct sst_span *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sst_span_eq_nocase(text, words[i]))
			return true;
	return false;
}

/* Of a literal in lower case. */
#define WORD(word) sst_span(word, sizeof(word) - 1)
#define has(text, word) (find(text, WORD(word), 0) < (text).len)
#define is(text, word) sst_span_eq_nocase(text, WORD(word))
#define is_one(text, words) \
	is_one_of(text, words, sizeof(words) / sizeof((words)[0]))

static inline bool
starts_with(struct sst_span text, struct sst_span word)
{
	return text.len >= word.len &&
	       sst_span_eq_nocase(sst_span_head(text, word.len), word);
}

static inline bool
ends_with(struct sst_span text, struct sst_span word)
{
	return text.len >= word.len &&
	       sst_span_eq_nocase(
		       sst_span_from(text, text.len - word.len), word);
}

#define starts(text, word) starts_with(text, WORD(word))
#define ends(text, word) ends_with(text, WORD(word))

/* ^(.*cp.*|ppc|retargeting|paid.*)$ */
static bool
is_paid(struct sst_span medium)
{
	return has(medium, "cp") || is(medium, "ppc") ||
	       is(medium, "retargeting") || starts(medium, "paid");
}

/* ^(.*(([^a-df-z]|^)shop|shopping).*)$ : "shop" is a word's beginning, or of
 * "eshop"; but "workshop" is no shop. */
static bool
is_shop(struct sst_span campaign)
{
	if (has(campaign, "shopping"))
		return true;
	for (size_t i = find(campaign, WORD("shop"), 0); i < campaign.len;
		i = find(campaign, WORD("shop"), i + 1)) {
		char before = i == 0 ? '-' : sst_lower(campaign.at[i - 1]);

		if (before < 'a' || before > 'z' || before == 'e')
			return true;
	}
	return false;
}

static bool
is_direct(const struct sst_channel_facts *f)
{
	return is(f->source, "(direct)") &&
	       (is(f->medium, "(none)") || is(f->medium, "(not set)"));
}

static bool
is_cross_network(const struct sst_channel_facts *f)
{
	return has(f->campaign, "cross-network");
}

static bool
is_shopping(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_SHOPPING || is_shop(f->campaign);
}

static bool
is_paid_shopping(const struct sst_channel_facts *f)
{
	return is_shopping(f) && is_paid(f->medium);
}

static bool
is_paid_search(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_SEARCH && is_paid(f->medium);
}

static bool
is_paid_social(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_SOCIAL && is_paid(f->medium);
}

static bool
is_paid_video(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_VIDEO && is_paid(f->medium);
}

static bool
is_display(const struct sst_channel_facts *f)
{
	static const struct sst_span media[] = { SST_SPAN("display"),
		SST_SPAN("banner"), SST_SPAN("expandable"),
		SST_SPAN("interstitial"), SST_SPAN("cpm") };

	return is_one(f->medium, media);
}

static bool
is_paid_other(const struct sst_channel_facts *f)
{
	return is_paid(f->medium);
}

static bool
is_social(const struct sst_channel_facts *f)
{
	static const struct sst_span media[] = { SST_SPAN("social"),
		SST_SPAN("social-network"), SST_SPAN("social-media"),
		SST_SPAN("sm"), SST_SPAN("social network"),
		SST_SPAN("social media") };

	return f->site == SST_SITE_SOCIAL || is_one(f->medium, media);
}

static bool
is_video(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_VIDEO || has(f->medium, "video");
}

static bool
is_ai(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_AI || is(f->medium, "ai-assistant");
}

static bool
is_search(const struct sst_channel_facts *f)
{
	return f->site == SST_SITE_SEARCH || is(f->medium, "organic");
}

static bool
is_email(const struct sst_channel_facts *f)
{
	static const struct sst_span names[] = { SST_SPAN("email"),
		SST_SPAN("e-mail"), SST_SPAN("e_mail"), SST_SPAN("e mail") };

	return is_one(f->source, names) || is_one(f->medium, names);
}

static bool
is_affiliate(const struct sst_channel_facts *f)
{
	return is(f->medium, "affiliate");
}

static bool
is_referral(const struct sst_channel_facts *f)
{
	static const struct sst_span media[] = { SST_SPAN("referral"),
		SST_SPAN("app"), SST_SPAN("link") };

	return is_one(f->medium, media);
}

static bool
is_audio(const struct sst_channel_facts *f)
{
	return is(f->medium, "audio");
}

static bool
is_sms(const struct sst_channel_facts *f)
{
	return is(f->source, "sms") || is(f->medium, "sms");
}

static bool
is_push(const struct sst_channel_facts *f)
{
	return ends(f->medium, "push") || has(f->medium, "mobile") ||
	       has(f->medium, "notification") || is(f->source, "firebase");
}

#define ROW(name, fits) \
	{ \
		name, sizeof(name) - 1, fits \
	}

/* In the order in which they are tried. */
static const struct {
	char name[2 * SST_PAD];
	size_t len;
	bool (*fits)(const struct sst_channel_facts *facts);
} channels[] = {
	ROW("Direct", is_direct),
	ROW("Cross-network", is_cross_network),
	ROW("Paid Shopping", is_paid_shopping),
	ROW("Paid Search", is_paid_search),
	ROW("Paid Social", is_paid_social),
	ROW("Paid Video", is_paid_video),
	ROW("Display", is_display),
	ROW("Paid Other", is_paid_other),
	ROW("Organic Shopping", is_shopping),
	ROW("Organic Social", is_social),
	ROW("Organic Video", is_video),
	ROW("AI Assistant", is_ai),
	ROW("Organic Search", is_search),
	ROW("Email", is_email),
	ROW("Affiliates", is_affiliate),
	ROW("Referral", is_referral),
	ROW("Audio", is_audio),
	ROW("SMS", is_sms),
	ROW("Mobile Push Notifications", is_push),
};

#define CHANNELS ((unsigned)(sizeof(channels) / sizeof(channels[0])))

unsigned
sst_channel_of(const struct sst_channel_facts *facts)
{
	unsigned i = 0;

	while (i < CHANNELS && !channels[i].fits(facts))
		i++;
	return i;
}

struct sst_span
sst_channel_name(unsigned channel)
{
	/* What nothing fits. */
	static const char text[2 * SST_PAD] = "Unassigned";
	static const struct sst_span unassigned = { text,
		sizeof("Unassigned") - 1 };

	return channel < CHANNELS
		       ? sst_span(channels[channel].name, channels[channel].len)
		       : unassigned;
}
