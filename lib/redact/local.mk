# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/action.c %D%/action.h \
	%D%/agent.c %D%/agent.h \
	%D%/audit.c %D%/audit.h \
	%D%/consent.c %D%/consent.h \
	%D%/cryptopan.c %D%/cryptopan.h \
	%D%/decode.c %D%/decode.h \
	%D%/detect.c %D%/detect.h \
	%D%/detect_address.c \
	%D%/detect_email.c \
	%D%/detect_number.c \
	%D%/detect_national.c \
	%D%/detect_secret.c \
	%D%/detect_token.c \
	%D%/domain.c %D%/domain.h \
	%D%/find.c %D%/find.h \
	%D%/known_agent.c %D%/known_agent.h \
	%D%/look.c %D%/look.h \
	%D%/memo.c %D%/memo.h \
	%D%/national.c %D%/national.h \
	%D%/nested.c \
	%D%/pair.c \
	%D%/plan.c \
	%D%/policy.c %D%/policy.h \
	%D%/policy_file.c \
	%D%/pseudonym.c %D%/pseudonym.h \
	%D%/redact.c %D%/redact.h \
	%D%/redactor.c \
	%D%/tally.c %D%/tally.h \
	%D%/template.c %D%/template.h \
	%D%/valid.c %D%/valid.h \
	%D%/value.c %D%/value.h \
	%D%/work.h

if HAVE_CMOCKA
REDACT_LIBS = $(UNIT_LIBS) $(PSL_LIBS) $(CRYPTO_LIBS)

check_PROGRAMS += tests/unit/test_find \
	tests/unit/test_known_agent tests/unit/test_look \
	tests/unit/test_memo \
	tests/unit/test_policy tests/unit/test_redact tests/unit/test_value
TESTS += tests/unit/test_find \
	tests/unit/test_known_agent tests/unit/test_look \
	tests/unit/test_memo \
	tests/unit/test_policy tests/unit/test_redact tests/unit/test_value
tests_unit_test_find_SOURCES = tests/unit/test_find.c
tests_unit_test_find_LDADD = $(UNIT_LIBS)
tests_unit_test_known_agent_SOURCES = tests/unit/test_known_agent.c
tests_unit_test_known_agent_LDADD = $(UNIT_LIBS)
tests_unit_test_memo_SOURCES = tests/unit/test_memo.c
tests_unit_test_memo_LDADD = $(UNIT_LIBS)
tests_unit_test_look_SOURCES = tests/unit/test_look.c
tests_unit_test_look_LDADD = $(UNIT_LIBS)
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c
tests_unit_test_policy_LDADD = $(UNIT_LIBS)
tests_unit_test_redact_SOURCES = tests/unit/test_redact.c
tests_unit_test_redact_LDADD = $(REDACT_LIBS)
tests_unit_test_value_SOURCES = tests/unit/test_value.c
tests_unit_test_value_LDADD = $(REDACT_LIBS)
endif
