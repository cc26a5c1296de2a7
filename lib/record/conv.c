/* SPDX-License-Identifier: ISC */
#include "record/conv.h"

static const struct sst_conv_row rows[] = {
	{ "text", SST_CONV_TEXT, 0, "as it stands" },
	{ "word", SST_CONV_WORD, 0, "text without a space" },
	{ "client", SST_CONV_CLIENT, 0,
		"the visitor: an address with or without port, a host name, or "
		"a list" },
	{ "address", SST_CONV_ADDRESS, 0,
		"another party's address, with or without port" },
	{ "ip", SST_CONV_IP, 0, "an address; its port is left out" },
	{ "ident", SST_CONV_IDENT, 0, "a word, but no address" },
	{ "user", SST_CONV_USER, 0, "a user's name, spaces allowed" },
	{ "forwarded", SST_CONV_FORWARDED, 0, "a list as X-Forwarded-For" },
	{ "int", SST_CONV_INT, 0, "a whole number" },
	{ "status", SST_CONV_STATUS, 0, "three digits; 0 and 000 are absent" },
	{ "seconds", SST_CONV_SECONDS, 0, "a number of seconds" },
	{ "ms", SST_CONV_SECONDS, 3, "a number of milliseconds" },
	{ "us", SST_CONV_SECONDS, 6, "a number of microseconds" },
	{ "ns", SST_CONV_SECONDS, 9, "a number of nanoseconds" },
	{ "elapsed", SST_CONV_ELAPSED, 0,
		"a number with its unit (12ms, 1.5s), else of seconds" },
	{ "elapsed_ms", SST_CONV_ELAPSED, 3,
		"the same, but a whole number is milliseconds" },
	{ "last_int", SST_CONV_LAST_INT, 0, "the last of a list of numbers" },
	{ "last_seconds", SST_CONV_LAST_SECONDS, 0,
		"the last of a list of seconds" },
	{ "sum_seconds", SST_CONV_SUM_SECONDS, 0,
		"the sum of a list of seconds" },
	{ "clf", SST_CONV_TIME_CLF, 0, "24/Nov/2026:04:41:46 +0100" },
	{ "iso", SST_CONV_TIME_ISO, 0, "2026-11-24T04:41:46.123+01:00" },
	{ "epoch", SST_CONV_TIME_EPOCH, 0,
		"since 1970: s, ms, us or ns by the number of digits" },
	{ "epoch_ms", SST_CONV_TIME_EPOCH, 3, "milliseconds since 1970" },
	{ "epoch_us", SST_CONV_TIME_EPOCH, 6, "microseconds since 1970" },
	{ "epoch_ns", SST_CONV_TIME_EPOCH, 9, "nanoseconds since 1970" },
	{ "stamp", SST_CONV_TIME_ANY, 0,
		"clf, iso or epoch, told by its look; UTC without a zone" },
	{ "date", SST_CONV_DATE, 0, "2026-11-24, beside a clock" },
	{ "clock", SST_CONV_CLOCK, 0, "04:41:46[.123] UTC, beside a date" },
	{ "end", SST_CONV_TIME_END, 0,
		"a stamp: the duration is from `time' to it" },
	{ "request", SST_CONV_REQUEST, 0, "a request line" },
	{ "target", SST_CONV_TARGET, 0, "path?query, or a URL" },
	{ "query", SST_CONV_QUERY, 0, "with or without its question mark" },
	{ "host", SST_CONV_HOST, 0, "name[:port]" },
	{ "https", SST_CONV_HTTPS, 0, "'on' is https" },
	{ "flag", SST_CONV_FLAG, 0, "1 is true" },
	{ "upper", SST_CONV_UPPER, 0, "text in upper case" },
	{ "lower", SST_CONV_LOWER, 0, "text in lower case" },
	{ "slash", SST_CONV_SLASH, 0,
		"a path whose first slash may be missing" },
	{ "hit", SST_CONV_HIT, 0, "true or 1 is HIT, 0 is MISS" },
	{ "miss", SST_CONV_MISS, 0, "true or 1 is MISS" },
	{ "protocol", SST_CONV_PROTOCOL, 0, "1.1 is HTTP/1.1" },
	{ "tls", SST_CONV_TLS, 0, "a TLS version by number: 772 is TLSv1.3" },
	{ "percent", SST_CONV_PERCENT, 1, "text with %XX undone" },
	{ "percent2", SST_CONV_PERCENT, 2,
		"text with %XX undone, twice where spaces need it" },
	{ "encoded", SST_CONV_ENCODED, 0,
		"a URL whose percent signs were written %25" },
	{ "plus", SST_CONV_PLUS, 0, "text with '+' for spaces" },
	{ "endpoint", SST_CONV_ENDPOINT, 0,
		"the visitor's address and port: behind the last colon" },
	{ "name", SST_CONV_NAME, 0, "a host name with a dot, no address" },
	{ "list", SST_CONV_LIST, 0,
		"values parted by ', ' or ' : ', as nginx writes upstreams" },
	{ "frontend", SST_CONV_FRONTEND, 0,
		"HAProxy's: '~' at its end is scheme https" },
};

