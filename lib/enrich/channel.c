/* SPDX-License-Identifier: ISC */
#include "enrich/channel.h"

#include <stdbool.h>
#include <stddef.h>

/* Where `word` (lower case) first stands in text, in any case; or text.len. */
static size_t
find(struct sst_span text, const char *word, size_t from)
{
	size_t n = strlen(word);

	for (size_t i = from; i + n <= text.len; i++)
		if (sst_span_eq_nocase(
			    sst_span(text.at + i, n), sst_span(word, n)))
			return i;
	return text.len;
}

static bool
has(struct sst_span text, const char *word)
{
	return find(text, word, 0) < text.len;
}

static bool
is(struct sst_span text, const char *word)
{
	return sst_span_eq_nocase(text, sst_span_of(word));
}

static bool
starts(struct sst_span text, const char *word)
{
	size_t n = strlen(word);

	return text.len >= n && is(sst_span_head(text, n), word);
}

static bool
ends(struct sst_span text, const char *word)
{
	size_t n = strlen(word);

	return text.len >= n && is(sst_span_from(text, text.len - n), word);
}

/* One of a NULL-ended list. */
static bool
is_one(struct sst_span text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (is(text, *words))
			return true;
	return false;
}

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
	for (size_t i = find(campaign, "shop", 0); i < campaign.len;
		i = find(campaign, "shop", i + 1)) {
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
	static const char *const media[] = { "display", "banner", "expandable",
		"interstitial", "cpm", NULL };

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
	static const char *const media[] = { "social", "social-network",
		"social-media", "sm", "social network", "social media", NULL };

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
	static const char *const names[] = { "email", "e-mail", "e_mail",
		"e mail", NULL };

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
	static const char *const media[] = { "referral", "app", "link", NULL };

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
