# SPDX-License-Identifier: ISC
# Only sst-push refers to this room, so only it links libcurl and SQLite.
lib_libsst_a_SOURCES += \
	%D%/api.c %D%/api.h %D%/api_in.h \
	%D%/api_answer.c %D%/api_auth.c %D%/api_compile.c %D%/api_describe.c %D%/api_item.c \
	%D%/api_setting.c %D%/api_test.c \
	%D%/auth.c %D%/auth.h \
	%D%/batch.c %D%/batch.h \
	%D%/builtin.c %D%/builtin.h \
	%D%/code.h \
	%D%/columns.c %D%/columns.h \
	%D%/compile.c %D%/compile.h \
	%D%/compile_add.c %D%/compile_cond.c %D%/compile_in.h \
	%D%/compile_ref.c %D%/emit.c %D%/template.c \
	%D%/dead.c %D%/dead.h \
	%D%/gzip.c %D%/gzip.h \
	%D%/header.c %D%/header.h \
	%D%/http.c %D%/http.h \
	%D%/machine.c %D%/machine.h %D%/machine_in.h \
	%D%/machine_test.c %D%/machine_value.c \
	%D%/pass.c %D%/pass.h \
	%D%/personal.c %D%/personal.h \
	%D%/retry.c %D%/retry.h \
	%D%/setting.c %D%/sink.h \
	%D%/sink_file.c %D%/sink_file.h \
	%D%/sink_http.c %D%/sink_http.h \
	%D%/sink_http_answer.c %D%/sink_http_in.h %D%/sink_http_place.c \
	%D%/sink_http_queue.c \
	%D%/sink_sqlite.c %D%/sink_sqlite.h \
	%D%/value.c %D%/value.h

if HAVE_CMOCKA
PUSH_TESTS = tests/unit/test_answer tests/unit/test_columns \
	tests/unit/test_pass tests/unit/test_personal tests/unit/test_retry \
	tests/unit/test_push_value
check_PROGRAMS += $(PUSH_TESTS)
TESTS += $(PUSH_TESTS)
tests_unit_test_answer_SOURCES = tests/unit/test_answer.c
tests_unit_test_answer_LDADD = $(UNIT_LIBS) $(CURL_LIBS)
tests_unit_test_columns_SOURCES = tests/unit/test_columns.c
tests_unit_test_columns_LDADD = $(UNIT_LIBS)
tests_unit_test_pass_SOURCES = tests/unit/test_pass.c
tests_unit_test_pass_LDADD = $(UNIT_LIBS)
tests_unit_test_personal_SOURCES = tests/unit/test_personal.c
tests_unit_test_personal_LDADD = $(UNIT_LIBS)
tests_unit_test_retry_SOURCES = tests/unit/test_retry.c
tests_unit_test_retry_LDADD = $(UNIT_LIBS)
tests_unit_test_push_value_SOURCES = tests/unit/test_push_value.c
tests_unit_test_push_value_LDADD = $(UNIT_LIBS)
endif
