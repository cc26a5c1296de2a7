# SPDX-License-Identifier: ISC
# sst-push against stores and servers of its own.
PUSH_TAPS = %D%/apis.tap %D%/push-apis.tap %D%/push-http.tap %D%/push-stores.tap
TESTS += $(PUSH_TAPS)
EXTRA_DIST += $(PUSH_TAPS) %D%/push-http %D%/push-apis \
	%D%/push_fake.py
