# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/file.c %D%/file.h \
	%D%/key.c %D%/key.h \
	%D%/temp.c %D%/temp.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_file tests/unit/test_key
TESTS += tests/unit/test_file tests/unit/test_key
tests_unit_test_file_SOURCES = tests/unit/test_file.c \
	tests/unit/place.c tests/unit/place.h
tests_unit_test_file_LDADD = $(UNIT_LIBS)
tests_unit_test_key_SOURCES = tests/unit/test_key.c \
	tests/unit/place.c tests/unit/place.h
tests_unit_test_key_LDADD = $(UNIT_LIBS)
endif
