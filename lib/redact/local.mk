# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/decode.c %D%/decode.h \
	%D%/detect.c %D%/detect.h \
	%D%/detect_address.c \
	%D%/detect_email.c \
	%D%/detect_number.c \
	%D%/detect_secret.c \
	%D%/detect_token.c \
	%D%/find.c %D%/find.h \
	%D%/valid.c %D%/valid.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_find
TESTS += tests/unit/test_find
tests_unit_test_find_SOURCES = tests/unit/test_find.c
tests_unit_test_find_LDADD = $(UNIT_LIBS)
endif
