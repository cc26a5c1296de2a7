/* SPDX-License-Identifier: ISC */
#include "redact/audit.h"

#include "base/digest.h"
#include "redact/find.h"
#include "text/ip.h"
#include "text/scan.h"
#include "text/stamp.h"
#include "text/utf8.h"

#include <inttypes.h>

/* Longer than anything that is found, but a key in armour. */
#define OVERLAP ((size_t)512)

/* ---- searching ---- */

/* An address that lost its last bits already: "192.0.2.0". Version numbers of
 * reduced agents ("120.0.0.0") are of that shape, too. */
static bool
is_masked(const struct sst_policy *policy, struct sst_span text)
{
	struct sst_ip ip, masked;

	if (!sst_ip_read(text, &ip))
		return false;
	masked = ip;
	sst_ip_mask(
		&masked, ip.len == 4 ? policy->mask_ipv4 : policy->mask_ipv6);
	return sst_ip_eq(&ip, &masked);
}

void
sst_audit_text(struct sst_finder *finder, const struct sst_policy *policy,
	struct sst_tally *tally, struct sst_span text, uint64_t line)
{
	static const struct sst_span field = SST_SPAN("text"),
				     none = SST_SPAN("");
	const struct sst_found *found;
	size_t at = 0, behind = 0;

	do {
		size_t left = text.len - at;
		struct sst_span window = sst_span(text.at + at,
			left > SST_FIND_MAX ? SST_FIND_MAX : left);
		size_t n = sst_find_is_possible(window)
				   ? sst_find(finder, window, none, &found)
				   : 0;

		for (size_t i = 0; i < n; i++) {
			struct sst_span value =
				sst_span(window.at + found[i].start,
					found[i].end - found[i].start);

			/* In the overlap it was seen by the last window. */
			if (at + found[i].end <= behind ||
				is_masked(policy, value))
				continue;
			sst_tally_add(tally, field, found[i].kind, line, value);
			behind = at + found[i].end;
		}
		at += window.len == left ? left : window.len - OVERLAP;
	} while (at < text.len);
}

/* ---- writing ---- */

static void
put_policy_hash(struct sst_buf *to, const struct sst_policy *policy)
{
	struct sst_buf text;

	sst_buf_init(&text, (size_t)1 << 20);
	sst_policy_put(&text, policy);
	SST_BUF_PUT(to, "\"policy_sha256\":\"");
	sst_sha256_put(to, sst_buf_span(&text));
	SST_BUF_PUT(to, "\"");
	sst_buf_release(&text);
}

void
sst_audit_put_findings(struct sst_buf *to, const struct sst_tally *tally,
	const struct sst_audit_facts *facts)
{
	if (sst_tally_total(tally) > 0) {
		sst_tally_put(to, tally, "\n");
		sst_buf_byte(to, '\n');
	}
	sst_buf_printf(
		to, "{\"events\":%" PRIu64 ",\"fields\":[", facts->events);
	sst_tally_put_fields(to, tally, false);
	SST_BUF_PUT(to, "],\"unclassified\":[");
	sst_tally_put_fields(to, tally, true);
	SST_BUF_PUT(to, "],");
	put_policy_hash(to, facts->policy);
	sst_buf_printf(
		to, ",\"findings\":%" PRIu64 "}\n", sst_tally_total(tally));
}

static void
put_text(struct sst_buf *to, const char *name, struct sst_span text)
{
	struct sst_buf clean;

	sst_buf_init(&clean, 65536);
	(void)sst_utf8_put_repaired(&clean, text);
	sst_buf_printf(to, "\"%s\":\"", name);
	sst_json_put_escaped(to, sst_buf_span(&clean));
	SST_BUF_PUT(to, "\",");
	sst_buf_release(&clean);
}

static void
put_time(struct sst_buf *to, const char *name, int64_t us)
{
	sst_buf_printf(to, "\"%s\":\"", name);
	sst_stamp_put(to, sst_stamp_of_us(us));
	SST_BUF_PUT(to, "\",");
}

void
sst_audit_put_report(struct sst_buf *to, const struct sst_tally *tally,
	const struct sst_audit_facts *facts)
{
	SST_BUF_PUT(to, "{\"tool\":\"sst-redact\",");
	put_text(to, "version", facts->version);
	put_text(to, "policy", facts->policy->name);
	put_policy_hash(to, facts->policy);
	sst_buf_byte(to, ',');
	put_text(to, "key", facts->key);
	put_text(to, "namespace", facts->name_space);
	if (facts->first_us <= facts->last_us) {
		put_time(to, "first_time", facts->first_us);
		put_time(to, "last_time", facts->last_us);
	}
	sst_buf_printf(to,
		"\"events\":%" PRIu64 ",\"out\":%" PRIu64
		",\"dropped\":%" PRIu64 ",\"rejected\":%" PRIu64
		",\"anonymous\":%" PRIu64 ",\"unclassified\":[",
		facts->events, facts->out, facts->dropped, facts->rejected,
		facts->anonymous);
	sst_tally_put_fields(to, tally, true);
	SST_BUF_PUT(to, "],\"done\":[");
	sst_tally_put(to, tally, ",");
	SST_BUF_PUT(to, "]}\n");
}
