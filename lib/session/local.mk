# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES += \
	%D%/body.c \
	%D%/bytes.h \
	%D%/clock.c %D%/clock.h \
	%D%/hit.c %D%/hit.h \
	%D%/inside.h \
	%D%/learn.c \
	%D%/place.c %D%/place.h \
	%D%/rotate.c %D%/rotate.h \
	%D%/rules.c %D%/rules.h \
	%D%/session.c %D%/session.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/summary.c %D%/summary.h \
	%D%/table.c %D%/table.h \
	%D%/ties.c %D%/ties.h \
	%D%/touch.c \
	%D%/visit.c %D%/visit.h \
	%D%/visitor.c %D%/visitor.h

EXTRA_DIST += tests/unit/session_kit.h

if HAVE_CMOCKA
SESSION_TESTS = tests/unit/test_table tests/unit/test_visit_rules \
	tests/unit/test_visits tests/unit/test_visit_model \
	tests/unit/test_visitor tests/unit/test_snapshot \
	tests/unit/test_first_touch
check_PROGRAMS += $(SESSION_TESTS)
TESTS += $(SESSION_TESTS)
tests_unit_test_table_SOURCES = tests/unit/test_table.c
tests_unit_test_table_LDADD = $(UNIT_LIBS)
tests_unit_test_visit_rules_SOURCES = tests/unit/test_visit_rules.c
tests_unit_test_visit_rules_LDADD = $(UNIT_LIBS)
tests_unit_test_visits_SOURCES = tests/unit/test_visits.c
tests_unit_test_visits_LDADD = $(UNIT_LIBS)
tests_unit_test_visit_model_SOURCES = tests/unit/test_visit_model.c
tests_unit_test_visit_model_LDADD = $(UNIT_LIBS)
tests_unit_test_visitor_SOURCES = tests/unit/test_visitor.c
tests_unit_test_visitor_LDADD = $(UNIT_LIBS)
tests_unit_test_snapshot_SOURCES = tests/unit/test_snapshot.c
tests_unit_test_snapshot_LDADD = $(UNIT_LIBS)
tests_unit_test_first_touch_SOURCES = tests/unit/test_first_touch.c
tests_unit_test_first_touch_LDADD = $(UNIT_LIBS)
endif
