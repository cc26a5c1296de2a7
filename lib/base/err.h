/* SPDX-License-Identifier: ISC */
/*
 * err -- how trouble travels.
 *
 * A function that can fail returns an enum sst_status. Three kinds of trouble
 * have three ways:
 *
 *   a line    SST_REJECT or SST_DROP, and an enum sst_reason through an out
 *             parameter: the tool counts it and goes on;
 *   the world one of the SST_E* statuses, with a text that a person can act on
 *             in a struct sst_err: the tool reports it once and stops;
 *   us        assert().
 *
 * The exit status of a process follows from its last enum sst_status by one
 * table in cli/tool.c.
 */
#ifndef SST_BASE_ERR_H
#define SST_BASE_ERR_H

#include <stddef.h>

#if defined(__GNUC__)
#define SST_MUST_USE __attribute__((warn_unused_result))
#define SST_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SST_ALWAYS_INLINE __attribute__((always_inline))
#define SST_NOINLINE __attribute__((noinline))
#define SST_LIKELY(x) __builtin_expect(!!(x), 1)
#define SST_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define SST_MUST_USE
#define SST_ALWAYS_INLINE
#define SST_NOINLINE
#define SST_PRINTF(fmt, args)
#define SST_LIKELY(x) (x)
#define SST_UNLIKELY(x) (x)
#endif

enum sst_status {
	SST_OK,
	SST_AGAIN,  /* nothing now, nothing lost: fill, poll or call again */
	SST_END,    /* the regular end of input, or of what was asked for */
	SST_HELD,   /* a line: kept back by the tool, settled later */
	SST_DROP,   /* a line: left out on purpose, see the reason */
	SST_REJECT, /* a line: cannot be used, see the reason */
	SST_EIO,    /* file or network: trying again may help */
	SST_ENOMEM, /* the machine has no more memory to give */
	SST_EUSAGE, /* the command line is wrong */
	SST_ECONFIG /* a file or stored state that a person must look at */
};

/* Why a line became no event: the name in --stats and --rejects, and a
 * sentence for people. Rejects come first, drops after them. */
#define SST_REASONS(X) \
	X(NONE, "none", "no reason") \
	X(TOO_LONG, "too_long", "longer than --max-line") \
	X(NO_FORMAT, "no_format", "fits no layout of the format") \
	X(AMBIGUOUS, "ambiguous", "fits the format in more than one way") \
	X(BAD_TIME, "bad_time", "no such date or time") \
	X(BAD_JSON, "bad_json", "not valid JSON") \
	X(NOT_OBJECT, "not_object", "JSON, but not an object") \
	X(TOO_DEEP, "too_deep", "nested more than 32 levels deep") \
	X(TOO_MANY_KEYS, "too_many_keys", "more than 512 keys") \
	X(DUPLICATE_KEY, "duplicate_key", "the same key twice") \
	X(BAD_UTF8, "bad_utf8", "bytes that are not UTF-8") \
	X(BAD_BARRIER, "bad_barrier", \
		"has '_barrier', but is no control line") \
	X(BAD_VALUE, "bad_value", "a known key has a value of the wrong type") \
	X(NO_TIME, "no_time", "the event has no 'time'") \
	X(NO_ID, "no_id", "the event has no 'id'") \
	X(REFUSED, "refused", "the destination refused it for good") \
	X(TOO_BIG, "too_big", "larger than the destination takes") \
	X(DIRECTIVE, "directive", "a line that describes the log") \
	X(BLANK, "blank", "an empty line") \
	X(NOT_ASKED, "not_asked", "left out by an option") \
	X(RULE, "rule", "dropped by a rule") \
	X(POLICY, "policy", "dropped by the policy") \
	X(NOT_FOR_THIS_API, "not_for_this_api", "the API does not take it") \
	X(TOO_OLD, "too_old", "older than allowed") \
	X(LOST, "lost", "given up at a signal or after the last attempt")

enum sst_reason {
#define X(tag, name, text) SST_WHY_##tag,
	SST_REASONS(X)
#undef X
	SST_WHY_COUNT
};

/* The first reason that means "dropped", not "rejected". */
#define SST_WHY_FIRST_DROP SST_WHY_DIRECTIVE

const char *sst_reason_name(enum sst_reason why);
const char *sst_reason_text(enum sst_reason why);

/* Room for one message; longer ones are cut at the end. */
#define SST_ERR_MAX ((size_t)512)

struct sst_err {
	enum sst_status status;
	char text[SST_ERR_MAX]; /* "" until something failed */
};

/*
 * Write the message and return `status`, so that a failing function can say
 * `return sst_fail(err, SST_EIO, ...)`. A message names first what failed, has
 * no capital and no full stop, and quotes names with ''. err may be NULL.
 */
enum sst_status sst_fail(struct sst_err *err, enum sst_status status,
	const char *format, ...) SST_PRINTF(3, 4);

/* Put "prefix: " before the message there is; returns its status. */
enum sst_status sst_fail_in(struct sst_err *err, const char *format, ...)
	SST_PRINTF(2, 3);

/* No memory for `what`. */
enum sst_status sst_fail_memory(struct sst_err *err, const char *what);

#endif
