/* SPDX-License-Identifier: ISC */
#include "redact/consent.h"

bool
sst_consent_is_denied(const struct sst_policy *policy, struct sst_event *event)
{
	return (policy->honours_gpc && sst_event_is_true(event, SST_F_GPC)) ||
	       (policy->honours_dnt && sst_event_is_true(event, SST_F_DNT));
}

/* A list of what stays, so that a new field is left out until somebody thinks
 * about it. The id is of the event, not of a person: it is what lets a
 * destination take the event once. */
bool
sst_consent_keeps(enum sst_field field)
{
	switch (field) {
	case SST_F_ID:
	case SST_F_TIME:
	case SST_F_END_TIME:
	case SST_F_EVENT:
	case SST_F_HOST:
	case SST_F_SERVER_NAME:
	case SST_F_SERVER_PORT:
	case SST_F_METHOD:
	case SST_F_SCHEME:
	case SST_F_PATH:
	case SST_F_ENTRY_PATH:
	case SST_F_EXIT_PATH:
	case SST_F_PROTOCOL:
	case SST_F_STATUS:
	case SST_F_BYTES:
	case SST_F_CACHE:
	case SST_F_TLS_VERSION:
	case SST_F_DNT:
	case SST_F_GPC:
	case SST_F_CONSENT:
	case SST_F_COUNTRY:
	case SST_F_DEVICE:
	case SST_F_BOT:
	case SST_F_CHANNEL:
	case SST_F_WEIGHT:
	case SST_F_INVALID_UTF8:
	case SST_F_EVENTS:
	case SST_F_PAGE_VIEWS:
	case SST_F_BOUNCE:
	case SST_F_ENGAGED:
	case SST_F_CONVERSIONS:
	case SST_F_END_REASON:
	case SST_F_REDACTED:
		return true;
	default:
		return false;
	}
}

bool
sst_consent_is_time(enum sst_field field)
{
	return field == SST_F_TIME || field == SST_F_END_TIME;
}
