# SPDX-License-Identifier: ISC
E2E = %D%/sample.tap %D%/demo.tap
TESTS += $(E2E)
EXTRA_DIST += $(E2E)
