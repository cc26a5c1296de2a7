/* SPDX-License-Identifier: ISC */
/*
 * process -- what a process may leave behind.
 */
#ifndef SST_OS_PROCESS_H
#define SST_OS_PROCESS_H

#include <stdbool.h>

/*
 * No core file, and on Linux no other process of the user that attaches or
 * reads the memory: for tools that hold keys and unredacted events. False:
 * the system refused, errno says why. A leak checker attaches too, and cannot
 * after this.
 */
bool sst_process_no_core(void);

#endif
