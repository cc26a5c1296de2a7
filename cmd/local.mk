# SPDX-License-Identifier: ISC
# One program per tool; only sst-push links the network and SQLite.
