/* SPDX-License-Identifier: ISC */
/* What events tell about their visit, for its summary and for the rules. */
#include "session/inside.h"

#include <stdlib.h>
#include <string.h>

#define MILLISECOND_US 1000

/* Words that refuse, as cookies and headers have them. */
static bool
is_refusal(struct sst_span consent)
{
	static const char *const words[] = { "0", "no", "n", "false", "none",
		"denied", "deny", "refused", "rejected", "reject", "declined",
		"opt-out", "optout", "opted-out" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sst_span_eq_nocase(consent, sst_span_of(words[i])))
			return true;
	return false;
}

/*
 * What becomes of the consent kept so far. Two signals that differ, neither of
 * which refuses in plain words, leave nothing that could be relied on: no
 * signal counts as no consent.
 */
static struct sst_span
weigh_consent(
	struct sst_visit *visit, struct sst_span kept, struct sst_span consent)
{
	bool was_mixed = visit->flags & SST_VISIT_CONSENT_MIXED;

	if ((kept.at != NULL) == (consent.at != NULL) &&
		sst_span_eq(kept, consent))
		return kept;
	visit->flags |= SST_VISIT_CONSENT_MIXED;
	if (is_refusal(kept))
		return kept;
	if (is_refusal(consent))
		return consent;
	return was_mixed ? kept : sst_span(NULL, 0);
}

/* Does the event's path become the entry? That is the first page's, or while
 * there is none the first event's, by their times. */
static bool
moves_entry(const struct sst_visit *visit, const struct sst_hit *hit)
{
	bool is_page = hit->flags & SST_HIT_PAGE;
	bool had_page = visit->flags & SST_VISIT_HAS_PAGE;

	if (visit->flags & SST_VISIT_ENTRY_IS_GIVEN)
		return false;
	if (hit->time_us < visit->start_us)
		return is_page || !had_page;
	return is_page && !had_page;
}

/* The exit is the last page's path, or while there is none the last event's. */
static bool
moves_exit(const struct sst_visit *visit, const struct sst_hit *hit)
{
	return hit->time_us >= visit->last_us &&
	       (hit->flags & SST_HIT_PAGE ||
		       !(visit->flags & SST_VISIT_HAS_PAGE));
}

/* Update the strings; most events change the exit path alone, in place. */
static bool
learn_strings(struct sst_sessions *s, struct sst_visit *visit,
	const struct sst_hit *hit)
{
	struct sst_span path = hit->texts.at[SST_TEXT_ENTRY];
	struct sst_span kept = visit->has_consent
				       ? sst_texts_consent(visit->texts)
				       : sst_span(NULL, 0);
	struct sst_span consent =
		weigh_consent(visit, kept, hit->texts.at[SST_TEXT_CONSENT]);
	bool is_entry = moves_entry(visit, hit);
	bool is_exit = moves_exit(visit, hit);
	bool is_first = hit->time_us < visit->start_us &&
			!(visit->flags & SST_VISIT_ENTRY_IS_GIVEN);
	struct sst_text_set set;

	if (SST_LIKELY(!is_entry && !is_first && consent.at == kept.at) &&
		(!is_exit ||
			sst_texts_set_exit(visit->texts, visit->exit, path)))
		return true;
	sst_texts_get(visit->texts, &set);
	set.at[SST_TEXT_CONSENT] = consent;
	if (is_entry)
		set.at[SST_TEXT_ENTRY] = path;
	if (is_exit)
		set.at[SST_TEXT_EXIT] = path;
	if (is_first)
		memcpy(&set.at[SST_TEXT_REFERRER],
			&hit->texts.at[SST_TEXT_REFERRER],
			(SST_TEXT_LAST_SOURCE - SST_TEXT_REFERRER + 1) *
				sizeof(set.at[0]));
	return sst_sessions_set_texts(s, visit, &set);
}

/* Put the event's time into the ring of the latest ones. */
static bool
note_burst(struct sst_sessions *s, struct sst_visit *visit, int64_t time_us)
{
	uint32_t n = s->config.rules.burst_events, *at;
	int64_t since = (time_us - visit->opened_us) / MILLISECOND_US;

	if (n == 0)
		return true;
	if (visit->burst == NULL)
		visit->burst = calloc(n, sizeof(*visit->burst));
	if (visit->burst == NULL)
		return false;
	at = &visit->burst[visit->events % n];
	*at = since < UINT32_MAX ? (uint32_t)(since < 0 ? 0 : since)
				 : UINT32_MAX;
	return true;
}

int64_t
sst_visit_burst_us(const struct sst_sessions *s, const struct sst_visit *visit)
{
	uint32_t n = s->config.rules.burst_events;

	if (visit->burst == NULL || visit->events < n)
		return 0;
	return visit->opened_us +
	       (int64_t)visit->burst[visit->events % n] * MILLISECOND_US;
}

bool
sst_visit_learn(struct sst_sessions *s, struct sst_visit *visit,
	const struct sst_hit *hit)
{
	/* A visit begins with the strings of its first event. */
	if (!note_burst(s, visit, hit->time_us) ||
		(visit->events != 0 && !learn_strings(s, visit, hit)))
		return false;
	if (hit->flags & SST_HIT_PAGE)
		visit->flags |= SST_VISIT_HAS_PAGE;
	if (hit->flags & SST_HIT_DNT)
		visit->flags |= SST_VISIT_DNT;
	if (hit->flags & SST_HIT_GPC)
		visit->flags |= SST_VISIT_GPC;
	return true;
}
