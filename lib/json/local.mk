# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/format_test.c %D%/format_test.h \
	%D%/read.c %D%/read.h \
	%D%/sample.c %D%/sample.h \
	%D%/write.c %D%/write.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_event
TESTS += tests/unit/test_event
tests_unit_test_event_SOURCES = tests/unit/test_event.c
tests_unit_test_event_LDADD = $(UNIT_LIBS)
endif
