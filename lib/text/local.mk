# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/cookie.c %D%/cookie.h \
	%D%/doc.c %D%/doc.h \
	%D%/doc_ask.c \
	%D%/doc_parts.h %D%/doc_read.c \
	%D%/ip.c %D%/ip.h \
	%D%/line.c %D%/line.h \
	%D%/match.c %D%/match.h \
	%D%/net.c %D%/net.h \
	%D%/scan.c %D%/scan.h \
	%D%/slice.c %D%/slice.h \
	%D%/spell.c \
	%D%/stamp.c %D%/stamp.h \
	%D%/stamp_format.c %D%/stamp_parts.h \
	%D%/url.c %D%/url.h \
	%D%/utf8.c %D%/utf8.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_line
TESTS += tests/unit/test_line
tests_unit_test_line_SOURCES = tests/unit/test_line.c
tests_unit_test_line_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_slice
TESTS += tests/unit/test_slice
tests_unit_test_slice_SOURCES = tests/unit/test_slice.c
tests_unit_test_slice_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_ip
TESTS += tests/unit/test_ip
tests_unit_test_ip_SOURCES = tests/unit/test_ip.c
tests_unit_test_ip_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stamp
TESTS += tests/unit/test_stamp
tests_unit_test_stamp_SOURCES = tests/unit/test_stamp.c
tests_unit_test_stamp_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_utf8
TESTS += tests/unit/test_utf8
tests_unit_test_utf8_SOURCES = tests/unit/test_utf8.c
tests_unit_test_utf8_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_url
TESTS += tests/unit/test_url
tests_unit_test_url_SOURCES = tests/unit/test_url.c
tests_unit_test_url_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_match
TESTS += tests/unit/test_match
tests_unit_test_match_SOURCES = tests/unit/test_match.c
tests_unit_test_match_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_doc
TESTS += tests/unit/test_doc
tests_unit_test_doc_SOURCES = tests/unit/test_doc.c
tests_unit_test_doc_LDADD = $(UNIT_LIBS)
endif
