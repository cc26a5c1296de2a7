/* SPDX-License-Identifier: ISC */
/*
 * find -- where in a text there is something personal.
 *
 * Three steps, each cheaper than the next is needed for: a look (redact/look)
 * says which detectors could find anything at all, for nearly all paths and
 * campaign names none; decoding (redact/decode) gives the text as
 * many times as it is encoded, at most SST_FIND_DEPTH; detectors with
 * validators (redact/detect, redact/valid) run over each of these.
 *
 * What is found are ranges of the text as it was spelled, in order, not
 * overlapping. A text that is encoded more deeply, that is longer than
 * SST_FIND_MAX, or that has more than SST_FIND_RANGES findings is one finding
 * from end to end: what cannot be searched is not passed as clean.
 */
#ifndef SST_REDACT_FIND_H
#define SST_REDACT_FIND_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define SST_FIND_DEPTH 3
#define SST_FIND_MAX ((size_t)64 * 1024)
#define SST_FIND_RANGES 64

/* tag, the name in policies, findings and placeholders, what it is. */
#define SST_FOUND_KINDS(X) \
	X(EMAIL, "email", "email address") \
	X(IP, "ip", "IPv4 or IPv6 address in any spelling") \
	X(CARD, "card", "payment card number") \
	X(IBAN, "iban", "bank account number") \
	X(PHONE, "phone", "telephone number") \
	X(SSN, "ssn", "US social security or taxpayer number") \
	X(NATIONAL, "national", "a state's number for a person") \
	X(DEVICE, "device", "vehicle or telephone, by its maker's number") \
	X(JWT, "jwt", "JSON web token") \
	X(KEY, "key", "key or password of a known kind or under such a name") \
	X(TOKEN, "token", "something random, such as a session id") \
	X(MAC, "mac", "hardware address") \
	X(UUID, "uuid", "UUID that sst-redact did not make") \
	X(ENCODED, "encoded", "text encoded too deeply to be searched")

enum sst_found_kind {
#define X(tag, name, help) SST_FOUND_##tag,
	SST_FOUND_KINDS(X)
#undef X
	SST_FOUND_COUNT
};

#define SST_FOUND_ALL ((1U << SST_FOUND_COUNT) - 1)

const char *sst_found_name(enum sst_found_kind kind);

/* What stands where something was: "redacted-email". Letters and '-' only, so
 * that it needs no escape in a URL or in JSON, and is never found again. */
struct sst_span sst_found_placeholder(enum sst_found_kind kind);

struct sst_found {
	uint32_t start, end;
	enum sst_found_kind kind;
};

struct sst_finder;

/* kinds: a bit for each enum sst_found_kind; ENCODED is always looked for. */
enum sst_status sst_finder_open(struct sst_finder **out, uint32_t kinds,
	struct sst_err *err) SST_MUST_USE;
void sst_finder_close(struct sst_finder *finder);

/* Could there be anything? False is certain. One pass over a text with SST_PAD
 * readable bytes behind it; of a short plain one a few nanoseconds. */
bool sst_find_is_possible(struct sst_span text);

/*
 * Search `text`; `key` is the name under which it stands, which can make it a
 * password or a telephone number, or empty. Returns how many ranges there
 * are; they are at *found until the next call.
 */
size_t sst_find(struct sst_finder *finder, struct sst_span text,
	struct sst_span key, const struct sst_found **found);

/* Append the text with each finding replaced by its placeholder. */
void sst_find_put_replaced(struct sst_buf *to, struct sst_span text,
	const struct sst_found *found, size_t n);

/* Does this name promise a secret ("token", "api_key", "password" ...)? */
bool sst_is_secret_name(struct sst_span name);

/* Is it a value that sst-redact wrote: "h1_" and 32 hex digits, a re-keyed
 * id, a placeholder? */
bool sst_is_redacted_value(struct sst_span text);

#endif
