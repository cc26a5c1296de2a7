/* SPDX-License-Identifier: ISC */
/*
 * layout -- what the lines of a log look like, compiled to a plan.
 *
 * Most layouts are a server's format string. Such a one knows where each field
 * of a line ends: at a byte, at a literal, at the quote that is not escaped,
 * after so many bytes. It is no regular expression, and a line is cut by it in
 * one pass (record.h). Which event key a field becomes, and how its value is
 * spelled there, is said by its cell; what it means is decided later
 * (event/from_record): here it is still text. Lines of another shape (JSON,
 * logfmt, columns) have the same cells, and a plan of their own in place of the
 * steps.
 *
 * Facts about nginx's variables: ngx_http_log_module.c, ngx_http_variables.c;
 * about Apache's directives: mod_log_config.xml, mod_logio.xml.
 */
#ifndef SST_RECORD_LAYOUT_H
#define SST_RECORD_LAYOUT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* How a field's text becomes a value. */
enum sst_conv {
	SST_CONV_TEXT,
	SST_CONV_CLIENT,    /* the visitor: address, host name, or a list */
	SST_CONV_ADDRESS,   /* another party's address */
	SST_CONV_WORD,      /* text without a space */
	SST_CONV_IDENT,     /* a word, but no address */
	SST_CONV_USER,      /* text; unquoted it does not end in " -" */
	SST_CONV_FORWARDED, /* X-Forwarded-For: does not end in a comma */
	SST_CONV_INT,
	SST_CONV_STATUS,   /* three digits; 000 is absent */
	SST_CONV_SECONDS,  /* a number, shifted by `shift` decimal places */
	SST_CONV_LAST_INT, /* nginx upstream list: the last number */
	SST_CONV_LAST_SECONDS,
	SST_CONV_SUM_SECONDS,
	SST_CONV_TIME_CLF, /* 24/Nov/2026:04:41:46 +0100 */
	SST_CONV_TIME_ISO,
	SST_CONV_TIME_EPOCH,  /* s, ms, us or ns, told apart by length */
	SST_CONV_TIME_FORMAT, /* strftime: `format` */
	SST_CONV_FRACTION,    /* digits behind the seconds of another cell */
	SST_CONV_REQUEST,     /* METHOD TARGET PROTOCOL */
	SST_CONV_TARGET,      /* path?query, or a URL */
	SST_CONV_QUERY,       /* with or without its question mark */
	SST_CONV_HOST,        /* name[:port], lower case */
	SST_CONV_HTTPS,       /* "on" or empty */
	SST_CONV_FLAG,        /* "1" is true, anything else absent */
	SST_CONV_UPPER,
	SST_CONV_ENDPOINT, /* a client; the port is behind the last colon */
	SST_CONV_NAME,     /* a host name with a dot, no address */
	SST_CONV_LIST,     /* nginx upstream list: no blank but behind , and
			      around : */
	SST_CONV_FRONTEND, /* HAProxy's; '~' at its end means TLS */
	/* Of the other shapes and the explicit dialect: conv.h. */
	SST_CONV_TIME_ANY, /* ISO, CLF or epoch, told by its look; else UTC */
	SST_CONV_DATE,     /* 2026-11-24, and the time of day in a column */
	SST_CONV_CLOCK,    /* 04:41:46[.123] of its own */
	SST_CONV_TIME_END, /* when it ended: duration is from `time` to here */
	SST_CONV_ELAPSED,  /* seconds, or a number with its unit: 12ms */
	SST_CONV_PROTOCOL, /* 1.1 is HTTP/1.1 */
	SST_CONV_TLS,      /* TLS version by number: 772 is TLSv1.3 */
	SST_CONV_HIT,      /* true is HIT, 0 is MISS */
	SST_CONV_MISS,     /* true is MISS */
	SST_CONV_PERCENT,  /* %XX undone, `shift` times */
	SST_CONV_ENCODED,  /* a URL whose percent signs were encoded: %25XX */
	SST_CONV_PLUS,     /* a space was written '+' */
	SST_CONV_LOWER,    /* text in lower case */
	SST_CONV_SLASH,    /* a path whose first slash may be missing */
	SST_CONV_IP        /* an address; its port is left out */
};

/* How control bytes and quotes are spelled inside values. */
enum sst_escape {
	SST_ESCAPE_DEFAULT, /* \xHH \" \\ \n ...: nginx's and Apache's */
	SST_ESCAPE_JSON,
	SST_ESCAPE_NONE,
	SST_ESCAPE_HAPROXY /* #HH */
};

