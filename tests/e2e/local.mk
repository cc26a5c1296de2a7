# SPDX-License-Identifier: ISC
E2E_TAPS = %D%/bootstrap.tap %D%/demo.tap %D%/determinism.tap %D%/follow.tap %D%/jobs.tap \
	%D%/pipe-term.tap %D%/sample.tap %D%/since.tap
TESTS += $(E2E_TAPS)
EXTRA_DIST += $(E2E_TAPS) %D%/follow %D%/jobs %D%/pipe-term %D%/since
check_PROGRAMS += tests/bench/bench_gen
