/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "os/process.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>

static bool
hide(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

#else

static bool
hide(void)
{
	return true;
}

#endif

bool
sst_process_no_core(void)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none) == 0 && hide();
}
