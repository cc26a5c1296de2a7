# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/apache.c \
	%D%/caddy.c \
	%D%/columns.c %D%/columns.h \
	%D%/conv.c %D%/conv.h \
	%D%/dialect.c %D%/dialect.h \
	%D%/envoy.c \
	%D%/escape.c %D%/escape.h \
	%D%/fields.c \
	%D%/format.c %D%/format.h \
	%D%/frame.c %D%/frame.h \
	%D%/frame_json.c \
	%D%/gate.c %D%/gate.h \
	%D%/gunicorn.c \
	%D%/haproxy.c \
	%D%/format_layout.c %D%/format_parts.h \
	%D%/json.c \
	%D%/layout.c %D%/layout.h \
	%D%/logfmt.c \
	%D%/members.c %D%/members.h \
	%D%/members_parts.h %D%/members_take.c \
	%D%/nginx.c \
	%D%/pieces.c %D%/pieces.h \
	%D%/cut.h %D%/fit.c %D%/search.c \
	%D%/record.c %D%/record.h \
	%D%/repair.c \
	%D%/shape.c %D%/shape.h \
	%D%/w3c.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_dialect tests/unit/test_formats \
	tests/unit/test_frame
TESTS += tests/unit/test_dialect tests/unit/test_formats tests/unit/test_frame
tests_unit_test_dialect_SOURCES = tests/unit/test_dialect.c
tests_unit_test_dialect_LDADD = $(UNIT_LIBS)
tests_unit_test_formats_SOURCES = tests/unit/test_formats.c
tests_unit_test_formats_LDADD = $(UNIT_LIBS)
tests_unit_test_frame_SOURCES = tests/unit/test_frame.c
tests_unit_test_frame_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_members tests/unit/test_w3c
TESTS += tests/unit/test_members tests/unit/test_w3c
tests_unit_test_members_SOURCES = tests/unit/test_members.c tests/unit/shape_kit.h
tests_unit_test_members_LDADD = $(UNIT_LIBS)
tests_unit_test_w3c_SOURCES = tests/unit/test_w3c.c tests/unit/shape_kit.h
tests_unit_test_w3c_LDADD = $(UNIT_LIBS)
endif
