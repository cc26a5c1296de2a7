# SPDX-License-Identifier: ISC
# Unit tests are listed in the local.mk of the room that they test.
UNIT_LIBS = $(BASE_LIBS) $(CMOCKA_LIBS)
