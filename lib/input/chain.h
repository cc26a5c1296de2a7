/* SPDX-License-Identifier: ISC */
/*
 * chain -- which files are one log that was rotated.
 */
#ifndef SST_INPUT_CHAIN_H
#define SST_INPUT_CHAIN_H

#include "base/span.h"

/*
 * The name of the log that a file is a part of: without an ending of a
 * compressor (.gz .zst .xz .bz2), without the number or date that a rotation
 * adds (".1", "-20261123"). "access.log.2.gz" is of "access.log". A part of
 * the input.
 */
struct sst_span sst_chain_of(struct sst_span path);

#endif