struct sst_cell {
	struct sst_span key; /* of the event, or the log's own name */
	bool is_own;         /* the latter: must not pass for a contract key */
	bool is_quoted;      /* stands between quotes: "" is present */
	bool is_padded;      /* blanks may stand in front of it */
	bool is_part;        /* its seconds count to the duration */
	bool is_other_way;   /* of a key that an earlier cell has: stands in
				where that one is absent */
	uint8_t conv;        /* enum sst_conv */
	int8_t shift;        /* decimal places: 3 for milliseconds */
	struct sst_span format; /* of SST_CONV_TIME_FORMAT */
};

#define SST_CELLS_MAX 128

/* Where a field ends. */
enum sst_cut {
	SST_CUT_BYTE,   /* at the first `stop` */
	SST_CUT_TEXT,   /* where the whole literal behind it begins */
	SST_CUT_QUOTE,  /* at the first quote that is not escaped */
	SST_CUT_FIXED,  /* after `fixed` bytes */
	SST_CUT_PADDED, /* behind any blanks, as SST_CUT_BYTE */
	SST_CUT_OPEN,   /* at the end of the line, that comes before a quote:
			   the line was cut short inside of quotes */
	SST_CUT_REST    /* at the end of the line */
};

struct sst_step {
	uint8_t cut; /* enum sst_cut */
	char stop;   /* first byte of the literal */
	uint16_t fixed;
	struct sst_span literal; /* that follows; empty at the end */
};

/* What every line of a layout has: a cheap test before the real one. */
struct sst_gate {
	uint64_t first[4]; /* a bit for each byte that it may begin with */
	uint16_t quotes, brackets, blanks; /* at least */
	uint16_t length;                   /* the same */
	bool has_clf;                      /* a time as %t writes it */
};

/* What lines of a layout look like. */
enum sst_shape {
	SST_SHAPE_STRING,  /* a format string: steps */
	SST_SHAPE_JSON,    /* an object: members.h */
	SST_SHAPE_LOGFMT,  /* key=value: members.h */
	SST_SHAPE_COLUMNS, /* W3C extended, TSV, CSV: columns.h */
};

struct sst_members;
struct sst_columns;

struct sst_layout {
	struct sst_span source; /* the format string, for messages */
	struct sst_span head;   /* literal that a line begins with */
	enum sst_escape escape;
	/* The same format with fewer of its optional parts, or NULL. */
	struct sst_layout *next;
	/* Values that mean "none", beside "-". */
	const struct sst_span *absent;
	size_t absent_count;
	bool has_quirks; /* its values need another look: quirks.h */
	struct sst_gate gate;
	int order; /* among the layouts that may fit a line; lower is first */
	enum sst_shape shape;
	struct sst_members *members;       /* of JSON and logfmt */
	const struct sst_columns *columns; /* of columns */
	bool is_guessed;                   /* columns that no header names */
	size_t n;
	struct sst_cell cells[SST_CELLS_MAX];
	struct sst_step steps[SST_CELLS_MAX]; /* one per cell */
};

/* How a format string is to be read. */
struct sst_layout_asked {
	struct sst_span format;
	const char *dialect; /* NULL: told by its content (dialect.h) */
	enum sst_escape escape;
	const struct sst_span *absent; /* values that mean "none"; borrowed */
	size_t absent_count;
	int order;
};

/* Order of a layout that says nothing of it. */
#define SST_ORDER 50

/*
 * Compile a format string. A string with optional parts gives several layouts,
 * linked by `next`, the longest first. The layouts and their text live in
 * `arena`. SST_ECONFIG says what is wrong and where: an unknown directive, two
 * fields with nothing between them, no field at all, too many.
 */
enum sst_status sst_layout_compile(struct sst_layout **out,
	struct sst_arena *arena, const struct sst_layout_asked *asked,
	struct sst_err *err) SST_MUST_USE;

/* The same for a format string of a server, dialect told by its content. */
enum sst_status sst_layout_read(struct sst_layout **out,
	struct sst_arena *arena, struct sst_span format, enum sst_escape escape,
	struct sst_err *err) SST_MUST_USE;

/* A byte of the log's own name, as a key of an event has it. */
static inline char
sst_own_byte(char c)
{
	c = sst_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
}

/* "Foo-Bar" as "prefix_foo_bar": lower case, other bytes than [a-z0-9_]
 * become '_'. at is NULL when there is no memory. */
struct sst_span sst_own_name(
	struct sst_arena *arena, const char *prefix, struct sst_span name);

/* The cell of a request header. */
bool sst_header_cell(
	struct sst_arena *arena, struct sst_span name, struct sst_cell *out);

#endif