/* What a key of the event is read as when nothing is said. */
static const struct {
	const char *key, *word;
} natural[] = {
	{ "time", "stamp" },
	{ "client_ip", "client" },
	{ "client_port", "int" },
	{ "peer_ip", "address" },
	{ "forwarded_for", "forwarded" },
	{ "host", "host" },
	{ "server_port", "int" },
	{ "server_ip", "address" },
	{ "ident", "ident" },
	{ "user", "user" },
	{ "method", "word" },
	{ "query", "query" },
	{ "protocol", "protocol" },
	{ "request", "request" },
	{ "status", "status" },
	{ "bytes", "int" },
	{ "bytes_sent", "int" },
	{ "bytes_received", "int" },
	{ "duration", "elapsed" },
	{ "ttfb", "elapsed" },
	{ "upstream_status", "last_int" },
	{ "upstream_duration", "elapsed" },
	{ "cache", "upper" },
	{ "dnt", "flag" },
	{ "gpc", "flag" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const struct sst_conv_row *
sst_conv_rows(size_t *n)
{
	*n = COUNT(rows);
	return rows;
}

bool
sst_conv_read(struct sst_span word, struct sst_cell *cell)
{
	if (word.len > 0 && word.at[0] == '%') {
		cell->conv = SST_CONV_TIME_FORMAT;
		cell->shift = 0;
		cell->format = word;
		return true;
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		if (sst_span_is(word, rows[i].name)) {
			cell->conv = (uint8_t)rows[i].conv;
			cell->shift = rows[i].shift;
			return true;
		}
	return false;
}

static void
read_natural(struct sst_cell *cell)
{
	cell->conv = SST_CONV_TEXT;
	for (size_t i = 0; i < COUNT(natural); i++)
		if (sst_span_is(cell->key, natural[i].key))
			(void)sst_conv_read(sst_span_of(natural[i].word), cell);
}

static bool
is_key(struct sst_span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!((key.at[i] >= 'a' && key.at[i] <= 'z') ||
			    (key.at[i] >= '0' && key.at[i] <= '9') ||
			    key.at[i] == '_'))
			return false;
	return key.len > 0;
}

enum sst_status
sst_conv_cell(struct sst_cell *out, struct sst_arena *arena,
	struct sst_span mapping, struct sst_err *err)
{
	size_t colon = sst_span_find(mapping, ':');
	struct sst_span word;

	*out = (struct sst_cell){ .conv = SST_CONV_TEXT };
	out->key = sst_arena_copy(arena, sst_span_head(mapping, colon));
	if (out->key.at == NULL)
		return sst_fail_memory(err, "a key");
	if (!is_key(out->key))
		return sst_fail(err, SST_ECONFIG,
			"'%s' is no key: lower case, digits and '_'",
			out->key.at);
	if (colon == mapping.len) {
		read_natural(out);
		return SST_OK;
	}
	word = sst_arena_copy(arena, sst_span_from(mapping, colon + 1));
	if (word.at == NULL)
		return sst_fail_memory(err, "a key");
	if (!sst_conv_read(word, out))
		return sst_fail(err, SST_ECONFIG,
			"unknown conversion '%s' of '%s'", word.at,
			out->key.at);
	return SST_OK;
}
