# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/bind.c \
	%D%/catalog.c %D%/catalog.h \
	%D%/convert.c %D%/convert.h \
	%D%/event.c %D%/event.h \
	%D%/field.c %D%/field.h \
	%D%/build_request.c %D%/build_time.c %D%/build_value.c \
	%D%/build_who.c %D%/builder.h \
	%D%/from_record.c %D%/from_record.h \
	%D%/ident.c %D%/ident.h \
	%D%/origin.c %D%/origin.h \
	%D%/quirks.c %D%/quirks.h \
	%D%/show.c %D%/show.h \
	%D%/recognize.c %D%/recognize.h %D%/recognize_parts.h \
	%D%/recognize_header.c %D%/recognize_line.c \
	%D%/values.c %D%/values.h \
	%D%/where.c %D%/where.h \
	%D%/where_parse.c %D%/where_parts.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_ident tests/unit/test_recognize
TESTS += tests/unit/test_ident tests/unit/test_recognize
tests_unit_test_ident_SOURCES = tests/unit/test_ident.c
tests_unit_test_ident_LDADD = $(UNIT_LIBS)
tests_unit_test_recognize_SOURCES = tests/unit/test_recognize.c
tests_unit_test_recognize_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_convert
TESTS += tests/unit/test_convert
tests_unit_test_convert_SOURCES = tests/unit/test_convert.c
tests_unit_test_convert_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_where
TESTS += tests/unit/test_where
tests_unit_test_where_SOURCES = tests/unit/test_where.c
tests_unit_test_where_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_origin
TESTS += tests/unit/test_origin
tests_unit_test_origin_SOURCES = tests/unit/test_origin.c
tests_unit_test_origin_LDADD = $(UNIT_LIBS)
endif
