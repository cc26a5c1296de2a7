# SPDX-License-Identifier: ISC
# Unit tests are listed in the local.mk of the room that they test.
UNIT_LIBS = $(BASE_LIBS) $(CMOCKA_LIBS)

# A .tap file is a shell script that prints a result a line; each counts.
TEST_EXTENSIONS = .tap
TAP_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
TAP_LOG_COMPILER = $(SHELL)

TAPS = %D%/cli/selftest.tap %D%/cli/sst-parse.tap %D%/cli/sst-session.tap \
	%D%/cli/sst-redact.tap %D%/cli/sst-push.tap %D%/lint/selftest.tap %D%/lint/tree.tap
TESTS += $(TAPS)

EXTRA_DIST += %D%/README $(TAPS) %D%/cli/run %D%/cli/functions \
	%D%/lint/files %D%/lint/strip.awk %D%/lint/arrows %D%/lint/banned \
	%D%/lint/spdx %D%/lint/format %D%/lint/text %D%/lint/man \
	%D%/lint/options %D%/lint/directives %D%/lint/dist %D%/cli/latency \
	%D%/cli/all %D%/cli/filters %D%/cli/writers %D%/cli/sst-parse \
	%D%/cli/sst-session %D%/cli/sst-redact %D%/cli/sst-push

include %D%/bench/local.mk
include %D%/data/local.mk
include %D%/e2e/local.mk
include %D%/e2e/push.mk
include %D%/fuzz/local.mk
