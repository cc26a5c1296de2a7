/* SPDX-License-Identifier: ISC */
/*
 * conv -- the words by which people say what a field is: KEY[:CONV].
 *
 * Format files (members, columns) and the explicit format string name for each
 * field the key of the event that it becomes, and how its text is read:
 * "duration:ms", "time:epoch_ms", "client_ip". Without CONV a key is read the
 * way that suits it (`client_ip` as a client, `status` as a status), any other
 * as text. A CONV that begins with '%' is a strftime format.
 */
#ifndef SST_RECORD_CONV_H
#define SST_RECORD_CONV_H

#include "record/layout.h"

/* One word, for messages and the man page. */
struct sst_conv_row {
	const char *name;
	enum sst_conv conv;
	int8_t shift;
	const char *help;
};

const struct sst_conv_row *sst_conv_rows(size_t *n);

/* Set conv, shift and format of the cell; its key stays. False: there is no
 * such word. A format is a span of `word`. */
bool sst_conv_read(struct sst_span word, struct sst_cell *cell);

/*
 * Read "KEY[:CONV]" into a cell: key and format live in `arena`. SST_ECONFIG
 * names the mistake: an empty key, one with other bytes than [a-z0-9_], an
 * unknown CONV.
 */
enum sst_status sst_conv_cell(struct sst_cell *out, struct sst_arena *arena,
	struct sst_span mapping, struct sst_err *err) SST_MUST_USE;

#endif
