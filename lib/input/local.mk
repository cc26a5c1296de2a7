# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/chain.c %D%/chain.h \
	%D%/codec.c %D%/codec.h \
	%D%/follow.c %D%/follow.h \
	%D%/follow_file.c %D%/follow_kin.c \
	%D%/follow_logs.c %D%/follow_look.c \
	%D%/follow_parts.h \
	%D%/inflate.c %D%/inflate.h \
	%D%/source.c %D%/source.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_inflate tests/unit/test_source
TESTS += tests/unit/test_inflate tests/unit/test_source
tests_unit_test_inflate_SOURCES = tests/unit/test_inflate.c \
	tests/unit/pack.c tests/unit/pack.h
tests_unit_test_inflate_LDADD = $(UNIT_LIBS)
tests_unit_test_source_SOURCES = tests/unit/test_source.c \
	tests/unit/pack.c tests/unit/pack.h \
	tests/unit/place.c tests/unit/place.h
tests_unit_test_source_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_follow
TESTS += tests/unit/test_follow
tests_unit_test_follow_SOURCES = tests/unit/test_follow.c \
	tests/unit/pack.c tests/unit/pack.h \
	tests/unit/place.c tests/unit/place.h
tests_unit_test_follow_LDADD = $(UNIT_LIBS)
endif
