/* SPDX-License-Identifier: ISC */
/*
 * audit -- what --check and --report say.
 */
#ifndef SST_REDACT_AUDIT_H
#define SST_REDACT_AUDIT_H

#include "base/buf.h"
#include "redact/policy.h"
#include "redact/tally.h"

/*
 * Search any bytes for what the policy's scan would find, and count it under
 * the field "text". Addresses that are masked as the policy masks them, and
 * what sst-redact wrote, are no findings. Of any length: long texts are
 * searched in windows that overlap.
 */
void sst_audit_text(struct sst_finder *finder, const struct sst_policy *policy,
	struct sst_tally *tally, struct sst_span text, uint64_t line);

/* What a report says beside the tally. */
struct sst_audit_facts {
	uint64_t events;
	const struct sst_policy *policy;
	/* of --report only */
	struct sst_span version;
	struct sst_span key;        /* the secret's fingerprint, or empty */
	struct sst_span name_space; /* or empty */
	int64_t first_us, last_us;  /* times of events; first > last: none */
	uint64_t out, dropped, rejected, anonymous;
};

/* Append a line for each finding, and the summary line. */
void sst_audit_put_findings(struct sst_buf *to, const struct sst_tally *tally,
	const struct sst_audit_facts *facts);

/* Append the report: one JSON object, and a newline. */
void sst_audit_put_report(struct sst_buf *to, const struct sst_tally *tally,
	const struct sst_audit_facts *facts);

#endif
