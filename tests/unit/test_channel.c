/* SPDX-License-Identifier: ISC */
/* GA4's default channel groups: every row, and where one row stops another. */
#include "enrich/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *source, *medium, *campaign;
	enum sst_site_kind site;
	const char *channel;
} cases[] = {
	{ "(direct)", "(none)", "", SST_SITE_OTHER, "Direct" },
	{ "(Direct)", "(Not Set)", "", SST_SITE_OTHER, "Direct" },
	{ "(direct)", "", "", SST_SITE_OTHER, "Unassigned" },
	{ "(direct)", "(none)", "cross-network", SST_SITE_OTHER, "Direct" },

	{ "google", "cpc", "a Cross-Network b", SST_SITE_SEARCH,
		"Cross-network" },
	{ "x", "", "cross-network", SST_SITE_OTHER, "Cross-network" },

	{ "amazon", "cpc", "", SST_SITE_SHOPPING, "Paid Shopping" },
	{ "google", "cpc", "shopping", SST_SITE_SEARCH, "Paid Shopping" },
	{ "google", "ppc", "my-shop", SST_SITE_SEARCH, "Paid Shopping" },
	{ "google", "ppc", "Shop 1", SST_SITE_SEARCH, "Paid Shopping" },
	{ "google", "ppc", "eshop", SST_SITE_SEARCH, "Paid Shopping" },
	{ "google", "ppc", "workshop", SST_SITE_SEARCH, "Paid Search" },
	{ "google", "ppc", "workshop shop", SST_SITE_SEARCH, "Paid Shopping" },

	{ "google", "cpc", "", SST_SITE_SEARCH, "Paid Search" },
	{ "google", "CPM", "", SST_SITE_SEARCH, "Paid Search" },
	{ "google", "paid-search", "", SST_SITE_SEARCH, "Paid Search" },
	{ "google", "retargeting", "", SST_SITE_SEARCH, "Paid Search" },
	{ "google", "unpaid", "", SST_SITE_SEARCH, "Organic Search" },

	{ "facebook", "paid_social", "", SST_SITE_SOCIAL, "Paid Social" },
	{ "facebook", "cpm", "", SST_SITE_SOCIAL, "Paid Social" },

	{ "youtube", "cpv-cpc", "", SST_SITE_VIDEO, "Paid Video" },

	{ "x", "display", "", SST_SITE_OTHER, "Display" },
	{ "x", "banner", "", SST_SITE_OTHER, "Display" },
	{ "x", "expandable", "", SST_SITE_OTHER, "Display" },
	{ "x", "interstitial", "", SST_SITE_OTHER, "Display" },
	{ "x", "cpm", "", SST_SITE_OTHER, "Display" },
	{ "facebook", "display", "", SST_SITE_SOCIAL, "Display" },

	{ "x", "cpc", "", SST_SITE_OTHER, "Paid Other" },
	{ "x", "xcpx", "", SST_SITE_OTHER, "Paid Other" },
	{ "x", "paid", "", SST_SITE_OTHER, "Paid Other" },
	{ "x", "ppcs", "", SST_SITE_OTHER, "Unassigned" },

	{ "etsy", "referral", "", SST_SITE_SHOPPING, "Organic Shopping" },
	{ "x", "email", "spring shopping", SST_SITE_OTHER, "Organic Shopping" },

	{ "facebook", "referral", "", SST_SITE_SOCIAL, "Organic Social" },
	{ "x", "social", "", SST_SITE_OTHER, "Organic Social" },
	{ "x", "social-network", "", SST_SITE_OTHER, "Organic Social" },
	{ "x", "social-media", "", SST_SITE_OTHER, "Organic Social" },
	{ "x", "sm", "", SST_SITE_OTHER, "Organic Social" },
	{ "x", "Social Network", "", SST_SITE_OTHER, "Organic Social" },
	{ "x", "social media", "", SST_SITE_OTHER, "Organic Social" },

	{ "youtube", "referral", "", SST_SITE_VIDEO, "Organic Video" },
	{ "x", "myVideos", "", SST_SITE_OTHER, "Organic Video" },

	{ "chatgpt", "referral", "", SST_SITE_AI, "AI Assistant" },
	{ "chatgpt", "", "", SST_SITE_AI, "AI Assistant" },
	{ "x", "ai-assistant", "(ai-assistant)", SST_SITE_OTHER,
		"AI Assistant" },
	{ "google", "ai-assistant", "", SST_SITE_SEARCH, "AI Assistant" },
	{ "chatgpt", "video", "", SST_SITE_AI, "Organic Video" },
	{ "chatgpt", "cpc", "", SST_SITE_AI, "Paid Other" },

	{ "google", "organic", "", SST_SITE_SEARCH, "Organic Search" },
	{ "google", "", "", SST_SITE_SEARCH, "Organic Search" },
	{ "x", "organic", "", SST_SITE_OTHER, "Organic Search" },

	{ "x", "email", "", SST_SITE_OTHER, "Email" },
	{ "x", "e-mail", "", SST_SITE_OTHER, "Email" },
	{ "x", "e_mail", "", SST_SITE_OTHER, "Email" },
	{ "E Mail", "x", "", SST_SITE_OTHER, "Email" },
	{ "email", "referral", "", SST_SITE_OTHER, "Email" },

	{ "x", "affiliate", "", SST_SITE_OTHER, "Affiliates" },
	{ "x", "affiliates", "", SST_SITE_OTHER, "Unassigned" },

	{ "x", "referral", "", SST_SITE_OTHER, "Referral" },
	{ "x", "app", "", SST_SITE_OTHER, "Referral" },
	{ "x", "link", "", SST_SITE_OTHER, "Referral" },

	{ "x", "audio", "", SST_SITE_OTHER, "Audio" },

	{ "sms", "x", "", SST_SITE_OTHER, "SMS" },
	{ "x", "SMS", "", SST_SITE_OTHER, "SMS" },

	{ "x", "web-push", "", SST_SITE_OTHER, "Mobile Push Notifications" },
	{ "x", "pushed", "", SST_SITE_OTHER, "Unassigned" },
	{ "x", "mobile app", "", SST_SITE_OTHER, "Mobile Push Notifications" },
	{ "x", "notifications", "", SST_SITE_OTHER,
		"Mobile Push Notifications" },
	{ "firebase", "x", "", SST_SITE_OTHER, "Mobile Push Notifications" },

	{ "x", "y", "z", SST_SITE_OTHER, "Unassigned" },
	{ "", "", "", SST_SITE_OTHER, "Unassigned" },
};

static void
every_row_has_its_channel_and_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sst_channel_facts facts = {
			sst_span_of(cases[i].source),
			sst_span_of(cases[i].medium),
			sst_span_of(cases[i].campaign), cases[i].site
		};

		struct sst_span got = sst_channel_name(sst_channel_of(&facts));

		if (!sst_span_is(got, cases[i].channel))
			fail_msg("%s / %s / %s is %s, expected %s",
				cases[i].source, cases[i].medium,
				cases[i].campaign, got.at, cases[i].channel);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_its_channel_and_its_place),
	};

	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
