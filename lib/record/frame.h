/* SPDX-License-Identifier: ISC */
/*
 * frame -- what stands in front of a line, or around it.
 *
 * Log lines travel: syslog puts a header before them, a container runtime a
 * time stamp, Docker and journald wrap them in JSON, terminals colour them. A
 * frame is taken off by its shape alone; whether what was inside is a log line
 * is for the layouts to say. Which frames a line can have at all is told by
 * its first byte, so that lines without a frame cost nothing.
 *
 *   ansi     ESC [ ... m anywhere, if the line begins with one
 *   syslog   RFC 5424, RFC 3164, with and without PRI; ISO time in place of
 *            3164's; an octet count in front
 *   cri      TIME stdout|stderr F LINE
 *   json     {"log":"LINE\n",...}, journald's {"MESSAGE":"LINE",...}, and
 *            shippers' "message" and "textPayload"
 *   stamp    TIME LINE
 *   compose  SERVICE | LINE
 *   blanks   in front of the line; NUL bytes are what a copied and truncated
 *            file begins with
 *
 * Of what a frame says only its time is used, and only for lines that have
 * none. RFC 3164 has no year and no zone: the newest year that is not in the
 * future, and UTC.
 *
 * Sources: RFC 3164, 5424, 6587; the Kubernetes CRI log format; Docker's
 * json-file driver; systemd.journal-fields(7).
 */
#ifndef SST_RECORD_FRAME_H
#define SST_RECORD_FRAME_H

#include "base/buf.h"
#include "text/scan.h"
#include "text/stamp.h"

/* A frame in a frame in a frame: a coloured line in syslog in Docker's log. */
#define SST_FRAME_DEPTH 3

/* Members of a JSON frame: journald has some 40. */
#define SST_FRAME_PAIRS ((size_t)256)

enum sst_frame_kind {
	SST_FRAME_ANSI,
	SST_FRAME_SYSLOG,
	SST_FRAME_CRI,
	SST_FRAME_JSON,
	SST_FRAME_STAMP,
	SST_FRAME_COMPOSE,
	SST_FRAME_BLANKS,
	SST_FRAME_KINDS
};

/* Room for lines that must be copied, one at each depth. */
struct sst_frames {
	int64_t now_us; /* for years; 0: not known, then 3164 has no time */
	struct sst_buf text[SST_FRAME_DEPTH];
	struct sst_pair pairs[SST_FRAME_PAIRS + 1];
};

struct sst_frame {
	struct sst_span inside; /* of the line, or of text[depth]; padding
				   behind; good until the next line */
	bool is_sure;           /* hardly anything else looks so */
	bool has_time;
	struct sst_stamp time;
};

void sst_frames_init(struct sst_frames *frames, int64_t now_us);
void sst_frames_release(struct sst_frames *frames);

/* May a line that begins with this byte be in such a frame? */
bool sst_frame_may(enum sst_frame_kind kind, char first);

/* Take the frame off. False: the line is in no such frame. */
bool sst_frame_take(struct sst_frames *frames, enum sst_frame_kind kind,
	unsigned depth, struct sst_span line, struct sst_frame *out);

/* ---- for the files of this module ---- */

bool sst_frame_take_json(struct sst_frames *frames, unsigned depth,
	struct sst_span line, struct sst_frame *out);

#endif
