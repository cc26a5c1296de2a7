/* SPDX-License-Identifier: ISC */
/*
 * value -- what a reference of an API file stands for, and its conversions.
 *
 * A value is a span in one of two spellings: as JSON writes it (copied from an
 * event untouched, a string without its quotes), or decoded text. Conversions
 * take decoded text and write what they make into a scratch buffer that does
 * not move while values in it are in use.
 */
#ifndef SST_PUSH_VALUE_H
#define SST_PUSH_VALUE_H

#include "base/buf.h"
#include "event/event.h"
#include "text/doc.h"

#include <stdbool.h>
#include <stdint.h>

struct sst_value {
	bool is_there;
	uint8_t kind;    /* enum sst_kind */
	bool is_escaped; /* a string in JSON spelling that has a backslash */
	bool is_event;   /* the event as it stands; text is not set */
	struct sst_span text;
	const struct sst_doc_node *node; /* of an answer; else NULL */
};

/* Conversions, in the order of the language's description. */
enum sst_conv {
	SST_CONV_S,
	SST_CONV_MS,
	SST_CONV_US,
	SST_CONV_NS,
	SST_CONV_ISO,
	SST_CONV_STR,
	SST_CONV_NUM,
	SST_CONV_INT,
	SST_CONV_SHIFT,
	SST_CONV_LOWER,
	SST_CONV_CHARS,
	SST_CONV_BYTES,
	SST_CONV_NAME,
	SST_CONV_HEX,
	SST_CONV_PAIR,
	SST_CONV_MAP,
	SST_CONV_JSON,
	SST_CONV_PCT,
	SST_CONV_TYPE,
	SST_CONV_LEN,
	SST_CONV_AFTER,
	SST_CONV_COUNT
};

enum sst_conv_arg {
	SST_ARG_NONE,
	SST_ARG_NUMBER,
	SST_ARG_NUMBER_OR_NONE,
	SST_ARG_TEXT,
	SST_ARG_MAP
};

struct sst_conv_row {
	const char *name;
	enum sst_conv_arg arg;
	int min, max; /* of a number */
};

const struct sst_conv_row *sst_conv_row(enum sst_conv conv);

/* SST_CONV_COUNT: there is none of that name. */
enum sst_conv sst_conv_of(struct sst_span name);

/* Decoded text of a value that is there; an object or array in JSON spelling.
 */
struct sst_span sst_value_text(
	struct sst_buf *scratch, const struct sst_value *value);

/*
 * Convert (all but SST_CONV_MAP). `number` and `text` are the argument. The
 * value becomes absent when it cannot be converted.
 */
void sst_value_convert(struct sst_buf *scratch, struct sst_value *value,
	enum sst_conv conv, int number, struct sst_span text);

/* A string of decoded text; a number as spelled. */
struct sst_value sst_value_string(struct sst_span text);
struct sst_value sst_value_number(struct sst_span text);

/* Append as JSON. The value is there and is_event is not set. */
void sst_value_put_json(struct sst_buf *to, const struct sst_value *value);

/* Append an answer's node as compact JSON, members in their order. */
void sst_doc_put_json(struct sst_buf *to, const struct sst_doc_node *node);

/* Numbers, also in strings: false when it is none. */
bool sst_value_double(struct sst_span text, double *out);

#endif
