/* SPDX-License-Identifier: ISC */
/*
 * loop -- the inner half of the frame; private to cli/.
 */
#ifndef SST_CLI_LOOP_H
#define SST_CLI_LOOP_H

#include "cli/tool.h"

/* Read all inputs of the frame, then end the tool and flush. */
enum sst_status sst_loop(struct sst_run *run, struct sst_err *err) SST_MUST_USE;

/* Print --stats to stderr; `now`: because SIGUSR1 asked. */
void sst_run_report(struct sst_run *run, bool now);

#endif
