/* SPDX-License-Identifier: ISC */
/*
 * decode -- undo one level of encoding, and know where each byte came from.
 *
 * Personal data in a log is rarely spelled plainly: percent-encoded once or
 * twice, as %u0040, as an escape of the log or of JSON, as an HTML entity, in
 * quoted-printable, in full-width letters, with a zero-width space inside. A
 * step undoes all of these at once, once. Nothing that a step gives is ever
 * written out: it is searched, and what is found is cut out of the text as it
 * was spelled, by the map from every decoded byte to its source. So a text in
 * which nothing is found stays as it is, byte for byte.
 */
#ifndef SST_REDACT_DECODE_H
#define SST_REDACT_DECODE_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

struct sst_level {
	struct sst_buf text;
	uint32_t *from;  /* text.len + 1 places in the source; the last is the
			    source's length */
	size_t from_cap; /* elements */
};

/* text may grow to max bytes, less than 4 GiB. */
void sst_level_init(struct sst_level *level, size_t max);
void sst_level_release(struct sst_level *level);

/*
 * Decode `in` into `out`, which never gets longer. `from` maps a place in `in`
 * (in.len included) to one in the source; NULL: `in` is the source. Returns
 * whether anything was undone. When memory runs out, out->text.is_short.
 */
bool sst_decode_step(
	struct sst_level *out, struct sst_span in, const uint32_t *from);

/* Is the '=' at `at` one of quoted-printable? */
bool sst_is_quoted(struct sst_span in, size_t at);

#endif
