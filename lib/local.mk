# SPDX-License-Identifier: ISC
# One static library; each room's local.mk adds its files and its tests.

noinst_LIBRARIES += lib/libsst.a
lib_libsst_a_SOURCES =
EXTRA_DIST += %D%/README

include %D%/base/local.mk
include %D%/os/local.mk
include %D%/text/local.mk
include %D%/input/local.mk
include %D%/state/local.mk
include %D%/record/local.mk
include %D%/event/local.mk
include %D%/json/local.mk
include %D%/enrich/local.mk
include %D%/session/local.mk
include %D%/redact/local.mk
include %D%/push/local.mk
include %D%/cli/local.mk
