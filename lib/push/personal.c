/* SPDX-License-Identifier: ISC */
#include "push/personal.h"

#include "text/ip.h"

static const struct sst_span cookies = SST_SPAN("cookie_");

static bool
is_allowed(const struct sst_personal_allowed *allowed, struct sst_span key)
{
	for (size_t i = 0; i < allowed->n; i++) {
		struct sst_span name = sst_span_of(allowed->names[i]);

		if (sst_span_eq(name, key))
			return true;
		if (name.len > 0 && name.at[name.len - 1] == '*' &&
			sst_span_starts(key, sst_span_head(name, name.len - 1)))
			return true;
	}
	return false;
}

static bool
is_masked(struct sst_span text)
{
	struct sst_ip ip;

	/* A hash, or whatever else stands there, is no address. */
	if (!sst_ip_read(text, &ip))
		return true;
	ip = sst_ip_unmapped(&ip);
	if (ip.len == 4)
		return ip.at[3] == 0;
	for (size_t i = 6; i < 16; i++)
		if (ip.at[i] != 0)
			return false;
	return true;
}

static bool
is_personal(struct sst_event *event, const struct sst_pair *pair,
	struct sst_span key)
{
	switch ((enum sst_field)pair->tag) {
	case SST_F_USER:
	case SST_F_COOKIE:
	case SST_F_FORWARDED_FOR:
		return true;
	case SST_F_CLIENT_IP:
		return !is_masked(sst_event_pair_text(event, pair));
	case SST_F_OTHER:
		return sst_span_starts(key, cookies);
	default:
		return false;
	}
}

struct sst_span
sst_personal_find(
	struct sst_event *event, const struct sst_personal_allowed *allowed)
{
	for (size_t i = 0; i < event->n; i++) {
		const struct sst_pair *pair = &event->pairs[i];
		struct sst_span key;

		if (pair->kind == SST_KIND_NULL ||
			(pair->flags & SST_PAIR_DROPPED))
			continue;
		key = sst_event_key(event, pair);
		if (is_personal(event, pair, key) && !is_allowed(allowed, key))
			return key;
	}
	return sst_span(NULL, 0);
}

bool
sst_personal_is_name(const char *name)
{
	struct sst_span text = sst_span_of(name);

	return sst_span_is(text, "user") || sst_span_is(text, "client_ip") ||
	       sst_span_is(text, "forwarded_for") ||
	       sst_span_is(text, "cookie") || sst_span_is(text, "cookie*") ||
	       sst_span_starts(text, cookies);
}
